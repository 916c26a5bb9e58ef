"""Enough runs? A study may stop as soon as every point is known as exactly as was asked.

The interval of a mean is the normal one (fixed-width sequential intervals: Chow and Robbins 1965); that of a share is
Wilson's (1927), which does not shrink to nothing where all of a few runs agree.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.experiments.drift import DEFINITIONS

MEASURES = ("effect_of_the_end", *DEFINITIONS)
ROUND = 50  # replicates of each point between two looks
_Z = 1.959963984540054  # 95 %


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
            point, value = known["point"].to_numpy(), known[measure].to_numpy(np.float64)
            size = len(self.count)
            self.count += np.bincount(point, minlength=size)
            self.total += np.bincount(point, weights=value, minlength=size)
            self.squares += np.bincount(point, weights=value * value, minlength=size)

    def widths(self, measure: str) -> NDArray[np.float64]:
        """Return the width of each point's 95 % interval; NaN where fewer than two runs count."""
        n = np.where(self.count > 1, self.count, np.nan)
        mean = self.total / n
        if measure in DEFINITIONS:
            return 2 * _Z / (1 + _Z**2 / n) * np.sqrt(mean * (1 - mean) / n + _Z**2 / (4 * n**2))
        variance = np.maximum(self.squares - n * mean**2, 0.0) / (n - 1)
        return 2 * _Z * np.sqrt(variance / n)

    def enough(self, until: Until) -> bool:
        """Say whether every point that can be judged is known well enough (a point without any judged run cannot)."""
        widths = self.widths(until.measure)
        return bool((np.isnan(widths) | (widths <= until.width)).all())
