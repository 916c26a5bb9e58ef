"""Pages of studies, made from the templates beside this file and the parts that the package has."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from jinja2 import ChoiceLoader, Environment, FileSystemLoader

from sim.report import pages


@cache
def templates() -> Environment:
    """Return the templates of the studies, and behind them those of the package."""
    own, package = FileSystemLoader(Path(__file__).with_name("templates")), pages.templates()
    assert package.loader is not None
    return package.overlay(loader=ChoiceLoader([own, package.loader]))


def render(template: str, *common: Mapping[str, object], **said: object) -> str:
    """Return a page, from the name of its template and what it says."""
    return templates().get_template(template).render(*common, **said)
