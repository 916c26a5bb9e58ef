"""Driftback: five capitals around the Korean peninsula, and one article's prediction on trial."""

from importlib import import_module
from typing import TYPE_CHECKING
from warnings import warn

from sim.version import __version__  # noqa: F401  # a public name

if TYPE_CHECKING:
    from sim.api import *  # noqa: F403

__all__ = [  # noqa: F405
    "Peninsula", "ablate", "assumption_share", "beta", "carry_out", "choices", "claims", "compare", "ensemble",
    "evidence", "experiment", "explain", "falsify", "filter", "forecast", "hindcast", "load", "load_sweep",
    "lognormal", "months", "normal", "prior", "record", "rivals", "run", "sensitivity", "span", "study", "sweep",
    "triangular", "uniform", "values", "vary", "verdict",
]  # fmt: skip

_RENAMED = {"assumed": "assumption_share"}  # names of the release before


def __getattr__(name: str) -> object:
    """Import the public verbs where they are first used, so that ``import sim`` costs nothing."""
    if new := _RENAMED.get(name):
        warn(f"sim.{name} is called sim.{new} now; the old name goes with the next release", DeprecationWarning, 2)
        name = new
    if name in __all__:
        return getattr(import_module("sim.api"), name)
    raise AttributeError(f"module 'sim' has no attribute {name!r}")


def __dir__() -> list[str]:
    return [*globals(), *__all__]
