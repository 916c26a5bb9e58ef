"""What results rest on: release, registers, rules, machine. Manifests say it; a replay checks it."""

import hashlib
import platform
from collections.abc import Mapping
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from sim import __version__
from sim.article.register import digest

PACKAGES = ("mesa", "numpy", "numba", "scipy", "pandas", "pyarrow", "matplotlib", "pydantic")
_SIM = Path(__file__).parents[1]
_DECISIVE = {"registers": "the registers (claims, assumptions, parameters)", "rules": "the rules of the model"}


def provenance() -> dict[str, Any]:
    """Return what a manifest says of the program and the machine that made the results."""
    return {
        "driftback": __version__,
        "registers": digest(),
        "rules": rules(),
        "python": platform.python_version(),
        "packages": {name: release(name) for name in PACKAGES},
        "platform": platform.platform(),
    }


def changed_since(manifest: Mapping[str, Any]) -> list[str]:
    """Return what has changed since the results of a manifest were made, so that they cannot be simulated again."""
    now = {"registers": digest(), "rules": rules()}
    return [words for key, words in _DECISIVE.items() if manifest.get(key) != now[key]]


@cache
def rules() -> str:
    """Return the SHA-256 of the sources that decide what a run does; the same on every system."""
    sources = sorted(path for floor in ("model", "engine") for path in (_SIM / floor).rglob("*.py"))
    texts = (path.read_text(encoding="utf-8") for path in sources)  # as text: a checkout may change the line ends
    return hashlib.sha256("\0".join(texts).encode()).hexdigest()


def release(package: str) -> str:
    """Return the release of an installed package, or nothing."""
    try:
        return version(package)
    except PackageNotFoundError:
        return ""
