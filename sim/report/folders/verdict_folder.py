"""The folder of a verdict: the answer to read, and everything behind it as tables and pictures."""

import math
from collections.abc import Mapping
from typing import Any

import pandas as pd

from sim.analysis.definitions import describe_definitions, number_word
from sim.analysis.estimates import sets_caveat
from sim.analysis.time_to_event import curve_intervals, curves
from sim.model.variants import VARIANTS
from sim.prediction import estimands, thresholds, verdict, verdict_tables
from sim.prediction.ablation_study import Ratio
from sim.prediction.verdict import Placebo, Region, Test, Verdict
from sim.prediction.verdict_study import HEADLINE, LIKELIHOOD, PLANNED, Evidence
from sim.report.figures import verdict_figures
from sim.report.folders import study_folders
from sim.report.style import percent, sentence
from sim.report.templating import render
from sim.report.text import answer, doubt, markdown, verdict_text
from sim.storage import sealed

ORDER = (0.5, 1.0, 2.0)
_HEADINGS = {
    "groups": "Ten groups of claims",
    "claims": "Claims, one by one",
    "assumptions": "Assumptions, one by one",
    "readings": "Readings of two patrons (claim 5)",
}


def write_verdict(evidence: Evidence, judged: Verdict, command: str) -> dict[str, pd.DataFrame]:
    """Write report, page in Markdown, pictures, tables and manifest into the folder, and return the tables.

    The manifest comes last.
    """
    every = tables(evidence, judged)
    asked = {key: value for key, value in evidence.asked.items() if key not in ("kind", PLANNED, "files")}

    pictures = verdict_figures.pictures(evidence, judged, every)
    removed = {title: every[f"without_{kind}"] for kind, title in _HEADINGS.items() if f"without_{kind}" in every}
    said = study_folders.how_made(command, doubt.of_sets(evidence.sets))
    said |= verdict_text.tell_verdict(judged, every, evidence.pairs(HEADLINE)) | {
        "markdown": lambda shown: markdown.markdown_table(*shown),
        "doubt": _doubt(evidence), "verdict": judged, "question": evidence.world.question,
        "spread": spread(judged, every), "condition": condition(judged), "meter": verdict.assumption_shares(evidence),
        "region": verdict.REGION, "order": ORDER, "definitions": every["definitions"], "says": describe_definitions(),
        "removed": removed, "failed": failures(judged, every["forecasts"]), "opposite": opposite(judged),
        "placebos": every["placebos"], "nothing": NOTHING, "counted": COUNTED, "anyway": every["anyway"],
        "cell": _cell, "months": lambda value: "-" if math.isnan(value) else f"{value:.0f}",
        "sets_digest": evidence.asked["sets_digest"],
        "pictures": {name: picture.title for name, picture in pictures.items()},
    }  # fmt: skip

    def page(shown: list[study_folders.Shown]) -> str:
        return render("verdict.html", said, figures=shown)

    with evidence.study.lock():
        sealed.put(evidence.folder / "verdict.md", render("verdict.md", said).encode())
        study_folders.write_study_folder(
            evidence.folder, "verdict", command, facts(evidence, judged) | asked, pictures, every, page
        )
    return every


def spread(judged: Verdict, every: Mapping[str, pd.DataFrame]) -> str:
    """Return how sure the answer is: the interval of the mean, and what the parameter sets make of it."""
    low, high = verdict_tables.quantiles_across_sets(every["sets"])
    return (
        f"{answer.how_sure(judged.tests[1.0].effect)} The result also depends on the parameter set: the share of "
        f"histories in which Pyongyang ends up clearly closer ranges from {percent(low)} in some sets to "
        f"{percent(high)} in others (the middle nine tenths of the sets)."
    )


def condition(judged: Verdict) -> str:
    """Return where the rule is met, or where it comes nearest; empty where there is no such region."""
    if judged.word == thresholds.SUPPORTED or not judged.regions:
        return ""
    said = ", and ".join(map(_region, judged.regions))
    if judged.word == thresholds.CONDITIONAL:
        return f"The rule is met where {said}. {_SOUGHT}"
    alone = " On the other half no region is found." if len(judged.regions) == 1 else ""
    return f"It comes nearest where {said}. {_SOUGHT}{alone}"


_SOUGHT = "Each region is sought on one half of the parameter sets and judged on the other, unseen by the search."


def _region(region: Region) -> str:
    """Return a region with what is found there, and which parts of the rule are not met."""
    if not region.mass:
        return f"{region.box.words} (none of the parameter sets)"
    few = [] if region.mass >= thresholds.MASS else ["too few of them"]
    lacking = [*few, *_shortfall(region.test)]
    closer = f"Pyongyang ends up clearly closer in {percent(region.test.pairs.mean)} of histories"
    inside = f"{percent(region.mass)} of the parameter sets; {closer}"
    return f"{region.box.words} ({'; '.join([inside, *lacking])})"


def _shortfall(test: Test) -> list[str]:
    """Return which parts of the rule are not met, but for the share of pairs."""
    few = f"only {percent(test.agreeing)} of variants agree on the direction"
    agree = [] if test.agreeing >= thresholds.AGREEING else [few]
    return [*agree, *(_moved(placebo) for placebo in test.placebos if not placebo.passed)]


# What the rule asks of the placebos.
NOTHING = (
    f"A placebo does nothing if, in at least {percent(thresholds.LEVEL)} of the parameter sets, it changes "
    f"re-engagement by no more than {thresholds.TOLERANCE:g} point; “{verdict.EXACT}” must change nothing at all."
)
COUNTED = (
    "The rule counts every variant in the table except V7, which builds in the very behaviour that the model should "
    "bring about by itself."
)


def _moved(placebo: Placebo) -> str:
    if placebo.name == verdict.EXACT:
        return f"the placebo “{placebo.name}” moves a pair by {placebo.largest:.3g} points"
    where = f"does something in {percent(1.0 - placebo.within)} of the sets"
    return f"the placebo “{placebo.name}” {where}; the change is {placebo.effect.mean:+.1f} points on average"


def failures(judged: Verdict, forecasts: pd.DataFrame) -> list[str]:
    """Return what failed: parts of the rule, placebos, and forecasts T9 to T11; D2's is a part of the rule itself."""
    test = judged.tests[1.0]
    parts = _unmet(test)
    parts += [sentence(f"{_moved(placebo)}.") for placebo in test.placebos if not placebo.passed]
    missed = forecasts[~forecasts["met"].astype(bool) & (forecasts.index != "T10_pairs")]
    return parts + [_missed(row) for _, row in missed.iterrows()]


def opposite(judged: Verdict) -> str:
    """Return in which variants that count the effect has the opposite sign; nothing where there are none."""
    signs = judged.tests[1.0].signs
    other = [f"{VARIANTS[name].title} ({name})" for name, agrees in signs.items() if not agrees]
    where = f"{number_word(len(other))} of the {len(signs)} variants that the rule counts"
    said = f"The effect has the opposite sign in {where}; the rule allows {percent(1.0 - thresholds.AGREEING)}."
    return f"{said} These are: {'; '.join(other)}." if other else ""


def _unmet(test: Test) -> list[str]:
    """Return which parts of the rule are not met, each with what was found."""
    moved = sum(not placebo.passed for placebo in test.placebos)
    parts = (
        f"Pyongyang ends up clearly closer (D2) in {percent(test.pairs.mean)} of histories; the rule requires at least "
        f"{percent(thresholds.PAIRS)}.",
        f"{percent(test.agreeing)} of variants agree on the direction; the rule requires at least "
        f"{percent(thresholds.AGREEING)}.",
        f"{moved} of {len(test.placebos)} placebos do something; the rule requires that none do.",
    )
    return [said for said, met in zip(parts, test.met.values(), strict=True) if not met]


def _missed(forecast: "pd.Series[Any]") -> str:
    """Return that a forecast of the article does not come true, and by how much."""
    value, low, high = (forecast[name] for name in ("value", "low", "high"))
    shown = percent if "share" in forecast["unit"] else "{:.2g}".format
    wanted = f"at least {shown(low)}" if low is not None and value <= low else f"at most {shown(high)}"
    came = f"We required {wanted} ({forecast['unit']}) and found {shown(value)}."
    return f"The article forecasts this, and it does not come about: {forecast['says']}. {came}"


def placebos(judged: Verdict) -> pd.DataFrame:
    """Return E5 as a table."""
    tried = judged.tests[1.0].placebos
    table = verdict_tables.estimates_table({one.name: one.effect for one in tried}, "placebo")
    largest, passed = [f"{one.largest:.3g}" for one in tried], ["yes" if one.passed else "no" for one in tried]
    return table.assign(within=[one.within for one in tried], largest=largest, passed=passed)


def tables(evidence: Evidence, judged: Verdict) -> dict[str, pd.DataFrame]:
    """Return every table of the study by the name of its file."""
    horizon = evidence.world.horizon
    every = {
        "definitions": verdict_tables.definitions(evidence),
        "end_dates": verdict_tables.end_dates(evidence),
        "survival": curves(evidence.pairs(HEADLINE), evidence.sets.weights, horizon),
        "survival_bands": curve_intervals(evidence.pairs(HEADLINE), evidence.sets.weights, horizon),
        "fans": evidence.fans,
        "anyway": verdict_tables.anyway(evidence),
        "forecasts": verdict_tables.forecasts(evidence),
        "dose": verdict_tables.dose(evidence),
        "placebos": placebos(judged),
        "pairings": verdict_tables.estimates_table(estimands.pairings(evidence), "pairing"),
        "weighings": verdict_tables.weighings(evidence),
        "prior": pd.DataFrame([estimands.prior_of_end(evidence)], columns=["before", "within", "later"]),
        "variants": verdict_tables.variants(evidence),
        "regimes": verdict_tables.regimes(evidence),
        "sets": verdict_tables.by_set(evidence),
        **{f"without_{kind}": verdict_tables.ablation_table(evidence, kind) for kind in _HEADINGS},
    }
    if (shared := verdict_tables.shapley(evidence)) is not None:
        every |= {"shapley": shared[0], "together": shared[1]}
    if evidence.has(LIKELIHOOD):
        every["fit"] = pd.DataFrame([estimands.likelihood_fit(evidence)], columns=["rank_correlation", "low", "high"])
    return {name: table for name, table in every.items() if len(table)}


def facts(evidence: Evidence, judged: Verdict) -> dict[str, object]:
    """Return the verdict as plain data."""
    test = judged.tests[1.0]
    return {
        "verdict": judged.word,
        "verdict_by_strictness": {f"{times:g}": word for times, word in judged.words.items()},
        "d2": test.pairs.mean,
        "d2_of_sets": [*verdict_tables.quantiles_across_sets(verdict_tables.by_set(evidence))],
        "d2_asked": thresholds.PAIRS,
        "effect": verdict_tables.plain_estimate(test.effect),
        "agreeing": test.agreeing,
        "met": test.met,
        "regions": [_plain(region) for region in judged.regions],
        "ratios": {loss.removed.name: _plain_ratio(loss.ratio) for loss in verdict.effects_without(evidence)},
        "uncalibrated": doubt.of_sets(evidence.sets),
    }


def _plain(region: Region) -> dict[str, object]:
    limits = {name: list(map(_open, edges)) for name, edges in region.box.limits.items()}
    return {"limits": limits, "mass": region.mass, "d2": region.test.pairs.mean, "meets": region.meets}


def _plain_ratio(ratio: Ratio | None) -> list[float | None]:
    return [] if ratio is None else [_open(number) for number in (ratio.value, ratio.low, ratio.high)]


def _open(edge: float) -> float | None:
    return edge if math.isfinite(edge) else None


def _doubt(evidence: Evidence) -> str:
    sets = evidence.sets
    hold = "" if sets_caveat(sets) else "The intervals cover the differences between sets and the noise between runs. "
    used = f"The study uses {len(sets):,} parameter sets."
    return f"{doubt.of_sets(sets)} {used} {hold}No interval covers the chance that the model itself is wrong."


def _cell(value: float | str) -> str:
    """Return a cell: a share as a reader says it, words as they are."""
    if isinstance(value, str):
        return value
    return "-" if math.isnan(value) else percent(value)
