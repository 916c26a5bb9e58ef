"""Figures as a likelihood: what was measured of trade, growth, China's share, shells and workers.

Each figure is held against the model's in logs or logits. It differs by an error of observation, and by a discrepancy:
what a model this coarse misses though its rules are right. The discrepancy is a first-order autoregression, so a run
that trades too little in one month is not blamed for the same again in the next. Given a run's months it is a linear
Gaussian model, so it is summed over exactly, run by run, by a Kalman filter of one dimension.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.special import expit, logit

from sim.analysis import units
from sim.analysis.patterns import REST_OF_WORLD, recorded_trade
from sim.engine.ensemble import Ensemble
from sim.model import months
from sim.registers.register import observed_table, registered_parameters
from sim.registers.targets import target_series
from sim.registers.vintage import cache_by_vintage

Values = NDArray[np.float64]
REST = "rest_of_world"  # trade with other countries, which the model does not simulate, in units of china_flow
WATCHED = ("china_flow", "russia_flow", "workers_in_china", "workers_in_russia", "arms_flow", "economy")
_LEAST = 1e-4  # of a flow or a share, so that it has a logarithm
_GUESS = 0.3  # error of a scattered guess, in logs: estimates of workers differ by a factor of two
_KEPT = 0.9  # of a discrepancy from one month to the next, where too few figures tell
_SLOWLY = 0.98  # of the slow discrepancy of trade, from one month to the next
_OPEN = 0.5  # the least openness of a border in a year whose months tell what a calendar month is worth
_SPREAD = 0.6180339887498949  # the golden ratio's: multiples of it fill a range evenly, however many there are


@dataclass(frozen=True)
class ErrorModel:
    """What is assumed of how recorded figures differ from the model's own.

    Attributes
    ----------
    kept
        By yearly series: how much of what the model missed of one year's figure is missed of the next. Nothing where
        the series is not named.
    growth
        The least standard deviation of the discrepancy of growth.
    rest
        Least and most trade with the rest of the world, in units of ``china_flow``; each run has its own.
    by_month
        Whether trade has factors of calendar months.
    slow
        Standard deviation a month of what comes anew in the slow discrepancy of trade.
    """

    kept: Mapping[str, float]
    growth: float
    rest: tuple[float, float]
    by_month: bool
    slow: float


# The second sitting's (docs/forecasts-second.csv).
SECOND = ErrorModel(kept={}, growth=0.008, rest=(REST_OF_WORLD, REST_OF_WORLD), by_month=False, slow=0.0)
# The third sitting's. Growth: residual of the Bank of Korea's figures on the change of the logarithm of all trade, 2014
# to 2023 (2.15 points, ten years). Its figures up to 2023 show no persistence (autocorrelation -.08), so what is kept
# is the middle of 0 to .3. Rest of the world: 54 million USD in 2022 without Russia, 14 in 2023. Slow: a forecast
# border can be wrong for long, and the fast discrepancy, fitted to one worked back from the figures, cannot know it.
THIRD = ErrorModel(kept={"share": 0.6, "growth": 0.15}, growth=0.020, rest=(0.005, 0.02), by_month=True, slow=0.07)


@dataclass(frozen=True)
class Discrepancy:
    """A first-order autoregression, about what the calendar alone makes of figures.

    Attributes
    ----------
    kept
        How much of it is left after one step.
    shut, opened
        Standard deviation of what comes anew in a step, where the border with China is shut and where it is open.
    slow
        The same of a second autoregression that hardly fades. It begins at 0 where a forecast begins.
    by_month
        Logs by which figures of each calendar month lie above those of others.
    rest
        Least and most trade with the rest of the world; of China's share alone.
    """

    kept: float
    shut: float
    opened: float
    slow: float = 0.0
    by_month: tuple[float, ...] = (0.0,) * 12
    rest: tuple[float, float] = (REST_OF_WORLD, REST_OF_WORLD)

    def fresh(self, border: float) -> float:
        """Return the standard deviation of a step, with the border so far open."""
        openness = min(max(border, 0.0), 1.0)
        return float(self.opened**openness * self.shut ** (1.0 - openness))


class Kalman:
    """A discrepancy as known from the figures so far, of many runs at once: one mean each, one variance for all.

    Attributes
    ----------
    mean
        One a run; free to be reordered.
    variance
        The same for all, for it does not depend on what was seen.
    """

    def __init__(self, runs: int, process: Discrepancy, border: float = 1.0) -> None:
        self.process = process
        self.mean = np.zeros(runs)
        self.variance = process.fresh(border) ** 2 / (1.0 - process.kept**2)

    def pass_on(self, border: float) -> None:
        """Let a step pass."""
        kept = self.process.kept
        self.mean = kept * self.mean
        self.variance = kept**2 * self.variance + self.process.fresh(border) ** 2

    def update(self, gap: Values, error: float) -> Values:
        """Take in how far a figure lies above each run's own, and return how likely that was, in logs."""
        total = self.variance + error**2
        surprise = gap - self.mean
        gain = self.variance / total
        self.mean = self.mean + gain * surprise
        self.variance = (1.0 - gain) * self.variance
        return -0.5 * (np.log(2.0 * np.pi * total) + surprise**2 / total)


@dataclass(frozen=True)
class Figure:
    """One figure: of which month (the last of a year, for a year's), and from which month on it is known."""

    series: str
    month: int
    value: float
    known: int


Past = dict[str, list[Values]]  # by series of :data:`WATCHED` and :data:`REST`: an array over runs a month from 2019-01


def until(past: Past, month: int) -> Past:
    """Return the months up to one, which is included."""
    return {name: values[: month + 1] for name, values in past.items()}


def _flow(past: Past) -> Values:
    return np.log(np.maximum(past["china_flow"][-1], _LEAST) * units.MILLION_USD)


def _growth(past: Past) -> Values:
    now = np.mean(past["economy"][-12:], axis=0)
    before = np.mean(past["economy"][-24:-12], axis=0) if len(past["economy"]) > 12 else _START
    return np.asarray(np.log(now / before))


def _share(past: Past) -> Values:
    china, russia = (np.mean(past[name][-12:], axis=0) for name in ("china_flow", "russia_flow"))
    whole = recorded_trade(china, russia, past[REST][-1])
    return np.asarray(logit(np.clip(china / whole, _LEAST, 1.0 - _LEAST)))


def _shells(past: Past) -> Values:
    since = past["arms_flow"][months.index(units.SHELLS_SINCE) :]
    return np.log(np.maximum(units.MILLION_SHELLS * np.sum(since, axis=0), _LEAST))


def _in_china(past: Past) -> Values:
    return np.log(np.maximum(past["workers_in_china"][-1], _LEAST) * units.WORKERS_IN_CHINA)


def _abroad(past: Past) -> Values:
    china = past["workers_in_china"][-1] * units.WORKERS_IN_CHINA
    return np.log(np.maximum(china + past["workers_in_russia"][-1] * units.WORKERS_IN_RUSSIA, 1.0))


_START = registered_parameters()["start_economy"].default


@dataclass(frozen=True)
class Measure:
    """How a series is measured.

    Attributes
    ----------
    table, series
        Where its figures stand.
    of
        The model's own figure, of many runs, at the end of the months so far.
    seen, in_unit
        What a figure of the table is on the same scale, and back.
    error
        Of observation, on that scale.
    yearly
        Whether a step of its discrepancy is a year.
    """

    table: str
    series: str
    of: Callable[[Past], Values]
    seen: Callable[[float], float]
    in_unit: Callable[[Values], Values]
    error: float
    yearly: bool = False


def _relative(name: str) -> float:
    return target_series()[name].observation


MEASURES = {
    "trade": Measure("monthly", "china_dprk_trade_total", _flow, np.log, np.exp, _relative("trade")),
    "growth": Measure("annual", "dprk_real_gdp_growth_bok", _growth, lambda g: float(np.log1p(g / 100.0)),
                      lambda g: 100.0 * np.expm1(g), _relative("growth") / 100.0, True),
    "share": Measure("annual", "china_share_of_dprk_trade_kotra", _share, lambda s: float(logit(s / 100.0)),
                     lambda s: 100.0 * expit(s),
                     _relative("share") / 100.0 / (0.95 * 0.05), True),  # on the logit of a share of 95%
    "shells": Measure("monthly", "dprk_shells_to_russia_cumulative", _shells, np.log, np.exp, _relative("shells")),
    "workers in China": Measure("annual", "dprk_workers_in_china", _in_china, np.log, np.exp, _GUESS, True),
    "workers abroad": Measure("annual", "dprk_workers_overseas_total", _abroad, np.log, np.exp, _GUESS, True),
}  # fmt: skip


@cache_by_vintage
def series_figures(name: str) -> tuple[Figure, ...]:
    """Return the figures of a series from 2019 on, in order of time.

    A month's is known a month later, a year's in the July after it; of shells, only the dates that decide.
    """
    measure = MEASURES[name]
    table = observed_table(measure.table)
    rows = table[table["series"] == measure.series]
    listed = []
    for row in rows.to_dict("records"):
        if measure.table == "annual":
            month = (int(row["year"]) - months.FIRST_YEAR) * 12 + 11
            known = month + 7
        else:
            if name == "shells" and str(row["month"]) not in target_series()[name].at:
                continue
            month = (row["month"].year - months.FIRST_YEAR) * 12 + row["month"].month - 1
            known = month + 1
        if month >= 0:
            listed.append(Figure(name, month, measure.seen(float(row["value"])), known))
    return tuple(sorted(listed, key=lambda figure: figure.month))


def known_figures(as_of: int) -> list[Figure]:
    """Return all figures that are known as of a month."""
    return [figure for name in MEASURES for figure in series_figures(name) if figure.known <= as_of]


class Measurements:
    """Figures, taken in month by month for many runs at once.

    Attributes
    ----------
    processes
        The discrepancies, by series.
    past
        The months so far of the series that the figures are about.
    """

    def __init__(self, runs: int, border: Values, processes: dict[str, Discrepancy], figures: Iterable[Figure]) -> None:
        self.processes, self._border = processes, border
        self._figures = {(figure.series, figure.month): figure.value for figure in figures}
        self._kalman = {name: Kalman(runs, process, border[0]) for name, process in processes.items()}
        rest = processes["share"].rest if "share" in processes else (REST_OF_WORLD, REST_OF_WORLD)
        self._rest = rest_of_world(rest, runs)
        self.past: Past = {name: [] for name in (*WATCHED, REST)}

    def weigh(self, states: dict[str, Values]) -> dict[str, Values]:
        """Take in a month of all runs, and return how likely each figure of the month was, in logs, by series."""
        for name in WATCHED:
            self.past[name].append(states[name])
        self.past[REST].append(self._rest)
        month = len(self.past["economy"]) - 1
        logs = {}
        for name, measure in MEASURES.items():
            kalman = self._kalman[name]
            if month and (not measure.yearly or month % 12 == 0):
                kalman.pass_on(float(self._border[month]))
            if (name, month) in self._figures:
                gap = self._figures[name, month] - measure.of(self.past) - self.processes[name].by_month[month % 12]
                logs[name] = kalman.update(gap, measure.error)
        return logs

    def select(self, parents: NDArray[np.int64]) -> None:
        """Put the runs in another order, of which some may be taken more than once and others not at all."""
        for kalman in self._kalman.values():
            kalman.mean = kalman.mean[parents]
        self._rest = self._rest[parents]
        for name, recent_months in self.past.items():
            recent = len(recent_months) - _NEEDED[name]
            self.past[name] = [past[parents] if place >= recent else past for place, past in enumerate(recent_months)]

    def draw_figures(self, name: str, many: Ensemble, border: Values, chance: np.random.Generator) -> dict[int, Values]:
        """Draw the figures of a series for months that are still to come, as they would be recorded.

        The discrepancy goes on from what the figures so far say of it, a slow one begins at 0, and each figure has its
        error of observation.

        Parameters
        ----------
        name
            Of the series.
        many
            The same runs, with later months.
        border
            How far the border is open, shape (runs, months from 2019-01).

        Returns
        -------
        dict
            By month (the last of a year, for a year's) a figure a run, in the unit of its table.
        """
        measure, kalman, drawn = MEASURES[name], self._kalman[name], {}
        process, runs = kalman.process, len(many)
        past = {series: list(many.array(series).T) for series in WATCHED}
        past[REST] = [self._rest] * border.shape[1]
        gap, slow = kalman.mean + np.sqrt(kalman.variance) * chance.standard_normal(runs), np.zeros(runs)
        for month in range(len(self.past["economy"]), border.shape[1]):
            if not measure.yearly or month % 12 == 0:
                paths, path = np.unique(border[:, month], return_inverse=True)
                fresh = np.array([process.fresh(openness) for openness in paths])[path]
                gap = process.kept * gap + fresh * chance.standard_normal(runs)
                if process.slow:
                    slow = _SLOWLY * slow + process.slow * chance.standard_normal(runs)
            if not measure.yearly or month % 12 == 11:
                own = measure.of(until(past, month)) + process.by_month[month % 12]
                drawn[month] = measure.in_unit(own + gap + slow + measure.error * chance.standard_normal(runs))
        return drawn


_NEEDED = {**dict.fromkeys(WATCHED, 12), REST: 1, "economy": 24, "arms_flow": months.index("2024-08")}


def rest_of_world(rest: tuple[float, float], runs: int) -> Values:
    """Return each run's trade with the rest of the world: a range filled evenly by runs that stand side by side."""
    low, high = rest
    return np.asarray(low + (high - low) * (_SPREAD * np.arange(runs) % 1.0), dtype=np.float64)


def learn_errors(many: Ensemble, border: Values, as_of: int, errors: ErrorModel = THIRD) -> dict[str, Discrepancy]:
    """Return how large the discrepancies are: what free runs missed of the figures that were known as of a month.

    Trade has figures enough to tell how long a gap lasts and how wide it is under a shut border and an open one: the
    likeliest. Of the others the width alone is learnt, and never taken to be less than the register of series says.

    Parameters
    ----------
    many
        Free runs, up to the month at least.
    border
        How far the border is open, by month from 2019-01.
    errors
        What is assumed of the figures, whatever they are.
    """
    past = {name: list(many.array(name).mean(axis=0)[:, None]) for name in WATCHED}
    past[REST] = [np.array([np.mean(errors.rest)])] * len(past["economy"])
    return {name: _learnt(name, past, border, as_of, errors) for name in MEASURES}


def _learnt(name: str, past: Past, border: Values, as_of: int, errors: ErrorModel) -> Discrepancy:
    measure, seen = MEASURES[name], [figure for figure in series_figures(name) if figure.known <= as_of]
    by_month = month_factors(border, as_of) if name == "trade" and errors.by_month else (0.0,) * 12
    gaps = [
        (point.month, float(point.value - measure.of(until(past, point.month))[0]) - by_month[point.month % 12])
        for point in seen
    ]
    if name == "trade" and len(gaps) >= 12:
        return replace(_likeliest(gaps, border, measure.error), slow=errors.slow, by_month=by_month)
    kept = errors.kept.get(name, 0.0) if measure.yearly else _KEPT
    register_says = {"trade": 0.4, "growth": errors.growth, "share": 0.3, "shells": 0.15}.get(name, _GUESS)
    missed = np.mean([gap**2 for _, gap in gaps]) - measure.error**2 if gaps else 0.0
    wide = float(np.sqrt(max(missed, register_says**2) * (1.0 - kept**2)))
    slow = errors.slow if name == "trade" else 0.0
    return Discrepancy(kept, wide, wide, slow, by_month, errors.rest)


def month_factors(border: Values, as_of: int) -> tuple[float, ...]:
    """Return by how much trade of each calendar month lies above that of others, in logs, January first.

    Months of whole years in which the border was open and that were known, 2018 the first of them. Each year has a
    level of its own; a month with n figures counts n / (n + 1) (ridge regression with a penalty of 1; Hoerl and
    Kennard 1970).

    Parameters
    ----------
    border
        How far the border is open, by month from 2019-01.
    as_of
        The last month that is known, since 2019-01.
    """
    table = observed_table(MEASURES["trade"].table)
    rows = table[table["series"] == MEASURES["trade"].series]
    at = pd.DataFrame({"year": rows["month"].dt.year, "month": rows["month"].dt.month - 1, "value": rows["value"]})
    seen = sorted(set(at["year"]))
    years = [year for year in seen if year >= months.FIRST_YEAR - 1 and _open_year(year, border, as_of)]
    at = at[at["year"].isin(years)]
    if at.empty:
        return (0.0,) * 12
    of_year = (at["year"].to_numpy()[:, None] == years).astype(float)
    of_month = np.eye(12)[at["month"].to_numpy(np.int64)]
    design = np.hstack([of_year, of_month])
    penalty = np.diag([0.0] * len(years) + [1.0] * 12)
    logs = np.log(at["value"].to_numpy(np.float64))
    fitted = np.linalg.solve(design.T @ design + penalty, design.T @ logs)
    return tuple(fitted[len(years) :].tolist())


def _open_year(year: int, border: Values, as_of: int) -> bool:
    first = (year - months.FIRST_YEAR) * 12
    return first + 12 <= as_of and bool((border[max(first, 0) : first + 12] >= _OPEN).all())


def _likeliest(gaps: list[tuple[int, float]], border: Values, error: float) -> Discrepancy:
    """Return the process under which the gaps are the likeliest."""

    def process(theta: Values) -> Discrepancy:
        return Discrepancy(0.99 * float(expit(theta[0])), *np.exp(theta[1:]).tolist())

    def misfit(theta: Values) -> float:
        kalman, at, total = Kalman(1, process(theta), float(border[0])), 0, 0.0
        for month, gap in gaps:
            for step in range(at + 1, month + 1):
                kalman.pass_on(float(border[step]))
            at, total = month, total - float(kalman.update(np.array([gap]), error)[0])
        return total

    fitted = minimize(misfit, np.array([0.0, np.log(0.4), np.log(0.16)]), method="Nelder-Mead")
    return process(fitted.x)


def error_table(processes: dict[str, Discrepancy]) -> pd.DataFrame:
    """Return what was learnt, a row a series."""
    return pd.DataFrame(
        {name: (MEASURES[name].error, learnt.kept, learnt.shut, learnt.opened) for name, learnt in processes.items()},
        index=["error", "kept", "border shut", "border open"],
    ).T
