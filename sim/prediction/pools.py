"""A pool of forecasters, and a recalibrated model.

The pool has equal weights: the model, and the forecasters that know no politics, all of them that answer a question.
Quantiles of figures are averaged; chances are pooled logarithmically. Weights from past scores were no better on
rolling origins, which are few. **Its members were chosen when scores to August 2025 were known.**

The recalibrated model is a forecaster of its own name. It is no member of the pool, and never the model's own line.
"""

from collections.abc import Callable

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.inference.measurements import MEASURES
from sim.prediction.forecasting import FINE, FINELY, MODEL
from sim.prediction.move_forecasts import FLOOR
from sim.prediction.questions import EVENT

POOL, RECALIBRATED = "pool", "driftback recalibrated"
MADE = (POOL, RECALIBRATED)  # of other forecasters, so no members
CAUTION = 8.0  # facts that the model's own spread is worth where it is recalibrated

Values = NDArray[np.float64]


# --- The pool


def average_quantiles(quantiles: Values) -> Values:
    """Return the mean of forecasters' quantiles, level by level (Vincent 1912; Lichtendahl et al. 2013).

    Parameters
    ----------
    quantiles
        Shape (forecasters, levels).

    Examples
    --------
    >>> average_quantiles(np.array([[1.0, 2.0], [3.0, 6.0]])).tolist()
    [2.0, 4.0]
    """
    return np.asarray(quantiles.mean(axis=0))


def pool_chances(chances: Values) -> Values:
    """Return the logarithmic pool of chances: their geometric mean, to sum to 1 over the options (Genest 1984).

    Parameters
    ----------
    chances
        Shape (forecasters, ..., options). None is taken to be less than :data:`sim.prediction.move_forecasts.FLOOR`:
        one forecaster that rules an option out would rule it out for all.

    Examples
    --------
    >>> pool_chances(np.array([[0.9, 0.1], [0.1, 0.9]])).tolist()
    [0.5, 0.5]
    """
    logs = np.log(np.clip(chances, FLOOR, 1.0)).mean(axis=0)
    pooled = np.exp(logs - logs.max(axis=-1, keepdims=True))
    return np.asarray(pooled / pooled.sum(axis=-1, keepdims=True))


def pool_rows(table: pd.DataFrame, name: str = POOL) -> pd.DataFrame:
    """Return the pool's row of every question, from those of its members."""
    members = table[~table["forecaster"].isin(MADE)]
    rows = []
    for _, some in members.groupby("id", sort=False):
        first = some.iloc[0].to_dict() | {"forecaster": name}
        if first["kind"] == EVENT:
            chances = some["probability"].to_numpy(np.float64)
            first["probability"] = float(pool_chances(np.column_stack([1.0 - chances, chances]))[1])
        else:
            first |= dict(zip(FINELY, average_quantiles(some[list(FINELY)].to_numpy(np.float64)), strict=True))
        rows.append(first)
    return pd.DataFrame(rows)


def with_pool(table: pd.DataFrame, past: pd.DataFrame | None = None) -> pd.DataFrame:
    """Return a table of forecasts with the pool, and with the recalibrated model where there is a past.

    Parameters
    ----------
    table
        As :func:`sim.prediction.forecasting.forecast_tables` gives it.
    past
        The model's earlier forecasts of figures with their ``fact``; see :func:`recalibrate`.
    """
    parts = [table] if past is None else [table, recalibrate(table, past)]
    return pd.concat([*parts, pool_rows(table)], ignore_index=True)


def with_pool_of_moves(table: pd.DataFrame) -> pd.DataFrame:
    """Return a table of forecasts of moves with the logarithmic pool of its forecasters."""
    order = list(dict.fromkeys(table["forecaster"]))
    parts = [table]
    for (capital, lever), some in table.groupby(["capital", "lever"], sort=False):
        grid = some.pivot(index=["month", "option"], columns="forecaster", values="probability")
        options = list(dict.fromkeys(some["option"]))
        shape = (-1, len(options))
        names = list(dict.fromkeys(some["month"]))
        chances = grid.loc[[(month, option) for month in names for option in options], order].to_numpy(np.float64)
        pooled = pool_chances(np.stack([column.reshape(shape) for column in chances.T]))
        parts.append(pd.DataFrame({
            "month": np.repeat(names, len(options)), "capital": capital, "lever": lever, "option": options * len(names),
            "forecaster": POOL, "probability": pooled.ravel(),
        }))  # fmt: skip
    return pd.concat(parts, ignore_index=True)


# --- The recalibrated model


def recalibrate(table: pd.DataFrame, past: pd.DataFrame) -> pd.DataFrame:
    """Return the model's figures, moved and widened by how its earlier forecasts missed (EMOS; Gneiting et al. 2005).

    On the scale of the measure (logs of trade) a fact lies so many spreads above the median. Of all of a series, their
    mean moves later forecasts and their standard deviation widens them; both lean on :data:`CAUTION` facts that lie as
    the model says, so that a few surprises do not overthrow it.

    Parameters
    ----------
    table
        Forecasts, of which those of the model's figures are recalibrated.
    past
        Earlier ones, with a column ``fact``; only those whose facts are known.
    """
    rows = table[(table["forecaster"] == MODEL) & (table["kind"] != EVENT)].assign(forecaster=RECALIBRATED)
    quantiles = rows[list(FINELY)].to_numpy(np.float64, copy=True)
    abouts, subjects = (frame["id"].str.split("/").str[0].to_numpy() for frame in (rows, past))
    for about in dict.fromkeys(abouts.tolist()):
        missed = _spreads_off(past[subjects == about], about)
        move = missed.sum() / (len(missed) + CAUTION)
        widen = np.sqrt((((missed - move) ** 2).sum() + CAUTION) / (len(missed) + CAUTION))
        seen = _seen(quantiles[abouts == about], about)
        median, spread = _median_and_spread(seen)
        quantiles[abouts == about] = MEASURES[about].in_unit(median + spread * move + widen * (seen - median))
    return rows.assign(**dict(zip(FINELY, quantiles.T, strict=True)))


def _spreads_off(past: pd.DataFrame, about: str) -> Values:
    """Return how many spreads each fact lies above the median that was forecast."""
    median, spread = _median_and_spread(_seen(past[list(FINELY)].to_numpy(np.float64), about))
    facts = _seen(past["fact"].to_numpy(np.float64), about)
    return np.asarray((facts - median[:, 0]) / spread[:, 0])


def _seen(values: Values, about: str) -> Values:
    seen: Callable[[float], float] = MEASURES[about].seen
    return np.vectorize(seen, otypes=[np.float64])(values) if values.size else values


def _median_and_spread(quantiles: Values) -> tuple[Values, Values]:
    """Return columns of medians and standard deviations, as if the middle 80% were normal."""
    low, middle, high = (quantiles[:, [FINE.index(level)]] for level in (0.1, 0.5, 0.9))
    return middle, (high - low) / 2.5631
