"""Drawing the story of a world: a lane per lever, its option told by height and shade, in words where there is room."""

from itertools import groupby

from matplotlib.axes import Axes
from matplotlib.collections import PolyCollection

from sim.report import style
from sim.report.figures.data import Lane, Lanes, Mark
from sim.report.render.sheet import MARGIN, Picture, blank_sheet, shade, tint, width_of, write_years

_LANE, _GROUP, _STRIP = 0.27, 0.23, 0.36  # inches: a lane, the name of a group, the strip of events on top
_NAMES, _SCALES = 1.32, 0.78  # inches left and right of the lanes
_FILL = 0.86  # of a lane's height that its tallest bar takes
_LOWEST = 0.1  # of it that the lowest option takes


def draw_lanes(picture: Lanes) -> Picture:
    """Draw the story of a world."""
    groups = [(name, list(lanes)) for name, lanes in groupby(picture.lanes, key=lambda lane: lane.group)]
    height = _STRIP + sum(_GROUP + _LANE * len(lanes) for _, lanes in groups)
    figure, place = blank_sheet(picture.head, height + 0.24)
    width = style.WIDTH - 2 * MARGIN - _NAMES - _SCALES
    axes = place((MARGIN + _NAMES, 0.0, width, height))
    write_years(axes, *picture.months, width)
    axes.set_ylim(height, 0.0)
    axes.set_yticks([])
    for span in picture.spans:
        shade(axes, span, label=False)
    inch = (picture.months[1] - picture.months[0]) / width  # months
    _marks(axes, picture.marks, picture.months, inch)
    down = _STRIP
    for name, lanes in groups:
        _outside_text(axes, 0.0, down + _GROUP - 0.05, name, -_NAMES, "left", style.TEXT, "bold", style.INK)
        down += _GROUP
        for lane in lanes:
            _lane(axes, lane, down, inch, [mark.month - 0.5 for mark in picture.marks])
            down += _LANE
    return figure


def _outside_text(
    axes: Axes, x: float, y: float, text: str, shift: float, align: str, size: float, weight: str, ink: str
) -> None:
    axes.annotate(
        text, (x, y), xycoords=("axes fraction", "data"), xytext=(shift * 72, 0), textcoords="offset points", ha=align,
        va="baseline", size=size, weight=weight, color=ink, annotation_clip=False,
    )  # fmt: skip


def _lane(axes: Axes, lane: Lane, top: float, inch: float, marked: list[float]) -> None:
    floor = top + _LANE * 0.94
    boxes, shades = [], []
    for stretch in lane.stretches:
        tall = _LANE * _FILL * (_LOWEST + (1.0 - _LOWEST) * stretch.level)
        left, right = stretch.first - 0.5, stretch.last - 0.5
        boxes.append([(left, floor), (left, floor - tall), (right, floor - tall), (right, floor)])
        shades.append(tint(lane.role, 0.3 + 0.6 * stretch.level))
        room = _room(left, right, (width_of(stretch.label, style.TINY) + 0.06) * inch, marked)
        if stretch.label and room is not None:
            low = stretch.level < 0.25
            axes.text(
                room + 0.03 * inch, floor - (0.05 if low else 0.025), stretch.label, size=style.TINY, va="baseline",
                color=style.INK, zorder=5,
            )  # fmt: skip
    axes.add_collection(PolyCollection(boxes, facecolors=shades, edgecolors="face", linewidths=0.2, zorder=3))
    axes.plot([0, 1], [floor, floor], color=style.FAINT, lw=0.5, zorder=2, transform=axes.get_yaxis_transform())
    _outside_text(axes, 0.0, floor - 0.05, lane.title, -0.06, "right", style.SMALL, "normal", style.INK)
    _outside_text(axes, 1.0, floor - 0.13, lane.high, 0.05, "left", style.TINY, "normal", style.INK)
    _outside_text(axes, 1.0, floor - 0.01, lane.low, 0.05, "left", style.TINY, "normal", style.MUTED)


def _room(left: float, right: float, wide: float, marked: list[float]) -> float | None:
    """Return where within a stretch a word can begin that no event's line crosses."""
    for start in sorted([left, *(at for at in marked if left < at < right)]):
        if start + wide < right and not any(start < at < start + wide for at in marked):
            return start
    return None


def _marks(axes: Axes, marks: tuple[Mark, ...], shown: tuple[int, int], inch: float) -> None:
    """Write events above the lanes in rows, each where it meets no other, with a thin line down through all lanes."""
    rows = [-1e9, -1e9]
    for mark in marks:
        wide = (width_of(mark.label, style.SMALL) + 0.08) * inch
        at_end = mark.month + wide > shown[1]
        left = mark.month - wide if at_end else float(mark.month)
        row = next((row for row, taken in enumerate(rows) if taken <= left), None)
        top = 0.02 + 0.13 * (len(rows) if row is None else row)
        axes.plot(
            [mark.month - 0.5] * 2, [top, axes.get_ylim()[0]], color=style.INK, lw=0.6, ls=(0, (1, 1.5)), zorder=4
        )
        if row is None:
            continue
        rows[row] = left + wide
        axes.annotate(
            mark.label, (mark.month, 0.11 + 0.13 * row), xytext=(-2 if at_end else 2, 0), textcoords="offset points",
            ha="right" if at_end else "left", va="baseline", size=style.SMALL, color=style.INK, zorder=6,
        )  # fmt: skip
