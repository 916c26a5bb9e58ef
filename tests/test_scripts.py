"""`scripts/sim` in an environment that only seems to be one: its python records what it is asked to install."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
pytestmark = pytest.mark.skipif(os.name == "nt", reason="the environment is made of shell scripts")
PIP = """#!/bin/sh
cd "$(dirname "$0")"
echo "$*" >>asked
printf '#!/bin/sh\\nprintf "<%%s>" "$@"; exit 3\\n' >sim
chmod +x sim
"""


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    folder = tmp_path / "a checkout"
    (folder / "scripts").mkdir(parents=True)
    for name in ("scripts/sim", "scripts/environment.py", "pyproject.toml", "constraints.txt"):
        shutil.copy(ROOT / name, folder / name)
    for name in ("active", ".venv"):
        (folder / name / "bin").mkdir(parents=True)
        put(folder / name / "bin" / "python", PIP)
        put(folder / name / "bin" / "pip", PIP)
    return folder


def put(path: Path, script: str) -> None:
    path.write_text(script)
    path.chmod(0o755)


def run(checkout: Path, *words: str, active: str = "active") -> subprocess.CompletedProcess[str]:
    """Run it under a Python outside any environment, with one that is active, unless its name is empty."""
    python = getattr(sys, "_base_executable", sys.executable)
    env = os.environ | {"VIRTUAL_ENV": str(checkout / active) if active else "", "PYTHONPATH": ""}
    command = [python, checkout / "scripts" / "sim", *words]
    return subprocess.run(command, env=env, capture_output=True, text=True, check=False, cwd=checkout.parent)


def asked(checkout: Path, environment: str = "active") -> list[str]:
    record = checkout / environment / "bin" / "asked"
    return record.read_text().splitlines() if record.exists() else []


def test_it_installs_once_with_the_constraints_and_then_runs_the_words_and_says_nothing(checkout: Path) -> None:
    run(checkout)
    (first,) = asked(checkout)
    assert first.endswith(f"-c {checkout / 'constraints.txt'} -e {checkout}") and "pip install" in first
    done = run(checkout, "run", "two words", "--seed", "7")
    assert (done.stdout, done.stderr, done.returncode) == ("<run><two words><--seed><7>", "", 3)
    assert len(asked(checkout)) == 1


@pytest.mark.parametrize(("active", "chosen"), [("active", "active"), ("", ".venv"), ("deleted since", ".venv")])
def test_it_installs_into_the_active_environment_and_else_into_its_own(
    checkout: Path, active: str, chosen: str
) -> None:
    done = run(checkout, "list", active=active)
    assert (done.stdout, done.returncode) == ("<list>", 3), done.stderr
    assert {name: len(asked(checkout, name)) for name in ("active", ".venv")} == {
        name: int(name == chosen) for name in ("active", ".venv")
    }


@pytest.mark.parametrize("name", ["constraints.txt", "pyproject.toml"])
def test_it_installs_again_when_what_is_needed_has_changed(checkout: Path, name: str) -> None:
    run(checkout)
    with (checkout / name).open("a") as file:
        file.write("# another version\n")
    run(checkout)
    assert len(asked(checkout)) == 2


def test_what_cannot_be_installed_is_said_in_a_line(checkout: Path) -> None:
    put(checkout / "active" / "bin" / "python", "#!/bin/sh\necho no network >&2\nexit 1\n")
    done = run(checkout, "list")
    assert done.returncode == 1 and "Traceback" not in done.stderr
    assert "no network" in done.stderr and "could not be installed" in done.stderr
