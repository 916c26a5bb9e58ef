"""The batch engine's source: every operation of every stage as one line of numpy, for all runs at once.

The workspace is a list with an array a row, a number a run. No array is written into once it is a row: a row is given
another array.
"""

from collections import Counter

from sim.engine import draws
from sim.engine.tracing.graph import TEXT, Graph, Node, distinct
from sim.engine.tracing.month_order import BEGIN, SIMULATE_RUNS, constants, identifier
from sim.engine.tracing.stages import Stage, Stages

_TEXT = TEXT | {
    "**": "power({}, {})",
    "max": "where({0} < {1}, {1}, {0})",
    "min": "where({1} < {0}, {1}, {0})",
    "if_below": "where({} < {}, {}, {})",
}


def python_source(traced: Stages) -> str:
    """Return the source of the month loop."""
    numbers: dict[str, str] = {}
    stages = [function(traced.graph, stage, numbers) for stage in traced.stages]
    bundles = [stage for stage in traced.stages if stage.name in ("survey_arms", "score_deal")]
    read = {row for stage in bundles for node in stage.sort_nodes(traced.graph) if (row := stage.read(node))}
    named = [f"{name} = np.array({number})\n" for number, name in numbers.items()]
    named += [f"PAIRS = {draws.PAIRS}\n", f"READ_BY_BUNDLES = {sorted(traced.rows[row] for row in read)}\n"]
    return "\n".join([_HEAD, constants(traced.rows), "".join(named), *stages, _COLUMNS, BEGIN, SIMULATE_RUNS])


def function(graph: Graph, stage: Stage, numbers: dict[str, str]) -> str:
    """Return the source of a stage, as a function of the workspace.

    Parameters
    ----------
    numbers
        The names of constants, by how they are written; those of this stage are added.
    """
    order = stage.sort_nodes(graph)
    computed = [node for node in order if node.op != "constant" and not stage.read(node)]
    needed = [*stage.outputs.values(), *(arg for node in computed for arg in node.args)]
    unread = Counter(node.place for node in needed)
    names: dict[int, str] = {}  # by the node's place
    free: list[str] = []  # names of what is no longer read: with them its arrays are let go
    lines = []
    for node in order:
        if node.op == "constant":
            number = repr(float.fromhex(node.args[0]))
            names[node.place] = numbers.setdefault(number, f"c{len(numbers)}")
            continue
        if row := stage.read(node):
            text = f"m[{identifier(row)}]"
        else:
            text = _operation(node).format(*(names[arg.place] for arg in node.args))
            unread.subtract(arg.place for arg in node.args)
            done = (arg for arg in distinct(node.args) if arg.op != "constant" and not unread[arg.place])
            free += [names[arg.place] for arg in done]
        names[node.place] = free.pop() if free else f"v{len(names)}"
        lines.append(f"    {names[node.place]} = {text}")
    for row, node in stage.outputs.items():
        put = "fill(m, {}, {})" if node.op == "constant" else "m[{}] = {}"
        lines.append("    " + put.format(identifier(row), names[node.place]))
    return "\n".join([f"def {stage.name}(m):", *lines, ""])


def _operation(node: Node) -> str:
    """Return how an operation is written.

    The maximum and minimum of numpy are those of Python, and faster, where the second number is known and is not 0:
    else Python, of two zeros, takes the first, whatever its sign; and of a NaN and a number, the first.
    """
    if node.op in ("max", "min") and node.args[1].op == "constant" and float.fromhex(node.args[1].args[0]) != 0.0:
        return f"{node.op}imum({{}}, {{}})"
    return _TEXT[node.op]


_HEAD = """# Derived from the rules under sim/model; never edited.

import numpy as np
from numpy import maximum, minimum, sqrt, where

from sim.engine.draws import philox, units

plain_power = np.frompyfunc(pow, 2, 1)

def power(x, exponent):  # numpy's own has other last bits on some processors
    return plain_power(x, exponent).astype(np.float64)
"""

_COLUMNS = """
def fill(m, row, value):
    m[row] = np.full(len(m[month]), value)


def fill_runs(m, row, values):
    m[row] = values


def copy(m, row, source):
    m[row] = m[source]


def roll(m, row, seed, seed_high, run, run_high):
    pairs = np.arange(PAIRS, dtype=np.uint64)[:, None]
    one, other = units(*philox(pairs, np.uint64(row), run, run_high, seed, seed_high))
    m[CHANCE : CHANCE + 2 * PAIRS : 2] = one
    m[CHANCE + 1 : CHANCE + 2 * PAIRS : 2] = other


def limit(m, place, held):
    fill(m, FLOOR[place], held[0])
    fill(m, CEILING[place], held[1])


def score_bundles(m, limits):
    # all arms and payments side by side: their runs make one wide row
    runs, sides = len(m[month]), len(ARMS) * len(PAY)
    wide = dict(zip(READ_BY_BUNDLES, np.tile([m[row] for row in READ_BY_BUNDLES], sides)))
    wide[bundled_arms] = np.repeat(ARMS, len(PAY) * runs)
    wide[bundled_pay] = np.tile(np.repeat(PAY, runs), len(ARMS))
    held = np.repeat(limits[1:].reshape(sides, TECHNOLOGIES, 2), runs, axis=0)
    for place in range(TECHNOLOGIES):
        wide[FLOOR[place]], wide[CEILING[place]] = np.ascontiguousarray(held[:, place].T)
    survey_arms(wide)
    score_deal(wide)
    for place in range(TECHNOLOGIES):
        for side, scores in enumerate(wide[OFFERED[place]].reshape(sides, runs)):
            m[TABLE[1 + side * TECHNOLOGIES + place]] = scores


def take_bundle(m, row, part):
    m[row] = BUNDLE[m[bundle].astype(np.int64), part]


def keep(m, month, record, series, played):
    for r, row in enumerate(record):
        series[r, :, month] = m[row]
    for k, row in enumerate(MOVES):
        played[:, month, k] = VALUE[k, 1 : COUNT[k]].searchsorted(m[row], side="right")
"""
