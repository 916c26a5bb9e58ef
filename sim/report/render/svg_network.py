"""The five capitals as SVG for the page: ties by warmth, arrows for what flows, both with their numbers."""

from collections.abc import Iterator
from math import cos, hypot, pi, sin

from markupsafe import Markup

from sim.report import style
from sim.report.figures.data import Flow, Network, Snapshot, Tie
from sim.report.render.network import ANGLE, LABEL
from sim.report.render.svg_parts import ink, sheet, svg_text, wide

_RING = 118.0  # pixels
_SIDE, _TALL = 360.0, 330.0  # of one date
_ROW = 14.0  # of a flow in words


def draw_network(network: Network, width: int = 720) -> Markup:
    """Return the capitals at each date, as many beside each other as fit."""
    columns = max(1, min(len(network.snapshots), int(width // _SIDE)))
    rows = -(-len(network.snapshots) // columns)
    cell = width / columns
    listed = 0 if cell >= _SIDE else max(sum(len(tie.flows) for tie in shot.ties) for shot in network.snapshots)
    tall = _TALL + _ROW * listed
    parts = [
        f'<g transform="translate({cell * (number % columns):.0f} {tall * (number // columns):.0f})">'
        f"{_snapshot(snapshot, cell)}</g>"
        for number, snapshot in enumerate(network.snapshots)
    ]
    return sheet(network.head, width, rows * tall, "".join(parts))


def _snapshot(snapshot: Snapshot, cell: float) -> str:
    def place(name: str) -> tuple[float, float]:
        angle = ANGLE[name] * pi / 180
        return cell / 2 + _RING * cos(angle), 196 - _RING * sin(angle)

    parts = [svg_text(4, 16, snapshot.title, more='font-weight="600"')]
    parts += [_tie(tie, place(tie.one), place(tie.other)) for tie in snapshot.ties]
    parts += [
        _arrow(flow, place(flow.giver), place(flow.taker), (cell / 2, 196.0), 5.0 + 11.0 * number)
        for tie in snapshot.ties
        for number, flow in enumerate(tie.flows, 1)
        if flow.size >= 0.02
    ]
    for name in ANGLE:
        x, y = place(name)
        half = wide(name) / 2 + 9
        parts.append(
            f'<rect x="{x - half:.1f}" y="{y - 12:.1f}" width="{2 * half:.1f}" height="24" rx="5" stroke-width="2" '
            f'fill="var(--paper, {style.PAPER})" stroke="{ink(name)}"/>'
        )
        parts.append(svg_text(x, y + 4.5, name, "middle", more='font-weight="600"'))
    return "".join([*parts, *_said(snapshot, cell)])


def _said(snapshot: Snapshot, cell: float) -> Iterator[str]:
    """Yield the flows in words: above the capitals, those with Beijing to the right; below where there is no room."""
    if cell < _SIDE:
        flows = [flow for tie in snapshot.ties for flow in tie.flows]
        yield from (svg_text(4, _TALL - 6 + _ROW * row, _flow_words(flow), size=11) for row, flow in enumerate(flows))
        return
    for tie in snapshot.ties:
        x, anchor = (cell - 4, "end") if tie.one == "Beijing" else (4, "start")
        yield from (svg_text(x, 36 + _ROW * row, _flow_words(flow), anchor, 11) for row, flow in enumerate(tie.flows))


def _flow_words(flow: Flow) -> str:
    return f"{flow.giver}: {flow.label}"


def _tie(tie: Tie, one: tuple[float, float], other: tuple[float, float]) -> str:
    strength = min(abs(tie.warmth) / 6.0, 1.0)
    stroke = f'stroke="{ink("warm" if tie.warmth >= 0 else "cold")}" stroke-width="{1 + 2.4 * strength:.1f}"'
    dashes = "" if tie.warmth >= 0 else ' stroke-dasharray="5 3"'
    share = LABEL.get((tie.one, tie.other), 0.5)
    x, y = (a + (b - a) * share for a, b in zip(one, other, strict=True))
    return (
        f'<path d="M{one[0]:.1f} {one[1]:.1f}L{other[0]:.1f} {other[1]:.1f}" {stroke}{dashes} '
        f'opacity="{0.35 + 0.65 * strength:.2f}"/>'
        f'<rect x="{x - 15:.1f}" y="{y - 8:.1f}" width="30" height="16" fill="var(--paper, {style.PAPER})"/>'
        + svg_text(x, y + 4, f"{tie.warmth:+.1f}", "middle", 11)
    )


def _arrow(
    flow: Flow, giver: tuple[float, float], taker: tuple[float, float], middle: tuple[float, float], out: float
) -> str:
    """Return an arrow beside a tie, on the side away from the middle."""
    (x, y), (u, v) = giver, taker
    ox, oy = (x + u) / 2 - middle[0], (y + v) / 2 - middle[1]
    away = hypot(ox, oy)
    ends = [(x + (u - x) * t + ox / away * out, y + (v - y) * t + oy / away * out) for t in (0.26, 0.7)]
    (a, b), (c, d) = ends
    length = hypot(c - a, d - b)
    ux, uy = (c - a) / length, (d - b) / length
    heavy = 1.0 + 5.0 * flow.size
    tip = 5.0 + 1.2 * heavy
    head = [
        (c + ux * tip, d + uy * tip),
        (c - uy * tip * 0.6, d + ux * tip * 0.6),
        (c + uy * tip * 0.6, d - ux * tip * 0.6),
    ]
    points = " ".join(f"{px:.1f},{py:.1f}" for px, py in head)
    colour = ink(flow.giver)
    return (
        f'<path d="M{a:.1f} {b:.1f}L{c:.1f} {d:.1f}" stroke="{colour}" stroke-width="{heavy:.1f}" opacity=".9"/>'
        f'<polygon points="{points}" fill="{colour}"/>'
    )
