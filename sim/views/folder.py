"""A folder of results: pictures, tables, perhaps a page, and a manifest that says how to make them again."""

import json
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from sim.engine import compiled
from sim.experiments.provenance import provenance
from sim.views.page import Picture
from sim.views.report import Shown, write_picture, write_tables


def write(
    folder: Path,
    kind: str,
    command: str,
    facts: Mapping[str, Any],
    pictures: Mapping[str, tuple[str, Picture]],
    tables: Mapping[str, pd.DataFrame],
    page: Callable[[list[Shown]], str] | None = None,
) -> None:
    """Write the folder; the manifest comes last, so that a folder without one is not finished.

    Parameters
    ----------
    facts
        What the manifest says of the results.
    pictures
        By the name of the file: title and picture.
    tables
        By the name of the file; the index is kept as a column.
    page
        Makes ``report.html`` from the pictures as a page shows them.
    """
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "manifest.json").unlink(missing_ok=True)
    for name in ("figures", "tables"):
        shutil.rmtree(folder / name, ignore_errors=True)
        (folder / name).mkdir()
    shown = [write_picture(folder, name, title, picture) for name, (title, picture) in pictures.items()]
    write_tables(folder, {name: table.reset_index() for name, table in tables.items()})
    if page:
        (folder / "report.html").write_text(page(shown), encoding="utf-8")
    manifest = {
        "kind": kind, "command": command, "calibrated": False, **facts, **provenance(), **compiled.processor(),
    }  # fmt: skip
    (folder / "manifest.json").write_text(json.dumps(manifest, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
