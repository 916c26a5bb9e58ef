"""``sim hindcast``."""

from typing import TYPE_CHECKING, Annotated

import typer

from sim.cli import options, say, simulating

if TYPE_CHECKING:
    import pandas as pd

_DOUBT = (
    "Uncalibrated. What is given is weak evidence: T4, T5, trade, growth and China's share follow the border path, "
    "T3b the Russian border's; W2, W3, W4, W7 and W11 the dated lines and rivalry, W1 by half the war, "
    "W10 how many can arrive."
)


def verb(
    runs: Annotated[
        int, typer.Option("--runs", min=2, max=10_000, help="Runs of each set; fewer than 200 make T2a and T2b noise.")
    ] = 200,
    sets: Annotated[
        int,
        typer.Option(
            "--sets", min=1, max=10_000, help="Number of sets to draw, from the prior and from the retained sets."
        ),
    ] = 100,
    months: Annotated[
        bool, typer.Option("--months", help="Also keep every month of every run (about 4 kB per run).")
    ] = False,
    seed: options.Seed = None,
    out: options.Out = None,
    overwrite: options.Overwrite = False,
    jobs: options.Jobs = None,
    json: options.AsJson = False,
    quiet: options.Quiet = False,
) -> None:
    """Compare 2019 to August 2024 with what happened.

    Simulates the hand-set defaults, sets drawn from the prior and retained sets freely from January 2019, and compares
    them with the patterns T1 to T8 and W1 to W13 and with the observed series.
    """
    seed, folder = simulating.prepare_output("hindcast", "hindcast", seed, out, overwrite)
    command = say.typed_command("hindcast", seed=seed, runs=runs, sets=sets, months=months)

    import sim
    from sim.report.folders import hindcast_folder
    from sim.report.folders.tables import write_parquet
    from sim.report.folders.writing import Writing

    writing = Writing(folder, "hindcast") if months else None

    def keep(name: str, first: int, table: "pd.DataFrame") -> None:
        if writing:
            write_parquet(table, writing.path(f"months/{name}-{first:05d}.parquet"), index=None)

    with simulating.bar("sets") as tell:
        hindcast = sim.hindcast(runs, sets, seed, jobs, tell, keep if writing else None)
    facts = {"seed": seed, "runs": runs, "sets": {name: len(scores.means) for name, scores in hindcast.scores.items()}}
    said = {**facts, "scenario": hindcast.fans["defaults"].scenario.to_yaml()}
    hindcast_folder.write_hindcast(
        writing or Writing(folder, "hindcast"), hindcast.scores, hindcast.fans, said, command
    )
    if json:
        shares = {name: dict(held) for name, held in hindcast.shares.items()}
        say.as_json({**facts, "calibrated": False, "shares": shares, "folder": str(folder)})
    else:
        header = (
            "",
            "what history showed",
            *(column.heading for column in hindcast_folder.matrix_columns(hindcast.scores)),
        )
        say.data(
            "Share of parameter sets in which each pattern holds", "",
            say.plain_table(header, hindcast_folder.matrix_rows(hindcast.scores), numbers=header[2:]), "", _DOUBT,
        )  # fmt: skip
    say.results(folder, f"pictures in {folder / 'figures'}", "sim run baseline")
