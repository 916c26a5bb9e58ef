"""How many tasks of a sweep are under way at a time."""

from pathlib import Path
from typing import Any

import pytest

from sim.studies import sweep_runner
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
