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
    """A month loop on columns of runs; see :class:`sim.engine.protocol.MonthLoop`.

    Attributes
    ----------
    loops, alone
        By name: for many runs, and for one.
    """

    loops: dict[str, Callable[..., None]]
    alone: dict[str, Callable[..., None]]
    rows: dict[str, int]
    lanes: int = WIDEST
    groups: int = 1
    even: bool = False

    def begin(self, workspace: NDArray[np.float64], first_moves: NDArray[np.float64]) -> None:
        """Set the world of January 2019."""
        self._run("begin", workspace, first_moves)

    def simulate(self, workspace: NDArray[np.float64], *asked: Any) -> None:
        """Simulate months."""
        first, last, given, *rest = asked
        self._run("simulate", workspace, first, last, given[0], *rest)

    def _run(self, loop: str, workspaces: NDArray[np.float64], *asked: object) -> None:
        (workspace,) = workspaces
        one = workspace.shape[1] == 1
        m = list(workspace[:, 0] if one else workspace)  # rows are exchanged, never written into
        with np.errstate(all="ignore"):  # a run whose states leave the numbers is found by them, as when compiled
            (self.alone if one else self.loops)[loop](m, *asked)
        workspace[:] = np.reshape(m, workspace.shape)


@cache
def month_loop(params: tuple[str, ...]) -> Columns:
    """Return the month loop."""
    from sim.engine.batch.alone import bind_scalar_stages
    from sim.engine.batch.numpy_source import python_source
    from sim.engine.tracing.stages import trace

    traced = trace(params)
    code = compile(python_source(traced), "<months>", "exec")
    columns: dict[str, Any] = {}
    alone: dict[str, Any] = {}
    exec(code, columns)
    exec(code, alone)
    bind_scalar_stages(alone, columns)
    loops, single = ({loop: scope[loop] for loop in ("begin", "simulate")} for scope in (columns, alone))
    return Columns(loops, single, traced.rows)
