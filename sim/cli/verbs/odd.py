"""``sim odd``."""

from pathlib import Path
from typing import Annotated

import typer

from sim.cli import say
from sim.cli.guard import FAILURE
from sim.cli.options import Quiet


def verb(
    folder: Annotated[Path, typer.Argument(help="Where the protocol stands, with its pictures.")] = Path("odd"),
    check: Annotated[
        bool, typer.Option("--check", help="Write nothing; say whether the folder's protocol is that of this model.")
    ] = False,
    quiet: Quiet = False,
) -> None:
    """Write the ODD+D protocol of the model.

    The protocol is made from the registers, the rules and the graph traced from them, with a diagram of
    what each capital and each lever reaches.
    """
    from sim.report.reference import protocol

    if not check:
        protocol.write_protocol(folder)
        say.note(f"the protocol: {folder / protocol.PAGE}", quiet)
        return
    faults = protocol.behind(folder)
    say.data("\n".join(faults) or f"{folder}: the protocol of this model")
    if faults:
        say.say_next(quiet, f"sim odd {folder}")
        raise typer.Exit(FAILURE)
