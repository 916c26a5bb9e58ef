"""Parameter sets on trial before history: many runs of each from January 2019, never reset to what was observed.

A set is measured by the mean over its runs of every number of :mod:`sim.analysis.patterns` and of every observed
series, each with its standard error. A number is *met* where its mean lies within the bound (a series: within its
tolerance). Its *implausibility* is how far the mean lies outside the bound (from the figure), in standard deviations of
observation, model discrepancy and sampling together (Craig et al. 1997; Vernon, Goldstein and Bower 2010).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.analysis.patterns import PAIRED, PATTERNS, SERIES, Values
from sim.engine.ensemble import Ensemble
from sim.engine.experiment import Experiment
from sim.model import months
from sim.model.moves import DEAL, LEVER, Lever
from sim.registers.register import observed_table
from sim.registers.targets import bounds, counted_patterns, follows_from_inputs, patterns, target_series
from sim.scenario import load
from sim.scenario.plain_data import derived_name
from sim.scenario.schema import Scenario

KEPT = (
    "china_flow", "workers_in_russia", "russia_flow", "arms_flow", "economy", "warmth_beijing_moscow",
    "warmth_beijing_washington", "warmth_beijing_seoul", "influence",
)  # fmt: skip
ERROR = " error"  # ends the names of standard errors in files
OUTREACH_ALONE = "beijing_toward_west, without an arms deal"
_AT_ONCE = 16_384  # runs held in memory with all their months
FAMILIES = counted_patterns()  # T and W, each with its patterns
COUNTED = tuple(pattern for family in FAMILIES.values() for pattern in family)
BY_EVIDENCE = tuple(sorted(patterns(), key=follows_from_inputs))  # what is given comes after what is the model's own
OF_ALL = f"of {len(COUNTED)}"  # names how many of them hold
MOST = " and ".join(f"{len(family) - 1} {letter}" for letter, family in FAMILIES.items())  # at least
ALL, MATCHED = f"all {len(COUNTED)}", "all series"


Tell = Callable[[Ensemble, Ensemble, int, int], None]  # with a deal, without, the first set's number, how many sets


@dataclass(frozen=True, eq=False)
class Scores:
    """What was measured: a row a set, a column a number (a bound's id, or a series and its date: ``trade 2023``).

    Attributes
    ----------
    means, errors
        The mean over a set's runs, and its standard error.
    """

    means: pd.DataFrame
    errors: pd.DataFrame

    @property
    def implausibility(self) -> pd.DataFrame:
        """Standard deviations outside the bound, or from the figure; infinite where there was nothing to measure."""
        low, high, spread = np.array([target(str(name)) for name in self.means]).T
        outside = np.maximum(np.maximum(low - self.means, self.means - high), 0.0)
        return (outside / np.sqrt(spread**2 + self.errors**2)).fillna(np.inf)

    @property
    def met(self) -> pd.DataFrame:
        """Which numbers lie where they must, a column a number."""
        return within_bounds(self.means)

    @property
    def passed(self) -> pd.DataFrame:
        """Which patterns hold, a column a pattern: those all of whose numbers lie within their bounds."""
        met = self.met
        there = {name: list(ids) for name, ids in patterns().items() if set(ids) <= set(met)}
        return pd.DataFrame({name: met[ids].all(axis=1) for name, ids in there.items()}, index=met.index)

    def frame(self) -> pd.DataFrame:
        """Return both in one table, for a file: the errors have names of their own."""
        return self.means.join(self.errors.add_suffix(ERROR))

    @classmethod
    def of(cls, frame: pd.DataFrame) -> "Scores":
        """Return the scores of such a table, whatever else stands in it."""
        names = [name for name in frame if f"{name}{ERROR}" in frame]
        return cls(frame[names], frame[[f"{name}{ERROR}" for name in names]].set_axis(names, axis="columns"))


def free_runs() -> Scenario:
    """Return the world from January 2019 to August 2024."""
    return load("hindcast")


def script_lever(lever: Lever, option: str, first: str, last: str) -> dict[str, str]:
    """Return as a scenario file has it that a lever stands at an option from a month to another, both YYYY-MM."""
    return {"capital": lever.capital, "lever": lever.name, "option": option, "from": first, "to": last}


def without_deal(scenario: Scenario) -> Scenario:
    """Return the same scenario, but that Moscow never buys."""
    nothing = [script_lever(lever, lever.options[0].name, months.name(0), scenario.months.last) for lever in DEAL]
    return scenario.with_(name=derived_name(scenario.name, ", without an arms deal"), moves=nothing)


@dataclass(frozen=True)
class _BySet:
    """Runs of parameter sets, one set after the other, as patterns read them: arrays of (sets, runs, months)."""

    many: Ensemble
    runs: int

    def array(self, name: str) -> NDArray[np.float64]:
        values = self.many.array(name)
        return values.reshape(-1, self.runs, values.shape[1])


def measure_history(many: Ensemble, without: Ensemble | None = None, runs: int | None = None) -> Scores:
    """Measure every number of history.

    Parameters
    ----------
    without
        The same runs without an arms deal; T7 is left out where it is not given.
    runs
        How many runs each parameter set has, one set after the other: a row a set. Where not said, all are of one.
    """
    runs = runs or len(many)
    world = _BySet(many, runs)
    by_name: dict[str, Values] = {name: measure(world) for name, measure in PATTERNS.items()}
    if without is not None:
        by_name |= {name: measure(world, _BySet(without, runs)) for name, measure in PAIRED.items()}
    for name, wanted in target_series().items():
        by_name |= {f"{name} {at}": SERIES[name](world, at) for at in wanted.at}
    pairs = {name: _mean_and_error(values) for name, values in by_name.items()}
    return Scores(
        pd.DataFrame({name: mean for name, (mean, _) in pairs.items()}),
        pd.DataFrame({name: error for name, (_, error) in pairs.items()}),
    )


def try_sets(experiment: Experiment, tell: Tell | None = None) -> Scores:
    """Simulate parameter sets through history, with and without an arms deal, and measure everything.

    Parameters
    ----------
    experiment
        As many runs of each set, one set after the other (:meth:`sim.engine.experiment.Experiment.runs_of_every_set`).
    tell
        Called now and then with the months of the sets that were tried since the last time, without an arms deal too.
    """
    parts, sets = [], experiment.sets
    runs = experiment.runs_a_set if len(experiment) else 2  # without a set any number gives the same empty table
    twin, rows = without_deal(experiment.scenario), max(_AT_ONCE // runs, 1)
    for place, some in enumerate(experiment.in_parts(rows * runs)):  # no sets are measured too
        many, alone = some.versus(some.replace(scenario=twin), KEPT)
        parts.append(measure_history(many, alone, runs))
        if tell:
            tell(many, alone, place * rows, len(some) // runs)
    means, errors = (pd.concat([getattr(part, name) for part in parts]) for name in ("means", "errors"))
    return Scores(means.set_axis(sets.values.index), errors.set_axis(sets.values.index))


def history_rows(many: Ensemble, without: Ensemble, sets: int, first: int) -> pd.DataFrame:
    """Return every month as a row, so that others can measure the patterns with a program of their own.

    Parameters
    ----------
    sets, first
        How many sets the runs stand for, and the number of the first.

    Returns
    -------
    frame
        Set, run and month; the kept states; the option values of all levers; and :data:`OUTREACH_ALONE`.
    """
    horizon = range(many.played.shape[1])
    numbers = (range(first, first + sets), range(len(many) // sets), [months.name(month) for month in horizon])
    index = pd.MultiIndex.from_product(numbers, names=["set", "run", "month"])
    columns = {name: many.array(name).ravel() for name in (*KEPT, *LEVER)}
    columns[OUTREACH_ALONE] = without.array("beijing_toward_west").ravel()
    return pd.DataFrame(columns, index).reset_index()


def within_bounds(means: pd.DataFrame) -> pd.DataFrame:
    """Return which numbers lie within their bounds, and which series within their tolerances."""
    return pd.DataFrame({name: _met(str(name), means[name]) for name in means}, index=means.index)


def expected_misses(means: pd.DataFrame, errors: pd.DataFrame) -> pd.DataFrame:
    """Return how many patterns of T and of W a set is likely to miss, where its numbers are known with these errors.

    Patterns of which a number is missing from the table do not count; a number that is not known there is missed.
    """
    from scipy.special import ndtr

    misses = pd.DataFrame(0.0, index=means.index, columns=list(FAMILIES))
    for family, pattern in ((family, pattern) for family, its in FAMILIES.items() for pattern in its):
        ids = patterns()[pattern]
        if set(ids) <= set(means):
            holds = pd.Series(1.0, index=means.index)
            for name in ids:
                low, high, _ = target(name)
                error = np.maximum(errors[name], 1e-9)
                holds *= ndtr((high - means[name]) / error) - ndtr((low - means[name]) / error)
            misses[family] += 1.0 - holds.fillna(0.0)
    return misses


@cache
def target(name: str) -> tuple[float, float, float]:
    """Return where a number must lie, low to high, and the spread of observation and discrepancy together."""
    if name in bounds():
        bound = bounds()[name]
        low, high = (-np.inf if bound.low is None else bound.low), (np.inf if bound.high is None else bound.high)
        return low, high, bound.discrepancy
    wanted, figure = target_series()[name.split()[0]], observed_figures()[name]
    scale = abs(figure) if wanted.relative else 1.0
    return figure, figure, scale * float(np.hypot(wanted.observation, wanted.discrepancy))


@cache
def observed_figures() -> Mapping[str, float]:
    """Return the observed figures by name, such as ``trade 2023``."""
    by_name = {}
    for name, wanted in target_series().items():
        table = observed_table(wanted.table, later=False)  # what chooses parameters knows no vintage
        rows = table[table["series"] == wanted.series]
        when = rows["month" if wanted.table == "monthly" else "year"].astype(str)
        for at in wanted.at:
            by_name[f"{name} {at}"] = float(rows["value"][when == at].iloc[0])
    return by_name


def _met(name: str, means: "pd.Series[float]") -> "pd.Series[bool]":
    if name in bounds():
        low, high, _ = target(name)
        return means.between(low, high, "neither" if bounds()[name].strict else "both")
    wanted, figure = target_series()[name.split()[0]], observed_figures()[name]
    return (means - figure).abs() <= wanted.tolerance * (abs(figure) if wanted.relative else 1.0)


def _mean_and_error(values: Values) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return mean and standard error over the runs.

    A share of few runs that all agree is not known exactly: its error is that of one hit and one miss more (Agresti
    and Coull 1998).
    """
    runs = values.shape[-1]
    mean = values.mean(axis=-1)
    if values.dtype == bool:
        likely = (values.sum(axis=-1) + 1.0) / (runs + 2.0)
        return mean, np.sqrt(likely * (1.0 - likely) / runs)
    return mean, values.std(axis=-1, ddof=1) / np.sqrt(runs)


def pattern_shares(scores: Scores) -> "pd.Series[float]":
    """Return the share of sets in which each pattern holds, most or all that count do, and all series match."""
    passed = scores.passed
    series_met = scores.met[[name for name in scores.means if name in observed_figures()]].all(axis=1)
    few, none = (few_missed(passed, most).mean() for most in (1, 0))
    by_name = passed.mean()[list(BY_EVIDENCE)].to_dict() | {MOST: few, ALL: none, MATCHED: series_met.mean()}
    return pd.Series(by_name, dtype=float)


def few_missed(passed: pd.DataFrame, most: int) -> "pd.Series[bool]":
    """Return which sets miss at most so many patterns of T, and at most so many of W."""
    families = pd.DataFrame({name: (~passed[list(family)]).sum(axis=1) <= most for name, family in FAMILIES.items()})
    return families.all(axis=1)


def conflicts(scores: Scores) -> pd.DataFrame:
    """Return for each two patterns how far they hold together across sets.

    Returns
    -------
    frame
        The columns ``one``, ``other``, ``together`` (the correlation of holding, -1 to 1), the sharpest conflict first;
        without patterns that hold in all sets or in none.
    """
    passed = scores.passed.astype(float)
    passed = passed.loc[:, passed.nunique() > 1]
    correlation = passed.corr().to_numpy()
    rows, columns = np.triu_indices(len(correlation), 1)
    names = np.array(passed.columns)
    table = pd.DataFrame({"one": names[rows], "other": names[columns], "together": correlation[rows, columns]})
    return table.sort_values("together", ignore_index=True)
