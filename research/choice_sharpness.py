"""How sharply choices answer what nobody could notice.

The *sharpness* of a parameter set is the change of the chance of any option of any lever under review that half a
month's fluctuation of one state brings (:mod:`sim.registers.fluctuation`), averaged over the months of a year; the
largest over years, options, levers, states and the two directions, for a kink answers on one side alone. It is reckoned
in a world whose war goes on, so that nothing of it knows what an end of the war brings.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from typing import TypeVar

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from research.chances_under_review import OptionChances, Rows, option_chances
from sim.engine import blocks
from sim.engine.concurrency import process_pool
from sim.engine.experiment import Experiment
from sim.engine.plan import GIVEN, Plan, plan_of
from sim.engine.sets import equally_weighted
from sim.engine.war_end import NEVER
from sim.model import months
from sim.model.capitals import CAPITALS
from sim.model.moves import LEVER, MOVE_FIELDS
from sim.model.world import RANGE
from sim.registers.fluctuation import fluctuations
from sim.scenario import Scenario, load
from sim.scenario.source import Source

SEED, RUNS = 31, 8  # runs of each set in which a month of the year is looked at; each month has its own
YEARS = range(2020, 2031)  # the first months of a run have no month before
FIRST, LAST = months.index(f"{YEARS.start}-01"), months.index(f"{YEARS.stop}-01")
SHARP = 0.25  # a choice above it is called sharp
PART = 4  # sets at once: in memory, and what a process is given
T = TypeVar("T")
_MEASURED = ("world", "given", "belief")  # groups of rows that are no decisions, dates, draws or parameters
_BOUNDS = RANGE | {"border": (0.0, 1.0)}


def sharpness_world() -> Scenario:
    """Return the world in which sharpness is measured: the baseline, whose war does not end."""
    return load("baseline")


def measured_rows(chances: OptionChances) -> dict[str, list[str]]:
    """Return by name every state and driver that a choice hangs on, with its rows of the workspace.

    Raises
    ------
    ValueError
        If the register says of one not by how much it moves.
    """
    read = sorted(row for row in frozenset.union(*chances.reads.values()) if row.split(".")[0] in _MEASURED)
    rows: dict[str, list[str]] = {}
    for row in read:
        rows.setdefault(_name(row), []).append(row)
    if missing := sorted(rows.keys() - fluctuations().keys()):
        raise ValueError(
            f"fluctuations.yaml: {missing[0]} enters a choice and is missing; say by how much it moves in a month "
            "without anybody meaning it, with its source"
        )
    return rows


def _name(row: str) -> str:
    """Return what the register calls a row; the beliefs of all capitals have one name, for each reads its own alone."""
    group, *_, last = row.split(".")
    return f"belief_{last}" if group == "belief" else last


def changes_of_chance(
    values: pd.DataFrame, runs: int = RUNS, first: int = 0, states: Sequence[str] | None = None
) -> pd.DataFrame:
    """Return how much the chance of an option changes at most, by parameter set, state and lever.

    Parameters
    ----------
    values
        A row a set, a column a parameter.
    runs
        In which a month of the year is looked at, such as all Januaries. Every month has runs of its own, for a run
        that stands at a kink stays there: 12 months of 4 runs tell less than 48 runs do.
    first
        The number of the first set, which its runs are numbered by.
    states
        Those to look at; all where not said.

    Returns
    -------
    frame
        ``set``, ``state``, ``lever``; ``option``, ``year`` and ``direction`` of the largest change; ``change`` (0 to
        1). States that nothing but decisions moves are left out, and pairs in which the lever does not read the state.
    """
    plan = plan_of(sharpness_world()).until(LAST)
    chances = option_chances(tuple(plan.values))
    asked = _Months.of(plan, chances, values, runs, first)
    usual = asked.chances({})
    rows = []
    for state, places in measured_rows(chances).items():
        size = fluctuations()[state].size
        if size == 0.0 or state not in (states or fluctuations()):
            continue
        sides = [asked.chances(asked.shift(places, sign * size / 2.0)) for sign in (1.0, -1.0)]
        for lever, before in usual.items():
            if lever in sides[0]:
                apart = np.abs(np.array([side[lever] for side in sides]) - before)
                by_year = apart.reshape(*apart.shape[:2], len(values), 12 * runs, len(YEARS)).mean(axis=3)
                rows += [_largest(first + place, state, lever, by_year[:, :, place]) for place in range(len(values))]
    return pd.DataFrame(rows)


def _largest(number: int, state: str, lever: str, by_year: NDArray[np.float64]) -> dict[str, object]:
    side, option, year = map(int, np.unravel_index(by_year.argmax(), by_year.shape))
    name = LEVER[lever].options[option].name
    return {"set": number, "state": state, "lever": lever, "option": name, "year": YEARS[year],
            "direction": ("up", "down")[side], "change": float(by_year[side, option, year])}  # fmt: skip


def set_sharpness(values: pd.DataFrame, jobs: int = 1, states: Sequence[str] | None = None) -> "pd.Series[float]":
    """Return the sharpness of parameter sets, one number a set, by the index of ``values``.

    A set takes a second of a processor; one in which the fluctuation of trade alone is looked at, an eighth of it.

    Parameters
    ----------
    values
        A row a set, a column a parameter.
    jobs
        Processes; the result is the same for any number.
    states
        Those to look at; all where not said. A set that is sharp in some is sharp.

    Examples
    --------
    >>> from sim.inference.parameter_sets import retained_sets
    >>> bool(set_sharpness(retained_sets().some(1, seed=0).values, states=["china_flow"]).between(0, 1).all())
    True
    """
    starts = range(0, len(values), PART)
    parts = in_processes(partial(_part, values, states), starts, jobs)
    largest = pd.concat(list(parts)).groupby("set")["change"].max()
    return largest.set_axis(values.index)


def _part(values: pd.DataFrame, states: Sequence[str] | None, first: int) -> pd.DataFrame:
    return changes_of_chance(values[first : first + PART], first=first, states=states)


def in_processes(measure: Callable[[T], pd.DataFrame], asked: Iterable[T], jobs: int) -> Iterator[pd.DataFrame]:
    """Yield what is measured of each thing asked, in their order, as it is done."""
    with process_pool(jobs) as pool:
        yield from pool.map(measure, asked)


class _Months:
    """Months of runs as columns: what stood when the capitals chose, and what they then did."""

    def __init__(self, plan: Plan, chances: OptionChances, before: Rows, moves: Rows, known: Rows) -> None:
        self._reckon, self._before, self._moves, self._limits = chances, before, moves, plan.limits[FIRST]
        self._workspace = chances.prepare(known | before)  # type: ignore[operator]

    @classmethod
    def of(cls, plan: Plan, chances: OptionChances, values: pd.DataFrame, runs: int, first: int) -> "_Months":
        """Simulate the sets; the columns are set by set, run by run, year by year."""
        owners = np.repeat(np.arange(len(values)), 12 * runs)
        numbers = first * 12 * runs + np.arange(len(owners))
        own = Experiment(sharpness_world(), equally_weighted(values, Source.PRIOR), SEED, numbers, owners=owners).values
        series = blocks.simulate(blocks.PlannedRuns(plan, SEED, numbers, values=own), blocks.REMEMBERED).series
        run = np.repeat(np.arange(len(owners)), len(YEARS))
        month = np.arange(FIRST, LAST, 12) + (np.arange(len(owners)) % 12)[:, None]
        at = month.ravel()

        def columns(values: object) -> NDArray[np.float64]:
            return np.broadcast_to(np.asarray(values, dtype=float), len(owners))[run]

        known = {f"params.{name}": columns(value) for name, value in (plan.values | own).items()}
        known |= {f"seen.{capital}": columns(NEVER) for capital in CAPITALS}
        known |= {"war_start": columns(plan.war_start), "war_end": columns(NEVER), "month": at.astype(float)}
        known |= {"linear_economy": columns(plan.variant.linear_economy)}
        before = dict(zip(blocks.REMEMBERED, series[run, at - 1].T, strict=True))
        before |= {f"given.{name}": values for name, values in zip(GIVEN, plan.given[at].T, strict=True)}
        now = dict(zip(blocks.REMEMBERED, series[run, at].T, strict=True))
        return cls(plan, chances, before, {name: now[f"moves.{name}"] for name in MOVE_FIELDS}, known)

    def chances(self, changed: Rows) -> dict[str, NDArray[np.float64]]:
        return self._reckon.of(self._workspace, changed, self._moves, self._limits)

    def shift(self, rows: list[str], by: float) -> Rows:
        return {row: np.clip(self._before[row] + by, *_BOUNDS.get(_name(row), (None, None))) for row in rows}
