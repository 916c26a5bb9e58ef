"""Each notebook keeps the frame, runs from its first cell to its last, and is stored with what it shows."""

import ast
import importlib.util
import os
import shutil
import subprocess
import sys
from base64 import b64decode
from functools import cache
from pathlib import Path

import nbformat
import pandas as pd
import pytest
from nbformat import NotebookNode

import sim

FOLDER = Path(__file__).parents[1] / "notebooks"
NOTEBOOKS = sorted(FOLDER.glob("*.ipynb"))
SAMPLE = ("01", "04")  # which every test run executes
FRAME = ["Question", "What would you expect?", "Run", "Look", "Explain", "Exercise", "Go further"]

_spec = importlib.util.spec_from_file_location("make", FOLDER / "make.py")
assert _spec and _spec.loader
make = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(make)

over_notebooks = pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)


@cache
def stored(path: Path) -> NotebookNode:
    return nbformat.read(path, as_version=4)


def code(notebook: NotebookNode) -> list[NotebookNode]:
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def shown(notebook: NotebookNode) -> list[list[str]]:
    """Return what each cell shows in words; a picture only as that there is one."""
    return [[output.get("text") or _words(output.data) for output in cell.outputs] for cell in code(notebook)]


def _words(data: NotebookNode) -> str:
    return "".join(f"{kind}: {'' if kind.startswith('image') else text}" for kind, text in data.items())


def test_there_are_eight() -> None:
    assert [path.name[:2] for path in NOTEBOOKS] == [f"0{number}" for number in range(1, 9)]


@over_notebooks
def test_it_keeps_the_frame(path: Path) -> None:
    words = [cell.source for cell in stored(path).cells if cell.cell_type == "markdown"]
    headings = [line.removeprefix("## ") for text in words for line in text.splitlines() if line.startswith("## ")]
    assert headings == FRAME
    assert words[0].startswith("# ") and "minutes" in words[0]


@over_notebooks
def test_its_exercise_has_a_folded_solution_that_is_run(path: Path) -> None:
    cells = stored(path).cells
    (exercise,) = [place for place, cell in enumerate(cells) if cell.source.startswith("## Exercise")]
    answer, words = cells[exercise + 1 : exercise + 3]
    assert {"solution", "hide-cell"} <= set(answer.metadata.get("tags", [])) and answer.cell_type == "code"
    assert answer.metadata.jupyter.source_hidden and answer.metadata.jupyter.outputs_hidden
    assert words.source.startswith("<details>")


@pytest.mark.parametrize(
    "path",
    [pytest.param(path, marks=[] if path.stem[:2] in SAMPLE else pytest.mark.long, id=path.stem) for path in NOTEBOOKS],
)
def test_it_runs_and_what_is_stored_is_what_it_shows(path: Path) -> None:
    """Where it is not: `python notebooks/make.py`, after a look at what has changed."""
    notebook = make.ran(path)
    assert not [cell.source for cell in code(notebook) if not cell.outputs], "shows nothing"
    assert not [output.text for cell in code(notebook) for output in cell.outputs if output.get("name") == "stderr"]
    assert shown(stored(path)) == shown(notebook)


def test_what_the_last_notebook_adds_to_a_copy_fits_the_program() -> None:
    """All that it writes finds its place, and the registers of the copy can be read; nothing is simulated."""
    (path,) = (path for path in NOTEBOOKS if path.stem == "08_add_a_capital")
    sources = [cell.source for cell in code(stored(path))]
    run = next(place for place, source in enumerate(sources) if "def in_copy" in source)
    written: dict[str, Path] = {}
    for source in sources[:run]:
        exec(source, written)
    copy = written["copy"]
    read = "from sim.article.register import uncertain; import sim.model.goals; assert 'buildup_tokyo' in uncertain()"
    words, env = [sys.executable, "-c", read], os.environ | {"PYTHONPATH": str(copy)}
    done = subprocess.run(words, cwd=copy, env=env, capture_output=True, text=True, check=False)
    shutil.rmtree(copy)
    assert done.returncode == 0, done.stderr


@over_notebooks
def test_its_pictures_are_small_and_have_words(path: Path) -> None:
    for cell in code(stored(path)):
        pictures = [output for output in cell.outputs if "image/png" in output.get("data", {})]
        assert len(pictures) <= 1
        for picture in pictures:
            assert len(b64decode(picture.data["image/png"])) < 100_000
            assert len(make.alt(cell)) > 40, cell.source


@over_notebooks
def test_it_uses_nothing_of_the_project_but_its_public_names(path: Path) -> None:
    tree = ast.parse("\n".join(cell.source for cell in code(stored(path))))
    names = [alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names]
    names += [str(node.module) for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
    assert {name for name in names if name.split(".")[0] == "sim"} == {"sim"}


def test_the_study_that_they_read_is_what_the_rules_give(tmp_path: Path) -> None:
    """Its first trajectory is simulated anew. Where it is not: `python notebooks/make.py --studies`."""
    kept = pd.read_parquet(make.SCREENING)
    assert make.SCREENING.stat().st_size < 100_000
    points = kept.drop(columns=["effect", "first", "second"]).head(11)
    study = sim.sweep("war-ends-early", points, tmp_path / "first", runs=make.RUNS, seed=1)
    pd.testing.assert_frame_equal(make.means(study), kept.head(11), check_exact=True)
