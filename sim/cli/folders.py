"""Folders of results: found again; and never overwritten unasked, which is known before anything is computed."""

import json
import os
from pathlib import Path
from typing import Any

from sim.cli.guard import Failure

MANIFEST = "manifest.json"


def vacant(folder: Path, overwrite: bool) -> Path:
    """Return the folder if results can be written there.

    Raises
    ------
    Failure
        If something is there that would be lost, or nothing can be written there.
    """
    if folder.is_dir() and any(folder.iterdir()):
        if not (folder / MANIFEST).is_file():
            raise Failure(f"{folder} holds other things than results, and they stay. Choose another folder with --out")
        if not overwrite:
            raise Failure(
                f"{folder} holds results already; nothing was computed.\n"
                "Write elsewhere with --out FOLDER, or replace them with --overwrite"
            )
    elif folder.exists() and not folder.is_dir():
        raise Failure(f"{folder} is a file, not a folder. Choose another place with --out")
    above = next(parent for parent in folder.absolute().parents if parent.exists())
    if not (above.is_dir() and os.access(above, os.W_OK)):
        raise Failure(f"nothing can be written in {above}. Choose another place with --out")
    return folder


def manifest(folder: Path, kind: str) -> dict[str, Any]:
    """Return what a folder of results says of itself.

    Raises
    ------
    Failure
        If it holds no results, or results of another kind than wanted ("run" or "compare").
    """
    file = folder / MANIFEST
    if not file.is_file():
        raise Failure(f"there are no results in {folder}: no {MANIFEST}.{_elsewhere(folder)}")
    try:
        found: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
        found_kind = found["kind"]
    except (ValueError, TypeError, KeyError):
        raise Failure(f"{file} is damaged. Make the results anew, in another folder") from None
    if found_kind == "unfinished":
        raise Failure(f"{folder} was cut short while it was written. Make it anew, with --overwrite")
    if found_kind != kind:
        raise Failure(f"{folder} was not written by sim {kind}, but by sim {found_kind}.{_elsewhere(folder)}")
    return found


def _elsewhere(folder: Path) -> str:
    """Return where there are results: beside the folder, or below runs."""
    for place in (folder.parent, Path("runs")):
        known = sorted(str(file.parent) for file in place.glob(f"*/{MANIFEST}") if file.parent != folder)
        if known:
            return f" There are some in {', '.join(known[:5])}" + ", ..." * (len(known) > 5)
    return " `sim run baseline` makes some"
