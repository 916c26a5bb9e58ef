"""The prediction on trial."""

from pathlib import Path
from typing import TYPE_CHECKING

from sim.api.shared import Tell, counted, scenario_of, seed_of, threads_of
from sim.api.simulating import experiment
from sim.engine.experiment import Sets
from sim.scenario import Scenario

if TYPE_CHECKING:
    import pandas as pd

    from sim.report.results import Ablation, Trial
    from sim.trial.falsification import Refutation


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
    scenario, sets, seed, jobs, defaults
        As for :func:`ensemble`.
    kind
        ``groups`` (ten groups of claims), ``claims``, ``assumptions``, or ``readings`` of two patrons (claim 5).
    runs
        Paired runs of each parameter set.
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

    asked = experiment(scenario, 0, seed, jobs, defaults, sets).each_set(runs)
    done = counted(tell, 1 + len(ablation.removals(kind)))
    effect, losses = ablation.ablate(asked, kind, done)
    return Ablation(asked.scenario, kind, asked.sets, runs, asked.seed, effect, losses)


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
    scenario, sets, seed, jobs
        As for :func:`ensemble`; ``war-ends-any-time`` where not said.
    runs, coalitions
        Paired runs of each parameter set in every treatment, and in each of 1,024 coalitions of claim groups (0: none).
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
        seed = seed_of(None)
    chosen = None if begun and sets is None else on_trial(sets, seed or 0)
    world = None if scenario is None else scenario_of(scenario)
    said = command or f"sim.verdict({str(folder)!r})"
    study, planned = evidence.opened(place, world, chosen, runs, coalitions, seed, said)
    evidence.gather(study, planned, threads_of(jobs), counted(tell, len(planned)))
    return Trial(study, judge(study))


def rivals(
    scenario: Scenario | str | Path = "war-ends-any-time",
    runs: int = 200,
    sets: int | Sets | None = None,
    seed: int | None = None,
    jobs: int | None = None,
    defaults: bool = False,
) -> "pd.DataFrame":
    """Hold the article against rival theories, simulated in the same scenario and scored on the same history.

    Parameters
    ----------
    scenario, seed, jobs, defaults
        As for :func:`ensemble`.
    runs
        Paired runs of each parameter set.
    sets
        So many of the parameter sets that history has not ruled out, or sets of one's own; all where not said.

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

    return rivals.table(experiment(scenario, 0, seed, jobs, defaults, sets).each_set(runs))


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
    scenario, sets, seed, jobs
        As for :func:`ensemble`.
    runs
        Paired runs of each parameter set.
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
    from sim.engine.experiment import Experiment, equally_weighted
    from sim.scenario.source import Source
    from sim.trial import falsification
    from sim.trial.treatments import on_trial

    world, seed = scenario_of(scenario), seed_of(seed)
    instead = ", or look among draws of the plausible ranges: --prior 1000 (prior=1000 in Python)"
    cases = equally_weighted(drawn([seed], prior), Source.PRIOR) if prior else on_trial(sets, seed, instead)
    return falsification.falsify(Experiment(world, cases, seed, jobs=jobs).each_set(runs))
