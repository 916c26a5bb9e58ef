"""What the tests of the command line share: two short runs, a folder of their own, and results without pictures."""

import sys
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import mesa  # noqa: F401  # where it is there, the world that is told is simulated in this process: a new one costs seconds
import pytest
from typer.testing import CliRunner, Result

from sim.cli import app
from sim.engine.mesa import single_run
from sim.engine.mesa.single_run import Run
from sim.engine.provenance import made_by
from sim.engine.start_state import StartState
from sim.scenario.schema import Scenario
from sim.scenario.source import Source
from sim.storage import sealed

Sim = Callable[..., Result]
# A world that was told for one command is not simulated again for the next: scenario, seed and number fix all of it,
# which the tests of the engine check, and simulating one costs more than all else that a command does.
SIMULATED: dict[tuple[object, ...], Run] = {}
SIMULATE_RUN = single_run.simulate_run


def simulated_once(scenario: Scenario, seed: int, number: int, source: Source, start: StartState | None) -> Run:
    if start is not None:
        return SIMULATE_RUN(scenario, seed, number, source, start)
    key = scenario, seed, number, source
    if key not in SIMULATED:
        SIMULATED[key] = SIMULATE_RUN(scenario, seed, number, source, start)
    return SIMULATED[key]


# The war ends 24 months before the last month, so that the end can be judged; 72 months are quick to simulate.
SHORT = """\
name: a short war
question: What changes when the war is short?
war: {ends: 2022-12}
months: {to: 2024-12}
"""
LONG = """\
name: a long war
months: {to: 2024-12}
"""


@pytest.fixture
def sim(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Sim:
    """Type a command in a folder that holds short.yaml and long.yaml alone."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(single_run, "simulate_run", simulated_once)
    monkeypatch.delenv("COLUMNS", raising=False)
    (tmp_path / "short.yaml").write_text(SHORT, encoding="utf-8")
    (tmp_path / "long.yaml").write_text(LONG, encoding="utf-8")

    def typed(*words: str) -> Result:
        return CliRunner().invoke(app, list(words))

    return typed


@pytest.fixture
def bare(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """Write manifests in place of whole reports, and remember what a report would have been made from."""
    seen: dict[str, Any] = {}

    def write(folder: Path, facts: dict[str, Any]) -> None:
        sealed.seal(folder / "manifest.json", facts | made_by())

    def write_run(folder: Path, make_run: Any, many: Any, control: Any, command: str, assumed: Any) -> None:
        run = make_run()
        seen.update(folder=folder, run=run, many=many, control=control, command=command)
        scenario = run.scenario.to_yaml()
        numbers = {"seed": run.seed, "number": run.number, "runs": len(many)}
        numbers["parameter_sets"] = many.source.name.lower()
        write(folder, {"kind": "run", "scenario": scenario, **numbers, "command": command})

    def write_compare(folder: Path, pair: Any, one: Any, other: Any, command: str) -> None:
        seen.update(folder=folder, pair=pair, one=one, other=other, command=command)
        write(folder, {"kind": "compare", "command": command})

    report = SimpleNamespace(write_run=write_run, write_compare=write_compare)
    monkeypatch.setitem(sys.modules, "sim.report.folders.run_folders", report)
    return seen
