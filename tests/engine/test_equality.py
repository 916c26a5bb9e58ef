"""Both engines give the same numbers, to the last bit: Mesa step by step, and the compiled month loop.

The full matrix of scenarios, variants and seeds is ``python -m benchmarks.equality``.
"""

from types import SimpleNamespace

import numpy as np
import pytest

from benchmarks.equality import EVERYTHING, SCENARIOS, Case, compare, sample
from sim.engine import blocks
from sim.engine.mesa.agents import Peninsula
from sim.engine.plan import GIVEN, plan_of
from sim.engine.tracing.month import MONTH, Tracing
from sim.engine.tracing.stages import Stage
from sim.model.capitals import CAPITALS
from sim.model.variants import VARIANTS
from sim.model.world import WORLD_FIELDS
from sim.registers.register import registered_parameters
from sim.scenario import load
from sim.scenario.values import resolve
from tests.machine_code import machine

CASES = list(sample())


def test_the_sample_covers_all_scenarios_variants_drivers_and_capitals() -> None:
    assert len(CASES) >= 60
    assert {case.name for case in CASES} > set(SCENARIOS)
    assert {case.variant for case in CASES} == set(VARIANTS)
    whole = [case for case in CASES if case.scenario.horizon == 168]
    assert {case.variant for case in whole} == set(VARIANTS)
    moved = set()
    for case in CASES:
        moved |= {driver for driver, values in case.scenario.schedule().items() if len(set(values)) > 1}
    assert moved >= set(GIVEN)
    scripted = {field.split("_")[0] for case in CASES for field in case.scenario.scripts()}
    assert scripted == {"deal", *(capital.lower() for capital in CAPITALS)}


def test_the_sample_sees_the_war_go_on_end_on_a_date_and_end_by_chance() -> None:
    kinds = {type(case.scenario.war_end) for case in CASES if case.scenario.horizon == 168}
    assert kinds == {type(None), int, tuple}


def sampled(name: str) -> bool:
    """Whether every test run simulates a scenario; the long one has the others."""
    return name == EVERYTHING.stem or SCENARIOS.index(name) % 4 == 0


@pytest.mark.parametrize(
    "name",
    [
        pytest.param(name, marks=[] if sampled(name) else pytest.mark.long)
        for name in sorted({case.name for case in CASES})
    ],
)
def test_the_engines_agree_to_the_last_bit(name: str) -> None:
    for case in (case for case in CASES if case.name == name):
        differences = compare(case)
        assert not differences, (
            f"{case.variant}, seed {case.seed}, run {case.run}: {len(differences)} differ, first {differences[:5]}"
        )


def test_both_engines_count_what_is_left_of_the_need_from_the_wars_end_whoever_notices_it_late() -> None:
    """Four months after the end all know of it, and what was left of the need is no longer a matter of opinion."""
    model = Peninsula(load("war-ends-early").with_(months={"to": "2025-05"}), seed=7, trace=False)
    model.run_model()
    late = [name for name, month in model.seen.items() if month > model.war_end]
    assert late and max(model.seen.values()) < model.month
    needs = {capital.name: capital.outlook.need for capital in model.capitals}
    assert needs["Moscow"] > 0.0 and set(needs.values()) == {needs["Moscow"]}

    traced = Tracing(tuple(model.plan.values))
    traced.expect()
    graph = traced.graph
    outputs = {name: graph.at(MONTH, outlook.need) for name, outlook in traced.outlooks.items()}
    stage = Stage("expected", {graph.store(node, f"need.{name}"): node for name, node in outputs.items()}, frozenset())
    workspace = np.ones((len(graph.rows), 1))
    known = {"war_start": model.war_start, "war_end": model.war_end, "month": float(model.month - 1)}
    known |= {f"seen.{name}": month for name, month in model.seen.items()}
    known |= {f"params.{name}": value for name, value in model.plan.values.items()}
    known["given.alternative_supplier"] = model.given.alternative_supplier
    for name, value in known.items():
        workspace[graph.rows[name]] = value
    machine(graph, stage)(workspace)
    assert {name: workspace[graph.rows[f"need.{name}"], 0] for name in outputs} == needs


def test_the_comparison_sees_a_difference_in_the_last_bit(monkeypatch: pytest.MonkeyPatch) -> None:
    run_model = Peninsula.run_model

    def nudged(model: Peninsula) -> None:
        run_model(model)
        recorded = model.datacollector.model_vars["tension"]
        recorded[7] = np.nextafter(recorded[7], 1.0)

    monkeypatch.setattr(Peninsula, "run_model", nudged)
    scenario = load("hindcast").with_(months={"to": "2019-12"})
    assert compare(Case("hindcast", scenario, 3, 4)) == ["2019-08 tension"]


def test_parameters_that_differ_from_run_to_run_give_what_each_would_give_alone() -> None:
    scenario = load("hindcast").with_(months={"to": "2025-12"}, war={"ends": "2024-06"})
    chance = np.random.default_rng(5)
    free = {name: entry for name, entry in registered_parameters().items() if entry.low is not None}
    drawn = [{name: chance.uniform(entry.low, entry.high) for name, entry in free.items()} for _ in range(6)]
    for values in drawn:  # claims 1 and 8: the West never counts less than influence
        values["beijing_influence_weight"] = min(values["beijing_west_weight"], values["beijing_influence_weight"])
    resolved = [resolve(values) for values in drawn]
    columns = {name: np.array([values[name] for values in resolved]) for name in resolved[0]}
    record = tuple(f"world.{name}" for name in WORLD_FIELDS)
    block = blocks.simulate(blocks.PlannedRuns(plan_of(scenario), 17, np.arange(6), values=columns), record)
    for run, values in enumerate(drawn):
        model = Peninsula(scenario, seed=17, run=run, trace=False, **values)
        assert model.params == SimpleNamespace(**resolved[run])
        model.run_model()
        alone = model.datacollector.get_model_vars_dataframe()[list(WORLD_FIELDS)].to_numpy(float)
        assert np.array_equal(alone, block.series[run])
