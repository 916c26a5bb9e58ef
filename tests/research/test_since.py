"""The page on what came since August 2024: it is what its tables say, and every source of it is there."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from research import move_expectations, since_page, sitting_scores
from sim.engine.experiment import Experiment
from sim.model import months
from sim.model.moves import LEVERS
from sim.prediction import scoring
from sim.prediction.forecasting import LEVELS, MODEL, QUANTILES
from sim.prediction.questions import EVENT
from sim.registers import record
from sim.registers.register import observed_table
from sim.registers.vintage import known_to
from sim.registers.what_came import came_by_claim
from sim.scenario import load

DOCS = Path(__file__).parents[2] / "docs"


@pytest.fixture(scope="module")
def second() -> pd.DataFrame:
    return scoring.read_forecasts(DOCS / since_page.SECOND)


@pytest.fixture(scope="module")
def answered(second: pd.DataFrame) -> pd.DataFrame:
    with known_to(since_page.TO):
        return sitting_scores.answers(second, sitting_scores.facts_of_sitting(second, since_page.KNOWN))


def test_the_page_is_what_its_tables_say() -> None:
    assert since_page.page(DOCS) == (DOCS / since_page.PAGE).read_text(encoding="utf-8")


def test_every_source_stands_in_the_vintage() -> None:
    with known_to(since_page.TO):
        events, moves = observed_table("events"), record.moves()
        figures = {kind: observed_table(kind) for kind in ("annual", "monthly")}
    later = moves[moves["month"] > since_page.KNOWN]
    there = {f"events/{day}" for day in events["date"]} | {
        f"moves/{capital}/{lever}" for capital, lever in zip(later["capital"], later["lever"], strict=True)
    }
    for kind, when in (("annual", "year"), ("monthly", "month")):
        there |= {f"{kind}/{name}/{at}" for name, at in zip(figures[kind]["series"], figures[kind][when], strict=True)}
    assert not [source for came in came_by_claim().values() for source in came.sources if source not in there]
    assert all(came.sources for came in came_by_claim().values())


def test_every_question_was_asked(second: pd.DataFrame) -> None:
    asked = {name for came in came_by_claim().values() for name in came.asked if not name.startswith(since_page.WAR)}
    assert asked <= set(second["id"])


def test_answers_stand_the_least_likely_first_and_none_is_left_out(answered: pd.DataFrame) -> None:
    assert len(answered) == 19 and answered["likely"].is_monotonic_increasing


def test_scores_of_answers_are_those_worked_out_by_hand(second: pd.DataFrame, answered: pd.DataFrame) -> None:
    own = second[second["forecaster"] == MODEL].set_index("id")
    for row in answered.to_dict("records"):
        if row["kind"] == EVENT:
            chance = own.loc[row["id"], "probability"]
            assert row["score"] == pytest.approx((chance - row["fact"]) ** 2)
            assert row["likely"] == pytest.approx(chance if row["fact"] else 1.0 - chance)
        else:
            quantiles = own.loc[row["id"], list(QUANTILES)].to_numpy(float)
            below = np.array(LEVELS) - (row["fact"] <= quantiles)
            assert row["score"] == pytest.approx(2.0 * np.mean(below * (row["fact"] - quantiles)))
            above, under = (quantiles < row["fact"]).mean(), (quantiles > row["fact"]).mean()
            assert row["likely"] == pytest.approx(max(2.0 * min(above, under), 2.0 * LEVELS[0]), abs=0.11)


def test_the_page_says_rightly_who_was_better(answered: pd.DataFrame) -> None:
    rivals = list(sitting_scores.RIVALS)
    kind = answered["id"].str.split("/").str[0].where(answered["kind"] != EVENT, EVENT)
    means = answered.groupby(kind)[["score", *rivals]].mean()
    best = means[rivals].min(axis=1)
    assert means.loc["trade", "score"] < best["trade"]
    assert all(means.loc[about, "score"] > best[about] for about in ("growth", "share", EVENT))


def test_levers_that_were_missed_stood_there_in_every_month() -> None:
    expected = pd.read_csv(DOCS / since_page.MOVES, comment="#")
    with known_to(since_page.TO):
        for lever, options in since_page.MISSED:
            coded, stood, share, likely = sitting_scores.recorded_and_expected(expected, lever, options)
            assert coded == stood == 12 and share == pytest.approx(likely)


def test_months_that_nobody_expected_anything_of_do_not_count() -> None:
    table = pd.DataFrame(
        [("2024-10", "deal", "pay", "good", MODEL, 0.25), ("2024-10", "deal", "pay", "low", MODEL, 0.5)],
        columns=list(move_expectations.COLUMNS),
    )
    with known_to(since_page.TO):
        assert sitting_scores.recorded_and_expected(table, "deal_pay", ("low",)) == (1, 0, 0.5, 0.25)
        assert sitting_scores.recorded_and_expected(table.iloc[:0], "deal_pay", ("low",))[:2] == (0, 0)


def test_the_chance_of_war_is_what_no_month_of_peace_takes(tmp_path: Path) -> None:
    (tmp_path / "table.csv").write_text(
        "# the war's end, first month of peace and weight: 2024-09 0.1000; 2024-10 0.2000; later 0.7000\n",
        encoding="utf-8",
    )
    chances = [sitting_scores.chance_of_war(tmp_path / "table.csv", at) for at in ("2024-08", "2024-09", "2025-01")]
    assert chances == pytest.approx([1.0, 0.9, 0.7])


def test_chances_of_a_lever_in_a_month_sum_to_one() -> None:
    table = pd.read_csv(DOCS / since_page.MOVES, comment="#")
    sums = table.groupby(["month", "capital", "lever"])["probability"].sum()
    assert len(sums) == 12 * len(LEVERS) and sums.to_numpy() == pytest.approx(1.0, abs=1e-4)
    assert (table["month"].min(), table["month"].max()) == ("2024-09", "2025-08")


def test_expected_moves_are_the_shares_of_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    as_of = months.index("2024-08")
    played = np.zeros((4, as_of + 3, len(LEVERS)), dtype=np.int8)
    played[0, as_of + 2, 0] = 1
    many = type("Many", (), {"played": played})
    monkeypatch.setattr(move_expectations, "futures", lambda *_: (many, None))
    monkeypatch.setattr(move_expectations, "last_known_month", lambda _: as_of)
    table = move_expectations.expected_moves(Experiment(load("baseline")), as_of + 2)
    first = table[(table["capital"] == LEVERS[0].capital) & (table["lever"] == LEVERS[0].name)]
    shares = first.set_index(["month", "option"])["probability"]
    names = [option.name for option in LEVERS[0].options]
    assert shares["2024-09", names[0]] == 1.0 and shares["2024-10", names[0]] == 0.75
    assert shares["2024-10", names[1]] == 0.25
