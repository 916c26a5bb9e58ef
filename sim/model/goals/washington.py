"""What Washington wants: the article is silent, so all of it is assumption A1.

Its weights need not sum to 1: the rest of its attention lies outside this model.
"""

from sim.model.citing import goal
from sim.model.drivers import Drivers
from sim.model.moves import Moves
from sim.model.saturation import goodwill
from sim.model.world import Params, World


@goal("Little tension on the peninsula.", "A1", "C26")
def threat(world: World, moves: Moves, params: Params, outlook: Drivers) -> float:
    return 1.0 - world.tension


@goal("No growth and no acceptance of the North's arsenal.", "A1")
def nonproliferation(world: World, moves: Moves, params: Params, outlook: Drivers) -> float:
    return 1.0 - 0.5 * world.capability - 0.5 * world.recognition


@goal("Sanctions that bite.", "A1")
def squeeze(world: World, moves: Moves, params: Params, outlook: Drivers) -> float:
    return world.sanctions_pressure


@goal("Workable ties with Beijing.", "A1")
def china(world: World, moves: Moves, params: Params, outlook: Drivers) -> float:
    return goodwill(world.warmth_beijing_washington)


@goal("A strong allied posture.", "A1")
def deterrence(world: World, moves: Moves, params: Params, outlook: Drivers) -> float:
    return world.allied_buildup


@goal("To keep to the line that the administration thinks right; the further it strays, the more that costs.", "A24")
def line(world: World, moves: Moves, params: Params, outlook: Drivers) -> float:
    beijing = moves.washington_toward_beijing - outlook.line_washington_beijing
    sanction = moves.washington_sanction - outlook.line_washington_sanction
    posture = moves.washington_posture - outlook.line_washington_posture
    return 1.0 - 0.5 * (beijing * beijing + sanction * sanction + posture * posture)


GOALS = (threat, nonproliferation, squeeze, china, deterrence, line)
