"""What a written word means where a number, a month or a text is wanted: one word a row."""

import pytest
from pydantic_core import PydanticCustomError

from sim.scenario import plain_data
from sim.scenario.plain_data import LONGEST_NAME, derived_name
from sim.scenario.yaml_reading import Plain


@pytest.mark.parametrize(("written", "meant"), [
    ("2027", "2027-01"), ("2027-", "2027-01"), ("2027Q3", "2027-01"), ("2027-q3", "2027-01"), ("2027-6", "2027-06"),
    ("2027/06", "2027-06"), ("2027.06", "2027-06"), ("202706", "2027-06"), ("2027-06-15", "2027-06"),
    ("2027-06T00:00", "2027-06"), ("06/2027", "2027-06"), ("6.2027", "2027-06"), ("12-2027", "2027-12"),
    ("2027-12", "2027-12"), ("2027-13", "2027-01 to 2027-12"), ("2027-0", "2027-01 to 2027-12"),
    ("0/2027", "2027-01 to 2027-12"), ("June", "a month such as 2027-06"), ("202", "a month such as 2027-06"),
    ("20270", "2027-01 to 2027-12"), ("2027-123", "a month such as 2027-06"),
])  # fmt: skip
def test_a_month_is_guessed_from_other_ways_of_writing_it(written: str, meant: str) -> None:
    assert plain_data._month_meant(written) == meant


@pytest.mark.parametrize(("written", "inside"), [
    ("2018-12-01", "2019-01 or a month inside"), ("2019-01-01", "2019-01"), ("2045-12-31", "2045-12"),
    ("2046", "2045-12 or a month inside"), ("2018-13", "2019-01 or a month inside"),
    ("soon", "a month such as 2027-06"),
])  # fmt: skip
def test_a_guessed_month_stays_inside_the_years_of_the_model(written: str, inside: str) -> None:
    assert plain_data._month_inside(written) == inside


@pytest.mark.parametrize(("written", "value"), [
    ("0.5", 0.5), ("-2", -2.0), ("+.5", 0.5), ("3.", 3.0), ("1e3", 1000.0), ("1.5E-2", 0.015), ("0", 0.0),
])  # fmt: skip
def test_a_plain_word_that_is_a_decimal_number_is_one(written: str, value: float) -> None:
    assert plain_data.plain_number(Plain(written)) == value == plain_data.plain_value(Plain(written))


@pytest.mark.parametrize(("written", "says", "instead"), [
    (Plain("yes"), "not yes or no", 1.0), (Plain("Off"), "not yes or no", 0.0), (Plain("1,5"), "a comma", 1.5),
    (Plain("-0,5"), "a comma", -0.5), (Plain("1_000"), "an underscore", 1000.0), (Plain("50%"), "percentage", 0.5),
    (Plain("2.5 %"), "percentage", 0.025), (Plain("12 months"), "a number is wanted", 12.0),
    (Plain("010"), "octal", None), (Plain("0x1F"), "octal", None), (Plain("1:30"), "base 60", 0.5),
    (Plain("-.inf"), "not finite", 0.5), (Plain("1e999"), "not finite", 0.5), (10**400, "not finite", 0.5),
    ("0.5", "in quotes", 0.5), (None, "nothing is written", 0.5), (True, "a number is wanted", 0.5),
    (Plain("lots"), "a number is wanted", 0.5), ([1], "a number is wanted", 0.5),
])  # fmt: skip
def test_what_is_no_number_is_told_with_the_number_that_may_be_meant(
    written: object, says: str, instead: float | None
) -> None:
    with pytest.raises(PydanticCustomError) as refused:
        plain_data.plain_number(written)
    (fault,) = refused.value.context["faults"]  # type: ignore[index]
    assert says in fault.why and fault.writes == instead


@pytest.mark.parametrize(
    ("written", "count"), [(1, 1), (Plain("324"), 324), (6.0, 6), (0, None), (325, None), (1.5, None)]
)
def test_a_number_of_months_is_whole_and_within_those_of_the_model(written: object, count: int | None) -> None:
    if count is None:
        with pytest.raises(PydanticCustomError):
            plain_data.plain_whole(written)
    else:
        assert plain_data.plain_whole(written) == count


def test_what_a_file_says_becomes_plain_at_any_depth() -> None:
    data = {"a": [Plain("1"), {"b": Plain("x")}], "c": "2"}
    assert plain_data.plain_value(data) == {"a": [1.0, {"b": "x"}], "c": "2"}


@pytest.mark.parametrize(("length", "fits"), [(LONGEST_NAME, True), (LONGEST_NAME + 1, False)])
def test_a_name_has_at_most_two_hundred_characters_in_one_line(length: int, fits: bool) -> None:
    if fits:
        assert plain_data.plain_name(" " + "a" * length + " ") == "a" * length
    else:
        with pytest.raises(PydanticCustomError):
            plain_data.plain_name("a" * length)
    with pytest.raises(PydanticCustomError):
        plain_data.plain_name("one\ntwo")


def test_a_derived_name_is_cut_where_it_would_be_too_long() -> None:
    assert derived_name("own", ", more") == "own, more"
    assert derived_name("a" * 194, ", more") == "a" * 194 + ", more"
    assert derived_name("a" * 195, ", more") == "a" * 190 + " ..., more"
    assert (
        derived_name("own", "b" * 99) == "own" + "b" * 99
        and derived_name("own", "b" * 100) == "own" + "b" * 96 + " ..."
    )
    assert len(derived_name("a" * 500, "b" * 500)) == LONGEST_NAME
