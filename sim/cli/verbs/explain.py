"""``sim explain``."""

import re
from pathlib import Path
from typing import Annotated

import typer

from sim.cli import say
from sim.cli.options import Quiet


def verb(
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="A folder written by `sim run`.")],
    capital: Annotated[str, typer.Argument(metavar="CAPITAL", help="Beijing, Moscow, Pyongyang, Washington or Seoul.")],
    month: Annotated[str, typer.Argument(metavar="MONTH", help="YYYY-MM.")],
    quiet: Quiet = False,
) -> None:
    """Explain why a capital did what it did in a month.

    Simulates the run of the report again and shows what spoke for and against each choice.
    """
    import sim

    try:
        text = sim.explain(folder, capital, month)
    except ValueError as error:
        raise typer.BadParameter(str(error)) from None
    say.data(text)
    if named := re.search(r"\bC[0-9]{2}\b", text):
        say.say_next(f"sim claims {named[0]}    (what the article says there, and which rules rest on it)")
