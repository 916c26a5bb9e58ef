"""The five definitions of drifting back, on runs made by hand whose answers are known.

The war ends in month 72 (January 2025) unless said otherwise; 2023 is months 48 to 59.
"""

import math
from dataclasses import FrozenInstanceError

import numpy as np
import pytest

from sim.analysis import definitions
from sim.analysis.definitions import DEFINITIONS, Drift, drift
from sim.engine.experiment import Experiment
from sim.engine.war_end import NEVER
from sim.scenario import load
from tests.analysis.by_hand import MONTHS, made, steps

END = 72


def judge(**series: object) -> Drift:
    """Judge one run that ends in month 72 against a control in which nothing is ever engaged."""
    return drift(made([END], **series), made([NEVER]))


def after(judged: Drift, definition: str) -> float:
    return float(judged.time[definition].iloc[0])


@pytest.mark.parametrize(
    ("back", "months_on"),
    [(0, 5), (66, 5), (END, 5), (80, 13), (91, 24), (92, math.nan), (119, math.nan)],
    ids=["never away", "back before the end", "at the end", "later", "just within", "a month late", "far late"],
)
def test_d1_counts_six_months_in_a_row_after_the_end_at_the_mean_of_2023(back: int, months_on: float) -> None:
    judged = judge(reengagement=steps((0, 50.0), (60, 40.0 if back else 50.0), (back or 60, 50.0)))
    assert after(judged, "D1") == pytest.approx(months_on, nan_ok=True)


def test_d1_is_not_met_by_five_months_nor_just_below_the_mean() -> None:
    spell = steps((0, 50.0), (60, 40.0), (80, 50.0), (85, 40.0))
    assert math.isnan(after(judge(reengagement=spell), "D1"))
    assert math.isnan(after(judge(reengagement=steps((0, 50.0), (60, 49.99))), "D1"))


def test_d1_compares_with_the_mean_over_2023_and_no_other_months() -> None:
    rising = steps((0, 90.0), (48, 40.0), (54, 60.0), (60, 50.0))
    assert after(judge(reengagement=rising), "D1") == 5
    assert math.isnan(after(judge(reengagement=steps((0, 0.0), (48, 40.0), (54, 60.1), (60, 50.0))), "D1"))


def against(gap: list[float], level: float = 30.0) -> Drift:
    control = made([NEVER], reengagement=level)
    return drift(made([END], reengagement=np.array(gap) + level), control)


@pytest.mark.parametrize(("gap", "effect", "months_on"), [
    (steps((END, 5.0)), 5.0, 0),
    (steps((80, 2.0), (90, 7.5)), 7.5, 18),
    (steps((96, 6.0)), 6.0, 24),
    (steps((97, 6.0)), 0.0, math.nan),
    (steps((80, 9.0), (96, 4.9)), 4.9, math.nan),
    (steps((80, -9.0)), -9.0, math.nan),
])  # fmt: skip
def test_d2_is_the_gap_to_the_same_run_without_an_end_24_months_on(
    gap: list[float], effect: float, months_on: float
) -> None:
    judged = against(gap, level=32.0)
    assert judged.effect.iloc[0] == pytest.approx(effect)
    assert after(judged, "D2") == pytest.approx(months_on, nan_ok=True)


def test_d3_is_ten_points_above_the_year_before_the_end_for_six_months() -> None:
    year = steps((0, 99.0), (60, 20.0), (66, 40.0), (END, 35.0), (75, 40.0))  # the mean of the year is 30
    assert after(judge(relative_alignment=year), "D3") == 8
    assert math.isnan(after(judge(relative_alignment=steps((60, 30.0), (75, 39.9))), "D3"))
    assert math.isnan(after(judge(relative_alignment=steps((60, 30.0), (75, 40.0), (80, 30.0))), "D3"))


def test_d3_compares_with_what_there_was_of_the_year() -> None:
    early = made([1], relative_alignment=steps((0, 20.0), (1, 25.0)))
    assert math.isnan(after(drift(early, made([NEVER])), "D3"))


COURTED = steps((0, 0.3), (84, 1.0), (85, 0.3))


def observables(**changed: object) -> float:
    usual = {"china_flow": 1.0, "workers_in_china": 0.5, "pyongyang_toward_beijing": COURTED}
    return after(judge(**usual | changed), "D4")


def test_d4_comes_true_with_the_month_of_courting() -> None:
    assert observables() == 12


def test_d4_may_come_true_in_the_first_month_of_peace_and_not_before() -> None:
    assert observables(pyongyang_toward_beijing=steps((0, 0.3), (END - 2, 1.0), (END + 1, 0.3))) == 0


def test_d4_remembers_a_month_of_courting_for_a_year() -> None:
    assert observables(china_flow=steps((0, 0.9), (94, 1.0))) == 23
    assert math.isnan(observables(china_flow=steps((0, 0.9), (95, 1.0)))), "by then it was 13 months ago"


def test_d4_waits_for_trade_over_three_months() -> None:
    assert observables(china_flow=steps((0, 0.9), (86, 0.96))) == 16  # with month 88, the third
    assert math.isnan(observables(china_flow=0.94))


def test_d4_is_met_by_trade_just_as_usual(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(definitions, "USUAL_SUPPORT", 0.75)
    assert observables(china_flow=0.75) == 12
    assert math.isnan(observables(china_flow=0.7499))


def test_d4_waits_until_a_slight_is_a_year_past() -> None:
    assert observables(pyongyang_toward_beijing=steps((0, 0.3), (75, -1.0), (76, 0.3), (84, 1.0), (85, 0.3))) == 15
    just_before = steps((0, 0.3), (83, -1.0), (84, 1.0), (85, 0.3))
    assert observables(pyongyang_toward_beijing=just_before) == 23
    slighted_again = steps((0, 0.3), (84, 1.0), (85, 0.3), (90, -1.0), (91, 0.3))
    assert math.isnan(observables(pyongyang_toward_beijing=slighted_again, china_flow=steps((91, 1.0))))


def test_d4_asks_that_workers_are_not_fewer_than_a_year_before() -> None:
    assert math.isnan(observables(workers_in_china=np.linspace(1.0, 0.1, MONTHS)))
    assert observables(workers_in_china=steps((0, 0.5), (80, 0.4))) == 20


def test_d4_needs_a_month_of_courting() -> None:
    assert math.isnan(observables(pyongyang_toward_beijing=0.3))


def test_d5_is_influence_back_at_its_summer_of_2023() -> None:
    summer = steps((0, 0.9), (52, 0.6), (56, 0.9), (60, 0.5), (78, 0.6))
    assert after(judge(influence=summer), "D5") == 11
    assert math.isnan(after(judge(influence=steps((52, 0.6), (56, 0.5))), "D5"))


def test_a_world_that_ends_before_2023_is_never_back_at_its_mean() -> None:
    early = drift(made([12], months=40, reengagement=50.0, influence=1.0), made([NEVER], months=40))
    assert early.judged.all() and early.time[["D1", "D5"]].isna().all(axis=None)


@pytest.mark.parametrize(
    ("within", "words"), [(12, "a year"), (24, "two years"), (30, "30 months"), (36, "three years"), (156, "13 years")]
)
def test_the_period_after_the_end_is_told_in_years_where_it_is_of_whole_ones(
    monkeypatch: pytest.MonkeyPatch, within: int, words: str
) -> None:
    monkeypatch.setattr(definitions, "WITHIN", within)
    assert definitions.period() == words


def test_months_are_told_by_name_and_a_whole_year_by_its_number(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "back at its mean of 2023 for six months" in definitions.describe_definitions()["D1"]
    assert "back at its mean of May to August 2023 for six months" in definitions.describe_definitions()["D5"]
    monkeypatch.setattr(definitions, "RECOVERED", ("2022-01", "2023-12"))
    assert "mean of January to December 2023" in definitions.describe_definitions()["D1"]


def test_runs_that_end_too_late_or_never_are_censored_and_counted_in_no_share() -> None:
    ends = [END, MONTHS - 25, MONTHS - 24, MONTHS - 1, MONTHS, NEVER]
    judged = drift(made(ends, reengagement=50.0), made([NEVER] * 6, reengagement=40.0))
    assert judged.judged.tolist() == [True, True, False, False, False, False]
    assert judged.effect.notna().tolist() == judged.judged.tolist()
    assert judged.time.notna().any(axis=1).tolist() == [True, True, True, False, False, False]
    assert judged.time["D2"].notna().tolist() == judged.judged.tolist()
    assert len(judged.came_true) == 2
    assert judged.share["D1"] == judged.share["D2"] == 1.0
    assert judged.share["D4"] == 0.0


def test_the_last_month_of_all_is_read_where_it_is_two_years_on() -> None:
    last = drift(made([MONTHS - 25], reengagement=steps((MONTHS - 1, 7.0))), made([NEVER]))
    assert last.effect.iloc[0] == 7.0


def test_what_was_judged_cannot_be_changed_and_is_itself_alone() -> None:
    judged = judge()
    with pytest.raises(FrozenInstanceError):
        judged.time = judged.control  # type: ignore[misc]
    assert len({judged, judge()}) == 2


def test_shares_are_of_the_judged_runs() -> None:
    rows = [steps((0, 50.0)), steps((0, 50.0), (60, 40.0)), steps((0, 50.0), (60, 40.0)), steps((0, 50.0))]
    judged = drift(made([END, END, END, NEVER], reengagement=rows), made([NEVER] * 4, reengagement=rows))
    assert judged.share["D1"] == pytest.approx(1 / 3)
    assert judged.share["D2"] == 0.0
    assert list(judged.share.index) == list(DEFINITIONS)


def test_the_control_is_read_at_the_same_months_and_has_no_d2() -> None:
    other = made([NEVER], reengagement=steps((0, 50.0), (60, 40.0), (80, 50.0)))
    judged = drift(made([END]), other)
    assert judged.control["D1"].iloc[0] == 13
    assert set(judged.control.columns) == set(DEFINITIONS) - {"D2"}


def test_a_world_that_is_its_own_control_has_no_effect() -> None:
    judged = against(steps())
    assert judged.effect.iloc[0] == 0.0
    assert math.isnan(after(judged, "D2"))


def test_the_control_of_an_ensemble_is_the_same_runs_without_an_end() -> None:
    early = load("war-ends-early").with_(months={"to": "2025-06"})
    many = Experiment(early, seed=2, runs=np.array([3, 8])).ensemble()
    control = many.control
    assert control.runs.tolist() == [3, 8]
    assert control.seed == 2
    assert (control.war_end == NEVER).all()
    assert np.array_equal(control.states[:, :72], many.states[:, :72])
    assert not np.array_equal(control.states[:, 72:], many.states[:, 72:])
