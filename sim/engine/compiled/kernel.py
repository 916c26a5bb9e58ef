"""The compiled engine's source: every stage as one straight-line loop over lanes, for numba.

The workspace is one flat array with ``LANES`` numbers a row, a lane a run: with everything in one array, the compiler
can see that no store disturbs a load, and puts several runs into one instruction.
"""

from sim.engine import draws
from sim.engine.tracing.graph import TEXT, Graph
from sim.engine.tracing.order import BEGIN, SIMULATE, constants, identifier
from sim.engine.tracing.stages import Stage, Stages


def source(traced: Stages, lanes: int) -> str:
    """Return the source of the kernel."""
    cached = '\n@njit(nogil=True, error_model="numpy", cache=True)'
    parts = [_HEAD.format(lanes=lanes, pairs=draws.PAIRS), constants(traced.rows)]
    parts += ["\n@compiled\n" + function(traced.graph, stage) for stage in traced.stages]
    return "\n".join([*parts, _LANES, cached + BEGIN, cached + SIMULATE])


def function(graph: Graph, stage: Stage) -> str:
    """Return the source of a stage, as a function of the workspace."""
    lines = []
    names: dict[int, str] = {}  # by the node's place
    for node in stage.ordered(graph):
        if node.op == "constant":
            names[node.place] = repr(float.fromhex(node.args[0]))
            continue
        names[node.place], row = f"v{len(names)}", stage.read(node)
        text = _at(row) if row else TEXT[node.op].format(*(names[arg.place] for arg in node.args))
        lines.append(f"        {names[node.place]} = {text}")
    lines += [f"        {_at(row)} = {names[node.place]}" for row, node in stage.outputs.items()]
    return "\n".join([f"def {stage.name}(m):", "    for i in range(LANES):", *lines, ""])


def _at(row: str) -> str:
    return f"m[{identifier(row)} * LANES + i]"


_HEAD = """# Derived from the rules under sim/model; never edited.

from math import sqrt

import numpy as np
from numba import njit

from sim.engine import draws
from sim.engine.compiled.branchless import if_below

LANES = {lanes}
PAIRS = {pairs}
compiled = njit(nogil=True, error_model="numpy")
philox, units = compiled(draws.philox), compiled(draws.units)
"""

_LANES = """
@compiled
def fill(m, row, value):
    for i in range(LANES):
        m[row * LANES + i] = value


@compiled
def copy(m, row, source):
    for i in range(LANES):
        m[row * LANES + i] = m[source * LANES + i]


@compiled
def two_draws(a, b, c, d, key, key_high):  # one call in the loop; with two, the compiler leaves the lanes apart
    return units(*philox(a, b, c, d, key, key_high))


@compiled
def roll(m, row, seed, seed_high, run, run_high):
    for pair in range(PAIRS):
        for i in range(LANES):
            one, other = two_draws(np.uint64(pair), np.uint64(row), run[i], run_high[i], seed, seed_high)
            m[(CHANCE + 2 * pair) * LANES + i] = one
            m[(CHANCE + 2 * pair + 1) * LANES + i] = other


@compiled
def limit(m, place, held):
    fill(m, FLOOR[place], held[0])
    fill(m, CEILING[place], held[1])


@compiled
def score_bundles(m, limits):
    first = 1  # bundles come in the order of arms, payment and technology
    for arms in ARMS:
        fill(m, bundled_arms, arms)
        survey_arms(m)
        for pay in PAY:
            fill(m, bundled_pay, pay)
            for place in range(TECHNOLOGIES):
                limit(m, place, limits[first + place])
            score_deal(m)
            for place in range(TECHNOLOGIES):
                copy(m, TABLE[first + place], OFFERED[place])
            first += TECHNOLOGIES


@compiled
def take_bundle(m, row, part):
    for i in range(LANES):
        m[row * LANES + i] = BUNDLE[int(m[bundle * LANES + i]), part]


@compiled
def keep(m, month, record, series, played):
    for r in range(record.shape[0]):
        row = record[r] * LANES
        for i in range(LANES):
            series[r, i, month] = m[row + i]
    for k in range(played.shape[2]):
        row = MOVES[k] * LANES
        for i in range(LANES):
            place = 0
            for o in range(1, COUNT[k]):  # options rise
                if m[row + i] >= VALUE[k, o]:
                    place = o
            played[i, month, k] = place
"""
