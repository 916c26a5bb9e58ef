"""Distributions at places on [0, 1), their faults, and correlations: worked by hand."""

import numpy as np
import pytest
from scipy.stats import norm

from sim.scenario.priors import Range, cholesky_factor, correlate, correlated_names, fault, prior_of

PLACES = np.array([0.0, 0.25, 0.5, 0.75])


def test_a_range_is_even_and_some_of_its_places_fall_on_the_lowest_number() -> None:
    assert Range(2.0, 6.0).at(PLACES).tolist() == [2.0, 3.0, 4.0, 5.0]
    assert Range(2.0, 6.0, at_low=0.5).at(PLACES).tolist() == [2.0, 2.0, 2.0, 4.0]
    assert Range(2.0, 6.0).telling == (2.0, 6.0) and Range(2.0, 6.0).bound(0.0, 1.0) == Range(2.0, 6.0)


def test_a_bound_admits_a_share_of_a_range_and_cuts_it_there() -> None:
    bounds = np.array([1.0, 2.0, 3.0, 6.0, 9.0])
    assert Range(2.0, 6.0).share(bounds).tolist() == [0.0, 0.0, 0.25, 1.0, 1.0]
    assert Range(2.0, 6.0, at_low=0.5).share(bounds).tolist() == [0.0, 0.5, 0.625, 1.0, 1.0]
    assert Range(2.0, 6.0, 0.5).upto(3.0) == Range(2.0, 3.0, 0.5) and Range(2.0, 6.0).upto(9.0) == Range(2.0, 6.0)


def test_a_range_is_written_and_said_with_its_share_at_the_low_end() -> None:
    assert Range(2.0, 6.0).written() == {"uniform": [2.0, 6.0]}
    assert Range(2.0, 6.0, 0.25).written() == {"uniform": [2.0, 6.0], "at_low": 0.25}
    assert "exactly 2 in 25%" in str(Range(2.0, 6.0, 0.25)) and "exactly" not in str(Range(2.0, 6.0))


@pytest.mark.parametrize(("family", "numbers", "within", "expected"), [
    ("normal", (5.0, 2.0), (-1e9, 1e9), [5.0 + 2.0 * norm.ppf(place) for place in (0.25, 0.5, 0.75)]),
    ("normal", (5.0, 2.0), (5.0, 1e9), [5.0 + 2.0 * norm.ppf(place) for place in (0.625, 0.75, 0.875)]),
    ("lognormal", (3.0, 0.5), (1e-9, 1e9), [3.0 * np.exp(0.5 * norm.ppf(place)) for place in (0.25, 0.5, 0.75)]),
    ("triangular", (0.0, 4.0, 8.0), (0.0, 8.0), [np.sqrt(8.0), 4.0, 8.0 - np.sqrt(8.0)]),
    ("triangular", (2.0, 2.0, 6.0), (2.0, 6.0), [6.0 - 4.0 * np.sqrt(1.0 - place) for place in (0.25, 0.5, 0.75)]),
    ("beta", (1.0, 1.0), (2.0, 6.0), [3.0, 4.0, 5.0]), ("beta", (2.0, 1.0), (2.0, 6.0), [4.0, 2 + 8**0.5, 2 + 12**0.5]),
])  # fmt: skip
def test_a_prior_is_its_quantile_function_between_its_ends(
    family: str, numbers: tuple[float, ...], within: tuple[float, float], expected: list[float]
) -> None:
    prior = prior_of(family, numbers, within)
    assert prior.at(PLACES[1:]).tolist() == pytest.approx(expected)
    assert (prior.low, prior.high) == prior.telling == within
    first, last = prior.at(np.array([0.0, 1.0]))
    assert within[0] <= first < expected[0] and expected[-1] < last <= within[1]
    assert prior.written() == {family: list(numbers), "within": list(within)}


def test_a_prior_without_ends_takes_those_of_what_it_is_of_and_keeps_its_own() -> None:
    assert prior_of("normal", (5.0, 2.0)).bound(1.0, 9.0).within == (1.0, 9.0)
    assert prior_of("normal", (5.0, 2.0), (4.0, 6.0)).bound(1.0, 9.0).within == (4.0, 6.0)
    assert prior_of("normal", (5.0, 2.0)).written() == {"normal": [5.0, 2.0]}
    with pytest.raises(ValueError, match="has no ends yet"):
        prior_of("normal", (5.0, 2.0)).at(PLACES)


@pytest.mark.parametrize(("low", "enough"), [(2.2, True), (2.4, False)])
def test_a_hundredth_of_a_prior_has_to_lie_within_its_ends(low: float, enough: bool) -> None:
    """Of a standard normal 1.4% lie above 2.2, and 0.8% above 2.4."""
    prior = prior_of("normal", (0.0, 1.0))
    if enough:
        assert prior.bound(low, 99.0).low == low
    else:
        with pytest.raises(ValueError, match=rf"within its ends, {low} to 99"):
            prior.bound(low, 99.0)


@pytest.mark.parametrize(("family", "numbers", "within", "says"), [
    ("normal", (1.0,), None, "2 numbers"), ("normal", (-1.0, 0.1), None, ""), ("normal", (1.0, 0.0), None, "standard"),
    ("lognormal", (0.0, 1.0), None, "median"), ("lognormal", (0.1, 0.1), None, ""),
    ("beta", (1.0, 0.0), None, "second"),
    ("triangular", (1.0, 2.0), None, "3 numbers"), ("triangular", (1.0, 3.0, 2.0), None, "not in order"),
    ("triangular", (2.0, 1.0, 3.0), None, "not in order"), ("triangular", (1.0, 1.0, 1.0), None, "not in order"),
    ("triangular", (1.0, 1.0, 2.0), None, ""), ("triangular", (1.0, 2.0, 2.0), None, ""),
    ("normal", (1.0, 1.0), (0.0, 2.0), ""), ("normal", (1.0, 1.0), (2.0, 0.0), "within wants"),
    ("normal", (1.0, 1.0), (2.0, 2.0), "within wants"), ("normal", (1.0, 1.0), (2.0,), "within wants"),
])  # fmt: skip
def test_what_is_wrong_with_the_numbers_of_a_family_is_said(
    family: str, numbers: tuple[float, ...], within: tuple[float, ...] | None, says: str
) -> None:
    why = fault(family, numbers, within)
    assert says in why and bool(why) == bool(says)
    if says:
        with pytest.raises(ValueError, match=says):
            prior_of(family, numbers, within)


SAID = {"b": {"a": 0.6}, "c": {"a": 0.0, "b": -0.5}}


def test_a_matrix_has_each_pair_on_both_sides_and_is_taken_apart() -> None:
    assert correlated_names(SAID) == ["a", "b", "c"]
    factor = cholesky_factor(SAID)
    assert factor @ factor.T == pytest.approx(np.array([[1.0, 0.6, 0.0], [0.6, 1.0, -0.5], [0.0, -0.5, 1.0]]))
    assert factor[1].tolist() == pytest.approx([0.6, 0.8, 0.0])
    with pytest.raises(ValueError, match="contradict"):
        cholesky_factor({"a": {"b": 0.9, "c": 0.9}, "b": {"c": -0.9}})


def test_correlated_places_are_mixed_with_those_before_and_others_stay() -> None:
    places = {"c": np.array([0.1, 0.7]), "a": np.array([0.0, 0.9]), "other": np.array([0.3, 0.4]),
              "b": np.array([0.5, 0.2])}  # fmt: skip
    mixed = correlate(places, SAID)
    assert mixed["a"] is places["a"] and mixed["other"] is places["other"]
    z = {name: norm.ppf(values[1]) for name, values in places.items()}
    assert mixed["b"][1] == pytest.approx(norm.cdf(0.6 * z["a"] + 0.8 * z["b"]))
    last = -0.5 / 0.8  # so that it goes with b by -0.5 and with a by nothing
    assert mixed["c"][1] == pytest.approx(norm.cdf(last * z["b"] + np.sqrt(1.0 - last**2) * z["c"]))
    assert 0.0 < mixed["b"][0] < 1e-4, "the first place is no infinite number"
