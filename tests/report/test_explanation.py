"""Accounts of choices that are made by hand: what each goal said, what fell, and what would have tipped it."""

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pandas as pd
import pytest

from sim.engine.ensemble import Divergence
from sim.engine.mesa.decisions import Bundle, Deal, Decision, Scored
from sim.model.capitals import CAPITALS
from sim.model.goals import goals_of
from sim.model.moves import DEAL, LEVER, LEVERS
from sim.report.folders import tables
from sim.report.style import words
from sim.report.text import at_work, explanation
from sim.report.text.turning_points import words_of
from sim.scenario import Scenario, load
from sim.scenario.source import Source

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
    assert all(said in account.against for said in ("rank 2 of 3", "0.0200 below", "random draw"))
    better = explanation.account_of(run(), decision(chosen=DETER))
    assert "rank 1 of 3" in better.against and "0.0200 above" in better.against and "random draw" not in better.against
    assert [clause.number for clause in better.clauses] == pytest.approx([0.09, -0.04, -0.03])


def test_luck_is_named_where_a_better_option_was_passed_over_and_only_there() -> None:
    lucky, best = (explanation.account_of(run(), decision(chosen=chosen)) for chosen in (ENGAGE, DETER))
    assert lucky.better == lucky.against_what != "" and best.better == ""
    said = explanation.main_reasons(lucky)
    assert said.startswith(f"Luck played a part: {lucky.better} scored higher. The option chosen had a chance of ")
    assert "30%" in said
    assert "to “deters the North” was “threat” (little tension on the peninsula)" in said
    assert said.endswith("; the main reason against it was “china” (good ties with Beijing).")
    assert "Luck" not in explanation.main_reasons(best) and "60%" in explanation.main_reasons(best)


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
    said = " ".join(explanation._fell(options, 1, 0.5))
    assert ("almost certain" in said) == certain and ("0.5000" in said) != certain


def test_the_smallest_change_of_a_weight_that_makes_both_alike_is_told() -> None:
    """Beijing's weight falls by 2 in 9, tension's would rise by a half, and the North's by two thirds."""
    (_, tip) = explanation.account_of(run(), decision()).tips
    assert all(said in tip for said in ("“china”", "below 0.2333", "0.3000", "the option taken would have been more"))
    (_, tip) = explanation.account_of(run(), decision(chosen=DETER)).tips
    likelier = "” would have been more likely than the option taken"
    assert all(said in tip for said in ("“china”", "below 0.2333", likelier))


def test_no_weight_is_told_that_lies_outside_its_plausible_range() -> None:
    options = (Scored((0.0,) * 5, 0.0, 0.1), Scored((0.5, 0.5, 0.0, 0.2, 0.0), 0.37, 0.6),
               Scored((2.0, 0.5, 0.0, 0.2, 0.0), 0.97, 0.3))  # fmt: skip
    (_, tip) = explanation.account_of(run(), decision(options=options)).tips
    assert tip.startswith("No plausible change"), "tension's would have to be nothing at all"
    averse: Any = run(SCENARIO.with_(variant="V6"))
    assert averse.scenario.values()["loss_aversion"] != 1.0
    assert len(explanation.account_of(averse, decision()).tips) == 1, "utility is then no plain sum"


def test_what_is_expected_of_the_war_is_told_once_there_is_one() -> None:
    assert explanation.account_of(run(), decision()).belief is None
    earlier = run(SCENARIO.with_(war={"starts": "2021-07"}, foresight=8))
    belief = explanation.account_of(earlier, decision()).belief
    assert belief is not None and belief.number == 0.25
    assert "25%" in belief.text and "eight months" in belief.text
    whose = {capital: explanation._belief(replace(decision(), capital=capital), earlier) for capital in CAPITALS}
    own = [capital for capital, clause in whose.items() if clause and "its need" in clause.text]
    assert own == ["Moscow"] and all(clause and ("Moscow's need" in clause.text) for clause in
                                     (whose[capital] for capital in CAPITALS if capital != "Moscow"))  # fmt: skip
    for starts, known in (("2021-07", True), ("2021-08", False)):  # the choice falls in July 2021
        begun = run(SCENARIO.with_(war={"starts": starts}))
        assert (explanation._belief(decision(), begun) is not None) == known


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
    assert "from “no exchange” to" in account.did and "imposes" not in account.did
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


def test_the_text_of_a_month_has_its_own_choices_and_the_levers_left(monkeypatch: pytest.MonkeyPatch) -> None:
    other = [replace(decision(), month=MONTH + 1), replace(decision(), capital="Beijing", lever="beijing_bloc")]
    made = run(decisions=(decision(), *other), deals=(deal(), replace(deal(), month=MONTH + 1)))
    assert explanation.accounts(made, "Seoul", MONTH) == [explanation.account_of(made, decision())]
    assert explanation.accounts(made, "Washington", MONTH) == []
    for side in explanation.SIDES:
        assert explanation.accounts(made, side, MONTH) == [explanation.account_of_deal(made, deal(), side)]
    made.number, made.seed, made.source = 3, 5, Source.RETAINED
    text = explanation.why(made, "seoul", "2021-07")
    head, settled, *_ = (part for part in text.split("\n\n") if "July 2021" in part or "utility of" in part)
    assert "Seoul" in head and "-0.0900  china" in settled and text.count("utility of") == 1
    left = text.rpartition("\n\n")[2].splitlines()[1:]
    assert [line.strip() for line in left] == explanation.levers_not_weighed(made, "Seoul", MONTH)
    assert text.index("-0.0900") < text.index("+0.0400") < text.index("a chance of 30%")


def test_a_goal_at_work_counts_with_what_it_moves_and_the_shares_of_a_capital_are_one() -> None:
    """Against the runner-up Beijing moves 0.09, tension 0.04 and the North 0.03, and so twice over."""
    still = decision(chosen=DETER)
    shares = {goal.goal: goal for goal in at_work.goals_at_work(run(decisions=(decision(), still)))}
    assert list(shares) == ["china", "threat", "north", "deterrence", "line"]
    assert [goal.share for goal in shares.values()] == pytest.approx([9 / 16, 4 / 16, 3 / 16, 0.0, 0.0])
    assert {goal.capital for goal in shares.values()} == {"Seoul"} and not shares["threat"].assumed
    words, sources = explanation.purpose(run(), "Seoul", "threat")
    assert (shares["threat"].purpose, shares["threat"].sources) == (words, sources)
    assert at_work.goals_at_work(run()) == []
    alike = decision(options=(Scored((0.5,) * 5, 0.3, 0.3), Scored((0.5,) * 5, 0.3, 0.4), Scored((0.5,) * 5, 0.3, 0.3)))
    assert [goal.share for goal in at_work.goals_at_work(run(decisions=(alike,)))] == [0.0] * 5


def test_what_rests_on_assumptions_alone_counts_with_the_decisions_of_its_capital() -> None:
    shares = (("Seoul", 3, 0.25, ("A1", "A2")), ("Seoul", 3, 0.75, ("A1", "C1")), ("Moscow", 1, 0.5, ("A3",)),
              ("Beijing", 0, 1.0, ("A3",)))  # fmt: skip
    goals = [at_work.AtWork(capital, many, "goal", "", share, sources) for capital, many, share, sources in shares]
    assert [goal.assumed for goal in goals] == [True, False, True, True]
    made = run(decisions=(decision(), decision(), decision(), replace(decision(), capital="Moscow")))
    assert at_work.assumed_share(made, goals) == pytest.approx((3 * 0.25 + 0.5) / 4)
    assert at_work.assumed_share(run(), [replace(goal, choices=0) for goal in goals]) == 0.0
    alone = [replace(goal, choices=int(goal.capital == "Seoul")) for goal in goals]
    assert at_work.assumed_share(run(decisions=(decision(),)), alone) == 0.25
    assert {goal.choices for goal in at_work.goals_at_work(run(decisions=(decision(),) * 3))} == {3}
    listed = at_work.in_our_words({"A2", "C26", "A1"})
    assert [source for source, _ in listed] == ["C26", "A1", "A2"] and all(text for _, text in listed)


def test_the_tables_of_a_run_have_a_row_a_choice_and_a_row_a_deal() -> None:
    made = run(decisions=(decision(last=HARD),), deals=(deal(2), deal(imposed=True)))
    (row,) = tables._decisions(made).to_dict("records")
    assert row.pop("margin") == pytest.approx(-0.02)
    assert row == {
        "month": "2021-07", "capital": "Seoul", "lever": "seoul_north", "before": "hard", "chosen": "engage",
        "runner_up": "deter", "utility": 0.35, "utility_runner_up": 0.37, "chance": 0.3, "draw": 0.85,
        "need_expected_to_last": 0.25,
    }  # fmt: skip
    bundles = (bundle(0.5, 2.0, 0.5, 0.1, 0.2), bundle(1.0, 3.0, 0.25, 0.3, 0.4))
    made = run(deals=(deal(0, bundles=bundles), deal(1, bundles=bundles, imposed=True)))
    pay, technology = (lever.options[0].value for lever in DEAL[1:])
    assert tables._deals(made).to_numpy().tolist() == [
        ["2021-07", 0.5, pay, technology, 0.1, 0.2, 2.0, 0.5, 0.4, False],
        ["2021-07", 1.0, pay, technology, 0.3, 0.4, 3.0, 0.25, 0.4, True],
    ]
    assert len(tables._decisions(run()).columns) == len(row) + 1 and tables._deals(run()).empty


def test_runs_part_at_their_first_different_moves_or_states() -> None:
    one, other = run(), run(SCENARIO.with_(name="the other"))
    for number, (made, option) in enumerate(((one, "hard"), (other, "engage")), 4):
        made.number = number
        made.moves = made.moves.set_index(pd.period_range("2021-01", periods=48, freq="M"))
        made.moves.loc["2021-05", "seoul_north"] = option
    parted = SimpleNamespace(first_divergence=lambda number: Divergence("2021-05", ("seoul_north",), ()))
    said = tables.where_runs_part(parted, one, other)  # type: ignore[arg-type]
    hard, engage = (words_of(LEVER["seoul_north"], option) for option in ("hard", "engage"))
    when = "In run 4 the scenarios diverge in May 2021"
    assert said == f"{when}: Seoul {hard} in “{one.scenario.name}”, {engage} in “the other”."
    differ = ("tension", "trust", "pact", "economy")
    states = SimpleNamespace(first_divergence=lambda number: Divergence("2021-05", (), differ))
    said = tables.where_runs_part(states, one, other)  # type: ignore[arg-type]
    short = [words(name).short for name in differ]
    assert [name in said for name in short] == [True, True, True, False]
    assert "never" in tables.where_runs_part(SimpleNamespace(first_divergence=lambda number: None), one, other)  # type: ignore[arg-type]


@pytest.mark.parametrize(("cell", "kept"), [
    ("=1+1", False), ("+1", False), ("-1", False), ("@a", False), ("\ta", False), ("a=1", True), ("1", True),
])  # fmt: skip
def test_a_cell_that_a_spreadsheet_would_compute_gets_an_apostrophe(cell: str, kept: bool) -> None:
    frame = pd.DataFrame({"words": [cell, "plain"], cell: [-1.5, 2.0]}, index=[7, 8])
    read = tables.csv(frame).splitlines()
    shown = cell if kept else f"'{cell}"
    assert read == [f"words,{shown}", f"{shown},-1.5", "plain,2.0"] and frame.columns[1] == cell


def test_months_become_a_column_of_text_and_other_tables_stay_as_they_are() -> None:
    frame = pd.DataFrame({"x": [1.0, 2.0]}, index=pd.period_range("2023-12", periods=2, freq="M"))
    assert tables.tidy(frame).to_dict("list") == {"month": ["2023-12", "2024-01"], "x": [1.0, 2.0]}
    assert tables.tidy(frame.reset_index(drop=True)).columns.tolist() == ["x"]


def test_a_choice_of_less_utility_is_put_down_to_ease_or_to_the_draw() -> None:
    assert explanation._decided_by(0.02, -0.03) == ""
    assert "easier" in explanation._decided_by(-0.02, 0.03)
    assert all("random draw" in explanation._decided_by(-0.02, bonus) for bonus in (0.01, 0.0, -0.03))


def test_an_account_names_what_it_rests_on_and_the_draw_where_one_decided() -> None:
    account = explanation.account_of(run(), decision())
    assert {"A2", "C26", "A17"} <= account.sources
    assert "A17" not in replace(account, draw="").sources
