"""Rows and titles of pictures of trials, on tables that are made by hand."""

from typing import Any

import numpy as np
import pandas as pd
import pytest

from research import forecast_figures
from research.rolling_origins import ALL_EVENTS
from sim.inference.hindcast import COUNTED, OF_ALL
from sim.prediction.forecasting import MODEL
from sim.prediction.pools import POOL
from sim.prediction.sensitivity import DUMMY, INDEX
from sim.report.figures import trial_figures
from sim.report.figures.estimates import EstimateRow


@pytest.fixture(autouse=True)
def undrawn(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (trial_figures, forecast_figures):
        monkeypatch.setattr(module, "ranges", lambda head, rows, unit, within=None: (head, rows, unit, within))
    monkeypatch.setattr(trial_figures, "shaded_table", lambda head, table, *rest: (head, table, *rest))


def numbers(title: str) -> list[int]:
    return [int(word) for word in title.replace(":", "").split() if word.isdecimal()]


CONTESTS = pd.DataFrame(
    [("trade", "3 to 5", "persistence", "CRPS", 4.0, 1.0, -1.0, 2.0, 1.0),
     ("trade", "6 to 24", "persistence", "CRPS", 5.0, -1.0, -2.0, 0.5, 1.0),
     ("trade", "6 to 24", MODEL, "CRPS", 6.0, 0.0, 0.0, 0.0, 1.0),
     (ALL_EVENTS, "3 to 24", "base rate", "Brier", 0.2, 0.05, 0.01, 0.1, np.nan),
     (ALL_EVENTS, "3 to 24", "base rate", "log", 0.2, 0.05, 0.01, 0.1, np.nan),
     ("slight", "3 to 24", "base rate", "Brier", 0.2, 0.0, -0.1, 0.1, np.nan),
     ("missile", "3 to 24", "base rate", "Brier", 0.2, 0.02, -0.1, 0.1, np.nan)],
    columns=["about", "horizon", "forecaster", "score", "mean", "ahead", "low", "high", "WIS"],
)  # fmt: skip


def test_contests_are_told_in_shares_of_the_others_score() -> None:
    drawn: Any = forecast_figures.skill(CONTESTS, "by hand")
    rows: list[EstimateRow] = drawn[1]
    assert [(row.mean, row.low, row.high) for row in rows] == [
        (25.0, -25.0, 50.0), (-20.0, -40.0, 10.0), pytest.approx((25.0, 5.0, 50.0)),
    ]  # fmt: skip
    assert all((row.sets_low, row.sets_high) == (row.low, row.high) for row in rows)
    assert [row.label.split(",")[0] for row in rows] == ["trade", "trade", ALL_EVENTS]
    assert numbers(drawn[0].title) == [2, 3] and "1 of 2." in drawn[0].subtitle
    assert "persistence" in rows[0].label and "3 to 5" in rows[0].label


EVENTS = pd.DataFrame(
    [("event", MODEL, 0.14, 0.0), ("event", MODEL, 0.06, 1.0), ("event", MODEL, 0.96, 1.0), ("event", POOL, 0.52, 1.0),
     ("number", MODEL, np.nan, 3.0), ("event", "another", 0.3, 1.0)],
    columns=["kind", "forecaster", "probability", "fact"],
)  # fmt: skip


def test_chances_are_taken_to_the_tenth_of_events_of_the_model_and_the_pool(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[tuple[list[float], list[float], int]] = []

    def curve(chances: np.ndarray, came: np.ndarray, seed: int) -> pd.DataFrame:
        asked.append((chances.tolist(), came.tolist(), seed))
        return pd.DataFrame({"chance": [0.1], "events": [2], "came": [0.5], "low": [0.0], "high": [0.75]})

    monkeypatch.setattr(forecast_figures, "reliability_curve", curve)
    drawn: Any = forecast_figures.reliability_of_events(EVENTS, 7, "by hand")
    assert asked == [([0.1, 0.1, 1.0], [0.0, 1.0, 1.0], 7), ([0.5], [1.0], 7)]
    assert [row.label for row in drawn[1]] == [f"{MODEL}, 10% (2)", f"{POOL}, 10% (2)"]
    row = drawn[1][0]
    assert (row.mean, row.low, row.high, row.sets_low, row.sets_high) == (50.0, 0.0, 75.0, 0.0, 75.0)
    assert drawn[3] == (0.0, 100.0)


@pytest.mark.parametrize(("came", "outside"), [(0.25, 0), (0.75, 0), (0.24, 1), (0.76, 1)])
def test_only_the_models_tenths_outside_their_band_are_counted(
    came: float, outside: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = pd.DataFrame({"chance": [0.1], "events": [2], "came": [came], "low": [0.25], "high": [0.75]})
    monkeypatch.setattr(forecast_figures, "reliability_curve", lambda chances, came, seed: made)
    drawn: Any = forecast_figures.reliability_of_events(EVENTS, 7, "by hand")
    assert numbers(drawn[0].title) == [outside]


def test_the_largest_change_names_an_ablation_whatever_its_sign() -> None:
    table = pd.DataFrame(
        {"mean": [1.0, -3.0, 2.0], "low": [0.0, -4.0, 1.0], "high": [2.0, -2.0, 3.0], "sets_low": [-1.0, -5.0, 0.0],
         "sets_high": [3.0, -1.0, 4.0]}, index=["one", "two", "three"],
    )  # fmt: skip
    drawn: Any = trial_figures.ablation(table, "claims", "by hand")
    assert [row.label for row in drawn[1]] == ["two", "one", "three"]
    assert "“two”" in drawn[0].title and "-3.0 points" in drawn[0].title
    assert (drawn[1][0].low, drawn[1][0].high, drawn[1][0].sets_low, drawn[1][0].sets_high) == (-4.0, -2.0, -5.0, -1.0)
    drawn = trial_figures.ablation(-table, "claims", "by hand")
    assert "“two”" in drawn[0].title and "+3.0 points" in drawn[0].title


@pytest.mark.parametrize(("firsts", "named"), [(1, ["n0"]), (2, ["n0", "n1"]), (3, ["n0", "n1", "n2"]), (4, [])])
@pytest.mark.parametrize("design", list(INDEX))
def test_up_to_three_numbers_that_share_the_first_rank_are_named(firsts: int, named: list[str], design: str) -> None:
    value, half = INDEX[design]
    table = pd.DataFrame(
        {value: np.arange(40.0, 0.0, -1.0), half: 0.5, "rank": [1] * firsts + list(range(firsts + 1, 41))},
        index=pd.Index([f"n{place}" for place in range(39)] + [DUMMY], name="factor"),
    )  # fmt: skip
    drawn: Any = trial_figures.tornado(table, design, "by hand")
    title = drawn[0].title
    assert [name for name in ("n0", "n1", "n2", "n3") if name in title.split()] == named
    assert numbers(title)[0] == 39 and (named or numbers(title)[1] == firsts), "the dummy is no number of the model"
    assert (" moves " in title) == (firsts == 1) and len(drawn[1]) == 30
    assert (drawn[1][0].mean, drawn[1][0].low, drawn[1][0].high) == (40.0, 39.5, 40.5)
    assert (drawn[2].split()[0] == "points") == (design == "morris")


def test_theories_are_told_by_how_many_patterns_each_shows() -> None:
    frame = pd.DataFrame(np.full((2, len(COUNTED)), 0.5), index=["mine", "theirs"], columns=list(COUNTED))
    frame = frame.assign(**{OF_ALL: [12.0, 11.5], "D2": [0.3, 0.1]})
    head, grid, *_ = trial_figures.theories(frame, "by hand")  # type: ignore[misc]
    assert "“mine”" in head.title and head.title.endswith("12.0")
    assert grid.shape == (len(COUNTED), 2) and list(grid.columns) == ["mine", "theirs"]


def test_a_turn_reaches_from_nothing_to_its_share_of_the_range() -> None:
    table = pd.DataFrame([("up", 0.0, 1.0, 0.25), ("down", 5.0, 3.0, -0.4)],
                         columns=["parameter", "origin", "turned", "share"])  # fmt: skip
    drawn: Any = trial_figures.turn(table, "holds", 0.25, 0.75, "by hand")
    assert [(row.mean, row.low, row.high) for row in drawn[1]] == [(25.0, 0.0, 25.0), (-40.0, -40.0, 0.0)]
    assert "25% to 75%" in drawn[0].title and drawn[0].subtitle.startswith("2 changes")


def test_quantiles_are_told_by_the_largest_miss_of_the_first_forecaster_on_either_side() -> None:
    rows = [(name, level, level + miss) for name, miss in (("mine", -0.04), ("theirs", 0.3))
            for level in (0.05, 0.1, 0.15, 0.25, 0.5, 0.75, 0.9, 0.95)]  # fmt: skip
    table = pd.DataFrame(rows, columns=["forecaster", "level", "share"])
    head, grid, *_ = trial_figures.reliability(table, "by hand")  # type: ignore[misc]
    assert "4%" in head.title and grid.index.tolist() == ["mine", "theirs"]
    assert list(grid.columns) == ["5%", "10%", "25%", "50%", "75%", "90%", "95%"]
    assert grid.loc["theirs", "50%"] == 0.8
