"""``sim vintage``."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from sim.cli import options, say
from sim.cli.guard import Failure

WORLD = """\
# All that is known up to {month}. The tables beside this file hold its later facts, in the columns that stand in them.
# Fill them in, and say here what came from outside. A year's figure is used from the July after it on.
name: known to {month}
question: What has become of the five capitals by {month}?
reading: The hindcast, and the months after it. What came from outside since September 2024 is given here.
extends: hindcast
months: {{to: {month}}}
# war: {{ends: 2026-01}}
drivers:
  # Openness of the border with China, worked back from customs figures by the quarter. It is held here.
  border: {{2024-09: 0.82}}
  # flood: {{from: 2025-07, to: 2025-08}}
  # rivalry: {{2025-01: 0.9}}
  # line_washington_beijing: {{2025-01: -0.6}}
"""


class Action(StrEnum):
    """What can be done with a vintage."""

    NEW = "new"


def verb(
    action: Annotated[Action, typer.Argument(metavar="new", help="Make the folder of a vintage.")],
    month: Annotated[str, typer.Argument(metavar="MONTH", help="The last month of its facts, YYYY-MM.")],
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="A new folder.")],
    quiet: options.Quiet = False,
) -> None:
    """Make a folder for facts later than August 2024.

    Tables to fill in, and the world of the months since. With DRIFTBACK_VINTAGE=FOLDER before a command it reads them:
    the record, the filter, forecasts and pictures go on to that month.
    """
    from importlib.resources import files

    from sim.article import vintage
    from sim.model import months

    try:
        later = months.index(month) > months.index(vintage.BASE)
    except ValueError as error:
        raise Failure(str(error)) from None
    if not later:
        raise Failure(f"{month} is not later than {vintage.BASE}, to which the package knows all: choose a later month")
    if folder.exists():
        raise Failure(f"{folder} is there already, and it stays. Choose another folder")
    folder.mkdir(parents=True)
    (folder / vintage.WORLD).write_text(WORLD.format(month=month), encoding="utf-8")
    for name in vintage.OF:
        header = files("sim.article").joinpath("observed", name).read_text(encoding="utf-8").splitlines()[0]
        (folder / name).write_text(f"{header}\n", encoding="utf-8")
    say.data(f"a vintage: {folder}, with facts to {month}")
    say.note(
        f"fill in its tables and {folder / vintage.WORLD}; then {vintage.VARIABLE}={folder} before a command", quiet
    )
    say.then(quiet, f"sim check {folder / vintage.WORLD}")
