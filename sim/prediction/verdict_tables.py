"""What a study's evidence says, table by table; :mod:`sim.prediction.verdict` says what follows from it."""

import math
from collections.abc import Mapping
from itertools import product

import numpy as np
import pandas as pd

from sim.analysis import time_to_event
from sim.analysis.definitions import DEFINITIONS
from sim.analysis.estimates import Estimate, estimate, quantiles
from sim.inference.hindcast import within_bounds
from sim.model.variants import VARIANTS
from sim.prediction import ablation_study, estimands
from sim.prediction.ablation_study import GROUPS, coalitions
from sim.prediction.estimands import over_sets
from sim.prediction.treatments import LAGS, change, effect, share_of_pairs
from sim.prediction.verdict import losses
from sim.prediction.verdict_study import (
    AFTERMATH,
    DOSES,
    HEADLINE,
    NEWS,
    NOISE,
    REGIMES,
    Evidence,
    coalition_name,
    end_name,
)
from sim.registers.targets import bounds

CLEAR = 0.01  # of a trade option: a smaller answer of Beijing's is neither wooing nor squeezing


def estimate_row(estimated: Estimate) -> dict[str, float]:
    """Return an estimate as columns: mean, its 95% interval, run-to-run noise, and the spread across sets."""
    low, high = estimated.interval()
    return {"mean": estimated.mean, "low": low, "high": high, "noise": estimated.noise,
            "sets_low": estimated.low, "sets_high": estimated.high}  # fmt: skip


def plain_estimate(estimated: Estimate) -> dict[str, float | str | None]:
    """Return an estimate as plain data: its columns, None where a number is not known, and the interval's caveat."""
    columns = {name: None if math.isnan(value) else value for name, value in estimate_row(estimated).items()}
    return {**columns, "caveat": estimated.caveat or None}


def estimates_table(estimates: Mapping[str, Estimate], name: str) -> pd.DataFrame:
    """Return estimates by name as a table."""
    rows = {key: estimate_row(estimated) for key, estimated in estimates.items()}
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis(name)


def definitions(evidence: Evidence) -> pd.DataFrame:
    """Return for D1 to D5 the share of pairs in which it came true, that without an end, and the mean time to it.

    The time is the restricted mean: months after the end, 24 where it never came true.
    """
    paired, weights = evidence.pairs(HEADLINE), evidence.sets.weights
    times = time_to_event.restricted_means(paired, weights, evidence.world.horizon)
    rows = {}
    for name in DEFINITIONS:
        beside = f"{name} without an end"
        rows[name] = {
            **estimate_row(share_of_pairs(paired, weights, name)),
            "without_an_end": share_of_pairs(paired, weights, beside).mean if beside in paired else np.nan,
            "months": times[name],
            "months_without_an_end": times.get(beside, np.nan),
        }
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis("definition")


def end_dates(evidence: Evidence) -> pd.DataFrame:
    """Return E1: a row an end of the war and lag, the effect then, and at 24 months the share of pairs with D2."""
    rows = []
    for end in evidence.asked["ends"]:
        if not evidence.has(end_name(end)):
            continue
        paired = evidence.pairs(end_name(end))
        for lag in LAGS:
            said = estimate_row(effect(paired, evidence.sets.weights, lag))
            d2 = share_of_pairs(paired, evidence.sets.weights).mean if lag == LAGS[-1] else np.nan
            rows.append({"end": end, "lag": lag, **said, "D2": d2})
    return pd.DataFrame(rows)


def anyway(evidence: Evidence) -> pd.DataFrame:
    """Return E2: what the end does, and what news of peace alone does, in points after 24 months."""
    weights = evidence.sets.weights
    middle = evidence.asked["ends"][len(evidence.asked["ends"]) // 2]
    said = {"the war ends": end_name(middle), "peace is only talked about": NEWS}
    return estimates_table(
        {name: effect(evidence.pairs(treatment), weights) for name, treatment in said.items()}, "world"
    )


def dose(evidence: Evidence) -> pd.DataFrame:
    """Return E3: the share of pairs with D2, a row a postwar_need, a column a postwar_isolation."""
    weights = evidence.sets.weights
    rows = [(*DOSES[name], share_of_pairs(evidence.pairs(name), weights).mean) for name in evidence.names("dose")]
    frame = pd.DataFrame(rows, columns=["postwar_need", "postwar_isolation", "D2"])
    return frame.pivot(index="postwar_need", columns="postwar_isolation", values="D2").rename(columns=str)


def weighings(evidence: Evidence) -> pd.DataFrame:
    """Return the headline weighed in several ways: a row a way and estimand; ``worth`` says how many sets count."""
    rows = [
        {"weighed": name, "estimand": estimand, **estimate_row(estimated), "worth": estimated.units}
        for name, way in estimands.weighings(evidence).items()
        for estimand, estimated in way.estimates().items()
    ]
    return pd.DataFrame(rows)


def variants(evidence: Evidence) -> pd.DataFrame:
    """Return E6: by variant and factor on λ, the effect, by how much it differs from the base model's, share with D2.

    The difference is of runs that share their chance.
    """
    rows, base, weights = [], evidence.pairs(HEADLINE), evidence.sets.weights
    for variant, times in product(VARIANTS, NOISE):
        name = HEADLINE if (variant, times) == ("V0", 1.0) else f"variant/{variant}/{times:g}"
        if not evidence.has(name):
            continue
        paired = evidence.pairs(name)
        said = {"variant": variant, "title": VARIANTS[variant].title, "times": times}
        differs = estimate_row(change(paired, base, weights))
        differs = {"change": differs["mean"], "change_low": differs["low"], "change_high": differs["high"]}
        rows.append(
            {**said, **estimate_row(effect(paired, weights)), **differs, "D2": share_of_pairs(paired, weights).mean}
        )
    return pd.DataFrame(rows)


def regimes(evidence: Evidence) -> pd.DataFrame:
    """Return the regime map: by foresight, ξ and factor on λ, the effect and whether Beijing woos or squeezes.

    Beijing *woos* where its trade option over the two years from the end is higher than without an end, *squeezes*
    where it is lower, and does neither where the difference is below a hundredth.
    """
    rows = []
    for name in evidence.names("regime"):
        paired = evidence.pairs(name)
        wooing = estimate(paired["wooing"], paired["set"], evidence.sets.weights).mean
        regime = "woos" if wooing > CLEAR else "squeezes" if wooing < -CLEAR else "does neither"
        at = dict(zip(("foresight", "patrons_together", "times"), REGIMES[name], strict=True))
        rows.append({**at, **estimate_row(effect(paired, evidence.sets.weights)), "wooing": wooing, "regime": regime})
    return pd.DataFrame(rows)


def ablation_table(evidence: Evidence, kind: str) -> pd.DataFrame:
    """Return what the effect becomes without each claim, assumption or group, or under each reading of ξ."""
    return losses_table(losses(evidence, (kind,)))


def losses_table(losses: list[ablation_study.Loss]) -> pd.DataFrame:
    """Return losses as a table: the change of the effect with its interval, what it becomes, and by what ratio."""
    rows = {
        loss.removed.name: {
            "says": loss.removed.says,
            "effect": loss.effect.mean,
            **estimate_row(loss.change),
            "ratio": ratio.value,
            "ratio_low": ratio.low,
            "ratio_high": ratio.high,
        }
        for loss in losses
        for ratio in [loss.ratio or ablation_study.Ratio(np.nan, np.nan, np.nan)]
    }
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis("without")


def shapley(evidence: Evidence) -> tuple[pd.DataFrame, pd.DataFrame] | None:
    """Return E4: Shapley values of the ten claim groups, and how far each two act only together.

    None where the coalitions were not simulated.
    """
    if not evidence.asked["size"]["coalition_runs"]:
        return None
    sets = evidence.sets
    columns = ["set", f"effect_{LAGS[-1]}"]
    worth = {
        members: ablation_study.effect_by_set(
            evidence.pairs(f"coalition/{coalition_name(members)}", columns), len(sets)
        )
        for members in coalitions()
    }
    values = ablation_study.shapley_values(worth, len(GROUPS))
    estimates = {name: over_sets(pd.Series(by_set), sets.weights) for name, by_set in zip(GROUPS, values, strict=True)}
    together = ablation_study.interactions(worth, len(GROUPS)) @ sets.weights
    return estimates_table(estimates, "group"), pd.DataFrame(together, list(GROUPS), list(GROUPS)).rename_axis("group")


def forecasts(evidence: Evidence) -> pd.DataFrame:
    """Return the article's forecasts T9 to T11: each number, where it must lie, and whether it does."""
    pairs, weights = evidence.pairs(HEADLINE), evidence.sets.weights
    caused = {"T10_pairs": share_of_pairs(pairs, weights).mean, "T10_effect": effect(pairs, weights).interval()[0]}
    after = evidence.pairs(AFTERMATH).iloc[0].to_dict() if evidence.has(AFTERMATH) else {}
    measures = {**{str(name): float(value) for name, value in after.items()}, **caused}
    held = within_bounds(pd.DataFrame([measures])).iloc[0]
    rows = {
        name: {"says": bound.says, "unit": bound.unit, "value": measures[name], "low": bound.low, "high": bound.high,
               "met": bool(held[name])}
        for name, bound in bounds().items() if name in measures
    }  # fmt: skip
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis("pattern")


def by_set(evidence: Evidence) -> pd.DataFrame:
    """Return a row a parameter set: its weight, the mean effect, the share of pairs with D2."""
    paired = evidence.pairs(HEADLINE)
    judged = paired[paired["judged"].astype(bool)]
    came = judged.assign(D2=judged["D2"].notna().astype(float)).groupby("set")
    means = came[["effect_24", "D2"]].mean().rename(columns={"effect_24": "effect"})
    return means.reindex(range(len(evidence.sets))).assign(weight=evidence.sets.weights)


def quantiles_across_sets(sets: pd.DataFrame) -> tuple[float, float]:
    """Return the 5% and 95% quantiles, across the sets of :func:`effect_by_set`, of the share of pairs with D2."""
    known = sets.dropna()
    weights = (known["weight"] / known["weight"].sum()).to_numpy(np.float64)
    return quantiles(known["D2"].to_numpy(np.float64), weights)
