"""Scores of the chances of moves.

A score needs a recorded move on which all codings agree; a fact that fills several months counts once in all. The log
score takes no chance to be less than :data:`sim.prediction.move_forecasts.FLOOR`; the ranked probability score
(Epstein 1969) asks how far off an option lies, for options are ordered, and runs from 0 (perfect) to 1 (worst).
"""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.model import months
from sim.model.moves import LEVER
from sim.prediction.move_forecasts import AHEAD, FLOOR, agreed_moves

OVERALL = "1 to 24"
HORIZONS = {"1 to 6": (1, 6), "7 to 12": (7, 12), "13 to 24": (13, AHEAD), OVERALL: (1, AHEAD)}  # months ahead
SCORES = ("log", "RPS")

Values = NDArray[np.float64]


def scored_moves(table: pd.DataFrame, as_of: int, last: int) -> pd.DataFrame:
    """Return the scores of every forecast of a move that is recorded.

    Parameters
    ----------
    table
        As :func:`sim.prediction.move_forecasts.move_table` gives it, or with further forecasters.
    as_of, last
        The origin, and the last month whose record is looked at, since 2019-01.

    Returns
    -------
    frame
        A row a month, lever and forecaster: ``month`` (since 2019-01), ``ahead``, ``capital``, ``lever``, ``option``
        (what was recorded), ``weight``, ``forecaster``, and :data:`SCORES`, the lower the better.
    """
    rows = []
    for (capital, name, forecaster), some in table.groupby(["capital", "lever", "forecaster"], sort=False):
        lever = LEVER[f"{str(capital).lower()}_{name}"]
        chances = some.pivot(index="month", columns="option", values="probability")
        chances = chances[[option.name for option in lever.options]]
        for move in agreed_moves(lever.field, as_of + 1, last):
            if months.name(move.month) in chances.index:
                said = chances.loc[months.name(move.month)].to_numpy(np.float64)
                rows.append({
                    "month": move.month, "ahead": move.month - as_of, "capital": capital, "lever": name,
                    "option": lever.options[move.option].name, "weight": move.weight, "forecaster": forecaster,
                    "log": log_score(said, move.option), "RPS": ranked_probability_score(said, move.option),
                })  # fmt: skip
    return pd.DataFrame(rows)


def log_score(chances: Values, option: int) -> float:
    """Return the negative log of the chance that was given to what came, which is the floor at least."""
    return -float(np.log(max(chances[option], FLOOR)))


def ranked_probability_score(chances: Values, option: int) -> float:
    """Return the mean squared gap of cumulative chances, over all but the last of the ordered options."""
    came = (np.arange(len(chances)) >= option).astype(float)
    return float(((np.cumsum(chances) - came)[:-1] ** 2).mean())


def move_summary(scored: pd.DataFrame, by: str = "capital") -> pd.DataFrame:
    """Return mean scores by capital or lever and horizon, and over all: a row each, a column a score and forecaster.

    Parameters
    ----------
    scored
        As :func:`scored_moves` gives it, of one origin or several.
    by
        ``capital`` or ``lever``.

    Returns
    -------
    frame
        ``moves`` (whole facts), then a column ``score, forecaster`` each.
    """
    kinds = scored["capital"] + " " + scored["lever"] if by == "lever" else scored[by]
    groups = [(str(name), some) for name, some in scored.groupby(kinds, sort=False)] + [("all", scored)]
    rows = []
    for name, some in groups:
        for words, span in HORIZONS.items():
            within = some[some["ahead"].between(*span)]
            if len(within):
                rows.append({by: name, "months ahead": words, **_means(within)})
    return pd.DataFrame(rows)


def _means(some: pd.DataFrame) -> dict[str, float]:
    means: dict[str, float] = {}
    for forecaster, its in some.groupby("forecaster", sort=False):
        means["moves"] = float(its["weight"].sum())
        means |= {f"{score}, {forecaster}": float(np.average(its[score], weights=its["weight"])) for score in SCORES}
    return means
