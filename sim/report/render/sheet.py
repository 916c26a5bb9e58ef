"""The sheet a picture is printed on: head and source line wrapped to its width, plots placed by the inch."""

import textwrap
from collections.abc import Callable
from io import BytesIO, StringIO
from unicodedata import east_asian_width

from matplotlib import rc_context
from matplotlib.axes import Axes
from matplotlib.backend_bases import RendererBase
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure as MplFigure

from sim.model import months
from sim.report import style
from sim.report.figures.data import Head, Span
from sim.report.render.fonts import spell

MARGIN = 0.16  # inches
_GLYPH = 0.0074  # inches: the usual width of a letter for each point of its size
_FILL = "\0"
_LINE = 0.0185  # inches: the height of a line for each point

Box = tuple[float, float, float, float]  # left, top, width, height in inches, from the top left of the body


class Picture(MplFigure):
    """A matplotlib figure that shows itself in a notebook, whatever the notebook's backend."""

    title: str = ""
    subtitle: str = ""
    source: str = ""
    in_words: str = ""  # what it shows beyond its title

    @property
    def alt(self) -> str:
        """What stands for it where it is not seen."""
        return f"{self.title}. {self.in_words}"

    def draw(self, renderer: RendererBase) -> None:
        """Draw it, with fonts that have the letters of its texts."""
        spell(self)
        super().draw(renderer)

    def _repr_png_(self) -> tuple[bytes, dict[str, str]]:
        return png(self), {"alt": self.alt}


def png(figure: MplFigure) -> bytes:
    """Return a figure as PNG."""
    buffer = BytesIO()
    figure.savefig(buffer, format="png", dpi=style.DPI, metadata={"Software": None}, pil_kwargs={"compress_level": 2})
    return buffer.getvalue()


def svg(figure: MplFigure) -> str:
    """Return a figure as SVG whose words stay words; the same figure gives the same text."""
    buffer = StringIO()
    with rc_context({"svg.fonttype": "none", "svg.hashsalt": "driftback"}):
        figure.savefig(buffer, format="svg", metadata={"Date": None, "Creator": None})
    return buffer.getvalue()


def blank_sheet(head: Head, height: float) -> tuple[Picture, Callable[[Box], Axes]]:
    """Return a picture with a head, a foot and an empty body, and a function that places axes in the body.

    Parameters
    ----------
    height
        Of the body, in inches.
    """
    inner = style.WIDTH - 2 * MARGIN
    above = [(head.title, style.TITLE, "bold", style.INK), (head.subtitle, style.TEXT, "normal", style.MUTED)]
    wrapped = [(wrap(text, inner, size, weight), size, weight, ink) for text, size, weight, ink in above]
    source = wrap(head.source, inner, style.SMALL, "normal")
    top = MARGIN + sum(_height(text, size) + 0.05 for text, size, *_ in wrapped) + 0.08
    bottom = MARGIN + _height(source, style.SMALL) + 0.06
    total = top + height + bottom
    figure = Picture(figsize=(style.WIDTH, total), facecolor=style.PAPER, dpi=style.DPI)
    figure.title, figure.subtitle, figure.source = head.title, head.subtitle, head.source
    figure.in_words = head.text
    at = MARGIN
    for text, size, weight, ink in wrapped:
        figure.text(MARGIN / style.WIDTH, 1 - at / total, text, size=size, weight=weight, color=ink, va="top")
        at += _height(text, size) + 0.05
    figure.text(MARGIN / style.WIDTH, MARGIN / total, source, size=style.SMALL, color=style.MUTED, va="bottom")

    def place(box: Box) -> Axes:
        left, down, width, tall = box
        axes = figure.add_axes((left / style.WIDTH, 1 - (top + down + tall) / total, width / style.WIDTH, tall / total))
        bare(axes)
        return axes

    return figure, place


def wrap(text: str, width: float, size: float, weight: str = "normal") -> str:
    """Return a text broken into lines that fit a width in inches, none much shorter than the others."""
    most = max(int(width / (_GLYPH * size * (1.22 if weight == "bold" else 1.0))), 8)
    counted = _counted(text)
    lines = textwrap.wrap(counted, most, break_on_hyphens=False)
    while most > 8 and len(narrower := textwrap.wrap(counted, most - 1, break_on_hyphens=False)) == len(lines):
        most, lines = most - 1, narrower
    return "\n".join(lines).replace(_FILL, "")


def width_of(text: str, size: float) -> float:
    """Return about how wide a text is, in inches."""
    return len(_counted(text)) * _GLYPH * size


def shorten(text: str, width: float, size: float) -> str:
    """Return a text that ends at a word, and says so, where it would be wider than so many inches."""
    return textwrap.shorten(_counted(text), int(width / (_GLYPH * size)), placeholder=" …").replace(_FILL, "")


def _counted(text: str) -> str:
    """Return a text in which a letter counts twice where it is twice as wide, as Chinese and Korean ones are."""
    return "".join(letter + _FILL * (east_asian_width(letter) in "WF") for letter in text)


def _height(text: str, size: float) -> float:
    return (text.count("\n") + 1) * _LINE * size


def bare(axes: Axes) -> None:
    """Leave of the axes only what is read: no box, thin ticks, muted numbers."""
    axes.set_facecolor("none")
    for side in ("top", "right", "left", "bottom"):
        axes.spines[side].set_visible(False)
    axes.tick_params(colors=style.MUTED, labelsize=style.SMALL, length=0, pad=3)


def write_years(axes: Axes, first: int, last: int, width: float) -> None:
    """Write years under the axes, as many as fit a width in inches; ``last`` is not included."""
    starts = [month for month in range(first, last) if month % 12 == 0] or [first]
    step = next(s for s in (1, 2, 3, 4, 5, 10) if s == 10 or len(starts) / s * 0.42 <= width)
    chosen = [month for month in starts if (month // 12) % step == 0] if len(starts) > step else starts[:1]
    axes.set_xlim(first - 0.5, last - 0.5)
    axes.set_xticks([month - 0.5 for month in chosen], [months.name(month)[:4] for month in chosen], ha="left")
    axes.tick_params(axis="x", length=3, color=style.FAINT)


def shade(axes: Axes, span: Span, label: bool) -> None:
    """Shade a stretch of months over the whole height, its label at the top."""
    axes.axvspan(span.first - 0.5, span.last - 0.5, color=style.SHADE, alpha=0.5 if span.faint else 1.0, lw=0, zorder=0)
    if label:
        axes.annotate(
            span.label, (span.first, 1.0), xycoords=("data", "axes fraction"), xytext=(2, -2), va="top",
            textcoords="offset points", size=style.SMALL, color=style.MUTED, style="italic", zorder=6,
        )  # fmt: skip


def apart(wanted: list[float], gap: float, low: float, high: float) -> list[float]:
    """Return positions near the wanted ones, at least ``gap`` apart and within bounds where there is room."""
    order = sorted(range(len(wanted)), key=wanted.__getitem__)
    places = [0.0] * len(wanted)
    for rank, i in enumerate(order):
        places[i] = max(wanted[i], low if rank == 0 else places[order[rank - 1]] + gap)
    ceiling = high
    for i in reversed(order):
        places[i] = min(places[i], ceiling)
        ceiling = places[i] - gap
    return places


def tint(role: str, strength: float) -> tuple[float, ...]:
    """Return a colour mixed with paper; 1 is the full colour."""
    return tuple(1.0 - strength * (1.0 - part) for part in to_rgb(style.colour(role)))
