"""YAML text to plain data in which every key knows its line.

Only the shape of YAML is used (mappings, lists, words); what a word means is decided by the schema,
which knows whether a number, a month or a name is wanted there. So the guesses of YAML 1.1 (NO is false,
12:30:45 a number, 1e3 not a number, 2027-06-01 a date) never happen. Nothing is ever constructed from a
tag, and an alias cannot grow because there are none.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any, NoReturn

import yaml

from sim.scenario.errors import Problem, ScenarioError, show_value, stop

LARGEST = 256 * 1024  # bytes
DEEPEST = 12
_YAML_TAG = "tag:yaml.org,2002:"
TOO_DEEP = ("nested too deeply", f"use at most {DEEPEST} levels")
_PARSER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

KeyPath = tuple[str | int, ...]


class Plain(str):
    """A word written without quotes, so that it may be meant as a number."""

    __slots__ = ()


@dataclass
class Document:
    """A file's data, the line of every key and list item, and what was wrong short of unreadable."""

    file: str
    data: dict[str, object] = field(default_factory=dict)
    lines: dict[KeyPath, int] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)


def read_scenario(text: str, file: str) -> Document:
    """Read one scenario.

    Parameters
    ----------
    text
        YAML.
    file
        The name that messages show.

    Raises
    ------
    ScenarioError
        If the text cannot be read as one YAML mapping. Lesser problems (a repeated key) are
        collected in the document, so that they are reported together with the schema's.
    """
    if len(text) > LARGEST:
        too_large(file)
    document = Document(file)
    try:
        data = _Composer(document, yaml.parse(text, Loader=_PARSER)).compose()
    except yaml.MarkedYAMLError as error:
        raise ScenarioError([_syntax(error, text, file)]) from None
    except (yaml.reader.ReaderError, UnicodeEncodeError) as error:
        raise ScenarioError([_strange(error, text, file)]) from None
    if data is None:
        stop("the file is empty", file, fix="write at least: extends: baseline")
    if not isinstance(data, dict):
        what = "a list" if isinstance(data, list) else "a single value"
        stop(f"the file holds {what}, not keys with values", file, 1, value=show_value(data), fix="write key: value")
    document.data = data
    return document


def too_large(file: str) -> NoReturn:
    """Refuse a file that is too large to be a scenario."""
    size = f"at most {LARGEST // 1024} KiB"
    stop("the file is too large for a scenario", file, allowed=size, fix="keep data elsewhere")


class _Composer:
    """Builds dictionaries, lists and words from the parser's events."""

    def __init__(self, document: Document, events: Iterator[Any]) -> None:
        self.document = document
        self.events = events

    def compose(self) -> object:
        next(self.events)  # the stream begins
        if isinstance(next(self.events), yaml.StreamEndEvent):
            return None
        data = self._value(next(self.events), ())
        next(self.events)  # the document ends
        following = next(self.events)
        if not isinstance(following, yaml.StreamEndEvent):
            self._stop(following, "a second document begins", "keep one scenario a file and delete the line ---")
        return data

    def _value(self, event: Any, path: KeyPath) -> object:
        if isinstance(event, yaml.AliasEvent) or event.anchor is not None:
            self._stop(event, "anchors (&) and aliases (*) are not allowed", "write the value out, or put it in quotes")
        if event.tag is not None:
            tag = show_value(event.tag.replace(_YAML_TAG, "!!"))
            self._stop(event, "a tag is not allowed", "write the plain value", path, tag)
        if len(path) > DEEPEST:
            self._stop(event, *TOO_DEEP)
        if isinstance(event, yaml.MappingStartEvent):
            return self._mapping(path)
        if isinstance(event, yaml.SequenceStartEvent):
            return self._list(path)
        if not event.implicit[0]:
            return event.value
        return Plain(event.value) if event.value else None

    def _mapping(self, path: KeyPath) -> dict[str, object]:
        data: dict[str, object] = {}
        for event in self.events:
            if isinstance(event, yaml.MappingEndEvent):
                break
            key = self._key(event, path)
            if key in data:
                why = f"the key is repeated; it stands in line {self.document.lines[*path, key]} too"
                self.document.problems.append(self._problem(event, (*path, key), why, "delete one of them"))
            self.document.lines.setdefault((*path, key), event.start_mark.line + 1)
            value = self._value(next(self.events), (*path, key))
            data.setdefault(key, value)
        return data

    def _key(self, event: object, path: KeyPath) -> str:
        if not isinstance(event, yaml.ScalarEvent):
            self._stop(event, "a key must be a single word", "write key: value")
        self._value(event, path)
        return str(event.value)

    def _list(self, path: KeyPath) -> list[object]:
        data: list[object] = []
        for event in self.events:
            if isinstance(event, yaml.SequenceEndEvent):
                break
            place = (*path, len(data))
            self.document.lines[place] = event.start_mark.line + 1
            data.append(self._value(event, place))
        return data

    def _problem(self, event: Any, path: KeyPath, why: str, fix: str) -> Problem:
        return Problem(why, self.document.file, event.start_mark.line + 1, dotted_path(path), fix=fix)

    def _stop(self, event: object, why: str, fix: str, path: KeyPath = (), value: str = "") -> NoReturn:
        problem = replace(self._problem(event, path, why, fix), value=value)
        raise ScenarioError([*self.document.problems, problem])


def _syntax(error: yaml.MarkedYAMLError, text: str, file: str) -> Problem:
    lines = text.splitlines()
    marks = [mark.line for mark in (error.problem_mark, error.context_mark) if mark]
    line = next((line for line in marks if line < len(lines)), 0)  # what never closes is named where it opens
    written = lines[line] if line < len(lines) else ""
    if "\t" in written[: len(written) - len(written.lstrip(" \t-"))]:
        why, fix = "a tab in the indentation; YAML allows only spaces", "replace each tab by two spaces"
    elif "nesting depth" in str(error.problem):  # the C parser has a limit of its own
        why, fix = TOO_DEEP
    else:
        why = f"this is not YAML: {error.problem or error.context}"
        fix = "check the indentation, the space after each colon, and that brackets and quotes close"
    return Problem(why, file, line + 1, value=show_value(written.strip()), fix=fix)


def _strange(error: yaml.reader.ReaderError | UnicodeEncodeError, text: str, file: str) -> Problem:
    place = error.start if isinstance(error, UnicodeEncodeError) else text.find(chr(error.character))
    why, fix = "a character that YAML does not allow", "delete it, and save the file as plain UTF-8 text"
    return Problem(why, file, text.count("\n", 0, place) + 1, value=ascii(text[place]), fix=fix)


def dotted_path(path: KeyPath, start: str = "") -> str:
    """Return a path below ``start`` as messages show it; list items are counted from 1."""
    text = start
    for part in path:
        if isinstance(part, int):
            text += f" #{part + 1}"
        else:
            key = part if part and part.isprintable() else repr(part)
            text += f".{key}" if text else key
    return show_value(text) if len(text) > 200 else text
