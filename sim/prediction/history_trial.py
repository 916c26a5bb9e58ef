"""What history shows of the defaults, of sets drawn from the prior, and of the retained sets."""

from collections.abc import Callable

import pandas as pd

from sim.engine.ensemble import Ensemble
from sim.engine.experiment import Experiment
from sim.engine.sets import HAND_SET, Sets, equally_weighted
from sim.inference import hindcast
from sim.inference.hindcast import Scores
from sim.inference.matching import draw_prior
from sim.prediction.treatments import on_trial
from sim.registers.register import uncertain
from sim.scenario.source import Source
from sim.scenario.values import defaults

DEFAULTS, PRIOR, RETAINED = "defaults", "prior", "retained"
_RUNS = 10  # of each retained set, behind its fan

Tell = Callable[[int, int], object]  # how many sets are done, and of how many
Keep = Callable[[str, int, pd.DataFrame], object]  # whose months, the number of the first set, and the months


def draw_sets(experiment: Experiment, count: int) -> dict[str, Sets]:
    """Return the sets on trial by name: the defaults, and so many draws of the prior and retained sets.

    Parameters
    ----------
    experiment
        Its seed decides which are drawn.
    count
        Of each.
    """
    usual = pd.DataFrame([defaults({})])[uncertain()]
    return {
        DEFAULTS: equally_weighted(usual, Source.DEFAULTS),
        PRIOR: equally_weighted(draw_prior([experiment.seed], count), Source.PRIOR),
        RETAINED: on_trial().some(count, experiment.seed),
    }


def try_on_history(
    sets: dict[str, Sets], experiment: Experiment, tell: Tell | None = None, keep: Keep | None = None
) -> dict[str, Scores]:
    """Try all sets before history, no two of which share their chance, and measure everything.

    Parameters
    ----------
    sets
        By name.
    experiment
        The world of history, the seed, and as many runs as each set has.
    tell, keep
        Hear of what is done.
    """
    total, before, runs, scores = sum(map(len, sets.values())), 0, len(experiment), {}
    for name, some in sets.items():

        def hear(
            many: Ensemble, without: Ensemble, first: int, number: int, name: str = name, before: int = before
        ) -> None:
            if keep:
                keep(name, first, hindcast.history_rows(many, without, number, first))
            if tell:
                tell(before + first + number, total)

        scores[name] = hindcast.try_sets(experiment.replace(sets=some).runs_of_every_set(runs, runs * before), hear)
        before += len(some)
    return scores


def simulate_fans(sets: dict[str, Sets], experiment: Experiment) -> dict[str, Ensemble]:
    """Return runs of the defaults, and some of each retained set, with all months; see :func:`try_on_history`."""
    retained = experiment.replace(sets=sets[RETAINED]).runs_of_every_set(_RUNS)
    return {DEFAULTS: experiment.replace(sets=HAND_SET).ensemble(), RETAINED: retained.ensemble()}
