"""Runs and ensembles of scenarios, and what they differ by."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from sim.api.shared import Tell, scenario_of, seed_of, sets_over
from sim.report.showing import Pair, ShownEnsemble, ShownExperiment, ShownRun
from sim.scenario import Scenario

if TYPE_CHECKING:
    from sim.api.shared import AsOf
    from sim.engine.sets import Sets


def experiment(
    scenario: Scenario | str | Path,
    runs: int | Sequence[int] = 1000,
    seed: int | None = None,
    jobs: int | None = None,
    defaults: bool = False,
    sets: "int | Sets | None" = None,
    as_of: "AsOf | None" = None,
) -> ShownExperiment:
    """Say what is simulated: a scenario over parameter sets, under a seed. Nothing is simulated until it is asked.

    Parameters
    ----------
    scenario
        A scenario, or the name or path of one.
    runs
        How many, numbered from 0; or their numbers.
    seed
        A whole number from 0; without one, one is drawn and printed.
    jobs
        Threads (all cores where not said); the result is the same for any number.
    defaults
        Simulate it with the hand-set defaults. What the scenario itself gives stands either way.
    sets
        So many of the parameter sets that history has not ruled out, drawn with the seed; all where not said. Or sets
        of one's own.
    as_of
        Set out from what the record leaves likely: what :func:`filter` gave, a folder of ``sim filter``, or a month.

    Returns
    -------
    experiment
        Ask it for ``run(3)``, ``ensemble()``, ``with_control()`` or ``versus(other)``; ``replace(...)`` changes parts.
        See :class:`sim.engine.experiment.Experiment`.

    Raises
    ------
    ScenarioError
        If the scenario cannot be used, or the parameter sets are missing.
    ValueError
        If the seed is none, a number of sets or states are asked for beside the defaults, there are no such states, or
        the scenario is over where they are.

    Examples
    --------
    >>> asked = experiment("war-ends-early", runs=2, seed=7, defaults=True)
    >>> asked.ensemble().war_end.tolist(), asked.run(1).war_end
    ([72, 72], 72)
    """
    numbers = range(runs) if isinstance(runs, int) else np.asarray(runs, dtype=np.int64)
    world, seed = scenario_of(scenario), seed_of(seed)
    return ShownExperiment(world, sets_over([world], sets, seed, defaults, as_of), seed, numbers, jobs)


def run(
    scenario: Scenario | str | Path,
    seed: int | None = None,
    number: int = 0,
    defaults: bool = False,
    sets: int | None = None,
    as_of: "AsOf | None" = None,
) -> ShownRun:
    """Simulate one run in the Mesa engine, keeping every decision: the run of this number in an ensemble.

    Parameters
    ----------
    scenario, seed, defaults, sets, as_of
        As for :func:`experiment`.
    number
        The number of the run under this seed. It decides which of the parameter sets that history has not ruled out
        the run has.

    Returns
    -------
    run
        Months of states and moves, and every decision; see :class:`sim.engine.mesa.single_run.Run`.

    Raises
    ------
    ScenarioError, ValueError
        As for :func:`experiment`.

    Examples
    --------
    >>> import sim
    >>> sim.run("war-ends-early", seed=7).series["reengagement"].shape
    (168,)
    """
    return experiment(scenario, [number], seed, None, defaults, sets, as_of).run(number)


def ensemble(
    scenario: Scenario | str | Path,
    runs: int = 1000,
    seed: int | None = None,
    jobs: int | None = None,
    defaults: bool = False,
    sets: int | None = None,
    as_of: "AsOf | None" = None,
    control: bool = False,
    tell: Tell | None = None,
) -> ShownEnsemble:
    """Simulate many runs, each with one of the parameter sets that history has not ruled out.

    Runs whose states leave the finite numbers are left out, with a word on stderr; ``failed`` has their numbers.

    Parameters
    ----------
    scenario, runs, seed, jobs, defaults, sets, as_of
        As for :func:`experiment`.
    control
        Simulate the control beside it, sharing the months before the war's end; else it is simulated when asked for.
    tell
        Hears how many runs are done, and of how many.

    Returns
    -------
    ensemble
        Months of all runs; see :class:`sim.engine.ensemble.Ensemble`.

    Raises
    ------
    ScenarioError, ValueError
        As for :func:`experiment`.
    FloatingPointError
        If all runs fail.

    Examples
    --------
    >>> import sim
    >>> many = sim.ensemble("war-ends-early", runs=40, seed=7, jobs=1)
    >>> many.array("reengagement").shape
    (40, 168)
    """
    asked = experiment(scenario, runs, seed, jobs, defaults, sets, as_of)
    return asked.ensemble(control=control, tell=tell)


def compare(
    one: Scenario | str | Path,
    other: Scenario | str | Path,
    runs: int = 1000,
    seed: int | None = None,
    jobs: int | None = None,
    defaults: bool = False,
    sets: int | None = None,
    as_of: "AsOf | None" = None,
    tell: Tell | None = None,
) -> Pair:
    """Simulate two scenarios under the same chance and the same parameter sets; effects are ``one`` less ``other``.

    Parameters
    ----------
    one, other
        Scenarios, or names or paths of them.
    runs, seed, jobs, defaults, sets, as_of, tell
        As for :func:`ensemble`; runs that fail in either are left out of both.

    Returns
    -------
    pair
        Both ensembles; see :class:`sim.engine.ensemble.Pair`.

    Raises
    ------
    ScenarioError, ValueError, FloatingPointError
        As for :func:`ensemble`.

    Examples
    --------
    >>> import sim
    >>> pair = sim.compare("war-ends-early", "baseline", runs=40, seed=7, jobs=1)
    >>> pair.effect().values.shape
    (40,)
    """
    (first, second), seed = (scenario_of(one), scenario_of(other)), seed_of(seed)
    shared = sets_over([first, second], sets, seed, defaults, as_of)
    asked = ShownExperiment(first, shared, seed, range(runs), jobs)
    return asked.versus(asked.replace(scenario=second), tell=tell)


def assumption_share(
    scenario: Scenario | str | Path,
    runs: int = 200,
    seed: int | None = None,
    jobs: int | None = None,
    defaults: bool = False,
    sets: int | None = None,
) -> str:
    """Say what the effect of the war's end depends on: what it is in the same runs without each assumption.

    Parameters
    ----------
    scenario, seed, jobs, defaults, sets
        As for :func:`ensemble`.
    runs
        How many paired runs: those of :func:`ensemble`, so both have the same effect.

    Returns
    -------
    text
        Three sentences at most, one a line; empty where the war does not end.

    Raises
    ------
    ScenarioError, ValueError
        As for :func:`run`.

    Examples
    --------
    >>> import sim
    >>> said = sim.assumption_share("war-ends-early", runs=200, seed=7)
    >>> "instead of" in said
    True
    """
    from sim.prediction import ablation_study

    world, seed = scenario_of(scenario), seed_of(seed)
    if world.war_end is None:
        return ""
    return ablation_study.assumption_share(experiment(world, runs, seed, jobs, defaults, sets))


def explain(folder: str | Path, capital: str, month: str) -> str:
    """Say in words why a capital did what it did in a month of the run that a folder of ``sim run`` tells.

    The run is simulated again, with everything that was weighed.

    Parameters
    ----------
    folder
        What ``sim run`` wrote.
    capital
        Beijing, Moscow, Pyongyang, Washington or Seoul.
    month
        YYYY-MM.

    Returns
    -------
    text
        What :meth:`sim.report.showing.ShownRun.why` says.

    Raises
    ------
    sim.storage.study_errors.StudyError
        If there is no such folder, or it was made with other rules or registers than those of now; a DamageError if
        its manifest, or the state that its run set out from, is gone or is not what was written.
    ValueError
        If there is no such capital, or the month is not one of the run's.

    Examples
    --------
    >>> import sim
    >>> from tempfile import mkdtemp
    >>> from subprocess import run
    >>> folder = mkdtemp() + "/run"
    >>> said = run(["sim", "run", "war-ends-early", "--runs", "4", "--seed", "7", "--out", folder], capture_output=True)
    >>> sim.explain(folder, "Pyongyang", "2025-03").splitlines()[0]
    'Why Pyongyang did what it did in March 2025'
    """
    from sim.engine.experiment import Experiment
    from sim.engine.provenance import changed_since
    from sim.engine.sets import HAND_SET
    from sim.inference.states import START, decode_states
    from sim.report.text.explanation import why
    from sim.scenario import loads
    from sim.scenario.source import Source
    from sim.storage.sealed import MANIFEST, content, read_results
    from sim.storage.study_errors import StudyError

    place = Path(folder)
    made = read_results(place, "run")
    if changed := changed_since(made):
        raise StudyError(
            f"{place} was made when {' and '.join(changed)} were not what they are now, so its run cannot be "
            f"simulated again.\nMake it anew: {made['command']}\n"
            f"or install the release that made it: driftback {made['driftback']}"
        )
    world = loads(made["scenario"], str(place / MANIFEST))  # it holds all numbers that the run had of its own
    source, held = Source[made["parameter_sets"].upper()], content(place, made, START)
    sets = HAND_SET if held is None else decode_states(held, place / START)
    number: int = made["number"]
    run = Experiment(world, sets, made["seed"], range(number, number + 1)).run(number)
    return why(replace(run, source=source), capital, month)
