"""A part of a study as a task: everything that a worker needs to know, on this machine or another."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.analysis import VERSION, rows
from sim.engine.ensemble import SERIES, Ensemble
from sim.engine.experiment import Experiment
from sim.engine.provenance import decisive
from sim.engine.sets import Sets
from sim.inference.designs import END
from sim.inference.points import scenario_at, structure
from sim.model import months
from sim.registers.register import registered_parameters
from sim.scenario import Scenario, loads
from sim.storage.study_errors import StudyError
from sim.studies import store
from sim.studies.layout import AT_ONCE, Layout, Part


@dataclass(frozen=True, eq=False)
class Task:
    """Runs to be simulated: little to send, however many they are.

    Attributes
    ----------
    scenario
        The base scenario as YAML.
    points
        The points that these runs need, by their number.
    rests_on
        What the study rests on; see :func:`part_rests_on`.
    layout, part
        How the runs of the study are numbered, and which of them these are.
    sets
        What gives each replicate the numbers that neither its point nor the scenario does.
    series
        The states, measures and levers whose months are kept.
    """

    scenario: str
    points: pd.DataFrame
    seed: int
    rests_on: Mapping[str, str]
    layout: Layout
    part: Part
    sets: Sets
    series: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class _Runs:
    """Some runs of a task: their numbers in the study, their points, and the numbers that fix their chance."""

    task: Task
    run: NDArray[np.int64]
    point: NDArray[np.int64]
    replicate: NDArray[np.int64]

    def some(self, places: NDArray[np.int64] | slice) -> "_Runs":
        return _Runs(self.task, self.run[places], self.point[places], self.replicate[places])

    def __len__(self) -> int:
        return len(self.run)


class PartFiles(NamedTuple):
    """What came of a part, as the study keeps it: a row a run, and a row a run and month where months are kept."""

    outcomes: bytes
    months: bytes | None


class _Tables(NamedTuple):
    """The same as tables."""

    rows: pd.DataFrame
    months: pd.DataFrame


def part_rests_on() -> dict[str, str]:
    """Return what every machine that works on a study must share."""
    return {**decisive(), "measures": VERSION}


def simulate_task(task: Task) -> PartFiles:
    """Simulate a task and return what came of it as the files that the study keeps.

    Raises
    ------
    StudyError
        If the rules of this machine are not those of the study.
    """
    if task.rests_on != part_rests_on():
        raise StudyError(
            "a worker has other rules, registers or measures than the study: "
            "install the same release of driftback on every machine"
        )
    numbers = np.arange(task.part.first, task.part.stop)
    runs = _Runs(task, numbers, *task.layout.places(numbers))
    chunks = [_with_failures(runs.some(slice(first, first + AT_ONCE))) for first in range(0, len(runs), AT_ONCE)]
    together = _together(chunks)
    return PartFiles(store.encode_rows(together.rows), store.encode_rows(together.months) if task.series else None)


def _together(parts: list[_Tables]) -> _Tables:
    return _Tables(*(pd.concat(frames, ignore_index=True) for frames in zip(*parts, strict=True)))


def _with_failures(runs: _Runs) -> _Tables:
    """Simulate runs together; where that fails, one by one, so that a run that fails takes no other with it."""
    try:
        return _rows(runs)
    except (OSError, MemoryError):
        raise  # the machine's trouble, not a run's
    except Exception as error:
        if len(runs) > 1:
            halves = np.array_split(np.arange(len(runs)), 2)
            return _together([_with_failures(runs.some(half)) for half in halves])
        why = f"{type(error).__name__}: {error}"
        alone = Experiment(_base(runs.task.scenario), seed=runs.task.seed, runs=runs.replicate)
        return _Tables(_labelled(runs, rows.failed_row(alone, why)), _no_months(runs.task.series))


def _rows(runs: _Runs) -> _Tables:
    """Simulate runs, in as few blocks as their runs allow; a control that several ends share is simulated once."""
    points = runs.task.points.loc[runs.point].reset_index(drop=True)
    keys = [str(key) for key in points]
    others = [key for key in keys if key != END]
    kept = (*rows.STATES, *(name for name in runs.task.series if name in SERIES and name not in rows.STATES))
    frames, monthly = [], [_no_months(runs.task.series)]
    for places in _same(points, structure(others)):
        some = points.iloc[places].reset_index(drop=True)
        by_end = list(_same(some, [END]))
        twins = pd.DataFrame({"point": _codes(some, others), "replicate": runs.replicate[places]})
        _, firsts, twin = np.unique(_codes(twins, ["point", "replicate"]), return_index=True, return_inverse=True)
        control = None
        for few in by_end:
            here = places[few]
            scenario = _world(runs.task.scenario, tuple(points[structure(keys)].iloc[here[0]].items()))
            asked = _experiment(scenario, runs, points, here)
            if scenario.war_end is None:
                many = asked.ensemble(kept)
                frame = _of(many)
            elif len(by_end) == 1:
                many, beside = asked.with_control(kept)
                frame = _of(many, beside)
            else:
                if control is None:
                    control = _experiment(scenario, runs, points, places[firsts]).without_war_end().ensemble(kept)
                many = asked.ensemble(kept)
                frame = _of(many, control.select(twin[few]))
            frames.append(frame.set_index(here))
            if runs.task.series:
                monthly.append(_months(runs.some(here), many, frame["error"].isna().to_numpy()))
    return _Tables(_labelled(runs, pd.concat(frames).sort_index()), pd.concat(monthly).sort_values(["run", "month"]))


def _of(many: Ensemble, control: Ensemble | None = None) -> pd.DataFrame:
    """Return the rows of runs beside their controls, which are the runs themselves where none are given."""
    one = _usual(many)
    return rows.rows_of(one, one if control is None else _usual(control))


def _usual(many: Ensemble) -> Ensemble:
    """Return runs with no other states than those that rows are made of: a fingerprint covers all that are kept."""
    return replace(many, states=many.states[:, :, : len(rows.STATES)], kept=rows.STATES)


def _months(runs: _Runs, many: Ensemble, sound: NDArray[np.bool_]) -> pd.DataFrame:
    """Return the reported months of the runs that did not fail, a row a run and month."""
    names = [months.name(month) for month in range(many.scenario.first, many.scenario.horizon)]
    labels = {"point": np.repeat(runs.point[sound], len(names)), "run": np.repeat(runs.run[sound], len(names))}
    columns = {name: many.array(name)[sound, many.scenario.first :].ravel() for name in runs.task.series}
    return pd.DataFrame(labels | {"month": np.tile(names, int(sound.sum()))} | columns)


def _no_months(series: tuple[str, ...]) -> pd.DataFrame:
    return pd.DataFrame(columns=["point", "run", "month", *series])


def _experiment(scenario: Scenario, runs: _Runs, points: pd.DataFrame, places: NDArray[np.int64]) -> Experiment:
    """Return some runs: each has its replicate's number and set, and over it the parameters of its point."""
    varied = {str(key): points[key].to_numpy(np.float64)[places] for key in points if key in registered_parameters()}
    return Experiment(scenario, runs.task.sets, runs.task.seed, runs.replicate[places], jobs=1, varied=varied)


def _labelled(runs: _Runs, frame: pd.DataFrame) -> pd.DataFrame:
    for place, name in enumerate(("run", "point", "replicate")):
        frame.insert(place, name, getattr(runs, name))
    return frame


def _same(points: pd.DataFrame, keys: list[str]) -> Iterator[NDArray[np.int64]]:
    """Yield the places of the rows that agree in the keys."""
    codes = _codes(points, [key for key in keys if key in points])
    for code in np.unique(codes):
        yield np.flatnonzero(codes == code)


def _codes(points: pd.DataFrame, keys: list[str]) -> NDArray[np.int64]:
    if not keys:
        return np.zeros(len(points), dtype=np.int64)
    return np.asarray(points.groupby(keys, sort=False).ngroup(), dtype=np.int64)


@lru_cache(maxsize=512)
def _world(scenario: str, point: tuple[tuple[str, object], ...]) -> Scenario:
    return scenario_at(_base(scenario), dict(point))


@lru_cache(maxsize=8)
def _base(scenario: str) -> Scenario:
    return loads(scenario, "manifest.json")
