"""A rule on symbols: what only a number can tell is refused, with how to write it; no branch is taken in silence."""

import math
from collections.abc import Callable
from typing import Any

import pytest

from sim.engine.compiled.kernel import function
from sim.engine.tracing.graph import Graph, Node
from sim.engine.tracing.stages import Stage
from sim.model import saturation

REFUSED: dict[str, tuple[Callable[[Any, Any], Any], str]] = {
    "x == 1": (lambda x, y: x == 1.0, "equal(x, y)"),
    "1 == x": (lambda x, y: 1.0 == x, "equal(x, y)"),  # noqa: SIM300
    "x == y": (lambda x, y: x == y, "equal(x, y)"),
    "x != 1": (lambda x, y: x != 1.0, "equal(x, y)"),
    "x in a tuple": (lambda x, y: x in (0.0, 1.0), "equal(x, y)"),
    "1 in a tuple of it": (lambda x, y: 1.0 in (x, y), "equal(x, y)"),
    "x in a set": (lambda x, y: x in {0.0, 1.0}, "equal(x, key)"),
    "a look-up": (lambda x, y: {0.0: 1.0}.get(x, 2.0), "equal(x, key)"),
    "a look-up that fails": (lambda x, y: {0.0: 1.0}[x], "equal(x, key)"),
    "a list's item": (lambda x, y: [1.0, 2.0][x], "saturation"),
    "if x": (lambda x, y: 1.0 if x else 2.0, "if_below"),
    "not x": (lambda x, y: not x, "if_below"),
    "x < y": (lambda x, y: 1.0 if x < y else 2.0, "if_below"),
    "sorted": (lambda x, y: sorted((x, y)), "if_below"),
    "a case": (lambda x, y: _case(x), "equal(x, y)"),
    "math.exp": (lambda x, y: math.exp(x), "saturation"),
    "int": (lambda x, y: int(x), "saturation"),
    "round": (lambda x, y: round(x), "saturation"),
    "abs": (lambda x, y: abs(x), "max(x, -x)"),
    "x % 12": (lambda x, y: x % 12.0, "driver"),
}  # fmt: skip


def _case(x: Any) -> float:
    match x:
        case 1.0:
            return 2.0
    return 3.0


@pytest.mark.parametrize("asked", REFUSED)
def test_what_only_a_number_can_tell_is_refused_with_how_to_write_it(asked: str) -> None:
    rule, instead = REFUSED[asked]
    graph = Graph()
    x, y = graph.input("x", 0), graph.input("y", 0)
    with pytest.raises(TypeError) as told:
        graph.on_symbols(rule)(x, y)
    assert "a rule " in str(told.value)
    assert instead in str(told.value)


def test_the_advice_gives_what_the_refused_rule_meant() -> None:
    def looked_up(x: float) -> float:
        return sum(saturation.equal(x, key) * value for key, value in {0.0: 5.0, 1.0: 7.0}.items())

    graph = Graph()
    x = graph.input("x", 0)
    found = graph.node(graph.on_symbols(looked_up)(x))
    stage = Stage("f", {graph.store(found, "found"): found}, frozenset())
    scope: dict[str, Any] = {"if_below": saturation.if_below, "LANES": 1, **graph.rows}
    exec(function(graph, stage), scope)
    for value in (0.0, 1.0, 2.0):
        memory = [value, math.nan]
        scope["f"](memory)
        assert memory[1] == looked_up(value)


def test_equal_operations_are_one_node_though_nodes_cannot_be_compared() -> None:
    graph = Graph()
    x, y = graph.input("x", 0), graph.input("y", 0)
    assert x + y is x + y
    assert x + y is not y + x
    assert isinstance(x + 1.0, Node)
    assert x * 1.0 is x
