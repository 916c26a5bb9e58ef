"""What all pictures in SVG are drawn with: the sheet, inks and words."""

from markupsafe import Markup, escape

from sim.report import style
from sim.report.figures.data import Head

TEXT = 13  # pixels
GLYPH = 0.56  # of a letter's size: its usual width


def sheet(head: Head, width: float, height: float, body: str) -> Markup:
    """Return the SVG element around a drawing."""
    return Markup(
        f'<svg viewBox="0 0 {width:.0f} {height:.0f}" role="img" '
        f'aria-label="{escape(head.alt)}" style="max-width: {width:.0f}px" '
        f'font-family="system-ui, sans-serif" font-size="{TEXT}">{body}</svg>'
    )


def ink(role: str) -> str:
    """Return the colour of a part as CSS: the page's, or else the printed one."""
    return f"var(--{role.lower()}, {style.colour(role)})"


def svg_text(x: float, y: float, words: str, anchor: str = "start", size: float = TEXT, more: str = "") -> str:
    """Return words; ``more`` holds further attributes."""
    where = f'x="{x:.1f}" y="{y:.1f}" font-size="{size:g}" text-anchor="{anchor}"'
    return f'<text {where} fill="var(--ink, {style.INK})" {more}>{escape(words)}</text>'


def wide(words: str, size: float = TEXT) -> float:
    """Return about how wide words are, in pixels."""
    return len(words) * GLYPH * size
