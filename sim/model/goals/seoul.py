"""What Seoul wants: the article is silent, so all of it is assumption A2."""

from sim.model.citing import goal
from sim.model.drivers import Drivers
from sim.model.moves import Moves
from sim.model.saturation import goodwill
from sim.model.world import Params, World


@goal("Little tension on the peninsula.", "A2", "C26")
def threat(world: World, moves: Moves, params: Params, outlook: Drivers) -> float:
    return 1.0 - world.tension


@goal("Good ties with Beijing.", "A2")
def china(world: World, moves: Moves, params: Params, outlook: Drivers) -> float:
    return goodwill(world.warmth_beijing_seoul)


@goal("A strong allied posture.", "A2")
def deterrence(world: World, moves: Moves, params: Params, outlook: Drivers) -> float:
    return world.allied_buildup


@goal("Good ties with the North.", "A2")
def north(world: World, moves: Moves, params: Params, outlook: Drivers) -> float:
    return goodwill(world.warmth_seoul_pyongyang)


@goal("To keep to the line that the government thinks right; the further it strays, the more that costs.", "A24")
def line(world: World, moves: Moves, params: Params, outlook: Drivers) -> float:
    on_north = moves.seoul_north - outlook.line_seoul_north
    on_beijing = moves.seoul_toward_beijing - outlook.line_seoul_beijing
    return 1.0 - 0.5 * (on_north * on_north + on_beijing * on_beijing)


GOALS = (threat, china, deterrence, north, line)
