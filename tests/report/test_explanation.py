"""Accounts of choices that are made by hand: what each goal said, what fell, and what would have tipped it."""

from types import SimpleNamespace
from typing import Any

import pandas as pd
import pytest

from sim.engine.mesa.decisions import Bundle, Deal, Decision, Scored
from sim.model.goals import goals_of
from sim.model.moves import DEAL, LEVERS
from sim.report.text import explanation
from sim.scenario import Scenario, load

SCENARIO = load("baseline").with_(months={"from": "2021-01", "to": "2024-12"})
GOALS = tuple(goals_of("Seoul", SCENARIO.variant))  # threat, china, deterrence, north, line
WEIGHTS = (0.4, 0.3, 0.15, 0.1, 0.05)
HARD, DETER, ENGAGE = range(3)
MONTH = 30


def run(scenario: Scenario = SCENARIO, **more: Any) -> Any:
    moves = pd.DataFrame({lever.field: [lever.options[0].name] * 48 for lever in LEVERS})
    return SimpleNamespace(**{"scenario": scenario, "moves": moves, "decisions": (), "deals": (), **more})


def decision(last: int = HARD, chosen: int = ENGAGE, draw: float = 0.85, **more: Any) -> Any:
    """Return a choice of Seoul's in which engaging speaks to tension and the North, and deterring to Beijing.

    By weight: +0.04 for less tension, +0.03 for the North, -0.09 for Beijing, so 0.02 less than deterring has.
    """
    options = (Scored((0.0,) * 5, 0.0, 0.1), Scored((0.5, 0.5, 0.0, 0.2, 0.0), 0.37, 0.6),
               Scored((0.6, 0.2, 0.0, 0.5, 0.0), 0.35, 0.3))  # fmt: skip
    made = {"options": options, "survives": 0.25} | more
    return Decision(MONTH, "Seoul", "seoul_north", GOALS, WEIGHTS, made["options"], last, chosen, draw,
                    None, made["survives"])  # type: ignore[arg-type]  # fmt: skip


def test_goals_are_told_by_what_each_adds_over_the_runner_up_the_largest_first() -> None:
    account = explanation.account_of(run(), decision())
    assert [(clause.goal, clause.text.split(":")[0]) for clause in account.clauses] == [
        (name, name) for name in ("china", "threat", "north")
    ]  # fmt: skip
    assert [clause.number for clause in account.clauses] == pytest.approx([-0.09, 0.04, 0.03])
    assert account.clauses[1].text.split(": ")[1][0].islower() and account.clauses[1].sources == ("A2", "C26")
    assert account.clauses[1].text == "threat: little tension on the peninsula"
    assert all(said in account.against for said in ("rank 2 of 3", "-0.0200", "chance decided against"))
    better = explanation.account_of(run(), decision(chosen=DETER))
    assert "rank 1 of 3" in better.against and "+0.0200" in better.against and "chance decided" not in better.against
    assert [clause.number for clause in better.clauses] == pytest.approx([0.09, -0.04, -0.03])


@pytest.mark.parametrize(("last", "sign"), [(HARD, 0), (ENGAGE, 1), (DETER, -1)])
def test_the_ease_of_staying_speaks_for_the_option_that_stood(last: int, sign: int) -> None:
    account = explanation.account_of(run(), decision(last))
    ease = [clause.number for clause in account.clauses if not clause.goal]
    assert ease == [sign * SCENARIO.values()["inertia"]] * abs(sign)


def test_losses_that_count_for_more_are_told_where_the_goals_do_not_add_up() -> None:
    options = (Scored((0.0,) * 5, 0.0, 0.1), Scored((0.5, 0.5, 0.0, 0.2, 0.0), 0.37, 0.6),
               Scored((0.6, 0.2, 0.0, 0.5, 0.0), 0.3, 0.3))  # fmt: skip
    clauses = explanation.account_of(run(), decision(options=options)).clauses
    (rest,) = (clause.number for clause in clauses if not clause.goal)
    assert rest == pytest.approx(-0.05)


def test_the_draw_is_told_between_the_edges_of_its_option_and_the_runner_up_s_beside_it() -> None:
    account = explanation.account_of(run(), decision())
    assert "30%" in account.chance and all(said in account.draw for said in ("0.8500", "between 0.7000 and 1.0000"))
    assert "between 0.1000 and 0.7000" in account.tips[0]


@pytest.mark.parametrize(("chance", "certain"), [(0.999, False), (0.9991, True)])
def test_a_choice_is_almost_certain_above_999_in_a_thousand(chance: float, certain: bool) -> None:
    options = [Scored((), 0.0, 1.0 - chance), Scored((), 1.0, chance)]
    said = explanation._fell(options, 1, 0.5)
    assert ("almost certain" in said) == certain and ("0.5000" in said) != certain


def test_the_smallest_change_of_a_weight_that_makes_both_alike_is_told() -> None:
    """Beijing's weight falls by 2 in 9, tension's would rise by a half, and the North's by two thirds."""
    (_, tip) = explanation.account_of(run(), decision()).tips
    assert all(said in tip for said in ("“china”", "below 0.2333", "0.3000", "the option taken would have scored"))
    (_, tip) = explanation.account_of(run(), decision(chosen=DETER)).tips
    assert all(said in tip for said in ("“china”", "below 0.2333", "the other option would have scored higher"))


def test_no_weight_is_told_that_lies_outside_its_plausible_range() -> None:
    options = (Scored((0.0,) * 5, 0.0, 0.1), Scored((0.5, 0.5, 0.0, 0.2, 0.0), 0.37, 0.6),
               Scored((2.0, 0.5, 0.0, 0.2, 0.0), 0.97, 0.3))  # fmt: skip
    (_, tip) = explanation.account_of(run(), decision(options=options)).tips
    assert tip.startswith("Any other weight"), "tension's would have to be nothing at all"
    averse: Any = run(SCENARIO.with_(variant="V6"))
    assert averse.scenario.values()["loss_aversion"] != 1.0
    assert len(explanation.account_of(averse, decision()).tips) == 1, "utility is then no plain sum"


def test_what_is_expected_of_the_war_is_told_once_there_is_one() -> None:
    assert explanation.account_of(run(), decision()).belief is None
    earlier = run(SCENARIO.with_(war={"starts": "2021-07"}, foresight=8))
    belief = explanation.account_of(earlier, decision()).belief
    assert belief is not None and belief.number == 0.25
    assert "25%" in belief.text and "eight months" in belief.text


def test_a_lever_that_was_not_weighed_is_told_with_its_option_and_why() -> None:
    move = {"capital": "Seoul", "lever": "north", "option": "engage", "from": "2021-07", "to": "2021-07"}
    scripted = SCENARIO.with_(moves=[move])
    made = run(scripted)
    made.moves.loc[MONTH - 24, "seoul_north"] = "engage"
    reasons = {line.split(": ")[0]: line for line in explanation.levers_not_weighed(made, "Seoul", MONTH)}
    assert len(reasons) == sum(lever.capital == "Seoul" for lever in LEVERS)
    assert [("scripts" in line) for line in reasons.values()].count(True) == 1
    later = explanation.levers_not_weighed(made, "Seoul", MONTH + 1)
    assert not any("scripts" in line for line in later) and len(later) == len(reasons)
    weighed = explanation.levers_not_weighed(run(decisions=(decision(),)), "Seoul", MONTH)
    assert len(weighed) == len(reasons) - 1
    whole = explanation.levers_not_weighed(run(), "Moscow", MONTH)
    dealt = explanation.levers_not_weighed(run(deals=(deal(),)), "Moscow", MONTH)
    assert len(whole) - len(dealt) == len(DEAL)


def bundle(arms: float, score: float, chance: float, moscow: float = 1.0, pyongyang: float = 1.0) -> Bundle:
    goals = [len(goals_of(capital, SCENARIO.variant)) for capital in explanation.SIDES]
    own, other = (Scored((arms * place,) * count, 0.0, 0.0) for place, count in enumerate(goals, 1))
    pay, technology = (lever.options[0].value if arms else 0.0 for lever in DEAL[1:])
    return Bundle(arms, pay, technology, own, other, moscow, pyongyang, score, chance)


def deal(chosen: int = 1, **more: Any) -> Deal:
    bundles = (bundle(0.0, 0.0, 0.25), bundle(0.5, 2.0, 0.5), bundle(1.0, 3.0, 0.25), bundle(1.0, 9.0, 0.0, -0.5, 0.25))
    return Deal(MONTH, more.get("bundles", bundles), 0, chosen, 0.4, more.get("imposed", False))


@pytest.mark.parametrize(("chosen", "rival"), [(0, 2), (1, 2), (2, 1)])
def test_the_rival_of_a_bundle_is_the_best_of_those_that_both_sides_would_take(chosen: int, rival: int) -> None:
    assert explanation._rival(deal(chosen)) == rival


def test_where_no_other_bundle_would_be_taken_the_rival_is_the_one_that_comes_nearest() -> None:
    bundles = (bundle(0.0, 0.0, 1.0), bundle(0.5, 9.0, 0.0, -0.5, 0.3), bundle(1.0, 1.0, 0.0, -0.1, -0.2),
               bundle(1.0, 5.0, 0.0, 0.9, -0.3))  # fmt: skip
    assert explanation._rival(deal(0, bundles=bundles)) == 2
    account = explanation.account_of_deal(run(), deal(0, bundles=bundles), "Moscow")
    (tip,) = account.tips
    assert "Moscow 0.1000 and Pyongyang 0.2000" in tip
    alone = (bundles[0], bundles[1])
    (tip,) = explanation.account_of_deal(run(), deal(0, bundles=alone), "Moscow").tips
    assert "Moscow 0.5000" in tip and "Pyongyang" not in tip


def test_a_side_weighs_the_exchange_against_none_and_both_gains_are_told() -> None:
    account = explanation.account_of_deal(run(), deal(), "Pyongyang")
    gains = {clause.text.split("'")[0]: clause.number for clause in account.clauses if "gain over no" in clause.text}
    assert gains == {"Moscow": 1.0, "Pyongyang": 1.0}
    weights = SCENARIO.values()
    goals = {clause.goal: clause.number for clause in account.clauses if clause.goal}
    assert goals == pytest.approx({goal: weights[f"pyongyang_{goal}_weight"] for goal in goals}), "0.5 twice, less none"
    assert len(goals) == len(goals_of("Pyongyang", SCENARIO.variant))
    assert account.did.split("the month before: ")[1].startswith("no exchange)") and "imposes" not in account.did
    assert "imposes" in explanation.account_of_deal(run(), deal(imposed=True), "Moscow").did
    assert "0.2500 and 0.7500" in account.draw and "0.7500 and 1.0000" in account.tips[0]
    assert "scores 2.0000" in account.against and "scores 3.0000" in account.against


@pytest.mark.parametrize(("month", "nearest"), [("2020-12", "2021-01"), ("2025-01", "2024-12")])
def test_a_month_that_is_not_shown_is_refused_with_the_nearest(month: str, nearest: str) -> None:
    with pytest.raises(ValueError, match=f"the nearest is {nearest}"):
        explanation._month(run(), month)
    assert explanation._month(run(), nearest) in (24, 71)


def test_a_capital_is_named_however_it_is_written() -> None:
    assert explanation._capital(" seoul ") == "Seoul"
    with pytest.raises(ValueError, match="Seoul"):
        explanation._capital("Soul")
