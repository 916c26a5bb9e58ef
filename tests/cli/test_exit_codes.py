"""How commands end: 0 done, 1 failure, 2 usage, 3 invalid scenario, 4 some runs failed, 130 interrupted."""

import dataclasses
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import sim.analysis.definitions  # noqa: F401  # before a test changes the engine that it keeps
from sim.engine.ensemble import Pair
from sim.engine.experiment import Experiment
from sim.scenario import load
from tests.signals import hears_ctrl_c

from .conftest import SHORT, Sim


def test_done(sim: Sim) -> None:
    assert sim("check", "short.yaml").exit_code == 0


def test_a_failure_says_how_to_mend_it(sim: Sim) -> None:
    shown = sim("new", "short")
    assert shown.exit_code == 1
    assert shown.stderr == "short.yaml is there already, and stays as it is. Choose another name\n"


def test_a_file_that_cannot_be_written_is_named(sim: Sim, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: Any, **__: Any) -> None:
        raise PermissionError(13, "Permission denied", "mine.yaml")

    monkeypatch.setattr("builtins.open", refuse)
    shown = sim("new", "mine")
    assert (shown.exit_code, shown.stderr) == (1, "mine.yaml: permission denied\n")


def test_a_defect_is_not_blamed_on_the_user_and_shows_its_traceback_on_request(
    sim: Sim, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: Any) -> None:
        raise RuntimeError("gears jammed")

    monkeypatch.setattr(import_module("sim.scenario.loading"), "available", fail)
    shown = sim("list")
    assert shown.exit_code == 1
    assert "this is a defect: RuntimeError: gears jammed" in shown.stderr
    assert "sim --debug" in shown.stderr
    assert isinstance(sim("--debug", "list").exception, RuntimeError)


@pytest.mark.parametrize(
    "words",
    [
        ("run",),
        ("run", "short.yaml", "--runs", "0"),
        ("run", "short.yaml", "--runs", "many"),
        ("run", "short.yaml", "--runs", "1000000"),
        ("run", "short.yaml", "--seed", "-1"),
        ("run", "short.yaml", "--jobs", "0"),
        ("run", "short.yaml", "--runs", "5", "--number", "5"),
        ("run", "short.yaml", "--set", "postwar_need"),
        ("run", "short.yaml", "--set", "postwar_need=0.1", "--set", "postwar_need=0.2"),
        ("run", "short.yaml", "baseline"),
        ("compare", "short.yaml"),
        ("claims", "C99"),
        ("new", "two words"),
    ],
)
def test_a_wrong_command_line_is_2_and_computes_nothing(sim: Sim, bare: dict[str, Any], words: tuple[str, ...]) -> None:
    shown = sim(*words)
    assert shown.exit_code == 2
    assert "Error: " in shown.stderr
    assert not bare


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("--set", "postwar_ned=0.2"), "on the command line: parameters.postwar_ned: there is no such parameter"),
        (("--set", "postwar_need=NO"), "a number is wanted, not yes or no"),
        (("--set", "postwar_need=9"), "allowed  0 to 1.6"),
        (("--without", "c38"), "fix      write C38"),
        (("--variant", "v4"), "fix      write V4"),
    ],
)
def test_a_wrong_change_of_a_scenario_is_3(sim: Sim, bare: dict[str, Any], words: tuple[str, ...], says: str) -> None:
    shown = sim("run", "short.yaml", *words)
    assert shown.exit_code == 3
    assert says in shown.stderr
    assert not bare


def test_failed_runs_are_4_and_left_out(sim: Sim, bare: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    whole = Experiment.with_control

    def with_failures(*given: Any, **more: Any) -> Pair:
        pair = whole(*given, **more)
        states = pair.one.states.copy()
        states[2, 40, 0] = np.nan
        return Pair(dataclasses.replace(pair.one, states=states), pair.other)

    monkeypatch.setattr(Experiment, "with_control", with_failures)
    shown = sim("run", "short.yaml", "--seed", "7", "--runs", "5")
    assert shown.exit_code == 4
    assert "1 of 5 runs failed and are left out: 2" in shown.stderr
    assert bare["many"].runs.tolist() == bare["control"].runs.tolist() == [0, 1, 3, 4]


@pytest.mark.skipif(sys.platform == "win32", reason="no such signal there")
def test_ctrl_c_is_130_and_leaves_nothing_behind(tmp_path: Path) -> None:
    (tmp_path / "short.yaml").write_text(SHORT, encoding="utf-8")
    words = ["run", "short.yaml", "--seed", "7", "--runs", "10000"]
    process = subprocess.Popen(
        [sys.executable, "-m", "sim", *words],
        cwd=tmp_path,
        stderr=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        preexec_fn=hears_ctrl_c,
    )
    assert process.stderr is not None
    assert process.stderr.readline() == "seed 7\n"
    process.send_signal(signal.SIGINT)
    out, messages = process.communicate(timeout=60)
    assert process.returncode == 130
    assert messages.strip().endswith("interrupted")
    assert "Traceback" not in messages
    assert out == ""
    assert os.listdir(tmp_path) == ["short.yaml"]


class _InADestructor:
    def __del__(self) -> None:
        signal.raise_signal(signal.SIGINT)


_IN_AN_IMPORT = """
import signal
try:
    signal.raise_signal(signal.SIGINT)
except KeyboardInterrupt:
    pass
"""


def _import_what_swallows() -> None:
    Path("swallows.py").write_text(_IN_AN_IMPORT, encoding="utf-8")
    import_module("swallows")


@pytest.mark.parametrize("falls", [_InADestructor, _import_what_swallows])
def test_ctrl_c_is_heard_where_what_is_raised_is_lost(
    sim: Sim, monkeypatch: pytest.MonkeyPatch, falls: Callable[[], Any]
) -> None:
    def long(*_: Any) -> None:
        falls()
        for _second in range(10):
            time.sleep(1)

    monkeypatch.syspath_prepend(".")
    monkeypatch.setattr(import_module("sim.scenario.loading"), "available", long)
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        shown = sim("list")
    finally:
        signal.signal(signal.SIGINT, before)
    assert (shown.exit_code, shown.stderr) == (130, "\ninterrupted\n")


def test_the_short_world_of_these_tests_is_judged(tmp_path: Path) -> None:
    (tmp_path / "short.yaml").write_text(SHORT, encoding="utf-8")
    world = load(tmp_path / "short.yaml")
    assert isinstance(world.war_end, int) and world.war_end + 24 == world.horizon - 1
