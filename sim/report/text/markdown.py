"""Tables in Markdown."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd


def table(header: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Return a table; what stands in a cell may not break it."""
    lines = [list(header), ["---"] * len(header), *([_cell(value) for value in row] for row in rows)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def of_frame(frame: "pd.DataFrame") -> str:
    """Return a frame as a table, without its index."""
    return table(list(frame.columns), frame.to_numpy().tolist())


def _cell(value: object) -> str:
    return " ".join(str(value).replace("|", "\\|").split())
