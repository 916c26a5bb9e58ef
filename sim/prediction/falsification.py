"""Small changes that refute: a near plausible world in which the prediction fails, and the other way round.

A *world* is a parameter set. The prediction *holds* in it where D2 comes true in at least 60% of its pairs (T10).
Distances are root mean squares of changes, each as a share of its parameter's plausible range. How far the other side
lies hangs on where one starts, so the search starts from several; the smallest change it finds is no proof that
there is none smaller.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.analysis.boxes import Box, best, peel_boxes
from sim.engine.experiment import Experiment
from sim.engine.sets import Sets, equally_weighted
from sim.inference.designs import scale_to_unit
from sim.inference.points import keeps_orderings
from sim.prediction.thresholds import PAIRS
from sim.prediction.treatments import Treatment, pairs
from sim.scenario import load
from sim.scenario.source import Source

STARTS = 5  # on either side, the most central ones, from which the other side is looked for
SEARCHED = 5  # times as many runs of a world that is tried in the search as of a case
FRESH, FRESH_RUNS = 2**32, 10  # added to the seed for runs that the search does not see; as many times more
HALVINGS = 6  # of the way from the origin to the other world: to a 64th

Rate = Callable[[pd.DataFrame], NDArray[np.float64]]  # of each set, the share of pairs in which D2 comes true


@dataclass(frozen=True, eq=False)
class Turn:
    """A world, and the nearest one found in which the outcome is the other.

    Attributes
    ----------
    holds
        Whether the prediction holds in the origin (and so fails in the other).
    changes
        A row a parameter that differs: ``parameter``, ``origin``, ``turned``, ``share_of_range``.
    distance
        Between the two.
    before, after
        Share of pairs in which D2 comes true in each, on runs that the search did not see.
    confirmed
        Whether those runs say the same as the search.
    """

    holds: bool
    origin: "pd.Series[float]"
    turned: "pd.Series[float]"
    changes: pd.DataFrame
    distance: float
    before: float
    after: float
    confirmed: bool


@dataclass(frozen=True, eq=False)
class Refutation:
    """What a search found.

    Attributes
    ----------
    fails, holds
        From each start in which the prediction holds, the nearest world in which it fails; and the other way round. The
        smallest change first, but those that fresh runs confirm before others; none where all cases come out alike.
    box
        Where it fails, as PRIM says it.
    cases, rates
        The cases looked at, and the share of pairs in which D2 comes true in each.
    """

    fails: tuple[Turn, ...]
    holds: tuple[Turn, ...]
    box: Box | None
    cases: Sets
    rates: NDArray[np.float64]


def rate(experiment: Experiment, runs: int) -> Rate:
    """Return how a set is judged: by so many runs, the same for all sets that are asked about at once."""

    def asked(values: pd.DataFrame) -> NDArray[np.float64]:
        cases = experiment.replace(sets=equally_weighted(values, Source.PRIOR)).runs_of_every_set(runs)
        paired = pairs(Treatment(experiment.scenario), cases)
        came = paired["D2"].notna().astype(float).where(paired["judged"].astype(bool))
        return np.asarray(came.groupby(paired["set"]).mean(), dtype=np.float64)

    return asked


def falsify(experiment: Experiment) -> Refutation:
    """Look for the nearest turns among cases and between them, in a scenario.

    Parameters
    ----------
    experiment
        As many paired runs of every case; more of a world that is tried, and of what comes out.
    """
    runs, others = experiment.runs_a_set, experiment.replace(seed=experiment.seed + FRESH)
    asked, sought = rate(experiment, runs), rate(experiment, SEARCHED * runs)
    return find_turns(experiment.sets, asked, sought, rate(others, FRESH_RUNS * runs), runs)


def find_turns(cases: Sets, asked: Rate, sought: Rate, fresh: Rate, runs: int) -> Refutation:
    """Look for the nearest turns among cases and between them, by whoever judges a set.

    Parameters
    ----------
    asked, sought, fresh
        Judge sets: the cases; the points tried between two of them, on :data:`SEARCHED` times as many runs, for who
        tries many may be fooled by a few; and what comes out, on runs that the search does not see.
    runs
        How many runs ``asked`` takes: a rate only counts where it is clear of 60% by two standard errors.
    """
    rates = asked(cases.values)
    clear, clearer = (2.0 * np.sqrt(0.25 / count) for count in (runs, SEARCHED * runs))
    holds, fails = rates >= min(PAIRS + clear, 1.0), rates < max(PAIRS - clear, 1e-9)
    centre = np.asarray(cases.weights @ scale_to_unit(cases.values))

    def counts(values: pd.DataFrame, holding: bool) -> bool:
        """Tell whether a world is clearly on one side of the line."""
        (share,) = sought(values)
        return bool(share >= min(PAIRS + clearer, 1.0) if holding else share < max(PAIRS - clearer, 1e-9))

    def turns(holding: bool, here: NDArray[np.bool_], there: NDArray[np.bool_]) -> tuple[Turn, ...]:
        if not there.any():
            return ()
        central = np.argsort(((scale_to_unit(cases.values[here]) - centre) ** 2).sum(axis=1), kind="stable")
        starts = (cases.values[here].iloc[[place]] for place in central[:STARTS])
        nearest = [_nearest(start, cases.values[there], holding, counts, fresh) for start in starts]
        return tuple(sorted(nearest, key=lambda turn: (not turn.confirmed, turn.distance)))

    box = best(peel_boxes(cases.values, rates < PAIRS))
    return Refutation(turns(True, holds, fails), turns(False, fails, holds), box, cases, rates)


def distance(one: pd.DataFrame, other: pd.DataFrame) -> NDArray[np.float64]:
    """Return the distances between rows of two frames of sets."""
    return np.asarray(np.sqrt(((scale_to_unit(one) - scale_to_unit(other)) ** 2).mean(axis=1)))


def _nearest(
    origin: pd.DataFrame, there: pd.DataFrame, holds: bool, counts: Callable[[pd.DataFrame, bool], bool], fresh: Rate
) -> Turn:
    """Return the turn from a world on one side to the nearest on the other."""
    near = there.iloc[[int(np.argmin(distance(there, origin)))]]

    def turned(values: pd.DataFrame) -> bool:
        return counts(values, not holds)

    turn = _between(origin, _fewest(origin, near, turned), turned)
    before, after = float(fresh(origin)[0]), float(fresh(turn)[0])
    confirmed = (before >= PAIRS) == holds and (after >= PAIRS) != holds
    first, last = origin.iloc[0], turn.iloc[0]
    return Turn(holds, first, last, _changes(origin, turn), float(distance(origin, turn)[0]), before, after, confirmed)


def _fewest(origin: pd.DataFrame, other: pd.DataFrame, turned: Callable[[pd.DataFrame], bool]) -> pd.DataFrame:
    """Return the other world with every change taken back that the turn does not need, the smallest first."""
    waiting = _changes(origin, other)["parameter"].tolist()[::-1]
    batch, now = max(len(waiting) // 2, 1), other.copy()
    while waiting:
        some, waiting = waiting[:batch], waiting[batch:]
        back = now.copy()
        back[some] = origin[some].to_numpy()
        if keeps_orderings(load("baseline"), back)[0] and turned(back):
            now = back
        elif len(some) > 1:  # some of these are needed: look at them by halves
            batch, waiting = max(len(some) // 2, 1), some + waiting
    return now


def _between(origin: pd.DataFrame, other: pd.DataFrame, turned: Callable[[pd.DataFrame], bool]) -> pd.DataFrame:
    """Return the world nearest to the origin, on the line to the other, that is still turned."""
    low, high = 0.0, 1.0
    for _ in range(HALVINGS):
        middle = (low + high) / 2.0
        low, high = (low, middle) if turned(origin + middle * (other.to_numpy() - origin)) else (middle, high)
    return origin + high * (other.to_numpy() - origin)


def _changes(origin: pd.DataFrame, turn: pd.DataFrame) -> pd.DataFrame:
    table = pd.DataFrame({"origin": origin.iloc[0], "turned": turn.iloc[0].to_numpy()}).rename_axis("parameter")
    table = (
        table.assign(share_of_range=(scale_to_unit(turn) - scale_to_unit(origin))[0])
        .query("origin != turned")
        .reset_index()
    )
    return table.sort_values("share_of_range", key=lambda column: -column.abs(), ignore_index=True)
