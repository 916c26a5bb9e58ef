"""Many runs at slider speed: only what the page shows is kept, piece by piece, and nothing is simulated twice.

One piece at a time is simulated, whoever asks, so that ten readers share the machine evenly; a reader who has moved on
gives way at the next piece.
"""

import asyncio
import os
from asyncio import to_thread
from collections import OrderedDict
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import replace
from heapq import heappop, heappush
from itertools import count

import numpy as np
from numpy.typing import NDArray

from sim.calibration.parameter_sets import of_runs, over
from sim.engine import blocks
from sim.engine.blocks import REMEMBERED, Block, Trunk
from sim.engine.ensemble import Ensemble, by_run, rows_of
from sim.engine.plan import plan, shared_months
from sim.scenario import Scenario
from sim.scenario.source import source_of
from sim.web.state import RUNS, SHOWN, World

_FIRST = (256,)  # runs after which a first picture can be drawn, where others wait
_LATER = (256, 512, 768)  # in small pieces, so that whoever moves a control meanwhile waits for none of it for long
TIES = tuple(name for name in SHOWN if name.startswith("warmth_") or name.endswith("_flow") or "workers" in name)
_MOST = 10  # ensembles held, of about 25 MB each


def trunk_of(many: Ensemble, runs: NDArray[np.int64], months: int) -> Trunk:
    """Return the first months of some of these runs, for others to part from."""
    part = slice(int(runs[0]), int(runs[-1]) + 1)
    return Trunk.of(Block(many.states[part], many.played[part], many.war_end[part]), months)


def slim(many: Ensemble) -> Ensemble:
    """Return it without what the rules remember."""
    kept = many.states.transpose(2, 0, 1)[: len(SHOWN)].copy()  # a view would hold on to all of it
    return replace(many, states=kept.transpose(1, 2, 0))


def live(
    scenario: Scenario, seed: int, numbers: NDArray[np.int64], trunk: Trunk | None = None, remember: bool = False
) -> Ensemble:
    """Simulate the runs with these numbers on all cores, each with one of the sets that history has not ruled out.

    Parameters
    ----------
    trunk
        Months of these runs that need not be simulated again.
    remember
        Whether all that the rules remember is recorded too, so that other runs can part from this one.
    """
    sets = over(scenario)
    own = of_runs(sets, numbers, scenario)
    record, threads = rows_of(SHOWN) + REMEMBERED * remember, os.cpu_count() or 1
    block = blocks.simulate(plan(scenario), seed, numbers, record, threads, by_run(scenario, own), trunk)
    return Ensemble(scenario, seed, numbers, block.war_end, block.series, block.played, own,
                    source=source_of(scenario, sets.source), kept=SHOWN)  # fmt: skip


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
    """The ensembles that were simulated of late, and the turns to live more.

    First come first pictures, then whole ensembles, then what stands below the fold.
    """

    def __init__(self) -> None:
        self._held: OrderedDict[tuple[World, int], Ensemble] = OrderedDict()
        self._trunk: Ensemble | None = None  # the last run without an end, with all that the rules remember of it
        self._turns = Turns()

    def last(self) -> AbstractAsyncContextManager[None]:
        """Hold a turn that comes when nobody waits to see runs: for drawing what stands below the fold."""
        return self._turns.turn(3)

    def held(self, world: World, seed: int) -> Ensemble | None:
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
        first: Callable[[Ensemble], None] | None = None,
        later: bool = False,
    ) -> Ensemble | None:
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
                shared = trunk_of(trunk, numbers, months) if trunk is not None else None
                piece = await to_thread(live, scenario, seed, numbers, shared, later)
            if found is None and first is not None and self._turns.contended:
                first(piece)
            found = piece if found is None else await to_thread(Ensemble.concatenate, [found, piece])
        assert found is not None
        if later:
            self._trunk, found = found, await to_thread(slim, found)
        self._held[world, seed] = found
        while len(self._held) > _MOST:
            self._held.popitem(last=False)
        return found

    def _parting(self, scenario: Scenario, seed: int) -> tuple[Ensemble | None, int]:
        """Return the world from which this one parts, and after how many months; none where it parts at once."""
        trunk = self._trunk
        if trunk is None or trunk.seed != seed:
            return None, 0
        one, other = trunk.scenario, scenario
        if (one.parameters, one.without) != (other.parameters, other.without):  # the sets would differ, too
            return None, 0
        months = shared_months(plan(one), plan(other))
        return (trunk, months) if months else (None, 0)
