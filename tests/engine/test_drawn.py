"""What runs draw for themselves: the same in every engine and in the control, and nothing else moves with it."""

from pathlib import Path
from zlib import crc32

import numpy as np
import pandas as pd
import pytest
from scipy import stats

import sim
from sim.analysis.estimates import owners_of
from sim.engine import batch, blocks, scenario_draws
from sim.engine.compiled.llvm_engine import kernel
from sim.engine.draws import uniforms
from sim.engine.ensemble import SERIES, Ensemble
from sim.engine.experiment import Experiment, pairs_with_control, workspace_rows
from sim.engine.plan import plan_of
from sim.engine.scenario_draws import ScenarioDraws
from sim.prediction.treatments import Treatment
from sim.registers.register import registered_parameters, uncertain
from sim.scenario import Scenario, load
from sim.scenario.paths import Pulse
from sim.scenario.priors import Range
from sim.scenario.war_and_drivers import Drivers

SEED, RUNS = 5, 70
NEED = {"uniform": [0.1, 0.6]}
CRISIS = {"from": {"uniform": ["2022-01", "2022-08"]}, "lasts": 3, "value": 0.5}


def short(**more: object) -> Scenario:
    """Return a world whose war ends soon."""
    return load("baseline").with_(months={"to": "2024-06"}, war={"ends": "2022-09"}, **more)


DOUBT = short(postwar_need=NEED, grievance="prior", drivers={"crisis": CRISIS})


def states(many: Ensemble) -> tuple[np.ndarray, np.ndarray]:
    return many.states, many.played


def same(one: Ensemble, other: Ensemble) -> bool:
    return all(np.array_equal(a, b) for a, b in zip(states(one), states(other), strict=True))


def test_draws_fill_the_range_evenly_and_hang_together_with_nothing() -> None:
    runs = np.arange(20_000)
    draws = np.column_stack(
        [ScenarioDraws(DOUBT, SEED, runs).places("parameters.postwar_need"),
         ScenarioDraws(DOUBT, SEED, runs).places("parameters.grievance"),
         ScenarioDraws(DOUBT, SEED + 1, runs).places("parameters.postwar_need"), *uniforms(SEED, runs, 0).T[:4]]
    )  # fmt: skip
    assert (draws >= 0.0).all() and (draws < 1.0).all()
    assert np.abs(np.histogram(draws[:, 0], 20, (0, 1))[0] / 1000 - 1.0).max() < 0.15
    together = np.corrcoef(draws.T) - np.eye(draws.shape[1])
    assert np.abs(together).max() < 0.03


def test_every_parameter_and_driver_has_a_stream_of_its_own() -> None:
    names = [f"parameters.{name}" for name in uncertain()]
    names += [f"drivers.{name}.{place}" for name in DOUBT.schedule() for place in range(9)]
    first = [float(ScenarioDraws(DOUBT, SEED, [0]).places(name)[0]) for name in names]
    assert len(set(first)) == len(names)


def test_a_run_is_that_of_a_scenario_which_gives_what_it_has_drawn() -> None:
    many = sim.ensemble(DOUBT, runs=RUNS, seed=SEED)
    for number in (0, 3, 69):
        (own,) = ScenarioDraws(DOUBT, SEED, [number]).scenarios()
        assert not own.drawn and not own.events
        assert own.parameters["postwar_need"] == many.parameters["postwar_need"][number]
        assert 0.1 <= own.parameters["postwar_need"] < 0.6
        alone = sim.ensemble(own, runs=RUNS, seed=SEED)
        assert same(alone.select([number]), many.select([number]))
    assert len(set(many.parameters["grievance"].tolist())) == RUNS


def test_all_months_of_the_window_come_up_and_each_lasts_as_long_as_is_said() -> None:
    (onsets,) = ScenarioDraws(DOUBT, SEED, np.arange(400)).pulses().values()
    months = [pulse.months.start for (pulse,) in onsets]
    assert set(months) == set(range(36, 44))
    for number in range(20):
        crisis = ScenarioDraws(DOUBT, SEED, [number]).scenarios()[0].schedule()["crisis"]
        first = months[number]
        assert [month for month, value in enumerate(crisis) if value == 0.5] == list(range(first, first + 3))


def test_one_run_in_the_mesa_engine_is_that_of_the_ensemble() -> None:
    many = sim.ensemble(DOUBT, runs=RUNS, seed=SEED)
    for run in (sim.run(DOUBT, seed=SEED, number=11), many.replay(11)):
        assert not run.scenario.drawn and not run.scenario.events
        for name in ("tension", "reengagement"):
            assert run.series[name].tolist() == many.series(name).loc[11].tolist()
    model = sim.Peninsula(DOUBT, seed=SEED, run=11)
    for _ in range(60):
        model.step()
    assert model.world.tension == many.array("tension")[11, 59]


def test_a_run_and_its_control_draw_the_same() -> None:
    many = sim.ensemble(DOUBT, runs=RUNS, seed=SEED, control=True)
    later = sim.ensemble(DOUBT, runs=RUNS, seed=SEED)
    for control in (many.control, later.control):
        assert control.scenario.war_end is None
        for name in DOUBT.drawn:
            assert np.array_equal(control.parameters[name], many.parameters[name])
    assert same(many.control, later.control)
    before = slice(0, 44)
    assert np.array_equal(many.states[:, before], many.control.states[:, before])
    assert not np.array_equal(many.states, many.control.states)


def test_what_is_drawn_moves_no_other_chance() -> None:
    """A number that the rules do not read before the end leaves all months before it as they were."""
    plain, unsure = (sim.ensemble(world, runs=RUNS, seed=SEED) for world in (short(), short(postwar_need=NEED)))
    assert np.array_equal(plain.states[:, :36], unsure.states[:, :36])
    assert not np.array_equal(plain.states, unsure.states)


def test_two_scenarios_draw_the_same_thing_at_the_same_place() -> None:
    wide, low = (short(postwar_need={"uniform": ends}) for ends in ([0.0, 1.6], [0.0, 0.8]))
    one, other = (ScenarioDraws(world, SEED, np.arange(9)).parameters()["postwar_need"] for world in (wide, low))
    assert one == pytest.approx(2.0 * other)


def test_number_of_runs_threads_and_company_change_nothing() -> None:
    asked = Experiment(DOUBT, seed=SEED, runs=range(RUNS), jobs=1)
    whole = asked.ensemble()
    assert same(asked.replace(jobs=2).ensemble(), whole)
    assert same(asked.replace(runs=np.array([7, 3])).ensemble(), whole.select([7, 3]))
    first, second = pairs_with_control([asked, asked.replace(varied={"tension_gain": np.full(RUNS, 0.1)})])
    assert same(first.one, whole) and not same(second.one, whole)


def test_sets_stay_the_units_of_intervals() -> None:
    plain, unsure = (sim.ensemble(world, runs=RUNS, seed=SEED, sets=8) for world in (short(), DOUBT))
    assert len(set(owners_of(unsure).tolist())) == len(set(owners_of(plain).tolist())) == 8


def test_a_study_replays_what_its_runs_have_drawn(tmp_path: Path) -> None:
    study = sim.sweep(DOUBT, {"grievance": sim.values(12.0, 30.0)}, tmp_path, runs=6, seed=SEED, series=["tension"])
    run = study.replay(8)  # compared with the fingerprint that is stored
    assert run.scenario.parameters["grievance"] == 30.0 and "postwar_need" not in run.scenario.drawn
    assert run.series["tension"].tolist() == study.series("tension").loc[(1, 8)].tolist()
    own = ScenarioDraws(DOUBT, SEED, [2]).parameters()["postwar_need"][0]
    assert run.scenario.parameters["postwar_need"] == own


def test_what_is_drawn_cannot_be_multiplied() -> None:
    sets = pd.DataFrame({"grievance": [20.0]})
    assert Treatment(short(), times={"grievance": 0.5}).apply(sets)["grievance"].tolist() == [10.0]
    with pytest.raises(ValueError, match="draws grievance for each run"):
        Treatment(DOUBT, times={"grievance": 0.5}).apply(sets)


PRIORS = {
    "postwar_need": {"normal": [0.4, 0.2]},
    "postwar_isolation": {"beta": [2, 3], "within": [0.2, 0.9]},
    "grievance": {"lognormal": [20, 0.3]},
    "tension_gain": {"triangular": [4, 4.5, 6]},
}
TOGETHER = {"postwar_need": {"postwar_isolation": 0.7, "grievance": -0.4}}


def test_each_prior_has_its_distribution_and_each_correlation_its_size() -> None:
    world = load("baseline").with_(parameters=PRIORS, correlations=TOGETHER)
    runs = np.arange(20_000)
    draws = ScenarioDraws(world, SEED, runs).parameters()
    expected = {
        "postwar_need": stats.truncnorm(-2, 6, 0.4, 0.2),
        "postwar_isolation": stats.beta(2, 3, 0.2, 0.7),
        "tension_gain": stats.triang(0.25, 4, 2),
    }
    for name, distribution in expected.items():
        assert stats.kstest(draws[name], distribution.cdf).pvalue > 0.001, name
    within = registered_parameters()["grievance"]
    assert within.low is not None and within.high is not None
    assert draws["grievance"].min() >= within.low and draws["grievance"].max() <= within.high
    ranks = {one: {two: stats.spearmanr(draws[one], draws[two]).statistic for two in draws} for one in draws}
    for two, value in TOGETHER["postwar_need"].items():  # of normal scores; Spearman's is 6/pi asin(r/2)
        assert ranks["postwar_need"][two] == pytest.approx(6 / np.pi * np.arcsin(value / 2), abs=0.02)
    assert abs(ranks["tension_gain"]["postwar_need"]) < 0.02 and abs(ranks["postwar_isolation"]["grievance"]) < 0.03


def test_priors_draw_at_the_place_where_a_uniform_one_does_and_alone_as_together() -> None:
    plain = load("baseline").with_(parameters=PRIORS)
    uniform = load("baseline").with_(parameters=dict.fromkeys(PRIORS, "prior"))
    runs = np.arange(300)
    shaped, even = (ScenarioDraws(world, SEED, runs).parameters() for world in (plain, uniform))
    for name in PRIORS:
        assert (np.argsort(shaped[name]) == np.argsort(even[name])).all()
    together = plain.with_(correlations=TOGETHER)
    many = ScenarioDraws(together, SEED, runs).parameters()
    assert np.array_equal(many["tension_gain"], shaped["tension_gain"])
    for number in runs:
        alone = ScenarioDraws(together, SEED, [number]).parameters()
        assert {name: values[0] for name, values in alone.items()} == {n: v[number] for n, v in many.items()}
    fixed = ScenarioDraws(together.with_(postwar_need=0.3), SEED, runs).parameters()
    assert all(np.array_equal(fixed[name], many[name]) for name in fixed) and "postwar_need" not in fixed


def test_one_run_with_priors_is_the_same_in_every_engine() -> None:
    unsure = short(parameters=PRIORS, correlations=TOGETHER)
    many = sim.ensemble(unsure, runs=9, seed=SEED)
    single = sim.run(unsure, seed=SEED, number=7)
    for name in ("tension", "reengagement"):
        assert single.series[name].tolist() == many.series(name).loc[7].tolist()


FLOODS = {
    "hazard": 0.06, "from": "2019-03", "to": "2023-12",
    "value": {"beta": [2, 3], "within": [0.2, 0.9]}, "lasts": {"uniform": [1, 4]},
}  # fmt: skip
SHOCKED = short(drivers={"flood": FLOODS})


def shocks_of(world: Scenario, runs: int) -> list[list[Pulse]]:
    (drawn_by_runs,) = ScenarioDraws(world, SEED, np.arange(runs)).pulses().values()
    return drawn_by_runs


def test_a_shock_begins_with_its_hazard_in_months_in_which_none_lasts_and_in_no_others() -> None:
    asked = began = 0
    for shocks in shocks_of(SHOCKED, 2000):
        free = set(range(2, 60))
        assert {shock.months.start for shock in shocks} <= free
        for shock in shocks:
            assert shock.months.start in free, "two of a layer last at once"
            free -= set(shock.months[1:])
        asked, began = asked + len(free), began + len(shocks)
    assert stats.binomtest(began, asked, FLOODS["hazard"]).pvalue > 0.001


def test_sizes_and_lengths_of_shocks_have_their_distributions_and_nothing_to_do_with_each_other() -> None:
    shocks = [shock for of_run in shocks_of(SHOCKED, 3000) for shock in of_run]
    sizes, lengths = np.array([(shock.value, len(shock.months)) for shock in shocks]).T
    assert stats.kstest(sizes, stats.beta(2, 3, 0.2, 0.7).cdf).pvalue > 0.001
    assert stats.chisquare(np.unique_counts(lengths).counts).pvalue > 0.001 and set(lengths) == {1, 2, 3, 4}
    assert abs(stats.spearmanr(sizes, lengths).statistic) < 0.03
    normal = short(drivers={"flood": FLOODS | {"lasts": {"normal": [3, 0.5]}}})
    lengths = np.array([len(shock.months) for of_run in shocks_of(normal, 2000) for shock in of_run])
    assert (lengths == 3).mean() == pytest.approx(stats.norm(3, 0.5).cdf([2.5, 3.5]) @ [-1, 1], abs=0.02)


def test_hazards_of_nothing_and_certainty_are_kept() -> None:
    assert shocks_of(short(drivers={"flood": FLOODS | {"hazard": 0}}), 50) == [[]] * 50
    (always,) = shocks_of(short(drivers={"flood": FLOODS | {"hazard": 1, "lasts": 2, "value": 0.5}}), 1)
    assert [month for shock in always for month in shock.months] == list(range(2, 60))


def test_shocks_are_the_same_in_every_engine_and_in_the_control() -> None:
    shocks = {"flood": FLOODS, "border": {"hazard": 0.1, "from": "2020-01", "to": "2024-01", "value": 0, "lasts": 3}}
    world = short(drivers=shocks | {"crisis": CRISIS})
    numbers, own = np.arange(RUNS), ScenarioDraws(world, SEED, np.arange(RUNS)).drivers()
    assert own.keys() == {"flood", "border", "border_visits", "crisis"}
    plan = plan_of(world).with_drivers(own)
    record = workspace_rows(SERIES)
    one, other = (
        blocks.simulate(blocks.PlannedRuns(plan, SEED, numbers, engine=engine), record)
        for engine in (kernel, batch.month_loop)
    )
    assert np.array_equal(one.series, other.series) and np.array_equal(one.played, other.played)
    many = sim.ensemble(world, runs=RUNS, seed=SEED, control=True)
    for number in (0, 9, 69):
        run = many.replay(number)
        alone = ScenarioDraws(world, SEED, [number]).scenarios()[0].schedule()
        assert not ScenarioDraws(world, SEED, [number]).scenarios()[0].events
        assert all(alone[name] == tuple(own[name][:, number]) for name in own)
        for name in ("tension", "reengagement"):
            assert run.series[name].tolist() == many.series(name).loc[number].tolist()
    assert np.array_equal(many.states[:, :44], many.control.states[:, :44])
    assert same(sim.ensemble(world, runs=RUNS, seed=SEED, control=True).control, many.control)
    endless = ScenarioDraws(many.control.scenario, SEED, numbers).drivers()
    assert all(np.array_equal(endless[name], own[name]) for name in own)
    whole = Experiment(world, seed=SEED, runs=range(RUNS), jobs=2)
    assert same(whole.replace(runs=np.array([7, 3])).ensemble(), whole.ensemble().select([7, 3]))


def test_shocks_of_a_driver_have_nothing_to_do_with_those_of_another() -> None:
    both = short(drivers={"flood": FLOODS, "crisis": [{**FLOODS, "value": 0.4}, CRISIS]})
    numbers = np.arange(RUNS)
    alone, beside = (ScenarioDraws(world, SEED, numbers).drivers() for world in (SHOCKED, both))
    assert np.array_equal(alone["flood"], beside["flood"])
    brief = FLOODS | {"lasts": 1}
    by_driver = ScenarioDraws(short(drivers={"flood": brief, "crisis": brief}), SEED, np.arange(400)).pulses().values()
    floods, crises = ({(run, s.months.start) for run, own in enumerate(of) for s in own} for of in by_driver)
    both_begin = len(floods & crises)
    counts = [[both_begin, len(floods - crises)], [len(crises - floods), 400 * 58 - len(floods | crises)]]
    assert stats.chi2_contingency(counts).pvalue > 0.001
    early, late = (short(drivers={"flood": brief | {"from": month}}) for month in ("2019-03", "2021-01"))
    for one, other in zip(shocks_of(early, RUNS), shocks_of(late, RUNS), strict=True):
        assert [shock for shock in one if shock.first >= "2021-01"] == other


def test_a_share_of_the_draws_is_at_the_low_end_and_the_rest_fills_the_range() -> None:
    place = np.arange(1_000) / 1_000
    for low, high in ((0.0, 1.0), (2.0, 5.0)):
        numbers = scenario_draws.numbers(Range(low, high, at_low=0.25), place)
        assert (numbers[:251] == low).all()
        assert np.allclose(numbers[250:], np.linspace(low, high, 751)[:-1])
    whole = scenario_draws.whole_numbers(Range(1, 3, at_low=0.25), place)
    assert np.unique(whole, return_counts=True)[1].tolist() == [500, 250, 250]


def test_no_two_parameters_or_drivers_share_their_chance() -> None:
    """A draw is named by the checksum of what is drawn, see :meth:`sim.engine.scenario_draws.ScenarioDraws.places`."""
    parts = ("", ".begins", ".value", ".lasts")
    layers = [f"drivers.{name}.{place}" for name in Drivers.model_fields for place in range(8)]
    names = [*registered_parameters(), *(f"{layer}{part}" for layer in layers for part in parts)]
    assert len({crc32(name.encode()) for name in names}) == len(names)
