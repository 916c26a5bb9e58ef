"""What a scenario leaves to each run to draw: numbers of its parameters, and months in which something begins.

Each has a stream of its own, keyed by its name: a scenario that draws something shares all other chance with one that
does not, two scenarios that draw the same thing draw it at the same place, and so do a run and its control.
"""

from dataclasses import dataclass, replace
from zlib import crc32

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sim.engine import draws
from sim.model.months import index
from sim.scenario.paths import Onset, Pulse, Shocks, pulse
from sim.scenario.priors import Drawn, Range, correlate, correlated_names
from sim.scenario.schema import Scenario
from sim.scenario.war_and_drivers import LAID_ON_BORDER

_ROW = 2**32 - 1  # no month of other chance has it, nor those below it


@dataclass(frozen=True, eq=False)
class ScenarioDraws:
    """What runs of a scenario draw.

    Attributes
    ----------
    scenario
        Any.
    seed
        A whole number from 0.
    runs
        Their numbers; one may come more than once.
    """

    scenario: Scenario
    seed: int
    runs: ArrayLike

    def parameters(self) -> dict[str, NDArray[np.float64]]:
        """Return the parameters that runs draw, a value a run."""
        scenario = self.scenario
        names = {*scenario.drawn, *correlated_names(scenario.correlations)} if scenario.drawn else ()
        chance = {name: self.places(f"parameters.{name}") for name in names}
        if chance and scenario.correlations:
            chance = correlate(chance, scenario.correlations)
        return {name: prior.at(chance[name]) for name, prior in scenario.drawn.items()}

    def pulses(self) -> dict[tuple[str, int], list[list[Pulse]]]:
        """Return the pulses of each run in place of what begins in months that it draws, by driver and layer."""
        drawn: dict[tuple[str, int], list[list[Pulse]]] = {}
        for (name, place), layer in self.scenario.events.items():
            before = sum(driver == name for driver, _ in drawn)  # a layer below that draws nothing changes nothing
            stream = f"drivers.{name}.{before}"
            drawn[name, place] = (
                self._onsets(layer, stream) if isinstance(layer, Onset) else self._shocks(layer, stream)
            )
        return drawn

    def scenarios(self) -> list[Scenario]:
        """Return the scenario as each run has it, with all that it draws; as it is where it leaves nothing to draw."""
        scenario, runs = self.scenario, np.size(self.runs)
        if not scenario.drawn and not scenario.events:
            return [scenario] * runs
        own, drawn = self.parameters(), self.pulses()
        return [
            scenario.drawn_as(
                {name: float(values[place]) for name, values in own.items()},
                {key: of_runs[place] for key, of_runs in drawn.items()},
            )
            for place in range(runs)
        ]

    def drivers(self) -> dict[str, NDArray[np.float64]]:
        """Return the drivers that differ from run to run, by name, shape (months, runs)."""
        names = {name for name, _ in self.scenario.events}
        if not names:
            return {}
        if "border" in names:
            names.add(LAID_ON_BORDER)
        distinct, again = np.unique(self.runs, return_inverse=True)
        schedules = [own.schedule(names) for own in replace(self, runs=distinct).scenarios()]
        return {name: np.array([schedule[name] for schedule in schedules])[again].T for name in names}

    def places(self, name: str, months: ArrayLike = 0) -> NDArray[np.float64]:
        """Return the draw of each run on [0, 1) for something that has a name.

        Parameters
        ----------
        name
            Of what is drawn.
        months
            Of what is drawn every month, since 2019-01: there is a column a month then.
        """
        runs = np.asarray(self.runs, np.uint64)
        run, month = np.broadcast_arrays(runs[:, None] if np.ndim(months) else runs, np.asarray(months, np.uint64))
        counter = (np.full_like(run, crc32(name.encode())), np.uint64(_ROW) - month)
        return draws.units(
            *draws.philox(*counter, *draws.split_words(run), *draws.split_words(draws.check_seed(self.seed)))
        )[0]

    def _onsets(self, onset: Onset, stream: str) -> list[list[Pulse]]:
        first, last = map(index, onset.first.uniform)
        months = draws.whole(self.places(stream), first, last)
        return [[pulse(month, onset.lasts, onset.value)] for month in months.tolist()]

    def _shocks(self, shocks: Shocks, stream: str) -> list[list[Pulse]]:
        months = np.array(shocks.months)
        begin, value, lasts = (self.places(f"{stream}.{part}", months) for part in ("begins", "value", "lasts"))
        values, lengths = numbers(shocks.value, value), whole_numbers(shocks.lasts, lasts)
        drawn: list[list[Pulse]] = [[] for _ in begin]
        free = np.zeros(len(begin), np.int64)  # the first month in which no shock lasts
        for place, month in enumerate(months.tolist()):
            for run in np.flatnonzero((free <= month) & (begin[:, place] < shocks.hazard)).tolist():
                length = int(lengths[run, place])
                drawn[run].append(pulse(month, length, float(values[run, place])))
                free[run] = month + length
        return drawn


def numbers(said: float | Drawn, place: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the number that is said, or those at places on [0, 1) of what it is drawn from.

    Parameters
    ----------
    said
        A number, or a distribution.
    place
        Draws on [0, 1), of any shape, which the numbers have too.
    """
    return said.at(place) if isinstance(said, Drawn) else np.full_like(place, said)


def whole_numbers(said: int | Drawn, place: NDArray[np.float64]) -> NDArray[np.int64]:
    """Return the same in whole numbers: of a uniform distribution each is as likely, of others the nearest is taken.

    Parameters
    ----------
    said, place
        As for :func:`numbers`.
    """
    if isinstance(said, Range):
        return draws.whole(said.inside(place), int(said.low), int(said.high))
    return np.rint(numbers(said, place)).astype(np.int64)
