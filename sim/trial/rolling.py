"""Forecasts as of earlier months, scored on what the record says up to August 2024.

Every six months from July 2021 on: particles begin with draws of the prior ranges, not with the retained sets, for those
know all of the hindcast; they are filtered by what was known then. The rules, the ranges, the border's path to that month,
and how the codings err are those of today, and come from the whole hindcast.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from sim.article import record
from sim.calibration import filtering
from sim.calibration.filtering import FilterSettings
from sim.calibration.matching import prior
from sim.calibration.measurements import Discrepancy
from sim.calibration.parameter_sets import given
from sim.model import months
from sim.scenario.source import Source
from sim.trial import scores
from sim.trial.forecasts import FINE, FINELY, MODEL, Values, forecasts
from sim.trial.questions import SITTING, questions
from sim.trial.references import facts

ORIGINS = ("2021-07", "2022-01", "2022-07", "2023-01", "2023-07")
NEAREST = 3  # months ahead
HORIZONS = {"3 to 5": (3, 5), "6 to 11": (6, 11), "12 to 24": (12, SITTING), "6 to 24": (6, SITTING)}
BLOCK, RESAMPLED = 6, 2_000  # months of a block of targets; bootstrap samples
INTERVALS = (0.5, 0.8, 0.95)
_PRIOR = 4_096  # draws


@dataclass(frozen=True)
class Rolling:
    """How much is done at each origin: particles of the filter, and runs of each state that it hands on."""

    particles: int = 8_192
    runs: int = 4


def rolled(size: Rolling, seed: int, jobs: int = 1, origins: tuple[str, ...] = ORIGINS) -> pd.DataFrame:
    """Return all forecasts for which there is a fact, with their scores.

    Returns
    -------
    frame
        As :func:`sim.trial.scores.scored`, with the ``origin``, the ``target`` (the last month that is asked about) and
        the ``horizon`` in months.
    """
    parts = []
    for origin in origins:
        as_of = months.index(origin)
        to = min(as_of + SITTING, months.index(record.LAST))
        sets = given(prior([seed, as_of], _PRIOR), Source.PRIOR)
        found = filtering.filtered(origin, seed, FilterSettings(size.particles), jobs, sets=sets)
        learnt = filtering.learnt(filtering.world(origin), sets, seed, jobs)
        parts.append(_scored(forecasts(found.sets, learnt, to, size.runs, seed, jobs), as_of, to))
    return pd.concat(parts, ignore_index=True)


def _scored(table: pd.DataFrame, as_of: int, to: int) -> pd.DataFrame:
    asked = [question for question in questions(as_of, to) if question.last - as_of >= NEAREST]
    targets = {question.id: question.last for question in asked}
    found = scores.scored(table[table["id"].isin(targets)], facts(asked))
    fine = found[["id", "forecaster"]].merge(table[["id", "forecaster", *FINELY]])[list(FINELY)].to_numpy(np.float64)
    target, figures = found["id"].map(targets), found["fact"].to_numpy(np.float64)
    return found.assign(
        origin=months.name(as_of), target=target, horizon=target - as_of, **spread_scores(fine, figures)
    )


def spread_scores(quantiles: Values, facts: Values) -> dict[str, Values]:
    """Return the scores of quantiles (a row a figure, a column a level of :data:`sim.trial.forecasts.FINE`).

    Rows without quantiles have none.

    Returns
    -------
    dict
        ``WIS``, the weighted interval score, which is twice the mean loss of the quantiles (Bracher et al. 2021); ``PIT``,
        the level at which the fact lies; ``off``, by how much the median is off; and which :data:`INTERVALS` hold it.
    """
    import scoringrules

    levels = np.array(FINE)
    found = {
        "WIS": scoringrules.crps_quantile(facts, quantiles, levels, backend="numpy"),
        "PIT": np.array([np.interp(fact, row, levels, 0.0, 1.0) for fact, row in zip(facts, quantiles, strict=True)]),
        "off": np.abs(facts - quantiles[:, FINE.index(0.5)]),
    }
    for share in INTERVALS:
        low, high = (quantiles[:, FINE.index(round(0.5 + side * share / 2.0, 3))] for side in (-1, 1))
        found[f"{100 * share:.0f}%"] = ((low <= facts) & (facts <= high)).astype(float)
    known = np.isfinite(quantiles[:, 0])
    return {name: np.where(known, values, np.nan) for name, values in found.items()}
