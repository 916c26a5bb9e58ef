"""The pattern matrix: which patterns of history hold, under which parameter sets."""

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.patches import Rectangle

from sim.inference.hindcast import ALL, COUNTED, MATCHED, MOST
from sim.registers.targets import follows_from_inputs, patterns
from sim.report import style
from sim.report.figures.data import Head
from sim.report.render.sheet import MARGIN, Picture, blank_sheet
from sim.report.style import percent

TITLES = {
    "T1": "nothing three-way in 2024",
    "T2a": "no cooler to Beijing in early 2024 than in 2023",
    "T2b": "cooler by summer 2024, with a slight",
    "T3": "bound to Moscow twice as often as before the war",
    "T2c": "Beijing trades no less freely in early 2024",
    "T3b": "3 to 7 million shells in a year",
    "T3c": "courts Moscow in early 2024",
    "T4": "growth: below 0 to 2022, then 1.5 to 5%",
    "T5": "China's share of trade at least 95% in 2023",
    "T6": "no summit of Kim and Xi from 2023 on",
    "T6b": "Beijing's influence falls in a year",
    "T7": "the arms deal turns Beijing to the West",
    "T7b": "slights are followed by workers sent home",
    "T8": "no long squeeze of trade",
    "T8b": "no rupture in the war",
    "W1": "Beijing and Moscow no colder in the war",
    "W2": "Beijing and Washington cold to late 2023",
    "W3": "Beijing and Seoul colder since mid-2022",
    "W4": "Washington's posture higher since mid-2022",
    "W5": "three more months of missiles in 2022",
    "W6": "talks in early 2019, fewer since 2021",
    "W7": "Washington hardly ever eases sanctions",
    "W8": "hardly a slight before May 2024",
    "W9": "no treaty sought before the war",
    "W10": "at most 15,000 workers in Russia in 2024",
    "W11": "Seoul engages to 2021, is firm from mid-2022",
    "W12": "Beijing neither joins a bloc nor eggs on",
    "W13": "no nuclear test in most runs",
    MOST: "at least hold",
    ALL: "that count hold",
    MATCHED: "trade, growth, share and shells match",
}
_ROW, _LABEL, _PATTERN = 0.235, 3.75, 0.95  # inches: height of a row, width of the labels, of which the pattern's name


@dataclass(frozen=True, eq=False)
class Column:
    """A column of the matrix: some parameter sets, how many, and the shares in which each pattern holds."""

    name: str
    count: int
    shares: "pd.Series[float]"

    @property
    def heading(self) -> str:
        """What stands above it."""
        return f"{self.name}: {self.count:,} set{'s' * (self.count > 1)}"

    @property
    def words(self) -> list[str]:
        """The shares in words; of a single set, whether a pattern holds."""
        if self.count == 1:
            return ["holds" if share == 1.0 else "fails" for share in self.shares]
        return [percent(share) for share in self.shares]


def matrix(columns: Sequence[Column], title: str, source: str) -> Picture:
    """Draw the shares of sets in which each pattern holds."""
    subtitle = (
        "Share of parameter sets in which a pattern holds. A pattern that nearly every plausible set shows is weak "
        "evidence. * follows in large part from what the model is given. In brackets: beside those that count."
    )
    names = [str(name) for name in columns[0].shares.index]
    text = " ".join(
        f"{name} ({TITLES[name]}): " + ", ".join(f"{column.words[row]} ({column.heading})" for column in columns) + "."
        for row, name in enumerate(names)
    )
    height = (len(names) + 3.1) * _ROW
    figure, place = blank_sheet(Head(title, subtitle, source, text), height)
    _draw(place((MARGIN, 0.0, style.WIDTH - 2 * MARGIN, height)), names, columns)
    return figure


def _draw(axes: Axes, names: Sequence[str], columns: Sequence[Column]) -> None:
    width = style.WIDTH - 2 * MARGIN
    axes.set_xlim(0, width)
    axes.set_ylim(len(names) + 1.1, -2.0)
    axes.set_xticks([])
    axes.set_yticks([])
    shade = LinearSegmentedColormap.from_list("share", [style.PAPER, style.colour("main")])
    cell = (width - _LABEL) / len(columns)
    starred = [name in patterns() and follows_from_inputs(name) for name in names]
    # what is given stands apart from the model's own, and sums from both
    tops = [row + 0.5 * starred[row] + (name in (MOST, ALL, MATCHED)) for row, name in enumerate(names)]
    for top, name, star in zip(tops, names, starred, strict=True):
        shown = f"({name})" if name in patterns() and name not in COUNTED else name
        axes.text(0, top + 0.5, f"{shown}{' *' * star}", size=style.SMALL, weight="bold", va="center")
        axes.text(_PATTERN, top + 0.5, TITLES[name], size=style.SMALL, va="center", color=style.INK)
    for place, column in enumerate(columns):
        left, middle = _LABEL + place * cell, _LABEL + (place + 0.5) * cell
        heading = column.heading.replace(": ", ":\n")
        axes.text(middle, -0.25, heading, size=style.SMALL, ha="center", va="bottom", color=style.INK)
        for top, share, words in zip(tops, column.shares, column.words, strict=True):
            axes.add_patch(Rectangle((left, top), cell, 1, facecolor=shade(share), edgecolor=style.PAPER, lw=1.5))
            ink = style.PAPER if share > 0.55 else style.INK
            axes.text(middle, top + 0.5, words, size=style.SMALL, ha="center", va="center", color=ink)
