"""Which numbers move the effect of the war's end: Morris's and Sobol's indices of a sweep, with their intervals."""

import numpy as np
import pandas as pd

from sim.calibration.designs import problem
from sim.storage.errors import StudyError
from sim.studies.study import Study

MEASURE = "effect_of_the_end"
INDEX = {"morris": ("mu_star", "mu_star_conf"), "sobol": ("ST", "ST_conf")}


def indices(study: Study, measure: str = MEASURE) -> pd.DataFrame:
    """Return the indices of every factor, the largest first.

    Returns
    -------
    frame
        By factor. Morris: ``mu_star`` (mean absolute step) with the half-width of its 95% interval ``mu_star_conf``,
        ``mu`` and ``sigma``. Sobol: ``S1`` and ``ST`` with ``S1_conf`` and ``ST_conf``. And ``rank``: factors whose
        intervals overlap with that of the factor before them share its rank, for chance alone may order them.

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
    means = study.outcomes.groupby("point")[measure].mean().reindex(points.index)
    if means.isna().any():
        raise StudyError(
            f"{int(means.isna().sum())} of {len(means)} points have no run that was judged, so no index can be "
            "computed. Let the study go on, or choose an earlier end of the war"
        )
    found = _analysed(design, points, means.to_numpy(np.float64))
    value, half = INDEX[design]
    found = found.sort_values(value, ascending=False)
    return found.assign(rank=_ranks(found[value].to_numpy(), found[half].to_numpy()))


def _analysed(design: str, points: pd.DataFrame, values: "np.ndarray") -> pd.DataFrame:
    asked = problem({str(name): None for name in points})  # type: ignore[misc]  # SALib wants names and unit bounds
    if design == "morris":
        from SALib.analyze import morris

        said = morris.analyze(asked, points.to_numpy(np.float64), values, seed=0)
        kept = ("mu_star", "mu_star_conf", "mu", "sigma")
    else:
        from SALib.analyze import sobol

        said = sobol.analyze(asked, values, calc_second_order=False, seed=0)
        kept = ("S1", "S1_conf", "ST", "ST_conf")
    return pd.DataFrame({name: np.asarray(said[name], dtype=np.float64) for name in kept}, index=list(points))


def _ranks(values: "np.ndarray", halves: "np.ndarray") -> list[int]:
    """Return ranks of falling values; a factor whose interval reaches the one before it shares its rank."""
    ranks = [1] if len(values) else []
    for place in range(1, len(values)):
        apart = values[place] + halves[place] < values[place - 1] - halves[place - 1]
        ranks.append(place + 1 if apart else ranks[-1])
    return ranks
