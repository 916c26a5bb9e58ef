"""``sim diff``."""

from typing import Annotated

import typer

from sim.cli import say
from sim.cli.options import AsJson, Quiet

HELP = "Name or path of a scenario."


def verb(
    a: Annotated[str, typer.Argument(metavar="A", help=HELP)],
    b: Annotated[str, typer.Argument(metavar="B", help=HELP)],
    json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Show how two scenarios differ; nothing is run."""
    from sim.scenario import load

    one, other = load(a), load(b)
    rows = one.difference(other)
    if json:
        say.as_json([{"key": key, "a": mine, "b": theirs} for key, mine, theirs in rows])
        return
    if rows:
        say.data(say.plain_table(("what differs", one.name, other.name), rows))
    else:
        say.data("A run would see no difference between them.")
    say.say_next(say.typed_command("compare", a, b))
