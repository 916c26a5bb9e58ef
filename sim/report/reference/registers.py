"""Every register as a page of the reference, in Markdown: nothing stands here that is not read from the code."""

import inspect
import re
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING
from urllib.parse import urlparse

from sim.analysis import definitions
from sim.article import targets
from sim.article.reading import text as register_text
from sim.article.register import BASES, ROLES, TABLES, Parameter, assumptions, claims, observed, parameters
from sim.article.trace import Row, rules
from sim.article.trace import table as trace
from sim.model import saturation, world
from sim.model.goals import GOALS, weight_name
from sim.model.moves import CAPITALS, LEVERS, Lever, Moves
from sim.model.pace import PACED
from sim.model.variants import VARIANTS
from sim.model.world import RANGE, WORLD_FIELDS
from sim.report import style
from sim.report.reference import equations
from sim.report.reference.influence import influences, label, rule_named
from sim.report.reference.text import (
    anchored,
    docstring,
    link,
    number,
    rule,
    rule_link,
    source_link,
)
from sim.report.text.markdown import table
from sim.scenario.capitals import Move
from sim.scenario.parts import Drivers, Months, War, driver_told
from sim.scenario.paths import ScenarioPart
from sim.scenario.schema import Scenario

if TYPE_CHECKING:
    import pandas as pd

ENGINE = "the order of a month"  # what reads a number that no rule reads by itself


@cache
def read_by() -> Mapping[str, tuple[str, ...]]:
    """Return the rules that read each parameter; a number handed to a rule by the engine is read by none."""
    found: dict[str, tuple[str, ...]] = {name: () for name in parameters()}
    for name in rules():
        for parameter in equations.parameters_of(rule_named(name)):
            found[parameter] += (name,)
    built = {f"tau_{name}": "pace.pace_over" for name in PACED}
    built |= {weight_name(capital, goal.__name__): "goals.weights" for capital in CAPITALS for goal in GOALS[capital]}
    return {name: readers or ((built[name],) if name in built else ()) for name, readers in found.items()}


def sections() -> dict[str, tuple[str, ...]]:
    """Return the names of the parameters by the heading under which they stand in the register."""
    blocks = re.split(r"^# --- (.*)$", register_text("parameters.yaml"), flags=re.MULTILINE)[1:]
    return {
        re.sub(r"\s*\([^)]*\)", "", title): tuple(re.findall(r"^(\w+):", block, re.MULTILINE))
        for title, block in zip(blocks[::2], blocks[1::2], strict=True)
    }


def parameters_page() -> str:
    """Return the page of parameters: meaning, unit, range, source, and what reads each."""
    bases = ", ".join(BASES)
    parts = [
        "# Parameters",
        "Every number of the model that is not 0, 1 or one half by definition. The *default* is set by hand and "
        "uncalibrated. The *range* is the prior, uniform and independent; a number without one is fixed. *Off* is the "
        f"value at which what the number stands for falls away. The *basis* is one of {bases}. Each number says which "
        "rules read it; some are handed to the rules by the engine.",
    ]
    for title, names in sections().items():
        parts += [f"## {title}", parameter_table(names)]
    return _page(parts)


def parameter_table(names: tuple[str, ...], page: str = "rules", claims_page: str = "claims") -> str:
    """Return a table of parameters."""
    header = ("name", "meaning", "unit", "default", "range", "off", "basis", "rests on", "read by")
    return table(header, [_parameter(parameters()[name], page, claims_page) for name in names])


def _parameter(entry: Parameter, page: str, claims_page: str) -> tuple[str, ...]:
    span = f"{number(entry.low)} to {number(entry.high)}" if entry.low is not None else "fixed"
    symbol = f" ({entry.symbol})" if entry.symbol else ""
    reads = ", ".join(rule_link(name, page) for name in read_by()[entry.name])
    if not reads:
        reads = f"`start_`{entry.name.removeprefix('start_')}" if entry.name.startswith("start_") else ENGINE
    return (
        f"{anchored(f'parameter-{_dashed(entry.name)}')}`{entry.name}`{symbol}",
        entry.meaning, entry.unit, number(entry.default), span, number(entry.neutral), entry.basis,
        ", ".join(source_link(source, claims_page) for source in entry.claims), reads,
    )  # fmt: skip


def claims_page() -> str:
    """Return the page of claims and assumptions, each with the rules and numbers that rest on it."""
    rows = trace()
    roles = "\n".join(f"* **{letter}**: {words}" for letter, words in ROLES.items())
    return _page([
        "# Claims and assumptions",
        "What the article claims, what is assumed beside it, and the rules and numbers that rest on each. Patterns, "
        f"derived claims and forecasts are never coded, so no rule rests on them. Roles:\n\n{roles}",
        "## Claims",
        *(_claim(row) for row in rows if row.roles),
        "## Assumptions",
        *(_claim(row) for row in rows if not row.roles),
    ])  # fmt: skip


def _claim(row: Row) -> str:
    lines = [anchored(f"claim-{row.id.lower()}"), f"### {row.id}", row.says]
    if row.id in claims():
        claim = claims()[row.id]
        roles = ", ".join(ROLES[role] for role in row.roles)
        lines.append(f"*{style.sentence(roles)}*; {', '.join(claim.capitals)}; paragraph {claim.paragraph}.")
    else:
        lines.append(f"*Why*: {assumptions()[row.id].why}")
    lines.append(f"*Enters as*: {row.enters_as}")
    if row.parameters:
        named = (link("parameters", f"parameter-{_dashed(name)}", f"<code>{name}</code>") for name in row.parameters)
        lines.append(f"*Numbers*: {', '.join(named)}")
    for name in row.rules:
        shown = equations.markdown(rule_named(name))
        lines.append(f"<details><summary>Rule {rule_link(name)}</summary>\n\n{shown}\n\n</details>")
    return "\n\n".join(lines)


def rules_page() -> str:
    """Return the page of rules: each in words and as equations."""
    return _page([
        "# Rules",
        "Every rule of the model, written from its source. States, drivers and measures stand upright, moves without "
        "serifs, parameters in italics. A state with the index *t* is its value at the start of the step; without one "
        "it is what the rules before have just left. κ is the pace of a state (`pace`), square brackets hold a "
        "value within its range. A rule that is more than a formula is shown as its source.",
        *(text for title, part in rule_groups().items() for text in (f"## {title}", *part)),
    ])  # fmt: skip


def rule_groups(level: str = "###", page: str = "claims") -> dict[str, list[str]]:
    """Return all rules, their helpers and the curves, by the first words of their module."""
    curves = [_function(each, level) for _, each in _functions(saturation)]
    groups: dict[str, list[str]] = {"Curves": [*_constants(saturation), *curves]}
    groups["The start"] = [_function(world.start, level)]
    for name in rules():
        module = import_module(f"sim.model.{name.rsplit('.', 1)[0]}")
        group = groups.setdefault(_title(module), [])
        if not group:
            group += _constants(module)
            group += [_function(each, level) for each_name, each in _functions(module) if each_name.startswith("_")]
        group.append(rule(name, level, page))
    return groups


def _functions(module: ModuleType) -> Iterator[tuple[str, Callable[..., object]]]:
    for name, function in inspect.getmembers(module, inspect.isfunction):
        if function.__module__ == module.__name__:
            yield name, function


def _constants(module: ModuleType) -> list[str]:
    """Return a line with the numbers that a module defines, if it does."""
    found = {name: value for name, value in vars(module).items() if name.isupper() and type(value) in (int, float)}
    return [f"Constants: {', '.join(f'`{name}` is {value:.16g}' for name, value in found.items())}."] if found else []


def _title(module: ModuleType) -> str:
    return (inspect.getdoc(module) or "").splitlines()[0].rstrip(".").replace("``", "`")


def _function(function: Callable[..., object], level: str) -> str:
    """Return a curve or a helper: like a rule, but nothing rests on it."""
    head = f"{level} `{function.__name__}`"
    return "\n\n".join(filter(None, [head, docstring(function), equations.markdown(function)]))


def levers_page() -> str:
    """Return the page of levers: what each capital can do, and the value of each option."""
    return _page([
        "# Levers",
        "What each capital can do in a month. An *act* is reviewed often, a *line* of policy seldom; what *crosses* "
        "the border between China and the North is reviewed only as far as that is open. Values stand in "
        "the equations.",
        *lever_tables(),
    ])  # fmt: skip


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
    options = table(("option", "value", "in words"), [(o.name, number(o.value), o.label) for o in lever.options])
    head = f"{anchored(f'lever-{_dashed(lever.field)}')}\n\n{level}# {style.sentence(lever.title)}"
    return f"{head}\n\n`{lever.field}`, {kind}{crosses}. In January 2019: {first}.\n\n{options}"


def definitions_page() -> str:
    """Return the page of the definitions of drifting back, and of the measures that they read."""
    says = definitions.says()
    return _page([
        "# Definitions of drifting back",
        "Five definitions, fixed beforehand and always shown together. Only D2 compares each run with the same run "
        "without an end of the war; the others come true in part without any end, and that share is shown beside them.",
        table(("", "Pyongyang has drifted back by"), says.items()),
        docstring(definitions.Drift),
        "## The measures they read",
        *(rule(name) for name in rules() if name.startswith("outcomes.")),
    ])  # fmt: skip


def patterns_page() -> str:
    """Return the page of the patterns and series that history sets."""
    parts = [
        "# Patterns and series",
        "What history up to 16 August 2024 looked like: numbers that are measured on runs of the hindcast, and the "
        "bounds within which each must lie. A pattern holds where all its numbers do. *Told* says from what a number "
        "follows because the model is told so. A *forecast* never decides which sets are kept.",
    ]
    for about in targets.ABOUT:
        parts.append(f"## {style.sentence(about)}")
        for pattern, ids in targets.patterns(about).items():
            parts += [f"### {pattern}", *(_bound(targets.bounds()[name]) for name in ids)]
    parts += ["## Series", *(_series(each) for each in targets.series().values())]
    return _page(parts)


def _bound(bound: targets.Bound) -> str:
    least = "" if bound.low is None else f"{'more than' if bound.strict else 'at least'} {bound.low:g}"
    most = "" if bound.high is None else f"{'less than' if bound.strict else 'at most'} {bound.high:g}"
    where = " and ".join(filter(None, (least, most)))
    lines = [
        f"{anchored(f'bound-{_dashed(bound.id)}')}**{bound.id}**: {bound.says}.",
        f"* must lie: {where} [{bound.unit}]; the model may miss it by {bound.discrepancy:g} (standard deviation)",
        f"* why: {bound.why}",
        f"* rests on: {', '.join(source_link(source) for source in bound.claims) or 'the record'}",
        f"* seen: {bound.sources}" if bound.sources else "",
        f"* told: {bound.given}" if bound.given else "",
        "" if bound.counted else "* shown beside those that count, and not counted",
    ]
    return lines[0] + "\n\n" + "\n".join(filter(None, lines[1:]))


def _series(each: targets.Series) -> str:
    unit = "share of the figure" if each.relative else each.unit
    lines = [
        f"* figures: `{each.series}` of the {each.table} table, at {', '.join(each.at)} [{each.unit}]",
        f"* tolerance {each.tolerance:g}, of the figure itself {each.observation:g}, of the model "
        f"{each.discrepancy:g} [{unit}]",
        f"* why: {each.why}",
        f"* told: {each.given}" if each.given else "",
    ]
    return f"### {style.sentence(each.says)}\n\n`{each.id}`\n\n" + "\n".join(filter(None, lines))


def data_page() -> str:
    """Return the page of what was observed: every series with its span, unit and sources."""
    parts = [
        "# Data",
        "What was observed up to 16 August 2024. Nothing later stands in these tables, and nothing later was used. "
        "`sim.article.register.observed(table)` reads them; `sim/article/observed/README.md` says how far to trust "
        "each.",
    ]
    for name in TABLES:
        frame = observed(name)
        key, when = ("domain", "date") if name == "events" else ("series", "year" if name == "annual" else "month")
        parts.append(f"## The {name} table")
        parts.append(
            table(
                (key, "rows", "first", "last", *(["unit"] if "unit" in frame else []), "sources", "found at"),
                [_observed(str(group), rows, when) for group, rows in frame.groupby(key)],
            )
        )
    return _page(parts)


def _observed(name: str, rows: "pd.DataFrame", when: str) -> list[object]:
    places = {urlparse(word).netloc for cell in rows["address"].dropna() for word in cell.split() if "//" in word}
    units = ["; ".join(dict.fromkeys(rows["unit"]))] if "unit" in rows else []
    sources = "; ".join(dict.fromkeys(rows["source"].dropna()))
    return [f"`{name}`", len(rows), rows[when].min(), rows[when].max(), *units, sources, ", ".join(sorted(places))]


def scenario_keys_page() -> str:
    """Return the page of the keys of scenario files."""
    roles = (
        "*uncertainty*: not known; *lever*: decided by a capital; *event*: happens from outside; *choice*: of whoever "
        "asks"
    )
    variants = table(("variant", "what it changes"), [(each.name, each.title) for each in VARIANTS.values()])
    return _page([
        "# Scenario keys",
        f"Every key of a scenario file. Each has a role: {roles}. `docs/scenario.schema.json` says the same to "
        "editors.",
        _keys("", Scenario),
        "## `months`", _keys("months", Months),
        "## `war`", _keys("war", War),
        "## `drivers`",
        "Each is written as a number for all months, as `{from, to, value}` (a pulse), as `{YYYY-MM: value, ...}` "
        "(each held until the next; `{linear: value}` is reached in a straight line), or as a list of these, each laid "
        "over the one before.",
        drivers_table(),
        "## `moves`", f"A list. {docstring(Move).splitlines()[0]}", _keys("moves", Move),
        "Capitals, levers and options stand on the page of levers.",
        "## `parameters`", "A register name and a number within its range: see the page of parameters.",
        "## `without`", "Ids of claims and assumptions that can be switched off: see the page of claims.",
        "## `variant`", variants,
    ])  # fmt: skip


def _keys(under: str, model: type[ScenarioPart]) -> str:
    rows = []
    for name, field in model.model_fields.items():
        key = f"{under}.{field.alias or name}" if under else field.alias or name
        extra = field.json_schema_extra
        simple = isinstance(field.default, str) and field.default
        default = f"`{field.default}`" if simple else ""
        rows.append((f"`{key}`", field.description or "", extra["role"] if isinstance(extra, dict) else "", default))
    return table(("key", "meaning", "role", "where not said"), rows)


def drivers_table() -> str:
    """Return a table of the drivers that a scenario sets."""
    rows = []
    for name, field in Drivers.model_fields.items():
        told = driver_told(name)
        span = f"{told['minimum']:g} to {told['maximum']:g}"
        rows.append((_state(name), field.description or "", span, told["unit"], told["role"]))
    return table(("driver", "meaning", "range", "unit", "role"), rows)


def states_table(page: str = "rules") -> str:
    """Return a table of the states: range, start, rule, and what each is read from."""
    fields = inspect.getsource(world.World)
    meaning = dict(re.findall(r"^    (\w+): float  # (.*)$", fields, re.MULTILINE))
    rows = []
    for name in WORLD_FIELDS:
        low, high = RANGE[name]
        found = influences(name)
        from_ = ", ".join(dict.fromkeys(label(each.source) for each in found))
        rule_of = rule_link(found[0].rule, page)
        what = style.SERIES[name].title + (f": {meaning[name]}" if name in meaning else "")
        start = number(parameters()[f"start_{name}"].default)
        rows.append((_state(name), what, f"{low:g} to {high:g}", start, rule_of, from_))
    return table(("state", "meaning", "range", "January 2019", "rule", "moved by"), rows)


def _state(name: str) -> str:
    return f"{anchored(f'state-{_dashed(name)}')}`{name}`"


def _dashed(name: str) -> str:
    return name.replace("_", "-")


def _page(parts: list[str]) -> str:
    return "\n\n".join(parts) + "\n"


# Each page of the reference that is made from a register, by the name of its file.
PAGES: dict[str, Callable[[], str]] = {
    "parameters": parameters_page,
    "claims": claims_page,
    "rules": rules_page,
    "levers": levers_page,
    "definitions": definitions_page,
    "patterns": patterns_page,
    "data": data_page,
    "scenario-keys": scenario_keys_page,
}
