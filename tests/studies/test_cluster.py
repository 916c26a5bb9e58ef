"""Sweeps on a cluster: a real scheduler, workers started as users start them, one of them killed."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from sim.inference.designs import span
from sim.storage.study_errors import StudyError
from sim.studies.specification import sweep_by_design
from sim.studies.store import Store
from sim.studies.sweep_runner import on_threads, study_progress
from tests.studies.studies import content, outcomes, short_war, write_file

pytest.importorskip("distributed")

FILE = "scenario: ./short-war.yaml\nvary:\n  postwar_need: {span: [0, 1.6, 40]}\nruns: 64\nseed: 5\n"


def _start(*command: str, log: Path) -> subprocess.Popen:
    environment = os.environ | {"PYTHONPATH": os.getcwd(), "OMP_NUM_THREADS": "1"}
    with log.open("w") as file:
        return subprocess.Popen(command, stdout=file, stderr=file, env=environment, cwd=log.parent)


def _wait_for(condition, log: Path, seconds: float = 120.0) -> None:
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until, log.read_text()
        time.sleep(0.02)


@pytest.fixture
def scheduler(tmp_path: Path) -> Iterator[str]:
    """The address of a scheduler without workers."""
    said, log = tmp_path / "scheduler.json", tmp_path / "scheduler.log"
    command = (sys.executable, "-m", "distributed.cli.dask_scheduler", "--port", "0", "--host", "127.0.0.1",
               "--no-dashboard", "--no-jupyter", "--scheduler-file", str(said))  # fmt: skip
    process = _start(*command, log=log)
    try:
        _wait_for(lambda: said.exists() and said.read_text().strip().endswith("}"), log)
        yield json.loads(said.read_text())["address"]
    finally:
        process.kill()
        process.wait()


def _worker(address: str, log: Path) -> subprocess.Popen:
    return _start(sys.executable, "-m", "distributed.cli.dask_worker", address, "--nthreads", "1", "--no-nanny",
                  "--no-dashboard", log=log)  # fmt: skip


def test_with_a_worker_killed_in_the_middle_nothing_is_lost_or_doubled(scheduler: str, tmp_path: Path) -> None:
    file, folder = write_file(tmp_path, FILE), tmp_path / "study"
    workers = [_worker(scheduler, tmp_path / f"worker-{number}.log") for number in range(2)]
    command = (sys.executable, "-m", "sim", "sweep", str(file), "--out", str(folder), "--cluster", scheduler, "-q")
    study = _start(*command, log=tmp_path / "study.log")
    try:
        _wait_for(lambda: len(list(folder.glob("outcomes/part-*"))) >= 2, tmp_path / "study.log")
        workers[0].kill()
        done = study_progress(Store(folder)).done
        assert study.wait(timeout=180) == 0, (tmp_path / "study.log").read_text()
        assert done < 2560, "the worker was killed too late to matter"
    finally:
        for process in (*workers, study):
            process.kill()
            process.wait()
    assert outcomes(folder)["run"].tolist() == list(range(2560))
    vary = {"postwar_need": span(0, 1.6, 40)}
    alone = sweep_by_design(short_war(), vary, runs=64, seed=5, name="small")
    on_threads(alone, tmp_path / "alone", jobs=2)
    ours, sound = content(folder), content(tmp_path / "alone")
    assert ours == sound


def test_a_scheduler_that_is_not_there_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from sim.studies import cluster

    monkeypatch.setattr(cluster, "_PATIENCE", 1)
    asked = sweep_by_design(short_war(), {"postwar_need": span(0, 1.6, 2)}, runs=2, seed=5)
    with pytest.raises(StudyError, match=r"no scheduler answers at tcp://127\.0\.0\.1:9"):
        cluster.on_cluster(asked, tmp_path / "study", "tcp://127.0.0.1:9", None)
    assert not (tmp_path / "study").exists()


def test_a_cluster_started_here_gives_the_same_bytes(tmp_path: Path) -> None:
    file = write_file(tmp_path, FILE.replace("40]", "8]"))
    for words in (["--cluster", "local", "--jobs", "2", "--out", "there"], ["--jobs", "2", "--out", "here"]):
        done = subprocess.run([sys.executable, "-m", "sim", "sweep", str(file), "-q", *words], cwd=tmp_path,
                              env=os.environ | {"PYTHONPATH": os.getcwd()}, capture_output=True, text=True)  # fmt: skip
        assert done.returncode == 0, done.stderr
    assert content(tmp_path / "there") == content(tmp_path / "here")
