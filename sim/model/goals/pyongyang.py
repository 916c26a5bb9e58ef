"""What Pyongyang wants."""

from sim.model.citing import goal
from sim.model.deeds import tests, treaty_sought
from sim.model.drivers import Drivers
from sim.model.moves import Moves
from sim.model.saturation import blend, goodwill
from sim.model.transition.economy import livelihood, resources
from sim.model.world import Params, World


@goal("All the help it can get; each further unit is worth less.", "C35", "C54")
def economy(world: World, moves: Moves, params: Params, outlook: Drivers) -> float:
    return livelihood(world, params)


@goal(
    "All the help it can get; each unit is worth the same (variant V11: the tangent at the usual resources).",
    "C35",
    "C54",
)
def economy_linear(world: World, moves: Moves, params: Params, outlook: Drivers) -> float:
    scale = params.resources_par + params.resources_half
    usual = params.resources_par / scale
    slope = params.resources_half / (scale * scale)
    return usual + slope * (resources(world, params) - params.resources_par)


@goal("Strategic arms of its own, and little build-up of the allies against it.", "C05", "C45")
def security(world: World, moves: Moves, params: Params, outlook: Drivers) -> float:
    return params.security_capability * world.capability + (1.0 - params.security_capability) * (
        1.0 - world.allied_buildup
    )


@goal(
    "To be accepted as a nuclear state; talks help if it trusts that relief will follow, and hurt if it does not.",
    "C55",
    "A31",
)
def recognition(world: World, moves: Moves, params: Params, outlook: Drivers) -> float:
    worth = 2.0 * world.trust - 1.0
    return world.recognition + params.talks_standing * moves.pyongyang_talks * worth * (1.0 - tests(moves))


@goal(
    "Not to bow: each step of deference costs more than the last, and more still when support falls short.",
    "A3",
    "A30",
    "C03",
    "C47",
    note="To seek a treaty that Moscow will not sign costs face.",
)
def autonomy(world: World, moves: Moves, params: Params, outlook: Drivers) -> float:
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


@goal(
    "Patrons who protect it; the article leaves open whether a second one replaces the first, adds to it or makes it "
    "more valuable.",
    "C05",
)
def patrons(world: World, moves: Moves, params: Params, outlook: Drivers) -> float:
    beijing = goodwill(world.warmth_beijing_pyongyang)
    moscow = goodwill(world.warmth_moscow_pyongyang)
    apart = (beijing + moscow) / 2.0
    return apart + params.patrons_together * (beijing * moscow - apart)


@goal("Munitions of its own.", "A5")
def stock(world: World, moves: Moves, params: Params, outlook: Drivers) -> float:
    return world.munitions_stock


@goal("No war on the peninsula.", "C26")
def quiet(world: World, moves: Moves, params: Params, outlook: Drivers) -> float:
    return 1.0 - world.tension


GOALS = (economy, security, recognition, autonomy, patrons, stock, quiet)
