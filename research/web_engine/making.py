"""From the rules to WebAssembly: two modules, their fingerprint, and the compiler that makes them."""

import hashlib
import json
import os
import subprocess
import sys
import tempfile
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from research.web_engine import traced_reasons
from research.web_engine.c_source import layout_of, module_source
from sim.engine.tracing.stages import trace
from sim.scenario.values import resolve

COMPILER = "0.17.1"  # the release of ziglang: another may make other bytes
LANES = 32  # runs side by side in a module of many
_FLAGS = (
    "-target", "wasm32-freestanding", "-O3", "-msimd128", "-ffp-contract=off", "-fno-math-errno",
    "-nostdlib", "-Wl,--no-entry", "-Wl,--strip-all", "-Wl,--export=__heap_base",
)  # fmt: skip


class NoCompiler(RuntimeError):
    """The compiler is not installed, or is another release."""


@cache
def sources() -> dict[str, str]:
    """Return the C source of each module by its name."""
    params = tuple(resolve({}))
    months = trace(params)
    explained, kept = traced_reasons.trace_reasons(params)
    one = layout_of(explained, params, 1) | traced_reasons.layout(explained)
    return {
        "months": module_source(months, LANES, layout_of(months, params, LANES)),
        "reasons": module_source(explained, 1, one, kept),
    }


def source_fingerprint() -> str:
    """Return the SHA-256 of what the modules are made from: their sources, the compiler and what it is told."""
    return hashlib.sha256(json.dumps([COMPILER, _FLAGS, sources()]).encode()).hexdigest()


def make(module: str) -> bytes:
    """Compile a module.

    Raises
    ------
    NoCompiler
        If there is none, or it would make other bytes.
    """
    with tempfile.TemporaryDirectory() as folder:
        text, made = Path(folder) / f"{module}.c", Path(folder) / f"{module}.wasm"
        text.write_text(sources()[module], encoding="utf-8")
        tables = _library() / "src" / "math"
        command = [
            sys.executable, "-m", "ziglang", "cc", *_FLAGS, f'-DFINGERPRINT="{source_fingerprint()}"',
            f"-I{tables}", f"-I{tables.parent / 'include'}",
            str(text), str(tables / "pow_data.c"), str(tables / "exp_data.c"), "-o", str(made),
        ]  # fmt: skip
        caches = {"ZIG_GLOBAL_CACHE_DIR": folder, "ZIG_LOCAL_CACHE_DIR": folder}
        subprocess.run(command, check=True, env=os.environ | caches)
        return made.read_bytes()


def _library() -> Path:
    """Return the folder of the C library that comes with the compiler, whose tables of powers are used."""
    from importlib.metadata import PackageNotFoundError, version

    try:
        installed = version("ziglang")
    except PackageNotFoundError:
        installed = ""
    if installed != COMPILER:
        there = f"ziglang {installed} is installed" if installed else "there is no compiler"
        raise NoCompiler(f"{there}; the modules are made with ziglang {COMPILER}: pip install ziglang=={COMPILER}")
    spec = find_spec("ziglang")
    assert spec is not None and spec.origin is not None
    return Path(spec.origin).parent / "lib" / "libc" / "musl"
