"""The answer in a sentence, on runs made by hand: every word and number of it is asked for."""

from dataclasses import replace

import numpy as np
import pytest

from sim.analysis.definitions import describe_definitions, drift
from sim.api import Pair
from sim.engine.war_end import NEVER
from sim.report.style import percent
from sim.report.text import answer
from tests.analysis.by_hand import made, steps

END = 72
# One run rises by 8 points with the end, two stay, one falls by 4: three are back at their level of 2023, one is 5 up.
ROWS = [steps((0, 30.0), (END, 38.0)), steps((0, 30.0)), steps((0, 30.0)), steps((0, 30.0), (END, 26.0))]
MANY, CONTROL = made([END] * 4, reengagement=ROWS), made([NEVER] * 4, reengagement=30.0)


def interval_in_words(interval: tuple[float, float]) -> str:
    noise = "run-to-run noise alone, with one parameter set"
    return f" (95% interval of the mean: {interval[0]:+.1f} to {interval[1]:+.1f}, {noise})"


def test_the_answer_tells_the_histories_the_share_of_d2_and_the_effect_and_folds_the_interval() -> None:
    assert drift(MANY, CONTROL).share.round(2).to_dict() == {"D1": 0.75, "D2": 0.25, "D3": 0.0, "D4": 0.0, "D5": 1.0}
    said = answer.answer_of_run(MANY, CONTROL)
    for words in ("4 histories", "January 2025", "25 of every 100", "raised Pyongyang's re-engagement by 1.0 points"):
        assert words in said
    assert said.startswith(answer.LEADS["not supported"]) and len(said.split()) <= 60 and "interval" not in said
    words = interval_in_words(Pair(MANY, CONTROL).effect().interval)
    assert words.strip(" ()")[1:] in answer.interval(MANY, CONTROL)


def test_the_first_word_is_that_of_the_verdict_and_of_runs_it_follows_the_share_that_the_rule_asks_for() -> None:
    ends = np.array([END, END + 12])
    assert answer.headline("conditional", ends, 0.5, -2.0).startswith(answer.LEADS["conditional"])
    assert "between January 2025 and January 2026" in answer.headline("supported", ends, 0.5, -2.0)
    risen = made([END] * 4, reengagement=[ROWS[0]] * 3 + [ROWS[1]])
    assert answer.answer_of_run(risen, CONTROL).startswith(answer.LEADS["supported"])


def test_one_run_has_an_effect_and_no_interval() -> None:
    one, control = made([END], reengagement=ROWS[0]), made([NEVER], reengagement=30.0)
    assert "raised Pyongyang's re-engagement by 8.0 points" in answer.answer_of_run(one, control)
    assert "oo few runs or parameter sets for an interval" in answer.interval(one, control)
    assert answer.interval(CONTROL, CONTROL) == ""


def test_a_war_that_does_not_end_or_too_late_is_not_judged_and_that_is_said() -> None:
    levels = "Re-engagement goes from 30 in 2019 to 30 in 2028 (8 in 10 of 4 runs: 30 to 30)."
    assert answer.answer_of_run(CONTROL, CONTROL) == (
        "The war does not end in these runs, so they cannot show whether its end brings Pyongyang back. "
        + levels
    )
    late = made([100] * 4, reengagement=30.0)
    assert answer.answer_of_run(late, CONTROL) == (
        "The war ends too late in these runs to judge the two years after it. " + levels
    )


def named(many, name: str):
    return replace(many, experiment=many.experiment.replace(scenario=many.scenario.with_(name=name)))


def pair(*effects: float) -> Pair:
    rows = [steps((0, 30.0), (END, 30.0 + effect)) for effect in effects]
    ended, endless = made([END] * len(rows), reengagement=rows), made([NEVER] * len(rows), reengagement=30.0)
    return Pair(named(ended, "one"), named(endless, "other"))


@pytest.mark.parametrize(
    ("effects", "said", "up"),
    [
        ((2.0, 3.0, 4.0), "on average 3.0 points of 100 higher in “one” than in “other”", 1.0),
        ((-2.0, -3.0, -4.0), "on average 3.0 points of 100 lower in “one” than in “other”", 0.0),
        ((0.4, 0.5, 0.6), "on average 0.5 points of 100 higher in “one” than", 1.0),
        ((3.0, -3.0), "no clear difference: on average 0.0 points of 100 higher in “one” than", 0.5),
        ((9.0, -9.0, 3.0, 1.0), "no clear difference: on average 1.0 points of 100 higher in “one” than", 0.75),
        ((-9.0, 9.0, -3.0, -1.0), "no clear difference: on average 1.0 points of 100 lower in “one” than", 0.25),
        ((2.0, 0.0, 2.0, 2.0, 2.0, 2.0, 2.0, 2.0), "on average 1.8 points of 100 higher in “one” than", 7 / 8),
    ],
)
def test_a_pair_is_told_with_its_direction_and_how_sure_it_is(effects: tuple[float, ...], said: str, up: float) -> None:
    two = pair(*effects)
    sentence = answer.answer_of_pair(two)
    assert sentence.startswith("Pyongyang's re-engagement with Beijing, 24 months after the war's end: " + said)
    assert sentence.endswith(
        f" with the same random numbers{interval_in_words(two.effect().interval)}; it is higher in {percent(up)} of "
        f"{len(effects)} paired runs."
    )


def test_an_interval_that_touches_nothing_is_no_clear_difference(monkeypatch: pytest.MonkeyPatch) -> None:
    for interval, unsure in (((0.0, 4.0), True), ((-4.0, 0.0), True), ((0.1, 4.0), False), ((-4.0, -0.1), False)):
        monkeypatch.setattr("sim.analysis.estimates.Estimate.interval", lambda *_, interval=interval: interval)
        assert ("no clear difference" in answer.answer_of_pair(pair(1.0, 2.0))) == unsure, interval


def test_no_difference_at_all_is_said_so() -> None:
    assert answer.answer_of_pair(pair(0.0, 0.0)) == (
        "None at all: 24 months after the war's end, re-engagement is the same in “one” as in “other”, run by run."
    )


def test_a_pair_that_cannot_be_judged_is_compared_in_its_last_month() -> None:
    early, late = made([NEVER] * 2, months=60, reengagement=31.0), made([NEVER] * 2, reengagement=30.0)
    measured = answer.effect_of(Pair(early, late))
    assert (measured.when, measured.values.tolist()) == ("in 2023-12", [1.0, 1.0])
    assert answer.effect_of(Pair(late, early)).when == "in 2023-12"
    assert answer.effect_of(pair(1.0, 2.0)).when == "24 months after the war's end"


def test_each_definition_is_told_with_its_words_and_both_shares_in_their_columns() -> None:
    judged = drift(MANY, made([NEVER] * 4, reengagement=[*ROWS[:2], steps((0, 30.0), (60, 20.0)), ROWS[3]]))
    rows = answer.definition_rows(judged)
    assert [(name, words) for name, words, _, _ in rows] == list(describe_definitions().items())
    shares = {name: (share, without) for name, _, share, without in rows}
    assert shares["D1"] == (percent(0.75), percent(0.5))
    assert shares["D2"][1] == "-"
    assert shares["D5"] == (percent(1.0), percent(1.0))


def test_only_judged_runs_count_without_an_end_too() -> None:
    late = made([END, 110], reengagement=ROWS[:2])
    control = made([NEVER] * 2, reengagement=[ROWS[1], steps((0, 30.0), (60, 20.0))])
    shares = {name: (share, without) for name, _, share, without in answer.definition_rows(drift(late, control))}
    assert shares["D1"] == (percent(1.0), percent(1.0))
    assert np.isfinite(drift(late, control).effect.iloc[0])
