"""Stages, and the sources made of them: each computes what the rule computes, from rows that are filled before it."""

import ast
import inspect
import re
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from sim.engine import batch
from sim.engine.batch import source as columns
from sim.engine.compiled import kernel
from sim.engine.tracing.graph import Graph
from sim.engine.tracing.order import BEGIN, SIMULATE, constants, identifier
from sim.engine.tracing.stages import Stage, trace
from sim.model.moves import LEVERS
from sim.model.saturation import if_below, logarithm
from sim.model.transition import economy, flows
from sim.model.world import WORLD_FIELDS, World, start
from sim.scenario.values import resolve

VALUES = resolve({})
TRACED = trace(tuple(VALUES))
NAMES = {stage.name for stage in TRACED.stages}


def made_alone(stage: Stage, graph: Graph) -> SimpleNamespace:
    """Return the same stage as both engines have it, in plain Python for one run and in numpy for many."""
    rows = dict(graph.rows)
    numbers: dict[str, str] = {}
    wide = columns.function(graph, stage, numbers)
    scope: dict = {"LANES": 1, "if_below": if_below, "sqrt": economy.sqrt, **rows}
    exec(kernel.function(graph, stage), scope)
    many: dict = {}
    exec(columns._HEAD, many)
    many |= rows | {name: np.array(float(number)) for number, name in numbers.items()}
    exec(wide, many)
    return SimpleNamespace(rows=rows, lanes=scope[stage.name], columns=many[stage.name])


def test_every_stage_reads_only_rows_that_are_inputs_or_filled_by_a_stage_before_it() -> None:
    filled: set[str] = set()
    for stage in TRACED.stages:
        read = {node.row for node in stage.ordered(TRACED.graph) if node.place in stage.known}
        assert read <= filled, stage.name
        filled |= set(stage.outputs)


def test_every_row_has_a_name_of_its_own_that_a_source_can_write() -> None:
    names = [identifier(name) for name in TRACED.rows]
    assert len(set(names)) == len(names) == len(TRACED.graph.rows)
    assert all(name.isidentifier() for name in names)
    assert list(TRACED.rows.values()) == list(range(len(names)))


def test_the_order_of_a_month_calls_every_stage_and_every_lever_in_turn() -> None:
    lines = re.findall(r"^ +(\w+)\(m\b", BEGIN + SIMULATE, re.MULTILINE)
    told = [name for name in lines if name in NAMES or name == "score_bundles"]
    levers = [f"{verb}_{lever.field}" for lever in LEVERS for verb in ("decide", "condition")]
    assert told == [
        "start", "prepare", "expect", "survey", *levers, "only_for_arms",
        "survey_deal", "score_no_exchange", "score_bundles", "condition_deal", "choose_deal", "add_evidence",
        "live", "enjoy",
    ]  # fmt: skip
    assert NAMES - set(told) == {"survey_arms", "score_deal"}


@pytest.mark.parametrize("text", [kernel.source(TRACED, 64), columns.source(TRACED)], ids=["compiled", "batch"])
def test_both_engines_run_the_months_in_the_order_that_is_written_once(text: str) -> None:
    assert BEGIN in text
    assert SIMULATE in text
    assert constants(TRACED.rows) in text
    defined = [node.name for node in ast.parse(text).body if isinstance(node, ast.FunctionDef)]
    assert set(defined) >= NAMES | {"begin", "simulate", "fill", "copy", "roll", "limit", "score_bundles", "keep"}
    assert len(defined) == len(set(defined))
    assert not re.search(r"m\[\d", text), "rows are named, not numbered"


def test_the_first_stage_sets_the_world_of_the_rules() -> None:
    m = np.zeros((len(TRACED.rows), 3))
    for name, value in VALUES.items():
        m[TRACED.rows[f"params.{name}"]] = value
    batch.months(tuple(VALUES)).begin(m, np.arange(float(len(LEVERS))))
    expected: World = start(SimpleNamespace(**VALUES))
    for name in WORLD_FIELDS:
        assert m[TRACED.rows[f"world.{name}"]].tolist() == [getattr(expected, name)] * 3
    assert m[TRACED.rows[f"moves.{LEVERS[4].field}"]].tolist() == [4.0] * 3


def test_a_stage_does_what_its_rule_does_to_the_last_bit() -> None:
    graph = Graph()
    x = graph.input("x", 0)
    node = graph.on_symbols(logarithm)(x)
    made = made_alone(Stage("logarithms", {graph.store(node, "y"): node}, frozenset()), graph)
    draws = np.random.default_rng(1).random(200)
    m = [draws, np.zeros(200)]
    made.columns(m)
    for draw, found in zip(draws.tolist(), m[made.rows["y"]].tolist(), strict=True):
        lane = [draw, 0.0]
        made.lanes(lane)
        assert lane[made.rows["y"]] == found == logarithm(draw)


SIGNS = (0.0, -0.0, 1.0, -1.0, np.inf, -np.inf, np.nan)


@pytest.mark.parametrize("op", ["max", "min"])
@pytest.mark.parametrize("known", [None, 0.0, -0.0, 1.0, -1.0])
@pytest.mark.parametrize("first", [True, False])
def test_ties_of_zeros_and_what_is_no_number_are_taken_as_python_takes_them(op: str, known, first: bool) -> None:
    graph = Graph()
    x, other = graph.input("x", 0), graph.input("other", 0) if known is None else known
    node = graph.node(graph.apply(op, *((x, other) if first else (other, x))))
    made = made_alone(Stage("tie", {graph.store(node, "y"): node}, frozenset()), graph)
    pairs = np.array([(a, b) for a in SIGNS for b in (SIGNS if known is None else (known,))])
    m = [*pairs.T.copy(), None] if known is None else [pairs[:, 0].copy(), None]
    made.columns(m)
    plain = max if op == "max" else min
    expected = [plain(a, b) if first else plain(b, a) for a, b in pairs.tolist()]
    found = m[made.rows["y"]].tolist()
    assert [(repr(a), repr(b)) for a, b in zip(found, expected, strict=True) if repr(a) != repr(b)] == []


def test_a_name_is_used_again_once_what_it_stood_for_is_no_longer_read() -> None:
    text = columns.function(TRACED.graph, TRACED["live"], {})
    lines = [line for line in text.splitlines() if re.match(r"    v\d+ = ", line)]
    names = {line.split()[0] for line in lines}
    assert len(names) < len(lines) / 4
    read: set[str] = set()
    for line in lines:
        name, _, operation = line.strip().partition(" = ")
        assert set(re.findall(r"\bv\d+", operation)) <= read
        read.add(name)


def test_the_page_on_the_engines_shows_what_they_are_given() -> None:
    page = Path(kernel.__file__).parents[1].joinpath("README.md").read_text(encoding="utf-8")
    shown = re.findall(r"^```python\n(.*?)^```", page, re.MULTILINE | re.DOTALL)
    live = [columns.function(TRACED.graph, TRACED["live"], {}), kernel.function(TRACED.graph, TRACED["live"])]
    for block, text in zip(shown[1:], live, strict=True):
        lines = block.splitlines()
        printed = [line.strip() for line in text.splitlines()]
        first = printed.index(lines[0])
        assert printed[first : first + len(lines) - 1] == lines[:-1]
        assert lines[-1] in printed
    rule = inspect.getsource(flows.workers_in_china)
    assert all(line in rule for line in shown[0].splitlines())
