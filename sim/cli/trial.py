"""What the commands that put the prediction on trial share: over which parameter sets, and how they tell of them."""

import math
from importlib.util import find_spec
from typing import TYPE_CHECKING, Annotated

import typer

from sim.cli import say
from sim.cli.guard import Failure

if TYPE_CHECKING:
    from sim.analysis.estimates import Estimate

Pairs = Annotated[int, typer.Option("--runs", min=2, max=10_000, help="Pairs of runs of each parameter set.")]
World = Annotated[str, typer.Argument(metavar="SCENARIO", help="Name or path of a scenario in which the war ends.")]


def needs(*libraries: str) -> None:
    """Make sure that libraries of the extra ``study`` are there before anything is computed.

    Raises
    ------
    Failure
        Naming the first that is not.
    """
    for library in libraries:
        if find_spec(library) is None:
            raise Failure(f"this needs {library}, which is not installed: pip install 'driftback[study]'")


def standing(count: int | None, seed: int, quiet: bool) -> None:
    """Say which of the retained sets are on trial; see :func:`sim.trial.treatments.on_trial`."""
    from sim.trial.treatments import on_trial

    say.note(str(on_trial(count, seed)), quiet)


def cells(found: "Estimate") -> tuple[str, str, str]:
    """Return an estimate as three cells: mean, its 95% interval, the spread across sets."""
    low, high = found.interval()
    interval = "not known" if math.isnan(low) else f"{low:+.1f} to {high:+.1f}"
    return f"{found.mean:+.1f}", interval, f"{found.low:+.1f} to {found.high:+.1f}"


HEADER = ("mean", "95% interval", "5 to 95% of sets")
