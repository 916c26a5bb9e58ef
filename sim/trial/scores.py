"""Scores of forecasts against later facts: Brier and log scores of events, CRPS of numbers; the lower the better.

A table of facts is a CSV file with the columns ``id`` and ``value``: the id of a question of the forecasts, and what
came to be, in its unit; 1 or 0 for an event that came or did not. Further columns (a source, a note) are left alone,
and questions without a fact are not scored.
"""

import csv
import io
from pathlib import Path

import numpy as np
import pandas as pd

from sim.scenario.errors import suggest
from sim.storage.errors import DataError
from sim.trial.forecasts import LEVELS, QUANTILES
from sim.trial.move_forecasts import FLOOR
from sim.trial.references import PERSISTENCE

_MADE = "forecasts are made with `sim forecast`"
SCORES = {"Brier": "event", "log": "event", "CRPS": "number"}


class FactsError(DataError):
    """A table of facts or forecasts that cannot be used; the message says where and how to mend it."""


def read_forecasts(path: Path) -> pd.DataFrame:
    """Return a table of forecasts as :func:`sim.trial.forecasts.forecast_tables` makes it.

    Raises
    ------
    FactsError
        Naming the line, where a forecast cannot be used.
    """
    text = _text(path)
    try:
        frame = pd.read_csv(io.StringIO(text), comment="#")
    except (pd.errors.ParserError, pd.errors.EmptyDataError) as error:
        raise FactsError(f"{path}: {str(error).strip().lower()}; {_MADE}") from None
    missing = [column for column in ("id", "forecaster", "kind", "probability", *QUANTILES) if column not in frame]
    if missing:
        raise FactsError(f"{path}: no column {missing[0]!r}; {_MADE}")
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
            line = _lines(text)[1 + int(np.flatnonzero(wrong)[0])]
            raise FactsError(f"{path}:{line}: {why}. Mend the line; {_MADE}")
    return frame.assign(**numbers)


def read_facts(path: Path, forecasts: pd.DataFrame) -> "pd.Series[float]":
    """Return facts by id.

    Raises
    ------
    FactsError
        Naming the line, where a fact cannot be used.
    """
    kinds = dict(zip(forecasts["id"], forecasts["kind"], strict=True))
    facts: dict[str, float] = {}
    rows = csv.DictReader(io.StringIO(_text(path), newline=""))
    try:
        if not {"id", "value"} <= set(rows.fieldnames or ()):
            raise FactsError(f"{path}:1: the columns id and value are wanted; write id,value in the first line")
        for row in rows:
            facts |= _fact(f"{path}:{rows.line_num}", row["id"] or "", row["value"] or "", kinds, facts)
    except csv.Error as error:
        raise FactsError(f"{path}:{rows.line_num}: {error}; write a line such as growth/2024,3.0") from None
    if not facts:
        raise FactsError(f"{path}: there are no facts; write a line such as growth/2024,3.0")
    return pd.Series(facts, dtype=float)


def scored(forecasts: pd.DataFrame, facts: "pd.Series[float]") -> pd.DataFrame:
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


def _text(path: Path) -> str:
    """Return what a table holds; line ends as they are."""
    content = path.read_bytes()
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = "\0"
    if "\0" in text:
        raise FactsError(f"{path}: no text in UTF-8; where a spreadsheet wrote it, save it as “CSV UTF-8”")
    return text


def _lines(text: str) -> list[int]:
    """Return the number of every line that is a row, the names of the columns first."""
    return [k for k, line in enumerate(text.splitlines(), 1) if line.strip() and not line.startswith("#")]


def _fact(where: str, name: str, written: str, kinds: dict[str, str], known: dict[str, float]) -> dict[str, float]:
    name = name.strip()
    if name not in kinds:
        raise FactsError(f"{where}: no question {name!r}{suggest(name, kinds)}")
    if name in known:
        raise FactsError(f"{where}: {name} has a fact already; delete one of them")
    try:
        value = float(written)
    except ValueError:
        value = float("nan")
    if not np.isfinite(value):
        raise FactsError(f"{where}: {written!r} is no number; write what came to be, such as 3.1")
    if kinds[name] == "event" and value not in (0.0, 1.0):
        raise FactsError(f"{where}: {name} is an event; write 1 if it came and 0 if it did not, not {written}")
    return {name: value}
