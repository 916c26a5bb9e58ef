"""Many runs at once, by whichever engine: what they need is set out in blocks, and what they give is put together.

An engine that simulates many runs is a function that gives the month loop (:class:`MonthLoop`):
:func:`sim.engine.compiled.engine.kernel` or :func:`sim.engine.batch.months`. Both give the same numbers, to the last
bit.
"""

from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from sim.engine import choosing, draws
from sim.engine.plan import NEVER, Plan, notices, war_ends
from sim.model.moves import CAPITALS, LEVERS, MOVE_FIELDS, Moves
from sim.model.world import WORLD_FIELDS

FIRST_MOVES = np.array([getattr(Moves(), lever.field) for lever in LEVERS])


class MonthLoop(Protocol):
    """A month loop made from the rules."""

    @property
    def rows(self) -> Mapping[str, int]:
        """The place of every row of the workspace, by its name, such as ``world.tension``."""

    @property
    def lanes(self) -> int:
        """How many runs it simulates side by side, at most."""

    @property
    def even(self) -> bool:
        """Whether it always simulates as many."""

    def begin(self, workspace: NDArray[np.float64], first_moves: NDArray[np.float64]) -> None:
        """Set the world of January 2019 in a workspace of shape (rows, runs).

        Parameters
        ----------
        workspace
            Shape (:attr:`rows`, runs); written to.
        first_moves
            Values of the options of January 2019, one a lever.
        """

    def simulate(self, workspace: NDArray[np.float64], *asked: object) -> None:
        """Simulate months; see :data:`sim.engine.tracing.order.SIMULATE`.

        Parameters
        ----------
        workspace
            Shape (:attr:`rows`, runs); written to.
        asked
            What the order of the month says.
        """


Engine = Callable[[tuple[str, ...]], MonthLoop]  # of the names of the parameters


@dataclass(frozen=True)
class Block:
    """What many runs gave: ``series`` (runs, months, recorded rows), ``played`` (runs, months, levers) places."""

    series: NDArray[np.float64]
    played: NDArray[np.int8]
    war_end: NDArray[np.int64]

    @classmethod
    def empty(cls, runs: int, months: int, recorded: int) -> "Block":
        """Return a block with nothing in it yet.

        Parameters
        ----------
        runs, months, recorded
            Its shape.
        """
        return cls(
            np.empty((recorded, runs, months)).transpose(1, 2, 0),  # one series after the other, as they are read
            np.empty((runs, months, len(LEVERS)), dtype=np.int8),
            np.empty(runs, dtype=np.int64),
        )

    def split(self, parts: int) -> "list[Block]":
        """Return as many blocks of as many runs each.

        Parameters
        ----------
        parts
            How many; the runs are a multiple of it.
        """
        arrays = (np.split(array, parts) for array in (self.series, self.played, self.war_end))
        return [Block(*each) for each in zip(*arrays, strict=True)]


# All that the rules read of the past, by the rows of the workspace.
REMEMBERED = (
    *(f"world.{name}" for name in WORLD_FIELDS),
    *(f"moves.{name}" for name in MOVE_FIELDS),
    *(f"belief.{capital}.{part}" for capital in CAPITALS for part in ("ends", "months")),
    *(f"habit.{capital}" for capital in CAPITALS),
    "stance",
    "bundle",
    "chance.crisis",
)


@dataclass(frozen=True)
class Trunk:
    """The first months of a world, from which others part later.

    Attributes
    ----------
    block
        Of that world and the same runs; recorded were the rows that the others want, then :data:`REMEMBERED`.
    months
        How many months they share; at least one.
    """

    block: Block
    months: int

    def at(self, runs: NDArray[np.int64]) -> tuple[NDArray[np.float64], NDArray[np.int8]]:
        """Return what these runs recorded and played in the shared months.

        Parameters
        ----------
        runs
            Their places in the block.
        """
        wanted = self.block.series.shape[2] - len(REMEMBERED)
        return self.block.series[runs, : self.months, :wanted], self.block.played[runs, : self.months]

    def memory(self, runs: NDArray[np.int64]) -> NDArray[np.float64]:
        """Return what the rules remember after the shared months, shape (:data:`REMEMBERED`, runs).

        Parameters
        ----------
        runs
            Their places in the block.
        """
        return self.block.series[runs, self.months - 1, -len(REMEMBERED) :].T


def simulate(
    plan: Plan,
    seed: int,
    runs: NDArray[np.int64],
    record: tuple[str, ...],
    jobs: int = 1,
    values: dict[str, NDArray[np.float64]] | None = None,
    trunk: "Trunk | None" = None,
    engine: Engine | None = None,
) -> Block:
    """Simulate the runs with these numbers and return the recorded rows.

    Parameters
    ----------
    plan
        Of a scenario.
    seed
        A whole number from 0.
    runs
        The numbers of the runs: with the seed they fix all chance.
    record
        Names of workspace rows to keep each month, such as "world.tension" or "measure.reengagement".
    jobs
        Threads. The results are the same for any number.
    values
        Parameters that differ from run to run, one value a run; the others are the plan's.
    trunk
        Months that need not be simulated, for another ensemble has done the same.
    engine
        Which engine runs them; where not said, the faster (:mod:`sim.engine.choosing`). It changes no number.
    """
    return _simulate(plan, seed, runs, record, jobs, values, 1, trunk, engine)[0]


def simulate_with_control(
    plan: Plan,
    seed: int,
    runs: NDArray[np.int64],
    record: tuple[str, ...],
    jobs: int = 1,
    values: dict[str, NDArray[np.float64]] | None = None,
    engine: Engine | None = None,
) -> tuple[Block, Block]:
    """Simulate the runs, and the same runs in a world whose war does not end.

    Until the war ends both are the same, and are simulated once; else this is :func:`simulate`, twice.

    Parameters
    ----------
    plan, seed, runs, record, jobs, values, engine
        As for :func:`simulate`.

    Returns
    -------
    block, control
        Of the same runs.
    """
    one, control = _simulate(plan, seed, runs, record, jobs, values, 2, None, engine)
    return one, control


def _simulate(
    plan: Plan,
    seed: int,
    runs: NDArray[np.int64],
    record: tuple[str, ...],
    jobs: int,
    values: dict[str, NDArray[np.float64]] | None,
    branches: int,
    trunk: "Trunk | None",
    engine: Engine | None,
) -> tuple[Block, ...]:
    names = tuple(plan.values)
    columns = np.empty((len(names), len(runs)))
    for place, value in enumerate((plan.values | (values or {})).values()):
        columns[place] = value
    months = len(plan.given) - (trunk.months if trunk else 0)
    made = (engine or choosing.engine(names, len(runs), branches * months))(names)
    once = draws.uniforms(seed, runs, draws.ONCE)
    work = _Work(
        made, plan, names, columns, seed, runs,
        war_ends(plan, once), notices(once, columns[names.index("notice_months")]),
        np.array([made.rows[name] for name in record], dtype=np.int64),
        tuple(Block.empty(len(runs), len(plan.given), len(record)) for _ in range(branches)), trunk,
    )  # fmt: skip
    starts = range(0, len(runs), made.lanes)
    if jobs == 1:
        for first in starts:
            work.live(first)
    else:
        with ThreadPoolExecutor(jobs) as pool:
            list(pool.map(work.live, starts))
    return work.blocks


@dataclass(frozen=True)
class _Work:
    """Runs to be simulated, and the blocks to put them in: one, or a second one for the world without an end."""

    made: MonthLoop
    plan: Plan
    names: tuple[str, ...]
    columns: NDArray[np.float64]
    seed: int
    runs: NDArray[np.int64]
    ends: NDArray[np.int64]
    delays: NDArray[np.float64]
    rows: NDArray[np.int64]
    blocks: tuple[Block, ...]
    trunk: "Trunk | None" = None

    def live(self, first: int) -> None:
        """Simulate the runs of one set of lanes; lanes that are left over repeat the last run."""
        wanted = np.arange(first, first + self.made.lanes)
        lanes = np.minimum(wanted, len(self.runs) - 1) if self.made.even else wanted[: len(self.runs) - first]
        ends = self.ends[lanes]
        workspace = np.zeros((len(self.made.rows), len(lanes)))
        workspace[self._places("params", self.names)] = self.columns[:, lanes]
        workspace[self.made.rows["war_start"]] = self.plan.war_start
        workspace[self.made.rows["linear_economy"]] = self.plan.variant.linear_economy
        self._end_war(workspace, ends, lanes)
        self.made.begin(workspace, FIRST_MOVES)
        months = len(self.plan.given)
        if self.trunk is not None:
            parted, shared = self.trunk.months, self.trunk.at(lanes)
            workspace[[self.made.rows[name] for name in REMEMBERED]] = self.trunk.memory(lanes)
        else:
            parted = min(int(np.min(ends)), months) if len(self.blocks) == 2 else months
            shared = self._months(workspace, lanes, 0, parted)
        last = lanes[-1] + 1
        for block, ended in zip(self.blocks, (ends, np.full(len(lanes), NEVER)), strict=False):
            branch = workspace.copy()
            self._end_war(branch, ended, lanes)
            alone = self._months(branch, lanes, parted, months)
            _join(block.series[first:last], shared[0], alone[0])
            _join(block.played[first:last], shared[1], alone[1])
            block.war_end[first:last] = ended[: last - first]

    def _places(self, group: str, names: tuple[str, ...]) -> list[int]:
        return [self.made.rows[f"{group}.{name}"] for name in names]

    def _end_war(self, workspace: NDArray[np.float64], ends: NDArray[np.int64], lanes: NDArray[np.int64]) -> None:
        workspace[self.made.rows["war_end"]] = ends
        workspace[self._places("seen", CAPITALS)] = ends + self.delays[lanes].T

    def _months(
        self, workspace: NDArray[np.float64], lanes: NDArray[np.int64], first: int, last: int
    ) -> tuple[NDArray[np.float64], NDArray[np.int8]]:
        """Simulate the months from ``first`` to before ``last``."""
        series = np.empty((len(self.rows), len(lanes), last - first))
        played = np.empty((len(lanes), last - first, len(LEVERS)), dtype=np.int8)
        plan = self.plan
        prospect = bool((self.columns[self.names.index("loss_aversion"), lanes] != 1.0).any())
        if last > first:
            self.made.simulate(
                workspace, first, last, plan.given, plan.script, plan.limits, plan.scripted_deal,
                *draws.words(self.seed), *draws.words(self.runs[lanes]), plan.variant.unilateral, prospect,
                self.rows, series, played,
            )  # fmt: skip
        return series.transpose(1, 2, 0), played


def _join(whole: NDArray[Any], before: NDArray[Any], after: NDArray[Any]) -> None:
    """Put the months before and after the parting into the rows of these runs."""
    whole[:, : before.shape[1]] = before[: len(whole)]
    whole[:, before.shape[1] :] = after[: len(whole)]
