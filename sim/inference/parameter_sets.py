"""Which parameter sets an experiment is made over."""

from collections.abc import Iterator

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.engine.sets import HAND_SET, Sets
from sim.inference.points import keeps_orderings
from sim.inference.sets_file import NAME, shipped_sets
from sim.scenario import Problem, Scenario, ScenarioError
from sim.scenario.source import Source
from sim.scenario.values import ORDERINGS

_WEIGHED = {name for ordering in ORDERINGS for name in ordering.weights}


def retained_sets() -> Sets:
    """Return the retained sets that travel with the package.

    Raises
    ------
    ScenarioError
        If the package has none.
    """
    try:
        kept = shipped_sets()
    except FileNotFoundError:
        raise ScenarioError([
            Problem(
                "the parameter sets that history has not ruled out are missing",
                f"sim/inference/{NAME}",
                fix="install driftback again, or ask for the hand-set defaults: --defaults, in Python defaults=True",
            )
        ]) from None  # fmt: skip
    return Sets(kept.sets.reset_index(drop=True), kept.weights, Source.RETAINED)


def sets_for(*scenarios: Scenario, points: pd.DataFrame | None = None, sets: Sets | None = None) -> Sets:
    """Return the parameter sets that the runs of scenarios, or of the points of a sweep, are simulated over.

    Those that break an ordering of goals that the article states, together with what the scenarios or the points give,
    are left out: all scenarios and all points have the same sets.

    Parameters
    ----------
    points
        Of a sweep: a column a factor, a row a point.
    sets
        The sets to choose among; the retained ones where not said. The hand-set defaults are returned as they are, for
        scenarios are checked beside them when they are read.

    Raises
    ------
    ValueError
        If none keeps the orderings.
    """
    if sets is HAND_SET:
        return sets
    sets = sets or retained_sets()
    fits = np.all([_fitting(scenario, sets, points) for scenario in scenarios], axis=0)
    if not fits.any():
        raise ValueError(
            "no retained parameter set keeps the ordering of goals that the article states beside these weights: "
            "change them, give the other weights of the ordering too, or ask for the hand-set defaults"
        )
    if fits.all():
        return sets
    weights = sets.weights[fits] / sets.weights[fits].sum()
    states = sets.states and sets.states.select(fits)
    return Sets(sets.values[fits].reset_index(drop=True), weights, sets.source, states)


def _fitting(scenario: Scenario, sets: Sets, points: pd.DataFrame | None) -> NDArray[np.bool_]:
    """Return which sets keep the orderings of goals beside what a scenario gives, and at every point."""
    if points is None or not _WEIGHED.intersection(points):
        return keeps_orderings(scenario, sets.values.drop(columns=list(scenario.parameters), errors="ignore"))
    return np.array([keeps.all() for keeps in _by_set(scenario, sets, points)])


def admissible(scenario: Scenario, points: pd.DataFrame, sets: Sets) -> NDArray[np.bool_]:
    """Return which points keep the orderings of goals with some of the parameter sets."""
    admitted = np.zeros(len(points), dtype=bool)
    for keeps in _by_set(scenario, sets, points):
        admitted |= keeps
    return admitted


def _by_set(scenario: Scenario, sets: Sets, points: pd.DataFrame) -> Iterator[NDArray[np.bool_]]:
    """Yield for each set which points keep the orderings of goals, with that set for what they do not give."""
    own = sets.values[[name for name in sets.values if name in _WEIGHED]]
    for row in own.to_dict("records"):
        yield keeps_orderings(scenario, points, {str(name): value for name, value in row.items()})
