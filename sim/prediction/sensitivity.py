"""Which numbers move the effect of the war's end: Morris's and Sobol's indices of a sweep, with their intervals.

A point's mean over its runs has noise, and noise alone gives every number an index. Two halves of a point's runs differ
by nothing else, so they say what index a number would have that does nothing (a *dummy*), and how much of the spread of
the points is noise. All points share the chance of their runs; what shifts all points alike moves no index and is taken
out.
"""

import numpy as np
import pandas as pd

from sim.analysis.intervals import NORMAL
from sim.inference.designs import problem
from sim.storage.study_errors import StudyError
from sim.studies.study import Study

MEASURE = "effect_of_the_end"
DUMMY = "(does nothing)"
_STEP = 2.0 / 3.0  # of Morris's trajectories, which have four levels
INDEX = {"morris": ("mu_star", "mu_star_conf"), "sobol": ("ST", "ST_conf")}


def indices(study: Study) -> pd.DataFrame:
    """Return the indices of every factor for :data:`MEASURE`, the largest first.

    Returns
    -------
    frame
        By factor, and for :data:`DUMMY` where points have runs enough to tell. Morris: ``mu_star`` (mean absolute step)
        with the half-width of its 95% interval ``mu_star_conf``, ``mu`` and ``sigma``. Sobol: ``S1`` and ``ST`` with
        ``S1_conf`` and ``ST_conf``. And ``rank``: factors whose intervals overlap with that of the factor before
        them share its rank, for chance alone may order them.

    Raises
    ------
    StudyError
        If the study's design has no such indices, or if a point has no run that could be judged.
    """
    design = study.store.manifest["design"]
    if design not in INDEX:
        raise StudyError(
            f"{study.folder} has a {design} design, and indices need design: morris or design: sobol. "
            "`sim sweep sensitivity-morris` makes one"
        )
    points = study.design
    means = study.outcomes.groupby("point")[MEASURE].mean().reindex(points.index)
    if means.isna().any():
        raise StudyError(
            f"{int(means.isna().sum())} of {len(means)} points have no run that was judged, so no index can be "
            "computed. Let the study go on, or choose an earlier end of the war"
        )
    values = means.to_numpy(np.float64)
    frame, halves = _analysed(design, points, values), _halves(study)
    if np.isfinite(halves).all():
        frame.loc[DUMMY] = _dummy(design, halves / 2.0**0.5, values, len(points.columns))
    value, half = INDEX[design]
    frame = frame.sort_values(value, ascending=False)
    return frame.assign(rank=_ranks(frame[value].to_numpy(), frame[half].to_numpy()))


def noise_share(study: Study) -> float:
    """Return how much of the variance between points is noise between runs, 0 to 1; NaN where nothing tells."""
    means = study.outcomes.groupby("point")[MEASURE].mean()
    return min(float(np.var(_halves(study)) / 4.0 / np.var(means)), 1.0)


def _halves(study: Study) -> "np.ndarray":
    """Return by how much the halves of each point's runs differ in their means, less what all points have alike."""
    runs = study.outcomes[["point", MEASURE]].dropna()
    second = runs.groupby("point").cumcount() % 2 == 1
    one, other = (runs[half].groupby("point")[MEASURE].mean().reindex(study.design.index) for half in (~second, second))
    apart = (one - other).to_numpy(np.float64)
    return np.asarray(apart - apart.mean())


def _dummy(design: str, steps: "np.ndarray", values: "np.ndarray", factors: int) -> list[float]:
    """Return the indices of a factor whose steps are noise alone, with intervals of as many steps as a factor has."""
    if design == "morris":
        effects, count = steps / _STEP, len(steps) / (factors + 1)
        star = np.abs(effects)
        return [star.mean(), NORMAL * star.std() / count**0.5, effects.mean(), effects.std()]
    whole, count = np.var(values), len(steps) / (factors + 2)
    first, total = (values - values.mean()) * steps / whole, steps**2 / 2.0 / whole
    return [first.mean(), NORMAL * first.std() / count**0.5, total.mean(), NORMAL * total.std() / count**0.5]


def _analysed(design: str, points: pd.DataFrame, values: "np.ndarray") -> pd.DataFrame:
    from SALib.analyze import morris, sobol

    if design == "morris":
        said = morris.analyze(problem(map(str, points)), points.to_numpy(np.float64), values, seed=0)
        kept = ("mu_star", "mu_star_conf", "mu", "sigma")
    else:
        said = sobol.analyze(problem(map(str, points)), values, calc_second_order=False, seed=1)  # it takes 0 for none
        kept = ("S1", "S1_conf", "ST", "ST_conf")
    return pd.DataFrame({name: np.asarray(said[name], dtype=np.float64) for name in kept}, index=list(points))


def _ranks(values: "np.ndarray", halves: "np.ndarray") -> list[int]:
    """Return ranks of falling values; a factor whose interval reaches the one before it shares its rank."""
    ranks = [1] if len(values) else []
    for place in range(1, len(values)):
        apart = values[place] + halves[place] < values[place - 1] - halves[place - 1]
        ranks.append(place + 1 if apart else ranks[-1])
    return ranks
