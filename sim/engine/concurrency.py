"""Work on several threads or processes at a time; with one job, on none but the caller's own."""

import os
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor, Future
from functools import cache
from threading import Thread
from typing import Any, TypeVar

Done = TypeVar("Done")


def default_jobs() -> int:
    """Return how many jobs are done at a time where nobody says: as many as this process may use processors.

    One, where no thread can be started, as in a browser.

    Examples
    --------
    >>> default_jobs() >= 1
    True
    """
    if not _starts_threads():
        return 1
    if hasattr(os, "sched_getaffinity"):  # fewer than the machine has, in a batch system or a container
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


@cache
def _starts_threads() -> bool:
    """Return whether a thread can be started: no flag of Python says so, so one is."""
    thread = Thread(target=int)
    try:
        thread.start()
    except RuntimeError:
        return False
    thread.join()
    return True


def thread_pool(jobs: int) -> Executor:
    """Return what does so many jobs at a time, on threads.

    Parameters
    ----------
    jobs
        From 1, which starts no thread.

    Examples
    --------
    >>> with thread_pool(1) as pool:
    ...     list(pool.map(abs, [-1, 2]))
    [1, 2]
    """
    if jobs == 1:
        return _Inline()
    from concurrent.futures import ThreadPoolExecutor

    return ThreadPoolExecutor(jobs)


def process_pool(jobs: int) -> Executor:
    """Return what does so many jobs at a time, in processes of their own.

    Parameters
    ----------
    jobs
        From 1, which starts no process.

    Examples
    --------
    >>> with process_pool(1) as pool:
    ...     pool.submit(abs, -1).result()
    1
    """
    if jobs == 1:
        return _Inline()
    from concurrent.futures import ProcessPoolExecutor

    return ProcessPoolExecutor(jobs)


class _Inline(Executor):
    """Does each job at once, where it is asked for."""

    def submit(self, fn: Callable[..., Done], /, *args: Any, **kwargs: Any) -> Future[Done]:
        future: Future[Done] = Future()
        try:
            future.set_result(fn(*args, **kwargs))
        except Exception as error:
            future.set_exception(error)
        return future

    def map(self, fn: Callable[..., Done], *iterables: Iterable[Any], **_: Any) -> Iterator[Done]:
        return map(fn, *iterables)  # one after the other as they are read, so that nothing done waits for the last
