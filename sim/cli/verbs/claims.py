"""``sim claims``."""

from typing import TYPE_CHECKING, Annotated

import typer

from sim.cli import say
from sim.cli.options import AsJson, Quiet

if TYPE_CHECKING:
    from sim.registers.trace import Row


def verb(
    ids: Annotated[
        list[str] | None, typer.Argument(metavar="ID", help="Show these in full, such as C38 or A3.")
    ] = None,
    uncited: Annotated[
        bool, typer.Option("--uncited", help="List only those that no rule and no parameter cites.")
    ] = False,
    json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Show the article's claims and how the model uses them.

    The list has our assumptions too, and says how each claim and assumption enters the model.
    """
    from sim.registers.trace import trace_table

    rows = trace_table()
    if ids:
        by_id = {row.id: row for row in rows}
        rows = [by_id[_known(word, by_id)] for word in ids]
    if uncited:
        rows = [row for row in rows if not row.rules and not row.parameters]
    if json:
        say.as_json([row._asdict() for row in rows])
    elif ids:
        say.data("\n\n".join(_whole(row) for row in rows))
    else:
        cells = [(row.id, ", ".join(row.roles) or "assumed", row.says, row.enters_as) for row in rows]
        say.data(say.plain_table(("id", "role", "says", "enters the model as"), cells))
        say.say_next("sim claims C38    (one claim with the rules and numbers that rest on it)")


def _known(word: str, ids: "dict[str, Row]") -> str:
    """Return the id that is meant: c8 is C08."""
    letter, digits = word[:1].upper(), word[1:]
    if digits.isdecimal():
        for spelled in (f"{letter}{int(digits):02d}", f"{letter}{int(digits)}"):
            if spelled in ids:
                return spelled
    raise typer.BadParameter(f"{word} is neither a claim (C01 to C63) nor an assumption (A1 and on)")


def _whole(row: "Row") -> str:
    from sim.registers.register import ROLES, assumptions, claims

    lines = [("says", row.says)]
    if claim := claims().get(row.id):
        lines += [
            ("role", ", ".join(ROLES[role] for role in row.roles)),
            ("of", ", ".join(claim.capitals)),
            ("found in", f"paragraph {claim.paragraph} of the article"),
        ]
    else:
        lines.append(("why", assumptions()[row.id].why))
    lines += [
        ("enters as", row.enters_as),
        ("rules", ", ".join(row.rules)),
        ("parameters", ", ".join(row.parameters)),
    ]
    return "\n".join([row.id, *(f"  {label:<10} {text}" for label, text in lines if text)])
