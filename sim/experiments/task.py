"""A part of a study as a task: everything that a worker needs to know, on this machine or another."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.article.register import parameters as register
from sim.experiments import rows, store
from sim.experiments.designs import END
from sim.experiments.points import structure, world
from sim.experiments.provenance import rules
from sim.scenario import Scenario, loads

_AT_ONCE = 4096  # rows held in memory with all their months


@dataclass(frozen=True)
class Task:
    """Runs to be lived.

    Attributes
    ----------
    scenario
        The base scenario as YAML.
    points
        The points that these runs need, by their number.
    rules
        The fingerprint of the rules that the study rests on.
    runs, point, replicate
        A run's number in the study, its point, and the number that fixes its chance.
    """

    scenario: str
    points: pd.DataFrame
    seed: int
    rules: str
    runs: NDArray[np.int64]
    point: NDArray[np.int64]
    replicate: NDArray[np.int64]

    def some(self, places: NDArray[np.int64] | slice) -> "Task":
        """Return the task of some of the runs."""
        return replace(self, runs=self.runs[places], point=self.point[places], replicate=self.replicate[places])

    def __len__(self) -> int:
        return len(self.runs)


def lived(task: Task) -> bytes:
    """Live a task and return its rows as the file that the study keeps.

    Raises
    ------
    StudyError
        If the rules of this machine are not those of the study.
    """
    if task.rules != rules():
        raise store.StudyError(
            "a worker has other rules than the study: install the same release of driftback on every machine"
        )
    chunks = [
        _with_failures(task.some(slice(first, first + _AT_ONCE))) for first in range(0, len(task), _AT_ONCE)
    ]
    return store.encoded(pd.concat(chunks, ignore_index=True))


def _with_failures(task: Task) -> pd.DataFrame:
    """Live runs together; where that fails, one by one, so that a run that fails takes no other with it."""
    try:
        return _rows(task)
    except (OSError, MemoryError):
        raise  # the machine's trouble, not a run's
    except Exception as error:
        if len(task) > 1:
            halves = np.array_split(np.arange(len(task)), 2)
            return pd.concat([_with_failures(task.some(half)) for half in halves], ignore_index=True)
        return _labelled(task, 
            rows.failed(_base(task.scenario), task.seed, int(task.replicate[0]), f"{type(error).__name__}: {error}"),
        )


def _rows(task: Task) -> pd.DataFrame:
    """Live runs, in as few blocks as their worlds allow; a control that several ends of the war share is lived once."""
    points = task.points.loc[task.point].reset_index(drop=True)
    keys = [str(key) for key in points]
    others = [key for key in keys if key != END]
    found = []
    for places in _same(points, structure(others)):
        some = points.iloc[places]
        twins = pd.DataFrame({"point": _codes(some, others), "replicate": task.replicate[places]})
        _, firsts, twin = np.unique(_codes(twins, ["point", "replicate"]), return_index=True, return_inverse=True)
        control = None
        for few in _same(some.reset_index(drop=True), [END]):
            here = places[few]
            scenario = _world(task.scenario, tuple(points[structure(keys)].iloc[here[0]].items()))
            many = rows.live(scenario, _varied(points.iloc[here]), task.seed, task.replicate[here])
            if scenario.war_end is None:
                frame = rows.rows(many, many)
            else:
                if control is None:
                    alone = places[firsts]
                    control = rows.live(
                        rows.without_end(scenario), _varied(points.iloc[alone]), task.seed, task.replicate[alone]
                    )
                frame = rows.rows(many, control.take(twin[few]))
            found.append(frame.set_index(here))
    return _labelled(task, pd.concat(found).sort_index())


def _labelled(task: Task, frame: pd.DataFrame) -> pd.DataFrame:
    for place, name in enumerate(("runs", "point", "replicate")):
        frame.insert(place, name.removesuffix("s"), getattr(task, name))
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


def _varied(points: pd.DataFrame) -> Mapping[str, NDArray[np.float64]]:
    return {str(key): points[key].to_numpy(np.float64) for key in points if key in register()}


@lru_cache(maxsize=512)
def _world(scenario: str, point: tuple[tuple[str, object], ...]) -> Scenario:
    return world(_base(scenario), dict(point))


@lru_cache(maxsize=8)
def _base(scenario: str) -> Scenario:
    return loads(scenario, "manifest.json")
