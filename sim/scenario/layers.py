"""Laying one scenario over another, without forgetting where each word was written."""

from dataclasses import dataclass, field

from sim.scenario.yaml_reading import Document, KeyPath, dotted_path

OWN = ("name", "question", "reading", "author", "license", "extends")  # said of one scenario, never handed down
JOINED = ("months", "war", "parameters", "correlations", "policies")  # mappings: key by key
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

    data: dict[str, object]
    places: dict[KeyPath, Place] = field(default_factory=dict)

    def place(self, path: KeyPath) -> Place:
        """Return the place of a path, or of what it lies in, the missing rest added to the key."""
        for length in range(len(path), -1, -1):
            if written := self.places.get(path[:length]):
                return Place(written.file, written.line, dotted_path(path[length:], written.key))
        return Place("", None, dotted_path(path))


def from_document(document: Document) -> Layer:
    """Return what a file says."""
    places: dict[KeyPath, Place] = {
        path: Place(document.file, line, dotted_path(path)) for path, line in document.lines.items()
    }
    places[()] = Place(document.file, None, "")
    return Layer(dict(document.data), places)


def from_data(data: dict[str, object], source: str) -> Layer:
    """Return what Python data says; messages name the source instead of a file."""
    places: dict[KeyPath, Place] = {}

    def visit(value: object, path: KeyPath) -> None:
        places[path] = Place(source, None, dotted_path(path))
        items = (
            value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list | tuple) else ()
        )
        for key, inner in items:
            visit(inner, (*path, key))

    visit(data, ())
    return Layer(dict(data), places)


def lay(over: Layer, under: Layer) -> Layer:
    """Return the scenario that says what ``over`` says, and what ``under`` says where ``over`` is silent.

    Wrong kinds (a word where a list belongs) are kept as they are: the schema complains about them. Each place is
    looked at once, however many there are: a stranger's file may have thousands of keys.
    """
    data = {key: value for key, value in under.data.items() if key not in OWN}
    replaced: set[KeyPath] = {(key,) for key in OWN}
    appended: dict[KeyPath, tuple[int, bool]] = {}  # how many items stand before, and whether the new ones are listed
    for key, value in over.data.items():
        if key == "drivers" and isinstance(value, dict):
            drivers = data.get(key)
            data[key] = drivers = dict(drivers) if isinstance(drivers, dict) else {}
            for driver, layers in value.items():
                drivers[driver], appended[key, driver] = _append(drivers.get(driver), layers)
        elif key in JOINED and isinstance(value, dict) and isinstance(before := data.get(key), dict):
            replaced |= {(key, name) for name in value}
            data[key] = before | value
        elif key in APPENDED and isinstance(value, list | tuple):
            data[key], appended[key,] = _append(data.get(key), value)
        else:
            replaced.add((key,))
            data[key] = value
    places = {
        path: place for path, place in under.places.items() if path[:1] not in replaced and path[:2] not in replaced
    }
    for path, place in over.places.items():
        prefix = next((path[:length] for length in (1, 2) if path[:length] in appended), path)
        earlier, listed = appended.get(prefix, (0, True))
        rest = path[len(prefix) :]
        if not rest:
            places[path] = place
        if not listed:
            places[*prefix, earlier, *rest] = place
        elif rest:
            places[*prefix, int(rest[0]) + earlier, *rest[1:]] = place
    return Layer(data, places)


def _append(old: object, new: object) -> tuple[list[object], tuple[int, bool]]:
    """Return old and new items in one list, the number of the old ones, and whether the new ones are a list."""
    before = list(old) if isinstance(old, list | tuple) else []
    if isinstance(new, list | tuple):
        return [*before, *new], (len(before), True)
    return [*before, new], (len(before), False)
