"""What chance alone moves a state by in a month: ``python -m research.fluctuations`` prints a row a state.

Two runs of one parameter set in which everybody makes the same moves, and only chance differs: noise, floods, crises.
What their difference changes by in a month nobody meant. Its root mean square, over √2 for there are two of them, is
the model's own noise. ``sim/registers/fluctuations.yaml`` takes it where nothing is recorded.
"""

from types import SimpleNamespace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from research.choice_sharpness import LAST, sharpness_world
from sim.engine import blocks
from sim.engine.experiment import Experiment
from sim.engine.plan import GIVEN, LUCK, Plan, luck
from sim.engine.sets import Sets
from sim.inference.parameter_sets import retained_sets
from sim.model.drivers import drivers_of
from sim.model.moves import MOVE_FIELDS, Moves
from sim.model.pace import pace_over
from sim.model.transition import expectations, next_world
from sim.model.world import WORLD_FIELDS, World

SETS, SEED, OTHER = 200, 29, 30  # the last: the seed of the chance of the second run
_STATES = [f"world.{name}" for name in WORLD_FIELDS]


def own_noise(sets: Sets) -> pd.DataFrame:
    """Return the monthly noise of each state: ``median`` over the sets, ``low`` and ``high`` of 80% of them.

    Parameters
    ----------
    sets
        Each is simulated once, in the world in which sharpness is measured.
    """
    asked = Experiment(sharpness_world(), sets, SEED).runs_of_every_set(1)
    plan, own = asked.plan.until(LAST), asked.values
    block = blocks.simulate(blocks.PlannedRuns(plan, SEED, asked.numbers, values=own), blocks.REMEMBERED)
    noise = []
    for run, months in enumerate(block.series):
        params = SimpleNamespace(**plan.values | {name: float(values[run]) for name, values in own.items()})
        first = months[:, [blocks.REMEMBERED.index(name) for name in _STATES]]
        apart = np.diff(first - _again(plan, params, months, run), axis=0)
        noise.append(np.sqrt((apart * apart).mean(axis=0) / 2.0))
    low, median, high = np.quantile(noise, (0.1, 0.5, 0.9), axis=0)
    return pd.DataFrame({"median": median, "low": low, "high": high}, index=pd.Index(WORLD_FIELDS, name="state"))


def _again(plan: Plan, params: SimpleNamespace, months: NDArray[np.float64], run: int) -> NDArray[np.float64]:
    """Return the states of the months of a run, simulated again with the moves that were played and other chance."""
    chance = luck(OTHER, run, len(months))
    played = months[:, [blocks.REMEMBERED.index(f"moves.{name}") for name in MOVE_FIELDS]].tolist()
    now = World(**{name: getattr(params, f"start_{name}") for name in WORLD_FIELDS})
    pace, states = pace_over(params, 1.0), []
    for month, moves in enumerate(played):
        given, drawn = _named(GIVEN, plan.given[month]), _named(LUCK, chance[month])
        acting = drivers_of(float(month), float(plan.war_start), float(plan.war_end[0]), given, drawn, params)
        now = expectations(next_world(now, now, Moves(*moves), params, acting, pace), Moves(*moves), params)
        states.append([getattr(now, name) for name in WORLD_FIELDS])
    return np.array(states)


def _named(names: tuple[str, ...], row: NDArray[np.float64]) -> SimpleNamespace:
    return SimpleNamespace(**dict(zip(names, row.tolist(), strict=True)))


if __name__ == "__main__":
    print(own_noise(retained_sets().some(SETS, SEED)).to_string(float_format="{:.4f}".format))
