"""How the runs of a study are numbered, and cut into parts that are simulated and stored one by one."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

SMALLEST, LARGEST = 256, 131_072  # rows of a part: enough to share out, few enough to lose
AT_ONCE = 4096  # runs that are held in memory with all their months: no part whose months are kept has more
_PARTS = 256  # wanted, between these bounds
_TENTH = 10  # growing rounds add one replicate to so many: looks at all rows again cost what a dozen passes do


@dataclass(frozen=True)
class Part:
    """A file of rows: the runs from ``first`` up to, not including, ``stop``."""

    number: int
    first: int
    stop: int

    def __len__(self) -> int:
        return self.stop - self.first


@dataclass(frozen=True)
class Layout:
    """Rounds of replicates; within a round point after point, within a point replicate after replicate.

    Nothing here depends on threads or workers, so that any number of them writes the same files.

    Attributes
    ----------
    points
        Points of the design.
    runs
        Replicates of each point, at most.
    step
        Replicates a round: after each, a study may find that it has enough.
    largest
        Rows of a part at most.
    growing
        A round has a tenth of the replicates before it, where that is more than the step.
    """

    points: int
    runs: int
    step: int
    largest: int = LARGEST
    growing: bool = False

    @property
    def total(self) -> int:
        """Runs at most."""
        return self.points * self.runs

    @property
    def rounds(self) -> int:
        """Rounds at most."""
        return len(self.ends)

    @cached_property
    def ends(self) -> NDArray[np.int64]:
        """Replicates of each point after each round."""
        ends = [min(self.step, self.runs)]
        while ends[-1] < self.runs:
            more = max(self.step, ends[-1] // _TENTH) if self.growing else self.step
            ends.append(min(ends[-1] + more, self.runs))
        return np.array(ends)

    @property
    def part_rows(self) -> int:
        """Rows of a full part: a power of two that grows with the study."""
        wanted = 1 << max(self.total // _PARTS - 1, 0).bit_length()
        return min(max(wanted, SMALLEST), self.largest)

    def parts(self, round_: int) -> list[Part]:
        """Return the parts of a round, counted from 0; no part reaches into the next round."""
        begin, end = (self.points * int(replicates) for replicates in self._bounds[round_ : round_ + 2])
        firsts = range(begin, end, self.part_rows)
        number = int(self._numbers[round_])
        return [Part(number + k, first, min(first + self.part_rows, end)) for k, first in enumerate(firsts)]

    def parts_of(self, points: range, round_: int) -> list[Part]:
        """Return the parts of a round that hold runs of some points in a row."""
        before, width = int(self._bounds[round_]), int(np.diff(self._bounds)[round_])
        first, stop = (self.points * before + width * point for point in (points.start, points.stop))
        return [part for part in self.parts(round_) if part.first < stop and part.stop > first]

    def part_of(self, number: int) -> Part:
        """Return the part that holds a run."""
        return next(part for part in self.parts(int(self._rounds_of(number))) if part.first <= number < part.stop)

    @property
    def every(self) -> list[Part]:
        """All parts, round after round."""
        return [part for round_ in range(self.rounds) for part in self.parts(round_)]

    def places(self, numbers: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Return the point and the replicate of runs of the study.

        A replicate is the number that, with the seed, fixes all chance: the same at every point, so that points
        are compared under the same chance.
        """
        round_ = self._rounds_of(numbers)
        before, width = self._bounds[round_], np.diff(self._bounds)[round_]
        within = numbers - self.points * before
        return within // width, before + within % width

    @cached_property
    def _bounds(self) -> NDArray[np.int64]:
        """Replicates of each point before each round, and in the end."""
        return np.append(0, self.ends)

    @cached_property
    def _numbers(self) -> NDArray[np.int64]:
        """The number of each round's first part."""
        return np.append(0, np.cumsum(-(-self.points * np.diff(self._bounds) // self.part_rows)))

    def _rounds_of(self, numbers: Any) -> Any:
        return np.searchsorted(self.points * self.ends, numbers, side="right")
