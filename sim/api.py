"""The public verbs; their results plot themselves, explain themselves and show in notebooks."""

import os
import secrets
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.article import trace
from sim.calibration.designs import Factor, choices, months, prior, span, uniform, values
from sim.calibration.parameter_sets import Sets, of_runs, over, run_of, standing, start_of
from sim.engine import ensemble as _ensemble
from sim.engine.draws import checked
from sim.report.showing import Ensemble, Pair, Run, Study, shown
from sim.scenario import Scenario, load
from sim.studies import specification as _sweep
from sim.studies.runner import on_threads
from sim.studies.stopping import Until
from sim.studies.store import Store
from sim.trial import ablation as _ablate
from sim.trial import evidence as _evidence
from sim.trial.verdict import judge

if TYPE_CHECKING:
    import pandas as pd

    from sim.calibration.filtering import Filtered
    from sim.calibration.peninsula import Peninsula
    from sim.report.results import Ablation, Trial
    from sim.studies.bridges import Varied

    AsOf = str | Path | Filtered

__all__ = [
    "Ensemble", "Pair", "Peninsula", "Run", "Study", "ablate", "choices", "claims", "compare", "ensemble", "filter",
    "load", "months", "prior", "run", "span", "study", "sweep", "uniform", "values", "vary", "verdict",
]  # fmt: skip


def run(
    scenario: Scenario | str | Path,
    seed: int | None = None,
    number: int = 0,
    defaults: bool = False,
    sets: int | None = None,
    as_of: "AsOf | None" = None,
) -> Run:
    """Simulate one run in the Mesa engine, keeping every decision: the run of this number in an ensemble.

    Parameters
    ----------
    scenario
        A scenario, or the name or path of one.
    seed
        A whole number from 0; without one, one is drawn and printed.
    number
        The number of the run under this seed. It decides which of the parameter sets that history has not ruled out
        the world has.
    defaults
        Simulate it with the hand-set defaults instead. What the scenario itself gives stands either way.
    sets
        So many of those parameter sets, drawn with the seed; all where not said.
    as_of
        Set out from what the record leaves likely: what :func:`filter` gave, a folder of ``sim filter``, or a month.

    Raises
    ------
    ValueError
        If there are no such states, or the scenario is over where they are.
    """
    world, seed = _scenario(scenario), _seed(seed)
    return shown(Run, run_of(world, seed, number, _over([world], sets, seed, defaults, as_of)))


def ensemble(
    scenario: Scenario | str | Path,
    runs: int = 1000,
    seed: int | None = None,
    jobs: int | None = None,
    defaults: bool = False,
    sets: int | None = None,
    as_of: "AsOf | None" = None,
) -> Ensemble:
    """Simulate many runs in the compiled engine, each with one of the parameter sets that history has not ruled out.

    Parameters
    ----------
    jobs
        Threads (all cores where not said); the result is the same for any number.
    defaults
        Simulate all of them with the hand-set defaults instead. What the scenario itself gives stands either way.
    sets
        So many of those parameter sets, drawn with the seed; all where not said.
    as_of
        As for :func:`run`.
    """
    world, seed = _scenario(scenario), _seed(seed)
    return _many(world, runs, seed, jobs, _over([world], sets, seed, defaults, as_of))


def compare(
    one: Scenario | str | Path,
    other: Scenario | str | Path,
    runs: int = 1000,
    seed: int | None = None,
    jobs: int | None = None,
    defaults: bool = False,
    sets: int | None = None,
    as_of: "AsOf | None" = None,
) -> Pair:
    """Simulate two scenarios under the same chance and the same parameter sets; effects are ``one`` less ``other``."""
    scenarios, seed = (_scenario(one), _scenario(other)), _seed(seed)
    shared = _over(scenarios, sets, seed, defaults, as_of)
    return Pair(*(_many(scenario, runs, seed, jobs, shared) for scenario in scenarios))


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
) -> Study:
    """Simulate many runs at many points, and keep them in a folder; a study that is there already goes on.

    Parameters
    ----------
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
        ``{"effect_of_the_end": 2}``: stop as soon as the 95 % interval of the mean is that narrow at every point.
    jobs, cluster
        Threads; or the address of a dask scheduler, or ``local``. The results are the same for any.
    defaults, sets
        What is not varied spans the parameter sets that history has not ruled out, as in an ensemble: replicate 12 has
        at every point the set of run 12. Ask for the hand-set defaults instead, or for so many of the sets.

    Raises
    ------
    ScenarioError, ValueError
        If the sweep is not well made; nothing was computed.
    sim.storage.errors.StudyError
        If the folder holds another study, or cannot be written to.
    """
    import pandas as pd

    folder = Path(out)
    if seed is None and Store(folder).study.exists():
        seed = Store(folder).manifest["seed"]
    base, seed = _scenario(scenario), _seed(seed)
    enough = Until(*next(iter(until.items()))) if until else None
    since = None if as_of is None else str(as_of)
    if isinstance(vary, pd.DataFrame):
        asked = _sweep.given(base, vary, runs, seed, enough, sets=sets, defaults=defaults, as_of=since)
    else:
        asked = _sweep.designed(
            base, vary, design, points, runs, seed, enough, sets=sets, defaults=defaults, as_of=since
        )
    if cluster:
        from sim.studies.cluster import on_cluster

        on_cluster(asked, folder, cluster, jobs)
    else:
        on_threads(asked, folder, jobs)
    return Study(folder)


def filter(
    as_of: str = "2024-08", particles: int = 65_536, seed: int | None = None, jobs: int | None = None
) -> "Filtered":
    """Weigh runs and parameter sets by the record, month by month, and return what it leaves likely.

    Parameters
    ----------
    as_of
        The last month that is read, 2020-01 to 2024-08.
    particles
        Runs, each with a parameter set of its own.

    Raises
    ------
    ValueError
        If the month lies outside the record.
    """
    from sim.calibration.filtering import Settings, filtered

    return filtered(as_of, _seed(seed), Settings(particles), jobs or os.cpu_count() or 1)


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
    factors
        As for :func:`sweep`.
    runs, seed
        How many runs are simulated at each point, under the same chance at every point.
    defaults, sets
        As for :func:`sweep`.
    """
    from sim.studies.bridges import Varied

    return Varied(_scenario(scenario), factors, runs, _seed(seed), sets, defaults)


def study(folder: str | Path) -> Study:
    """Open the study in a folder."""
    return Study(Path(folder))


def ablate(
    scenario: Scenario | str | Path = _evidence.WORLD,
    kind: str = "groups",
    runs: int = 20,
    sets: int | None = None,
    seed: int | None = None,
    jobs: int | None = None,
) -> "Ablation":
    """Take claims or assumptions away, one by one, under the same chance, beside the world whose war does not end.

    Parameters
    ----------
    kind
        ``groups`` (ten groups of claims), ``claims``, ``assumptions``, or ``readings`` of two patrons (claim 5).
    runs
        Pairs of runs of each parameter set.
    sets
        How many of the parameter sets that history has not ruled out; all where not said.
    """
    from sim.report.results import Ablation

    world, seed = _scenario(scenario), _seed(seed)
    chosen = standing(sets, seed)
    effect, losses = _ablate.ablate(world, chosen, runs, seed, kind, jobs or os.cpu_count() or 1)
    return Ablation(world, kind, chosen, runs, seed, effect, losses)


def verdict(
    folder: str | Path,
    scenario: Scenario | str | Path | None = None,
    runs: int | None = None,
    sets: int | None = None,
    coalitions: int | None = None,
    seed: int | None = None,
    jobs: int | None = None,
) -> "Trial":
    """Put the prediction on trial in a folder, and judge it; what is there already is not simulated again.

    Parameters
    ----------
    runs, coalitions
        Paired runs of each parameter set in every treatment, and in each of 1,024 coalitions of claim groups (0: none).
    sets
        How many of the parameter sets that history has not ruled out; all where not said.

    Raises
    ------
    sim.storage.errors.StudyError
        If the folder holds another study.
    """
    from sim.report.results import Trial

    place = Path(folder)
    begun = _evidence.Evidence(place).study.exists()
    if seed is None and not begun:
        seed = _seed(None)
    chosen = None if begun and sets is None else standing(sets, seed or 0)
    world = None if scenario is None else _scenario(scenario)
    study, planned = _evidence.opened(place, world, chosen, runs, coalitions, seed, f"sim.verdict({str(folder)!r})")
    _evidence.gather(study, planned, jobs or os.cpu_count() or 1)
    return Trial(study, judge(study))


def __getattr__(name: str) -> Any:
    """Import Mesa's model where it is first used: only those who simulate a world pay for Mesa."""
    if name == "Peninsula":
        from sim.calibration.peninsula import Peninsula

        return Peninsula
    raise AttributeError(f"module 'sim.api' has no attribute {name!r}")


def claims() -> "pd.DataFrame":
    """Return every claim and assumption with its role, what it enters as, and the rules that rest on it."""
    import pandas as pd

    return pd.DataFrame(trace.table()).set_index("id")


def _many(world: Scenario, runs: int, seed: int, jobs: int | None, sets: Sets) -> Ensemble:
    threads, own = jobs or os.cpu_count() or 1, of_runs(sets, range(runs), world)
    start = start_of(sets, range(runs))
    return shown(Ensemble, _ensemble.simulate(world, runs, seed, threads, own, sets.source, start=start))


def _over(
    scenarios: Sequence[Scenario], count: int | None, seed: int, defaults: bool, as_of: "AsOf | None"
) -> Sets:
    """Return the parameter sets of runs, with the states that they set out from where some are asked for."""
    if as_of is None:
        return over(*scenarios, count=count, seed=seed, defaults=defaults)
    if defaults:
        raise ValueError("ask for states as of a month or for the hand-set defaults, not for both")
    from sim.calibration.as_of import sets_as_of

    return over(*scenarios, count=count, seed=seed, found=sets_as_of(as_of, os.cpu_count() or 1))


def _scenario(scenario: Scenario | str | Path) -> Scenario:
    return scenario if isinstance(scenario, Scenario) else load(scenario)


def _seed(seed: int | None) -> int:
    if seed is None:
        seed = secrets.randbelow(2**32)
        print(f"seed {seed}", file=sys.stderr)
    return checked(seed)
