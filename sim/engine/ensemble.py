"""Many runs of one scenario: the container of their months, and the one way to simulate them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any, Self

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.engine import blocks, drawn
from sim.engine.mesa.single_run import Run, calendar, run
from sim.engine.plan import MEASURES, NEVER, Plan, plan_of
from sim.model import months
from sim.model.moves import LEVER, LEVERS
from sim.model.world import WORLD_FIELDS
from sim.scenario.errors import suggest
from sim.scenario.schema import Scenario
from sim.scenario.source import Source, source_of
from sim.scenario.values import resolve
from sim.scenario.words import NO_END, named

SERIES = (*WORLD_FIELDS, *MEASURES)
_BY_RUN = ("runs", "war_end", "played")  # arrays with a row a run, beside the states
_PLACE = {lever.field: place for place, lever in enumerate(LEVERS)}


@dataclass(frozen=True, eq=False)
class Ensemble:
    """Many runs of a scenario under one seed.

    Attributes
    ----------
    runs
        The numbers of the runs.
    war_end
        Each run's first month of peace, in months since 2019-01; ``NEVER`` where the war does not end.
    states
        Shape (runs, months from 2019-01, :attr:`kept`).
    played
        Shape (runs, months from 2019-01, levers): places of the options taken.
    parameters
        Parameters that differ from run to run, a value a run; those that runs draw are among them.
    source
        Where the uncertain numbers come from.
    kept
        The states and measures that were recorded, in this order: all of :data:`SERIES`, or few where runs are many.
    start
        Where the runs set out from; None: from January 2019.
    """

    scenario: Scenario
    seed: int
    runs: NDArray[np.int64]
    war_end: NDArray[np.int64]
    states: NDArray[np.float64]
    played: NDArray[np.int8]
    parameters: Mapping[str, NDArray[np.float64]] = field(default_factory=dict)
    source: Source = field(kw_only=True)
    kept: tuple[str, ...] = field(default=SERIES, kw_only=True)
    start: blocks.Trunk | None = field(default=None, kw_only=True)

    def __len__(self) -> int:
        return len(self.runs)

    def array(self, name: str) -> NDArray[np.float64]:
        """Return one state or measure, or the option values of one lever, for all months from 2019-01.

        Parameters
        ----------
        name
            A state, a measure, or a lever by its field in the moves; units of states as in
            :class:`sim.model.world.World`.

        Returns
        -------
        array of shape (runs, months)

        Raises
        ------
        KeyError
            If there is no such series, or it is not kept; the message says which.
        """
        if name in self.kept:
            return self.states[:, :, self.kept.index(name)]
        if name in SERIES:
            raise KeyError(f"no series {name!r} is kept here; kept are {', '.join(self.kept)}, and all levers")
        if name in _PLACE:
            return np.array([option.value for option in LEVER[name].options])[self.played[:, :, _PLACE[name]]]
        raise KeyError(f"no series {name!r}{suggest(name, (*SERIES, *_PLACE))}")

    def series(self, name: str) -> pd.DataFrame:
        """Return one state, measure or lever: a row a run, a column a month of the scenario.

        Parameters
        ----------
        name
            As for :meth:`array`.

        Raises
        ------
        KeyError
            If there is no such series, or it is not kept.
        """
        return self._frame(self.array(name))

    def moves(self, lever: str) -> pd.DataFrame:
        """Return the names of the options of a lever: a row a run, a column a month of the scenario.

        Parameters
        ----------
        lever
            Its field in the moves, such as ``beijing_trade``.

        Raises
        ------
        KeyError
            If there is no such lever.
        """
        if lever not in _PLACE:
            raise KeyError(f"no lever {lever!r}{suggest(lever, _PLACE)}")
        names = np.array([option.name for option in LEVER[lever].options])
        return self._frame(names[self.played[:, :, _PLACE[lever]]])

    def tidy(self, names: Sequence[str] | None = None) -> pd.DataFrame:
        """Return a long table: run, month, and one column a series; all that are kept where none is named.

        Parameters
        ----------
        names
            Series; see :meth:`array`.
        """
        columns = {name: self.series(name).to_numpy().ravel() for name in names or self.kept}
        months = calendar(self.scenario)
        index = {"run": np.repeat(self.runs, len(months)), "month": np.tile(months, len(self.runs))}
        return pd.DataFrame(index | columns)

    def select(self, places: NDArray[np.int64] | NDArray[np.bool_] | slice) -> Self:
        """Return the runs at some places (whole numbers, yes and no, or a slice); a run may be taken more than once.

        Parameters
        ----------
        places
            Places among the runs, not their numbers.
        """
        arrays = {name: getattr(self, name)[places] for name in _BY_RUN}
        states = self.states.transpose(2, 0, 1)[:, places].transpose(1, 2, 0)  # one series after the other, as they lie
        own = {name: values[places] for name, values in self.parameters.items()}
        start = self.start and self.start.select(places)
        return replace(self, **arrays, states=states, parameters=own, start=start)

    @classmethod
    def concatenate(cls, parts: "Sequence[Self]") -> Self:
        """Return parts of one ensemble, which differ in their runs alone, as one.

        Parameters
        ----------
        parts
            In the order of their runs.
        """
        arrays: dict[str, Any] = {name: np.concatenate([getattr(part, name) for part in parts]) for name in _BY_RUN}
        series = [part.states.transpose(2, 0, 1) for part in parts]
        own = {name: np.concatenate([part.parameters[name] for part in parts]) for name in parts[0].parameters}
        states = np.concatenate(series, axis=1).transpose(1, 2, 0)
        start = parts[0].start and blocks.Trunk.concatenate([part.start for part in parts if part.start])
        return replace(parts[0], **arrays, states=states, parameters=own, start=start)

    def replay(self, number: int) -> Run:
        """Simulate one run again, in the Mesa engine, with every decision.

        Parameters
        ----------
        number
            Of the run.

        Raises
        ------
        KeyError
            If it is not in the ensemble.
        """
        if number not in self.runs:
            raise KeyError(f"run {number} is not in this ensemble (runs {self.runs[0]} to {self.runs[-1]})")
        start = self.start and self.start.select(self.runs == number)
        return run(self.scenario_of(number), self.seed, number, self.source, start)

    def scenario_of(self, number: int) -> Scenario:
        """Return the scenario as one run has it, with its own parameters.

        Parameters
        ----------
        number
            Of the run.
        """
        scenario = drawn.of_run(self.scenario, self.seed, number)
        if not self.parameters:
            return scenario
        (place,) = np.flatnonzero(self.runs == number)
        own = {name: float(values[place]) for name, values in self.parameters.items()}
        return scenario.with_(parameters=own)

    def _frame(self, values: NDArray[Any]) -> pd.DataFrame:
        shown = values[:, self.scenario.first :]
        return pd.DataFrame(shown, index=pd.Index(self.runs, name="run"), columns=calendar(self.scenario))


@dataclass(frozen=True, eq=False)
class States:
    """Where runs can set out from: what became of others in some first months.

    Attributes
    ----------
    months
        How many; those before 2019-01 plus this number are over.
    memory
        What the rules remember of each, shape (:data:`sim.engine.blocks.REMEMBERED`, states).
    series, played
        The months before: shapes (states, months, :data:`SERIES`) and (states, months, levers).
    """

    months: int
    memory: NDArray[np.float64]
    series: NDArray[np.float64]
    played: NDArray[np.int8]

    def some(self, places: NDArray[np.int64]) -> "States":
        """Return the states at some places.

        Parameters
        ----------
        places
            Whole numbers; a state may be taken more than once.
        """
        return States(self.months, self.memory[:, places], self.series[places], self.played[places])

    def trunk(self, places: NDArray[np.int64], kept: Sequence[str] = SERIES) -> blocks.Trunk:
        """Return where runs set out from, which has one of the states each.

        Parameters
        ----------
        places
            Of their states, one a run.
        kept
            The states and measures of the months before to show.
        """
        columns = [SERIES.index(name) for name in kept]
        shared = blocks.Block(self.series[places][..., columns], self.played[places], np.full(len(places), NEVER))
        return blocks.Trunk(shared, self.memory[:, places], self.months)


def simulate(
    scenario: Scenario,
    runs: int | Sequence[int] | NDArray[np.int64],
    seed: int,
    jobs: int = 1,
    parameters: Mapping[str, NDArray[np.float64]] | None = None,
    source: Source = Source.DEFAULTS,
    kept: tuple[str, ...] = SERIES,
    start: blocks.Trunk | None = None,
) -> Ensemble:
    """Simulate many runs of a scenario, by whichever engine is the faster.

    Parameters
    ----------
    scenario
        What is simulated.
    runs
        How many, numbered from 0; or the numbers themselves. With the seed a number fixes all chance.
    seed
        A whole number from 0.
    jobs
        Threads; the result is the same for any number.
    parameters
        Parameters that differ from run to run, a value a run, in place of those of the scenario and the register.
    source
        Where those numbers come from that the scenario does not give.
    kept
        The states and measures to record.
    start
        Where the runs set out from; from January 2019 where not said.

    Raises
    ------
    ValueError
        If the scenario is over, or its war is, where the runs set out.
    """
    numbers = _numbers(runs)
    own = drawn.parameters(scenario, seed, numbers) | dict(parameters or {})
    (block,) = _blocks(1, scenario, seed, numbers, kept, jobs, by_run(scenario, own), start)
    return _of(scenario, seed, numbers, block, own, source, kept, start)


def parting(scenario: Scenario, start: "blocks.Trunk | States | None") -> Plan:
    """Return a scenario's plan, if runs can set out into it from there.

    Parameters
    ----------
    scenario
        What is simulated.
    start
        Where its runs would set out from; from January 2019 where not said.

    Raises
    ------
    ValueError
        If it is over by then, or its war is.
    """
    made = _plan(scenario)
    if start is not None and (len(made.given) <= start.months or made.war_end[0] < start.months):
        what = "ends" if len(made.given) <= start.months else "sees peace"
        raise ValueError(
            f"{scenario.name} {what} before {months.name(start.months)}, where its runs would set out: "
            "choose an earlier month, or a scenario that goes on"
        )
    return made


def simulate_with_control(
    scenario: Scenario,
    runs: int | Sequence[int] | NDArray[np.int64],
    seed: int,
    jobs: int = 1,
    parameters: Mapping[str, NDArray[np.float64]] | None = None,
    source: Source = Source.DEFAULTS,
    kept: tuple[str, ...] = SERIES,
    start: blocks.Trunk | None = None,
) -> tuple[Ensemble, Ensemble]:
    """Simulate many runs, and their controls: the same runs without an end of the war. Shared months are done once.

    Parameters
    ----------
    scenario, runs, seed, jobs, parameters, source, kept, start
        As for :func:`simulate`.

    Returns
    -------
    ensemble, control
        Of the same runs.
    """
    return simulate_beside([scenario], runs, seed, jobs, [parameters or {}], source, kept, start)[0]


def simulate_beside(
    scenarios: Sequence[Scenario],
    runs: int | Sequence[int] | NDArray[np.int64],
    seed: int,
    jobs: int,
    parameters: Sequence[Mapping[str, NDArray[np.float64]]],
    source: Source,
    kept: tuple[str, ...] = SERIES,
    start: blocks.Trunk | None = None,
) -> list[tuple[Ensemble, Ensemble]]:
    """Simulate runs of scenarios that differ in parameters alone, all at once, each beside its control.

    Parameters
    ----------
    scenarios
        What is simulated.
    runs, seed, jobs, source, kept
        As for :func:`simulate`.
    parameters
        Those of each scenario; see :func:`simulate`.
    start
        Where the runs of a single scenario set out from.

    Returns
    -------
    list
        An ensemble and its control for each scenario.
    """
    numbers = _numbers(runs)
    parameters = [
        drawn.parameters(scenario, seed, numbers) | dict(own)
        for scenario, own in zip(scenarios, parameters, strict=True)
    ]
    owns = [_plan(scenario).values | by_run(scenario, own) for scenario, own in zip(scenarios, parameters, strict=True)]
    values = {name: np.concatenate([np.broadcast_to(own[name], len(numbers)) for own in owns]) for name in owns[0]}
    both = _blocks(2, scenarios[0], seed, np.tile(numbers, len(scenarios)), kept, jobs, values, start)
    return [
        (_of(scenario, seed, numbers, one, own, source, kept, start),
         _of(endless(scenario), seed, numbers, control, own, source, kept, start))
        for scenario, own, one, control in zip(
            scenarios, parameters, *(block.split(len(scenarios)) for block in both), strict=True
        )
    ]  # fmt: skip


def _blocks(
    branches: int,
    scenario: Scenario,
    seed: int,
    numbers: NDArray[np.int64],
    kept: Sequence[str],
    jobs: int,
    values: dict[str, NDArray[np.float64]],
    start: blocks.Trunk | None,
) -> tuple[blocks.Block, ...]:
    """Simulate runs, with their controls where there are two branches."""
    made = parting(scenario, start).with_drivers(drawn.drivers(scenario, seed, numbers))
    asked = (made, seed, numbers, rows_of(kept), jobs, values, start)
    return (blocks.simulate(*asked),) if branches == 1 else blocks.simulate_with_control(*asked)


def endless(scenario: Scenario) -> Scenario:
    """Return the scenario without an end of the war.

    Parameters
    ----------
    scenario
        Any.
    """
    return scenario.with_(name=named(scenario.name, ", without an end"), war={"ends": NO_END})


def rows_of(kept: Sequence[str]) -> tuple[str, ...]:
    """Return the rows of the workspace that hold these states and measures.

    Parameters
    ----------
    kept
        Names of states and measures.
    """
    return tuple(f"{'world' if name in WORLD_FIELDS else 'measure'}.{name}" for name in kept)


def by_run(scenario: Scenario, parameters: Mapping[str, NDArray[np.float64]]) -> dict[str, NDArray[np.float64]]:
    """Return the numbers of the equations that differ from run to run where these parameters do.

    Parameters
    ----------
    scenario
        What gives the other numbers.
    parameters
        By name a value a run.

    Returns
    -------
    numbers
        By name an array of shape (runs,).
    """
    values = resolve(scenario.fixed | dict(parameters), scenario.without, scenario.variant)
    return {name: value for name, value in values.items() if isinstance(value, np.ndarray)}


@lru_cache(maxsize=64)
def _plan(scenario: Scenario) -> Plan:
    return plan_of(scenario)


def _numbers(runs: int | Sequence[int] | NDArray[np.int64]) -> NDArray[np.int64]:
    return np.arange(runs) if isinstance(runs, int) else np.asarray(runs, dtype=np.int64)


def _of(
    scenario: Scenario,
    seed: int,
    numbers: NDArray[np.int64],
    block: blocks.Block,
    own: Mapping[str, NDArray[np.float64]],
    source: Source,
    kept: tuple[str, ...],
    start: blocks.Trunk | None,
) -> Ensemble:
    return Ensemble(scenario, seed, numbers, block.war_end, block.series, block.played, own,
                    source=source_of(scenario, source), kept=kept, start=start)  # fmt: skip


def ends(many: Ensemble) -> NDArray[np.bool_]:
    """Return which runs see the war's end within the horizon.

    Parameters
    ----------
    many
        An ensemble.

    Returns
    -------
    array of shape (runs,)
    """
    return many.war_end < min(NEVER, many.states.shape[1])
