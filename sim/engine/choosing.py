"""Which engine simulates many runs where nobody says: the compiled one, wherever there is one. It changes no number."""

import os

from sim.engine import batch
from sim.engine.compiled import llvm_engine
from sim.engine.protocol import Engine

VARIABLE = "DRIFTBACK_ENGINE"  # says which engine simulates many runs


class NoSuchEngine(ValueError):
    """The environment names an engine that there is not, or not here."""


def engine() -> Engine:
    """Return the engine that simulates many runs.

    Raises
    ------
    NoSuchEngine
        As for :func:`answering`.
    """
    engines: dict[str, Engine] = {"compiled": llvm_engine.kernel, "batch": batch.month_loop}
    return engines[answering()]


def answering() -> str:
    """Return the name of the engine that simulates many runs: ``compiled``, or ``batch`` where there is no compiler.

    Raises
    ------
    NoSuchEngine
        If the environment names an engine that there is not, or the compiled one where there is no compiler.
    """
    said = os.environ.get(VARIABLE)
    if said not in (None, "compiled", "batch"):
        raise NoSuchEngine(f"{VARIABLE} is {said!r}; set it to compiled or to batch, or not at all")
    if said == "compiled" and not llvm_engine.has_compiler():
        raise NoSuchEngine(
            f"{VARIABLE} is 'compiled', which needs llvmlite, and llvmlite cannot be imported here: "
            "install it, or set the variable to batch; the results are the same"
        )
    return said or ("compiled" if llvm_engine.has_compiler() else "batch")
