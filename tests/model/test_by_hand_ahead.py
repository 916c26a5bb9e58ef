"""A look ahead worked by hand, number by number, as in test_by_hand_world."""

from dataclasses import asdict
from math import sqrt

import pytest

from sim.model.foresight import look_ahead
from sim.model.pace import pace_over
from tests.model.test_by_hand_world import CRISIS, EXACT, MOVES, WORLD, bent, squeezed


def test_two_months_ahead_in_one_jump_by_the_midpoint(third) -> None:
    """Two months leave (1 - 1/tau)^2 of a distance. The second jump starts again from the world as it stands, and
    reads its own new values where it has worked them out, the middle of the first jump where it has not."""

    def part(tau: float) -> float:
        return 1 - (1 - 1 / tau) ** 2

    # The first jump reads the world as it stands.
    c = 0.5 + 0.75 * (0.6 * 0.7 * (1 + 0.14 * (0.4 - 0.98)) - 0.5)
    lc = 0.4 * 0.75**2
    lr = 0.45 + (0.6 - 0.45) * (5 / 6) ** 2
    r = 0.2 + 5 / 9 * (0.9 * 0.75 * 0.46 * (0.41 + 0.59 * 0.8) - 0.2)
    arms = 0.8 + 0.75 * (0.9 * 0.5 / 0.65 - 0.8)
    stk = 0.5 + 2 * (0.010 * 0.5 * (1 + 2 * arms) - 0.042 * arms)
    res = c + 0.2 * lc + r + 0.1 * lr + 0.15 * arms + 0.24 * 0.45
    d = 0.6 + part(3) * ((c + 0.2 * lc) / res - 0.6)
    z = 1 + 0.5 * sqrt(d * 0.4) + 1
    favour = 0.6 * 1.07 * -0.16 + 0.8 * 0.67 * 0.5 - 1.8 * 0.46  # one meeting in two months is half a one a month
    stances = favour * 0.75 + 0.4 + 0.54 + 0.54 - 1.6 - 0.33 - 4 - 0.047  # favour, leash, bloc, west, both, the test
    wck = -2 + part(6) * (bent(stances - 0.25 * z) + 0.1 + 2)
    deal = 0.51 + 0.402 - 0.42 + 3.4 * 0.6 + 0.155 + 0.13 * 0.3 + 0.25  # pay, technology, cover, courting, labour, pact
    wrk = 6 + part(6) * (bent(deal + 0.72 * arms) - 0.2 - 6)
    to_washington = 0.38 - 0.9 - 1.35 * 0.388 - 1.5 - 2.7 + 0.53 * 0.3 * 0.6 + 0.2 - 0.54 - 0.8
    to_seoul = 0.34 - 0.78 - 1.2 - 2.1 - 0.54 - 0.8
    wcu = 1 + part(9) * (bent(to_washington - 0.67 * 0.5 - 0.45 * 0.7 + 0.02 * 2 - 0.37 * arms * 2.25) - 0.4 - 1)
    wcs = 2 + part(9) * (bent(to_seoul - 1.2 * 0.5 - 0.4 * 0.7 - 0.37 * arms * 2.25) + 0.5 - 2)
    talks = -1.5 + 0.95 + 1.0 + 0.6
    wuk = -4 + part(9) * (bent(talks - 2.15 * z) - 0.6 + 4)
    gain = 0.054 + 0.012 * 0.67 * 0.75 + 0.0012
    k = 0.6 + 2 * gain * 0.4
    th = 0.5 + part(4) * (squeezed(4.5 * (0.37 * z + 0.35 * k + 0.04 * arms - 0.25 * (wuk + 10) / 20 - 0.2)) - 0.5)
    b = 0.7 + part(9) * (squeezed(4 * (0.62 * th - 0.25 + 0.11 * arms - 0.1 - 0.25)) - 0.7)
    s = min(0.55 + part(6) * (0.9 * 1.74 - 0.55), 1.0)

    # The middle of the way, where the second jump will ask for it.
    arms_m, stk_m, wck_m, wcs_m, wcu_m = (0.8 + arms) / 2, (0.5 + stk) / 2, (-2 + wck) / 2, (2 + wcs) / 2, (1 + wcu) / 2
    k_m, th_m, b_m, s_m = (0.6 + k) / 2, (0.5 + th) / 2, (0.7 + b) / 2, (0.55 + s) / 2

    # The second jump.
    c = 0.5 + 0.75 * (0.42 * (1 + 0.14 * ((wck_m + 10) / 20 - 0.98)) - 0.5)
    r = 0.2 + 5 / 9 * (0.9 * 0.75 * 0.46 * (0.41 + 0.59 * arms_m) - 0.2)
    arms = 0.8 + 0.75 * (0.9 * stk_m / (stk_m + 0.15) - 0.8)
    stk = 0.5 + 2 * (0.010 * (1 - stk_m) * (1 + 2 * arms) - 0.042 * arms)
    res = c + 0.2 * lc + r + 0.1 * lr + 0.15 * arms + 0.24 * (1 - s_m)
    m = 0.1 + part(9) * (0.2 * lc + 0.1 * lr + 0.15 * arms + 0.3 * r + 0.24 * (1 - s_m) - 0.32 - 0.1)
    y = 0.9 + part(2.8) * (0.926 + 0.15 * (res / (res + 0.95) - 1.3 / 2.25) - 0.035 + 0.02 - 0.9)
    d = 0.6 + part(3) * ((c + 0.2 * lc) / res - 0.6)
    z = 1 + 0.5 * sqrt(d * (wck_m + 10) / 20) + 1
    wck = -2 + part(6) * (bent(stances - 0.25 * z) + 0.1 + 2)
    wrk = 6 + part(6) * (bent(deal + 0.72 * arms) - 0.2 - 6)
    wcr = 4 + part(9) * (bent(1.7 + 0.82 + 0.84 * (1 - (wcu_m + 10) / 20) + 0.71 - 0.402) + 0.3 - 4)
    wcu = 1 + part(9) * (bent(to_washington - 0.67 * th_m - 0.45 * b_m + 0.02 * wcs_m - 0.37 * arms * 2.25) - 0.4 - 1)
    wcs = 2 + part(9) * (bent(to_seoul - 1.2 * th_m - 0.4 * b_m - 0.37 * arms * 2.25) + 0.5 - 2)
    wuk = -4 + part(9) * (bent(talks - 2.15 * z) - 0.6 + 4)
    wsk = -3 + part(9) * (bent(-1.3 + 0.75 + 0.65 - 2 * z - arms) + 0.7 + 3)
    k = 0.6 + 2 * gain * (1 - k_m)
    th = 0.5 + part(4) * (squeezed(4.5 * (0.37 * z + 0.35 * k + 0.04 * arms - 0.25 * (wuk + 10) / 20 - 0.2)) - 0.5)
    b = 0.7 + part(9) * (squeezed(4 * (0.62 * th - 0.25 + 0.11 * arms - 0.1 - 0.25)) - 0.7)
    standing = 0.5 * k - 0.15 + 0.15 * (wrk + 10) / 20 + 0.10 - 0.5 - 0.5
    rc = 0.4 + part(12) * (squeezed(5.8 * standing) - 0.4)

    ahead = look_ahead(WORLD, MOVES, third, CRISIS, pace_over(third, 2.0))
    pact, trust, expected_support, used = 0.3, 0.6, 0.8, 0.4  # the last three are learnt once a month, never ahead
    assert list(asdict(ahead).values()) == pytest.approx(
        [c, lc, lr, r, arms, stk, y, d, wck, wrk, wcr, wcu, wcs, wuk, wsk,
         k, th, b, rc, s, pact, trust, expected_support, m, 0.02, used], abs=EXACT
    )  # fmt: skip
