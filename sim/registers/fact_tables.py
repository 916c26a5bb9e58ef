"""Tables of facts: what a row may say, told by file, line, reason and fix where it says something else.

The words that rows may use (actors, series with their units, options of levers that the model has not) are those of the
tables that travel with the package.
"""

import math
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from pathlib import Path

from sim.model import months
from sim.model.capitals import CAPITALS
from sim.model.moves import LEVER, LEVERS
from sim.registers.register_files import correct_spelling, known_only, nearest_hint
from sim.registers.text_files import UnreadableError, read_text, table_rows

CODINGS = (1, 2)
CONFIDENCE = ("high", "medium", "low")
READ_AS = {"ally": "treaty", "withhold": "envoys", "envoy": "envoys"}
DOMAINS = ("aid", "trade", "arms", "labour", "diplomacy", "provocation", "sanctions", "war", "shock")
ANNUAL, MONTHLY, EVENTS, MOVES = "annual.csv", "monthly.csv", "events.csv", "moves.csv"
FIRST = months.name(0)  # month of which later facts may be
Row = dict[str, str]
# By table what tells a row from all others; events have nothing such.
KEYS: dict[str, tuple[str, ...]] = {
    ANNUAL: ("series", "year"), MONTHLY: ("series", "month"), EVENTS: (), MOVES: ("month", "capital", "lever"),
}  # fmt: skip
_LARGEST = 8 * 1024 * 1024  # bytes of a table
_SHOWN = 60  # characters of a word that a message shows
_NUMBER = re.compile(r"-?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?", re.ASCII)


class VintageError(ValueError):
    """Facts that cannot be used; the message says where and how to mend it."""


@dataclass(frozen=True)
class Vocabulary:
    """What the tables of the package name.

    Attributes
    ----------
    units
        By table and series, the units that its figures have.
    parties
        Those that act in events, or that are acted on.
    options
        By capital and lever, what its codings may say.
    """

    units: Mapping[str, Mapping[str, tuple[str, ...]]]
    parties: tuple[str, ...]
    options: Mapping[tuple[str, str], tuple[str, ...]]


def package_table(table: str) -> Path:
    """Return the file of a table that travels with the package."""
    return Path(str(files("sim.registers").joinpath("observed", table)))


def package_vintages() -> dict[str, Path]:
    """Return the vintages that travel with the package, by name, the earliest first."""
    folder = Path(str(files("sim.registers").joinpath("vintages")))
    return {path.name: path for path in sorted(folder.iterdir()) if path.is_dir()}


@cache
def vocabulary() -> Vocabulary:
    """Return the words of the tables that travel with the package."""
    units: dict[str, dict[str, tuple[str, ...]]] = {ANNUAL: {}, MONTHLY: {}}
    for table, by_series in units.items():
        for file in (package_table(table), *(folder / table for folder in package_vintages().values())):
            for _, row in fact_rows(file, table):
                seen = by_series.get(row["series"], ())
                by_series[row["series"]] = tuple(dict.fromkeys((*seen, row["unit"])))
    parties = dict.fromkeys(CAPITALS)
    for _, row in fact_rows(package_table(EVENTS), EVENTS):
        parties |= dict.fromkeys((row["actor"], row["target"]))
    options: dict[tuple[str, str], tuple[str, ...]] = {
        (lever.capital, lever.name): tuple(option.name for option in lever.options) for lever in LEVERS
    }
    for _, row in fact_rows(package_table(MOVES), MOVES):
        cell = row["capital"], row["lever"]
        said = [row[f"option_{k}"] for k in CODINGS if row[f"option_{k}"]]
        options[cell] = tuple(dict.fromkeys((*options.get(cell, ()), *said)))
    return Vocabulary(units, tuple(parties), options)


def check(file: Path, until: str, since: str = "", seen: set[tuple[str, ...]] | None = None) -> list[str]:
    """Check a table row by row.

    Parameters
    ----------
    until, since
        The last month of which facts may be, and the first; any where not said.
    seen
        What other tables hold already (:func:`keys`), so that no cell stands there twice.

    Returns
    -------
    announced
        A line for each series that no other table has.

    Raises
    ------
    VintageError
        Naming file and line, with the reason and the fix.
    """
    announced: list[str] = []
    new: set[str] = set()
    seen = seen or set()
    for line, row in fact_rows(file, file.name):
        where = f"{file}:{line}"
        try:
            _check_month(where, month_of(file.name, row), until, since)
            _RULES[file.name](where, row)
        except ValueError as error:
            raise VintageError(str(error)) from None
        key = tuple(row[name] for name in KEYS[file.name])
        if key and key in seen:
            raise VintageError(f"{where}: {', '.join(key)} stands there twice; take one of them out")
        seen.add(key)
        series = row.get("series", "")
        if series and series not in (*vocabulary().units[file.name], *new):
            new.add(series)
            near = nearest_hint(series, vocabulary().units[file.name])
            announced.append(f"{where}: {series[:_SHOWN]!r} is a new series, and no rule or measure reads it{near}")
    return announced


def keys(file: Path) -> set[tuple[str, ...]]:
    """Return what tells the rows of a table apart."""
    return {tuple(row[name] for name in KEYS[file.name]) for _, row in fact_rows(file, file.name)}


def header(table: str) -> list[str]:
    """Return the columns of a table, as the one that travels with the package has them."""
    return next(table_rows(read_fact_file(package_table(table))))[1]


def fact_rows(file: Path, table: str) -> Iterator[tuple[int, Row]]:
    """Yield the rows of a table, each with the line in which it begins.

    Raises
    ------
    VintageError
        If it is no such table.
    """
    columns = header(table)
    with _refusals(file):
        cells_by_line = table_rows(read_fact_file(file))
        if next(cells_by_line, (1, []))[1] != columns:
            raise VintageError(f"{file}:1: other columns than {','.join(columns)}; write these in the first line")
        for line, cells in cells_by_line:
            if len(cells) != len(columns):
                raise VintageError(f"{file}:{line}: more or fewer cells than columns; quote what has commas")
            yield line, dict(zip(columns, cells, strict=True))


def read_fact_file(file: Path) -> str:
    """Return what a file of facts holds.

    Raises
    ------
    VintageError
        If it is no file, too large, or no text.
    """
    with _refusals(file):
        return read_text(file, _LARGEST)


@contextmanager
def _refusals(file: Path) -> Iterator[None]:
    """Say why a file of facts is not read, with its name, the line and the fix."""
    try:
        yield
    except FileNotFoundError:
        fix = "`sim vintage new 2026-08 FOLDER` makes one"
        raise VintageError(f"{file}: there is no such file, and a vintage has it; {fix}") from None
    except UnreadableError as error:
        raise VintageError(f"{file}{f':{error.line}' if error.line else ''}: {error}") from None


def month_of(table: str, row: Row) -> str:
    """Return the month that a row is of: a year's begins it, for some rows tell of its first half."""
    return f"{row['year']}-01" if table == ANNUAL else row["date"][:7] if table == EVENTS else row["month"]


def _check_month(where: str, month: str, until: str, since: str) -> None:
    try:
        if not month.isascii():
            raise ValueError
        months.index(month if month >= FIRST else f"{FIRST[:4]}{month[4:]}")
        int(month[:4])
    except ValueError:
        raise VintageError(f"{where}: no month or year there; write 2026-08, or 2026 of a year") from None
    if month < since:
        raise VintageError(f"{where}: {month} is earlier than {since}, the first month of the model; take it out")
    if month > until:
        more = "take it out, or let the months of world.yaml go on to it"
        raise VintageError(f"{where}: {month} is later than {until}, the last month of these facts; {more}")


def _check_figure(where: str, row: Row, table: str) -> None:
    if not (_NUMBER.fullmatch(row["value"]) and math.isfinite(float(row["value"]))):
        raise VintageError(f"{where}: {row['value'][:_SHOWN]!r} is no number; write what was measured, such as 3.1")
    series, unit, units = row["series"].strip(), row["unit"].strip(), vocabulary().units[table]
    if not series:
        raise VintageError(f"{where}: the figure has no series; write which it belongs to, such as {next(iter(units))}")
    meant = correct_spelling(series, tuple(units))
    if meant:
        raise VintageError(f"{where}: unknown series {series[:_SHOWN]!r}; did you mean {meant}?")
    known = units.get(series, ())
    if not unit:
        write = f"write {' or '.join(known)}" if known else "write it, such as million USD"
        raise VintageError(f"{where}: the figure has no unit; {write}")
    if known and unit not in known:
        raise VintageError(f"{where}: the unit {unit[:_SHOWN]!r} is not that of {series}; write it in {known[0]}")


def _check_event(where: str, row: Row) -> None:
    when = row["date"]
    try:
        date.fromisoformat(when if len(when) == 10 else f"{when}-01")
    except ValueError:
        raise VintageError(f"{where}: {when[:_SHOWN]!r} is no date; write 2026-08 or 2026-08-16") from None
    for column in ("actor", "target"):
        known_only(where, column, [row[column][:_SHOWN]], vocabulary().parties)
    known_only(where, "domain", [row["domain"][:_SHOWN]], DOMAINS)
    if not row["event"].strip():
        raise VintageError(f"{where}: the event has no words; write what happened")


def _check_move(where: str, row: Row) -> None:
    capital, lever, options = row["capital"][:_SHOWN], row["lever"][:_SHOWN], vocabulary().options
    known_only(where, "capital", [capital], dict.fromkeys(capital for capital, _ in options))
    known_only(where, f"lever of {capital}", [lever], [name for of, name in options if of == capital])
    for k in CODINGS:
        option, sure = row[f"option_{k}"][:_SHOWN], row[f"confidence_{k}"][:_SHOWN]
        if option:
            known_only(where, f"option of {lever}", [option], _may_say(capital, lever))
            if not sure:
                levels = ", ".join(CONFIDENCE)
                raise VintageError(f"{where}: coding {k} has no confidence in {option}; write one of {levels}")
            known_only(where, "confidence", [sure], CONFIDENCE)
        elif sure:
            raise VintageError(f"{where}: coding {k} has a confidence and no option; write the option, or neither")
    if not any(row[f"option_{k}"] for k in CODINGS):
        raise VintageError(f"{where}: neither coding has an option; write one, or take the row out")


def _may_say(capital: str, lever: str) -> list[str]:
    """Return the options that a coding may have: by the names of the model or the record, or by the record's alone."""
    said, field = vocabulary().options[capital, lever], f"{capital.lower()}_{lever}"
    names = {option.name for option in LEVER[field].options} if field in LEVER else set(said)
    return [option for option in dict.fromkeys((*said, *READ_AS)) if READ_AS.get(option, option) in names]


_RULES: dict[str, Callable[[str, Row], None]] = {
    ANNUAL: lambda where, row: _check_figure(where, row, ANNUAL),
    MONTHLY: lambda where, row: _check_figure(where, row, MONTHLY),
    EVENTS: _check_event,
    MOVES: _check_move,
}
