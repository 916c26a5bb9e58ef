"""Each notebook runs from its first cell to its last, as its reader would run it, and is stored without outputs."""

from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient
from nbformat import NotebookNode

FOLDER = Path(__file__).parents[1] / "notebooks"
NOTEBOOKS = sorted(FOLDER.glob("*.ipynb"))


def read(path: Path) -> NotebookNode:
    return nbformat.read(path, as_version=4)


def test_there_are_notebooks() -> None:
    assert {path.name for path in NOTEBOOKS} >= {"01_first_run.ipynb", "02_compare_two_worlds.ipynb"}


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_it_runs_and_every_cell_that_ends_in_a_value_shows_it(path: Path) -> None:
    notebook = read(path)
    NotebookClient(notebook, timeout=300, resources={"metadata": {"path": str(FOLDER)}}).execute()
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert code
    for cell in code:
        complaints = [output.text for output in cell.outputs if output.get("name") == "stderr"]
        assert not complaints, cell.source
        assert cell.outputs, f"shows nothing: {cell.source}"


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_it_is_stored_without_outputs(path: Path) -> None:
    # Stored outputs go stale unseen when results change, and fill every diff. The manual shows what to expect.
    for cell in read(path).cells:
        if cell.cell_type == "code":
            assert not cell.outputs, cell.source
            assert cell.execution_count is None


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_it_uses_nothing_of_the_project_but_its_public_names(path: Path) -> None:
    source = "\n".join(cell.source for cell in read(path).cells if cell.cell_type == "code")
    assert "import sim\n" in source
    assert "from sim" not in source
    assert "import sim." not in source
