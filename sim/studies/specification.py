"""A sweep: what is asked. The points of a design, many runs at each, and when they are enough."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TypedDict, Unpack

import numpy as np
import pandas as pd

from sim.engine.draws import check_seed
from sim.engine.ensemble import SERIES
from sim.engine.experiment import Experiment
from sim.engine.sets import HAND_SET, Sets
from sim.inference.designs import DESIGNS, DROPPING, Factor
from sim.inference.parameter_sets import admissible, retained_sets, sets_for
from sim.inference.points import bound, is_lever, problems, scenario_at, telling
from sim.model.moves import MOVE_FIELDS
from sim.scenario import Scenario, ScenarioError, loads
from sim.scenario.errors import suggest
from sim.scenario.source import Source, source_of
from sim.scenario.values import ORDERINGS
from sim.studies.layout import AT_ONCE, LARGEST, Layout, Part
from sim.studies.stopping import ROUND, Until
from sim.studies.store import Store
from sim.studies.worker import Task, part_rests_on

KEPT = (*SERIES, *MOVE_FIELDS)  # what months can be kept of


@dataclass(frozen=True, eq=False)
class Sweep:
    """What is asked: everything that decides the results.

    Attributes
    ----------
    points
        A row a point, a column a factor.
    left_out
        Points of the design that break an ordering of goals that the article states.
    runs
        Replicates of each point, at most.
    until
        When fewer are enough; None where all are wanted.
    count, defaults
        How many of the retained sets (all where not said), or the hand-set defaults.
    as_of
        What its runs set out from: a month or a folder of states; January 2019 where not said.
    series
        States, measures and levers whose months are kept beside the outcomes.
    """

    name: str
    question: str
    reading: str
    scenario: Scenario
    design: str
    points: pd.DataFrame
    runs: int
    seed: int
    until: Until | None = None
    left_out: int = 0
    count: int | None = None
    defaults: bool = False
    as_of: str | None = None
    series: tuple[str, ...] = ()

    @cached_property
    def sets(self) -> Sets:
        """The parameter sets that every point is simulated over."""
        among = HAND_SET if self.defaults else None
        if self.as_of and not self.defaults:
            from sim.inference.known_states import sets_as_of  # here, for it loads what filters

            among = sets_as_of(self.as_of)
            Experiment(self.scenario, among).plan_from_start()
        return sets_for(self.scenario, points=self.points, sets=among).some(self.count, self.seed)

    @property
    def sets_digest(self) -> str:
        """The SHA-256 of those sets."""
        return _digest(self.sets.values.assign(weight=self.sets.weights))

    @property
    def source(self) -> Source:
        """Where the uncertain numbers come from."""
        return source_of(self.scenario, self.sets.source, map(str, self.points))

    @property
    def units(self) -> int | None:
        """How many parameter sets the runs of a point share; None where they all have the same numbers."""
        alone = len(self.sets) == 1 or self.source in (Source.PRIOR, Source.SCENARIO)
        return None if alone else len(self.sets)

    @property
    def layout(self) -> Layout:
        """How its runs are numbered and cut into parts."""
        step = min(ROUND, self.runs) if self.until else self.runs
        return Layout(len(self.points), self.runs, step, AT_ONCE if self.series else LARGEST, bool(self.until))

    @property
    def duplicates(self) -> int:
        """Points that repeat an earlier one."""
        return int(self.points.duplicated().sum())

    def asked(self) -> dict[str, object]:
        """Return the question as the manifest keeps it."""
        return {
            "kind": "sweep",
            "name": self.name,
            "question": self.question,
            "reading": self.reading,
            "calibrated": False,
            "scenario": self.scenario.to_yaml(),
            "design": self.design,
            "factors": list(self.points),
            "design_digest": _digest(self.points),
            "points": len(self.points),
            "left_out": self.left_out,
            "runs": self.runs,
            "step": self.layout.step,
            "largest": self.layout.largest,
            "growing": self.layout.growing,
            "until": vars(self.until) if self.until else None,
            "seed": self.seed,
            "sets": self.count,
            "defaults": self.defaults,
            "as_of": self.as_of,
            "series": list(self.series) or None,
            "sets_digest": self.sets_digest,
            "sets_lived_over": len(self.sets),
            "source": self.source.name.lower(),
        }

    def task(self, part: Part, layout: Layout | None = None) -> Task:
        """Return a part as a task.

        Parameters
        ----------
        layout
            How the study numbers its runs that the part is of; as a study that begins now where not said.
        """
        layout = layout or self.layout
        (first, last), _ = layout.places(np.array([part.first, part.stop - 1]))
        points = self.points.loc[first:last]
        return Task(self.scenario.to_yaml(), points, self.seed, part_rests_on(), layout, part, self.sets, self.series)


class How(TypedDict, total=False):
    """How points are simulated, and what the sweep is called.

    Attributes
    ----------
    sets, defaults
        What is not varied and not given by the scenario is simulated over so many retained sets (all where not said),
        or has the hand-set defaults.
    until, as_of, series
        As in :class:`Sweep`.
    """

    until: Until | None
    name: str
    question: str
    reading: str
    sets: int | None
    defaults: bool
    as_of: str | None
    series: Sequence[str]


def sweep_by_design(
    scenario: Scenario,
    vary: Mapping[str, Factor],
    design: str = "factorial",
    points: int | None = None,
    runs: int = 100,
    seed: int = 0,
    **how: Unpack[How],
) -> Sweep:
    """Return a sweep whose points a design chooses.

    Raises
    ------
    ValueError
        If the design cannot be made from the factors.
    ScenarioError
        If a factor takes a value that a scenario may not have; everything wrong is told in one pass.
    """
    check_seed(seed)
    if not vary:
        raise ValueError("nothing is varied: name at least one factor")
    vary = {key: bound(key, factor) for key, factor in vary.items()}
    faults = [fault for key, factor in vary.items() for fault in problems(scenario, key, factor.telling)]
    if faults:
        raise ScenarioError(faults)
    chosen = DESIGNS[design](vary, points, seed, scenario.fixed, scenario.correlations)
    return _sweep(scenario, chosen, design, runs, seed, **how)


def sweep_over_points(
    scenario: Scenario, points: pd.DataFrame, runs: int = 100, seed: int = 0, **how: Unpack[How]
) -> Sweep:
    """Return a sweep over points that are given: a column a factor, a row a point; see :func:`sweep_by_design`.

    Raises
    ------
    ValueError
        If there are no points, or one breaks an ordering of goals that the article states.
    ScenarioError
        If a factor takes a value that a scenario may not have.
    """
    check_seed(seed)
    if points.empty:
        raise ValueError("there are no points")
    if faults := [fault for key in points for fault in problems(scenario, str(key), telling(points[key]))]:
        raise ScenarioError(faults)
    return _sweep(scenario, points, "given", runs, seed, **how)


def _sweep(scenario: Scenario, points: pd.DataFrame, design: str, runs: int, seed: int, **how: Unpack[How]) -> Sweep:
    series, defaults = how.get("series", ()), how.get("defaults", False)
    if runs < 1:
        raise ValueError("give at least one run a point")
    for name in series:
        if name not in KEPT:
            raise ValueError(f"no series {name!r}{suggest(name, KEPT)}")
    levers = [key for key in points if is_lever(str(key))]
    if len(levers) > 1:  # each is right by itself; together they may hold one lever at two options
        for point in points[levers].drop_duplicates().to_dict("records"):
            scenario_at(scenario, {str(key): value for key, value in point.items()})
    keep = admissible(scenario, points, HAND_SET if defaults else retained_sets())
    if not keep.all() and design not in DROPPING:
        says = " and ".join(ordering.says for ordering in ORDERINGS)
        raise ValueError(
            f"{(~keep).sum()} of {len(keep)} points break an ordering that the article states ({says}), the first of "
            f"them point {int(np.flatnonzero(~keep)[0]) + 1}: change the weights there"
        )
    if not keep.any():
        raise ValueError("every point breaks an ordering that the article states: change the ranges of the weights")
    kept = points[keep].reset_index(drop=True)
    kept.index.name = "point"
    asked = Sweep(
        how.get("name") or f"sweep of {scenario.name}", how.get("question", ""), how.get("reading", ""), scenario,
        design, kept, runs, seed, how.get("until"), int((~keep).sum()), how.get("sets"), defaults, how.get("as_of"),
        tuple(dict.fromkeys(series)),
    )  # fmt: skip
    _ = asked.sets  # so that what is wrong with them is told before anything is computed
    return asked


def stored_sweep(store: Store) -> Sweep:
    """Return the sweep that the study in a folder was begun with."""
    asked = store.manifest
    until = Until(**asked["until"]) if asked["until"] else None
    return Sweep(
        asked["name"], asked["question"], asked["reading"], loads(asked["scenario"]), asked["design"], store.design,
        asked["runs"], asked["seed"], until, asked["left_out"],
        # none of these was said up to 0.1.0
        asked.get("sets"), asked.get("defaults", True), asked.get("as_of"), tuple(asked.get("series") or ()),
    )  # fmt: skip


def _digest(points: pd.DataFrame) -> str:
    return hashlib.sha256(points.to_csv().encode()).hexdigest()
