"""What Pyongyang wants."""

from sim.model.citing import rests_on
from sim.model.deeds import tests, treaty_sought
from sim.model.drivers import Drivers
from sim.model.moves import Moves
from sim.model.saturation import blend, goodwill
from sim.model.transition.economy import livelihood, resources
from sim.model.world import Params, World


@rests_on("C35", "C54")
def economy(world: World, moves: Moves, params: Params, outlook: Drivers) -> float:
    """All the help it can get, each further unit worth less."""
    return livelihood(world, params)


@rests_on("C35", "C54")
def economy_linear(world: World, moves: Moves, params: Params, outlook: Drivers) -> float:
    """All the help it can get, each unit worth the same (variant V11: the tangent at the usual resources)."""
    scale = params.resources_par + params.resources_half
    usual = params.resources_par / scale
    slope = params.resources_half / (scale * scale)
    return usual + slope * (resources(world, params) - params.resources_par)


@rests_on("C05", "C45")
def security(world: World, moves: Moves, params: Params, outlook: Drivers) -> float:
    """Its own strategic capability, and little of the allies' build-up against it."""
    return params.security_capability * world.capability + (1.0 - params.security_capability) * (
        1.0 - world.allied_buildup
    )


@rests_on("C55", "A31")
def recognition(world: World, moves: Moves, params: Params, outlook: Drivers) -> float:
    """To be taken as a nuclear state: talks lend standing where relief is trusted in, and cost it where it is not."""
    worth = 2.0 * world.trust - 1.0
    return world.recognition + params.talks_standing * moves.pyongyang_talks * worth * (1.0 - tests(moves))


@rests_on("A3", "A30", "C03", "C47")
def autonomy(world: World, moves: Moves, params: Params, outlook: Drivers) -> float:
    """Not to bow: every step of deference costs more than the last, the more where support falls short.

    To seek a treaty that Moscow will not sign costs face.
    """
    to_beijing = 1.0 + moves.pyongyang_toward_beijing
    to_moscow = 1.0 + moves.pyongyang_toward_moscow
    # both 1 but in variant V15, where the price of bowing follows what the patron holds
    held_by_beijing = blend(params.hedging, world.dependence_on_china, 1.0)
    held_by_moscow = blend(params.hedging, 1.0 - world.dependence_on_china, 1.0)
    # 0 but in variant V16, where Pyongyang resents it that Beijing turns to the West further than it is used to
    affront = max(0.0, moves.beijing_toward_west - world.accustomed_west) * outlook.daring
    return (
        1.0
        - params.deference_beijing * to_beijing * to_beijing / 2.0 * held_by_beijing
        - params.grievance * outlook.shortfall * to_beijing
        - params.affront * affront * to_beijing
        - params.deference_moscow * to_moscow * to_moscow / 2.0 * held_by_moscow
        - params.treaty_rebuff * (1.0 - world.pact) * treaty_sought(moves)
    )


@rests_on("C05")
def patrons(world: World, moves: Moves, params: Params, outlook: Drivers) -> float:
    """Patrons as a layer of security: whether two replace, add to or complete each other is left open."""
    beijing = goodwill(world.warmth_beijing_pyongyang)
    moscow = goodwill(world.warmth_moscow_pyongyang)
    apart = (beijing + moscow) / 2.0
    return apart + params.patrons_together * (beijing * moscow - apart)


@rests_on("A5")
def stock(world: World, moves: Moves, params: Params, outlook: Drivers) -> float:
    """Munitions of its own."""
    return world.munitions_stock


@rests_on("C26")
def quiet(world: World, moves: Moves, params: Params, outlook: Drivers) -> float:
    """No war on the peninsula."""
    return 1.0 - world.tension


GOALS = (economy, security, recognition, autonomy, patrons, stock, quiet)
