"""When a study knows enough: widths of intervals, worked by hand, of runs alone and of parameter sets."""

import numpy as np
import pandas as pd
import pytest

from sim.analysis.intervals import student, wilson
from sim.studies import stopping
from sim.studies.stopping import Tally, Until, blocks_of

EFFECT = "effect_of_the_end"


def tally(rows: list[tuple[int, float]], measure: str = EFFECT, points: int = 1) -> Tally:
    made = Tally(range(points))
    made.add(pd.DataFrame(rows, columns=["point", measure]), measure)
    return made


def of_sets(rows: list[tuple[int, float]], units: int, measure: str = EFFECT) -> Tally:
    """Return the tally of one point, from the parameter set and the value of each row."""
    made = Tally(range(1), units)
    made.add(pd.DataFrame({"point": 0, measure: [value for _, value in rows]}), measure,
             np.array([unit for unit, _ in rows]))  # fmt: skip
    return made


def test_points_come_in_rows_of_as_many_as_a_tally_may_hold(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stopping, "_CELLS", 12)
    assert list(blocks_of(7, 4)) == [range(3), range(3, 6), range(6, 7)]
    assert list(blocks_of(24, None)) == [range(12), range(12, 24)]
    assert list(blocks_of(2, 100)) == [range(1), range(1, 2)], "one point at least"
    assert list(blocks_of(0, 4)) == []


def test_of_runs_alone_the_width_is_students_interval_of_their_mean() -> None:
    (width,) = tally([(0, 1.0), (0, 2.0), (0, 3.0), (0, 6.0)]).widths(EFFECT)
    assert width == pytest.approx(2.0 * student(3.0) * np.std([1.0, 2.0, 3.0, 6.0], ddof=1) / 2.0)


def test_points_are_counted_apart_and_what_is_missing_counts_nowhere() -> None:
    made = Tally(range(5, 8))
    rows = [(5, 1.0), (5, 3.0), (6, 2.0), (5, np.nan), (7, np.nan)]
    made.add(pd.DataFrame(rows, columns=["point", EFFECT]), EFFECT)
    made.add(pd.DataFrame([(6, 6.0)], columns=["point", EFFECT]), EFFECT)
    assert made.count[:, 0].tolist() == [2.0, 2.0, 0.0] and made.total[:, 0].tolist() == [4.0, 8.0, 0.0]
    assert made.squares.tolist() == [10.0, 40.0, 0.0]
    widths = made.widths(EFFECT)
    assert widths[:2] == pytest.approx([2.0 * student(1.0), 4.0 * student(1.0)]) and np.isnan(widths[2])


@pytest.mark.parametrize(("count", "known"), [(1, False), (2, True)])
def test_fewer_than_two_units_have_no_interval(count: int, known: bool) -> None:
    assert np.isfinite(tally([(0, float(run)) for run in range(count)]).widths(EFFECT))[0] == known
    assert np.isfinite(of_sets([(unit, float(unit)) for unit in range(count)], 3).widths(EFFECT))[0] == known


def test_runs_of_one_parameter_set_are_one_unit() -> None:
    """Means of 2, 4 and 9 over two runs each: three units, however far the runs lie apart."""
    rows = [(0, 1.0), (0, 3.0), (1, 0.0), (1, 8.0), (2, 9.0), (2, 9.0)]
    (width,) = of_sets(rows, 3).widths(EFFECT)
    assert width == pytest.approx(2.0 * student(2.0) * np.std([2.0, 4.0, 9.0], ddof=1) / np.sqrt(3.0))


def test_sets_count_by_their_share_of_runs() -> None:
    """Of eight runs half are of one set: 1 / (1/4 + 4/64 + ...) sets are they worth."""
    rows = [(0, 1.0)] * 4 + [(1, 3.0)] * 2 + [(2, 7.0)] * 2
    share, means = np.array([0.5, 0.25, 0.25]), np.array([1.0, 3.0, 7.0])
    units, mean = 1.0 / (0.25 + 0.0625 + 0.0625), 3.0
    error = np.sqrt((share * (means - mean) ** 2).sum() / (units - 1.0))
    assert of_sets(rows, 4).widths(EFFECT) == pytest.approx([2.0 * student(units - 1.0) * error])
    few = [(0, 1.0)] * 8 + [(1, 3.0)]
    assert np.isnan(of_sets(few, 2).widths(EFFECT)[0]), "worth fewer than two sets"


def test_a_share_has_wilsons_interval() -> None:
    low, high = wilson(0.25, 8.0, student(np.inf))
    assert tally([(0, 1.0)] * 2 + [(0, 0.0)] * 6, "D2").widths("D2") == pytest.approx([high - low])


def test_a_share_over_sets_is_worth_what_its_error_says_and_where_all_agree_each_is_one_answer() -> None:
    rows = [(0, 1.0), (0, 0.0), (1, 1.0), (1, 1.0), (2, 0.0), (2, 1.0), (3, 0.0), (3, 0.0)]
    means = np.array([0.5, 1.0, 0.5, 0.0])
    error = np.std(means, ddof=1) / 2.0
    low, high = wilson(0.5, 0.25 / error**2, student(3.0))
    assert of_sets(rows, 4, "D2").widths("D2") == pytest.approx([high - low])
    low, high = wilson(1.0, 4.0, student(3.0))
    alike = of_sets([(unit, 1.0) for unit in range(4)], 4, "D2").widths("D2")
    assert alike == pytest.approx([high - low]) and alike[0] > 0.1


@pytest.mark.parametrize(("beyond", "enough"), [(1.0001, True), (0.9999, False)])
def test_a_study_knows_enough_where_every_point_that_can_be_judged_does(beyond: float, enough: bool) -> None:
    made = tally([(0, 1.0), (0, 1.1), (1, 1.0), (1, 3.0), (2, 5.0)], points=3)
    widest = float(np.nanmax(made.widths(EFFECT)))
    assert made.enough(Until(EFFECT, widest * beyond)) == enough
    assert made.enough(Until(EFFECT, widest))
