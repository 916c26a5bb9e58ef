"""Forecasts of moves: chances and scores by hand, and nothing later than the origin is read."""

import numpy as np
import pandas as pd
import pytest

from research import move_scores
from sim.model import months
from sim.model.moves import LEVER, LEVERS
from sim.prediction import move_forecasts
from sim.prediction.move_forecasts import COLUMNS, FLOOR, LAST_MOVE, MODEL, Recorded
from sim.prediction.references import BASE
from sim.registers.record import Cell

AS_OF = months.index("2023-07")
TALKS = LEVER["pyongyang_talks"]
PLACE = LEVERS.index(TALKS)


def played(runs: int = 4, ahead: int = 30) -> np.ndarray:
    return np.zeros((runs, AS_OF + 1 + ahead, len(LEVERS)), dtype=np.int8)


def test_every_option_of_every_lever_has_a_chance_for_two_years() -> None:
    table = move_forecasts.move_table(played(), AS_OF)
    assert list(table) == list(COLUMNS) and len(table) == 3 * 24 * sum(len(lever.options) for lever in LEVERS)
    assert (table["month"].min(), table["month"].max()) == ("2023-08", "2025-07")
    sums = table.groupby(["month", "capital", "lever", "forecaster"])["probability"].sum()
    assert sums.to_numpy() == pytest.approx(1.0) and table["probability"].between(0.0, 1.0).all()
    assert len(move_forecasts.move_table(played(ahead=2), AS_OF)["month"].unique()) == 2


def test_the_models_chance_is_the_share_of_its_runs() -> None:
    runs = played()
    runs[:3, AS_OF + 2, PLACE] = 1
    whole = move_forecasts.move_table(runs, AS_OF)
    table = whole.query("lever == 'talks' and forecaster == @MODEL and month == '2023-09'")
    assert table["option"].tolist() == ["refuse", "probe", "talk"]
    assert table["probability"].tolist() == [0.25, 0.75, 0.0]


def test_the_base_rate_counts_facts_and_begins_with_half_a_month_each() -> None:
    seen = [Recorded(3, 0, 1.0), Recorded(4, 0, 0.5), Recorded(5, 2, 0.5)]
    assert move_forecasts.base_rate(TALKS, seen) == pytest.approx(np.array([2.0, 0.5, 1.0]) / 3.5)


def test_the_last_move_is_forgotten_in_favour_of_the_base_rate() -> None:
    """By hand: of ten moves nine times the same, so it is kept with k, where k + (1 - k) r is the share that stayed."""
    seen = [Recorded(month, 1 if month < 9 else 0, 1.0) for month in range(10)]
    rate = np.array([1.5, 9.5, 0.5]) / 11.5
    alike, stays = float((rate**2).sum()), 8.5 / 10.0
    kept = (stays - alike) / (1.0 - alike)
    for at, said in zip((10, 12), move_forecasts.last_move(TALKS, seen, np.array([10, 12])), strict=True):
        left = kept ** (at - 9)
        assert said == pytest.approx(left * np.eye(3)[0] + (1.0 - left) * rate)
    (far,) = move_forecasts.last_move(TALKS, seen, np.array([5_000]))
    assert far == pytest.approx(rate)


def test_a_lever_that_never_stays_is_as_its_base_rate() -> None:
    seen = [Recorded(month, month % 2, 1.0) for month in range(10)]
    (said,) = move_forecasts.last_move(TALKS, seen, np.array([10]))
    assert said == pytest.approx(move_forecasts.base_rate(TALKS, seen))


def test_what_was_never_recorded_is_as_it_was_in_january_2019() -> None:
    said = move_forecasts.last_move(TALKS, [], np.array([6]))
    assert said.sum() == pytest.approx(1.0) and said[0].argmax() == TALKS.index(1.0)


def test_scores_by_hand() -> None:
    chances = np.array([0.5, 0.3, 0.2])
    assert move_scores.log_score(chances, 2) == pytest.approx(-np.log(0.2))
    assert move_scores.log_score(np.array([1.0, 0.0, 0.0]), 1) == pytest.approx(-np.log(FLOOR))
    assert move_scores.ranked_probability_score(chances, 2) == pytest.approx((0.25 + 0.64) / 2)
    assert move_scores.ranked_probability_score(chances, 0) == pytest.approx((0.25 + 0.04) / 2)
    two = np.array([0.3, 0.7])
    assert move_scores.ranked_probability_score(two, 1) == pytest.approx(0.09), "of two it is Brier's"


@pytest.mark.parametrize("score", [move_scores.log_score, move_scores.ranked_probability_score])
def test_honest_chances_score_best(score: move_scores.log_score) -> None:  # type: ignore[valid-type]
    truth, chance = np.array([0.5, 0.3, 0.2]), np.random.default_rng(1)

    def expected(said: np.ndarray) -> float:
        return sum(float(truth[option]) * score(said, option) for option in range(3))

    assert all(expected(truth) < expected(said) for said in chance.dirichlet([1.0, 1.0, 1.0], 200))


def test_only_what_all_codings_agree_on_is_scored_and_a_fact_counts_once(monkeypatch: pytest.MonkeyPatch) -> None:
    cells = [
        Cell(AS_OF, "pyongyang_talks", (0, 0), ("high", "high"), 1),
        Cell(AS_OF + 1, "pyongyang_talks", (1, 1), ("high", "high"), 2),
        Cell(AS_OF + 2, "pyongyang_talks", (1,), ("low",), 2),
        Cell(AS_OF + 3, "pyongyang_talks", (0, 1), ("high", "high"), 1),
        Cell(AS_OF + 5, "pyongyang_talks", (0,), ("high",), 1),
    ]
    monkeypatch.setattr(move_forecasts, "cells", lambda: cells)
    scored = move_scores.scored_moves(move_forecasts.move_table(played(), AS_OF), AS_OF, AS_OF + 4)
    mine = scored[scored["forecaster"] == MODEL]
    assert mine["ahead"].tolist() == [1, 2] and mine["weight"].tolist() == [0.5, 0.5]
    assert mine["option"].tolist() == ["probe", "probe"] and mine["log"].tolist() == pytest.approx([-np.log(FLOOR)] * 2)
    means = move_scores.move_summary(scored).set_index(["capital", "months ahead"])
    assert means.loc[("all", "1 to 24"), "moves"] == 1.0
    assert means.loc[("Pyongyang", "1 to 6"), f"log, {MODEL}"] == pytest.approx(-np.log(FLOOR))
    assert ("Pyongyang", "7 to 12") not in means.index, "of those months nothing is recorded"


@pytest.mark.parametrize("as_of", ["2021-07", "2023-07"])
def test_nothing_later_is_read(as_of: str, monkeypatch: pytest.MonkeyPatch) -> None:
    origin, whole = months.index(as_of), move_forecasts.cells()
    runs = np.zeros((2, origin + 25, len(LEVERS)), dtype=np.int8)
    before = move_forecasts.move_table(runs, origin)
    later = [cell for cell in whole if cell.month <= origin]
    later += [Cell(month, lever.field, (0,), ("high",), 1) for month in range(origin + 1, 90) for lever in LEVERS]
    monkeypatch.setattr(move_forecasts, "cells", lambda: later)
    pd.testing.assert_frame_equal(move_forecasts.move_table(runs, origin), before)
    now = move_forecasts.move_table(np.zeros((2, origin + 26, len(LEVERS)), dtype=np.int8), origin + 1)
    assert (
        not now.query("forecaster == @BASE")["probability"]
        .reset_index(drop=True)
        .equals(before.query("forecaster == @BASE")["probability"].reset_index(drop=True))
    )
    assert set(before["forecaster"]) == {MODEL, BASE, LAST_MOVE}


def test_every_month_ahead_is_in_one_span_and_in_the_whole() -> None:
    spans = dict(move_scores.HORIZONS)
    assert spans.pop(move_scores.OVERALL) == (1, move_forecasts.AHEAD) == (1, 24)
    assert [month for first, last in spans.values() for month in range(first, last + 1)] == list(range(1, 25))
    assert all(words == f"{first} to {last}" for words, (first, last) in move_scores.HORIZONS.items())
