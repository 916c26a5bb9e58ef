"""What is simulated, as one value that everything is asked of: a scenario, parameter sets, a seed, runs."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.engine import blocks
from sim.engine.blocks import PlannedRuns
from sim.engine.concurrency import default_jobs
from sim.engine.ensemble import SERIES, Ensemble, Pair
from sim.engine.mesa import single_run
from sim.engine.mesa.single_run import Run
from sim.engine.plan import Plan, plan_of
from sim.engine.scenario_draws import ScenarioDraws
from sim.engine.sets import HAND_SET, Sets
from sim.engine.start_state import StartState
from sim.model import months
from sim.model.world import WORLD_FIELDS
from sim.scenario.plain_data import NO_END, derived_name
from sim.scenario.schema import Scenario
from sim.scenario.source import Source, source_of
from sim.scenario.values import resolve

ByRun = Mapping[str, NDArray[np.float64]]  # by name of a parameter a value a run


@dataclass(frozen=True, eq=False)
class Experiment:
    """What is simulated; asking simulates.

    Attributes
    ----------
    scenario
        What happens from outside, and when the war ends.
    sets
        Where the numbers come from that the scenario does not give; the hand-set defaults where not said.
    seed
        A whole number from 0; with the number of a run it fixes all chance.
    runs
        The numbers of the runs.
    jobs
        Threads, all cores where not said; the results are the same for any number.
    owners
        The place of each run's parameter set; where not said, the number of a run alone decides it
        (:meth:`Sets.places_of`).
    varied
        Parameters that are laid over those of the scenario and the sets, a value a run.

    Examples
    --------
    >>> from sim.scenario import load
    >>> Experiment(load("war-ends-early"), seed=7, runs=range(3)).ensemble().war_end.tolist()
    [72, 72, 72]
    """

    scenario: Scenario
    sets: Sets = HAND_SET
    seed: int = 0
    runs: range | NDArray[np.int64] = range(1)
    jobs: int | None = None
    owners: NDArray[np.int64] | None = None
    varied: ByRun = field(default_factory=dict)

    def __post_init__(self) -> None:
        by_run = (*self.varied.values(), *(() if self.owners is None else (self.owners,)))
        if any(len(values) != len(self.runs) for values in by_run):
            raise ValueError("owners and varied parameters have a value a run: give them anew with other runs")

    def __len__(self) -> int:
        return len(self.runs)

    # --- Asked

    def run(self, number: int) -> Run:
        """Simulate one of the runs in the Mesa engine, with every decision.

        Parameters
        ----------
        number
            Of the run.

        Raises
        ------
        KeyError
            If it is none of the runs.
        ValueError
            As for :meth:`plan_from_start`.

        Examples
        --------
        >>> import sim
        >>> asked = sim.experiment("war-ends-early", runs=3, seed=7)
        >>> asked.run(2).number
        2
        """
        scenario, alone = self.scenario_of(number), self.select(np.array([self.place_of(number)]))
        alone.plan_from_start()
        return single_run.simulate_run(scenario, self.seed, number, self.source, alone.start())

    def ensemble(self, kept: tuple[str, ...] = SERIES) -> Ensemble:
        """Simulate all runs, by whichever engine is the faster.

        Parameters
        ----------
        kept
            The states and measures to record.

        Raises
        ------
        ValueError
            As for :meth:`plan_from_start`.

        Examples
        --------
        >>> import sim
        >>> asked = sim.experiment("war-ends-early", runs=3, seed=7)
        >>> len(asked.ensemble())
        3
        """
        block = blocks.simulate(replace(self.planned_runs, start=self.start(kept)), workspace_rows(kept))
        return _ensemble_of(self, block, kept)

    def with_control(self, kept: tuple[str, ...] = SERIES) -> Pair:
        """Simulate all runs beside their controls: the same without an end of the war. Shared months are done once.

        Parameters
        ----------
        kept
            The states and measures to record.

        Raises
        ------
        ValueError
            As for :meth:`plan_from_start`.

        Examples
        --------
        >>> import sim
        >>> asked = sim.experiment("war-ends-early", runs=3, seed=7)
        >>> [side.war_end.tolist() for side in asked.with_control()]
        [[72, 72, 72], [1000000, 1000000, 1000000]]
        """
        return pairs_with_control([self], kept)[0]

    def versus(self, other: "Experiment", kept: tuple[str, ...] = SERIES) -> Pair:
        """Simulate the same runs of this and of another experiment, under the same chance.

        Parameters
        ----------
        other
            With the same seed and runs.
        kept
            The states and measures to record.

        Raises
        ------
        ValueError
            If seed or runs differ; and as for :meth:`plan_from_start`.

        Examples
        --------
        >>> import sim
        >>> asked = sim.experiment("war-ends-early", runs=3, seed=7)
        >>> float(asked.versus(asked).difference("reengagement").abs().max().max())
        0.0
        """
        if self.seed != other.seed or not np.array_equal(self.numbers, other.numbers):
            raise ValueError("two experiments are compared run by run: give both the same seed and the same runs")
        return Pair(self.ensemble(kept), other.ensemble(kept))

    def replace(self, **changes: object) -> "Experiment":
        """Return the experiment with other values of some attributes.

        Parameters
        ----------
        **changes
            Attributes and their values.

        Examples
        --------
        >>> import sim
        >>> asked = sim.experiment("war-ends-early", runs=3, seed=7)
        >>> asked.replace(seed=8).seed
        8
        """
        return replace(self, **changes)  # type: ignore[arg-type]

    # --- Which runs

    def runs_of_every_set(self, count: int, first: int = 0, in_turn: bool = False) -> "Experiment":
        """Return so many runs of every set, one set after the other: run k of set s has the number s * count + k.

        Parameters
        ----------
        count
            Runs of each set.
        first
            The number of the first run.
        in_turn
            One run of every set, then another of every set, and so on.

        Examples
        --------
        >>> import sim
        >>> asked = sim.experiment("war-ends-early", runs=3, seed=7)
        >>> len(asked.runs_of_every_set(2)) == 2 * len(asked.sets)
        True
        """
        places = np.arange(len(self.sets))
        owners = np.tile(places, count) if in_turn else np.repeat(places, count)
        return self.replace(runs=first + np.arange(len(owners)), owners=owners)

    def without_war_end(self) -> "Experiment":
        """Return the control: the same runs without an end of the war.

        Examples
        --------
        >>> import sim
        >>> asked = sim.experiment("war-ends-early", runs=3, seed=7)
        >>> asked.without_war_end().scenario.name
        'war ends early, without an end'
        """
        return self.replace(scenario=without_war_end(self.scenario))

    def select(self, places: NDArray[np.int64] | NDArray[np.bool_] | slice) -> "Experiment":
        """Return the runs at some places; a run may be taken more than once.

        Parameters
        ----------
        places
            Places among the runs, not their numbers: whole numbers, yes and no, or a slice.

        Examples
        --------
        >>> import sim
        >>> asked = sim.experiment("war-ends-early", runs=3, seed=7)
        >>> asked.select([2, 0]).numbers.tolist()
        [2, 0]
        """
        owners = None if self.owners is None else self.owners[places]
        varied = {name: values[places] for name, values in self.varied.items()}
        return self.replace(runs=self.numbers[places], owners=owners, varied=varied)

    def in_parts(self, size: int) -> "Iterator[Experiment]":
        """Yield the experiment with so many of its runs at a time, and once where it has none.

        Parameters
        ----------
        size
            How many runs a part has, at most.

        Examples
        --------
        >>> import sim
        >>> asked = sim.experiment("war-ends-early", runs=3, seed=7)
        >>> [len(part) for part in asked.in_parts(2)]
        [2, 1]
        """
        for first in range(0, max(len(self), 1), size):
            yield self.select(slice(first, first + size))

    @classmethod
    def concatenate(cls, parts: "Sequence[Experiment]") -> "Experiment":
        """Return parts of one experiment, which differ in their runs alone, as one.

        Parameters
        ----------
        parts
            In the order of their runs.

        Examples
        --------
        >>> import sim
        >>> asked = sim.experiment("war-ends-early", runs=3, seed=7)
        >>> asked.concatenate([*asked.in_parts(2)]).numbers.tolist()
        [0, 1, 2]
        """
        first, owners = parts[0], [part.owners for part in parts if part.owners is not None]
        varied = {name: np.concatenate([part.varied[name] for part in parts]) for name in first.varied}
        runs = np.concatenate([part.numbers for part in parts])
        return first.replace(runs=runs, owners=np.concatenate(owners) if owners else None, varied=varied)

    # --- What each run has

    @cached_property
    def numbers(self) -> NDArray[np.int64]:
        """The numbers of the runs as an array.

        Examples
        --------
        >>> import sim
        >>> sim.experiment("war-ends-early", runs=3, seed=7).numbers.tolist()
        [0, 1, 2]
        """
        return np.asarray(self.runs, dtype=np.int64)

    @property
    def runs_a_set(self) -> int:
        """How many runs each set has, where all have as many.

        Examples
        --------
        >>> import sim
        >>> asked = sim.experiment("war-ends-early", runs=3, seed=7)
        >>> asked.runs_of_every_set(2).runs_a_set
        2
        """
        return len(self) // max(len(self.sets), 1)

    @property
    def threads(self) -> int:
        """How many threads simulate.

        Examples
        --------
        >>> import sim
        >>> sim.experiment("war-ends-early", runs=3, seed=7, jobs=1).threads
        1
        """
        return self.jobs or default_jobs()

    @property
    def source(self) -> Source:
        """Where the uncertain numbers come from.

        Examples
        --------
        >>> import sim
        >>> sim.experiment("war-ends-early", runs=3, seed=7).source.name
        'RETAINED'
        """
        return source_of(self.scenario, self.sets.source)

    @cached_property
    def set_places(self) -> NDArray[np.int64]:
        """Which of the sets each run has.

        Examples
        --------
        >>> import sim
        >>> asked = sim.experiment("war-ends-early", runs=3, seed=7)
        >>> asked.set_places.shape
        (3,)
        """
        if self.owners is not None:
            return self.owners
        return self.sets.places_of(self.numbers)

    @cached_property
    def own_parameters(self) -> dict[str, NDArray[np.float64]]:
        """Parameters of the sets and varied ones, a value a run; what the scenario gives stands unless it is varied.

        Examples
        --------
        >>> import sim
        >>> asked = sim.experiment("war-ends-early", runs=3, seed=7)
        >>> asked.own_parameters["postwar_need"].shape
        (3,)
        """
        values = self.sets.values.drop(columns=list(self.scenario.parameters), errors="ignore")
        of_sets = zip(map(str, values), values.to_numpy(np.float64)[self.set_places].T, strict=True)
        return dict(of_sets) | dict(self.varied)

    @cached_property
    def parameters(self) -> dict[str, NDArray[np.float64]]:
        """All parameters that differ from run to run, a value a run; those that runs draw are among them.

        Examples
        --------
        >>> import sim
        >>> asked = sim.experiment("war-ends-early", runs=3, seed=7)
        >>> asked.parameters["postwar_need"].shape
        (3,)
        """
        return self._draws.parameters() | self.own_parameters

    @property
    def values(self) -> dict[str, NDArray[np.float64]]:
        """The numbers of the equations that differ from run to run, a value a run.

        Examples
        --------
        >>> import sim
        >>> asked = sim.experiment("war-ends-early", runs=3, seed=7)
        >>> asked.values["postwar_need"].shape
        (3,)
        """
        scenario = self.scenario
        own: dict[str, Any] = {**scenario.fixed, **self.parameters}
        values = resolve(own, scenario.without, scenario.variant)
        return {name: value for name, value in values.items() if isinstance(value, np.ndarray)}

    def scenario_of(self, number: int) -> Scenario:
        """Return the scenario as one run has it, with its own parameters and all that it draws.

        Parameters
        ----------
        number
            Of the run.

        Raises
        ------
        KeyError
            If it is none of the runs.

        Examples
        --------
        >>> import sim
        >>> ends = sim.experiment("war-ends-any-time", runs=3, seed=7)
        >>> ends.scenario_of(2).name
        'war ends any time'
        """
        place = self.place_of(number)
        (scenario,) = ScenarioDraws(self.scenario, self.seed, [number]).scenarios()
        own = {name: float(values[place]) for name, values in self.own_parameters.items()}
        return scenario.with_(parameters=own) if own else scenario

    def place_of(self, number: int) -> int:
        """Return the place of a run among the runs.

        Parameters
        ----------
        number
            Of the run.

        Raises
        ------
        KeyError
            If it is none of the runs.

        Examples
        --------
        >>> import sim
        >>> asked = sim.experiment("war-ends-early", runs=3, seed=7)
        >>> asked.select([2, 0]).place_of(0)
        1
        """
        places = np.flatnonzero(self.numbers == number)
        if not len(places):
            raise KeyError(f"run {number} is none of these runs ({self.numbers[0]} to {self.numbers[-1]})")
        return int(places[0])

    def start(self, kept: Sequence[str] = SERIES) -> StartState | None:
        """Return where the runs set out from, a state a run, with the months before; None: from January 2019.

        Parameters
        ----------
        kept
            The states and measures of the months before to show.

        Examples
        --------
        >>> import sim
        >>> sim.experiment("war-ends-early", runs=3, seed=7).start() is None
        True
        """
        if self.sets.states is None:
            return None
        return self.sets.states.select(self.set_places).with_rows([SERIES.index(name) for name in kept])

    @property
    def plan(self) -> Plan:
        """The scenario as the engines read it.

        Examples
        --------
        >>> import sim
        >>> sim.experiment("war-ends-early", runs=3, seed=7).plan.war_end[0]
        72
        """
        return _plan(self.scenario)

    def plan_from_start(self) -> Plan:
        """Return the scenario's plan, if runs can set out into it from where these do.

        Raises
        ------
        ValueError
            If the scenario is over by then, or its war is.

        Examples
        --------
        >>> import sim
        >>> sim.experiment("war-ends-early", runs=3, seed=7).plan_from_start().war_end[0]
        72
        """
        made, states = self.plan, self.sets.states
        if states is not None and (len(made.given) <= states.months or made.war_end[0] < states.months):
            what = "ends" if len(made.given) <= states.months else "sees peace"
            raise ValueError(
                f"{self.scenario.name} {what} before {months.name(states.months)}, where its runs would set out: "
                "choose an earlier month, or a scenario that goes on"
            )
        return made

    @property
    def planned_runs(self) -> PlannedRuns:
        """The runs as the engines simulate them, from January 2019.

        Examples
        --------
        >>> import sim
        >>> sim.experiment("war-ends-early", runs=3, seed=7).planned_runs.seed
        7
        """
        return PlannedRuns(self._plan_of_runs, self.seed, self.numbers, self.values, jobs=self.threads)

    @property
    def _plan_of_runs(self) -> Plan:
        return self.plan_from_start().with_drivers(self._draws.drivers())

    @property
    def _draws(self) -> ScenarioDraws:
        return ScenarioDraws(self.scenario, self.seed, self.numbers)


def pairs_with_control(experiments: Sequence[Experiment], kept: tuple[str, ...] = SERIES) -> list[Pair]:
    """Simulate experiments that differ in parameters alone, all at once, each beside its control.

    Parameters
    ----------
    experiments
        With the same runs and the same seed.
    kept
        The states and measures to record.

    Returns
    -------
    list
        An ensemble and its control for each experiment.
    """
    asked = experiments[0]
    if len(experiments) == 1:
        runs = replace(asked.planned_runs, start=asked.start(kept))
    else:  # as runs of one plan, whose numbers differ
        tiled = asked.replace(runs=np.tile(asked.numbers, len(experiments)), owners=None, varied={})
        owns = [experiment.plan.values | experiment.values for experiment in experiments]
        values = {name: np.concatenate([np.broadcast_to(own[name], len(asked)) for own in owns]) for name in owns[0]}
        runs = PlannedRuns(tiled._plan_of_runs, asked.seed, tiled.numbers, values, jobs=asked.threads)
    both = blocks.simulate_with_control(runs, workspace_rows(kept))
    simulated = zip(experiments, *(block.split(len(experiments)) for block in both), strict=True)
    return [
        Pair(_ensemble_of(experiment, one, kept), _ensemble_of(experiment.without_war_end(), control, kept))
        for experiment, one, control in simulated
    ]


def without_war_end(scenario: Scenario) -> Scenario:
    """Return the scenario without an end of the war.

    Parameters
    ----------
    scenario
        Any.
    """
    return scenario.with_(name=derived_name(scenario.name, ", without an end"), war={"ends": NO_END})


def workspace_rows(kept: Sequence[str]) -> tuple[str, ...]:
    """Return the rows of the workspace that hold these states and measures.

    Parameters
    ----------
    kept
        Names of states and measures.
    """
    return tuple(f"{'world' if name in WORLD_FIELDS else 'measure'}.{name}" for name in kept)


@lru_cache(maxsize=64)
def _plan(scenario: Scenario) -> Plan:
    return plan_of(scenario)


def _ensemble_of(experiment: Experiment, block: blocks.Block, kept: tuple[str, ...]) -> Ensemble:
    return Ensemble(experiment, block.war_end, block.series, block.played, kept)
