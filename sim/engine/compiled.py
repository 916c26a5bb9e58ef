"""The compiled engine: kernels made from the rules, kept on disk, and run on blocks of lanes."""

import errno
import getpass
import hashlib
import importlib.util
import json
import os
import shutil
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.engine import draws
from sim.engine.plan import NEVER, Plan, notices, war_ends
from sim.model.moves import CAPITALS, LEVERS, MOVE_FIELDS, Moves
from sim.model.world import WORLD_FIELDS

LANES = 64
_HERE = Path(__file__).parent
_SOURCES = (
    *sorted((_HERE.parent / "model").rglob("*.py")),
    *(_HERE / f"{name}.py" for name in ("branchless", "draws", "graph", "kernel", "plan", "tracing")),
)


def cache_home() -> Path:
    """Return the folder that holds compiled kernels: one's own, for what lies in it is run.

    Raises
    ------
    PermissionError
        If another user owns it, or can write there.
    OSError
        If nothing can be written, neither there nor in the folder for temporary files.
    """
    import platformdirs

    home = Path(os.environ.get("DRIFTBACK_CACHE") or platformdirs.user_cache_dir("driftback"))
    try:
        return _own(home)
    except PermissionError as error:
        if error.errno == errno.EPERM:
            raise
    except OSError:
        pass
    # a read-only home still gets to run, at the price of compiling once a boot
    return _own(Path(tempfile.gettempdir()) / f"driftback-cache-{_user()}")


def _user() -> int | str:
    """Return who runs this: a number, which is always known, where the system counts its users."""
    return os.geteuid() if hasattr(os, "geteuid") else getpass.getuser()


def _own(folder: Path) -> Path:
    """Return a folder that only its owner can write to, and that this process can; made where it is not there."""
    for each in (*reversed(folder.parents), folder):
        if not each.exists():
            each.mkdir(mode=0o700, exist_ok=True)  # whatever the umask
    with tempfile.TemporaryFile(dir=folder):
        pass
    if isinstance(_user(), int):  # elsewhere such folders are the user's own
        found = folder.stat()
        owners = {found.st_uid, folder.lstat().st_uid}
        why = "others can write there" if found.st_mode & 0o022 else ""
        if why := "another user owns it" if owners != {_user()} else why:
            fix = "Remove it, or name a folder of your own in DRIFTBACK_CACHE"
            raise PermissionError(errno.EPERM, f"{why}, and what lies there would be run. {fix}", str(folder))
    return folder


def clear_cache() -> Path:
    """Remove all compiled kernels and return the folder that held them."""
    home = cache_home()
    shutil.rmtree(home, ignore_errors=True)
    return home


def fingerprint(params: tuple[str, ...]) -> str:
    """Return the name of a kernel: it changes with any rule or parameter's name, numba's release and the processor."""
    import llvmlite.binding as llvm
    import numba

    digest = hashlib.sha256()
    for path in _SOURCES:
        digest.update(path.read_bytes())
    digest.update(repr((params, LANES, numba.__version__, llvm.get_host_cpu_name(),
                        llvm.get_host_cpu_features().flatten())).encode())  # fmt: skip
    return digest.hexdigest()[:20]


@dataclass(frozen=True)
class Kernel:
    """A compiled month loop and the layout of its workspace."""

    module: ModuleType
    size: int
    rows: dict[str, int]


@cache
def kernel(params: tuple[str, ...]) -> Kernel:
    """Return the kernel, made anew only where no copy of it is on disk."""
    _widen_vectors()
    folder = _own(cache_home() / fingerprint(params))
    if not (folder / "layout.json").exists():
        from sim.engine.kernel import source

        text, layout = source(params, LANES)
        _write(folder / "months.py", text)
        _write(folder / "layout.json", json.dumps(asdict(layout)))
    spec = importlib.util.spec_from_file_location(f"driftback_{folder.name}", folder / "months.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # where numba looks for it when it reads its own cache
    spec.loader.exec_module(module)
    return Kernel(module, **json.loads((folder / "layout.json").read_text()))


def _widen_vectors() -> None:
    """Let numba use the widest registers there are.

    For some processors with AVX-512 LLVM keeps to half of it, since old ones slow down when little code is wide. Here
    all is. Whoever tells numba what to use by NUMBA_CPU_FEATURES is left alone.
    """
    import llvmlite.binding as llvm
    import numba

    features, config = llvm.get_host_cpu_features(), vars(numba.config)
    if config["CPU_FEATURES"] is None and features.get("avx512f"):
        config["CPU_FEATURES"] = f"{features.flatten()},-prefer-256-bit"


def _write(path: Path, text: str) -> None:
    """Write beside and rename, so that two processes never see half a file."""
    with tempfile.NamedTemporaryFile("w", dir=path.parent, delete=False) as file:
        file.write(text)
    os.replace(file.name, path)


@dataclass(frozen=True)
class Block:
    """What many runs gave: ``series`` (runs, months, recorded rows), ``played`` (runs, months, levers) places."""

    series: NDArray[np.float64]
    played: NDArray[np.int8]
    war_end: NDArray[np.int64]

    @classmethod
    def empty(cls, runs: int, months: int, recorded: int) -> "Block":
        """Return a block with nothing in it yet."""
        return cls(
            np.empty((recorded, runs, months)).transpose(1, 2, 0),  # one series after the other, as they are read
            np.empty((runs, months, len(LEVERS)), dtype=np.int8),
            np.empty(runs, dtype=np.int64),
        )


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
        """Return what these runs recorded and played in the shared months."""
        wanted = self.block.series.shape[2] - len(REMEMBERED)
        return self.block.series[runs, : self.months, :wanted], self.block.played[runs, : self.months]

    def memory(self, runs: NDArray[np.int64]) -> NDArray[np.float64]:
        """Return what the rules remember after the shared months, shape (:data:`REMEMBERED`, runs)."""
        return self.block.series[runs, self.months - 1, -len(REMEMBERED) :].T


def simulate(
    plan: Plan,
    seed: int,
    runs: NDArray[np.int64],
    record: tuple[str, ...],
    jobs: int = 1,
    values: dict[str, NDArray[np.float64]] | None = None,
    trunk: "Trunk | None" = None,
) -> Block:
    """Live the runs with these numbers and return the recorded rows.

    Parameters
    ----------
    runs
        The numbers of the runs: with the seed they fix all chance.
    record
        Names of workspace rows to keep each month, such as "world.tension" or "measure.reengagement".
    jobs
        Threads. The results are the same for any number.
    values
        Parameters that differ from run to run, one value a run; the others are the plan's.
    trunk
        Months that need not be lived, for another world has lived the same.
    """
    return _simulate(plan, seed, runs, record, jobs, values, worlds=1, trunk=trunk)[0]


def simulate_with_control(
    plan: Plan,
    seed: int,
    runs: NDArray[np.int64],
    record: tuple[str, ...],
    jobs: int = 1,
    values: dict[str, NDArray[np.float64]] | None = None,
) -> tuple[Block, Block]:
    """Live the runs, and the same runs in a world whose war does not end.

    Until the war ends the two are one world, and are lived once; else this is :func:`simulate`, twice.
    """
    one, control = _simulate(plan, seed, runs, record, jobs, values, worlds=2)
    return one, control


def _simulate(
    plan: Plan,
    seed: int,
    runs: NDArray[np.int64],
    record: tuple[str, ...],
    jobs: int,
    values: dict[str, NDArray[np.float64]] | None,
    worlds: int,
    trunk: "Trunk | None" = None,
) -> tuple[Block, ...]:
    names = tuple(plan.values)
    made = kernel(names)
    columns = np.empty((len(names), len(runs)))
    for place, value in enumerate((plan.values | (values or {})).values()):
        columns[place] = value
    rows = np.array([made.rows[name] for name in record], dtype=np.int64)
    once = draws.uniforms(seed, runs, draws.ONCE)
    work = _Work(
        made, plan, names, columns, seed, runs,
        war_ends(plan, once), notices(once, columns[names.index("notice_months")]), rows,
        tuple(Block.empty(len(runs), len(plan.given), len(record)) for _ in range(worlds)), trunk,
    )  # fmt: skip
    starts = range(0, len(runs), LANES)
    if starts and not getattr(made.module.simulate, "signatures", True):  # plain Python has none to be compiled
        work.live(0)  # compiles, or loads what was compiled, before threads set out
        starts = starts[1:]
    if jobs == 1:
        for first in starts:
            work.live(first)
    else:
        with ThreadPoolExecutor(jobs) as pool:
            list(pool.map(work.live, starts))
    return work.blocks


@dataclass(frozen=True)
class _Work:
    """Runs to be lived, and the blocks to put them in: one, or a second one for the world without an end."""

    made: Kernel
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
        """Live the runs of one set of lanes; lanes that are left over repeat the last run."""
        lanes = np.minimum(np.arange(first, first + LANES), len(self.runs) - 1)
        ends = self.ends[lanes]
        workspace = np.zeros((self.made.size, LANES))
        place = self.made.rows[f"params.{self.names[0]}"]
        workspace[place : place + len(self.names)] = self.columns[:, lanes]
        workspace[self.made.rows["war_start"]] = self.plan.war_start
        workspace[self.made.rows["linear_economy"]] = self.plan.variant.linear_economy
        self._end_war(workspace, ends, lanes)
        self.made.module.begin(workspace.reshape(-1), FIRST_MOVES)
        months = len(self.plan.given)
        if self.trunk is not None:
            parted, shared = self.trunk.months, self.trunk.at(lanes)
            workspace[[self.made.rows[name] for name in REMEMBERED]] = self.trunk.memory(lanes)
        else:
            parted = min(int(np.min(ends)), months) if len(self.blocks) == 2 else months
            shared = self._months(workspace, lanes, 0, parted)
        last = lanes[-1] + 1
        for block, ended in zip(self.blocks, (ends, np.full(LANES, NEVER)), strict=False):
            branch = workspace.copy()
            self._end_war(branch, ended, lanes)
            alone = self._months(branch, lanes, parted, months)
            _join(block.series[first:last], shared[0], alone[0])
            _join(block.played[first:last], shared[1], alone[1])
            block.war_end[first:last] = ended[: last - first]

    def _end_war(self, workspace: NDArray[np.float64], ends: NDArray[np.int64], lanes: NDArray[np.int64]) -> None:
        seen = self.made.rows[f"seen.{CAPITALS[0]}"]
        workspace[self.made.rows["war_end"]] = ends
        workspace[seen : seen + len(CAPITALS)] = ends + self.delays[lanes].T

    def _months(
        self, workspace: NDArray[np.float64], lanes: NDArray[np.int64], first: int, last: int
    ) -> tuple[NDArray[np.float64], NDArray[np.int8]]:
        """Live the months from ``first`` to before ``last``."""
        series = np.empty((len(self.rows), LANES, last - first))
        played = np.empty((LANES, last - first, len(LEVERS)), dtype=np.int8)
        plan = self.plan
        prospect = bool((self.columns[self.names.index("loss_aversion"), lanes] != 1.0).any())
        self.made.module.simulate(
            workspace.reshape(-1), first, last, plan.given, plan.script, plan.limits, plan.scripted_deal,
            *draws.words(self.seed), *draws.words(self.runs[lanes]), plan.variant.unilateral, prospect,
            self.rows, series, played,
        )  # fmt: skip
        return series.transpose(1, 2, 0), played


def _join(whole: NDArray[Any], before: NDArray[Any], after: NDArray[Any]) -> None:
    """Put the months before and after the parting into the rows of these runs."""
    whole[:, : before.shape[1]] = before[: len(whole)]
    whole[:, before.shape[1] :] = after[: len(whole)]


FIRST_MOVES = np.array([getattr(Moves(), lever.field) for lever in LEVERS])


def processor() -> dict[str, Any]:
    """Return what the compiled code was made for, for manifests."""
    import llvmlite.binding as llvm

    return {"processor": llvm.get_host_cpu_name(), "lanes": LANES}
