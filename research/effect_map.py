"""The war's end over what was assumed: ``python -m research.effect_map FOLDER SHARPNESS docs`` measures it for a page.

The verdict is one number over all retained sets. Here the same sets are simulated with other tolerances of a shortfall
and other weights of grievance, so that one sees on which assumption its sign rests. They are sorted by sharpness
(``research.sharpness``) too, so that one sees what is left where no choice turns on what nobody could notice. Killed at
any point, the same command goes on from what stands in the two folders. It takes some ten minutes on two cores and
600 MB.
"""

import argparse
import hashlib
from dataclasses import dataclass
from itertools import product
from pathlib import Path

import numpy as np
import pandas as pd
from matplotlib.colors import LinearSegmentedColormap, TwoSlopeNorm

from research import sharpness
from research.choice_sharpness import SHARP
from sim.analysis.definitions import WITHIN
from sim.analysis.estimates import estimate
from sim.engine.experiment import Experiment
from sim.engine.same_study import resume_study
from sim.engine.sets import Sets
from sim.inference.filtering import FilterSettings, filter_states, known_world
from sim.model import VERSION
from sim.prediction.treatments import Treatment, effect, on_trial, pairs, share_of_pairs
from sim.prediction.verdict_study import WORLD
from sim.registers.record import LAST
from sim.report import style
from sim.report.figures.data import Head
from sim.report.render.sheet import MARGIN, Picture, blank_sheet, png
from sim.scenario import load
from sim.scenario.values import defaults
from sim.storage import sealed
from sim.storage.folder import StudyFolder, encode_table

TOLERANCES = (0.0, 0.01, 0.02, 0.03, 0.05, 0.08, 0.1, 0.15, 0.2, 0.25)
GRIEVANCES = (2.0, 8.0, 14.0, 20.0, 26.0, 32.0)
SEED, RUNS, SETS = 20240816, 10, 200
CLEAR = 2.0  # nats
ENOUGH = 200  # blunt sets that a headline of their own should rest on
FILTERS = (1, 2, 3)  # seeds
PARTICLES = 8_192
HEADLINE = "headline"
TABLE, PICTURE, PAGE = "effect-map.csv", "images/effect-map.png", "effect-map.md"
SETS_TABLE, SECOND_PICTURE = "effect-by-set.csv", "images/effect-along-sharpness.png"
BINS = 10  # of the sets, by their sharpness


@dataclass(frozen=True)
class Settings:
    """How much is simulated: runs of a set in each cell, seeds of the filter at each tolerance, and its particles."""

    runs: int = RUNS
    filters: tuple[int, ...] = FILTERS
    particles: int = PARTICLES


def cells() -> dict[str, Treatment]:
    """Return the treatments by name: the headline, each tolerance alone, and each tolerance with each grievance."""
    world = load(WORLD)
    planned = {HEADLINE: Treatment(world)}
    planned |= {f"tolerance/{held:g}": Treatment(world, {"tolerance": held}) for held in TOLERANCES}
    planned |= {
        f"cell/{held:g}/{hurt:g}": Treatment(world, {"tolerance": held, "grievance": hurt})
        for held, hurt in product(TOLERANCES, GRIEVANCES)
    }
    return planned


def measure(
    folder: Path, every: Sets, sets: Sets, settings: Settings = Settings(), jobs: int = 1
) -> StudyFolder[sealed.Manifest]:
    """Simulate what is not in the folder yet, and return the study.

    Parameters
    ----------
    every, sets
        All retained sets, in which the headline is simulated, and those of them that the cells are simulated in.

    Raises
    ------
    StudyError
        If the folder holds another study.
    """
    program = "python -m research.effect_map"
    study = StudyFolder[sealed.Manifest](folder, "effect map", "pairs", (), "asked.json", program)
    both = "".join(some.values.to_csv(float_format="%.12g") for some in (every, sets))
    digest = hashlib.sha256(both.encode()).hexdigest()
    asked = {"rules": VERSION, "seed": SEED, "runs": settings.runs, "filters": list(settings.filters),
             "particles": settings.particles, "sets": digest}  # fmt: skip
    with resume_study(study, asked):
        for name, treatment in cells().items():
            if not study.has(name):
                some = every if name == HEADLINE else sets
                experiment = Experiment(load(WORLD), some, SEED, jobs=jobs).runs_of_every_set(settings.runs)
                study.keep(name, encode_table(pairs(treatment, experiment)))
        for held, seed in product(TOLERANCES, settings.filters):
            if not study.has(name := f"evidence/{held:g}/{seed}"):
                likely = _log_evidence(sets, held, seed, settings, jobs)
                study.keep(name, encode_table(pd.DataFrame({"log_evidence": [likely]})))
    return study


def _log_evidence(sets: Sets, held: float, seed: int, settings: Settings, jobs: int) -> float:
    """Return how likely the record of moves and figures is at one tolerance, all else as in the sets."""
    tolerant = Sets(sets.values.assign(tolerance=held), sets.weights, sets.source)
    asked = Experiment(known_world(LAST), tolerant, seed, jobs=jobs)
    return float(filter_states(asked, FilterSettings(settings.particles)).log_evidence)


def effect_table(study: StudyFolder[sealed.Manifest], every: Sets, sets: Sets, settings: Settings) -> pd.DataFrame:
    """Return a row a treatment: tolerance and grievance (NaN: as in each set), mean effect, its interval, share of D2.

    Rows of tolerance alone have the log evidence of the record, its mean over seeds and its spread, in nats above that
    of tolerance 0.
    """
    rows = []
    for name in cells():
        kind, *numbers = name.split("/")
        held, hurt = (float(numbers[k]) if len(numbers) > k else np.nan for k in (0, 1))
        frame = study.rows(name)
        weights = (every if name == HEADLINE else sets).weights
        own, often = effect(frame, weights), share_of_pairs(frame, weights)
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


def own_effects(study: StudyFolder[sealed.Manifest], every: Sets, sharp: "pd.Series[float]") -> pd.DataFrame:
    """Return a row a retained set: its tolerance, grievance, weight and sharpness, its mean effect, its share of D2."""
    headline = study.rows(HEADLINE)
    by_set = headline.assign(came=headline["D2"].notna()).groupby("set")
    means = by_set[[f"effect_{WITHIN}", "came"]].mean().reindex(range(len(every)))
    own = defaults({}) | {name: every.values[name] for name in every.values}
    return pd.DataFrame({name: own[name] for name in ("tolerance", "grievance")}, index=every.values.index).assign(
        weight=every.weights, sharpness=sharp.reindex(range(len(every))).to_numpy(),
        effect=means[f"effect_{WITHIN}"].to_numpy(), D2=means["came"].to_numpy(),
    )  # fmt: skip


def blunt_headline(dots: pd.DataFrame) -> dict[str, float]:
    """Return the headline over the sets in which nothing is sharp: how many, mean effect, its 95% interval, D2."""
    blunt = dots[dots["sharpness"] <= SHARP]
    if blunt.empty:
        return {"sets": 0}
    own = estimate(blunt["effect"], pd.Series(range(len(blunt)), blunt.index), blunt["weight"].to_numpy())
    low, high = own.interval()
    often = float(np.average(blunt["D2"], weights=blunt["weight"]))
    return {"sets": len(blunt), "effect": own.mean, "low": low, "high": high, "D2": often}


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
    mesh = axes.pcolormesh(grid.columns, grid.index, grid.to_numpy(), cmap=colours, shading="nearest",
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


def picture_along(dots: pd.DataFrame) -> Picture:
    """Draw the mean effect of every retained set along its sharpness, and the means of tenths of the sets."""
    tenths = dots.groupby(pd.qcut(dots["sharpness"].rank(method="first"), BINS, labels=False))
    means = tenths[["sharpness", "effect"]].mean()
    first, last = means["effect"].iloc[0], means["effect"].iloc[-1]
    head = Head(
        f"The bluntest tenth of the sets has a mean effect of {first:+.1f} points, the sharpest {last:+.1f}",
        "Dots: mean effect of the war's end in each retained set, by how much a choice turns on what nobody could "
        f"notice. Line: means of tenths of the sets. Shaded: {100 * SHARP:.0f} points of chance or less.",
        f"Driftback: rules {VERSION}, {len(dots):,} parameter sets, {WORLD}. Uncalibrated.",
        "; ".join(f"{100 * row['sharpness']:.0f}: {row['effect']:+.1f}" for row in means.to_dict("records")),
    )
    figure, place = blank_sheet(head, 2.6)
    axes = place((MARGIN + 0.55, 0.05, style.WIDTH - 2 * MARGIN - 0.6, 2.1))
    axes.axvspan(0.0, 100.0 * SHARP, color=style.SHADE, lw=0)
    axes.axhline(0.0, color=style.INK, lw=0.8)
    axes.plot(100.0 * dots["sharpness"], dots["effect"], ".", color=style.colour("main"), ms=2, alpha=0.4)
    axes.plot(100.0 * means["sharpness"], means["effect"], "-o", color=style.INK, ms=3.5, lw=1.2)
    axes.set_xlim(0.0, None)
    axes.set_xlabel("sharpness: points of chance that half a month's fluctuation moves", size=style.SMALL)
    axes.set_ylabel("mean effect, points", size=style.SMALL)
    return figure


_PAGE = """# On what the answer depends

{answer}

{blunt}

![Mean effect over tolerance and grievance]({picture})

Of {sets:,} retained sets {above} have a mean effect above 0, {clear} of at least 5 points and {below} below 0. We
simulated each set {runs} times a cell, with the same random numbers in all cells, from the scenario `{world}`. Other
numbers of the sets stay as they are, so a cell far from a set's own place is no longer matched to history.

![Mean effect along sharpness]({along})

{evidence}

| tolerance | mean effect | 95% interval | clearly closer (D2) | what the record says, nats against 0 |
|--:|--:|--:|--:|--:|
{lines}

All cells are in [one table](effect-map.csv), the sets in [another](effect-by-set.csv).
`python -m research.effect_map FOLDER SHARPNESS docs` makes them, the pictures and this page. Pairs of state and lever
above {sharp:.0f} points are in [sharpness](sharpness.md).
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
    sure = best["nats"] - 2.0 * best["nats_sd"] > CLEAR
    evidence = (
        f"The record to August 2024 {'speaks for' if sure else 'cannot tell tolerances apart; it is likeliest at'} "
        f"{100 * best['tolerance']:.0f}%, by {best['nats']:.1f} nats against 0, give or take {best['nats_sd']:.1f} "
        f"from one seed of the filter to another. Less than {CLEAR:g} nats tell nothing apart."
    )
    lines = [
        f"| {100 * row['tolerance']:.0f}% | {row['effect']:+.1f} | {row['low']:+.1f} to {row['high']:+.1f} "
        f"| {100 * row['D2']:.0f}% | {row['nats']:+.1f} ± {row['nats_sd']:.1f} |"
        for row in alone.to_dict("records")
    ]
    blunt = blunt_headline(dots)
    if blunt["sets"]:
        said = (
            f"**Over the {blunt['sets']:,} sets in which no choice turns on what nobody could notice (sharpness up to "
            f"{100 * SHARP:.0f} points) it brings {blunt['effect']:+.1f} points** (95% interval {blunt['low']:+.1f} to "
            f"{blunt['high']:+.1f}), and Pyongyang comes clearly closer in {100 * blunt['D2']:.0f}% of pairs; over all "
            f"sets in {100 * whole['D2']:.0f}%."
        )
        if blunt["sets"] < ENOUGH:
            said += f" So few sets of {len(dots):,} tell little."
    else:
        said = f"**In none of the {len(dots):,} retained sets is every choice that blunt.**"
    own = dots["effect"]
    words = {"above": int((own > 0).sum()), "clear": int((own >= 5).sum()), "below": int((own < 0).sum())}
    pictures = {"picture": PICTURE, "along": SECOND_PICTURE}
    text = _PAGE.format(answer=answer, blunt=said, **pictures, sets=len(dots), runs=settings.runs, world=WORLD,
                        evidence=evidence, lines="\n".join(lines), sharp=100 * SHARP, **words)  # fmt: skip
    sealed.put(docs / TABLE, rows.to_csv(index=False, float_format="%.4f", lineterminator="\n").encode())
    sealed.put(docs / SETS_TABLE, dots.to_csv(index_label="set", float_format="%.4f", lineterminator="\n").encode())
    sealed.put(docs / PICTURE, png(picture(rows, dots)))
    sealed.put(docs / SECOND_PICTURE, png(picture_along(dots)))
    sealed.put(docs / PAGE, text.encode())


def main() -> None:
    """Measure, write, and say what the answer depends on."""
    parser = argparse.ArgumentParser(prog="python -m research.effect_map", description=__doc__.split("\n")[0])
    parser.add_argument("folder", type=Path, help="of the study; one that was begun goes on")
    parser.add_argument("sharpness", type=Path, help="folder of research.sharpness; what it lacks is measured")
    parser.add_argument("docs", type=Path, nargs="?", help="where the page is written; nowhere if omitted")
    parser.add_argument("--sets", type=int, default=SETS, help=f"retained sets in the cells (default: {SETS})")
    parser.add_argument("--jobs", type=int, default=2, help="threads (default: 2)")
    asked = parser.parse_args()
    every, sets, settings = on_trial(), on_trial().some(asked.sets, SEED), Settings()
    sharp = sharpness.measure_sharpness(asked.sharpness, every, asked.jobs).groupby("set")["change"].max()
    study = measure(asked.folder, every, sets, settings, asked.jobs)
    rows = effect_table(study, every, sets, settings)
    if asked.docs:
        publish(asked.docs, rows, own_effects(study, every, sharp), settings)
    print(rows[rows["grievance"].isna()].to_string(index=False, float_format="{:.2f}".format))


if __name__ == "__main__":
    main()
