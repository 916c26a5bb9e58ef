"""The trace of a run is complete: from it alone every choice can be checked and made again."""

from functools import cache
from math import fsum
from types import SimpleNamespace

import pytest

from sim.engine import draws
from sim.engine.experiment import Experiment
from sim.engine.mesa.decisions import Decision
from sim.engine.mesa.single_run import Run
from sim.model import choice, deal
from sim.model.capitals import CAPITALS
from sim.model.goals import utility
from sim.model.moves import BUNDLE_WIDTHS, BUNDLES, DEAL, LEVER, LEVERS, decider
from sim.scenario import load

SEED = 12
MOVE = {"capital": "Seoul", "lever": "north", "option": "hard", "from": "2023-10", "to": "2023-12"}
DEAL_MOVE = {"capital": "deal", "lever": "pay", "option": "top", "from": "2024-02", "to": "2024-04"}
WORLDS = ("V0", "V1", "V6", "V10")


@cache
def world(variant: str) -> Run:
    """A world up to August 2024, with a scripted move and a part of the deal scripted."""
    return Experiment(load("hindcast").with_(variant=variant, moves=[MOVE, DEAL_MOVE]), seed=SEED).run(0)


def params(history: Run) -> dict[str, float]:
    return history.scenario.values()


def uniform(month: int, slot: str) -> float:
    return float(draws.uniforms(SEED, 0, month + 1)[draws.SLOT[slot]])


def scripted(history: Run, month: int, lever: str) -> bool:
    return month in history.scenario.scripts().get(lever, {})


def repicked(utilities: list[float], widths: tuple[float, ...], values: tuple[float, ...], last: float, draw: float,
             history: Run) -> tuple[list[float], float]:  # fmt: skip
    numbers = params(history)
    likely = choice.likelihoods(utilities, widths, values, last, numbers["inertia"], numbers["precision"])
    return [share / fsum(likely) for share in likely], choice.pick(likely, values, draw)


@pytest.mark.parametrize("variant", WORLDS)
def test_every_lever_under_review_has_a_decision_and_no_other(variant: str) -> None:
    history = world(variant)
    unilateral = history.scenario.variant.unilateral
    numbers, border = SimpleNamespace(**params(history)), history.scenario.schedule()["border"]
    expected = {
        (month, lever.field)
        for lever in LEVERS
        if lever.capital != "deal" or unilateral
        for month in range(history.scenario.horizon)
        if not scripted(history, month, lever.field)
        and uniform(month, f"review_{lever.field}") < choice.review_chance(lever, border[month], numbers)
    }
    assert {(decision.month, decision.lever) for decision in history.decisions} == expected
    assert len(history.decisions) == len(expected) == len(history.decided)
    assert {decision.capital for decision in history.decisions} == set(CAPITALS)


@pytest.mark.parametrize("variant", WORLDS)
def test_every_deal_under_review_is_kept(variant: str) -> None:
    history = world(variant)
    expected = [
        month
        for month in range(history.scenario.horizon)
        if scripted(history, month, "deal_pay") or uniform(month, "review_deal") < params(history)["review_chance"]
    ]
    assert [settled.month for settled in history.deals] == ([] if history.scenario.variant.unilateral else expected)


@pytest.mark.parametrize("variant", WORLDS)
def test_a_decision_names_goals_whose_weighted_sum_is_the_utility(variant: str) -> None:
    history = world(variant)
    for decision in history.decisions:
        assert decision.capital == decider(LEVER[decision.lever])
        assert len(decision.options) == len(LEVER[decision.lever].options)
        for option in decision.options:
            assert len(option.terms) == len(decision.goals) == len(decision.weights)
            plain = utility(option.terms, decision.weights)
            if params(history)["loss_aversion"] == 1.0:
                assert option.utility == plain
            else:
                assert option.utility <= plain


@pytest.mark.parametrize("variant", WORLDS)
def test_the_draw_makes_every_choice_again(variant: str) -> None:
    history = world(variant)
    for decision in history.decisions:
        lever = LEVER[decision.lever]
        values = tuple(option.value for option in lever.options)
        assert decision.draw == uniform(decision.month, f"choose_{decision.lever}")
        utilities = [option.utility for option in decision.options]
        chances, chosen = repicked(utilities, lever.widths, values, values[decision.last], decision.draw, history)
        assert [option.chance for option in decision.options] == chances
        assert sum(chances) == pytest.approx(1.0, abs=1e-12)
        assert lever.index(chosen) == decision.chosen


@pytest.mark.parametrize("variant", WORLDS)
def test_what_was_chosen_was_done_and_what_was_not_reviewed_stayed(variant: str) -> None:
    history = world(variant)
    for lever in LEVERS:
        done = history.moves[lever.field].tolist()
        for month, option in enumerate(done):
            decision = history.decided.get((month, lever.field))
            if decision is not None and (lever.capital != "deal" or lever.name == "arms"):
                assert option == lever.options[decision.chosen].name
            elif month > 0 and lever.capital != "deal" and not scripted(history, month, lever.field):
                assert option == done[month - 1]
            if decision is not None and month > 0:
                assert lever.options[decision.last].name == done[month - 1]
    assert set(history.moves["seoul_north"].iloc[57:60]) == {"hard"}


@pytest.mark.parametrize("variant", WORLDS)
def test_the_margin_is_to_the_best_option_not_taken(variant: str) -> None:
    for decision in world(variant).decisions:
        utilities = [option.utility for option in decision.options]
        taken = utilities.pop(decision.chosen)
        assert decision.margin == taken - max(utilities)
        assert decision.options[decision.runner_up].utility == max(utilities)
        assert decision.runner_up != decision.chosen


def test_beliefs_are_those_of_the_month() -> None:
    decisions: list[Decision] = list(world("V0").decisions)
    before = [decision for decision in decisions if decision.month < 37]
    assert {decision.survives for decision in before} == {1.0}
    late = {decision.capital: decision for decision in decisions if decision.month >= 60}
    assert late["Pyongyang"].survives > late["Moscow"].survives
    assert late["Moscow"].belief.months > before[0].belief.months


@pytest.mark.parametrize("variant", ["V0", "V6", "V10"])
def test_a_deal_shows_every_bundle_with_both_surpluses_and_is_made_again_by_its_draw(variant: str) -> None:
    history = world(variant)
    assert history.deals
    for settled in history.deals:
        assert [(b.arms, b.pay, b.technology) for b in settled.bundles] == list(BUNDLES)
        nothing = settled.bundles[0]
        for bundle in settled.bundles:
            assert bundle.surplus_moscow == bundle.moscow.utility - nothing.moscow.utility
            assert bundle.surplus_pyongyang == bundle.pyongyang.utility - nothing.pyongyang.utility
        places = tuple(float(place) for place in range(len(BUNDLES)))
        scores = [bundle.score for bundle in settled.bundles]
        chances, chosen = repicked(scores, BUNDLE_WIDTHS, places, float(settled.last), settled.draw, history)
        assert [bundle.chance for bundle in settled.bundles] == chances
        assert sum(chances) == pytest.approx(1.0, abs=1e-12)
        assert chosen == settled.chosen
        taken = {lever.field: value for lever, value in zip(DEAL, BUNDLES[settled.chosen], strict=True)}
        done = {field: history.moves[field].iloc[settled.month] for field in taken}
        assert done == {field: LEVER[field].options[LEVER[field].index(value)].name for field, value in taken.items()}


def test_no_free_deal_leaves_either_side_worse_off_than_no_exchange() -> None:
    history = world("V0")
    free = [settled for settled in history.deals if not scripted(history, settled.month, "deal_pay")]
    assert any(entry.chosen > 0 for entry in free)
    for entry in free:
        assert entry.bundles[entry.chosen].feasible
        assert not entry.imposed
        for bundle in entry.bundles:
            assert bundle.chance == 0.0 or bundle.feasible


def test_a_deal_under_a_script_says_whether_it_was_imposed() -> None:
    under = [settled for settled in world("V0").deals if scripted(world("V0"), settled.month, "deal_pay")]
    assert len(under) == 3
    for settled in under:
        assert settled.imposed == (settled.bundles[settled.chosen].score == deal.IMPOSED)
        assert settled.bundles[settled.chosen].pay == 1.0 or settled.chosen == 0


def test_an_imposed_deal_is_one_that_a_side_would_have_refused() -> None:
    move = {"capital": "deal", "lever": "arms", "option": "full", "from": "2019-01", "to": "2019-06"}
    pay = {"capital": "deal", "lever": "pay", "option": "nothing", "from": "2019-01", "to": "2019-06"}
    history = Experiment(load("hindcast").with_(months={"to": "2019-06"}, moves=[move, pay]), seed=SEED).run(0)
    assert len(history.deals) == 6
    for settled in history.deals:
        assert settled.imposed
        assert not settled.bundles[settled.chosen].feasible
        assert settled.bundles[settled.chosen].arms == 1.0
