"""Why, chronicle, consequence, answer: what is said is what was traced."""

import re
from dataclasses import replace

import numpy as np
import pytest

from sim import api
from sim.analysis.consequences import KEPT, most_consequential
from sim.engine.experiment import Experiment
from sim.engine.sets import HAND_SET
from sim.model import months
from sim.model.capitals import CAPITALS
from sim.model.moves import LEVER, LEVERS
from sim.registers.register import assumptions, claims
from sim.report.text import answer, chronicle, doubt, explanation
from sim.report.text.at_work import assumed_share, goals_at_work
from sim.report.text.chronicle import chronicle_of, years
from sim.report.text.turning_points import main_turns, turns, words_of


def test_why_gives_the_numbers_of_the_trace(run):
    for decision in run.decisions[:: len(run.decisions) // 40]:
        account = explanation.account_of(run, decision)
        taken, rival = decision.options[decision.chosen], decision.options[decision.runner_up]
        said = {clause.text.split(":")[0]: clause.number for clause in account.clauses if clause.sources != ("A7",)}
        for goal, weight, mine, other in zip(decision.goals, decision.weights, taken.terms, rival.terms, strict=True):
            assert said.pop(goal.replace("_", " "), 0.0) == weight * (mine - other)
        assert not said  # the goals account for all of the margin
        assert f"{taken.utility:.4f}" in account.against and f"{rival.utility:.4f}" in account.against
        assert LEVER[decision.lever].options[decision.runner_up].label in account.against
        certain = "almost certain" in account.chance  # then nothing hung on the draw
        assert decision.label in account.did and (certain or f"{decision.draw:.4f}" in account.draw)


def test_the_draw_that_would_have_tipped_a_choice_belongs_to_the_runner_up(run):
    decision = run.decisions[300]
    account = explanation.account_of(run, decision)
    low, high = map(float, re.search(r"[Dd]raws between (\S+) and (\S+) ", account.tips[0]).groups())
    assert high - low == pytest.approx(decision.options[decision.runner_up].chance, abs=2e-4)
    assert not low <= decision.draw < high


def test_the_weight_that_would_have_tipped_a_choice_makes_both_equally_good(run):
    bonus, tipped = run.scenario.values()["inertia"], 0
    for decision in run.decisions[::25]:
        for tip in explanation.account_of(run, decision).tips:
            if weighed := re.search(r"given “(\w+)” a weight \w+ ([\d.]+)", tip):
                goal, weight = weighed[1], float(weighed[2])
                weights = dict(zip(decision.goals, decision.weights, strict=True)) | {goal: weight}
                values = [
                    np.dot([*weights.values()], decision.options[place].terms) + bonus * (place == decision.last)
                    for place in (decision.chosen, decision.runner_up)
                ]
                assert values[0] == pytest.approx(values[1], abs=1e-4)
                now = [
                    np.dot(decision.weights, decision.options[place].terms) + bonus * (place == decision.last)
                    for place in (decision.chosen, decision.runner_up)
                ]
                assert ("would have been more likely than the option taken" in tip) == (now[0] > now[1])
                assert (" below " in tip) == (weight < dict(zip(decision.goals, decision.weights, strict=True))[goal])
                tipped += 1
    assert tipped > 5


def test_the_deal_is_told_from_both_sides(run):
    deal = next(deal for deal in run.deals if deal.chosen)
    taken = deal.bundles[deal.chosen]
    for capital, surplus in (("Moscow", taken.surplus_moscow), ("Pyongyang", taken.surplus_pyongyang)):
        account = explanation.account_of_deal(run, deal, capital)
        gains = {clause.text: clause.number for clause in account.clauses if "gain over" in clause.text}
        assert gains[f"{capital}'s gain over no exchange"] == surplus
        goals = [clause.number for clause in account.clauses if "gain over" not in clause.text]
        assert sum(goals) == pytest.approx(surplus, abs=1e-9)
        assert explanation.terms(taken) in account.did


def test_why_covers_every_lever_of_a_capital(run):
    for capital in CAPITALS:
        for month in (3, 65, 100):
            accounts = explanation.accounts(run, capital, month)
            left = explanation.levers_not_weighed(run, capital, month)
            deal = any(account.title == "the arms deal" for account in accounts)
            its = {capital, "deal"} if capital in explanation.SIDES else {capital}
            assert len(accounts) + len(left) + (2 if deal else 0) == sum(
                lever.capital in its for lever in LEVER.values()
            )


def test_every_clause_cites_something_that_is_in_the_registers(run):
    for capital in CAPITALS:
        for account in explanation.accounts(run, capital, 66):
            for clause in account.clauses:
                assert clause.sources and set(clause.sources) <= set(claims()) | set(assumptions())


def test_why_says_it_in_one_text(run):
    reasons = run.why("pyongyang", "2024-06")
    assert reasons.startswith("Why Pyongyang did what it did in June 2024")
    assert "ncalibrated" in reasons and "would have led to" in reasons and "[A3, A30, C03, C47]" in reasons


def test_scripted_levers_are_called_scripted():
    run = api.run("three-way-bloc", seed=1)
    left = explanation.levers_not_weighed(run, "Beijing", months.index("2026-01"))
    assert any("the scenario scripts it" in line for line in left)


@pytest.mark.parametrize(
    ("capital", "month", "said"),
    [
        ("Pyongang", "2024-06", "did you mean Pyongyang"),
        ("Tokyo", "2024-06", "none of the five capitals"),
        ("Seoul", "2040-01", "the nearest is 2032-12"),
        ("Seoul", "June", "write it as YYYY-MM"),
    ],
)
def test_a_wrong_question_gets_a_helpful_answer(run, capital, month, said):
    with pytest.raises(ValueError, match=said):
        run.why(capital, month)


@pytest.mark.parametrize("variant", ["V1", "V6", "V11"])
def test_why_works_in_rival_readings(variant):
    run = api.run(api.load("hindcast").with_(variant=variant), seed=2)
    for capital in CAPITALS:
        assert "Utility" in run.why(capital, "2023-06") or "Not under review" in run.why(capital, "2023-06")
    for decision in run.decisions[::200]:
        clauses = [clause for clause in explanation.account_of(run, decision).clauses if clause.sources != ("A7",)]
        assert sum(clause.number for clause in clauses) == pytest.approx(decision.margin, abs=1e-9)


def test_only_what_has_a_part_in_this_world_is_cited(run):
    def cited(goal, capital, **changes):
        return explanation.purpose(replace(run, scenario=run.scenario.with_(**changes)), capital, goal)[1]

    assert cited("cost", "Beijing") == ("A16",)
    assert cited("cost", "Beijing", variant="V7") == ("A16", "A23")
    assert "A3" in cited("autonomy", "Pyongyang") and "A3" not in cited("autonomy", "Pyongyang", without=["A3"])


def test_the_chronicle_tells_what_happened(run):
    text = chronicle_of(run)
    assert "the war ends in January 2025" in text and run.scenario.question in text and "ncalibrated" in text
    for turn in turns(run):
        assert turn.text in text or turn.kind == "flood"
    assert text.count("\n## ") == 14


def test_a_year_is_a_sentence_of_what_is_new_in_it_and_floods_are_no_turning_points_of_it(run):
    before = {lever.field: "" for lever in LEVERS}
    for year in years(run):
        moves = run.moves.loc[str(year.year)]
        commonest = {field: moves[field].value_counts() for field in before}
        lasting = {field: counts.iloc[0] >= 12 * chronicle.LASTING for field, counts in commonest.items()}
        usual = {field: counts.index[0] if lasting[field] else "" for field, counts in commonest.items()}
        new = [field for field, option in usual.items() if option not in ("", before[field]) and "deal" not in field]
        assert year.summary.count(".") == 1
        assert year.summary.startswith("New this year: ") or not new or year.year == 2019
        if year.summary.startswith("New this year: "):
            for capital in CAPITALS:
                done = [words_of(LEVER[field], usual[field]) for field in new if LEVER[field].capital == capital]
                assert all(said in year.summary for said in chronicle._merge(done))
        before |= {field: option for field, option in usual.items() if option}
        assert "flood" not in {turn.kind for turn in year.turns}


def test_the_main_turning_points_are_few_and_the_war_is_always_among_them(run):
    few = main_turns(run, 3)
    assert len(few) == 3 and list(few) == sorted(few)
    assert {turn.text for turn in turns(run) if turn.kind == "war"} <= {turn.text for turn in few}


def test_turning_points_are_in_the_moves(run):
    month_of = {turn.text: turn.month for turn in turns(run)}
    first = next(month for text, month in month_of.items() if text.startswith("the first arms"))
    sold = run.moves["deal_arms"] != "none"
    assert sold.iloc[first] and not sold.iloc[:first].any()
    assert month_of["the war ends"] == run.war_end


def test_a_consequence_is_the_difference_that_keeping_the_old_option_makes(run):
    consequences = most_consequential(run)
    when = [consequence.decision.month for consequence in consequences]
    assert len(when) == 5 and when == sorted(when)
    consequence = next(consequence for consequence in consequences if hasattr(consequence.decision, "lever"))
    lever, first = LEVER[consequence.decision.lever], consequence.decision.month
    old = lever.options[consequence.decision.last].name
    last = min(first + KEPT, run.scenario.horizon) - 1
    script = {"capital": lever.capital, "lever": lever.name, "option": old}
    script |= {"from": months.name(first), "to": months.name(last)}
    kept = Experiment(run.scenario.with_(moves=[script]), seed=run.seed).ensemble().array("reengagement")[0]
    gap = run.series["reengagement"].to_numpy() - kept
    assert consequence.effect == pytest.approx(gap[first : first + 24].mean(), abs=1e-9)
    assert run.moves[lever.field].iloc[first - consequence.stood : first].eq(old).all()


def test_the_answer_has_the_effect_and_its_doubt(many, pair):
    effect = api.Pair(many, many.control).effect()
    said = answer.answer_of_run(many, many.control)
    assert f"{abs(effect.mean):.1f} points" in said
    assert f"{effect.interval[0]:+.1f} to" in answer.interval(many, many.control)
    assert "so the interval covers both" in doubt.at_length(many)
    assert "so the interval is " in doubt.at_length(api.ensemble("war-ends-any-time", 4, seed=5))
    assert "hand-set default" in doubt.at_length(replace(many, experiment=many.experiment.replace(sets=HAND_SET)))
    assert "does not end" in answer.answer_of_run(pair.other, pair.other.control)
    assert "24 months after the war's end" in answer.answer_of_pair(pair)


def test_a_pair_of_the_same_world_differs_by_nothing_at_all(many):
    assert answer.answer_of_pair(api.Pair(many, many)).startswith("None at all")


def test_the_goals_of_a_capital_share_out_its_choices(run):
    shares = goals_at_work(run)
    for capital in CAPITALS:
        assert sum(goal.share for goal in shares if goal.capital == capital) == pytest.approx(1.0)
    washington = [goal for goal in shares if goal.capital == "Washington"]
    assert any(goal.assumed for goal in washington)
    assert 0.0 < assumed_share(run, shares) < 1.0


# --- The war's first and last month, from both sides of a run's months


def test_an_end_in_the_last_month_is_told_and_one_after_it_is_not(run):
    horizon = run.scenario.horizon
    last, later, never = (replace(run, war_end=end) for end in (horizon - 1, horizon, None))
    ended = [turn for turn in turns(last) if turn.kind == "war"]
    assert ended[-1].month == horizon - 1 and chronicle.war(last).startswith("the war ends in ")
    for world in (later, never):
        assert [turn.month for turn in turns(world) if turn.kind == "war"] == [run.scenario.war_start]
        assert chronicle.war(world) == "the war does not end"


def test_a_war_that_begins_before_the_months_that_are_told_is_no_turning_point(run):
    begins = months.name(run.scenario.war_start)
    after = months.name(run.scenario.war_start + 1)
    for first, shown in ((begins, True), (after, False)):
        world = api.run(run.scenario.with_(months={"from": first}), seed=run.seed)
        assert ("Moscow's war begins" in [turn.text for turn in turns(world)]) == shown


def test_how_long_moscows_need_lasts_is_weighed_from_the_first_month_of_war(run):
    def weighed(month: int) -> bool:
        decision = next(decision for decision in run.decisions if decision.month == month)
        return explanation._belief(decision, run) is not None

    assert not weighed(run.scenario.war_start - 1) and weighed(run.scenario.war_start)
