"""The parameter sets that an experiment is made over."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from sim.analysis.estimates import few, worth
from sim.calibration.points import admitted
from sim.calibration.retained import NAME, shipped_sets
from sim.engine.blocks import Trunk
from sim.engine.ensemble import SERIES, States
from sim.engine.mesa.single_run import Run, run
from sim.scenario import Problem, Scenario, ScenarioError
from sim.scenario.source import Source, source_of
from sim.scenario.values import ORDERINGS

_WEIGHED = {name for ordering in ORDERINGS for name in ordering.weights}
_GOLDEN = (5.0**0.5 - 1.0) / 2.0


@dataclass(frozen=True, eq=False)
class Sets:
    """Parameter sets.

    Attributes
    ----------
    values
        A row a set, numbered from 0; a column a parameter.
    weights
        One a set; they sum to 1.
    source
        Where they come from.
    states
        Where runs with these sets set out from, one a set; from January 2019 where there are none.
    """

    values: pd.DataFrame
    weights: NDArray[np.float64]
    source: Source
    states: States | None = None

    def __len__(self) -> int:
        return len(self.values)

    def __str__(self) -> str:
        """Return in words which they are."""
        many = "1 parameter set" if len(self) == 1 else f"{len(self):,} parameter sets"
        return f"parameters: {self.source}" if self.values.columns.empty else f"{many}: {self.source}"

    def some(self, count: int | None, seed: int) -> "Sets":
        """Return so many of them, drawn by their weights with a seed; all where not said or where there are fewer."""
        if count is None or count >= len(self):
            return self
        drawn = np.sort(np.random.default_rng(seed).choice(len(self), count, replace=False, p=self.weights))
        return given(self.values.iloc[drawn], self.source, self.states and self.states.some(drawn))

    @property
    def caveat(self) -> str:
        """What a reader has to know of intervals over these sets; empty where they are enough."""
        return few(len(self), worth(self.weights))


def standing(count: int | None = None, seed: int = 0) -> Sets:
    """Return the retained sets that travel with the package, all or some.

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
                f"sim/calibration/{NAME}",
                fix="install driftback again, or ask for the hand-set defaults: --defaults, in Python defaults=True",
            )
        ]) from None  # fmt: skip
    return Sets(kept.sets.reset_index(drop=True), kept.weights, Source.RETAINED).some(count, seed)


def over(
    *scenarios: Scenario,
    count: int | None = None,
    seed: int = 0,
    defaults: bool = False,
    points: pd.DataFrame | None = None,
    sets: Sets | None = None,
) -> Sets:
    """Return the parameter sets that the runs of scenarios, or of the points of a sweep, are simulated over.

    Those that break an ordering of goals that the article states, together with what the scenarios or the points give,
    are left out: all scenarios and all points have the same sets.

    Parameters
    ----------
    count
        So many of the retained sets, drawn with the seed; all where not said.
    defaults
        The hand-set defaults instead.
    sets
        The sets to choose among; the retained ones where not said.

    Raises
    ------
    ValueError
        If a number of sets is asked for beside the defaults, or none keeps the orderings.
    """
    if defaults:
        if count is not None:
            raise ValueError("ask for a number of parameter sets or for the hand-set defaults, not for both")
        return HAND_SET
    sets = sets or standing()
    fits = np.all([_fitting(scenario, sets, points) for scenario in scenarios], axis=0)
    if not fits.any():
        raise ValueError(
            "no retained parameter set keeps the ordering of goals that the article states beside these weights: "
            "change them, give the other weights of the ordering too, or ask for the hand-set defaults"
        )
    if fits.all():
        return sets.some(count, seed)
    weights = sets.weights[fits] / sets.weights[fits].sum()
    states = sets.states and sets.states.some(np.flatnonzero(fits))
    return Sets(sets.values[fits].reset_index(drop=True), weights, sets.source, states).some(count, seed)


def _fitting(scenario: Scenario, sets: Sets, points: pd.DataFrame | None) -> NDArray[np.bool_]:
    """Return which sets keep the orderings of goals beside what a scenario gives, and at every point."""
    if points is None or not _WEIGHED.intersection(points):
        return admitted(scenario, sets.values.drop(columns=list(scenario.parameters), errors="ignore"))
    return np.array([keeps.all() for keeps in _by_set(scenario, sets, points)])


def admissible(scenario: Scenario, points: pd.DataFrame, defaults: bool) -> NDArray[np.bool_]:
    """Return which points keep the orderings of goals with some parameter set, or with the hand-set defaults."""
    admitted = np.zeros(len(points), dtype=bool)
    for keeps in _by_set(scenario, HAND_SET if defaults else standing(), points):
        admitted |= keeps
    return admitted


def _by_set(scenario: Scenario, sets: Sets, points: pd.DataFrame) -> Iterator[NDArray[np.bool_]]:
    """Yield for each set which points keep the orderings of goals, with that set for what they do not give."""
    own = sets.values[[name for name in sets.values if name in _WEIGHED]]
    for row in own.to_dict("records"):
        yield admitted(scenario, points, {str(name): value for name, value in row.items()})


def given(values: pd.DataFrame, source: Source, states: States | None = None) -> Sets:
    """Return sets that count alike."""
    weights = np.full(len(values), 1.0 / len(values))
    return Sets(values.reset_index(drop=True).astype("float64"), weights, source, states)


HAND_SET = given(pd.DataFrame(index=[0]), Source.DEFAULTS)  # one set that gives nothing: the register's defaults stand


def of_runs(sets: Sets, numbers: ArrayLike, scenario: Scenario) -> dict[str, NDArray[np.float64]]:
    """Return the parameters of runs: each has one of the sets, which one its number alone decides.

    What the scenario itself gives stands. Any many runs in a row are spread over all sets evenly, by weight (a Weyl
    sequence with the golden ratio).
    """
    return of_places(sets, places_of(sets, numbers), scenario)


def of_places(sets: Sets, places: NDArray[np.int64], scenario: Scenario) -> dict[str, NDArray[np.float64]]:
    """Return the parameters of runs that have the sets at these places; what the scenario itself gives stands."""
    return taken_at(sets.values.drop(columns=list(scenario.parameters), errors="ignore"), places)


def taken_at(values: pd.DataFrame, places: NDArray[np.int64]) -> dict[str, NDArray[np.float64]]:
    """Return numbers by name, a value a run, where runs have the rows at these places."""
    return dict(zip(map(str, values), values.to_numpy(np.float64)[places].T, strict=True))


def places_of(sets: Sets, numbers: ArrayLike) -> NDArray[np.int64]:
    """Return which of the sets runs have."""
    steps = (0.5 + np.asarray(numbers, dtype=np.float64) * _GOLDEN) % 1.0
    places = np.searchsorted(np.cumsum(sets.weights), steps)
    return np.minimum(places, len(sets) - 1)  # the weights may sum to a little less than 1


def start_of(sets: Sets, numbers: ArrayLike, kept: Sequence[str] = SERIES) -> Trunk | None:
    """Return where runs set out from, with the months before; None where they begin in January 2019."""
    return start_at(sets, places_of(sets, numbers), kept)


def start_at(sets: Sets, places: NDArray[np.int64], kept: Sequence[str] = SERIES) -> Trunk | None:
    """Return where runs of the sets at these places set out from; None where they begin in January 2019."""
    return None if sets.states is None else sets.states.trunk(places, kept)


def of_run(scenario: Scenario, number: int, sets: Sets) -> Scenario:
    """Return a scenario as the run of this number has it, with its parameter set; what the scenario gives stands."""
    own = {name: float(value) for name, (value,) in of_runs(sets, [number], scenario).items()}
    return scenario.with_(parameters=own) if own else scenario


def run_of(scenario: Scenario, seed: int, number: int, sets: Sets) -> Run:
    """Simulate the world of a number in the Mesa engine, with its parameter set."""
    return run(of_run(scenario, number, sets), seed, number, source_of(scenario, sets.source), start_of(sets, [number]))
