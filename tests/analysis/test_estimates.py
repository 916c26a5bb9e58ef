"""What 95% is said of comes true in 95 of 100 repetitions: means and shares, few sets and many, equal and unequal."""

import math

import numpy as np
import pandas as pd
import pytest
from scipy.stats import binomtest

from sim.analysis.estimates import Estimate, effective_sample_size, estimate, small_sample_note
from sim.engine.sets import equally_weighted
from sim.report.text import doubt
from sim.scenario.source import Source

from ..algebra import print_under_threads

REPEATED = 500
CENTRE, SHARES = 7.8, (0.42, 0.2)  # effects and shares like those of the verdict's study


def weighted(sets: int, unequal: bool) -> np.ndarray:
    """Return weights of sets, the heaviest four times the lightest where they are unequal."""
    weights = np.linspace(1.0, 4.0, sets) if unequal else np.ones(sets)
    return weights / weights.sum()


def covered(chance: np.random.Generator, weights: np.ndarray, runs: np.ndarray, share: float | None) -> float:
    """Return how often the interval holds the truth.

    Effects spread across sets as they do within; shares of sets spread from near none to near all.
    """
    owners = pd.Series(np.repeat(np.arange(len(weights)), runs))
    truth, hits = CENTRE if share is None else share, 0
    for _ in range(REPEATED):
        if share is None:
            values = truth + chance.normal(0, 7, len(weights))[owners] + chance.normal(0, 7, len(owners))
        else:
            rate = chance.beta(1.5 * share, 1.5 * (1.0 - share), len(weights))
            values = (chance.random(len(owners)) < rate[owners]).astype(float)
        low, high = estimate(pd.Series(values), owners, weights, share=share is not None).interval()
        hits += low <= truth <= high
    return hits / REPEATED


@pytest.mark.parametrize("unequal", [False, True], ids=["equal", "unequal"])
@pytest.mark.parametrize("sets", [8, 30, 319])
def test_where_95_percent_is_said_90_to_98_percent_hold_the_truth(sets: int, unequal: bool) -> None:
    chance, weights = np.random.default_rng(sets), weighted(sets, unequal)
    for share in (None, *SHARES):
        assert 0.90 <= covered(chance, weights, np.full(sets, 10), share) <= 0.98, share


@pytest.mark.parametrize("share", [None, 0.42])
def test_so_it_is_where_the_runs_of_a_set_are_its_weight(share: float | None) -> None:
    runs = np.repeat([2, 3, 4, 8], 8)  # as a comparison has them
    assert 0.90 <= covered(np.random.default_rng(5), runs / runs.sum(), runs, share) <= 0.98


def test_the_normal_interval_of_two_sets_would_hold_the_truth_far_less_often_than_students() -> None:
    chance, owners, weights = np.random.default_rng(2), pd.Series([0, 1]), np.array([0.5, 0.5])
    estimates = [estimate(pd.Series(chance.normal(0, 1, 2)), owners, weights) for _ in range(REPEATED)]
    student = np.mean([low <= 0.0 <= high for low, high in (estimated.interval() for estimated in estimates)])
    normal = np.mean([abs(estimated.mean) <= 1.96 * estimated.error for estimated in estimates])
    assert 0.93 <= student <= 0.97 and normal < 0.75


def test_a_share_of_runs_of_one_set_has_wilsons_interval() -> None:
    came = pd.Series([1.0] * 300 + [0.0] * 100)
    share = estimate(came, pd.Series([0] * 400), np.array([1.0]), share=True)
    expected = binomtest(300, 400).proportion_ci(method="wilson")
    assert share.interval() == pytest.approx((expected.low, expected.high), abs=2e-3)  # t of 399 degrees, not normal


@pytest.mark.parametrize("came", [0.0, 1.0])
def test_where_every_set_agrees_the_interval_of_a_share_has_the_width_that_so_many_sets_leave(came: float) -> None:
    owners = pd.Series(np.repeat(np.arange(30), 20))
    low, high = estimate(pd.Series([came] * 600), owners, np.full(30, 1 / 30), share=True).interval()
    assert low >= 0.0 and high <= 1.0 and high - low == pytest.approx(2.0452**2 / (30 + 2.0452**2), abs=1e-3)


def test_noise_is_not_known_where_no_set_has_two_runs_and_pooled_where_some_have() -> None:
    weights = np.full(3, 1 / 3)
    assert math.isnan(estimate(pd.Series([1.0, 2.0, 3.0]), pd.Series([0, 1, 2]), weights).noise)
    pooled = estimate(pd.Series([1.0, 3.0, 5.0]), pd.Series([0, 0, 1]), weights)  # the variance within is 2
    assert pooled.noise == pytest.approx(0.5 * np.sqrt(2 / 2 + 2 / 1))


def test_runs_of_a_set_without_weight_do_not_count() -> None:
    estimated = estimate(pd.Series([1.0, 2.0, 9.0]), pd.Series([0, 0, 1]), np.array([1.0, 0.0]))
    assert (estimated.mean, estimated.sets, estimated.units) == (1.5, 1, 2.0)


def test_weighted_sets_are_worth_fewer() -> None:
    assert effective_sample_size(np.full(10, 0.1)) == pytest.approx(10)
    assert effective_sample_size(np.array([0.5, 0.25, 0.25])) == pytest.approx(8 / 3)


def test_processors_that_share_the_algebra_change_no_bit() -> None:
    """Products of vectors of more than 10,000 numbers are shared among processors by numpy's own threads."""
    code = """
import numpy as np, pandas as pd
from dataclasses import astuple
from sim.analysis.estimates import effective_sample_size, estimate
chance = np.random.default_rng(1)
owners, weights = pd.Series(np.repeat(np.arange(40_000), 2)), chance.random(40_000)
made = estimate(pd.Series(chance.standard_normal(80_000)), owners, weights)
print([float(number).hex() for number in (*astuple(made), effective_sample_size(weights))])
"""
    one, two = print_under_threads(code)
    assert one == two != ""


def flat(sets: int, units: float) -> Estimate:
    return Estimate(2.0, 0.1, 0.5, 1.0, 3.0, sets, units)


def test_an_interval_over_few_sets_says_so_beside_the_number_and_one_that_would_lie_is_refused() -> None:
    assert str(flat(1, 50.0)) == (
        "+2.0 (95% interval of the mean: +1.0 to +3.0, run-to-run noise alone, with one parameter set; sets +1.0 "
        "to +3.0)"
    )
    assert "over 7 parameter sets alone, too few to span what history leaves open" in str(flat(7, 7.0))
    assert "over 9 parameter sets alone" in str(flat(9, 7.9))
    assert "alone" not in str(flat(8, 8.0))
    assert "too few runs or parameter sets for an interval" in str(flat(3, 1.9))
    assert not flat(3, 1.9).clear and flat(8, 8.0).clear


def test_all_that_is_told_of_few_sets_says_so() -> None:
    sets = equally_weighted(pd.DataFrame({"foresight": [4.0, 5.0, 6.0]}), Source.MIXED)
    assert small_sample_note(3, 3.0) in doubt.of_sets(sets)
    assert "Intervals" not in doubt.of_sets(equally_weighted(pd.DataFrame({"foresight": np.arange(8.0)}), Source.MIXED))


def test_the_noise_of_runs_and_the_error_of_sets_by_hand() -> None:
    """Sets of one, two and three runs: the lone run is taken to vary as the others do on the whole."""
    values, owners = pd.Series([5.0, 1.0, 3.0, 0.0, 2.0, 4.0]), pd.Series([0, 1, 1, 2, 2, 2])
    made = estimate(values, owners, np.array([0.5, 0.25, 0.25]))
    pooled, two, three = (2.0 + 8.0) / 3, 2.0, 4.0  # squares about 2 and 2, and what they leave
    assert made.mean == pytest.approx(0.5 * 5.0 + 0.25 * 2.0 + 0.25 * 2.0)
    assert made.noise == pytest.approx(np.sqrt(0.25 * pooled + 0.0625 * two / 2 + 0.0625 * three / 3))
    units = 1.0 / (0.25 + 2 * 0.0625)
    spread = 0.5 * 1.5**2 + 0.5 * 1.5**2
    assert (made.units, made.sets) == (pytest.approx(units), 3)
    assert made.error == pytest.approx(np.sqrt(spread / (units - 1.0)))
    assert (made.low, made.high) == (2.0, 5.0)


def test_what_is_not_known_and_sets_without_weight_do_not_count() -> None:
    values, owners = pd.Series([1.0, 3.0, np.nan, 9.0]), pd.Series([0, 0, 0, 1])
    made = estimate(values, owners, np.array([1.0, 0.0]), share=True)
    assert (made.mean, made.sets, made.units, made.share) == (2.0, 1, 2.0, True)
    assert made.noise == made.error == pytest.approx(1.0)  # a variance of 2 over two runs
    nothing = estimate(values[2:3], owners[2:3], np.array([1.0, 0.0]))
    assert math.isnan(nothing.mean) and (nothing.sets, nothing.units) == (0, 0.0)
    alone = estimate(values[:1], owners[:1], np.array([1.0]))
    assert math.isnan(alone.noise) and alone.mean == 1.0, "one run says nothing of noise"
