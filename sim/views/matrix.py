"""The pattern matrix: which patterns of history hold, under which parameter sets."""

from collections.abc import Mapping

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.patches import Rectangle

from sim.article.targets import bounds, patterns
from sim.experiments.hindcast import ALL, MATCHED, MOST
from sim.views import style
from sim.views.figures import Head
from sim.views.page import MARGIN, Picture, sheet
from sim.views.style import percent

TITLES = {
    "T1": "nothing three-way in 2024",
    "T2a": "no cooler to Beijing in early 2024 than in 2023",
    "T2b": "cooler by summer 2024, with a slight",
    "T3": "bound to Moscow twice as often as before the war",
    "T3b": "3 to 7 million shells in a year",
    "T3c": "courts Moscow in early 2024",
    "T4": "growth: below 0 to 2022, then 1.5 to 5 %",
    "T5": "China's share of trade at least 95 % in 2023",
    "T6": "no summit of Kim and Xi from 2023 on",
    "T6b": "Beijing's influence falls in a year",
    "T7": "the arms deal turns Beijing to the West",
    "T7b": "slights are followed by workers sent home",
    "T8": "no long squeeze of trade",
    MOST: "of the twelve patterns hold (all but T3b)",
    ALL: "of the twelve hold",
    MATCHED: "trade, growth, share and shells match",
}
_ROW, _LABEL, _PATTERN = 0.235, 3.75, 0.95  # inches: height of a row, width of the labels, of which the pattern's name


def matrix(columns: Mapping[str, "pd.Series[float]"], title: str, source: str) -> Picture:
    """Draw the shares of sets in which each pattern holds.

    Parameters
    ----------
    columns
        By heading, what :func:`sim.experiments.hindcast.shares` returns.
    """
    table = pd.DataFrame(dict(columns))
    subtitle = (
        "Share of parameter sets in which a pattern holds. A pattern that nearly every plausible set shows is weak "
        "evidence. * follows from the border path that the model is given."
    )
    text = " ".join(
        f"{name} ({TITLES[name]}): " + ", ".join(f"{percent(share)} of {head}" for head, share in row.items()) + "."
        for name, row in zip(table.index.astype(str), table.to_dict("records"), strict=True)
    )
    figure, place = sheet(Head(title, subtitle, source, text), (len(table) + 2.6) * _ROW)
    _draw(place((MARGIN, 0.0, style.WIDTH - 2 * MARGIN, (len(table) + 2.6) * _ROW)), table)
    return figure


def given(name: str) -> bool:
    """Return whether all of a pattern follows from what the model is told."""
    return name in patterns() and all(bounds()[each].given for each in patterns()[name])


def _draw(axes: Axes, table: pd.DataFrame) -> None:
    width = style.WIDTH - 2 * MARGIN
    axes.set_xlim(0, width)
    axes.set_ylim(len(table) + 0.6, -2.0)
    axes.set_xticks([])
    axes.set_yticks([])
    shade = LinearSegmentedColormap.from_list("share", [style.PAPER, style.colour("main")])
    cell = (width - _LABEL) / len(table.columns)
    for column, head in enumerate(table.columns):
        axes.text(
            _LABEL + (column + 0.5) * cell, -0.25, str(head).replace(": ", ":\n"), size=style.SMALL, ha="center",
            va="bottom", color=style.INK,
        )  # fmt: skip
    for row, (name, line) in enumerate(table.iterrows()):
        at = row + (0.5 if name in (MOST, ALL, MATCHED) else 0.0)  # the sums stand apart
        middle = at + 0.5
        axes.text(0, middle, f"{name}{' *' * given(str(name))}", size=style.SMALL, weight="bold", va="center")
        axes.text(_PATTERN, middle, TITLES[str(name)], size=style.SMALL, va="center", color=style.INK)
        for column, share in enumerate(line):
            left = _LABEL + column * cell
            axes.add_patch(Rectangle((left, at), cell, 1, facecolor=shade(share), edgecolor=style.PAPER, lw=1.5))
            ink = style.PAPER if share > 0.55 else style.INK
            axes.text(left + cell / 2, middle, percent(share), size=style.SMALL, ha="center", va="center", color=ink)
