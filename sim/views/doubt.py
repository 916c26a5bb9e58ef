"""The words about calibration that stand beside whatever is shown."""

import numpy as np

from sim.engine.ensemble import Ensemble
from sim.experiments.retained import uncertain
from sim.experiments.sets import DEFAULTS, Sets, few, owners_of, worth
from sim.scenario.schema import Scenario

UNCALIBRATED = "Uncalibrated: every parameter is a hand-set default, so read the shapes and not the numbers."
ONE_SET = "Uncalibrated: told with one of the parameter sets that history to August 2024 has not ruled out."
OPEN = "Uncalibrated in the strict sense: what history to August 2024 leaves open is spread out, not settled."


def of_world(scenario: Scenario) -> str:
    """Return the words for one world."""
    return ONE_SET if scenario.parameters.keys() >= set(uncertain()) else UNCALIBRATED


def of_many(many: Ensemble) -> str:
    """Return the words for an ensemble."""
    return OPEN if many.parameters else UNCALIBRATED


def of_sets(sets: Sets) -> str:
    """Return the words for what was lived over some sets, and of its intervals where the sets are few."""
    said = UNCALIBRATED if sets.source == DEFAULTS else OPEN
    return f"{said} Intervals of means are {sets.caveat}." if sets.caveat else said


def at_length(many: Ensemble) -> str:
    """Return what the interval of an ensemble's effect holds, and what it does not."""
    if many.parameters:
        runs = np.bincount(owners_of(many))
        caveat = few(len(runs), worth(runs))
        holds = f"is {caveat}" if caveat else "holds both the noise between runs and what history leaves open"
        return (
            f"{OPEN} Each world has one of the sets that are left, so the interval {holds}; what other readings of the "
            "article would change is not in it."
        )
    return (
        "Uncalibrated: every parameter is a hand-set default, so read directions and not sizes. The interval is the "
        "noise between runs alone; what other parameters or other readings of the article would change is not in it."
    )
