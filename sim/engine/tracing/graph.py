"""Rules run on symbols: the same functions, traced once, give the graph of operations that they perform.

A symbol stands for a number. A rule's own code, with ``max``, ``min`` and the functions of ``math`` replaced by
symbolic ones, is called with symbols and returns a symbol: nothing of the rule is written a second time. Equal
operations on equal arguments are one node, so what options share is computed once.
"""

import math
import operator
from collections.abc import Callable, Collection, Iterable
from types import CodeType, FunctionType, ModuleType, SimpleNamespace
from typing import Any, NoReturn, Union

from sim.model import saturation

Number = Union["Node", float]


def _refusal(asked: str, instead: str) -> Callable[..., Any]:
    """Return what a symbol answers where a rule asks what only a number can tell."""

    def refuse(*_: object) -> NoReturn:
        raise TypeError(f"a rule {asked} a state, a move or a draw; {instead}")

    return refuse


class Node:
    """One operation, input or constant. Nodes are made by :class:`Graph` only, so equal nodes are one object.

    A rule that compares nodes or looks one up would take one branch for all numbers, so nodes refuse both: the tracer
    itself tells them apart by ``place``.

    Attributes
    ----------
    level
        How often it must be computed.
    place
        Its number in the graph.
    row
        The name of its row in the workspace; None where it is not stored.
    """

    __slots__ = ("args", "graph", "level", "op", "place", "row")

    def __init__(self, graph: "Graph", op: str, args: tuple[Any, ...], level: int, place: int) -> None:
        self.graph, self.op, self.args, self.level, self.place = graph, op, args, level, place
        self.row: str | None = None

    def __add__(self, other: Number) -> Number:
        return self.graph.apply("+", self, other)

    def __radd__(self, other: Number) -> Number:
        return self.graph.apply("+", other, self)

    def __sub__(self, other: Number) -> Number:
        return self.graph.apply("-", self, other)

    def __rsub__(self, other: Number) -> Number:
        return self.graph.apply("-", other, self)

    def __mul__(self, other: Number) -> Number:
        return self.graph.apply("*", self, other)

    def __rmul__(self, other: Number) -> Number:
        return self.graph.apply("*", other, self)

    def __truediv__(self, other: Number) -> Number:
        return self.graph.apply("/", self, other)

    def __rtruediv__(self, other: Number) -> Number:
        return self.graph.apply("/", other, self)

    def __pow__(self, other: Number) -> Number:
        return self.graph.apply("**", self, other)

    def __rpow__(self, other: Number) -> Number:
        return self.graph.apply("**", other, self)

    def __neg__(self) -> Number:
        return self.graph.apply("neg", self)

    __bool__ = _refusal("branched on", "use max, min, clip or if_below instead")
    __lt__ = __le__ = __gt__ = __ge__ = _refusal("compared", "use max, min, clip or if_below instead")
    __eq__ = __ne__ = _refusal(
        "asked whether something equals (==, != or in)", "use equal(x, y), which is 1 where they are the same, else 0"
    )
    __hash__ = _refusal(
        "looked something up (in a dictionary or a set) by", "add up equal(x, key) * value over the keys"
    )
    __float__ = __int__ = __index__ = __round__ = __trunc__ = __floor__ = __ceil__ = _refusal(
        "wanted the bare number of", "keep to + - * /, max, min, sqrt and the functions of sim.model.saturation"
    )
    __abs__ = _refusal("took abs of", "write max(x, -x)")
    __mod__ = __rmod__ = __floordiv__ = __rfloordiv__ = _refusal(
        "divided to whole numbers", "let a driver say it month by month"
    )


_PLAIN: dict[str, Callable[..., float]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
    "**": operator.pow,
    "neg": operator.neg,
    "max": max,
    "min": min,
    "sqrt": math.sqrt,
    "if_below": saturation.if_below,
}

# How each operation is written in Python; max and min as Python does them, so that all engines treat ties alike.
TEXT = {
    "+": "{} + {}",
    "-": "{} - {}",
    "*": "{} * {}",
    "/": "{} / {}",
    "**": "{} ** {}",
    "neg": "-{}",
    "max": "if_below({0}, {1}, {1}, {0})",
    "min": "if_below({1}, {0}, {1}, {0})",
    "sqrt": "sqrt({})",
    "if_below": "if_below({}, {}, {}, {})",
    "as": "{}",
}


class Graph:
    """All nodes of one tracing, and the names of the rows in which the stored ones stand.

    Attributes
    ----------
    rows
        The place of each row, by its name: an input's own name, such as ``world.tension``, or that of the stage that
        computes it, and a number.
    """

    def __init__(self) -> None:
        self._nodes: dict[tuple[Any, ...], Node] = {}
        self.rows: dict[str, int] = {}

    def input(self, name: str, level: int) -> Node:
        """Return the symbol of an input, with a row of its own."""
        node = self._node("input", (name,), level)
        self.store(node, name)
        return node

    def store(self, node: Node, name: str) -> str:
        """Give a node a row of this name, if it has none, and return the name of its row."""
        if node.row is None:
            node.row = name
            self.rows[name] = len(self.rows)
        return node.row

    def constant(self, value: float) -> Node:
        """Return a number as a node."""
        return self._node("constant", (float(value).hex(),), 0)

    def node(self, value: Number) -> Node:
        """Return a number or a node as a node."""
        return value if isinstance(value, Node) else self.constant(value)

    def apply(self, op: str, *args: Number) -> Number:
        """Return the node of an operation; on plain numbers alone, its value."""
        if not any(isinstance(arg, Node) for arg in args):
            return _PLAIN[op](*args)
        if op == "*" and not isinstance(args[0], Node) and args[0] == 1.0:
            return args[1]
        if op == "*" and not isinstance(args[1], Node) and args[1] == 1.0:
            return args[0]
        nodes = tuple(self.node(arg) for arg in args)
        return self._node(op, nodes, max(node.level for node in nodes))

    def at(self, level: int, value: Number) -> Node:
        """Return the same number as a node of this level, as if it changed that often."""
        return self._node("as", (self.node(value),), level)

    def _node(self, op: str, args: tuple[Any, ...], level: int) -> Node:
        key = (op, *(arg.place if isinstance(arg, Node) else arg for arg in args))
        if key not in self._nodes:
            self._nodes[key] = Node(self, op, args, level, len(self._nodes))
        return self._nodes[key]

    def on_symbols(self, function: Callable[..., Any]) -> Callable[..., Any]:
        """Return the same function with symbolic ``max``, ``min``, ``math`` and callees."""
        return _rebuild(function, self, {saturation.if_below: self.symbolic("if_below")})  # type: ignore[arg-type]

    def symbolic(self, op: str) -> Callable[..., Number]:
        """Return an operation that makes nodes."""

        def symbolic(*args: Number) -> Number:
            return self.apply(op, *args)

        return symbolic

    def frontier(self, wanted: Iterable[Node], level: int) -> list[Node]:
        """Return the computed nodes of at most this level that the wanted nodes of higher levels read."""
        read = (arg for node in self.sort_nodes(wanted, known=()) if node.level > level for arg in node.args)
        return distinct(
            arg for arg in read if isinstance(arg, Node) and arg.level <= level and arg.op not in ("input", "constant")
        )

    def sort_nodes(self, wanted: Iterable[Node], known: Collection[int]) -> list[Node]:
        """Return the wanted nodes and all that they need, each after what it reads.

        Parameters
        ----------
        known
            The places of nodes that are not opened, for they are known.
        """
        seen: set[int] = set()
        order: list[Node] = []
        stack: list[tuple[Node, bool]] = [(node, False) for node in reversed(list(wanted))]
        while stack:
            node, opened = stack.pop()
            if opened:
                order.append(node)
                continue
            if node.place in seen:
                continue
            seen.add(node.place)
            stack.append((node, True))
            if node.place not in known:
                stack.extend((arg, False) for arg in reversed(node.args) if isinstance(arg, Node))
        return order


def distinct(nodes: Iterable[Node]) -> list[Node]:
    """Return the nodes in their order, each once."""
    return list({node.place: node for node in nodes}.values())


def _rebuild(function: FunctionType, graph: Graph, memo: dict[Any, Any]) -> Any:
    """Return a copy of a rule that sees symbolic functions wherever it names a plain one."""
    if function in memo:
        return memo[function]
    scope = dict(function.__globals__)
    copy = FunctionType(function.__code__, scope, function.__name__, function.__defaults__, function.__closure__)
    copy.__kwdefaults__ = function.__kwdefaults__
    memo[function] = copy
    names = _names(function.__code__)
    for name in names & {"max", "min"}:
        scope[name] = graph.symbolic(name)
    for name in names & set(scope):
        scope[name] = _replaced(scope[name], names, graph, memo)
    return copy


def _replaced(value: object, names: set[str], graph: Graph, memo: dict[Any, Any]) -> Any:
    if value is math.sqrt:
        return graph.symbolic("sqrt")
    if isinstance(value, FunctionType) and value.__module__.startswith("sim.model"):
        return _rebuild(value, graph, memo)
    if isinstance(value, ModuleType) and (value is math or value.__name__.startswith("sim.model")):
        inside = {name: getattr(value, name) for name in names if hasattr(value, name)}
        return SimpleNamespace(**{name: _replaced(v, names, graph, memo) for name, v in inside.items()})
    return value


def _names(code: CodeType) -> set[str]:
    inner = [_names(constant) for constant in code.co_consts if isinstance(constant, CodeType)]
    return set(code.co_names).union(*inner)
