"""The batch engine gives what the compiled one gives, to the last bit, whatever is asked of both."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from benchmarks.equality import EVERYTHING, SCENARIOS, SHORT
from sim.engine import batch
from sim.engine.blocks import REMEMBERED, Block, PlannedRuns, simulate, simulate_with_control
from sim.engine.compiled import llvm_engine
from sim.engine.plan import GIVEN, MEASURES, Plan, plan_of, shared_months
from sim.engine.war_end import NEVER
from sim.model import months
from sim.model.deal import limits
from sim.model.moves import BUNDLES, DEAL, LEVERS
from sim.model.variants import VARIANTS
from sim.scenario import Scenario, load
from sim.scenario.values import resolve
from tests.strategies import FREE

ENGINES = (llvm_engine.kernel, batch.month_loop)
RECORD = (*REMEMBERED, *(f"measure.{name}" for name in MEASURES))
# A short war, so that what is before it, in it and after it all lie within a year and a half.
WAR = {"starts": "2019-04", "ends": {"uniform": ["2019-08", "2020-03"]}}
BRIEF = plan_of(load("baseline").with_(months={"to": "2020-06"}, war=WAR))


def bits(block: Block) -> tuple[bytes, ...]:
    """Return all that a block holds, where a NaN and a zero of the other sign are differences too."""
    return tuple(getattr(block, name).tobytes() for name in ("series", "played", "war_end"))


def differing(*blocks: tuple[Block, ...]) -> list[str]:
    """Return what differs between what the engines gave."""
    return [
        name
        for one, other in zip(*blocks, strict=True)
        for name, here, there in zip(("series", "played", "war_end"), bits(one), bits(other), strict=True)
        if here != there
    ]


def under(variant: str, values: Plan = BRIEF) -> Plan:
    return replace(values, variant=VARIANTS[variant], values=resolve({}, variant=VARIANTS[variant]))


def drawn(runs: int, variant: str, chance: np.random.Generator) -> dict[str, np.ndarray]:
    """Return what a parameter set a run makes of the numbers of the equations."""
    sets = {name: chance.uniform(*ends, runs) for name, ends in FREE.items()}
    sets["beijing_influence_weight"] = np.minimum(sets["beijing_west_weight"], sets["beijing_influence_weight"])
    return {name: values for name, values in resolve(sets, variant=VARIANTS[variant]).items() if np.ndim(values)}


def disturbed(made: Plan, chance: np.random.Generator) -> Plan:
    """Return a plan whose drivers and scripts are drawn anew every month."""
    horizon = len(made.given)
    free = chance.random((horizon, len(LEVERS))) < 0.8
    places = chance.integers(0, [len(lever.options) for lever in LEVERS], (horizon, len(LEVERS)))
    options = [[None] * 9 + [option.value for option in lever.options] for lever in DEAL]
    parts = [tuple(values[chance.integers(len(values))] for values in options) for _ in range(horizon)]
    return replace(
        made,
        given=made.given * chance.uniform(0.5, 1.5, (horizon, len(GIVEN))),
        script=np.where(free, -1, places),
        limits=np.array([limits(BUNDLES, part) for part in parts]),
        scripted_deal=np.array([any(value is not None for value in part) for part in parts]),
    )  # fmt: skip


@pytest.mark.parametrize("variant", VARIANTS)
def test_no_parameter_set_tells_the_engines_apart(variant: str) -> None:
    """Forty sets a variant, drawn over the whole prior, and a control that parts at the war's end."""
    chance = np.random.default_rng(list(VARIANTS).index(variant))
    runs, varied = np.arange(40) + 1000, drawn(40, variant, chance)
    asked = PlannedRuns(under(variant), 5, runs, values=varied)
    both = [simulate_with_control(replace(asked, engine=engine), RECORD) for engine in ENGINES]
    assert differing(*both) == []
    assert len({series.tobytes() for series in both[0][0].series}) == 40


@pytest.mark.parametrize("seed", [*range(6), *(pytest.param(seed, marks=pytest.mark.long) for seed in range(6, 12))])
def test_no_script_or_driver_tells_the_engines_apart(seed: int) -> None:
    chance = np.random.default_rng(seed)
    variant = list(VARIANTS)[seed % len(VARIANTS)]
    made = disturbed(under(variant), chance)
    asked = PlannedRuns(made, 2**40 + seed, np.arange(10), values=drawn(10, variant, chance))
    assert differing(*[(simulate(replace(asked, engine=engine), RECORD),) for engine in ENGINES]) == []


@pytest.mark.parametrize("name", [
    EVERYTHING,
    # A quarter of them, and another than that which Mesa steps through; the long run has the others.
    *(pytest.param(name, marks=[] if at % 4 == 2 else pytest.mark.long) for at, name in enumerate(SCENARIOS)),
])  # fmt: skip
def test_no_scenario_tells_the_engines_apart(name: str | Path) -> None:
    scenario: Scenario = load(name)
    if scenario.horizon > months.index(SHORT["to"]) and scenario.name != EVERYTHING.stem:
        scenario = scenario.with_(months=SHORT)
    blocks = [(simulate(PlannedRuns(plan_of(scenario), 3, np.arange(8), engine=engine), RECORD),) for engine in ENGINES]
    assert differing(*blocks) == []


def test_a_world_that_parts_late_is_the_same_in_both() -> None:
    runs, later = np.arange(9), replace(BRIEF, war_end=(NEVER, NEVER))
    shared = shared_months(BRIEF, later)
    both = []
    for engine in ENGINES:
        trunk = simulate(PlannedRuns(BRIEF, 9, runs, engine=engine), ("world.tension", *REMEMBERED))
        asked = PlannedRuns(later, 9, runs, engine=engine)
        both.append((simulate(replace(asked, start=trunk.state_after(shared)), ("world.tension",)),))
        assert bits(both[-1][0]) == bits(simulate(asked, ("world.tension",)))
    assert 0 < shared < len(BRIEF.given)
    assert differing(*both) == []


def test_company_blocks_and_threads_change_nothing() -> None:
    def narrow(params):
        return replace(batch.month_loop(params), lanes=7)

    runs = np.arange(30)
    whole = simulate_with_control(PlannedRuns(BRIEF, 2, runs, engine=batch.month_loop), RECORD)
    cut = simulate_with_control(PlannedRuns(BRIEF, 2, runs, jobs=2, engine=narrow), RECORD)
    assert differing(whole, cut) == []
    alone = simulate(PlannedRuns(BRIEF, 2, runs[[17]], engine=batch.month_loop), RECORD)
    assert np.array_equal(alone.series[0], whole[0].series[17])


@pytest.mark.parametrize("variant", VARIANTS)
def test_a_run_alone_is_the_same_as_in_company(variant: str) -> None:
    """Its rows are numbers there, and columns in company."""
    chance = np.random.default_rng(list(VARIANTS).index(variant))
    made, runs, varied = disturbed(under(variant), chance), np.arange(5), drawn(5, variant, chance)
    both = simulate_with_control(PlannedRuns(made, 7, runs, values=varied, engine=batch.month_loop), RECORD)
    for run in runs[::4]:
        own = {name: values[[run]] for name, values in varied.items()}
        alone = simulate_with_control(PlannedRuns(made, 7, runs[[run]], values=own, engine=batch.month_loop), RECORD)
        for one, many in zip(alone, both, strict=True):
            assert one.series[0].tobytes() == many.series[run].tobytes()
            assert one.played[0].tobytes() == many.played[run].tobytes()


def test_a_run_whose_states_leave_the_numbers_is_the_same_in_both_and_harms_no_other() -> None:
    varied = {"tau_tension": np.array([4.0, np.nan, 4.0]), "resources_half": np.array([1.0, 1.0, np.inf])}
    both = [simulate(PlannedRuns(BRIEF, 1, np.arange(3), varied, engine=engine), RECORD) for engine in ENGINES]
    for one, other in zip(*[(block.series, block.played) for block in both], strict=True):
        assert np.array_equal(one, other, equal_nan=True)  # which of the many NaN it is depends on the processor
    alone = PlannedRuns(BRIEF, 1, np.arange(1), {"tau_tension": np.array([4.0]), "resources_half": np.ones(1)})
    sound = simulate(alone, RECORD)
    assert np.isnan(both[1].series[1]).any()
    unknown = {"tau_tension": np.array([np.nan])}
    lost = simulate(replace(alone, values=unknown, engine=batch.month_loop), RECORD)
    assert np.isnan(lost.series).any()
    assert np.array_equal(both[1].series[0], sound.series[0])


@pytest.mark.parametrize("width", [2, pytest.param(4, marks=pytest.mark.long)])
def test_a_processor_with_narrower_registers_gives_the_same_bits(
    width: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = PlannedRuns(BRIEF, 7, np.arange(70))
    as_here = simulate(replace(asked, engine=llvm_engine.kernel), RECORD)
    monkeypatch.setenv("DRIFTBACK_CACHE", str(tmp_path))
    monkeypatch.setattr(llvm_engine, "width", lambda: width)
    made = llvm_engine.kernel.__wrapped__(tuple(BRIEF.values))
    assert differing((as_here,), (simulate(replace(asked, engine=lambda _: made), RECORD),)) == []
