"""Pictures of single trials: an ablation, indices of sensitivity, rival theories, scores of forecasts."""

import numpy as np
import pandas as pd

from sim.experiments.hindcast import COUNTED
from sim.experiments.sensitivity import INDEX
from sim.views.court import Drawn
from sim.views.draw_chart import draw_chart
from sim.views.figures import Chart, Head, Line, Panel
from sim.views.page import Picture
from sim.views.ranges import Row, ranges, rows_of, shaded, told
from sim.views.style import percent

_TURNS = 30  # rows of a tornado that a reader takes in


def ablation(table: pd.DataFrame, kind: str, source: str) -> Drawn:
    """Draw how the effect changes without each thing."""
    ordered = table.sort_values("mean")
    most = ordered.iloc[int(ordered["mean"].abs().argmax())]
    title = f"Without “{most.name}” the effect of the war's end changes most: {most['mean']:+.1f} points"
    rows = rows_of(ordered)
    says = f"Taken away one by one: {kind}. Thick: 95 % interval of the mean. Thin: 5 % to 95 % of parameter sets."
    return title, ranges(Head(title, says, f"Driftback: {source}", f"{title}. {told(rows)}"), rows, "change, in points")


def tornado(table: pd.DataFrame, design: str, source: str) -> Drawn:
    """Draw the indices of the factors that matter most."""
    value, half = INDEX[design]
    shown = table.head(_TURNS)
    rows = [
        Row(f"{each[0]} (rank {each[-1]})", mean, mean - error, mean + error, mean - error, mean + error)
        for each, mean, error in zip(shown.reset_index().to_numpy(), shown[value], shown[half], strict=True)
    ]
    first = table.index[table["rank"] == 1]
    title = f"Of {len(table)} numbers, {' and '.join(first[:3])} move{'s' * (len(first) == 1)} the effect most"
    if len(first) > 3:
        title = f"Of {len(table)} numbers, {len(first)} share the first rank: chance alone may order them"
    says = "Numbers whose intervals overlap share a rank. " + (
        "Mean absolute step of the effect over each number's range (Morris)." if design == "morris"
        else "Share of the spread of the effect that a number has part in (Sobol, total order)."
    )  # fmt: skip
    unit = "points of re-engagement" if design == "morris" else "share of the variance"
    return title, ranges(Head(title, says, f"Driftback: {source}", f"{title}. {told(rows)}"), rows, unit)


def theories(table: pd.DataFrame, source: str) -> Drawn:
    """Draw which patterns each theory shows."""
    grid = table[list(COUNTED)].T
    best = str(table["of twelve"].idxmax())
    title = f"Of twelve patterns of history, “{best}” shows most: {table['of twelve'].max():.1f}"
    text = " ".join(f"{name}: {row['of twelve']:.1f} of twelve, D2 in {percent(row['D2'])} of pairs." for name, row in
                    table.iterrows())  # fmt: skip
    says = "Share of parameter sets in which a pattern holds, the same patterns for every theory."
    return title, shaded(Head(title, says, f"Driftback: {source}", f"{title}. {text}"), grid, "pattern", "", percent)


def reliability(table: pd.DataFrame, source: str) -> Drawn:
    """Draw how often facts fell below each quantile of the forecasts, a panel a forecaster."""
    panels = []
    for name, some in table.groupby("forecaster", sort=False):
        at = 100 * some["level"].to_numpy(float)
        line = Line("facts", at, 100 * some["share"].to_numpy(float), "main")
        right = Line("as it should be", at, at, "control", broken=True)
        panels.append(Panel(str(name), "% of facts below", (0, 100), (right, line), zero=True, since=True))
    first = table[table["forecaster"] == table["forecaster"].iloc[0]]
    miss = float(np.abs(first["share"] - first["level"]).max())
    title = f"At worst, {percent(miss)} more or fewer facts than there should be lie below a quantile of the forecasts"
    head = Head(title, "Across: the quantile, in %. Up: the share of facts below it.", f"Driftback: {source}", title)
    picture: Picture = draw_chart(Chart(head, tuple(panels), table, columns=2))
    return title, picture
