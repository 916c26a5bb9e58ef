"""Scores worked by hand: what came and what did not, means, skill, and how often facts fell below a quantile."""

import os
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from sim.prediction import scoring
from sim.prediction.forecasting import LEVELS, MODEL, QUANTILES
from sim.prediction.references import PERSISTENCE

FACTS = pd.Series({"summit/2024-09": 0.0, "slight/2024-09": 1.0, "growth/2024": 10.0, "growth/2025": 14.0})


def event(name: str, forecaster: str, chance: float) -> dict[str, object]:
    return {"id": name, "forecaster": forecaster, "kind": "event", "probability": chance}


def number(name: str, forecaster: str, middle: float) -> dict[str, object]:
    """Return a forecast whose quantiles lie a tenth apart around the middle."""
    spread = dict(zip(QUANTILES, middle + 0.1 * np.arange(-9, 10), strict=True))
    return {"id": name, "forecaster": forecaster, "kind": "number", **spread}


def frame(*rows: dict[str, object]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["id", "forecaster", "kind", "probability", *QUANTILES])


def table() -> pd.DataFrame:
    return frame(
        event("summit/2024-09", MODEL, 0.8), event("summit/2024-09", PERSISTENCE, 0.1),
        event("slight/2024-09", MODEL, 0.8), event("slight/2024-09", PERSISTENCE, 0.5),
        number("growth/2024", MODEL, 10.0), number("growth/2024", PERSISTENCE, 12.0),
        number("growth/2025", MODEL, 14.0), number("growth/2025", PERSISTENCE, 12.0),
        event("monopoly/2024", MODEL, 0.5),
    )  # fmt: skip


SCORED = scoring.score_forecasts(table(), FACTS).set_index(["id", "forecaster"])


def test_what_did_not_come_is_scored_by_the_chance_that_it_would_not() -> None:
    assert SCORED.loc[("summit/2024-09", MODEL), "log"] == pytest.approx(-np.log(0.2))
    assert SCORED.loc[("summit/2024-09", MODEL), "Brier"] == pytest.approx(0.64)
    assert SCORED.loc[("summit/2024-09", PERSISTENCE), "log"] == pytest.approx(-np.log(0.9))
    assert SCORED.loc[("slight/2024-09", MODEL), "log"] == pytest.approx(-np.log(0.8))
    assert SCORED.loc[("slight/2024-09", MODEL), "Brier"] == pytest.approx(0.04)


@pytest.mark.parametrize(("chance", "came"), [(0.0, 1.0), (1.0, 0.0)])
def test_who_was_surer_than_one_in_a_thousand_is_taken_at_that(chance: float, came: float) -> None:
    scored = scoring.score_forecasts(frame(event("summit/2024-09", MODEL, chance)), pd.Series({"summit/2024-09": came}))
    assert scored["log"].item() == pytest.approx(-np.log(0.001))
    assert scored["Brier"].item() == pytest.approx(0.998001)


def test_numbers_have_one_score_events_two_and_questions_without_a_fact_none() -> None:
    events, numbers = SCORED[SCORED["kind"] == "event"], SCORED[SCORED["kind"] == "number"]
    assert len(SCORED) == 8 and "monopoly/2024" not in SCORED.index.get_level_values("id")
    assert events[["Brier", "log"]].notna().all(axis=None) and events["CRPS"].isna().all()
    assert numbers["CRPS"].notna().all() and numbers[["Brier", "log"]].isna().all(axis=None)
    assert SCORED["fact"].tolist() == [0.0, 0.0, 1.0, 1.0, 10.0, 10.0, 14.0, 14.0]
    assert list(SCORED.reset_index())[:5] == ["id", "forecaster", "kind", "fact", "probability"]


def test_the_score_of_a_number_is_twice_the_mean_loss_of_its_quantiles() -> None:
    quantiles = 12.0 + 0.1 * np.arange(-9, 10)
    low = [level * (14.0 - q) for level, q in zip(LEVELS, quantiles, strict=True)]  # the fact lies above them all
    assert SCORED.loc[("growth/2025", PERSISTENCE), "CRPS"] == pytest.approx(2.0 * np.mean(low))
    high = [(1.0 - level) * (q - 10.0) for level, q in zip(LEVELS, quantiles, strict=True)]  # and below them all
    assert SCORED.loc[("growth/2024", PERSISTENCE), "CRPS"] == pytest.approx(2.0 * np.mean(high))


def test_means_are_by_kind_of_question_score_and_forecaster_and_skill_is_against_persistence() -> None:
    summary = scoring.summary(SCORED.reset_index()).set_index(["about", "score", "forecaster"])
    assert summary["questions"].to_dict() == {
        ("summit", "Brier", MODEL): 1, ("summit", "Brier", PERSISTENCE): 1,
        ("slight", "Brier", MODEL): 1, ("slight", "Brier", PERSISTENCE): 1,
        ("summit", "log", MODEL): 1, ("summit", "log", PERSISTENCE): 1,
        ("slight", "log", MODEL): 1, ("slight", "log", PERSISTENCE): 1,
        ("growth", "CRPS", MODEL): 2, ("growth", "CRPS", PERSISTENCE): 2,
    }  # fmt: skip
    assert summary.loc[("summit", "Brier", MODEL), "mean"] == pytest.approx(0.64)
    assert summary.loc[("summit", "Brier", MODEL), "skill"] == pytest.approx(1.0 - 0.64 / 0.01)
    assert summary.loc[("slight", "Brier", MODEL), "skill"] == pytest.approx(1.0 - 0.04 / 0.25)
    mine = SCORED.xs(MODEL, level="forecaster")["CRPS"].mean()
    assert summary.loc[("growth", "CRPS", MODEL), "mean"] == pytest.approx(mine)
    assert (summary.xs(PERSISTENCE, level="forecaster")["skill"] == 0.0).all()


def test_there_is_no_skill_against_a_forecaster_that_was_never_wrong() -> None:
    rows = [event("summit/2024-09", MODEL, 0.5), event("summit/2024-09", PERSISTENCE, 0.5)]
    perfect = scoring.score_forecasts(frame(*rows), FACTS)
    perfect.loc[perfect["forecaster"] == PERSISTENCE, ["Brier", "log"]] = 0.0
    assert scoring.summary(perfect)["skill"].isna().all()


def test_a_fact_on_a_quantile_counts_as_not_above_it() -> None:
    """Median 10 and 14 are the facts themselves: half of all facts lie at the median or below, as they should."""
    shares = scoring.reliability(SCORED.reset_index()).set_index(["forecaster", "level"])["share"]
    assert len(shares) == 2 * len(LEVELS)
    assert shares[MODEL].to_dict() == {level: float(level >= 0.5) for level in LEVELS}
    assert shares[PERSISTENCE].to_dict() == dict.fromkeys(LEVELS, 0.5)  # one fact below all of them, one above


def test_events_have_no_quantiles_to_be_reliable() -> None:
    only = scoring.score_forecasts(frame(event("summit/2024-09", MODEL, 0.5)), FACTS)
    assert scoring.reliability(only).empty and list(scoring.reliability(only)) == ["forecaster", "level", "share"]


def test_tables_keep_the_order_of_the_forecasts() -> None:
    """By the alphabet they would read base rate, growth; the table has persistence first, and shares last."""
    rows = [number(name, who, 10.0) for who in (PERSISTENCE, MODEL) for name in ("share/2024", "growth/2024")]
    scored = scoring.score_forecasts(frame(*rows), pd.Series({"share/2024": 9.0, "growth/2024": 9.0}))
    assert scoring.reliability(scored)["forecaster"].drop_duplicates().tolist() == [PERSISTENCE, MODEL]
    order = scoring.summary(scored)[["about", "forecaster"]].to_numpy().tolist()
    assert order == [["share", PERSISTENCE], ["growth", PERSISTENCE], ["share", MODEL], ["growth", MODEL]]


def test_an_id_that_is_nearly_right_is_helped_along(tmp_path: Path) -> None:
    with pytest.raises(scoring.FactsError, match=r"no question 'growth/2026'; did you mean growth/2025\?"):
        scoring.read_facts(written(tmp_path, "id,value\ngrowth/2026,1\n"), table())


def written(folder: Path, text: str) -> Path:
    path = folder / "facts.csv"
    path.write_text(text, encoding="utf-8")
    return path


def test_facts_are_read_with_spaces_around_their_ids_and_with_other_columns(tmp_path: Path) -> None:
    text = "source,id,value\nsomebody, growth/2024 ,3.1\nanother,summit/2024-09,1\na third,slight/2024-09,0\n"
    facts = scoring.read_facts(written(tmp_path, text), table())
    assert facts.to_dict() == {"growth/2024": 3.1, "summit/2024-09": 1.0, "slight/2024-09": 0.0}


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("id,value\nwholly-else,1\n", "facts.csv:2: no question 'wholly-else'"),
        ("id,value\n,1\n", "facts.csv:2: no question ''"),
        ("id,value\ngrowth/2024\n", "facts.csv:2: '' is no number; write what came to be, such as 3.1"),
        ("id,value\ngrowth/2024,inf\n", "facts.csv:2: 'inf' is no number"),
        ("id,value\n\n\ngrowth/2024,x\n", "facts.csv:4: 'x' is no number"),
        ("id,value\nsummit/2024-09,2\n", "facts.csv:2: summit/2024-09 is an event; write 1 if it came and 0 if it did"),
        ("id,fact\ngrowth/2024,1\n", "facts.csv:1: the columns id and value are wanted; write id,value"),
        ("", "facts.csv:1: the columns id and value are wanted"),
    ],
)
def test_each_line_that_cannot_be_used_is_named_with_its_reason(tmp_path: Path, text: str, says: str) -> None:
    with pytest.raises(scoring.FactsError) as error:
        scoring.read_facts(written(tmp_path, text), table())
    assert says in str(error.value)
    assert "did you mean" not in str(error.value)


def test_a_table_of_forecasts_without_a_column_is_refused_and_comments_are_skipped(tmp_path: Path) -> None:
    path = tmp_path / "forecasts.csv"
    path.write_text("# made by hand\n" + table().to_csv(index=False), encoding="utf-8")
    assert len(scoring.read_forecasts(path)) == 9
    for column in ("id", "forecaster", "kind", "probability", "q05", "q95"):
        path.write_text(table().drop(columns=column).to_csv(index=False), encoding="utf-8")
        with pytest.raises(scoring.FactsError, match=f"no column '{column}'; forecasts are made with `sim forecast`"):
            scoring.read_forecasts(path)
    path.write_text(table().drop(columns=["kind", "q50"]).to_csv(index=False), encoding="utf-8")
    with pytest.raises(scoring.FactsError, match="no column 'kind'"):
        scoring.read_forecasts(path)


def few() -> pd.DataFrame:
    """Return two questions with two forecasters each."""
    rows = []
    for name, chance, middle in ((MODEL, 0.8, 10.0), (PERSISTENCE, 0.5, 20.0)):
        rows.append({"id": "summit/2024-09", "forecaster": name, "kind": "event", "probability": chance})
        spread = dict(zip(QUANTILES, middle + np.linspace(-1, 1, 19), strict=True))
        rows.append({"id": "growth/2024", "forecaster": name, "kind": "number", **spread})
    return pd.DataFrame(rows)


def test_scores_are_those_of_the_textbooks() -> None:
    scored = scoring.score_forecasts(few(), pd.Series({"summit/2024-09": 1.0, "growth/2024": 10.0}))
    event = scored[(scored["kind"] == "event")].set_index("forecaster")
    assert event["Brier"].to_dict() == pytest.approx({MODEL: 0.04, PERSISTENCE: 0.25})
    assert event["log"].to_dict() == pytest.approx({MODEL: -np.log(0.8), PERSISTENCE: -np.log(0.5)})
    number = scored[(scored["kind"] == "number")].set_index("forecaster")["CRPS"]
    quantiles = 10.0 + np.linspace(-1, 1, 19)
    pinball = [(level - (q > 10.0)) * (10.0 - q) for level, q in zip(LEVELS, quantiles, strict=True)]
    assert number[MODEL] == pytest.approx(2 * np.mean(pinball))
    assert number[PERSISTENCE] == pytest.approx(10.0, rel=0.05)
    skill = scoring.summary(scored).set_index(["score", "forecaster"])["skill"]
    assert skill["Brier", MODEL] == pytest.approx(1 - 0.04 / 0.25) and skill["CRPS", PERSISTENCE] == 0.0


def test_reliability_counts_facts_below_each_quantile() -> None:
    shares = scoring.reliability(scoring.score_forecasts(few(), pd.Series({"growth/2024": 10.05})))
    mine = shares[shares["forecaster"] == MODEL].set_index("level")["share"]
    assert mine[0.5] == 0.0 and mine[0.55] == 1.0


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("id;value\n", "facts.csv:1: the columns id and value are wanted"),
        ("id,value\n", "there are no facts"),
        ("id,value\ngrowth/2042,1\n", "facts.csv:2: no question 'growth/2042'; did you mean growth/2024"),
        ("id,value\ngrowth/2024,three\n", "facts.csv:2: 'three' is no number"),
        ("id,value\nsummit/2024-09,0.5\n", "facts.csv:2: summit/2024-09 is an event; write 1"),
        ("id,value\ngrowth/2024,1\ngrowth/2024,2\n", "facts.csv:3: growth/2024 has a fact already"),
    ],
)
def test_a_fact_that_cannot_be_used_is_told_with_its_line(tmp_path: Path, text: str, says: str) -> None:
    (tmp_path / "facts.csv").write_text(text, encoding="utf-8")
    with pytest.raises(scoring.FactsError) as error:
        scoring.read_facts(tmp_path / "facts.csv", few())
    assert says in str(error.value)


@pytest.mark.parametrize(
    "content",
    ["id,value\ngrowth/2024,1\n".encode("utf-16"), b"id,value\ngrowth/2024,\xff\n", b"id,value\ngrowth/2024,1\0\n"],
)
def test_a_table_that_a_spreadsheet_wrote_otherwise_is_told_how_to_save_it(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "facts.csv").write_bytes(content)
    for read in (lambda path: scoring.read_facts(path, few()), scoring.read_forecasts):
        with pytest.raises(scoring.FactsError, match=r"facts.csv:[12]: not UTF-8 text.*as “CSV UTF-8”"):
            read(tmp_path / "facts.csv")


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda frame: frame.iloc[:0], "there are no forecasts"),
        (lambda frame: frame.drop(columns="q50"), "no column 'q50'"),
        (lambda frame: frame.assign(probability=1.2), ":3: the probability of an event is a number from 0 to 1"),
        (lambda frame: frame.assign(probability=-0.1), ":3: the probability of an event"),
        (lambda frame: frame.assign(probability="likely"), ":3: the probability of an event"),
        (lambda frame: frame.assign(q50=99.0), ":4: quantiles cross"),
        (lambda frame: frame.assign(q50=frame["q55"] + 0.01), ":4: quantiles cross"),
        (lambda frame: frame.assign(q50="many"), ":4: a number has all quantiles q05 to q95"),
        (lambda frame: frame.assign(q50=np.inf), ":4: a number has all quantiles"),
        (lambda frame: frame.assign(kind="guess"), ":3: the kind is event or number"),
        (lambda frame: frame.assign(kind=["event", "number", "number", "number"]), ":3: its question has another kind"),
        (lambda frame: frame.assign(forecaster=None), ":3: a forecast needs an id"),
        (lambda frame: frame.assign(forecaster=MODEL), ":5: its forecaster answers this question twice"),
    ],
)
def test_a_forecast_that_cannot_be_used_is_told_with_its_line(tmp_path: Path, change: Callable, says: str) -> None:
    file = tmp_path / "forecasts.csv"
    file.write_text("# made by hand\n" + change(few()).to_csv(index=False), encoding="utf-8")
    with pytest.raises(scoring.FactsError) as error:
        scoring.read_forecasts(file)
    assert f"{file}" in str(error.value) and says in str(error.value) and "sim forecast" in str(error.value)


@pytest.mark.parametrize("text", ["", "\n\n", "# nothing\n", "a\nb,c,d\n"])
def test_what_is_no_table_of_forecasts_is_told(tmp_path: Path, text: str) -> None:
    (tmp_path / "forecasts.csv").write_text(text, encoding="utf-8")
    with pytest.raises(scoring.FactsError, match=r"forecasts.csv: .*; forecasts are made with `sim forecast`"):
        scoring.read_forecasts(tmp_path / "forecasts.csv")


@pytest.mark.parametrize("read", [lambda path: scoring.read_facts(path, few()), scoring.read_forecasts])
def test_a_quote_that_nothing_closes_is_told_with_the_line_where_it_opens(tmp_path: Path, read: Callable) -> None:
    path = written(tmp_path, 'id,value\ngrowth/2024,1\n\n"summit/2024-09,1\n' + "x,1\n" * 50)
    with pytest.raises(scoring.FactsError, match=r"facts.csv:4: a quote opens here"):
        read(path)


@pytest.mark.parametrize("read", [lambda path: scoring.read_facts(path, few()), scoring.read_forecasts])
def test_what_is_no_file_is_not_waited_for(tmp_path: Path, read: Callable) -> None:
    os.mkfifo(tmp_path / "pipe")
    for path, what in (
        (tmp_path / "pipe", r"a pipe \(FIFO\)"),
        (Path("/dev/zero"), "a device"),
        (tmp_path, "a folder"),
    ):
        with pytest.raises(scoring.FactsError, match=f"this is {what}, not a file; name a file"):
            read(path)


def test_a_table_that_is_not_there_is_told_with_what_it_is(tmp_path: Path) -> None:
    with pytest.raises(scoring.FactsError, match=r"mine.csv: there is no such file; .*--forecasts"):
        scoring.read_forecasts(tmp_path / "mine.csv")
    with pytest.raises(scoring.FactsError, match=r"mine.csv: there is no such file; .*columns id and value"):
        scoring.read_facts(tmp_path / "mine.csv", few())


def test_twenty_facts_that_cannot_be_used_are_told_and_the_number_of_the_others(tmp_path: Path) -> None:
    path = written(tmp_path, "id,value\n" + "".join(f"growth/{year},1\n" for year in range(3000, 23_000)))
    with pytest.raises(scoring.FactsError) as error:
        scoring.read_facts(path, few())
    lines = str(error.value).splitlines()
    assert len(lines) == 21 and lines[-1] == "and 19,980 more"
    assert all(f"facts.csv:{k}: no question" in line for k, line in enumerate(lines[:-1], 2))
    assert "did you mean growth/2024" in lines[19]


def test_a_forecaster_may_be_sure_and_two_quantiles_may_be_one(tmp_path: Path) -> None:
    file = tmp_path / "forecasts.csv"
    for chance in (0.0, 1.0):
        sure = few().assign(probability=[chance, np.nan, chance, np.nan], q45=lambda frame: frame["q50"])
        file.write_text(sure.to_csv(index=False), encoding="utf-8")
        assert scoring.read_forecasts(file)["probability"].dropna().tolist() == [chance, chance]


def test_the_frozen_forecasts_can_be_read() -> None:
    assert len(scoring.read_forecasts(Path(__file__).parents[2] / "docs" / "forecasts.csv")) > 100
