"""The options that several commands share."""

from pathlib import Path
from typing import Annotated

import typer

from sim.cli import say

# All runs are held at once, for the pictures: some 100 kB each.
Runs = Annotated[int, typer.Option("--runs", min=1, max=10_000, help="Number of runs (a sweep can do more).")]
Pairs = Annotated[int, typer.Option("--runs", min=2, max=10_000, help="Paired runs for each parameter set.")]
World = Annotated[str, typer.Argument(metavar="SCENARIO", help="Name or path of a scenario in which the war ends.")]
Seed = Annotated[
    int | None,
    typer.Option(
        "--seed", min=0, max=2**64 - 1, help="A whole number that makes random draws repeatable (random if omitted)."
    ),
]
Jobs = Annotated[
    int | None,
    typer.Option("--jobs", "-j", min=1, help="Number of threads (default: all available); changes no result."),
]
Out = Annotated[Path | None, typer.Option("--out", "-o", help="Folder for the results (default: a new one in runs).")]
Overwrite = Annotated[bool, typer.Option("--overwrite", help="Replace the results in the folder.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON instead of words.")]
Quiet = Annotated[
    bool,
    typer.Option("--quiet", "-q", callback=say.be_quiet, expose_value=False, help="Print results only, no messages."),
]
Sets = Annotated[
    int | None,
    typer.Option("--sets", min=1, help="Number of retained parameter sets to use (default: all)."),
]
Defaults = Annotated[bool, typer.Option("--defaults", help="Use the hand-set defaults, not the retained sets.")]
AsOf = Annotated[
    str | None,
    typer.Option(
        "--as-of", help="Start from the state the record makes likely: a month, YYYY-MM, or a folder of sim filter."
    ),
]
Author = Annotated[
    str | None,
    typer.Option("--author", help="Author of the results, for the metadata: NAME, ORGANISATION, ADDRESS."),
]
License = Annotated[
    str | None, typer.Option("--license", help="Licence of the results, such as CC-BY-4.0 (default: none).")
]
