"""Driftback: five capitals around the Korean peninsula, and one article's prediction on trial."""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sim.api import *  # noqa: F403

__version__ = "0.1.0"
__all__ = [  # noqa: F405
    "Peninsula", "ablate", "assumed", "beta", "carry_out", "choices", "claims", "compare", "ensemble", "evidence",
    "experiment", "explain", "falsify", "filter", "forecast", "hindcast", "load", "load_sweep", "lognormal", "months",
    "normal", "prior", "record", "rivals", "run", "sensitivity", "span", "study", "sweep", "triangular", "uniform",
    "values", "vary", "verdict",
]  # fmt: skip


def __getattr__(name: str) -> object:
    """Import the public verbs where they are first used, so that ``import sim`` costs nothing."""
    if name in __all__:
        return getattr(import_module("sim.api"), name)
    raise AttributeError(f"module 'sim' has no attribute {name!r}")


def __dir__() -> list[str]:
    return [*globals(), *__all__]
