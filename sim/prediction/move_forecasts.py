"""The chance of every option of every lever, 1 to 24 months ahead: by the model, and by what knows no politics.

* ``driftback``: the share of runs that take the option.
* ``base rate``: how often each option was recorded up to the origin, each begun with half a month (Krichevsky and
  Trofimov 1981).
* ``last move``: the option recorded last, forgotten month by month in favour of the base rate. What of it is left after
  a month is what makes moves repeat as often as they did in the record.
"""

from itertools import pairwise
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.model import months
from sim.model.moves import LEVERS, Lever, Moves
from sim.prediction.references import BASE
from sim.registers.record import cells

MODEL, LAST_MOVE = "driftback", "last move"
AHEAD = 24  # months
FLOOR = 0.001  # a forecaster that was surer than this is taken at it, so that one surprise is not infinitely bad
COLUMNS = ("month", "capital", "lever", "option", "forecaster", "probability")
_FIRST = 0.5  # months that each option is begun with

Values = NDArray[np.float64]


class Recorded(NamedTuple):
    """A move on which all codings agree: its month since 2019-01, the place of its option, its part of a fact."""

    month: int
    option: int
    weight: float


def agreed_moves(lever: str, first: int, last: int) -> list[Recorded]:
    """Return the agreed moves of a lever in some months, both ends included, in order of time."""
    return [
        Recorded(cell.month, cell.options[0], 1.0 / cell.repeats)
        for cell in cells()
        if cell.lever == lever and first <= cell.month <= last and cell.agreed is not None
    ]


def move_table(played: NDArray[np.int8], as_of: int) -> pd.DataFrame:
    """Return the forecasts of moves.

    Parameters
    ----------
    played
        What runs did, the place of an option: shape (runs, months from 2019-01, levers).
    as_of
        The last month that is known; later ones are forecast, :data:`AHEAD` of them at most.

    Returns
    -------
    frame
        :data:`COLUMNS`; the chances of a month, lever and forecaster sum to 1.
    """
    ahead = np.arange(as_of + 1, min(as_of + AHEAD, played.shape[1] - 1) + 1)
    parts = []
    for place, lever in enumerate(LEVERS):
        options = np.arange(len(lever.options))
        shares = (played[:, ahead, place, None] == options).mean(axis=0)
        seen = agreed_moves(lever.field, 0, as_of)
        said = {MODEL: shares, BASE: np.tile(base_rate(lever, seen), (len(ahead), 1)),
                LAST_MOVE: last_move(lever, seen, ahead)}  # fmt: skip
        parts += [_rows(lever, ahead, name, chances) for name, chances in said.items()]
    return pd.concat(parts, ignore_index=True)


def _rows(lever: Lever, ahead: NDArray[np.int64], forecaster: str, chances: Values) -> pd.DataFrame:
    names = [option.name for option in lever.options]
    return pd.DataFrame({
        "month": np.repeat([months.name(month) for month in ahead.tolist()], len(names)), "capital": lever.capital,
        "lever": lever.name, "option": names * len(ahead), "forecaster": forecaster, "probability": chances.ravel(),
    })  # fmt: skip


def base_rate(lever: Lever, seen: list[Recorded]) -> Values:
    """Return the chance of each option by how often it was recorded."""
    counts = np.full(len(lever.options), _FIRST)
    for move in seen:
        counts[move.option] += move.weight
    return np.asarray(counts / counts.sum())


def last_move(lever: Lever, seen: list[Recorded], ahead: NDArray[np.int64]) -> Values:
    """Return the chance of each option in later months: shape (months, options).

    A move is either kept or drawn anew by the base rate, so it stays with the chance k + (1 - k) r, where r is the
    chance that two draws of the base rate are alike; k is what makes that the share of moves that stayed.
    """
    rate = base_rate(lever, seen)
    stayed = sum(move.option == before.option for before, move in pairwise(seen))
    stays = (stayed + _FIRST) / (max(len(seen) - 1, 0) + 2.0 * _FIRST)
    alike = float(rate @ rate)
    kept = max((stays - alike) / (1.0 - alike), 0.0)
    option, month = (seen[-1].option, seen[-1].month) if seen else (lever.index(getattr(Moves(), lever.field)), 0)
    left = kept ** (ahead - month)[:, None]
    return np.asarray(left * np.eye(len(rate))[option] + (1.0 - left) * rate)
