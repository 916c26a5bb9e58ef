"""Threats, arms, tension, the allies' answer, recognition, sanctions and treaties."""

from sim.model.citing import rests_on
from sim.model.deeds import condemnation, tests, treaty_sought
from sim.model.drivers import Drivers
from sim.model.moves import Moves
from sim.model.pace import Pace
from sim.model.saturation import clip, goodwill, relax, sigmoid
from sim.model.transition.economy import influence
from sim.model.world import RANGE, Params, World


@rests_on("C30", "C31")
def provocation(now: World, moves: Moves, params: Params, drivers: Drivers) -> float:
    """Return the threat that is felt: what Pyongyang does, as far as Beijing's leash and influence let it."""
    leashed = params.leash_hold * influence(now, params) * moves.beijing_leash
    return moves.pyongyang_provoke * (1.0 - leashed) + drivers.crisis


@rests_on("C45", "C46", "A29")
def capability(before: World, now: World, moves: Moves, params: Params, drivers: Drivers, pace: Pace) -> float:
    """Strategic capability: built by tests, by Moscow's technology and by the North's own work."""
    gained = (
        params.capability_tests * tests(moves)
        + params.capability_technology * moves.deal_technology * drivers.keep
        + params.capability_own
    )
    return clip(before.capability + pace.months * gained * (1.0 - now.capability), *RANGE["capability"])


@rests_on("C26", "C39")
def tension(
    before: World, now: World, moves: Moves, params: Params, drivers: Drivers, pace: Pace, threat: float
) -> float:
    """Tension on the peninsula: threats, capability and arms sales, eased by warmth with Washington."""
    strain = (
        params.tension_provocation * threat
        + params.tension_capability * now.capability
        + params.tension_arms * now.arms_flow
        - params.tension_washington * goodwill(now.warmth_washington_pyongyang)
        - params.tension_threshold
    )
    return clip(relax(before.tension, sigmoid(params.tension_gain * strain), pace.tension), *RANGE["tension"])


@rests_on("C39")
def allied_buildup(before: World, now: World, moves: Moves, params: Params, drivers: Drivers, pace: Pace) -> float:
    """The allies arm as tension, Washington's posture and the arms trade give them reason."""
    reasons = (
        params.buildup_tension * now.tension
        + params.buildup_posture * moves.washington_posture
        + params.buildup_arms * now.arms_flow
        - params.buildup_north * moves.seoul_north
        - params.buildup_threshold
    )
    moved = relax(before.allied_buildup, sigmoid(params.buildup_gain * reasons), pace.allied_buildup)
    return clip(moved, *RANGE["allied_buildup"])


@rests_on("C55", "A29")
def recognition(before: World, now: World, moves: Moves, params: Params, drivers: Drivers, pace: Pace) -> float:
    """De facto recognition: earned by capability and patrons, lost by tests that the UN condemns."""
    standing = (
        params.recognition_capability * now.capability
        + params.recognition_cover * moves.moscow_cover
        + params.recognition_moscow * goodwill(now.warmth_moscow_pyongyang)
        + params.recognition_bloc * moves.beijing_bloc
        - params.recognition_tests * condemnation(moves)
        - params.recognition_threshold
    )
    moved = relax(before.recognition, sigmoid(params.recognition_gain * standing), pace.recognition)
    return clip(moved, *RANGE["recognition"])


@rests_on("C58", "A1", "A29")
def sanctions_pressure(before: World, now: World, moves: Moves, params: Params, drivers: Drivers, pace: Pace) -> float:
    """Effective sanctions on the North: Washington's line and the UN's answer to tests, thinned by Moscow's cover."""
    enforced = (
        params.sanctions_base
        + params.sanctions_washington * moves.washington_sanction
        + params.sanctions_tests * condemnation(moves)
    )
    thinned = 1.0 - params.sanctions_cover * (1.0 + moves.moscow_cover) / 2.0
    target = drivers.sanctions_nominal * enforced * thinned
    return clip(relax(before.sanctions_pressure, target, pace.sanctions_pressure), *RANGE["sanctions_pressure"])


@rests_on("C06", "A30")
def pact(before: World, now: World, moves: Moves, params: Params, drivers: Drivers, pace: Pace) -> float:
    """The treaty of Moscow and Pyongyang: signed as far as Moscow is cut off and the arms trade real, and it stays."""
    signed = drivers.isolation * now.arms_flow * treaty_sought(moves)
    return clip(max(before.pact, signed), *RANGE["pact"])
