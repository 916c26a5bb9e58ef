"""Which engine answers: never one that changes a number, and never a wait that does not pay."""

import json
import math
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest
from typer.testing import CliRunner

from sim.cli import app, simulating
from sim.engine import batch, choosing, making
from sim.engine.compiled import engine as compiled
from sim.scenario.values import resolve
from sim.storage.locks import taken

NAMES = tuple(resolve({}))
FEW, MANY = (10, 168), (100_000, 168)


@pytest.fixture
def started(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """What is started in the background where nothing is compiled and nobody says which engine is wanted."""
    monkeypatch.delenv(choosing.VARIABLE)
    monkeypatch.setenv("DRIFTBACK_CACHE", str(tmp_path))
    monkeypatch.setattr(choosing, "_worked", 0.0)
    choosing.compile_in_background.cache_clear()
    commands: list[list[str]] = []
    aside = SimpleNamespace(Popen=lambda command, **_: commands.append(command), DEVNULL=subprocess.DEVNULL)
    monkeypatch.setattr(choosing, "subprocess", aside)
    return commands


def compile_nothing() -> None:
    """Leave behind what the compiler does, as far as anybody looks at it."""
    folder = compiled.cache_home() / compiled.fingerprint(NAMES) / "__pycache__"
    folder.mkdir(parents=True)
    (folder / "months.simulate-7.py311.1.nbc").touch()


def test_few_runs_are_answered_at_once_and_the_rules_compiled_for_the_next_time(started) -> None:
    assert choosing.engine(NAMES, *FEW) is batch.months
    assert choosing.engine(NAMES, *FEW) is batch.months
    assert started == [[sys.executable, "-m", "sim.engine.making"]], "once"


def test_what_is_compiled_is_used(started) -> None:
    compile_nothing()
    assert choosing.engine(NAMES, *FEW) is compiled.kernel
    assert started == []


def test_half_of_what_the_compiler_makes_is_not_taken_for_the_whole(started) -> None:
    compile_nothing()
    (made,) = compiled.cache_home().rglob("*.nbc")
    made.rename(made.with_name("months.begin-7.py311.1.nbc"))
    assert not compiled.ready(NAMES)


def test_many_runs_are_worth_the_wait(started) -> None:
    assert choosing.engine(NAMES, *MANY) is compiled.kernel
    assert started == []


def test_many_small_questions_are_worth_the_wait_in_the_end(started) -> None:
    answers = [choosing.engine(NAMES, 1000, 168) for _ in range(50)]
    turn = answers.index(compiled.kernel)
    assert turn > 5
    assert answers == [batch.months] * turn + [compiled.kernel] * (50 - turn)


def test_to_foresee_begins_nothing(started) -> None:
    assert choosing.foreseen(NAMES, *FEW) is batch.months
    assert choosing.foreseen(NAMES, *MANY) is compiled.kernel
    assert started == []
    assert choosing._worked == 0.0


@pytest.mark.parametrize(("said", "engine"), [("batch", batch.months), ("compiled", compiled.kernel)])
@pytest.mark.parametrize("asked", [FEW, MANY])
def test_who_says_which_engine_gets_it_and_nothing_in_the_background(
    said: str, engine: Callable, asked: tuple[int, int], started, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(choosing.VARIABLE, said)
    assert choosing.engine(NAMES, *asked) is engine
    assert started == []


def test_an_engine_that_there_is_not_is_refused(started, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(choosing.VARIABLE, "fortran")
    with pytest.raises(choosing.NoSuchEngine, match="is 'fortran'; set it to compiled or to batch, or not at all"):
        choosing.engine(NAMES, *FEW)


def test_the_tests_start_nothing_in_the_background() -> None:
    assert choosing.VARIABLE in os.environ


def test_one_process_compiles_at_a_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DRIFTBACK_CACHE", str(tmp_path))
    made: list[tuple] = []
    monkeypatch.setattr(compiled, "kernel", lambda *structure: made.append(structure))
    monkeypatch.setattr(making, "_step_back", lambda: None)
    with open(tmp_path / "making", "w") as other:
        assert taken(other)
        making.main()
        assert made == []
    making.main()
    assert made == [(NAMES,)]


def test_the_process_in_the_background_outlives_the_command_and_says_nothing(tmp_path: Path) -> None:
    """A stand-in for the compiler waits for a word that is written when the command is over, then answers."""
    go, word = tmp_path / "go", tmp_path / "word"
    stand_in = (
        f"import pathlib, time\nwhile not pathlib.Path({str(go)!r}).exists(): time.sleep(0.01)\n"
        f"print('noise'); pathlib.Path({str(word)!r}).write_text('done')"
    )
    command = (
        "import subprocess\nfrom sim.engine import choosing\nreal = subprocess.Popen\n"
        f"subprocess.Popen = lambda command, **how: real([command[0], '-c', {stand_in!r}], **how)\n"
        "choosing.compile_in_background()\nprint('over')"
    )
    done = subprocess.run([sys.executable, "-c", command], capture_output=True, text=True, check=True)
    assert (done.stdout, done.stderr) == ("over\n", "")
    assert not word.exists()
    go.touch()
    until = time.monotonic() + 300.0  # reached only where the process is gone
    while not word.exists() and time.monotonic() < until:
        time.sleep(0.01)
    assert word.exists()


def told(capsys: pytest.CaptureFixture[str], runs: float = math.inf) -> str:
    simulating.ready_engine(False, runs, 168)
    return " ".join(capsys.readouterr().err.split())


def test_a_command_says_whether_it_waits_for_the_compiler(
    started, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    waited: list[tuple] = []
    monkeypatch.setattr(compiled, "kernel", lambda *structure: waited.append(structure))
    assert told(capsys, 400) == "the rules are not compiled for this processor yet: this answer does without"
    assert waited == []
    assert told(capsys).startswith("compiling the rules for this processor, once: half a minute")
    assert waited == [(NAMES,)]
    compile_nothing()
    assert told(capsys) == ""
    assert started == []


def test_the_doctor_says_which_engine_would_answer(started, monkeypatch: pytest.MonkeyPatch) -> None:
    def answer() -> str:
        return json.loads(CliRunner().invoke(app, ["doctor", "--json"]).stdout)["engine of many runs"]

    assert answer() == "batch (the rules are not compiled yet; the results are the same)"
    compile_nothing()
    assert answer() == "compiled (the rules are compiled)"
    monkeypatch.setenv(choosing.VARIABLE, "batch")
    assert answer() == "batch (DRIFTBACK_ENGINE says so)"
    monkeypatch.setenv(choosing.VARIABLE, "fortran")
    refused = CliRunner().invoke(app, ["doctor"])
    assert refused.exit_code == 1
    assert "DRIFTBACK_ENGINE is 'fortran'" in refused.stderr
    assert "defect" not in refused.stderr
    assert started == []
