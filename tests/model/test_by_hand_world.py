"""Months worked by hand: the arithmetic of the specification, number by number, beside what the program makes of it.

Every number below is typed from the specification, none is read from the registers or worked out by a rule, so that a
changed coefficient, sign or order shows. Symbols are the specification's: c is the flow from China, A the arms flow,
wck the warmth of Beijing and Pyongyang, z the threat that is felt.
"""

from dataclasses import asdict, replace
from math import sqrt
from types import SimpleNamespace

import pytest

from sim.engine.mesa.agents import Peninsula
from sim.model import outcomes
from sim.model.drivers import DRIVERS, Drivers
from sim.model.foresight import look_ahead
from sim.model.moves import LEVER, Moves
from sim.model.pace import pace_over
from sim.model.transition import expectations, next_world
from sim.model.world import World
from sim.scenario import load

EXACT = 1e-12

# One option away from the middle on every lever, so that every term of every equation counts.
PULLED = {
    "beijing_trade": "generous", "beijing_workers": "keep", "beijing_leash": "restrain", "beijing_bloc": "observe",
    "beijing_visits": "leader", "beijing_toward_west": "court",
    "deal_arms": "half", "deal_pay": "good", "deal_technology": "air defence",
    "moscow_labour": "full", "moscow_cover": "veto", "pyongyang_toward_beijing": "cool",
    "pyongyang_toward_moscow": "treaty", "pyongyang_provoke": "missile", "pyongyang_talks": "probe",
    "washington_sanction": "tighten", "washington_posture": "raise", "washington_toward_beijing": "engage",
    "seoul_north": "hard", "seoul_toward_beijing": "court",
}  # fmt: skip


def bent(x: float) -> float:
    """T of the specification."""
    return 10 * x / sqrt(16 + x * x)


def squeezed(x: float) -> float:
    """Sigma of the specification."""
    return (1 + x / sqrt(4 + x * x)) / 2


def test_january_and_february_2019_with_every_lever_pulled() -> None:
    """The Mesa engine under a script, without chance (A21): peace, borders open, isolation 0.15, sanctions 0.9,
    rivalry 0.6."""
    script = [
        {"capital": LEVER[field].capital, "lever": LEVER[field].name, "option": option,
         "from": "2019-01", "to": "2019-02"}
        for field, option in PULLED.items()
    ]  # fmt: skip
    world = Peninsula(load("baseline").with_(moves=script, without=["A21"]), seed=0)

    # --- January. Goods and delegations cross as they did.
    # From: c .95, lc 1, lr .3, r .02, A 0, stk 1, Y .925, D .9, w 3 1 5 -2 1 0 1.5, K .5, Th .25, B .45,
    # Rc .35, S .65, pact 0, trust .8, X .95. A time constant of 2 months moves a stock half the way in a month.
    tests = (0.67 - 0.33) / 0.67  # a missile is about half as grave as a nuclear test
    credit = 1 * 0.67  # there is as much to restrain as Pyongyang provokes
    embrace = 0.8 * 1 * (1 + tests)
    c1 = 0.95 + (1 * 1.3 * (1 + 0.14 * (13 / 20 - 0.98)) - 0.95) / 2
    lc1 = 1 + (1 - 1) / 4
    lr1 = 0.3 + 0.018  # a sixth of the way to 1 would be .117: no more can come
    r1 = 0.02 + (1 * 1 * 0.46 * 0.67 * (0.41 + 0.59 * 0) - 0.02) / 3  # January's arms come only after January's goods
    arms1 = 0 + (1 * 0.5 * 1 / 1.15 - 0) / 2
    stk1 = 1 + 0.010 * (1 - 1) * (1 + 2 * arms1) - 0.042 * arms1
    res1 = c1 + 0.2 * lc1 + r1 + 0.1 * lr1 + 0.15 * arms1 + 0.24 * (1 - 0.65)
    y1 = 0.925 + (0.926 + 0.15 * (res1 / (res1 + 0.95) - 1.3 / (1.3 + 0.95)) - 0.925) / 2.8
    d1 = 0.9 + ((c1 + 0.2 * lc1) / res1 - 0.9) / 3
    pact1 = 0.15 * arms1 * 1  # sought in full, signed as far as Moscow is cut off and arms come
    z1 = 0.67 * (1 - 0.5 * sqrt(d1 * 13 / 20) * 1)  # influence as it stands before January's warmth is worked out
    favour = 1 * (1.07 * (1.3 - 0.86) + 0.67 * 1) + 1.8 * (1 - 0.46)
    wck1 = 3 + (
        bent(favour * (1 + 0.25 * -0.3) - 0.4 * 1 * 0.67 + 0.54 * 0.5 - 0.54 * 1 + 1.6 * -0.3 - 0.55 * 1 - 0.25 * z1
             - 4 * 0 - 0.047) - 3
    ) / 6  # fmt: skip
    wrk1 = (
        1
        + (
            bent(0.51 * 0.67 + 0.6 * 0.33 + 0.42 * 1 + 0.72 * arms1 + 3.4 * 0.15 * 1 + 0.31 * 1 + 0.13 * pact1 + 0.25)
            - 1
        )
        / 6
    )
    wcr1 = 5 + (bent(1.7 + 0.82 * 0.15 + 0.84 * (1 - 8 / 20) + 0.71 * 0.5 - 0.6 * 0.33) - 5) / 9
    taint1 = 0.37 * arms1 * (2 + 0.5 + 1 - 1) / 2
    wcu1 = -2 + (
        bent(0.38 - 1.0 * 0.6 + 1.35 * 1 * (1 - 0.68 * 0.6) + 1.5 * 1 - 2.7 * 0.5 - 0.53 * 0.3 * 1 - 0.4 * 0.5
             - 0.67 * 0.25 - 0.45 * 0.45 + 0.54 * credit + 0.34 * 0.5 * 1 / 10 - embrace - taint1) + 2
    ) / 9  # fmt: skip
    wcs1 = (
        1
        + (bent(0.34 + 0.78 * 1 + 1.2 * 1 - 2.1 * 0.5 - 1.2 * 0.25 - 0.4 * 0.45 + 0.54 * credit - embrace - taint1) - 1)
        / 9
    )
    wuk1 = 0 + (bent(-1.5 + 1.9 * 0.5 * (1 - 1) / 2 - 1.0 * 1 - 0.6 * 1 - 2.15 * z1) - 0) / 9
    wsk1 = 1.5 + (bent(-1.3 + 1.5 * 0.5 + 1.3 * -1 - 2 * z1 - 1.0 * arms1) - 1.5) / 9
    k1 = 0.5 + (0.054 * tests + 0.012 * 0.33 * 1 + 0.0012) * (1 - 0.5)
    th1 = 0.25 + (squeezed(4.5 * (0.37 * z1 + 0.35 * k1 + 0.04 * arms1 - 0.25 * (wuk1 + 10) / 20 - 0.2)) - 0.25) / 4
    b1 = 0.45 + (squeezed(4 * (0.62 * th1 + 0.25 * 1 + 0.11 * arms1 - 0.1 * -1 - 0.25)) - 0.45) / 9
    rc1 = 0.35 + (squeezed(5.8 * (0.5 * k1 + 0.15 * 1 + 0.15 * (wrk1 + 10) / 20 + 0.10 * 0.5 - 0.5)) - 0.35) / 12
    s1 = 0.65 + (0.9 * (0.75 + 0.21 * 1) * (1 - 0.3 * (1 + 1) / 2) - 0.65) / 6  # the veto lets no test be answered
    trust1 = 0.8 + 0.17 * 0.5 * (0 - 0.8)  # probing brought no relief
    x1 = 0.95 + 0.25 * (c1 - 0.95)
    usual = 0.2 * 1 + 0.1 * 0.3 + 0.3 * 0.02 + 0.24 * (1 - 0.65)  # what it could pay with in January 2019
    m1 = 0 + (0.2 * lc1 + 0.1 * lr1 + 0.15 * arms1 + 0.3 * r1 + 0.24 * (1 - 0.65) - usual) / 9
    used1 = 0 + (1 - 0) / 12  # Pyongyang gets used to Beijing's courting of the West

    world.step()
    assert list(asdict(world.world).values()) == pytest.approx(
        [c1, lc1, lr1, r1, arms1, stk1, y1, d1, wck1, wrk1, wcr1, wcu1, wcs1, wuk1, wsk1,
         k1, th1, b1, rc1, s1, pact1, trust1, x1, m1, 0, used1], abs=EXACT
    )  # fmt: skip

    # --- February, the same moves.
    c2 = c1 + (1.3 * (1 + 0.14 * ((wck1 + 10) / 20 - 0.98)) - c1) / 2
    lc2 = lc1 + (1 - lc1) / 4
    lr2 = lr1 + 0.018
    r2 = r1 + (0.46 * 0.67 * (0.41 + 0.59 * arms1) - r1) / 3
    arms2 = arms1 + (0.5 * stk1 / (stk1 + 0.15) - arms1) / 2
    stk2 = stk1 + 0.010 * (1 - stk1) * (1 + 2 * arms2) - 0.042 * arms2
    res2 = c2 + 0.2 * lc2 + r2 + 0.1 * lr2 + 0.15 * arms2 + 0.24 * (1 - s1)
    y2 = y1 + (0.926 + 0.15 * (res2 / (res2 + 0.95) - 1.3 / 2.25) - y1) / 2.8
    d2 = d1 + ((c2 + 0.2 * lc2) / res2 - d1) / 3
    pact2 = 0.15 * arms2
    z2 = 0.67 * (1 - 0.5 * sqrt(d2 * (wck1 + 10) / 20))
    wck2 = wck1 + (bent(favour * 0.925 - 0.268 + 0.27 - 0.54 - 0.48 - 0.55 - 0.25 * z2 - 0.047) - wck1) / 6
    wrk2 = wrk1 + (bent(0.3417 + 0.198 + 0.42 + 0.72 * arms2 + 0.51 + 0.31 + 0.13 * pact2 + 0.25) - wrk1) / 6
    wcr2 = wcr1 + (bent(1.7 + 0.123 + 0.84 * (1 - (wcu1 + 10) / 20) + 0.355 - 0.198) - wcr1) / 9
    taint2 = 0.37 * arms2 * 1.25
    wcu2 = wcu1 + (
        bent(0.38 - 0.6 + 1.35 * 0.592 + 1.5 - 1.35 - 0.159 - 0.2 - 0.67 * th1 - 0.45 * b1 + 0.54 * credit
             + 0.17 * wcs1 / 10 - embrace - taint2) - wcu1
    ) / 9  # fmt: skip
    wcs2 = wcs1 + (bent(0.34 + 0.78 + 1.2 - 1.05 - 1.2 * th1 - 0.4 * b1 + 0.54 * credit - embrace - taint2) - wcs1) / 9
    wuk2 = wuk1 + (bent(-1.5 - 1.0 - 0.6 - 2.15 * z2) - wuk1) / 9
    wsk2 = wsk1 + (bent(-1.3 + 0.75 - 1.3 - 2 * z2 - arms2) - wsk1) / 9
    k2 = k1 + (0.054 * tests + 0.00396 + 0.0012) * (1 - k1)
    th2 = th1 + (squeezed(4.5 * (0.37 * z2 + 0.35 * k2 + 0.04 * arms2 - 0.25 * (wuk2 + 10) / 20 - 0.2)) - th1) / 4
    b2 = b1 + (squeezed(4 * (0.62 * th2 + 0.25 + 0.11 * arms2 + 0.1 - 0.25)) - b1) / 9
    rc2 = rc1 + (squeezed(5.8 * (0.5 * k2 + 0.15 + 0.15 * (wrk2 + 10) / 20 + 0.05 - 0.5)) - rc1) / 12
    s2 = s1 + (0.9 * 0.96 * 0.7 - s1) / 6
    trust2 = trust1 * (1 - 0.17 * 0.5)
    x2 = x1 + 0.25 * (c2 - x1)
    m2 = m1 + (0.2 * lc2 + 0.1 * lr2 + 0.15 * arms2 + 0.3 * r2 + 0.24 * (1 - s1) - usual - m1) / 9
    used2 = used1 + (1 - used1) / 12

    world.step()
    assert list(asdict(world.world).values()) == pytest.approx(
        [c2, lc2, lr2, r2, arms2, stk2, y2, d2, wck2, wrk2, wcr2, wcu2, wcs2, wuk2, wsk2,
         k2, th2, b2, rc2, s2, pact2, trust2, x2, m2, 0, used2], abs=EXACT
    )  # fmt: skip


# A world far from that of 2019, and drivers that all say something.
WORLD = World(
    china_flow=0.5, workers_in_china=0.4, workers_in_russia=0.6, russia_flow=0.2, arms_flow=0.8, munitions_stock=0.5,
    economy=0.9, dependence_on_china=0.6, warmth_beijing_pyongyang=-2.0, warmth_moscow_pyongyang=6.0,
    warmth_beijing_moscow=4.0, warmth_beijing_washington=1.0, warmth_beijing_seoul=2.0,
    warmth_washington_pyongyang=-4.0, warmth_seoul_pyongyang=-3.0,
    capability=0.6, tension=0.5, allied_buildup=0.7, recognition=0.4, sanctions_pressure=0.55,
    pact=0.3, trust=0.6, expected_support=0.8, means=0.1, capacity=0.02, accustomed_west=0.4,
)  # fmt: skip
MOVES = Moves(
    beijing_trade=0.7, beijing_workers=0.0, beijing_leash=-1.0, beijing_bloc=1.0, beijing_visits=1.0,
    beijing_toward_west=-1.0, deal_arms=1.0, deal_pay=1.0, deal_technology=0.67, moscow_labour=0.5, moscow_cover=-1.0,
    pyongyang_toward_beijing=-1.0, pyongyang_toward_moscow=0.6, pyongyang_provoke=1.0, pyongyang_talks=0.5,
    washington_sanction=-1.0, washington_posture=-1.0, washington_toward_beijing=-1.0, seoul_north=1.0,
    seoul_toward_beijing=-1.0,
)  # fmt: skip
CRISIS = Drivers(**{
    **dict.fromkeys(DRIVERS, 1.0), "border": 0.6, "border_visits": 0.8, "border_russia": 0.9, "need": 0.9,
    "isolation": 1.0,
    "need_for_us": 1.1, "sanctions_nominal": 0.9, "flood": 1.0, "crisis": 1.0, "keep": 0.75, "shortfall": 0.02,
    "spillover": 0.2, "rivalry": 0.9, "line_washington_beijing": -0.5, "line_washington_sanction": 0.2,
    "line_washington_posture": 0.6, "line_seoul_north": -0.6, "line_seoul_beijing": -0.4,
    "noise_beijing_pyongyang": 0.1, "noise_moscow_pyongyang": -0.2, "noise_beijing_moscow": 0.3,
    "noise_beijing_washington": -0.4, "noise_beijing_seoul": 0.5, "noise_washington_pyongyang": -0.6,
    "noise_seoul_pyongyang": 0.7,
})  # fmt: skip


def test_two_months_of_war_flood_crisis_and_chance(params) -> None:
    """Pyongyang sells arms, slights Beijing and tests a nuclear arm, which the UN answers, for Moscow does not veto;
    Beijing joins the bloc, offers a meeting, cools to the West and eggs Pyongyang on."""
    month = pace_over(params, 1.0)

    # --- The first month.
    c1 = 0.5 + (0.6 * 0.7 * (1 + 0.14 * (8 / 20 - 0.98)) - 0.5) / 2
    lc1 = 0.4 + (0 - 0.4) / 4
    lr1 = 0.6 + (0.9 * 0.5 - 0.6) / 6
    r1 = 0.2 + (0.9 * 0.75 * 0.46 * 1 * (0.41 + 0.59 * 0.8) - 0.2) / 3  # of Moscow's deliveries, 0.75 are kept
    arms1 = 0.8 + (0.9 * 1 * 0.5 / 0.65 - 0.8) / 2
    stk1 = 0.5 + 0.010 * (1 - 0.5) * (1 + 2 * arms1) - 0.042 * arms1
    res1 = c1 + 0.2 * lc1 + r1 + 0.1 * lr1 + 0.15 * arms1 + 0.24 * (1 - 0.55)
    y1 = 0.9 + (0.926 + 0.15 * (res1 / (res1 + 0.95) - 1.3 / 2.25) - 0.035 + 0.02 - 0.9) / 2.8
    d1 = 0.6 + ((c1 + 0.2 * lc1) / res1 - 0.6) / 3
    pact1 = 0.3  # courting seeks no treaty; what is signed stays
    z1 = 1 * (1 + 0.5 * sqrt(d1 * 8 / 20)) + 1  # the leash of -1 eggs on; the crisis comes on top
    favour = 0.6 * 1.07 * (0.7 - 0.86) + 0.8 * 0.67 * 1 + 1.8 * (0 - 0.46)  # more delegations cross than goods
    wck1 = -2 + (
        bent(favour * (1 - 0.25) + 0.4 * 1 + 0.54 * 1 + 0.54 * 1 - 1.6 - 0.55 * 0.6 - 0.25 * z1 - 4 * 1 - 0.047)
        + 0.1 + 2
    ) / 6  # fmt: skip
    wrk1 = (
        6
        + (
            bent(0.51 * 1 + 0.6 * 0.67 - 0.42 + 0.72 * arms1 + 3.4 * 1 * 0.6 + 0.31 * 0.5 + 0.13 * pact1 + 0.25)
            - 0.2
            - 6
        )
        / 6
    )
    wcr1 = 4 + (bent(1.7 + 0.82 * 1 + 0.84 * (1 - 11 / 20) + 0.71 - 0.6 * 0.67) + 0.3 - 4) / 9
    taint1 = 0.37 * arms1 * (2 + 1 + 1 + 1) / 2
    embrace = 0.8 * 1 * (1 + 1)
    wcu1 = 1 + (
        bent(0.38 - 1.0 * 0.9 - 1.35 * (1 - 0.68 * 0.9) - 1.5 - 2.7 - 0.53 * (0.7 - 1) * 0.6 - 0.4 * (0 - 0.5)
             - 0.67 * 0.5 - 0.45 * 0.7 - 0.54 + 0.2 * 2 / 10 - embrace - taint1) - 0.4 - 1
    ) / 9  # fmt: skip
    wcs1 = 2 + (bent(0.34 - 0.78 - 1.2 - 2.1 - 1.2 * 0.5 - 0.4 * 0.7 - 0.54 - embrace - taint1) + 0.5 - 2) / 9
    wuk1 = -4 + (bent(-1.5 + 1.9 * 0.5 * (1 + 1) / 2 + 1.0 + 0.6 - 2.15 * z1) - 0.6 + 4) / 9
    wsk1 = -3 + (bent(-1.3 + 1.5 * 0.5 + 1.3 * 0.5 - 2 * z1 - 1.0 * arms1) + 0.7 + 3) / 9  # half answered
    k1 = 0.6 + (0.054 * 1 + 0.012 * 0.67 * 0.75 + 0.0012) * (1 - 0.6)
    th1 = 0.5 + (squeezed(4.5 * (0.37 * z1 + 0.35 * k1 + 0.04 * arms1 - 0.25 * (wuk1 + 10) / 20 - 0.2)) - 0.5) / 4
    b1 = 0.7 + (squeezed(4 * (0.62 * th1 - 0.25 + 0.11 * arms1 - 0.1 - 0.25)) - 0.7) / 9
    rc1 = 0.4 + (squeezed(5.8 * (0.5 * k1 - 0.15 + 0.15 * (wrk1 + 10) / 20 + 0.10 - 0.5 * 1 - 0.5)) - 0.4) / 12
    s1 = 0.55 + (0.9 * (0.75 - 0.21 + 1.2 * 1) * 1 - 0.55) / 6
    trust1 = 0.6 + 0.17 * 0.5 * (1 - 0.6)  # sanctions are eased: talks bring relief
    x1 = 0.8 + 0.25 * (c1 - 0.8)
    usual = 0.2 * 1 + 0.1 * 0.3 + 0.3 * 0.02 + 0.24 * (1 - 0.65)
    m1 = 0.1 + (0.2 * lc1 + 0.1 * lr1 + 0.15 * arms1 + 0.3 * r1 + 0.24 * (1 - 0.55) - usual - 0.1) / 9
    used1 = 0.4 + (-1 - 0.4) / 12

    one = expectations(next_world(WORLD, WORLD, MOVES, params, CRISIS, month), MOVES, params)
    assert list(asdict(one).values()) == pytest.approx(
        [c1, lc1, lr1, r1, arms1, stk1, y1, d1, wck1, wrk1, wcr1, wcu1, wcs1, wuk1, wsk1,
         k1, th1, b1, rc1, s1, pact1, trust1, x1, m1, 0.02, used1], abs=EXACT
    )  # fmt: skip

    # --- The second month: the flood is over, and so is the crisis; all else as before. What they touched:
    after = replace(CRISIS, flood=0.0, crisis=0.0)
    c2 = c1 + (0.42 * (1 + 0.14 * ((wck1 + 10) / 20 - 0.98)) - c1) / 2
    lc2 = lc1 * 3 / 4
    lr2 = lr1 + (0.45 - lr1) / 6
    r2 = r1 + (0.9 * 0.75 * 0.46 * (0.41 + 0.59 * arms1) - r1) / 3
    arms2 = arms1 + (0.9 * stk1 / (stk1 + 0.15) - arms1) / 2
    res2 = c2 + 0.2 * lc2 + r2 + 0.1 * lr2 + 0.15 * arms2 + 0.24 * (1 - s1)
    y2 = y1 + (0.926 + 0.15 * (res2 / (res2 + 0.95) - 1.3 / 2.25) + 0.02 - y1) / 2.8
    d2 = d1 + ((c2 + 0.2 * lc2) / res2 - d1) / 3
    z2 = 1 + 0.5 * sqrt(d2 * (wck1 + 10) / 20)
    wuk2 = wuk1 + (bent(-1.5 + 0.95 + 1.0 + 0.6 - 2.15 * z2) - 0.6 - wuk1) / 9
    k2 = k1 + (0.054 + 0.012 * 0.67 * 0.75 + 0.0012) * (1 - k1)
    th2 = th1 + (squeezed(4.5 * (0.37 * z2 + 0.35 * k2 + 0.04 * arms2 - 0.25 * (wuk2 + 10) / 20 - 0.2)) - th1) / 4

    two = next_world(one, one, MOVES, params, after, month)
    assert [two.economy, two.dependence_on_china, two.warmth_washington_pyongyang, two.tension] == pytest.approx(
        [y2, d2, wuk2, th2], abs=EXACT
    )


def test_a_treaty_that_was_signed_outlasts_the_arms(params) -> None:
    """Signed as far as Moscow is cut off (.7) and arms come (.8 + (.9 x .5 / .65 - .8) / 2 of them)."""
    seeking, month = replace(MOVES, pyongyang_toward_moscow=1.0), pace_over(params, 1.0)
    arms = 0.8 + (0.9 * 0.5 / 0.65 - 0.8) / 2
    signed = next_world(WORLD, WORLD, seeking, params, replace(CRISIS, isolation=0.7), month)
    assert signed.pact == pytest.approx(0.7 * arms, abs=EXACT)
    later = next_world(signed, signed, replace(seeking, deal_arms=0.0), params, replace(CRISIS, isolation=0.0), month)
    assert later.pact == signed.pact


def test_no_more_workers_come_to_russia_than_can(params) -> None:
    """.018 in a month, .036 in a jump of two."""
    month = pace_over(params, 1.0)
    wanted = replace(MOVES, moscow_labour=1.0)
    assert next_world(WORLD, WORLD, wanted, params, CRISIS, month).workers_in_russia == pytest.approx(0.618, abs=EXACT)
    ahead = look_ahead(WORLD, wanted, params, CRISIS, pace_over(params, 2.0))
    assert ahead.workers_in_russia == pytest.approx(0.636, abs=EXACT)


def test_where_all_goodwill_is_gone_trade_ends_and_does_not_turn_round(params) -> None:
    """With theta 2, goodwill of nought makes 1 + 2 x (0 - .98), below nought: what flows runs out by half a month."""
    hostile = replace(WORLD, warmth_beijing_pyongyang=-10.0)
    touchy = SimpleNamespace(**{**vars(params), "goodwill_trade": 2.0})
    month = next_world(hostile, hostile, MOVES, touchy, CRISIS, pace_over(touchy, 1.0))
    assert month.china_flow == pytest.approx(0.5 / 2, abs=EXACT)


def test_what_is_measured_of_a_month(params) -> None:
    """Resources, influence, re-engagement and relative alignment of the world above; habitual stances of two months."""
    china, moscow = 0.5 + 0.2 * 0.4, 0.2 + 0.1 * 0.6 + 0.15 * 0.8
    assert outcomes.resources(WORLD, params) == pytest.approx(china + moscow + 0.24 * (1 - 0.55), abs=EXACT)
    assert outcomes.influence(WORLD, params) == pytest.approx(sqrt(0.6 * 8 / 20), abs=EXACT)

    first = outcomes.habitual_stance(0.0, 0.7, 0.3, params)  # what came before the first month does not count
    second = outcomes.habitual_stance(1.0, first, -1.0, params)
    assert (first, second) == pytest.approx((0.3, 0.3 + (-1 - 0.3) / 12), abs=EXACT)

    close = 100 * (0.4 * china / 1.2 + 0.4 * 8 / 20 + 0.2 * (1 + second) / 2)
    assert outcomes.reengagement(WORLD, second, params) == pytest.approx(close, abs=1e-10)
    rather = 100 * (0.4 * china / (china + moscow) + 0.4 * (0.5 + (-2 - 6) / 20) + 0.2 * (1 + second) / 2)
    assert outcomes.relative_alignment(WORLD, second, params) == pytest.approx(rather, abs=1e-10)

    rich = replace(WORLD, china_flow=1.5)  # more than full support counts as full
    assert outcomes.reengagement(rich, 1.0, params) == pytest.approx(100 * (0.4 + 0.4 * 8 / 20 + 0.2), abs=1e-10)
