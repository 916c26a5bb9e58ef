"""How likely recorded moves were a month ahead: the model beside three forecasters that know no politics.

Each of the three knows what was recorded in earlier months and nothing else. What was recorded of a month is the same
likelihood for all (:mod:`sim.inference.coding`): a score is the log of its chance, summed over the options.

* ``base rate``: how often each option stood in earlier months, each begun with half a month (Krichevsky and Trofimov
  1981).
* ``last month's move``: the move recorded before, with the share of earlier months in which it stayed; else any other.
* ``both mixed``: half of the one and half of the other.
"""

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.stats import t as student

from sim.engine.move_likelihood import JOINT
from sim.inference import coding
from sim.model import months
from sim.model.moves import DEAL, LEVER, LEVERS, Lever, Moves
from sim.registers.record import cells
from sim.registers.vintage import cache_by_vintage

MODEL, BASE_RATE, LAST_MOVE, MIXED = "model", "base rate", "last month's move", "both mixed"
NAIVE = (BASE_RATE, LAST_MOVE, MIXED)
ALL = "all"
_PLACE = {lever.field: place for place, lever in enumerate(LEVERS)}

Values = NDArray[np.float64]


@dataclass(frozen=True)
class Gap:
    """By how much one log score lies above another, summed over months.

    Attributes
    ----------
    nats
        The mean over seeds.
    seeds, months
        Its standard error from seed to seed, and from month to month (Diebold and Mariano 1995; Vuong 1989).
    p
        How likely one so large is by chance if neither knows more (two-sided, both errors together).
    """

    nats: float
    seeds: float
    months: float
    p: float

    @property
    def error(self) -> float:
        """Both errors together."""
        return float(np.hypot(self.seeds, self.months))

    @classmethod
    def of(cls, gains: Values) -> "Gap":
        """Return the gap of gains by seed and month, shape (seeds, months).

        One month ahead, gains of different months are uncorrelated if neither forecaster knows more.
        """
        seeds, count = gains.shape
        nats = float(gains.sum(axis=1).mean())
        by_seed = float(gains.sum(axis=1).std(ddof=1) / np.sqrt(seeds)) if seeds > 1 else 0.0
        by_month = float(gains.mean(axis=0).std(ddof=1) * np.sqrt(count))
        error = float(np.hypot(by_seed, by_month))
        p = 2.0 * float(student.sf(abs(nats) / error, count - 1)) if error > 0.0 else 1.0
        return cls(nats, by_seed, by_month, p)


@cache_by_vintage
def naive(horizon: int) -> pd.DataFrame:
    """Return the log score of every recorded move by the three: columns ``month``, ``lever`` and :data:`NAIVE`.

    Parameters
    ----------
    horizon
        Months from 2019-01.
    """
    record = coding.record_support(horizon)
    known = _whole(record.support, horizon)
    rows = []
    for place, lever in enumerate(LEVERS):
        recorded = np.flatnonzero(record.recorded[:, place])
        seen, learnt = (support[recorded, place, : len(lever.options)] for support in (record.support, known))
        for month, scores in zip(recorded.tolist(), _scores(lever, seen, learnt), strict=True):
            name = JOINT if lever in DEAL else lever.field
            rows.append((months.name(month), name, *scores))
    table = pd.DataFrame(rows, columns=["month", "lever", *NAIVE])
    return table.groupby(["month", "lever"], as_index=False).sum()  # the parts of the deal make one


def _whole(support: Values, horizon: int) -> Values:
    """Return the record as later months know it: a cell that repeats a fact says all of it."""
    known, learnt = support.copy(), coding.estimate_coding()
    for cell in cells():
        if cell.month < horizon:
            said = learnt.support(replace(cell, repeats=1))
            known[cell.month, _PLACE[cell.lever], : len(said)] = said
    return known


def _scores(lever: Lever, seen: Values, known: Values) -> list[tuple[float, ...]]:
    """Return the scores of a lever's recorded months, in order of time.

    Parameters
    ----------
    seen, known
        The record as it is scored, and as it is learnt from afterwards; shape (months, options).
    """
    count = len(lever.options)
    last = np.eye(count)[lever.index(getattr(Moves(), lever.field))]
    stood, stayed, moved = np.full(count, 0.5), 0.5, 0.5
    scores = []
    for support, said in zip(seen, known, strict=True):
        stays = stayed / (stayed + moved)
        rate, again = stood / stood.sum(), stays * last + (1.0 - stays) * (1.0 - last) / (count - 1)
        mixed = 0.5 * (rate + again)
        scores.append(tuple(float(np.log(chance @ support)) for chance in (rate, again, mixed)))
        was = mixed * said / (mixed @ said)
        stood, stayed, moved = stood + was, stayed + float(was @ last), moved + 1.0 - float(was @ last)
        last = was
    return scores


def compare_forecasters(scores: pd.DataFrame, by: str = "capital") -> pd.DataFrame:
    """Return nats a move of the model and the three, by capital or lever, and over all.

    Parameters
    ----------
    scores
        The model's, by seed: columns ``seed``, ``month``, ``lever`` and ``score``.
    by
        ``capital`` or ``lever``.

    Returns
    -------
    frame
        A row a capital or lever, then :data:`ALL`: ``moves`` (how many), each forecaster's nats a move, and, of what
        the model gains over each of :data:`NAIVE`, a move: ``over ...`` with its ``error ...`` and ``p ...``.
    """
    both, horizon = _both(scores), _horizon(scores)
    groups = {str(name): group for name, group in both.groupby(by, sort=False)} | {ALL: both}
    return pd.DataFrame({name: _row(group, horizon) for name, group in groups.items()}).T.rename_axis(by)


def score_gap_by_month(scores: pd.DataFrame) -> pd.DataFrame:
    """Return by how much the scores of the three up to each month lie above the model's: a column each."""
    both, horizon = _both(scores), _horizon(scores)
    by_month = {name: -_gains(both[both["forecaster"] == name], horizon).mean(axis=0).cumsum() for name in NAIVE}
    return pd.DataFrame(by_month)


def _both(scores: pd.DataFrame) -> pd.DataFrame:
    other = naive(_horizon(scores)).melt(["month", "lever"], NAIVE, "forecaster", "other")
    both = scores.merge(other, on=["month", "lever"])
    capitals = {field: lever.capital for field, lever in LEVER.items()} | {JOINT: JOINT}
    return both.assign(gain=both["score"] - both["other"], capital=both["lever"].map(capitals))


def _horizon(scores: pd.DataFrame) -> int:
    return months.index(str(scores["month"].max())) + 1


def _row(group: pd.DataFrame, horizon: int) -> dict[str, float]:
    first = group[group["forecaster"] == BASE_RATE]
    moves = len(first) / first["seed"].nunique()
    cells = {"moves": moves, MODEL: float(first["score"].mean())}
    cells |= {name: float(group.loc[group["forecaster"] == name, "other"].mean()) for name in NAIVE}
    for name in NAIVE:
        gap = Gap.of(_gains(group[group["forecaster"] == name], horizon))
        cells |= {f"over {name}": gap.nats / moves, f"error {name}": gap.error / moves, f"p {name}": gap.p}
    return cells


def _gains(rows: pd.DataFrame, horizon: int) -> Values:
    """Return what is gained by seed and month, nothing where nothing was recorded: shape (seeds, months)."""
    table = rows.pivot_table("gain", "seed", "month", "sum", fill_value=0.0)
    return table.reindex(columns=[months.name(month) for month in range(horizon)], fill_value=0.0).to_numpy(np.float64)
