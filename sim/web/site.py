"""The page as a folder of files, for any static host."""

import hashlib
import json
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

from sim.web import world
from sim.web.facts import facts

DOCS = "docs"  # the folder of the documentation, where there is one beside the page
_WORKER = "service-worker.js"
_APART = ("README.md",)


def write(folder: Path) -> list[str]:
    """Write the page into a folder and return the names of its files, the folder's own separator aside.

    Where the documentation is in the folder, the page links to it.
    """
    folder.mkdir(parents=True, exist_ok=True)
    _copy(files("sim.web").joinpath("page"), folder)
    if (folder / DOCS / "index.html").is_file():
        _link(folder / "index.html")
    world.write(folder)
    (folder / "facts.json").write_text(json.dumps(facts(), separators=(",", ":"), allow_nan=False), encoding="utf-8")
    names = sorted(path.relative_to(folder).as_posix() for path in _laid(folder))
    digest = hashlib.sha256(b"".join((folder / name).read_bytes() for name in names)).hexdigest()
    script = (folder / _WORKER).read_text(encoding="utf-8")
    kept = json.dumps([name for name in names if name != _WORKER])
    head = f'const VERSION = "{digest[:16]}";\nconst FILES = {kept};\n'
    (folder / _WORKER).write_text(head + script, encoding="utf-8")
    return names


def _link(index: Path) -> None:
    link = f'<footer><a href="{DOCS}/index.html">Documentation</a></footer>'
    text = index.read_text(encoding="utf-8")
    index.write_text(text.replace("</body>", f"{link}\n</body>"), encoding="utf-8")


def _copy(source: Traversable, folder: Path) -> None:
    for each in source.iterdir():
        if each.name in _APART:
            continue
        if each.is_dir():
            (folder / each.name).mkdir(exist_ok=True)
            _copy(each, folder / each.name)
        else:
            (folder / each.name).write_bytes(each.read_bytes())


def _laid(folder: Path) -> list[Path]:
    """Return the files of the page in a folder, whatever else lies there."""
    page = files("sim.web").joinpath("page")
    own = {name for name in _names(page, "")} | {*world.ENGINE, "world.json", "facts.json", world.SETS}
    return [folder / name for name in own]


def _names(source: Traversable, head: str) -> list[str]:
    found = []
    for each in source.iterdir():
        if each.is_dir():
            found += _names(each, f"{head}{each.name}/")
        elif each.name not in _APART:
            found.append(head + each.name)
    return found
