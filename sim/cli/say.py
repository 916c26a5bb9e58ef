"""Where words go: data to stdout, messages to stderr; colour and movement only on a terminal."""

import json
import os
import shlex
import sys
from collections.abc import Hashable, Iterable, Sequence
from contextvars import ContextVar
from typing import TYPE_CHECKING, TextIO

if TYPE_CHECKING:
    import pandas as pd
    from rich.console import Console
    from rich.progress import Progress
    from rich.table import Table

_quiet: ContextVar[bool] = ContextVar("quiet", default=False)  # of one command: each has a context of its own
_WIDE = 10_000  # no lines are broken in files and pipes, so that each row stays one line


def be_quiet(wanted: bool) -> None:
    """Leave out messages from here on, where that is wanted: what ``--quiet`` calls."""
    _quiet.set(wanted)


def data(*blocks: object) -> None:
    """Print text and tables to stdout."""
    console = _console(sys.stdout)
    for block in blocks:
        console.print(block)


def as_json(value: object) -> None:
    """Print a value to stdout as JSON."""
    print(json.dumps(value, indent=2, ensure_ascii=False, allow_nan=False))


def records(table: "pd.DataFrame") -> list[dict[Hashable, object]]:
    """Return the rows of a table as plain data, its index among them; None where a number is not known."""
    return table.astype(object).where(table.notna(), None).reset_index().to_dict("records")


def note(message: str) -> None:
    """Print a message to stderr, unless ``--quiet`` was said."""
    if not _quiet.get():
        _console(sys.stderr).print(message, soft_wrap=True)


def say_next(*commands: str) -> None:
    """Say which commands to try next."""
    note("next: " + "\n      ".join(commands))


def results(folder: object, what: str, *commands: str) -> None:
    """Say where results are, what to look at there, and which commands to try next."""
    note(f"\nresults: {folder} ({what})")
    say_next(*commands)


def typed_command(verb: str, *words: object, **options: object) -> str:
    """Return a command as it is typed: its words, and its options but for those that are not said."""
    line = ["sim", verb, *map(str, words)]
    for name, given in options.items():
        option = f"--{name.replace('_', '-')}"
        for value in given if isinstance(given, list) else [given]:
            if value is not None and value is not False:
                line += [option] if value is True else [option, str(value)]
    return shlex.join(line)


def plain_table(header: Sequence[str], rows: Iterable[Sequence[str]], numbers: Sequence[str] = ()) -> "Table":
    """Return a plain table; the columns named in ``numbers`` are set flush right."""
    from rich.table import Table

    grid = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="bold")
    for column in header:
        grid.add_column(column, justify="right" if column in numbers else "left", overflow="fold")
    for row in rows:
        grid.add_row(*row)
    return grid


def progress() -> "Progress":
    """Return bars with rate and time left on stderr; they are there only on a terminal, and vanish when done.

    Whoever moves a bar draws it, with ``refresh=True``: no thread does.
    """
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
        auto_refresh=False,
        disable=_quiet.get() or not sys.stderr.isatty(),
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
