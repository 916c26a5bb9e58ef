"""What Seoul wants: the article is silent, so all of it is assumption A2."""

from sim.model.citing import rests_on
from sim.model.drivers import Drivers
from sim.model.moves import Moves
from sim.model.saturation import goodwill
from sim.model.world import Params, World


@rests_on("A2", "C26")
def threat(world: World, moves: Moves, params: Params, outlook: Drivers) -> float:
    """Little tension on the peninsula."""
    return 1.0 - world.tension


@rests_on("A2")
def china(world: World, moves: Moves, params: Params, outlook: Drivers) -> float:
    """Good ties with Beijing."""
    return goodwill(world.warmth_beijing_seoul)


@rests_on("A2")
def deterrence(world: World, moves: Moves, params: Params, outlook: Drivers) -> float:
    """A strong allied posture."""
    return world.allied_buildup


@rests_on("A2")
def north(world: World, moves: Moves, params: Params, outlook: Drivers) -> float:
    """Good ties with the North."""
    return goodwill(world.warmth_seoul_pyongyang)


@rests_on("A24")
def line(world: World, moves: Moves, params: Params, outlook: Drivers) -> float:
    """The line that the government holds right; to leave it costs the more the further it goes."""
    on_north = moves.seoul_north - outlook.line_seoul_north
    on_beijing = moves.seoul_toward_beijing - outlook.line_seoul_beijing
    return 1.0 - 0.5 * (on_north * on_north + on_beijing * on_beijing)


GOALS = (threat, china, deterrence, north, line)
