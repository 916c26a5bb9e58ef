"""Look through a site that was made: every link leads somewhere, and nothing is loaded from another host.

``python website/check.py FOLDER`` prints what is wrong, and ends with 1 where something is.
"""

import re
import sys
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

LOADING = {"link": "href", "use": "href", **dict.fromkeys(("script", "img", "iframe", "source", "video"), "src")}

HOST = r"(?:[a-z+.-]+:)?//"  # how an address of another host begins; a picture within the page has none
FETCHED = r"(?:url\(|@import)\s*['\"]?((?:https?:)?//[^)'\"]+)"  # what a style sheet asks of another host


class Page(HTMLParser):
    """What a page loads, what it links to, and the places in it."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.loads: list[str] = []
        self.links: list[str] = []
        self.places: set[str] = set()
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note what a tag loads, links to or names."""
        given = dict(attrs)
        if tag in LOADING and (address := given.get(LOADING[tag])):
            self.loads.append(address)
        if tag == "a" and (address := given.get("href")):
            self.links.append(address)
        self.places |= {value for name, value in given.items() if name in ("id", "name") and value}


@cache
def page(path: Path) -> Page:
    """Return what stands in a page."""
    return Page(path.read_text(encoding="utf-8"))


def pages(folder: Path) -> list[Path]:
    """Return the pages of a site; what the theme keeps among its own files is none."""
    return [path for path in sorted(folder.rglob("*.html")) if "_static" not in path.parts]


def foreign(folder: Path) -> list[str]:
    """Return what is loaded from another host, by pages and by style sheets."""
    faults = []
    for path in pages(folder):
        elsewhere = [address for address in page(path).loads if re.match(HOST, address)]
        faults += [f"{path.relative_to(folder)}: loads {address}" for address in elsewhere]
    for path in folder.rglob("*.css"):
        text = path.read_text(encoding="utf-8")
        faults += [f"{path.relative_to(folder)}: loads {address}" for address in re.findall(FETCHED, text)]
    return faults


def lost(folder: Path) -> list[str]:
    """Return the links within the site that lead nowhere."""
    faults = []
    for path in pages(folder):
        for link in {*page(path).links, *page(path).loads}:
            parts = urlsplit(link)
            if parts.scheme or parts.netloc:
                continue
            target = (path.parent / unquote(parts.path)).resolve() if parts.path else path
            place = unquote(parts.fragment)
            if not target.is_file() or (place and target.suffix == ".html" and place not in page(target).places):
                faults.append(f"{path.relative_to(folder)}: {link} leads nowhere")
    return sorted(faults)


def main(folder: Path) -> int:
    """Print what is wrong with a site."""
    wrong = foreign(folder) + lost(folder)
    print("\n".join(wrong) or f"{folder}: every link leads somewhere, and nothing is loaded from elsewhere")
    return bool(wrong)


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]).resolve()))
