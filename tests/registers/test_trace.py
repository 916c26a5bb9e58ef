"""The gate between the article and the model, both ways."""

import ast
import inspect
import re
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest

import sim.model
from sim.model.goals import GOALS, weight_name
from sim.model.pace import PACED
from sim.model.variants import VARIANTS
from sim.model.world import WORLD_FIELDS
from sim.registers import trace
from sim.registers.register import CODED, assumptions, claims, registered_parameters

ROOT = Path(sim.model.__file__).parents[2]
MODEL = ROOT / "sim" / "model"
SOURCES = sorted(MODEL.rglob("*.py"))
BARRED = {claim.id for claim in claims().values() if claim.barred}

# Files that hold definitions and tools, not rules.
NO_RULES = {"saturation.py", "months.py", "citing.py", "world.py", "moves.py", "variants.py"}

# Public functions among the rules that are none.
NOT_RULES = {
    "goals.goals_of": "looks goals up by name",
    "goals.weight_name": "spells a name",
}

# Numbers that need no entry in the register: nought, one and a half by definition, and the constants of the curves.
PLAIN = {0, 1, 2, 0.5, 10, 20, 4, 16}

# Files whose numbers define units, options, curves and dates.
DEFINING = {"moves.py", "world.py", "saturation.py"}
NUMBERS = {
    ("months.py", 2019): "the first year",
    ("months.py", 12): "months in a year",
    ("variants.py", 12): "V2-12 looks twelve months ahead; the number is its name",
    ("transition/economy.py", 1e-9): "keeps a share of nothing from being a division by nought",
    ("variants.py", 1e9): "V5 takes the best option always: a precision at which chance has no say",
    ("variants.py", 2.25): "V6 counts losses this much more than gains (Tversky and Kahneman 1992)",
    ("variants.py", 0.3): "V14 and V20 count what Moscow is ahead by at three tenths, V17 what can be paid with",
    ("variants.py", 0.008): "V18 lets output grow by so much a month at best; off in the base",
    ("variants.py", 0.03): "V19 counts arms made at the rate of full sales as 3% of output; off in the base",
    ("variants.py", 0.6): "V15 lets six tenths of the price of bowing follow what the patron holds; off in the base",
    ("deal.py", 1e6): "a score beyond any product of gains: infeasible below, without a ceiling above",
    ("deal.py", 5e5): "between infeasible and any product of gains: a bundle that a script imposes",
    ("outcomes.py", 100): "the measures run from 0 to 100",
}


def _rule_modules() -> Iterator[tuple[str, object]]:
    for path in SOURCES:
        if path.name not in NO_RULES:
            parts = path.relative_to(ROOT).with_suffix("").parts
            name = ".".join(part for part in parts if part != "__init__")
            yield name, import_module(name)


def _public_functions() -> dict[str, object]:
    return {
        f"{name}.{function_name}".removeprefix("sim.model."): function
        for name, module in _rule_modules()
        for function_name, function in inspect.getmembers(module, inspect.isfunction)
        if function.__module__ == name and not function_name.startswith("_")
    }


def _relative(path: Path) -> str:
    return path.relative_to(MODEL).as_posix()


def test_every_public_function_among_the_rules_says_what_it_rests_on() -> None:
    functions = _public_functions()
    silent = {name for name, function in functions.items() if not getattr(function, "rests_on", ())}
    assert silent == set(NOT_RULES)
    assert set(trace.rules()) == set(functions) - silent
    assert len(trace.rules()) > 60


def test_every_goal_is_a_rule() -> None:
    for capital, goals in GOALS.items():
        for goal in goals:
            assert f"goals.{capital.lower()}.{goal.__name__}" in trace.rules()


def test_what_a_rule_rests_on_exists_and_is_not_barred() -> None:
    known = {*claims(), *assumptions()}
    for name, sources in trace.rules().items():
        assert set(sources) <= known, name
        assert len(set(sources)) == len(sources), f"{name} cites something twice"
        assert not BARRED.intersection(sources), f"{name} cites a pattern, a derived claim or a forecast"


@pytest.mark.parametrize("path", SOURCES, ids=_relative)
def test_no_source_of_the_model_so_much_as_mentions_a_barred_claim(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    mentioned = {f"C{int(n):02d}" for n in re.findall(r"(?i)\b(?:C|claims? )(\d+)\b", text)}
    assert not mentioned & BARRED


def test_the_source_scan_sees_a_barred_claim_however_it_is_written() -> None:
    cited = re.findall(r"(?i)\b(?:C|claims? )(\d+)\b", 'rests_on("C51"), c9, Claim 63')
    assert {f"C{int(n):02d}" for n in cited} == {"C51", "C09", "C63"}


def test_every_claim_that_may_be_coded_is_cited_or_listed_as_not_modelled() -> None:
    for row in trace.trace_table():
        cited = bool(row.rules or row.parameters)
        if not row.roles:
            assert cited, f"nothing cites assumption {row.id}; cite it or strike it out"
        elif CODED.isdisjoint(row.roles):
            assert not cited, f"{row.id} is barred but cited"
        elif claims()[row.id].not_modelled:
            assert not cited, f"{row.id} is cited, so it is modelled; say as what in claims.yaml"
        else:
            assert cited, f"nothing cites {row.id}; cite it, or say in claims.yaml why it is not modelled"


def test_the_rules_read_only_registered_parameters() -> None:
    read = {
        (node.attr, _relative(path))
        for path in SOURCES
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "params"
    }
    assert len(read) > 100
    assert not {(name, file) for name, file in read if name not in registered_parameters()}


def test_every_parameter_is_read_somewhere() -> None:
    code = "\n".join(
        path.read_text(encoding="utf-8")
        for path in (ROOT / "sim").rglob("*.py")
        if path.relative_to(ROOT / "sim").parts[0] != "registers"
    )
    words = set(re.findall(r"\w+", code))
    built = {
        *(f"start_{name}" for name in WORLD_FIELDS),
        *(f"tau_{name}" for name in PACED),
        *(weight_name(capital, goal.__name__) for capital, goals in GOALS.items() for goal in goals),
    }
    assert built <= set(registered_parameters())
    unread = set(registered_parameters()) - built - words
    assert not unread


def test_variants_change_only_registered_parameters() -> None:
    for variant in VARIANTS.values():
        assert set(variant.parameters) <= set(registered_parameters()), variant.name


def test_every_number_in_a_rule_is_registered_or_plain() -> None:
    unregistered = {
        (_relative(path), node.value)
        for path in SOURCES
        if path.name not in DEFINING
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and type(node.value) in (int, float) and node.value not in PLAIN
    }
    assert unregistered == set(NUMBERS), "register the number in parameters.yaml, or name it here with its reason"


def test_the_table_tells_what_cites_a_claim() -> None:
    rows = {row.id: row for row in trace.trace_table()}
    assert list(rows) == [*claims(), *assumptions()]
    assert "transition.flows.china_flow" in rows["C11"].rules
    assert "goodwill_trade" in rows["A8"].parameters
    assert rows["C34"].enters_as.startswith("not modelled: ")
    assert rows["C28"].rules == rows["C28"].parameters == ()


def test_the_claim_table_in_the_manual_is_up_to_date() -> None:
    committed = (ROOT / "docs" / "claims.md").read_text(encoding="utf-8")
    assert committed == trace.claims_table(), "run: python -m sim.registers.trace > docs/claims.md"
