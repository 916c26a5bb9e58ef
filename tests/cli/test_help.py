"""Help comes at once, and every wrong word is met with the right one."""

import json
import os
import subprocess
import sys
from importlib import import_module
from pkgutil import iter_modules

import pytest
import typer

from sim import __version__
from sim.cli import app, main, verbs

from .conftest import Sim

COMMANDS = [module.name for module in iter_modules(verbs.__path__)]
HEAVY = ("llvmlite", "pandas", "matplotlib", "mesa", "numpy", "scipy", "pyarrow", "rich", "yaml")


def test_help_comes_within_half_a_second() -> None:
    def busy() -> float:  # the processor's time, for the clock would count what else the machine does
        times = os.times()
        return times.children_user + times.children_system

    def once() -> float:
        begun = busy()
        subprocess.run([sys.executable, "-m", "sim", "--help"], check=True, capture_output=True)
        return busy() - begun

    assert min(once() for _ in range(5)) < 0.5


def test_help_imports_nothing_heavy() -> None:
    """In one process that is asked for the help of every command: what the first imports, the last would still have."""
    code = f"""if True:
        import json, sys
        from contextlib import suppress
        from sim.cli import app
        heavy = {{}}
        for command in {COMMANDS}:
            with suppress(SystemExit):
                app([command, "--help"], prog_name="sim")
            heavy[command] = [name for name in {HEAVY} if name in sys.modules]
        print(json.dumps(heavy))
    """
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert json.loads(done.stdout.splitlines()[-1]) == {command: [] for command in COMMANDS}


@pytest.mark.parametrize(("called", "shown"), [("driftback", "driftback"), ("sim", "sim"), ("__main__.py", "sim")])
def test_help_names_the_command_as_it_was_called(
    called: str, shown: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", [f"/somewhere/{called}", "--help"])
    monkeypatch.setattr("sim.cli.gc.freeze", lambda: None)
    with pytest.raises(SystemExit):
        main()
    assert capsys.readouterr().out.split()[:2] == ["Usage:", shown]


@pytest.mark.parametrize("flag", ["-h", "--help"])
def test_help_names_every_command_and_where_to_begin(sim: Sim, flag: str) -> None:
    shown = sim(flag)
    assert shown.exit_code == 0
    assert all(f"\n  {command} " in shown.stdout for command in COMMANDS)
    assert "sim list" in shown.stdout


def test_no_command_shows_the_help(sim: Sim) -> None:
    assert "Commands:" in sim().output


@pytest.mark.parametrize("command", COMMANDS)
def test_each_command_says_what_it_does_and_what_its_options_do(sim: Sim, command: str) -> None:
    assert sim(command, "-h").exit_code == 0
    first = (import_module(f"{verbs.__name__}.{command}").verb.__doc__ or "").splitlines()[0]
    assert len(first) < 60, "longer lines are cut in the list of commands"
    parameters = typer.main.get_command(app).commands[command].params  # type: ignore[attr-defined]
    assert all(parameter.help for parameter in parameters)


def test_version(sim: Sim) -> None:
    assert sim("--version").stdout == f"driftback {__version__}\n"


@pytest.mark.parametrize(
    ("words", "meant"),
    [
        (("rnu",), "run"),
        (("lsit",), "list"),
        (("explian",), "explain"),
        (("run", "short.yaml", "--sede", "3"), "--seed"),
        (("list", "--jsn"), "--json"),
    ],
)
def test_a_misspelt_command_or_option_is_met_with_the_right_one(sim: Sim, words: tuple[str, ...], meant: str) -> None:
    shown = sim(*words)
    assert shown.exit_code == 2
    assert meant in shown.stderr.splitlines()[-1]
    assert shown.stdout == ""


@pytest.mark.parametrize("command", ["run", "check", "diff", "compare"])
def test_a_misspelt_scenario_is_met_with_the_right_one(sim: Sim, command: str) -> None:
    words = ["basline"] * (2 if command in ("diff", "compare") else 1)
    shown = sim(command, *words)
    assert shown.exit_code == 3
    assert "Did you mean baseline?" in shown.output


def test_a_scenario_file_named_without_its_ending_is_found_for_the_user(sim: Sim) -> None:
    shown = sim("run", "short")
    assert shown.exit_code == 3
    assert "Did you mean short.yaml?" in shown.stderr
