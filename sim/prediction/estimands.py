"""What stands beside the rule of the verdict: what hangs on no pairing, levels, and the headline weighed otherwise.

The word is that of the rule alone (:mod:`sim.prediction.verdict`), and it was known when these were added. D2
compares a run with the run without an end that has the same chance. Which two runs belong together is a choice of the
experiment and no fact of the world, so the share of pairs is shown with every other pairing, and beside
it what needs none.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.stats import spearmanr

from sim.analysis.definitions import CAUSAL_POINTS, WITHIN
from sim.analysis.estimates import Estimate, effective_sample_size, estimate, temper_weights
from sim.analysis.intervals import NORMAL
from sim.analysis.pairings import shares_ahead
from sim.engine.sets import Sets
from sim.model import months
from sim.prediction import forecasting
from sim.prediction.verdict_study import FILTERED, LIKELIHOOD, MANY, Evidence
from sim.registers import record

KNOWN = months.index(record.LAST)  # the war goes on then
LEFT = 0.1  # share of the sets that tempered likelihoods are worth
EQUAL, HAZARD, LIKELY, TEMPERED, BY_FILTER = "equal", "hazard", "likelihood", "tempered", "filter"


@dataclass(frozen=True, eq=False)
class Weighing:
    """The headline's pairs with one way of weighing them.

    Attributes
    ----------
    weights
        One a parameter set.
    chance
        One a pair: how likely its date of the end is, against that of the study. 1 where not said.
    """

    paired: pd.DataFrame
    weights: NDArray[np.float64]
    chance: float | NDArray[np.float64] = 1.0

    def by_set(self, values: "pd.Series[float]") -> "tuple[pd.Series[float], NDArray[np.float64]]":
        """Return the mean of each set over its judged pairs, and what the set weighs."""
        sets = range(len(self.weights))
        known = self.paired["judged"].astype(bool) & values.notna()
        chance = pd.Series(np.broadcast_to(self.chance, len(values)), values.index).where(known, 0.0)
        owner = self.paired["set"]
        mass = chance.groupby(owner).sum().reindex(sets, fill_value=0.0)
        total = (chance * values.fillna(0.0)).groupby(owner).sum().reindex(sets, fill_value=0.0)
        runs = known.groupby(owner).sum().reindex(sets, fill_value=0).clip(lower=1)
        return total / mass.where(mass > 0.0), self.weights * (mass / runs).to_numpy(np.float64)

    def mean(self, values: "pd.Series[float]", share: bool = False) -> Estimate:
        """Return the mean over sets."""
        means, weights = self.by_set(values)
        return over_sets(means, weights, share)

    def estimates(self) -> dict[str, Estimate]:
        """Return the headline: shares from 0 to 1, but ``effect`` and the levels in points of 100."""
        paired, effects = self.paired, self.paired[f"effect_{WITHIN}"]
        means, weights = self.by_set(effects)
        names = ("D1", "D4", "D2", "D1 without an end", "D4 without an end")
        came = {name: paired[name].notna().astype(float) for name in names}
        back = {name: (paired[name] >= paired["before"]).astype(float) for name in ("ended", "endless")}
        return {
            "sets": over_sets((means >= CAUSAL_POINTS).astype(float).where(means.notna()), weights, share=True),
            "effect": over_sets(means, weights),
            "regained": self.mean(back["ended"] - back["endless"]),
            **{f"back {name}": self.mean(values, share=True) for name, values in back.items()},
            **{name: self.mean(values, share=True) for name, values in came.items()},
            **{name: self.mean(paired[name]) for name in ("before", "ended", "endless")},
        }


def over_sets(means: "pd.Series[float]", weights: NDArray[np.float64], share: bool = False) -> Estimate:
    """Return the estimate from a number a set."""
    return estimate(means, pd.Series(range(len(means))), weights, share)


def pairings(evidence: Evidence) -> dict[str, Estimate]:
    """Return the share of pairs with at least D2's points, by how runs of one parameter set are paired.

    ``shared`` is the study's own: the same chance. For the others see :func:`sim.analysis.pairings.shares_ahead`.
    """
    paired, weights = evidence.pairs(MANY), evidence.sets.weights
    judged = paired[paired["judged"].astype(bool)]
    by_set = {
        owner: shares_ahead(of["ended"].to_numpy(np.float64), of["endless"].to_numpy(np.float64), CAUSAL_POINTS)
        for owner, of in judged.groupby("set")
    }
    table = pd.DataFrame.from_dict(by_set, orient="index").reindex(range(len(weights)))
    table["shared"] = Weighing(paired, weights).by_set(paired["D2"].notna().astype(float))[0]
    return {str(name): over_sets(table[name], weights, share=True) for name in table}


def weighings(evidence: Evidence) -> dict[str, Weighing]:
    """Return the ways in which the headline is weighed, those that the study has.

    ``equal`` is the rule's: sets as they are, the war's end in any month as likely as the next. ``hazard`` has the end
    as likely as each set has it, which is the forecasts' prior; ``likelihood`` weighs sets by how likely they make the
    record, ``tempered`` by a power of that at which :data:`LEFT` of the sets count; ``filter`` by its own power of
    that, and begins from states of the record's last month.
    """
    many, sets = evidence.pairs(MANY), evidence.sets
    ways = {EQUAL: Weighing(many, sets.weights), HAZARD: Weighing(many, sets.weights, by_hazard(many, sets))}
    if evidence.has(LIKELIHOOD):
        logs = evidence.pairs(LIKELIHOOD)["log_likelihood"].to_numpy(np.float64)
        units = {LIKELY: 0.0, TEMPERED: LEFT * effective_sample_size(sets.weights)}
        ways |= {name: Weighing(many, temper_weights(logs, least, sets.weights)[0]) for name, least in units.items()}
    if evidence.has(FILTERED):
        pairs = evidence.pairs(FILTERED)
        ways[BY_FILTER] = Weighing(pairs, np.bincount(pairs["set"]) / len(pairs))  # likelier sets have more states
    return ways


def by_hazard(paired: pd.DataFrame, sets: Sets) -> NDArray[np.float64]:
    """Return how likely the end of each pair is by its set's own hazard, against one month being as likely as the next.

    The study draws ends from its first month to its last alone; what the hazard says of others is left out.
    """
    first, last = _span(paired)
    chances = forecasting.chances_of_end(sets, KNOWN, last)
    place = paired["end"].to_numpy(np.int64) - KNOWN - 1
    return np.asarray(chances[place, paired["set"].to_numpy(np.int64)] * (last - first + 1))


def prior_of_end(evidence: Evidence) -> tuple[float, float, float]:
    """Return by the sets' own hazards the share of wars that end before, in and after the months of the study."""
    first, last = _span(evidence.pairs(MANY, ["end"]))
    chances = forecasting.chances_of_end(evidence.sets, KNOWN, last) @ evidence.sets.weights
    before = float(chances[: first - KNOWN - 1].sum())
    return before, 1.0 - before - float(chances[-1]), float(chances[-1])


def _span(paired: pd.DataFrame) -> tuple[int, int]:
    return int(paired["end"].min()), int(paired["end"].max())


def likelihood_fit(evidence: Evidence) -> tuple[float, float, float]:
    """Return how the likelihood of a set goes with its mean effect: Spearman's rank correlation, its 95% interval."""
    many, sets = evidence.pairs(MANY), evidence.sets
    means, _ = Weighing(many, sets.weights).by_set(many[f"effect_{WITHIN}"])
    logs = evidence.pairs(LIKELIHOOD)["log_likelihood"].to_numpy(np.float64)
    known = means.notna().to_numpy()
    rank = float(spearmanr(logs[known], means[known]).statistic)
    half = NORMAL / np.sqrt(known.sum() - 3.0)
    return rank, float(np.tanh(np.arctanh(rank) - half)), float(np.tanh(np.arctanh(rank) + half))
