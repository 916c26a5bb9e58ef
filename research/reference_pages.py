"""Pages of the reference, in Markdown: nothing stands here that is not read from the code."""

from collections.abc import Callable
from typing import TYPE_CHECKING
from urllib.parse import urlparse

from research.pages import render
from sim.analysis import definitions
from sim.model.variants import VARIANTS
from sim.registers import targets
from sim.registers.register import BASES, ROLES, TABLES, assumptions, claims, observed_table
from sim.registers.trace import rules, trace_table
from sim.report import style
from sim.report.reference import equations
from sim.report.reference.influence import rule_named
from sim.report.reference.registers import (
    drivers_table,
    lever_tables,
    link_sources,
    parameter_table,
    rule_groups,
    sections,
)
from sim.report.reference.text import anchor, anchor_html, docstring, link, rule, rule_link
from sim.report.text.markdown import markdown_table
from sim.scenario.paths import ScenarioPart
from sim.scenario.schema import Scenario
from sim.scenario.scripted_moves import Move
from sim.scenario.war_and_drivers import Months, War

if TYPE_CHECKING:
    import pandas as pd


def parameters_page() -> str:
    """Return the page of parameters: meaning, unit, range, source, and what reads each."""
    parts = [part for title, names in sections().items() for part in (f"## {title}", parameter_table(names))]
    return render("reference/parameters.md", bases=", ".join(BASES), parts=parts)


def claims_page() -> str:
    """Return the page of claims and assumptions, each with the rules and numbers that rest on it."""
    return render(
        "reference/claims.md",
        roles=ROLES,
        said=lambda roles: style.sentence(", ".join(ROLES[role] for role in roles)),
        rows=trace_table(),
        claims=claims(),
        assumptions=assumptions(),
        anchored=anchor_html,
        parameter_link=lambda name: link("parameters", anchor("parameter", name), name),
        rule_link=rule_link,
        equations=lambda name: equations.markdown(rule_named(name)),
    )


def rules_page() -> str:
    """Return the page of rules: each in words and as equations."""
    parts = [text for title, group in rule_groups().items() for text in (f"## {title}", *group)]
    return render("reference/rules.md", parts=parts)


def levers_page() -> str:
    """Return the page of levers: what each capital can do, and the value of each option."""
    return render("reference/levers.md", parts=lever_tables())


def definitions_page() -> str:
    """Return the page of the definitions of drifting back, and of the measures that they read."""
    said = markdown_table(("", "Pyongyang has drifted back by"), definitions.describe_definitions().items())
    measures = [rule(name) for name in rules() if name.startswith("outcomes.")]
    return render("reference/definitions.md", definitions=said, drift=docstring(definitions.Drift), measures=measures)


def patterns_page() -> str:
    """Return the page of the patterns and series that history sets."""
    abouts = {
        about: {pattern: [targets.bounds()[name] for name in ids] for pattern, ids in targets.patterns(about).items()}
        for about in targets.ABOUT
    }
    said = {"abouts": abouts, "series": targets.target_series().values()}
    return render("reference/patterns.md", said, anchored=anchor_html, within=_within, sources=link_sources)


def _within(bound: targets.Bound) -> str:
    """Return where a number must lie."""
    least = "" if bound.low is None else f"{'more than' if bound.strict else 'at least'} {bound.low:g}"
    most = "" if bound.high is None else f"{'less than' if bound.strict else 'at most'} {bound.high:g}"
    return " and ".join(filter(None, (least, most)))


def data_page() -> str:
    """Return the page of what was observed: every series with its span, unit and sources."""
    parts = []
    for name in TABLES:
        frame = observed_table(name)
        key, when = ("domain", "date") if name == "events" else ("series", "year" if name == "annual" else "month")
        header = (key, "rows", "first", "last", *(["unit"] if "unit" in frame else []), "sources", "found at")
        rows = [_observed(str(group), rows, when) for group, rows in frame.groupby(key)]
        parts += [f"## The {name} table", markdown_table(header, rows)]
    return render("reference/data.md", parts=parts)


def _observed(name: str, rows: "pd.DataFrame", when: str) -> list[object]:
    places = {urlparse(word).netloc for cell in rows["address"].dropna() for word in cell.split() if "//" in word}
    units = ["; ".join(dict.fromkeys(rows["unit"]))] if "unit" in rows else []
    sources = "; ".join(dict.fromkeys(rows["source"].dropna()))
    return [f"`{name}`", len(rows), rows[when].min(), rows[when].max(), *units, sources, ", ".join(sorted(places))]


def scenario_keys_page() -> str:
    """Return the page of the keys of scenario files."""
    models: dict[str, type[ScenarioPart]] = {"months": Months, "war": War, "moves": Move}
    return render(
        "reference/scenario-keys.md",
        keys=_keys("", Scenario),
        drivers=drivers_table(),
        move=docstring(Move).splitlines()[0],
        variants=markdown_table(("variant", "what it changes"), [(one.name, one.title) for one in VARIANTS.values()]),
        **{name: _keys(name, model) for name, model in models.items()},
    )


def _keys(under: str, model: type[ScenarioPart]) -> str:
    rows = []
    for name, field in model.model_fields.items():
        key = f"{under}.{field.alias or name}" if under else field.alias or name
        extra = field.json_schema_extra
        simple = isinstance(field.default, str) and field.default
        default = f"`{field.default}`" if simple else ""
        rows.append((f"`{key}`", field.description or "", extra["role"] if isinstance(extra, dict) else "", default))
    return markdown_table(("key", "meaning", "role", "where not said"), rows)


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
