"""Many runs at once, by whichever engine: what they need is set out in blocks, and what they give is put together.

An engine that simulates many runs is a function that gives the month loop (:class:`sim.engine.protocol.MonthLoop`):
:func:`sim.engine.compiled.llvm_engine.kernel` or :func:`sim.engine.batch.month_loop`. Both give the same numbers, to
the last bit.
"""

from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from sim.engine import choosing, draws
from sim.engine.concurrency import thread_pool
from sim.engine.plan import Plan, Support
from sim.engine.protocol import Engine, MonthLoop
from sim.engine.start_state import StartState
from sim.engine.war_end import NEVER, draw_notice, draw_war_end
from sim.model.capitals import CAPITALS
from sim.model.moves import LEVERS, MOVE_FIELDS, Moves
from sim.model.world import WORLD_FIELDS

_TOGETHER = 4  # groups of a call that simulates runs and controls
FIRST_MOVES = np.array([getattr(Moves(), lever.field) for lever in LEVERS])

Number = TypeVar("Number", bound=np.generic)


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
        return [Block(*block) for block in zip(*arrays, strict=True)]

    def state_after(self, months: int) -> StartState:
        """Return where others can set out after some months of runs that recorded, last, :data:`REMEMBERED`.

        Parameters
        ----------
        months
            How many of the block's months; they are shown with what else was recorded.
        """
        recorded = self.series.shape[2] - len(REMEMBERED)
        memory = self.series[:, months - 1, recorded:].T
        return StartState(months, memory, self.series[:, :months, :recorded], self.played[:, :months])


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


@dataclass(frozen=True, eq=False)
class PlannedRuns:
    """Runs as engines simulate them.

    Attributes
    ----------
    plan
        Of a scenario.
    seed
        A whole number from 0.
    numbers
        Of the runs: with the seed they fix all chance.
    values
        Parameters that differ from run to run, one value a run; the others are the plan's.
    start
        Where the runs set out from, a state a run; from January 2019 where not said.
    support
        What was recorded of the moves, on which they are conditional; the row ``log_evidence`` then has its
        log-likelihood, month by month.
    jobs
        Threads. The results are the same for any number.
    engine
        Which engine runs them; where not said, see :mod:`sim.engine.choosing`. It changes no number.
    """

    plan: Plan
    seed: int
    numbers: NDArray[np.int64]
    values: dict[str, NDArray[np.float64]] = field(default_factory=dict)
    start: StartState | None = None
    support: Support | None = None
    jobs: int = 1
    engine: Engine | None = None

    def __len__(self) -> int:
        return len(self.numbers)


def simulate(runs: PlannedRuns, record: tuple[str, ...]) -> Block:
    """Simulate runs and return the recorded rows.

    Parameters
    ----------
    runs
        What is simulated.
    record
        Names of workspace rows to keep each month, such as "world.tension" or "measure.reengagement".
    """
    return _prepare(runs, record).simulate(1)[0]


def simulate_with_control(runs: PlannedRuns, record: tuple[str, ...]) -> tuple[Block, Block]:
    """Simulate runs, and the same runs in a world whose war does not end.

    Until the war ends both are the same, and are simulated once; else this is :func:`simulate`, twice.

    Parameters
    ----------
    runs, record
        As for :func:`simulate`.

    Returns
    -------
    block, control
        Of the same runs.
    """
    one, control = _prepare(runs, record).simulate(2)
    return one, control


def _prepare(runs: PlannedRuns, record: tuple[str, ...]) -> "_Work":
    plan = runs.plan
    made = (runs.engine or choosing.engine())(tuple(plan.values))
    once = draws.uniforms(runs.seed, runs.numbers, draws.ONCE)
    columns = _columns(plan, len(runs), runs.values)
    return _Work(
        made, plan, runs, columns,
        draw_war_end(plan.war_end, once), draw_notice(once, columns[list(plan.values).index("notice_months")]),
        np.array([made.rows[name] for name in record], dtype=np.int64), runs.start,
    )  # fmt: skip


def _columns(plan: Plan, runs: int, values: dict[str, NDArray[np.float64]]) -> NDArray[np.float64]:
    """Return the parameters of every run, shape (parameters, runs)."""
    columns = np.empty((len(plan.values), runs))
    for place, value in enumerate((plan.values | values).values()):
        columns[place] = value
    return columns


class Steps:
    """Runs that are simulated month by month, so that something can be done with them between the months.

    Attributes
    ----------
    memory
        What the rules remember of each run, shape (:data:`REMEMBERED`, runs); free to be changed between the months.

    Parameters
    ----------
    runs
        What is simulated, from January 2019.
    record
        As for :func:`simulate`.
    """

    def __init__(self, runs: PlannedRuns, record: tuple[str, ...]) -> None:
        self._work = _prepare(runs, (*record, *REMEMBERED))
        self._recorded, self._month = len(record), 0
        self.memory = np.empty((len(REMEMBERED), len(runs)))

    def step(self) -> tuple[NDArray[np.float64], NDArray[np.int8]]:
        """Simulate the next month and return what was recorded and played: (rows, runs) and (runs, levers)."""
        work, until = self._work, self._work.plan.until(self._month + 1)
        nothing = Block.empty(len(work.runs), 0, self._recorded + len(REMEMBERED))
        start = StartState(self._month, self.memory, nothing.series, nothing.played) if self._month else None
        (block,) = replace(work, plan=until, start=start).simulate(1)
        series = block.series[:, 0].T
        self.memory, self._month = series[self._recorded :], self._month + 1
        return series[: self._recorded], block.played[:, 0]


@dataclass(frozen=True)
class _Work:
    """Runs to be simulated."""

    made: MonthLoop
    plan: Plan  # of the runs, or its first months
    runs: PlannedRuns
    columns: NDArray[np.float64]
    ends: NDArray[np.int64]
    delays: NDArray[np.float64]
    rows: NDArray[np.int64]
    start: StartState | None

    def simulate(self, branches: int) -> tuple[Block, ...]:
        """Simulate all of them: once, or a second time for the world without an end."""
        months = len(self.plan.given)
        if self.start is not None:
            months += self.start.series.shape[1] - self.start.months
        blocks = tuple(Block.empty(len(self.runs), months, len(self.rows)) for _ in range(branches))
        # runs of one call share months with their controls up to the first of their wars' ends: so they are few
        most = min(self.made.groups, _TOGETHER) if branches == 2 else self.made.groups
        groups = min(most, -(-len(self.runs) // (self.made.lanes * self.runs.jobs)))
        starts = range(0, len(self.runs), max(groups, 1) * self.made.lanes)
        with thread_pool(self.runs.jobs) as pool:
            list(pool.map(lambda first: self._simulate_months(first, groups, blocks), starts))
        return blocks

    def _simulate_months(self, first: int, groups: int, blocks: tuple[Block, ...]) -> None:
        """Simulate the runs of some groups of lanes; lanes that are left over repeat the last run."""
        wide, left = self.made.lanes, len(self.runs) - first
        count = -(-min(groups * wide, left) // wide) * wide if self.made.even else min(wide, left)
        lanes = np.minimum(np.arange(first, first + count), len(self.runs) - 1)
        side_by_side = lanes.reshape(-1, min(wide, count))
        ends = self.ends[lanes]
        workspace = np.zeros((len(side_by_side), len(self.made.rows), side_by_side.shape[1]))
        rows = workspace.swapaxes(0, 1)  # (rows, groups, lanes)
        rows[self._params] = self.columns[:, side_by_side]
        rows[self.made.rows["war_start"]] = self.plan.war_start
        rows[self.made.rows["linear_economy"]] = self.plan.variant.linear_economy
        self._end_war(workspace, ends, lanes)
        self.made.begin(workspace, FIRST_MOVES)
        months = len(self.plan.given)
        if self.start is not None:
            parted = self.start.months
            before = (self.start.series[lanes], self.start.played[lanes])
            rows[self._remembered] = self.start.memory[:, side_by_side]
        else:
            parted = min(int(np.min(ends)), months) if len(blocks) == 2 else months
            before = self._months(workspace, lanes, 0, parted)
        last = lanes[-1] + 1
        for block, ended in zip(blocks, (ends, np.full(len(lanes), NEVER)), strict=False):
            branch = workspace if len(blocks) == 1 else workspace.copy()
            self._end_war(branch, ended, lanes)
            alone = self._months(branch, lanes, parted, months)
            _join(block.series[first:last], before[0], alone[0])
            _join(block.played[first:last], before[1], alone[1])
            block.war_end[first:last] = ended[: last - first]

    @cached_property
    def _params(self) -> list[int]:
        return [self.made.rows[f"params.{name}"] for name in self.plan.values]

    @cached_property
    def _remembered(self) -> list[int]:
        return [self.made.rows[name] for name in REMEMBERED]

    @cached_property
    def _seen(self) -> list[int]:
        return [self.made.rows[f"seen.{capital}"] for capital in CAPITALS]

    def _end_war(self, workspace: NDArray[np.float64], ends: NDArray[np.int64], lanes: NDArray[np.int64]) -> None:
        rows = workspace.swapaxes(0, 1)
        rows[self.made.rows["war_end"]] = ends.reshape(rows.shape[1:])
        rows[self._seen] = (ends + self.delays[lanes].T).reshape(-1, *rows.shape[1:])

    def _months(
        self, workspace: NDArray[np.float64], lanes: NDArray[np.int64], first: int, last: int
    ) -> tuple[NDArray[np.float64], NDArray[np.int8]]:
        """Simulate the months from ``first`` to before ``last``."""
        series = np.empty((len(self.rows), len(lanes), last - first))
        played = np.empty((len(lanes), last - first, len(LEVERS)), dtype=np.int8)
        plan = self.plan
        prospect = bool((self.columns[list(plan.values).index("loss_aversion"), lanes] != 1.0).any())
        support = self.runs.support or Support.empty(0)
        groups, _, wide = workspace.shape
        own = plan.given.ndim == 3
        # of months before the first nothing is read
        given = np.empty((groups if own else 1, last, plan.given.shape[1], wide))
        for group, of_group in enumerate(given):
            its = lanes[group * wide : (group + 1) * wide]
            of_group[first:] = plan.given[first:last, :, its] if own else plan.given[first:last, :, None]
        if last > first:
            self.made.simulate(
                workspace, first, last, given, plan.script, plan.limits, plan.scripted_deal,
                *draws.split_words(self.runs.seed), *draws.split_words(self.runs.numbers[lanes]),
                plan.variant.unilateral, prospect, self.runs.support is not None, support.recorded, support.support,
                self.rows, series, played,
            )  # fmt: skip
        return series.transpose(1, 2, 0), played


def _join(whole: NDArray[Number], before: NDArray[Number], after: NDArray[Number]) -> None:
    """Put the months before and after the parting into the rows of these runs."""
    whole[:, : before.shape[1]] = before[: len(whole)]
    whole[:, before.shape[1] :] = after[: len(whole)]
