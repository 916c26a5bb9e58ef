"""The pattern matrix, drawn with matplotlib: a row a pattern, a column some parameter sets."""

from collections.abc import Sequence

from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.patches import Rectangle

from sim.inference.hindcast import ALL, COUNTED, MATCHED, MOST
from sim.registers.targets import follows_from_inputs, patterns
from sim.report import style
from sim.report.figures.data import Head
from sim.report.figures.pattern_matrix import TITLES, Column
from sim.report.render.sheet import MARGIN, Picture, blank_sheet

_ROW, _LABEL, _PATTERN = 0.235, 3.75, 0.95  # inches: height of a row, width of the labels, of which the pattern's name


def draw_matrix(head: Head, columns: Sequence[Column]) -> Picture:
    """Draw the shares of sets in which each pattern holds, a row a pattern and a column some sets."""
    names = [str(name) for name in columns[0].shares.index]
    height = (len(names) + 3.1) * _ROW
    figure, place = blank_sheet(head, height)
    _draw(place((MARGIN, 0.0, style.WIDTH - 2 * MARGIN, height)), names, columns)
    return figure


def _draw(axes: Axes, names: Sequence[str], columns: Sequence[Column]) -> None:
    width = style.WIDTH - 2 * MARGIN
    axes.set_xlim(0, width)
    axes.set_ylim(len(names) + 1.1, -2.0)
    axes.set_xticks([])
    axes.set_yticks([])
    shade = LinearSegmentedColormap.from_list("share", [style.PAPER, style.colour("main")])
    cell = (width - _LABEL) / len(columns)
    starred = [name in patterns() and follows_from_inputs(name) for name in names]
    # what is given stands apart from the model's own, and sums from both
    tops = [row + 0.5 * starred[row] + (name in (MOST, ALL, MATCHED)) for row, name in enumerate(names)]
    for top, name, star in zip(tops, names, starred, strict=True):
        shown = f"({name})" if name in patterns() and name not in COUNTED else name
        axes.text(0, top + 0.5, f"{shown}{' *' * star}", size=style.SMALL, weight="bold", va="center")
        axes.text(_PATTERN, top + 0.5, TITLES[name], size=style.SMALL, va="center", color=style.INK)
    for place, column in enumerate(columns):
        left, middle = _LABEL + place * cell, _LABEL + (place + 0.5) * cell
        heading = column.heading.replace(": ", ":\n")
        axes.text(middle, -0.25, heading, size=style.SMALL, ha="center", va="bottom", color=style.INK)
        for top, share, words in zip(tops, column.shares, column.words, strict=True):
            axes.add_patch(Rectangle((left, top), cell, 1, facecolor=shade(share), edgecolor=style.PAPER, lw=1.5))
            ink = style.PAPER if share > 0.55 else style.INK
            axes.text(middle, top + 0.5, words, size=style.SMALL, ha="center", va="center", color=ink)
