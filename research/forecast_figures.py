"""Pictures of the page on forecasts: how much better they are than others, and how often events came."""

import numpy as np
import pandas as pd

from research.event_calibration import reliability_curve
from research.rolling_origins import ALL_EVENTS
from sim.prediction.forecasting import MODEL
from sim.prediction.pools import POOL
from sim.report.figures.data import Head
from sim.report.figures.estimates import EstimateRow, in_words
from sim.report.render.intervals import ranges
from sim.report.render.sheet import Picture
from sim.report.style import percent


def skill(table: pd.DataFrame, source: str) -> Picture:
    """Draw by how much forecasts are better than those that know no politics, in % of their score, a row a contest.

    Parameters
    ----------
    table
        As :func:`research.rolling_origins.summary` gives it.
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
