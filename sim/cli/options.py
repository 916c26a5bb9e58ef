"""The options that several commands share."""

from pathlib import Path
from typing import Annotated

import typer

# All runs are held at once, for the pictures: some 100 kB each.
Runs = Annotated[int, typer.Option("--runs", min=1, max=10_000, help="How many runs to simulate; a sweep takes more.")]
Pairs = Annotated[int, typer.Option("--runs", min=2, max=10_000, help="Pairs of runs of each parameter set.")]
World = Annotated[str, typer.Argument(metavar="SCENARIO", help="Name or path of a scenario in which the war ends.")]
Seed = Annotated[
    int | None,
    typer.Option(
        "--seed", min=0, max=2**64 - 1, help="The whole number that fixes all chance; one is drawn where none is given."
    ),
]
Jobs = Annotated[
    int | None,
    typer.Option("--jobs", "-j", min=1, help="Threads; all cores it may use where not said. Changes no result."),
]
Out = Annotated[
    Path | None, typer.Option("--out", "-o", help="Folder for the results; a new one below runs where not said.")
]
Overwrite = Annotated[bool, typer.Option("--overwrite", help="Replace results that are in the folder already.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON instead of words.")]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Print no messages, only what was asked for.")]
Sets = Annotated[
    int | None,
    typer.Option("--sets", min=1, help="Parameter sets, drawn from those retained; all where not said."),
]
Defaults = Annotated[bool, typer.Option("--defaults", help="Take the hand-set defaults, not the retained sets.")]
AsOf = Annotated[
    str | None,
    typer.Option(
        "--as-of", help="Set out from what the record leaves likely: a month, YYYY-MM, or a folder of sim filter."
    ),
]
Author = Annotated[
    str | None,
    typer.Option("--author", help="Whose results these are, for the folder's metadata: NAME, ORGANISATION, ADDRESS."),
]
License = Annotated[
    str | None, typer.Option("--license", help="The licence of the results, such as CC-BY-4.0; none where not said.")
]
