"""Many worlds of one scenario, lived at once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import ClassVar

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.engine import simulation
from sim.engine.mesa.single_run import Run, calendar, run
from sim.engine.plan import MEASURES, NEVER, plan
from sim.model.moves import LEVER, LEVERS
from sim.model.world import WORLD_FIELDS
from sim.scenario.schema import Scenario
from sim.scenario.source import Source, source_of
from sim.scenario.values import resolve
from sim.scenario.words import NO_END, named

SERIES = (*WORLD_FIELDS, *MEASURES)
_RECORD = (*(f"world.{name}" for name in WORLD_FIELDS), *(f"measure.{name}" for name in MEASURES))
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
        Shape (runs, months from 2019-01, :attr:`kept`): all of :data:`SERIES`, but where a container keeps fewer.
    played
        Shape (runs, months from 2019-01, levers): places of the options taken.
    parameters
        Parameters that differ from run to run, a value a run; what the scenario itself gives is not among them.
    source
        Where the uncertain numbers come from.
    """

    scenario: Scenario
    seed: int
    runs: NDArray[np.int64]
    war_end: NDArray[np.int64]
    states: NDArray[np.float64]
    played: NDArray[np.int8]
    parameters: Mapping[str, NDArray[np.float64]] = field(default_factory=dict)
    source: Source = field(kw_only=True)

    kept: ClassVar[tuple[str, ...]] = SERIES  # what the last axis of the states holds

    def __len__(self) -> int:
        return len(self.runs)

    def array(self, name: str) -> NDArray[np.float64]:
        """Return one state or measure, or the option values of one lever, for all months from 2019-01.

        Returns
        -------
        array of shape (runs, months)

        Raises
        ------
        KeyError
            If there is no such series; the message names the nearest.
        """
        if name in self.kept:
            return self.states[:, :, self.kept.index(name)]
        if name in _PLACE:
            return np.array([option.value for option in LEVER[name].options])[self.played[:, :, _PLACE[name]]]
        raise KeyError(_unknown(name, (*SERIES, *_PLACE)))

    def series(self, name: str) -> pd.DataFrame:
        """Return one state, measure or lever: a row a run, a column a month of the scenario."""
        return self._frame(self.array(name))

    def moves(self, lever: str) -> pd.DataFrame:
        """Return the names of the options of a lever: a row a run, a column a month of the scenario."""
        if lever not in _PLACE:
            raise KeyError(_unknown(lever, tuple(_PLACE)))
        names = np.array([option.name for option in LEVER[lever].options])
        return self._frame(names[self.played[:, :, _PLACE[lever]]])

    def tidy(self, names: Sequence[str] | None = None) -> pd.DataFrame:
        """Return a long table: run, month, and one column a series; all that are kept where none is named."""
        columns = {name: self.series(name).to_numpy().ravel() for name in names or self.kept}
        months = calendar(self.scenario)
        index = {"run": np.repeat(self.runs, len(months)), "month": np.tile(months, len(self.runs))}
        return pd.DataFrame(index | columns)

    def replay(self, number: int) -> Run:
        """Live one run again, in the Mesa engine, with every decision."""
        if number not in self.runs:
            raise KeyError(f"run {number} is not in this ensemble (runs {self.runs[0]} to {self.runs[-1]})")
        return run(self.world(number), self.seed, number, self.source)

    def world(self, number: int) -> Scenario:
        """Return the scenario as one run has it, with its own parameters."""
        if not self.parameters:
            return self.scenario
        (place,) = np.flatnonzero(self.runs == number)
        own = {name: float(values[place]) for name, values in self.parameters.items()}
        return self.scenario.with_(parameters=own)

    def _frame(self, values: NDArray) -> pd.DataFrame:
        shown = values[:, self.scenario.first :]
        return pd.DataFrame(shown, index=pd.Index(self.runs, name="run"), columns=calendar(self.scenario))


def ensemble(
    scenario: Scenario,
    runs: int | Sequence[int],
    seed: int,
    jobs: int = 1,
    parameters: Mapping[str, NDArray[np.float64]] | None = None,
    source: Source = Source.DEFAULTS,
) -> Ensemble:
    """Live many worlds.

    Parameters
    ----------
    runs
        How many, numbered from 0; or the numbers themselves.
    jobs
        Threads; the result is the same for any number.
    parameters
        Parameters that differ from run to run, a value a run. Those that the scenario itself gives stand.
    source
        Where those numbers come from that the scenario does not give.
    """
    numbers = np.arange(runs) if isinstance(runs, int) else np.asarray(runs, dtype=np.int64)
    own = _own(scenario, parameters)
    block = simulation.simulate(plan(scenario), seed, numbers, _RECORD, jobs, by_run(scenario, own))
    return _of(scenario, seed, numbers, block, own, source)


def ensemble_with_control(
    scenario: Scenario,
    runs: Sequence[int],
    seed: int,
    jobs: int = 1,
    parameters: Mapping[str, NDArray[np.float64]] | None = None,
    source: Source = Source.DEFAULTS,
) -> tuple[Ensemble, Ensemble]:
    """Live many worlds, and the same runs in the world without an end of the war; what both share is lived once."""
    numbers, own = np.asarray(runs, dtype=np.int64), _own(scenario, parameters)
    both = simulation.simulate_with_control(plan(scenario), seed, numbers, _RECORD, jobs, by_run(scenario, own))
    one, control = (_of(world, seed, numbers, block, own, source)
                    for world, block in zip((scenario, endless(scenario)), both, strict=True))  # fmt: skip
    return one, control


def endless(scenario: Scenario) -> Scenario:
    """Return the world whose war does not end."""
    return scenario.with_(name=named(scenario.name, ", without an end"), war={"ends": NO_END})


def _own(scenario: Scenario, parameters: Mapping[str, NDArray[np.float64]] | None) -> dict[str, NDArray[np.float64]]:
    return {name: values for name, values in (parameters or {}).items() if name not in scenario.parameters}


def _of(
    scenario: Scenario,
    seed: int,
    numbers: NDArray[np.int64],
    block: simulation.Block,
    own: Mapping[str, NDArray[np.float64]],
    source: Source,
) -> Ensemble:
    return Ensemble(scenario, seed, numbers, block.war_end, block.series, block.played, own,
                    source=source_of(scenario, source))  # fmt: skip


def by_run(scenario: Scenario, parameters: Mapping[str, NDArray[np.float64]]) -> dict[str, NDArray[np.float64]]:
    """Return the numbers of the equations that differ from run to run where these parameters do."""
    values = resolve(scenario.parameters | dict(parameters), scenario.without, scenario.variant)
    return {name: value for name, value in values.items() if isinstance(value, np.ndarray)}


def ends(many: Ensemble) -> NDArray[np.bool_]:
    """Return which runs see the war's end within the horizon."""
    return many.war_end < min(NEVER, many.states.shape[1])


def _unknown(name: str, known: Sequence[str]) -> str:
    from difflib import get_close_matches

    near = get_close_matches(name, known, 1)
    return f"no series {name!r}" + (f"; did you mean {near[0]!r}?" if near else "")
