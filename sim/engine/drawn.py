"""What a scenario leaves to each run to draw: numbers of its parameters, and months in which something begins.

Each has a stream of its own, keyed by its name: a scenario that draws something shares all other chance with one that
does not, two scenarios that draw the same thing draw it at the same place, and so do a run and its control.
"""

from zlib import crc32

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sim.engine import draws
from sim.scenario.priors import correlate, correlated
from sim.scenario.schema import Scenario

_ROW = 2**32 - 1  # no month has it


def places(seed: int, runs: ArrayLike, name: str) -> NDArray[np.float64]:
    """Return the draw of each run on [0, 1) for something that has a name.

    Parameters
    ----------
    seed
        A whole number from 0.
    runs
        Their numbers.
    name
        Of what is drawn.
    """
    run = np.asarray(runs, np.uint64)
    counter = (np.full_like(run, crc32(name.encode())), np.full_like(run, _ROW))
    return draws.units(*draws.philox(*counter, *draws.words(run), *draws.words(draws.checked(seed))))[0]


def parameters(scenario: Scenario, seed: int, runs: ArrayLike) -> dict[str, NDArray[np.float64]]:
    """Return the parameters that runs draw, a value a run.

    Parameters
    ----------
    scenario
        Any.
    seed, runs
        As for :func:`places`.
    """
    names = {*scenario.drawn, *correlated(scenario.correlations)} if scenario.drawn else ()
    chance = {name: places(seed, runs, f"parameters.{name}") for name in names}
    if chance and scenario.correlations:
        chance = correlate(chance, scenario.correlations)
    return {name: prior.at(chance[name]) for name, prior in scenario.drawn.items()}


def onsets(scenario: Scenario, seed: int, runs: ArrayLike) -> dict[tuple[str, int], NDArray[np.int64]]:
    """Return the months in which what a scenario leaves open begins, one a run, by driver and layer.

    Parameters
    ----------
    scenario
        Any.
    seed, runs
        As for :func:`places`.
    """
    months: dict[tuple[str, int], NDArray[np.int64]] = {}
    for name, layer in scenario.onsets:
        before = sum(driver == name for driver, _ in months)  # so that a layer below that draws nothing changes nothing
        place = places(seed, runs, f"drivers.{name}.{before}")
        months[name, layer] = draws.whole(place, *scenario.onsets[name, layer])
    return months


def of_run(scenario: Scenario, seed: int, number: int) -> Scenario:
    """Return a scenario as one run has it, with all that it draws.

    Parameters
    ----------
    scenario
        Any; one that leaves nothing to draw is returned as it is.
    seed, number
        What fixes the chance of the run.
    """
    if not scenario.drawn and not scenario.onsets:
        return scenario
    numbers = {name: float(values[0]) for name, values in parameters(scenario, seed, [number]).items()}
    return scenario.drawn_as(numbers, {key: int(months[0]) for key, months in onsets(scenario, seed, [number]).items()})


def alike(scenario: Scenario, seed: int, runs: NDArray[np.int64]) -> list[tuple[Scenario, NDArray[np.int64]]]:
    """Return a scenario for all runs that begin the same things in the same months, each with the places of its runs.

    Parameters
    ----------
    scenario
        Any; where nothing begins in a month that runs draw, it is the only one.
    seed, runs
        As for :func:`places`.
    """
    if not scenario.onsets:
        return [(scenario, np.arange(len(runs)))]
    drawn = onsets(scenario, seed, runs)
    combinations, world = np.unique(np.column_stack(list(drawn.values())), axis=0, return_inverse=True)
    return [
        (scenario.drawn_as({}, dict(zip(drawn, months.tolist(), strict=True))), np.flatnonzero(world.ravel() == place))
        for place, months in enumerate(combinations)
    ]
