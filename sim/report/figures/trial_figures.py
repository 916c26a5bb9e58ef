"""Pictures of single trials: an ablation, indices of sensitivity, rival theories, scores of forecasts."""

import numpy as np
import pandas as pd

from sim.inference.hindcast import COUNTED, OF_ALL
from sim.prediction.sensitivity import DUMMY, INDEX
from sim.report.figures.data import Head
from sim.report.figures.estimates import EstimateRow, estimate_rows, in_words
from sim.report.render.intervals import ranges, shaded_table
from sim.report.render.sheet import Picture
from sim.report.style import percent

_TURNS = 30  # rows of a tornado that a reader takes in
_LEVELS = (0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95)


def ablation(table: pd.DataFrame, kind: str, source: str) -> Picture:
    """Draw how the effect changes without each thing."""
    ordered = table.sort_values("mean")
    most = ordered.iloc[int(ordered["mean"].abs().argmax())]
    title = f"Without “{most.name}” the effect of the war's end changes most: {most['mean']:+.1f} points"
    rows = estimate_rows(ordered)
    says = f"Taken away one by one: {kind}. Thick: 95% interval of the mean. Thin: 5% to 95% of parameter sets."
    head = Head(title, says, f"Driftback: {source}", in_words(rows))
    return ranges(head, rows, "change, in points")


def tornado(table: pd.DataFrame, design: str, source: str) -> Picture:
    """Draw the indices of the factors that matter most."""
    value, half = INDEX[design]
    shown = table.head(_TURNS)
    rows = [
        EstimateRow(f"{names[0]} (rank {names[-1]})", mean, mean - error, mean + error, mean - error, mean + error)
        for names, mean, error in zip(shown.reset_index().to_numpy(), shown[value], shown[half], strict=True)
    ]
    first, count = table.index[table["rank"] == 1], len(table.index.drop(DUMMY, errors="ignore"))
    title = f"Of {count} numbers, {' and '.join(first[:3])} move{'s' * (len(first) == 1)} the effect most"
    if len(first) > 3:
        title = f"Of {count} numbers, {len(first)} share the first rank: chance alone may order them"
    says = "Numbers whose intervals overlap share a rank. " + (
        "Mean absolute step of the effect over each number's range (Morris)." if design == "morris"
        else "Share of the spread of the effect that a number has part in (Sobol, total order)."
    )  # fmt: skip
    unit = "points of re-engagement" if design == "morris" else "share of the variance"
    return ranges(Head(title, says, f"Driftback: {source}", in_words(rows)), rows, unit)


def theories(table: pd.DataFrame, source: str) -> Picture:
    """Draw which patterns each theory shows."""
    grid = table[list(COUNTED)].T
    best = str(table[OF_ALL].idxmax())
    title = f"Of {len(COUNTED)} patterns of history, “{best}” shows most: {table[OF_ALL].max():.1f}"
    text = " ".join(f"{name}: {row[OF_ALL]:.1f} {OF_ALL}, D2 in {percent(row['D2'])} of pairs." for name, row in
                    table.iterrows())  # fmt: skip
    says = "Share of parameter sets in which a pattern holds, the same patterns for every theory."
    return shaded_table(Head(title, says, f"Driftback: {source}", text), grid, "pattern", "", percent)


def turn(table: pd.DataFrame, name: str, before: float, after: float, source: str) -> Picture:
    """Draw the smallest change of parameters after which the prediction fails, or holds.

    Parameters
    ----------
    table
        ``parameter``, ``origin``, ``turned`` and ``share`` of its range, a row a change.
    name
        What it does after the change: fails or holds.
    before, after
        The share of pairs in which D2 comes true.
    """
    title = f"The nearest world in which the prediction {name}: D2 from {percent(before)} to {percent(after)} of pairs"
    rows, words = [], []
    for parameter, origin, turned, share in table.to_numpy():
        step, said = 100.0 * float(share), f"{parameter}: {origin:.3g} to {turned:.3g}"
        rows.append(EstimateRow(said, step, min(step, 0.0), max(step, 0.0), step, step))
        words.append(f"{said} ({step:+.0f}% of its range).")
    says = f"{len(table)} changes, each as a share of the parameter's plausible range."
    head = Head(title, says, f"Driftback: {source}", " ".join(words))
    return ranges(head, rows, "% of the range")


def reliability(table: pd.DataFrame, source: str) -> Picture:
    """Draw how often facts fell below quantiles of the forecasts, a row a forecaster."""
    shown = table[table["level"].isin(_LEVELS)]
    names = list(dict.fromkeys(table["forecaster"]))
    grid = shown.pivot(index="forecaster", columns="level", values="share").loc[names]
    named = grid.rename(columns=percent)
    first = table[table["forecaster"] == table["forecaster"].iloc[0]]
    miss = float(np.abs(first["share"] - first["level"]).max())
    title = f"At worst, {percent(miss)} more or fewer facts than there should be lie below a quantile of the forecasts"
    text = " ".join(f"{name}: " + ", ".join(map(percent, line)) + "." for name, line in zip(
        grid.index, grid.to_numpy(), strict=True))  # fmt: skip
    head = Head(title, "Share of facts below a quantile; it should be the quantile's own.", f"Driftback: {source}",
                text)  # fmt: skip
    return shaded_table(head, named, "", "quantile", percent)
