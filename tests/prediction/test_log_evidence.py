"""What the record says of claims: contenders, a folder that survives being killed, comparisons and their words."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from sim.engine.experiment import Experiment
from sim.engine.plan import plan_of
from sim.inference import coding, filtering
from sim.inference.filtering import FilterSettings
from sim.inference.measurements import Measurements, known_figures
from sim.inference.parameter_sets import retained_sets
from sim.model.moves import BUNDLES, DEAL, LEVERS, Moves
from sim.prediction import model_comparison
from sim.prediction.model_comparison import (
    ALONE,
    ASSUMED,
    BASE,
    BOTH,
    CLAIMS,
    COSTS,
    EARNS,
    FAMILIES,
    FIGURES,
    IDLE,
    MOVES,
    PRIOR,
    SEEMS_TO_COST,
    SEEMS_TO_EARN,
    STRICTER,
    UNSEEN,
    VARIED,
    Contender,
    RecordStudy,
    compare_contenders,
    contenders,
    filter_contenders,
    open_record_study,
    word,
)
from sim.prediction.move_forecasters import compare_forecasters
from sim.report.figures import evidence_figures
from sim.storage.study_errors import DamageError, StudyError

BRIEF, SEED, PARTICLES = "2020-02", 3, 256


def some(*names: str) -> list[Contender]:
    return [contender for contender in contenders(BRIEF) if contender.name in names]


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> RecordStudy:
    evidence = open_record_study(
        tmp_path_factory.mktemp("evidence") / "study",
        {"particles": PARTICLES, "seeds": 2, "seed": SEED, "as_of": BRIEF},
    )
    filter_contenders(evidence, some(BASE, "persistence", "random moves", "V5", "C05", "A14"))
    return evidence


def test_every_claim_assumption_variant_and_rival_is_there_once() -> None:
    from sim.model.variants import VARIANTS
    from sim.prediction.ablation_study import switchable
    from sim.registers.register import assumptions, claims

    every = contenders(BRIEF)
    by_family = {family: [contender.name for contender in every if contender.family == family] for family in FAMILIES}
    ids = {family: ", ".join(by_family[family]).split(", ") for family in (CLAIMS, ASSUMED)}
    assert sorted(ids[CLAIMS]) == sorted(switchable(claims())) and sorted(ids[ASSUMED]) == sorted(
        switchable(assumptions())
    )
    assert by_family[VARIED] == [*STRICTER, *(name for name in VARIANTS if name != "V0")]
    assert len({contender.name for contender in every}) == len(every)
    worlds = [tuple(contender.treatment.world.values().values()) for contender in every if contender.family == CLAIMS]
    assert len(set(worlds)) == len(worlds)


def test_the_model_scores_as_the_filter_does(study: RecordStudy) -> None:
    """With as many sets as there are retained ones left, the same sets and the same chance."""
    world, sets = filtering.known_world(BRIEF), retained_sets().some(2, SEED)
    asked = Experiment(world, retained_sets(), SEED)
    processes = filtering.learn_discrepancies(asked)
    figures = Measurements(PARTICLES, filtering.border_of(world), processes, known_figures(world.horizon - 1))
    record = coding.record_support(world.horizon)
    filtered = filtering.through(asked.replace(sets=sets), record, figures, FilterSettings(PARTICLES))
    assert study.evidence(BASE).sum(axis=1)[0] == pytest.approx(filtered.log_evidence)
    scores = study.scores()
    first = scores[scores["seed"] == SEED]
    assert first["score"].mean() == pytest.approx(filtered.scores["score"].mean())
    assert compare_forecasters(scores).loc["all", "moves"] == len(first)
    assert study.scores(PRIOR)["score"].mean() != pytest.approx(filtered.scores["score"].mean())


def test_moves_that_are_scripted_are_scored_as_they_stand() -> None:
    (still,) = some("persistence")
    world, record = still.treatment.world, coding.record_support(14)
    evidence = model_comparison._scripted(plan_of(world), record)
    expected = np.zeros(14)
    for place, lever in enumerate(LEVERS):
        if lever not in DEAL:
            expected += np.log(record.support[:, place, lever.index(getattr(Moves(), lever.field))])
    nothing = BUNDLES.index(tuple(getattr(Moves(), lever.field) for lever in DEAL))
    expected += np.log(record.support[:, len(LEVERS), nothing])
    assert evidence == pytest.approx(expected) and (evidence < 0.0).any()
    free = model_comparison._scripted(plan_of(filtering.known_world(BRIEF)), record)
    assert not free.any()


def test_scripts_are_in_the_evidence(study: RecordStudy) -> None:
    moves = study.evidence("persistence", of=[MOVES])
    scripted = model_comparison._scripted(plan_of(some("persistence")[0].treatment.world), coding.record_support(14))
    assert moves == pytest.approx(np.tile(scripted, (2, 1)))


def test_numbers_outside_their_plausible_ranges_reach_the_filter() -> None:
    (blind,) = some("random moves")
    assert (
        model_comparison._treat_sets(blind, retained_sets()).values["precision"] == blind.treatment.fixed["precision"]
    ).all()


def test_strictness_is_a_factor_on_every_set() -> None:
    (half,), retained = some("half as strict"), retained_sets()
    stricter = model_comparison._treat_sets(half, retained).values["precision"]
    assert stricter.tolist() == (0.5 * retained.values["precision"]).tolist()


def test_what_is_there_is_not_made_again_and_damage_is_found(study: RecordStudy, tmp_path: Path) -> None:
    fresh = open_record_study(tmp_path / "study", {"particles": PARTICLES, "seeds": 2, "seed": SEED, "as_of": BRIEF})
    done: list[int] = []
    with pytest.raises(KeyboardInterrupt):
        filter_contenders(fresh, some(BASE, "A14", "C05"), tell=lambda done, total: stopped(done))
    there = {path.name: path.stat().st_mtime_ns for path in (tmp_path / "study").rglob("*.parquet")}
    assert len(there) == 1
    again = open_record_study(tmp_path / "study", {})
    filter_contenders(again, some(BASE, "A14"), tell=lambda step, total: done.append(step))
    after = {path.name: path.stat().st_mtime_ns for path in (tmp_path / "study").rglob("*.parquet")}
    assert there.items() <= after.items() and len(after) == 2 and done[-1] == 10
    pd.testing.assert_frame_equal(again.table("A14"), study.table("A14"))
    broken = next((tmp_path / "study").rglob("A14*.parquet"))
    broken.write_bytes(broken.read_bytes()[:-1])
    with pytest.raises(DamageError, match="A14"):
        filter_contenders(open_record_study(tmp_path / "study", {}), some(BASE, "A14"))


def stopped(done: int) -> None:
    if done:
        raise KeyboardInterrupt


def test_another_study_is_refused(study: RecordStudy) -> None:
    assert open_record_study(study.folder, {}).asked["particles"] == PARTICLES
    with pytest.raises(StudyError, match="particles"):
        open_record_study(study.folder, {"particles": 512})


def test_comparisons_are_sums_of_differences(study: RecordStudy) -> None:
    table = compare_contenders(study)
    assert set(table.index) == {"persistence", "random moves", "V5", "C05", "A14"}
    gap = (study.evidence("C05") - study.evidence(BASE)).sum(axis=1)
    assert table.loc["C05", "nats"] == pytest.approx(gap.mean())
    alone = study.evidence("C05", ALONE[1]) - study.evidence(BASE, ALONE[1])
    assert table.loc["C05", ALONE[1]] == pytest.approx(alone.sum())
    assert table.loc["A14", "word"] == IDLE and np.isnan(table.loc["A14", "q"])
    assert (table["q"].dropna() >= table["p"][table["q"].notna()] - 1e-12).all()
    assert table.loc["persistence", "nats"] < -10.0
    both = study.evidence("V5", of=[MOVES]) + study.evidence("V5", of=[FIGURES])
    assert both == pytest.approx(study.evidence("V5", BOTH))
    assert model_comparison.evidence_gap_by_month(study, "C05")[-1] == pytest.approx(gap.mean())


def test_the_family_is_corrected(study: RecordStudy, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of two tests in a family, the larger p stays and the smaller at most doubles."""
    table = compare_contenders(study)
    rivals = table[table["family"] == "rivals"].sort_values("p")
    assert rivals["q"].iloc[1] == pytest.approx(rivals["p"].iloc[1])
    assert rivals["q"].iloc[0] == pytest.approx(min(2.0 * rivals["p"].iloc[0], rivals["p"].iloc[1]))


@pytest.mark.parametrize(
    ("nats", "alone", "seeds", "p", "q", "says"),
    [
        (-9.0, (-8.0, -7.0, -1.0), 1.0, 0.01, 0.01, EARNS),
        (9.0, (8.0, 7.0, 1.0), 1.0, 0.01, 0.01, COSTS),
        (-9.0, (-8.0, -7.0, -1.0), 1.0, 0.04, 0.2, SEEMS_TO_EARN),
        (9.0, (8.0, 7.0, 1.0), 1.0, 0.04, 0.2, SEEMS_TO_COST),
        (-9.0, (-8.0, -7.0, -1.0), 1.0, 0.06, 0.2, UNSEEN),
        (-9.0, (8.0, -7.0, -1.0), 1.0, 0.01, 0.01, UNSEEN),
        (-9.0, (-8.0, -7.0, 1.0), 1.0, 0.01, 0.01, UNSEEN),
        (-9.0, (-8.0, -7.0, -1.0), 5.0, 0.01, 0.01, UNSEEN),
        (0.0, (0.0, 0.0, 0.0), 0.0, 1.0, np.nan, IDLE),
    ],
)
def test_words_follow_the_rule(
    nats: float, alone: tuple[float, ...], seeds: float, p: float, q: float, says: str
) -> None:
    row = pd.Series({"nats": nats, **dict(zip(ALONE, alone, strict=True)), "seeds": seeds, "p": p, "q": q})
    assert word(row) == says


def test_the_picture_says_that_nothing_is_told_apart_where_no_word_says_so(study: RecordStudy) -> None:
    table = compare_contenders(study)
    for words, says in (
        ([UNSEEN], "The record tells none of them apart"),
        ([EARNS], f"Without 1 of {len(table)} things the record is less likely, without 0 it is likelier"),
        ([COSTS, COSTS], f"Without 0 of {len(table)} things the record is less likely, without 2 it is likelier"),
    ):
        picture = evidence_figures.cumulative(study, table.assign(word=[*words, *[UNSEEN] * (len(table) - len(words))]))
        assert picture.title == says
