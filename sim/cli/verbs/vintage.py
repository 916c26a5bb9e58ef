"""``sim vintage``."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from sim.cli import options, say
from sim.cli.guard import Failure
from sim.cli.skeletons import fill_skeleton


class Action(StrEnum):
    """What can be done with a vintage."""

    NEW = "new"


def verb(
    action: Annotated[Action, typer.Argument(metavar="new", help="Make the folder of a vintage.")],
    month: Annotated[str, typer.Argument(metavar="MONTH", help="Last month of its facts, YYYY-MM.")],
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="A new folder.")],
    quiet: options.Quiet = False,
) -> None:
    """Make a folder for facts later than August 2024.

    The folder has tables to fill in, and a file for what came from outside the model since. Put
    DRIFTBACK_VINTAGE=FOLDER before a command to use them: the record, the filter, forecasts and pictures then go on to
    that month.
    """
    from sim.model import months
    from sim.registers import fact_tables, vintage

    try:
        later = months.index(month) > months.index(vintage.BASE)
    except ValueError as error:
        raise Failure(str(error)) from None
    if not later:
        raise Failure(f"{month} is not later than {vintage.BASE}, to which the package knows all: choose a later month")
    if folder.exists():
        raise Failure(f"{folder} is there already, and it stays. Choose another folder")
    folder.mkdir(parents=True)
    (folder / vintage.WORLD).write_text(fill_skeleton("vintage.yaml", month=month), encoding="utf-8")
    for name in fact_tables.KEYS:
        (folder / name).write_text(f"{','.join(fact_tables.header(name))}\n", encoding="utf-8")
    say.data(f"created the vintage “{folder}”, for facts up to {month}")
    say.note(f"fill in its tables and {folder / vintage.WORLD}; then {vintage.VARIABLE}={folder} before a command")
    say.say_next(f"sim check {folder / vintage.WORLD}")
