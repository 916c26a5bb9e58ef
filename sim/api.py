"""The public verbs; their results plot themselves, explain themselves and show in notebooks."""

import os
import secrets
import shlex
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.analysis.pairs import Pair
from sim.calibration.designs import Factor, choices, months, prior, span, uniform, values
from sim.calibration.parameter_sets import Sets, of_runs, over, run_of, start_of
from sim.engine import ensemble as _ensemble
from sim.engine.draws import checked
from sim.engine.ensemble import Ensemble
from sim.engine.mesa.single_run import Run
from sim.report.showing import ShownEnsemble, ShownPair, ShownRun, ShownStudy, shown
from sim.scenario import Scenario, load
from sim.studies.study import Study
from sim.studies.sweep_file import load_sweep

if TYPE_CHECKING:
    import pandas as pd

    from sim.calibration.filtering import Filtered
    from sim.calibration.peninsula import Peninsula
    from sim.report.results import Ablation, Trial
    from sim.studies.bridges import Varied
    from sim.studies.specification import Sweep
    from sim.trial.falsification import Refutation

    AsOf = str | Path | Filtered

__all__ = [
    "Ensemble", "Pair", "Peninsula", "Run", "Study", "ablate", "assumed", "carry_out", "choices", "claims", "compare",
    "ensemble", "falsify", "filter", "forecast", "load", "load_sweep", "months", "prior", "rivals", "run", "span",
    "study", "sweep", "uniform", "values", "vary", "verdict",
]  # fmt: skip

Tell = Callable[[int, int], object]  # hears how much is done, and of how much
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
    world, seed = _scenario(scenario), _seed(seed)
    return shown(ShownRun, run_of(world, seed, number, _over([world], sets, seed, defaults, as_of)))


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
    world, seed = _scenario(scenario), _seed(seed)
    own = _over([world], sets, seed, defaults, as_of)

    def once(numbers: range) -> tuple[Ensemble, ...]:
        asked = (world, numbers, seed, _threads(jobs), of_runs(own, numbers, world), own.source)
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
    scenarios, seed = (_scenario(one), _scenario(other)), _seed(seed)
    shared = _over(scenarios, sets, seed, defaults, as_of)

    def once(numbers: range) -> tuple[Ensemble, ...]:
        start = start_of(shared, numbers)
        return tuple(
            _ensemble.simulate(
                each, numbers, seed, _threads(jobs), of_runs(shared, numbers, each), shared.source, start=start
            )
            for each in scenarios
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
    """Say how much of the effect of the war's end was assumed: what it is without each assumption, on the same pairs.

    Parameters
    ----------
    scenario, seed, jobs, defaults, sets
        As for :func:`ensemble`.
    runs
        Paired runs; one of each parameter set at least, where there are fewer sets.

    Returns
    -------
    text
        Some sentences; empty where the war does not end.

    Raises
    ------
    ScenarioError, ValueError
        As for :func:`run`.
    """
    from sim.trial import ablation

    world, seed = _scenario(scenario), _seed(seed)
    if world.war_end is None:
        return ""
    own = over(world, count=sets, seed=seed, defaults=defaults)
    return ablation.assumed(world, own, runs, seed, _threads(jobs))


def sweep(
    scenario: Scenario | str | Path,
    vary: "Mapping[str, Factor] | pd.DataFrame",
    out: str | Path,
    runs: int = 100,
    seed: int | None = None,
    design: str = "factorial",
    points: int | None = None,
    until: Mapping[str, float] | None = None,
    jobs: int | None = None,
    cluster: str | None = None,
    defaults: bool = False,
    sets: int | None = None,
    as_of: str | Path | None = None,
    series: Sequence[str] = (),
) -> ShownStudy:
    """Simulate many runs at many points, and keep them in a folder; a study that is there already goes on.

    Parameters
    ----------
    scenario, seed
        As for :func:`run`; a study that goes on keeps its seed.
    vary
        By name what is varied: parameters, ``war.ends``, ``variant``, ``drivers.need_for_us.2025-01`` and others, each
        with :func:`span`, :func:`values`, :func:`months`, :func:`choices`, :func:`uniform` or :func:`prior`; or a
        table of points, a row each.
    out
        The folder.
    runs
        Runs at each point, under the same chance at every point.
    design, points
        ``factorial``; ``latin``, ``sobol`` or ``morris`` with a number of points (trajectories for Morris).
    until
        ``{"effect_of_the_end": 2}``: stop as soon as the 95% interval of the mean is that narrow at every point.
    jobs, cluster
        As for :func:`carry_out`.
    defaults, sets
        What is not varied spans the parameter sets that history has not ruled out, as in an ensemble: replicate 12 has
        at every point the set of run 12. Ask for the hand-set defaults instead, or for so many of the sets.
    as_of
        What all runs set out from: a month or a folder of ``sim filter``; January 2019 where not said.
    series
        States, measures and levers (by their field in the moves) whose months are kept beside the outcomes.

    Returns
    -------
    study
        The folder, opened; see :class:`sim.studies.study.Study`.

    Raises
    ------
    ScenarioError, ValueError
        If the sweep is not well made; nothing was computed.
    sim.storage.errors.StudyError
        If the folder holds another study, or cannot be written to.
    """
    import pandas as pd

    from sim.studies.specification import designed, given
    from sim.studies.stopping import Until
    from sim.studies.store import Store

    if seed is None and Store(Path(out)).study.exists():
        seed = Store(Path(out)).manifest["seed"]
    base, seed = _scenario(scenario), _seed(seed)
    enough = Until(*next(iter(until.items()))) if until else None
    since = None if as_of is None else str(as_of)
    if isinstance(vary, pd.DataFrame):
        asked = given(base, vary, runs, seed, enough, sets=sets, defaults=defaults, as_of=since, series=series)
    else:
        asked = designed(
            base, vary, design, points, runs, seed, enough, sets=sets, defaults=defaults, as_of=since, series=series
        )
    return carry_out(asked, out, jobs, cluster)


def carry_out(
    asked: "Sweep",
    out: str | Path,
    jobs: int | None = None,
    cluster: str | None = None,
    overwrite: bool = False,
    tell: Callable[[int, int], None] | None = None,
) -> ShownStudy:
    """Carry out a sweep, such as that of a file (:func:`load_sweep`); a study that is in the folder already goes on.

    Parameters
    ----------
    asked
        The sweep.
    out
        The folder.
    jobs, cluster
        Threads; or the address of a dask scheduler, or ``local``. The results are the same for any.
    overwrite
        Put the sweep in the place of another one that is in the folder.
    tell
        Hears how many runs were done since the last word, and how many of them failed.

    Returns
    -------
    study
        The folder, opened; see :class:`sim.studies.study.Study`.

    Raises
    ------
    sim.storage.errors.StudyError
        If the folder holds another study, or cannot be written to.
    """
    from sim.report.folders import crate
    from sim.studies.runner import ignore, on_threads
    from sim.studies.store import STUDY

    place = Path(out)
    if cluster:
        from sim.studies.cluster import on_cluster

        on_cluster(asked, place, cluster, jobs, tell or ignore, overwrite)
    else:
        on_threads(asked, place, jobs, tell or ignore, overwrite)
    study = ShownStudy(place)
    crate.describe(place, {"command": shlex.join(["sim", "sweep", str(out)]), **study.store.manifest}, STUDY)
    return study


def filter(
    as_of: str = "2024-08",
    particles: int = 65_536,
    seed: int | None = None,
    jobs: int | None = None,
    errors: float = 1.0,
    coding: int | None = None,
    tell: "Callable[[int], object]" = int,
) -> "Filtered":
    """Weigh runs and parameter sets by the record, month by month, and return what it leaves likely.

    Parameters
    ----------
    as_of
        The last month that is read, 2020-01 to 2024-08.
    particles
        Runs in all, 128 of each parameter set.
    seed, jobs
        As for :func:`ensemble`.
    errors, coding
        How many times as large the errors of the codings are taken to be; and which of the two is read, 1 or 2, both
        where not said.
    tell
        Called with 1 after every month.

    Returns
    -------
    filtered
        Parameter sets with their states, and what they say of each month; see
        :class:`sim.calibration.filtering.Filtered`.

    Raises
    ------
    ValueError
        If the month lies outside the record.
    """
    from sim.calibration.filtering import FilterSettings, filtered

    return filtered(as_of, _seed(seed), FilterSettings(particles, errors, coding), _threads(jobs), tell)


def vary(
    scenario: Scenario | str | Path,
    factors: "Mapping[str, Factor]",
    runs: int = 20,
    seed: int = 0,
    defaults: bool = False,
    sets: int | None = None,
) -> "Varied":
    """Say what is uncertain about a scenario, for other programs: see ``to_ema()`` and ``to_salib()`` of the result.

    Parameters
    ----------
    scenario
        As for :func:`run`.
    factors, defaults, sets
        As for :func:`sweep`, ``factors`` as its ``vary``.
    runs, seed
        How many runs are simulated at each point, under the same chance at every point.

    Returns
    -------
    varied
        See :class:`sim.studies.bridges.Varied`.

    Raises
    ------
    ScenarioError, ValueError
        As for :func:`sweep`.
    """
    from sim.studies.bridges import Varied

    return Varied(_scenario(scenario), factors, runs, _seed(seed), sets, defaults)


def study(folder: str | Path) -> ShownStudy:
    """Open the study in a folder.

    Parameters
    ----------
    folder
        What :func:`sweep` or :func:`carry_out` wrote.

    Returns
    -------
    study
        See :class:`sim.studies.study.Study`; what it reads is checked when it is read.
    """
    return ShownStudy(Path(folder))


def ablate(
    scenario: Scenario | str | Path = "war-ends-any-time",
    kind: str = "groups",
    runs: int = 20,
    sets: int | None = None,
    seed: int | None = None,
    jobs: int | None = None,
    defaults: bool = False,
    tell: Tell | None = None,
) -> "Ablation":
    """Take claims or assumptions away, one by one, under the same chance, beside the control.

    Parameters
    ----------
    scenario, seed, jobs, defaults
        As for :func:`ensemble`.
    kind
        ``groups`` (ten groups of claims), ``claims``, ``assumptions``, or ``readings`` of two patrons (claim 5).
    runs
        Paired runs of each parameter set.
    sets
        How many of the parameter sets that history has not ruled out; all where not said.
    tell
        Hears how many treatments are done, and of how many.

    Returns
    -------
    ablation
        The effect and what it becomes; see :class:`sim.report.results.Ablation`.

    Raises
    ------
    ScenarioError, ValueError
        As for :func:`run`; and if there is no such kind.
    """
    from sim.report.results import Ablation
    from sim.trial import ablation

    world, seed = _scenario(scenario), _seed(seed)
    chosen = over(world, count=sets, seed=seed, defaults=defaults)
    done = _counted(tell, 1 + len(ablation.removals(kind)))
    effect, losses = ablation.ablate(world, chosen, runs, seed, kind, _threads(jobs), done)
    return Ablation(world, kind, chosen, runs, seed, effect, losses)


def verdict(
    folder: str | Path,
    scenario: Scenario | str | Path | None = None,
    runs: int | None = None,
    sets: int | None = None,
    coalitions: int | None = None,
    seed: int | None = None,
    jobs: int | None = None,
    tell: Tell | None = None,
    command: str = "",
) -> "Trial":
    """Put the prediction on trial in a folder, and judge it; what is there already is not simulated again.

    Parameters
    ----------
    folder
        Of the study. What is not said is as the study there was begun, else as it is by default.
    scenario, seed, jobs
        As for :func:`ensemble`; ``war-ends-any-time`` where not said.
    runs, coalitions
        Paired runs of each parameter set in every treatment, and in each of 1,024 coalitions of claim groups (0: none).
    sets
        How many of the parameter sets that history has not ruled out; all where not said.
    tell
        Hears how many treatments are done, and of how many.
    command
        What to say of how the study was begun; the call itself where not said.

    Returns
    -------
    trial
        The study and its verdict; see :class:`sim.report.results.Trial`.

    Raises
    ------
    ScenarioError
        If the scenario cannot be used, or the parameter sets are missing.
    sim.storage.errors.StudyError
        If the folder holds another study.
    """
    from sim.report.results import Trial
    from sim.trial import evidence
    from sim.trial.treatments import on_trial
    from sim.trial.verdict import judge

    place = Path(folder)
    begun = evidence.Evidence(place).study.exists()
    if seed is None and not begun:
        seed = _seed(None)
    chosen = None if begun and sets is None else on_trial(sets, seed or 0)
    world = None if scenario is None else _scenario(scenario)
    said = command or f"sim.verdict({str(folder)!r})"
    study, planned = evidence.opened(place, world, chosen, runs, coalitions, seed, said)
    evidence.gather(study, planned, _threads(jobs), _counted(tell, len(planned)))
    return Trial(study, judge(study))


def rivals(
    scenario: Scenario | str | Path = "war-ends-any-time",
    runs: int = 200,
    sets: int | None = None,
    seed: int | None = None,
    jobs: int | None = None,
    defaults: bool = False,
) -> "pd.DataFrame":
    """Hold the article against rival theories, simulated in the same scenario and scored on the same history.

    Parameters
    ----------
    scenario, sets, seed, jobs, defaults
        As for :func:`ensemble`.
    runs
        Paired runs of each parameter set.

    Returns
    -------
    frame
        A row a theory; see :func:`sim.trial.rivals.table`.

    Raises
    ------
    ScenarioError, ValueError
        As for :func:`run`.
    """
    from sim.trial import rivals

    world, seed = _scenario(scenario), _seed(seed)
    return rivals.table(world, over(world, count=sets, seed=seed, defaults=defaults), runs, seed, _threads(jobs))


def falsify(
    scenario: Scenario | str | Path = "war-ends-any-time",
    runs: int = 100,
    sets: int | None = None,
    prior: int = 0,
    seed: int | None = None,
    jobs: int | None = None,
) -> "Refutation":
    """Look for the smallest change of the numbers by which the prediction fails where it held, and the other way round.

    Parameters
    ----------
    scenario, seed, jobs
        As for :func:`ensemble`.
    runs
        Paired runs of each parameter set.
    sets
        How many of the parameter sets that history has not ruled out; all where not said.
    prior
        Look among so many draws of the plausible ranges instead.

    Returns
    -------
    refutation
        See :class:`sim.trial.falsification.Refutation`.

    Raises
    ------
    ScenarioError, ValueError
        As for :func:`run`.
    """
    from sim.calibration.matching import prior as drawn
    from sim.calibration.parameter_sets import given
    from sim.scenario.source import Source
    from sim.trial import falsification
    from sim.trial.treatments import on_trial

    world, seed = _scenario(scenario), _seed(seed)
    instead = ", or look among draws of the plausible ranges: --prior 1000 (prior=1000 in Python)"
    cases = given(drawn([seed], prior), Source.PRIOR) if prior else on_trial(sets, seed, instead)
    return falsification.falsify(world, cases, runs, seed, _threads(jobs))


def forecast(
    as_of: "AsOf" = "2024-08", to: str = "2028-08", runs: int = 8, seed: int | None = None, jobs: int | None = None
) -> "pd.DataFrame":
    """Say what to expect after a month that is known: the model, beside forecasters that know no politics.

    Parameters
    ----------
    as_of
        The last month that is known (YYYY-MM), a folder of ``sim filter``, or what :func:`filter` gave.
    to
        The last month that is forecast, YYYY-MM.
    runs
        Runs that set out from each state.
    seed, jobs
        As for :func:`ensemble`.

    Returns
    -------
    frame
        A row a question and forecaster; see :func:`sim.trial.forecasts.forecasts`.

    Raises
    ------
    ValueError
        If a month is none of those that can be known, or forecast.
    """
    from sim.calibration import as_of as known
    from sim.calibration import filtering
    from sim.calibration.parameter_sets import standing
    from sim.model import months as calendar
    from sim.trial import forecasts

    sets, seed, threads = known.sets_as_of(as_of), _seed(seed), _threads(jobs)
    history = filtering.world(calendar.name(forecasts.known_to(sets)))
    learnt = filtering.learnt(history, standing(), known.SEED, threads)
    return forecasts.forecasts(sets, learnt, calendar.index(to), runs, seed, threads)


def __getattr__(name: str) -> Any:
    """Import Mesa's model where it is first used: only those who simulate a world pay for Mesa."""
    if name == "Peninsula":
        from sim.calibration.peninsula import Peninsula

        return Peninsula
    raise AttributeError(f"module 'sim.api' has no attribute {name!r}")


def claims() -> "pd.DataFrame":
    """Return every claim and assumption with its role, what it enters as, and the rules that rest on it."""
    import pandas as pd

    from sim.article import trace

    return pd.DataFrame(trace.table()).set_index("id")


def _over(scenarios: Sequence[Scenario], count: int | None, seed: int, defaults: bool, as_of: "AsOf | None") -> Sets:
    """Return the parameter sets of runs, with the states that they set out from where some are asked for."""
    if as_of is None:
        return over(*scenarios, count=count, seed=seed, defaults=defaults)
    if defaults:
        raise ValueError("ask for states as of a month or for the hand-set defaults, not for both")
    from sim.calibration.as_of import sets_as_of

    return over(*scenarios, count=count, seed=seed, found=sets_as_of(as_of))


def _sound(once: Callable[[range], Sequence[Ensemble]], runs: int, tell: Tell | None) -> list[ShownEnsemble]:
    """Simulate runs, some at a time, and leave out those that failed in any of the ensembles."""
    parts = []
    for first in range(0, max(runs, 1), _AT_A_TIME):
        numbers = range(first, min(first + _AT_A_TIME, runs))
        parts.append(once(numbers))
        if tell:
            tell(numbers.stop, runs)
    whole = [type(same[0]).concatenate(same) for same in zip(*parts, strict=True)]
    finite = np.all([np.isfinite(each.states).all(axis=(1, 2)) for each in whole], axis=0)
    failed = tuple(whole[0].runs[~finite].tolist())
    if failed:
        if len(failed) == runs:
            raise FloatingPointError("all runs failed: their states left the finite numbers")
        numbers_ = ", ".join(map(str, failed[:10])) + ", ..." * (len(failed) > 10)
        print(f"{len(failed)} of {runs} runs failed and are left out: {numbers_}", file=sys.stderr)
        whole = [each.select(finite) for each in whole]
    return [shown(ShownEnsemble, each, failed=failed) for each in whole]


def _counted(tell: Tell | None, total: int) -> Callable[[int], object]:
    """Return what hears of one more, and tells how many that makes."""
    done = iter(range(1, total + 1))
    return lambda more: tell(next(done), total) if tell else None


def _threads(jobs: int | None) -> int:
    return jobs or os.cpu_count() or 1


def _scenario(scenario: Scenario | str | Path) -> Scenario:
    return scenario if isinstance(scenario, Scenario) else load(scenario)


def _seed(seed: int | None) -> int:
    if seed is None:
        seed = secrets.randbelow(2**32)
        print(f"seed {seed}", file=sys.stderr)
    return checked(seed)
