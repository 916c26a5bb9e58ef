"""Which engine answers: never one that changes a number."""

import json

import pytest
from typer.testing import CliRunner

from sim.cli import app, simulating
from sim.engine import batch, choosing
from sim.engine.compiled import llvm_engine
from sim.scenario.values import resolve

NAMES = tuple(resolve({}))


@pytest.fixture
def nobody_says(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing in the environment says which engine is wanted."""
    monkeypatch.delenv(choosing.VARIABLE)


@pytest.fixture
def no_compiler(nobody_says: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """The package with LLVM cannot be imported."""
    monkeypatch.setattr(llvm_engine, "has_compiler", lambda: False)


def test_the_compiled_engine_answers(nobody_says: None) -> None:
    assert choosing.engine() is llvm_engine.kernel


def test_the_batch_engine_answers_where_there_is_no_compiler(no_compiler: None) -> None:
    assert choosing.engine() is batch.month_loop


@pytest.mark.parametrize(("said", "engine"), [("batch", batch.month_loop), ("compiled", llvm_engine.kernel)])
def test_who_says_which_engine_gets_it(said: str, engine: object, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(choosing.VARIABLE, said)
    assert choosing.engine() is engine


def test_an_engine_that_there_is_not_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(choosing.VARIABLE, "fortran")
    with pytest.raises(choosing.NoSuchEngine, match="is 'fortran'; set it to compiled or to batch, or not at all"):
        choosing.engine()


def test_the_compiled_engine_is_refused_where_there_is_no_compiler(
    no_compiler: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(choosing.VARIABLE, "compiled")
    with pytest.raises(choosing.NoSuchEngine, match=r"needs llvmlite.*: install it, or set the variable to batch"):
        choosing.engine()


@pytest.mark.parametrize("error", [ImportError("no module"), OSError("a library cannot be loaded")])
def test_a_compiler_that_does_not_load_is_none(monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    def load() -> None:
        raise error

    monkeypatch.setattr(llvm_engine, "_llvm", load)
    assert not llvm_engine.has_compiler.__wrapped__()
    monkeypatch.undo()
    assert llvm_engine.has_compiler.__wrapped__()


def test_a_command_says_that_it_compiles_once_and_only_then(
    nobody_says: None, tmp_path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def said() -> str:
        simulating.ready_engine()
        return " ".join(capsys.readouterr().err.split())

    llvm_engine.kernel(NAMES)
    assert said() == "", "it is there"
    monkeypatch.setenv("DRIFTBACK_CACHE", str(tmp_path))
    waited: list[tuple] = []
    monkeypatch.setattr(llvm_engine, "kernel", lambda *structure: waited.append(structure))
    assert said().startswith("compiling the rules for this processor, once: some seconds")
    assert waited == [(NAMES,)]
    monkeypatch.setenv(choosing.VARIABLE, "batch")
    assert said() == ""


def test_the_doctor_says_which_engine_would_answer(nobody_says: None, monkeypatch: pytest.MonkeyPatch) -> None:
    def answer() -> str:
        return json.loads(CliRunner().invoke(app, ["doctor", "--json"]).stdout)["engine of many runs"]

    assert answer() == "compiled (the fastest)"
    with monkeypatch.context() as patch:
        patch.setattr(llvm_engine, "has_compiler", lambda: False)
        assert answer() == "batch (llvmlite cannot be imported; the results are the same)"
    monkeypatch.setenv(choosing.VARIABLE, "batch")
    assert answer() == "batch (DRIFTBACK_ENGINE says so)"
    monkeypatch.setenv(choosing.VARIABLE, "fortran")
    refused = CliRunner().invoke(app, ["doctor"])
    assert refused.exit_code == 1
    assert "DRIFTBACK_ENGINE is 'fortran'" in refused.stderr
    assert "defect" not in refused.stderr
