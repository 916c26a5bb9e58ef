"""What Moscow wants."""

from sim.model.citing import goal
from sim.model.drivers import Drivers
from sim.model.moves import Moves
from sim.model.saturation import goodwill
from sim.model.world import Params, World


@goal("Arms from Pyongyang for what its war needs; they are worth nothing once it needs none.", "C06", "C43", "C56")
def war(world: World, moves: Moves, params: Params, outlook: Drivers) -> float:
    return 1.0 - outlook.need * (1.0 - params.moscow_arms_help * world.arms_flow)


@goal(
    "To give away as little money, goods, technology and work as possible; buying arms takes effort, too.",
    "C04",
    "A6",
    "A16",
)
def cost(world: World, moves: Moves, params: Params, outlook: Drivers) -> float:
    paid_for = params.moscow_pay_floor + (1.0 - params.moscow_pay_floor) * world.arms_flow
    return (
        1.0
        - params.moscow_pay_cost * moves.deal_pay * paid_for
        - params.moscow_technology_cost * moves.deal_technology
        - params.moscow_arms_cost * moves.deal_arms
        - params.moscow_labour_cost * moves.moscow_labour * moves.moscow_labour
    )


@goal("Workers for its farms and building sites; they matter more the more isolated it is.", "C43", "C59")
def labour(world: World, moves: Moves, params: Params, outlook: Drivers) -> float:
    return outlook.isolation * world.workers_in_russia


@goal("A partner who stands by it; this matters more the more isolated it is.", "C06", "C58")
def partner(world: World, moves: Moves, params: Params, outlook: Drivers) -> float:
    return outlook.isolation * goodwill(world.warmth_moscow_pyongyang)


@goal("Good ties with Beijing.", "C20")
def china(world: World, moves: Moves, params: Params, outlook: Drivers) -> float:
    return goodwill(world.warmth_beijing_moscow)


@goal(
    "To keep its most sensitive technology, and to defy the UN only as far as its own isolation calls for.",
    "A6",
    "C46",
)
def red_line(world: World, moves: Moves, params: Params, outlook: Drivers) -> float:
    square = moves.deal_technology * moves.deal_technology
    off_line = moves.moscow_cover - outlook.isolation
    return 1.0 - params.red_line_technology * square * square - params.red_line_cover * off_line * off_line


GOALS = (war, cost, labour, partner, china, red_line)
