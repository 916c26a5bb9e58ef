"""Figures as a likelihood: exact where it can be checked, and learnt again where it was made up."""

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from scipy.stats import multivariate_normal

from sim.inference import filtering, measurements
from sim.inference.measurements import MEASURES, REST, SECOND, THIRD, WATCHED, Discrepancy, Kalman, Measurements
from sim.model import months
from sim.registers.register import observed_table
from sim.registers.targets import target_series

BORDER = np.concatenate([np.ones(12), np.linspace(0.0, 1.0, 56)])


def together(gaps: dict[int, float], process: Discrepancy, error: float, border: np.ndarray) -> float:
    """Return how likely gaps are as one draw of a normal vector with all its covariances."""
    count = len(border)
    covariance = np.zeros((count, count))
    variance = process.fresh(border[0]) ** 2 / (1.0 - process.kept**2)
    for month in range(count):
        if month:
            variance = process.kept**2 * variance + process.fresh(border[month]) ** 2
        for later in range(month, count):
            covariance[month, later] = covariance[later, month] = variance * process.kept ** (later - month)
    at = list(gaps)
    cut = covariance[np.ix_(at, at)] + error**2 * np.eye(len(at))
    return float(multivariate_normal(np.zeros(len(at)), cut).logpdf(list(gaps.values())))


def one_by_one(gaps: dict[int, float], process: Discrepancy, error: float, border: np.ndarray) -> float:
    kalman, total = Kalman(1, process, border[0]), 0.0
    for month in range(len(border)):
        if month:
            kalman.pass_on(border[month])
        if month in gaps:
            total += float(kalman.update(np.array([gaps[month]]), error)[0])
    return total


@pytest.mark.parametrize("kept", [0.0, 0.4, 0.95])
def test_month_by_month_is_all_at_once(kept: float) -> None:
    gaps = {2: 0.3, 3: -0.1, 20: 1.2, 21: 0.9, 50: -0.4}
    process = Discrepancy(kept, 0.9, 0.15)
    assert one_by_one(gaps, process, 0.03, BORDER) == pytest.approx(together(gaps, process, 0.03, BORDER), abs=1e-9)


def test_a_shut_border_makes_trade_less_certain() -> None:
    process = Discrepancy(0.5, 1.0, 0.1)
    assert process.fresh(0.0) == 1.0 and process.fresh(1.0) == pytest.approx(0.1)
    assert 0.1 < process.fresh(0.6) < process.fresh(0.4) < 1.0
    assert process.fresh(1.7) == process.fresh(1.0)


def test_a_process_is_learnt_again_from_what_it_made() -> None:
    true, chance = Discrepancy(0.6, 0.8, 0.2), np.random.default_rng(4)
    border, gap, gaps = np.tile(BORDER, 12), 0.0, []
    for month, openness in enumerate(border):
        gap = true.kept * gap + true.fresh(float(openness)) * chance.standard_normal()
        gaps.append((month, float(gap + 0.03 * chance.standard_normal())))
    learnt = measurements._likeliest(gaps, border, 0.03)
    assert learnt.kept == pytest.approx(true.kept, abs=0.08)
    assert learnt.shut == pytest.approx(true.shut, rel=0.15) and learnt.opened == pytest.approx(true.opened, rel=0.15)


def test_no_figure_is_known_before_it_was_published() -> None:
    for name in MEASURES:
        for figure in measurements.series_figures(name):
            assert 0 <= figure.month < figure.known
    assert [figure.month for figure in measurements.series_figures("growth")] == [11, 23, 35, 47, 59]
    assert [figure.known for figure in measurements.series_figures("growth")] == [18, 30, 42, 54, 66]
    assert {figure.series for figure in measurements.known_figures(67)} == set(MEASURES)
    early = measurements.known_figures(29)
    assert max(figure.month for figure in early) <= 28
    assert [figure.month for figure in early if figure.series == "growth"] == [11]
    assert len(measurements.series_figures("shells")) == 3


def test_figures_on_the_spot_are_likelier_than_figures_far_off() -> None:
    flow = np.array([0.1, 1.0, 1.1])
    processes = {name: Discrepancy(0.5, 0.3, 0.3) for name in MEASURES}
    figures = [measurements.Figure("trade", 1, float(np.log(240.0)), 2)]
    many = Measurements(3, BORDER, processes, figures)
    states = {name: np.ones(3) for name in WATCHED} | {"china_flow": flow}
    assert many.weigh(states) == {}
    (weights,) = many.weigh(states).values()
    assert weights[1] > weights[2] > weights[0]
    many.select(np.array([2, 2, 0]))
    assert many.past["china_flow"][1].tolist() == [1.1, 1.1, 0.1]
    assert many._kalman["trade"].mean[0] == many._kalman["trade"].mean[1] < 0.0


def test_a_years_figure_is_of_its_year() -> None:
    past = {name: [np.array([1.0])] * 24 for name in WATCHED} | {REST: [np.array([0.02])] * 24}
    past["economy"] = [np.array([1.0])] * 12 + [np.array([1.1])] * 12
    assert MEASURES["growth"].of(past)[0] == pytest.approx(np.log(1.1))
    assert MEASURES["growth"].seen(10.0) == pytest.approx(np.log(1.1))
    assert MEASURES["trade"].of(past)[0] == pytest.approx(np.log(240.0))
    share = MEASURES["share"].of(past)[0]
    assert 1.0 / (1.0 + np.exp(-share)) == pytest.approx(1.0 / (1.0 + 0.1 + 0.02))


# --- The third sitting's errors

OPENED = np.ones(68)


def test_a_calendar_month_counts_by_its_figures() -> None:
    """Of 2018, 2019 and 2023, in which the border was open: February was seen once, and low."""
    factors = measurements.month_factors(filtering.border_of(filtering.known_world("2024-08")), 67)
    assert len(factors) == 12 and sum(factors) == pytest.approx(0.0, abs=1e-9)
    assert np.exp(factors[1]) == pytest.approx(0.79, abs=0.02) and np.exp(factors[11]) == pytest.approx(1.15, abs=0.02)


def test_a_month_with_one_figure_is_taken_by_half(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = pd.DataFrame({"series": MEASURES["trade"].series, "month": pd.period_range("2023-01", "2023-12", freq="M")})
    rows["value"] = [100.0] * 11 + [100.0 * np.e**1.2]
    monkeypatch.setattr(measurements, "observed_table", lambda table: rows)
    factors = measurements.month_factors(OPENED, 67)
    assert factors[11] == pytest.approx(1.1 / 2) and factors[0] == pytest.approx(-0.1 / 2)


@pytest.mark.parametrize(("as_of", "counts"), [(59, False), (60, True)])
def test_a_year_counts_once_its_december_is_known(as_of: int, counts: bool) -> None:
    early = measurements.month_factors(OPENED, 13)
    assert (measurements.month_factors(np.r_[np.ones(12), np.zeros(36), np.ones(20)], as_of) != early) == counts


def test_years_of_a_shut_border_say_nothing_of_months() -> None:
    shut = np.r_[np.ones(12), np.zeros(56)]
    assert measurements.month_factors(shut, 67) == measurements.month_factors(OPENED[:24], 13)


@pytest.mark.parametrize("as_of", [30, 60])
def test_no_later_figure_is_read(as_of: int, monkeypatch: pytest.MonkeyPatch) -> None:
    before = measurements.month_factors(OPENED, as_of), processes(as_of)

    def changed(table: str) -> pd.DataFrame:
        rows = observed_table(table)
        at = (rows["year"] - 2019) * 12 + 18 if table == "annual" else _index(rows["month"]) + 1
        return rows.assign(value=rows["value"].where(at <= as_of, 1.0))

    monkeypatch.setattr(measurements, "observed_table", changed)
    measurements.series_figures.cache_clear()
    try:
        assert (measurements.month_factors(OPENED, as_of), processes(as_of)) == before
        assert as_of == 60 or processes(67) != before[1], "the later figures are others"
    finally:
        monkeypatch.undo()
        measurements.series_figures.cache_clear()


def _index(period: pd.Series) -> pd.Series:
    return (period.dt.year - 2019) * 12 + period.dt.month - 1


def processes(as_of: int, errors: measurements.ErrorModel = THIRD) -> dict[str, Discrepancy]:
    free = SimpleNamespace(array=lambda name: np.full((2, 68), 0.5))
    return measurements.learn_errors(free, OPENED, as_of, errors)  # type: ignore[arg-type]


def test_of_growth_and_share_what_was_missed_carries_over_in_the_third_sitting_alone() -> None:
    now, before = processes(67), processes(67, SECOND)
    assert (now["share"].kept, now["growth"].kept) == (0.6, 0.15) and now["trade"].slow == 0.07
    assert (before["share"].kept, before["growth"].kept, before["trade"].slow) == (0.0, 0.0, 0.0)
    assert set(before["trade"].by_month) == {0.0} and before["share"].rest == (0.02, 0.02)
    few = processes(12)["growth"], processes(12, SECOND)["growth"]  # nothing is known yet: the least there is
    assert few[0].shut == pytest.approx(0.02 * np.sqrt(1.0 - 0.15**2)) and few[1].shut == pytest.approx(0.008)


@pytest.mark.parametrize(("kept", "moves"), [(0.0, 0.0), (0.6, 0.6)])
def test_a_figure_just_known_moves_next_years(kept: float, moves: float) -> None:
    kalman = Kalman(1, Discrepancy(kept, 0.3, 0.3))
    kalman.update(np.array([1.0]), 0.01)
    now = kalman.mean[0]
    kalman.pass_on(1.0)
    assert now > 0.9 and kalman.mean[0] == pytest.approx(moves * now)


def test_every_run_has_a_rest_of_the_world_and_keeps_it() -> None:
    rest = measurements.rest_of_world((0.005, 0.02), 1_000)
    assert rest.min() >= 0.005 and rest.max() <= 0.02 and len(set(rest)) == 1_000
    assert np.quantile(rest, [0.25, 0.75]) == pytest.approx([0.00875, 0.01625], abs=1e-4)
    assert set(measurements.rest_of_world((0.02, 0.02), 9)) == {0.02}
    same = dict.fromkeys(MEASURES, Discrepancy(0.6, 0.3, 0.3, rest=(0.005, 0.02)))
    many = Measurements(4, BORDER, same, [])
    many.weigh({name: np.ones(4) for name in WATCHED})
    own = many._rest.copy()
    many.select(np.array([3, 3, 0, 1]))
    assert many._rest.tolist() == many.past[REST][-1].tolist() == own[[3, 3, 0, 1]].tolist()


def test_a_gap_of_a_years_figure_passes_on_once_a_year_and_that_of_a_months_once_a_month() -> None:
    """By hand: two figures of December 2019 leave less variance, which grows again with each step to December 2020."""
    process, december = Discrepancy(0.5, 0.3, 0.3), months.index("2019-12")
    figures = [measurements.Figure(name, december, 0.0, 99) for name in ("growth", "trade")]
    many = Measurements(1, BORDER, dict.fromkeys(MEASURES, process), figures)
    states = {name: np.ones(1) for name in WATCHED}
    for _ in range(24):
        many.weigh(states)
    for name, passed in (("growth", 1), ("trade", 12)):
        whole, error = 0.3**2 / (1.0 - 0.5**2), MEASURES[name].error ** 2
        variance = whole * error / (whole + error)
        for _ in range(passed):
            variance = 0.5**2 * variance + 0.3**2
        assert many._kalman[name].variance == pytest.approx(variance)


# --- From when a figure is known, from both sides


def test_a_month_is_known_a_month_later_and_a_year_in_july() -> None:
    def latest(as_of: str, series: str) -> int:
        return max(
            figure.month for figure in measurements.known_figures(months.index(as_of)) if figure.series == series
        )

    assert latest("2021-04", "trade") == months.index("2021-03")
    assert latest("2021-05", "trade") == months.index("2021-04")
    for series in ("growth", "share"):
        assert latest("2021-06", series) == months.index("2019-12")
        assert latest("2021-07", series) == months.index("2020-12")


def test_every_figure_is_known_from_its_month_on_and_not_the_month_before() -> None:
    for name in MEASURES:
        for figure in measurements.series_figures(name):
            assert figure in measurements.known_figures(figure.known)
            assert figure not in measurements.known_figures(figure.known - 1)


def test_discrepancies_are_learnt_from_a_figure_once_it_is_known() -> None:
    """An economy that doubles within 2019 misses the growth of that year, which is known in July 2020."""
    past = {name: [np.ones(1)] * 12 for name in WATCHED} | {"economy": [np.full(1, 2.0)] * 12}
    before, after = (
        measurements._learnt("growth", past, BORDER, months.index(as_of), SECOND) for as_of in ("2020-06", "2020-07")
    )
    assert before.opened == 0.008, "what the register of series says"
    (growth,) = [figure.value for figure in measurements.series_figures("growth") if figure.month == 11]
    assert after.opened == pytest.approx(abs(growth - MEASURES["growth"].of(past)[0]), abs=1e-3) and after.opened > 0.1


# --- Each figure by hand

EDGE = months.index("2023-09")  # from when shells are counted


def test_each_figure_of_the_model_is_in_the_unit_and_on_the_scale_of_its_table() -> None:
    """Of two runs; 2024 is halfway, so a year is its last twelve months."""
    past = {name: [np.array([9.0, 9.0])] * EDGE + [np.array([0.5, 0.0])] * 12 for name in WATCHED}
    past["economy"] = [np.array([value] * 2) for value in [7.0] * (EDGE - 12) + [1.0] * 12] + [
        np.array([1.1, 0.9])
    ] * 12
    past[REST] = [np.array([0.01, 0.02])] * (EDGE + 12)
    own = {name: measure.in_unit(measure.of(past)) for name, measure in MEASURES.items()}
    assert own["trade"] == pytest.approx([120.0, 240.0 * 1e-4]), "a flow has a logarithm"
    assert own["growth"] == pytest.approx([10.0, -10.0])
    assert own["share"] == pytest.approx([100.0 * 0.5 / (0.5 + 0.05 + 0.01), 0.01])
    assert own["shells"] == pytest.approx([12 * 0.5 * 0.5, 1e-4]), "none of the months before count"
    assert own["workers in China"] == pytest.approx([35_000.0, 7.0])
    assert own["workers abroad"] == pytest.approx([60_000.0, 1.0])
    for name, measure in MEASURES.items():
        figure = np.array([3.0])
        assert measure.in_unit(np.array([measure.seen(3.0)])) == pytest.approx(figure), name


def test_growth_of_the_first_year_is_set_against_the_start() -> None:
    past = {"economy": [np.full(1, 2.0 * measurements._START)] * 12}
    assert MEASURES["growth"].of(past) == pytest.approx(np.log(2.0))
    past["economy"].append(np.full(1, 3.0 * measurements._START))  # twelve months before it are one month alone
    now = (11 * 2.0 + 3.0) / 12 * measurements._START
    assert MEASURES["growth"].of(past) == pytest.approx(np.log(now / (2.0 * measurements._START)))


def test_errors_of_observation_are_those_of_the_register_on_each_scale() -> None:
    says = {name: target.observation for name, target in target_series().items()}
    assert {name: measure.error for name, measure in MEASURES.items()} == pytest.approx({
        "trade": says["trade"], "shells": says["shells"], "growth": says["growth"] / 100.0,
        "share": says["share"] / 100.0 / (0.95 * 0.05), "workers in China": 0.3, "workers abroad": 0.3,
    })  # fmt: skip
    slope = (MEASURES["share"].seen(95.001) - MEASURES["share"].seen(95.0)) / 0.001
    assert MEASURES["share"].error == pytest.approx(says["share"] * slope, rel=1e-3)


@pytest.mark.parametrize(("name", "kept", "least"), [
    ("trade", 0.9, 0.4), ("growth", 0.15, 0.02), ("share", 0.6, 0.3), ("shells", 0.9, 0.15),
    ("workers in China", 0.0, 0.3), ("workers abroad", 0.0, 0.3),
])  # fmt: skip
def test_what_few_figures_tell_is_the_mean_square_of_what_was_missed_or_the_least(
    name: str, kept: float, least: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By hand: gaps of 3 and 4 errors and a month that is not known yet, which would be a gap of a thousand."""
    measure, past = MEASURES[name], {state: [np.ones(1)] * 68 for state in (*WATCHED, REST)}
    by_month = tuple(0.1 * month * (name == "trade") for month in range(12))  # what the calendar makes is no gap
    monkeypatch.setattr(measurements, "month_factors", lambda *_: tuple(0.1 * month for month in range(12)))

    def learnt(*gaps: float) -> Discrepancy:
        at = [59, 58][: len(gaps)]
        own = [float(measure.of(measurements.until(past, month))[0]) for month in at]
        made = [measurements.Figure(name, month, value + by_month[month % 12] + gap, month + 1)
                for month, value, gap in zip(at, own, gaps, strict=True)]  # fmt: skip
        monkeypatch.setattr(measurements, "series_figures", lambda _: (*made, measurements.Figure(name, 61, 1e3, 62)))
        return measurements._learnt(name, past, np.zeros(68), 61, THIRD)

    none = learnt()
    assert none.kept == kept and none.shut == none.opened == pytest.approx(least * np.sqrt(1.0 - kept**2))
    assert learnt(0.5 * least).shut == none.shut, "never less than the register says"
    wide = np.sqrt((9.0 + 16.0) / 2 - measure.error**2)
    assert learnt(3.0, -4.0).shut == pytest.approx(wide * np.sqrt(1.0 - kept**2))
    assert none.slow == (0.07 if name == "trade" else 0.0) and none.rest == (0.005, 0.02)


@pytest.mark.parametrize(("count", "likeliest"), [(11, False), (12, True)])
def test_a_year_of_figures_of_trade_is_enough_to_tell_how_long_a_gap_lasts(
    count: int, likeliest: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    figures = tuple(measurements.Figure("trade", month, 5.0, month + 1) for month in range(count))
    monkeypatch.setattr(measurements, "series_figures", lambda _: figures)
    monkeypatch.setattr(measurements, "_likeliest", lambda gaps, *_: Discrepancy(0.123, 1.0, 2.0))
    past = {name: [np.ones(1)] * 68 for name in (*WATCHED, REST)}
    learnt = measurements._learnt("trade", past, np.zeros(68), 67, THIRD)
    assert (learnt.kept == 0.123) == likeliest and learnt.slow == 0.07


@pytest.mark.parametrize(("openness", "counts"), [(0.5, True), (0.49, False)])
def test_a_year_is_open_if_no_month_is_less_than_half_open(openness: float, counts: bool) -> None:
    border = np.ones(68)
    border[20] = openness
    assert [measurements._open_year(year, border, 67) for year in (2018, 2019, 2020, 2021)] == [
        True,
        True,
        counts,
        True,
    ]


class Ones:
    """Chance that is always one standard deviation above."""

    def standard_normal(self, runs: int) -> np.ndarray:
        return np.ones(runs)


def test_figures_to_come_are_drawn_about_each_runs_own_with_every_error() -> None:
    """By hand, all chance one deviation up: December 2019 is known, February 2021 is the last month that is drawn."""
    flow, by_month = np.array([1.0, 2.0, 0.5]), tuple(0.1 * month for month in range(12))
    process = Discrepancy(0.5, 0.8, 0.2, slow=0.07, by_month=by_month)
    many = Measurements(3, np.ones(26), dict.fromkeys(MEASURES, process), [])
    for _ in range(12):
        many.weigh({name: np.ones(3) for name in WATCHED})
    border = np.ones((3, 26))
    border[2] = 0.0  # the border of the last run is shut
    later = Runs(np.repeat(flow[:, None], 26, axis=1))
    drawn = many.draw_figures("trade", later, border, Ones())  # type: ignore[arg-type]
    assert list(drawn) == list(range(12, 26))
    gap, slow = np.full(3, 0.2 / np.sqrt(1 - 0.25)), np.zeros(3)
    for month in range(12, 26):
        gap, slow = 0.5 * gap + np.array([0.2, 0.2, 0.8]), 0.98 * slow + 0.07
        logs = np.log(240.0 * flow) + by_month[month % 12] + gap + slow + MEASURES["trade"].error
        assert drawn[month] == pytest.approx(np.exp(logs)), month
    yearly = many.draw_figures("growth", later, border, Ones())  # type: ignore[arg-type]
    assert list(yearly) == [23], "the year that begins within the months is not over"
    gap = 0.5 * 0.2 / np.sqrt(1 - 0.25) + np.array([0.2, 0.2, 0.8])
    logs = by_month[11] + gap + 0.07 + MEASURES["growth"].error  # growth itself is none
    assert yearly[23] == pytest.approx(100.0 * np.expm1(logs))


class Runs:
    """Three runs of which every series is alike."""

    def __init__(self, values: np.ndarray) -> None:
        self.values = values

    def array(self, name: str) -> np.ndarray:
        return self.values

    def __len__(self) -> int:
        return 3


def test_calendar_months_and_what_is_already_known_move_a_gap() -> None:
    by_month = tuple(float(month) for month in range(12))
    process = Discrepancy(0.5, 0.3, 0.3, by_month=by_month)
    figures = [measurements.Figure("trade", 13, float(np.log(240.0)) + 1.0, 14)]  # February: 1 above, as ever
    many = Measurements(1, np.ones(20), dict.fromkeys(MEASURES, process), figures)
    logs = [many.weigh({name: np.ones(1) for name in WATCHED}) for _ in range(14)][-1]
    total = 0.3**2 / 0.75 + MEASURES["trade"].error ** 2
    assert logs["trade"] == pytest.approx(-0.5 * np.log(2 * np.pi * total)) and many._kalman["trade"].mean == [0.0]


def test_what_was_learnt_is_told_a_row_a_series() -> None:
    table = measurements.error_table({"trade": Discrepancy(0.5, 0.8, 0.2)})
    assert table.loc["trade"].tolist() == [MEASURES["trade"].error, 0.5, 0.8, 0.2]
    assert list(table) == ["error", "kept", "border shut", "border open"]


def test_a_discrepancy_is_passed_on_with_the_border_of_its_own_month_and_a_years_in_january() -> None:
    border = np.concatenate([[0.0, 1.0, 0.5], np.ones(9), [0.25], np.ones(23), [0.75], np.ones(12)])
    process = Discrepancy(0.9, 0.8, 0.2, by_month=tuple(0.01 * month for month in range(12)))
    gaps = {name: {0: 0.3, 2: -0.2, 13: 0.5} if name == "trade" else {11: 0.4, 23: -0.1, 47: 0.2}
            for name in ("trade", "workers in China")}  # fmt: skip
    own = {"trade": np.log(240.0), "workers in China": np.log(70_000.0)}
    figures = [measurements.Figure(name, month, float(own[name]) + process.by_month[month % 12] + gap, month + 1)
               for name, some in gaps.items() for month, gap in some.items()]  # fmt: skip
    weighed = Measurements(1, border, dict.fromkeys(MEASURES, process), figures)
    logs = [weighed.weigh({name: np.ones(1) for name in WATCHED}) for _ in border]
    said = {name: {month: float(log[name][0]) for month, log in enumerate(logs) if name in log} for name in gaps}
    assert {name: list(at) for name, at in said.items()} == {name: list(some) for name, some in gaps.items()}
    yearly = {month // 12: gap for month, gap in gaps["workers in China"].items()}
    for name, some, path in (("trade", gaps["trade"], border), ("workers in China", yearly, border[::12])):
        whole = together(some, process, MEASURES[name].error, path)
        assert sum(said[name].values()) == pytest.approx(whole, abs=1e-9), name


def test_a_share_of_everything_has_a_logit_and_a_discrepancy_is_plain_unless_said() -> None:
    past = {name: [np.ones(2)] * 12 for name in WATCHED} | {REST: [np.zeros(2)] * 12}
    past["russia_flow"] = [np.zeros(2)] * 12
    share = MEASURES["share"]
    assert share.in_unit(share.of(past)) == pytest.approx(100.0 * (1.0 - 1e-4))
    plain = Discrepancy(0.5, 0.8, 0.2)
    assert (plain.slow, plain.by_month, plain.rest) == (0.0, (0.0,) * 12, SECOND.rest)
    assert [plain.fresh(border) for border in (-1.0, 0.0, 0.5, 1.0, 2.0)] == pytest.approx([0.8, 0.8, 0.4, 0.2, 0.2])


def test_of_one_gap_the_likeliest_variance_is_its_square_and_of_no_year_nothing_is_said() -> None:
    border = np.array([0.0, 1.0, 1.0])
    learnt = measurements._likeliest([(0, 2.0)], border, 0.03)
    assert learnt.shut**2 / (1.0 - learnt.kept**2) + 0.03**2 == pytest.approx(4.0, rel=1e-3)
    assert measurements.month_factors(OPENED, -1) == (0.0,) * 12
