"""The verdict: a rule whose thresholds were fixed beforehand, applied to a study's evidence by machine.

*Supported*: D2 comes true in at least 60% of pairs across the parameter sets, at least 80% of the variants give the
effect the same sign, and the placebos do nothing. *Conditional*: not so, but a region of five parameters that holds at
least a fifth of the sets' weight meets the same rule; that region is the finding. *Not supported* otherwise.

The region is looked for on one half of the sets and judged on the other, and the other way round, so that chance is not
taken for a finding; both have to meet the rule. A placebo does nothing where it moves at most a point in sets that hold
90% of the weight: a mean over all would let sets cancel.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.analysis.boxes import Box, peel_boxes
from sim.analysis.definitions import WITHIN
from sim.analysis.estimates import Estimate
from sim.engine.sets import Sets
from sim.model.variants import VARIANTS
from sim.prediction import ablation_study
from sim.prediction.thresholds import AGREEING, CONDITIONAL, LEVEL, MASS, NOT_SUPPORTED, PAIRS, SUPPORTED, TOLERANCE
from sim.prediction.treatments import effect, share_of_pairs
from sim.prediction.verdict_study import HEADLINE, PLANNED, Evidence

REGION = ("postwar_need", "postwar_isolation", "patrons_together", "grievance", "foresight")
PEEL = 0.05  # share of the sets peeled at a time in the search for a region
FEWEST = 20  # sets of a half below which no region is looked for: there is nothing to divide
EXACT = "no deal, isolation held"
# Those that count in the share that agrees. V7 puts in by hand what the base is asked to bring forth: it is shown, and
# its agreement is no evidence.
COUNTING = tuple(name for name in VARIANTS if name not in ("V0", "V7"))


@dataclass(frozen=True)
class Placebo:
    """An end of the war that should do nothing, and what it did.

    Attributes
    ----------
    largest
        Effect in any pair, in points.
    within
        The share of the sets' weight in which the mean effect is within :data:`TOLERANCE`.
    """

    name: str
    effect: Estimate
    largest: float
    within: float
    passed: bool


@dataclass(frozen=True)
class Test:
    """The three parts of the rule, for some parameter sets and one strictness of choice.

    Attributes
    ----------
    pairs
        Share of pairs in which D2 comes true.
    effect
        Of the war's end, in points.
    signs
        By variant, whether its effect has the sign of the whole.
    """

    pairs: Estimate
    effect: Estimate
    signs: Mapping[str, bool]
    placebos: tuple[Placebo, ...]

    @property
    def agreeing(self) -> float:
        """Share of variants that agree in sign."""
        return sum(self.signs.values()) / len(self.signs)

    @property
    def met(self) -> dict[str, bool]:
        """Which parts of the rule are met, in words."""
        share = f"at least {100 * PAIRS:.0f}% of histories"
        return {
            f"Pyongyang ends up clearly closer (D2) in {share}": self.pairs.mean >= PAIRS,
            f"at least {100 * AGREEING:.0f}% of variants agree on the direction": self.agreeing >= AGREEING,
            "the placebos do nothing": all(placebo.passed for placebo in self.placebos),
        }


@dataclass(frozen=True)
class Region:
    """A region that was looked for on one half of the sets, and the rule on the other half.

    Attributes
    ----------
    test
        The rule, applied to the sets inside that the search had not seen.
    mass
        The share that these hold of their half's weight.
    """

    box: Box
    test: Test
    mass: float

    @property
    def meets(self) -> bool:
        """Whether the region is large enough and meets the rule."""
        return self.mass >= MASS and _meets(self.test)


@dataclass(frozen=True)
class Verdict:
    """What comes out.

    Attributes
    ----------
    word
        supported, conditional or not supported.
    tests
        The rule at λ/2, λ and 2λ, by the factor; the one at 1 decides.
    regions
        Those found on either half of the sets: where the rule holds, if the verdict is conditional; if it is not
        supported, where it comes nearest. None where D2 suffices nowhere.
    """

    word: str
    tests: Mapping[float, Test]
    regions: tuple[Region, ...]
    words: Mapping[float, str]


def judge(evidence: Evidence) -> Verdict:
    """Apply the rule to a study.

    Raises
    ------
    StudyError
        If a treatment of the study has not been simulated yet.
    """
    frames = Frames.of(evidence)
    ruled = {times: apply_rule(frames, times) for times in (1.0, 0.5, 2.0)}
    tests = {times: test for times, (_, test, _) in ruled.items()}
    words = {times: word for times, (word, *_) in ruled.items()}
    return Verdict(words[1.0], tests, ruled[1.0][2], words)


def apply_rule(frames: "Frames", times: float) -> tuple[str, Test, tuple[Region, ...]]:
    """Apply the rule at one strictness of choice: the word, the three parts over all sets, and regions looked for.

    Parameters
    ----------
    frames
        The pairs of the sets.
    times
        The factor on λ.
    """
    test = frames.test(np.ones(len(frames.sets), dtype=bool), times)
    regions = () if _meets(test) else _regions(frames, times)
    return _word(test, regions), test, regions


def halves(sets: int, seed: int) -> NDArray[np.bool_]:
    """Return which sets are searched first, a half drawn by the study's seed; the others are searched second."""
    first = np.zeros(sets, dtype=bool)
    first[np.random.default_rng(seed).permutation(sets)[: sets // 2]] = True
    return first


@dataclass(frozen=True, eq=False)
class Frames:
    """The pairs that the rule reads.

    Attributes
    ----------
    sets
        Those that the pairs are of.
    first
        Which of them are searched first for a region, the others being judged; see :func:`halves`.
    headlines
        By factor on λ.
    variants
        By factor, then by variant.
    """

    sets: Sets
    first: NDArray[np.bool_]
    headlines: Mapping[float, pd.DataFrame]
    variants: Mapping[float, Mapping[str, pd.DataFrame]]
    placebos: Mapping[str, pd.DataFrame]

    @classmethod
    def of(cls, evidence: Evidence) -> "Frames":
        """Read them from a study."""
        factors, planned = (0.5, 1.0, 2.0), set(evidence.asked[PLANNED])
        counting = [name for name in COUNTING if f"variant/{name}/1" in planned]  # an earlier release had fewer
        return cls(
            evidence.sets,
            halves(len(evidence.sets), evidence.asked["seed"]),
            {t: evidence.pairs(HEADLINE if t == 1.0 else f"variant/V0/{t:g}") for t in factors},
            {t: {v: evidence.pairs(f"variant/{v}/{t:g}") for v in counting} for t in factors},
            {name.removeprefix("placebo/"): evidence.pairs(name) for name in evidence.names("placebo")},
        )

    def test(self, keep: NDArray[np.bool_], times: float) -> Test:
        """Apply the three parts of the rule to some sets."""
        weights = self.sets.weights

        def of(frame: pd.DataFrame) -> pd.DataFrame:
            return frame[keep[frame["set"]]]

        headline = of(self.headlines[times])
        whole = effect(headline, weights)
        signs = {
            name: bool(np.sign(effect(of(frame), weights).mean) == np.sign(whole.mean))
            for name, frame in self.variants[times].items()
        }
        placebos = tuple(_placebo(name, of(frame), weights) for name, frame in self.placebos.items())
        return Test(share_of_pairs(headline, weights), whole, signs, placebos)


def losses(evidence: Evidence, kinds: tuple[str, ...]) -> list[ablation_study.Loss]:
    """Return what the headline's effect becomes without claims, assumptions, groups, or under the readings of ξ."""
    return [lost for kind in kinds for lost in _losses(evidence, kind)]


@lru_cache(maxsize=16)  # asked for by the word, the page, its tables and its pictures
def _losses(evidence: Evidence, kind: str) -> tuple[ablation_study.Loss, ...]:
    whole, weights = evidence.pairs(HEADLINE), evidence.sets.weights
    there = set(evidence.names("without"))
    removed = [taken for taken in ablation_study.ablations(kind) if f"without/{taken.name}" in there]
    return tuple(
        ablation_study.loss(taken, whole, evidence.pairs(f"without/{taken.name}"), weights) for taken in removed
    )


def effects_without(evidence: Evidence) -> list[ablation_study.Loss]:
    """Return what the headline's effect becomes without each thing that every headline answers for."""
    return losses(evidence, ("assumptions", "readings"))


def assumption_shares(evidence: Evidence) -> str:
    """Return how much of the headline was assumed, in a sentence."""
    return ablation_study.assumption_share_text(effects_without(evidence))


def _placebo(name: str, frame: pd.DataFrame, weights: NDArray[np.float64]) -> Placebo:
    column = f"effect_{WITHIN}"
    means = frame.groupby("set")[column].mean().dropna()
    held = pd.Series(weights[means.index.to_numpy(dtype=int)], means.index)
    within = round(float(held[means.abs() <= TOLERANCE].sum() / held.sum()), 12) if len(held) else np.nan
    largest = float(frame[column].abs().max())
    passed = largest == 0.0 if name == EXACT else within >= LEVEL
    return Placebo(name, effect(frame, weights), largest, within, passed)


def _meets(test: Test) -> bool:
    return all(test.met.values())


def _word(test: Test, regions: tuple[Region, ...]) -> str:
    if _meets(test):
        return SUPPORTED
    return CONDITIONAL if len(regions) == 2 and all(region.meets for region in regions) else NOT_SUPPORTED


def _regions(frames: Frames, times: float) -> tuple[Region, ...]:
    """Return what is found on the first half of the sets, and on the second."""
    either = (_region(frames, times, searched) for searched in (frames.first, ~frames.first))
    return tuple(region for region in either if region is not None)


def _region(frames: Frames, times: float, searched: NDArray[np.bool_]) -> Region | None:
    """Return the region that is found on the sets that are searched, judged on all others.

    PRIM peels by what the rule is about, the share of pairs. Of its boxes that meet the rule on the sets that are
    searched, the middle one is judged: the largest stands at the edge of the share, the smallest at that of the weight.
    Where none meets the rule, those count in which the share suffices; None where there is none.
    """
    if searched.sum() < FEWEST:
        return None
    sets, headline = frames.sets, frames.headlines[times]
    judged = headline[headline["judged"].astype(bool)]
    rate = judged["D2"].notna().groupby(judged["set"]).mean().reindex(range(len(sets)), fill_value=0.0)
    values = sets.values[[name for name in REGION if name in sets.values]]
    enough = []
    for box in peel_boxes(values[searched], rate.to_numpy(np.float64)[searched], MASS, PEEL):
        inside = searched & box.inside(values)
        suffices = share_of_pairs(headline[inside[headline["set"]]], sets.weights).mean >= PAIRS
        if suffices and _mass(sets, inside, searched) >= MASS:
            enough.append((box, frames.test(inside, times)))
    if not enough:
        return None
    meeting = [candidate for candidate in enough if _meets(candidate[1])] or enough
    box = meeting[len(meeting) // 2][0]
    unseen = box.inside(values) & ~searched
    return Region(box, frames.test(unseen, times), _mass(sets, unseen, ~searched))


def _mass(sets: Sets, inside: NDArray[np.bool_], of: NDArray[np.bool_]) -> float:
    return float(sets.weights[inside].sum() / sets.weights[of].sum())
