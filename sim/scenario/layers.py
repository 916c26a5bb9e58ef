"""Laying one scenario over another, without forgetting where each word was written."""

from dataclasses import dataclass, field
from typing import Any

from sim.scenario.reading import Document, Path, dotted

OWN = ("name", "question", "reading", "extends")  # said of one scenario, never handed down
JOINED = ("months", "war", "parameters")  # mappings: key by key
APPENDED = ("without", "moves")  # lists: the parent's items first


@dataclass(frozen=True, slots=True)
class Place:
    """Where something was written; ``line`` is None where there is no file."""

    file: str
    line: int | None
    key: str


@dataclass
class Layer:
    """What one scenario says, as plain data, and the place of every key and item in it."""

    data: dict[str, Any]
    places: dict[Path, Place] = field(default_factory=dict)

    def place(self, path: Path) -> Place:
        """Return the place of a path, or of what it lies in, the missing rest added to the key."""
        for length in range(len(path), -1, -1):
            if found := self.places.get(path[:length]):
                return Place(found.file, found.line, dotted(path[length:], found.key))
        return Place("", None, dotted(path))


def from_document(document: Document) -> Layer:
    """Return what a file says."""
    places: dict[Path, Place] = {
        path: Place(document.file, line, dotted(path)) for path, line in document.lines.items()
    }
    places[()] = Place(document.file, None, "")
    return Layer(dict(document.data), places)


def from_data(data: dict[str, Any], source: str) -> Layer:
    """Return what Python data says; messages name the source instead of a file."""
    places: dict[Path, Place] = {}

    def visit(value: Any, path: Path) -> None:
        places[path] = Place(source, None, dotted(path))
        items = (
            value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list | tuple) else ()
        )
        for key, inner in items:
            visit(inner, (*path, key))

    visit(data, ())
    return Layer(dict(data), places)


def lay(over: Layer, under: Layer) -> Layer:
    """Return the scenario that says what ``over`` says, and what ``under`` says where ``over`` is silent.

    Wrong kinds (a word where a list belongs) are kept as they are: the schema complains about them.
    """
    result = Layer(
        {key: value for key, value in under.data.items() if key not in OWN},
        {path: place for path, place in under.places.items() if not path or path[0] not in OWN} | {(): over.place(())},
    )
    for key, value in over.data.items():
        if key == "drivers" and isinstance(value, dict):
            drivers = result.data.get(key)
            drivers = dict(drivers) if isinstance(drivers, dict) else {}
            for driver, layers in value.items():
                drivers[driver] = _append(result, over, (key, driver), drivers.get(driver), layers)
            result.data[key] = drivers
            _copy_places(result, over, (key,), depth=1)
        elif key in JOINED and isinstance(value, dict) and isinstance(result.data.get(key), dict):
            for name in value:
                _forget(result, (key, name))
            result.data[key] = result.data[key] | value
            _copy_places(result, over, (key,))
        elif key in APPENDED and isinstance(value, list | tuple):
            result.data[key] = _append(result, over, (key,), result.data.get(key), value)
        else:
            _forget(result, (key,))
            result.data[key] = value
            _copy_places(result, over, (key,))
    return result


def _append(result: Layer, over: Layer, path: Path, old: Any, new: Any) -> list[Any]:
    """Return old and new items in one list; the places of the new ones move behind the old ones."""
    before = list(old) if isinstance(old, list | tuple) else []
    listed = isinstance(new, list | tuple)
    for place in [place for place in over.places if place[: len(path)] == path]:
        rest = place[len(path) :]
        if listed and rest:
            rest = (int(rest[0]) + len(before), *rest[1:])
        elif not listed:
            result.places[*path, len(before), *rest] = over.places[place]
            continue
        result.places[*path, *rest] = over.places[place]
    return before + (list(new) if listed else [new])


def _forget(result: Layer, path: Path) -> None:
    for place in [place for place in result.places if place[: len(path)] == path]:
        del result.places[place]


def _copy_places(result: Layer, over: Layer, path: Path, depth: int | None = None) -> None:
    """Copy the places at and below a path (at most ``depth`` levels below: 1 keeps the keys alone)."""
    for place in over.places:
        if place[: len(path)] == path and (depth is None or len(place) <= len(path) + depth):
            result.places[place] = over.places[place]
