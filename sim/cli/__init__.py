"""The command line. Each file of :mod:`sim.cli.verbs` is a command of its name: its function ``verb``.

Nothing heavy is imported before a command needs it, so that help comes at once.
"""

import gc
import sys
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from typing import Annotated

import typer

from sim.cli import verbs
from sim.cli.guard import Guarded
from sim.version import __version__

app = typer.Typer(
    cls=Guarded,
    add_completion=False,
    no_args_is_help=True,
    rich_markup_mode=None,  # plain help, at a third of the start-up time
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="Begin with `sim list`, then `sim run baseline`. Each command says more with --help.",
)


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"driftback {__version__}")
        raise typer.Exit


@app.callback()
def start(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version and stop.")
    ] = False,
    debug: Annotated[bool, typer.Option("--debug", help="Show the traceback of a defect.")] = False,
) -> None:
    """Five capitals around the Korean peninsula, and one article's prediction on trial."""


for _module in iter_modules(verbs.__path__):
    app.command(_module.name)(import_module(f"{verbs.__name__}.{_module.name}").verb)


def main() -> None:
    """Run the command that was typed; the process ends with its exit code."""
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(errors="replace")  # type: ignore[union-attr]  # a terminal may lack a letter
    try:
        called = Path(sys.argv[0]).stem
        app(prog_name=called if called == "driftback" else "sim")
    finally:
        gc.freeze()  # looking through all that a command has made, once more, would take half a second
