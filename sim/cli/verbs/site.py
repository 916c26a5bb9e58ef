"""``sim site``."""

from pathlib import Path
from typing import Annotated

import typer

from sim.cli import options, say
from sim.cli.guard import Failure

_OURS = "service-worker.js"


def verb(
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="Where to write it; a new one, or one of before.")],
    quiet: options.Quiet = False,
) -> None:
    """Write the page as a folder of files, for any web server.

    It needs no program where it is served, works below any address, and without a network after the first visit.
    """
    if folder.exists() and not folder.is_dir():
        raise Failure(f"{folder} is a file, not a folder. Name another")
    if folder.is_dir() and any(folder.iterdir()) and not (folder / _OURS).exists():
        raise Failure(f"{folder} holds other things than the page, and they stay. Name another folder")

    from sim.web.site import write

    try:
        names = write(folder)
    except OSError as error:
        raise Failure(f"the page cannot be written to {folder}: {error.strerror}. Name another folder") from None
    size = sum((folder / name).stat().st_size for name in names)
    say.note(f"{folder} has the page: {len(names)} files, {size / 1e6:.1f} MB", quiet)
    say.then(quiet, "copy the folder to any web server, or look at it here: sim app")
