"""Sweeps: many points, many runs at each, kept in a folder."""

import shlex
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from sim.api.shared import scenario_of, seed_of
from sim.inference.designs import Factor
from sim.report.showing import ShownStudy
from sim.scenario import Scenario
from sim.studies.study import Study

if TYPE_CHECKING:
    import pandas as pd

    from sim.report.results import Sensitivity
    from sim.studies.bridges import Varied
    from sim.studies.specification import Sweep


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
        By name what is varied: parameters, ``war.ends``, ``variant``, ``drivers.need_for_us.2025-01``,
        ``moves.Beijing.trade``, ``policy`` and others, each with :func:`span`, :func:`values`, :func:`months`,
        :func:`choices`, :func:`prior` or a distribution (:func:`uniform`, :func:`normal`, :func:`lognormal`,
        :func:`triangular`, :func:`beta`); or a table of points, a row each.
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
    sim.storage.study_errors.StudyError
        If the folder holds another study, or cannot be written to.

    Examples
    --------
    >>> import sim
    >>> from tempfile import mkdtemp
    >>> doses = {"postwar_need": sim.span(0, 1, 3)}
    >>> sim.sweep("war-ends-early", doses, mkdtemp() + "/study", runs=2, seed=7, jobs=1).grid().shape
    (3, 1)
    """
    import pandas as pd

    from sim.studies.specification import How, sweep_by_design, sweep_over_points
    from sim.studies.stopping import Until
    from sim.studies.store import Store

    if seed is None and Store(Path(out)).study.exists():
        seed = Store(Path(out)).manifest["seed"]
    base, seed = scenario_of(scenario), seed_of(seed)
    enough = Until(*next(iter(until.items()))) if until else None
    since = None if as_of is None else str(as_of)
    how: How = {"until": enough, "sets": sets, "defaults": defaults, "as_of": since, "series": series}
    if isinstance(vary, pd.DataFrame):
        asked = sweep_over_points(base, vary, runs, seed, **how)
    else:
        asked = sweep_by_design(base, vary, design, points, runs, seed, **how)
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
    sim.storage.study_errors.StudyError
        If the folder holds another study, or cannot be written to.

    Examples
    --------
    >>> import sim
    >>> from tempfile import mkdtemp
    >>> asked = sim.load_sweep("postwar-dose", runs=1, sets=2, seed=7)
    >>> sim.carry_out(asked, mkdtemp() + "/study", jobs=1).progress.finished
    True
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
    command = shlex.join(["sim", "sweep", str(out)])
    rights = crate.Rights(asked.scenario.author, asked.scenario.license)
    crate.describe(place, {"command": command, **study.store.manifest}, STUDY, rights)
    return study


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

    Examples
    --------
    >>> import sim
    >>> from tempfile import mkdtemp
    >>> folder = mkdtemp() + "/study"
    >>> made = sim.sweep("war-ends-early", {"postwar_need": sim.span(0, 1, 3)}, folder, runs=2, seed=7, jobs=1)
    >>> sim.study(folder).grid().shape
    (3, 1)
    """
    return ShownStudy(Path(folder))


def vary(
    scenario: Scenario | str | Path,
    factors: "Mapping[str, Factor]",
    runs: int = 20,
    seed: int = 0,
    defaults: bool = False,
    sets: int | None = None,
    series: Sequence[str] = (),
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
    series
        States, measures and levers that ``to_ema()`` gives month by month, beside the outcomes.

    Returns
    -------
    varied
        See :class:`sim.studies.bridges.Varied`.

    Raises
    ------
    ScenarioError, ValueError
        As for :func:`sweep`.

    Examples
    --------
    >>> import sim
    >>> varied = sim.vary("war-ends-early", {"postwar_need": sim.uniform(0, 1)})
    >>> varied.to_salib()["names"]
    ['postwar_need']
    """
    from sim.studies.bridges import Varied

    return Varied(scenario_of(scenario), factors, runs, seed_of(seed), sets, defaults, series)


def sensitivity(study: Study | str | Path) -> "Sensitivity":
    """Say which numbers move the effect of the war's end most, in a sweep with a Morris or Sobol design.

    Parameters
    ----------
    study
        A finished sweep, or its folder.

    Returns
    -------
    sensitivity
        Indices with their intervals; see :class:`sim.report.results.Sensitivity`.

    Raises
    ------
    sim.storage.study_errors.StudyError
        If the folder holds no sweep, its design has no such indices, or a point has no run that could be judged.

    Examples
    --------
    >>> import sim
    >>> from tempfile import mkdtemp
    >>> varied = {name: sim.prior(name) for name in ("postwar_need", "foresight")}
    >>> study = sim.sweep(
    ...     "war-ends-early", varied, mkdtemp() + "/study", runs=2, seed=7, design="morris", points=12, jobs=1
    ... )
    >>> sorted(sim.sensitivity(study).indices.index)
    ['(does nothing)', 'foresight', 'postwar_need']
    """
    from sim.prediction import sensitivity
    from sim.report.results import Sensitivity

    opened = study if isinstance(study, Study) else ShownStudy(Path(study))
    return Sensitivity(opened, sensitivity.indices(opened), sensitivity.noise_share(opened))
