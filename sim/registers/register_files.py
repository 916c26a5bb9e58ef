"""Reading a register: YAML in, frozen entries out, and a clear error for whatever is wrong with it."""

import re
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import MISSING, Field, fields
from difflib import SequenceMatcher, get_close_matches
from importlib.resources import files
from types import MappingProxyType, NoneType
from typing import TYPE_CHECKING, TypeVar

import yaml

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

Entry = TypeVar("Entry", bound="DataclassInstance")
_LONG_WORD, _ALIKE = 4, 0.75  # letters of a word that may be misspelt, and how alike it then is


def register_text(name: str) -> str:
    """Return the text of a register, from a checkout or an installed wheel."""
    return files("sim.registers").joinpath(name).read_text(encoding="utf-8")


def entries(name: str, kind: type[Entry], check: Callable[[str, Entry], None]) -> Mapping[str, Entry]:
    """Return the entries of a register by id or name, each as an instance of the dataclass ``kind``.

    Parameters
    ----------
    check
        Raises where an entry cannot be meant, beginning the message with what it is given first.

    Raises
    ------
    ValueError
        If the register is no such mapping: names the file, the entry, the field and the fix.
    """
    try:
        given_entries = yaml.load(register_text(name), _Loader)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise ValueError(f"{name}:{line}: {error.problem}") from None
    if not isinstance(given_entries, dict):
        raise ValueError(f"{name}: must map each entry's name to its fields")
    made = {key: _entry(name, kind, key, given) for key, given in given_entries.items()}
    for key, entry in made.items():
        check(f"{name}: {key}", entry)
    return MappingProxyType(made)


def known_only(where: str, what: str, given: Iterable[str], known: Iterable[str]) -> None:
    """Raise a ValueError for the first of the given words that is not known."""
    known = tuple(known)
    for word in given:
        if word not in known:
            hint = nearest_hint(word, known) or f"; use one of {', '.join(known)}"
            raise ValueError(f"{where}: unknown {what} {word!r}{hint}")


def nearest_hint(word: str, known: Iterable[str]) -> str:
    """Return "; did you mean ...?" with the known word nearest to this one, or nothing where none is near."""
    by_plain = {_plain(name): name for name in known}
    close = get_close_matches(_plain(str(word)), by_plain, 1)
    return f"; did you mean {by_plain[close[0]]}?" if close else ""


def correct_spelling(name: str, known: Collection[str]) -> str:
    """Return the known name one of whose words is spelt otherwise here; nothing where this is a name of its own.

    Words are joined by ``_``. Short ones may differ, as the months of jan_jun and jan_jul do.

    Examples
    --------
    >>> correct_spelling("trade_totl", ["trade_total", "trade_half"])
    'trade_total'
    """
    if name in known:
        return ""
    for other in known:
        pairs = list(zip(name.split("_"), other.split("_"), strict=False))
        apart = [pair for pair in pairs if pair[0] != pair[1]]
        one = name.count("_") == other.count("_") and len(apart) == 1 and len(apart[0][1]) >= _LONG_WORD
        if one and SequenceMatcher(None, *apart[0]).ratio() >= _ALIKE:
            return other
    return ""


def _plain(word: str) -> str:
    """Lower case, and the zeros of an id left out, so that c1 is nearest to C01."""
    return re.sub(r"^([a-z])0+", r"\1", word.lower())


class _Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
    """Safe loading, in C where there is a C loader; a repeated key is an error instead of winning silently."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[object, object]:
        seen: set[str] = set()
        for key, _ in node.value:
            if str(key.value) in seen:
                raise yaml.MarkedYAMLError(problem=f"{key.value} stands twice; keep one", problem_mark=key.start_mark)
            seen.add(str(key.value))
        return super().construct_mapping(node, deep)  # type: ignore[no-any-return]


# What each type of field may be in YAML, and how to say so. Exact types: YAML's true is no number here.
_EXPECTED: dict[object, tuple[tuple[type, ...], str]] = {
    str: ((str,), "text"),
    int: ((int,), "a whole number"),
    float: ((int, float), "a number"),
    bool: ((bool,), "true or false"),
    float | None: ((int, float, NoneType), "a number or null"),
    tuple[str, ...]: ((list,), "a list, such as [C04, A8]"),
    tuple[str, ...] | None: ((list,), "a list, such as [C04, A8]"),
}


def _entry(name: str, kind: type[Entry], key: str, given: object) -> Entry:
    where = f"{name}: {key}"
    if not isinstance(given, dict):
        raise ValueError(f"{where}: must be a mapping of fields, not {given!r}")
    asked = {field.name: field for field in fields(kind)[1:]}  # the first field is the key itself
    known_only(where, "field", given, asked)
    for field in asked.values():
        if field.name not in given and field.default is MISSING:
            raise ValueError(f"{where}: {field.name} is missing; add it")
    return kind(key, **{name: _value(where, asked[name], value) for name, value in given.items()})  # type: ignore[call-arg]


def _value(where: str, field: Field[object], value: object) -> object:
    """Check one field, and turn whole numbers into the floats and lists into the tuples that they stand for."""
    types, words = _EXPECTED[field.type]
    if type(value) not in types:
        raise ValueError(f"{where}: {field.name} must be {words}, not {value!r}")
    if float in types and isinstance(value, int | float):
        return float(value)
    return tuple(value) if isinstance(value, list) else value
