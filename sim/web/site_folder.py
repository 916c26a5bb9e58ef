"""The page as a folder of files, for any static host."""

import hashlib
import json
import posixpath
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from sim.engine.web import page_folder
from sim.version import __version__
from sim.web import facts, start_page, world_file

DOCS = "docs"  # the folder of the documentation, where there is one beside the page
_WORKER = "service-worker.js"
_FACTS = "facts.json"
_FIRST = ("app.js", "worker.js")  # with what they import, enough for Start and the first figure
_LATER = ("views", "jobs")  # folders of modules that are fetched when that is there
# Where the first view goes, the release, the modules that come first, and the link to the documentation.
_START, _RELEASE, _MODULES, _DOCS = (f"<!-- {place} -->" for place in ("start", "release", "modules", "documentation"))
_IMPORT = re.compile(r'^import .* from "(.+)";$', re.MULTILINE)
_FETCHED = (".js", ".json")
_APART = ("README.md", "tests", "types.d.ts", "__pycache__")


def write_site(folder: Path) -> list[str]:
    """Write the page into a folder and return the names of its files, the folder's own separator aside.

    Where the documentation is in the folder, the page links to it.
    """
    page = dict(_files(page_folder()))
    for name, source in page.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(source.read_bytes())
    index = folder / "index.html"
    shell = index.read_text(encoding="utf-8").replace(_START, start_page.view())
    docs = f'<a href="{DOCS}/index.html">Documentation</a> ' if (folder / DOCS / "index.html").is_file() else ""
    shell = shell.replace(_RELEASE, f"driftback {__version__}").replace(_DOCS, docs)
    imports = _imports(folder, (name for name in page if name.endswith(".js")))
    first = _reached(imports, _FIRST)
    links = [f'<link rel="modulepreload" href="{name}" integrity="{_integrity(folder / name)}">' for name in first]
    index.write_text(shell.replace(_MODULES, "\n".join(links)), encoding="utf-8")
    text = json.dumps(facts.page_facts(), separators=(",", ":"), allow_nan=False)
    (folder / _FACTS).write_text(text, encoding="utf-8")
    fetched = [_FACTS, *(name for name in page if name.endswith(_FETCHED) and name != _WORKER)]
    world_file.write_world(folder, fetched, _waves(imports, first))
    names = sorted({*page, *world_file.ENGINE, world_file.WORLD, _FACTS, world_file.SETS})
    digest = hashlib.sha256(b"".join((folder / name).read_bytes() for name in names)).hexdigest()
    script = (folder / _WORKER).read_text(encoding="utf-8")
    kept = json.dumps({name: _integrity(folder / name) for name in names if name != _WORKER})
    head = f'const VERSION = "{digest[:16]}";\nconst FILES = {kept};\n'
    (folder / _WORKER).write_text(head + script, encoding="utf-8")
    return names


def _imports(folder: Path, modules: Iterable[str]) -> dict[str, list[str]]:
    """Return what each module imports at its head."""

    def of(name: str) -> list[str]:
        paths = _IMPORT.findall((folder / name).read_text(encoding="utf-8"))
        return [posixpath.normpath(posixpath.join(posixpath.dirname(name), path)) for path in paths]

    return {name: of(name) for name in modules}


def _reached(imports: dict[str, list[str]], modules: Iterable[str]) -> list[str]:
    """Return modules with all that they import, directly or not."""
    reached: dict[str, None] = {}
    waiting = list(modules)
    while waiting:
        if (name := waiting.pop()) not in reached:
            reached[name] = None
            waiting += imports[name]
    return list(reached)


def _waves(imports: dict[str, list[str]], first: list[str]) -> list[list[str]]:
    """Return the modules that come later, wave by wave: what one imports is there before it, so no browser asks twice.

    Raises
    ------
    ValueError
        If modules import one another.
    """
    waiting = set(_reached(imports, (name for name in imports if name.startswith(_LATER)))).difference(first)
    waves = []
    while waiting:
        waves.append(sorted(name for name in waiting if waiting.isdisjoint(imports[name])))
        waiting.difference_update(waves[-1])
        if not waves[-1]:
            raise ValueError(f"these modules import one another: {', '.join(sorted(waiting))}")
    return waves


def _integrity(file: Path) -> str:
    return f"sha256-{world_file.length_and_digest(file)['sha256']}"


def _files(source: Path, head: str = "") -> Iterator[tuple[str, Path]]:
    """Yield the files below a folder of the page, each with its place there."""
    for path in source.iterdir():
        if path.name in _APART:
            continue
        if path.is_dir():
            yield from _files(path, f"{head}{path.name}/")
        else:
            yield head + path.name, path
