"""What a capital believes about the war, and the outlook that follows: the drivers it expects to act."""

from dataclasses import dataclass, replace

from sim.model.citing import rests_on
from sim.model.drivers import NOISES, Drivers, Phase, isolation, need_of_arms, phase, still_restocking
from sim.model.saturation import blend, power
from sim.model.world import Params, World


@dataclass(slots=True)
class Belief:
    """A gamma belief about the monthly chance that the war ends: ``ends`` seen in ``months`` of watching."""

    ends: float
    months: float


@rests_on("C42", "C47")
def first_belief(capital: str, params: Params) -> Belief:
    """Return the belief of January 2019; Pyongyang's confidence makes it expect a longer war."""
    confidence = params.confidence if capital == "Pyongyang" else 1.0
    return Belief(params.hazard_ends, params.hazard_months * confidence)


@rests_on("C42", "A14")
def learn(belief: Belief, during: float, news: float, params: Params) -> Belief:
    """Return the belief after a month: another month of war watched, and news of peace talks weighed."""
    return Belief(belief.ends + during * params.news_weight * news, belief.months + during)


@rests_on("C42", "C47", "C57")
def survival(belief: Belief, at: Phase, months: float, params: Params) -> float:
    """Return the believed share of today's need that is left after that many months.

    In war it is the chance that the war still goes on; after it, what refilling the stores still asks for.
    """
    war_goes_on = power(belief.months / (belief.months + months), belief.ends)
    return at.before + at.during * war_goes_on + at.after * still_restocking(months, params)


@rests_on("C47")
def believed_keep(survives: float, params: Params) -> float:
    """Return the share of Moscow's deliveries that Pyongyang believes will last."""
    return blend(survives, 1.0, params.keep_after)


@rests_on("C03", "C47", "A10", "A40")
def shortfall(world: World, border: float, survives: float, params: Params) -> float:
    """Return the support from China that Pyongyang misses and dares to resent.

    What falls short by less than the tolerance is not noticed (aspiration levels, Simon 1955). It is resented only as
    far as the border would let it through.
    """
    missed = max(0.0, (1.0 - params.tolerance) * world.expected_support - world.china_flow) * border
    return missed * daring(world, survives, params)


@rests_on("C47", "A10")
def daring(world: World, survives: float, params: Params) -> float:
    """Return how far Pyongyang dares to show discontent.

    As far as the gate is shut, only as far as Moscow's custom is real and believed to last.
    """
    return blend(params.grievance_gate, world.arms_flow * survives, 1.0)


@rests_on("C03")
def planned_openness(border: float, params: Params) -> float:
    """Return the openness that Pyongyang plans with: part of what is missing is expected back."""
    return border + params.openness_hope * (1.0 - border)


@rests_on("C03", "C38", "C42", "C47", "C57", "A14")
def outlook(
    capital: str,
    month: float,
    war_start: float,
    war_end: float,
    war_end_seen: float,
    given: object,
    now: Drivers,
    belief: Belief,
    world: World,
    params: Params,
) -> Drivers:
    """Return the drivers that a capital expects over its foresight.

    Nobody foresees scheduled changes, floods, crises or chance. A capital that has not noticed the war's end
    goes on as if it went on: ``war_end_seen`` is the month in which it notices. Once it does, it knows since when
    there is peace: what is left of Moscow's need counts from ``war_end``.
    """
    at = phase(month, war_start, war_end_seen)
    survives = survival(belief, at, params.foresight, params)
    need = need_of_arms(month, war_start, war_end, at, given.alternative_supplier, params)  # type: ignore[attr-defined]
    expected = replace(
        now,
        need=need * survives,
        isolation=isolation(at, params),
        flood=0.0,
        crisis=0.0,
        **dict.fromkeys(NOISES, 0.0),
    )
    if capital == "Pyongyang":
        expected.border = planned_openness(now.border, params)
        expected.border_visits = planned_openness(now.border_visits, params)
        expected.border_russia = planned_openness(now.border_russia, params)
        expected.keep = believed_keep(survives, params)
        expected.shortfall = shortfall(world, now.border, survives, params)
        expected.daring = daring(world, survives, params)
    if capital == "Beijing":
        expected.spillover = params.seoul_spillover
    return expected
