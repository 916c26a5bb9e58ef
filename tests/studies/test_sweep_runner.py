"""How many tasks of a sweep are under way at a time, where it stands, and what it was asked."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pandas as pd
import pytest

from sim.analysis import VERSION
from sim.engine.provenance import made_by
from sim.scenario import load
from sim.studies import sweep_runner
from sim.studies.layout import Layout, Part
from tests.studies.studies import small


@pytest.mark.parametrize(("jobs", "under_way"), [(1, 1), (2, 4), (3, 6)])
def test_every_thread_has_a_task_and_one_that_waits_and_a_single_one_no_other(
    jobs: int, under_way: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[int] = []

    def carry_out(sweep: Any, folder: Path, executor: Any, at_a_time: Any, *more: Any) -> None:
        asked.append(at_a_time())

    monkeypatch.setattr(sweep_runner, "carry_out", carry_out)
    sweep_runner.on_threads(small(), tmp_path, jobs)
    assert asked == [under_way]


LAYOUT = Layout(points=3, runs=5, step=2, largest=4)  # three rounds, with parts 0 and 1, 2 and 3, and 4


class Kept:
    """A store that says which parts it has, and has a row a run, some of which failed."""

    layout = LAYOUT
    folder = Path("a folder")

    def __init__(self, *there: int, failed: tuple[int, ...] = ()) -> None:
        self.parts, self.failed = there, failed

    def has(self, part: Part) -> bool:
        return part.number in self.parts

    @property
    def finished(self) -> list[Part]:
        return [part for part in LAYOUT.every if self.has(part)]

    def rows(self, part: Part, columns: list[str]) -> pd.DataFrame:
        runs = range(part.first, part.stop)
        errors = ["late" if run in self.failed else None for run in runs]
        return pd.DataFrame({"run": runs, "point": 1, "replicate": 2, "error": errors})[columns]


@pytest.mark.parametrize(("there", "enough", "done", "stopped"), [
    ((), (0, 1, 2), 0, False),
    ((0,), (0, 1, 2), 4, False),  # half of the first round
    ((0, 1), (), 6, False),
    ((0, 1), (0,), 6, True),
    ((0, 1), (1,), 6, False),  # whether the last whole round is enough is asked
    ((0, 1, 2), (0, 1), 10, False),  # with a part of the next round it went on
    ((0, 1, 3), (0, 1), 8, False),
    ((0, 1, 4), (0,), 6, True),
    ((0, 1, 2, 3), (1,), 12, True),
    ((0, 1, 2, 3, 4), (), 15, False),
])  # fmt: skip
def test_a_study_stands_where_its_whole_rounds_end_and_is_over_where_the_last_of_them_is_enough(
    there: tuple[int, ...], enough: tuple[int, ...], done: int, stopped: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sweep_runner, "stored_sweep", lambda store: None)
    monkeypatch.setattr(sweep_runner, "_enough", lambda store, sweep, last: last in enough)
    stands = sweep_runner.study_progress(Kept(*there, failed=(1, 2, 7)))  # type: ignore[arg-type]
    failed = 2 * (0 in there) + (2 in there)
    assert stands == sweep_runner.Progress(done, 15, failed, stopped)
    assert stands.finished == (stopped or done == 15)


def test_a_run_that_failed_is_listed_with_the_line_that_simulates_it_again() -> None:
    listed = sweep_runner.failed_runs(Kept(0, 2, failed=(1, 5, 7)))  # type: ignore[arg-type]
    assert listed[["run", "point", "replicate", "error"]].to_numpy().tolist() == [[1, 1, 2, "late"], [7, 1, 2, "late"]]
    assert listed["again"].tolist() == [f"sim replay 'a folder' {run}" for run in (1, 7)]
    assert listed.index.tolist() == [0, 1]
    assert sweep_runner.failed_runs(Kept()).empty  # type: ignore[arg-type]


@pytest.mark.parametrize(("key", "value", "says"), [
    ("design_digest", "x", "the points are others"), ("sets_digest", "x", "the parameter sets are others"),
    ("runs", 7, "runs is 7, was 2"), ("seed", 9, "seed is 9, was 3"), ("sets", 4, "sets is 4, was None"),
    ("series", ["pact"], "series is ['pact'], was None"),
    ("until", {"measure": "D2", "width": 0.1}, "until is {'measure': 'D2', 'width': 0.1}, was None"),
])  # fmt: skip
def test_what_is_asked_otherwise_is_named_with_what_it_was(key: str, value: object, says: str) -> None:
    names = ("design", "factors", "points", "until", "sets", "defaults", "series", "design_digest", "sets_digest")
    old = dict.fromkeys(names) | {"runs": 2, "seed": 3, "measures": VERSION, "scenario": load("baseline").to_yaml()}
    old |= made_by()
    store: Any = SimpleNamespace(manifest=old)
    assert sweep_runner._changed(store, old) == []
    assert sweep_runner._changed(store, old | {key: value}) == [says]
    later = load("baseline").with_(war={"ends": "2026-01"}).to_yaml()
    (changed,) = sweep_runner._changed(store, old | {"scenario": later})
    assert "war ends is 2026-01, was never" in changed
