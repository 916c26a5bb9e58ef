"""Sweeps on more than one machine, through dask.distributed: the same tasks, the same files, other workers.

Workers need no shared folder: each sends its part back, and the process that holds the study writes it. A worker that
dies loses the part it was working on, which another takes up; a part that comes twice is the same part.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import Any

from sim.storage.study_errors import StudyError
from sim.studies.runner import Progress, Tell, carry_out, ignore
from sim.studies.specification import Sweep

LOCAL = "local"
_PATIENCE = 60  # seconds for a scheduler to answer
_QUEUE = 600  # and for a first worker to join it, which may have to wait in a queue


def on_cluster(
    sweep: Sweep, folder: Path, address: str, jobs: int | None, tell: Tell = ignore, anew: bool = False
) -> Progress:
    """Carry out a sweep on a cluster; see :func:`sim.studies.runner.carry_out`.

    Parameters
    ----------
    address
        Of a scheduler, such as ``tcp://10.0.0.1:8786``; or ``local`` to start one here.
    jobs
        Workers of the local one (all cores where not said).
    """
    with _client(address, jobs) as client:
        at_a_time = lambda: 2 * max(sum(client.nthreads().values()), 1)  # noqa: E731  # they come and go
        return carry_out(sweep, folder, client.get_executor(), at_a_time, tell, anew)


@contextmanager
def _client(address: str, jobs: int | None) -> Iterator[Any]:
    try:
        distributed: Any = import_module("distributed")
    except ImportError:
        raise StudyError(
            "clusters need dask.distributed; in the project's folder: pip install -c constraints.txt -e '.[cluster]'"
        ) from None
    if address == LOCAL:
        with (
            distributed.LocalCluster(n_workers=jobs, threads_per_worker=1, dashboard_address=None) as cluster,
            distributed.Client(cluster) as client,
        ):
            yield client
        return
    try:
        client = distributed.Client(address, timeout=_PATIENCE)
    except (OSError, ValueError) as error:
        raise StudyError(f"no scheduler answers at {address}: {error}") from None
    with client:
        try:
            client.wait_for_workers(1, timeout=_QUEUE)
        except TimeoutError:
            raise StudyError(
                f"no worker has joined the scheduler at {address} within {_QUEUE} s. Start one: dask worker {address}"
            ) from None
        yield client
