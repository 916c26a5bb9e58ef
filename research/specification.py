"""The specification curve: ``python -m research.specification FOLDER VERDICT...`` draws it from studies of the verdict.

Every reading of the headline that the rule might have had, in one figure (Simonsohn, Simmons and Nelson 2020): how many
points count and how many months after the end, how strictly capitals choose (λ), which variant of the rules, how
parameter sets are weighed, and which edition. The rule's own point is marked.

All comes from the pairs that a verdict keeps (``sim verdict``), but the effect after 36 months, which it does not read:
that is simulated once and kept in FOLDER, for verdicts of the rules that are installed. Of a verdict of other rules the
curve has 36 months where FOLDER has them. Killed at any point, the same command goes on. With 1,000 sets and 20 runs
36 months take 12 seconds of a processor for each of 51 treatments, the curve itself a few seconds; 450 MB.
"""

import argparse
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from sim.analysis.definitions import CAUSAL_POINTS, WITHIN
from sim.analysis.estimates import effective_sample_size, temper_weights
from sim.engine.same_study import resume_study
from sim.model import VERSION
from sim.prediction.estimands import EQUAL, HAZARD, LEFT, LIKELY, TEMPERED, Weighing, by_hazard
from sim.prediction.thresholds import PAIRS
from sim.prediction.treatments import Treatment, pairs
from sim.prediction.verdict_study import HEADLINE, LIKELIHOOD, VARIED, Evidence
from sim.report import style
from sim.report.figures.data import Head
from sim.report.render.sheet import MARGIN, Picture, blank_sheet, png
from sim.storage import sealed
from sim.storage.folder import StudyFolder, encode_table
from sim.storage.study_errors import StudyError

THRESHOLDS, HORIZONS, LATE = (3.0, CAUSAL_POINTS, 8.0, 10.0), (12, WITHIN, 36), 36
TREATMENTS = {HEADLINE: ("V0", 1.0), **VARIED}
CHOICES = ("edition", "threshold", "horizon", "λ times", "weights", "variant")  # in the matrix, from the top
RULE = {"threshold": CAUSAL_POINTS, "horizon": WITHIN, "λ times": 1.0, "weights": EQUAL, "variant": "V0"}
_ROW = 0.13  # inches


def later(folder: Path, evidence: Evidence, jobs: int = 1) -> dict[str, pd.DataFrame]:
    """Return the pairs of a verdict's treatments with the effect after 36 months, simulated where they are not kept.

    Parameters
    ----------
    folder
        Where they are kept, a folder an edition below it.
    evidence
        Of the verdict.
    jobs
        Threads; the result is the same for any number.

    Raises
    ------
    StudyError
        If the folder holds those of another verdict.
    """
    asked = evidence.asked
    study = StudyFolder[sealed.Manifest](
        folder / str(asked["rules"]), "specification", "pairs", (), "asked.json", "python -m research.specification"
    )
    rests_on = {name: asked[name] for name in ("rules", "registers", "scenario", "seed", "size", "sets_digest")}
    if asked["rules"] != VERSION and not study.exists():
        return {}
    with resume_study(study, rests_on):
        for name, (variant, times) in TREATMENTS.items():
            if asked["rules"] == VERSION and not study.has(name):
                world = evidence.world if variant == "V0" else evidence.world.with_(variant=variant)
                treatment = Treatment(world, {}, {} if times == 1.0 else {"precision": times})
                made = pairs(
                    treatment, evidence.experiment.replace(jobs=jobs).runs_of_every_set(asked["size"]["runs"]), (LATE,)
                )
                study.keep(name, encode_table(made[["set", "end", "judged", f"effect_{LATE}"]]))
        return {name: study.rows(name) for name in TREATMENTS if study.has(name)}


def points(evidence: Evidence, late: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Return a row a reading of the headline.

    Parameters
    ----------
    evidence
        Of a verdict.
    late
        By treatment the pairs with the effect after 36 months; those that are missing are left out.

    Returns
    -------
    frame
        :data:`CHOICES`; ``share`` of pairs at or above the threshold, and ``effect`` in points, each with the 95%
        interval over sets (``share low`` to ``effect high``); ``rule``: whether the reading is the rule's.
    """
    rows = []
    for name, (variant, times) in TREATMENTS.items():
        if not evidence.has(name):
            continue
        near = [f"effect_{horizon}" for horizon in HORIZONS if horizon != LATE]
        early = evidence.pairs(name, ["set", "end", "judged", *near])
        frames = {horizon: early if horizon != LATE else late.get(name) for horizon in HORIZONS}
        for horizon, frame in frames.items():
            if frame is not None:
                for reading in _readings(evidence, frame, horizon):
                    rows.append({"edition": evidence.asked["rules"], "variant": variant, "λ times": times} | reading)
    whole = pd.DataFrame(rows)
    whole["rule"] = np.logical_and.reduce([whole[choice] == value for choice, value in RULE.items()])
    return whole


def _readings(evidence: Evidence, frame: pd.DataFrame, horizon: int) -> Iterator[dict[str, object]]:
    """Yield the readings of one treatment after so many months, by weights and thresholds."""
    effects = frame[f"effect_{horizon}"]
    for weights, weighing in _weighings(evidence, frame).items():
        mean = weighing.mean(effects)
        low, high = mean.interval()
        for threshold in THRESHOLDS:
            share = weighing.mean((effects >= threshold).astype(float).where(effects.notna()), share=True)
            least, most = share.interval()
            yield {"horizon": horizon, "weights": weights, "threshold": threshold, "share": share.mean,
                   "share low": least, "share high": most, "effect": mean.mean, "effect low": low,
                   "effect high": high}  # fmt: skip


def _weighings(evidence: Evidence, frame: pd.DataFrame) -> dict[str, Weighing]:
    """Return the ways of weighing a treatment's pairs that the study has (see :mod:`sim.prediction.estimands`)."""
    sets = evidence.sets
    ways = {EQUAL: Weighing(frame, sets.weights)}
    if frame["end"].nunique() > 1:
        ways[HAZARD] = Weighing(frame, sets.weights, by_hazard(frame, sets))
    if evidence.has(LIKELIHOOD):
        logs = evidence.pairs(LIKELIHOOD)["log_likelihood"].to_numpy(np.float64)
        for name, units in ((LIKELY, 0.0), (TEMPERED, LEFT * effective_sample_size(sets.weights))):
            ways[name] = Weighing(frame, temper_weights(logs, units, sets.weights)[0])
    return ways


def picture(curve: pd.DataFrame) -> Picture:
    """Return the figure: shares and mean effects in the order of the shares, and below what each reading is."""
    ordered = curve.sort_values(["share", "effect"], kind="stable").reset_index(drop=True)
    levels = [(choice, level) for choice in CHOICES for level in _levels(ordered[choice])]
    own = np.flatnonzero(ordered["rule"])
    above = (ordered["share"] >= PAIRS).mean()
    positive = (ordered["effect"] > 0.0).mean()
    title = f"{style.percent(float(above))} of {len(ordered):,} readings of the headline reach {PAIRS:.0%} of pairs"
    head = Head(
        title,
        "Every reading that the rule might have had, by the share of pairs that are so much closer. Shaded: 95% over "
        "sets. Broken: what the rule asks for. Red: the rule's own reading.",
        f"Driftback: rules {', '.join(_levels(ordered['edition']))}; pairs of the verdict's study. Uncalibrated.",
        f"{title}. In {style.percent(float(positive))} of them the mean effect of the war's end is above zero.",
    )
    tall = _ROW * (len(levels) + len(CHOICES))
    figure, place = blank_sheet(head, 3.9 + tall)
    left, width = MARGIN + 1.35, style.WIDTH - 2 * MARGIN - 1.4
    shares, effects, matrix = (place((left, top, width, high)) for top, high in ((0, 1.7), (1.95, 1.7), (3.8, tall)))
    _curve(shares, ordered, "share", 100.0, "share of pairs, %", own)
    shares.axhline(100.0 * PAIRS, color=style.INK, lw=0.8, ls="--")
    _curve(effects, ordered, "effect", 1.0, "mean effect, points", own)
    effects.axhline(0.0, color=style.INK, lw=0.8)
    _matrix(matrix, ordered, own)
    return figure


def _levels(column: "pd.Series[Any]") -> list[str]:
    values = sorted(column.unique(), key=lambda value: (isinstance(value, str), value))
    return [f"{value:g}" if isinstance(value, float) else str(value) for value in values]


def _curve(axes: Axes, ordered: pd.DataFrame, name: str, scale: float, label: str, own: np.ndarray) -> None:
    at = np.arange(len(ordered))
    low, high, middle = (scale * ordered[column].to_numpy(float) for column in (f"{name} low", f"{name} high", name))
    axes.vlines(at, low, high, color=style.colour("main"), lw=0.4, alpha=0.25)
    axes.plot(at, middle, ".", color=style.colour("main"), ms=1.5)
    axes.plot(own, middle[own], "o", color=style.colour("control"), ms=4, zorder=5)
    axes.set_xlim(-1, len(ordered))
    axes.set_xticks([])
    axes.set_ylabel(label, size=style.SMALL, color=style.MUTED)
    axes.grid(axis="y", color=style.FAINT, lw=0.5)


def _matrix(axes: Axes, ordered: pd.DataFrame, own: np.ndarray) -> None:
    """Draw what each reading is: a row a level of a choice, a mark where the reading has it."""
    row, ticks = 0, []
    for choice in CHOICES:
        said = [f"{value:g}" if isinstance(value, float) else str(value) for value in ordered[choice]]
        for level in _levels(ordered[choice]):
            at = np.flatnonzero([value == level for value in said])
            axes.vlines(at, row - 0.4, row + 0.4, color=style.colour("main"), lw=0.4)
            mine = own[np.isin(own, at)]
            axes.vlines(mine, row - 0.5, row + 0.5, color=style.colour("control"), lw=1.2)
            ticks.append((row, f"{choice} {level}"))
            row += 1
        row += 1
    axes.set_ylim(row - 0.5, -0.5)
    axes.set_xlim(-1, len(ordered))
    axes.set_xticks([])
    axes.set_yticks([place for place, _ in ticks], [label for _, label in ticks], size=style.TINY)


def main() -> None:
    """Read the verdicts, simulate what they lack, and write ``specification.csv`` and ``specification.png``."""
    parser = argparse.ArgumentParser(prog="python -m research.specification", description=__doc__.split("\n")[0])
    parser.add_argument("folder", type=Path, help="where the curve is written, and what it needs beside the verdicts")
    parser.add_argument("verdicts", type=Path, nargs="+", help="folders of sim verdict, one an edition")
    parser.add_argument("--jobs", type=int, default=2, help="threads (default: 2)")
    asked = parser.parse_args()
    studies = [Evidence(verdict) for verdict in asked.verdicts]
    editions = [study.asked["rules"] for study in studies]
    if len(set(editions)) < len(editions):
        raise SystemExit(f"two of the verdicts are of one edition ({', '.join(editions)}); give one an edition")
    try:
        curve = pd.concat([points(study, later(asked.folder, study, asked.jobs)) for study in studies])
    except StudyError as error:
        raise SystemExit(str(error)) from None
    table = curve.to_csv(index=False, float_format="%.4f", lineterminator="\n")
    sealed.put(asked.folder / "specification.csv", table.encode())
    sealed.put(asked.folder / "specification.png", png(picture(curve)))
    print(curve[curve["rule"]].to_string(index=False, float_format="{:.2f}".format))
    for edition, part in curve.groupby("edition"):
        print(f"Rules {edition}: {len(part):,} readings; {(part['share'] >= PAIRS).mean():.0%} reach {PAIRS:.0%} of "
              f"pairs; in {(part['effect'] > 0.0).mean():.0%} the mean effect is above zero.")  # fmt: skip


if __name__ == "__main__":
    main()
