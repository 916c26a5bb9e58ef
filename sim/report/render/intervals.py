"""Estimates in rows, and tables shaded by their numbers, drawn with matplotlib."""

from collections.abc import Callable, Sequence

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap, TwoSlopeNorm
from matplotlib.patches import Rectangle

from sim.report import style
from sim.report.figures.data import Head
from sim.report.figures.estimates import EstimateRow
from sim.report.render.sheet import MARGIN, Picture, blank_sheet, shorten, width_of

_ROW, _LABEL = 0.2, 3.2  # inches: height of a row, and width of the labels at most


def ranges(head: Head, rows: Sequence[EstimateRow], unit: str, within: tuple[float, float] | None = None) -> Picture:
    """Draw estimates as dots with intervals, a row each, around a line at zero.

    Parameters
    ----------
    within
        A stretch that is shaded, such as what counts as nothing.
    """
    tall = len(rows) * _ROW
    label = min(max(width_of(row.label, style.SMALL) for row in rows) * 1.05 + 0.1, _LABEL)
    figure, place = blank_sheet(head, tall + 0.5)
    axes = place((MARGIN + label, 0.05, style.WIDTH - 2 * MARGIN - label - 0.55, tall))
    if within:
        axes.axvspan(*within, color=style.SHADE, lw=0, zorder=0)
    axes.axvline(0.0, color=style.INK, lw=0.8, zorder=1)
    for place_, row in enumerate(rows):
        ink = style.colour("control" if row.strong else "main")
        axes.plot([row.sets_low, row.sets_high], [place_] * 2, color=ink, lw=0.8, alpha=0.7, zorder=2)
        axes.plot([row.low, row.high], [place_] * 2, color=ink, lw=3.2, alpha=0.55, solid_capstyle="butt", zorder=3)
        axes.plot(row.mean, place_, "o", color=ink, ms=4, zorder=4)
        axes.annotate(
            f"{row.mean:+.1f}" if abs(row.mean) < 1000 else f"{row.mean:.0f}", (1, place_), size=style.SMALL,
            xycoords=("axes fraction", "data"), xytext=(6, 0), textcoords="offset points", va="center",
            color=style.INK,
        )  # fmt: skip
    axes.set_ylim(len(rows) - 0.5, -0.5)
    axes.set_yticks(range(len(rows)), [shorten(row.label, MARGIN + _LABEL, style.SMALL) for row in rows])
    axes.set_xlabel(unit, size=style.SMALL, color=style.MUTED)
    axes.grid(axis="x", color=style.FAINT, lw=0.5)
    axes.set_axisbelow(True)
    return figure


def shaded_table(
    head: Head, table: pd.DataFrame, corner: str, across: str, written: Callable[[float], str], signed: bool = False,
    mark: Callable[[object, object], bool] = lambda row, column: False,
) -> Picture:  # fmt: skip
    """Draw a table whose cells are shaded by their numbers, from 0 to 1, or from blue to red about zero.

    Parameters
    ----------
    corner, across
        What the rows and the columns are.
    mark
        Whether a cell, by its row and column, is framed.
    """
    tall = (len(table) + 2) * _ROW * 1.25
    label = max(width_of(str(name), style.SMALL) for name in [*table.index, corner]) * 1.05 + 0.15
    figure, place = blank_sheet(head, tall)
    axes = place((MARGIN + label, 0.0, style.WIDTH - 2 * MARGIN - label, tall))
    _cells(axes, table, written, signed, mark)
    axes.set_xlim(0, len(table.columns))
    axes.set_ylim(len(table), -2)
    axes.set_yticks([place_ + 0.5 for place_ in range(len(table))], [str(name) for name in table.index])
    axes.set_xticks([])
    for place_, name in enumerate(table.columns):
        axes.text(place_ + 0.5, -0.2, str(name), size=style.SMALL, color=style.INK, ha="center", va="bottom")
    axes.text(0, -1.2, across, size=style.SMALL, color=style.MUTED, va="bottom")
    axes.annotate(
        corner, (0, -0.2), xycoords="data", xytext=(-4, 0), textcoords="offset points", size=style.SMALL, ha="right",
        color=style.MUTED, va="bottom",
    )  # fmt: skip
    return figure


def _cells(
    axes: Axes, table: pd.DataFrame, written: Callable[[float], str], signed: bool,
    mark: Callable[[object, object], bool],
) -> None:  # fmt: skip
    values = table.to_numpy(float)
    most = max(float(abs(values[values == values]).max(initial=0.0)), 1e-9)
    norm = TwoSlopeNorm(0.0, -most, most) if signed else None
    ends = [style.colour("cold"), style.PAPER, style.colour("warm")] if signed else [style.PAPER, style.colour("main")]
    shade = LinearSegmentedColormap.from_list("cells", ends)
    for row, name in enumerate(table.index):
        for column, other in enumerate(table.columns):
            value = values[row, column]
            strength = 0.0 if value != value else float(norm(value)) if norm else float(value)
            face = style.PAPER if value != value else shade(strength)
            edge, width, above = (style.INK, 1.4, 3) if mark(name, other) else (style.PAPER, 1.2, 2)
            axes.add_patch(Rectangle((column, row), 1, 1, facecolor=face, edgecolor=edge, lw=width, zorder=above))
            dark = sum(face[:3]) < 1.5 if isinstance(face, tuple) else False
            axes.text(
                column + 0.5, row + 0.5, "-" if value != value else written(value), size=style.SMALL, ha="center",
                va="center", color=style.PAPER if dark else style.INK, zorder=4,
            )  # fmt: skip
