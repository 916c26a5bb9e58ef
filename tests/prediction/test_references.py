"""Forecasters that know no politics, worked by hand; and none of them knows what came later."""

from statistics import NormalDist

import numpy as np
import pandas as pd
import pytest

from sim.model import months
from sim.prediction import references
from sim.prediction.forecasting import LEVELS
from sim.prediction.questions import EVENT, MONOPOLY, NUMBER, Question, questions_on
from sim.prediction.references import AUTOREGRESSION, BASE, BORDER, PERSISTENCE, SEASONAL
from sim.registers.register import observed_table

AUGUST_2024 = months.index("2024-08")


def trade(as_of: int, month: int) -> Question:
    return Question(f"trade/{month}", NUMBER, "", "", month, month, as_of)


def test_the_events_counted_are_in_the_register() -> None:
    events = observed_table("events")
    both = events[events[["actor", "target"]].isin(["Beijing", "Pyongyang"]).all(axis=1)]
    counted = set(references.HAPPENED["summit"]) | set(references.HAPPENED["slight"])
    assert counted <= set(both["month"].astype(str)) and max(counted) <= "2024-08"


def test_missiles_and_vetoes_are_those_on_which_both_codings_agree() -> None:
    assert {months.index("2021-03"), months.index("2024-07")} <= references.months_of("missile")
    assert months.index("2022-09") not in references.months_of("missile"), "one coding reads it as a nuclear threat"
    assert min(references.months_of("veto")) == months.index("2019-06")


def test_persistence_and_autoregression_of_known_series() -> None:
    walk = pd.Series([0.0, 1.0] * 6 + [5.0])
    assert references.persistence(walk, 1, LEVELS)[9] == 5.0
    halving = pd.Series([64.0, 32.0, 16.0, 8.0])
    assert references.autoregression(halving, 2, LEVELS) == pytest.approx(2.0)
    gap = pd.Series([64.0, 32.0, np.nan, 8.0, 4.0])
    assert references.autoregression(gap, 1, LEVELS) == pytest.approx(2.0)
    assert references.climatology(pd.Series([1.0, np.nan, 3.0]), LEVELS)[9] == 2.0


def test_persistence_is_as_wide_as_changes_over_so_many_periods_where_enough_are_known() -> None:
    squares = pd.Series(np.arange(11.0) ** 2)  # over one period it rises by 1, 3, ... 19, over three by 9, 15, ... 51
    for ahead, half in ((1, 9.0), (3, 21.0), (9, 21.0)):  # over four, seven changes are known, which is not enough
        quantiles = references.persistence(squares, ahead, LEVELS)
        assert (quantiles[9] - quantiles[0], quantiles[18] - quantiles[9]) == pytest.approx((0.9 * half,) * 2)
        assert quantiles[9] == 100.0


def test_the_seasonal_forecaster_says_what_the_same_month_said() -> None:
    known = pd.Series(np.tile(np.arange(12.0), 3))  # no change from year to year
    for ahead in (1, 5, 12, 14):
        assert references.seasonal(known, ahead, LEVELS) == pytest.approx((35 + ahead) % 12)
    known[[1, 13, 25]] = np.nan
    assert references.seasonal(known, 2, LEVELS)[9] == 11.0, "that month was never seen: the last figure"


def test_the_seasonal_forecaster_is_as_wide_as_changes_since_that_month_were() -> None:
    """A cube grows ever faster: its changes lie unevenly about their median, and those over three years are others."""
    cubes = pd.Series(np.arange(40.0) ** 3)
    changes = cubes.diff(12).dropna()
    quantiles = references.seasonal(cubes, 1, LEVELS)
    assert quantiles == pytest.approx(28.0**3 + np.quantile(changes - changes.median(), LEVELS))


def test_with_few_figures_changes_are_those_of_fewer_periods() -> None:
    squares = pd.Series(np.arange(9.0) ** 2)  # seven changes over two periods, eight over one: by 1, 3, ... 15
    quantiles = references.persistence(squares, 2, LEVELS)
    assert quantiles[18] - quantiles[9] == pytest.approx(0.9 * 7.0)
    quantiles = references.persistence(squares[:5], 3, LEVELS)  # four over one: by 1, 3, 5, 7
    assert quantiles[18] - quantiles[9] == pytest.approx(0.9 * 3.0)


def test_an_autoregression_of_three_changes_has_one_degree_of_freedom() -> None:
    """By hand: slope -1/2, level 3/2, rests -3/2, 3/2 and 0."""
    quantiles = references.autoregression(pd.Series([0.0, 0.0, 3.0, 0.0]), 1, LEVELS)
    assert (quantiles[9], quantiles[18] - quantiles[9]) == pytest.approx((1.5, 1.644854 * 4.5**0.5))


def test_an_autoregression_is_as_wide_as_its_rests_and_wider_two_periods_on() -> None:
    """By hand: slope and level 1/6; the squares of five rests sum to 14/3, over three degrees of freedom 14/9."""
    past = pd.Series([1.0, 1.0, -1.0, -1.0, 1.0, 1.0])
    one, two = (references.autoregression(past, ahead, LEVELS) for ahead in (1, 2))
    upper = 1.644854  # of the standard normal, 95%
    assert (one[9], two[9]) == pytest.approx((1 / 3, 1 / 6 + 1 / 18))
    assert (one[18] - one[9], one[9] - one[0]) == pytest.approx((upper * (14 / 9) ** 0.5,) * 2)
    assert two[18] - two[9] == pytest.approx(upper * (14 / 9 * (1 + 1 / 36)) ** 0.5)


def test_the_border_regression_follows_the_border_and_its_forecast(monkeypatch: pytest.MonkeyPatch) -> None:
    """Trade that is twice the openness, exactly; two paths of openness, one as likely as the other."""
    paths = np.array([[0.2, 0.4, 0.8, 0.98, 0.98], [0.2, 0.4, 0.8, 0.8, 0.08]])
    monkeypatch.setattr(references.border, "paths", lambda as_of, to, recovery: (paths, np.array([0.5, 0.5])))
    past = pd.Series(np.log(2.0 * (paths[0, :3] + references._CLOSED)))
    quantiles = references.border_regression(past, trade(2, 4), (0.25, 0.75))
    assert quantiles == pytest.approx(np.log([0.2, 2.0]))


def regressed(monkeypatch: pytest.MonkeyPatch, seen: list[float], then: float, past: pd.Series, level: float) -> float:
    """Return a quantile of the border regression, from the logs of an openness that is sure: seen, and then."""
    open_ = np.exp([[*seen, then]]) - references._CLOSED
    monkeypatch.setattr(references.border, "paths", lambda as_of, to, recovery: (open_, np.array([1.0])))
    return float(references.border_regression(past, trade(len(seen) - 1, len(seen)), (level,))[0])


def test_the_border_regression_is_as_wide_as_its_rests(monkeypatch: pytest.MonkeyPatch) -> None:
    """By hand: slope 1, level 0 and rests of one size; a level amid two of the two hundred points is exact."""
    upper = NormalDist().inv_cdf(0.9525)
    seen = [-2.0, -1.0, -1.0, 0.0]
    four = pd.Series([-2.0 + 0.5, -1.0 - 0.5, -1.0 - 0.5, 0.0 + 0.5])
    assert regressed(monkeypatch, seen, -0.3, four, 0.9525) == pytest.approx(-0.3 + upper * 0.5**0.5)
    three = pd.Series([-2.0 + 0.5, -1.0 - 1.0, 0.0 + 0.5])
    assert regressed(monkeypatch, [-2.0, -1.0, 0.0], -0.3, three, 0.9525) == pytest.approx(-0.3 + upper * 1.5**0.5)
    two = pd.Series([-0.4, -0.2])  # a border that hardly moved is a border that moved
    assert regressed(monkeypatch, [-0.4, -0.2], -0.3, two, 0.9525) == pytest.approx(-0.3)


def test_the_border_regression_reads_the_months_from_2019_on(monkeypatch: pytest.MonkeyPatch) -> None:
    past = pd.Series([99.0, -2.5, -1.0, 0.0], index=range(-1, 3))  # through the last two it would be another line
    fitted = np.polyval(np.polyfit([-2.0, -1.0, 0.0], past[1:], 1), -0.3)
    assert regressed(monkeypatch, [-2.0, -1.0, 0.0], -0.3, past, 0.5025) == pytest.approx(fitted, abs=0.005)


def test_where_the_border_was_always_open_its_forecast_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    past = pd.Series([4.0, 6.0, 4.0, 6.0])
    quantile = regressed(monkeypatch, [0.0] * 4, -3.0, past, 0.9525)
    assert quantile == pytest.approx(5.0 + NormalDist().inv_cdf(0.9525) * 2.0**0.5)


def test_each_question_has_its_forecasters() -> None:
    asked = questions_on(AUGUST_2024, months.index("2026-08"))
    by_question: dict[str, set[str]] = {}
    for question, name, _ in references.by_forecaster(asked, LEVELS):
        by_question.setdefault(question.about, set()).add(name)
    assert by_question["trade"] == {PERSISTENCE, AUTOREGRESSION, BASE, SEASONAL, BORDER}
    assert by_question["growth"] == by_question["share"] == {PERSISTENCE, AUTOREGRESSION, BASE}
    assert by_question["veto"] == by_question["monopoly"] == {PERSISTENCE, BASE}


@pytest.mark.parametrize(
    ("about", "as_of", "last"),
    [("trade", "2023-08", months.index("2023-07")), ("growth", "2024-07", 2023), ("growth", "2024-06", 2022)],
)
def test_a_months_figure_is_known_a_month_later_and_a_years_in_july(about: str, as_of: str, last: int) -> None:
    assert references.facts_of(about, months.index(as_of)).index[-1] == last


def test_the_past_of_a_question_is_its_own_series_and_ends_with_the_last_figure() -> None:
    for about, target, first, last, ahead in (
        ("share", "2025-12", (2010, 83.0), (2023, 98.3), 2),
        ("growth", "2024-12", (2011, 0.8), (2023, 3.1), 1),
        ("growth", "2031-12", (2011, 0.8), (2023, 3.1), 8),
        ("trade", "2024-09", (-14, 388.0), (months.index("2024-04"), 194.0), 5),
    ):
        past, periods = references.past_of(about, references.facts_of(about, AUGUST_2024), months.index(target))
        shown = references.MEASURES[about].in_unit(past.to_numpy())
        assert (past.index[0], shown[0]) == pytest.approx(first) and (past.index[-1], shown[-1]) == pytest.approx(last)
        assert periods == ahead


@pytest.mark.parametrize("as_of", ["2021-07", "2022-06", "2023-07"])
def test_nothing_later_is_known(as_of: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A month's figure is known a month later, a year's in the July after it: the others may be anything."""
    origin = months.index(as_of)
    asked = [question for question in questions_on(origin, origin + 12) if question.about not in ("missile", "veto")]

    def changed(table: str) -> pd.DataFrame:
        rows = observed_table(table)
        if table == "annual":
            later = (rows["year"] - 2019) * 12 + 18 > origin
        else:
            later = (rows["month"].dt.year - 2019) * 12 + rows["month"].dt.month > origin
        assert later.any()
        return rows.assign(value=rows["value"].where(~later, 1.0))

    def said() -> np.ndarray:
        return np.concatenate([np.atleast_1d(row) for _, _, row in references.by_forecaster(asked, LEVELS)])

    before = said()
    monkeypatch.setattr(references, "observed_table", changed)
    monkeypatch.setattr(references, "HAPPENED", {
        about: (*(month for month in seen if month <= as_of), "2024-08") for about, seen in references.HAPPENED.items()
    })  # fmt: skip
    assert (said() == before).all()


def test_base_rates_count_half_years_and_stop_at_the_last_month() -> None:
    asked = questions_on(AUGUST_2024, months.index("2026-08"))
    every = references.by_forecaster(asked, LEVELS)
    chances = {(question.id, name): said for question, name, said in every}
    assert chances["summit/2024-09", BASE] == pytest.approx((3 + 1) / (13 + 2))  # three of thirteen half-years
    assert chances["slight/2024-09", PERSISTENCE] == 0.9 and chances["summit/2024-09", PERSISTENCE] == pytest.approx(
        0.1
    )
    assert chances["arms-halved/2024-09", BASE] == 0.5


@pytest.mark.parametrize(("month", "ago"), [("2024-08", 1), ("2024-03", 1), ("2024-02", 2), ("2023-09", 2)])
def test_an_event_counts_in_its_half_year_alone(monkeypatch: pytest.MonkeyPatch, month: str, ago: int) -> None:
    monkeypatch.setitem(references.HAPPENED, "summit", (month,))
    monkeypatch.setitem(references.RECORDED, "summit", ("beijing_bloc", "join"))  # of which there is none
    assert references.was_seen("summit", AUGUST_2024, 6) == [place == 13 - ago for place in range(13)]


def test_a_half_year_that_was_watched_in_part_does_not_count(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(references, "_SEEN_FROM", references._SEEN_FROM + 1)
    assert len(references.was_seen("summit", AUGUST_2024, 6)) == 12
    assert len(references.was_seen("veto", AUGUST_2024, 6)) == 11, "of vetoes the record tells from 2019 on"
    assert [len(references.was_seen("veto", as_of, 6)) for as_of in (10, 11)] == [1, 2]


def test_a_month_of_two_digits_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(references.HAPPENED, "three-way", ("2018-11",))
    assert references.months_of("three-way") == {-2}


def test_a_share_at_the_line_is_a_monopoly(monkeypatch: pytest.MonkeyPatch) -> None:
    shares = pd.Series([MONOPOLY - 0.1, MONOPOLY, MONOPOLY + 0.1], index=[2021, 2022, 2023])
    monkeypatch.setattr(references, "facts_of", lambda about, as_of: shares)
    assert references.was_seen("monopoly", AUGUST_2024, 12) == [False, True, True]
    asked = [
        question
        for question in questions_on(months.index("2020-12"), months.index("2023-12"))
        if question.about == "monopoly"
    ]
    assert references.question_outcomes(asked).tolist() == [0.0, 1.0, 1.0]


def test_facts_are_what_the_record_says_and_end_with_it(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = questions_on(months.index("2023-02"), months.index("2025-02"))
    facts = references.question_outcomes(asked)
    assert facts["trade/2023-07"] == 181.6 and facts["growth/2023"] == 3.1 and facts["monopoly/2023"] == 1.0
    assert (facts["slight/2023-09"], facts["slight/2024-03"], facts["veto/2023-09"]) == (0.0, 1.0, 1.0)
    assert "slight/2024-09" not in facts and "trade/2024-05" not in facts and "three-way/2023-03" not in facts
    monkeypatch.setattr(references, "facts_of", lambda about, as_of: pd.Series({2023: MONOPOLY - 0.1}))
    assert references.question_outcomes(
        [question for question in asked if question.id == "monopoly/2023"]
    ).tolist() == [0.0]


@pytest.mark.parametrize(("month", "came"), [("2024-02", 0.0), ("2024-03", 1.0), ("2024-08", 1.0), ("2024-09", 0.0)])
def test_an_event_comes_in_the_months_asked_about(monkeypatch: pytest.MonkeyPatch, month: str, came: float) -> None:
    asked = [
        question for question in questions_on(months.index("2023-02"), AUGUST_2024) if question.id == "slight/2024-03"
    ]
    monkeypatch.setattr(references, "months_of", lambda about: {months.index(month)})
    assert references.question_outcomes(asked).tolist() == [came]


def test_facts_of_a_year_are_those_of_the_year_asked_about(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(references.vintage, "last_month", lambda: "2032-08")
    monkeypatch.setattr(references, "facts_of", lambda about, as_of: pd.Series({2030: 1.5, 2031: 2.5}))
    asked = [
        question
        for question in questions_on(months.index("2030-12"), months.index("2031-12"))
        if question.about == "growth"
    ]
    assert references.question_outcomes(asked).tolist() == [2.5]


# --- What is known as of a month, from both sides


def test_an_event_is_seen_from_its_month_on() -> None:
    first = months.index("2019-06")
    assert min(references.months_of("veto")) == first
    assert not any(references.was_seen("veto", first - 1, 1))
    assert [references.was_seen("veto", first, length)[-1] for length in (1, 2)] == [True, True]


def test_a_question_has_an_answer_once_its_last_month_is_in_the_record() -> None:
    def asked(last: int) -> Question:
        return Question(f"summit/{last}", EVENT, "", "Kim and Xi meet", last - 5, last, AUGUST_2024)

    came = references.question_outcomes([asked(AUGUST_2024), asked(AUGUST_2024 + 1)])
    assert came.to_dict() == {f"summit/{AUGUST_2024}": 0.0}


def test_an_event_counts_in_the_first_and_the_last_month_that_are_asked_about() -> None:
    month = months.index("2021-03")
    spans = [(month, month + 2), (month - 2, month), (month + 1, month + 1), (month - 1, month - 1)]
    assert month + 1 not in references.months_of("missile") and month - 1 not in references.months_of("missile")
    asked = [Question(f"missile/{n}", EVENT, "", "", first, last, AUGUST_2024) for n, (first, last) in enumerate(spans)]
    assert references.question_outcomes(asked).tolist() == [1.0, 1.0, 0.0, 0.0]
