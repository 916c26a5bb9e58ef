"""A folder of results: pictures, tables, perhaps a page, and a manifest that says how to make them again."""

from base64 import b64encode
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
from markupsafe import Markup

from sim.engine.compiled import llvm_engine
from sim.engine.provenance import made_by
from sim.report.folders.tables import csv, write_parquet
from sim.report.folders.writing import Writing
from sim.report.render.sheet import Picture, png, svg


@dataclass(frozen=True)
class Shown:
    """A picture as the report shows it: its words, its SVG as a data address, and what it shows in words.

    Attributes
    ----------
    drawn
        The same as SVG in the page's own colours, for a screen and for a phone; empty where it is only for print.
    """

    title: str
    subtitle: str
    source: str
    address: str
    text: str
    drawn: tuple[Markup, ...] = ()


def write_study_folder(
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
    writing.close(command, facts, llvm_engine.processor())


def write_picture(writing: Writing, name: str, picture: Picture) -> Shown:
    """Write a picture as PNG and SVG, and return it as a page shows it."""
    drawn = svg(picture).encode()
    writing.path(f"figures/{name}.png").write_bytes(png(picture))
    writing.path(f"figures/{name}.svg").write_bytes(drawn)
    address = f"data:image/svg+xml;base64,{b64encode(drawn).decode()}"
    return Shown(picture.title, picture.subtitle, picture.source, address, picture.in_words)


def write_tables(writing: Writing, tables: Mapping[str, pd.DataFrame]) -> None:
    """Write tables as parquet and as csv."""
    for name, table in tables.items():
        write_parquet(table, writing.path(f"tables/{name}.parquet"))
        text = csv(table)
        writing.path(f"tables/{name}.csv").write_text(text, encoding="utf-8", newline="")


def how_made(command: str, uncalibrated: str) -> dict[str, object]:
    """Return what every page says: how it was made, and the word about calibration that belongs to it."""
    return {"command": command, "made_by": made_by(), "uncalibrated": uncalibrated}
