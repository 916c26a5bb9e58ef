"""How close two capitals are: seven warmths on the Goldstein scale, each drawn to what is done."""

from sim.model.citing import rests_on
from sim.model.deeds import guardian, meetings, nuclear_test, tests
from sim.model.drivers import Drivers
from sim.model.moves import Moves
from sim.model.pace import Pace
from sim.model.saturation import clip, goldstein, goodwill, relax
from sim.model.world import RANGE, Params, World


def _warmth(name: str, before: World, influences: float, noise: float, pace: Pace) -> float:
    """Draw one warmth to the bent sum of its influences, shaken by chance."""
    moved = relax(getattr(before, name), goldstein(influences) + noise, getattr(pace, name))
    return clip(moved, *RANGE[name])


@rests_on("C11", "A4", "A25")
def favour(moves: Moves, params: Params, drivers: Drivers, pace: Pace) -> float:
    """Return what Beijing does for Pyongyang in trade, by visits and for its workers, above or below the usual.

    Where no goods cross the border trade is no favour, and where no delegations do visits are none.
    """
    visits = params.favour_visits * meetings(moves, params, pace)
    crossing = params.favour_trade * (moves.beijing_trade - params.favour_trade_par) + visits
    # one border for both, and what delegations find more open or less: the same bits where there is no difference
    crossed = drivers.border * crossing + (drivers.border_visits - drivers.border) * visits
    return crossed + params.favour_workers * (moves.beijing_workers - params.favour_workers_par)


@rests_on("C31", "C05", "C01", "C06", "C39", "A4", "A28", "A29", "A35")
def warmth_beijing_pyongyang(
    before: World, now: World, moves: Moves, params: Params, drivers: Drivers, pace: Pace, provocation: float
) -> float:
    """Beijing and Pyongyang: favours as far as they are received, and the stances of both."""
    received = 1.0 + params.reception * moves.pyongyang_toward_beijing
    influences = (
        favour(moves, params, drivers, pace) * received
        - params.beijing_pyongyang_leash * moves.beijing_leash * moves.pyongyang_provoke
        + params.beijing_pyongyang_bloc * moves.beijing_bloc
        - params.beijing_pyongyang_west * moves.beijing_toward_west
        + params.beijing_pyongyang_stance * moves.pyongyang_toward_beijing
        - params.beijing_pyongyang_moscow * moves.pyongyang_toward_moscow
        - params.beijing_pyongyang_provocation * provocation
        - params.beijing_pyongyang_nuclear * nuclear_test(moves)
        + params.beijing_pyongyang_base
    )
    return _warmth("warmth_beijing_pyongyang", before, influences, drivers.noise_beijing_pyongyang, pace)


@rests_on("C04", "C06", "A30")
def warmth_moscow_pyongyang(
    before: World, now: World, moves: Moves, params: Params, drivers: Drivers, pace: Pace
) -> float:
    """Moscow and Pyongyang: the deal, cover, work, a treaty; courting is answered as far as Moscow is isolated."""
    influences = (
        params.moscow_pyongyang_pay * moves.deal_pay
        + params.moscow_pyongyang_technology * moves.deal_technology
        + params.moscow_pyongyang_cover * moves.moscow_cover
        + params.moscow_pyongyang_arms * now.arms_flow
        + params.moscow_pyongyang_stance * drivers.isolation * moves.pyongyang_toward_moscow
        + params.moscow_pyongyang_labour * moves.moscow_labour
        + params.moscow_pyongyang_pact * now.pact
        + params.moscow_pyongyang_base
    )
    return _warmth("warmth_moscow_pyongyang", before, influences, drivers.noise_moscow_pyongyang, pace)


@rests_on("C20", "A27")
def warmth_beijing_moscow(
    before: World, now: World, moves: Moves, params: Params, drivers: Drivers, pace: Pace
) -> float:
    """Beijing and Moscow: drawn together by isolation and by Washington, apart where Moscow arms the North."""
    influences = (
        params.beijing_moscow_base
        + params.beijing_moscow_isolation * drivers.isolation
        + params.beijing_moscow_threat * (1.0 - goodwill(now.warmth_beijing_washington))
        + params.beijing_moscow_bloc * moves.beijing_bloc
        - params.beijing_moscow_technology * moves.deal_technology
    )
    return _warmth("warmth_beijing_moscow", before, influences, drivers.noise_beijing_moscow, pace)


@rests_on("C36", "C39", "A9", "A25")
def taint(now: World, moves: Moves, params: Params, pace: Pace) -> float:
    """Return what the arms trade costs Beijing in Washington and Seoul unless it keeps its distance."""
    closeness = 2.0 + moves.beijing_bloc + meetings(moves, params, pace) - moves.beijing_toward_west
    return params.taint * now.arms_flow * closeness / 2.0


@rests_on("A25")
def embrace(moves: Moves, params: Params, pace: Pace) -> float:
    """Return what a meeting with Pyongyang's leader costs Beijing in the West, the more while Pyongyang tests."""
    return params.visits_cost * meetings(moves, params, pace) * (1.0 + tests(moves))


@rests_on("C36", "C38", "C39", "A9", "A26", "A28")
def warmth_beijing_washington(
    before: World, now: World, moves: Moves, params: Params, drivers: Drivers, pace: Pace
) -> float:
    """Beijing and Washington: rivalry, both lines, conduct over the North, the state of the peninsula, and Seoul."""
    heard = 1.0 - params.rivalry_deafness * drivers.rivalry
    influences = (
        params.beijing_washington_base
        - params.beijing_washington_rivalry * drivers.rivalry
        + params.beijing_washington_west * moves.beijing_toward_west * heard
        + params.beijing_washington_line * moves.washington_toward_beijing
        - params.beijing_washington_bloc * moves.beijing_bloc
        - params.beijing_washington_trade * (moves.beijing_trade - 1.0) * drivers.border
        - params.beijing_washington_workers * (moves.beijing_workers - 0.5)
        - params.beijing_washington_tension * now.tension
        - params.beijing_washington_buildup * now.allied_buildup
        + params.leash_credit * guardian(moves)
        + drivers.spillover * now.warmth_beijing_seoul / 10.0
        - embrace(moves, params, pace)
        - taint(now, moves, params, pace)
    )
    return _warmth("warmth_beijing_washington", before, influences, drivers.noise_beijing_washington, pace)


@rests_on("C37", "C39", "A9", "A28")
def warmth_beijing_seoul(
    before: World, now: World, moves: Moves, params: Params, drivers: Drivers, pace: Pace
) -> float:
    """Beijing and Seoul: both lines, the bloc, and whether Beijing holds the North back."""
    influences = (
        params.beijing_seoul_base
        + params.beijing_seoul_west * moves.beijing_toward_west
        + params.beijing_seoul_line * moves.seoul_toward_beijing
        - params.beijing_seoul_bloc * moves.beijing_bloc
        - params.beijing_seoul_tension * now.tension
        - params.beijing_seoul_buildup * now.allied_buildup
        + params.leash_credit * guardian(moves)
        - embrace(moves, params, pace)
        - taint(now, moves, params, pace)
    )
    return _warmth("warmth_beijing_seoul", before, influences, drivers.noise_beijing_seoul, pace)


@rests_on("A1", "A11")
def warmth_washington_pyongyang(
    before: World, now: World, moves: Moves, params: Params, drivers: Drivers, pace: Pace, provocation: float
) -> float:
    """Washington and Pyongyang: talks count as far as sanctions are not being tightened."""
    influences = (
        params.washington_pyongyang_base
        + params.washington_pyongyang_talks * moves.pyongyang_talks * (1.0 - moves.washington_sanction) / 2.0
        - params.washington_pyongyang_sanction * moves.washington_sanction
        - params.washington_pyongyang_posture * moves.washington_posture
        - params.washington_pyongyang_provocation * provocation
    )
    return _warmth("warmth_washington_pyongyang", before, influences, drivers.noise_washington_pyongyang, pace)


@rests_on("A2", "A4")
def warmth_seoul_pyongyang(
    before: World, now: World, moves: Moves, params: Params, drivers: Drivers, pace: Pace, provocation: float
) -> float:
    """Seoul and Pyongyang: talks, and engagement as far as talks answer it, against threats and arms sales."""
    influences = (
        params.seoul_pyongyang_base
        + params.seoul_pyongyang_talks * moves.pyongyang_talks
        + params.seoul_pyongyang_north * min(moves.seoul_north, moves.pyongyang_talks)
        - params.seoul_pyongyang_provocation * provocation
        - params.seoul_pyongyang_arms * now.arms_flow
    )
    return _warmth("warmth_seoul_pyongyang", before, influences, drivers.noise_seoul_pyongyang, pace)
