"""The story of a world as SVG for the page: a lane per lever, its option told by height and in words."""

from collections.abc import Callable
from itertools import groupby

from markupsafe import Markup

from sim.model import months
from sim.report import style
from sim.report.figures.data import Lane, Lanes, Mark
from sim.report.render.svg_parts import ink, sheet, svg_text, wide

_LANE, _GROUP, _STRIP = 24, 24, 40  # pixels: a lane, the name of a group, the strip of events on top
_NAMES, _SCALES = 140, 104  # pixels left and right of the lanes where there is room


def draw_lanes(picture: Lanes, width: int = 720) -> Markup:
    """Return the story of a world as SVG; on a narrow page each lane's name stands above it."""
    roomy = width >= 600
    left, right = (_NAMES, _SCALES) if roomy else (4, 4)
    step = _LANE if roomy else _LANE + 14
    scale = (width - left - right) / (picture.months[1] - picture.months[0])

    def x(month: float) -> float:
        return left + (month - picture.months[0]) * scale

    parts: list[str] = []
    down = float(_STRIP)
    for name, lanes in groupby(picture.lanes, key=lambda lane: lane.group):
        parts.append(svg_text(2, down + 17, name, more='font-weight="600"'))
        down += _GROUP
        for lane in lanes:
            floor = down + step - 2
            parts.append(_lane(lane, floor, x))
            if roomy:
                parts.append(svg_text(left - 6, floor - 5, lane.title, "end", 11))
                parts.append(svg_text(width - right + 5, floor - 12, lane.high, size=10))
                parts.append(svg_text(width - right + 5, floor - 1, lane.low, size=10))
            else:
                scale_words = f"{lane.title} (high: {lane.high}; low: {lane.low})" if lane.low else lane.title
                parts.append(svg_text(4, down + 11, scale_words, size=10))
            down += step
    back = "".join(
        f'<rect x="{x(span.first):.1f}" y="{_STRIP}" width="{x(span.last) - x(span.first):.1f}" '
        f'height="{down - _STRIP:.0f}" fill="var(--shade, {style.SHADE})"/>'
        for span in picture.spans
    )
    years = "".join(
        svg_text(x(month) + 2, down + 15, months.name(month)[:4], size=11)
        for month in range(*picture.months)
        if month % 12 == 0 and (scale * 12 >= 34 or (month // 12) % 3 == 0)
    )
    marks = _marks(picture.marks, x, down, width)
    return sheet(picture.head, width, down + 20, back + "".join(parts) + years + marks)


def _lane(lane: Lane, floor: float, x: Callable[[float], float]) -> str:
    parts = [f'<path d="M{x(lane.stretches[0].first):.1f} {floor:.1f}H{x(lane.stretches[-1].last):.1f}" '
             f'stroke="var(--line, {style.FAINT})"/>']  # fmt: skip
    for stretch in lane.stretches:
        tall = 3 + 17 * stretch.level
        left, right = x(stretch.first), x(stretch.last)
        parts.append(
            f'<rect x="{left:.1f}" y="{floor - tall:.1f}" width="{right - left:.1f}" height="{tall:.1f}" '
            f'fill="{ink(lane.role)}" opacity="{0.25 + 0.35 * stretch.level:.2f}"/>'
        )
        if stretch.label and wide(stretch.label, 10) + 6 < right - left:
            parts.append(svg_text(left + 3, floor - 5, stretch.label, size=10))
    return "".join(parts)


def _marks(marks: tuple[Mark, ...], x: Callable[[float], float], down: float, width: float) -> str:
    """Return events above the lanes in two rows, each where it meets no other, with a thin line through all lanes."""
    ends = [-1e9, -1e9]
    parts = []
    for mark in marks:
        at, need = x(mark.month), wide(mark.label, 11) + 8
        start = at - need if at + need > width else at
        row = next((row for row, end in enumerate(ends) if end <= start), None)
        stroke = f'stroke="var(--ink, {style.INK})" stroke-width="0.8" stroke-dasharray="1 2"'
        parts.append(f'<path d="M{at:.1f} {14 + 14 * (row or 0):.0f}V{down:.0f}" {stroke}/>')
        if row is not None:
            ends[row] = start + need
            parts.append(svg_text(start + 2, 12 + 14 * row, mark.label, size=11))
    return "".join(parts)
