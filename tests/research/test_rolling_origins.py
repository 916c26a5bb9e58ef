"""Earlier origins: what is scored, and scores worked by hand."""

from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pandas as pd
import pytest

from research import forecast_figures, forecasts_page, rolling_origins
from research.rolling_origins import ALL_EVENTS, EVERY, LATE, Rolled, Rolling
from sim.engine.experiment import Experiment
from sim.engine.sets import Sets
from sim.inference import filtering
from sim.model import months
from sim.prediction import FORECASTS, earlier_forecasts
from sim.prediction.forecasting import FINE, FINELY, MODEL, forecast_row
from sim.prediction.move_forecasts import LAST_MOVE
from sim.prediction.pools import POOL
from sim.prediction.questions import questions_on
from sim.prediction.references import BASE, PERSISTENCE
from sim.scenario.source import Source
from sim.storage.study_errors import StudyError

RECORDED = Path(__file__).with_name(f"forecasts-{FORECASTS}.csv")


def recorded_part(folder: Path) -> pd.DataFrame:
    """Return what all forecasters said from an early origin."""
    table = earlier_forecasts.kept_forecasts(folder)["2023-07"]
    return table[["id", "forecaster", "probability", "q50"]].iloc[::3].reset_index(drop=True)


@pytest.fixture(scope="module")
def done(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Rolled]:
    """Return what is forecast from one early origin, by few particles, and the folder in which it is kept."""
    folder = tmp_path_factory.mktemp("rolling") / "origins"
    return folder, rolling_origins.roll_forecasts(folder, Rolling(64, 1, seed=3), origins=("2023-07",), tell=len)


@pytest.fixture
def rolled(done: tuple[Path, Rolled]) -> pd.DataFrame:
    return done[1].figures


def test_what_is_there_is_not_forecast_again(done: tuple[Path, Rolled], monkeypatch: pytest.MonkeyPatch) -> None:
    folder, first = done
    monkeypatch.setattr(rolling_origins, "at_origin", lambda *_: pytest.fail("it is there"))
    again = rolling_origins.roll_forecasts(folder, Rolling(64, 1, seed=3), origins=("2023-07",), tell=len)
    pd.testing.assert_frame_equal(again.figures, first.figures)
    pd.testing.assert_frame_equal(again.moves, first.moves)
    with pytest.raises(StudyError, match="it differs in seed"):
        rolling_origins.roll_forecasts(folder, Rolling(64, 1, seed=4), origins=("2023-07",), tell=len)


def test_the_version_moves_when_forecasts_do(done: tuple[Path, Rolled]) -> None:
    now = recorded_part(done[0])
    if not RECORDED.exists():
        pytest.fail(f"record what version {FORECASTS} says: python -m tests.research.test_rolling_origins")
    was = pd.read_csv(RECORDED, dtype={"id": str})
    fix = "raise FORECASTS in sim/prediction/__init__.py, then python -m tests.research.test_rolling_origins"
    assert now["id"].tolist() == was["id"].tolist(), fix
    assert now["probability"].to_numpy() == pytest.approx(was["probability"].to_numpy(), rel=1e-5, nan_ok=True), fix
    assert now["q50"].to_numpy() == pytest.approx(was["q50"].to_numpy(), rel=1e-5, nan_ok=True), fix


def test_moves_are_scored_beside_those_that_know_no_politics(done: tuple[Path, Rolled]) -> None:
    moves = done[1].moves
    assert set(moves["forecaster"]) == {MODEL, BASE, LAST_MOVE, POOL} and set(moves["origin"]) == {"2023-07"}
    assert moves["ahead"].min() == 1 and moves["month"].max() <= months.index("2024-08")
    assert (moves.groupby(["month", "capital", "lever"]).size() == 4).all()


def test_the_past_is_what_was_known_then() -> None:
    """Of forecasts as of July 2021, a January later: the figures of trade since, and no year's before its July."""
    first = months.index("2021-07")
    asked = [question for question in questions_on(first, first + 24) if question.kind == "number"]
    table = pd.DataFrame([forecast_row(question, MODEL, np.linspace(1.0, 2.0, len(FINE))) for question in asked])
    past = earlier_forecasts.known_past({"2021-07": table, "2022-01": table}, months.index("2022-01"))
    assert past["id"].tolist() == ["trade/2021-08", "trade/2021-09", "trade/2021-10"]
    assert past["fact"].tolist() == [28.74, 69.99, 42.0]
    later = earlier_forecasts.known_past({"2021-07": table}, months.index("2022-07"))
    assert "growth/2021" in set(later["id"]) and "trade/2022-07" not in set(later["id"])
    assert earlier_forecasts.known_past({"2021-07": table}, first).empty


def test_what_is_scored_lies_3_to_24_months_ahead_and_ends_with_the_record(rolled: pd.DataFrame) -> None:
    assert (rolled["horizon"].min(), rolled["horizon"].max()) == (3, 13), "two years end with the record"
    assert (rolled["target"] - rolled["horizon"] == months.index("2023-07")).all() and rolled["fact"].notna().all()
    assert rolled["target"].max() <= months.index("2024-08")
    assert {"trade/2024-04", "growth/2023", "monopoly/2023", "slight/2024-02"} <= set(rolled["id"])
    assert rolled["WIS"].notna().equals(rolled["kind"] == "number") and set(rolled["80%"].dropna()) <= {0.0, 1.0}


def test_the_filter_is_over_draws_of_the_prior_and_not_over_sets_that_know_what_came(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    begun: list[Sets] = []

    def filtered(asked: Experiment, settings: object) -> None:
        begun.append(asked.sets)
        raise InterruptedError

    monkeypatch.setattr(filtering, "filter_states", filtered)
    for origin in ("2021-07", "2022-01"):
        with pytest.raises(InterruptedError):
            rolling_origins.roll_forecasts(tmp_path / origin, Rolling(64, 1, seed=3), origins=(origin,), tell=len)
    assert {sets.source for sets in begun} == {Source.PRIOR} and len(begun[0]) == rolling_origins._PRIOR
    assert not begun[0].values.equals(begun[1].values)


def test_spreads_are_scored_by_hand() -> None:
    """Twice the mean loss of the quantiles; a fact at the median is at level one half; intervals hold their ends."""
    levels = np.array(FINE)
    rows = np.vstack([100.0 * levels, 100.0 * levels, np.full(len(FINE), np.nan)])
    scores = rolling_origins.spread_scores(rows, np.array([90.0, 96.0, 1.0]))
    loss = [2.0 * np.mean((levels - (fact < 100.0 * levels)) * (fact - 100.0 * levels)) for fact in (90.0, 96.0)]
    assert scores["WIS"][:2] == pytest.approx(loss)
    assert scores["PIT"][:2] == pytest.approx([0.9, 0.96]) and scores["off"][:2] == pytest.approx([40.0, 46.0])
    assert [scores[name][:2].tolist() for name in ("50%", "80%", "95%")] == [[0.0, 0.0], [1.0, 0.0], [1.0, 1.0]]
    assert all(np.isnan(values[2]) for values in scores.values())


def test_blocks_are_drawn_whole() -> None:
    """Three blocks of one value each: the mean of three draws is never below the least, and all alike is certain."""
    values, blocks = np.repeat([0.0, 1.0, 2.0], 10), np.repeat([4, 5, 9], 10)
    low, high = rolling_origins.block_bootstrap(values, blocks, 1)
    assert (low, high) == (0.0, 2.0), "a single block in all three draws is one case in nine"
    apart = rolling_origins.block_bootstrap(values, np.arange(30), 1)
    assert 0.6 < apart[0] < 0.8 and 1.2 < apart[1] < 1.4
    assert rolling_origins.block_bootstrap(np.full(30, 0.7), blocks, 1) == pytest.approx((0.7, 0.7))


def made() -> pd.DataFrame:
    """Return made-up scores: the model is better in trade, its rivals in growth and events."""
    rows = []
    for about, kind, mine, others in (
        ("trade", "number", 1.0, 3.0), ("growth", "number", 2.0, 1.0), ("share", "number", 1.0, 1.0),
        ("slight", "event", 0.3, 0.1),
    ):  # fmt: skip
        for month in range(4, 23):
            for name, score in ((MODEL, mine), (PERSISTENCE, others), (BASE, others)):
                likely = {"Brier": score, "log": 2.0 * score, "probability": 0.9}
                column = {"CRPS": score} if kind == "number" else likely
                held = {"50%": 0.0, "80%": float(about != "growth"), "95%": 1.0, "WIS": score, "off": 0.0, "PIT": 0.5,
                        **dict.fromkeys(FINELY, 0.9 + 0.2 * (name == BASE))}  # fmt: skip
                rows.append({
                    "id": f"{about}/{month}", "forecaster": name, "kind": kind, "origin": "2021-07",
                    "target": month, "horizon": month, "fact": 1.0, **column,
                    **(held if kind == "number" else {}),
                })  # fmt: skip
    return pd.DataFrame(rows)


def test_means_and_leads_are_by_subject_horizon_and_forecaster() -> None:
    table = rolling_origins.rolling_summary(made(), 1).set_index(["about", "horizon", "score", "forecaster"])
    late = table.loc[("trade", LATE, "CRPS", PERSISTENCE)]
    assert late[["forecasts", "mean", "ahead", "low", "high"]].tolist() == [17, 3.0, 2.0, 2.0, 2.0]
    assert table.loc[("trade", "3 to 5", "CRPS", MODEL), "forecasts"] == 2
    assert table.loc[(ALL_EVENTS, EVERY, "log", BASE), "ahead"] == pytest.approx(-0.4)


def test_a_sentence_stands_wherever_a_forecaster_without_politics_is_better() -> None:
    said = rolling_origins.wins(rolling_origins.rolling_summary(made(), 1))
    assert said[0].startswith("Growth: persistence is better than the model (CRPS 1 against 2; difference 1, 95% ")
    assert [line.split(":")[0] for line in said] == ["Growth", "Events", "Events", "Slight"]


def test_an_aim_that_is_missed_is_called_so() -> None:
    scores = made()
    aims = rolling_origins.forecast_aims(scores, rolling_origins.rolling_summary(scores, 1))
    assert [reached for _, _, reached in aims] == ["missed", "reached", "missed", "missed"]
    assert aims[0][1] == "67% of 57 (trade 100%, growth 0%, share 100%)"
    assert [said for _, said, _ in aims[1:]] == [
        f"{word} by {size} (95% interval {size} to {size})"
        for word, size in (("better", "2"), ("worse", "0.2"), ("worse", "0.4"))
    ]
    one = (scores["id"] == "trade/9") & (scores["forecaster"] == PERSISTENCE)
    scores.loc[one, "CRPS"] = -20.0
    reached = rolling_origins.forecast_aims(scores, rolling_origins.rolling_summary(scores, 1))[1][2]
    assert reached == "reached, but it may be chance"


def contest(low: float, high: float, rival: float = 1.5, horizon: str = LATE) -> pd.DataFrame:
    """Return what the model, at 1, and a rival have in a contest of trade; low and high are of the model's lead."""
    keys = [("trade", LATE, "CRPS", PERSISTENCE), (ALL_EVENTS, EVERY, "Brier", BASE), (ALL_EVENTS, EVERY, "log", BASE)]
    keys = [("trade", horizon, "CRPS", PERSISTENCE), *keys[1:]]
    rows = [(*key, rival, rival - 1.0, low, high) for key in keys]
    rows += [(*key[:3], MODEL, 1.0, 0.0, 0.0, 0.0) for key in keys]
    columns = ["about", "horizon", "score", "forecaster", "mean", "ahead", "low", "high"]
    return pd.DataFrame(rows, columns=columns)


@pytest.mark.parametrize(("rival", "low", "reached"), [
    (1.5, 0.01, "reached"), (1.5, 0.0, "reached, but it may be chance"), (1.5, -0.2, "reached, but it may be chance"),
    (1.0, 0.0, "missed"), (0.9, -0.2, "missed"),
])  # fmt: skip
def test_an_aim_is_reached_by_a_lead_and_surely_where_all_of_the_interval_is_one(
    rival: float, low: float, reached: str
) -> None:
    assert [aim[2] for aim in rolling_origins.forecast_aims(made(), contest(low, 2.0, rival))[1:]] == [reached] * 3


@pytest.mark.parametrize(("share", "reached"), [
    (0.69, "missed"), (0.7, "reached"), (0.9, "reached"), (0.91, "missed"),
])  # fmt: skip
def test_intervals_of_eight_in_ten_may_hold_from_seven_to_nine_in_ten(share: float, reached: str) -> None:
    scores = made()
    own = (scores["forecaster"] == MODEL) & (scores["kind"] == "number")
    scores.loc[scores["kind"] == "number", "80%"] = 0.5
    scores.loc[own, "80%"] = share
    assert rolling_origins.forecast_aims(scores, contest(0.1, 2.0))[0][2] == reached


@pytest.mark.parametrize(("rival", "high", "horizon", "says"), [
    (1.0, 0.0, LATE, []), (1.2, 0.5, LATE, []),
    (0.75, -0.125, LATE, ["months ahead", "0.75 against 1;", "difference 0.25,", "0.125 to 0.5)"]),
    (0.75, 0.0, LATE, ["months ahead", "0 to 0.5, so it may be chance)"]),
    (0.75, 0.125, EVERY, ["Trade: persistence", "-0.125 to 0.5, so it may be chance)"]),
])  # fmt: skip
def test_a_rival_that_is_better_is_told_by_how_much_and_whether_it_may_be_chance(
    rival: float, high: float, horizon: str, says: list[str]
) -> None:
    table = contest(-0.5, high, rival, horizon)
    said = rolling_origins.wins(table[table["about"] == "trade"])
    assert len(said) == bool(says) and all(part in said[0] for part in says)
    assert not says or ("chance" in said[0]) == (high >= 0.0)


def test_the_best_of_those_that_are_better_is_told() -> None:
    table = contest(-0.5, -0.1, 0.8)
    more = table[table["forecaster"] == PERSISTENCE].assign(forecaster="another", mean=0.6, ahead=-0.4)
    (said,) = rolling_origins.wins(pd.concat([table[table["about"] == "trade"], more]))
    assert ": another is better" in said and "0.6 against 1; difference 0.4," in said


def test_two_years_are_asked_about_as_far_as_the_record_reaches() -> None:
    last = months.index("2024-08")
    assert [earlier_forecasts.last_asked(last - before) for before in (30, 24, 23, 0)] == [last - 6, last, last, last]


def test_spans_of_trade_hold_their_first_and_last_months() -> None:
    """Scores are the months ahead, 4 to 22 of them, so their means say which months are in a span."""
    scores = made()
    scores["CRPS"] = scores["horizon"].astype(float)
    table = rolling_origins.rolling_summary(scores, 1).set_index(["about", "horizon", "forecaster"])
    spans = table.xs(("trade", MODEL), level=("about", "forecaster"))[["forecasts", "mean"]]
    means = {span: row.tolist() for span, row in spans.iterrows()}
    assert means == {"3 to 5": [2, 4.5], "6 to 11": [6, 8.5], "12 to 24": [11, 17.0], LATE: [17, 14.0]}
    assert table.loc[("growth", EVERY, MODEL), ["forecasts", "mean"]].tolist() == [19, 13.0]


def test_events_are_told_together_by_both_scores_and_each_alone() -> None:
    table = rolling_origins.rolling_summary(made(), 1)
    events = table[table["about"].isin([ALL_EVENTS, "slight"])]
    rows = events[["about", "score", "forecaster", "mean"]].to_numpy().tolist()
    assert rows == [
        [about, score, name, pytest.approx(times * (0.3 if name == MODEL else 0.1))]
        for about, score, times in ((ALL_EVENTS, "Brier", 1), (ALL_EVENTS, "log", 2), ("slight", "Brier", 1))
        for name in (MODEL, PERSISTENCE, BASE)
    ]


def test_a_table_of_scores_has_the_means_of_spread_by_forecaster() -> None:
    scores = made()
    own = (scores["forecaster"] == MODEL) & (scores["id"].str.startswith("trade"))
    scores.loc[own, ["WIS", "off", "PIT", "50%", "95%"]] = [0.5, 3.0, 0.25, 0.0, 1.0]
    scores.loc[own & (scores["horizon"] % 2 == 0), ["WIS", "off", "PIT", "50%", "95%"]] = [1.5, 5.0, 0.75, 1.0, 1.0]
    row = (
        rolling_origins.rolling_summary(scores, 1)
        .set_index(["about", "horizon", "forecaster"])
        .loc[("trade", "6 to 11", MODEL)]
    )
    assert row[["WIS", "off", "PIT", "50%", "80%", "95%"]].tolist() == [1.0, 4.0, 0.5, 0.5, 1.0, 1.0]


def test_the_page_says_where_the_model_loses_and_whether_the_second_sitting_is_frozen() -> None:
    scores = made()
    moves = [
        {"month": 60, "ahead": 5, "capital": "Seoul", "lever": "north", "option": "hard", "weight": 1.0,
         "forecaster": name, "log": score, "RPS": score}
        for name, score in ((MODEL, 0.2), (BASE, 0.3), (LAST_MOVE, 0.4))
    ]  # fmt: skip
    whole = Rolled(scores, pd.DataFrame(moves))
    page = forecasts_page.page(whole, frozen=False)
    said = rolling_origins.wins(rolling_origins.rolling_summary(scores, forecasts_page.SIZE.seed))
    assert said and all(f"\n* {sentence}\n" in page for sentence in said)
    assert "half\nshould: driftback 0%, persistence 0%, base rate 100%." in page
    assert "It is not frozen yet" in page and "forecasts-second.csv" not in page
    assert "[forecasts-second.csv](forecasts-second.csv) is frozen too" in forecasts_page.page(whole, frozen=True)
    assert "By the log score the model is better than the better of the two, base rate (0.200 against 0.300)." in page
    picture = forecast_figures.skill(rolling_origins.rolling_summary(scores, 1), "made up")
    assert picture.title == "The model's forecasts are better than others in 8 of 14 contests"


def test_every_month_that_is_scored_is_in_one_span_of_trade() -> None:
    spans = dict(rolling_origins.HORIZONS["trade"])
    assert spans.pop(LATE) == (6, 24)
    assert [month for first, last in spans.values() for month in range(first, last + 1)] == list(range(3, 25))
    assert rolling_origins.HORIZONS["growth"] == rolling_origins.HORIZONS["share"] == {EVERY: (3, 24)}
    every = [entry for of in rolling_origins.HORIZONS.values() for entry in of.items()]
    assert all(words == f"{first} to {last}" for words, (first, last) in every)


def test_the_quantiles_that_are_scored_are_those_of_the_table() -> None:
    assert len(FINELY) == len(FINE) == len(set(FINELY))


if __name__ == "__main__":
    with TemporaryDirectory() as home:
        rolling_origins.roll_forecasts(Path(home) / "origins", Rolling(64, 1, seed=3), origins=("2023-07",), tell=len)
        recorded_part(Path(home) / "origins").to_csv(RECORDED, index=False, float_format="%.9g")
