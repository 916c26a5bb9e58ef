"""Where runs set out from: some months of the past that need not be simulated, as states that runs go on from."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, eq=False)
class StartState:
    """States that runs set out from, one a run or one a parameter set.

    Attributes
    ----------
    months
        How many months lie before, from 2019-01; at least one.
    memory
        What the rules remember of each, shape (:data:`sim.engine.blocks.REMEMBERED`, states).
    series, played
        The months before as runs show them: shapes (states, months, recorded rows) and (states, months, levers). With
        none of the months, runs show their later months alone.
    """

    months: int
    memory: NDArray[np.float64]
    series: NDArray[np.float64]
    played: NDArray[np.int8]

    def __len__(self) -> int:
        return int(self.memory.shape[1])

    def select(self, places: NDArray[np.int64] | NDArray[np.bool_] | slice) -> "StartState":
        """Return the states at some places; a state may be taken more than once.

        Parameters
        ----------
        places
            Places among the states: whole numbers, yes and no, or a slice.
        """
        return StartState(self.months, self.memory[:, places], self.series[places], self.played[places])

    def with_rows(self, rows: Sequence[int]) -> "StartState":
        """Return the same states with some of the recorded rows of the months before.

        Parameters
        ----------
        rows
            Their places.
        """
        return replace(self, series=self.series[..., list(rows)])
