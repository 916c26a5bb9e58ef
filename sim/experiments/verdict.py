"""The verdict: a rule whose thresholds were fixed beforehand, applied to a study's evidence by machine.

*Supported*: D2 comes true in at least 60 % of pairs across the parameter sets, at least 80 % of the variants give the
effect the same sign, and the placebos do nothing. *Conditional*: not so, but a region of five parameters that holds at
least a fifth of the sets' weight meets the same rule; that region is the finding. *Not supported* otherwise.

The region is looked for on one half of the runs and judged on the other, so that chance is not taken for a finding.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.experiments import ablate
from sim.experiments.arms import effect, share
from sim.experiments.discover import Box, boxes
from sim.experiments.drift import WITHIN
from sim.experiments.evidence import HEADLINE, Evidence
from sim.experiments.sets import Estimate, Sets
from sim.model.variants import VARIANTS

PAIRS, AGREEING, TOLERANCE, LEVEL, MASS = 0.60, 0.80, 1.0, 0.90, 0.20
REGION = ("postwar_need", "postwar_isolation", "patrons_together", "grievance", "foresight")
PEEL = 0.05  # share of the sets peeled at a time in the search for a region
FEWEST = 20  # sets below which no region is looked for: there is nothing to divide
EXACT = "no deal, isolation held"
# Those that count in the share that agrees. V7 puts in by hand what the base is asked to bring forth: it is shown, and
# its agreement is no evidence.
COUNTING = tuple(name for name in VARIANTS if name not in ("V0", "V7"))
SUPPORTED, CONDITIONAL, NOT_SUPPORTED = "supported", "conditional", "not supported"


@dataclass(frozen=True)
class Placebo:
    """An end of the war that should do nothing, and what it did."""

    name: str
    effect: Estimate
    largest: float
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
        return {
            f"D2 in at least {100 * PAIRS:.0f} % of pairs": self.pairs.mean >= PAIRS,
            f"at least {100 * AGREEING:.0f} % of variants agree in sign": self.agreeing >= AGREEING,
            "the placebos do nothing": all(each.passed for each in self.placebos),
        }


@dataclass(frozen=True)
class Verdict:
    """What comes out.

    Attributes
    ----------
    word
        supported, conditional or not supported.
    tests
        The rule at λ/2, λ and 2λ, by the factor; the one at 1 decides.
    region
        Where it holds, if the verdict is conditional; if it is not supported, where D2 alone suffices, or None.
        ``in_region`` is the rule applied there.
    """

    word: str
    tests: Mapping[float, Test]
    region: Box | None
    in_region: Test | None
    words: Mapping[float, str]


def judge(evidence: Evidence) -> Verdict:
    """Apply the rule to a study.

    Raises
    ------
    FileNotFoundError
        If an arm of the study has not been lived yet.
    """
    sets, found = evidence.sets, Frames.of(evidence)
    every = np.ones(len(sets), dtype=bool)
    tests = {times: found.test(sets, every, times) for times in (1.0, 0.5, 2.0)}
    regions = {times: None if _meets(test) else _region(found, sets, times) for times, test in tests.items()}
    words = {times: _word(test, regions[times]) for times, test in tests.items()}
    region, in_region = regions[1.0] or (None, None)
    return Verdict(words[1.0], tests, region, in_region, words)


@dataclass(frozen=True, eq=False)
class Frames:
    """The pairs that the rule reads.

    Attributes
    ----------
    headlines
        By factor on λ.
    variants
        By factor, then by variant.
    """

    headlines: Mapping[float, pd.DataFrame]
    variants: Mapping[float, Mapping[str, pd.DataFrame]]
    placebos: Mapping[str, pd.DataFrame]

    @classmethod
    def of(cls, evidence: Evidence) -> "Frames":
        """Read them from a study."""
        factors = (0.5, 1.0, 2.0)
        return cls(
            {t: evidence.pairs(HEADLINE if t == 1.0 else f"variant/V0/{t:g}") for t in factors},
            {t: {v: evidence.pairs(f"variant/{v}/{t:g}") for v in COUNTING} for t in factors},
            {name.removeprefix("placebo/"): evidence.pairs(name) for name in evidence.names("placebo")},
        )

    def test(self, sets: Sets, keep: NDArray[np.bool_], times: float, runs: str = "all") -> Test:
        """Apply the three parts of the rule to some sets.

        Parameters
        ----------
        runs
            Which runs of the headline count: ``all``, or the ``even`` or ``odd`` ones.
        """
        weights = np.where(keep, sets.weights, 0.0)

        def of(frame: pd.DataFrame) -> pd.DataFrame:
            return frame[keep[frame["set"]]]

        headline = of(half(self.headlines[times], runs))
        whole = effect(headline, weights)
        signs = {
            name: bool(np.sign(effect(of(frame), weights).mean) == np.sign(whole.mean))
            for name, frame in self.variants[times].items()
        }
        placebos = tuple(_placebo(name, of(frame), weights) for name, frame in self.placebos.items())
        return Test(share(headline, weights), whole, signs, placebos)


def half(frame: pd.DataFrame, runs: str) -> pd.DataFrame:
    """Return the even, the odd, or all runs of each set."""
    if runs == "all":
        return frame
    place = frame.groupby("set").cumcount() % 2
    return frame[place == (0 if runs == "even" else 1)]


def losses(evidence: Evidence, kinds: tuple[str, ...]) -> list[ablate.Loss]:
    """Return what the headline's effect becomes without claims, assumptions, groups, or under the readings of ξ."""
    whole, weights = evidence.pairs(HEADLINE), evidence.sets.weights
    there = set(evidence.names("without"))
    removed = [each for kind in kinds for each in ablate.removals(kind) if f"without/{each.name}" in there]
    return [ablate.loss(each, whole, evidence.pairs(f"without/{each.name}"), weights) for each in removed]


def metered(evidence: Evidence) -> list[ablate.Loss]:
    """Return what the headline's effect becomes without each thing that every headline answers for."""
    asked = {each.name for each in ablate.metered()}
    return [each for each in losses(evidence, ("assumptions", "readings")) if each.removed.name in asked]


def meter(evidence: Evidence) -> str:
    """Return how much of the headline was assumed, in a sentence."""
    return ablate.meter(metered(evidence))


def _placebo(name: str, frame: pd.DataFrame, weights: NDArray[np.float64]) -> Placebo:
    found, largest = effect(frame, weights), float(frame[f"effect_{WITHIN}"].abs().max())
    low, high = found.interval(LEVEL)
    passed = largest == 0.0 if name == EXACT else low >= -TOLERANCE and high <= TOLERANCE
    return Placebo(name, found, largest, passed)


def _meets(test: Test) -> bool:
    return all(test.met.values())


def _word(test: Test, region: tuple[Box, Test] | None) -> str:
    if _meets(test):
        return SUPPORTED
    return CONDITIONAL if region is not None and _meets(region[1]) else NOT_SUPPORTED


def _region(found: Frames, sets: Sets, times: float) -> tuple[Box, Test] | None:
    """Return the heaviest region that meets the rule, and the rule applied there.

    PRIM peels by what the rule is about, the share of pairs, on one half of the runs; the other half judges. Where no
    box meets the rule, the heaviest in which at least that share suffices is returned; None where there is none.
    """
    if len(sets) < FEWEST:
        return None
    learning = half(found.headlines[times], "even")
    judged = learning[learning["judged"].astype(bool)]
    rate = judged["D2"].notna().groupby(judged["set"]).mean().reindex(range(len(sets)), fill_value=0.0)
    names = [name for name in REGION if name in sets.values]
    nearest = None
    for box in boxes(sets.values[names], rate.to_numpy(np.float64), MASS, PEEL):  # from the largest to the smallest
        keep = box.inside(sets.values)
        if box.density < PAIRS or sets.weights[keep].sum() < MASS:
            continue
        test = found.test(sets, keep, times, "odd")
        if _meets(test):
            return box, test
        if nearest is None and test.pairs.mean >= PAIRS:
            nearest = box, test
    return nearest
