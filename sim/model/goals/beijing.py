"""What Beijing wants."""

from sim.model.citing import goal
from sim.model.drivers import Drivers
from sim.model.moves import Moves
from sim.model.saturation import goodwill
from sim.model.transition import economy
from sim.model.world import Params, World


@goal(
    "Better ties with Washington and Seoul, to the extent that its economy needs them; courting them is costly.",
    "C01",
    "C08",
    "C36",
    "C37",
)
def west(world: World, moves: Moves, params: Params, outlook: Drivers) -> float:
    ties = (1.0 - params.beijing_seoul_share) * goodwill(
        world.warmth_beijing_washington
    ) + params.beijing_seoul_share * goodwill(world.warmth_beijing_seoul)
    return outlook.need_for_us * ties - params.beijing_courting_cost * (1.0 + moves.beijing_toward_west) / 2.0


@goal("A hold over Pyongyang.", "C29", "C33", "C61")
def influence(world: World, moves: Moves, params: Params, outlook: Drivers) -> float:
    # In variant V14 Beijing minds that Moscow is the closer of the two; in V20 a meeting of leaders is worth more then.
    outdone = max(0.0, goodwill(world.warmth_moscow_pyongyang) - goodwill(world.warmth_beijing_pyongyang))
    return (
        economy.influence(world, params)
        - params.patron_rivalry * outdone
        + params.visits_rivalry * moves.beijing_visits * outdone
    )


@goal("No collapse of the North and no war on the peninsula.", "C25", "C27", "C26")
def stability(world: World, moves: Moves, params: Params, outlook: Drivers) -> float:
    return 0.5 * economy.livelihood(world, params) + 0.5 * (1.0 - world.tension)


@goal("No build-up of the allies at its door.", "C39")
def calm(world: World, moves: Moves, params: Params, outlook: Drivers) -> float:
    return 1.0 - world.allied_buildup


@goal(
    "To save money and avoid the embarrassment of breaking sanctions; while the border is shut, trade costs nothing.",
    "A16",
    "A23",
)
def cost(world: World, moves: Moves, params: Params, outlook: Drivers) -> float:
    # 1 but in variant V7, where giving to one who slights it is dearer
    unthanked = 1.0 - params.reciprocity * moves.pyongyang_toward_beijing
    return (
        1.0
        - params.beijing_trade_cost * moves.beijing_trade * moves.beijing_trade * unthanked * outlook.border
        - params.beijing_workers_cost * moves.beijing_workers
    )


@goal("Good ties with Moscow.", "C20")
def moscow(world: World, moves: Moves, params: Params, outlook: Drivers) -> float:
    return goodwill(world.warmth_beijing_moscow)


GOALS = (west, influence, stability, calm, cost, moscow)
