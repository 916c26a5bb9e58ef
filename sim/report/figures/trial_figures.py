"""Pictures of single trials: an ablation, indices of sensitivity, rival theories, scores of forecasts."""

import numpy as np
import pandas as pd

from sim.inference.hindcast import COUNTED, OF_ALL
from sim.prediction.forecasting import MODEL
from sim.prediction.pools import POOL, reliability_curve
from sim.prediction.rolling import ALL_EVENTS
from sim.prediction.sensitivity import DUMMY, INDEX
from sim.report.figures.data import Head
from sim.report.figures.estimates import EstimateRow, estimate_rows, in_words, ranges, shaded_table
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
    head = Head(title, says, f"Driftback: {source}", f"{title}. {in_words(rows)}")
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
    return ranges(Head(title, says, f"Driftback: {source}", f"{title}. {in_words(rows)}"), rows, unit)


def theories(table: pd.DataFrame, source: str) -> Picture:
    """Draw which patterns each theory shows."""
    grid = table[list(COUNTED)].T
    best = str(table[OF_ALL].idxmax())
    title = f"Of {len(COUNTED)} patterns of history, “{best}” shows most: {table[OF_ALL].max():.1f}"
    text = " ".join(f"{name}: {row[OF_ALL]:.1f} {OF_ALL}, D2 in {percent(row['D2'])} of pairs." for name, row in
                    table.iterrows())  # fmt: skip
    says = "Share of parameter sets in which a pattern holds, the same patterns for every theory."
    return shaded_table(Head(title, says, f"Driftback: {source}", f"{title}. {text}"), grid, "pattern", "", percent)


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
    head = Head(title, says, f"Driftback: {source}", f"{title}. {' '.join(words)}")
    return ranges(head, rows, "% of the range")


def skill(table: pd.DataFrame, source: str) -> Picture:
    """Draw by how much forecasts are better than those that know no politics, in % of their score, a row a contest.

    Parameters
    ----------
    table
        As :func:`sim.prediction.rolling.rolling_summary` gives it.
    """
    rows, others = [], table[table["forecaster"] != MODEL]
    single = others["WIS"].isna() & (others["about"] != ALL_EVENTS)
    for scored in others[~single & (others["score"] != "log")].to_dict("records"):
        ahead, low, high = (100.0 * scored[name] / scored["mean"] for name in ("ahead", "low", "high"))
        label = f"{scored['about']}, {scored['horizon']} months: {scored['forecaster']}"
        rows.append(EstimateRow(label, ahead, low, high, low, high))
    better = sum(row.mean > 0.0 for row in rows)
    title = f"The model's forecasts are better than others in {better} of {len(rows)} contests"
    won = int((others.loc[single, "ahead"] > 0.0).sum())
    says = f"In % of the other's score, with 95% intervals. Of single events it is better in {won} of {single.sum()}."
    return ranges(Head(title, says, f"Driftback: {source}", f"{title}. {in_words(rows)}"), rows, "%")


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
                f"{title}. {text}")  # fmt: skip
    return shaded_table(head, named, "", "quantile", percent)


def reliability_of_events(scored: pd.DataFrame, seed: int, source: str) -> Picture:
    """Draw how often events came by the chance that was forecast, with what a calibrated forecaster would show.

    Parameters
    ----------
    scored
        As :func:`sim.prediction.scoring.score_forecasts` gives it; chances are taken to the tenth.
    seed
        Fixes the outcomes that the bands rest on.
    """
    rows, outside = [], 0
    for name in (MODEL, POOL):
        its = scored[(scored["kind"] == "event") & (scored["forecaster"] == name)]
        chances, came = its["probability"].round(1).to_numpy(np.float64), its["fact"].to_numpy(np.float64)
        for seen in reliability_curve(chances, came, seed).to_dict("records"):
            label = f"{name}, {percent(seen['chance'])} ({seen['events']:.0f})"
            low, high = seen["low"], seen["high"]
            outside += name == MODEL and not low <= seen["came"] <= high
            rows.append(EstimateRow(label, 100.0 * seen["came"], 100.0 * low, 100.0 * high, 100.0 * low, 100.0 * high))
    title = f"In {outside} of the model's tenths events came more or less often than chance allows"
    says = "Dot: how often they came (isotonic regression). Bar: 90% of calibrated forecasters. In brackets: events."
    return ranges(Head(title, says, f"Driftback: {source}", f"{title}. {in_words(rows)}"), rows, "%", (0.0, 100.0))
