"""``sim explain``."""

import re
from pathlib import Path
from typing import Annotated

import typer

from sim.cli import say
from sim.cli.folders import manifest
from sim.cli.guard import Failure
from sim.cli.options import Quiet


def verb(
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="A folder that `sim run` wrote.")],
    capital: Annotated[str, typer.Argument(metavar="CAPITAL", help="Beijing, Moscow, Pyongyang, Washington or Seoul.")],
    month: Annotated[str, typer.Argument(metavar="MONTH", help="YYYY-MM.")],
    quiet: Quiet = False,
) -> None:
    """Say why a capital did what it did in a month.

    The world that the report tells is simulated again, with everything that was weighed.
    """
    made = manifest(folder, "run")

    from sim.engine.provenance import changed_since

    if changed := changed_since(made):
        raise Failure(
            f"{folder} was made when {' and '.join(changed)} were not what they are now, so its run cannot be "
            f"simulated again.\nMake it anew: {made['command']}\n"
            f"or install the release that made it: driftback {made['driftback']}"
        )

    from sim.calibration.states import START, read_start
    from sim.engine.mesa import single_run as engine
    from sim.report.text.explanation import why
    from sim.scenario import loads
    from sim.scenario.source import Source

    world = loads(made["scenario"], str(folder / "manifest.json"))  # it holds all numbers that the run had of its own
    start = read_start(folder / START)
    lived = engine.run(world, made["seed"], made["number"], Source[made["parameter_sets"].upper()], start)
    try:
        text = why(lived, capital, month)
    except ValueError as error:
        raise typer.BadParameter(str(error)) from None
    say.data(text)
    if named := re.search(r"\bC[0-9]{2}\b", text):
        say.then(quiet, f"sim claims {named[0]}    (what the article says there, and which rules rest on it)")
