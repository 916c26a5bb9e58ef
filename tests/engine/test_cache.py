"""Compiled kernels on disk: made anew with any edit of a rule, found again otherwise, and never in the way."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from types import SimpleNamespace

import pytest

from sim.engine.compiled import llvm_engine
from sim.engine.plan import plan_of
from sim.scenario import load

PACKAGE = Path(__file__).parents[2] / "sim"
SIMULATE = """
from sim.engine.compiled import llvm_engine
from sim.engine.experiment import Experiment
from sim.engine.plan import plan_of
from sim.scenario import load
scenario = load("hindcast").with_(months={"to": "2019-01"})
print(llvm_engine.kernel_fingerprint(tuple(plan_of(scenario).values)))
print(float(Experiment(scenario, seed=5).ensemble().array("tension")[0, -1]).hex())
"""
LOAD = """
from sim.engine.compiled import llvm_engine
from sim.engine.experiment import Experiment
from sim.engine.plan import plan_of
from sim.scenario import load
llvm_engine.compile_text = None
brief = load("hindcast").with_(months={"to": "2019-01"})
print(float(Experiment(brief, seed=5).ensemble().array("tension")[0, -1]).hex())
"""


def python(code: str, home: Path, **environment: str) -> list[str]:
    """Run code in a process of its own that sees the package in ``home``, and return the lines that it prints."""
    done = subprocess.run(
        [sys.executable, "-c", code],
        env=os.environ | {"PYTHONPATH": str(home)} | environment,
        cwd=home,
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.split("\n")[:-1]


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of the package, whose rules may be edited."""
    home = tmp_path / "copy"
    for folder in (PACKAGE, PACKAGE.parent / "scenarios"):
        shutil.copytree(folder, home / folder.name, ignore=shutil.ignore_patterns("__pycache__"))
    return home


def test_an_edited_rule_gives_another_kernel_and_another_result(copy: Path, tmp_path: Path) -> None:
    rule = copy / "sim" / "model" / "transition" / "security.py"
    text = rule.read_text(encoding="utf-8")
    spot = "params.tension_gain"
    assert spot in text
    aside = {"DRIFTBACK_CACHE": str(tmp_path / "kernels")}
    before = python(SIMULATE, copy, **aside)
    rule.write_text(text.replace(spot, "1.01 * " + spot, 1), encoding="utf-8")
    after = python(SIMULATE, copy, **aside)
    rule.write_text(text, encoding="utf-8")
    assert before[0] != after[0]
    assert before[1] != after[1]
    assert python(SIMULATE, copy, **aside) == before
    assert {path.name for path in (tmp_path / "kernels").iterdir()} == {before[0], after[0]}


def test_all_that_is_compiled_lies_in_the_folder_of_its_fingerprint_and_is_found_there_again() -> None:
    made = plan_of(load("hindcast"))
    llvm_engine.kernel(tuple(made.values))
    folder = llvm_engine.cache_home() / llvm_engine.kernel_fingerprint(tuple(made.values))
    assert {path.name for path in folder.iterdir()} == {"months.o", "rows.json"}
    assert python(LOAD, PACKAGE.parent) == python(SIMULATE, PACKAGE.parent)[1:]


@pytest.mark.parametrize("file", ["months.o", "rows.json"])
@pytest.mark.parametrize("damage", ["cut", "first", "last", "gone"])
def test_what_is_damaged_is_compiled_anew(
    file: str, damage: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = tuple(plan_of(load("hindcast")).values)
    monkeypatch.setenv("DRIFTBACK_CACHE", str(tmp_path))
    folder = llvm_engine._own(tmp_path / llvm_engine.kernel_fingerprint(made))
    llvm_engine._write(folder / "months.o", b"code")
    rows = json.dumps({"digest": llvm_engine._digest(b"code", {"month": 1}), "month": 1})
    llvm_engine._write(folder / "rows.json", rows.encode())
    assert llvm_engine._kept(folder) == (b"code", {"month": 1})
    code = (folder / file).read_bytes()
    (folder / file).unlink()
    left = {"cut": code[:-1], "first": b"0" + code[1:], "last": code[:-2] + b"2" + code[-1:]}
    if damage in left:
        (folder / file).write_bytes(left[damage])
    assert llvm_engine._kept(folder) is None


def test_the_fingerprint_changes_with_the_parameters_and_their_order() -> None:
    names = tuple(plan_of(load("hindcast")).values)
    prints = {
        llvm_engine.kernel_fingerprint(names),
        llvm_engine.kernel_fingerprint(names[:-1]),
        llvm_engine.kernel_fingerprint(names[::-1]),
    }
    assert len(prints) == 3


def test_a_home_that_cannot_be_written_is_replaced(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    taken = tmp_path / "a file"
    taken.touch()
    monkeypatch.setenv("DRIFTBACK_CACHE", str(taken))
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    home = llvm_engine.cache_home()
    assert home.parent == tmp_path
    assert home.stat().st_mode & 0o777 == 0o700
    assert llvm_engine.cache_home() == home


@pytest.fixture(params=["named", "temporary"])
def home(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the folder for kernels, where one is named and where that cannot be written."""
    if request.param == "named":
        named = tmp_path / "kernels"
    else:
        named = tmp_path / "a file"
        named.touch()
    monkeypatch.setenv("DRIFTBACK_CACHE", str(named))
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return llvm_engine.cache_home()


@pytest.mark.parametrize("mode", [0o777, 0o770, 0o702, 0o1777])
def test_a_folder_that_others_can_write_to_is_refused(home: Path, mode: int) -> None:
    home.chmod(mode)
    with pytest.raises(PermissionError, match="others can write there, and what lies there would be run") as said:
        llvm_engine.cache_home()
    assert said.value.filename == str(home)


def test_a_folder_that_another_user_owns_is_refused(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = os.geteuid()
    folder = llvm_engine._own(home / "0123")
    monkeypatch.setattr(os, "geteuid", lambda: real + 1)
    with pytest.raises(PermissionError, match="another user owns it"):
        llvm_engine._own(folder)
    with pytest.raises(PermissionError, match="another user owns it"):
        llvm_engine._own(home)


def test_a_link_that_another_user_put_there_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "mine").mkdir(mode=0o700)
    link = tmp_path / "link"
    link.symlink_to(tmp_path / "mine")
    assert llvm_engine._own(link) == link
    real = Path.lstat
    monkeypatch.setattr(Path, "lstat", lambda self: SimpleNamespace(st_uid=real(self).st_uid + 1))
    with pytest.raises(PermissionError, match="another user owns it"):
        llvm_engine._own(link)


def test_a_kernel_that_others_could_have_written_is_not_run(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = home / "0123"
    folder.mkdir()
    folder.chmod(0o777)
    monkeypatch.setattr(llvm_engine, "kernel_fingerprint", lambda *_: "0123")
    with pytest.raises(PermissionError, match="others can write there"):
        llvm_engine.kernel.__wrapped__(())


def test_the_umask_does_not_open_the_folder(tmp_path: Path) -> None:
    home = tmp_path / "above" / "kernels"
    aside = {"DRIFTBACK_CACHE": str(home)}
    name, _ = python("import os; os.umask(0)\n" + SIMULATE, PACKAGE.parent, **aside)
    modes = {folder.stat().st_mode & 0o777 for folder in (home.parent, home, home / name)}
    assert modes == {0o700}


def test_a_refused_folder_is_said_in_words(tmp_path: Path) -> None:
    tmp_path.chmod(0o777)
    command = [sys.executable, "-m", "sim", "doctor"]
    done = subprocess.run(command, env=os.environ | {"DRIFTBACK_CACHE": str(tmp_path)}, capture_output=True, text=True)
    assert done.returncode == 1
    assert done.stderr == (
        f"{tmp_path}: others can write there, and what lies there would be run. "
        "Remove it, or name a folder of your own in DRIFTBACK_CACHE\n"
    )


def test_clearing_removes_the_kernels_and_nothing_else(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home = tmp_path / "kernels"
    monkeypatch.setenv("DRIFTBACK_CACHE", str(home))
    (home / "0123").mkdir(parents=True)
    home.chmod(0o700)
    beside = tmp_path / "beside"
    beside.touch()
    assert llvm_engine.clear_cache() == home
    assert not home.exists()
    assert beside.exists()
