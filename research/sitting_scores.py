"""How a sitting fared: its answers with their scores, and what it had expected of a question or a lever."""

import re
from pathlib import Path

import numpy as np
import pandas as pd

from sim.model import months
from sim.model.moves import LEVER
from sim.prediction import scoring
from sim.prediction.forecasting import LEVELS, MODEL, QUANTILES
from sim.prediction.questions import EVENT, questions_on
from sim.prediction.references import BASE, BORDER, PERSISTENCE, question_outcomes
from sim.registers.record import cells

RIVALS = (PERSISTENCE, BASE, BORDER)
_PEACE = re.compile(r"(\d{4}-\d{2}) (\d\.\d+)")


def facts_of_sitting(table: pd.DataFrame, as_of: str) -> "pd.Series[float]":
    """Return what came of the questions of a sitting, by the facts that are read.

    Parameters
    ----------
    table
        As :func:`sim.prediction.scoring.read_forecasts` gives it.
    as_of
        The last month that the sitting knew.
    """
    first = months.index(as_of)
    came = question_outcomes(questions_on(first, first + 48))
    return came[came.index.isin(table["id"])]


def answers(table: pd.DataFrame, came: "pd.Series[float]") -> pd.DataFrame:
    """Return the model's answers, those first that it found the least likely.

    Returns
    -------
    frame
        ``id``, ``says``, ``fact``; ``expected`` (a probability, or the median), ``low`` and ``high`` (80% of a figure);
        ``likely``: the chance given to what came, of a figure to anything at least as far from the median, on either
        side (never less than two of its outermost levels); ``score`` (Brier, or CRPS) and that of each of
        :data:`RIVALS` that answered.
    """
    scored = scoring.score_forecasts(table, came)
    scored["score"] = scored["Brier"].fillna(scored["CRPS"])
    own = scored[scored["forecaster"] == MODEL].set_index("id")
    rivals = scored.pivot(index="id", columns="forecaster", values="score").reindex(columns=list(RIVALS))
    event = own["kind"] == EVENT
    chance = np.where(own["fact"] == 1.0, own["probability"], 1.0 - own["probability"])
    likely = np.where(event, chance, [2.0 * min(at, 1.0 - at) for at in levels(own)])
    said = table[table["forecaster"] == MODEL].set_index("id")["says"]
    shown = pd.DataFrame({
        "says": said[own.index], "fact": own["fact"], "expected": own["probability"].fillna(own["q50"]),
        "low": own["q10"], "high": own["q90"], "likely": likely, "kind": own["kind"], "score": own["score"],
    })  # fmt: skip
    return shown.join(rivals).sort_values(["likely", "score"], ascending=[True, False], kind="stable").reset_index()


def levels(rows: pd.DataFrame) -> list[float]:
    """Return at which level of its quantiles each fact lies, from the lowest to the highest that there is."""
    spreads = rows[list(QUANTILES)].to_numpy(np.float64)
    return [float(np.interp(fact, spread, LEVELS)) for fact, spread in zip(rows["fact"], spreads, strict=True)]


def chance_of_war(file: Path, month: str) -> float:
    """Return how likely a sitting found it that the war goes on through a month, by the head of its table."""
    head = next(line for line in file.read_text(encoding="utf-8").splitlines() if line.startswith("# the war's end"))
    return 1.0 - sum(float(weight) for when, weight in _PEACE.findall(head) if when <= month)


def recorded_and_expected(
    expected: pd.DataFrame, lever: str, options: tuple[str, ...]
) -> tuple[int, int, float, float]:
    """Return in how many months a lever was recorded and stood at some options, and what was expected of them.

    Parameters
    ----------
    expected
        As :func:`research.move_expectations.expected_moves` gives it; months that are not in it do not count.

    Returns
    -------
    coded, stood
        Months in which the codings agree on the lever, and those of them in which it stood at one of the options.
    share
        The mean chance of the options in the months that are coded; not a number where none is.
    likely
        The mean chance of the option that was recorded.
    """
    of, names = LEVER[lever], [option.name for option in LEVER[lever].options]
    its = expected[(expected["capital"] == of.capital) & (expected["lever"] == of.name)]
    coded = {
        months.name(cell.month): names[cell.options[0]]
        for cell in cells()
        if cell.lever == lever and cell.agreed and months.name(cell.month) in set(its["month"])
    }
    its = its[its["month"].isin(coded)]
    came = its["option"] == its["month"].map(coded)
    share, likely = (
        float(its.loc[there, "probability"].sum() / len(coded)) if coded else float("nan")
        for there in (its["option"].isin(options), came)
    )
    return len(coded), sum(option in options for option in coded.values()), share, likely
