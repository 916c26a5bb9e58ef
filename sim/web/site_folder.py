"""The page as a folder of files, for any static host."""

import hashlib
import json
import posixpath
import re
from collections.abc import Iterator
from pathlib import Path

from sim.engine.web import page_folder
from sim.version import __version__
from sim.web import facts, start_page, world_file

DOCS = "docs"  # the folder of the documentation, where there is one beside the page
_WORKER = "service-worker.js"
_FACTS = "facts.json"
_FIRST = ("app.js", "worker.js", "views/explore.js")  # with what they import, enough for Start and the first figure
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
    index.write_text(shell.replace(_MODULES, "\n".join(_preloads(folder, *_FIRST))), encoding="utf-8")
    text = json.dumps(facts.page_facts(), separators=(",", ":"), allow_nan=False)
    (folder / _FACTS).write_text(text, encoding="utf-8")
    world_file.write_world(folder, [_FACTS, *(name for name in page if name.endswith(_FETCHED) and name != _WORKER)])
    names = sorted({*page, *world_file.ENGINE, world_file.WORLD, _FACTS, world_file.SETS})
    digest = hashlib.sha256(b"".join((folder / name).read_bytes() for name in names)).hexdigest()
    script = (folder / _WORKER).read_text(encoding="utf-8")
    kept = json.dumps({name: _integrity(folder / name) for name in names if name != _WORKER})
    head = f'const VERSION = "{digest[:16]}";\nconst FILES = {kept};\n'
    (folder / _WORKER).write_text(head + script, encoding="utf-8")
    return names


def _preloads(folder: Path, *modules: str) -> list[str]:
    """Return a link for every module that some import: each is fetched once, and the browser compares its digest."""
    names: dict[str, None] = {}
    waiting = list(modules)
    while waiting:
        name = waiting.pop()
        if name not in names:
            names[name] = None
            text = (folder / name).read_text(encoding="utf-8")
            own = posixpath.dirname(name)
            waiting += [posixpath.normpath(posixpath.join(own, path)) for path in _IMPORT.findall(text)]
    return [f'<link rel="modulepreload" href="{name}" integrity="{_integrity(folder / name)}">' for name in names]


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
