"""Forecasts are written from what was known in August 2024."""


import numpy as np
import pandas as pd
import pytest

from sim.article.register import observed
from sim.calibration.hindcast import KEPT
from sim.calibration.parameter_sets import given
from sim.engine.ensemble import Ensemble
from sim.engine.plan import NEVER
from sim.model import months
from sim.model.moves import LEVER, LEVERS
from sim.scenario import Scenario
from sim.scenario.source import Source
from sim.trial import forecasts as forecast
from sim.trial.forecasts import BASE, LEVELS, MODEL, PERSISTENCE, QUANTILES

SETS = given(pd.DataFrame({"hazard_months": [12.0, 120.0]}), Source.MIXED)
MONTHS = months.index(forecast.LAST) + 1


@pytest.fixture(scope="module")
def made() -> tuple[pd.DataFrame, pd.DataFrame]:
    return forecast.forecasts(SETS, 2, seed=4)


def test_the_war_is_likelier_to_last_the_longer_a_set_expects_it_to() -> None:
    chances = forecast.ends(SETS)
    assert chances.shape == (25, 2) and chances.sum(axis=0) == pytest.approx([1.0, 1.0])
    assert chances[-1] == pytest.approx([43 / 67, 151 / 175])  # 31 months fought, 24 to come
    assert (np.diff(chances[:-1], axis=0) < 0).all()
    squared = given(pd.DataFrame({"hazard_months": [12.0], "hazard_ends": [2.0]}), Source.MIXED)
    assert forecast.ends(squared)[-1] == pytest.approx((43 / 67) ** 2)


def test_a_world_of_peace_is_named_by_its_first_month() -> None:
    assert [forecast.world(month).name for month in ("2025-01", None)] == ["peace from 2025-01", "no peace yet"]


def test_every_question_has_every_forecaster_that_can_answer(made: tuple[pd.DataFrame, pd.DataFrame]) -> None:
    table, scenarios = made
    asked = table.groupby("id")["forecaster"].agg(set)
    for name, kind, _, _ in forecast.questions():
        assert asked[name] == ({MODEL, PERSISTENCE, BASE} | ({"AR(1)"} if kind == "number" else set()))
    numbers, events = table[table["kind"] == "number"], table[table["kind"] == "event"]
    assert (QUANTILES[0], QUANTILES[9], QUANTILES[-1]) == ("q05", "q50", "q95")
    assert (numbers[list(QUANTILES)].diff(axis=1).iloc[:, 1:] >= 0).all(axis=None)
    assert events["probability"].between(0, 1).all() and numbers["probability"].isna().all()
    assert scenarios["weight"].sum() == pytest.approx(1.0) and len(scenarios) == 25
    assert table.index.is_unique


def test_a_forecast_mixes_the_worlds_by_the_chance_of_their_peace(monkeypatch: pytest.MonkeyPatch) -> None:
    chance = set()

    def simulated(scenario: Scenario, sets: pd.DataFrame, runs: int, *more: object) -> Ensemble:
        chance.add(more)
        many = still(len(sets) * runs)
        many.states[..., KEPT.index("china_flow")] = 0.0 if scenario.war_end is None else 1.0
        return many

    monkeypatch.setattr(forecast, "simulate_sets", simulated)
    table, scenarios = forecast.forecasts(SETS, 3, seed=1)
    assert chance == {(1, 0, 1)}, "seed, number of the first run and threads: every run has the same chance"
    row = table[(table["id"] == "trade/2026-08") & (table["forecaster"] == MODEL)].iloc[0]
    peace = 1.0 - scenarios["weight"].iloc[-1]
    assert [row[name] for name, level in zip(QUANTILES, LEVELS, strict=True) if level < 1 - peace] == [0.0] * 15
    assert [row[name] for name, level in zip(QUANTILES, LEVELS, strict=True) if level > 1 - peace] == [240.0] * 4


def still(runs: int) -> Ensemble:
    states, played = np.full((runs, MONTHS, len(KEPT)), 0.5), np.zeros((runs, MONTHS, len(LEVERS)), dtype=np.int8)
    return Ensemble(forecast.world(None), 1, np.arange(runs), np.full(runs, NEVER), states, played,
                    source=Source.PRIOR, kept=KEPT)  # fmt: skip


def test_events_are_read_in_their_own_half_year() -> None:
    many = still(1)
    place = [lever.field for lever in LEVERS].index("pyongyang_toward_beijing")
    lever = LEVER["pyongyang_toward_beijing"]
    many.played[...] = 0
    many.played[..., place] = lever.index(0.3)
    many.played[0, months.index("2025-03"), place] = lever.index(-1.0)
    found = forecast.answers(many)
    slights = {first: found[f"slight/{first}"].item() for first, _ in forecast.HALVES}
    assert slights == {"2024-09": 0.0, "2025-03": 1.0, "2025-09": 0.0, "2026-03": 0.0}
    assert found["arms-halved/2024-09"].item() == 0.0
    many.states[0, months.index("2026-08"), KEPT.index("arms_flow")] = 0.25
    assert forecast.answers(many)["arms-halved/2024-09"].item() == 1.0


def test_nothing_is_halved_that_never_flowed() -> None:
    many = still(1)
    many.states[..., KEPT.index("arms_flow")] = 0.0
    assert forecast.answers(many)["arms-halved/2024-09"].item() == 0.0


def test_arms_are_halved_in_the_run_in_which_they_flowed_and_in_no_other() -> None:
    many = still(4)
    arms = many.states[..., KEPT.index("arms_flow")]
    arms[...] = 0.0
    arms[0] = 0.5
    arms[0, -1] = 0.25
    assert forecast.answers(many)["arms-halved/2024-09"].tolist() == [1.0, 0.0, 0.0, 0.0]


def test_the_events_counted_are_in_the_register() -> None:
    events = observed("events")
    both = events[events[["actor", "target"]].isin(["Beijing", "Pyongyang"]).all(axis=1)]
    assert set(forecast.SUMMITS) | set(forecast.SLIGHTS) <= set(both["month"].astype(str))
    assert max(forecast.SLIGHTS) <= forecast.KNOWN


def test_persistence_and_autoregression_of_known_series() -> None:
    walk = pd.Series([0.0, 1.0, 0.0, 1.0, 0.0, 1.0, 5.0])
    assert forecast.persistence(walk, 1)[9] == 5.0
    halving = pd.Series([64.0, 32.0, 16.0, 8.0])
    assert forecast.autoregression(halving, 2) == pytest.approx(2.0)
    gap = pd.Series([64.0, 32.0, np.nan, 8.0, 4.0])
    assert forecast.autoregression(gap, 1) == pytest.approx(2.0)
    assert forecast.climatology(pd.Series([1.0, np.nan, 3.0]), 9)[9] == 2.0


@pytest.mark.parametrize(
    ("past", "half"),
    [
        ([0.0, 1.0, 3.0, 6.0, 10.0], 2.0),  # over two periods it rose by 3, 5 and 7
        ([0.0, 1.0, 3.0, 6.0], 1.0),  # by 3 and 5
        ([0.0, 1.0, 3.0], 0.5 * 2**0.5),  # by 3 once, which is no spread: over one period by 1 and 2, scaled up
    ],
)
def test_persistence_is_as_wide_as_changes_over_so_many_periods(past: list[float], half: float) -> None:
    found = forecast.persistence(pd.Series(past), 2)
    assert (found[9] - found[0], found[18] - found[9]) == pytest.approx((0.9 * half,) * 2)
    assert found[9] == past[-1]


def test_an_autoregression_of_three_neighbours_has_one_degree_of_freedom() -> None:
    """By hand: slope -3/2 and level 3/2, rests -1/2, 0 and 1/2."""
    found = forecast.autoregression(pd.Series([0.0, 1.0, 0.0, 2.0]), 1)
    assert (found[9], found[18] - found[9]) == pytest.approx((-1.5, 1.644854 * 0.5**0.5))


def test_the_past_of_a_question_is_its_own_series_and_ends_with_the_last_figure() -> None:
    for question, first, last, ahead in (
        ("share/2025", (2010, 83.0), (2023, 98.3), 2),
        ("growth/2024", (2011, 0.8), (2023, 3.1), 1),
        ("trade/2024-09", (pd.Period("2017-11", "M").ordinal, 388.0), (pd.Period("2024-04", "M").ordinal, 194.0), 5),
    ):
        past, found = forecast._past(question)
        ends = [(int(past.index[at]), float(past.iloc[at])) for at in (0, -1)]
        assert (ends, found) == ([first, last], ahead), question


def test_an_autoregression_is_as_wide_as_its_rests_and_wider_two_periods_on() -> None:
    """By hand: slope and level 1/6; the squares of five rests sum to 14/3, over three degrees of freedom 14/9."""
    past = pd.Series([1.0, 1.0, -1.0, -1.0, 1.0, 1.0])
    one, two = forecast.autoregression(past, 1), forecast.autoregression(past, 2)
    upper = 1.644854  # of the standard normal, 95%
    assert (one[9], two[9]) == pytest.approx((1 / 3, 1 / 6 + 1 / 18))
    assert (one[18] - one[9], one[9] - one[0]) == pytest.approx((upper * (14 / 9) ** 0.5,) * 2)
    assert two[18] - two[9] == pytest.approx(upper * (14 / 9 * (1 + 1 / 36)) ** 0.5)


def test_a_monopoly_begins_at_95_per_cent_of_recorded_trade(monkeypatch: pytest.MonkeyPatch) -> None:
    """China's flow beside a fixed rest: 100 china / (china + .1 russia + .02)."""
    many = still(3)
    many.states[..., KEPT.index("russia_flow")] = 0.3
    for run, percentage in enumerate((92.0, 94.9, 95.1)):
        many.states[run, :, KEPT.index("china_flow")] = 0.05 * percentage / (100.0 - percentage)
    found = forecast.answers(many)
    assert found["share/2025"] == pytest.approx([92.0, 94.9, 95.1])
    assert found["monopoly/2025"].tolist() == found["monopoly/2024"].tolist() == [0.0, 0.0, 1.0]
    monkeypatch.setattr(forecast, "share", lambda many, year: np.array([94.9, 95.0]))
    assert forecast.answers(many)["monopoly/2025"].tolist() == [0.0, 1.0]
    monkeypatch.setattr(forecast, "_past", lambda question: (pd.Series([94.9, np.nan, 95.0, 95.1]), 1))
    assert forecast._hits("monopoly") == [False, True, True]
    asked = {name: says for name, _, _, says in forecast.questions()}
    assert asked["monopoly/2025"] == "China's share of recorded trade in 2025 is at least 95%"


def test_base_rates_count_half_years_and_stop_in_august_2024() -> None:
    rows = forecast.references().set_index(["id", "forecaster"])["probability"]
    assert rows["summit/2024-09", BASE] == pytest.approx((3 + 1) / (13 + 2))  # three of thirteen half-years
    assert rows["slight/2024-09", PERSISTENCE] == 0.9 and rows["summit/2024-09", PERSISTENCE] == pytest.approx(0.1)
    assert rows["arms-halved/2024-09", BASE] == 0.5


@pytest.mark.parametrize(("month", "ago"), [("2024-08", 1), ("2024-03", 1), ("2024-02", 2), ("2023-09", 2)])
def test_an_event_counts_in_its_half_year_alone(monkeypatch: pytest.MonkeyPatch, month: str, ago: int) -> None:
    monkeypatch.setattr(forecast, "SUMMITS", (month,))
    assert forecast._hits("summit") == [place == 13 - ago for place in range(13)]


def test_a_half_year_that_was_watched_in_part_does_not_count(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(forecast, "_SEEN_FROM", "2018-04")
    assert len(forecast._hits("summit")) == 12
