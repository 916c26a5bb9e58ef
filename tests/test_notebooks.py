"""Each notebook keeps the frame, runs from its first cell to its last, and is stored with what it shows."""

import ast
import importlib.util
import json
import re
import subprocess
import sys
from base64 import b64decode
from functools import cache
from pathlib import Path
from types import ModuleType

import nbformat
import pandas as pd
import pytest
from nbformat import NotebookNode

import sim

FOLDER = Path(__file__).parents[1] / "notebooks"
NOTEBOOKS = sorted(FOLDER.glob("*.ipynb"))
FRAME = ["Question", "What would you expect?", "Run", "Look", "Explain", "Exercise", "Go further"]


def loaded(name: str) -> ModuleType:
    """Return a script of the notebooks as a module."""
    spec = importlib.util.spec_from_file_location(name, FOLDER / f"{name}.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


make, helpers = loaded("make"), loaded("helpers")
over_notebooks = pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
over_code = pytest.mark.parametrize("path", NOTEBOOKS[1:], ids=lambda path: path.stem)


@cache
def stored(path: Path) -> NotebookNode:
    return nbformat.read(path, as_version=4)


def shown(notebook: NotebookNode) -> list[list[str]]:
    """Return what each cell shows in words; a picture only as that there is one."""
    return [[output.get("text") or _words(output.data) for output in cell.outputs] for cell in make.code(notebook)]


def _words(data: NotebookNode) -> str:
    return "".join(f"{kind}: {'' if kind.startswith('image') else text}" for kind, text in data.items())


def solution(notebook: NotebookNode) -> str:
    """Return the one cell that holds the solution."""
    (cell,) = [cell for cell in notebook.cells if "<summary>A solution</summary>" in cell.source]
    return str(cell.source)


def code_in(notebook: NotebookNode) -> str:
    """Return all code of a notebook, with that of its solution."""
    unfolded = re.findall(r"^```python\n(.*?)^```$", solution(notebook), re.S | re.M)
    return "\n".join([*(cell.source for cell in make.code(notebook)), *unfolded])


def questions(notebook: NotebookNode) -> list[str]:
    """Return what a notebook lets a reader guess."""
    return re.findall(r'^check\("([^"]+)", None\)', code_in(notebook), re.M)


def test_there_are_eight_and_one_before_them_without_code() -> None:
    assert [path.name[:2] for path in NOTEBOOKS] == [f"0{number}" for number in range(9)]
    assert [path for path in NOTEBOOKS if not make.code(stored(path))] == NOTEBOOKS[:1]


@over_notebooks
def test_it_keeps_the_frame(path: Path) -> None:
    words = [cell.source for cell in stored(path).cells if cell.cell_type == "markdown"]
    headings = [line.removeprefix("## ") for text in words for line in text.splitlines() if line.startswith("## ")]
    assert headings == FRAME
    assert words[0].startswith("# ") and "minutes" in words[0]


@over_notebooks
def test_its_solution_is_folded_for_every_reader(path: Path) -> None:
    """GitHub folds no cell, so the code of a solution is in the words, and in no cell of code."""
    notebook = stored(path)
    cells = notebook.cells
    (exercise,) = [place for place, cell in enumerate(cells) if cell.source.startswith("## Exercise")]
    (at,) = [place for place, cell in enumerate(cells) if cell.source == solution(notebook)]
    assert at > exercise and cells[at].cell_type == "markdown"
    assert solution(notebook).startswith("<details>") and solution(notebook).endswith("</details>")
    assert not [cell for cell in make.code(notebook) if "answers" in cell.source]


@over_code
def test_a_reader_can_check_a_number_before_unfolding(path: Path) -> None:
    cells = stored(path).cells
    (exercise,) = [place for place, cell in enumerate(cells) if cell.source.startswith("## Exercise")]
    assert cells[exercise + 1].source.count("check(") > 0, "right after the exercise"
    answers = json.loads(make.ANSWERS.read_text(encoding="utf-8"))
    assert not [question for question in questions(stored(path)) if question not in answers]


def test_every_answer_is_asked_for() -> None:
    asked = [question for path in NOTEBOOKS[1:] for question in questions(stored(path))]
    assert sorted(asked) == sorted(json.loads(make.ANSWERS.read_text(encoding="utf-8")))


@pytest.mark.parametrize(
    ("guess", "says"),
    [
        (None, "Put your number in place of None."), (5.0, "Right."), (5.4, "Right."), (6.0, "Warm: too high."),
        (3.6, "Warm: too low."), (7.0, "Cold: too high."), (-90.0, "Cold: too low."),
    ],
)  # fmt: skip
def test_a_check_says_warm_or_cold_and_never_the_answer(
    guess: float | None, says: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    kept = tmp_path / "answers.json"
    kept.write_text('{"half of ten": [5.0, 0.5]}', encoding="utf-8")
    monkeypatch.setattr(helpers, "ANSWERS", kept)
    helpers.check("half of ten", guess)
    assert capsys.readouterr().out == f"{says}\n"


def test_the_picture_with_all_levers_comes_last() -> None:
    """It has twenty lanes; a reader who sees it first sees nothing."""
    assert make.code(stored(NOTEBOOKS[1]))[-1].source == "run.plot()"
    assert code_in(stored(NOTEBOOKS[1])).count("run.plot()") == 1


@over_code
def test_long_helpers_are_in_no_cell(path: Path) -> None:
    written = ast.parse(code_in(stored(path))).body
    assert not [node.lineno for node in written if isinstance(node, ast.FunctionDef | ast.ClassDef)]


@over_code
def test_it_runs_and_what_is_stored_is_what_it_shows(path: Path) -> None:
    """Where it is not: `python notebooks/make.py`, after a look at what has changed."""
    notebook, answers = make.ran(path)
    assert not [cell.source for cell in make.code(notebook) if not cell.outputs], "shows nothing"
    assert not [
        output.text for cell in make.code(notebook) for output in cell.outputs if output.get("name") == "stderr"
    ]
    assert shown(stored(path)) == shown(notebook)
    assert solution(stored(path)) == solution(notebook)
    kept = json.loads(make.ANSWERS.read_text(encoding="utf-8"))
    assert {question: kept[question] for question in answers} == answers
    if path.stem.startswith("06"):
        the_tip_works()


def the_tip_works() -> None:
    """Score the files that the notebook has just written, with the command that it prints."""
    (line,) = [line for line in str(shown(stored(NOTEBOOKS[6]))).split("\\n") if line.startswith("sim score")]
    words = [sys.executable, "-m", *line.split(), "--out", "runs/notebook-6/scores", "--overwrite"]
    done = subprocess.run(words, cwd=FOLDER, capture_output=True, text=True, check=False)
    assert done.returncode == 0 and "base rate" in done.stdout, done.stderr


@over_notebooks
def test_its_pictures_are_small_and_have_words(path: Path) -> None:
    for cell in make.code(stored(path)):
        pictures = [output for output in cell.outputs if "image/png" in output.get("data", {})]
        assert len(pictures) <= 1
        for picture in pictures:
            assert len(b64decode(picture.data["image/png"])) < 100_000
            assert len(make.alt(cell)) > 40, cell.source


@over_code
def test_it_uses_nothing_of_the_project_but_its_public_names(path: Path) -> None:
    for source in (code_in(stored(path)), (FOLDER / "helpers.py").read_text(encoding="utf-8")):
        tree = ast.parse(source)
        names = [alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names]
        names += [str(node.module) for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
        assert {name for name in names if name.split(".")[0] == "sim"} <= {"sim"}


def test_the_study_that_they_read_is_what_the_rules_give(tmp_path: Path) -> None:
    """Its first trajectory is simulated anew. Where it is not: `python notebooks/make.py --studies`."""
    kept = pd.read_parquet(make.SCREENING)
    assert make.SCREENING.stat().st_size < 100_000
    points = kept.drop(columns=["effect", "first", "second"]).head(11)
    study = sim.sweep("war-ends-early", points, tmp_path / "first", runs=make.RUNS, seed=1)
    pd.testing.assert_frame_equal(make.means(study), kept.head(11), check_exact=True)
