"""A pool of forecasters, what each is worth in it, a recalibrated model, and how far events are calibrated.

The pool has equal weights: the model, and the forecasters that know no politics, all of them that answer a question.
Quantiles of figures are averaged; chances are pooled logarithmically. Weights from past scores were no better on
rolling origins, which are few. **Its members were chosen when scores to August 2025 were known.**

The recalibrated model is a forecaster of its own name. It is no member of the pool, and never the model's own line.
"""

from collections.abc import Callable
from itertools import combinations
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.optimize import isotonic_regression

from sim.inference.measurements import MEASURES
from sim.prediction.forecasting import FINE, FINELY, MODEL
from sim.prediction.move_forecasts import FLOOR
from sim.prediction.questions import EVENT

POOL, RECALIBRATED = "pool", "driftback recalibrated"
MADE = (POOL, RECALIBRATED)  # of other forecasters, so no members
CAUTION = 8.0  # facts that the model's own spread is worth where it is recalibrated
BAND, SIMULATED = 0.9, 1_000  # consistency band of a reliability curve, and outcomes simulated for it

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


# --- What each member is worth


def importance(table: pd.DataFrame, score: Callable[[pd.DataFrame], float]) -> pd.DataFrame:
    """Return by how much each member betters the equal pool (Kim, Ray and Reich 2026).

    Parameters
    ----------
    table
        Forecasts of questions that all members answer, with their ``fact``.
    score
        The mean score of a pool's rows, the lower the better.

    Returns
    -------
    frame
        By forecaster: ``alone``, ``leave one out`` (by how much the pool of all others is worse), and ``Shapley`` (the
        same over pools of every size that has others, each size counting alike; a pool of nobody has no score).
    """
    members = [name for name in dict.fromkeys(table["forecaster"]) if name not in MADE]
    reached = {
        frozenset(some): score(pool_rows(table[table["forecaster"].isin(some)]))
        for size in range(1, len(members) + 1)
        for some in combinations(members, size)
    }
    everybody, rows = frozenset(members), {}
    for name in members:
        by_size: dict[int, list[float]] = {}
        for some, mean in reached.items():
            if name not in some:
                by_size.setdefault(len(some), []).append(mean - reached[some | {name}])
        rows[name] = {
            "alone": reached[frozenset([name])],
            "leave one out": reached[everybody - {name}] - reached[everybody],
            "Shapley": float(np.mean([np.mean(gains) for gains in by_size.values()])),
        }
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis("forecaster")


# --- How far events are calibrated


class Split(NamedTuple):
    """The Brier score of events: miscalibration - discrimination + uncertainty (Dimitriadis et al. 2021)."""

    miscalibration: float
    discrimination: float
    uncertainty: float

    @property
    def score(self) -> float:
        """The score that is split."""
        return self.miscalibration - self.discrimination + self.uncertainty


def isotonic_split(chances: Values, came: Values) -> Split:
    """Return the split by isotonic regression of what came on what was forecast.

    Examples
    --------
    >>> isotonic_split(np.array([0.1, 0.1, 0.9, 0.9]), np.array([0.0, 0.0, 1.0, 1.0])).miscalibration
    0.01
    """
    score, uncertainty = float(np.mean((chances - came) ** 2)), float(came.mean() * (1.0 - came.mean()))
    sharpened = float(np.mean((_isotonic(chances, came) - came) ** 2))
    return Split(round(score - sharpened, 12), round(uncertainty - sharpened, 12), uncertainty)


def reliability_curve(chances: Values, came: Values, seed: int) -> pd.DataFrame:
    """Return how often events came that were forecast with a chance, with the band of a calibrated forecaster.

    Returns
    -------
    frame
        A row a chance that was forecast: ``chance``, ``events``, ``came`` (isotonic regression), ``low`` and ``high``:
        the middle :data:`BAND` of the same where events come as often as forecast, and apart from one another.
    """
    levels, counts = np.unique(chances, return_counts=True)
    places = np.searchsorted(levels, chances)
    first = np.array([np.flatnonzero(places == place)[0] for place in range(len(levels))])
    rng = np.random.default_rng(seed)
    drawn = (rng.random((SIMULATED, len(chances))) < chances).astype(np.float64)
    curves = np.array([_isotonic(chances, outcome)[first] for outcome in drawn])
    low, high = np.quantile(curves, [(1.0 - BAND) / 2.0, (1.0 + BAND) / 2.0], axis=0)
    fitted = _isotonic(chances, came)[first]
    return pd.DataFrame({"chance": levels, "events": counts, "came": fitted, "low": low, "high": high})


def _isotonic(chances: Values, came: Values) -> Values:
    """Return how often events came, rising with the chance; events with the same chance are taken together."""
    _, places, counts = np.unique(chances, return_inverse=True, return_counts=True)
    means = np.bincount(places, came) / counts
    return np.asarray(isotonic_regression(means, weights=counts.astype(np.float64)).x)[places]
