"""Carrying out a sweep: in a folder that survives anything, and going on where it stopped."""

import shlex
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import FIRST_COMPLETED, Executor, wait
from dataclasses import dataclass
from itertools import chain, islice
from pathlib import Path
from typing import Any

import pandas as pd

from sim.analysis import VERSION
from sim.engine.concurrency import default_jobs, thread_pool
from sim.engine.provenance import changed_since, made_by, same
from sim.scenario import loads
from sim.storage import sealed
from sim.storage.study_errors import StudyError
from sim.studies.layout import Part
from sim.studies.specification import Sweep, stored_sweep
from sim.studies.stopping import Tally, Until, blocks_of
from sim.studies.store import DESIGN, Store, encode_points
from sim.studies.worker import PartFiles, Task, simulate_task

Tell = Callable[[int, int], None]  # runs done since the last word, failed among them


def ignore(done: int, failed: int) -> None:
    """Tell nobody."""


@dataclass(frozen=True)
class Progress:
    """Where a study stands."""

    done: int
    total: int
    failed: int
    stopped_early: bool

    @property
    def finished(self) -> bool:
        """Whether nothing remains."""
        return self.done == self.total or self.stopped_early


def carry_out(
    sweep: Sweep,
    folder: Path,
    executor: Executor,
    at_a_time: Callable[[], int],
    tell: Tell = ignore,
    anew: bool = False,
) -> Progress:
    """Simulate what the study in a folder still lacks; a folder without one begins it.

    Parameters
    ----------
    executor
        Threads of this machine, or a cluster: anything that a task can be submitted to.
    at_a_time
        How many tasks are submitted before one is done; twice as many as there are workers, so that none waits.
    tell
        Called whenever a part is kept.
    anew
        Put the sweep in the place of another one that is in the folder.

    Raises
    ------
    StudyError
        If the study in the folder asks something else or rests on other rules, if another process works on it, or if
        nothing can be written. What was kept before stays whole.
    """
    store = Store(folder)
    with store.study.lock():
        _open(store, sweep, anew)
        failures, done = [], 0
        layout = store.layout
        for round_, parts in enumerate(map(layout.parts, range(layout.rounds))):
            todo = []
            for part in parts:
                if store.verify(part):
                    tell(len(part), _failed(store, part))
                else:
                    todo.append(part)
            for part, files in _carried_out(executor, at_a_time, (sweep.task(part, layout) for part in todo)):
                store.keep(part, *files)
                tell(len(part), _failed(store, part))
            failures += [_failures(store, part) for part in parts]
            done += sum(map(len, parts))
            if done < layout.total and _enough(store, sweep, round_):
                break
        failed = pd.concat(failures, ignore_index=True)
        store.fail(failed)
        return Progress(done, layout.total, len(failed), done < layout.total)


def on_threads(
    sweep: Sweep, folder: Path, jobs: int | None = None, tell: Tell = ignore, anew: bool = False
) -> Progress:
    """Carry out a sweep on the threads of this machine; see :func:`carry_out`."""
    jobs = jobs or default_jobs()
    at_a_time = 2 * jobs if jobs > 1 else 1  # with one job each task is done when it is submitted, and then kept
    with thread_pool(jobs) as pool:
        return carry_out(sweep, folder, pool, lambda: at_a_time, tell, anew)


def study_progress(store: Store) -> Progress:
    """Return where the study of a folder stands, by the files that are there."""
    layout, sweep = store.layout, stored_sweep(store)
    done, failed, whole, there = 0, 0, 0, []
    for parts in map(layout.parts, range(layout.rounds)):
        there = [part for part in parts if store.has(part)]
        done += sum(map(len, there))
        failed += sum(_failed(store, part) for part in there)
        if there != parts:
            break
        whole += 1
    stopped = not there and whole > 0 and _enough(store, sweep, whole - 1)  # with a part of the next round it went on
    return Progress(done, layout.total, failed, stopped)


def failed_runs(store: Store) -> pd.DataFrame:
    """Return a row a failed run of the parts that are there, each with the line that simulates it again."""
    frames = [_failures(store, part) for part in store.finished]
    return pd.concat(frames, ignore_index=True) if frames else pd.DataFrame()


def _open(store: Store, sweep: Sweep, anew: bool) -> None:
    """Begin a study, or make sure that the one in the folder is this one."""
    asked = sweep.asked() | {"measures": VERSION}
    if anew:
        sealed.refuse_links(*store.folder.rglob("*"))
        store.clear()
    store.tidy()
    if store.study.exists() and not anew:
        if changed := _changed(store, asked):
            raise StudyError(
                f"the study in {store.folder} is another one: {'; '.join(changed)}.\n"
                "Its results stay as they are. Write elsewhere with --out, or replace them with --overwrite"
            )
        store.study.repair(DESIGN, encode_points(sweep.points))
        return
    store.begin(asked | made_by(), sweep.points)


def _changed(store: Store, asked: Mapping[str, object]) -> list[str]:
    """Return in words what a study was asked or rests on otherwise."""
    old = store.manifest
    changed = [f"{words} have changed since" for words in changed_since(old)]
    if not same("measures", old["measures"], asked["measures"]):
        changed.append("the measures (drift, outcomes) have changed since")
    if not same("scenario", old["scenario"], asked["scenario"]):
        said = loads(str(asked["scenario"])).difference(loads(old["scenario"]))
        changed.append("the scenario has changed: " + ", ".join(f"{key} is {now}, was {was}" for key, now, was in said))
    digests = {"design_digest": "the points are others", "sets_digest": "the parameter sets are others"}
    for key in ("design", "factors", "points", "runs", "until", "seed", "sets", "defaults", "series", *digests):
        if old.get(key) != asked[key]:
            changed.append(digests.get(key) or f"{key} is {asked[key]}, was {old.get(key)}")
    return changed


def _carried_out(
    executor: Executor, at_a_time: Callable[[], int], tasks: Iterator[Task]
) -> Iterator[tuple[Part, PartFiles]]:
    """Yield parts with their files as they get done; only a few wait at a time, however many there are."""
    waiting: dict[Any, Part] = {}
    try:
        while True:
            for task in islice(tasks, max(at_a_time() - len(waiting), 0)):
                waiting[executor.submit(simulate_task, task)] = task.part
            if not waiting:
                return
            for future in wait(waiting, return_when=FIRST_COMPLETED).done:
                yield waiting.pop(future), future.result()
    finally:
        for future in waiting:
            future.cancel()


def _enough(store: Store, sweep: Sweep, last: int) -> bool:
    """Say whether the rounds up to the last one know every point well enough; without ``until``, none does.

    Some points at a time, and no further than to the first that is not known so: what is held grows neither with the
    points nor with the runs.
    """
    until = sweep.until
    return until is not None and all(
        _tally(store, sweep, until, last, points).enough(until)
        for points in blocks_of(store.layout.points, sweep.units)
    )


def _tally(store: Store, sweep: Sweep, until: Until, last: int, points: range) -> Tally:
    """Count what the rounds up to the last one say of some points in a row."""
    layout, tally = store.layout, Tally(points, sweep.units)
    for part in chain.from_iterable(layout.parts_of(points, round_) for round_ in range(last + 1)):
        rows = store.rows(part, ["point", "replicate", until.measure])
        rows = rows[rows["point"].between(points.start, points.stop - 1)]
        tally.add(rows, until.measure, sweep.sets.places_of(rows["replicate"]) if sweep.units else None)
    return tally


def _failed(store: Store, part: Part) -> int:
    return int(store.rows(part, ["error"])["error"].notna().sum())


def _failures(store: Store, part: Part) -> pd.DataFrame:
    """Return the failed runs of a part, each with the line that simulates it again."""
    rows = store.rows(part, ["run", "point", "replicate", "error"])
    rows = rows[rows["error"].notna()]
    return rows.assign(again=[shlex.join(["sim", "replay", store.folder.as_posix(), str(run)]) for run in rows["run"]])
