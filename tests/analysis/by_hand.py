"""Ensembles made by hand, so that what should be found in them is known."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from sim.engine.ensemble import SERIES, Ensemble
from sim.engine.experiment import Experiment
from sim.engine.war_end import NEVER
from sim.model.moves import LEVER, LEVERS
from sim.scenario import load

MONTHS = 120
FIELDS = [lever.field for lever in LEVERS]


def made(war_end: Sequence[int] = (NEVER,), months: int = MONTHS, **series: Any) -> Ensemble:
    """Return an ensemble with a run for each end of the war.

    States are 0 and levers at their first option, but for the series that are given: a number, a row of months, or a
    row of months for each run. Levers are given by value.
    """
    runs = len(war_end)
    states = np.zeros((runs, months, len(SERIES)))
    played = np.zeros((runs, months, len(LEVERS)), dtype=np.int8)
    for name, values in series.items():
        wanted = np.broadcast_to(np.asarray(values, dtype=float), (runs, months))
        if name in SERIES:
            states[:, :, SERIES.index(name)] = wanted
        else:
            played[:, :, FIELDS.index(name)] = np.vectorize(LEVER[name].index)(wanted)
    scenario = load("baseline").with_(months={"to": f"{2019 + (months - 1) // 12}-{(months - 1) % 12 + 1:02d}"})
    return Ensemble(Experiment(scenario, seed=1, runs=range(runs)), np.array(war_end), states, played)


def steps(*changes: tuple[int, float], months: int = MONTHS) -> list[float]:
    """Return a row of months from (month, value held from then on)."""
    row = [0.0] * months
    for month, value in changes:
        row[month:] = [value] * (months - month)
    return row
