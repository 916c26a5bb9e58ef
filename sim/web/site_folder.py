"""The page as a folder of files, for any static host."""

import hashlib
import json
from collections.abc import Iterator
from html import escape
from pathlib import Path

from sim.engine.web import page_folder
from sim.web import facts, read_from_package, read_from_page, verdict_facts, world_file

DOCS = "docs"  # the folder of the documentation, where there is one beside the page
_WORKER = "service-worker.js"
_FACTS = "facts.json"
_FETCHED = (".js", ".json")
_APART = ("README.md", "tests", "__pycache__")


def write_site(folder: Path) -> list[str]:
    """Write the page into a folder and return the names of its files, the folder's own separator aside.

    Where the documentation is in the folder, the page links to it.
    """
    page = dict(_files(page_folder()))
    for name, source in page.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(source.read_bytes())
    _answer(folder / "index.html")
    if (folder / DOCS / "index.html").is_file():
        _link(folder / "index.html")
    text = json.dumps(facts.contents(), separators=(",", ":"), allow_nan=False)
    (folder / _FACTS).write_text(text, encoding="utf-8")
    world_file.write_world(folder, [_FACTS, *(name for name in page if name.endswith(_FETCHED) and name != _WORKER)])
    names = sorted({*page, *world_file.ENGINE, world_file.WORLD, _FACTS, world_file.SETS})
    digest = hashlib.sha256(b"".join((folder / name).read_bytes() for name in names)).hexdigest()
    script = (folder / _WORKER).read_text(encoding="utf-8")
    kept = json.dumps([name for name in names if name != _WORKER])
    head = f'const VERSION = "{digest[:16]}";\nconst FILES = {kept};\n'
    (folder / _WORKER).write_text(head + script, encoding="utf-8")
    return names


def _answer(index: Path) -> None:
    """Write question, answer and a hundred dots into the page, so that they are read before anything runs."""
    verdict, words = read_from_package(verdict_facts.FILE), read_from_page("strings/en.json")
    share = verdict["share"]
    kinds = ["clear"] * share + ["less"] * (100 - share)
    dots = "".join(
        f'<circle class="dot {kind}" cx="{8 + 14 * (n % 20)}" cy="{8 + 14 * (n // 20)}" r="5"/>'
        for n, kind in enumerate(kinds)
    )
    label = f"{share} of 100 dots are filled"
    first = (
        f'<div id="first"><h1>{escape(words["start.question"])}</h1><p class="lead">{escape(verdict["answer"])}</p>'
        f'<svg viewBox="0 0 282 72" role="img" aria-label="{escape(label)}">{dots}</svg></div>'
    )
    index.write_text(index.read_text(encoding="utf-8").replace("<!-- answer -->", first), encoding="utf-8")


def _link(index: Path) -> None:
    link = f'<footer><a href="{DOCS}/index.html">Documentation</a></footer>'
    text = index.read_text(encoding="utf-8")
    index.write_text(text.replace("</body>", f"{link}\n</body>"), encoding="utf-8")


def _files(source: Path, head: str = "") -> Iterator[tuple[str, Path]]:
    """Yield the files below a folder of the page, each with its place there."""
    for path in source.iterdir():
        if path.name in _APART:
            continue
        if path.is_dir():
            yield from _files(path, f"{head}{path.name}/")
        else:
            yield head + path.name, path
