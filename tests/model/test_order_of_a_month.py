"""The order of a month: learn, decide, strike the deal, live on; who knows what when (specification, sections 2 and 7).

The month is lived by the Mesa engine, which keeps what everybody weighed; here it is weighed again, from what they
should have known.
"""

from collections.abc import Iterator
from copy import deepcopy
from dataclasses import replace

import pytest

from sim.engine.mesa.agents import Peninsula
from sim.model import beliefs, outcomes
from sim.model.choice import review_chance
from sim.model.deal import nash
from sim.model.drivers import Drivers, phase
from sim.model.foresight import look_ahead
from sim.model.goals import GOALS, utility, weights
from sim.model.moves import BUNDLES, DEAL, LEVER, LEVERS, Moves
from sim.model.pace import pace_over
from sim.model.transition import advance, expectations
from sim.model.world import World
from sim.scenario import load
from tests.model.weighing import utilities

MONTHS = 48
Month = tuple[Peninsula, World, Moves, float]  # the model after the month, and world, moves and stance before it


@pytest.fixture(scope="module")
def lived() -> list[Month]:
    """Four years, each month with what was there before it."""
    return list(_live())


def _live() -> Iterator[Month]:
    model = Peninsula(load("baseline"), seed=7)
    for _ in range(MONTHS):
        before = (model.world, model.moves, model.stance)
        model.decisions.clear()
        model.deals.clear()
        model.step()
        yield deepcopy(model), *before


def _outlook(model: Peninsula, capital: str) -> Drivers:
    (agent,) = [each for each in model.capitals if each.name == capital]
    return agent.outlook


def test_every_lever_is_weighed_in_last_months_world_with_all_other_moves_as_they_were(lived, params):
    """Neither what others decide this month nor a capital's own other decisions are seen."""
    weighed, due = 0, 0.0
    for model, world, moves, _ in lived:
        due += sum(review_chance(lever, model.drivers.border, params) for lever in LEVERS if lever not in DEAL)
        for decision in model.decisions:
            capital = decision.capital
            own = utilities(capital, LEVER[decision.lever], world, moves, params, _outlook(model, capital))
            assert [option.utility for option in decision.options] == pytest.approx(own, abs=1e-12)
            weighed += 1
    assert weighed == pytest.approx(due, rel=0.15)


def test_the_deal_is_struck_after_this_months_moves_have_been_made(lived, params):
    far, struck = pace_over(params, params.foresight), 0
    for model, world, _, _ in lived:
        for deal in model.deals:
            sides = []
            for capital in ("Moscow", "Pyongyang"):
                outlook = _outlook(model, capital)
                wants = weights(capital, params)
                felt = []
                for arms, pay, technology in BUNDLES:
                    offer = replace(model.moves, deal_arms=arms, deal_pay=pay, deal_technology=technology)
                    ahead = look_ahead(world, offer, params, outlook, far)
                    felt.append(utility([goal(ahead, offer, params, outlook) for goal in GOALS[capital]], wants))
                sides.append(felt)
            moscow, pyongyang = sides
            scores = [
                nash(m, p, moscow[0], pyongyang[0], params.bargaining_moscow)
                for m, p in zip(moscow, pyongyang, strict=True)
            ]
            assert [bundle.score for bundle in deal.bundles] == pytest.approx(scores, abs=1e-9)
            parts = (model.moves.deal_arms, model.moves.deal_pay, model.moves.deal_technology)
            assert parts == BUNDLES[deal.chosen]
            struck += 1
    assert struck > 0.8 * MONTHS


def test_capitals_learn_from_the_month_of_war_before_they_decide_in_it(lived, params):
    months_at_war = 0
    for month, (model, world, _, _) in enumerate(lived):
        months_at_war += month >= 37
        for capital in model.capitals:
            prior = 48 * (2.3 if capital.name == "Pyongyang" else 1.0)
            assert capital.belief.months == pytest.approx(prior + months_at_war)
            at = phase(float(month), 37.0, model.seen[capital.name])
            survives = beliefs.survival(capital.belief, at, params.foresight, params)
            assert capital.survives == survives
            if capital.name == "Pyongyang":
                assert capital.outlook.shortfall == beliefs.shortfall(world, model.drivers.border, survives, params)


def test_the_world_then_moves_on_by_what_was_decided_and_is_measured(lived, params):
    for month, (model, world, _, stance) in enumerate(lived):
        after = advance(world, world, model.moves, params, model.drivers, pace_over(params, 1.0))
        assert model.world == expectations(after, model.moves, params)
        assert model.stance == outcomes.habitual_stance(
            float(month), stance, model.moves.pyongyang_toward_beijing, params
        )
