"""Time to drifting back: Kaplan and Meier's curves, with the pairs that could not be watched to the end."""

import warnings
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.analysis.definitions import DEFINITIONS, WITHIN

_CURVES = (*DEFINITIONS, *(f"{name} without an end" for name in DEFINITIONS))
_DRAWS = 2000


def time_to_definition(paired: pd.DataFrame, horizon: int, name: str) -> pd.DataFrame:
    """Return for each pair how long it was watched, and whether the definition came true then.

    Definitions are given 24 months, so nobody is watched longer; a war that ends later than 24 months before the
    horizon is watched for less. What came true until then counts, and where nothing did the pair is censored there.
    D3 looks back alone, at the year before the end, and is known as far as the pair is watched. D2 is decided in month
    24: pairs that are not watched until then say nothing of it, and are left out of its curve.

    Parameters
    ----------
    paired
        A row a paired run, as :func:`sim.prediction.treatments.pairs` gives it.
    horizon
        Months simulated from 2019-01.
    name
        Of the definition: ``D1``, or ``D1 without an end``.

    Returns
    -------
    frame
        The columns ``months`` and ``came_true``.
    """
    room = (horizon - 1 - paired["end"]).clip(upper=WITHIN)
    seen = paired["judged"].astype(bool) if name == "D2" else room >= 0
    return pd.DataFrame({"months": paired[name].fillna(room).astype(float), "came_true": paired[name].notna()})[seen]


def curves(paired: pd.DataFrame, weights: NDArray[np.float64], horizon: int) -> pd.DataFrame:
    """Return the share of pairs in which each definition has not come true yet, month by month after the end.

    Parameters
    ----------
    paired, horizon
        As for :func:`time_to_definition`.
    weights
        One a parameter set.

    Returns
    -------
    frame
        A row a month from 0 to 24; columns ``D1`` to ``D5``, and those ``without an end`` where they are defined.
    """
    fitted = _fitted(paired, weights, horizon)
    table = pd.DataFrame({name: curve.predict(range(WITHIN + 1)) for name, curve in fitted.items()})
    return table.rename_axis("months after the end")


def curve_intervals(
    paired: pd.DataFrame, weights: NDArray[np.float64], horizon: int, seed: int = 0, level: float = 0.95
) -> pd.DataFrame:
    """Return the interval of each curve month by month, by a bootstrap over parameter sets (Efron 1981).

    Sets are drawn again with replacement, each with all its pairs, for they are the units of all intervals here: the
    pairs of one set are no independent draws. With one set there is nothing to draw, and no interval.

    Parameters
    ----------
    paired, weights, horizon
        As for :func:`curves`.
    seed
        Of the draws.
    level
        Share of the draws between both ends, month by month and not of whole curves at once.

    Returns
    -------
    frame
        A row a month from 0 to 24; for each column of :func:`curves` one with `` low`` and one with `` high`` after it.
    """
    several = (weights > 0).sum() > 1
    times = np.random.default_rng(seed).multinomial(len(weights), np.full(len(weights), 1 / len(weights)), _DRAWS)
    table: dict[str, Any] = {}
    for name in (name for name in _CURVES if name in paired):
        at_risk, came_true = _by_set(time_to_definition(paired, horizon, name), paired["set"], len(weights))
        drawn = times * weights
        with np.errstate(invalid="ignore", divide="ignore"):  # nobody is watched any more: the curve stays
            hazard = np.nan_to_num((drawn @ came_true) / (drawn @ at_risk))
        ends = np.quantile(np.cumprod(1 - hazard, axis=1), [(1 - level) / 2, (1 + level) / 2], axis=0)
        table |= {f"{name} {end}": row if several else np.nan for end, row in zip(("low", "high"), ends, strict=True)}
    return pd.DataFrame(table, index=pd.RangeIndex(WITHIN + 1, name="months after the end"))


def _by_set(seen: pd.DataFrame, owners: "pd.Series[int]", sets: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return of each set, a row, which share of its pairs is watched in each month, and has it come true then."""
    months = np.arange(WITHIN + 1)
    owner = owners.loc[seen.index].to_numpy(dtype=int)
    until, true = seen["months"].to_numpy()[:, None], seen["came_true"].to_numpy(dtype=bool)[:, None]
    tables = []
    for which in (until >= months, true & (until == months)):
        total = np.zeros((sets, len(months)))
        np.add.at(total, owner, which)
        tables.append(total / np.maximum(np.bincount(owner, minlength=sets), 1)[:, None])
    return tables[0], tables[1]


def restricted_means(paired: pd.DataFrame, weights: NDArray[np.float64], horizon: int) -> "pd.Series[float]":
    """Return the mean time to each definition, months, with 24 for those that never came true (restricted mean).

    Parameters
    ----------
    paired, weights, horizon
        As for :func:`curves`.
    """
    from lifelines.utils import restricted_mean_survival_time as restricted

    fitted = _fitted(paired, weights, horizon)
    return pd.Series({name: restricted(curve, t=WITHIN) for name, curve in fitted.items()}, dtype=float)


def _fitted(paired: pd.DataFrame, weights: NDArray[np.float64], horizon: int) -> dict[str, Any]:
    """Return the fitted curve of each definition, with the end and without."""
    from lifelines import KaplanMeierFitter

    fitted = {}
    for name in (name for name in _CURVES if name in paired):
        seen = time_to_definition(paired, horizon, name)
        owners = paired.loc[seen.index, "set"]
        shares = weights[owners.to_numpy(dtype=int)] / owners.map(owners.value_counts()).to_numpy()
        with warnings.catch_warnings():  # lifelines warns of weights that are no counts; only the curve is used
            warnings.simplefilter("ignore")
            fitter = KaplanMeierFitter()
            fitted[name] = fitter.fit(seen["months"], seen["came_true"], weights=shares * len(seen))
    return fitted
