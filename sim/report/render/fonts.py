"""Letters of every script: a scenario is named in whatever letters its author writes."""

import logging
from functools import cache

from matplotlib import rcParams
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties, findfont, fontManager, get_font
from matplotlib.text import Text

# Families with Chinese or Korean letters, as systems name them; those that are there are used, in this order.
_KNOWN = (
    "Noto Sans CJK SC", "Noto Sans CJK JP", "Noto Sans CJK KR", "Noto Sans SC", "Noto Sans KR", "Source Han Sans SC",
    "Source Han Sans KR", "WenQuanYi Micro Hei", "WenQuanYi Zen Hei", "NanumGothic", "Microsoft YaHei", "SimHei",
    "Malgun Gothic", "PingFang SC", "Hiragino Sans GB", "Heiti SC", "Apple SD Gothic Neo", "Arial Unicode MS",
    "Droid Sans Fallback", "Unifont",
)  # fmt: skip
_LAST = "Last Resort High-Efficiency"  # matplotlib's own: a box that names the script, for a letter that no font has


def spell(figure: Figure) -> None:
    """Give every text of a figure the fonts that its letters need; where no font has one, say so once."""
    for text in figure.findobj(Text):
        if not text.get_text().isascii():
            _spell(text)


def _spell(text: Text) -> None:
    """Give a text no more fonts than it needs: each is asked for its weights, and says so where it has none."""
    families = [family for family in text.get_fontfamily() if family not in (*_KNOWN, _LAST)]
    if not _written(text, families):
        families += [family for family in _KNOWN if family in _installed()]
        if not _written(text, families):
            families.append(_LAST)
            _tell()
    text.set_fontfamily(families)


def _written(text: Text, families: list[str]) -> bool:
    """Return whether some fonts have all letters of a text."""
    return all(letter.isspace() or _drawn(letter, tuple(families)) for letter in text.get_text())


@cache
def _installed() -> frozenset[str]:
    return frozenset(font.name for font in fontManager.ttflist)


@cache
def _drawn(letter: str, families: tuple[str, ...]) -> bool:
    named = (rcParams["font.sans-serif"][0] if family == "sans-serif" else family for family in families)
    return any(get_font(findfont(FontProperties(family=[name]))).get_char_index(ord(letter)) for name in named)


@cache
def _tell() -> None:
    logging.getLogger("sim").warning(
        "no font here has all letters of a text: PNG pictures show boxes for them, SVG pictures and reports are right. "
        "For Chinese and Korean install Noto Sans CJK (on Debian and Ubuntu: apt-get install fonts-noto-cjk)"
    )
