"""Runs and ensembles of scenarios, and what they differ by."""

import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from sim.api.shared import Tell, scenario_of, seed_of, sets_over, threads_of
from sim.calibration.parameter_sets import of_runs, run_of, start_of
from sim.engine import ensemble as _ensemble
from sim.engine.ensemble import Ensemble
from sim.report.showing import ShownEnsemble, ShownPair, ShownRun, shown
from sim.scenario import Scenario

if TYPE_CHECKING:
    from sim.api.shared import AsOf

_AT_A_TIME = 512  # runs between two words


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
    scenario
        A scenario, or the name or path of one.
    seed
        A whole number from 0; without one, one is drawn and printed.
    number
        The number of the run under this seed. It decides which of the parameter sets that history has not ruled out
        the run has.
    defaults
        Simulate it with the hand-set defaults instead. What the scenario itself gives stands either way.
    sets
        So many of those parameter sets, drawn with the seed; all where not said.
    as_of
        Set out from what the record leaves likely: what :func:`filter` gave, a folder of ``sim filter``, or a month.

    Returns
    -------
    run
        Months of states and moves, and every decision; see :class:`sim.engine.mesa.single_run.Run`.

    Raises
    ------
    ScenarioError
        If the scenario cannot be used, or the parameter sets are missing.
    ValueError
        If the seed is none, a number of sets or states are asked for beside the defaults, there are no such states, or
        the scenario is over where they are.
    """
    world, seed = scenario_of(scenario), seed_of(seed)
    return shown(ShownRun, run_of(world, seed, number, sets_over([world], sets, seed, defaults, as_of)))


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
    scenario, seed, defaults, sets, as_of
        As for :func:`run`.
    runs
        How many, numbered from 0.
    jobs
        Threads (all cores where not said); the result is the same for any number.
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
        As for :func:`run`.
    FloatingPointError
        If all runs fail.
    """
    world, seed = scenario_of(scenario), seed_of(seed)
    own = sets_over([world], sets, seed, defaults, as_of)

    def once(numbers: range) -> tuple[Ensemble, ...]:
        asked = (world, numbers, seed, threads_of(jobs), of_runs(own, numbers, world), own.source)
        start = start_of(own, numbers)
        if control and world.war_end is not None:
            return _ensemble.simulate_with_control(*asked, start=start)
        return (_ensemble.simulate(*asked, start=start),)

    many, *beside = _sound(once, runs, tell)
    if control:
        vars(many)["control"] = beside[0] if beside else many  # where the war never ends they are the same runs
    return many


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
) -> ShownPair:
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
        Both ensembles; see :class:`sim.analysis.pairs.Pair`.

    Raises
    ------
    ScenarioError, ValueError, FloatingPointError
        As for :func:`ensemble`.
    """
    scenarios, seed = (scenario_of(one), scenario_of(other)), seed_of(seed)
    shared = sets_over(scenarios, sets, seed, defaults, as_of)

    def once(numbers: range) -> tuple[Ensemble, ...]:
        start = start_of(shared, numbers)
        return tuple(
            _ensemble.simulate(
                side, numbers, seed, threads_of(jobs), of_runs(shared, numbers, side), shared.source, start=start
            )
            for side in scenarios
        )

    return ShownPair(*_sound(once, runs, tell))


def assumed(
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
    """
    from sim.trial import ablation

    world, seed = scenario_of(scenario), seed_of(seed)
    if world.war_end is None:
        return ""
    own = sets_over([world], sets, seed, defaults)
    return ablation.assumed(world, own, runs, seed, threads_of(jobs))


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
    sim.storage.errors.StudyError
        If there is no such folder, or it was made with other rules or registers than those of now; a DamageError if
        its manifest, or the state that its run set out from, is gone or is not what was written.
    ValueError
        If there is no such capital, or the month is not one of the run's.
    """
    from sim.calibration.states import START, read_start
    from sim.engine.mesa import single_run
    from sim.engine.provenance import changed_since
    from sim.report.text.explanation import why
    from sim.scenario import loads
    from sim.scenario.source import Source
    from sim.storage.errors import StudyError
    from sim.storage.sealed import MANIFEST, content, results

    place = Path(folder)
    made = results(place, "run")
    if changed := changed_since(made):
        raise StudyError(
            f"{place} was made when {' and '.join(changed)} were not what they are now, so its run cannot be "
            f"simulated again.\nMake it anew: {made['command']}\n"
            f"or install the release that made it: driftback {made['driftback']}"
        )
    world = loads(made["scenario"], str(place / MANIFEST))  # it holds all numbers that the run had of its own
    source, held = Source[made["parameter_sets"].upper()], content(place, made, START)
    start = None if held is None else read_start(held, place / START)
    return why(single_run.run(world, made["seed"], made["number"], source, start), capital, month)


def _sound(once: Callable[[range], Sequence[Ensemble]], runs: int, tell: Tell | None) -> list[ShownEnsemble]:
    """Simulate runs, some at a time, and leave out those that failed in any of the ensembles."""
    parts = []
    for first in range(0, max(runs, 1), _AT_A_TIME):
        numbers = range(first, min(first + _AT_A_TIME, runs))
        parts.append(once(numbers))
        if tell:
            tell(numbers.stop, runs)
    whole = [type(same[0]).concatenate(same) for same in zip(*parts, strict=True)]
    finite = np.all([np.isfinite(part.states).all(axis=(1, 2)) for part in whole], axis=0)
    failed = tuple(whole[0].runs[~finite].tolist())
    if failed:
        if len(failed) == runs:
            raise FloatingPointError("all runs failed: their states left the finite numbers")
        numbers_ = ", ".join(map(str, failed[:10])) + ", ..." * (len(failed) > 10)
        print(f"{len(failed)} of {runs} runs failed and are left out: {numbers_}", file=sys.stderr)
        whole = [part.select(finite) for part in whole]
    return [shown(ShownEnsemble, part, failed=failed) for part in whole]
