"""Bounds on a share of pairs are those that no pairing leaves and some pairing reaches."""

from itertools import permutations

import numpy as np
import pytest
from scipy.stats import norm

from sim.analysis.pairings import shares_ahead


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("points", [0.0, 2.0])
def test_the_bounds_are_the_extremes_over_all_pairings(seed: int, points: float) -> None:
    chance = np.random.default_rng(seed)
    one, other = (chance.integers(0, 8, 6).astype(float) for _ in range(2))  # whole numbers, so that some are equal
    every = [float((one >= np.array(pairing) + points).mean()) for pairing in permutations(other)]
    bounds = shares_ahead(one, other, points)
    assert (bounds["least"], bounds["most"]) == pytest.approx((min(every), max(every)))
    assert bounds["independent"] == pytest.approx(np.mean(every))
    assert all(bounds["least"] <= bounds[name] <= bounds["most"] for name in ("alike", "opposed", "independent"))


def test_the_bounds_of_two_normals_are_those_of_theory() -> None:
    """Of N(m, 1) and N(0, 1), no pairing gives less than 2Φ((m - δ)/2) - 1 (Fan and Park 2010, for m above δ)."""
    chance = np.random.default_rng(1)
    one, other = 3.0 + chance.standard_normal(40_000), chance.standard_normal(40_000)
    bounds = shares_ahead(one, other, 1.0)
    assert bounds["least"] == pytest.approx(2.0 * norm.cdf(1.0) - 1.0, abs=0.01) and bounds["most"] == 1.0
    assert bounds["independent"] == pytest.approx(norm.cdf(2.0 / 2.0**0.5), abs=0.01)
    below = shares_ahead(other, one, 1.0)  # from N(0, 1) to N(3, 1), a point more: m - δ is -4
    assert below["most"] == pytest.approx(2.0 * norm.cdf(-2.0), abs=0.01) and below["least"] == 0.0


def test_pairings_are_what_they_are_called() -> None:
    one, other = np.array([9.0, 1.0, 5.0]), np.array([4.0, 0.0, 8.0])
    bounds = shares_ahead(one, other, 1.0)
    assert bounds == pytest.approx({"least": 1 / 3, "opposed": 2 / 3, "independent": 2 / 3, "alike": 1.0, "most": 1.0})
