"""``sim replay``."""

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sim.cli import say
from sim.cli.options import AsJson, Quiet

if TYPE_CHECKING:
    from sim.api import Run


def verb(
    study: Annotated[Path, typer.Argument(help="A folder written by `sim sweep`.")],
    number: Annotated[int, typer.Argument(metavar="RUN", min=0, help="The number of a run in it, column `run`.")],
    why: Annotated[
        str | None, typer.Option("--why", metavar="CAPITAL", help="Say why a capital did what it did in --month.")
    ] = None,
    month: Annotated[
        str | None, typer.Option("--month", metavar="YYYY-MM", help="The month that --why asks about.")
    ] = None,
    json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Simulate one run of a study again, and check it."""
    if (why is None) != (month is None):
        raise typer.BadParameter("say both: --why Pyongyang --month 2027-06", param_hint="--why")

    import sim

    run = sim.study(study).replay(number)
    say.note(f"run {number} simulated again in the Mesa engine: the same, month by month, as the study stored")
    if why and month:
        try:
            say.data(run.why(why.capitalize(), month))
        except ValueError as error:
            raise typer.BadParameter(str(error)) from None
    elif json:
        say.as_json(_trace(run))
    else:
        say.data(run.chronicle())
    if run.decisions and not why:
        say.say_next(say.typed_command("replay", study, number, why="Pyongyang", month=run.moves.index[-1]))


def _trace(run: "Run") -> dict[str, object]:
    """Return everything that one run was: its months, and what was weighed at each decision."""
    return {
        "scenario": run.scenario.to_yaml(),
        "seed": run.seed,
        "replicate": run.number,
        "calibrated": False,
        "months": [str(month) for month in run.series.index],
        "series": run.series.to_dict("list"),
        "moves": run.moves.to_dict("list"),
        "decisions": [asdict(decision) for decision in run.decisions],
        "deals": [asdict(deal) for deal in run.deals],
    }
