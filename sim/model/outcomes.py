"""What is measured of a month: how close Pyongyang is to Beijing, in absolute terms and against Moscow."""

from sim.model.citing import rests_on
from sim.model.saturation import below, blend, goodwill
from sim.model.transition.income import ALMOST_NOTHING, from_china, influence, resources
from sim.model.world import Params, World

__all__ = ["habitual_stance", "influence", "reengagement", "relative_alignment", "resources"]


@rests_on("A20")
def habitual_stance(month: float, before: float, stance: float, params: Params) -> float:
    """Return Pyongyang's stance to Beijing as an exponential average over the past year, from month 0 on."""
    return blend(below(month, 1.0), stance, before + (stance - before) / params.stance_memory)


@rests_on("A20")
def reengagement(world: World, stance: float, params: Params) -> float:
    """Return Pyongyang's re-engagement with Beijing, 0 to 100, free of anything about Moscow.

    Support that comes, warmth and habitual stance: were Moscow in it, it would rise by arithmetic when Moscow
    leaves.
    """
    support = min(from_china(world, params), params.reengagement_support) / params.reengagement_support
    return 100.0 * (
        params.reengagement_share * support
        + params.reengagement_share * goodwill(world.warmth_beijing_pyongyang)
        + (1.0 - 2.0 * params.reengagement_share) * (1.0 + stance) / 2.0
    )


@rests_on("A20")
def relative_alignment(world: World, stance: float, params: Params) -> float:
    """Return how far Pyongyang leans to Beijing rather than Moscow, 0 to 100.

    It rises by arithmetic alone when Moscow leaves.
    """
    china = from_china(world, params)
    moscow = (
        world.russia_flow
        + params.worth_workers_in_russia * world.workers_in_russia
        + params.worth_arms * world.arms_flow
    )
    lean = 0.5 + (world.warmth_beijing_pyongyang - world.warmth_moscow_pyongyang) / 20.0
    return 100.0 * (
        params.reengagement_share * china / max(china + moscow, ALMOST_NOTHING)
        + params.reengagement_share * lean
        + (1.0 - 2.0 * params.reengagement_share) * (1.0 + stance) / 2.0
    )
