"""Pages of studies, made from the templates beside this file and the parts that the package has."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path

import pandas as pd
from jinja2 import ChoiceLoader, Environment, FileSystemLoader

from sim.report import templating
from sim.report.render.sheet import Picture, png
from sim.report.text.markdown import markdown_table
from sim.storage import sealed


@cache
def templates() -> Environment:
    """Return the templates of the studies, and behind them those of the package."""
    own, package = FileSystemLoader(Path(__file__).with_name("templates")), templating.templates()
    assert package.loader is not None
    return package.overlay(loader=ChoiceLoader([own, package.loader]))


def render(template: str, *common: Mapping[str, object], **said: object) -> str:
    """Return a page, from the name of its template and what it says."""
    return templates().get_template(template).render(*common, **said)


def publish_page(folder: str, name: str, text: str, pictures: Mapping[str, Picture]) -> None:
    """Write a page of the docs, and its pictures by their places in the folder."""
    for place, picture in pictures.items():
        sealed.put(Path(folder) / place, png(picture))
    sealed.put(Path(folder) / name, text.encode())


def of_frame(frame: pd.DataFrame) -> str:
    """Return a frame as a table, without its index."""
    return markdown_table(list(frame.columns), frame.to_numpy().tolist())


def between_marks(text: str, mark: str, block: str) -> str:
    """Return the text of a page with this between two marks; as it is where it has none.

    >>> between_marks("The word: <!-- word -->old<!-- /word -->.", "word", "new")
    'The word: <!-- word -->new<!-- /word -->.'
    """
    opens, closes = f"<!-- {mark} -->", f"<!-- /{mark} -->"
    before, marked, rest = text.partition(opens)
    return f"{before}{opens}{block}{closes}{rest.partition(closes)[2]}" if marked else text
