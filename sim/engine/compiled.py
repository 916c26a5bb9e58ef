"""The compiled engine: kernels made from the rules, kept on disk, and run on blocks of lanes."""

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
from sim.engine.plan import Plan, notices, war_ends
from sim.model.moves import CAPITALS, LEVERS, Moves
from sim.model.variants import Variant

LANES = 16
_HERE = Path(__file__).parent
_SOURCES = (
    *sorted((_HERE.parent / "model").rglob("*.py")),
    *(_HERE / f"{name}.py" for name in ("draws", "graph", "kernel", "plan", "tracing")),
)


def cache_home() -> Path:
    """Return the folder that holds compiled kernels."""
    import platformdirs

    home = Path(os.environ.get("DRIFTBACK_CACHE") or platformdirs.user_cache_dir("driftback"))
    try:
        home.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=home):
            return home
    except OSError:  # a read-only home still gets to run, at the price of compiling once a boot
        return Path(tempfile.gettempdir()) / "driftback-cache"


def clear_cache() -> Path:
    """Remove all compiled kernels and return the folder that held them."""
    home = cache_home()
    shutil.rmtree(home, ignore_errors=True)
    return home


def fingerprint(params: tuple[str, ...], linear_economy: bool) -> str:
    """Return the name of a kernel: it changes with any rule, numba's release, the processor, and the structure."""
    import llvmlite.binding as llvm
    import numba

    digest = hashlib.sha256()
    for path in _SOURCES:
        digest.update(path.read_bytes())
    digest.update(repr((params, linear_economy, LANES, numba.__version__, llvm.get_host_cpu_name(),
                        llvm.get_host_cpu_features().flatten())).encode())  # fmt: skip
    return digest.hexdigest()[:20]


@dataclass(frozen=True)
class Kernel:
    """A compiled month loop and the layout of its workspace."""

    module: ModuleType
    size: int
    rows: dict[str, int]


@cache
def kernel(params: tuple[str, ...], linear_economy: bool) -> Kernel:
    """Return the kernel of a structure, made anew only where no copy of it is on disk."""
    folder = cache_home() / fingerprint(params, linear_economy)
    if not (folder / "layout.json").exists():
        from sim.engine.kernel import source

        text, layout = source(params, Variant("", "", linear_economy=linear_economy), LANES)
        folder.mkdir(parents=True, exist_ok=True)
        _write(folder / "months.py", text)
        _write(folder / "layout.json", json.dumps(asdict(layout)))
    spec = importlib.util.spec_from_file_location(f"driftback_{folder.name}", folder / "months.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # where numba looks for it when it reads its own cache
    spec.loader.exec_module(module)
    return Kernel(module, **json.loads((folder / "layout.json").read_text()))


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


def simulate(
    plan: Plan,
    seed: int,
    runs: NDArray[np.int64],
    record: tuple[str, ...],
    jobs: int = 1,
    values: dict[str, NDArray[np.float64]] | None = None,
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
    """
    names = tuple(plan.values)
    made = kernel(names, plan.variant.linear_economy)
    columns = np.empty((len(names), len(runs)))
    for place, value in enumerate((plan.values | (values or {})).values()):
        columns[place] = value
    months = len(plan.given)
    rows = np.array([made.rows[name] for name in record], dtype=np.int64)
    out = Block(
        np.empty((len(runs), months, len(record))),
        np.empty((len(runs), months, len(LEVERS)), dtype=np.int8),
        np.empty(len(runs), dtype=np.int64),
    )

    def live(first: int) -> None:
        some = slice(first, min(first + LANES, len(runs)))
        _live(made, plan, names, columns[:, some], seed, runs[some], rows, out, some)

    starts = range(0, len(runs), LANES)
    if starts:
        live(0)  # compiles, or loads what was compiled, before threads set out
    if jobs == 1:
        for first in starts[1:]:
            live(first)
    else:
        with ThreadPoolExecutor(jobs) as pool:
            list(pool.map(live, starts[1:]))
    return out


def _live(
    made: Kernel,
    plan: Plan,
    names: tuple[str, ...],
    columns: NDArray[np.float64],
    seed: int,
    runs: NDArray[np.int64],
    rows: NDArray[np.int64],
    out: Block,
    some: slice,
) -> None:
    """Live one block of lanes; lanes that are left over repeat the last run."""
    lanes = np.minimum(np.arange(LANES), len(runs) - 1)
    months = len(plan.given)
    once = draws.uniforms(seed, runs[lanes], draws.ONCE)
    columns = columns[:, lanes]
    ends = war_ends(plan, once)
    workspace = np.zeros((made.size, LANES))
    first = made.rows[f"params.{names[0]}"]
    workspace[first : first + len(names)] = columns
    workspace[made.rows["war_start"]] = plan.war_start
    workspace[made.rows["war_end"]] = ends
    seen = made.rows[f"seen.{CAPITALS[0]}"]
    most = columns[names.index("notice_months")]
    workspace[seen : seen + len(CAPITALS)] = ends + notices(once, most).T
    series = np.empty((LANES, months, len(rows)))
    played = np.empty((LANES, months, len(LEVERS)), dtype=np.int8)
    made.module.simulate(
        workspace.reshape(-1), plan.given, plan.script, plan.limits, plan.scripted_deal,
        *draws.words(seed), *draws.words(runs[lanes]), FIRST_MOVES, plan.variant.unilateral,
        bool((columns[names.index("loss_aversion")] != 1.0).any()), rows, series, played,
    )  # fmt: skip
    out.series[some], out.played[some], out.war_end[some] = (a[: len(runs)] for a in (series, played, ends))


FIRST_MOVES = np.array([getattr(Moves(), lever.field) for lever in LEVERS])


def processor() -> dict[str, Any]:
    """Return what the compiled code was made for, for manifests."""
    import llvmlite.binding as llvm

    return {"processor": llvm.get_host_cpu_name(), "lanes": LANES}
