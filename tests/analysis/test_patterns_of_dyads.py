"""The patterns of the other dyads, on runs made by hand, where the number that each must give is known."""

import pytest

from sim.analysis import patterns
from sim.model import months

from .test_patterns import Made, only


def test_beijing_and_moscow_are_held_against_2019() -> None:
    world = Made().put("warmth_beijing_moscow", "2019-01", "2019-12", 4.0)
    world.put("warmth_beijing_moscow", "2020-01", "2022-02", 9.0)  # counts on neither side
    assert only(patterns.w1(world.put("warmth_beijing_moscow", "2022-03", "2022-03", 8.0))) == pytest.approx(
        1.0 + 3 / 30
    )


def test_beijing_and_washington_are_looked_at_before_the_thaw() -> None:
    world = Made().put("warmth_beijing_washington", "2023-11", "2024-08", 9.0)
    assert only(patterns.w2(world)) == pytest.approx(-2.0)
    assert only(patterns.w2(world.put("warmth_beijing_washington", "2023-10", "2023-10", 3.8))) == pytest.approx(
        -2 + 5.8 / 58
    )


def test_beijing_and_seoul_are_held_against_the_years_before_2022() -> None:
    world = Made().put("warmth_beijing_seoul", "2022-01", "2022-05", 9.0)  # counts on neither side
    assert only(patterns.w3(world.put("warmth_beijing_seoul", "2022-06", "2024-08", -1.0))) == pytest.approx(-2.0)


def test_washingtons_posture_is_held_against_the_years_before_2022() -> None:
    world = Made().put("washington_posture", "2022-01", "2022-07", 1.0)  # counts on neither side
    assert only(patterns.w4(world)) == 0.0
    world.put("washington_posture", "2022-08", "2024-08", 1.0).put("washington_posture", "2019-01", "2019-09", -1.0)
    assert only(patterns.w4(world)) == pytest.approx(1.0 + 9 / 36)


def test_months_of_missiles_or_worse_in_2022_are_held_against_two_years_before() -> None:
    world = Made().put("pyongyang_provoke", "2022-01", "2022-12", [*[0.67] * 8, *[1.0] * 4])
    world.put("pyongyang_provoke", "2020-01", "2020-06", 0.67).put("pyongyang_provoke", "2021-01", "2021-12", 0.33)
    assert only(patterns.w5(world)) == pytest.approx(12 - 3)


def test_talks_of_early_2019_are_held_against_those_since_2021() -> None:
    world = Made().put("pyongyang_talks", "2019-05", "2024-08", 0.5)  # four months of talks, then probing
    assert only(patterns.w6(world)) == pytest.approx(4 / 6)
    assert only(patterns.w6(world.put("pyongyang_talks", "2021-01", "2021-11", 1.0))) == pytest.approx(4 / 6 - 11 / 44)


@pytest.mark.parametrize(
    ("number", "lever", "value", "first", "last"),
    [
        ("W7", "washington_sanction", -1.0, "2021-02", "2024-08"),
        ("W8", "pyongyang_toward_beijing", -1.0, "2019-01", "2024-04"),
        ("W11_engage", "seoul_north", 1.0, "2019-01", "2021-12"),
        ("W12_join", "beijing_bloc", 1.0, "2019-01", "2024-08"),
        ("W12_egg", "beijing_leash", -1.0, "2019-01", "2024-08"),
    ],
)
def test_a_share_is_of_the_months_from_the_first_to_the_last(
    number: str, lever: str, value: float, first: str, last: str
) -> None:
    span = months.index(last) - months.index(first) + 1
    other = 0.5 if lever == "beijing_bloc" else 0.0
    for month, counts in ((first, 1), (last, 1), (_beside(first, -1), 0), (_beside(last, 1), 0)):
        if "2019-01" <= month <= "2024-08":
            world = Made().put(lever, "2019-01", "2024-08", other).put(lever, month, month, value)
            assert only(patterns.PATTERNS[number](world)) == pytest.approx(counts / span), month


def _beside(month: str, by: int) -> str:
    at = months.index(month) + by
    return months.name(at) if at >= 0 else "before"


def test_seoul_is_firm_in_every_month_in_which_it_does_not_engage() -> None:
    world = Made().put("seoul_north", "2022-06", "2024-08", 0.0).put("seoul_north", "2022-06", "2022-08", -1.0)
    assert only(patterns.PATTERNS["W11_firm"](world)) == 1.0
    assert only(patterns.PATTERNS["W11_firm"](world.put("seoul_north", "2024-06", "2024-08", 1.0))) == pytest.approx(
        24 / 27
    )


def test_workers_in_russia_are_those_of_2024() -> None:
    world = Made().put("workers_in_russia", "2023-12", "2024-04", [1.0, *[0.4] * 4])
    assert only(patterns.PATTERNS["W10"](world)) == pytest.approx(0.3)


@pytest.mark.parametrize(("month", "there"), [("2019-01", True), ("2021-12", True), ("2022-01", False)])
def test_a_treaty_sought_counts_before_the_war(month: str, there: bool) -> None:
    assert patterns.w9(Made().put("pyongyang_toward_moscow", month, month, 1.0)).tolist() == [there]
    assert not patterns.w9(Made().put("pyongyang_toward_moscow", month, month, 0.6)).any()


def test_a_nuclear_test_counts_in_any_month_and_a_missile_is_none() -> None:
    assert not patterns.w13(Made().put("pyongyang_provoke", "2019-01", "2024-08", 0.67)).any()
    assert patterns.w13(Made().put("pyongyang_provoke", "2024-08", "2024-08", 1.0)).all()
