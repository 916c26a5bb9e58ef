"""What Washington wants: the article is silent, so all of it is assumption A1.

Its weights need not sum to 1: the rest of its attention lies outside this model.
"""

from sim.model.citing import rests_on
from sim.model.drivers import Drivers
from sim.model.moves import Moves
from sim.model.saturation import goodwill
from sim.model.world import Params, World


@rests_on("A1", "C26")
def threat(world: World, moves: Moves, params: Params, outlook: Drivers) -> float:
    """Little tension on the peninsula."""
    return 1.0 - world.tension


@rests_on("A1")
def nonproliferation(world: World, moves: Moves, params: Params, outlook: Drivers) -> float:
    """No growth and no acceptance of the North's arsenal."""
    return 1.0 - 0.5 * world.capability - 0.5 * world.recognition


@rests_on("A1")
def squeeze(world: World, moves: Moves, params: Params, outlook: Drivers) -> float:
    """Sanctions that bite."""
    return world.sanctions_pressure


@rests_on("A1")
def china(world: World, moves: Moves, params: Params, outlook: Drivers) -> float:
    """Workable ties with Beijing, on a line not too far from the one it thinks right."""
    off_line = moves.washington_toward_beijing + params.washington_ideal
    return 0.5 * goodwill(world.warmth_beijing_washington) + params.washington_line_cost * (
        1.0 - off_line * off_line / 2.0
    )


@rests_on("A1")
def deterrence(world: World, moves: Moves, params: Params, outlook: Drivers) -> float:
    """A strong allied posture."""
    return world.allied_buildup


@rests_on("A1")
def cost(world: World, moves: Moves, params: Params, outlook: Drivers) -> float:
    """The price of forces and of sanctions."""
    return (
        1.0
        - params.washington_posture_cost * (1.0 + moves.washington_posture) / 2.0
        - params.washington_sanction_cost * (1.0 + moves.washington_sanction) / 2.0
    )


GOALS = (threat, nonproliferation, squeeze, china, deterrence, cost)
