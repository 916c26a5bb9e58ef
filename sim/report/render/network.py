"""Drawing the five capitals in a ring: ties between them by warmth, and arrows for what flows."""

from math import cos, hypot, pi, sin

from matplotlib.axes import Axes
from matplotlib.patches import FancyArrowPatch

from sim.report import style
from sim.report.figures.data import Flow, Network, Snapshot, Tie
from sim.report.render.sheet import MARGIN, Picture, blank_sheet

# Places on the ring, in degrees: whoever trades with Pyongyang stands beside it, so that no arrow crosses another.
ANGLE = {"Pyongyang": 90, "Beijing": 18, "Seoul": -54, "Washington": -126, "Moscow": 162}
_RING = {name: (cos(angle * pi / 180), sin(angle * pi / 180)) for name, angle in ANGLE.items()}
# How far along a tie its warmth is written, where the middle is crossed by another.
LABEL = {("Beijing", "Washington"): 0.68, ("Seoul", "Pyongyang"): 0.26, ("Washington", "Pyongyang"): 0.36}
_WIDEST = 9.0  # points: an arrow for as much as there can be


def draw_network(network: Network) -> Picture:
    """Draw the capitals at each date."""
    count = len(network.snapshots)
    columns = 1 if count == 1 else 2
    rows = -(-count // columns)
    side = (style.WIDTH - 2 * MARGIN - (columns - 1) * 0.1) / columns
    tall = 3.2 if columns == 2 else 4.4
    figure, place = blank_sheet(network.head, rows * tall)
    for number, snapshot in enumerate(network.snapshots):
        row, column = divmod(number, columns)
        axes = place((MARGIN + column * (side + 0.1), row * tall, side, tall))
        _snapshot(axes, snapshot, side / tall)
    return figure


def _snapshot(axes: Axes, snapshot: Snapshot, aspect: float) -> None:
    axes.set_xticks([])
    axes.set_yticks([])
    axes.set_ylim(-1.05, 1.85)
    axes.set_xlim(-1.35 * aspect, 1.35 * aspect)
    axes.annotate(
        snapshot.title, (0, 1), xycoords="axes fraction", xytext=(0, -2), textcoords="offset points", va="top",
        size=style.TEXT + 1.5, weight="bold", color=style.INK,
    )  # fmt: skip
    for tie in snapshot.ties:
        _tie(axes, tie)
    for name, (x, y) in _RING.items():
        axes.text(
            x, y, name, ha="center", va="center", size=style.TEXT, weight="bold", color=style.INK, zorder=6,
            bbox={"boxstyle": "round,pad=0.3", "fc": style.PAPER, "ec": style.colour(name), "lw": 1.6},
        )  # fmt: skip


def _tie(axes: Axes, tie: Tie) -> None:
    (x, y), (u, v) = _RING[tie.one], _RING[tie.other]
    warm = tie.warmth >= 0.0
    strength = min(abs(tie.warmth) / 6.0, 1.0)
    ink, dashes = (style.colour("warm"), "-") if warm else (style.colour("cold"), (0, (3, 2)))
    axes.plot([x, u], [y, v], color=ink, alpha=0.25 + 0.75 * strength, lw=0.8 + 1.6 * strength, ls=dashes, zorder=2)
    along = LABEL.get((tie.one, tie.other), 0.5)
    axes.text(
        x + (u - x) * along, y + (v - y) * along, f"{tie.warmth:+.1f}", ha="center", va="center", size=style.SMALL,
        zorder=5, color=style.INK, bbox={"boxstyle": "round,pad=0.12", "fc": style.PAPER, "ec": "none"},
    )  # fmt: skip
    for number, flow in enumerate(tie.flows, 1):
        _flow(axes, flow, number)
    if tie.flows:
        _flow_words(axes, tie)


def _flow(axes: Axes, flow: Flow, number: int) -> None:
    """Draw an arrow beside the tie, the further out the later it is named."""
    if flow.size < 0.02:
        return
    (x, y), (u, v) = _RING[flow.giver], _RING[flow.taker]
    out = (0.02 + 0.1 * number) / hypot(x + u, y + v)
    ends = [(x + (u - x) * share + (x + u) * out, y + (v - y) * share + (y + v) * out) for share in (0.24, 0.76)]
    axes.add_patch(
        FancyArrowPatch(
            *ends, arrowstyle="-|>", mutation_scale=6 + _WIDEST * flow.size, lw=0.6 + (_WIDEST - 4) * flow.size,
            color=style.colour(flow.giver), alpha=0.85, shrinkA=0, shrinkB=0, zorder=4,
        )
    )  # fmt: skip


def _flow_words(axes: Axes, tie: Tie) -> None:
    """Name the flows beside their arrows, the outermost arrow first, in the colour of the giver."""
    right = tie.one == "Beijing"
    for row, flow in enumerate(reversed(tie.flows)):
        arrow = "←" if (flow.taker == "Pyongyang") == right else "→"
        axes.annotate(
            f"{arrow} {flow.label}", (1.0 if right else 0.0, 0.9), xycoords="axes fraction", xytext=(0, -9.5 * row),
            textcoords="offset points", ha="right" if right else "left", va="top", size=style.TINY + 0.5,
            color=style.colour(flow.giver),
        )  # fmt: skip
