"""``sim odd``."""

from pathlib import Path
from typing import Annotated

import typer

from sim.cli import say
from sim.cli.guard import FAILURE
from sim.cli.options import Quiet


def verb(
    folder: Annotated[Path, typer.Argument(help="Folder of the protocol and its pictures.")] = Path("odd"),
    check: Annotated[
        bool, typer.Option("--check", help="Write nothing; check that the folder matches this model.")
    ] = False,
    quiet: Quiet = False,
) -> None:
    """Write the ODD+D protocol of the model.

    Makes the protocol from the registers, the rules and the graph traced from them, with a diagram of what each capital
    and each lever influences.
    """
    from sim.report.reference import protocol

    if not check:
        protocol.write_protocol(folder)
        say.note(f"the protocol: {folder / protocol.PAGE}")
        return
    faults = protocol.behind(folder)
    say.data("\n".join(faults) or f"the protocol in {folder} matches this model")
    if faults:
        say.say_next(f"sim odd {folder}")
        raise typer.Exit(FAILURE)
