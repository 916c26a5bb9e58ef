"""A vintage: facts later than August 2024, as a folder of data.

Some travel with the package, named by their last month, and are read where a later month than August 2024 is asked for
(:func:`known_to`). The environment variable ``DRIFTBACK_VINTAGE`` names another folder, or one of them, for all that a
command does. All that is read off facts then reads these too: the record and the filter, forecasts and those that know
no politics, pictures. What chooses parameters (ranges, bounds, matching) never does. All tables of a vintage are
checked before any is read.
"""

import io
import logging
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar, Token
from functools import cache, lru_cache, wraps
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, ParamSpec, TypeVar

import yaml

from sim.model import months
from sim.registers import fact_tables
from sim.registers.fact_tables import FIRST, KEYS, VintageError, package_vintages

if TYPE_CHECKING:
    import pandas as pd

VARIABLE = "DRIFTBACK_VINTAGE"
BASE = "2024-08"  # of the facts that travel with the package
WORLD = "world.yaml"  # the scenario of all months that are known; its last month is that of the vintage
_DEEPEST = 12  # levels of brackets, as in any scenario
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_chosen: ContextVar[Path | None] = ContextVar("vintage", default=None)

Asked = ParamSpec("Asked")
Read = TypeVar("Read")
Stamp = tuple[tuple[int, int] | None, ...]


@contextmanager
def known_to(month: str) -> Iterator[None]:
    """Read facts to a month while the block lasts: those of a vintage of the package, if no other is named.

    Parameters
    ----------
    month
        YYYY-MM. One up to August 2024 changes nothing, and neither does what is no month.

    Examples
    --------
    >>> with known_to("2025-08"):
    ...     last_month()
    '2025-08'
    """
    token = choose(month)
    try:
        yield
    finally:
        _chosen.reset(token)


def choose(month: str) -> Token[Path | None]:
    """Read facts to a month from here on, until :func:`known_to` ends or the command does."""
    return _chosen.set(folder() or _reaching(month))


def _reaching(month: str) -> Path | None:
    """Return the first vintage of the package that reaches a month, or the latest."""
    try:
        if months.index(month) <= months.index(BASE):
            return None
    except ValueError:
        return None
    return next(
        (where for name, where in package_vintages().items() if name >= month), [*package_vintages().values()][-1]
    )


def folder() -> Path | None:
    """Return the folder of the vintage; None where only the facts of the package to August 2024 are read."""
    named = os.environ.get(VARIABLE)
    return package_vintages().get(named, Path(named)) if named else _chosen.get()


def cache_by_vintage(function: Callable[Asked, Read]) -> Callable[Asked, Read]:
    """Keep what a function returns, as :func:`functools.cache` does, apart for each vintage."""

    @cache
    def by_vintage(vintage: object, *asked: Asked.args, **named: Asked.kwargs) -> Read:
        return function(*asked, **named)

    @wraps(function)
    def kept(*asked: Asked.args, **named: Asked.kwargs) -> Read:
        where = folder()
        return by_vintage(where and (where.absolute(), _stamp(where)), *asked, **named)  # type: ignore[arg-type]

    kept.cache_clear = by_vintage.cache_clear  # type: ignore[attr-defined]
    return kept


def last_month() -> str:
    """Return the last month of which facts are read.

    Raises
    ------
    VintageError
        If the folder is no vintage, or any of its files cannot be used.
    """
    where = folder()
    return BASE if where is None else _checked(where, _stamp(where))


def files_digest() -> str:
    """Return a fingerprint of the vintage's files, the same on every system; nothing where there is none."""
    where = folder()
    if where is None:
        return ""
    texts = ("\n".join(fact_tables.read_fact_file(where / name).splitlines()) for name in (WORLD, *KEYS))
    return sha256("\0".join(texts).encode()).hexdigest()


def read_table(table: str, later: bool = True) -> "pd.DataFrame":
    """Return the rows of a table of facts, those of the vintage after those of the package.

    Parameters
    ----------
    table
        The name of its file.
    later
        Whether the vintage is read at all.

    Raises
    ------
    VintageError
        Naming file and line of what cannot be used.
    """
    import pandas as pd

    _check_own(BASE)
    sources = [fact_tables.package_table(table)]
    if later and folder() is not None:
        last_month()  # says what is wrong with any of its files
        sources.append(Path(str(folder())) / table)
    return pd.concat(
        [pd.read_csv(io.StringIO(fact_tables.read_fact_file(file))) for file in sources], ignore_index=True
    )


@cache
def _check_own(until: str) -> None:
    for table in KEYS:
        fact_tables.check(fact_tables.package_table(table), until)


def _stamp(where: Path) -> Stamp:
    """Return what tells whether files were written since they were checked."""
    files = [where / name for name in (WORLD, *KEYS)]
    return tuple((file.stat().st_mtime_ns, file.stat().st_size) if file.exists() else None for file in files)


@lru_cache(maxsize=8)
def _checked(where: Path, _: Stamp) -> str:
    """Return the last month of a vintage all of whose files can be used, and announce its new series."""
    month, announced = _last_month(where / WORLD), []
    for table in KEYS:
        seen = fact_tables.keys(fact_tables.package_table(table))
        announced += fact_tables.check(where / table, month, FIRST, seen)
    for line in announced:
        logging.getLogger("sim").warning(line)
    return month


def _last_month(file: Path) -> str:
    """Return the last month of a world, which is later than August 2024 and the one that its folder is named by."""
    if not file.exists():
        there = ", ".join(package_vintages())
        raise VintageError(
            f"{file.parent} is no vintage: there is no {file}. `sim vintage new 2026-08 FOLDER` makes one; {VARIABLE} "
            f"names it, or one of the package ({there})"
        )
    written = fact_tables.read_fact_file(file)
    try:
        _check_depth(file, written)
        node = _at(_at(yaml.compose(written, Loader=_LOADER), "months"), "to")
    except yaml.MarkedYAMLError as error:
        line = _line_of(error)
        raise VintageError(
            f"{file}:{line}: this is not YAML: {error.problem or error.context}; close every bracket and quote"
        ) from None
    except yaml.reader.ReaderError as error:
        raise VintageError(f"{file}: a character that YAML does not allow ({error.reason}); delete it") from None
    says = "does not say its last month; write months: {to: 2026-08}"
    if not isinstance(node, yaml.ScalarNode):
        raise VintageError(f"{file}:{_line(written, node)}: it {says}")
    where, month = f"{file}:{node.start_mark.line + 1}", str(node.value)
    try:
        later = months.index(month) > months.index(BASE)
    except ValueError:
        raise VintageError(f"{where}: it {says}, not {month[:60]!r}") from None
    if not later:
        raise VintageError(f"{where}: its months end in {month}, and a vintage goes beyond {BASE}; write a later month")
    if _is_month(file.parent.name) and file.parent.name != month:
        named = file.parent.name
        raise VintageError(f"{where}: its months end in {month}, and its folder is named {named}; write to: {named}")
    return month


def _check_depth(file: Path, written: str) -> None:
    depth = 0
    try:
        for event in yaml.parse(written, Loader=_LOADER):
            depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
            if depth > _DEEPEST:
                break
        else:
            return
        line = _line(written, event)
    except yaml.MarkedYAMLError as error:
        if "nesting depth" not in str(error.problem):  # the C parser has a limit of its own
            raise
        line = _line_of(error)
    raise VintageError(f"{file}:{line}: nested too deeply; use at most {_DEEPEST} levels")


def _line_of(error: yaml.MarkedYAMLError) -> int:
    mark = error.problem_mark or error.context_mark
    return int(mark.line) + 1 if mark else 1


def _at(node: yaml.Node | None, key: str) -> yaml.Node | None:
    """Return what a mapping holds under a key; the node itself where it is no mapping, None where nothing is there."""
    if not isinstance(node, yaml.MappingNode):
        return None
    return next((value for name, value in node.value if name.value == key), None)


def _line(written: str, node: yaml.Node | yaml.Event | None) -> int:
    """Return the line of a node; where there is none, that of the months."""
    if node is not None and node.start_mark is not None:
        return int(node.start_mark.line) + 1
    return next((number for number, line in enumerate(written.splitlines(), 1) if line.startswith("months")), 1)


def _is_month(name: str) -> bool:
    try:
        months.index(name)
    except ValueError:
        return False
    return True
