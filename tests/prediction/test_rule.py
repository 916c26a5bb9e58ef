"""The verdict's rule at its edges, on frames made by hand: where each line lies, what counts, and what is kept."""

from dataclasses import FrozenInstanceError, dataclass, field

import numpy as np
import pandas as pd
import pytest

from sim.analysis.boxes import Box
from sim.engine.sets import Sets
from sim.model.variants import VARIANTS
from sim.prediction import ablation_study, verdict
from sim.prediction.verdict import COUNTING, EXACT, REGION, Frames, Region, halves, judge
from sim.prediction.verdict_study import HEADLINE, NOISE, PLANNED

from .trials import RUNS, made_pairs


@dataclass(eq=False)
class Made:
    """Evidence in memory: what a verdict reads of a study."""

    sets: Sets
    frames: dict[str, pd.DataFrame] = field(default_factory=dict)
    asked: dict[str, object] = field(
        default_factory=lambda: {"seed": 1, PLANNED: [f"variant/{name}/1" for name in COUNTING]}
    )

    def pairs(self, name: str, columns: list[str] | None = None) -> pd.DataFrame:
        return self.frames[name] if columns is None else self.frames[name][columns]

    def names(self, kind: str = "") -> list[str]:
        return [name for name in self.frames if name.startswith(f"{kind}/")]


PLACEBOS = (EXACT, "end declared, need kept", "no deal ever")


def made(rate: np.ndarray, weights: np.ndarray | None = None, values: pd.DataFrame | None = None) -> Made:
    """Return evidence of an effect that comes true at these rates, one a set, in all variants; placebos do nothing."""
    if values is None:
        values = pd.DataFrame(np.random.default_rng(1).random((len(rate), 5)), columns=list(REGION))
    weights = np.full(len(rate), 1.0 / len(rate)) if weights is None else weights
    frame, still = made_pairs(rate), made_pairs(np.ones(len(rate)), up=0.0)
    frames = {HEADLINE: frame, **{f"placebo/{name}": still for name in PLACEBOS}}
    frames |= {f"variant/{name}/{times:g}": frame for name in VARIANTS for times in NOISE}
    return Made(Sets(values, weights, "made by hand"), frames)  # type: ignore[arg-type]


HIGH = np.full(40, 0.8)


def word(evidence: Made) -> str:
    return judge(evidence).word  # type: ignore[arg-type]


def test_sixty_per_cent_of_pairs_are_enough_and_less_is_not() -> None:
    assert word(made(np.array([0.6, 0.6]))) == "supported"
    assert word(made(np.array([0.6, 0.55]))) == "not supported"  # 57.5%


def test_all_variants_agree_or_eight_in_ten_of_those_that_count() -> None:
    other = made_pairs(HIGH, up=-8.0)

    def agreeing(*against: str) -> verdict.Verdict:
        evidence = made(HIGH)
        evidence.frames |= {f"variant/{name}/1": other for name in against}
        return judge(evidence)  # type: ignore[arg-type]

    assert len(COUNTING) == 20 and "V0" not in COUNTING and "V7" not in COUNTING
    judged = agreeing("V1", "V4", "V5", "V16")
    assert judged.word == "supported" and judged.tests[1.0].agreeing == pytest.approx(16 / 20)
    assert [name for name, same in judged.tests[1.0].signs.items() if not same] == ["V1", "V4", "V5", "V16"]
    assert agreeing("V1", "V4", "V5", "V6", "V16").word == "not supported"
    assert agreeing("V7").tests[1.0].agreeing == 1.0


def test_four_variants_in_five_are_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(verdict, "COUNTING", COUNTING[:10])
    evidence = made(HIGH)
    evidence.frames |= {f"variant/{name}/1": made_pairs(HIGH, up=-8.0) for name in COUNTING[:2]}
    assert word(evidence) == "supported"
    evidence.frames[f"variant/{COUNTING[2]}/1"] = made_pairs(HIGH, up=-8.0)
    assert word(evidence) == "not supported"


@pytest.mark.parametrize(
    ("name", "points", "passed"),
    [
        ("no deal ever", 0.9, True), ("no deal ever", -0.9, True), ("no deal ever", 1.0, True),
        ("no deal ever", -1.0, True), ("no deal ever", 1.1, False), ("no deal ever", -1.1, False),
        ("end declared, need kept", 1.1, False), (EXACT, 0.0, True), (EXACT, 0.001, False), (EXACT, -0.001, False),
    ],
)  # fmt: skip
def test_a_placebo_stays_within_a_point_and_the_exact_one_at_nothing(name: str, points: float, passed: bool) -> None:
    evidence = made(np.array([0.8, 0.8]))
    evidence.frames[f"placebo/{name}"] = made_pairs(np.ones(2), up=points)
    judged = judge(evidence)  # type: ignore[arg-type]
    every = {placebo.name: placebo.passed for placebo in judged.tests[1.0].placebos}
    assert every == dict.fromkeys(PLACEBOS, True) | {name: passed}
    assert judged.word == ("supported" if passed else "not supported")
    moved = next(placebo for placebo in judged.tests[1.0].placebos if placebo.name == name)
    assert moved.largest == abs(points) and moved.effect.mean == pytest.approx(points)


def test_a_placebo_that_moves_three_sets_in_ten_by_two_points_does_something() -> None:
    """Its mean lies within a point and its interval does not; nor is it within a point in nine sets of ten."""
    for sign in (1.0, -1.0):
        evidence = made(HIGH)
        assert word(evidence) == "supported"
        still = evidence.pairs("placebo/no deal ever")
        moved = still.assign(effect_24=sign * np.where(still["set"] % 10 < 3, 2.0, 0.3))
        evidence.frames["placebo/no deal ever"] = moved
        assert word(evidence) == "not supported"


def test_a_placebo_may_move_sets_of_a_tenth_of_the_weight() -> None:
    for moved, said in ((1, "supported"), (2, "not supported")):
        evidence = made(np.full(10, 0.8))
        still = evidence.pairs("placebo/no deal ever")
        evidence.frames["placebo/no deal ever"] = still.assign(effect_24=np.where(still["set"] < moved, 2.0, 0.0))
        assert word(evidence) == said, moved


def random(sets: int) -> pd.DataFrame:
    return pd.DataFrame(np.random.default_rng(2).random((sets, 5)), columns=list(REGION))


def corner(weight: float = 0.3, share: float = 0.3, rate: float = 0.95) -> Made:
    """Return evidence that comes true where so large a share of 100 sets, which has this weight, has the least need."""
    values = random(100)
    inside = (values["postwar_need"].rank(pct=True) <= share).to_numpy()
    weights = np.where(inside, weight / inside.sum(), (1.0 - weight) / (~inside).sum())
    return made(np.where(inside, rate, 0.0), weights, values)


@pytest.mark.parametrize(("weight", "said"), [(0.30, "conditional"), (0.05, "not supported")])
def test_a_region_is_weighed_not_counted(weight: float, said: str) -> None:
    """Thirty sets of a hundred are no fifth where they weigh a twentieth."""
    judged = judge(corner(weight))  # type: ignore[arg-type]
    assert judged.word == said
    assert (not judged.regions) == (said == "not supported")


@pytest.mark.parametrize(
    ("rate", "inside", "enough"), [(0.6, 16, True), (0.55, 16, False), (0.6, 15, False)], ids=["both", "rate", "weight"]
)
def test_a_region_of_a_fifth_with_sixty_per_cent_of_pairs_is_enough(rate: float, inside: int, enough: bool) -> None:
    """So many sets of each eighty have little need, and all others much; means over 16 sets have no rounding error."""
    low, first = np.zeros(160, dtype=bool), halves(160, 1)
    for half in (first, ~first):
        low[np.flatnonzero(half)[:inside]] = True
    values = pd.DataFrame({name: np.where(low, 0.1, 0.9) if name == "postwar_need" else 0.5 for name in REGION})
    judged = judge(made(np.where(low, rate, 0.0), np.ones(160), values))  # type: ignore[arg-type]
    assert (judged.word, len(judged.regions)) == (("conditional", 2) if enough else ("not supported", 0))


def test_a_region_meets_the_rule_from_a_fifth_of_the_weight_on() -> None:
    test = judge(made(HIGH)).tests[1.0]  # type: ignore[arg-type]
    assert [Region(Box({}, 1.0, 1.0, 1.0), test, mass).meets for mass in (0.2, 0.19)] == [True, False]


def test_the_mass_of_a_region_is_of_the_half_that_was_not_searched() -> None:
    evidence, first = corner(0.5), halves(100, 1)
    weights, judged = evidence.sets.weights, judge(evidence)  # type: ignore[arg-type]
    assert weights[first].sum() != pytest.approx(weights[~first].sum(), rel=0.05)
    for region, searched in zip(judged.regions, (first, ~first), strict=True):
        unseen = region.box.inside(evidence.sets.values) & ~searched
        assert region.mass == pytest.approx(weights[unseen].sum() / weights[~searched].sum())


def test_a_region_that_only_the_sets_show_it_was_found_with_is_none() -> None:
    """In either half of the sets another corner looks as if it were one; in the other half it is not."""
    values = random(200)
    shown = np.where(halves(200, 1), values["postwar_need"] < 0.35, values["postwar_need"] > 0.65)
    judged = judge(made(np.where(shown, 0.95, 0.0), values=values))  # type: ignore[arg-type]
    assert len(judged.regions) == 2 and all(region.test.pairs.mean < 0.6 for region in judged.regions)
    assert judged.word == "not supported"


def test_a_region_has_to_hold_whichever_half_is_searched() -> None:
    """What the first half shows is there in the second; what the second shows besides is not there in the first."""
    values = random(200)
    shown, other = values["postwar_need"] < 0.35, values["postwar_isolation"] > 0.6
    second = np.where(other, 0.95, np.where(shown, 0.65, 0.0))
    rate = np.where(halves(200, 1), np.where(shown, 0.95, 0.0), second)
    judged = judge(made(rate, values=values))  # type: ignore[arg-type]
    assert [region.test.pairs.mean >= 0.6 for region in judged.regions] == [True, False]
    assert judged.word == "not supported"


def test_sets_of_which_nothing_is_judged_count_as_never_in_the_search() -> None:
    """Were they sure, or less than never, the search would go to their corner, or first away from it."""
    values = random(200)
    low, late = values["postwar_need"] < 0.35, values["postwar_isolation"] > 0.8
    evidence = made(np.where(low, 1.0, 0.0), values=values)
    headline = evidence.frames[HEADLINE]
    evidence.frames[HEADLINE] = headline.assign(judged=~(late & ~low)[headline["set"]].to_numpy())
    judged = judge(evidence)  # type: ignore[arg-type]
    assert [set(region.box.limits) for region in judged.regions] == [{"postwar_need"}] * 2


def test_a_region_is_told_with_the_rule_applied_there() -> None:
    judged = judge(corner())  # type: ignore[arg-type]
    assert judged.word == "conditional" and len(judged.regions) == 2
    for region in judged.regions:
        assert "postwar_need" in region.box.limits and np.isneginf(region.box.limits["postwar_need"][0])
        assert region.test.pairs.mean >= 0.6 > judged.tests[1.0].pairs.mean
        assert all(region.test.met.values()) and not all(judged.tests[1.0].met.values())
    assert judged.words == {1.0: "conditional", 0.5: "conditional", 2.0: "conditional"}


def test_a_region_may_be_any_of_the_five_parameters_and_no_other() -> None:
    evidence = corner()
    renamed = evidence.sets.values.rename(columns={"postwar_need": "tension_gain"})
    assert word(Made(Sets(renamed, evidence.sets.weights, ""), evidence.frames)) == "not supported"


def test_where_a_placebo_moves_the_nearest_region_is_told_and_is_no_finding() -> None:
    evidence = corner()
    evidence.frames[f"placebo/{EXACT}"] = made_pairs(np.ones(100), up=0.5)
    judged = judge(evidence)  # type: ignore[arg-type]
    assert judged.word == "not supported" and judged.regions
    assert all(region.test.pairs.mean >= 0.6 for region in judged.regions)


def test_nothing_is_looked_for_where_it_holds_or_where_a_half_has_fewer_than_twenty_sets() -> None:
    assert not judge(made(HIGH)).regions  # type: ignore[arg-type]
    values = pd.DataFrame({name: np.linspace(0.0, 1.0, 40) for name in REGION})
    for sets, said in ((40, "conditional"), (39, "not supported")):
        rate = np.where(np.arange(sets) < 0.45 * sets, 1.0, 0.0)
        assert word(made(rate, values=values[:sets].reset_index(drop=True))) == said, sets


def test_half_and_twice_the_strictness_have_words_of_their_own() -> None:
    evidence = made(HIGH)
    evidence.frames["variant/V0/0.5"] = evidence.frames["variant/V0/0.5"].assign(D2=np.nan)
    judged = judge(evidence)  # type: ignore[arg-type]
    assert judged.words == {1.0: "supported", 0.5: "not supported", 2.0: "supported"} and judged.word == "supported"
    assert list(judged.tests) == [1.0, 0.5, 2.0]
    assert judged.tests[0.5].pairs.mean == 0.0 and judged.tests[2.0].pairs.mean == pytest.approx(0.8)


def test_the_regions_told_are_those_of_the_strictness_that_decides() -> None:
    evidence = corner()
    evidence.frames |= {f"variant/V0/{times}": made_pairs(np.zeros(100)) for times in (0.5, 2)}
    judged = judge(evidence)  # type: ignore[arg-type]
    assert judged.words == {1.0: "conditional", 0.5: "not supported", 2.0: "not supported"} and len(judged.regions) == 2


def test_what_was_judged_cannot_be_changed_and_frames_are_themselves_alone() -> None:
    evidence = corner()
    judged, frames = judge(evidence), Frames.of(evidence)  # type: ignore[arg-type]
    for record in (judged, judged.tests[1.0], judged.tests[1.0].placebos[0], judged.regions[0], frames):
        with pytest.raises(FrozenInstanceError):
            record.word = "supported"  # type: ignore[misc, union-attr]
    assert len({frames, Frames.of(evidence)}) == 2  # type: ignore[arg-type]


def test_the_headline_at_strictness_one_is_the_study_s_own() -> None:
    evidence = made(HIGH)
    del evidence.frames["variant/V0/1"]
    assert word(evidence) == "supported"


def test_censored_pairs_count_on_neither_side() -> None:
    evidence = made(np.full(40, 0.5))
    frame = evidence.frames[HEADLINE]
    evidence.frames[HEADLINE] = frame.assign(judged=frame["D2"].notna() | (frame["run"] % RUNS == RUNS - 1))
    assert judge(evidence).tests[1.0].pairs.mean > 0.9  # type: ignore[arg-type]


def test_the_parts_of_the_rule_are_told_in_words_with_their_numbers() -> None:
    said = " ".join(judge(made(HIGH)).tests[1.0].met)  # type: ignore[arg-type]
    for words in ("in at least 60% of histories", "at least 80", "agree on the direction", "placebos do nothing"):
        assert words in said


def test_losses_are_of_what_was_taken_away_and_is_there() -> None:
    evidence = made(HIGH)
    there = [removed.name for removed in ablation_study.ablations("assumptions")][:3]
    evidence.frames |= {f"without/{name}": made_pairs(HIGH, up=4.0) for name in there}
    losses = verdict.losses(evidence, ("assumptions", "readings"))  # type: ignore[arg-type]
    assert [loss.removed.name for loss in losses] == there
    assert all(loss.effect.mean == pytest.approx(3.2) and loss.change.mean == pytest.approx(-3.2) for loss in losses)
