"""Forecasters that know no politics, worked by hand; and none of them knows what came later."""

import numpy as np
import pandas as pd
import pytest

from sim.article.register import observed
from sim.model import months
from sim.trial import references as reference
from sim.trial.forecasts import LEVELS
from sim.trial.questions import MONOPOLY, questions
from sim.trial.references import BASE, PERSISTENCE

AUGUST_2024 = months.index("2024-08")


def test_the_events_counted_are_in_the_register() -> None:
    events = observed("events")
    both = events[events[["actor", "target"]].isin(["Beijing", "Pyongyang"]).all(axis=1)]
    told = set(reference.HAPPENED["summit"]) | set(reference.HAPPENED["slight"])
    assert told <= set(both["month"].astype(str)) and max(told) <= "2024-08"


def test_missiles_and_vetoes_are_those_on_which_both_codings_agree() -> None:
    assert {months.index("2021-03"), months.index("2024-07")} <= reference.months_of("missile")
    assert months.index("2022-09") not in reference.months_of("missile"), "one coding reads it as a nuclear threat"
    assert min(reference.months_of("veto")) == months.index("2019-06")


def test_persistence_and_autoregression_of_known_series() -> None:
    walk = pd.Series([0.0, 1.0] * 6 + [5.0])
    assert reference.persistence(walk, 1, LEVELS)[9] == 5.0
    halving = pd.Series([64.0, 32.0, 16.0, 8.0])
    assert reference.autoregression(halving, 2, LEVELS) == pytest.approx(2.0)
    gap = pd.Series([64.0, 32.0, np.nan, 8.0, 4.0])
    assert reference.autoregression(gap, 1, LEVELS) == pytest.approx(2.0)
    assert reference.climatology(pd.Series([1.0, np.nan, 3.0]), LEVELS)[9] == 2.0


def test_persistence_is_as_wide_as_changes_over_so_many_periods_where_enough_are_known() -> None:
    squares = pd.Series(np.arange(11.0) ** 2)  # over one period it rises by 1, 3, ... 19, over three by 9, 15, ... 51
    for ahead, half in ((1, 9.0), (3, 21.0), (9, 21.0)):  # over four, seven changes are known, which is not enough
        found = reference.persistence(squares, ahead, LEVELS)
        assert (found[9] - found[0], found[18] - found[9]) == pytest.approx((0.9 * half,) * 2)
        assert found[9] == 100.0


def test_the_seasonal_forecaster_says_what_the_same_month_said() -> None:
    known = pd.Series(np.tile(np.arange(12.0), 3))  # no change from year to year
    for ahead in (1, 5, 12, 14):
        assert reference.seasonal(known, ahead, LEVELS) == pytest.approx((35 + ahead) % 12)
    known[[1, 13, 25]] = np.nan
    assert reference.seasonal(known, 2, LEVELS)[9] == 11.0, "that month was never seen: the last figure"


def test_an_autoregression_is_as_wide_as_its_rests_and_wider_two_periods_on() -> None:
    """By hand: slope and level 1/6; the squares of five rests sum to 14/3, over three degrees of freedom 14/9."""
    past = pd.Series([1.0, 1.0, -1.0, -1.0, 1.0, 1.0])
    one, two = (reference.autoregression(past, ahead, LEVELS) for ahead in (1, 2))
    upper = 1.644854  # of the standard normal, 95%
    assert (one[9], two[9]) == pytest.approx((1 / 3, 1 / 6 + 1 / 18))
    assert (one[18] - one[9], one[9] - one[0]) == pytest.approx((upper * (14 / 9) ** 0.5,) * 2)
    assert two[18] - two[9] == pytest.approx(upper * (14 / 9 * (1 + 1 / 36)) ** 0.5)


def test_the_border_regression_follows_the_border_and_its_forecast(monkeypatch: pytest.MonkeyPatch) -> None:
    """Trade that is twice the openness, exactly; two paths of openness, one as likely as the other."""
    paths = np.array([[0.2, 0.4, 0.8, 0.98, 0.98], [0.2, 0.4, 0.8, 0.8, 0.08]])
    monkeypatch.setattr(reference.border, "paths", lambda as_of, to: (paths, np.array([0.5, 0.5])))
    past = pd.Series(np.log(2.0 * (paths[0, :3] + reference._CLOSED)))
    found = reference.border_regression(past, 2, 4, (0.25, 0.75))
    assert found == pytest.approx(np.log([0.2, 2.0]))


def test_the_past_of_a_question_is_its_own_series_and_ends_with_the_last_figure() -> None:
    for about, target, first, last, ahead in (
        ("share", "2025-12", (2010, 83.0), (2023, 98.3), 2),
        ("growth", "2024-12", (2011, 0.8), (2023, 3.1), 1),
        ("trade", "2024-09", (-14, 388.0), (months.index("2024-04"), 194.0), 5),
    ):
        past, found = reference.past_of(about, reference.facts_of(about, AUGUST_2024), months.index(target))
        told = reference.MEASURES[about].told(past.to_numpy())
        assert (past.index[0], told[0]) == pytest.approx(first) and (past.index[-1], told[-1]) == pytest.approx(last)
        assert found == ahead


@pytest.mark.parametrize("as_of", ["2021-07", "2022-06", "2023-07"])
def test_nothing_later_is_known(as_of: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A month's figure is known a month later, a year's in the July after it: the others may be anything."""
    origin = months.index(as_of)
    asked = [each for each in questions(origin, origin + 12) if each.about not in ("missile", "veto")]

    def changed(table: str) -> pd.DataFrame:
        rows = observed(table)
        if table == "annual":
            later = (rows["year"] - 2019) * 12 + 18 > origin
        else:
            later = (rows["month"].dt.year - 2019) * 12 + rows["month"].dt.month > origin
        assert later.any()
        return rows.assign(value=rows["value"].where(~later, 1.0))

    def said() -> np.ndarray:
        return np.concatenate([np.atleast_1d(each) for _, _, each in reference.references(asked, origin, LEVELS)])

    before = said()
    monkeypatch.setattr(reference, "observed", changed)
    monkeypatch.setattr(reference, "HAPPENED", {
        about: (*(month for month in seen if month <= as_of), "2024-08") for about, seen in reference.HAPPENED.items()
    })  # fmt: skip
    assert (said() == before).all()


def test_base_rates_count_half_years_and_stop_at_the_last_month() -> None:
    asked = questions(AUGUST_2024, months.index("2026-08"))
    found = {(question.id, name): said for question, name, said in reference.references(asked, AUGUST_2024, LEVELS)}
    assert found["summit/2024-09", BASE] == pytest.approx((3 + 1) / (13 + 2))  # three of thirteen half-years
    assert found["slight/2024-09", PERSISTENCE] == 0.9 and found["summit/2024-09", PERSISTENCE] == pytest.approx(0.1)
    assert found["arms-halved/2024-09", BASE] == 0.5


@pytest.mark.parametrize(("month", "ago"), [("2024-08", 1), ("2024-03", 1), ("2024-02", 2), ("2023-09", 2)])
def test_an_event_counts_in_its_half_year_alone(monkeypatch: pytest.MonkeyPatch, month: str, ago: int) -> None:
    monkeypatch.setitem(reference.HAPPENED, "summit", (month,))
    monkeypatch.setitem(reference.RECORDED, "summit", ("beijing_bloc", "join"))  # of which there is none
    assert reference.happened("summit", AUGUST_2024, 6) == [place == 13 - ago for place in range(13)]


def test_a_half_year_that_was_watched_in_part_does_not_count(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reference, "_SEEN_FROM", reference._SEEN_FROM + 1)
    assert len(reference.happened("summit", AUGUST_2024, 6)) == 12
    assert len(reference.happened("veto", AUGUST_2024, 6)) == 11, "of vetoes the record tells from 2019 on"


def test_facts_are_what_the_record_says_and_end_with_it(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = questions(months.index("2023-02"), months.index("2025-02"))
    found = reference.facts(asked)
    assert found["trade/2023-07"] == 181.6 and found["growth/2023"] == 3.1 and found["monopoly/2023"] == 1.0
    assert (found["slight/2023-09"], found["slight/2024-03"], found["veto/2023-09"]) == (0.0, 1.0, 1.0)
    assert "slight/2024-09" not in found and "trade/2024-05" not in found and "three-way/2023-03" not in found
    monkeypatch.setattr(reference, "facts_of", lambda about, as_of: pd.Series({2023: MONOPOLY - 0.1}))
    assert reference.facts([each for each in asked if each.id == "monopoly/2023"]).tolist() == [0.0]
