"""What each forecaster is worth in the pool, and how far forecasts of events are calibrated."""

from collections.abc import Callable
from itertools import combinations
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.optimize import isotonic_regression

from sim.prediction.pools import MADE, pool_rows

BAND, SIMULATED = 0.9, 1_000  # consistency band of a reliability curve, and outcomes simulated for it

Values = NDArray[np.float64]


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
