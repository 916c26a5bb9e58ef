"""Folders of results: nothing is overwritten unasked, and that is known before anything is computed."""

import os
from pathlib import Path

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
