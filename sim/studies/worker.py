"""A part of a study as a task: everything that a worker needs to know, on this machine or another."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.analysis import rows
from sim.article.register import parameters as register
from sim.calibration.designs import END
from sim.calibration.parameter_sets import Sets, of_runs, start_of
from sim.calibration.points import structure, world
from sim.engine.ensemble import endless, simulate, simulate_with_control
from sim.engine.provenance import rules
from sim.scenario import Scenario, loads
from sim.storage.errors import StudyError
from sim.studies import store
from sim.studies.layout import Layout, Part

_AT_ONCE = 4096  # rows held in memory with all their months


@dataclass(frozen=True)
class Task:
    """Runs to be simulated: little to send, however many they are.

    Attributes
    ----------
    scenario
        The base scenario as YAML.
    points
        The points that these runs need, by their number.
    rules
        The fingerprint of the rules that the study rests on.
    layout, part
        How the runs of the study are numbered, and which of them these are.
    sets
        What gives each replicate the numbers that neither its point nor the scenario does.
    """

    scenario: str
    points: pd.DataFrame
    seed: int
    rules: str
    layout: Layout
    part: Part
    sets: Sets


@dataclass(frozen=True)
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


def simulated_rows(task: Task) -> bytes:
    """Simulate a task and return its rows as the file that the study keeps.

    Raises
    ------
    StudyError
        If the rules of this machine are not those of the study.
    """
    if task.rules != rules():
        raise StudyError(
            "a worker has other rules than the study: install the same release of driftback on every machine"
        )
    numbers = np.arange(task.part.first, task.part.stop)
    runs = _Runs(task, numbers, *task.layout.places(numbers))
    chunks = [_with_failures(runs.some(slice(first, first + _AT_ONCE))) for first in range(0, len(runs), _AT_ONCE)]
    return store.encoded(pd.concat(chunks, ignore_index=True))


def _with_failures(runs: _Runs) -> pd.DataFrame:
    """Simulate runs together; where that fails, one by one, so that a run that fails takes no other with it."""
    try:
        return _rows(runs)
    except (OSError, MemoryError):
        raise  # the machine's trouble, not a run's
    except Exception as error:
        if len(runs) > 1:
            halves = np.array_split(np.arange(len(runs)), 2)
            return pd.concat([_with_failures(runs.some(half)) for half in halves], ignore_index=True)
        why = f"{type(error).__name__}: {error}"
        alone = rows.failed(_base(runs.task.scenario), runs.task.seed, int(runs.replicate[0]), why)
        return _labelled(runs, alone)


def _rows(runs: _Runs) -> pd.DataFrame:
    """Simulate runs, in as few blocks as their runs allow; a control that several ends share is simulated once."""
    points = runs.task.points.loc[runs.point].reset_index(drop=True)
    keys = [str(key) for key in points]
    others = [key for key in keys if key != END]
    found = []
    for places in _same(points, structure(others)):
        some = points.iloc[places].reset_index(drop=True)
        by_end = list(_same(some, [END]))
        twins = pd.DataFrame({"point": _codes(some, others), "replicate": runs.replicate[places]})
        _, firsts, twin = np.unique(_codes(twins, ["point", "replicate"]), return_index=True, return_inverse=True)
        control = None
        for few in by_end:
            here = places[few]
            scenario = _world(runs.task.scenario, tuple(points[structure(keys)].iloc[here[0]].items()))
            if scenario.war_end is None:
                many = _simulated(simulate, scenario, runs, points, here)
                frame = rows.rows(many, many)
            elif len(by_end) == 1:
                frame = rows.rows(*_simulated(simulate_with_control, scenario, runs, points, here))
            else:
                if control is None:
                    control = _simulated(simulate, endless(scenario), runs, points, places[firsts])
                many = _simulated(simulate, scenario, runs, points, here)
                frame = rows.rows(many, control.select(twin[few]))
            found.append(frame.set_index(here))
    return _labelled(runs, pd.concat(found).sort_index())


def _simulated(
    engine: Callable[..., Any], scenario: Scenario, runs: _Runs, points: pd.DataFrame, places: NDArray[np.int64]
) -> Any:
    own, task = _varied(runs, points, places), runs.task
    numbers = runs.replicate[places]
    start = start_of(task.sets, numbers, rows.STATES)
    return engine(scenario, numbers, task.seed, 1, own, task.sets.source, rows.STATES, start)


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


def _varied(runs: _Runs, points: pd.DataFrame, places: NDArray[np.int64]) -> Mapping[str, NDArray[np.float64]]:
    """Return the parameters of some runs: those of each one's set, and over them those of its point."""
    own = of_runs(runs.task.sets, runs.replicate[places], _base(runs.task.scenario))
    return own | {str(key): points[key].to_numpy(np.float64)[places] for key in points if key in register()}


@lru_cache(maxsize=512)
def _world(scenario: str, point: tuple[tuple[str, object], ...]) -> Scenario:
    return world(_base(scenario), dict(point))


@lru_cache(maxsize=8)
def _base(scenario: str) -> Scenario:
    return loads(scenario, "manifest.json")
