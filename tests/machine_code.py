"""Single stages as machine code, for tests of what is printed."""

import ctypes
from collections.abc import Callable

import numpy as np

from sim.engine.compiled.llvm_engine import compile_text, load_code
from sim.engine.compiled.llvm_source import Vectors, stage_source
from sim.engine.tracing.graph import Graph
from sim.engine.tracing.stages import Stage


def machine(graph: Graph, stage: Stage, lanes: int = 1, width: int = 1) -> Callable[[np.ndarray], None]:
    """Return a stage as a function of a workspace of shape (rows, lanes), which it writes to."""
    code = load_code(compile_text(stage_source(graph, stage, Vectors(lanes, width))))
    call = ctypes.CFUNCTYPE(None, ctypes.c_void_p)(code.get_function_address(stage.name))

    def run(workspace: np.ndarray) -> None:
        assert workspace.shape == (len(graph.rows), lanes) and workspace.dtype == float and code
        call(workspace.ctypes.data)

    return run
