"""The manual's examples are what the program prints, and its Python runs."""

import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

from sim.cli import app

ROOT = Path(__file__).parents[1]
MANUAL = (ROOT / "docs" / "manual.md").read_text(encoding="utf-8")
LEFT_OUT = "..."


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", MANUAL, re.MULTILINE | re.DOTALL)


def examples() -> list[tuple[str, list[str]]]:
    """Return each command of the manual with the lines that it is shown to print."""
    commands: list[tuple[str, list[str]]] = []
    for line in "".join(blocks("console")).splitlines():
        if line.startswith("$ "):
            commands.append((line.removeprefix("$ "), []))
        elif line != LEFT_OUT:
            commands[-1][1].append(" ".join(line.split()))
    return commands


def test_every_command_has_an_example() -> None:
    """In the manual, or in a page of its own that the manual links to."""
    verbs = {path.stem for path in (ROOT / "sim" / "cli" / "verbs").glob("[a-z]*.py")}
    linked = re.findall(r"\]\((\w+\.md)", MANUAL)
    pages = [MANUAL, *((ROOT / "docs" / name).read_text(encoding="utf-8") for name in linked)]
    shown = {verb for page in pages for verb in re.findall(r"^(?:\$ )?sim ([a-z]+)", page, re.MULTILINE)}
    assert verbs <= shown


def test_the_commands_print_what_the_manual_shows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """All in one folder, one after the other, as a reader types them: some read what an earlier one wrote."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("COLUMNS", raising=False)
    for command, shown in examples():
        program, *words = command.split()
        assert program == "sim"
        done = CliRunner().invoke(app, words)
        assert done.exit_code == 0, f"{command}: {done.stderr}"
        printed = {" ".join(line.split()) for line in (done.stdout + done.stderr).splitlines()}
        assert shown, command
        assert not [line for line in shown if line not in printed], f"docs/manual.md: {command}\n{done.stdout}"


def test_its_python_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (code,) = blocks("python")
    exec(compile(code, "docs/manual.md", "exec"), {})
