"""The batch engine: the traced months as operations of numpy on columns of runs, ready in a second."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

WIDEST = 2048  # runs side by side: of fewer, the calls of numpy cost more than what they compute


@dataclass(frozen=True)
class Columns:
    """A month loop on columns of runs; see :class:`sim.engine.blocks.MonthLoop`."""

    loops: dict[str, Callable[..., None]]
    rows: dict[str, int]
    lanes: int = WIDEST
    even: bool = False

    def begin(self, workspace: NDArray[np.float64], first_moves: NDArray[np.float64]) -> None:
        """Set the world of January 2019."""
        self._run("begin", workspace, first_moves)

    def simulate(self, workspace: NDArray[np.float64], *asked: object) -> None:
        """Simulate months."""
        self._run("simulate", workspace, *asked)

    def _run(self, loop: str, workspace: NDArray[np.float64], *asked: object) -> None:
        m = list(workspace)  # rows are exchanged, never written into
        with np.errstate(all="ignore"):  # a run whose states leave the numbers is found by them, as when compiled
            self.loops[loop](m, *asked)
        workspace[:] = m


@cache
def months(params: tuple[str, ...]) -> Columns:
    """Return the month loop."""
    from sim.engine.batch.source import source
    from sim.engine.tracing.stages import trace

    traced = trace(params)
    scope: dict[str, Any] = {}
    exec(compile(source(traced), "<months>", "exec"), scope)
    return Columns({loop: scope[loop] for loop in ("begin", "simulate")}, traced.rows)
