"""Run the notebooks and store what they show: ``python notebooks/make.py [NAME ...]``, all where none is named.

A solution is folded into a cell of words, because only there it stays folded on GitHub too. The command runs its code
all the same, puts what it prints below it, and writes its ``answers`` (a number and how near is right, by question) to
``answers.json``, which ``check`` reads. ``--studies`` first makes the study that the notebooks read (a minute):
``screening.parquet``.
"""

import json
import re
import sys
from base64 import b64decode, b64encode
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import nbformat
import pandas as pd
from nbclient import NotebookClient
from nbformat import NotebookNode
from PIL import Image

import sim

FOLDER = Path(__file__).parent
SCREENING = FOLDER / "screening.parquet"
ANSWERS = FOLDER / "answers.json"
RUNS = 200  # of each of its points
_COLOURS = 96  # enough for every picture, and a third of the bytes
_RICH = ("image/png", "text/html", "text/markdown")


def screening() -> pd.DataFrame:
    """Return the sweep ``screening`` as a table; see :func:`means`."""
    with TemporaryDirectory() as folder:
        return means(sim.carry_out(sim.load_sweep("screening", runs=RUNS), folder))


def means(study: Any) -> pd.DataFrame:
    """Return a row a point: its numbers, the effect of the war's end, and the same over each half of the runs."""
    effects = study.outcomes.groupby(["point", "replicate"])["effect_of_the_end"].mean().unstack()
    half = {"first": effects.loc[:, : RUNS // 2 - 1], "second": effects.loc[:, RUNS // 2 :]}
    return study.design.assign(effect=effects.mean(axis=1), **{name: some.mean(axis=1) for name, some in half.items()})


def ran(path: Path) -> tuple[NotebookNode, dict[str, list[float]]]:
    """Return a notebook with what it shows when it is run from its first cell to its last, and its answers."""
    notebook = nbformat.read(path, as_version=4)
    answers = _run(notebook) if code(notebook) else {}
    return notebook, answers


def code(notebook: NotebookNode) -> list[NotebookNode]:
    """Return the cells of code."""
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def _run(notebook: NotebookNode) -> dict[str, list[float]]:
    """Run a notebook and its solution in place, and return its answers."""
    (at,) = [place for place, cell in enumerate(notebook.cells) if "solution" in cell.metadata.get("tags", [])]
    shown = notebook.cells
    (solution,) = re.findall(r"^```python\n(.*?)^```$", shown[at].source, re.S | re.M)
    unfolded = [nbformat.v4.new_code_cell(text) for text in (solution, "import json; print(json.dumps(answers))")]
    notebook.cells = [*shown[: at + 1], *unfolded, *shown[at + 1 :]]
    # Into how many pieces what is printed comes is chance.
    where = {"metadata": {"path": str(FOLDER)}}
    NotebookClient(notebook, timeout=300, resources=where, record_timing=False, coalesce_streams=True).execute()
    notebook.cells = shown
    prints = "".join(output.get("text") or f"{output.data['text/plain']}\n" for output in unfolded[0].outputs)
    folded = f"```text\n{prints.rstrip()}\n```"
    shown[at].source = re.sub(r"^```text\n.*?^```$", lambda _: folded, shown[at].source, flags=re.S | re.M)
    for cell in shown:
        for output in cell.get("outputs", []):
            _tidy(output)
    del notebook.metadata["language_info"]["version"]  # another Python shows the same
    return json.loads(unfolded[1].outputs[0].text)


def alt(cell: NotebookNode) -> str:
    """Return the words for a cell's picture: those that the picture brings, else those that the cell gives."""
    brought = [output.get("metadata", {}).get("image/png", {}).get("alt") for output in cell.outputs]
    return next(filter(None, brought), cell.metadata.get("mystnb", {}).get("image", {}).get("alt", ""))


def _tidy(output: NotebookNode) -> None:
    """Leave of an output what is shown, in few bytes and the same in every run."""
    data = output.get("data", {})
    if any(kind in data for kind in _RICH):
        data.pop("text/plain", None)  # where an object lies in memory
    if "image/png" in data:
        data["image/png"] = _small(data["image/png"])


def _small(picture: str) -> str:
    image = Image.open(BytesIO(b64decode(picture))).convert("RGB")
    stored = BytesIO()
    image.quantize(_COLOURS, dither=Image.Dither.NONE).save(stored, "PNG", optimize=True)
    return b64encode(stored.getvalue()).decode()


def main(*names: str) -> None:
    """Make the study, where that is asked for, and run the notebooks."""
    if "--studies" in names:
        screening().to_parquet(SCREENING)
    named = [name for name in names if not name.startswith("--")]
    for path in sorted(FOLDER.glob("*.ipynb")):
        if not named or path.stem in named:
            notebook, answers = ran(path)
            nbformat.write(notebook, path)
            kept = json.loads(ANSWERS.read_text(encoding="utf-8")) if ANSWERS.is_file() else {}
            ANSWERS.write_text(json.dumps(kept | answers, indent=2, sort_keys=True) + "\n", encoding="utf-8")
            print(path.name)


if __name__ == "__main__":
    main(*sys.argv[1:])
