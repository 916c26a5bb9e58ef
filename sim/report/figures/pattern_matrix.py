"""The pattern matrix: which patterns of history hold, under which parameter sets."""

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from sim.inference.hindcast import ALL, MATCHED, MOST
from sim.report.figures.data import Head
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


def matrix_head(columns: Sequence[Column], title: str, source: str) -> Head:
    """Return what stands around the matrix, and every share in words."""
    subtitle = (
        "Share of parameter sets in which a pattern holds. A pattern that nearly every plausible set shows is weak "
        "evidence. * follows in large part from what the model is given. In brackets: beside those that count."
    )
    text = " ".join(
        f"{name} ({TITLES[str(name)]}): "
        + ", ".join(f"{column.words[row]} ({column.heading})" for column in columns) + "."
        for row, name in enumerate(columns[0].shares.index)
    )  # fmt: skip
    return Head(title, subtitle, source, text)
