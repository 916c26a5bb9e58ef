"""Taking claims away: by hand and by command the same; Shapley's axioms; the meter of what was assumed."""

import re
from itertools import combinations
from typing import Any

import numpy as np
import pandas as pd
import pytest

from sim.analysis.estimates import Estimate
from sim.engine.experiment import Experiment
from sim.engine.sets import equally_weighted
from sim.model import months
from sim.prediction import ablation_study
from sim.prediction.treatments import Treatment, effect, pairs
from sim.registers.register import assumptions, claims, switches
from sim.scenario import load
from sim.scenario.source import Source

from .test_treatments import SHORT

SETS = equally_weighted(pd.DataFrame({"postwar_need": [0.1, 0.9], "beijing_west_weight": [0.4, 0.3]}), Source.MIXED)


def asked(runs: int) -> Experiment:
    return Experiment(SHORT, SETS, 7).runs_of_every_set(runs)


def flat(mean: float, error: float = 0.1) -> Estimate:
    return Estimate(mean, error, error, mean, mean, sets=300, units=300.0)


def test_a_claim_switched_off_by_hand_gives_the_same() -> None:
    whole, losses = ablation_study.ablate(asked(6), "claims")
    by_hand = pairs(Treatment(SHORT.with_(without=["C38"])), asked(6))
    loss = next(loss for loss in losses if loss.removed.name == "C38")
    assert loss.effect == effect(by_hand, SETS.weights)
    assert loss.change.mean == pytest.approx(loss.effect.mean - whole.mean)
    assert {loss.removed.name for loss in losses} == {name for name in switches() if name in claims()}


def test_what_is_off_in_the_scenario_stays_off() -> None:
    assert ablation_study.without(SHORT.with_(without=["A3"]), ("C38",)).without == ("A3", "C38")


def test_groups_are_those_of_the_specification_and_share_no_claim() -> None:
    every = [claim for ids in ablation_study.GROUPS.values() for claim in ids]
    assert len(ablation_study.GROUPS) == 10 and len(every) == len(set(every))
    assert set(every) <= set(claims())
    assert all(ablation_study.switchable(ids) for ids in ablation_study.GROUPS.values())


def test_an_unknown_kind_is_refused() -> None:
    with pytest.raises(ValueError, match="groups, claims, assumptions, readings"):
        ablation_study.ablations("whims")


def test_a_coalition_lacks_all_groups_that_are_absent() -> None:
    world = ablation_study.coalition(SHORT, (0, 9)).world
    assert not {"C01", "C38", "C03", "C47"} & set(world.without)
    assert {"C29", "C25", "C39", "C06", "C04", "C58", "C59", "C11", "C35", "C05", "C55"} <= set(world.without)
    assert ablation_study.coalition(SHORT, tuple(range(10))).world == SHORT


def game(worth) -> dict[tuple[int, ...], np.ndarray]:
    return {members: np.array([float(worth(set(members)))]) for members in ablation_study.coalitions(4)}


def test_shapley_values_of_a_sum_are_its_parts_and_nothing_interacts() -> None:
    parts = [1.0, -2.0, 0.0, 5.0]
    worth = game(lambda present: sum(parts[part] for part in present))
    assert ablation_study.shapley_values(worth, 4)[:, 0] == pytest.approx(parts)
    assert ablation_study.interactions(worth, 4) == pytest.approx(0.0)


def test_shapley_values_share_what_needs_two_and_show_that_it_does() -> None:
    worth = game(lambda present: 6.0 * ({0, 2} <= present))
    assert ablation_study.shapley_values(worth, 4)[:, 0] == pytest.approx([3.0, 0.0, 3.0, 0.0])
    both = ablation_study.interactions(worth, 4)[:, :, 0]
    assert both[0, 2] == both[2, 0] == pytest.approx(6.0)
    assert [both[pair] for pair in combinations(range(4), 2) if pair != (0, 2)] == pytest.approx([0.0] * 5)


def test_shapley_values_add_up_for_every_set() -> None:
    chance = np.random.default_rng(1)
    worth = {members: chance.normal(size=3) for members in ablation_study.coalitions(5)}
    assert ablation_study.shapley_values(worth, 5).sum(axis=0) == pytest.approx(worth[(0, 1, 2, 3, 4)] - worth[()])
    assert len(worth) == 32


def losses(mean: float = 10.0, **left: float) -> list[ablation_study.Loss]:
    """Return what is told where so much of an effect of this mean over 40 sets is left without these."""
    known = {removed.name: removed for removed in ablation_study.reported_ablations()}
    owners = np.repeat(np.arange(40), 5)
    whole = pd.DataFrame({"set": owners, "run": np.tile(range(5), 40), "effect_24": mean - 1.0 + 2.0 * (owners % 2)})
    weights = np.full(40, 1.0 / 40.0)
    return [
        ablation_study.loss(known[name], whole, whole.assign(effect_24=whole["effect_24"] * share), weights)
        for name, share in left.items()
    ]


def test_no_share_is_told_of_an_effect_that_is_not_there() -> None:
    whole = pd.DataFrame({"set": 0, "run": range(4), "effect_24": [3.0, -3.0, 2.0, -2.0]})
    removed = ablation_study.Removed("A3", "", ("A3",))
    loss = ablation_study.loss(removed, whole, whole.assign(effect_24=1.0), np.array([1.0]))
    assert loss.ratio is None
    assert "too close to zero" in ablation_study.assumption_share_text([loss])


def test_the_meter_names_the_three_without_which_least_is_left_in_points() -> None:
    said = ablation_study.assumption_share_text(
        losses(**{"A3": 0.2, "A4": 1.0, "A16": 0.1, "A8": 0.5, "A10": 0.6})
    ).splitlines()
    words = [ablation_study.claim_in_words(name) for name in ("A16", "A3", "A8")]
    assert words[0] == "the assumption that what a capital gives away costs it something, even among friends (A16)"
    effects = ("1.0", "2.0", "5.0")
    assert all(name in line for name, line in zip(words, said, strict=True))
    closer = [f"{effect} points closer to Beijing instead of 10.0 closer to it." for effect in effects]
    assert all(words in line for words, line in zip(closer, said, strict=True))
    assert not any("%" in line for line in said)


def test_a_claim_stands_in_a_sentence_in_words_and_a_capital_keeps_its_letter() -> None:
    assert ablation_study.claim_in_words("A4").startswith("the assumption that a favour warms relations only")
    assert ablation_study.claim_in_words("A10").startswith("the assumption that Pyongyang dares to show")
    assert (
        ablation_study.claim_in_words("C33").startswith("the claim that ")
        and ablation_study.claim_in_words("A1").count(".") == 0
    )


def test_an_effect_that_turns_is_told_with_its_sign() -> None:
    said = ablation_study.assumption_share_text(losses(**{"A3": -0.2, "A16": 0.1})).splitlines()
    assert re.search(r"\(A3\).* 2\.0 points further from Beijing instead of 10\.0 closer to it", said[0])
    assert "1.0 points closer to Beijing" in said[1]


def test_of_an_effect_below_zero_too_those_are_named_without_which_least_is_left() -> None:
    less = losses(-10.0, **{"A3": 0.2, "A4": 1.4, "A16": 0.1, "A8": 0.5})
    said = ablation_study.assumption_share_text(less).splitlines()
    assert [re.findall(r"\((A\d+)\)", line) for line in said] == [["A16"], ["A3"], ["A8"]]
    assert "1.0 points further from Beijing instead of 10.0 further from it." in said[0]


def test_what_makes_the_effect_larger_is_not_told_as_what_it_depends_on() -> None:
    said = ablation_study.assumption_share_text(losses(**{"A3": 1.4, "A4": 1.2, "either patron will do": 0.7}))
    assert "(A3)" not in said and "patron" not in said and "no smaller" in said


def test_a_ratio_has_the_interval_of_another_draw_of_sets() -> None:
    """Its width against the delta method: the ratio of two means of sets, which move together."""
    chance = np.random.default_rng(3)
    before = 8.0 + 4.0 * chance.standard_normal(300)
    after = 0.4 * before + 2.0 * chance.standard_normal(300)
    ratio = ablation_study.ratio(before, after, np.full(300, 1.0 / 300.0))
    value = after.mean() / before.mean()
    error = (after - value * before).std() / before.mean() / 300**0.5
    assert ratio.value == pytest.approx(value)
    assert (ratio.low, ratio.high) == pytest.approx((value - 1.96 * error, value + 1.96 * error), abs=0.2 * error)
    again = ablation_study.ratio(before, after, np.full(300, 1.0 / 300.0))
    assert again == ratio


def test_a_set_of_no_weight_and_one_that_was_not_judged_are_not_in_the_ratio() -> None:
    weights = np.array([0.1] * 10 + [0.0])
    before, after = np.array([2.0] * 10 + [100.0]), np.array([1.0] * 9 + [np.nan, 0.0])
    assert ablation_study.ratio(before, after, weights) == ablation_study.Ratio(0.5, 0.5, 0.5)


def test_of_few_sets_no_interval_is_told() -> None:
    ratio = ablation_study.ratio(np.full(7, 2.0), np.full(7, 1.0), np.full(7, 1.0 / 7.0))
    assert ratio.value == 0.5 and np.isnan(ratio.low) and str(ratio) == "50%"
    assert str(ablation_study.ratio(np.full(8, 2.0), np.full(8, 1.0), np.full(8, 0.125))) == "50% (50% to 50%)"


def test_the_meter_asks_of_every_assumption_that_can_be_switched_off() -> None:
    asked = {removed.name for removed in ablation_study.reported_ablations() if removed.without}
    assert asked == {name for name in assumptions() if name in switches()} and {"A16", "A19", "A21"} <= asked


def test_without_the_reserve_the_grievance_stays() -> None:
    """A10 says when discontent is shown. Whether there is any is claimed, and C03 and C47 switch that off."""
    (reserve,) = (removed for removed in ablation_study.ablations("assumptions") if removed.name == "A10")
    changed = {name for name, value in reserve.treatment(SHORT).world.values().items() if value != SHORT.values()[name]}
    assert changed == set(switches()["A10"]) == {"grievance_gate"}
    assert {"C03", "C47"} <= {claim for claim, names in switches().items() if "grievance" in names}
    with_it, without_it = (pairs(treatment, asked(10)) for treatment in (Treatment(SHORT), reserve.treatment(SHORT)))
    assert (with_it["effect_24"] != without_it["effect_24"]).any()


@pytest.mark.parametrize(("changes", "last"), [
    ({"war": {"ends": "2026-03"}}, "2028-03"), ({"war": {"ends": "2026-03"}, "months": {"to": "2028-06"}}, "2028-03"),
    ({"war": {"ends": "2026-03"}, "months": {"to": "2028-02"}}, "2028-02"), ({"war": {"ends": "never"}}, None),
])  # fmt: skip
def test_the_meter_simulates_two_years_from_the_end_and_no_more_where_it_can_be_cut(
    changes: dict[str, Any], last: str | None
) -> None:
    world = load("war-ends-early").with_(**changes)
    short = ablation_study._as_far_as_judged(world)
    assert short.horizon == (months.index(last) + 1 if last else world.horizon)
    assert short.war_end == world.war_end
