"""An ensemble: what of its making must not matter, and how its series are asked for.

That company, order, threads and horizon change nothing is tested with drawn examples in ``tests/model``; here stand the
edges of the blocks in which runs are simulated.
"""

from dataclasses import replace

import numpy as np
import pytest

from sim.engine import blocks
from sim.engine.blocks import REMEMBERED
from sim.engine.compiled.llvm_engine import LANES
from sim.engine.ensemble import SERIES, Ensemble, war_ended
from sim.engine.experiment import Experiment
from sim.engine.plan import plan_of, shared_months
from sim.engine.war_end import NEVER
from sim.model.moves import LEVERS
from sim.scenario import Scenario, load

SCENARIO = load("war-ends-any-time").with_(months={"from": "2020-01", "to": "2026-12"})
RUNS = 3 * LANES + 5


def simulated(scenario: Scenario, *numbers: int, jobs: int = 1) -> Ensemble:
    return Experiment(scenario, seed=11, runs=np.array(numbers, dtype=int), jobs=jobs).ensemble()


MANY = simulated(SCENARIO, *range(RUNS))


def test_the_runs_differ_so_that_mixing_them_up_would_show() -> None:
    assert len(np.unique(MANY.states.sum(axis=(1, 2)))) == RUNS
    assert len(np.unique(MANY.war_end)) > 20


@pytest.mark.parametrize(
    "numbers",
    [[RUNS - 1], [LANES], [LANES - 1, LANES], list(range(RUNS))[::-1], [7, 40, 7, 0], []],
    ids=["the last alone", "the first of a block", "across blocks", "backwards", "one twice", "none"],
)
def test_a_block_is_cut_anywhere(numbers: list[int]) -> None:
    some = simulated(SCENARIO, *numbers, jobs=2)
    assert len(some) == len(numbers)
    assert np.array_equal(some.states, MANY.states[numbers])
    assert np.array_equal(some.played, MANY.played[numbers])
    assert np.array_equal(some.war_end, MANY.war_end[numbers])


def test_a_shorter_horizon_is_the_beginning_of_a_longer_one_in_mesa_too() -> None:
    longer = Experiment(SCENARIO.with_(months={"to": "2024-08"}), seed=11, runs=range(3)).run(2)
    shorter = Experiment(SCENARIO.with_(months={"to": "2021-03"}), seed=11, runs=range(3)).run(2)
    assert shorter.series.equals(longer.series[:15])
    assert shorter.moves.equals(longer.moves[:15])
    assert list(shorter.decisions) == [decision for decision in longer.decisions if decision.month < 27]


def test_the_first_month_reported_changes_what_is_shown_and_not_what_is_simulated() -> None:
    later = simulated(SCENARIO.with_(months={"from": "2023-01"}), *range(4))
    assert np.array_equal(later.states, MANY.states[:4])
    assert list(map(str, later.series("tension").columns[:2])) == ["2023-01", "2023-02"]
    assert np.array_equal(later.series("tension"), MANY.series("tension").iloc[:4, 36:])


def test_a_run_of_an_ensemble_replays_in_mesa() -> None:
    replayed = simulated(SCENARIO.with_(months={"to": "2023-12"}), 38, 39).replay(39)
    assert np.array_equal(replayed.series.to_numpy(), MANY.states[39, 12:60])
    with pytest.raises(KeyError, match=f"run {RUNS} is none of these runs"):
        MANY.replay(RUNS)


def test_series_are_frames_of_runs_and_months() -> None:
    frame = MANY.series("china_flow")
    assert frame.shape == (RUNS, 84)
    assert frame.loc[5, "2024-06"] == MANY.array("china_flow")[5, 65]
    assert frame.index.tolist() == list(range(RUNS))


def test_levers_are_given_as_values_and_as_names() -> None:
    for lever in LEVERS:
        values, names = MANY.series(lever.field), MANY.moves(lever.field)
        value_of = {option.name: option.value for option in lever.options}
        assert names.map(value_of.__getitem__).equals(values)


def test_the_long_table_has_a_row_a_run_and_month() -> None:
    tidy = MANY.tidy(["tension", "deal_arms"])
    assert list(tidy.columns) == ["run", "month", "tension", "deal_arms"]
    assert len(tidy) == RUNS * 84
    row = tidy[(tidy["run"] == 9) & (tidy["month"] == "2022-05")]
    assert row["tension"].item() == MANY.series("tension").loc[9, "2022-05"]
    assert set(MANY.tidy().columns) == {"run", "month", *SERIES}


def test_an_unknown_series_names_the_nearest() -> None:
    with pytest.raises(KeyError, match="did you mean tension"):
        MANY.series("tensoin")
    with pytest.raises(KeyError, match="did you mean deal_arms"):
        MANY.moves("deal_arm")


def test_ends_are_those_within_the_horizon() -> None:
    assert war_ended(MANY).tolist() == (MANY.war_end < 96).tolist()
    assert 0 < war_ended(MANY).sum() < RUNS
    assert not war_ended(simulated(load("hindcast"), *range(3))).any()


@pytest.mark.parametrize(
    ("name", "variant"), [("war-ends-any-time", "V0"), ("war-ends-early", "V6"), ("baseline", "V1")]
)
def test_a_control_simulated_beside_is_the_same_as_one_simulated_alone(name: str, variant: str) -> None:
    """The months before the end are simulated once for both runs; V6 remembers its habits across the parting."""
    made = plan_of(load(name).with_(variant=variant))
    runs, kept = np.arange(20), ("measure.reengagement", "habit.Seoul")
    both = blocks.simulate_with_control(blocks.PlannedRuns(made, 3, runs), kept)
    cases = (made, replace(made, war_end=(NEVER, NEVER)))
    alone = [blocks.simulate(blocks.PlannedRuns(case, 3, runs), kept) for case in cases]
    for beside, by_itself in zip(both, alone, strict=True):
        assert np.array_equal(beside.series, by_itself.series)
        assert np.array_equal(beside.played, by_itself.played)
        assert np.array_equal(beside.war_end, by_itself.war_end)


CRISES = 0.005  # so many that some last beyond the month of parting
SCRIPT = {"from": "2023-02", "to": "2025-06"}
PARTED = {
    "the war's end": {"war": {"ends": "2024-03"}},
    "news": {"drivers": {"news": {"2019-01": 0, "2023-05": 0.6}}},
    "a scripted move": {"moves": [SCRIPT | {"capital": "Beijing", "lever": "trade", "option": "squeeze"}]},
    "a scripted deal": {"moves": [SCRIPT | {"capital": "deal", "lever": "pay", "option": "low"}]},
}


@pytest.mark.parametrize("variant", ["V0", "V1", "V6", "V11"])
@pytest.mark.parametrize("changes", PARTED.values(), ids=PARTED)
def test_a_world_that_parts_late_is_simulated_from_there_alone(changes: dict, variant: str) -> None:
    """And is the same, to the last bit, as lived whole."""
    trunk = load("baseline").with_(variant=variant, months={"to": "2025-06"}, crisis_chance=CRISES)
    other = trunk.with_(**changes)
    wanted, runs = ("world.tension", "measure.reengagement", "habit.Seoul"), np.arange(8 * LANES + 3)
    shared = shared_months(plan_of(trunk), plan_of(other))
    trunk_months = blocks.simulate(blocks.PlannedRuns(plan_of(trunk), 9, runs), (*wanted, *REMEMBERED))
    whole = blocks.simulate(blocks.PlannedRuns(plan_of(other), 9, runs), wanted)
    later = blocks.simulate(blocks.PlannedRuns(plan_of(other), 9, runs, start=trunk_months.state_after(shared)), wanted)
    for name in ("series", "played", "war_end"):
        assert np.array_equal(getattr(later, name), getattr(whole, name)), name
    assert 48 <= shared < 66 and np.array_equal(whole.series[:, :shared], trunk_months.series[:, :shared, :3])
    assert not np.array_equal(whole.series[:, shared:], trunk_months.series[:, shared:, :3])


def test_worlds_that_differ_from_the_first_share_no_month() -> None:
    base = load("baseline")
    one = plan_of(base)
    assert shared_months(one, plan_of(base.with_(foresight=4.0))) == 0
    assert shared_months(one, plan_of(base.with_(variant="V6"))) == 0
    assert shared_months(one, plan_of(base.with_(war={"starts": "2022-05"}))) == 0
    assert shared_months(one, one) == base.horizon
