"""The state of the world as of a month: runs and parameter sets weighed by the record, month by month.

Sequential Monte Carlo, one filter a parameter set, side by side. A month is simulated with moves that are conditional
on what was recorded of them (:mod:`sim.engine.move_likelihood`), and each run is weighed by how likely that record was,
and the month's figures (:mod:`sim.inference.measurements`). Where the effective size within a set falls below half,
its runs are resampled (systematic; whoever survives keeps its place). Chance belongs to a place and a month, so copies
part at once, and the same seed gives the same bits for any number of threads.

The sets keep their numbers. They are weighed by a power of how likely the record was under each: the largest, 1 at
most, that leaves :data:`FEWEST` effective sets. All the record at full weight would leave one or two of them, and sets
that move toward those that fit (Liu and West 2001) hold too few known truths (decision 21).
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import logsumexp

from sim.analysis import estimates
from sim.engine.blocks import REMEMBERED, Steps
from sim.engine.ensemble import SERIES
from sim.engine.experiment import Experiment
from sim.engine.move_likelihood import EVIDENCE
from sim.engine.plan import GIVEN, MEASURES, Support, plan_of
from sim.engine.protocol import Engine
from sim.engine.sets import Sets, equally_weighted
from sim.engine.start_state import StartState
from sim.inference import coding, hindcast, measurements
from sim.inference.measurements import WATCHED, Measurements
from sim.model import months
from sim.model.moves import DEAL, LEVERS
from sim.model.world import WORLD_FIELDS
from sim.registers import vintage
from sim.scenario import load
from sim.scenario.schema import Scenario
from sim.scenario.source import Source

FEWEST = 200  # effective parameter sets that the record leaves, or half of those that there are
LEVELS = (0.05, 0.25, 0.5, 0.75, 0.95)
_ROWS = ("log_evidence", *(f"measure.{name}" for name in MEASURES), *(f"evidence.{name}" for name in EVIDENCE))
_PARTS = tuple(lever.field for lever in DEAL)  # decided together, so they are scored together
_FREE_RUNS = 512  # simulated freely, to learn how large discrepancies are
_IN_FANS = 8_192  # particles that quantiles are taken of

Values = NDArray[np.float64]
Tell = Callable[[int], object]


@dataclass(frozen=True)
class FilterSettings:
    """What a filter is asked.

    Attributes
    ----------
    particles
        Runs in all.
    times, coding, exponent
        How many times as large errors of the codings are taken to be; which coding is read (both where not said); and
        how much all evidence counts (1: as it stands; 0: not at all, which leaves free runs).
    kept
        How many particles are handed on as states, at most.
    states
        Runs of each parameter set, all where there are fewer.
    errors
        What is assumed of how figures differ from the model's own.
    """

    particles: int = 65_536
    times: float = 1.0
    coding: int | None = None
    exponent: float = 1.0
    kept: int = 4_096
    states: int = 128
    errors: measurements.ErrorModel = measurements.THIRD

    @property
    def shape(self) -> tuple[int, int]:
        """How many parameter sets, and runs of each."""
        states = min(self.states, self.particles)
        return self.particles // states, states


@dataclass(frozen=True, eq=False)
class Filtered:
    """What is known as of a month.

    Attributes
    ----------
    as_of
        The last month of the record, YYYY-MM.
    by_month
        A row a month: ``effective`` size of a set's runs before resampling (the median set's) and ``least`` (of any);
        how many sets were ``resampled``; ``sets`` (effective ones) and ``power`` (of the record on their weights),
        with the month; ``log_evidence`` of the month, a month ahead, and of it ``moves`` and ``figures``.
    by_set
        The log evidence of each month (a column) under each parameter set (a row).
    scores
        A row a recorded lever (or the deal as a whole) and month: the log of its chance a month ahead.
    fans
        A row a series and month, as known then: columns of :data:`LEVELS`.
    shares
        A row a lever, option and month: the share of particles that took it, as known then.
    sets
        The parameter sets of the particles that are handed on, with their states.
    processes
        How large the discrepancies were taken to be.
    """

    as_of: str
    seed: int
    settings: FilterSettings
    by_month: pd.DataFrame
    by_set: pd.DataFrame
    scores: pd.DataFrame
    fans: pd.DataFrame
    shares: pd.DataFrame
    sets: Sets
    processes: pd.DataFrame

    @property
    def log_evidence(self) -> float:
        """The log-likelihood of all that was recorded, in nats: the sum of what each month was worth a month ahead."""
        return float(self.by_month["log_evidence"].sum())

    @property
    def costliest(self) -> str:
        """The month that the model found least likely."""
        return str(self.by_month["log_evidence"].idxmin())

    @property
    def warning(self) -> str:
        """What a reader must know of how few sets stand behind it, and of how much the record weighs them."""
        last, said = self.by_month.iloc[-1], []
        if last["sets"] < 0.99 * FEWEST:
            said.append(f"only {last['sets']:.0f} effective parameter sets stand behind it: take more particles")
        if last["power"] < 1.0:
            said.append(
                f"the record weighs parameter sets with {last['power']:.1%} of its weight: with all of it, fewer than "
                f"{min(FEWEST, len(self.by_set) // 2)} would be left"
            )
        return "; ".join(said)


class Weighted:
    """Runs that are weighed and resampled, each among those of its parameter set.

    Attributes
    ----------
    log_weights
        Shape (sets, runs of each); the exponentials of a row sum to 1.
    """

    def __init__(self, sets: int, states: int) -> None:
        self.log_weights = np.full((sets, states), -np.log(states))

    @property
    def weights(self) -> Values:
        """The weights; those of a set sum to 1."""
        return np.asarray(np.exp(self.log_weights))

    @property
    def effective(self) -> Values:
        """The effective size of each set's runs (Kong 1992)."""
        return np.asarray(1.0 / (self.weights**2).sum(axis=1))

    def weigh(self, gained: Values) -> Values:
        """Take in log-likelihoods, one a run, and return the log of their mean under each set."""
        self.log_weights = self.log_weights + gained.reshape(self.log_weights.shape)
        evidence = np.asarray(logsumexp(self.log_weights, axis=1))
        self.log_weights = self.log_weights - evidence[:, None]
        return evidence

    def resample(self, sets: NDArray[np.bool_], draws: Values) -> NDArray[np.int64]:
        """Draw the runs of some sets by their weights, each with its own draw, and return the parents of all runs.

        Whoever survives keeps its place; further copies take the places of those that do not.
        """
        counts = np.ones(self.log_weights.shape, dtype=np.int64)
        counts[sets] = resample(self.weights[sets], draws[sets, None])
        parents = np.arange(counts.size)
        parents[counts.ravel() == 0] = np.repeat(np.arange(counts.size), np.maximum(counts.ravel() - 1, 0))
        self.log_weights[sets] = -np.log(counts.shape[1])
        return parents


def resample(weights: Values, draw: Values | float, count: int | None = None) -> NDArray[np.int64]:
    """Return how often each is drawn: systematic resampling with one uniform draw a row (Kitagawa 1996).

    Parameters
    ----------
    count
        How many are drawn of a row; as many as there are where not said.
    """
    count = count or weights.shape[-1]
    reached = np.cumsum(weights, axis=-1) * count
    reached[..., -1] = count
    passed = np.clip(np.ceil(reached - draw).astype(np.int64), 0, count)
    return np.asarray(np.diff(passed, prepend=0), dtype=np.int64)


def weights_of_sets(log_evidence: Values) -> tuple[Values, float]:
    """Return how much parameter sets count, and the power of the evidence that is.

    The largest power, 1 at most, that leaves :data:`FEWEST` effective sets, or half of all where there are fewer.

    Parameters
    ----------
    log_evidence
        One a set.
    """
    return estimates.temper_weights(log_evidence, min(FEWEST, 0.5 * len(log_evidence)))


class Ancestry:
    """Months of all runs, of which those without descendants are forgotten."""

    def __init__(self) -> None:
        self._months: list[tuple[Values, NDArray[np.int8], NDArray[np.int64]]] = []

    def add(self, series: Values, played: NDArray[np.int8]) -> None:
        """Keep a month: series of shape (rows, particles), and what was played, (particles, levers)."""
        self._months.append((series, played, np.arange(len(played))))

    def select(self, parents: NDArray[np.int64]) -> None:
        """Put the runs in another order."""
        self._months = [_pruned(series, played, line[parents]) for series, played, line in self._months]

    def of(self, particles: NDArray[np.int64]) -> tuple[Values, NDArray[np.int8]]:
        """Return the months of some: shapes (particles, months, rows) and (particles, months, levers)."""
        series = np.stack([values[:, line[particles]].T for values, _, line in self._months], axis=1)
        return series, np.stack([played[line[particles]] for _, played, line in self._months], axis=1)


def _pruned(
    series: Values, played: NDArray[np.int8], line: NDArray[np.int64]
) -> tuple[Values, NDArray[np.int8], NDArray[np.int64]]:
    used = np.zeros(len(played), dtype=bool)
    used[line] = True
    if used.all():
        return series, played, line
    return series[:, used], played[used], (np.cumsum(used) - 1)[line]


def filter_states(
    experiment: Experiment, settings: FilterSettings = FilterSettings(), tell: Tell = int, engine: Engine | None = None
) -> Filtered:
    """Return the state of the world as of a month.

    Parameters
    ----------
    experiment
        The world to that month (:func:`known_world`), and its parameter sets, each once where as many are asked for as
        there are. The settings say how many runs there are.
    settings
        What the filter is asked.
    tell
        Called with 1 after every month.
    engine
        Which engine simulates; the faster one where not said. It changes no number.
    """
    scenario = experiment.scenario
    record = temper_support(coding.record_support(scenario.horizon, settings.coding, settings.times), settings.exponent)
    processes = learn_discrepancies(experiment, settings.errors)
    figures = Measurements(
        int(np.prod(settings.shape)), border_of(scenario), processes, measurements.known_figures(scenario.horizon - 1)
    )
    return through(experiment, record, figures, settings, tell, engine)


def through(
    experiment: Experiment,
    record: Support,
    figures: Measurements,
    settings: FilterSettings,
    tell: Tell = int,
    engine: Engine | None = None,
) -> Filtered:
    """Take runs of some sets through a record and its figures, to the last month of their scenario."""
    many, states = settings.shape
    sets = experiment.sets
    of_sets = np.arange(many) if many == len(sets) else sets.places_of(np.arange(many))
    runs = experiment.replace(runs=range(many * states), owners=np.repeat(of_sets, states))
    work = _Filter(runs, record, figures, settings)
    steps = Steps(replace(runs.planned_runs, support=record, engine=engine), _ROWS)
    return work.run(steps, tell)


def border_of(scenario: Scenario) -> Values:
    """Return how far the border with China is open, month by month."""
    return plan_of(scenario).given[:, GIVEN.index("border")]


def learn_discrepancies(
    experiment: Experiment, errors: measurements.ErrorModel = measurements.THIRD
) -> dict[str, measurements.Discrepancy]:
    """Return how large discrepancies are, learnt from free runs up to the scenario's last month."""
    scenario, sets = experiment.scenario, experiment.sets
    some = equally_weighted(sets.some(_FREE_RUNS, experiment.seed).values, sets.source)
    free = experiment.replace(sets=some).runs_of_every_set(max(_FREE_RUNS // len(sets), 1)).ensemble(WATCHED)
    return measurements.learn_errors(free, border_of(scenario), scenario.horizon - 1, errors)


def recorded_world() -> Scenario:
    """Return the world of all months that are known: the hindcast, or that of a vintage."""
    vintage.last_month()  # says what is wrong, if it is no vintage
    folder = vintage.folder()
    return hindcast.free_runs() if folder is None else load(folder / vintage.WORLD)


def known_world(as_of: str) -> Scenario:
    """Return the world from January 2019 to a month of the record.

    Raises
    ------
    ValueError
        If the month lies outside the record.
    """
    whole = recorded_world()
    if not 12 <= months.index(as_of) < whole.horizon:
        last = months.name(whole.horizon - 1)
        raise ValueError(f"{as_of} is not within the record: choose a month from 2020-01 to {last}")
    return whole.with_(months={"to": as_of})


def temper_support(support: Support, exponent: float) -> Support:
    """Return a record that counts for so much."""
    return support if exponent == 1.0 else Support.of(support.support**exponent)


class _Filter:
    """A filter at work."""

    def __init__(self, runs: Experiment, record: Support, figures: Measurements, settings: FilterSettings) -> None:
        self.plan, self._own, self._record, self._figures = runs.plan, runs.own_parameters, record, figures
        self._seed, self._settings = runs.seed, settings
        self._runs = Weighted(*settings.shape)
        self._of_sets = weights_of_sets(np.zeros(settings.shape[0]))[0]  # as known before the month
        self._past = Ancestry()
        self._by_month: list[dict[str, Any]] = []
        self._by_set: dict[str, Values] = {}
        self._scores: list[dict[str, Any]] = []
        self._fans: list[dict[Any, Any]] = []
        self._shares: list[dict[str, Any]] = []

    def run(self, steps: Steps, tell: Tell) -> Filtered:
        """Go through all months."""
        for month in range(len(self.plan.given)):
            self._month(month, steps)
            tell(1)
        handed = self._handed_on(steps)
        scores, fans, shares = (pd.DataFrame(rows) for rows in (self._scores, self._fans, self._shares))
        by_month, by_set = pd.DataFrame(self._by_month).set_index("month"), pd.DataFrame(self._by_set)
        return Filtered(
            months.name(len(by_month) - 1), self._seed, self._settings, by_month, by_set, scores, fans, shares, handed,
            measurements.error_table(self._figures.processes),
        )  # fmt: skip

    @property
    def _weights(self) -> Values:
        """Of all runs, shape (runs,)."""
        return (self._of_sets[:, None] * self._runs.weights).ravel()

    def _month(self, month: int, steps: Steps) -> None:
        runs, name = self._runs, months.name(month)
        rows, played = steps.step()
        by_row = dict(zip(_ROWS, rows, strict=True))
        states = {state: steps.memory[REMEMBERED.index(f"world.{state}")] for state in WATCHED}
        self._score(month, by_row)
        figures = sum(self._figures.weigh(states).values(), np.zeros(played.shape[0]))
        moves = runs.weigh(by_row["log_evidence"])
        whole = moves + runs.weigh(self._settings.exponent * figures)
        seen, all_seen = (float(logsumexp(logs, b=self._of_sets)) for logs in (moves, whole))
        self._by_set[name] = whole
        self._of_sets, power = weights_of_sets(np.sum(list(self._by_set.values()), axis=0))
        worlds = steps.memory[[REMEMBERED.index(f"world.{state}") for state in WORLD_FIELDS]]
        series = np.concatenate([worlds, rows[1 : 1 + len(MEASURES)]])
        self._tell(month, series, played)
        self._past.add(series, played)
        effective = runs.effective
        few = effective < 0.5 * self._settings.shape[1]
        self._by_month.append({
            "month": name, "effective": np.median(effective), "least": effective.min(), "resampled": few.sum(),
            "sets": 1.0 / (self._of_sets**2).sum(), "power": power, "log_evidence": all_seen, "moves": seen,
            "figures": all_seen - seen,
        })  # fmt: skip
        self._resample(few, month, steps)

    def _resample(self, sets: NDArray[np.bool_], month: int, steps: Steps) -> None:
        draws = np.random.default_rng([self._seed, 1, month]).random(len(sets))
        parents = self._runs.resample(sets, draws)
        steps.memory = steps.memory[:, parents]
        self._figures.select(parents)
        self._past.select(parents)

    def _score(self, month: int, by_row: dict[str, Values]) -> None:
        """Note how likely each recorded move was before the month was known."""
        weights = self._weights
        for place, lever in enumerate(EVIDENCE):
            if self._record.recorded[month, place] and lever not in _PARTS:
                # a sum, not a product of vectors, whose last bits depend on how many processors share it
                chance = float((weights * by_row[f"evidence.{lever}"]).sum())
                self._scores.append({"month": months.name(month), "lever": lever, "score": np.log(chance)})

    def _tell(self, month: int, series: Values, played: NDArray[np.int8]) -> None:
        weights = self._weights
        some = slice(None, None, max(len(weights) // _IN_FANS, 1))
        for name, values in zip(SERIES, series, strict=True):
            levels = _quantiles(values[some], weights[some] / weights[some].sum())
            self._fans.append({"series": name, "month": months.name(month)} | dict(zip(LEVELS, levels, strict=True)))
        for place, lever in enumerate(LEVERS):
            shares = np.bincount(played[:, place], weights, len(lever.options))
            self._shares += [
                {"lever": lever.field, "option": option.name, "month": months.name(month), "share": share}
                for option, share in zip(lever.options, shares.tolist(), strict=True)
            ]

    def _handed_on(self, steps: Steps) -> Sets:
        """Return some of the runs, drawn by their weights, with all that others need to set out from them."""
        weights = self._weights
        draw = float(np.random.default_rng([self._seed, 2]).random())
        some = np.repeat(np.arange(len(weights)), resample(weights, draw, min(self._settings.kept, len(weights))))
        series, played = self._past.of(some)
        memory = steps.memory[:, some]
        states = StartState(len(self.plan.given), memory, series.astype(np.float32), played)  # shown, not gone on from
        own = {name: values[some] for name, values in self._own.items()}
        return equally_weighted(pd.DataFrame(own), Source.FILTERED, states)


def _quantiles(values: Values, weights: Values) -> list[float]:
    order = np.argsort(values)
    reached = np.cumsum(weights[order])
    places = np.minimum(np.searchsorted(reached, LEVELS), len(values) - 1)
    ends: list[float] = values[order][places].tolist()
    return ends
