"""Text of files that somebody names: only of what is a file, not too large, in UTF-8; and the rows of tables.

A name may lead elsewhere than it says: a device never ends, and a pipe keeps its reader waiting.
"""

import csv
import io
import os
import stat
from collections.abc import Iterator
from pathlib import Path

LARGEST_TABLE = 64 * 1024 * 1024  # bytes
_KINDS = {
    stat.S_IFDIR: "a folder",
    stat.S_IFIFO: "a pipe (FIFO)",
    stat.S_IFCHR: "a device",
    stat.S_IFBLK: "a device",
    stat.S_IFSOCK: "a socket",
}


class UnreadableError(ValueError):
    """A file that is not read.

    Attributes
    ----------
    why, fix
        What is wrong, and how to mend it; the file is not named.
    line
        Where; None where it is the file as a whole.
    """

    def __init__(self, why: str, fix: str, line: int | None = None) -> None:
        super().__init__(f"{why}; {fix}")
        self.why, self.fix, self.line = why, fix, line


def other_than_file(path: Path) -> str:
    """Return what a path is that is no file, such as "a device"; nothing where it is a file, or nothing is there."""
    try:
        kind = stat.S_IFMT(os.stat(path).st_mode)
    except (OSError, ValueError):
        return "a link that leads to no file" if os.path.islink(path) else ""
    return "" if kind == stat.S_IFREG else _KINDS.get(kind, "something else")


def read_text(path: Path, largest: int) -> str:
    """Return the text of a file of at most so many bytes; line ends as they are.

    Raises
    ------
    FileNotFoundError
        If nothing is there.
    UnreadableError
        If it is no file, too large, not UTF-8, or cannot be opened.
    """
    if kind := other_than_file(path):
        raise UnreadableError(f"this is {kind}, not a file", "name a file")
    try:
        with path.open("rb") as file:
            raw = file.read(largest + 1)  # what grows meanwhile is not followed
    except FileNotFoundError:
        raise
    except (OSError, ValueError) as error:
        why = (getattr(error, "strerror", "") or str(error)).lower()
        raise UnreadableError(f"the file cannot be read: {why}", "check its permissions") from None
    if len(raw) > largest:
        raise UnreadableError("the file is too large", f"keep it below {largest // 1024:,} KiB")
    try:
        text = raw.decode("utf-8-sig")
        place = text.find("\0")  # UTF-16 without a mark reads as UTF-8, with these between the letters
    except UnicodeDecodeError as error:
        place = error.start
    if place >= 0:
        fix = "save the file as UTF-8; in a spreadsheet, as “CSV UTF-8”"
        raise UnreadableError("not UTF-8 text", fix, raw.count(b"\n", 0, place) + 1)
    return text


def table_rows(text: str) -> Iterator[tuple[int, list[str]]]:
    r"""Yield the rows of a table in CSV, each with the line where it begins; empty lines are left out.

    Raises
    ------
    UnreadableError
        Naming the line where a quote opens that does not close.

    Examples
    --------
    >>> list(table_rows("id,value\n\ngrowth,3\n"))
    [(1, ['id', 'value']), (3, ['growth', '3'])]
    """
    line, reader = 1, csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        for cells in reader:
            if len(cells) > 1 or "".join(cells).strip():
                yield line, cells
            line = reader.line_num + 1
    except csv.Error as error:
        why = f"a quote opens here that does not close where its cell ends ({error})"
        raise UnreadableError(why, "close it; within quotes, a quote is written twice", line) from None
