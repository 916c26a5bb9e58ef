"""Pages made from the templates beside this file: reports, pages of the docs, cards in notebooks."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined

from sim.report.render.sheet import Picture, png
from sim.report.style import percent, sentence, spoken_month
from sim.storage import sealed


@cache
def templates() -> Environment:
    """Return the templates of the pages."""
    environment = Environment(
        loader=PackageLoader("sim.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"sentence": sentence, "spoken": spoken_month, "percent": percent}
    return environment


def render(template: str, *common: Mapping[str, object], **said: object) -> str:
    """Return a page, from the name of its template and what it says."""
    return templates().get_template(template).render(*common, **said)


def part(name: str, *given: object) -> str:
    """Return a piece of HTML for a page in Markdown, from a macro of the template ``parts.html``."""
    return str(getattr(templates().get_template("parts.html").module, name)(*given))


def publish_page(folder: str, name: str, text: str, pictures: Mapping[str, Picture]) -> None:
    """Write a page of the docs, and its pictures by their places in the folder."""
    for place, picture in pictures.items():
        sealed.put(Path(folder) / place, png(picture))
    sealed.put(Path(folder) / name, text.encode())
