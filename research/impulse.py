"""What is left of an impulse where nothing else happens: the war goes on and every driver is held.

An impulse is simulated beside the same runs without it, under the same chance; the mean difference is its response. A
model with a swing of its own answers any impulse with that swing. Nothing here sees an end of the war.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from sim.engine.ensemble import Ensemble
from sim.engine.experiment import Experiment, equally_weighted
from sim.model import months
from sim.model.world import RANGE, WORLD_FIELDS
from sim.registers.record import LAST
from sim.scenario import load
from sim.scenario.plain_data import NO_END
from sim.scenario.schema import Scenario
from sim.scenario.source import Source

SETS, RUNS, SEED = 64, 128, 11
HELD, HORIZON = months.index(LAST) + 1, "2037-12"  # held from the month after the record ends
YEAR = range(months.index("2026-01"), months.index("2026-12") + 1)  # in which an impulse acts
LEVEL = 36  # last months whose mean is the level that a world left alone comes to

STANCE, SLIGHTS, REENGAGEMENT = "pyongyang_toward_beijing", "slights", "reengagement"
SHOWN = (
    STANCE,
    SLIGHTS,
    "warmth_beijing_pyongyang",
    "warmth_moscow_pyongyang",
    "china_flow",
    "expected_support",
    REENGAGEMENT,
)
RANGES = RANGE | {STANCE: (-1.0, 1.0), SLIGHTS: (0.0, 1.0), REENGAGEMENT: (0.0, 100.0)}

# When a response comes back: a phase of it is over below a tenth of its peak or on the other side of zero, and a new
# one has begun above a fifth, on the mean of three months, for a single month is a decision and no swing.
OVER, BEGUN, QUARTER = 0.1, 0.2, 3
ONCE = 1  # what rose is missed when it falls (claim 3): the end of an impulse is answered once
SURE = 4.0  # standard errors: with a thousand quarters looked at, chance alone hardly reaches this
LEAST = 0.01  # of its range: a series that moves less hardly answers
GONE = OVER  # share of its peak below which a response is gone
SLOW = 36  # months after which what is not gone is slow

_SPAN = {"from": months.name(YEAR.start), "to": months.name(YEAR.stop - 1)}
IMPULSES: dict[str, dict[str, object]] = {
    "slights": {"moves": [{"capital": "Pyongyang", "lever": "toward_beijing", "option": "slight", **_SPAN}]},
    "gifts": {"moves": [{"capital": "Beijing", "lever": "trade", "option": "generous", **_SPAN}]},
    "shut border": {"drivers": {"border": {**_SPAN, "value": 0.0}}},
}

# What may make a world left alone settle slowly, and the numbers with which it does not. Other slow series have reasons
# of their own.
CAUSES: dict[str, dict[str, float]] = {
    "the store of munitions runs down, and the arms trade with it (A5)": {"stock_drain": 0.0},
    "capability closes on its ceiling ever more slowly (A29)": {
        "capability_tests": 0.0, "capability_technology": 0.0, "capability_own": 0.0
    },
    "workers come to Russia no faster than they can (A15)": {"workers_arriving": 1.0},
}  # fmt: skip
TOGETHER = "more than one of these"
OWN = {
    "pact": "what is signed stays, and more runs sign as years go by (A30)",
    "trust": "talks alone teach, and talks are rare (A31)",
}
UNEXPLAINED = "not explained"
MOST = 0.5  # a cause takes away at least this share of what is left after so long

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Response:
    """How one series answers.

    Attributes
    ----------
    means
        A row a parameter set, a column a month: the mean over its runs.
    errors
        Their standard errors.
    """

    means: Floats
    errors: Floats

    @property
    def mean(self) -> Floats:
        """The mean over the sets, a value a month."""
        return self.means.mean(axis=0)

    @property
    def error(self) -> Floats:
        """Its standard error that the runs leave: these sets are the ones that are meant."""
        return np.sqrt((self.errors * self.errors).sum(axis=0)) / len(self.errors)

    def moves(self, name: str) -> bool:
        """Whether the mean ever moves by as much as counts for the series of this name, and is no noise."""
        low, high = RANGES[name]
        least = np.maximum(LEAST * (high - low), SURE * _quarters(self.error))
        return bool((np.abs(_quarters(self.mean)) > least).any())

    def swinging(self) -> float:
        """Return the share of the sets in which it comes back more than once."""
        return float(np.mean([returns(*answer) > ONCE for answer in zip(self.means, self.errors, strict=True)]))


class Slow(NamedTuple):
    """What settles slowly.

    Attributes
    ----------
    months
        Until it is gone; None where it never is.
    cause
        Why.
    taken
        The share of what is left in the three years after :data:`SLOW` that the cause's absence takes away; None where
        it is a reason of its own.
    """

    months: int | None
    cause: str
    taken: float | None = None


def held_world() -> Scenario:
    """Return the world in which the war goes on and, once the record ends, nothing changes from outside."""
    baseline = load("baseline")
    last = {name: values[HELD - 1] for name, values in baseline.schedule().items()} | {"flood": 0.0}  # floods pass
    return baseline.with_(
        name="drivers held",
        months={"to": HORIZON},
        war={"ends": NO_END},
        drivers={name: {months.name(HELD): value} for name, value in last.items()},
    )


def held_runs(sets: pd.DataFrame, runs: int, changes: Mapping[str, object], jobs: int = 1) -> Ensemble:
    """Simulate the world whose drivers are held, with some changes, over parameter sets; each has so many runs."""
    asked = Experiment(held_world().with_(**changes), equally_weighted(sets, Source.PRIOR), SEED, jobs=jobs)
    return asked.runs_of_every_set(runs).ensemble((*WORLD_FIELDS, REENGAGEMENT))


def responses(one: Ensemble, other: Ensemble, runs: int) -> dict[str, Response]:
    """Return what differs between two runs under the same chance, from the first month of an impulse on."""
    return {name: _response((_array(one, name) - _array(other, name))[:, YEAR.start :], runs) for name in SHOWN}


def distance_from_rest(many: Ensemble, runs: int, names: Iterable[str] = RANGES) -> dict[str, Response]:
    """Return how far a world stands from the level that it comes to, from the first month of held drivers on."""
    rests = {}
    for name in names:
        values = _array(many, name)
        rests[name] = _response((values - values[:, -LEVEL:].mean(axis=1, keepdims=True))[:, HELD:], runs)
    return rests


def _array(many: Ensemble, name: str) -> Floats:
    return np.where(many.array(STANCE) < -0.5, 1.0, 0.0) if name == SLIGHTS else many.array(name)


def _response(values: Floats, runs: int) -> Response:
    by_set = values.reshape(-1, runs, values.shape[1])
    return Response(by_set.mean(axis=1), by_set.std(axis=1, ddof=1) / np.sqrt(runs))


def _quarters(values: NDArray[np.float64]) -> Floats:
    return values[: len(values) // QUARTER * QUARTER].reshape(-1, QUARTER).mean(axis=1)


def _by_peak(response: Floats, error: ArrayLike) -> tuple[Floats, Floats]:
    """Return the means of quarters and what noise may make of them, both as shares of the peak."""
    means, noise = _quarters(response), SURE * _quarters(np.broadcast_to(error, response.shape))
    peak = np.abs(means).max() or 1.0
    return means / peak, noise / peak


def returns(response: Floats, error: ArrayLike = 0.0) -> int:
    """Return how often a response comes back, on either side, after it was over.

    Parameters
    ----------
    response
        A value a month.
    error
        Its standard error: what may be noise is no return.
    """
    phases, side = 0, 0.0
    for size, noise in zip(*_by_peak(response, error), strict=True):
        if size * side < OVER:
            side = 0.0
        if not side and abs(size) > max(BEGUN, noise):
            side, phases = float(np.sign(size)), phases + 1
    return max(phases - 1, 0)


def months_until_gone(response: Floats, share: float, error: ArrayLike = 0.0) -> int | None:
    """Return the months until a response stays within a share of its peak, or of its noise; None if it never does."""
    sizes, noise = _by_peak(response, error)
    beyond = np.flatnonzero(np.abs(sizes) > np.maximum(share, noise))
    last = int(beyond[-1]) + 1 if len(beyond) else 0
    return None if last == len(sizes) else QUARTER * last


def levels(many: Ensemble) -> pd.DataFrame:
    """Return the mean over all runs, a row a series, a column a year from the last of the record on."""
    whole = {name: _array(many, name).mean(axis=0).reshape(-1, 12).mean(axis=1) for name in SHOWN}
    years = [months.name(month)[:4] for month in range(0, months.index(HORIZON), 12)]
    return pd.DataFrame.from_dict(whole, orient="index", columns=years).loc[:, LAST[:4] :]


def slow(many: Ensemble, sets: pd.DataFrame, runs: int, jobs: int = 1) -> dict[str, Slow]:
    """Return which series of a world left alone settle slowly, and why: the cause whose absence takes most away."""
    rests = distance_from_rest(many, runs)
    months_left = {
        name: months_until_gone(rest.mean, GONE, rest.error) for name, rest in rests.items() if rest.moves(name)
    }
    late = {name: until for name, until in months_left.items() if until is None or until > SLOW}
    switched = CAUSES | {TOGETHER: {number: value for changes in CAUSES.values() for number, value in changes.items()}}
    without = {
        cause: distance_from_rest(held_runs(sets.assign(**numbers), runs, {}, jobs), runs, late)
        for cause, numbers in switched.items()
    }
    named = {}
    for name, until in late.items():
        taken = {cause: 1.0 - _tail(fewer[name]) / _tail(rests[name]) for cause, fewer in without.items()}
        best = max(CAUSES, key=taken.__getitem__)
        cause = best if taken[best] >= MOST else TOGETHER
        enough = taken[cause] >= MOST
        named[name] = Slow(until, cause, taken[cause]) if enough else Slow(until, OWN.get(name, UNEXPLAINED))
    return named


def _tail(response: Response) -> float:
    """Return what is left over the three years after most has settled."""
    return float(np.abs(response.mean[SLOW : SLOW + LEVEL].mean()))
