"""The war's end over what was assumed: ``python -m research.effect_map FOLDER docs`` measures it and writes the page.

The verdict is one number over all retained sets. Here the same sets are simulated with other tolerances of a shortfall
and other weights of grievance, so that one sees on which assumption its sign rests. Killed at any point, the same
command goes on from what stands in FOLDER. It takes some ten minutes on two cores and 600 MB.
"""

import argparse
import hashlib
from dataclasses import dataclass
from itertools import product
from pathlib import Path

import numpy as np
import pandas as pd
from matplotlib.colors import LinearSegmentedColormap, TwoSlopeNorm

from sim.article.record import LAST
from sim.calibration.filtering import FilterSettings, filtered
from sim.calibration.parameter_sets import Sets
from sim.calibration.sharpness import SHARP
from sim.engine.resuming import resume_study
from sim.model import VERSION
from sim.report import style
from sim.report.figures.data import Head
from sim.report.render.sheet import MARGIN, Picture, blank_sheet, png
from sim.scenario import load
from sim.scenario.values import defaults
from sim.storage import sealed
from sim.storage.folder import StudyFolder, encoded
from sim.trial.evidence import WORLD
from sim.trial.treatments import Treatment, effect, on_trial, pairs, share

TOLERANCES = (0.0, 0.01, 0.02, 0.03, 0.05, 0.08, 0.1, 0.15, 0.2, 0.25)
GRIEVANCES = (2.0, 8.0, 14.0, 20.0, 26.0, 32.0)
SEED, RUNS, SETS = 20240816, 10, 200
FILTERS = (1, 2, 3)  # seeds
PARTICLES = 8_192
HEADLINE = "headline"
TABLE, PICTURE, PAGE = "effect-map.csv", "images/effect-map.png", "effect-map.md"


@dataclass(frozen=True)
class Settings:
    """How much is simulated: runs of a set in each cell, seeds of the filter at each tolerance, and its particles."""

    runs: int = RUNS
    filters: tuple[int, ...] = FILTERS
    particles: int = PARTICLES


def cells(sets: Sets) -> dict[str, Treatment]:
    """Return the treatments by name: the headline, each tolerance alone, and each tolerance with each grievance."""
    world = load(WORLD)
    planned = {HEADLINE: Treatment(world)}
    planned |= {f"tolerance/{held:g}": Treatment(world, {"tolerance": held}) for held in TOLERANCES}
    planned |= {
        f"cell/{held:g}/{hurt:g}": Treatment(world, {"tolerance": held, "grievance": hurt})
        for held, hurt in product(TOLERANCES, GRIEVANCES)
    }
    return planned


def measure(folder: Path, sets: Sets, settings: Settings = Settings(), jobs: int = 1) -> StudyFolder[sealed.Manifest]:
    """Simulate what is not in the folder yet, and return the study.

    Raises
    ------
    StudyError
        If the folder holds another study.
    """
    program = "python -m research.effect_map"
    study = StudyFolder[sealed.Manifest](folder, "effect map", "pairs", (), "asked.json", program)
    digest = hashlib.sha256(sets.values.to_csv(float_format="%.12g").encode()).hexdigest()
    asked = {"rules": VERSION, "seed": SEED, "runs": settings.runs, "filters": list(settings.filters),
             "particles": settings.particles, "sets": digest}  # fmt: skip
    with resume_study(study, asked):
        for name, treatment in cells(sets).items():
            if not study.there(name):
                study.keep(name, encoded(pairs(treatment, sets, settings.runs, SEED, jobs)))
        for held, seed in product(TOLERANCES, settings.filters):
            if not study.there(name := f"evidence/{held:g}/{seed}"):
                likely = _log_evidence(sets, held, seed, settings, jobs)
                study.keep(name, encoded(pd.DataFrame({"log_evidence": [likely]})))
    return study


def _log_evidence(sets: Sets, held: float, seed: int, settings: Settings, jobs: int) -> float:
    """Return how likely the record of moves and figures is at one tolerance, all else as in the sets."""
    tolerant = Sets(sets.values.assign(tolerance=held), sets.weights, sets.source)
    return float(filtered(LAST, seed, FilterSettings(settings.particles), jobs, over=tolerant).log_evidence)


def table(study: StudyFolder[sealed.Manifest], sets: Sets, settings: Settings) -> pd.DataFrame:
    """Return a row a treatment: tolerance and grievance (NaN: as in each set), mean effect, its interval, share of D2.

    Rows of tolerance alone have the log evidence of the record, its mean over seeds and its spread, in nats above that
    of tolerance 0.
    """
    rows = []
    for name in cells(sets):
        kind, *numbers = name.split("/")
        held, hurt = (float(numbers[k]) if len(numbers) > k else np.nan for k in (0, 1))
        frame = study.rows(name)
        own, often = effect(frame, sets.weights), share(frame, sets.weights)
        low, high = own.interval()
        row = {"tolerance": held, "grievance": hurt, "effect": own.mean, "low": low, "high": high, "D2": often.mean}
        rows.append(row | (_evidence(study, held, settings) if kind == "tolerance" else {}))
    return pd.DataFrame(rows)


def _evidence(study: StudyFolder[sealed.Manifest], held: float, settings: Settings) -> dict[str, float]:
    """Return the log evidence at a tolerance above that at 0, seed by seed: its mean and standard deviation."""
    read = {
        at: np.array([study.rows(f"evidence/{at:g}/{seed}")["log_evidence"].item() for seed in settings.filters])
        for at in {0.0, held}
    }
    gained = read[held] - read[0.0]
    return {"nats": float(gained.mean()), "nats_sd": float(gained.std(ddof=1)) if len(gained) > 1 else np.nan}


def own_effects(study: StudyFolder[sealed.Manifest], sets: Sets) -> pd.DataFrame:
    """Return a row a retained set: its tolerance, its grievance, and its own mean effect."""
    means = study.rows(HEADLINE).groupby("set")["effect_24"].mean()
    own = defaults({}) | {name: sets.values[name] for name in sets.values}
    return pd.DataFrame({name: own[name] for name in ("tolerance", "grievance")}, index=sets.values.index).assign(
        effect=means.reindex(range(len(sets))).to_numpy()
    )


def turning_point(rows: pd.DataFrame) -> float:
    """Return the tolerance at which the mean effect passes nought, all else as in the sets; NaN where it does not.

    Examples
    --------
    >>> rows = pd.DataFrame({"tolerance": [0.0, 0.1], "grievance": [np.nan] * 2, "effect": [3.0, -1.0]})
    >>> round(turning_point(rows), 3)
    0.075
    """
    alone = rows[rows["grievance"].isna() & rows["tolerance"].notna()].sort_values("tolerance")
    held, effects = alone["tolerance"].to_numpy(), alone["effect"].to_numpy()
    crossed = np.flatnonzero(np.sign(effects[:-1]) != np.sign(effects[1:]))
    if not len(crossed):
        return float("nan")
    k = crossed[0]
    return float(held[k] + (held[k + 1] - held[k]) * effects[k] / (effects[k] - effects[k + 1]))


def picture(rows: pd.DataFrame, dots: pd.DataFrame) -> Picture:
    """Draw the mean effect over tolerance and grievance, with the retained sets on it."""
    cells_of = rows[rows["grievance"].notna()]
    grid = cells_of.pivot(index="grievance", columns="tolerance", values="effect")
    signs = "changes" if grid.min().min() < 0.0 < grid.max().max() else "keeps"
    head = Head(
        f"The effect of the war's end {signs} its sign with what Pyongyang does not notice, or does not mind",
        "Mean effect after two years, in points of 100, if all retained sets had this tolerance of a shortfall and "
        "this weight of grievance. Dots: the sets, where they are; filled where their own effect is above 0.",
        f"Driftback: rules {VERSION}, {len(dots):,} parameter sets, {WORLD}. Uncalibrated.",
        "; ".join(f"tolerance {row['tolerance']:g}, grievance {row['grievance']:g}: {row['effect']:+.1f}"
                  for row in cells_of.to_dict("records")),
    )  # fmt: skip
    figure, place = blank_sheet(head, 3.4)
    axes = place((MARGIN + 0.55, 0.05, style.WIDTH - 2 * MARGIN - 1.3, 2.85))
    colours = LinearSegmentedColormap.from_list("effect", [style.colour("warm"), style.PAPER, style.colour("cold")])
    most = float(np.abs(grid.to_numpy()).max())
    mesh = axes.pcolormesh(grid.columns, grid.index, grid.to_numpy(), cmap=colours, shading="gouraud",
                           norm=TwoSlopeNorm(0.0, -most, most))  # fmt: skip
    axes.contour(grid.columns, grid.index, grid.to_numpy(), levels=[0.0], colors=[style.INK], linewidths=1.2)
    for towards, face in ((dots["effect"] > 0.0, style.INK), (dots["effect"] <= 0.0, "none")):
        some = dots[towards]
        axes.scatter(some["tolerance"], some["grievance"], s=9, facecolor=face, edgecolor=style.INK, lw=0.6, zorder=4)
    axes.set_xlabel("tolerance: share of the support it expects that can be missing unnoticed", size=style.SMALL)
    axes.set_ylabel("weight of grievance", size=style.SMALL)
    axes.xaxis.set_major_formatter(lambda value, _: f"{100 * value:.0f}%")
    bar = figure.colorbar(mesh, ax=axes, fraction=0.05, pad=0.02)
    bar.ax.tick_params(labelsize=style.SMALL, length=0)
    bar.outline.set_visible(False)
    return figure


_PAGE = """# On what the answer depends

{answer}

![Mean effect over tolerance and grievance]({picture})

Of {sets:,} retained sets {above} have a mean effect above 0, {clear} of at least 5 points and {below} below 0. We
simulated each set {runs} times a cell, with the same random numbers in all cells, from the scenario `{world}`. Other
numbers of the sets stay as they are, so a cell far from a set's own place is no longer matched to history.

{evidence}

| tolerance | mean effect | 95% interval | clearly closer (D2) | what the record says, nats against 0 |
|--:|--:|--:|--:|--:|
{lines}

All cells are in [the table](effect-map.csv). `python -m research.effect_map FOLDER docs` makes it, the picture and this
page. Pairs of state and lever above {sharp:.0f} points are in [sharpness](sharpness.md).
"""


def publish(docs: Path, rows: pd.DataFrame, dots: pd.DataFrame, settings: Settings) -> None:
    """Write the page, the table and the picture."""
    alone = rows[rows["grievance"].isna() & rows["tolerance"].notna()]
    whole, turns = rows.iloc[0], turning_point(rows)
    lowest, highest = alone.iloc[0], alone.iloc[-1]
    if np.isnan(turns):
        depends = "At every tolerance we tried the effect has the same sign."
    else:
        depends = f"It passes 0 where shortfalls below {100 * turns:.0f}% go unnoticed."
    answer = (
        f"**Over all retained sets the war's end brings {whole['effect']:+.1f} points. It depends on how small a "
        f"shortfall Pyongyang resents: {lowest['effect']:+.1f} if it resents every dollar, {highest['effect']:+.1f} "
        f"if a quarter can be missing. {depends}**"
    )
    best = alone.sort_values("nats").to_dict("records")[-1]
    evidence = (
        f"The record to August 2024 is likeliest at a tolerance of {100 * best['tolerance']:.0f}%, by "
        f"{best['nats']:.1f} nats against 0 (seeds of the filter differ by {alone['nats_sd'].mean():.1f}). "
        "Less than 2 nats tell nothing apart."
    )
    lines = [
        f"| {100 * row['tolerance']:.0f}% | {row['effect']:+.1f} | {row['low']:+.1f} to {row['high']:+.1f} "
        f"| {100 * row['D2']:.0f}% | {row['nats']:+.1f} ± {row['nats_sd']:.1f} |"
        for row in alone.to_dict("records")
    ]
    own = dots["effect"]
    words = {"above": int((own > 0).sum()), "clear": int((own >= 5).sum()), "below": int((own < 0).sum())}
    text = _PAGE.format(answer=answer, picture=PICTURE, sets=len(dots), runs=settings.runs, world=WORLD,
                        evidence=evidence, lines="\n".join(lines), sharp=100 * SHARP, **words)  # fmt: skip
    sealed.put(docs / TABLE, rows.to_csv(index=False, float_format="%.4f", lineterminator="\n").encode())
    sealed.put(docs / PICTURE, png(picture(rows, dots)))
    sealed.put(docs / PAGE, text.encode())


def main() -> None:
    """Measure, write, and say what the answer depends on."""
    parser = argparse.ArgumentParser(prog="python -m research.effect_map", description=__doc__.split("\n")[0])
    parser.add_argument("folder", type=Path, help="of the study; one that was begun goes on")
    parser.add_argument("docs", type=Path, nargs="?", help="where the page is written; nowhere if omitted")
    parser.add_argument("--sets", type=int, default=SETS, help=f"number of retained sets (default: {SETS})")
    parser.add_argument("--jobs", type=int, default=2, help="threads (default: 2)")
    asked = parser.parse_args()
    sets, settings = on_trial(asked.sets, SEED), Settings()
    study = measure(asked.folder, sets, settings, asked.jobs)
    rows = table(study, sets, settings)
    if asked.docs:
        publish(asked.docs, rows, own_effects(study, sets), settings)
    print(rows[rows["grievance"].isna()].to_string(index=False, float_format="{:.2f}".format))


if __name__ == "__main__":
    main()
