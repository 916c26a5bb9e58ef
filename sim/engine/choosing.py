"""Which engine simulates many runs where nobody says: the faster, with what it takes to compile. It changes no number.

Where the rules are compiled, the compiled engine. Where they are not, a process that outlives this one compiles them
for the next time, and the batch engine answers meanwhile. Once it would have worked for longer than compiling takes,
they are compiled here, and waited for: whatever is asked, that takes at most twice as long as the better choice.
"""

import os
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from sim.engine import batch
from sim.engine.compiled import engine as compiled

if TYPE_CHECKING:
    from sim.engine.blocks import Engine

VARIABLE = "DRIFTBACK_ENGINE"  # says which engine simulates many runs, and that nothing is compiled in the background
COMPILING = 35.0  # seconds; this and the next two on two cores of 2024
A_MONTH, A_MONTH_OF_A_RUN = 0.006, 18e-6  # seconds that the batch engine takes

_worked = 0.0  # seconds, by its own estimate, that the batch engine has worked in this process


class NoSuchEngine(ValueError):
    """The environment names an engine that there is not."""


def engine(params: tuple[str, ...], runs: int, months: int) -> "Engine":
    """Return the engine that is to simulate so many runs over so many months.

    Parameters
    ----------
    params, runs, months
        As for :func:`foreseen`.

    Raises
    ------
    NoSuchEngine
        As for :func:`foreseen`.
    """
    global _worked
    chosen = foreseen(params, runs, months)
    if chosen is batch.months and VARIABLE not in os.environ:
        _worked += _seconds(runs, months)
        compile_in_background()
    return chosen


def foreseen(params: tuple[str, ...], runs: float, months: int) -> "Engine":
    """Return the engine that would simulate so many runs over so many months, and begin nothing.

    Parameters
    ----------
    params
        Names of the parameters.
    runs, months
        How much is asked.

    Raises
    ------
    NoSuchEngine
        If the environment names one that there is not.
    """
    few = VARIABLE in os.environ or _worked + _seconds(runs, months) <= COMPILING
    return batch.months if few and answering(params) == "batch" else compiled.kernel


def answering(params: tuple[str, ...]) -> str:
    """Return the name of the engine that simulates a few runs: ``compiled`` or ``batch``.

    Parameters
    ----------
    params
        Names of the parameters.

    Raises
    ------
    NoSuchEngine
        If the environment names an engine that there is not.
    """
    said = os.environ.get(VARIABLE)
    if said not in (None, "compiled", "batch"):
        raise NoSuchEngine(f"{VARIABLE} is {said!r}; set it to compiled or to batch, or not at all")
    return said or ("compiled" if compiled.ready(params) else "batch")


def _seconds(runs: float, months: int) -> float:
    """Return how long the batch engine takes."""
    return months * (A_MONTH + runs * A_MONTH_OF_A_RUN)


@cache
def compile_in_background() -> subprocess.Popen[bytes]:
    """Have the rules compiled, once, by a process of low priority that outlives this one."""
    return subprocess.Popen(
        [sys.executable, "-m", "sim.engine.making"],
        cwd=Path(__file__).parents[2],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
