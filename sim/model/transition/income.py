"""What the North lives on, how its economy follows, and how much of it hangs on China."""

from math import sqrt

from sim.model.citing import rests_on
from sim.model.drivers import Drivers
from sim.model.moves import Moves
from sim.model.pace import Pace
from sim.model.saturation import blend, clip, goodwill, relax
from sim.model.world import RANGE, Params, World

ALMOST_NOTHING = 1e-9


@rests_on("C11", "C04", "C59", "A15")
def resources(world: World, params: Params) -> float:
    """Return all outside resources of the North, in the unit of china_flow."""
    return (
        from_china(world, params)
        + world.russia_flow
        + params.worth_workers_in_russia * world.workers_in_russia
        + params.worth_arms * world.arms_flow
        + params.illicit_income * (1.0 - world.sanctions_pressure)
    )


@rests_on("C11")
def from_china(world: World, params: Params) -> float:
    """Return what comes from China: trade and aid, and the wages of workers there."""
    return world.china_flow + params.worth_workers_in_china * world.workers_in_china


@rests_on("C11", "C35")
def livelihood(world: World, params: Params) -> float:
    """Return how well the North can live on its resources, from 0 to 1, each further unit worth less."""
    income = resources(world, params)
    return income / (income + params.resources_half)


@rests_on("C11", "C50")
def economy(before: World, now: World, moves: Moves, params: Params, drivers: Drivers, pace: Pace) -> float:
    """Real GDP: drawn toward what resources allow, set back by floods."""
    usual = params.resources_par / (params.resources_par + params.resources_half)
    target = (
        params.economy_par
        + params.economy_gain * (livelihood(now, params) - usual)
        - params.flood_loss * drivers.flood
    )
    return clip(relax(before.economy, target, pace.economy), *RANGE["economy"])


@rests_on("C11", "C33")
def dependence_on_china(
    before: World, now: World, moves: Moves, params: Params, drivers: Drivers, pace: Pace
) -> float:
    """China's share of all outside support, as it is felt: with some delay."""
    share = from_china(now, params) / max(resources(now, params), ALMOST_NOTHING)
    return clip(relax(before.dependence_on_china, share, pace.dependence_on_china), *RANGE["dependence_on_china"])


@rests_on("C29", "C33", "A36")
def influence(world: World, params: Params) -> float:
    """Return Beijing's hold over Pyongyang: it needs dependence, and goodwill besides."""
    heeded = blend(params.influence_goodwill, goodwill(world.warmth_beijing_pyongyang), 1.0)
    return sqrt(world.dependence_on_china * heeded)
