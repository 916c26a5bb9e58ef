"""Without a compiler, locks, threads and other processes everything is simulated and drawn, with the same numbers."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[1]

# What a platform without them has, as a browser's Python. Every thread that is asked for is counted, and so is every
# pool of processes, which needs one; of processes some are asked for by Python itself, to know the processor.
BLOCK = """
import _posixsubprocess, _thread, os, subprocess, sys
threads = []

class Missing:
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in {"llvmlite", "fcntl", "msvcrt", "_multiprocessing"}:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)

def no_thread(*_, **__):
    threads.append(1)
    raise RuntimeError("can't start new thread")

def no_process(*_, **__):
    raise OSError(38, "Function not implemented")

sys.meta_path.insert(0, Missing())
for name in ("llvmlite", "fcntl", "msvcrt", "_multiprocessing"):
    sys.modules.pop(name, None)
import threading
for module in (_thread, threading):
    for name in ("start_new_thread", "start_joinable_thread", "_start_new_thread", "_start_joinable_thread"):
        if hasattr(module, name):
            setattr(module, name, no_thread)
for module in (os, subprocess, _posixsubprocess):
    for name in ("fork", "forkpty", "posix_spawn", "posix_spawnp", "Popen", "fork_exec", "_fork_exec"):
        if hasattr(module, name):
            setattr(module, name, no_process)
"""

# Both interpreters do this and print what came of it. The commands are on a terminal, so that bars are drawn, and are
# not told how many jobs.
WORK = """
import contextlib, hashlib, io, json, sys
from pathlib import Path
jobs = int(sys.argv[1])
import sim

class Terminal(io.StringIO):
    def isatty(self):
        return True

def digest(*parts):
    whole = hashlib.sha256()
    for part in parts:
        whole.update(part if isinstance(part, bytes) else part.encode() if isinstance(part, str) else part.tobytes())
    return whole.hexdigest()

short = sim.load("war-ends-early").with_(months={"to": "2027-02"})
other = sim.load("moscow-never-buys").with_(months={"to": "2027-02"})
run = sim.run(short, seed=7, number=3)
many = sim.ensemble(short, runs=6, seed=7, jobs=jobs, control=True)
pair = sim.compare(short, other, runs=4, seed=7, jobs=jobs)
study = sim.sweep(short, {"postwar_need": sim.span(0.1, 0.5, 2)}, "study", runs=3, seed=7, jobs=jobs,
                  series=["tension"])
from sim.report.render.sheet import png
said = {
    "run": digest(run.series.to_numpy(), run.moves.to_csv()),
    "ensemble": digest(many.states, many.played, many.control.states),
    "compare": digest(pair.one.states, pair.other.states),
    "sweep": digest(study.outcomes.to_csv(), study.series("tension").to_numpy()),
    "plots": digest(*map(png, (run.plot(), many.plot(), pair.plot("tension")))),
}
from sim.cli import app
Path("short.yaml").write_text(short.to_yaml(), encoding="utf-8")
said["threads with one job"] = len(globals().get("threads", []))
for words in (["run", "short.yaml", "--runs", "4", "--seed", "7", "--out", "told"],
              ["compare", "short.yaml", "moscow-never-buys", "--runs", "4", "--seed", "7", "--out", "both"],
              ["sweep", "study"],
              ["doctor"]):
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(Terminal()) as heard:
        try:
            app(words, prog_name="sim")
        except SystemExit as end:
            said[f"sim {words[0]}"] = {"code": end.code, "heard": heard.getvalue()}
tables = sorted(path for name in ("told", "both") for path in Path(name).rglob("*.parquet"))
said["tables"] = {str(path): digest(path.read_bytes()) for path in tables}
said["threads of all"] = len(globals().get("threads", []))
said["engine"] = __import__("sim.engine.choosing").engine.choosing.answering()
print(json.dumps(said))
"""


def outcome(folder: Path, block: str, jobs: int) -> dict[str, Any]:
    """Return what an interpreter of its own says of its work."""
    folder.mkdir()
    env = {name: value for name, value in os.environ.items() if name != "DRIFTBACK_ENGINE"}
    done = subprocess.run(
        [sys.executable, "-c", block + WORK, str(jobs)],
        cwd=folder, env=env | {"PYTHONPATH": str(ROOT)}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-3000:]
    assert done.stderr == ""
    said: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return said


@pytest.fixture(scope="module")
def usual(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What comes of the work where nothing is missing."""
    said = outcome(tmp_path_factory.mktemp("usual") / "work", "", 2)
    assert said["engine"] == "compiled"
    return said


def test_what_a_platform_lacks_changes_no_number(usual: dict[str, Any], tmp_path: Path) -> None:
    blocked = outcome(tmp_path / "work", BLOCK, 1)
    assert blocked["engine"] == "batch"
    for command in ("run", "compare", "sweep", "doctor"):
        ended = blocked[f"sim {command}"]
        assert ended["code"] == 0, ended["heard"]
        assert "llvmlite" not in ended["heard"]
    for work in ("run", "ensemble", "compare", "sweep", "plots", "tables"):
        assert blocked[work] == usual[work], work
    assert blocked["threads with one job"] == 0
    assert blocked["threads of all"] == 1, "where nobody says how many jobs, a thread is tried once"
