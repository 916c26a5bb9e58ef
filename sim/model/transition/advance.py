"""The order of a step: flows, economy and dependence, pact, warmth, security; once a month, what was learnt."""

from dataclasses import replace

from sim.model.citing import rests_on
from sim.model.drivers import Drivers
from sim.model.moves import Moves
from sim.model.pace import Pace
from sim.model.saturation import clip, relax
from sim.model.transition import economy, flows, security, warmth
from sim.model.world import RANGE, Params, World, copy_world


@rests_on("A13")
def next_world(before: World, known: World, moves: Moves, params: Params, drivers: Drivers, pace: Pace) -> World:
    """Return the world after one step of ``pace.months`` months.

    The step is semi-implicit: a rule reads what the rules before it have just produced, and ``known`` for the
    rest, so that a move shows in its own month. In a month of the real world ``known`` is ``before``; a capital
    that looks ahead passes the middle of the way instead (see :mod:`sim.model.foresight`).
    """
    now = copy_world(known)
    step = (moves, params, drivers, pace)

    now.china_flow = flows.china_flow(before, now, *step)
    now.workers_in_china = flows.workers_in_china(before, now, *step)
    now.workers_in_russia = flows.workers_in_russia(before, now, *step)
    now.russia_flow = flows.russia_flow(before, now, *step)
    now.arms_flow = flows.arms_flow(before, now, *step)
    now.munitions_stock = flows.munitions_stock(before, now, *step)

    now.means = economy.means(before, now, *step)
    now.capacity = economy.capacity(before, now, *step)
    now.economy = economy.economy(before, now, *step)
    now.dependence_on_china = economy.dependence_on_china(before, now, *step)

    now.pact = security.pact(before, now, *step)
    threat = security.provocation(now, moves, params, drivers)
    now.warmth_beijing_pyongyang = warmth.warmth_beijing_pyongyang(before, now, *step, threat)
    now.warmth_moscow_pyongyang = warmth.warmth_moscow_pyongyang(before, now, *step)
    now.warmth_beijing_moscow = warmth.warmth_beijing_moscow(before, now, *step)
    now.warmth_beijing_washington = warmth.warmth_beijing_washington(before, now, *step)
    now.warmth_beijing_seoul = warmth.warmth_beijing_seoul(before, now, *step)
    now.warmth_washington_pyongyang = warmth.warmth_washington_pyongyang(before, now, *step, threat)
    now.warmth_seoul_pyongyang = warmth.warmth_seoul_pyongyang(before, now, *step, threat)

    now.capability = security.capability(before, now, *step)
    now.tension = security.tension(before, now, *step, threat)
    now.allied_buildup = security.allied_buildup(before, now, *step)
    now.recognition = security.recognition(before, now, *step)
    now.sanctions_pressure = security.sanctions_pressure(before, now, *step)
    return now


@rests_on("C03", "A12", "A31", "A41")
def expectations(world: World, moves: Moves, params: Params) -> World:
    """Return the world after Pyongyang has learnt from the month, as it does once a month and never in a projection.

    Expected support follows what came. Trust follows what talks with Washington brought: relief, or none. What Beijing
    does toward the West becomes what Pyongyang is used to.
    """
    support = relax(world.expected_support, world.china_flow, params.expectation_level)
    relief = max(0.0, -moves.washington_sanction)
    trust = relax(world.trust, relief, params.trust_pace * moves.pyongyang_talks)
    accustomed = relax(world.accustomed_west, moves.beijing_toward_west, 1.0 / params.affront_months)
    return replace(
        world,
        expected_support=clip(support, *RANGE["expected_support"]),
        trust=clip(trust, *RANGE["trust"]),
        accustomed_west=clip(accustomed, *RANGE["accustomed_west"]),
    )
