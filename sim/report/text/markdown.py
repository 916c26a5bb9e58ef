"""Tables in Markdown."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd


def markdown_table(header: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Return a table; what stands in a cell may not break it."""
    lines = [list(header), ["---"] * len(header), *([_cell(value) for value in row] for row in rows)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def of_frame(frame: "pd.DataFrame") -> str:
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


def _cell(value: object) -> str:
    return " ".join(str(value).replace("|", "\\|").split())
