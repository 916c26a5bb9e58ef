"""The prediction on trial."""

from pathlib import Path
from typing import TYPE_CHECKING

from sim.api.shared import Tell, count_calls, scenario_of, seed_of, threads_of
from sim.api.simulating import experiment
from sim.engine.sets import Sets
from sim.scenario import Scenario

if TYPE_CHECKING:
    import pandas as pd

    from sim.prediction.falsification import Refutation
    from sim.report.results import Ablation, Trial


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

    Examples
    --------
    >>> import sim
    >>> groups = sim.ablate("war-ends-early", runs=1, sets=4, seed=7, jobs=1)
    >>> len(groups.losses)
    10
    """
    from sim.prediction import ablation_study
    from sim.report.results import Ablation

    asked = experiment(scenario, 0, seed, jobs, defaults, sets).runs_of_every_set(runs)
    done = count_calls(tell, 1 + len(ablation_study.ablations(kind)))
    effect, losses = ablation_study.ablate(asked, kind, done)
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
    sim.storage.study_errors.StudyError
        If the folder holds another study.

    Examples
    --------
    >>> import sim
    >>> from tempfile import mkdtemp
    >>> trial = sim.verdict(mkdtemp() + "/trial", "war-ends-any-time", runs=1, sets=3, coalitions=0, seed=7, jobs=1)
    >>> trial.verdict.word in ("supported", "conditional", "not supported")
    True
    """
    from sim.engine.experiment import Experiment
    from sim.prediction import verdict_study
    from sim.prediction.treatments import on_trial
    from sim.prediction.verdict import judge
    from sim.report.results import Trial

    place = Path(folder)
    there = verdict_study.Evidence(place)
    begun = there.study.exists()
    if seed is None and not begun:
        seed = seed_of(None)
    asked: verdict_study.VerdictManifest = there.asked if begun else {}
    world = there.world if begun and scenario is None else scenario_of(scenario or verdict_study.WORLD)
    chosen = there.sets if begun and sets is None else on_trial().some(sets, seed or 0)
    sizes = {"runs": runs, "coalition_runs": coalitions}
    said = {name: count for name, count in sizes.items() if count is not None}
    size = verdict_study.Size(**asked.get("size", {}) | said)
    judged = Experiment(world, chosen, asked["seed"] if seed is None else seed)
    ends = tuple(asked.get("ends", verdict_study.ENDS))
    study, planned = verdict_study.begin(place, judged, size, ends, command or f"sim.verdict({str(folder)!r})")
    verdict_study.simulate_treatments(study, planned, threads_of(jobs), count_calls(tell, len(planned)))
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
        A row a theory; see :func:`sim.prediction.rivals.rivals_table`.

    Raises
    ------
    ScenarioError, ValueError
        As for :func:`run`.

    Examples
    --------
    >>> import sim
    >>> sim.rivals("war-ends-early", runs=2, sets=2, seed=7, jobs=1).index[:2].tolist()
    ['the article', 'persistence']
    """
    from sim.prediction import rivals

    return rivals.rivals_table(experiment(scenario, 0, seed, jobs, defaults, sets).runs_of_every_set(runs))


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
        See :class:`sim.prediction.falsification.Refutation`.

    Raises
    ------
    ScenarioError, ValueError
        As for :func:`run`.

    Examples
    --------
    >>> import sim
    >>> found = sim.falsify(runs=2, sets=4, seed=7, jobs=1)
    >>> len(found.rates)
    4
    """
    from sim.engine.experiment import Experiment
    from sim.engine.sets import equally_weighted
    from sim.inference.matching import draw_prior
    from sim.prediction import falsification
    from sim.prediction.treatments import on_trial
    from sim.scenario.source import Source

    world, seed = scenario_of(scenario), seed_of(seed)
    instead = ", or look among draws of the plausible ranges: --prior 1000 (prior=1000 in Python)"
    cases = equally_weighted(draw_prior([seed], prior), Source.PRIOR) if prior else on_trial(instead).some(sets, seed)
    return falsification.falsify(Experiment(world, cases, seed, jobs=jobs).runs_of_every_set(runs))
