"""How often the verdict's rule errs: ``python -m research.severity FOLDER`` prints a row a kind of world.

A rule that says *supported* where the end of the war does nothing, or *not supported* where it does much, tests
nothing (Mayo 2018). So the rule is applied, trial after trial, in worlds whose effect is known beforehand; each trial
draws parameter sets and chance of its own.

* *Nothing comes of the end*: Moscow's need is kept; nothing is ever exchanged (with isolation held, the effect is
  exactly zero); grievance needs no custom of Moscow's; three theories that know no interests.
* *It brings 5, 10 or 15 points*: the retained sets whose own mean effect lies nearest to that, found with other chance;
  and the world in which the need is kept, with so many points added to every pair that the rule reads.

What an end brings in such a world is measured and stands beside the rates: some that should do nothing do something.
Killed at any point, the same command goes on. A trial of 100 sets with 10 runs takes 11 seconds of a processor and
420 MB; all of them, 20 of each kind, 50 minutes of a processor.
"""

import argparse
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from research.choice_sharpness import in_processes
from sim.analysis.definitions import CAUSAL_POINTS, WITHIN
from sim.analysis.intervals import NORMAL, wilson
from sim.engine.experiment import Experiment
from sim.engine.provenance import decisive
from sim.engine.same_study import resume_study
from sim.engine.sets import Sets, equally_weighted
from sim.inference.hindcast import without_deal
from sim.prediction import rivals
from sim.prediction.ablation_study import without
from sim.prediction.thresholds import CONDITIONAL, NOT_SUPPORTED, SUPPORTED
from sim.prediction.treatments import Treatment, on_trial, pairs
from sim.prediction.verdict import COUNTING, Frames, apply_rule, halves
from sim.prediction.verdict_study import ENDS, WORLD, placebos
from sim.scenario import Scenario, load
from sim.storage import sealed
from sim.storage.folder import StudyFolder, encode_table

SEED, OTHER = 37, 2**32  # the last is added to the seed for the effects by which sets are chosen
EFFECTS = "effects"  # the part that holds them
NEUTRAL = ("persistence", rivals.BLIND, "two blocs")  # theories that know no interests
SIZES = (5.0, 10.0, 15.0)  # points
POOL = 0.1  # share of the sets that are near to a size
NEED = "end declared, need kept"
WORDS = (SUPPORTED, CONDITIONAL, NOT_SUPPORTED)
OTHERS = "all but placebos"


def _as_it_is(world: Scenario) -> Scenario:
    return world


def _nothing(world: Scenario, sets: Sets) -> Mapping[str, Any]:
    return {}


@dataclass(frozen=True)
class World:
    """A kind of world whose effect is known beforehand.

    Attributes
    ----------
    says
        What is so in it.
    change
        What it makes of a scenario.
    fixed
        Parameters that take this value in every set, or a value a set.
    near
        The mean effect of the sets that are drawn; None: any.
    added
        Points that the end brings to every pair, beside what it does.
    tested
        What the placebos are made of; a theory that scripts the arms deal has none of its own.
    """

    name: str
    says: str
    change: Callable[[Scenario], Scenario] = _as_it_is
    fixed: Callable[[Scenario, Sets], Mapping[str, Any]] = _nothing
    near: float | None = None
    added: float = 0.0
    tested: Callable[[Scenario], Scenario] = _as_it_is

    @property
    def brings(self) -> float:
        """The points that the end should bring."""
        return self.added if self.near is None else self.near


@dataclass(frozen=True)
class Trials:
    """How many trials of each kind of world, and how large they are."""

    trials: int = 20
    sets: int = 100
    runs: int = 10
    effect_runs: int = 20  # of each retained set, for its own mean effect


def worlds() -> list[World]:
    """Return the kinds of worlds, those first in which the end should do nothing."""
    theories = {theory.name: theory for theory in rivals.theories()}
    kinds = [
        World("need kept", "Moscow's need of arms and its isolation stay those of the war", _dated, _need_kept),
        World("gate open", "grievance is voiced whether or not Moscow buys", _gate_open, tested=_gate_open),
        World("no deal", "nothing is ever exchanged", without_deal, tested=without_deal),
        World("no deal, isolation held", "nothing is ever exchanged, and Moscow stays isolated", without_deal,
              _isolation_held, tested=without_deal),
    ]  # fmt: skip
    kinds += [
        World(name, f"theory: {name}", theories[name].world, partial(_of_theory, theories[name])) for name in NEUTRAL
    ]
    kinds += [World(f"sets near {size:g} points", "retained sets of that mean effect", near=size) for size in SIZES]
    kinds += [
        World(f"need kept, {size:g} points added", "so much is added to every pair", _dated, _need_kept, added=size)
        for size in SIZES
    ]
    return kinds


def _dated(world: Scenario) -> Scenario:
    """Return a world whose end has the middle date of the verdict's."""
    return world.with_(war={"ends": ENDS[len(ENDS) // 2]})


def _gate_open(world: Scenario) -> Scenario:
    return without(world, ["A10"])


def _need_kept(world: Scenario, sets: Sets) -> Mapping[str, Any]:
    return placebos(_dated(world), sets)[NEED].fixed


def _isolation_held(world: Scenario, sets: Sets) -> Mapping[str, Any]:
    return {"postwar_isolation": 1.0}


def _of_theory(theory: rivals.Theory, world: Scenario, sets: Sets) -> Mapping[str, Any]:
    return theory.fixed


def trial(kind: World, sets: Sets, runs: int, seed: int) -> dict[str, object]:
    """Return what the rule says of one sample of sets and runs.

    Parameters
    ----------
    kind
        The kind of world.
    sets
        Those that are drawn.
    runs
        Pairs of each.
    seed
        Of the runs, and of the halves of the sets in the search for a region.

    Returns
    -------
    row
        ``word``; ``effect`` (points), ``share`` of pairs with the lead of D2, ``agreeing`` variants; whether each
        placebo passes, by its name; and ``all but placebos``: whether the other two parts of the rule are met.
    """
    base = load(WORLD)
    world, fixed = kind.change(base), dict(kind.fixed(base, sets))
    experiment = Experiment(world, sets, seed, jobs=1).runs_of_every_set(runs)

    def simulated(scenario: Scenario) -> pd.DataFrame:
        return _raised(pairs(Treatment(scenario, fixed), experiment), kind.added)

    variants = {name: simulated(world.with_(variant=name)) for name in COUNTING}
    tested = placebos(kind.tested(_dated(base)), sets)
    quiet = {name: pairs(treatment, experiment) for name, treatment in tested.items()}
    word, test, _ = apply_rule(
        Frames(sets, halves(len(sets), seed), {1.0: simulated(world)}, {1.0: variants}, quiet), 1.0
    )
    *others, _ = test.met.values()
    return {"word": word, "effect": test.effect.mean, "share": test.pairs.mean, "agreeing": test.agreeing,
            OTHERS: all(others), **{placebo.name: placebo.passed for placebo in test.placebos}}  # fmt: skip


def _raised(paired: pd.DataFrame, points: float) -> pd.DataFrame:
    """Return pairs whose end brings so many points more; D2 is read from them anew."""
    column = f"effect_{WITHIN}"
    effect = paired[column] + points
    led = paired["judged"].astype(bool) & (effect >= CAUSAL_POINTS)
    raised = paired.copy()
    raised[column], raised["D2"] = effect, np.where(led, float(WITHIN), np.nan)
    return raised


def measure_trials(
    folder: Path, size: Trials, retained: Sets, kinds: list[World] | None = None, jobs: int = 1
) -> pd.DataFrame:
    """Return all trials: a row each, with the ``kind`` of world and what its end ``brings``.

    Parameters
    ----------
    folder
        Of the study: trials that it holds are not made again.
    size
        How many trials, and how large.
    retained
        The sets that trials draw from.
    kinds
        Of worlds; all where not said.
    jobs
        Processes; the result is the same for any number.

    Raises
    ------
    StudyError
        If the folder holds another study.
    """
    study = StudyFolder[sealed.Manifest](folder, "severity", "trials", (), "asked.json", "python -m research.severity")
    kinds = worlds() if kinds is None else kinds
    named = {kind.name: kind for kind in kinds}
    asked = {"size": asdict(size), "seed": SEED, "worlds": list(named),
             "sets": sealed.digest(encode_table(retained.values)), **decisive()}  # fmt: skip
    with resume_study(study, asked):
        if not study.has(EFFECTS):
            world = load(WORLD)
            asked_of = Experiment(world, retained, SEED + OTHER, jobs=jobs).runs_of_every_set(size.effect_runs)
            whole = pairs(Treatment(world), asked_of)
            means = whole.groupby("set")[f"effect_{WITHIN}"].mean()
            study.keep(EFFECTS, encode_table(pd.DataFrame({"effect": means.to_numpy()})))
        effects = study.rows(EFFECTS)["effect"].to_numpy()
        trials = [(kind, number) for number in range(size.trials) for kind in named]
        missing = [one for one in trials if not study.has(_part(*one))]
        made = in_processes(partial(_numbered, named, retained, effects, size), missing, jobs)
        for one, row in zip(missing, made, strict=True):
            study.keep(_part(*one), encode_table(row))
    rows = [study.rows(_part(*one)).assign(kind=one[0], brings=named[one[0]].brings) for one in trials]
    return pd.concat(rows, ignore_index=True)


def _part(kind: str, number: int) -> str:
    return f"{kind.replace(' ', '-').replace(',', '')}/{number:03d}"


def _numbered(
    named: Mapping[str, World], retained: Sets, effects: np.ndarray, size: Trials, one: tuple[str, int]
) -> pd.DataFrame:
    """Make the trial of a kind and a number."""
    kind, number = named[one[0]], one[1]
    pool = retained if kind.near is None else near(retained, effects, kind.near)
    return pd.DataFrame([trial(kind, pool.some(size.sets, SEED + number), size.runs, SEED + number)])


def near(retained: Sets, effects: np.ndarray, points: float) -> Sets:
    """Return the tenth of the sets whose own mean effect lies nearest to so many points.

    Parameters
    ----------
    retained
        The sets.
    effects
        The mean effect of each.
    points
        What is wanted.
    """
    count = max(int(POOL * len(retained)), 1)
    chosen = np.sort(np.argsort(np.abs(effects - points), kind="stable")[:count])
    return equally_weighted(retained.values.iloc[chosen], retained.source)


def error_rates(trials: pd.DataFrame) -> pd.DataFrame:
    """Return how often the rule says what, a row a kind of world.

    Returns
    -------
    frame
        By kind: ``brings`` (the points that the end should bring, 0 where nothing), ``effect`` (mean over the trials)
        with ``effect low`` and ``effect high`` (of the trials); for each word, and for ``all but placebos``, the share
        of trials with ``low`` and ``high`` (95%, Wilson); for each placebo the share of trials in which it passes.
    """
    rows = {}
    for kind, part in trials.groupby("kind", sort=False):
        row = {"trials": len(part), "brings": part["brings"].mean(), "effect": part["effect"].mean(),
               "share": part["share"].mean(), "effect low": part["effect"].min(),
               "effect high": part["effect"].max()}  # fmt: skip
        rates = {word: part["word"] == word for word in WORDS} | {OTHERS: part[OTHERS].astype(bool)}
        for name, came in rates.items():
            share = float(came.mean())
            low, high = wilson(share, len(part), NORMAL)
            row |= {name: share, f"{name} low": max(float(low), 0.0), f"{name} high": min(float(high), 1.0)}
        passed = part.drop(columns=["kind", "word", "brings", "effect", "share", "agreeing", OTHERS])
        rows[kind] = row | passed.astype(float).mean().to_dict()
    return pd.DataFrame(rows).T.rename_axis("world")


def answer(summary: pd.DataFrame) -> str:
    """Return in words how well the rule tells worlds apart.

    Parameters
    ----------
    summary
        As :func:`error_rates` returns it.
    """
    nothing, much = summary[summary["brings"] == 0.0], summary[summary["brings"] > 0.0]

    def of(rows: pd.DataFrame, name: str) -> str:
        least, most = f"{rows[name].min():.0%}", f"{rows[name].max():.0%}"
        return least if least == most else f"{least} to {most}"

    rates = (
        f"Where the end should do nothing, the rule says supported in {of(nothing, SUPPORTED)} of trials, by kind of "
        f"case; where it brings {much['brings'].min():g} to {much['brings'].max():g} points, in {of(much, SUPPORTED)}."
        f" Its other parts, without the placebos, are met in {of(nothing, OTHERS)} and in {of(much, OTHERS)}."
    )
    apart = much[f"{SUPPORTED} low"].max() > nothing[f"{SUPPORTED} high"].max()
    return rates if apart else f"The rule cannot tell these cases apart. {rates}"


def main() -> None:
    """Make the trials and print the table."""
    usual = Trials()
    parser = argparse.ArgumentParser(prog="python -m research.severity", description=__doc__.split("\n")[0])
    parser.add_argument("folder", type=Path, help="of the study; one that was begun goes on")
    parser.add_argument("--trials", type=int, default=usual.trials, help="of each kind of world (default: 20)")
    parser.add_argument("--sets", type=int, default=usual.sets, help="parameter sets in a trial (default: 100)")
    parser.add_argument("--runs", type=int, default=usual.runs, help="pairs of runs a set (default: 10)")
    parser.add_argument("--jobs", type=int, default=2, help="processes (default: 2)")
    asked = parser.parse_args()
    trials = measure_trials(asked.folder, Trials(asked.trials, asked.sets, asked.runs), on_trial(), jobs=asked.jobs)
    summary = error_rates(trials)
    sealed.put(asked.folder / "severity.csv", summary.to_csv(float_format="%.4f", lineterminator="\n").encode())
    print(answer(summary))
    print(summary.to_string(float_format="{:.2f}".format))


if __name__ == "__main__":
    main()
