"""Many worlds at slider speed: only what the page shows is kept, piece by piece, and what was lived is not lived again.

One piece at a time is lived, whoever asks, so that ten readers share the machine evenly; a reader who has moved on
gives way at the next piece.
"""

import asyncio
import os
from asyncio import to_thread
from collections import OrderedDict
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, replace
from heapq import heappop, heappush
from itertools import count
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.calibration.parameter_sets import of_runs, over
from sim.engine import simulation
from sim.engine.partial import Partial, recorded
from sim.engine.plan import plan, shared_months
from sim.engine.runs import by_run
from sim.engine.simulation import REMEMBERED, Block, Trunk
from sim.scenario import Scenario
from sim.scenario.source import source_of
from sim.web.state import RUNS, SHOWN, World

_FIRST = (256,)  # runs after which a first picture can be drawn, where others wait
_LATER = (256, 512, 768)  # in small pieces, so that whoever moves a control meanwhile waits for none of it for long
TIES = tuple(name for name in SHOWN if name.startswith("warmth_") or name.endswith("_flow") or "workers" in name)
_ARRAYS = ("runs", "war_end", "played", "states")
_MOST = 10  # ensembles held, of about 25 MB each
_RECORD = recorded(SHOWN)


@dataclass(frozen=True, eq=False)
class Lean(Partial):
    """An ensemble that keeps the series of :data:`SHOWN` alone."""

    kept = SHOWN

    def trunk(self, runs: NDArray[np.int64], months: int) -> Trunk:
        """Return the first months of some of these runs, for others to part from."""
        first, last = int(runs[0]), int(runs[-1]) + 1
        part = slice(first, last)
        return Trunk(Block(self.states[part], self.played[part], self.war_end[part]), months)

    def slim(self) -> "Lean":
        """Return it without what the rules remember."""
        kept = self.states.transpose(2, 0, 1)[: len(SHOWN)].copy()  # a view would hold on to all of it
        return replace(self, states=kept.transpose(1, 2, 0))

    def head(self, count: int) -> "Lean":
        """Return the first runs alone."""
        parts: dict[str, Any] = {name: getattr(self, name)[:count] for name in _ARRAYS}
        return replace(self, **parts, parameters={name: values[:count] for name, values in self.parameters.items()})


def live(
    scenario: Scenario, seed: int, numbers: NDArray[np.int64], trunk: Trunk | None = None, remember: bool = False
) -> Lean:
    """Live the runs with these numbers on all cores, each with one of the sets that history has not ruled out.

    Parameters
    ----------
    trunk
        Months of these runs that need not be lived again.
    remember
        Whether all that the rules remember is recorded too, so that other worlds can part from this one.
    """
    sets = over(scenario)
    own = {name: each for name, each in of_runs(sets, numbers).items() if name not in scenario.parameters}
    record, threads = (*_RECORD, *REMEMBERED) if remember else _RECORD, os.cpu_count() or 1
    block = simulation.simulate(plan(scenario), seed, numbers, record, threads, by_run(scenario, own), trunk)
    return Lean(scenario, seed, numbers, block.war_end, block.series, block.played, own,
                source=source_of(scenario, sets.source))  # fmt: skip


def join(one: Lean, other: Lean) -> Lean:
    """Return two parts of an ensemble as one."""
    parts: dict[str, Any] = {name: np.concatenate([getattr(one, name), getattr(other, name)]) for name in _ARRAYS[:-1]}
    series = (each.states.transpose(2, 0, 1) for each in (one, other))  # as they lie: one series after the other
    parts["states"] = np.concatenate(list(series), axis=1).transpose(1, 2, 0)
    own = {name: np.concatenate([values, other.parameters[name]]) for name, values in one.parameters.items()}
    return replace(one, **parts, parameters=own)


class Turns:
    """One at a time, the most urgent first, and among equals whoever came first."""

    def __init__(self) -> None:
        self._taken = False
        self._waiting: list[tuple[int, int, asyncio.Future[None]]] = []
        self._tickets = count()

    @property
    def contended(self) -> bool:
        """Whether somebody waits."""
        return bool(self._waiting)

    @asynccontextmanager
    async def turn(self, rank: int) -> AsyncIterator[None]:
        """Wait for a turn and hold it; a lower rank is more urgent."""
        if self._taken:
            mine = asyncio.get_running_loop().create_future()
            heappush(self._waiting, (rank, next(self._tickets), mine))
            try:
                await mine
            except asyncio.CancelledError:
                if mine.done() and not mine.cancelled():  # the turn was given to one who has left
                    self._pass_on()
                raise
        self._taken = True
        try:
            yield
        finally:
            self._pass_on()

    def _pass_on(self) -> None:
        while self._waiting:
            _, _, other = heappop(self._waiting)
            if not other.done():
                other.set_result(None)
                return
        self._taken = False


class Lives:
    """The ensembles that were lived of late, and the turns to live more.

    First come first pictures, then whole ensembles, then what stands below the fold.
    """

    def __init__(self) -> None:
        self._held: OrderedDict[tuple[World, int], Lean] = OrderedDict()
        self._trunk: Lean | None = None  # the last world without an end, with all that the rules remember of it
        self._turns = Turns()

    def last(self) -> AbstractAsyncContextManager[None]:
        """Hold a turn that comes when nobody waits to see worlds: for drawing what stands below the fold."""
        return self._turns.turn(3)

    def held(self, world: World, seed: int) -> Lean | None:
        """Return a whole ensemble if it is at hand."""
        found = self._held.get((world, seed))
        if found is not None:
            self._held.move_to_end((world, seed))
        return found

    async def whole(
        self,
        world: World,
        seed: int,
        wanted: Callable[[], bool],
        first: Callable[[Lean], None] | None = None,
        later: bool = False,
    ) -> Lean | None:
        """Return all runs of a world; None as soon as it is wanted no more.

        Parameters
        ----------
        first
            Called with the first piece where others wait.
        later
            Whether all that others wait for goes before.
        """
        scenario, found = world.scenario(), None
        trunk, months = (None, 0) if later else self._parting(scenario, seed)
        pieces = _LATER if later else _FIRST if self._turns.contended else ()
        for numbers in np.split(np.arange(RUNS), pieces):
            async with self._turns.turn(rank=2 if later else int(found is not None)):
                if (held := self.held(world, seed)) is not None:  # by another reader, meanwhile
                    return held
                if not wanted():
                    return None
                shared = trunk.trunk(numbers, months) if trunk is not None else None
                piece = await to_thread(live, scenario, seed, numbers, shared, later)
            if found is None and first is not None and self._turns.contended:
                first(piece)
            found = piece if found is None else await to_thread(join, found, piece)
        assert found is not None
        if later:
            self._trunk, found = found, await to_thread(found.slim)
        self._held[world, seed] = found
        while len(self._held) > _MOST:
            self._held.popitem(last=False)
        return found

    def _parting(self, scenario: Scenario, seed: int) -> tuple[Lean | None, int]:
        """Return the world from which this one parts, and after how many months; none where it parts at once."""
        trunk = self._trunk
        if trunk is None or trunk.seed != seed:
            return None, 0
        one, other = trunk.scenario, scenario
        if (one.parameters, one.without) != (other.parameters, other.without):  # the sets would differ, too
            return None, 0
        months = shared_months(plan(one), plan(other))
        return (trunk, months) if months else (None, 0)
