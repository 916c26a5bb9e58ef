"""The state of the world as of a month: runs and parameter sets weighed by the record, month by month.

Sequential Monte Carlo. Each particle is a run with a parameter set of its own. A month is simulated with moves that are
conditional on what was recorded of them (:mod:`sim.engine.conditioning`), and each particle is weighed by how likely
that record was, and the month's figures (:mod:`sim.calibration.measurements`). Where the effective size falls below
half, particles are resampled (systematic; whoever survives keeps its place), and all parameter sets move a little, in a
way that leaves mean and covariance as they were (Liu and West 2001). Chance belongs to a place and a month, so copies
part at once, and the same seed gives the same bits for any number of threads.
"""

from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import logsumexp, ndtr, ndtri

from sim.article.register import parameters as register
from sim.calibration import coding, hindcast, measurements
from sim.calibration.measurements import WATCHED, Measurements
from sim.calibration.parameter_sets import Sets, given, of_runs, standing
from sim.engine.blocks import REMEMBERED, Engine, Steps
from sim.engine.conditioning import EVIDENCE
from sim.engine.ensemble import SERIES, States, by_run
from sim.engine.plan import GIVEN, MEASURES, Plan, Support, plan
from sim.model import months
from sim.model.moves import DEAL, LEVERS
from sim.model.world import WORLD_FIELDS
from sim.scenario.schema import Scenario
from sim.scenario.source import Source
from sim.scenario.values import ORDERINGS, defaults, orderly

FEWEST = 200  # distinct parameter sets that a resampling leaves at least
LEVELS = (0.05, 0.25, 0.5, 0.75, 0.95)
_ROWS = ("log_evidence", *(f"measure.{name}" for name in MEASURES), *(f"evidence.{name}" for name in EVIDENCE))
_WEIGHED = {name for ordering in ORDERINGS for name in ordering.weights}
_PARTS = tuple(lever.field for lever in DEAL)  # decided together, so they are scored together
_CHUNK = 4_096  # particles whose parameters are moved at a time
_FREE_RUNS = 512  # simulated freely, to learn how large discrepancies are
_IN_FANS = 8_192  # particles that quantiles are taken of
_DISCOUNT = 0.99  # of Liu and West: how much a move of the parameter sets forgets

Values = NDArray[np.float64]
Tell = Callable[[int], object]


@dataclass(frozen=True)
class FilterSettings:
    """What a filter is asked.

    Attributes
    ----------
    particles
        At least 2.
    times, coding, exponent
        How many times as large errors of the codings are taken to be; which coding is read (both where not said); and
        how much all evidence counts (1: as it stands; 0: not at all, which leaves free runs).
    kept
        How many particles are handed on as states, at most.
    """

    particles: int = 65_536
    times: float = 1.0
    coding: int | None = None
    exponent: float = 1.0
    kept: int = 4_096


@dataclass(frozen=True, eq=False)
class Filtered:
    """What is known as of a month.

    Attributes
    ----------
    as_of
        The last month of the record, YYYY-MM.
    by_month
        A row a month: ``effective`` size before resampling, ``sets`` (distinct ones that the resampling left; nothing
        where there was none), ``power`` (of the weights that it used; below 1 where it was tempered), ``log_evidence``
        of the month, and of it ``moves`` and ``figures``.
    scores
        A row a recorded lever (or the deal as a whole) and month: the log of its chance a month ahead.
    fans
        A row a series and month, as known then: columns of :data:`LEVELS`.
    shares
        A row a lever, option and month: the share of particles that took it, as known then.
    sets
        The parameter sets of the particles that are handed on, with their states.
    founders
        How many of the parameter sets that the filter began with have descendants.
    processes
        How large the discrepancies were taken to be.
    """

    as_of: str
    seed: int
    settings: FilterSettings
    by_month: pd.DataFrame
    scores: pd.DataFrame
    fans: pd.DataFrame
    shares: pd.DataFrame
    sets: Sets
    founders: int
    processes: pd.DataFrame

    @property
    def log_evidence(self) -> float:
        """The log-likelihood of all that was recorded, in nats."""
        return float(self.by_month["log_evidence"].sum())

    @property
    def costliest(self) -> str:
        """The month that the model found least likely."""
        return str(self.by_month["log_evidence"].idxmin())

    @property
    def warning(self) -> str:
        """What a reader must know of how few sets stand behind it; empty where they are enough."""
        tempered = self.by_month.index[self.by_month["power"] < 1.0]
        said = []
        if len(tempered):
            said.append(
                f"fewer than {FEWEST} distinct parameter sets would have been left in {len(tempered)} months, first "
                f"{tempered[0]}: there the resampling was tempered; take more particles"
            )
        if self.founders < FEWEST:
            said.append(
                f"all that is left descends from {self.founders} of the first sets: the last ones are those, moved a "
                "little at every resampling, and no independent draws"
            )
        return "; ".join(said)


class Weighted:
    """Particles that are weighed and resampled, whatever they are.

    Attributes
    ----------
    log_weights
        One a particle; their exponentials sum to 1.
    founders
        From which of the first particles each descends.
    """

    def __init__(self, count: int) -> None:
        self.log_weights = np.full(count, -np.log(count))
        self.founders = np.arange(count)

    def __len__(self) -> int:
        return len(self.log_weights)

    @property
    def weights(self) -> Values:
        """The weights, which sum to 1."""
        return self._powered(1.0)

    @property
    def effective(self) -> float:
        """The effective size (Kong 1992)."""
        return float(1.0 / (self.weights**2).sum())

    def weigh(self, gained: Values) -> float:
        """Take in log-likelihoods, one a particle, and return the log of their mean."""
        self.log_weights = self.log_weights + gained
        evidence = float(logsumexp(self.log_weights))
        self.log_weights = self.log_weights - evidence
        return evidence

    def resample(self, draw: float, power: float) -> NDArray[np.int64]:
        """Draw particles by their weights to a power, keep the rest of the weight, and return the parents.

        Whoever survives keeps its place; further copies take the places of those that do not.
        """
        counts = drawn(self._powered(power), draw)
        parents = np.arange(len(self))
        parents[counts == 0] = np.repeat(np.arange(len(self)), np.maximum(counts - 1, 0))
        rest = (1.0 - power) * self.log_weights[parents]
        self.log_weights = rest - float(logsumexp(rest))
        self.founders = self.founders[parents]
        return parents

    def power(self, draw: float) -> float:
        """Return the power of the weights at which a resampling leaves :data:`FEWEST` sets, 1 at most."""
        if self._left(1.0, draw) >= min(FEWEST, len(self)):
            return 1.0
        low, high = 0.0, 1.0
        for _ in range(20):
            middle = 0.5 * (low + high)
            low, high = (middle, high) if self._left(middle, draw) >= min(FEWEST, len(self)) else (low, middle)
        return low

    def _left(self, power: float, draw: float) -> int:
        return int(np.count_nonzero(drawn(self._powered(power), draw)))

    def _powered(self, power: float) -> Values:
        weights = np.exp(power * (self.log_weights - self.log_weights.max()))
        return np.asarray(weights / weights.sum())


class Particles(Weighted):
    """Runs and parameter sets on their way through the months.

    Attributes
    ----------
    normal
        The parameter sets, each number as the normal quantile of its place in its range: shape (particles, parameters).
        Draws of the prior are standard normal there, and no move leaves the bounds.
    fixed
        Other parameters, which are the same in all and may lie outside their bounds.
    """

    def __init__(
        self,
        scenario: Scenario,
        normal: Values,
        names: list[str],
        seed: int,
        jobs: int,
        fixed: Mapping[str, float] = MappingProxyType({}),
    ) -> None:
        super().__init__(len(normal))
        self.scenario, self.normal, self.names, self.seed, self.jobs = scenario, normal, names, seed, jobs
        self.fixed = fixed
        ranges = [register()[name] for name in names]
        self._low = np.array([each.low for each in ranges], dtype=np.float64)
        self._span = np.array([each.high for each in ranges], dtype=np.float64) - self._low
        self._fixed = defaults(scenario.parameters)

    def parameters(self) -> dict[str, Values]:
        """Return the parameters of all particles, by name."""
        found = np.empty((len(self.names), len(self)))

        def some(first: int) -> None:
            part = slice(first, first + _CHUNK)
            found[:, part] = self._numbers(self.normal[part], slice(None)).T

        with ThreadPoolExecutor(self.jobs) as pool:
            list(pool.map(some, range(0, len(self), _CHUNK)))
        same = {name: np.full(len(self), value) for name, value in self.fixed.items()}
        return dict(zip(self.names, found, strict=True)) | same

    def _numbers(self, normal: Values, columns: NDArray[np.int64] | slice) -> Values:
        return np.asarray(self._low[columns] + self._span[columns] * ndtr(normal[:, columns]))

    def move(self, parents: NDArray[np.int64], key: list[int], kept: float = _DISCOUNT) -> None:
        """Give each particle its parent's parameter set, moved a little (Liu and West 2001).

        Toward the mean, and off it by a difference of two other sets: mean and covariance stay as they are, and nothing
        is assumed of their shape. Those that would break an ordering of goals do not move.
        """
        shrink = (3.0 * kept - 1.0) / (2.0 * kept)
        spread = np.sqrt((1.0 - shrink**2) / 2.0)
        centre = self.normal[parents].mean(axis=0)
        chance = np.random.default_rng(key)
        one, other = (parents[chance.integers(len(self), size=len(self))] for _ in range(2))
        moved = np.empty_like(self.normal)
        ordered = [name for name in self.names if name in _WEIGHED]
        columns = np.array([self.names.index(name) for name in ordered], dtype=np.int64)

        def some(first: int) -> None:
            part = slice(first, first + _CHUNK)
            stays = self.normal[parents[part]]
            goes = shrink * stays + (1.0 - shrink) * centre
            goes += spread * (self.normal[one[part]] - self.normal[other[part]])
            weights = dict(zip(ordered, self._numbers(goes, columns).T, strict=True))
            orders = np.broadcast_to(orderly(self._fixed | weights), len(goes))
            moved[part] = np.where(orders[:, None], goes, stays)

        with ThreadPoolExecutor(self.jobs) as pool:
            list(pool.map(some, range(0, len(self), _CHUNK)))
        self.normal = moved


def drawn(weights: Values, draw: float) -> NDArray[np.int64]:
    """Return how often each particle is drawn: systematic resampling with one uniform draw (Kitagawa 1996)."""
    reached = np.cumsum(weights) * len(weights)
    reached[-1] = len(weights)
    passed = np.ceil(reached - draw).astype(np.int64)
    return np.asarray(np.diff(np.clip(passed, 0, len(weights)), prepend=0), dtype=np.int64)


class Ancestry:
    """Months of all particles, of which those without descendants are forgotten."""

    def __init__(self) -> None:
        self._months: list[tuple[Values, NDArray[np.int8], NDArray[np.int64]]] = []

    def add(self, series: Values, played: NDArray[np.int8]) -> None:
        """Keep a month: series of shape (rows, particles), and what was played, (particles, levers)."""
        self._months.append((series, played, np.arange(len(played))))

    def select(self, parents: NDArray[np.int64]) -> None:
        """Put the particles in another order."""
        self._months = [_pruned(series, played, line[parents]) for series, played, line in self._months]

    def of(self, particles: NDArray[np.int64]) -> tuple[Values, NDArray[np.int8]]:
        """Return the months of some: shapes (particles, months, rows) and (particles, months, levers)."""
        series = np.stack([each[:, line[particles]].T for each, _, line in self._months], axis=1)
        return series, np.stack([played[line[particles]] for _, played, line in self._months], axis=1)


def _pruned(
    series: Values, played: NDArray[np.int8], line: NDArray[np.int64]
) -> tuple[Values, NDArray[np.int8], NDArray[np.int64]]:
    used = np.zeros(len(played), dtype=bool)
    used[line] = True
    if used.all():
        return series, played, line
    return series[:, used], played[used], (np.cumsum(used) - 1)[line]


def filtered(
    as_of: str,
    seed: int,
    settings: FilterSettings = FilterSettings(),
    jobs: int = 1,
    tell: Tell = int,
    engine: Engine | None = None,
) -> Filtered:
    """Return the state of the world as of a month.

    Particles begin with the retained parameter sets, one half as they stand, the other as fresh draws of their region.

    Parameters
    ----------
    tell
        Called with 1 after every month.

    Raises
    ------
    ValueError
        If the month lies outside the record.
    """
    scenario, sets = world(as_of), standing()
    record = tempered(coding.record(scenario.horizon, settings.coding, settings.times), settings.exponent)
    processes = learnt(scenario, sets, seed, jobs)
    figures = Measurements(settings.particles, border_of(scenario), processes, measurements.known(scenario.horizon - 1))
    particles = begun(scenario, sets, settings.particles, seed, jobs)
    return through(particles, record, figures, settings, tell, engine)


def through(
    particles: Particles,
    record: Support,
    figures: Measurements,
    settings: FilterSettings,
    tell: Tell = int,
    engine: Engine | None = None,
) -> Filtered:
    """Take particles through a record and its figures, to the last month of their scenario."""
    return _Filter(plan(particles.scenario), particles, record, figures, settings, engine).run(tell)


def border_of(scenario: Scenario) -> Values:
    """Return how far the border with China is open, month by month."""
    return plan(scenario).given[:, GIVEN.index("border")]


def learnt(scenario: Scenario, sets: Sets, seed: int, jobs: int) -> dict[str, measurements.Discrepancy]:
    """Return how large discrepancies are, learnt from free runs up to the scenario's last month."""
    runs = max(_FREE_RUNS // len(sets), 1)
    values = sets.some(_FREE_RUNS, seed).values
    free = hindcast.simulate_sets(scenario, values, runs, seed, 0, jobs, kept=WATCHED)
    return measurements.learnt(free, border_of(scenario), scenario.horizon - 1)


def world(as_of: str) -> Scenario:
    """Return the world from January 2019 to a month of the record.

    Raises
    ------
    ValueError
        If the month lies outside the record.
    """
    whole = hindcast.hindcast()
    if not 12 <= months.index(as_of) < whole.horizon:
        last = months.name(whole.horizon - 1)
        raise ValueError(f"{as_of} is not within the record: choose a month from 2020-01 to {last}")
    return whole.with_(months={"to": as_of})


def tempered(support: Support, exponent: float) -> Support:
    """Return a record that counts for so much."""
    return support if exponent == 1.0 else Support.of(support.support**exponent)


def begun(
    scenario: Scenario, sets: Sets, count: int, seed: int, jobs: int, fixed: Mapping[str, float] = MappingProxyType({})
) -> Particles:
    """Return the particles before the first month: half have a parameter set of those given, half a fresh draw.

    Fresh draws are made of three sets, so that they have the mean and covariance of all.

    Parameters
    ----------
    fixed
        Parameters that the sets do not have, with a value for all particles.
    """
    own = of_runs(sets, range(count), scenario)
    names = list(own)
    ranges = [register()[name] for name in names]
    low, high = (np.array([getattr(each, end) for each in ranges], dtype=np.float64) for end in ("low", "high"))
    places = (np.column_stack([own[name] for name in names]) - low) / (high - low)
    normal = ndtri(np.clip(places, 1e-9, 1.0 - 1e-9))
    found = Particles(scenario, normal, names, seed, jobs, fixed)
    found.move(np.arange(count), [seed, 0], kept=0.9)
    found.normal[: count // 2] = normal[: count // 2]
    return found


@dataclass
class _Filter:
    """A filter at work."""

    plan: Plan
    particles: Particles
    support: Support
    figures: Measurements
    settings: FilterSettings
    engine: Engine | None = None
    past: Ancestry = field(default_factory=Ancestry)
    by_month: list[dict[str, Any]] = field(default_factory=list)
    scores: list[dict[str, Any]] = field(default_factory=list)
    fans: list[dict[Any, Any]] = field(default_factory=list)
    shares: list[dict[str, Any]] = field(default_factory=list)

    def run(self, tell: Tell) -> Filtered:
        """Go through all months."""
        particles = self.particles
        numbers, own = np.arange(len(particles)), by_run(particles.scenario, particles.parameters())
        steps = Steps(self.plan, particles.seed, numbers, _ROWS, own, particles.jobs, self.engine, self.support)
        for month in range(len(self.plan.given)):
            self._month(month, steps)
            tell(1)
        handed = self._handed_on(steps, len(self.plan.given))
        founders = len(np.unique(particles.founders))
        scores, fans, shares = (pd.DataFrame(rows) for rows in (self.scores, self.fans, self.shares))
        by_month = pd.DataFrame(self.by_month).set_index("month")
        return Filtered(
            months.name(len(by_month) - 1), particles.seed, self.settings, by_month, scores, fans, shares, handed,
            founders, measurements.table(self.figures.processes),
        )  # fmt: skip

    def _month(self, month: int, steps: Steps) -> None:
        particles, name = self.particles, months.name(month)
        rows, played = steps.step()
        by_row = dict(zip(_ROWS, rows, strict=True))
        states = {each: steps.memory[REMEMBERED.index(f"world.{each}")] for each in WATCHED}
        self._score(month, by_row)
        figures = sum(self.figures.weigh(states).values(), np.zeros(len(particles)))
        moves = particles.weigh(by_row["log_evidence"])
        seen = particles.weigh(self.settings.exponent * figures)
        worlds = steps.memory[[REMEMBERED.index(f"world.{each}") for each in WORLD_FIELDS]]
        series = np.concatenate([worlds, rows[1 : 1 + len(MEASURES)]])
        self._tell(month, series, played)
        self.past.add(series, played)
        row = {"month": name, "effective": particles.effective, "sets": np.nan, "power": 1.0,
               "log_evidence": moves + seen, "moves": moves, "figures": seen}  # fmt: skip
        last = month == len(self.plan.given) - 1
        if last or particles.effective < 0.5 * len(particles):
            row |= self._resample(month, steps, last)
        self.by_month.append(row)

    def _resample(self, month: int, steps: Steps, last: bool) -> dict[str, float]:
        particles = self.particles
        draw = float(np.random.default_rng([particles.seed, 1, month]).random())
        power = 1.0 if last else particles.power(draw)
        parents = particles.resample(draw, power)
        steps.memory = steps.memory[:, parents]
        self.figures.select(parents)
        self.past.select(parents)
        if last:  # what is handed on has the sets that it was simulated with
            particles.normal = particles.normal[parents]
        else:
            particles.move(parents, [particles.seed, 2, month])
            steps.change(by_run(particles.scenario, particles.parameters()))
        return {"sets": float(len(np.unique(parents))), "power": power}

    def _score(self, month: int, by_row: dict[str, Values]) -> None:
        """Note how likely each recorded move was before the month was known."""
        for place, lever in enumerate(EVIDENCE):
            if self.support.told[month, place] and lever not in _PARTS:
                chance = float(self.particles.weights @ by_row[f"evidence.{lever}"])
                self.scores.append({"month": months.name(month), "lever": lever, "score": np.log(chance)})

    def _tell(self, month: int, series: Values, played: NDArray[np.int8]) -> None:
        weights = self.particles.weights
        some = slice(None, None, max(len(weights) // _IN_FANS, 1))
        for name, values in zip(SERIES, series, strict=True):
            levels = _quantiles(values[some], weights[some] / weights[some].sum())
            self.fans.append({"series": name, "month": months.name(month)} | dict(zip(LEVELS, levels, strict=True)))
        for place, lever in enumerate(LEVERS):
            shares = np.bincount(played[:, place], weights, len(lever.options))
            self.shares += [
                {"lever": lever.field, "option": option.name, "month": months.name(month), "share": share}
                for option, share in zip(lever.options, shares.tolist(), strict=True)
            ]

    def _handed_on(self, steps: Steps, horizon: int) -> Sets:
        """Return some of the particles, which count alike, with all that runs need to set out from them."""
        some = np.arange(0, len(self.particles), max(len(self.particles) // self.settings.kept, 1))
        series, played = self.past.of(some)
        states = States(horizon, steps.memory[:, some], series.astype(np.float32), played)  # shown, not gone on from
        own = {name: values[some] for name, values in self.particles.parameters().items()}
        return given(pd.DataFrame(own), Source.FILTERED, states)


def _quantiles(values: Values, weights: Values) -> list[float]:
    order = np.argsort(values)
    reached = np.cumsum(weights[order])
    places = np.minimum(np.searchsorted(reached, LEVELS), len(values) - 1)
    found: list[float] = values[order][places].tolist()
    return found
