"""What an engine is that simulates many runs: a function that gives a month loop made from the rules."""

from collections.abc import Callable, Mapping
from typing import Protocol

import numpy as np
from numpy.typing import NDArray


class MonthLoop(Protocol):
    """A month loop made from the rules."""

    @property
    def rows(self) -> Mapping[str, int]:
        """The place of every row of the workspace, by its name, such as ``world.tension``."""

    @property
    def lanes(self) -> int:
        """How many runs it simulates side by side, at most."""

    @property
    def groups(self) -> int:
        """How many groups of so many runs one call simulates, one after the other, at most."""

    @property
    def even(self) -> bool:
        """Whether it always simulates as many side by side."""

    def begin(self, workspace: NDArray[np.float64], first_moves: NDArray[np.float64]) -> None:
        """Set the world of January 2019 in a workspace.

        Parameters
        ----------
        workspace
            Shape (groups, :attr:`rows`, runs side by side); written to.
        first_moves
            Values of the options of January 2019, one a lever.
        """

    def simulate(self, workspace: NDArray[np.float64], *asked: object) -> None:
        """Simulate months; see :data:`sim.engine.tracing.month_order.SIMULATE`.

        Parameters
        ----------
        workspace
            Shape (groups, :attr:`rows`, runs side by side); written to.
        *asked
            What the order of the month says. What is given has shape (groups, months, fields, runs side by side), with
            one group where all are given the same; all else has a place a run, one group after the other.
        """


Engine = Callable[[tuple[str, ...]], MonthLoop]  # of the names of the parameters
