"""A vintage: facts later than those that travel with the package, as a folder of data.

The environment variable ``DRIFTBACK_VINTAGE`` names the folder. All that is read off facts then reads these too: the
record and the filter, forecasts and those that know no politics, pictures. One guard stands where facts are read: none
is later than the vintage, whatever they are used for.
"""

import csv
import os
from collections.abc import Callable, Iterator
from functools import cache
from hashlib import sha256
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

import yaml

from sim.model import months

if TYPE_CHECKING:
    import pandas as pd

VARIABLE = "DRIFTBACK_VINTAGE"
BASE = "2024-08"  # of the facts that travel with the package
WORLD = "world.yaml"  # the scenario of all months that are known; its last month is that of the vintage
Row = dict[str, str]
# By table the month that a row is of (a year's begins it, for some rows tell of its first half), and what tells a row
# from all others; events have nothing such.
OF: dict[str, tuple[Callable[[Row], str], tuple[str, ...]]] = {
    "annual.csv": (lambda row: f"{int(row['year'])}-01", ("series", "year")),
    "monthly.csv": (lambda row: row["month"], ("series", "month")),
    "events.csv": (lambda row: row["date"][:7], ()),
    "moves.csv": (lambda row: row["month"], ("month", "capital", "lever")),
}


class VintageError(ValueError):
    """A vintage that cannot be used; the message says where and how to mend it."""


def folder() -> Path | None:
    """Return the folder of the vintage; None where only the facts of the package are read."""
    return Path(os.environ[VARIABLE]) if os.environ.get(VARIABLE) else None


def last() -> str:
    """Return the last month of which facts are read.

    Raises
    ------
    VintageError
        If the folder is no vintage.
    """
    where = folder()
    return BASE if where is None else _last(where)


@cache
def _last(where: Path) -> str:
    file = where / WORLD
    try:
        month = yaml.safe_load(file.read_text(encoding="utf-8"))["months"]["to"]
        months.index(str(month))
    except (OSError, yaml.YAMLError, KeyError, TypeError, ValueError):
        raise VintageError(
            f"{where} is no vintage: {file} does not say its last month (months: {{to: 2026-08}}). "
            f"`sim vintage new 2026-08 FOLDER` makes one; {VARIABLE} names it"
        ) from None
    return str(month)


def digest() -> str:
    """Return a fingerprint of the vintage's files; nothing where there is none."""
    where = folder()
    if where is None:
        return ""
    hashed = sha256()
    for name in (WORLD, *OF):
        hashed.update((where / name).read_bytes())
    return hashed.hexdigest()


def read(table: str, wrong: Callable[[Row], str]) -> "pd.DataFrame":
    """Return the rows of a table of facts, those of the vintage after those of the package.

    Parameters
    ----------
    wrong
        Says what is wrong with a row, and how to mend it; nothing where nothing is.

    Raises
    ------
    VintageError
        Naming the line of a row that is later than the vintage, stands there twice or cannot be read.
    """
    import pandas as pd

    base, where = Path(str(files("sim.article").joinpath("observed", table))), folder()
    sources = [base] if where is None else [base, where / table]
    _guard(tuple(sources), table, last(), wrong)
    return pd.concat([pd.read_csv(file) for file in sources], ignore_index=True)


@cache
def _guard(sources: tuple[Path, ...], table: str, until: str, wrong: Callable[[Row], str]) -> None:
    (month_of, keys), seen = OF[table], set()
    for file in sources:
        for line, row in _rows(file, sources[0]):
            try:
                when = month_of(row)
                months.index(when if when >= "2019" else "2019-01")
            except ValueError:
                raise VintageError(f"{file}:{line}: no month or year there; write 2026-08, or 2026 of a year") from None
            key = tuple(row[name] for name in keys)
            if when > until:
                why = f"{when} is later than {until}, the last month of this vintage; take it out"
            elif key in seen and keys:
                why = f"{', '.join(key)} stands there twice; take one of them out"
            else:
                why = wrong(row)
            if why:
                raise VintageError(f"{file}:{line}: {why}")
            seen.add(key)


def _rows(file: Path, like: Path) -> Iterator[tuple[int, Row]]:
    """Yield the rows of a table, each with its line."""
    try:
        with like.open(encoding="utf-8", newline="") as first, file.open(encoding="utf-8", newline="") as opened:
            header, rows = next(csv.reader(first)), csv.DictReader(opened)
            if rows.fieldnames != header:
                raise VintageError(f"{file}:1: other columns than {','.join(header)}; write these in the first line")
            for row in rows:
                if None in row or None in row.values():
                    why = "more or fewer cells than columns; quote what has commas"
                    raise VintageError(f"{file}:{rows.line_num}: {why}")
                yield rows.line_num, row
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise VintageError(f"{file}: it cannot be read ({error}); `sim vintage new 2026-08 FOLDER` makes one") from None
