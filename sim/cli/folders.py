"""Folders of results are never overwritten unasked, which is known before anything is computed."""

import os
from pathlib import Path

from sim.cli.guard import Failure
from sim.storage import sealed
from sim.storage.sealed import UNFINISHED


def free_folder(folder: Path, overwrite: bool, kind: str) -> Path:
    """Return the folder if results of a kind can be written there.

    Raises
    ------
    Failure
        If something is there that would be lost, or nothing can be written there.
    """
    if folder.is_dir() and any(folder.iterdir()):
        replaceable(folder, kind)
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


def replaceable(folder: Path, kind: str) -> None:
    """Make sure that what a folder holds was written by this program, and is of a kind.

    Raises
    ------
    Failure
        If not: then it stays, whatever was asked for.
    StudyError
        If there is a link in it.
    """
    manifest = sealed.own_manifest(folder)
    if not manifest:
        raise Failure(f"{folder} holds other things than results, and they stay. Choose another folder with --out")
    if (of := manifest.get("of", kind) if manifest["kind"] == UNFINISHED else manifest["kind"]) != kind:
        raise Failure(
            f"{folder} holds results of sim {of}, and sim {kind} replaces only its own. "
            "Choose another folder with --out"
        )
    sealed.refuse_links(*folder.rglob("*"))
