"""``sim site``."""

import subprocess
import sys
from pathlib import Path
from typing import Annotated

import typer

import sim
from sim.cli import options, say
from sim.cli.guard import Failure

_OURS = "service-worker.js"


def verb(
    folder: Annotated[
        Path,
        typer.Argument(metavar="FOLDER", help="Folder to write: a new one, or one that this command wrote before."),
    ],
    docs: Annotated[
        bool, typer.Option("--docs", help="Also write the documentation; needs a checkout and the extra docs.")
    ] = False,
    quiet: options.Quiet = False,
) -> None:
    """Write the page as a folder of files, for any web server.

    The page needs no program on the server and works at any address. After the first visit it works without a network.
    """
    if folder.exists() and not folder.is_dir():
        raise Failure(f"{folder} is a file, not a folder. Name another")
    if folder.is_dir() and any(folder.iterdir()) and not has_page(folder):
        raise Failure(f"{folder} holds other things than the page, and they stay. Name another folder")

    from sim.web.site_folder import DOCS, write_site

    try:
        write_site(folder)
        if docs:
            say.note("the documentation takes a minute or two")
            _document(folder / DOCS)
        names = write_site(folder)  # links to the documentation that is there
    except OSError as error:
        raise Failure(f"the page cannot be written to {folder}: {error.strerror}. Name another folder") from None
    size = sum((folder / name).stat().st_size for name in names)
    say.note(f"{folder} has the page: {len(names)} files, {size / 1e6:.1f} MB")
    if docs:
        say.note(f"and the documentation: {folder / DOCS / 'index.html'}")
    say.say_next(f"copy the folder to any web server, or look at it here: sim app {folder}")


def has_page(folder: Path) -> bool:
    """Return whether a folder has the page."""
    return (folder / _OURS).exists()


def _document(folder: Path) -> None:
    """Make the site of the documentation in a folder, from the project's folder."""
    maker = Path(sim.__file__).parents[1] / "website" / "build.py"
    if not maker.is_file():
        raise Failure(
            "the documentation is made from the project's own folder, and the installed package has no pages. There: "
            "pip install -c constraints.txt -e '.[docs]', then the same command"
        )
    done = subprocess.run(
        [sys.executable, str(maker), str(folder), "--beside-page"], capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise Failure((done.stderr or done.stdout).strip())
