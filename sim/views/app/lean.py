"""Many worlds at slider speed: only what the page shows is kept, piece by piece, and what was lived is not lived again.

One piece at a time is lived, whoever asks, so that ten readers share the machine evenly; a reader who has moved on
gives way at the next piece.
"""

import asyncio
import os
from asyncio import to_thread
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.engine import compiled
from sim.engine.ensemble import SERIES, Ensemble, by_run
from sim.engine.plan import plan
from sim.experiments.sets import of_runs, standing
from sim.scenario import Scenario
from sim.views.app.state import RUNS, World

FIRST_PIECE = 256  # runs after which a first picture can be drawn
KEPT = (
    "reengagement",
    "relative_alignment",
    "influence",
    "china_flow",
    "workers_in_china",
    "russia_flow",
    "arms_flow",
    "workers_in_russia",
    *(name for name in SERIES if name.startswith("warmth_")),
)
TIES = tuple(name for name in KEPT if name.startswith("warmth_") or name.endswith("_flow") or "workers" in name)
_ARRAYS = ("runs", "war_end", "states", "played")
_MOST = 10  # ensembles held, of about 25 MB each
_PLACE = {name: place for place, name in enumerate(KEPT)}
_RECORD = tuple(f"{'world' if name in SERIES[:22] else 'measure'}.{name}" for name in KEPT)


@dataclass(frozen=True, eq=False)
class Lean(Ensemble):
    """An ensemble that keeps the series of :data:`KEPT` alone."""

    def array(self, name: str) -> NDArray[np.float64]:
        """Return one of the series kept, or the option values of a lever: shape (runs, months)."""
        return self.states[:, :, _PLACE[name]] if name in _PLACE else super().array(name)

    def head(self, count: int) -> "Lean":
        """Return the first runs alone."""
        parts: dict[str, Any] = {name: getattr(self, name)[:count] for name in _ARRAYS}
        return replace(self, **parts, parameters={name: values[:count] for name, values in self.parameters.items()})


def live(scenario: Scenario, seed: int, numbers: NDArray[np.int64]) -> Lean:
    """Live the runs with these numbers on all cores, each with one of the sets that history has not ruled out."""
    own = {name: each for name, each in of_runs(standing(), numbers).items() if name not in scenario.parameters}
    block = compiled.simulate(plan(scenario), seed, numbers, _RECORD, os.cpu_count() or 1, by_run(scenario, own))
    return Lean(scenario, seed, numbers, block.war_end, block.series, block.played, own)


def join(one: Lean, other: Lean) -> Lean:
    """Return two parts of an ensemble as one."""
    parts: dict[str, Any] = {
        name: np.concatenate([getattr(one, name), getattr(other, name)]) for name in _ARRAYS
    }
    own = {name: np.concatenate([values, other.parameters[name]]) for name, values in one.parameters.items()}
    return replace(one, **parts, parameters=own)


class Lives:
    """The ensembles that were lived of late, and the turn to live more."""

    def __init__(self) -> None:
        self._held: OrderedDict[tuple[World, int], Lean] = OrderedDict()
        self._turn = asyncio.Lock()
        self._waiting = 0

    @property
    def contended(self) -> bool:
        """Whether somebody else waits for a turn."""
        return self._waiting > 0

    def held(self, world: World, seed: int) -> Lean | None:
        """Return a whole ensemble if it is at hand."""
        found = self._held.get((world, seed))
        if found is not None:
            self._held.move_to_end((world, seed))
        return found

    async def whole(
        self, world: World, seed: int, wanted: Callable[[], bool], first: Callable[[Lean], None] | None = None
    ) -> Lean | None:
        """Return all runs of a world; None as soon as it is wanted no more.

        Parameters
        ----------
        first
            Called with the first piece where the reader is in a hurry or others wait.
        """
        if (found := self.held(world, seed)) is not None:
            return found
        scenario = world.scenario()
        part = await self._piece(scenario, seed, np.arange(FIRST_PIECE), wanted)
        if part is not None and first is not None and (self.contended or not wanted()):
            first(part)
        if part is None:
            return None
        rest = await self._piece(scenario, seed, np.arange(FIRST_PIECE, RUNS), wanted)
        if rest is None:
            return None
        found = await to_thread(join, part, rest)
        self._held[world, seed] = found
        while len(self._held) > _MOST:
            self._held.popitem(last=False)
        return found

    async def _piece(
        self, scenario: Scenario, seed: int, numbers: NDArray[np.int64], wanted: Callable[[], bool]
    ) -> Lean | None:
        self._waiting += 1
        try:
            await self._turn.acquire()
        finally:
            self._waiting -= 1
        try:
            return await to_thread(live, scenario, seed, numbers) if wanted() else None
        finally:
            self._turn.release()
