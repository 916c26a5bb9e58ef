"""What the article claims, what was recorded, and the model beside both."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from sim.api.shared import Tell, seed_of, threads_of

if TYPE_CHECKING:
    import pandas as pd

    from sim.api.shared import AsOf
    from sim.inference.filtering import Filtered
    from sim.report.folders.evidence_folder import Findings
    from sim.report.results import Hindcast


def claims() -> "pd.DataFrame":
    """Return every claim and assumption with its role, what it enters as, and the rules that rest on it.

    Examples
    --------
    >>> import sim
    >>> sim.claims().loc["C05", "says"]
    "A compact with both neighbours would add to what protects Kim's rule."
    """
    import pandas as pd

    from sim.registers import trace

    return pd.DataFrame(trace.trace_table()).set_index("id")


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
        The last month that is read, from 2020-01 to the last of a vintage (:mod:`sim.registers.vintage`).
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
        :class:`sim.inference.filtering.Filtered`.

    Raises
    ------
    ValueError
        If the month lies outside the record.

    Examples
    --------
    >>> import sim
    >>> known = sim.filter("2020-06", particles=256, seed=7, jobs=1)
    >>> len(known.sets)
    256
    """
    from sim.engine.experiment import Experiment
    from sim.inference.filtering import FilterSettings, filter_states, known_world
    from sim.inference.parameter_sets import retained_sets
    from sim.registers.vintage import known_to

    with known_to(as_of):
        asked = Experiment(known_world(as_of), retained_sets(), seed_of(seed), jobs=jobs)
        return filter_states(asked, FilterSettings(particles, errors, coding), tell)


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
        A folder of forecasts as of earlier months (``python -m research.forecasts_page``): with it, there is a
        recalibrated model too.

    Returns
    -------
    frame
        A row a question and forecaster; see :func:`sim.prediction.forecasting.forecast_tables`. In ``attrs["moves"]``
        stand the forecasts of moves, a row a month, lever, option and forecaster.

    Raises
    ------
    ValueError
        If a month is none of those that can be known, or forecast.
    sim.storage.study_errors.StudyError
        If there are no earlier forecasts in the folder.

    Examples
    --------
    >>> import sim
    >>> table = sim.forecast("2020-06", to="2020-08", runs=1, seed=7, jobs=1)
    >>> sorted(set(table["kind"]))
    ['event', 'number']
    """
    from sim.engine.experiment import Experiment
    from sim.inference import filtering, known_states
    from sim.inference.parameter_sets import retained_sets
    from sim.model import months
    from sim.prediction import forecasting, pools
    from sim.prediction.earlier_forecasts import kept_forecasts, known_past
    from sim.registers.vintage import known_to

    sets, seed = known_states.sets_as_of(as_of), seed_of(seed)
    last = forecasting.last_known_month(sets)
    with known_to(months.name(last)):
        before = None if past is None else known_past(kept_forecasts(Path(past)), last)
        learnt = filtering.learn_discrepancies(
            Experiment(filtering.known_world(months.name(last)), retained_sets(), known_states.SEED, jobs=jobs)
        )
        asked = Experiment(filtering.recorded_world(), sets, seed, jobs=jobs).runs_of_every_set(runs, in_turn=True)
        table, moves = forecasting.forecast_tables(asked, learnt, months.index(to))
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

    Examples
    --------
    >>> import sim
    >>> list(sim.record("pyongyang_toward_beijing"))
    ['month', 'lever', 'recorded', 'confidence', 'weight']
    """
    from sim.model.moves import LEVER
    from sim.registers import vintage
    from sim.report.folders.record_folder import cells_in_words

    if lever is not None and lever not in LEVER:
        raise ValueError(f"{lever} is no lever; there are {', '.join(LEVER)}")
    with vintage.known_to(as_of or vintage.BASE):
        if as_of not in (None, vintage.last_month()):
            raise ValueError(f"no record ends in {as_of}; the one that is read ends in {vintage.last_month()}")
        return cells_in_words(lever)


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
        ``retained``), the number of the first, and the table of :func:`sim.inference.hindcast.history_rows`.

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

    Examples
    --------
    >>> import sim
    >>> list(sim.hindcast(runs=2, sets=2, seed=7, jobs=1).scores)
    ['defaults', 'prior', 'retained']
    """
    from sim.engine.experiment import Experiment
    from sim.inference.hindcast import free_runs
    from sim.prediction import history_trial
    from sim.report.results import Hindcast

    asked = Experiment(free_runs(), seed=seed_of(seed), runs=range(runs), jobs=jobs)
    drawn = history_trial.draw_sets(asked, sets)
    return Hindcast(
        runs,
        asked.seed,
        history_trial.try_on_history(drawn, asked, tell, keep),
        history_trial.simulate_fans(drawn, asked),
    )


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
        The study and what it says; see :class:`sim.report.folders.evidence_folder.Findings`.

    Raises
    ------
    sim.storage.study_errors.StudyError
        If the folder holds another study.

    Examples
    --------
    >>> import sim
    >>> findings = sim.evidence("runs/evidence", particles=64, seeds=2, seed=7)  # doctest: +SKIP
    >>> bool(findings.compared.loc["C05", "nats"] < 0.0)  # without C05 the record is less likely  # doctest: +SKIP
    True
    """
    from sim.prediction import model_comparison
    from sim.report.folders.evidence_folder import Findings

    place = Path(folder)
    if seed is None and not model_comparison.RecordStudy(place).study.exists():
        seed = seed_of(None)
    said: model_comparison.RecordManifest = {}
    if particles is not None:
        said["particles"] = particles
    if seeds is not None:
        said["seeds"] = seeds
    if seed is not None:
        said["seed"] = seed
    study = model_comparison.open_record_study(place, said, command or f"sim.evidence({str(folder)!r})")
    planned = model_comparison.contenders(study.asked["as_of"])
    model_comparison.filter_contenders(study, planned, threads_of(jobs), tell or (lambda done, total: None))
    return Findings(study)
