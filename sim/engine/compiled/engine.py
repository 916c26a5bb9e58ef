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
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.engine import draws
from sim.engine.plan import GIVEN, Support
from sim.model.moves import BUNDLES, LEVERS

LANES = 64
_ENGINE = Path(__file__).parents[1]
_SOURCES = (
    *sorted((_ENGINE.parent / "model").rglob("*.py")),
    *(_ENGINE / name for name in ("conditioning.py", "draws.py", "plan.py")),
    *sorted((_ENGINE / "tracing").glob("*.py")),
    *(_ENGINE / "compiled" / name for name in ("branchless.py", "kernel.py")),
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

    digest = hashlib.sha256()
    for path in _SOURCES:
        digest.update(path.read_bytes())
    digest.update(repr((params, LANES, version("numba"), llvm.get_host_cpu_name(),
                        llvm.get_host_cpu_features().flatten())).encode())  # fmt: skip
    return digest.hexdigest()[:20]


@dataclass(frozen=True)
class Kernel:
    """A compiled month loop; see :class:`sim.engine.blocks.MonthLoop`."""

    module: ModuleType
    rows: dict[str, int]
    lanes: int = LANES
    even: bool = True

    def begin(self, workspace: NDArray[np.float64], first_moves: NDArray[np.float64]) -> None:
        """Set the world of January 2019."""
        self.module.begin(workspace.reshape(-1), first_moves)

    def simulate(self, workspace: NDArray[np.float64], *asked: object) -> None:
        """Simulate months."""
        self.module.simulate(workspace.reshape(-1), *asked)


def ready(params: tuple[str, ...]) -> bool:
    """Whether the kernel need not be compiled."""
    # numba writes the loop over months last
    return any((cache_home() / fingerprint(params)).rglob("*.simulate-*.nbc"))


@cache
def kernel(params: tuple[str, ...]) -> Kernel:
    """Return the kernel, made anew only where no copy of it is on disk."""
    _widen_vectors()
    folder = _own(cache_home() / fingerprint(params))
    if not (folder / "rows.json").exists():
        from sim.engine.compiled.kernel import source
        from sim.engine.tracing.stages import trace

        traced = trace(params)
        _write(folder / "months.py", source(traced, LANES))
        _write(folder / "rows.json", json.dumps(traced.rows))
    spec = importlib.util.spec_from_file_location(f"driftback_{folder.name}", folder / "months.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # where numba looks for it when it reads its own cache
    spec.loader.exec_module(module)
    made = Kernel(module, json.loads((folder / "rows.json").read_text()))
    if hasattr(module.simulate, "signatures"):  # plain Python has none to be compiled
        _live_nothing(made)
    return made


def _live_nothing(made: Kernel) -> None:
    """Compile, or load what was compiled, before threads set out."""
    workspace, bundles, levers = np.zeros((len(made.rows), LANES)), len(BUNDLES), len(LEVERS)
    nothing = Support.nothing(0)
    made.begin(workspace, np.zeros(levers))
    made.simulate(
        workspace, 0, 0, np.zeros((0, len(GIVEN))), np.zeros((0, levers), np.int64), np.zeros((0, bundles, 2)),
        np.zeros(0, np.bool_), *draws.words(0), *draws.words(np.zeros(LANES)), False, False,
        False, nothing.told, nothing.support,
        np.zeros(0, np.int64), np.zeros((0, LANES, 0)), np.zeros((LANES, 0, levers), np.int8),
    )  # fmt: skip


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


def processor() -> dict[str, Any]:
    """Return what the compiled code was made for, for manifests."""
    import llvmlite.binding as llvm

    return {"processor": llvm.get_host_cpu_name(), "lanes": LANES}
