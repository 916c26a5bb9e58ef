"""The Python environment that the commands of a checkout run in.

It is the virtual environment that is active, else ``.venv`` of the checkout, which is made where there is none.
``python3 scripts/environment.py test study`` installs the project with these extras and prints the folder of the
environment's programs. CONSTRAINTS names another file of versions than constraints.txt.
"""

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
OLDEST = (3, 11)
PROGRAMS, PYTHON = ("Scripts", "python.exe") if os.name == "nt" else ("bin", "python")


def use_new_enough_python():
    """Go on with a newer Python where this one is too old, or end with what to install."""
    if sys.version_info >= OLDEST:
        return
    for name in ("python3.13", "python3.12", "python3.11"):
        if found := shutil.which(name):
            sys.exit(subprocess.call([found, *sys.argv]))
    sys.exit("driftback needs Python 3.11 or newer; on Debian and Ubuntu: apt-get install python3 python3-venv")


def active_environment():
    """Return the folder of the active virtual environment; None where there is none."""
    if sys.prefix != sys.base_prefix:
        return Path(sys.prefix)
    named = Path(os.environ.get("VIRTUAL_ENV", ""))
    return named if named.name and (named / PROGRAMS / PYTHON).exists() else None  # it may have been deleted since


def install(extras=()):
    """Install the project and some of its extras, in an environment that is made where there is none.

    Returns
    -------
    Path
        The folder of the environment's programs.
    """
    environment = active_environment() or _own_environment()
    programs = environment / PROGRAMS
    constraints = ROOT / os.environ.get("CONSTRAINTS", "constraints.txt")
    project = f"{ROOT}[{','.join(extras)}]" if extras else str(ROOT)
    pip = [programs / PYTHON, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    done = subprocess.run([*pip, "-c", constraints, "-e", project], check=False, stdout=sys.stderr)
    if done.returncode:
        sys.exit(f"driftback could not be installed into {environment}; pip's message above says why")
    _stamp(environment).write_text(_wanted(), encoding="utf-8")
    return programs


def program(name):
    """Return the path of one of the project's programs, which is installed first where it is not, or is outdated."""
    environment = active_environment() or ROOT / ".venv"
    path = environment / PROGRAMS / (f"{name}.exe" if os.name == "nt" else name)
    stamp = _stamp(environment)
    if not path.exists() or not stamp.exists() or stamp.read_text(encoding="utf-8") != _wanted():
        print(f"installing driftback into {environment}, once: a minute or two", file=sys.stderr)
        install()
    return path


def _own_environment():
    folder = ROOT / ".venv"
    if (folder / PROGRAMS / PYTHON).exists() and list((folder / PROGRAMS).glob("pip*")):
        return folder
    made = [sys.executable, "-m", "venv", "--clear", folder]
    if subprocess.run(made, check=False, stdout=sys.stderr).returncode:
        sys.exit(f"{folder} could not be made; on Debian and Ubuntu: apt-get install python3-venv")
    return folder


def _stamp(environment):
    return environment / "driftback-installed"


def _wanted():
    """Return a digest of what decides what is installed, and from where."""
    files = [ROOT / "pyproject.toml", ROOT / "constraints.txt"]
    return hashlib.sha256(b"\0".join([str(ROOT).encode(), *(path.read_bytes() for path in files)])).hexdigest()


if __name__ == "__main__":
    use_new_enough_python()
    print(install(sys.argv[1:]))
