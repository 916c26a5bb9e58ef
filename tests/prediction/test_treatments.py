"""Estimates keep both kinds of doubt apart; treatments of an experiment share their chance."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from sim.analysis import time_to_event
from sim.analysis.estimates import estimate
from sim.analysis.rows import STATES
from sim.engine.ensemble import Ensemble
from sim.engine.experiment import Experiment
from sim.engine.sets import Sets, equally_weighted
from sim.prediction.treatments import (
    Treatment,
    aftermath,
    change,
    effect,
    fan_quantiles,
    month_rows,
    pair_rows,
    pairs,
    share_of_pairs,
    simulate_all_months,
)
from sim.scenario import load
from sim.scenario.source import Source
from sim.scenario.values import defaults
from tests.analysis.by_hand import FIELDS, made

SHORT = load("baseline").with_(name="short", war={"ends": "2022-09"}, months={"to": "2024-10"})


def some(**columns: list[float]) -> Sets:
    return equally_weighted(pd.DataFrame(columns), Source.MIXED)


def asked(sets: Sets, runs: int) -> Experiment:
    return Experiment(SHORT, sets, 5, jobs=1).runs_of_every_set(runs)


def ensemble(war_end: list[int], **series: object) -> Ensemble:
    many = made(war_end, **series)
    wanted = [many.states[:, :, made_place(name)] for name in STATES]
    return replace(many, states=np.stack(wanted, axis=-1), kept=STATES)


def made_place(name: str) -> int:
    from sim.engine.ensemble import SERIES

    return SERIES.index(name)


def test_noise_falls_with_runs_and_the_spread_across_sets_does_not() -> None:
    chance = np.random.default_rng(3)
    estimates = {}
    for runs in (10, 1000):
        owners = pd.Series(np.repeat(np.arange(20), runs))
        values = pd.Series(np.arange(20)[owners] + chance.normal(0, 2, len(owners)))
        estimates[runs] = estimate(values, owners, np.full(20, 0.05))
    assert estimates[1000].noise == pytest.approx(estimates[10].noise / 10, rel=0.2)
    assert estimates[1000].error == pytest.approx(np.arange(20).std(ddof=1) / np.sqrt(20), rel=0.05)
    assert estimates[1000].low == pytest.approx(0.5, abs=1) and estimates[1000].high == pytest.approx(18, abs=1)


def test_sets_count_by_their_weights_and_censored_runs_not_at_all() -> None:
    values, owners = pd.Series([1.0, 3.0, np.nan, 10.0, np.nan]), pd.Series([0, 0, 0, 1, 2])
    estimated = estimate(values, owners, np.array([0.5, 0.25, 0.25]))
    assert estimated.mean == pytest.approx((2 * 2.0 + 10.0) / 3)


def test_of_one_set_only_the_noise_is_known() -> None:
    of_one = estimate(pd.Series([1.0, 2.0, 3.0]), pd.Series([0, 0, 0]), np.array([1.0]))
    assert of_one.error == of_one.noise == pytest.approx(1 / np.sqrt(3))
    assert of_one.interval(0.95)[1] == pytest.approx(2 + 4.3027 / np.sqrt(3), abs=1e-3)  # t with 2 degrees of freedom


def test_a_pair_is_read_so_many_months_after_its_own_end() -> None:
    rising = [float(month) for month in range(120)]
    many, control = ensemble([60, 110], reengagement=rising), ensemble([60, 110], reengagement=0.0)
    table = pair_rows(many, control)
    assert table["effect_6"].tolist() == [66.0, 116.0]
    assert table["effect_24"][0] == 84.0 and np.isnan(table["effect_24"][1])
    assert table["judged"].tolist() == [True, False]
    assert share_of_pairs(table.assign(set=0), np.array([1.0])).mean == 1.0


def test_wooing_is_trade_over_two_years_less_that_without_an_end() -> None:
    generous = [1.0] * 60 + [1.3] * 60
    many, control = ensemble([60], beijing_trade=generous), ensemble([60], beijing_trade=1.0)
    assert "beijing_trade" in FIELDS
    assert pair_rows(many, control)["wooing"][0] == pytest.approx(0.3)


def test_an_arm_changes_its_parameters_and_no_others() -> None:
    sets = some(foresight=[4.0, 6.0], precision=[200.0, 300.0])
    applied = Treatment(SHORT, {"foresight": 5.0}, {"precision": 0.5}).apply(sets.values)
    assert applied["foresight"].tolist() == [5.0, 5.0] and applied["precision"].tolist() == [100.0, 150.0]
    assert sets.values["foresight"].tolist() == [4.0, 6.0]


def test_numbers_that_a_scenario_gives_itself_stand() -> None:
    sets = some(foresight=[4.0, 6.0], precision=[200.0, 300.0])
    own = SHORT.with_(parameters={"foresight": 3.0})
    assert list(Treatment(own).apply(sets.values)) == ["precision"]
    assert Treatment(own, {}, {"foresight": 2.0}).apply(sets.values)["foresight"].tolist() == [6.0, 6.0]
    many, control = (pairs(Treatment(world), asked(sets, 3)) for world in (own, SHORT.with_(name="x")))
    assert many["effect_24"].tolist() != control["effect_24"].tolist()


def test_arms_share_their_chance_and_threads_change_nothing() -> None:
    sets = some(postwar_need=[0.0, 1.6], pyongyang_economy_weight=[0.3, 0.4])
    first, again = (pairs(Treatment(SHORT), asked(sets, 600).replace(jobs=jobs)) for jobs in (1, 2))
    pd.testing.assert_frame_equal(first, again)
    same = pairs(Treatment(SHORT, {"postwar_need": np.array([0.0, 1.6])}), asked(sets, 600))
    none = change(same, first, sets.weights)
    assert none.mean == none.noise == 0.0
    other = pairs(Treatment(SHORT, {"postwar_isolation": 0.15}), asked(sets, 600))
    assert change(other, first, sets.weights).mean == pytest.approx(
        effect(other, sets.weights).mean - effect(first, sets.weights).mean
    )


def test_a_set_in_an_arm_is_the_scenario_with_its_numbers() -> None:
    values = defaults({}) | {"postwar_need": 1.2, "beijing_influence_weight": 0.2}
    names = ["postwar_need", "beijing_influence_weight"]
    sets = some(**{name: [0.7, values[name]] for name in names[:1]}, beijing_influence_weight=[0.25, 0.2])
    table = pairs(Treatment(SHORT), asked(sets, 4))
    by_hand = SHORT.with_(**{name: values[name] for name in names})
    ended, endless = Experiment(by_hand, seed=5, runs=range(4, 8)).with_control()
    gap = ended.array("reengagement") - endless.array("reengagement")
    at = ended.war_end[0] + 24
    assert table[table["set"] == 1]["effect_24"].tolist() == gap[:, at].tolist()


def test_survival_counts_those_watched_too_short_as_censored() -> None:
    # Four pairs: true after 6 months, never, judged for the whole two years; and one watched for 9 months alone.
    table = pd.DataFrame(
        {"set": 0, "end": [60, 60, 60, 110], "judged": [True, True, True, False], "D1": [6.0, 12.0, np.nan, np.nan]}
    )
    for name in ("D2", "D3", "D4", "D5"):
        table[name] = np.nan
    curve = time_to_event.curves(table, np.array([1.0]), 120)["D1"]
    assert curve[5] == 1.0 and curve[6] == pytest.approx(0.75) and curve[12] == pytest.approx(0.375)
    mean = time_to_event.restricted_means(table, np.array([1.0]), 120)["D1"]
    assert mean == pytest.approx(6 + 6 * 0.75 + 12 * 0.375)
    assert time_to_event.restricted_means(table, np.array([1.0]), 120)["D2"] == pytest.approx(24.0)


def test_a_set_of_more_weight_counts_more_in_the_curve() -> None:
    table = pd.DataFrame({"set": [0, 1], "end": 60, "judged": True, "D1": [6.0, np.nan]})
    for name in ("D2", "D3", "D4", "D5"):
        table[name] = np.nan
    assert time_to_event.curves(table, np.array([0.9, 0.1]), 120)["D1"][24] == pytest.approx(0.1)


def test_all_months_are_kept_so_that_patterns_can_be_computed_again() -> None:
    many, control, weights = simulate_all_months(Treatment(SHORT), asked(some(postwar_need=[0.1, 0.9]), 3))
    table = month_rows(many)
    assert len(table) == 6 * 70 and weights.sum() == pytest.approx(1.0)
    arms = table.pivot(index="run", columns="month", values="arms_flow")
    assert arms.to_numpy() == pytest.approx(many.array("arms_flow"), abs=1e-6)
    assert month_rows(control)["end"].min() > 1000


def test_what_comes_after_the_war_is_read_where_it_can_be_watched() -> None:
    falling = [1.0] * 60 + [0.2] * 60
    seen = aftermath(ensemble([60, 110], arms_flow=falling))
    assert seen == {"T9": pytest.approx(0.2), "T11": 0.0}
    assert aftermath(ensemble([118])) == {}
    assert aftermath(ensemble([60], arms_flow=0.0)) == {"T11": 0.0}


def test_fans_count_months_from_each_runs_own_end() -> None:
    rising = [float(month) for month in range(120)]
    many, control = ensemble([60, 80], reengagement=rising), ensemble([60, 80], reengagement=rising)
    table = fan_quantiles(many, control, np.array([0.5, 0.5]))
    assert table.loc[0, "ended 10"] == 60.0 and table.loc[24, "ended 90"] == 104.0
    assert (table["gap mean"] == 0.0).all()


def test_fans_are_of_runs_with_two_years_on_both_sides_of_the_end() -> None:
    """Of 120 months those from 24 to 95 have them; each run's level says which it is."""
    ends = [23, 24, 95, 96]
    level = np.array([[1.0], [2.0], [4.0], [8.0]]) * np.ones(120)
    many, control = ensemble(ends, reengagement=level), ensemble(ends, reengagement=0.0 * level)
    table = fan_quantiles(many, control, np.full(4, 0.25))
    assert (table["ended 10"].to_numpy() == 2.0).all() and (table["ended 90"].to_numpy() == 4.0).all()
    assert (table["gap mean"].to_numpy() == 3.0).all()


@pytest.mark.parametrize(
    ("end", "months", "measures"),
    [(11, 120, set()), (12, 120, {"T9", "T11"}), (60, 79, {"T9"}), (60, 78, set()), (60, 120, {"T9", "T11"}),
     (60, 119, {"T9"})],
)  # fmt: skip
def test_arms_after_the_end_are_read_when_a_year_lies_before_it_and_enough_months_after(
    end: int, months: int, measures: set[str]
) -> None:
    assert set(aftermath(ensemble([end], months=months, arms_flow=1.0))) == measures


def test_an_effect_is_told_when_its_month_is_simulated() -> None:
    ends = [95, 96]
    many, control = ensemble(ends, reengagement=50.0), ensemble(ends, reengagement=40.0)
    effects = pair_rows(many, control)["effect_24"].tolist()
    assert effects[0] == 10.0 and np.isnan(effects[1])
