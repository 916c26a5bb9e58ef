"""Pictures as SVG that follows the page's colours and width: what :mod:`sim.report.figures.data` says.

Colours are CSS variables with the printed colour as what they fall back to, so dark mode is the page's own affair.
Words are in ink and stand beside a sample of their line: nothing is told by colour alone.
"""

from collections.abc import Sequence
from typing import TypeVar

import numpy as np
from markupsafe import Markup
from matplotlib.ticker import MaxNLocator
from numpy.typing import NDArray

from sim.model import months
from sim.report import style
from sim.report.figures.data import Band, Chart, Figure, Lanes, Line, Panel, Points, Span, labels
from sim.report.render.chart import axis_limits
from sim.report.render.sheet import apart
from sim.report.render.svg_lanes import draw_lanes
from sim.report.render.svg_network import draw_network
from sim.report.render.svg_parts import TEXT, ink, sheet, svg_text, wide

NARROW = 520  # pixels below which labels go under the plot instead of beside it
_AXIS, _FOOT, _TOP = 40, 26, 22  # pixels left of, below and above a plot
_TALL, _TALL_SMALL = 250, 180  # of one panel, and of one of several

Places = TypeVar("Places", float, NDArray[np.float64])


def draw(figure: Figure, width: int = 720) -> Markup:
    """Return a picture as SVG of a width in pixels, with its content in words for those who cannot see it."""
    if isinstance(figure, Chart):
        return draw_chart(figure, width)
    return draw_lanes(figure, width) if isinstance(figure, Lanes) else draw_network(figure, width)


def draw_chart(chart: Chart, width: int = 720) -> Markup:
    """Return a chart as SVG: its panels one below the other."""
    parts, top = [], 0.0
    several = len(chart.panels) > 1
    for panel in chart.panels:
        drawn, tall = _panel(panel, width, top, _TALL_SMALL if several else _TALL, several)
        parts.append(drawn)
        top += tall
    if not parts:
        parts, top = [svg_text(2, 18, chart.head.title)], 26.0
    return sheet(chart.head, width, top, "".join(parts))


def _panel(panel: Panel, width: float, top: float, tall: float, titled: bool) -> tuple[str, float]:
    """Return one panel's drawing and its height."""
    named = labels(panel)
    beside = width >= NARROW
    right = max((wide(label) for _, label, _ in named), default=0.0) + 34 if beside and named else 8.0
    rows = [] if beside else _rows(named, width)
    above = _TOP + (20 if titled else 0)
    box = _Box(panel, _AXIS, top + above, width - _AXIS - right, tall)
    parts = [svg_text(2, top + 14, panel.title, more='font-weight="600"')] if titled else []
    parts.append(svg_text(2, top + above - 8, panel.unit, size=11))
    parts += [_span(box, span, number) for number, span in enumerate(panel.spans)]
    parts += _grid(box)
    parts += [_band(box, band) for band in panel.bands]
    parts += [_line(box, line) for line in panel.lines]
    parts += [_points(box, seen) for seen in panel.points]
    if beside:
        places = apart([box.y(at) for at, *_ in named], TEXT * 1.2, box.top + 6, box.top + box.tall - 2)
        for (_, label, part), y in zip(named, places, strict=True):
            parts.append(_sample(box.left + box.wide + 6, y, part) + svg_text(box.left + box.wide + 30, y + 4, label))
    for row, labelled in enumerate(rows):
        y = top + above + tall + _FOOT + 12 + 18 * row
        for x, label, part in labelled:
            parts.append(_sample(x, y - 4, part) + svg_text(x + 24, y, label))
    return "".join(parts), above + tall + _FOOT + 20 * len(rows) + 4


class _Box:
    """The plot of a panel: from months and values to pixels."""

    def __init__(self, panel: Panel, left: float, top: float, wide: float, tall: float) -> None:
        self.left, self.top, self.wide, self.tall = left, top, wide, tall
        self.first, self.last = panel.months
        self.low, self.high = axis_limits(panel)
        self.zero, self.since = panel.zero, panel.since

    def x(self, month: float | NDArray[np.float64]) -> NDArray[np.float64]:
        """Return pixels from the left."""
        return np.asarray(self.left + (np.asarray(month) - self.first + 0.5) * self.wide / (self.last - self.first))

    def y(self, value: Places) -> Places:
        """Return pixels from the top, for a number or an array."""
        return self.top + self.tall * (self.high - value) / (self.high - self.low)

    def path(self, at: NDArray[np.float64], values: NDArray[np.float64]) -> str:
        """Return the points of a line within the months shown."""
        inside = (at >= self.first) & (at < self.last) & np.isfinite(values)
        xs, ys = self.x(at[inside]), np.asarray(self.y(values[inside]))
        return " ".join(f"{x:.1f},{y:.1f}" for x, y in zip(xs.tolist(), ys.tolist(), strict=True))


def _grid(box: _Box) -> list[str]:
    """Return the numbers and years, and thin lines where numbers stand."""
    parts = []
    line = f'stroke="var(--line, {style.FAINT})"'
    for value in MaxNLocator(5).tick_values(box.low, box.high):
        if not box.low <= value <= box.high:
            continue
        y = box.y(value)
        solid = f'stroke="var(--ink, {style.INK})"' if box.zero and abs(value) < 1e-12 else line
        parts.append(f'<path d="M{box.left:.0f} {y:.1f}h{box.wide:.1f}" {solid}/>')
        parts.append(svg_text(box.left - 6, y + 4, f"{value:g}".replace("-", "−"), "end", 11))  # noqa: RUF001
    if box.since:
        return parts + [
            svg_text(float(box.x(month)), box.top + box.tall + 16, str(month), "middle", 11)
            for month in range(box.first, box.last, 6)
        ]
    starts = [month for month in range(box.first, box.last) if month % 12 == 0] or [box.first]
    step = next(s for s in (1, 2, 3, 5, 10, 99) if s == 99 or len(starts) / s * 40 <= box.wide)
    for month in starts:
        if (month // 12) % step == 0 or len(starts) == 1:
            x, down = float(box.x(month - 0.5)), box.top + box.tall
            parts.append(f'<path d="M{x:.1f} {down:.1f}v5" {line}/>')
            parts.append(svg_text(x + 2, down + 16, months.name(month)[:4], size=11))
    return parts


def _span(box: _Box, span: Span, number: int) -> str:
    first, last = max(span.first, box.first), min(span.last, box.last)
    x, right = float(box.x(first - 0.5)), float(box.x(last - 0.5))
    shade = f'fill="var(--shade, {style.SHADE})" opacity="{0.5 if span.faint else 1}"'
    box_ = f'<rect x="{x:.1f}" y="{box.top:.1f}" width="{right - x:.1f}" height="{box.tall:.1f}" {shade}/>'
    return box_ + svg_text(x + 4, box.top + 13 * (number + 1), span.label, size=11, more='font-style="italic"')


def _band(box: _Box, band: Band) -> str:
    at = np.concatenate([band.months, band.months[::-1]])
    edge = box.path(at, np.concatenate([band.high, band.low[::-1]]))
    return f'<polygon points="{edge}" {_shade(band)}/>'


def _shade(band: Band) -> str:
    return f'fill="{ink(band.role)}" opacity="{0.16 if band.faint else 0.3}"'


def _line(box: _Box, line: Line) -> str:
    path = box.path(line.months, line.values)
    return f'<polyline points="{path}" fill="none" {_stroke(line)}/>'


def _stroke(line: Line) -> str:
    dashes = ' stroke-dasharray="6 3"' if line.broken else ""
    heavy = "0.7" if line.thin else "2.2"
    return f'stroke="{ink(line.role)}" stroke-width="{heavy}"{dashes}'


def _points(box: _Box, seen: Points) -> str:
    inside = (seen.months >= box.first) & (seen.months < box.last)
    return "".join(
        f'<circle cx="{x:.1f}" cy="{y:.1f}" r="2.6" fill="var(--ink, {style.INK})"/>'
        for x, y in zip(box.x(seen.months[inside]).tolist(), box.y(seen.values[inside]).tolist(), strict=True)
    )


_Label = tuple[float, str, Line | Band | Points]


def _rows(named: Sequence[_Label], width: float) -> list[list[_Label]]:
    """Return labels in rows under a narrow plot, each with its place from the left."""
    rows: list[list[_Label]] = []
    x = width + 1.0
    for _, label, part in named:
        need = wide(label) + 36
        if x + need > width:
            rows.append([])
            x = 4.0
        rows[-1].append((x, label, part))
        x += need
    return rows


def _sample(x: float, y: float, part: Line | Band | Points) -> str:
    """Return a short piece of what a label names."""
    if isinstance(part, Line):
        return f'<path d="M{x:.1f} {y:.1f}h20" {_stroke(part)}/>'
    if isinstance(part, Band):
        return f'<rect x="{x:.1f}" y="{y - 5:.1f}" width="20" height="10" {_shade(part)}/>'
    return f'<circle cx="{x + 10:.1f}" cy="{y:.1f}" r="2.6" fill="var(--ink, {style.INK})"/>'
