"""The reference is written from the code: nothing of a register is left out, and what it says is what the code does."""

import inspect
import re
from dataclasses import fields
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from research import command_line_pages, reference_pages
from sim.analysis.definitions import DEFINITIONS, describe_definitions
from sim.cli.guard import EXIT_CODES
from sim.model import deeds, saturation
from sim.model.beliefs import survival
from sim.model.capitals import CAPITALS
from sim.model.choice import loss_averse
from sim.model.deal import nash
from sim.model.drivers import DRIVERS, Drivers
from sim.model.goals import GOALS
from sim.model.moves import LEVERS, MOVE_FIELDS, Moves
from sim.model.pace import Pace
from sim.model.transition import flows, warmth
from sim.model.variants import VARIANTS
from sim.model.world import RANGE, WORLD_FIELDS, World
from sim.registers import targets
from sim.registers.register import TABLES, assumptions, claims, observed_table, registered_parameters
from sim.registers.trace import rules
from sim.report.reference import equations, influence, registers
from sim.report.reference.influence import rule_named
from sim.report.reference.text import anchor
from sim.scenario.schema import Scenario

ROOT = Path(__file__).parents[2]
PAGES = {name: page() for name, page in {**reference_pages.PAGES, **command_line_pages.PAGES}.items()}


def dashed(name: str) -> str:
    return name.replace("_", "-")


# --- Equations


def test_rules_are_written_as_their_equations() -> None:
    assert equations.of_rule(flows.workers_in_china) == [
        r"\text{moved} = \text{workers in china}_{t} + \kappa_{\text{workers in china}} \cdot "
        r"(\mathsf{beijing\ workers} - \text{workers in china}_{t})",
        r"\text{workers in china} = \left[\text{moved}\right]_{0}^{1}",
    ]
    assert equations.of_rule(loss_averse) == [
        r"\text{loss averse} = \text{utility} - "
        r"(\text{loss aversion} - 1) \cdot \max(0, \text{habitual} - \text{utility})"
    ]
    assert equations.of_rule(deeds.tests) == [r"\text{tests} = \text{beyond}(\mathsf{pyongyang\ provoke}, 0.33)"]
    assert r"\begin{cases} -1000000 & " in equations.of_rule(nash)[-1]
    assert r"\frac{\text{months}_{\text{belief}}}{\text{months}_{\text{belief}} + \text{months}}" in "".join(
        equations.of_rule(survival)
    )


def test_a_difference_within_a_difference_keeps_its_brackets() -> None:
    def difference(x: float, y: float, z: float) -> float:
        return x - (y - z) * (x + y) / (z - 1.0)

    (written,) = [equations._written(returned(difference))[0]]
    assert written == r"\text{x} - \frac{(\text{y} - \text{z}) \cdot (\text{x} + \text{y})}{\text{z} - 1}"


def returned(function: Any) -> Any:
    return equations._function(function).body[0].value  # type: ignore[attr-defined]


def test_a_long_sum_has_a_line_for_each_term_with_its_sign() -> None:
    lines = equations.of_rule(warmth.warmth_moscow_pyongyang)[0].splitlines()
    assert len(lines) == 8 + 2
    assert sum(line.startswith(r"&\quad +") for line in lines) == 7
    mixed = equations.of_rule(warmth.warmth_beijing_seoul)[0].splitlines()
    assert [line[7] for line in mixed if line.startswith(r"&\quad ")] == list("++---+--")


def test_what_is_more_than_a_formula_is_shown_as_its_source() -> None:
    with pytest.raises(equations.Unwritable):
        equations.of_rule(saturation.exponential)
    assert "for term in range(7, 0, -1):" in equations.markdown(saturation.exponential)
    unwritable = {name for name in rules() if "```python" in equations.markdown(rule_named(name))}
    assert len(unwritable) <= 12, unwritable


@pytest.mark.parametrize("name", rules())
def test_a_rule_shows_every_number_and_move_that_it_reads(name: str) -> None:
    shown = equations.markdown(rule_named(name))
    source = inspect.getsource(rule_named(name))
    for record, attribute in re.findall(r"\b(params|moves)\.(\w+)", source):
        style = r"\mathit" if record == "params" else r"\mathsf"
        as_tex = f"{style}{{{attribute.replace('_', chr(92) + ' ')}}}"
        assert as_tex in shown or f"{record}.{attribute}" in shown


# --- Influences


def arguments(rule: Any, random: np.random.Generator) -> dict[str, Any]:
    """Return numbers that a rule of the world, or a goal, may be called with."""

    def between(low: float, high: float) -> float:
        return float(random.uniform(low, high))

    values: dict[str, Any] = {}
    for argument in inspect.signature(rule).parameters.values():
        kind = argument.annotation
        if kind is World:
            values[argument.name] = World(**{name: between(*RANGE[name]) for name in WORLD_FIELDS})
        elif kind is Moves:
            values[argument.name] = Moves(
                **{lever.field: between(lever.options[0].value, lever.options[-1].value) for lever in LEVERS}
            )
        elif kind in (Drivers, Pace):
            values[argument.name] = kind(**{field.name: between(0.1, 0.9) for field in fields(kind)})
        elif argument.name == "params":
            numbers = {name: entry.default or 0.3 for name, entry in registered_parameters().items()}
            values[argument.name] = SimpleNamespace(**numbers)
        else:
            values[argument.name] = between(0.1, 0.9)
    return values


def moving(rule: Any, of: Any = None) -> set[str]:
    """Return what a rule reads, found by trying: the inputs of which one, changed alone, changes the result."""
    random, inputs = np.random.default_rng(7), set()
    result = (lambda value: getattr(value, of)) if of else (lambda value: value)
    for _ in range(25):
        given = arguments(rule, random)
        rest = result(rule(**given))
        other = arguments(rule, random)
        for name, record in given.items():
            if name in ("params", "pace"):
                continue
            if isinstance(record, float):
                if result(rule(**given | {name: other[name]})) != rest:
                    inputs.add(influence.PROVOCATION)
                continue
            for field in fields(record):
                changed = type(record)(**{f.name: getattr(record, f.name) for f in fields(record)})
                setattr(changed, field.name, getattr(other[name], field.name))
                if result(rule(**given | {name: changed})) != rest:
                    inputs.add(field.name)
    return inputs


LINKED = {(link.target, link.rule) for link in influence.links()}


@pytest.mark.parametrize(("target", "rule"), sorted(LINKED))
def test_the_traced_links_are_those_that_are_found_by_trying(target: str, rule: str) -> None:
    of = target if rule.endswith("expectations") else None
    traced = {link.source for link in influence.influences(target)}
    assert traced == moving(rule_named(rule), of) - {target}


def test_every_state_goal_lever_and_driver_is_linked() -> None:
    goals = {influence.goal_name(capital, goal) for capital in CAPITALS for goal in GOALS[capital]}
    assert {target for target, _ in LINKED} == {*WORLD_FIELDS, influence.PROVOCATION, *goals}
    sources = {link.source for link in influence.links()}
    assert set(MOVE_FIELDS) <= sources and set(DRIVERS) <= sources


def test_a_picture_has_columns_from_levers_to_goals() -> None:
    columns = influence.columns(["seoul_north"], ["Seoul: north", "Seoul: deterrence", "Seoul: line"])
    assert columns[0] == ["seoul_north"]
    assert "allied_buildup" in columns[1]
    assert columns[-1] == ["Seoul: north", "Seoul: deterrence", "Seoul: line"]
    drawn = influence.of_capital("Seoul")
    assert "goals.seoul.line" in drawn and "transition.warmth.warmth_seoul_pyongyang" in drawn


# --- Registers


def test_every_parameter_stands_on_its_page_with_what_reads_it() -> None:
    page, by = PAGES["parameters"], registers.read_by()
    for name, entry in registered_parameters().items():
        assert f'id="parameter-{dashed(name)}"' in page and entry.meaning in page
        for reader in by[name]:
            assert f"rules.html#{anchor('rule', reader)}" in page
    handed = {name for name, readers in by.items() if not readers and not name.startswith("start_")}
    engine = (ROOT / "sim" / "engine" / "mesa" / "agents.py").read_text(encoding="utf-8")
    assert handed and all(f"params.{name}" in engine for name in handed)


def test_every_claim_and_assumption_stands_on_its_page_with_its_rules() -> None:
    page = PAGES["claims"]
    assert all(f'id="claim-{name.lower()}"' in page for name in (*claims(), *assumptions()))
    assert page.count("<details>") == sum(len(sources) for sources in rules().values())


def test_every_rule_and_curve_stands_on_its_page() -> None:
    page = PAGES["rules"]
    assert all(page.count(f'id="{anchor("rule", name)}"') == 1 for name in rules())
    assert all(f"### `{name}`" in page for name, _ in inspect.getmembers(saturation, inspect.isfunction))


def test_every_option_of_every_lever_stands_on_its_page() -> None:
    page = PAGES["levers"]
    for lever in LEVERS:
        assert f'id="lever-{dashed(lever.field)}"' in page
        assert all(f"| {option.name} | {option.value:g} | {option.label} |" in page for option in lever.options)


def test_every_definition_pattern_series_and_figure_stands_on_its_page() -> None:
    assert all(f"| {name} | {describe_definitions()[name]} |" in PAGES["definitions"] for name in DEFINITIONS)
    for bound in targets.bounds().values():
        assert f'id="bound-{dashed(bound.id)}"' in PAGES["patterns"] and bound.why in PAGES["patterns"]
    assert all(f"`{figure.id}`" in PAGES["patterns"] for figure in targets.target_series().values())
    for name in TABLES:
        frame = observed_table(name)
        for group in frame["domain" if name == "events" else "series"].unique():
            assert f"| `{group}` |" in PAGES["data"]


def test_every_key_of_a_scenario_stands_on_its_page() -> None:
    page = PAGES["scenario-keys"]
    schema = Scenario.model_json_schema()
    keys = {*schema["properties"], *schema["$defs"]["Drivers"]["properties"]}
    assert not [key for key in keys if f"`{key}`" not in page]
    assert all(f"`{key}`" in page for key in ("months.from", "war.ends", "moves.option"))
    assert all(f"| {name} |" in page for name in VARIANTS)


def test_every_command_with_every_option_stands_on_its_page() -> None:
    import typer

    from sim.cli import app

    page = PAGES["command-line"]
    for name, command in typer.main.get_command(app).commands.items():  # type: ignore[attr-defined]
        part = page.split(f"## `sim {name}`\n")[1].split("\n## ")[0]
        for param in command.params:
            if param.param_type_name == "option":
                assert all(f"`{word}`" in part for word in param.opts), (name, param.opts)


def test_exit_codes_are_those_of_the_manual() -> None:
    manual = (ROOT / "docs" / "manual.md").read_text(encoding="utf-8")
    assert dict(re.findall(r"^\| (\d+) \| (.*) \|$", manual, re.MULTILINE)) == {
        str(code): means for code, means in EXIT_CODES.items()
    }
    assert all(f"| {code} | {means} |" in PAGES["exit-codes"] for code, means in EXIT_CODES.items())


@pytest.mark.parametrize("name", PAGES)
def test_links_within_the_reference_lead_somewhere(name: str) -> None:
    for page, place in re.findall(r'href="([\w-]*)(?:\.html)?#([^"]+)"', PAGES[name]):
        assert f'id="{place}"' in PAGES[page or name], (page, place)
