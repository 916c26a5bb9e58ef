"""Carrying out a sweep: in a folder that survives anything, and going on where it stopped."""

import os
import shlex
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import FIRST_COMPLETED, Executor, ThreadPoolExecutor, wait
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

import pandas as pd

from sim.analysis import VERSION
from sim.engine.provenance import changed_since, made_by, same
from sim.scenario import loads
from sim.storage import sealed
from sim.storage.errors import StudyError
from sim.studies.layout import Part
from sim.studies.specification import Sweep, kept
from sim.studies.stopping import Tally, Until
from sim.studies.store import DESIGN, Store, designed
from sim.studies.worker import Files, simulated

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
    sweep: Sweep, folder: Path, executor: Executor, workers: Callable[[], int], tell: Tell = ignore, anew: bool = False
) -> Progress:
    """Simulate what the study in a folder still lacks; a folder without one begins it.

    Parameters
    ----------
    executor
        Threads of this machine, or a cluster: anything that a task can be submitted to.
    workers
        How many tasks are worked on at a time.
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
    with store.study.locked():
        _open(store, sweep, anew)
        tally, failures, done = Tally(len(sweep.points), sweep.owners), [], 0
        layout = sweep.layout
        for parts in map(layout.parts, range(layout.rounds)):
            todo = []
            for part in parts:
                if store.sound(part):
                    tell(len(part), _failed(store, part))
                else:
                    todo.append(part)
            for part, files in _carried_out(executor, workers, sweep, todo):
                store.keep(part, *files)
                tell(len(part), _failed(store, part))
            failures += [_failures(store, part) for part in parts]
            done += sum(map(len, parts))
            if sweep.until and _enough(store, sweep.until, tally, parts):
                break
        failed = pd.concat(failures, ignore_index=True)
        store.fail(failed)
        return Progress(done, layout.total, len(failed), done < layout.total)


def on_threads(
    sweep: Sweep, folder: Path, jobs: int | None = None, tell: Tell = ignore, anew: bool = False
) -> Progress:
    """Carry out a sweep on the threads of this machine; see :func:`carry_out`."""
    jobs = jobs or os.cpu_count() or 1
    with ThreadPoolExecutor(jobs) as pool:
        return carry_out(sweep, folder, pool, lambda: jobs, tell, anew)


def progress(store: Store) -> Progress:
    """Return where the study of a folder stands, by the files that are there."""
    layout, sweep = store.layout, kept(store)
    tally, done, failed, enough = Tally(layout.points, sweep.owners if sweep.until else None), 0, 0, False
    for parts in map(layout.parts, range(layout.rounds)):
        there = [part for part in parts if store.there(part)]
        done += sum(map(len, there))
        failed += sum(_failed(store, part) for part in there)
        if sweep.until and there == parts:
            enough = _enough(store, sweep.until, tally, parts)
        if enough or there != parts:
            break
    return Progress(done, layout.total, failed, stopped_early=enough and done < layout.total)


def failures(store: Store) -> pd.DataFrame:
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
        store.study.mend(DESIGN, designed(sweep.points))
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
    executor: Executor, workers: Callable[[], int], sweep: Sweep, todo: list[Part]
) -> Iterator[tuple[Part, Files]]:
    """Yield parts with their files as they get done; only a few wait at a time, however many there are."""
    waiting: dict[Any, Part] = {}
    rest = iter(todo)
    try:
        while True:
            for part in islice(rest, max(2 * workers() - len(waiting), 0)):
                waiting[executor.submit(simulated, sweep.task(part))] = part
            if not waiting:
                return
            for future in wait(waiting, return_when=FIRST_COMPLETED).done:
                yield waiting.pop(future), future.result()
    finally:
        for future in waiting:
            future.cancel()


def _enough(store: Store, until: Until, tally: Tally, parts: list[Part]) -> bool:
    """Count a round that is whole, and say whether the study has enough of them."""
    tally.add((store.rows(part, ["point", "replicate", until.measure]) for part in parts), until.measure)
    return tally.enough(until)


def _failed(store: Store, part: Part) -> int:
    return int(store.rows(part, ["error"])["error"].notna().sum())


def _failures(store: Store, part: Part) -> pd.DataFrame:
    """Return the failed runs of a part, each with the line that simulates it again."""
    rows = store.rows(part, ["run", "point", "replicate", "error"])
    rows = rows[rows["error"].notna()]
    return rows.assign(again=[shlex.join(["sim", "replay", store.folder.as_posix(), str(run)]) for run in rows["run"]])
