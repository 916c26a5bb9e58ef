"""Stages, and the sources made of them: each computes what the rule computes, from rows that are filled before it."""

import ast
import inspect
import re
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from sim.engine import batch
from sim.engine.batch import numpy_source
from sim.engine.compiled.llvm_month import Array, in_llvm, llvm_number
from sim.engine.compiled.llvm_source import Vectors, month_loop_source
from sim.engine.tracing.graph import Graph
from sim.engine.tracing.month_order import BEGIN, SIMULATE, SIMULATE_RUNS, constants, identifier
from sim.engine.tracing.stages import Stage, Stages, trace
from sim.model.moves import DEAL, LEVERS
from sim.model.saturation import logarithm
from sim.model.transition import flows
from sim.model.world import WORLD_FIELDS, World, start
from sim.scenario.values import resolve
from tests.machine_code import machine

VALUES = resolve({})


@pytest.fixture(scope="module")
def traced() -> Stages:
    return trace(tuple(VALUES))


@pytest.fixture(scope="module")
def names(traced: Stages) -> set[str]:
    return {stage.name for stage in traced.stages}


def made_alone(stage: Stage, graph: Graph, lanes: int) -> SimpleNamespace:
    """Return the same stage as both engines have it, in machine code and in numpy."""
    rows = dict(graph.rows)
    numbers: dict[str, str] = {}
    wide = numpy_source.function(graph, stage, numbers)
    many: dict = {}
    exec(numpy_source._HEAD, many)
    many |= rows | {name: np.array(float(number)) for number, name in numbers.items()}
    exec(wide, many)
    return SimpleNamespace(rows=rows, machine=machine(graph, stage, lanes, 1), columns=many[stage.name])


def test_every_stage_reads_only_rows_that_are_inputs_or_filled_by_a_stage_before_it(traced: Stages) -> None:
    filled: set[str] = set()
    for stage in traced.stages:
        read = {node.row for node in stage.sort_nodes(traced.graph) if node.place in stage.known}
        assert read <= filled, stage.name
        filled |= set(stage.outputs)


def test_every_row_has_a_name_of_its_own_that_a_source_can_write(traced: Stages) -> None:
    written = [identifier(name) for name in traced.rows]
    assert len(set(written)) == len(written) == len(traced.graph.rows)
    assert all(name.isidentifier() for name in written)
    assert list(traced.rows.values()) == list(range(len(written)))


def test_the_order_of_a_month_calls_every_stage_and_every_lever_in_turn(names: set[str]) -> None:
    lines = re.findall(r"^ +(\w+)\(m\b", BEGIN + SIMULATE, re.MULTILINE)
    called = [name for name in lines if name in names or name == "score_bundles"]
    levers = [f"{verb}_{lever.field}" for lever in LEVERS for verb in ("decide", "condition")]
    assert called == [
        "start", "prepare", "expect", "survey", *levers, "only_for_arms",
        "survey_deal", "score_no_exchange", "score_bundles", "condition_deal", "choose_deal", "add_evidence",
        "live", "enjoy",
    ]  # fmt: skip
    assert names - set(called) == {"survey_arms", "score_deal"}


def test_the_batch_engine_runs_the_months_in_the_order_that_is_written_once(traced: Stages, names: set[str]) -> None:
    text = numpy_source.python_source(traced)
    assert BEGIN in text
    assert SIMULATE_RUNS in text
    assert constants(traced.rows) in text
    defined = [node.name for node in ast.parse(text).body if isinstance(node, ast.FunctionDef)]
    assert set(defined) >= names | {"begin", "simulate", "fill", "copy", "roll", "limit", "score_bundles", "keep"}
    assert len(defined) == len(set(defined))
    assert not re.search(r"m\[\d", text), "rows are named, not numbered"


@pytest.mark.parametrize("width", [2, 8])
def test_the_compiled_engine_calls_all_stages_in_the_same_order(width: int, traced: Stages, names: set[str]) -> None:
    text = month_loop_source(traced, Vectors(64, width))
    defined = re.findall(r"^define void @(\w+)\(", text, re.MULTILINE)
    assert set(defined) >= names | {"begin", "simulate", "fill", "copy"}
    assert len(defined) == len(set(defined))
    (simulate,) = re.findall(r"^define void @simulate\(.*?^}", text, re.MULTILINE | re.DOTALL)
    called = [name for name in re.findall(r"call void @(\w+)\(", simulate) if name in names]
    arms, pay = len(DEAL[0].options) - 1, len(DEAL[1].options)
    deal = [name for name in called if name in ("survey_arms", "score_deal")]
    assert len(deal) == arms * (1 + pay)
    written = [name for name in re.findall(r"^ +(\w+)\(m\b", SIMULATE, re.MULTILINE) if name in names]
    assert [name for name in called if name not in deal] == written


MONTH = """
def simulate(m, first, last, given, script, conditional, told):
    for t in range(first, last):
        fill(m, month, float(t))
        if conditional and told[t, 1] and not script[t, 0] >= 0:
            copy(m, MOVES[1], month)
        else:
            fill(m, month, VALUE[1, script[t, 1]])
"""


def test_the_order_of_a_month_is_worked_out_as_far_as_it_is_known() -> None:
    given = Array("double", "%given", (2, 64))
    text = in_llvm(MONTH, {"given": given, "month": 3, "MOVES": [7, 8], "VALUE": [[0.0, 1.0], [2.0, 3.0]]})
    assert "call void @copy(ptr %m, i64 8, i64 3)" in text
    assert re.search(r"%x\.\d+ = sitofp i64 %x\.\d+ to double", text)
    assert text.count(f", {len(LEVERS)}\n") == 2, "a month of the script is as far as there are levers"
    assert re.search(r"getelementptr double, ptr @VALUE, i64", text)
    assert [text.index(step) for step in ("icmp ne i64 %conditional, 0", "load i8", "icmp sge i64")] == sorted(
        text.index(step) for step in ("icmp ne i64 %conditional, 0", "load i8", "icmp sge i64")
    ), "what is told is read only where there is a record"


@pytest.mark.parametrize("step", ["x = 1", "while t:\n        g(m)", "g(m, t * 2)", "g(m, lambda: t)"])
def test_what_has_no_form_in_llvm_is_refused(step: str) -> None:
    with pytest.raises(TypeError, match="nothing in LLVM for"):
        in_llvm(f"def f(m, t):\n    {step}\n", {})


@pytest.mark.parametrize("value", [0.0, -0.0, 1.5, -1e-310, np.inf, np.nan])
def test_a_number_is_written_to_the_last_bit(value: float) -> None:
    assert bytes.fromhex(llvm_number(value)[2:])[::-1] == np.float64(value).tobytes()


def test_the_first_stage_sets_the_world_of_the_rules(traced: Stages) -> None:
    m = np.zeros((len(traced.rows), 3))
    for name, value in VALUES.items():
        m[traced.rows[f"params.{name}"]] = value
    batch.month_loop(tuple(VALUES)).begin(m[None], np.arange(float(len(LEVERS))))
    expected: World = start(SimpleNamespace(**VALUES))
    for name in WORLD_FIELDS:
        assert m[traced.rows[f"world.{name}"]].tolist() == [getattr(expected, name)] * 3
    assert m[traced.rows[f"moves.{LEVERS[4].field}"]].tolist() == [4.0] * 3


def test_a_stage_does_what_its_rule_does_to_the_last_bit() -> None:
    graph = Graph()
    x = graph.input("x", 0)
    node = graph.on_symbols(logarithm)(x)
    made = made_alone(Stage("logarithms", {graph.store(node, "y"): node}, frozenset()), graph, 200)
    draws = np.random.default_rng(1).random(200)
    m, workspace = [draws, np.zeros(200)], np.array([draws, np.zeros(200)])
    made.columns(m)
    made.machine(workspace)
    expected = [logarithm(draw) for draw in draws.tolist()]
    assert m[made.rows["y"]].tolist() == workspace[made.rows["y"]].tolist() == expected


SIGNS = (0.0, -0.0, 1.0, -1.0, np.inf, -np.inf, np.nan)


@pytest.mark.parametrize("op", ["max", "min"])
@pytest.mark.parametrize("known", [None, 0.0, -0.0, 1.0, -1.0])
@pytest.mark.parametrize("first", [True, False])
def test_ties_of_zeros_and_what_is_no_number_are_taken_as_python_takes_them(op: str, known, first: bool) -> None:
    graph = Graph()
    x, other = graph.input("x", 0), graph.input("other", 0) if known is None else known
    node = graph.node(graph.apply(op, *((x, other) if first else (other, x))))
    pairs = np.array([(a, b) for a in SIGNS for b in (SIGNS if known is None else (known,))])
    made = made_alone(Stage("tie", {graph.store(node, "y"): node}, frozenset()), graph, len(pairs))
    m = [*pairs.T.copy(), None] if known is None else [pairs[:, 0].copy(), None]
    made.columns(m)
    plain = max if op == "max" else min
    expected = [plain(a, b) if first else plain(b, a) for a, b in pairs.tolist()]
    workspace = np.array([*pairs.T, pairs[:, 0]]) if known is None else np.array([pairs[:, 0], pairs[:, 0]])
    made.machine(workspace)
    for computed in (m[made.rows["y"]].tolist(), workspace[made.rows["y"]].tolist()):
        assert [(repr(a), repr(b)) for a, b in zip(computed, expected, strict=True) if repr(a) != repr(b)] == []


def test_a_name_is_used_again_once_what_it_stood_for_is_no_longer_read(traced: Stages) -> None:
    text = numpy_source.function(traced.graph, traced["live"], {})
    lines = [line for line in text.splitlines() if re.match(r"    v\d+ = ", line)]
    assert len({line.split()[0] for line in lines}) < len(lines) / 4
    read: set[str] = set()
    for line in lines:
        name, _, operation = line.strip().partition(" = ")
        assert set(re.findall(r"\bv\d+", operation)) <= read
        read.add(name)


def test_the_page_on_the_engines_shows_what_they_are_given(traced: Stages) -> None:
    page = Path(batch.__file__).parents[1].joinpath("README.md").read_text(encoding="utf-8")
    shown = re.findall(r"^```(?:python|llvm)\n(.*?)^```", page, re.MULTILINE | re.DOTALL)
    live = [
        numpy_source.function(traced.graph, traced["live"], {}),
        Vectors(16, 16).stage(traced.graph, traced["live"]),
    ]
    for block, text in zip(shown[1:], live, strict=True):
        lines = block.splitlines()
        printed = [line.strip() for line in text.splitlines()]
        first = printed.index(lines[0])
        assert printed[first : first + len(lines) - 1] == lines[:-1]
        assert lines[-1] in printed
    rule = inspect.getsource(flows.workers_in_china)
    assert all(line in rule for line in shown[0].splitlines())
