"""Importing costs nothing. What may import what is said in pyproject.toml, and import-linter keeps it."""

import subprocess
import sys
from pathlib import Path

PACKAGE = Path(__file__).parents[1] / "sim"
HEAVY = ("numpy", "pandas", "llvmlite", "mesa", "matplotlib", "pydantic", "yaml", "scipy", "typer", "rich")


def loaded(code: str) -> set[str]:
    """Return the heavy libraries that a fresh interpreter has loaded after some code."""
    show = f"\nimport sys; print(*[name for name in {HEAVY} if name in sys.modules])"
    command = [sys.executable, "-c", code + show]
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=PACKAGE.parent)
    return set(done.stdout.splitlines()[-1].split())


def test_importing_the_package_loads_no_library() -> None:
    assert loaded("import sim") == set()


def test_the_rules_load_no_library() -> None:
    assert loaded("import sim.model.transition, sim.model.goals, sim.model.deal, sim.model.outcomes") == set()


def test_loading_a_scenario_needs_neither_engine_nor_tables() -> None:
    assert loaded("import sim.scenario; sim.scenario.load('baseline')") <= {"pydantic", "yaml"}


def test_the_public_names_load_nothing_that_filters_fits_or_draws() -> None:
    assert loaded("import sim; sim.run, sim.sweep, sim.compare") <= {"numpy", "pandas", "pydantic", "yaml"}


def test_one_world_needs_no_compiler() -> None:
    alone = loaded("from sim.engine.mesa.agents import Peninsula; Peninsula('hindcast', seed=1).step()")
    assert "llvmlite" not in alone
