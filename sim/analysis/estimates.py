"""Estimates over parameter sets and runs, whose doubt is kept in two parts.

One part is run-to-run noise, which more runs make smaller; the other is the spread across parameter sets, which they
do not: it is what history has left open.
"""

import math
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.analysis.intervals import LEVEL, ROUNDING, student, wilson
from sim.engine.ensemble import Ensemble
from sim.engine.sets import Sets

FEW = 8  # fewer sets than this say little of what history has left open
LOW, HIGH = 0.05, 0.95  # the spread across sets is told from the one to the other

Floats = NDArray[np.float64]


def owners_of(*ensembles: Ensemble) -> NDArray[np.int64]:
    """Return the number of each run's parameter set in ensembles of the same runs.

    Runs share a set where they differ in no parameter of any of the ensembles, but for what each run draws.

    Parameters
    ----------
    *ensembles
        With the same runs, in the same order.

    Returns
    -------
    array of shape (runs,)
    """
    own = [values for many in ensembles for name, values in many.parameters.items() if name not in many.scenario.drawn]
    if not own:
        return np.zeros(len(ensembles[0]), dtype=np.int64)
    rows = np.array([row.tobytes() for row in np.column_stack(own)], dtype=object)  # as bytes they are compared at once
    return np.asarray(pd.factorize(rows)[0], dtype=np.int64)


def effective_sample_size(weights: Floats | NDArray[np.intp]) -> float:
    """Return how many sets of equal weight weighted ones are worth (Kish 1965).

    Parameters
    ----------
    weights
        One a set, of any sum above 0.
    """
    return float(weights.sum() ** 2 / np.square(weights).sum())


def sets_caveat(sets: Sets) -> str:
    """Return what a reader has to know of intervals over parameter sets; empty where they are enough.

    Parameters
    ----------
    sets
        The parameter sets.
    """
    return small_sample_note(len(sets), effective_sample_size(sets.weights))


def temper_weights(logs: Floats, units: float, weights: Floats | float = 1.0) -> tuple[Floats, float]:
    """Return weights times a power of likelihoods, with that power: so many sets of equal weight they are worth.

    Parameters
    ----------
    logs
        Of the likelihoods, one a set.
    units
        What the weights are to be worth at least; the power is the largest that leaves so much, 1 at most.
    weights
        One a set, of any sum above 0; alike where not said.
    """
    from scipy.optimize import brentq

    def powered(power: float) -> Floats:
        likely = weights * np.exp(power * (logs - logs.max()))
        return np.asarray(likely / likely.sum())

    def spare(power: float) -> float:
        return float(1.0 / (powered(power) ** 2).sum()) - units

    power = 1.0 if spare(1.0) >= 0.0 else float(brentq(spare, 0.0, 1.0))
    return powered(power), power


def small_sample_note(sets: int, units: float) -> str:
    """Return what a reader has to know of an interval over few parameter sets; empty where they are enough.

    Parameters
    ----------
    sets
        How many sets there are.
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
        """Return the interval of the mean: Student's, or Wilson's for a share; NaN where there are not two units.

        Parameters
        ----------
        level
            The share of such intervals, 0 to 1, that are to hold the truth.

        Returns
        -------
        low, high; in the unit of :attr:`mean`
        """
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
        return small_sample_note(self.sets, self.units)

    def interval_words(self, form: str) -> str:
        """Return the interval in words, with its caveat; ``form`` is how numbers are written.

        Parameters
        ----------
        form
            A format of numbers, such as ``+.1f``.
        """
        low, high = self.interval()
        if math.isnan(low):
            return "too few runs or parameter sets for an interval"
        return ", ".join(filter(None, (f"95% interval of the mean: {low:{form}} to {high:{form}}", self.caveat)))

    def __str__(self) -> str:
        return f"{self.mean:+.1f} ({self.interval_words('+.1f')}; sets {self.low:+.1f} to {self.high:+.1f})"


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
    # sums, not products of vectors, whose last bits depend on how many processors share them
    centre = float((part * mean).sum())
    noise = float(np.sqrt((part**2 * variance / count).sum()))
    spread = quantiles(mean, part)
    if sets == 1:
        return Estimate(centre, noise, noise, *spread, sets, float(len(value)), share)
    units = effective_sample_size(part)
    error = float(np.sqrt((part * (mean - centre) ** 2).sum() / max(units - 1.0, 1.0)))
    return Estimate(centre, noise, error, *spread, sets, units, share)


def quantiles(values: Floats, weights: Floats) -> tuple[float, float]:
    """Return the 5% and 95% quantiles of weighted values.

    Parameters
    ----------
    values
        One a set.
    weights
        One a set.
    """
    low, high = np.quantile(values, (LOW, HIGH), weights=weights, method="inverted_cdf")
    return float(low), float(high)
