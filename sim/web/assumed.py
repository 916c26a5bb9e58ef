"""How much of the effect of the war's end was assumed, for the world at hand: measured while nobody waits for more."""

import asyncio
from asyncio import to_thread
from collections.abc import Callable
from functools import lru_cache

import pandas as pd

from sim.calibration.parameter_sets import standing
from sim.engine.plan import NEVER, plan
from sim.trial import ablation as ablate
from sim.trial.treatments import Treatment, pairs
from sim.web.lean import Lives
from sim.web.state import World

PAUSE = 0.7  # seconds in which whoever moves on moves on, and is not kept waiting by what nobody will read
NOTHING = "The war does not end here, so there is no effect of its end that could have been assumed."


async def assumed(world: World, seed: int, lives: Lives, wanted: Callable[[], bool]) -> str | None:
    """Return it in a sentence; None as soon as it is wanted no more. One pair of runs a parameter set is simulated."""
    if plan(world.scenario()).war_end[0] == NEVER:
        return NOTHING
    found = []
    await asyncio.sleep(PAUSE)
    for place in range(len(ablate.metered()) + 1):
        async with lives.last():
            if not wanted():
                return None
            found.append(await to_thread(_lived, world, seed, place))
    return await to_thread(_sentence, found)


@lru_cache(maxsize=128)
def _lived(world: World, seed: int, place: int) -> pd.DataFrame:
    """Return the pairs of the whole world, or of that without one thing."""
    scenario = world.scenario()
    treatment = ablate.metered()[place - 1].treatment(scenario) if place else Treatment(scenario)
    return pairs(treatment, standing(), 1, seed, 2)


def _sentence(found: list[pd.DataFrame]) -> str:
    whole, *lacking = found
    weights = standing().weights
    losses = [ablate.loss(each, whole, pairs, weights) for each, pairs in zip(ablate.metered(), lacking, strict=True)]
    return f"{ablate.meter(losses)} Measured on {len(whole):,} paired runs, one a parameter set."
