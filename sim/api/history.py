"""What the article claims, what was recorded, and the model beside both."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from sim.api.shared import Tell, seed_of, threads_of

if TYPE_CHECKING:
    import pandas as pd

    from sim.api.shared import AsOf
    from sim.calibration.filtering import Filtered
    from sim.report.folders.log_evidence import Findings
    from sim.report.results import Hindcast


def claims() -> "pd.DataFrame":
    """Return every claim and assumption with its role, what it enters as, and the rules that rest on it."""
    import pandas as pd

    from sim.article import trace

    return pd.DataFrame(trace.table()).set_index("id")


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
        The last month that is read, from 2020-01 to the last of a vintage (:mod:`sim.article.vintage`).
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
    from sim.article.vintage import known_to
    from sim.calibration.filtering import FilterSettings, filtered, world
    from sim.calibration.parameter_sets import standing
    from sim.engine.experiment import Experiment

    with known_to(as_of):
        asked = Experiment(world(as_of), standing(), seed_of(seed), jobs=jobs)
        return filtered(asked, FilterSettings(particles, errors, coding), tell)


def forecast(
    as_of: "AsOf" = "2024-08",
    to: str = "2028-08",
    runs: int = 8,
    seed: int | None = None,
    jobs: int | None = None,
    past: str | Path | None = None,
) -> "pd.DataFrame":
    """Say what to expect after a month that is known: the model, forecasters that know no politics, and their pool.

    Parameters
    ----------
    as_of
        The last month that is known (YYYY-MM), a folder of ``sim filter``, what :func:`filter` gave, or its sets.
    to
        The last month that is forecast, YYYY-MM.
    runs
        Runs that set out from each state.
    seed, jobs
        As for :func:`ensemble`.
    past
        A folder of forecasts as of earlier months (``python -m sim.report.forecasts``): with it, there is a
        recalibrated model too.

    Returns
    -------
    frame
        A row a question and forecaster; see :func:`sim.trial.forecasts.forecast_tables`. In ``attrs["moves"]`` stand
        the forecasts of moves, a row a month, lever, option and forecaster.

    Raises
    ------
    ValueError
        If a month is none of those that can be known, or forecast.
    sim.storage.errors.StudyError
        If there are no earlier forecasts in the folder.
    """
    from sim.article.vintage import known_to
    from sim.calibration import as_of as known
    from sim.calibration import filtering
    from sim.calibration.parameter_sets import standing
    from sim.engine.experiment import Experiment
    from sim.model import months as calendar
    from sim.trial import forecasts, pools, rolling

    sets, seed = known.sets_as_of(as_of), seed_of(seed)
    last = forecasts.known_to(sets)
    with known_to(calendar.name(last)):
        before = None if past is None else rolling.known_past(rolling.kept_forecasts(Path(past)), last)
        learnt = filtering.learnt(Experiment(filtering.world(calendar.name(last)), standing(), known.SEED, jobs=jobs))
        asked = Experiment(filtering.history(), sets, seed, jobs=jobs).each_set(runs, in_turn=True)
        table, moves = forecasts.forecast_tables(asked, learnt, calendar.index(to))
    pooled = pools.with_pool(table, before)
    pooled.attrs["moves"] = pools.with_pool_of_moves(moves)
    return pooled


def record(lever: str | None = None, as_of: str | None = None) -> "pd.DataFrame":
    """Return what the capitals did, as recorded since January 2019: the cells the model is held against.

    Parameters
    ----------
    lever
        The cells of this lever, such as ``pyongyang_talks``; all where not said.
    as_of
        The last month of the record: 2024-08, or that of a vintage; of what is read anyhow where not said.

    Returns
    -------
    frame
        ``month``, ``lever``, ``recorded`` (the option, or those between which the codings leave it open),
        ``confidence`` of the codings, and ``weight`` (the part of a fact that a cell tells).

    Raises
    ------
    ValueError
        If there is no such lever, or no record that ends in the month.
    """
    from sim.article import vintage
    from sim.model.moves import LEVER
    from sim.report.folders.record import cells

    if lever is not None and lever not in LEVER:
        raise ValueError(f"{lever} is no lever; there are {', '.join(LEVER)}")
    with vintage.known_to(as_of or vintage.BASE):
        if as_of not in (None, vintage.last()):
            raise ValueError(f"no record ends in {as_of}; the one that is read ends in {vintage.last()}")
        return cells(lever)


def hindcast(
    runs: int = 200,
    sets: int = 100,
    seed: int | None = None,
    jobs: int | None = None,
    tell: Tell | None = None,
    keep: "Callable[[str, int, pd.DataFrame], object] | None" = None,
) -> "Hindcast":
    """Simulate 2019 to August 2024 again, never corrected, and hold it against what was seen.

    Parameters
    ----------
    runs
        Of each parameter set.
    sets
        How many to draw from the prior, and from the sets that history has not ruled out; the defaults stand beside.
    seed, jobs
        As for :func:`ensemble`.
    tell
        Hears how many sets are done, and of how many.
    keep
        Hears of all months of all runs, some sets at a time: the name of the sets (``defaults``, ``prior`` or
        ``retained``), the number of the first, and the table of :func:`sim.calibration.hindcast.monthly`.

    Returns
    -------
    hindcast
        How far patterns T1 to T8 and W1 to W13 and the observed series were met; see
        :class:`sim.report.results.Hindcast`.

    Raises
    ------
    ScenarioError
        If the parameter sets are missing.
    ValueError
        If the seed is none.
    """
    from sim.calibration.hindcast import free_runs
    from sim.engine.experiment import Experiment
    from sim.report.results import Hindcast
    from sim.trial import history

    asked = Experiment(free_runs(), seed=seed_of(seed), runs=range(runs), jobs=jobs)
    drawn = history.drawn(sets, asked.seed)
    return Hindcast(runs, asked.seed, history.tried(drawn, asked, tell, keep), history.fans(drawn, asked))


def evidence(
    folder: str | Path,
    particles: int | None = None,
    seeds: int | None = None,
    seed: int | None = None,
    jobs: int | None = None,
    tell: Tell | None = None,
    command: str = "",
) -> "Findings":
    """Say what the record of moves says of each claim, in a folder; what is there already is not filtered again.

    Parameters
    ----------
    folder
        Of the study. What is not said is as the study there was begun, else as it is by default.
    particles, seeds
        Of each filter, and under how many seeds, the same for all; 4,096 and 4 by default.
    seed, jobs
        As for :func:`ensemble`.
    tell
        Hears how many filters are done, and of how many.
    command
        What to say of how the study was begun; the call itself where not said.

    Returns
    -------
    findings
        The study and what it says; see :class:`sim.report.folders.log_evidence.Findings`.

    Raises
    ------
    sim.storage.errors.StudyError
        If the folder holds another study.
    """
    from sim.report.folders.log_evidence import Findings
    from sim.trial import log_evidence

    place = Path(folder)
    if seed is None and not log_evidence.RecordStudy(place).study.exists():
        seed = seed_of(None)
    study = log_evidence.opened(place, particles, seeds, seed, command=command or f"sim.evidence({str(folder)!r})")
    planned = log_evidence.contenders(study.asked["as_of"])
    log_evidence.gather(study, planned, threads_of(jobs), tell or (lambda done, total: None))
    return Findings(study)
