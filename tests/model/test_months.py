"""Months are counted from January 2019."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.model.months import index, name


def test_months_worked_by_hand() -> None:
    counted = {"2019-01": 0, "2019-12": 11, "2020-01": 12, "2022-02": 37, "2023-09": 56, "2032-12": 167}
    assert {month: index(month) for month in counted} == counted


@given(st.integers(0, 80 * 12))
def test_a_name_counts_to_the_month_that_it_names(month: int) -> None:
    assert index(name(month)) == month


@pytest.mark.parametrize("text", ["2024", "2024-13", "2024-00", "24-01", "2024-1", "june", "", "2024-06-01", "²024-01"])
def test_what_is_no_month_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is not a month; write it as YYYY-MM"):
        index(text)


def test_what_lies_before_the_first_month_is_refused() -> None:
    with pytest.raises(ValueError, match="2018-12 lies before 2019-01"):
        index("2018-12")
