"""What results rest on: release, registers, rules, machine. Manifests say it; a replay checks it."""

import platform
from collections.abc import Mapping
from importlib.metadata import PackageNotFoundError, version

from sim import __version__
from sim.article import vintage
from sim.article.register import digest
from sim.model import VERSION

PACKAGES = ("mesa", "numpy", "llvmlite", "scipy", "pandas", "pyarrow", "matplotlib", "pydantic")
_DECISIVE = {"registers": "the registers (claims, assumptions, parameters)", "rules": "the rules of the model"}


def made_by() -> dict[str, object]:
    """Return what a manifest says of the program and the machine that made the results."""
    return {
        **decisive(),
        **({"vintage": f"{vintage.last()} {vintage.digest()}"} if vintage.folder() else {}),
        "python": platform.python_version(),
        "packages": {name: release(name) for name in PACKAGES},
        "platform": platform.platform(),
    }


def decisive() -> dict[str, str]:
    """Return what another release must share to give the same results."""
    return {"driftback": __version__, "registers": digest(), "rules": rules()}


def changed_since(manifest: Mapping[str, object]) -> list[str]:
    """Return what has changed since the results of a manifest were made, so that they cannot be simulated again."""
    now = {"registers": digest(), "rules": rules()}
    return [words for key, words in _DECISIVE.items() if manifest.get(key) != now[key]]


def rules() -> str:
    """Return the version of the rules and the engines."""
    return VERSION


def release(package: str) -> str:
    """Return the release of an installed package, or nothing."""
    try:
        return version(package)
    except PackageNotFoundError:
        return ""
