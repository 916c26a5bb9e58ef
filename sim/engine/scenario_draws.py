"""What a scenario leaves to each run to draw: numbers of its parameters, and months in which something begins.

Each has a stream of its own, keyed by its name: a scenario that draws something shares all other chance with one that
does not, two scenarios that draw the same thing draw it at the same place, and so do a run and its control.
"""

from zlib import crc32

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sim.engine import draws
from sim.model.months import index
from sim.scenario.parts import LAID_ON_BORDER
from sim.scenario.paths import Onset, Pulse, Shocks, pulse
from sim.scenario.priors import Drawn, Range, correlate, correlated_names
from sim.scenario.schema import Scenario

_ROW = 2**32 - 1  # no month of other chance has it, nor those below it


def places(seed: int, runs: ArrayLike, name: str, months: ArrayLike = 0) -> NDArray[np.float64]:
    """Return the draw of each run on [0, 1) for something that has a name.

    Parameters
    ----------
    seed
        A whole number from 0.
    runs
        Their numbers.
    name
        Of what is drawn.
    months
        Of what is drawn every month: in months since 2019-01, of a shape that goes with that of the runs.
    """
    run, month = np.broadcast_arrays(np.asarray(runs, np.uint64), np.asarray(months, np.uint64))
    counter = (np.full_like(run, crc32(name.encode())), np.uint64(_ROW) - month)
    return draws.units(*draws.philox(*counter, *draws.words(run), *draws.words(draws.check_seed(seed))))[0]


def parameters(scenario: Scenario, seed: int, runs: ArrayLike) -> dict[str, NDArray[np.float64]]:
    """Return the parameters that runs draw, a value a run.

    Parameters
    ----------
    scenario
        Any.
    seed, runs
        As for :func:`places`.
    """
    names = {*scenario.drawn, *correlated_names(scenario.correlations)} if scenario.drawn else ()
    chance = {name: places(seed, runs, f"parameters.{name}") for name in names}
    if chance and scenario.correlations:
        chance = correlate(chance, scenario.correlations)
    return {name: prior.at(chance[name]) for name, prior in scenario.drawn.items()}


def pulses(scenario: Scenario, seed: int, runs: ArrayLike) -> dict[tuple[str, int], list[list[Pulse]]]:
    """Return the pulses of each run in place of what begins in months that it draws, by driver and layer.

    Parameters
    ----------
    scenario
        Any.
    seed, runs
        As for :func:`places`.
    """
    drawn: dict[tuple[str, int], list[list[Pulse]]] = {}
    for (name, place), layer in scenario.events.items():
        before = sum(driver == name for driver, _ in drawn)  # so that a layer below that draws nothing changes nothing
        asked = (seed, np.asarray(runs), f"drivers.{name}.{before}")
        drawn[name, place] = _onsets(layer, *asked) if isinstance(layer, Onset) else _shocks(layer, *asked)
    return drawn


def _onsets(onset: Onset, seed: int, runs: NDArray[np.int64], name: str) -> list[list[Pulse]]:
    first, last = map(index, onset.first.uniform)
    months = draws.whole(places(seed, runs, name), first, last)
    return [[pulse(month, onset.lasts, onset.value)] for month in months.tolist()]


def _shocks(shocks: Shocks, seed: int, runs: NDArray[np.int64], name: str) -> list[list[Pulse]]:
    months = np.array(shocks.months)
    streams = (places(seed, runs[:, None], f"{name}.{part}", months) for part in ("begins", "value", "lasts"))
    begin, value, lasts = streams
    values, lengths = numbers(shocks.value, value), whole_numbers(shocks.lasts, lasts)
    drawn: list[list[Pulse]] = [[] for _ in runs]
    free = np.zeros(len(runs), np.int64)  # the first month in which no shock lasts
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


def scenario_of_run(scenario: Scenario, seed: int, number: int) -> Scenario:
    """Return a scenario as one run has it, with all that it draws.

    Parameters
    ----------
    scenario
        Any; one that leaves nothing to draw is returned as it is.
    seed, number
        What fixes the chance of the run.
    """
    if not scenario.drawn and not scenario.events:
        return scenario
    own = {name: float(values[0]) for name, values in parameters(scenario, seed, [number]).items()}
    return scenario.drawn_as(own, {key: run for key, (run,) in pulses(scenario, seed, [number]).items()})


def drivers(scenario: Scenario, seed: int, runs: NDArray[np.int64]) -> dict[str, NDArray[np.float64]]:
    """Return the drivers that differ from run to run, by name, shape (months, runs).

    Parameters
    ----------
    scenario
        Any.
    seed, runs
        As for :func:`places`; a number may come more than once.
    """
    names = {name for name, _ in scenario.events}
    if not names:
        return {}
    if "border" in names:
        names.add(LAID_ON_BORDER)
    distinct, again = np.unique(runs, return_inverse=True)
    drawn = pulses(scenario, seed, distinct)
    schedules = [
        scenario.drawn_as({}, {key: of_runs[place] for key, of_runs in drawn.items()}).schedule(names)
        for place in range(len(distinct))
    ]
    return {name: np.array([schedule[name] for schedule in schedules])[again].T for name in names}
