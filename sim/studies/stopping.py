"""Enough runs? A study may stop as soon as every point is known as exactly as was asked.

Fixed-width sequential intervals (Chow and Robbins 1965): Student's for a mean, Wilson's for a share, whose spread needs
no estimate. Runs that share a parameter set are one answer to what history leaves open, so sets are the units; where
all runs have the same numbers, each run is one, and the interval is run-to-run noise alone.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypedDict

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.analysis.definitions import DEFINITIONS
from sim.analysis.intervals import ROUNDING, student, wilson

MEASURES = ("effect_of_the_end", *DEFINITIONS)
ROUND = 50  # replicates of each point between two looks


class UntilAsked(TypedDict):
    """The same as a manifest says it."""

    measure: str
    width: float


@dataclass(frozen=True)
class Until:
    """When to stop: the full width of the 95% interval of a measure's mean, at every point."""

    measure: str
    width: float


class Tally:
    """Counts and sums by point and unit, in memory that does not grow with the runs.

    Parameters
    ----------
    owners
        The number of each replicate's parameter set; None where all runs have the same numbers.
    """

    def __init__(self, points: int, owners: NDArray[np.int64] | None = None) -> None:
        self.owners = None if owners is None else np.unique(owners, return_inverse=True)[1]
        units = 1 if self.owners is None else int(self.owners.max()) + 1
        self.count, self.total, self.squares = (np.zeros((points, units)) for _ in range(3))

    def add(self, rows: Iterable[pd.DataFrame], measure: str) -> None:
        """Count rows with ``point``, ``replicate`` and the measure; what is missing was censored or failed."""
        for frame in rows:
            known = frame.dropna(subset=[measure])
            place, value = known["point"].to_numpy(), known[measure].to_numpy(np.float64)
            if self.owners is not None:
                place = place * self.count.shape[1] + self.owners[known["replicate"].to_numpy()]
            for sums, weights in ((self.count, None), (self.total, value), (self.squares, value * value)):
                sums += np.bincount(place, weights=weights, minlength=sums.size).reshape(sums.shape)

    def widths(self, measure: str) -> NDArray[np.float64]:
        """Return the width of each point's 95% interval; NaN where fewer than two units count."""
        runs = self.count.sum(axis=1)
        mean = self.total.sum(axis=1) / np.where(runs > 0, runs, np.nan)
        if self.owners is None:
            units = np.where(runs > 1, runs, np.nan)
            variance = np.maximum(self.squares[:, 0] - units * mean**2, 0.0) / (units - 1)
            error = np.sqrt(variance / units)
        else:
            part = self.count / np.where(runs > 0, runs, np.nan)[:, None]
            units = 1.0 / (part**2).sum(axis=1)  # sets of equal weight that these are worth (Kish 1965)
            units = np.where(units >= 2.0, units, np.nan)
            apart = self.total / np.maximum(self.count, 1) - mean[:, None]
            error = np.sqrt((part * apart**2).sum(axis=1) / (units - 1))
        errors = student(units - 1.0)
        if measure not in DEFINITIONS:
            return np.asarray(2 * errors * error)
        if self.owners is None:
            low, high = wilson(mean, units, student(np.inf))
        else:
            agree = error <= ROUNDING  # then each unit counts as one answer
            count = np.where(agree, units, mean * (1.0 - mean) / np.where(agree, 1.0, error) ** 2)
            low, high = wilson(mean, count, errors)
        return np.asarray(high - low)

    def enough(self, until: Until) -> bool:
        """Say whether every point that can be judged is known well enough (a point without any judged run cannot)."""
        widths = self.widths(until.measure)
        return bool((np.isnan(widths) | (widths <= until.width)).all())
