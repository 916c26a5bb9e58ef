"""The compiled engine: kernels made from the rules, kept on disk, and run on blocks of lanes."""

import ctypes
import errno
import getpass
import hashlib
import json
import os
import platform
import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np

GROUPS = 16  # groups of lanes that one call simulates: with more, a few hundred runs would keep but one core busy
LANES = 16  # few enough that what a stage reads stays in the first cache of a core
_ENGINE = Path(__file__).parents[1]
_SOURCES = (
    *sorted((_ENGINE.parent / "model").rglob("*.py")),
    *(_ENGINE / name for name in ("move_likelihood.py", "draws.py", "plan.py")),
    *sorted((_ENGINE / "tracing").glob("*.py")),
    *sorted((_ENGINE / "compiled").glob("*.py")),
)
_OBJECT, _ROWS = "months.o", "rows.json"
_BEGIN = ctypes.CFUNCTYPE(None, ctypes.c_int64, *[ctypes.c_void_p] * 2)
# Places of arrays and whole numbers, as the order of a month asks for them.
_SIMULATE = ctypes.CFUNCTYPE(
    None, *[ctypes.c_int64] * 2, ctypes.c_void_p, *[ctypes.c_int64] * 2, *[ctypes.c_void_p] * 4, *[ctypes.c_uint64] * 2,
    *[ctypes.c_void_p] * 2, *[ctypes.c_int64] * 3, *[ctypes.c_void_p] * 5,
)  # fmt: skip


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
    for level in (*reversed(folder.parents), folder):
        if not level.exists():
            level.mkdir(mode=0o700, exist_ok=True)  # whatever the umask
    with tempfile.TemporaryFile(dir=folder):
        pass
    if isinstance(_user(), int):  # elsewhere such folders are the user's own
        status = folder.stat()
        owners = {status.st_uid, folder.lstat().st_uid}
        why = "others can write there" if status.st_mode & 0o022 else ""
        if why := "another user owns it" if owners != {_user()} else why:
            fix = "Remove it, or name a folder of your own in DRIFTBACK_CACHE"
            raise PermissionError(errno.EPERM, f"{why}, and what lies there would be run. {fix}", str(folder))
    return folder


def clear_cache() -> Path:
    """Remove all compiled kernels and return the folder that held them."""
    home = cache_home()
    shutil.rmtree(home, ignore_errors=True)
    return home


def kernel_fingerprint(params: tuple[str, ...]) -> str:
    """Return the name of a kernel: it changes with any rule or parameter's name, LLVM's release and the processor."""
    digest = hashlib.sha256()
    for path in _SOURCES:
        digest.update(path.read_bytes())
    digest.update(repr((params, LANES, version("llvmlite"), *_target())).encode())
    return digest.hexdigest()[:20]


@dataclass(frozen=True)
class Kernel:
    """A compiled month loop; see :class:`sim.engine.protocol.MonthLoop`."""

    rows: dict[str, int]
    code: Any  # in memory, see :func:`load_code`; the next two lie in it
    begins: Callable[..., None]
    simulates: Callable[..., None]
    lanes: int = LANES
    groups: int = GROUPS
    even: bool = True

    def begin(self, *asked: Any) -> None:
        """Set the world of January 2019."""
        self.begins(len(asked[0]), *map(_said, asked))

    def simulate(self, *asked: Any) -> None:
        """Simulate months."""
        workspace, first, last, given, *between, record, series, played = asked
        rows = np.array([*series.shape, *record], np.int64)
        apart = given[0].size if len(given) > 1 else 0  # numbers from one group's to the next
        numbers = (len(workspace), apart, workspace, first, last, given, *between, rows, series, played)
        self.simulates(*map(_said, numbers))


def _said(asked: Any) -> int:
    """Return what machine code is told: a whole number, or where an array stands in memory."""
    if not isinstance(asked, np.ndarray) or not asked.ndim:
        return int(asked)
    if not asked.flags.c_contiguous:
        raise ValueError(f"an array of shape {asked.shape} has gaps between its numbers, which machine code would read")
    return int(asked.__array_interface__["data"][0])


def ready(params: tuple[str, ...]) -> bool:
    """Whether the kernel need not be compiled."""
    return (cache_home() / kernel_fingerprint(params) / _ROWS).exists()  # written last


@cache
def kernel(params: tuple[str, ...]) -> Kernel:
    """Return the kernel, made anew only where no sound copy of it is on disk."""
    folder = _own(cache_home() / kernel_fingerprint(params))
    written, rows = _kept(folder) or _made(params, folder)
    code = load_code(written)
    begin, simulate = (code.get_function_address(f"{name}_groups") for name in ("begin", "simulate"))
    return Kernel(rows, code, _BEGIN(begin), _SIMULATE(simulate))


def _kept(folder: Path) -> tuple[bytes, dict[str, int]] | None:
    """Return the machine code and the rows that lie in a folder; nothing where they are not as they were written."""
    try:
        rows, code = json.loads((folder / _ROWS).read_text()), (folder / _OBJECT).read_bytes()
        return (code, rows) if rows.pop("digest") == _digest(code, rows) else None
    except (OSError, ValueError, KeyError):
        return None


def _digest(code: bytes, rows: dict[str, int]) -> str:
    return hashlib.sha256(code + json.dumps(rows).encode()).hexdigest()


def _made(params: tuple[str, ...], folder: Path) -> tuple[bytes, dict[str, int]]:
    """Compile the rules, and keep what comes out in a folder."""
    from sim.engine.compiled.llvm_source import Vectors, month_loop_source
    from sim.engine.tracing.stages import trace

    traced = trace(params)
    code = compile_text(month_loop_source(traced, Vectors(LANES, width())))
    _write(folder / _OBJECT, code)
    _write(folder / _ROWS, json.dumps({"digest": _digest(code, traced.rows), **traced.rows}).encode())
    return code, traced.rows


def compile_text(text: str) -> bytes:
    """Return LLVM's language as machine code for this processor.

    Parameters
    ----------
    text
        A module, see :func:`sim.engine.compiled.llvm_source.llvm_source`.
    """
    module = _llvm().parse_assembly(text)
    module.verify()
    return bytes(_machine().emit_object(module))


def load_code(code: bytes) -> Any:
    """Return machine code in memory, which knows where its functions begin (``get_function_address``).

    Parameters
    ----------
    code
        As :func:`compile_text` made it, on a processor such as this.
    """
    llvm = _llvm()
    engine = llvm.create_mcjit_compiler(llvm.parse_assembly(""), _machine())
    engine.add_object_file(llvm.ObjectFileRef.from_data(code))
    engine.finalize_object()
    return engine


@cache
def has_compiler() -> bool:
    """Return whether there is a compiler here: no wheel of it is made for some platforms, and on some none loads."""
    try:
        _llvm()
    except (ImportError, OSError):
        return False
    return True


@cache
def _llvm() -> Any:
    """Return LLVM, for this processor."""
    import llvmlite.binding as llvm

    llvm.initialize_native_target()
    llvm.initialize_native_asmprinter()
    return llvm


def _machine() -> Any:
    """Return what writes the code of this processor."""
    name, features = _target()
    target = _llvm().Target.from_default_triple()
    placed = "static" if target.name.startswith("x86") else "default"  # as code in memory has to be there
    return target.create_target_machine(cpu=name, features=features, opt=2, reloc=placed, jit=True)


@cache
def _target() -> tuple[str, str]:
    """Return the name of this processor, and what it can do.

    For some processors with AVX-512 LLVM keeps to half of it, since old ones slow down when little code is wide. Here
    all is.
    """
    llvm = _llvm()
    features = llvm.get_host_cpu_features()
    wide = ",-prefer-256-bit" if features.get("avx512f") else ""
    return llvm.get_host_cpu_name(), features.flatten() + wide


def width() -> int:
    """Return on how many numbers an operation works: two registers, so that one need not wait for the other."""
    features = _target()[1].split(",")
    register = 8 if "+avx512f" in features else 4 if "+avx" in features else 2
    return 2 * register


def _write(path: Path, code: bytes) -> None:
    """Write beside and rename, so that two processes never see half a file."""
    with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as file:
        file.write(code)
    os.replace(file.name, path)


def processor() -> dict[str, object]:
    """Return what the compiled code was made for, or would be, for manifests."""
    return {"processor": _target()[0] if has_compiler() else platform.machine(), "lanes": LANES}
