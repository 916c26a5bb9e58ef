"""Registers and rules as tables and sections in Markdown: nothing stands here that is not read from the code."""

import inspect
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING

from sim.inference.sets_file import shipped_sets
from sim.model import saturation, world
from sim.model.capitals import CAPITALS
from sim.model.goals import GOALS, weight_name
from sim.model.moves import LEVERS, Lever, Moves
from sim.model.pace import PACED
from sim.model.world import RANGE, WORLD_FIELDS
from sim.registers.register import (
    Parameter,
    registered_parameters,
    switches,
)
from sim.registers.register_files import register_text
from sim.registers.trace import rules
from sim.report import style
from sim.report.reference import equations
from sim.report.reference.influence import influences, label, rule_named
from sim.report.reference.text import anchor_html, docstring, number, rule, rule_link, source_link
from sim.report.text.markdown import markdown_table
from sim.scenario.war_and_drivers import Drivers, driver_entry

if TYPE_CHECKING:
    pass

ENGINE = "the order of a month"  # what reads a number that no rule reads by itself


@cache
def read_by() -> Mapping[str, tuple[str, ...]]:
    """Return the rules that read each parameter; a number handed to a rule by the engine is read by none."""
    by_parameter: dict[str, tuple[str, ...]] = {name: () for name in registered_parameters()}
    for name in rules():
        for parameter in equations.parameters_of(rule_named(name)):
            by_parameter[parameter] += (name,)
    built = {f"tau_{name}": "pace.pace_over" for name in PACED}
    built |= {weight_name(capital, goal.__name__): "goals.weights" for capital in CAPITALS for goal in GOALS[capital]}
    return {name: readers or ((built[name],) if name in built else ()) for name, readers in by_parameter.items()}


def sections() -> dict[str, tuple[str, ...]]:
    """Return the names of the parameters by the heading under which they stand in the register."""
    blocks = re.split(r"^# --- (.*)$", register_text("parameters.yaml"), flags=re.MULTILINE)[1:]
    return {
        re.sub(r"\s*\([^)]*\)", "", title): tuple(re.findall(r"^(\w+):", block, re.MULTILINE))
        for title, block in zip(blocks[::2], blocks[1::2], strict=True)
    }


def parameter_table(names: tuple[str, ...], page: str = "rules", claims_page: str = "claims") -> str:
    """Return a table of parameters."""
    header = ("name", "meaning", "unit", "default", "range", "retained median", "retained, 5% to 95%", "off",
              "goes off without", "basis", "rests on", "read by")  # fmt: skip
    return markdown_table(header, [_parameter(registered_parameters()[name], page, claims_page) for name in names])


def _parameter(entry: Parameter, page: str, claims_page: str) -> tuple[str, ...]:
    span = f"{number(entry.low)} to {number(entry.high)}" if entry.low is not None else "fixed"
    if entry.at_low:
        span += f", {entry.at_low:.0%} of it at {number(entry.low)}"
    symbol = f" ({entry.symbol})" if entry.symbol else ""
    reads = ", ".join(rule_link(name, page) for name in read_by()[entry.name])
    if not reads:
        reads = f"`start_`{entry.name.removeprefix('start_')}" if entry.name.startswith("start_") else ENGINE
    return (
        f"{anchor_html('parameter', entry.name)}`{entry.name}`{symbol}",
        entry.meaning, entry.unit, number(entry.default), span, *retained_range(entry.name), number(entry.neutral),
        link_sources(off_without(entry.name), claims_page), entry.basis, link_sources(entry.claims, claims_page), reads,
    )  # fmt: skip


def retained_range(name: str) -> tuple[str, str]:
    """Return the median of a parameter over the retained sets and where nine in ten lie; nothing where it is fixed."""
    sets = shipped_sets().sets
    if name not in sets:
        return "", ""
    low, middle, high = sets[name].quantile([0.05, 0.5, 0.95])
    return f"{middle:.4g}", f"{low:.4g} to {high:.4g}"


def off_without(name: str) -> list[str]:
    """Return the claims and assumptions of which any one, taken away, switches a parameter off."""
    return [source for source, switched in switches().items() if name in switched]


def rule_groups(level: str = "###", page: str = "claims") -> dict[str, list[str]]:
    """Return all rules, their helpers and the curves, by the first words of their module."""
    curves = [_function(curve, level) for _, curve in _functions(saturation)]
    groups: dict[str, list[str]] = {"Curves": [*_constants(saturation), *curves]}
    groups["The start"] = [_function(world.start, level)]
    for name in sorted(rules(), key=_execution):
        module = import_module(f"sim.model.{name.rsplit('.', 1)[0]}")
        group = groups.setdefault(_title(module), [])
        if not group:
            group += _constants(module)
            group += [_function(helper, level) for called, helper in _functions(module) if called.startswith("_")]
        group.append(rule(name, level, page))
    return groups


# Modules of rules in the order in which a month runs them; inside a module the source has that order.
_ORDER = (
    "drivers", "beliefs", "pace", "foresight", "deeds", "transition.flows", "transition.economy", "transition.security",
    "transition.warmth", "transition.advance", "goals", "goals.beijing", "goals.moscow", "goals.pyongyang",
    "goals.washington", "goals.seoul", "choice", "deal", "outcomes",
)  # fmt: skip


def _execution(name: str) -> tuple[int, int]:
    module = name.rsplit(".", 1)[0]
    return _ORDER.index(module), rule_named(name).__code__.co_firstlineno


def _functions(module: ModuleType) -> Iterator[tuple[str, Callable[..., object]]]:
    for name, function in inspect.getmembers(module, inspect.isfunction):
        if function.__module__ == module.__name__:
            yield name, function


def _constants(module: ModuleType) -> list[str]:
    """Return a line with the numbers that a module defines, if it does."""
    constants = {name: value for name, value in vars(module).items() if name.isupper() and type(value) in (int, float)}
    said = ", ".join(f"`{name}` is {value!r}" for name, value in constants.items())
    return [f"Constants: {said}."] if constants else []


def _title(module: ModuleType) -> str:
    return (inspect.getdoc(module) or "").splitlines()[0].rstrip(".").replace("``", "`")


def _function(function: Callable[..., object], level: str) -> str:
    """Return a curve or a helper: like a rule, but nothing rests on it."""
    head = f"{level} `{function.__name__}`"
    return "\n\n".join(filter(None, [head, docstring(function), equations.markdown(function)]))


def lever_tables(level: str = "##") -> list[str]:
    """Return a heading for each capital (and the deal), and a table for each of its levers."""
    parts = []
    for capital in (*CAPITALS, "deal"):
        parts.append(f"{level} {style.GROUP[capital]}")
        parts += [_lever(lever, level) for lever in LEVERS if lever.capital == capital]
    return parts


def _lever(lever: Lever, level: str) -> str:
    kind = "a line" if lever.line else "an act"
    crosses = "; crosses the border" if lever.crosses else ""
    first = lever.options[lever.index(getattr(Moves(), lever.field))].name
    options = markdown_table(
        ("option", "value", "in words"), [(o.name, number(o.value), o.label) for o in lever.options]
    )
    head = f"{anchor_html('lever', lever.field)}\n\n{level}# {style.sentence(lever.title)}"
    return f"{head}\n\n`{lever.field}`, {kind}{crosses}. In January 2019: {first}.\n\n{options}"


def link_sources(claimed: Iterable[str], page: str = "claims") -> str:
    """Return the links of claims and assumptions."""
    return ", ".join(source_link(source, page) for source in claimed)


def drivers_table(anchors: bool = True) -> str:
    """Return a table of the drivers that a scenario sets, each a place that links lead to where said."""
    rows = []
    for name, field in Drivers.model_fields.items():
        driver = driver_entry(name)
        span = f"{driver['minimum']:g} to {driver['maximum']:g}"
        head = _state(name) if anchors else f"`{name}`"
        rows.append((head, field.description or "", span, driver["unit"], driver["role"]))
    return markdown_table(("driver", "meaning", "range", "unit", "role"), rows)


def states_table() -> str:
    """Return a table of the states: range, start, rule, and what each is read from."""
    rows = []
    for name in WORLD_FIELDS:
        low, high = RANGE[name]
        links = influences(name)
        from_ = ", ".join(dict.fromkeys(label(link.source) for link in links))
        rule_of = rule_link(links[0].rule, "")
        start = number(registered_parameters()[f"start_{name}"].default)
        rows.append((_state(name), meaning(name), f"{low:g} to {high:g}", start, rule_of, from_))
    return markdown_table(("state", "meaning", "range", "January 2019", "rule", "moved by"), rows)


def meaning(state: str) -> str:
    """Return what a state is, in words."""
    says = dict(re.findall(r"^    (\w+): float  # (.*)$", inspect.getsource(world.World), re.MULTILINE))
    return style.SERIES[state].title + (f": {says[state]}" if state in says else "")


def _state(name: str) -> str:
    return f"{anchor_html('state', name)}`{name}`"
