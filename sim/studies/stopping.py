"""Enough runs? A study may stop as soon as every point is known as exactly as was asked.

Fixed-width sequential intervals (Chow and Robbins 1965): Student's for a mean, Wilson's for a share, whose spread needs
no estimate. Runs that share a parameter set are one answer to what history leaves open, so sets are the units; where
all runs have the same numbers, each run is one, and the interval is run-to-run noise alone.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypedDict

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.analysis.definitions import DEFINITIONS
from sim.analysis.intervals import ROUNDING, student, wilson

MEASURES = ("effect_of_the_end", *DEFINITIONS)
ROUND = 50  # replicates of each point between two looks, at least
_CELLS = 1 << 20  # points times parameter sets that one tally holds: some tens of megabytes with all that is made of it


class UntilAsked(TypedDict):
    """The same as a manifest says it."""

    measure: str
    width: float


@dataclass(frozen=True)
class Until:
    """When to stop: the full width of the 95% interval of a measure's mean, at every point."""

    measure: str
    width: float


def blocks_of(points: int, units: int | None) -> Iterator[range]:
    """Yield points in a row, as many at a time as one tally may hold."""
    size = max(_CELLS // (units or 1), 1)
    for first in range(0, points, size):
        yield range(first, min(first + size, points))


class Tally:
    """Counts and sums of some points in a row, by unit.

    Parameters
    ----------
    points
        The numbers of the points.
    units
        How many parameter sets their runs share; None where all runs have the same numbers, and each is a unit.
    """

    def __init__(self, points: range, units: int | None = None) -> None:
        self.points, self.alone = points, units is None
        self.count, self.total = (np.zeros((len(points), units or 1)) for _ in range(2))
        self.squares = np.zeros(len(points))

    def add(self, rows: pd.DataFrame, measure: str, units: NDArray[np.int64] | None = None) -> None:
        """Count rows of these points, with ``point`` and the measure; what is missing was censored or failed.

        Parameters
        ----------
        units
            The parameter set of each row, counted from 0; not needed where each run is a unit.
        """
        known = rows[measure].notna().to_numpy()
        value = rows[measure][known].to_numpy(np.float64)
        point = rows["point"].to_numpy()[known] - self.points.start
        cell = point if units is None else point * self.count.shape[1] + units[known]
        np.add.at(self.count.reshape(-1), cell, 1.0)
        np.add.at(self.total.reshape(-1), cell, value)
        np.add.at(self.squares, point, value * value)

    def widths(self, measure: str) -> NDArray[np.float64]:
        """Return the width of each point's 95% interval; NaN where fewer than two units count."""
        runs = self.count.sum(axis=1)
        mean = self.total.sum(axis=1) / np.where(runs > 0, runs, np.nan)
        if self.alone:
            units = np.where(runs > 1, runs, np.nan)
            variance = np.maximum(self.squares - units * mean**2, 0.0) / (units - 1)
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
        if self.alone:
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
