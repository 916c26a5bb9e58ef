"""Goods, workers and arms that cross the North's borders.

Every rule has the same form: ``before`` is the world at the start of the step, ``now`` holds what the rules
before it have just produced (and what was known for the rest), and the new value is returned.
"""

from sim.model.citing import rests_on
from sim.model.drivers import Drivers
from sim.model.moves import Moves
from sim.model.pace import Pace
from sim.model.saturation import clip, goodwill, relax
from sim.model.world import RANGE, Params, World


@rests_on("C11", "A8", "A38")
def china_flow(before: World, now: World, moves: Moves, params: Params, drivers: Drivers, pace: Pace) -> float:
    """Trade and aid from China: what Beijing allows, through an open border, swollen by goodwill and by means."""
    eased = max(0.0, 1.0 + params.goodwill_trade * (goodwill(now.warmth_beijing_pyongyang) - params.goodwill_par))
    # 1 but in variant V17, where imports follow what the North can pay with
    afforded = max(0.0, 1.0 + params.import_income * now.means / params.means_par)
    target = drivers.border * moves.beijing_trade * eased * afforded
    return clip(relax(before.china_flow, target, pace.china_flow), *RANGE["china_flow"])


@rests_on("C11")
def workers_in_china(before: World, now: World, moves: Moves, params: Params, drivers: Drivers, pace: Pace) -> float:
    """North Korean workers in China follow Beijing's line."""
    moved = relax(before.workers_in_china, moves.beijing_workers, pace.workers_in_china)
    return clip(moved, *RANGE["workers_in_china"])


@rests_on("C43", "C59", "A15")
def workers_in_russia(before: World, now: World, moves: Moves, params: Params, drivers: Drivers, pace: Pace) -> float:
    """North Korean workers in Russia follow Moscow's demand, through an open border, no faster than they can come."""
    moved = relax(before.workers_in_russia, drivers.border_russia * moves.moscow_labour, pace.workers_in_russia)
    most = before.workers_in_russia + pace.months * params.workers_arriving
    return clip(min(moved, most), *RANGE["workers_in_russia"])


@rests_on("C04")
def russia_flow(before: World, now: World, moves: Moves, params: Params, drivers: Drivers, pace: Pace) -> float:
    """Goods from Russia: payment, mostly for the arms that have come."""
    for_arms = params.payment_floor + (1.0 - params.payment_floor) * now.arms_flow
    target = drivers.border_russia * drivers.keep * params.payment_goods * moves.deal_pay * for_arms
    return clip(relax(before.russia_flow, target, pace.russia_flow), *RANGE["russia_flow"])


@rests_on("C04", "A5")
def arms_flow(before: World, now: World, moves: Moves, params: Params, drivers: Drivers, pace: Pace) -> float:
    """Arms to Russia: what the deal says, as far as the stock gives it."""
    available = now.munitions_stock / (now.munitions_stock + params.stock_half)
    target = drivers.border_russia * moves.deal_arms * available
    return clip(relax(before.arms_flow, target, pace.arms_flow), *RANGE["arms_flow"])


@rests_on("A5", "A32")
def munitions_stock(before: World, now: World, moves: Moves, params: Params, drivers: Drivers, pace: Pace) -> float:
    """The stock of munitions: refilled slowly, faster where orders are paid, and drained by what is delivered."""
    drained = params.stock_drain * now.arms_flow
    added = munitions_made(now, params) - drained
    return clip(before.munitions_stock + pace.months * added, *RANGE["munitions_stock"])


@rests_on("A5", "A32")
def munitions_made(world: World, params: Params) -> float:
    """Return the munitions made anew in a month: a share of what is missing, more where orders are paid."""
    return params.stock_refill * (1.0 - world.munitions_stock) * (1.0 + params.stock_orders * world.arms_flow)
