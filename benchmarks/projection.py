"""The look-ahead projection derived from the rules, beside one written in C: ``python -m benchmarks.projection``.

Both project all 20 stocks that move, two jumps each, for the same runs side by side; results are compared
bit by bit, then both are timed in turns by one loop in C. The C kernel is compiled by the system's compiler (``cc``,
or ``CC``), plainly, and with the flags that let it work on several lanes at once.
"""

import ctypes
import os
import subprocess
import tempfile
from pathlib import Path
from time import perf_counter
from types import SimpleNamespace
from typing import Any

import numpy as np

from sim.engine.compiled.llvm_engine import LANES, compile_text, load_code, processor, width
from sim.engine.compiled.llvm_source import Vectors, stage_source
from sim.engine.plan import plan_of
from sim.engine.tracing.graph import Graph
from sim.engine.tracing.stages import Stage
from sim.model.drivers import DRIVERS, Drivers
from sim.model.foresight import look_ahead
from sim.model.moves import LEVERS, MOVE_FIELDS, Moves
from sim.model.pace import PACED, Pace
from sim.model.world import RANGE, WORLD_FIELDS, World
from sim.scenario import load

PLAIN = ("-O3", "-march=native", "-ffp-contract=off")
VECTORS = ("-fno-math-errno", "-fno-trapping-math", "-mprefer-vector-width=512")
TIMES, TURNS = 20_000, 15


def trace() -> tuple[Graph, Stage]:
    """Run the projection on symbols; return the graph, and the projection as a stage."""
    graph = Graph()
    params = {name: graph.input(f"PARAMS_{name}", 1) for name in plan_of(load("baseline")).values}
    world = World(*[graph.input(f"WORLD_{name}", 1) for name in WORLD_FIELDS])
    moves = Moves(*[graph.input(f"MOVES_{name}", 1) for name in MOVE_FIELDS])
    outlook = Drivers(*[graph.input(f"OUTLOOK_{name}", 1) for name in DRIVERS])
    pace = Pace(*[graph.input(f"PACE_{name}", 1) for name in ("months", *PACED)])
    end = graph.on_symbols(look_ahead)(world, moves, SimpleNamespace(**params), outlook, pace)
    moving = [name for name in WORLD_FIELDS if name not in ("trust", "expected_support")]  # learnt once a month
    outputs = {graph.store(getattr(end, name), f"END_{name}"): getattr(end, name) for name in moving}
    return graph, Stage("project", outputs, frozenset())


def derived(graph: Graph, stage: Stage) -> Any:
    """Compile the projection that was derived from the rules."""
    return load_code(compile_text(stage_source(graph, stage, Vectors(LANES, width()))))


def by_hand(rows: dict[str, int], flags: tuple[str, ...], folder: Path) -> ctypes.CDLL:
    """Compile the projection written in C."""
    defines = [f"#define LANES {LANES}", *(f"#define {name} {row}" for name, row in rows.items())]
    (folder / "rows.h").write_text("\n".join(defines) + "\n")
    library = folder / f"projection{len(flags)}.so"
    source = Path(__file__).with_name("projection.c")
    compiler = os.environ.get("CC", "cc")
    subprocess.run([compiler, *flags, "-shared", "-fPIC", f"-I{folder}", source, "-o", library, "-lm"], check=True)
    return ctypes.CDLL(str(library))


def worlds(rows: dict[str, int]) -> np.ndarray:
    """Return a workspace of runs drawn over the whole range of states and moves."""
    rng = np.random.default_rng(1)
    m = np.zeros((len(rows), LANES))
    values = plan_of(load("baseline")).values
    for name, row in rows.items():
        group, _, field = name.partition("_")
        if group == "PARAMS":
            m[row] = values[field]
        elif group == "WORLD":
            m[row] = rng.uniform(*RANGE[field], LANES)
        elif group == "MOVES":
            options = next(lever.options for lever in LEVERS if lever.field == field)
            m[row] = rng.choice([option.value for option in options], LANES)
        elif group in ("OUTLOOK", "PACE"):
            m[row] = rng.uniform(0.0, 1.0, LANES)
    return m


def main() -> None:
    """Compare results and times."""
    graph, stage = trace()
    rows = graph.rows
    start = worlds(rows)
    with tempfile.TemporaryDirectory() as name:
        plain, vectors = (by_hand(rows, flags, Path(name)) for flags in (PLAIN, PLAIN + VECTORS))
        ours = derived(graph, stage)
        kernels = {
            "derived from the rules": ours.get_function_address("project"),
            "C, " + " ".join(PLAIN): ctypes.cast(plain.project, ctypes.c_void_p).value,
            "C, and " + " ".join(VECTORS): ctypes.cast(vectors.project, ctypes.c_void_p).value,
        }
        results, best = {}, dict.fromkeys(kernels, np.inf)
        repeat = vectors.repeat
        repeat.argtypes = (ctypes.c_void_p, ctypes.c_void_p, ctypes.c_size_t)
        for kernel, address in kernels.items():
            results[kernel] = start.copy()
            repeat(address, results[kernel].ctypes.data, 1)
        for _ in range(TURNS):
            for kernel, address in kernels.items():
                began = perf_counter()
                repeat(address, results[kernel].ctypes.data, TIMES)
                best[kernel] = min(best[kernel], (perf_counter() - began) / TIMES / LANES)
    first = results["derived from the rules"]
    print(f"{processor()}, {len(stage.outputs)} stocks, {LANES} runs side by side, best of {TURNS} turns")
    for kernel, seconds in best.items():
        differing = int((results[kernel] != first).sum())
        ratio = best["derived from the rules"] / seconds
        said = f"{seconds * 1e9:7.1f} ns a projection, ours takes {ratio:5.2f} times as long"
        print(f"{said}, {differing} numbers differ: {kernel}")


if __name__ == "__main__":
    main()
