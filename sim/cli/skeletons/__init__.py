"""Files to start from, which commands write: their words, and ``$names`` for what is filled in."""

from importlib.resources import files
from string import Template


def fill_skeleton(skeleton: str, /, **given: object) -> str:
    """Return the text of a skeleton, by the name of its file, with what is given filled in."""
    return Template(files(__name__).joinpath(skeleton).read_text(encoding="utf-8")).substitute(given)
