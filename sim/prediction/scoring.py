"""Scores of forecasts against later facts: Brier and log scores of events, CRPS of numbers; the lower the better.

A table of facts is a CSV file with the columns ``id`` and ``value``: the id of a question of the forecasts, and what
came to be, in its unit; 1 or 0 for an event that came or did not. Further columns (a source, a note) are left alone,
and questions without a fact are not scored.
"""

import io
import re
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pandas as pd

from sim.prediction.forecasting import LEVELS, QUANTILES
from sim.prediction.move_forecasts import FLOOR
from sim.prediction.references import PERSISTENCE
from sim.registers.text_files import LARGEST_TABLE, UnreadableError, read_text, table_rows
from sim.scenario.errors import MOST, list_problems, suggest
from sim.storage.study_errors import DataError

_MADE = "forecasts are made with `sim forecast`"
_FACTS = "facts are a CSV file with the columns id and value"
SCORES = {"Brier": "event", "log": "event", "CRPS": "number"}


class FactsError(DataError):
    """A table of facts or forecasts that cannot be used; the message says where and how to mend it."""


def read_forecasts(path: Path) -> pd.DataFrame:
    """Return a table of forecasts as :func:`sim.prediction.forecasting.forecast_tables` makes it.

    Raises
    ------
    FactsError
        Naming the line, where a forecast cannot be used.
    """
    text, rows = _read(path, f"{_MADE}, and --forecasts names their table", comments=True)
    try:
        frame = pd.read_csv(io.StringIO(text))
    except (pd.errors.ParserError, pd.errors.EmptyDataError) as error:
        raise FactsError(f"{path}: {str(error).strip().lower()}; {_MADE}") from None
    for column in ("id", "forecaster", "kind", "probability", *QUANTILES):
        if column not in frame:
            raise FactsError(f"{path}: no column {column!r}; {_MADE}")
    if frame.empty:
        raise FactsError(f"{path}: there are no forecasts; {_MADE}")
    numbers = frame[["probability", *QUANTILES]].apply(pd.to_numeric, errors="coerce")
    event, number = frame["kind"] == "event", frame["kind"] == "number"
    spread = numbers[list(QUANTILES)].to_numpy(np.float64)
    unlike = frame[["id", "kind"]].drop_duplicates().duplicated("id", keep=False).reindex(frame.index, fill_value=False)
    for why, wrong in {
        "a forecast needs an id and a forecaster": frame[["id", "forecaster"]].isna().any(axis=1),
        "the kind is event or number": ~(event | number),
        "its question has another kind in another line": unlike,
        "its forecaster answers this question twice": frame.duplicated(["id", "forecaster"]),
        "the probability of an event is a number from 0 to 1": event & ~numbers["probability"].between(0.0, 1.0),
        f"a number has all quantiles {QUANTILES[0]} to {QUANTILES[-1]}": number & ~np.isfinite(spread).all(axis=1),
        "quantiles cross: each is at least the one before it": number & (np.diff(spread) < 0.0).any(axis=1),
    }.items():
        if wrong.any():
            line, _ = rows[1 + int(np.flatnonzero(wrong)[0])]
            raise FactsError(f"{path}:{line}: {why}. Mend the line; {_MADE}")
    return frame.assign(**numbers)


def read_facts(path: Path, forecasts: pd.DataFrame) -> "pd.Series[float]":
    """Return facts by id.

    Raises
    ------
    FactsError
        Naming the lines, where facts cannot be used.
    """
    kinds = dict(zip(forecasts["id"], forecasts["kind"], strict=True))
    facts: dict[str, float] = {}
    (head, header), *rows = _read(path, _FACTS)[1] or [(1, [])]
    if not {"id", "value"} <= set(header):
        raise FactsError(f"{path}:{head}: the columns id and value are wanted; write id,value in the first line")
    wrong: list[str] = []
    for line, cells in rows:
        row = dict(zip(header, cells, strict=False))  # a row may be short, or have a comma too many
        name, value = row.get("id", "").strip(), row.get("value", "")
        if why := _no_fact(name, value, kinds, facts, suggesting=len(wrong) < MOST):
            wrong.append(f"{path}:{line}: {why}")
        else:
            facts[name] = float(value)
    if wrong:
        raise FactsError(list_problems(wrong))
    if not facts:
        raise FactsError(f"{path}: there are no facts; write a line such as growth/2024,3.0")
    return pd.Series(facts, dtype=float)


def score_forecasts(forecasts: pd.DataFrame, facts: "pd.Series[float]") -> pd.DataFrame:
    """Return the scores of every forecast for which there is a fact.

    Returns
    -------
    frame
        A row a forecast: ``id``, ``forecaster``, ``kind``, ``fact``, and ``Brier``, ``log``, ``CRPS`` where they apply.
    """
    import scoringrules

    table = forecasts[forecasts["id"].isin(facts.index)].reset_index(drop=True)
    table["fact"] = table["id"].map(facts).to_numpy(np.float64)
    event = table["kind"] == "event"
    chance = table.loc[event, "probability"].clip(FLOOR, 1.0 - FLOOR).to_numpy(np.float64)
    came = table.loc[event, "fact"].to_numpy(np.float64)
    table.loc[event, "Brier"] = scoringrules.brier_score(came, chance)
    table.loc[event, "log"] = -np.log(np.where(came == 1.0, chance, 1.0 - chance))
    spread = table.loc[~event, list(QUANTILES)].to_numpy(np.float64)
    figures = table.loc[~event, "fact"].to_numpy(np.float64)
    table.loc[~event, "CRPS"] = scoringrules.crps_quantile(figures, spread, np.array(LEVELS), backend="numpy")
    return table[["id", "forecaster", "kind", "fact", "probability", *QUANTILES, *SCORES]]


def summary(table: pd.DataFrame) -> pd.DataFrame:
    """Return mean scores: a row a question's kind, score and forecaster.

    Returns
    -------
    frame
        ``about`` (the part of the id before the stroke), ``score``, ``forecaster``, ``questions``, ``mean``, and
        ``skill``: by what share better than persistence (1 is perfect, below 0 is worse).
    """
    parts = []
    for score, kind in SCORES.items():
        some = table[table["kind"] == kind].assign(about=lambda frame: frame["id"].str.split("/").str[0], score=score)
        means = some.groupby(["about", "score", "forecaster"], sort=False)[score].agg(["count", "mean"]).reset_index()
        parts.append(means.rename(columns={"count": "questions"}))
    by_group = pd.concat(parts, ignore_index=True)
    plain = by_group.loc[by_group["forecaster"] == PERSISTENCE, ["about", "score", "mean"]]
    against = by_group.merge(plain, on=["about", "score"], how="left", suffixes=("", " of persistence"))
    plainly = against["mean of persistence"]
    return by_group.assign(skill=1.0 - by_group["mean"] / plainly.where(plainly > 0.0))


def reliability(table: pd.DataFrame) -> pd.DataFrame:
    """Return how often facts fell below each quantile: for each forecaster a row a level, which should be the share."""
    numbers = table[table["kind"] == "number"]
    rows = [
        {"forecaster": name, "level": level, "share": float((some["fact"] <= some[quantile]).mean())}
        for name, some in numbers.groupby("forecaster", sort=False)
        for level, quantile in zip(LEVELS, QUANTILES, strict=True)
    ]
    return pd.DataFrame(rows, columns=["forecaster", "level", "share"])


def _read(path: Path, fix: str, comments: bool = False) -> tuple[str, list[tuple[int, list[str]]]]:
    """Return the text of a table, and its rows with their lines; where it may have comments, empty lines for them."""
    try:
        text = read_text(path, LARGEST_TABLE)
        if comments:
            text = re.sub(r"^#.*", "", text, flags=re.MULTILINE)
        return text, list(table_rows(text))
    except FileNotFoundError:
        raise FactsError(f"{path}: there is no such file; {fix}") from None
    except UnreadableError as error:
        where = path if error.line is None else f"{path}:{error.line}"
        raise FactsError(f"{where}: {error}") from None


def _no_fact(name: str, value: str, kinds: Mapping[str, str], known: Mapping[str, float], suggesting: bool) -> str:
    """Return why a row is no fact, and how to mend it; nothing where it is one."""
    if name not in kinds:
        return f"no question {name!r}{suggest(name, kinds) if suggesting else ''}"
    if name in known:
        return f"{name} has a fact already; delete one of them"
    try:
        number = float(value)
    except ValueError:
        number = float("nan")
    if not np.isfinite(number):
        return f"{value!r} is no number; write what came to be, such as 3.1"
    if kinds[name] == "event" and number not in (0.0, 1.0):
        return f"{name} is an event; write 1 if it came and 0 if it did not, not {value}"
    return ""
