"""The folder of a verdict: the answer to read, and everything behind it as tables and pictures."""

import math
from collections.abc import Mapping
from typing import Any

import pandas as pd

from sim.experiments import findings, verdict
from sim.experiments.drift import nearer, says
from sim.experiments.evidence import HEADLINE, Evidence
from sim.experiments.survival import curves
from sim.experiments.verdict import AGREEING, CONDITIONAL, PAIRS, REGION, SUPPORTED, Test, Verdict
from sim.views import court, doubt, folder
from sim.views.report import Shown, common, templates
from sim.views.style import percent

ORDER = (0.5, 1.0, 2.0)
_HEADINGS = {
    "groups": "Ten groups of claims",
    "claims": "Claims, one by one",
    "assumptions": "Assumptions, one by one",
    "readings": "Readings of two patrons (claim 5)",
}


def write(evidence: Evidence, found: Verdict, command: str) -> None:
    """Write report, page in Markdown, pictures, tables and manifest into the folder; the manifest comes last."""
    every = tables(evidence, found)
    asked = {key: value for key, value in evidence.asked.items() if key != "arms"}

    pictures = court.pictures(evidence, found, every)
    removed = {title: every[f"without_{kind}"] for kind, title in _HEADINGS.items() if f"without_{kind}" in every}
    said = common(command, doubt.of_sets(evidence.sets)) | {
        "doubt": _doubt(evidence), "verdict": found, "question": evidence.world.question,
        "answer": answer(found, every), "condition": condition(found), "meter": verdict.meter(evidence),
        "region": REGION, "order": ORDER, "definitions": every["definitions"], "says": says(),
        "removed": removed, "failed": failed(found, every["forecasts"]), "placebos": every["placebos"],
        "anyway": every["anyway"],
        "cell": _cell, "months": lambda value: "-" if math.isnan(value) else f"{value:.0f}",
        "sets_digest": evidence.asked["sets_digest"],
        "pictures": {name: title for name, (title, _) in pictures.items()},
    }  # fmt: skip

    def page(shown: list[Shown]) -> str:
        return templates().get_template("verdict.html").render(said, figures=shown)

    words = templates().get_template("verdict.md").render(said)
    (evidence.folder / "verdict.md").write_text(words, encoding="utf-8")
    folder.write(
        evidence.folder, "verdict", command, facts(evidence, found) | asked,
        pictures, every, page,
    )  # fmt: skip


def answer(found: Verdict, every: Mapping[str, pd.DataFrame]) -> str:
    """Return the answer in a few sentences, from the verdict and the study's tables."""
    test = found.tests[1.0]
    low, high = findings.spread(every["sets"])
    return (
        f"{found.word.capitalize()}. In {percent(test.pairs.mean)} of pairs of worlds ({percent(low)} to "
        f"{percent(high)}, from one parameter set to another) the war's end brings Pyongyang {nearer()}, "
        f"against the same worlds without an end (D2). On average it is {test.effect}."
    )


def condition(found: Verdict) -> str:
    """Return in a sentence where the rule is met, or where it comes nearest; empty where there is no such region."""
    if found.word == SUPPORTED or found.region is None or found.in_region is None:
        return ""
    share = (
        f"{found.region.words}: {percent(found.region.mass)} of the parameter sets, in which D2 comes true in "
        f"{percent(found.in_region.pairs.mean)} of pairs (on runs that the search had not seen)"
    )
    if found.word == CONDITIONAL:
        return f"The rule is met where {share}."
    return f"It comes nearest where {share}, but there {'; '.join(_shortfall(found.in_region))}."


def _shortfall(test: Test) -> list[str]:
    """Return which parts of the rule are not met."""
    moved = [f"the placebo “{each.name}” moved {each.effect} points" for each in test.placebos if not each.passed]
    agree = [] if test.agreeing >= AGREEING else [f"only {percent(test.agreeing)} of variants agree in sign"]
    few = [] if test.pairs.mean >= PAIRS else [f"D2 comes true in {percent(test.pairs.mean)} of pairs"]
    return [*few, *agree, *moved]


def failed(found: Verdict, forecasts: pd.DataFrame) -> list[str]:
    """Return what failed: parts of the rule, placebos, forecasts T9 to T11, and variants of the other sign."""
    test = found.tests[1.0]
    parts = [f"{part}: not met." for part, met in test.met.items() if not met]
    parts += [f"The placebo “{each.name}” moved {each.effect} points." for each in test.placebos if not each.passed]
    missed = forecasts[~forecasts["met"].astype(bool)]
    parts += [f"{name}, {row['says']}: {row['value']:.2f}." for name, row in missed.iterrows()]
    other = [name for name, agrees in test.signs.items() if not agrees]
    return parts + ([f"The effect has the other sign in {', '.join(other)}."] if other else [])


def placebos(found: Verdict) -> pd.DataFrame:
    """Return E5 as a table."""
    each = found.tests[1.0].placebos
    table = findings.table({one.name: one.effect for one in each}, "placebo")
    largest, passed = [f"{one.largest:.3g}" for one in each], ["yes" if one.passed else "no" for one in each]
    return table.assign(largest=largest, passed=passed)


def tables(evidence: Evidence, found: Verdict) -> dict[str, pd.DataFrame]:
    """Return every table of the study by the name of its file."""
    horizon = evidence.world.horizon
    every = {
        "definitions": findings.definitions(evidence),
        "end_dates": findings.end_dates(evidence),
        "survival": curves(evidence.pairs(HEADLINE), evidence.sets.weights, horizon),
        "fans": evidence.fans,
        "anyway": findings.anyway(evidence),
        "forecasts": findings.forecasts(evidence),
        "dose": findings.dose(evidence),
        "placebos": placebos(found),
        "variants": findings.variants(evidence),
        "regimes": findings.regimes(evidence),
        "sets": findings.by_set(evidence),
        **{f"without_{kind}": findings.removed(evidence, kind) for kind in _HEADINGS},
    }
    if (shared := findings.shapley(evidence)) is not None:
        every |= {"shapley": shared[0], "together": shared[1]}
    return {name: table for name, table in every.items() if len(table)}


def facts(evidence: Evidence, found: Verdict) -> dict[str, Any]:
    """Return the verdict as plain data."""
    test = found.tests[1.0]
    return {
        "verdict": found.word,
        "verdict_by_strictness": {f"{times:g}": word for times, word in found.words.items()},
        "d2": test.pairs.mean,
        "effect": findings.plain(test.effect),
        "agreeing": test.agreeing,
        "met": test.met,
        "region": found.region and {name: list(map(_open, edges)) for name, edges in found.region.limits.items()},
        "region_mass": found.region and found.region.mass,
        "survives": {each.removed.name: each.survives for each in verdict.metered(evidence)},
        "uncalibrated": doubt.of_sets(evidence.sets),
    }


def _open(edge: float) -> float | None:
    return None if math.isinf(edge) else edge


def _doubt(evidence: Evidence) -> str:
    sets = evidence.sets
    hold = "" if sets.caveat else "The intervals hold what the sets leave open and the noise between runs. "
    return (
        f"{doubt.of_sets(sets)} Over {len(sets):,} parameter sets ({evidence.asked['sets']}). {hold}That rules may be "
        "wrong is in no interval."
    )


def _cell(value: Any) -> str:
    """Return a cell: a share as a reader says it, words as they are."""
    if isinstance(value, str):
        return value
    return "-" if math.isnan(value) else percent(value)
