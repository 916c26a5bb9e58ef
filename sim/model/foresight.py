"""How a capital looks ahead: the same step as the world's own, taken in one jump."""

from sim.model.citing import rests_on
from sim.model.drivers import Drivers
from sim.model.moves import Moves
from sim.model.pace import Pace
from sim.model.transition import next_world
from sim.model.world import WORLD_FIELDS, Params, World


@rests_on("A13")
def look_ahead(world: World, moves: Moves, params: Params, outlook: Drivers, pace: Pace) -> World:
    """Return the world that a capital expects at the end of its foresight, if these moves hold.

    Midpoint rule: a first jump gives the end of the way; the second starts again from the present and reads
    the middle of the way for whatever it has not yet produced itself.
    """
    end = next_world(world, world, moves, params, outlook, pace)
    return next_world(world, middle(world, end), moves, params, outlook, pace)


@rests_on("A13")
def middle(one: World, other: World) -> World:
    """Return the world halfway between two."""
    return World(*[0.5 * (getattr(one, name) + getattr(other, name)) for name in WORLD_FIELDS])
