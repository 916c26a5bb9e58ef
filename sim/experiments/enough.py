"""Enough runs? A study may stop as soon as every point is known as exactly as was asked.

All runs of a point have one parameter set, so the interval is run-to-run noise alone (fixed-width sequential intervals:
Chow and Robbins 1965): Student's for a mean, Wilson's for a share, whose spread needs no estimate.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.experiments.drift import DEFINITIONS
from sim.experiments.intervals import student, wilson

MEASURES = ("effect_of_the_end", *DEFINITIONS)
ROUND = 50  # replicates of each point between two looks


@dataclass(frozen=True)
class Until:
    """When to stop: the full width of the 95 % interval of a measure's mean, at every point."""

    measure: str
    width: float


class Tally:
    """Counts, sums and sums of squares by point, in memory that does not grow with the runs."""

    def __init__(self, points: int) -> None:
        self.count, self.total, self.squares = (np.zeros(points) for _ in range(3))

    def add(self, rows: Iterable[pd.DataFrame], measure: str) -> None:
        """Count rows with the columns ``point`` and the measure; what is missing was censored or failed."""
        for frame in rows:
            known = frame.dropna(subset=[measure])
            point, value = known["point"].to_numpy(), known[measure].to_numpy()
            size = len(self.count)
            self.count += np.bincount(point, minlength=size)
            self.total += np.bincount(point, weights=value, minlength=size)
            self.squares += np.bincount(point, weights=value * value, minlength=size)

    def widths(self, measure: str) -> NDArray[np.float64]:
        """Return the width of each point's 95 % interval; NaN where fewer than two runs count."""
        n = np.where(self.count > 1, self.count, np.nan)
        mean = self.total / n
        if measure in DEFINITIONS:
            low, high = wilson(mean, n, student(np.inf))
            return np.asarray(high - low)
        variance = np.maximum(self.squares - n * mean**2, 0.0) / (n - 1)
        return np.asarray(2 * student(n - 1.0) * np.sqrt(variance / n))

    def enough(self, until: Until) -> bool:
        """Say whether every point that can be judged is known well enough (a point without any judged run cannot)."""
        widths = self.widths(until.measure)
        return bool((np.isnan(widths) | (widths <= until.width)).all())
