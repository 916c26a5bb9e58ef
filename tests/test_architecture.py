"""The floors of the house: each imports only from below, the model is plain, and importing costs nothing."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "sim"
SOURCES = sorted(path for path in PACKAGE.rglob("*.py"))
# From the ground up. The register reads the model to say which rule rests on what; the model reads nothing.
FLOORS = (
    "model", "article", "scenario", "storage", "engine", "analysis", "calibration", "studies", "trial", "report", "web",
    "api", "cli",
)  # fmt: skip
PLAIN = {"math", "dataclasses", "typing", "collections.abc"}
HEAVY = ("numpy", "pandas", "llvmlite", "mesa", "matplotlib", "pydantic", "yaml", "scipy", "typer", "rich")


def named(path: Path) -> str:
    """Return a source's place in the project."""
    return path.relative_to(PACKAGE.parent).as_posix()


def floor(module: str) -> int | None:
    """Return the floor of a module of the package; None for the package itself."""
    parts = module.split(".")
    return FLOORS.index(parts[1]) if len(parts) > 1 and parts[1] in FLOORS else None


def imports(tree: ast.AST) -> Iterator[str]:
    """Yield every module that a source imports, wherever it does, but for what only type checkers read."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
            yield from imports(ast.Module(node.orelse, []))
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are absolute"
            assert node.module is not None
            if node.module == "sim":
                yield from (f"sim.{alias.name}" for alias in node.names)
            else:
                yield node.module
        else:
            yield from imports(node)


def imported(path: Path) -> set[str]:
    return set(imports(ast.parse(path.read_text(encoding="utf-8"))))


def too_high(path: Path) -> set[str]:
    """Return what a source imports from above its own floor."""
    own = floor(".".join(path.relative_to(PACKAGE.parent).with_suffix("").parts))
    return {module for module in imported(path) if own is not None and (floor(module) or 0) > own}


def test_every_part_of_the_package_has_a_floor() -> None:
    parts = {path.stem for path in PACKAGE.iterdir() if path.suffix == ".py" or (path / "__init__.py").exists()}
    assert parts - {"__init__", "__main__"} == set(FLOORS)


@pytest.mark.parametrize("path", SOURCES, ids=named)
def test_a_floor_imports_only_from_below(path: Path) -> None:
    assert not too_high(path)


@pytest.mark.parametrize("path", SOURCES, ids=named)
def test_the_package_does_without_the_studies_beside_it(path: Path) -> None:
    assert not {module for module in imported(path) if module.split(".")[0] in ("research", "tests", "benchmarks")}


def test_the_package_itself_and_its_start_import_only_the_doors() -> None:
    assert {module for module in imported(PACKAGE / "__init__.py") if module.startswith("sim")} == set()
    assert {module for module in imported(PACKAGE / "__main__.py") if module.startswith("sim")} == {"sim.cli"}


@pytest.mark.parametrize(("source", "modules"), [
    ("import sim.engine.mesa.single_run", {"sim.engine.mesa.single_run"}),
    ("def f():\n    from sim import api", {"sim.api"}),
    ("if TYPE_CHECKING:\n    from sim.api import Run\nelse:\n    import sim.cli", {"sim.cli"}),
    ("try:\n    from sim.report import style\nexcept ImportError:\n    import math", {"sim.report", "math"}),
])  # fmt: skip
def test_the_reading_of_imports_sees_them_wherever_they_stand(source: str, modules: set[str]) -> None:
    assert set(imports(ast.parse(source))) == modules


@pytest.mark.parametrize("path", [path for path in SOURCES if path.is_relative_to(PACKAGE / "model")], ids=named)
def test_the_model_is_plain_python(path: Path) -> None:
    assert {module for module in imported(path) if not module.startswith("sim.model")} <= PLAIN


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
