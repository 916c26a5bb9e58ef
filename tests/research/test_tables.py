"""Rows of forecasts and their scores come in the order of what they are of, and are numbered."""

import numpy as np
import pandas as pd
import pytest

from research import move_scores, rolling_origins
from sim.model.moves import LEVER, LEVERS
from sim.prediction import move_forecasts, pools, scoring
from sim.prediction.forecasting import FINELY, MODEL
from sim.prediction.move_forecasts import Recorded
from sim.prediction.pools import POOL

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
    monkeypatch.setattr(move_scores, "agreed_moves", lambda lever, first, last: agreed)
    scored = move_scores.scored_moves(CHANCES, 59, 61)
    assert scored[["lever", "forecaster"]].drop_duplicates().to_numpy().tolist() == [
        ["north", "z"], ["north", "a"], ["bloc", "z"], ["bloc", "a"],
    ]  # fmt: skip
    assert scored["month"].tolist() == [60, 61] * 4 and scored["ahead"].tolist() == [1, 2] * 4
    assert scored["weight"].tolist() == [1.0, 0.5] * 4 and set(scored["option"]) == {"hard", "engage", "aloof", "join"}
    means = move_scores.move_summary(scored, "lever")
    assert list(dict.fromkeys(means["lever"])) == ["Seoul north", "Beijing bloc", "all"]
    assert list(means)[2:] == ["moves", "log, z", "RPS, z", "log, a", "RPS, a"]
    first = means.iloc[0]
    assert first["moves"] == 1.5 and first["log, z"] == pytest.approx(-(np.log(0.5) + 0.5 * np.log(0.2)) / 1.5)
    assert list(dict.fromkeys(move_scores.move_summary(scored)["capital"])) == ["Seoul", "Beijing", "all"]


def test_moves_are_forecast_by_lever_forecaster_and_month() -> None:
    table = move_forecasts.move_table(np.zeros((2, 62, len(LEVERS)), dtype=np.int8), 59)
    assert numbered(table) and table["forecaster"].iloc[0] == MODEL
    first = LEVERS[0]
    assert table["lever"].iloc[: 6 * len(first.options)].eq(first.name).all(), "three forecasters, two months"


def test_what_members_are_worth_is_numbered_and_by_subject() -> None:
    scores = dict.fromkeys(scoring.SCORES, 9.0)  # what was scored before is scored anew
    worth = rolling_origins.member_importance(pd.concat([FIGURES, EVENTS], ignore_index=True).assign(**scores))
    abouts = list(dict.fromkeys(worth["about"]))
    assert numbered(worth) and abouts == ["trade", "growth", "share", rolling_origins.ALL_EVENTS]
    assert worth.groupby("about")["score"].first().to_dict() == {
        "trade": "CRPS", "growth": "CRPS", "share": "CRPS", rolling_origins.ALL_EVENTS: "Brier",
    }  # fmt: skip
    alone = worth[worth["about"] == "trade"].set_index("forecaster")["alone"]
    assert alone.to_dict() == pytest.approx({"z": 1.0, "a": 0.0, MODEL: 2.0}), "their distance from the fact"
    alone = rolling_origins.member_importance(FIGURES.assign(probability=np.nan, **scores))
    assert alone["about"].nunique() == 3, "of events there are none"


def test_splits_of_events_come_by_forecaster_as_they_came() -> None:
    splits = rolling_origins.event_splits(pd.concat([FIGURES.assign(probability=0.1), EVENTS]))
    assert splits.index.tolist() == ["z", "a", MODEL] and splits.index.name == "forecaster"
    assert splits[["miscalibration", "discrimination", "uncertainty"]].to_numpy().tolist() == [[0.0, 0.0, 0.25]] * 3


def test_contests_come_by_subject_span_and_forecaster_as_they_came() -> None:
    scored = pd.concat([FIGURES.assign(CRPS=1.0), EVENTS.assign(target=50, horizon=9, Brier=0.25, log=0.7)])
    scored[["WIS", "off", "PIT", "50%", "80%", "95%"]] = 1.0
    table = rolling_origins.rolling_summary(scored, 1)
    events = table[table["score"] == "Brier"]
    assert list(dict.fromkeys(events["about"])) == [rolling_origins.ALL_EVENTS, "summit", "missile"]
    assert table["forecaster"].iloc[:3].tolist() == ["z", "a", MODEL] and numbered(table)
    better = table.assign(mean=[0.1 if name == "z" else 1.0 for name in table["forecaster"]])
    assert [line.split(":")[0].split(",")[0] for line in rolling_origins.wins(better)][-4:] == [
        "Events", "Events", "Summit", "Missile",
    ]  # fmt: skip
