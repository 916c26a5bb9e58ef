"""What history shows of the defaults, of sets drawn from the prior, and of the retained sets."""

from collections.abc import Callable

import pandas as pd

from sim.article.register import uncertain
from sim.calibration import hindcast
from sim.calibration.hindcast import Scores
from sim.calibration.matching import prior
from sim.engine.ensemble import SERIES, Ensemble, simulate
from sim.scenario.source import Source
from sim.scenario.values import defaults
from sim.trial.treatments import on_trial

DEFAULTS, PRIOR, RETAINED = "defaults", "prior", "retained"
_RUNS = 10  # of each retained set, behind its fan

Tell = Callable[[int, int], object]  # how many sets are done, and of how many
Keep = Callable[[str, int, pd.DataFrame], object]  # whose months, the number of the first set, and the months


def drawn(count: int, seed: int) -> dict[str, pd.DataFrame]:
    """Return the sets on trial by name: the defaults, and so many draws of the prior and retained sets."""
    usual = pd.DataFrame([defaults({})])[uncertain()]
    return {DEFAULTS: usual, PRIOR: prior([seed], count), RETAINED: on_trial(count, seed).values}


def tried(
    sets: dict[str, pd.DataFrame], runs: int, seed: int, jobs: int = 1, tell: Tell | None = None,
    keep: Keep | None = None,
) -> dict[str, Scores]:  # fmt: skip
    """Try all sets before history, no two of which share their chance, and measure everything."""
    total, before, scores = sum(map(len, sets.values())), 0, {}
    for name, some in sets.items():

        def hear(
            many: Ensemble, without: Ensemble, first: int, number: int, name: str = name, before: int = before
        ) -> None:
            if keep:
                keep(name, first, hindcast.monthly(many, without, number, first))
            if tell:
                tell(before + first + number, total)

        scores[name] = hindcast.tried(some, runs, seed, runs * before, jobs, hear)
        before += len(some)
    return scores


def fans(sets: dict[str, pd.DataFrame], runs: int, seed: int, jobs: int = 1) -> dict[str, Ensemble]:
    """Return runs of the defaults, and some of each retained set, with all months."""
    world = hindcast.free_runs()
    retained = hindcast.simulate_sets(world, sets[RETAINED], _RUNS, seed, 0, jobs, Source.RETAINED, SERIES)
    return {DEFAULTS: simulate(world, runs, seed, jobs), RETAINED: retained}
