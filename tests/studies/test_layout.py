"""How runs are numbered and cut into parts: three points of five replicates, two a round, by hand."""

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from sim.studies.layout import LARGEST, SMALLEST, Layout, Part

LAYOUT = Layout(points=3, runs=5, step=2, largest=4)


def test_rounds_are_cut_into_parts_that_do_not_reach_into_the_next() -> None:
    assert LAYOUT.total == 15 and LAYOUT.rounds == 3 and LAYOUT.ends.tolist() == [2, 4, 5]
    rounds = [[(part.number, part.first, part.stop) for part in LAYOUT.parts(round_)] for round_ in range(3)]
    assert rounds == [[(0, 0, 4), (1, 4, 6)], [(2, 6, 10), (3, 10, 12)], [(4, 12, 15)]]
    assert LAYOUT.every == [part for round_ in range(3) for part in LAYOUT.parts(round_)]
    assert [len(part) for part in LAYOUT.every] == [4, 2, 4, 2, 3]


def test_within_a_round_points_follow_one_another_and_within_a_point_replicates() -> None:
    points, replicates = LAYOUT.places(np.arange(15))
    assert points.tolist() == [0, 0, 1, 1, 2, 2, 0, 0, 1, 1, 2, 2, 0, 1, 2]
    assert replicates.tolist() == [0, 1, 0, 1, 0, 1, 2, 3, 2, 3, 2, 3, 4, 4, 4]


@pytest.mark.parametrize(("points", "round_", "numbers"), [
    (range(1), 0, [0]), (range(1, 2), 0, [0]), (range(2, 3), 0, [1]), (range(3), 0, [0, 1]), (range(1, 2), 1, [2]),
    (range(1, 3), 1, [2, 3]), (range(2, 3), 2, [4]),
])  # fmt: skip
def test_parts_of_some_points_are_those_that_hold_a_run_of_theirs(
    points: range, round_: int, numbers: list[int]
) -> None:
    assert [part.number for part in LAYOUT.parts_of(points, round_)] == numbers


def test_every_run_is_in_one_part() -> None:
    assert [LAYOUT.part_of(run).number for run in range(15)] == [0] * 4 + [1] * 2 + [2] * 4 + [3] * 2 + [4] * 3
    assert LAYOUT.part_of(14) == Part(4, 12, 15)


@pytest.mark.parametrize(("runs", "rows"), [
    (1, SMALLEST), (256 * 256, 256), (257 * 256, 512), (512 * 256, 512), (513 * 256, 1024), (2**40, LARGEST),
])  # fmt: skip
def test_a_part_has_the_power_of_two_that_makes_256_of_them_within_bounds(runs: int, rows: int) -> None:
    assert Layout(points=1, runs=runs, step=runs).part_rows == rows
    assert Layout(points=1, runs=runs, step=runs, largest=300).part_rows == min(rows, 300)


@pytest.mark.parametrize(("runs", "ends"), [(1, [1]), (2, [2]), (3, [2, 3]), (4, [2, 4])])
def test_the_last_round_has_what_is_left(runs: int, ends: list[int]) -> None:
    assert Layout(points=1, runs=runs, step=2).ends.tolist() == ends


def test_growing_rounds_add_a_tenth_where_that_is_more_than_the_step() -> None:
    assert Layout(points=1, runs=30, step=2, growing=True).ends.tolist() == [*range(2, 31, 2)]
    assert Layout(points=1, runs=38, step=2, growing=True).ends.tolist() == [*range(2, 31, 2), 33, 36, 38]


@given(st.integers(1, 10**7), st.integers(1, 10**4), st.booleans())
@example(8_388_609, 1, False)  # one row more than 256 full parts hold
def test_a_part_has_a_power_of_two_of_rows_that_grows_with_the_study(points: int, runs: int, growing: bool) -> None:
    rows = Layout(points, runs, runs, growing=growing).part_rows
    assert rows & (rows - 1) == 0 and rows <= Layout(2 * points, runs, runs).part_rows
    assert 256 <= rows <= 131_072 and (rows == 256 or rows >= 131_072 or points * runs // 256 <= rows)
