"""A folder of results: pictures, tables, perhaps a page, and a manifest that says how to make them again."""

from collections.abc import Callable, Mapping
from pathlib import Path

import pandas as pd

from sim.engine.compiled import engine as compiled
from sim.report.folders.runs import Shown, write_picture, write_tables
from sim.report.folders.writing import Writing
from sim.report.render.sheet import Picture


def write(
    folder: Path,
    kind: str,
    command: str,
    facts: Mapping[str, object],
    pictures: Mapping[str, Picture],
    tables: Mapping[str, pd.DataFrame],
    page: Callable[[list[Shown]], str] | None = None,
) -> None:
    """Write the folder; see :class:`sim.report.folders.writing.Writing`.

    Parameters
    ----------
    facts
        What the manifest says of the results.
    pictures
        By the name of the file.
    tables
        By the name of the file; the index is kept as a column.
    page
        Makes ``report.html`` from the pictures as a page shows them.
    """
    writing = Writing(folder, kind)
    shown = [write_picture(writing, name, picture) for name, picture in pictures.items()]
    write_tables(writing, {name: table.reset_index() for name, table in tables.items()})
    if page:
        writing.path("report.html").write_text(page(shown), encoding="utf-8")
    writing.close(command, facts, compiled.processor())
