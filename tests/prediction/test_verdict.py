"""The verdict on studies made by hand: each part of the rule can turn it."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from sim.analysis.boxes import best, peel_boxes
from sim.engine.experiment import Experiment
from sim.engine.sets import equally_weighted
from sim.inference import filtering
from sim.inference.filtering import Filtered, FilterSettings
from sim.inference.matching import draw_prior
from sim.model.variants import VARIANTS
from sim.prediction import verdict_study
from sim.prediction.thresholds import CONDITIONAL, NOT_SUPPORTED, SUPPORTED
from sim.prediction.verdict import REGION, assumption_shares, halves, judge
from sim.prediction.verdict_study import FILTERED, LIKELIHOOD, MANY, Evidence, Size, begin, simulate_treatments
from sim.report.folders.verdict_folder import condition
from sim.scenario.source import Source
from sim.storage.study_errors import StudyError

from .test_treatments import SHORT
from .trials import study

HIGH, LOW = np.full(40, 0.8), np.full(40, 0.3)


@pytest.mark.parametrize(
    ("rate", "turned", "word"),
    [
        (HIGH, {}, SUPPORTED),
        (LOW, {}, NOT_SUPPORTED),
        (HIGH, {"flipped": 4}, SUPPORTED),  # 16 of 20 variants agree
        (HIGH, {"flipped": 5}, NOT_SUPPORTED),  # 15 of 20 do not suffice
        (HIGH, {"placebo": 0.9}, SUPPORTED),
        (HIGH, {"placebo": 1.1}, NOT_SUPPORTED),
        (HIGH, {"placebo": -1.1}, NOT_SUPPORTED),
        (HIGH, {"exact": 0.001}, NOT_SUPPORTED),
    ],
)  # fmt: skip
def test_each_part_of_the_rule_can_turn_it(tmp_path: Path, rate: np.ndarray, turned: dict, word: str) -> None:
    assert judge(study(tmp_path / "study", rate, **turned)).word == word


def test_a_variant_that_leaks_the_answer_is_simulated_and_does_not_count(tmp_path: Path) -> None:
    """V7 puts an answer in kind into Beijing's goals: its sign is no evidence, either way."""
    signs = judge(study(tmp_path / "study", HIGH, flipped=0)).tests[1.0].signs
    assert set(signs) == set(VARIANTS) - {"V0", "V7"}


def test_sixty_per_cent_is_the_line(tmp_path: Path) -> None:
    assert judge(study(tmp_path / "above", np.full(40, 0.65))).word == SUPPORTED
    assert judge(study(tmp_path / "below", np.full(40, 0.55))).word == NOT_SUPPORTED


def region(share: float) -> tuple[np.ndarray, pd.DataFrame]:
    """Return rates that are high where so large a share of the sets has the least postwar_need."""
    values = pd.DataFrame(np.random.default_rng(2).random((100, 5)), columns=list(REGION))
    return np.where(values["postwar_need"].rank(pct=True) <= share, 0.95, 0.0), values


def test_a_region_of_enough_weight_makes_it_conditional_and_is_the_finding(tmp_path: Path) -> None:
    rate, values = region(0.4)
    verdict = judge(study(tmp_path / "study", rate, values=values))
    assert verdict.word == CONDITIONAL and len(verdict.regions) == 2
    for finding in verdict.regions:
        low, high = finding.box.limits["postwar_need"]
        assert np.isneginf(low) and high == pytest.approx(values["postwar_need"].quantile(0.4), abs=0.2)
        assert finding.test.pairs.mean >= 0.6 > verdict.tests[1.0].pairs.mean and finding.mass >= 0.2
    assert condition(verdict).startswith("The rule is met where postwar_need up to")


def test_a_region_of_too_little_weight_is_none(tmp_path: Path) -> None:
    rate, values = region(0.08)
    verdict = judge(study(tmp_path / "study", rate, values=values))
    assert (verdict.word, verdict.regions) == (NOT_SUPPORTED, ())


def test_a_region_in_which_a_placebo_moves_is_no_finding_and_is_told(tmp_path: Path) -> None:
    """It moves in a quarter of the region's sets, which is less than a tenth of all."""
    rate, values = region(0.36)
    evidence = study(tmp_path / "study", rate, values=values)
    moved = evidence.pairs("placebo/no deal ever")
    places = np.flatnonzero(rate > 0.5)[::4]
    moved["effect_24"] = np.where(moved["set"].isin(places), 3.0, 0.0)
    evidence.keep("placebo/no deal ever", moved)
    verdict = judge(evidence)
    assert verdict.word == NOT_SUPPORTED and all(placebo.passed for placebo in verdict.tests[1.0].placebos)
    assert any(not placebo.passed for part in verdict.regions for placebo in part.test.placebos)
    said = condition(verdict)
    assert said.startswith("It comes nearest where postwar_need up to") 
    assert "“no deal ever” does something in " in said


def test_a_region_of_a_single_half_is_no_finding(tmp_path: Path) -> None:
    """Of 39 sets one half has too few to be searched."""
    values = pd.DataFrame(np.random.default_rng(2).random((39, 5)), columns=list(REGION))
    verdict = judge(study(tmp_path / "study", np.where(values["postwar_need"] < 0.5, 0.95, 0.0), values=values))
    assert [part.meets for part in verdict.regions] == [True]
    assert verdict.word == NOT_SUPPORTED and condition(verdict).endswith("On the other half no region is found.")


def test_the_halves_follow_from_the_seed_of_the_study_alone() -> None:
    assert halves(319, 7).sum() == 159 and (halves(319, 7) == halves(319, 7)).all()
    assert (halves(319, 7) != halves(319, 8)).any()


def test_a_placebo_is_judged_set_by_set_and_not_by_a_mean_that_cancels(tmp_path: Path) -> None:
    """Of 40 sets, so many move by three points up or down, and their mean does not."""
    for many, passed in ((4, True), (6, False), (40, False)):
        evidence = study(tmp_path / str(many), HIGH)
        moved = evidence.pairs("placebo/no deal ever")
        sign = np.where(moved["set"] % 2 == 0, 3.0, -3.0)
        moved["effect_24"] = np.where(moved["set"] < many, sign, 0.0)
        evidence.keep("placebo/no deal ever", moved)
        verdict = judge(evidence)
        (placebo,) = (placebo for placebo in verdict.tests[1.0].placebos if placebo.name == "no deal ever")
        assert placebo.effect.mean == pytest.approx(0.0) and placebo.within == pytest.approx(1.0 - many / 40)
        assert placebo.passed is passed and (verdict.word == SUPPORTED) is passed


def test_with_few_sets_no_region_is_looked_for(tmp_path: Path) -> None:
    assert judge(study(tmp_path / "study", np.array([1.0] * 8 + [0.0] * 8))).word == NOT_SUPPORTED


def test_the_verdict_is_also_given_at_half_and_twice_the_strictness(tmp_path: Path) -> None:
    evidence = study(tmp_path / "study", HIGH)
    evidence.keep("variant/V0/0.5", evidence.pairs("headline").assign(D2=np.nan))
    assert judge(evidence).words == {1.0: SUPPORTED, 0.5: NOT_SUPPORTED, 2.0: SUPPORTED}


def test_the_meter_reads_the_study(tmp_path: Path) -> None:
    said = assumption_shares(study(tmp_path / "study", HIGH))
    assert said.startswith("Without the assumption that ") and "the West" not in said
    assert 1 <= len(said.splitlines()) <= 3 and "instead of" in said


def test_prim_finds_the_corner_and_says_it(tmp_path: Path) -> None:
    values = pd.DataFrame(np.random.default_rng(0).random((400, 3)), columns=["need", "isolation", "other"])
    holds = ((values["need"] < 0.4) & (values["isolation"] > 0.5)).to_numpy()
    box = best(peel_boxes(values, holds))
    assert box is not None and set(box.limits) == {"need", "isolation"}
    assert box.coverage > 0.9 and box.density > 0.9
    inside = box.inside(values)
    assert box.density == pytest.approx(holds[inside].mean()) and box.mass == pytest.approx(inside.mean())
    said = box.sentence("It fails")
    assert said.startswith("It fails in ") and "need up to 0." in said and "isolation from 0." in said
    assert peel_boxes(values, np.zeros(400, dtype=bool)) == peel_boxes(values, np.ones(400, dtype=bool)) == []


# --- Evidence


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """Plan few treatments."""
    every = verdict_study.treatments

    def some(*args: object) -> dict:
        wanted = ("headline", "news", "placebo/", "end/", "without/A3", "coalition/1111111111", "variant/V4/2")
        return {name: treatment for name, treatment in every(*args).items() if name.startswith(wanted)}  # type: ignore[arg-type]

    monkeypatch.setattr(verdict_study, "treatments", some)


SETS = equally_weighted(pd.DataFrame({"postwar_need": [0.1, 0.9], "postwar_isolation": [0.3, 0.9]}), Source.MIXED)
ENDS = ("2022-08", "2022-09")


def test_a_study_goes_on_where_it_was_stopped_and_ends_the_same(tmp_path: Path, few: None) -> None:
    size = Size(runs=6, coalition_runs=2)
    whole, planned = begin(tmp_path / "whole", Experiment(SHORT, SETS, 3), size, ENDS)
    simulate_treatments(whole, planned)
    stopped, _ = begin(tmp_path / "stopped", Experiment(SHORT, SETS, 3), size, ENDS)

    def stop(done: int) -> None:
        if len(stopped.names()) == 4:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        simulate_treatments(stopped, planned, tell=stop)
    again, planned = begin(tmp_path / "stopped", Experiment(SHORT, SETS, 3), size, ENDS)
    (headline,) = (tmp_path / "stopped/pairs").glob("headline-*.parquet")
    kept = headline.stat().st_mtime_ns
    simulate_treatments(again, planned)
    assert headline.stat().st_mtime_ns == kept
    assert again.names() == whole.names() == list(planned)
    for name in planned:
        pd.testing.assert_frame_equal(again.pairs(name), whole.pairs(name))
    assert len(whole.pairs("headline")) == 12 and len(whole.pairs("coalition/1111111111")) == 4


def test_only_sets_that_history_left_are_weighed_by_the_record_and_only_where_the_war_outlasts_it(
    tmp_path: Path, few: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A filter of few runs stands in; the headline is begun from its states, and states of one set are one set."""

    def filtered(asked: Experiment, settings: FilterSettings) -> Filtered:
        brief = asked.replace(scenario=filtering.known_world("2020-02"))
        return filtering.filter_states(brief, replace(settings, states=4, particles=32))

    monkeypatch.setattr(verdict_study, "filter_states", filtered)
    later = SHORT.with_(war={"ends": "2024-10"}, months={"to": "2026-12"})
    eight = equally_weighted(draw_prior([1], 8), Source.RETAINED)
    kept = {}
    for name, world, sets in (("whole", later, eight), ("early", SHORT, eight), ("few", later, SETS)):
        asked, size = Experiment(world, sets, 3), Size(runs=2, coalition_runs=0)
        made, planned = begin(tmp_path / name, asked, size, ("2024-11", "2024-12"))
        simulate_treatments(made, planned)
        kept[name] = [part for part in (MANY, LIKELIHOOD, FILTERED) if made.has(part)]
    assert kept == {"whole": [MANY, LIKELIHOOD, FILTERED], "early": [MANY], "few": [MANY]}
    whole = Evidence(tmp_path / "whole")
    assert len(whole.pairs(MANY)) == 8 * 20 and len(whole.pairs(LIKELIHOOD)) == 8
    assert whole.pairs(FILTERED)["set"].nunique() <= 8 < whole.pairs(FILTERED)["run"].nunique()


def test_the_exact_placebo_does_nothing_and_the_end_does_something(tmp_path: Path, few: None) -> None:
    study_, planned = begin(tmp_path / "study", Experiment(SHORT, SETS, 3), Size(runs=12, coalition_runs=0), ENDS)
    simulate_treatments(study_, planned)
    assert (study_.pairs("placebo/no deal, isolation held")["effect_24"] == 0.0).all()
    assert (study_.pairs("placebo/no deal ever")["effect_24"] != 0.0).any()
    assert (study_.pairs("news")["judged"]).all()


def test_need_is_kept_by_the_placebo_that_declares_an_end(few: None) -> None:
    treatment = verdict_study.placebos(SHORT, SETS)["end declared, need kept"]
    in_war = 0.25 + 0.75 * (44 - 37) / 16  # September 2022, seven months into the war that began in February
    assert treatment.fixed["postwar_need"] == pytest.approx([2 * in_war] * 2)
    assert treatment.fixed["postwar_isolation"] == 1.0


def test_many_parameters_survive_the_way_to_disk_and_back(tmp_path: Path) -> None:
    many = equally_weighted(draw_prior([1], 3), Source.MIXED)
    first, _ = begin(tmp_path / "study", Experiment(SHORT, many, 3), Size(2, 0), ENDS)
    pd.testing.assert_frame_equal(first.sets.values, many.values)
    assert begin(tmp_path / "study", Experiment(SHORT, first.sets, 3), Size(2, 0), ENDS)[0].asked == first.asked


def test_another_study_or_other_things_in_the_folder_stay(tmp_path: Path) -> None:
    begin(tmp_path / "study", Experiment(SHORT, SETS, 3), Size())
    with pytest.raises(StudyError, match="differs in seed"):
        begin(tmp_path / "study", Experiment(SHORT, SETS, 4), Size())
    (tmp_path / "letters").mkdir()
    (tmp_path / "letters" / "dear.txt").write_text("x", encoding="utf-8")
    with pytest.raises(StudyError, match="holds other things"):
        begin(tmp_path / "letters", Experiment(SHORT, SETS, 3), Size())


def test_every_arm_is_planned_once() -> None:
    planned = verdict_study.treatments(Experiment(SHORT, SETS), Size(), ENDS)
    assert len([name for name in planned if name.startswith("coalition/")]) == 1024
    assert len([name for name in planned if name.startswith("dose/")]) == 54
    assert "variant/V0/1" not in planned and {"variant/V0/0.5", "variant/V11/2"} <= set(planned)
    assert not any(
        name.startswith("coalition/") for name in verdict_study.treatments(Experiment(SHORT, SETS), Size(1, 0), ENDS)
    )
