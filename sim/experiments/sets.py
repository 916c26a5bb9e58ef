"""The parameter sets that an experiment is made over, and estimates whose doubt is kept in two parts.

One part is run-to-run noise, which more runs make smaller; the other is the spread across parameter sets, which they
do not: it is what history has left open.
"""

from dataclasses import dataclass
from statistics import NormalDist
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from sim.experiments.retained import retained, uncertain
from sim.scenario.schema import Scenario
from sim.scenario.values import defaults

DEFAULTS = "the hand-set defaults alone"
RETAINED = "sets that history up to August 2024 has not ruled out"
_GOLDEN = (5.0**0.5 - 1.0) / 2.0
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
        Where they come from, in words.
    """

    values: pd.DataFrame
    weights: NDArray[np.float64]
    source: str

    def __len__(self) -> int:
        return len(self.values)


def standing(count: int | None = None, seed: int = 0) -> Sets:
    """Return the retained sets that travel with the package; the defaults, as one set, where there are none.

    Parameters
    ----------
    count
        So many of them, drawn by their weights with this seed; all where not said or where there are fewer.
    """
    try:
        found = retained()
    except FileNotFoundError:
        return given(pd.DataFrame([defaults({})])[uncertain()], DEFAULTS)
    if count is None or count >= len(found):
        return Sets(found.sets.reset_index(drop=True), found.weights, RETAINED)
    drawn = np.random.default_rng(seed).choice(len(found), count, replace=False, p=found.weights)
    return given(found.sets.iloc[np.sort(drawn)], RETAINED)


def given(values: pd.DataFrame, source: str) -> Sets:
    """Return sets that count alike."""
    return Sets(values.reset_index(drop=True).astype("float64"), np.full(len(values), 1.0 / len(values)), source)


def of_runs(sets: Sets, numbers: ArrayLike) -> dict[str, NDArray[np.float64]]:
    """Return the parameters of runs: each has one of the sets, which one its number alone decides.

    Any many runs in a row are spread over all sets evenly, by weight (a Weyl sequence with the golden ratio).
    """
    steps = (0.5 + np.asarray(numbers, dtype=np.float64) * _GOLDEN) % 1.0
    places = np.searchsorted(np.cumsum(sets.weights), steps)
    places = np.minimum(places, len(sets) - 1)  # the weights may sum to a little less than 1
    return dict(zip(map(str, sets.values), sets.values.to_numpy(np.float64)[places].T, strict=True))


def of_run(scenario: Scenario, number: int) -> Scenario:
    """Return a scenario as the run of this number has it, with its parameter set; what the scenario gives stands."""
    own = {name: float(value) for name, (value,) in of_runs(standing(), [number]).items()}
    return scenario.with_(parameters=own | dict(scenario.parameters))


@dataclass(frozen=True)
class Estimate:
    """A mean over parameter sets and runs.

    Attributes
    ----------
    mean
        Weighted over the sets.
    noise
        Standard error that the runs alone leave: that of the mean, were these sets the only ones.
    error
        Standard error with the sets as a sample of what history has left open; with one set it is ``noise``.
    low, high
        The 5 % and 95 % quantiles of the sets' own means.
    """

    mean: float
    noise: float
    error: float
    low: float
    high: float

    def interval(self, level: float = 0.95) -> tuple[float, float]:
        """Return the interval of the mean."""
        half = NormalDist().inv_cdf(0.5 + level / 2.0) * self.error
        return self.mean - half, self.mean + half

    def __str__(self) -> str:
        low, high = self.interval()
        return f"{self.mean:+.1f} (95 % interval {low:+.1f} to {high:+.1f}; sets {self.low:+.1f} to {self.high:+.1f})"


def estimate(values: "pd.Series[float]", owners: "pd.Series[int]", weights: NDArray[np.float64]) -> Estimate:
    """Return the estimate of a mean.

    Parameters
    ----------
    values
        One a run; NaN where a run was censored, which then does not count.
    owners
        The number of each run's set.
    weights
        One a set, by number.
    """
    groups = values.groupby(owners)
    mean, count = groups.mean(), groups.count()
    known = mean.notna()
    mean, count = mean[known], count[known]
    if mean.empty:
        return Estimate(*[float("nan")] * 5)
    share = weights[mean.index.to_numpy(dtype=int)]
    share = share / share.sum()
    centre = float(share @ mean)
    each = (groups.var()[known] / count).fillna(0.0)
    noise = float(np.sqrt(share**2 @ each))
    effective = 1.0 / float(share @ share)  # how many sets of equal weight these are worth (Kish 1965)
    spread = float(share @ (mean - centre) ** 2)
    error = noise if len(mean) == 1 else float(np.sqrt(spread / max(effective - 1.0, 1.0)))
    return Estimate(centre, noise, error, *quantiles(mean.to_numpy(), share))


def quantiles(values: NDArray[Any], weights: NDArray[Any]) -> tuple[float, float]:
    """Return the 5 % and 95 % quantiles of weighted values."""
    low, high = np.quantile(values, (LOW, HIGH), weights=weights, method="inverted_cdf")
    return float(low), float(high)
