"""Where words go: data to stdout, messages to stderr; colour and movement only on a terminal."""

import json
import os
import sys
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, TextIO

if TYPE_CHECKING:
    from rich.console import Console
    from rich.progress import Progress
    from rich.table import Table

_WIDE = 10_000  # no lines are broken in files and pipes, so that each row stays one line


def data(*blocks: object) -> None:
    """Print text and tables to stdout."""
    console = _console(sys.stdout)
    for block in blocks:
        console.print(block)


def as_json(value: object) -> None:
    """Print a value to stdout as JSON."""
    print(json.dumps(value, indent=2, ensure_ascii=False, allow_nan=False))


def note(message: str, quiet: bool) -> None:
    """Print a message to stderr, unless quiet is wanted."""
    if not quiet:
        _console(sys.stderr).print(message, soft_wrap=True)


def then(quiet: bool, *commands: str) -> None:
    """Say which commands to try next."""
    note("next: " + "\n      ".join(commands), quiet)


def table(header: Sequence[str], rows: Iterable[Sequence[str]], numbers: Sequence[str] = ()) -> "Table":
    """Return a plain table; the columns named in ``numbers`` are set flush right."""
    from rich.table import Table

    grid = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="bold")
    for column in header:
        grid.add_column(column, justify="right" if column in numbers else "left", overflow="fold")
    for row in rows:
        grid.add_row(*row)
    return grid


def progress(quiet: bool) -> "Progress":
    """Return bars with rate and time left on stderr; they are there only on a terminal, and vanish when done."""
    from rich import progress as bars
    from rich.text import Text

    class Rate(bars.ProgressColumn):
        def render(self, task: bars.Task) -> Text:
            return Text(f"{task.speed or 0.0:,.0f} a second")

    return bars.Progress(
        bars.TextColumn("{task.description}", markup=False),
        bars.BarColumn(),
        bars.MofNCompleteColumn(),
        Rate(),
        bars.TimeRemainingColumn(),
        console=_console(sys.stderr),
        transient=True,
        disable=quiet or not sys.stderr.isatty(),
    )


def _console(stream: TextIO) -> "Console":
    from rich.console import Console

    return Console(
        file=stream,
        markup=False,
        highlight=False,
        emoji=False,
        color_system=None if os.environ.get("NO_COLOR") else "auto",
        width=None if stream.isatty() or "COLUMNS" in os.environ else _WIDE,
    )
