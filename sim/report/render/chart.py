"""Drawing charts: panels of lines, bands and dots, with their labels beside them instead of in a legend."""

import numpy as np
from matplotlib.axes import Axes

from sim.report import style
from sim.report.figures.data import Chart, Line, Panel, labels
from sim.report.render.sheet import MARGIN, Picture, apart, blank_sheet, shade, tint, width_of, write_years

_AXIS, _GAP = 0.36, 0.3  # inches left of the panels for numbers, and between panels
_HEAD, _UNIT = 0.42, 0.24  # inches above a panel for its title and unit, and for its unit where it is the only one
_FOOT = 0.24  # inches below a panel for the years


def draw_chart(chart: Chart) -> Picture:
    """Draw a chart."""
    several = len(chart.panels) > 1
    rows = -(-len(chart.panels) // chart.columns)
    tall = {1: 3.3, 2: 2.3}.get(rows, 1.9) if chart.columns == 1 else 1.7
    head = _HEAD if several else _UNIT
    beside = _label_width(chart)
    cell = (style.WIDTH - 2 * MARGIN - (chart.columns - 1) * _GAP) / chart.columns
    figure, place = blank_sheet(chart.head, rows * (head + tall + _FOOT) + (rows - 1) * 0.1)
    for number, panel in enumerate(chart.panels):
        row, column = divmod(number, chart.columns)
        left, down = MARGIN + column * (cell + _GAP), row * (head + tall + _FOOT + 0.1)
        width = cell - _AXIS - beside
        axes = place((left + _AXIS, down + head, width, tall))
        _panel(axes, panel, width, tall, names_war=number == 0)
        _titles(axes, panel, several)
    return figure


def _titles(axes: Axes, panel: Panel, several: bool) -> None:
    title = (panel.title, 0.25, style.TEXT, "bold", style.INK)
    unit = (panel.unit, 0.09, style.SMALL, "normal", style.MUTED)
    for text, up, size, weight, ink in (title, unit) if several else (unit,):
        axes.annotate(
            text, (0, 1), xycoords="axes fraction", xytext=(-_AXIS * 72, up * 72), textcoords="offset points",
            size=size, weight=weight, color=ink, va="bottom",
        )  # fmt: skip


def _panel(axes: Axes, panel: Panel, width: float, tall: float, names_war: bool) -> None:
    for span in panel.spans:
        shade(axes, span, names_war)
    for area in panel.bands:
        axes.fill_between(
            area.months, area.low, area.high, color=tint(area.role, 0.16 if area.faint else 0.34), lw=0, zorder=2
        )
    for line in panel.lines:
        ink, wide, alpha, above = (style.MUTED, 0.5, 0.55, 3) if line.thin else (style.colour(line.role), 1.8, 1.0, 4)
        dashes = (0, (4, 1.6)) if line.broken else "-"
        axes.plot(line.months, line.values, color=ink, lw=wide, alpha=alpha, ls=dashes, zorder=above)
    for seen in panel.points:
        axes.plot(
            seen.months, seen.values, "o", color=style.colour("observed"), ms=3.0, mec=style.PAPER, mew=0.5, zorder=5
        )
    if panel.since:
        axes.set_xticks(range(*panel.months, 6))
    else:
        write_years(axes, *panel.months, width)
    low, high = axis_limits(panel)
    axes.set_ylim(low, high)
    axes.locator_params(axis="y", nbins=5)
    axes.grid(axis="y", color=style.FAINT, lw=0.5, zorder=1)
    axes.set_axisbelow(True)
    if panel.zero:
        axes.axhline(0.0, color=style.INK, lw=0.8, zorder=3)
    _label(axes, panel, tall)


def axis_limits(panel: Panel) -> tuple[float, float]:
    """Return the lowest and highest value within the months shown, with a little room, more at the top for words."""
    parts = [(line.months, line.values) for line in panel.lines]
    parts += [(seen.months, seen.values) for seen in panel.points]
    parts += [(area.months, edge) for area in panel.bands for edge in (area.low, area.high)]
    first, last = panel.months
    inside = np.concatenate([values[(at >= first) & (at < last)] for at, values in parts])
    low, high = (float(inside.min()), float(inside.max())) if inside.size else (0.0, 1.0)  # nothing is seen so early
    if panel.zero:
        low, high = min(low, 0.0), max(high, 0.0)
    room = max(high - low, 1e-6)
    return (0.0 if 0.0 <= low < 0.2 * high else low - 0.06 * room), high + 0.14 * room


def _label(axes: Axes, panel: Panel, tall: float) -> None:
    """Write labels at the right end of lines and bands, pushed apart where they would touch."""
    low, high = axes.get_ylim()
    labelled = labels(panel)
    gap = (high - low) * (style.SMALL * 1.3 / 72) / tall
    lines = [label.count("\n") + 1 for _, label, _ in labelled]
    places = apart([at for at, _, _ in labelled], gap * max(lines, default=1), low + gap / 2, high - gap / 2)
    for (_, label, part), at in zip(labelled, places, strict=True):
        weight = "bold" if isinstance(part, Line) else "normal"
        axes.annotate(
            label, (1, at), xycoords=("axes fraction", "data"), xytext=(4, 0), textcoords="offset points", zorder=7,
            size=style.SMALL, color=style.colour(part.role), va="center", weight=weight, annotation_clip=False,
        )  # fmt: skip


def _label_width(chart: Chart) -> float:
    words = [label for panel in chart.panels for _, label, _ in labels(panel)]
    return max((width_of(label, style.SMALL) * 1.04 for label in words), default=0.0) + 0.1
