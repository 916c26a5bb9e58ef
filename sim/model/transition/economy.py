"""What the North lives on, how its economy follows, and how much of it hangs on China."""

from math import sqrt

from sim.model.citing import rests_on
from sim.model.drivers import Drivers
from sim.model.moves import Moves
from sim.model.pace import Pace
from sim.model.saturation import blend, clip, goodwill, relax
from sim.model.transition.flows import munitions_made
from sim.model.world import RANGE, Params, World, start

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


@rests_on("A38")
def earnings(world: World, params: Params) -> float:
    """Return what the North can pay imports with, in the unit of china_flow: wages, arms, goods, illicit income."""
    return (
        params.worth_workers_in_china * world.workers_in_china
        + params.worth_workers_in_russia * world.workers_in_russia
        + params.worth_arms * world.arms_flow
        + params.means_fungible * world.russia_flow
        + params.illicit_income * (1.0 - world.sanctions_pressure)
    )


@rests_on("A38")
def means(before: World, now: World, moves: Moves, params: Params, drivers: Drivers, pace: Pace) -> float:
    """Means of payment above or below those of January 2019 (two-gap models: Chenery and Strout 1966)."""
    return clip(
        relax(before.means, earnings(now, params) - earnings(start(params), params), pace.means), *RANGE["means"]
    )


@rests_on("A42")
def capacity(before: World, now: World, moves: Moves, params: Params, drivers: Drivers, pace: Pace) -> float:
    """Output that can be kept up: it grows while the North lives better than it needs to (Solow 1956)."""
    grown = params.capacity_gain * (livelihood(now, params) - params.capacity_keeps)
    return clip(before.capacity + pace.months * grown, *RANGE["capacity"])


@rests_on("C11", "C50", "A39", "A42")
def economy(before: World, now: World, moves: Moves, params: Params, drivers: Drivers, pace: Pace) -> float:
    """Real GDP: drawn toward what resources allow, set back by floods.

    In variants V18 and V19 capacity and the making of arms add to it; what comes out of the store is no product.
    """
    usual = params.resources_par / (params.resources_par + params.resources_half)
    target = (
        params.economy_par
        + params.economy_gain * (livelihood(now, params) - usual)
        - params.flood_loss * drivers.flood
        + now.capacity
        + params.output_arms * munitions_made(now, params) / max(params.stock_drain, ALMOST_NOTHING)
    )
    return clip(relax(before.economy, target, pace.economy), *RANGE["economy"])


@rests_on("C11", "C33")
def dependence_on_china(before: World, now: World, moves: Moves, params: Params, drivers: Drivers, pace: Pace) -> float:
    """China's share of all outside support, as it is felt: with some delay."""
    share = from_china(now, params) / max(resources(now, params), ALMOST_NOTHING)
    return clip(relax(before.dependence_on_china, share, pace.dependence_on_china), *RANGE["dependence_on_china"])


@rests_on("C29", "C33", "A36")
def influence(world: World, params: Params) -> float:
    """Return Beijing's hold over Pyongyang: it needs dependence, and goodwill besides."""
    heeded = blend(params.influence_goodwill, goodwill(world.warmth_beijing_pyongyang), 1.0)
    return sqrt(world.dependence_on_china * heeded)
