"""So many jobs at a time as the platform can do; one job starts nothing."""

import os
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Executor

import pytest

from sim.engine import concurrency
from sim.engine.concurrency import default_jobs, process_pool, thread_pool
from sim.engine.experiment import Experiment
from sim.inference.parameter_sets import retained_sets
from sim.prediction.treatments import Treatment, pairs
from sim.scenario import load

POOLS = (thread_pool, process_pool)


@pytest.fixture
def no_thread(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """No thread can be started."""

    def start(_: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(threading.Thread, "start", start)
    concurrency._starts_threads.cache_clear()
    yield
    concurrency._starts_threads.cache_clear()


def test_the_default_is_one_where_no_thread_starts(no_thread: None) -> None:
    assert default_jobs() == 1


def test_the_default_is_what_this_process_may_use_where_that_is_known(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: {1, 4, 5}, raising=False)
    assert default_jobs() == 3
    monkeypatch.delattr(os, "sched_getaffinity")
    monkeypatch.setattr(os, "cpu_count", lambda: 7)
    assert default_jobs() == 7
    monkeypatch.setattr(os, "cpu_count", lambda: None)
    assert default_jobs() == 1


@pytest.mark.parametrize("pool", POOLS)
@pytest.mark.parametrize("jobs", [1, 2])
def test_a_pool_gives_results_in_order_and_errors(pool: Callable[[int], Executor], jobs: int) -> None:
    with pool(jobs) as executor:
        assert list(executor.map(abs, [-3, 2, -1])) == [3, 2, 1]
        assert executor.submit(int, "12").result() == 12
        refused = executor.submit(int, "twelve")
        assert isinstance(refused.exception(), ValueError)


@pytest.mark.parametrize("pool", POOLS)
def test_one_job_is_done_by_the_caller_one_thing_after_the_other(
    no_thread: None, pool: Callable[[int], Executor]
) -> None:
    asked: list[int] = []
    with pool(1) as executor:
        results = executor.map(lambda number: asked.append(number) or threading.get_ident(), range(3))
        assert next(results) == threading.get_ident()
        assert asked == [0], "what is not yet read is not yet done"


def test_ctrl_c_in_the_only_job_ends_it() -> None:
    def interrupted() -> None:
        raise KeyboardInterrupt

    with thread_pool(1) as executor, pytest.raises(KeyboardInterrupt):
        executor.submit(interrupted)


def test_a_study_of_pairs_with_one_job_starts_no_thread(no_thread: None) -> None:
    short = load("war-ends-early").with_(months={"to": "2027-02"})
    assert (
        len(pairs(Treatment(short), Experiment(short, retained_sets().some(2, 0), 7, jobs=1).runs_of_every_set(1))) == 2
    )
