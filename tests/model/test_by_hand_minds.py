"""Minds worked by hand: what capitals believe, expect and want, how they choose, and how the deal is struck.

Numbers are typed from the specification (sections 3, 6 and 7), as in test_by_hand_world.
"""

from dataclasses import replace
from math import exp, log
from types import SimpleNamespace

import pytest

from sim.model import beliefs, choice, deal, deeds
from sim.model.drivers import NOISES, drivers_of, isolation, need_of_arms, phase
from sim.model.moves import LEVER, Moves
from sim.registers.register import neutralise
from tests.model.test_by_hand_world import EXACT, WORLD

START, END = 37.0, 90.0  # the war from 2022-02; June 2026 would be its 53rd month and 2026-07 the first of peace
CLOSE = 1e-9  # where the model's own exponential is in play


def need(month: float, params: SimpleNamespace, other_suppliers: float = 0.0) -> float:
    """Return Moscow's need of arms in a month."""
    return need_of_arms(month, START, END, phase(month, START, END), other_suppliers, params)


def test_the_phases_of_a_war(params) -> None:
    assert [phase(month, START, END) for month in (36.0, 37.0, 89.0, 90.0)] == [
        (1, 0, 0), (0, 1, 0), (0, 1, 0), (0, 0, 1)
    ]  # fmt: skip
    assert [isolation(phase(month, START, END), params) for month in (36.0, 37.0, 90.0)] == [0.15, 1.0, 0.7]


def test_moscows_need_of_arms_climbs_eases_and_is_left_for_the_stores(params) -> None:
    assert need(36.0, params) == 0.0
    assert need(37.0, params) == pytest.approx(0.25, abs=EXACT)
    assert need(45.0, params) == pytest.approx(0.25 + 0.75 * 8 / 16, abs=EXACT)
    assert need(53.0, params) == pytest.approx(1.0, abs=EXACT)
    assert need(56.0, params) == pytest.approx(1.0, abs=EXACT)  # 2023-09, from when it eases
    assert need(68.0, params) == pytest.approx(1 - 0.35 * 12 / 36, abs=EXACT)
    assert need(89.0, params) == pytest.approx(1 - 0.35 * 33 / 36, abs=EXACT)
    assert need_of_arms(200.0, START, 300.0, phase(200.0, START, 300.0), 0.0, params) == pytest.approx(0.65, abs=EXACT)
    assert need(90.0, params) == pytest.approx(0.4 / 2, abs=CLOSE)
    assert need(99.0, params) == pytest.approx(0.4 / 2 * exp(-9 / 18), abs=CLOSE)
    assert need(68.0, params, other_suppliers=0.3) == pytest.approx((1 - 0.35 / 3) * 0.7, abs=EXACT)
    assert need(99.0, params, other_suppliers=0.3) == pytest.approx(0.4 / 2 * exp(-0.5) * 0.7, abs=CLOSE)


def given(**changes: float) -> SimpleNamespace:
    """Return what a scenario says of a month."""
    said = {
        "border": 0.6, "border_visits": 0.7, "border_russia": 0.9, "need_for_us": 1.1, "sanctions_nominal": 0.9,
        "news": 0.0, "alternative_supplier": 0.0, "flood": 0.0, "crisis": 0.0, "rivalry": 0.9,
        "line_washington_beijing": -0.5,
        "line_washington_sanction": 0.2, "line_washington_posture": 0.6, "line_seoul_north": -0.6,
        "line_seoul_beijing": -0.4,
    }  # fmt: skip
    return SimpleNamespace(**{**said, **changes})


def luck(**changes: float) -> SimpleNamespace:
    """Return the draws of a month in which nothing happens."""
    return SimpleNamespace(
        **{**dict.fromkeys(NOISES, 0.0), "flood": 0.9, "crisis": 0.9, "crisis_before": 0.9, **changes}
    )


def test_floods_and_crises_come_as_scheduled_or_by_chance(params) -> None:
    """A flood 3 times in 100; a crisis 4 times in 1,000, for the month of the draw and the one after it."""

    def month(said: SimpleNamespace, drawn: SimpleNamespace) -> tuple[float, float]:
        now = drivers_of(50.0, START, END, said, drawn, params)
        return now.flood, now.crisis

    assert month(given(), luck()) == (0.0, 0.0)
    assert month(given(flood=1.0), luck()) == (1.0, 0.0)
    assert month(given(flood=0.5), luck(flood=0.0299)) == (1.0, 0.0)
    assert month(given(), luck(flood=0.03)) == (0.0, 0.0)
    assert month(given(crisis=0.4), luck()) == (0.0, 0.4)
    assert month(given(), luck(crisis=0.0039)) == (0.0, 1.0)
    assert month(given(), luck(crisis_before=0.0039)) == (0.0, 1.0)
    assert month(given(), luck(crisis=0.004, crisis_before=0.004)) == (0.0, 0.0)


def test_what_the_scenario_says_is_what_acts(params) -> None:
    now = drivers_of(45.0, START, END, given(line_seoul_north=0.8), luck(noise_beijing_seoul=-2.0), params)
    assert (now.border, now.border_russia, now.need_for_us, now.sanctions_nominal) == (0.6, 0.9, 1.1, 0.9)
    assert (now.need, now.isolation, now.keep, now.shortfall) == (0.625, 1.0, 1.0, 0.0)
    assert now.noise_beijing_seoul == pytest.approx(1.1 * -2, abs=EXACT)
    assert (now.rivalry, now.line_seoul_north, now.line_washington_posture) == (0.9, 0.8, 0.6)
    assert now.spillover == pytest.approx(0.34 * 0.5, abs=EXACT)  # half of what Beijing hopes for is real
    supplied = drivers_of(45.0, START, END, given(alternative_supplier=0.4), luck(), params)
    assert supplied.need == pytest.approx(0.625 * 0.6, abs=EXACT)


def test_two_months_of_war_with_news_of_talks(params) -> None:
    """The prior is one end in 48 months of watching, for Pyongyang in 48 x 2.3. Two months later, with news in one."""
    for capital, months in (("Moscow", 48.0), ("Pyongyang", 48 * 2.3)):
        belief = beliefs.first_belief(capital, params)
        assert (belief.ends, belief.months) == pytest.approx((1.0, months), abs=EXACT)
        belief = beliefs.learn(belief, 1.0, 0.8, params)
        assert (belief.ends, belief.months) == pytest.approx((1 + 0.5 * 0.8, months + 1), abs=EXACT)
        belief = beliefs.learn(belief, 1.0, 0.0, params)
        assert (belief.ends, belief.months) == pytest.approx((1.4, months + 2), abs=EXACT)

        war, peace, before = (phase(month, START, END) for month in (50.0, 95.0, 20.0))
        left = ((months + 2) / (months + 2 + 5)) ** 1.4
        assert beliefs.survival(belief, war, 5.0, params) == pytest.approx(left, abs=CLOSE)
        assert beliefs.survival(belief, peace, 5.0, params) == pytest.approx(exp(-5 / 18), abs=CLOSE)
        assert beliefs.survival(belief, before, 5.0, params) == 1.0

        at_peace = beliefs.learn(belief, 0.0, 1.0, params)  # out of the war there is nothing to learn about its end
        assert at_peace == belief


def test_the_outlook_in_the_war(third) -> None:
    """June 2024, five months ahead; a belief of one end in 100 months. The world of the other cases lacks
    0.97 x 0.8 - 0.5 of the support expected (3% are not noticed), and sells arms at 0.8; the gate of A10 is shut."""
    belief = beliefs.Belief(1.0, 100.0)
    month = 65.0
    now = drivers_of(month, START, END, given(flood=1.0, crisis=1.0), luck(noise_beijing_seoul=1.0), third)
    left = 100 / 105
    needed = (1 - 0.35 * 9 / 36) * left

    theirs = beliefs.outlook("Moscow", month, START, END, END, given(), now, belief, WORLD, third)
    assert theirs.need == pytest.approx(needed, abs=CLOSE)
    assert (theirs.isolation, theirs.border, theirs.border_russia) == (1.0, 0.6, 0.9)
    assert (theirs.keep, theirs.shortfall, theirs.flood, theirs.crisis, theirs.noise_beijing_seoul) == (1, 0, 0, 0, 0)

    own = beliefs.outlook("Pyongyang", month, START, END, END, given(), now, belief, WORLD, third)
    assert own.need == pytest.approx(needed, abs=CLOSE)
    assert own.border == pytest.approx(0.6 + 0.47 * 0.4, abs=EXACT)  # part of what is missing is expected back
    assert own.border_russia == pytest.approx(0.9 + 0.47 * 0.1, abs=EXACT)
    assert own.border_visits == pytest.approx(0.7 + 0.47 * 0.3, abs=EXACT)
    assert own.daring == pytest.approx(0.8 * left, abs=CLOSE)
    assert own.keep == pytest.approx(left + (1 - left) * 0.32, abs=CLOSE)
    assert own.shortfall == pytest.approx((0.97 * 0.8 - 0.5) * 0.6 * 0.8 * left, abs=CLOSE)

    # Without A10 it is the grievance that stays and the reserve that goes: also where nothing is sold to Moscow.
    unreserved = SimpleNamespace(**neutralise(vars(third), ["A10"]))
    assert unreserved.grievance == third.grievance > 0.0
    for world in (WORLD, replace(WORLD, arms_flow=0.0)):
        open_ = beliefs.outlook("Pyongyang", month, START, END, END, given(), now, belief, world, unreserved)
        assert open_.shortfall == pytest.approx((0.97 * 0.8 - 0.5) * 0.6, abs=EXACT)

    supplied = given(alternative_supplier=0.3)  # others supply Moscow: it is expected to stay so
    theirs = beliefs.outlook("Moscow", month, START, END, END, supplied, now, belief, WORLD, third)
    assert theirs.need == pytest.approx(needed * 0.7, abs=CLOSE)

    ajar = SimpleNamespace(**{**vars(third), "grievance_gate": 0.4})  # voiced in part whatever Moscow buys
    own = beliefs.outlook("Pyongyang", month, START, END, END, given(), now, belief, WORLD, ajar)
    assert own.shortfall == pytest.approx((0.97 * 0.8 - 0.5) * 0.6 * (0.6 + 0.4 * 0.8 * left), abs=CLOSE)

    hopeful = beliefs.outlook("Beijing", month, START, END, END, given(), now, belief, WORLD, third)
    assert (hopeful.spillover, theirs.spillover) == pytest.approx((0.34, 0.17), abs=EXACT)

    content = replace(WORLD, expected_support=0.4)
    contented = beliefs.outlook("Pyongyang", month, START, END, END, given(), now, belief, content, third)
    assert contented.shortfall == 0.0


def test_who_has_not_noticed_the_end_expects_the_war_to_go_on(params) -> None:
    """Peace from month 90; Washington notices in month 92. In month 91 it still sees a war of need 1 - 0.35 x 35/36."""
    belief = beliefs.Belief(1.0, 100.0)
    now = drivers_of(91.0, START, END, given(), luck(), params)
    unaware = beliefs.outlook("Washington", 91.0, START, END, 92.0, given(), now, belief, WORLD, params)
    assert unaware.need == pytest.approx((1 - 0.35 * 35 / 36) * 100 / 105, abs=CLOSE)
    assert unaware.isolation == 1.0
    aware = beliefs.outlook("Washington", 91.0, START, END, END, given(), now, belief, WORLD, params)
    assert aware.need == pytest.approx(0.4 / 2 * exp(-1 / 18) * exp(-5 / 18), abs=CLOSE)
    assert aware.isolation == 0.7


def test_who_notices_the_end_late_counts_the_need_that_is_left_from_the_end(params) -> None:
    """Peace from month 90, noticed in month 92: in month 93 the stores have been refilled for three months, not one."""
    belief = beliefs.Belief(1.0, 100.0)
    now = drivers_of(93.0, START, END, given(), luck(), params)
    late = beliefs.outlook("Washington", 93.0, START, END, 92.0, given(), now, belief, WORLD, params)
    assert late.need == pytest.approx(0.4 / 2 * exp(-3 / 18) * exp(-5 / 18), abs=CLOSE)
    assert late == beliefs.outlook("Washington", 93.0, START, END, END, given(), now, belief, WORLD, params)


def test_what_moves_amount_to() -> None:
    """A missile is (.67 - .33) / .67 as grave as a nuclear test; words are no test, and courting is no treaty."""
    provocations = (0.0, 0.33, 0.67, 1.0)
    asked = [Moves(pyongyang_provoke=value) for value in provocations]
    assert [deeds.tests(moves) for moves in asked] == pytest.approx([0, 0, 0.34 / 0.67, 1], abs=EXACT)
    assert [deeds.nuclear_test(moves) for moves in asked] == [0, 0, 0, 1]
    sought = [deeds.treaty_sought(Moves(pyongyang_toward_moscow=value)) for value in (-0.3, 0.2, 0.6, 1.0)]
    assert sought == [0, 0, 0, 1]
    answered = [deeds.condemnation(Moves(pyongyang_provoke=1.0, moscow_cover=cover)) for cover in (-1.0, 0.0, 1.0)]
    assert answered == [1, 1, 0]  # one veto stops it; to enforce adds nothing to a resolution
    for leash, seen in ((1.0, provocations), (0.0, (0, 0, 0, 0)), (-1.0, (-1, -1, -1, -1))):
        conduct = [deeds.guardian(replace(moves, beijing_leash=leash)) for moves in asked]
        assert conduct == pytest.approx(seen, abs=EXACT), leash


def test_two_months_of_a_choice_worked_out(params) -> None:
    """Beijing's three lines on the West: utilities .500, .510, .505; last month it kept routine ties. The bonus of
    .00064 makes the middle one .51064, so the others lie .01064 and .00564 below it; 300 times that is 3.192 and
    1.692."""
    lever = LEVER["beijing_toward_west"]
    values = (-1.0, 0.0, 1.0)
    odds = [exp(-3.192), 1.0, exp(-1.692)]  # .0411, 1, .1842
    first = choice.likelihoods([0.500, 0.510, 0.505], lever.widths, values, 0.0, params.inertia, params.precision)
    assert first == pytest.approx([weight / 3 for weight in odds], abs=CLOSE)

    # The odds in all are 1.2253; so cool takes draws up to .0335, routine those up to .8497, courting the rest.
    edges = [odds[0] / sum(odds), (odds[0] + odds[1]) / sum(odds)]
    assert edges == pytest.approx([0.0335, 0.8497], abs=1e-4)
    draws = {0.0: -1.0, 0.033: -1.0, 0.034: 0.0, 0.849: 0.0, 0.851: 1.0, 0.9999: 1.0}
    assert {draw: choice.pick(first, values, draw) for draw in draws} == draws

    # The draw of .851 has it court; a month later the bonus is on courting: .5000, .5100, .50564.
    second = choice.likelihoods([0.500, 0.510, 0.505], lever.widths, values, 1.0, params.inertia, params.precision)
    assert second == pytest.approx([exp(-3.0) / 3, 1 / 3, exp(-300 * 0.00436) / 3], abs=CLOSE)

    # The best option stands at its width, wherever it stands, and the others below.
    for best in range(3):
        utilities = [0.505 if place == best else 0.5 for place in range(3)]
        stood = choice.likelihoods(utilities, lever.widths, values, 9.0, params.inertia, params.precision)
        assert stood == pytest.approx([1 / 3 if place == best else exp(-1.5) / 3 for place in range(3)], abs=CLOSE)

    # The line is reviewed with chance .22: a draw of .21 brings the review, one of .22 does not.
    chance = choice.review_chance(lever, 0.6, params)
    assert choice.option_after_review(0.21, chance, 1.0, 0.0) == 1.0
    assert choice.option_after_review(0.22, chance, 1.0, 0.0) == 0.0


def test_lines_are_reviewed_seldom_acts_often_and_what_crosses_a_border_where_it_is_open(params) -> None:
    """A33: chances of .22 and .99; trade and workers cross the border between China and the North, open to .6 here."""
    lines = {
        "beijing_leash", "beijing_bloc", "beijing_toward_west", "moscow_labour", "moscow_cover",
        "pyongyang_toward_moscow", "washington_sanction", "washington_posture", "washington_toward_beijing",
        "seoul_north", "seoul_toward_beijing",
    }  # fmt: skip
    crossing = {"beijing_trade", "beijing_workers"}
    for field, lever in LEVER.items():
        wanted = 0.22 if field in lines else 0.99 * 0.6 if field in crossing else 0.99
        assert choice.review_chance(lever, 0.6, params) == pytest.approx(wanted, abs=EXACT), field
    alike = SimpleNamespace(**{**vars(params), "review_by_kind": 0.0})  # without A33
    assert {choice.review_chance(lever, 0.6, alike) for lever in LEVER.values()} == {0.99}


def test_losses_loom_larger_than_gains_against_a_habit_of_two_months() -> None:
    """Variant V6: what falls short of the habitual counts 2.25 times."""
    first = choice.habit(0.0, 0.9, 0.60, 12.0)  # the first month is the habit
    second = choice.habit(1.0, first, 0.48, 12.0)
    assert (first, second) == pytest.approx((0.60, 0.60 - 0.12 / 12), abs=EXACT)
    assert choice.loss_averse(0.55, second, 2.25) == pytest.approx(0.59 - 2.25 * 0.04, abs=EXACT)
    assert choice.loss_averse(0.65, second, 2.25) == 0.65
    assert choice.loss_averse(0.55, second, 1.0) == 0.55


def test_a_deal_worked_out() -> None:
    """Without exchange Moscow has .60 and Pyongyang .50. Moscow's share of power is .59."""

    def score(moscow: float, pyongyang: float, power: float = 0.59) -> float:
        return deal.nash(moscow, pyongyang, 0.60, 0.50, power)

    assert score(0.64, 0.51) == pytest.approx(exp(0.59 * log(0.04) + 0.41 * log(0.01)), abs=CLOSE)
    assert score(0.64, 0.51, 1.0) == pytest.approx(0.04, abs=CLOSE)  # Moscow makes the offer
    assert score(0.64, 0.51, 0.0) == pytest.approx(0.01, abs=CLOSE)  # Pyongyang does
    assert score(0.60, 0.50) == pytest.approx(0.0, abs=1e-7)  # no exchange itself
    assert score(0.599, 0.60) == score(0.70, 0.499) == deal.INFEASIBLE


def test_a_script_holds_the_deal_to_what_it_says() -> None:
    """Three bundles: nothing, arms for good pay, arms for good pay and technology."""
    bundles = ((0.0, 0.0, 0.0), (0.5, 0.67, 0.0), (0.5, 0.67, 0.33))

    def scores(script: tuple[float | None, float | None, float | None], agreed: tuple[float, ...]) -> list[float]:
        limits = deal.limits(bundles, script)
        return [deal.scripted_score(score, *ends) for score, ends in zip(agreed, limits, strict=True)]

    refused = deal.INFEASIBLE
    assert scores((None, None, None), (0.0, 0.02, refused)) == [0.0, 0.02, refused]
    # No exchange is what the script says, however well a bundle would suit both.
    assert scores((0.0, None, None), (0.0, 0.02, 0.03)) == [0.0, refused, refused]
    # Pay is scripted for the case that arms flow; whether they do is still the two sides' affair.
    assert scores((None, 0.67, None), (0.0, 0.02, 0.03)) == [0.0, 0.02, 0.03]
    assert scores((None, None, 0.33), (0.0, 0.02, 0.03)) == [0.0, refused, 0.03]
    # Arms are scripted, both sides would refuse every bundle with them: the first that the script allows is imposed.
    imposed = scores((0.5, None, None), (0.0, refused, refused))
    assert imposed[0] == imposed[2] == refused
    assert refused < imposed[1] < 0.0
    # One that both would agree to goes before the imposed one.
    assert scores((0.5, None, None), (0.0, refused, 0.03)) == [refused, imposed[1], 0.03]


def test_without_a_joint_deal_moscow_gives_only_for_arms_that_came() -> None:
    assert [deal.only_for_arms(0.67, last_arms) for last_arms in (0.0, 0.5, 1.0)] == [0.0, 0.67, 0.67]
