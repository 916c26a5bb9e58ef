"""How the runs of a study are numbered, and cut into parts that are simulated and stored one by one."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

SMALLEST, LARGEST = 256, 65_536  # rows of a part: enough to share out, few enough to lose
AT_ONCE = 4096  # runs that are held in memory with all their months: no part whose months are kept has more
_PARTS = 256  # wanted, between these bounds


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
    """

    points: int
    runs: int
    step: int
    largest: int = LARGEST

    @property
    def total(self) -> int:
        """Runs at most."""
        return self.points * self.runs

    @property
    def rounds(self) -> int:
        """Rounds at most."""
        return -(-self.runs // self.step)

    @property
    def part_rows(self) -> int:
        """Rows of a full part: a power of two that grows with the study."""
        wanted = 1 << max(self.total // _PARTS - 1, 0).bit_length()
        return min(max(wanted, SMALLEST), self.largest)

    def parts(self, round_: int) -> list[Part]:
        """Return the parts of a round, counted from 0; no part reaches into the next round."""
        full = -(-self.points * self.step // self.part_rows)
        begin, end = (self.points * min(done * self.step, self.runs) for done in (round_, round_ + 1))
        firsts = range(begin, end, self.part_rows)
        return [Part(round_ * full + k, first, min(first + self.part_rows, end)) for k, first in enumerate(firsts)]

    @property
    def every(self) -> list[Part]:
        """All parts, round after round."""
        return [part for round_ in range(self.rounds) for part in self.parts(round_)]

    def places(self, numbers: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Return the point and the replicate of runs of the study.

        A replicate is the number that, with the seed, fixes all chance: the same at every point, so that points
        are compared under the same chance.
        """
        round_ = numbers // (self.points * self.step)
        within = numbers - round_ * self.points * self.step
        width = np.minimum(self.step, self.runs - round_ * self.step)
        return within // width, round_ * self.step + within % width
