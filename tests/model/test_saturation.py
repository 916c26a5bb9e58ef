"""The curves: what they are at chosen points, and that they are what they are called everywhere."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.model import saturation

numbers = st.floats(-1e6, 1e6)
shares = st.floats(0.0, 1.0)


def test_the_curves_at_points_worked_by_hand() -> None:
    assert [saturation.sigmoid(x) for x in (-1.5, 0.0, 1.5)] == pytest.approx([0.2, 0.5, 0.8])  # 4 + 1.5^2 is 2.5^2
    assert [saturation.goldstein(x) for x in (-3.0, 0.0, 3.0)] == pytest.approx([-6.0, 0.0, 6.0])  # 16 + 3^2 is 5^2
    assert [saturation.goodwill(warmth) for warmth in (-10.0, 2.0, 10.0)] == [0.0, 0.6, 1.0]
    assert [saturation.relax(2.0, 6.0, rate) for rate in (0.0, 0.25, 1.0)] == [2.0, 3.0, 6.0]
    assert [saturation.has_begun(month, 37.0) for month in (0.0, 36.0, 37.0, 38.0, 99.0)] == [0.0, 0.0, 1.0, 1.0, 1.0]
    assert [saturation.blend(share, 4.0, 8.0) for share in (0.0, 0.25, 1.0)] == [8.0, 7.0, 4.0]
    assert [saturation.clip(x, -1.0, 2.0) for x in (-3.0, -1.0, 0.5, 2.0, 3.0)] == [-1.0, -1.0, 0.5, 2.0, 2.0]
    assert [saturation.below(x, 1.0) for x in (0.5, 1.0, 1.5)] == [1.0, 0.0, 0.0]
    assert [saturation.if_below(x, 1.0, 7.0, 9.0) for x in (0.5, 1.0, 1.5)] == [7.0, 9.0, 9.0]
    assert [saturation.equal(x, 1.0) for x in (0.5, 1.0, 1.5)] == [0.0, 1.0, 0.0]


@given(numbers, numbers)
def test_the_bent_curves_rise_and_stay_in_their_bounds(x: float, y: float) -> None:
    low, high = sorted((x, y))
    assert 0.0 <= saturation.sigmoid(low) <= saturation.sigmoid(high) <= 1.0
    assert -10.0 <= saturation.goldstein(low) <= saturation.goldstein(high) <= 10.0


@given(st.floats(-745.0, 0.0))
def test_the_exponential_is_the_exponential(x: float) -> None:
    """To 1e-12 of its value as far as e^-40, where it is too small to count; to a hundredth of it below."""
    assert saturation.exponential(x) == pytest.approx(math.exp(x), rel=1e-12 if x > -40.0 else 1e-2, abs=1e-300)


def test_the_exponential_ends_at_exactly_nothing_and_begins_at_exactly_one() -> None:
    assert saturation.exponential(0.0) == 1.0
    assert saturation.exponential(-1e4) == saturation.exponential(-1e12) == 0.0


@given(st.floats(2.0**-60, 1.0))
def test_the_logarithm_is_the_logarithm(x: float) -> None:
    assert saturation.logarithm(x) == pytest.approx(math.log(x), rel=1e-12, abs=1e-13)


def test_the_logarithm_of_nothing_is_that_of_almost_nothing() -> None:
    assert saturation.logarithm(0.0) == saturation.logarithm(2.0**-61) == pytest.approx(-60 * math.log(2))
    assert saturation.logarithm(1.0) == pytest.approx(0.0, abs=1e-13)


@given(shares, shares)
def test_a_power_is_a_power(x: float, exponent: float) -> None:
    """Of a share, to a share: that is what bargaining power asks for."""
    assert saturation.power(x, exponent) == pytest.approx(max(x, 2.0**-60) ** exponent, rel=1e-11)
    assert saturation.power(x, 0.0) == 1.0
