"""Tables of a study count parameter sets, not runs, as units; rows come in the order of what they are of."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from sim.analysis.estimates import Estimate
from sim.model.moves import LEVER, LEVERS
from sim.prediction import move_forecasts, pools, rolling, scoring, verdict_tables
from sim.prediction.forecasting import FINELY, MODEL
from sim.prediction.move_forecasts import Recorded
from sim.prediction.pools import POOL

from .trials import study


def test_the_effect_that_must_be_told_from_nothing_is_told_over_sets(tmp_path: Path) -> None:
    rate = np.repeat([0.0, 1.0], [4, 8])  # a set has it always or never: twelve units, however many runs
    values = verdict_tables.forecasts(study(tmp_path / "study", rate))["value"]
    assert values["T10_pairs"] == pytest.approx(8 / 12)
    means = 8.0 * rate
    half = 2.2010 * means.std(ddof=1) / np.sqrt(12)  # t of 11 degrees of freedom
    assert values["T10_effect"] == pytest.approx(means.mean() - half, abs=1e-3)


def test_each_definition_stands_beside_its_own_share_and_months_without_an_end(tmp_path: Path) -> None:
    """By hand: a quarter of the pairs after 9 months, of the others' runs half after 12; the rest counts as 24."""
    table = verdict_tables.definitions(study(tmp_path / "study", np.full(12, 0.25)))
    for name in ("D1", "D3", "D4", "D5"):
        ended, endless = (0.25, 24 - 0.25 * 15), (0.5, 24 - 0.5 * 12)
        assert table.loc[name, ["mean", "months"]].tolist() == pytest.approx(ended), name
        assert table.loc[name, ["without_an_end", "months_without_an_end"]].tolist() == pytest.approx(endless), name
    assert table.loc["D2", ["mean", "months"]].tolist() == pytest.approx(ended)
    assert table.loc["D2", ["without_an_end", "months_without_an_end"]].isna().all()


def test_an_estimate_as_plain_data_says_what_is_not_known_and_what_its_interval_lacks() -> None:
    said = verdict_tables.plain_estimate(Estimate(2.0, float("nan"), 0.5, 1.0, 3.0, 3, 1.5))
    assert said["mean"] == 2.0 and said["noise"] is said["low"] is said["high"] is None
    assert said["caveat"] == "over 3 parameter sets alone, too few to span what history leaves open"
    assert verdict_tables.plain_estimate(Estimate(2.0, 0.1, 0.5, 1.0, 3.0, 30, 30.0))["caveat"] is None


# --- The order of rows, and how they are numbered

CHANCES = pd.DataFrame([
    (month, capital, lever, option.name, who, chance)
    for capital, lever in (("Seoul", "north"), ("Beijing", "bloc"))
    for who in ("z", "a") for month in ("2024-02", "2024-01")
    for option, chance in zip(LEVER[f"{capital.lower()}_{lever}"].options, (0.5, 0.3, 0.2), strict=True)
], columns=["month", "capital", "lever", "option", "forecaster", "probability"])  # fmt: skip
FIGURES = pd.DataFrame([
    {"id": f"{about}/2023-0{month}", "forecaster": who, "kind": "number", "fact": 1.0, "origin": "2021-07",
     "target": month, "horizon": month, **dict.fromkeys(FINELY, size)}
    for about in ("trade", "share", "growth") for who, size in (("z", 2.0), ("a", 1.0), (MODEL, 3.0))
    for month in (7, 4)
])  # fmt: skip
EVENTS = pd.DataFrame([
    {"id": f"{about}/2023-03", "forecaster": who, "kind": "event", "fact": fact, "probability": 0.5,
     "origin": "2021-07"}
    for about, fact in (("summit", 1.0), ("missile", 0.0)) for who in ("z", "a", MODEL)
])  # fmt: skip


def numbered(table: pd.DataFrame) -> bool:
    return bool(table.index.tolist() == list(range(len(table))))


def test_the_pool_of_moves_follows_its_members_by_lever_and_month_as_they_came() -> None:
    pooled = pools.with_pool_of_moves(CHANCES)
    mine = pooled[pooled["forecaster"] == POOL]
    assert numbered(pooled) and mine.index[0] == len(CHANCES) and pooled.iloc[: len(CHANCES)].equals(CHANCES)
    assert mine["lever"].tolist() == ["north"] * 6 + ["bloc"] * 6
    assert mine["month"].tolist() == (["2024-02"] * 3 + ["2024-01"] * 3) * 2
    assert mine["probability"].to_numpy() == pytest.approx([0.5, 0.3, 0.2] * 4), "where all agree, so does the pool"


def test_scores_of_moves_and_their_means_come_as_their_forecasts_did(monkeypatch: pytest.MonkeyPatch) -> None:
    agreed = [Recorded(60, 0, 1.0), Recorded(61, 2, 0.5)]
    monkeypatch.setattr(move_forecasts, "agreed_moves", lambda lever, first, last: agreed)
    scored = move_forecasts.scored_moves(CHANCES, 59, 61)
    assert scored[["lever", "forecaster"]].drop_duplicates().to_numpy().tolist() == [
        ["north", "z"], ["north", "a"], ["bloc", "z"], ["bloc", "a"],
    ]  # fmt: skip
    assert scored["month"].tolist() == [60, 61] * 4 and scored["ahead"].tolist() == [1, 2] * 4
    assert scored["weight"].tolist() == [1.0, 0.5] * 4 and set(scored["option"]) == {"hard", "engage", "aloof", "join"}
    means = move_forecasts.move_summary(scored, "lever")
    assert list(dict.fromkeys(means["lever"])) == ["Seoul north", "Beijing bloc", "all"]
    assert list(means)[2:] == ["moves", "log, z", "RPS, z", "log, a", "RPS, a"]
    first = means.iloc[0]
    assert first["moves"] == 1.5 and first["log, z"] == pytest.approx(-(np.log(0.5) + 0.5 * np.log(0.2)) / 1.5)
    assert list(dict.fromkeys(move_forecasts.move_summary(scored)["capital"])) == ["Seoul", "Beijing", "all"]


def test_moves_are_forecast_by_lever_forecaster_and_month() -> None:
    table = move_forecasts.move_table(np.zeros((2, 62, len(LEVERS)), dtype=np.int8), 59)
    assert numbered(table) and table["forecaster"].iloc[0] == MODEL
    first = LEVERS[0]
    assert table["lever"].iloc[: 6 * len(first.options)].eq(first.name).all(), "three forecasters, two months"


def test_what_members_are_worth_is_numbered_and_by_subject() -> None:
    scores = dict.fromkeys(scoring.SCORES, 9.0)  # what was scored before is scored anew
    worth = rolling.member_importance(pd.concat([FIGURES, EVENTS], ignore_index=True).assign(**scores))
    assert numbered(worth) and list(dict.fromkeys(worth["about"])) == ["trade", "growth", "share", rolling.ALL_EVENTS]
    assert worth.groupby("about")["score"].first().to_dict() == {
        "trade": "CRPS", "growth": "CRPS", "share": "CRPS", rolling.ALL_EVENTS: "Brier",
    }  # fmt: skip
    alone = worth[worth["about"] == "trade"].set_index("forecaster")["alone"]
    assert alone.to_dict() == pytest.approx({"z": 1.0, "a": 0.0, MODEL: 2.0}), "their distance from the fact"
    alone = rolling.member_importance(FIGURES.assign(probability=np.nan, **scores))
    assert alone["about"].nunique() == 3, "of events there are none"


def test_splits_of_events_come_by_forecaster_as_they_came() -> None:
    splits = rolling.event_splits(pd.concat([FIGURES.assign(probability=0.1), EVENTS]))
    assert splits.index.tolist() == ["z", "a", MODEL] and splits.index.name == "forecaster"
    assert splits[["miscalibration", "discrimination", "uncertainty"]].to_numpy().tolist() == [[0.0, 0.0, 0.25]] * 3


def test_contests_come_by_subject_span_and_forecaster_as_they_came() -> None:
    scored = pd.concat([FIGURES.assign(CRPS=1.0), EVENTS.assign(target=50, horizon=9, Brier=0.25, log=0.7)])
    scored[["WIS", "off", "PIT", "50%", "80%", "95%"]] = 1.0
    table = rolling.summary(scored, 1)
    events = table[table["score"] == "Brier"]
    assert list(dict.fromkeys(events["about"])) == [rolling.ALL_EVENTS, "summit", "missile"]
    assert table["forecaster"].iloc[:3].tolist() == ["z", "a", MODEL] and numbered(table)
    better = table.assign(mean=[0.1 if name == "z" else 1.0 for name in table["forecaster"]])
    assert [line.split(":")[0].split(",")[0] for line in rolling.wins(better)][-4:] == [
        "Events", "Events", "Summit", "Missile",
    ]  # fmt: skip
