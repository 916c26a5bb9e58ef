"""The parameter sets that an experiment is made over, and estimates whose doubt is kept in two parts.

One part is run-to-run noise, which more runs make smaller; the other is the spread across parameter sets, which they
do not: it is what history has left open.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from sim.engine.ensemble import Ensemble
from sim.engine.run import Run, run
from sim.experiments.intervals import LEVEL, ROUNDING, student, wilson
from sim.experiments.points import admitted
from sim.experiments.retained import NAME, retained
from sim.scenario import Problem, Scenario, ScenarioError
from sim.scenario.source import Source, source_of
from sim.scenario.values import ORDERINGS

_WEIGHED = {name for ordering in ORDERINGS for name in ordering.weights}
_GOLDEN = (5.0**0.5 - 1.0) / 2.0
FEW = 8  # fewer sets than this say little of what history has left open
LOW, HIGH = 0.05, 0.95  # the spread across sets is told from the one to the other


@dataclass(frozen=True, eq=False)
class Sets:
    """Parameter sets.

    Attributes
    ----------
    values
        A row a set, numbered from 0; a column a parameter.
    weights
        One a set; they sum to 1.
    source
        Where they come from.
    """

    values: pd.DataFrame
    weights: NDArray[np.float64]
    source: Source

    def __len__(self) -> int:
        return len(self.values)

    def __str__(self) -> str:
        """Return in words which they are."""
        many = "1 parameter set" if len(self) == 1 else f"{len(self):,} parameter sets"
        return f"parameters: {self.source}" if self.values.columns.empty else f"{many}: {self.source}"

    def some(self, count: int | None, seed: int) -> "Sets":
        """Return so many of them, drawn by their weights with a seed; all where not said or where there are fewer."""
        if count is None or count >= len(self):
            return self
        drawn = np.random.default_rng(seed).choice(len(self), count, replace=False, p=self.weights)
        return given(self.values.iloc[np.sort(drawn)], self.source)

    @property
    def caveat(self) -> str:
        """What a reader has to know of intervals over these sets; empty where they are enough."""
        return few(len(self), worth(self.weights))


def standing(count: int | None = None, seed: int = 0) -> Sets:
    """Return the retained sets that travel with the package, all or some.

    Raises
    ------
    ScenarioError
        If the package has none.
    """
    try:
        found = retained()
    except FileNotFoundError:
        raise ScenarioError([
            Problem(
                "the parameter sets that history has not ruled out are missing",
                f"sim/article/{NAME}",
                fix="install driftback again, or ask for the hand-set defaults: --defaults, in Python defaults=True",
            )
        ]) from None  # fmt: skip
    return Sets(found.sets.reset_index(drop=True), found.weights, Source.RETAINED).some(count, seed)


def over(
    *scenarios: Scenario,
    count: int | None = None,
    seed: int = 0,
    defaults: bool = False,
    points: pd.DataFrame | None = None,
) -> Sets:
    """Return the parameter sets that the runs of scenarios, or of the points of a sweep, are lived over.

    Those that break an ordering of goals that the article states, together with what the scenarios or the points give,
    are left out: all scenarios and all points have the same sets.

    Parameters
    ----------
    count
        So many of the retained sets, drawn with the seed; all where not said.
    defaults
        The hand-set defaults instead.

    Raises
    ------
    ValueError
        If a number of sets is asked for beside the defaults, or none keeps the orderings.
    """
    if defaults:
        if count is not None:
            raise ValueError("ask for a number of parameter sets or for the hand-set defaults, not for both")
        return HAND_SET
    found = standing()
    fits = np.all([_fitting(scenario, found, points) for scenario in scenarios], axis=0)
    if not fits.any():
        raise ValueError(
            "no retained parameter set keeps the ordering of goals that the article states beside these weights: "
            "change them, give the other weights of the ordering too, or ask for the hand-set defaults"
        )
    if fits.all():
        return found.some(count, seed)
    weights = found.weights[fits] / found.weights[fits].sum()
    return Sets(found.values[fits].reset_index(drop=True), weights, found.source).some(count, seed)


def _fitting(scenario: Scenario, sets: Sets, points: pd.DataFrame | None) -> NDArray[np.bool_]:
    """Return which sets keep the orderings of goals beside what a scenario gives, and at every point."""
    if points is None or not _WEIGHED.intersection(points):
        return admitted(scenario, sets.values.drop(columns=list(scenario.parameters), errors="ignore"))
    return np.array([keeps.all() for keeps in _by_set(scenario, sets, points)])


def admissible(scenario: Scenario, points: pd.DataFrame, defaults: bool) -> NDArray[np.bool_]:
    """Return which points keep the orderings of goals with some parameter set, or with the hand-set defaults."""
    found = np.zeros(len(points), dtype=bool)
    for keeps in _by_set(scenario, HAND_SET if defaults else standing(), points):
        found |= keeps
    return found


def _by_set(scenario: Scenario, sets: Sets, points: pd.DataFrame) -> Iterator[NDArray[np.bool_]]:
    """Yield for each set which points keep the orderings of goals, with that set for what they do not give."""
    own = sets.values[[name for name in sets.values if name in _WEIGHED]]
    for row in own.to_dict("records"):
        yield admitted(scenario, points, {str(name): value for name, value in row.items()})


def given(values: pd.DataFrame, source: Source) -> Sets:
    """Return sets that count alike."""
    return Sets(values.reset_index(drop=True).astype("float64"), np.full(len(values), 1.0 / len(values)), source)


HAND_SET = given(pd.DataFrame(index=[0]), Source.DEFAULTS)  # one set that gives nothing: the register's defaults stand


def of_runs(sets: Sets, numbers: ArrayLike) -> dict[str, NDArray[np.float64]]:
    """Return the parameters of runs: each has one of the sets, which one its number alone decides.

    Any many runs in a row are spread over all sets evenly, by weight (a Weyl sequence with the golden ratio).
    """
    places = places_of(sets, numbers)
    return dict(zip(map(str, sets.values), sets.values.to_numpy(np.float64)[places].T, strict=True))


def places_of(sets: Sets, numbers: ArrayLike) -> NDArray[np.int64]:
    """Return which of the sets runs have."""
    steps = (0.5 + np.asarray(numbers, dtype=np.float64) * _GOLDEN) % 1.0
    places = np.searchsorted(np.cumsum(sets.weights), steps)
    return np.minimum(places, len(sets) - 1)  # the weights may sum to a little less than 1


def of_run(scenario: Scenario, number: int, sets: Sets) -> Scenario:
    """Return a scenario as the run of this number has it, with its parameter set; what the scenario gives stands."""
    own = {name: float(value) for name, (value,) in of_runs(sets, [number]).items()}
    return scenario.with_(parameters=own | dict(scenario.parameters)) if own else scenario


def lived(scenario: Scenario, seed: int, number: int, sets: Sets) -> Run:
    """Live the world of a number in the Mesa engine, with its parameter set."""
    return run(of_run(scenario, number, sets), seed, number, source_of(scenario, sets.source))


def owners_of(*ensembles: Ensemble) -> NDArray[np.int64]:
    """Return the number of each run's parameter set in ensembles of the same runs.

    Runs share a set where they differ in no parameter of any of the ensembles.
    """
    own = [values for many in ensembles for values in many.parameters.values()]
    if not own:
        return np.zeros(len(ensembles[0]), dtype=np.int64)
    rows = np.array([row.tobytes() for row in np.column_stack(own)], dtype=object)  # as bytes they are compared at once
    return np.asarray(pd.factorize(rows)[0], dtype=np.int64)


def worth(weights: NDArray[Any]) -> float:
    """Return how many sets of equal weight weighted ones are worth (Kish 1965)."""
    return float(weights.sum() ** 2 / (weights @ weights))


def few(sets: int, units: float) -> str:
    """Return what a reader has to know of an interval over few parameter sets; empty where they are enough.

    Parameters
    ----------
    units
        How many sets of equal weight they are worth.
    """
    if sets == 1:
        return "run-to-run noise alone, with one parameter set"
    if units < FEW:
        return f"over {sets} parameter sets alone, too few to span what history leaves open"
    return ""


@dataclass(frozen=True)
class Estimate:
    """A mean or a share over parameter sets and runs: sets are the units, each with the runs that it was given.

    Attributes
    ----------
    mean
        Weighted over the sets.
    noise
        Standard error that the runs alone leave: that of the mean, were these sets the only ones. NaN where no set has
        two runs.
    error
        Standard error with the sets as a sample of what history has left open; with one set it is ``noise``.
    low, high
        The 5% and 95% quantiles of the sets' own means.
    sets
        How many sets count.
    units
        How many sets of equal weight they are worth (Kish 1965); with one set, its runs.
    share
        Whether it is the share of runs in which something came true.
    """

    mean: float
    noise: float
    error: float
    low: float
    high: float
    sets: int
    units: float
    share: bool = False

    def interval(self, level: float = LEVEL) -> tuple[float, float]:
        """Return the interval of the mean: Student's, or Wilson's for a share; NaN where there are not two units."""
        if not self.units >= 2.0:
            return float("nan"), float("nan")
        errors = float(student(self.units - 1.0, level))
        if not self.share:
            return self.mean - errors * self.error, self.mean + errors * self.error
        inside = self.mean * (1.0 - self.mean)
        # Where all units agree, their error says nothing of how many independent answers they are: each counts as one.
        count = inside / self.error**2 if self.error > ROUNDING else self.units
        low, high = wilson(self.mean, count, errors)
        return max(float(low), 0.0), min(float(high), 1.0)  # beyond by rounding alone

    @property
    def clear(self) -> bool:
        """Whether the interval leaves out zero."""
        low, high = self.interval()
        return low > 0.0 or high < 0.0

    @property
    def caveat(self) -> str:
        """What a reader has to know of the interval beside it; empty where the sets are enough."""
        return few(self.sets, self.units)

    def told(self, form: str) -> str:
        """Return the interval in words, with its caveat; ``form`` is how numbers are written."""
        low, high = self.interval()
        if math.isnan(low):
            return "too few runs or parameter sets for an interval"
        return ", ".join(filter(None, (f"95 % interval of the mean {low:{form}} to {high:{form}}", self.caveat)))

    def __str__(self) -> str:
        return f"{self.mean:+.1f} ({self.told('+.1f')}; sets {self.low:+.1f} to {self.high:+.1f})"


def estimate(
    values: "pd.Series[float]", owners: "pd.Series[int]", weights: NDArray[np.float64], share: bool = False
) -> Estimate:
    """Return the estimate of a mean, or of a share.

    Parameters
    ----------
    values
        One a run; NaN where a run was censored, which then does not count.
    owners
        The number of each run's set.
    weights
        One a set, by number.
    share
        Whether the values are 1 where something came true and 0 where it did not.
    """
    value, owner = values.to_numpy(np.float64), owners.to_numpy(np.int64)
    counts = ~np.isnan(value) & (weights[owner] > 0.0)
    value, owner = value[counts], owner[counts]
    if not len(value):
        nothing = float("nan")
        return Estimate(nothing, nothing, nothing, nothing, nothing, 0, 0.0, share)
    known, owner, count = np.unique(owner, return_inverse=True, return_counts=True)
    sets = len(count)
    mean = np.bincount(owner, value) / count
    square = np.bincount(owner, (value - mean[owner]) ** 2)
    pooled = square.sum() / (len(value) - sets) if len(value) > sets else np.nan  # for sets that have one run alone
    variance = np.divide(square, count - 1, out=np.full(sets, pooled), where=count > 1)
    part = weights[known] / weights[known].sum()
    centre = float(part @ mean)
    noise = float(np.sqrt(part**2 @ (variance / count)))
    spread = quantiles(mean, part)
    if sets == 1:
        return Estimate(centre, noise, noise, *spread, sets, float(len(value)), share)
    units = worth(part)
    error = float(np.sqrt(part @ (mean - centre) ** 2 / max(units - 1.0, 1.0)))
    return Estimate(centre, noise, error, *spread, sets, units, share)


def quantiles(values: NDArray[Any], weights: NDArray[Any]) -> tuple[float, float]:
    """Return the 5 % and 95 % quantiles of weighted values."""
    low, high = np.quantile(values, (LOW, HIGH), weights=weights, method="inverted_cdf")
    return float(low), float(high)
