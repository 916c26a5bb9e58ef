"""What results rest on: release, registers, rules, machine. Manifests say it; a replay checks it.

What decides numbers is kept as versions and as digests of numbers, never as digests of a source's text: a better
docstring, another name or another file makes no result old.
"""

import platform
from collections.abc import Mapping
from importlib.metadata import PackageNotFoundError, version

from sim.model import VERSION
from sim.registers import vintage
from sim.registers.register import registers_digest
from sim.scenario import loads
from sim.version import __version__

PACKAGES = ("mesa", "numpy", "llvmlite", "scipy", "pandas", "pyarrow", "matplotlib", "pydantic")
_DECISIVE = {"registers": "the registers (claims, assumptions, parameters)", "rules": "the rules of the model"}
# By key, what manifests said before something was counted in another way, and what says the same now.
_CARRIED_OVER = {
    "registers": {  # of their text, then of their numbers
        "5272467165a4c160e9c4b5659cb226e1caaea8145b6886a5edfd17aa6bc7c14b":
            "c9709c75d9557b55fc26b26f470ace86736c89219e135d9c910c958b96b47dbb",
    },
    "measures": {  # of sources, then a version; verdicts did not say
        "3c09dbe08547d657c8d03f022a20133e233c1d09e32c7bdccb82914bc904d0bc": "1",
        "": "1",
    },
    "rests_on": {"34686a87f9379b0bb59e": "c9d12be75652819d4127"},  # of sources, then a version and numbers
    "sets": {"sets that history up to August 2024 has not ruled out": "retained"},
}  # fmt: skip


def made_by() -> dict[str, object]:
    """Return what a manifest says of the program and the machine that made the results."""
    return {
        "driftback": __version__,
        **decisive(),
        **({"vintage": f"{vintage.last_month()} {vintage.files_digest()}"} if vintage.folder() else {}),
        "python": platform.python_version(),
        "packages": {name: release(name) for name in PACKAGES},
        "platform": platform.platform(),
    }


def decisive() -> dict[str, str]:
    """Return what another release must share to give the same results."""
    return {"registers": registers_digest(), "rules": rules_version()}


def changed_since(manifest: Mapping[str, object]) -> list[str]:
    """Return what has changed since the results of a manifest were made, so that they cannot be simulated again."""
    now = decisive()
    return [words for key, words in _DECISIVE.items() if not same(key, manifest.get(key), now[key])]


def carried_over(key: str, was: str) -> str:
    """Return what a manifest says under a key, as it would be said now."""
    table = _CARRIED_OVER.get(key, {})
    while was in table:
        was = table[was]
    return was


def same(key: str, was: object, now: object) -> bool:
    """Return whether a manifest that says one thing under a key means the other.

    Scenarios are the same where no run would see a difference, whatever they are called.
    """
    if was == now or carried_over(key, str(was or "")) == now:
        return True
    return key == "scenario" and not loads(str(now)).difference(loads(str(was)))


def rules_version() -> str:
    """Return the version of the rules and the engines."""
    return VERSION


def release(package: str) -> str:
    """Return the release of an installed package, or nothing."""
    try:
        return version(package)
    except PackageNotFoundError:
        return ""
