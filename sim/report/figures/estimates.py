"""Estimates in rows: mean, interval, spread across sets."""

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd


@dataclass(frozen=True)
class EstimateRow:
    """An estimate: its interval is drawn thick, the spread across sets thin; ``strong`` rows stand out."""

    label: str
    mean: float
    low: float
    high: float
    sets_low: float
    sets_high: float
    strong: bool = False


def estimate_rows(
    table: pd.DataFrame, labels: Sequence[str] | None = None, strong: Sequence[str] = ()
) -> list[EstimateRow]:
    """Return the rows of a table of estimates, labelled by its index where nothing else is said."""
    names = [str(name) for name in table.index] if labels is None else list(labels)
    numbers = table[["mean", "low", "high", "sets_low", "sets_high"]].to_numpy(float).tolist()
    return [
        EstimateRow(name, mean, low, high, least, most, name in strong)
        for name, (mean, low, high, least, most) in zip(names, numbers, strict=True)
    ]


def in_words(rows: Sequence[EstimateRow]) -> str:
    """Return rows in words."""
    return " ".join(f"{row.label}: {row.mean:+.1f} (95% interval {row.low:+.1f} to {row.high:+.1f})." for row in rows)
