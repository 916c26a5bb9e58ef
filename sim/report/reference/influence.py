"""What reaches what, by which rule: links read off the traced graph of every rule, and their picture.

A rule is run on symbols (:mod:`sim.engine.tracing.graph`); the inputs from which its result is computed are what
it reads.
"""

import inspect
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, fields, replace
from functools import cache
from html import escape
from importlib import import_module
from math import inf
from types import SimpleNamespace
from typing import Any

import numpy as np

from sim.engine.tracing.graph import Graph, Node
from sim.model.beliefs import Belief
from sim.model.drivers import DRIVERS, Drivers
from sim.model.goals import GOALS
from sim.model.moves import LEVER, LEVERS, MOVE_FIELDS, Moves, decider
from sim.model.pace import Pace
from sim.model.transition import expectations
from sim.model.world import RANGE, WORLD_FIELDS, World
from sim.registers.register import registered_parameters
from sim.registers.trace import rules
from sim.report import style

PROVOCATION = "provocation"  # what two or more rules of a step read, and is no state
_TRIALS, _STEP, _SEED = 40, 0.01, 7  # by which the sign of a link is found
_FLOWS = ("flows", "economy", "security", "warmth")


@dataclass(frozen=True, slots=True)
class Link:
    """One thing that moves another, and the rule by which it does.

    Attributes
    ----------
    source
        A state, a lever's field, a driver, or :data:`PROVOCATION`.
    target
        A state, :data:`PROVOCATION`, or a goal as "Capital: goal".
    rule
        The rule's place below ``sim.model``.
    sign
        "+" where more of the source never makes the target less, "-" where it never makes it more, else "±"; by
        :data:`_TRIALS` trials at the default parameters.
    """

    source: str
    target: str
    rule: str
    sign: str = ""


def rule_named(name: str) -> Callable[..., object]:
    """Return a rule by its place below ``sim.model``."""
    module, function = name.rsplit(".", 1)
    return getattr(import_module(f"sim.model.{module}"), function)  # type: ignore[no-any-return]


def goal_name(capital: str, goal: Callable[..., object]) -> str:
    """Return what a goal is called among the links."""
    return f"{capital}: {goal.__name__}"


@cache
def links() -> tuple[Link, ...]:
    """Return every link between levers, drivers, states and goals."""
    every = []
    for name in rules():
        module, function = name.rsplit(".", 1)
        if module.removeprefix("transition.") in _FLOWS and function in (*WORLD_FIELDS, PROVOCATION):
            every += _links(name, function, _read(rule_named(name)))
    for state in ("expected_support", "trust", "accustomed_west"):
        every += _links("transition.advance.expectations", state, _read(expectations, state))
    for capital, goals in GOALS.items():
        for goal in goals:
            place = f"goals.{capital.lower()}.{goal.__name__}"
            every += _links(place, goal_name(capital, goal), _read(goal))
    return tuple(every)


def _links(rule: str, target: str, read: Iterable[str]) -> list[Link]:
    known = {*WORLD_FIELDS, *MOVE_FIELDS, *DRIVERS, PROVOCATION}
    sources = [source for source in dict.fromkeys(read) if source in known and source != target]
    return [Link(source, target, rule, _sign(rule, source, target)) for source in sources]


def _sign(rule: str, source: str, target: str) -> str:
    """Return in which direction a rule moves its target where one of its sources alone is moved up."""
    function = rule_named(rule)
    random, turns = np.random.default_rng(_SEED), set()
    for _ in range(_TRIALS):
        asked = inspect.signature(function).parameters.values()
        arguments = {argument.name: _drawn(argument, random) for argument in asked}
        low = _result(function(**arguments), target)
        turns.add(np.sign(_result(function(**_raised(arguments, source)), target) - low))
    return {frozenset({1.0}): "+", frozenset({-1.0}): "-"}.get(frozenset(turns - {0.0}), "±" if turns - {0.0} else "")


def _drawn(argument: inspect.Parameter, random: np.random.Generator) -> Any:
    """Return an argument of a rule with numbers inside their ranges; parameters have their defaults."""
    if argument.name == "params":
        return SimpleNamespace(**{name: float(entry.default) for name, entry in registered_parameters().items()})
    if argument.name in ("threat", PROVOCATION):
        return float(random.random())
    kind: Any = argument.annotation
    ranges = RANGE if kind is World else {}
    return kind(*[_between(field.name, ranges, random) for field in fields(kind)])


def _between(name: str, ranges: Mapping[str, tuple[float, float]], random: np.random.Generator) -> float:
    if name in LEVER:
        low, high = LEVER[name].options[0].value, LEVER[name].options[-1].value
    else:
        low, high = ranges.get(name, (0.05, 0.95))
    return float(random.uniform(low, high))


def _raised(arguments: dict[str, Any], source: str) -> dict[str, Any]:
    """Return the arguments with one number a little higher, in every record that has it."""
    raised = dict(arguments)
    for name, value in arguments.items():
        if isinstance(value, float):
            raised[name] = value + _STEP if source == PROVOCATION else value
        elif name not in ("params", "pace") and hasattr(value, source):
            raised[name] = replace(value, **{source: getattr(value, source) + _STEP})
    return raised


def _result(value: Any, target: str) -> float:
    return float(getattr(value, target) if isinstance(value, World) else value)


def _read(rule: Callable[..., object], part: str = "") -> list[str]:
    """Return the names of the inputs that a rule's result, or one part of it, is computed from."""
    graph = Graph()
    arguments = inspect.signature(rule).parameters.values()
    result = graph.on_symbols(rule)(*[_symbol(graph, argument) for argument in arguments])
    node = getattr(result, part) if part else result
    if not isinstance(node, Node):
        return []
    names = [str(read.args[0]) for read in graph.sort_nodes([node], known=()) if read.op == "input"]
    return [name.rsplit(".", 1)[-1] for name in names if not name.startswith(("params.", "pace."))]


def _symbol(graph: Graph, argument: inspect.Parameter) -> object:
    """Return the symbols that stand for one argument of a rule of the world or of a goal."""
    if argument.name in ("threat", PROVOCATION):
        return graph.input(PROVOCATION, 0)
    if argument.name == "params":
        return SimpleNamespace(**{name: graph.input(f"params.{name}", 0) for name in registered_parameters()})
    kind = argument.annotation
    assert kind in (World, Moves, Drivers, Pace, Belief), f"no symbol for {argument}"
    return kind(*[graph.input(f"{argument.name}.{field.name}", 0) for field in fields(kind)])


def readers(name: str) -> list[Link]:
    """Return the links that begin at a lever, a driver or a state."""
    return [link for link in links() if link.source == name]


def influences(name: str) -> list[Link]:
    """Return the links that end at a state or a goal."""
    return [link for link in links() if link.target == name]


def of_capital(capital: str) -> str:
    """Return the picture of how the levers that a capital decides, alone or in the arms deal, reach its goals."""
    levers = [lever.field for lever in LEVERS if decider(lever) == capital]
    return influence_picture(levers, capital, f"From {capital}'s levers to its goals")


def of_lever(field: str) -> str:
    """Return the picture of how a lever reaches the goals of the capital that decides it."""
    capital = decider(LEVER[field])
    return influence_picture([field], capital, f"From {LEVER[field].title} to the goals of {capital}")


def columns(starts: list[str], goals: list[str]) -> list[list[str]]:
    """Return what lies between levers and goals, by the number of steps from the nearest lever; goals come last.

    What a capital's goals do not feel is left out.
    """
    felt, waiting = set(goals), list(goals)
    while waiting:
        new = {link.source for link in influences(waiting.pop())} - felt
        felt |= new
        waiting += new
    steps = [list(starts)]
    seen = set(starts)
    while steps[-1]:
        reached = dict.fromkeys(link.target for name in steps[-1] for link in readers(name))
        steps.append([name for name in reached if name in felt and name not in seen and name not in goals])
        seen |= set(steps[-1])
    reached_goals = {link.target for name in seen for link in readers(name)}
    return [*steps[:-1], [goal for goal in goals if goal in reached_goals]]


_BOX, _GAP, _LINE, _ROW, _TOP = 264, 80, 22, 32, 34  # sizes in the picture's own units


def influence_picture(starts: list[str], capital: str, title: str) -> str:
    """Return an SVG in columns: levers, what they move, what that moves, the goals of a capital.

    A link within a column, or back to one further left, is left out; the lists of what reads what have them all. Each
    box links to its place in the protocol; each arrow has its sign, and tells its rule.
    """
    placed = columns(starts, [goal_name(capital, goal) for goal in GOALS[capital]])
    at = {
        name: (10 + column * (_BOX + _GAP), _TOP + row * _ROW)
        for column, names in enumerate(placed)
        for row, name in enumerate(names)
    }
    depth = {name: column for column, names in enumerate(placed) for name in names}
    drawn = [link for link in links() if depth.get(link.source, inf) < depth.get(link.target, -inf)]
    width = len(placed) * (_BOX + _GAP) - _GAP + 20
    height = _TOP + max(map(len, placed)) * _ROW + 6
    body = [_ARROW, *(_line(at[link.source], at[link.target], link) for link in drawn)]
    body += [_box(*at[name], name) for name in at]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="influence" viewBox="0 0 {width} {height}" role="img" '
        f'width="{width}" height="{height}" font-family="sans-serif" font-size="12" color="#555">\n'
        f'<title>{escape(title)}</title>\n<text x="10" y="18" fill="currentColor">{escape(title)}</text>\n'
        + "\n".join(body)
        + "\n</svg>\n"
    )


def protocol_anchor(name: str) -> str:
    """Return the anchor of a lever, a state, a goal or provocation in the protocol."""
    if ": " in name:
        capital, goal = name.lower().split(": ")
        return f"rule-goals-{capital}-{goal.replace('_', '-')}"
    if name == PROVOCATION:
        return "rule-security-provocation"
    kind = "lever" if name in LEVER else "state"
    return f"{kind}-{name.replace('_', '-')}"


def label(name: str) -> str:
    """Return the words for a lever, a state, a goal or provocation."""
    if ": " in name:
        return name.split(": ")[1].replace("_", " ")
    if name in LEVER:
        return style.words(name).title.removeprefix("Moscow and Pyongyang: the arms deal: ")
    return style.SERIES[name].short if name in style.SERIES else name.replace("_", " ")


_ARROW = (
    '<defs><marker id="arrow" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="8" markerHeight="8" orient="auto">'
    '<path d="M0 0 L8 4 L0 8 z" fill="currentColor"/></marker></defs>'
)
_DASHES = {"-": ' stroke-dasharray="6 4"', "±": ' stroke-dasharray="1 4"'}  # a sign shows without reading it


def _line(start: tuple[int, int], end: tuple[int, int], link: Link) -> str:
    """Return an arrow with its sign at its head; a minus is dashed too, a sign that changes dotted."""
    x, y, into_x, into_y = start[0] + _BOX, start[1] + _LINE / 2, end[0], end[1] + _LINE / 2
    bend = (into_x - x) / 2
    path = f"M{x} {y:g} C{x + bend:g} {y:g} {into_x - bend:g} {into_y:g} {into_x} {into_y:g}"
    sign = link.sign.replace("-", "\u2212")
    # at the seventh eighth of the curve, where lines to one box lie apart
    t, back = 0.86, 0.14
    sign_y = (back**3 + 3 * back**2 * t) * y + (3 * back * t**2 + t**3) * into_y
    sign_x = back**3 * x + 3 * back**2 * t * (x + bend) + 3 * back * t**2 * (into_x - bend) + t**3 * into_x
    return (
        f'<path d="{path}" fill="none" stroke="currentColor" stroke-opacity="0.45" marker-end="url(#arrow)"'
        f"{_DASHES.get(link.sign, '')}><title>{link.rule} {sign}</title></path>"
        f'<text x="{sign_x:.0f}" y="{sign_y - 2:.0f}" fill="currentColor" font-size="11">{sign}</text>'
    )


def _box(x: int, y: int, name: str) -> str:
    words = escape(label(name))
    return (
        f'<a href="#{protocol_anchor(name)}"><rect x="{x}" y="{y}" width="{_BOX}" height="{_LINE}" rx="4" fill="none" '
        f'stroke="currentColor"/><text x="{x + 6}" y="{y + 15}" fill="currentColor">{words}</text></a>'
    )
