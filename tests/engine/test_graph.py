"""Symbols: what a rule becomes when it is run on them, and what is refused, with how to write it instead."""

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from sim.engine.tracing.graph import Graph, Node
from sim.engine.tracing.stages import Stage
from sim.model import saturation
from sim.model.citing import rests_on
from sim.model.saturation import blend, clip, if_below
from sim.model.transition import economy
from tests.machine_code import machine

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
    "x >= 1": (lambda x, y: x >= 1.0, "if_below"),
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
    with pytest.raises(TypeError) as refused:
        graph.on_symbols(rule)(x, y)
    assert "a rule " in str(refused.value)
    assert instead in str(refused.value)


def test_the_advice_gives_what_the_refused_rule_meant() -> None:
    def looked_up(x: float) -> float:
        return sum(saturation.equal(x, key) * value for key, value in {0.0: 5.0, 1.0: 7.0}.items())

    graph = Graph()
    x = graph.input("x", 0)
    node = graph.node(graph.on_symbols(looked_up)(x))
    stage = Stage("f", {graph.store(node, "found"): node}, frozenset())
    values = np.array([0.0, 1.0, 2.0, 3.0])
    memory = np.array([values, np.full(4, math.nan)])
    machine(graph, stage, lanes=4, width=2)(memory)
    assert memory[1].tolist() == [looked_up(value) for value in values]


def written(node: Node) -> str:
    """Return the operations behind a node, innermost first."""
    if node.op == "input":
        return str(node.args[0])
    if node.op == "constant":
        return repr(float.fromhex(node.args[0]))
    return f"{node.op}({', '.join(written(arg) for arg in node.args)})"


@pytest.fixture
def graph() -> Graph:
    return Graph()


def test_a_rule_becomes_the_operations_that_it_performs_in_their_order(graph: Graph) -> None:
    x = graph.input("x", 0)
    assert written(graph.on_symbols(clip)(x, 0.0, 2.0)) == "min(max(x, 0.0), 2.0)"
    assert written(graph.on_symbols(blend)(x, 3.0, 5.0)) == "+(*(x, 3.0), *(-(1.0, x), 5.0))"


def test_what_a_rule_calls_is_run_on_symbols_too_and_the_rule_itself_is_left_alone(graph: Graph) -> None:
    @rests_on("A1")
    def rule(x: float) -> float:
        return if_below(x, 1.0, max(x, 0.5), economy.sqrt(x))

    traced = graph.on_symbols(rule)
    assert written(traced(graph.input("x", 0))) == "if_below(x, 1.0, max(x, 0.5), sqrt(x))"
    assert rule(4.0) == 2.0
    assert rule(0.25) == 0.5


def test_equal_operations_are_one_node_though_nodes_cannot_be_compared(graph: Graph) -> None:
    x, y = graph.input("x", 0), graph.input("y", 0)
    assert x * y + 1.0 is x * y + 1.0
    assert x * y is not y * x
    assert graph.constant(0.0) is not graph.constant(-0.0)


def test_what_is_known_is_computed_at_once_and_a_factor_of_one_left_out(graph: Graph) -> None:
    x = graph.input("x", 0)
    assert graph.apply("max", 2.0, 3.0) == 3.0
    assert 1.0 * x is x and x * 1.0 is x
    assert written(x * 1) == "x"


def test_a_node_changes_as_often_as_what_it_is_made_of(graph: Graph) -> None:
    once, monthly = graph.input("once", 0), graph.input("monthly", 1)
    assert (once + 1.0).level == 0
    assert (once + monthly).level == 1
    assert graph.at(2, once).level == 2
    assert graph.frontier([(once + 1.0) * monthly + once * 2.0 * monthly], 0) == [once + 1.0, once * 2.0]


def test_order_has_everything_after_what_it_reads_and_stops_at_what_is_known(graph: Graph) -> None:
    x = graph.input("x", 0)
    inner = x + 1.0
    outer = inner * inner
    order = graph.sort_nodes([outer], known=())
    assert [written(node) for node in order] == ["x", "1.0", "+(x, 1.0)", "*(+(x, 1.0), +(x, 1.0))"]
    assert graph.sort_nodes([outer], known={inner.place}) == [inner, outer]


def test_a_row_keeps_the_first_name_that_it_is_given(graph: Graph) -> None:
    x = graph.input("x", 0)
    assert graph.store(x + 1.0, "sum") == "sum"
    assert graph.store(x + 1.0, "another") == "sum"
    assert graph.rows == {"x": 0, "sum": 1}
