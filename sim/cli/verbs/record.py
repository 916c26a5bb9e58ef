"""``sim record``."""

from typing import TYPE_CHECKING, Annotated

import typer

from sim.cli import options, say, simulating

if TYPE_CHECKING:
    import pandas as pd


def verb(
    lever: Annotated[
        str | None, typer.Argument(help="List the cells of one lever, such as pyongyang_talks, without pictures.")
    ] = None,
    as_of: Annotated[
        str | None, typer.Option("--as-of", help="Last month of the record, YYYY-MM: 2024-08, or that of a vintage.")
    ] = None,
    runs: options.Runs = 200,
    seed: options.Seed = None,
    out: options.Out = None,
    overwrite: options.Overwrite = False,
    jobs: options.Jobs = None,
    json: options.AsJson = False,
    quiet: options.Quiet = False,
) -> None:
    """Show the recorded moves of the capitals.

    Moves since January 2019, coded twice. Shows how far the codings agree, and compares the record with free runs.
    """
    import sim

    if as_of is not None:
        simulating.read_facts_to(as_of)
    if lever is not None:
        try:
            cells = sim.record(lever, as_of)
        except ValueError as error:
            raise typer.BadParameter(str(error)) from None
        _list(cells, json)
        return
    seed, folder = simulating.prepare_output("record", "record", seed, out, overwrite)

    from sim.inference import filtering
    from sim.registers import record
    from sim.report.folders.record_folder import write_record

    world = filtering.recorded_world()
    simulating.sets_of([world], None, seed, False)
    with simulating.bar("runs") as tell:
        many = sim.ensemble(world, runs, seed, jobs, tell=tell)
    write_record(folder, many, say.typed_command("record", as_of=as_of, seed=seed, runs=runs))
    table, coded = record.coding_agreement(), record.cells()
    both, agree = record.overall()
    facts = sum(1.0 / cell.repeats for cell in coded)
    if json:
        rows = table.reset_index(names=["capital", "lever"]).to_dict("records")
        say.as_json({"seed": seed, "rows": len(record.moves()), "cells": len(coded), "facts": round(facts, 6),
                     "both": both, "agree": agree, "levers": rows, "folder": str(folder)})  # fmt: skip
    else:
        shared = f"{both} are in both codings, which agree on {100 * agree:.0f}% of these."
        says = f"The record has {len(record.moves()):,} rows. {shared}"
        held = f"{len(coded)} entries can be compared with a lever of the model; they rest on {facts:.0f} facts."
        lines = [
            (*names, f"{row['cells']:.0f}", f"{100 * row['agree']:.0f}%", f"{row['kappa']:.2f}")
            for names, row in zip(table.index.to_list(), table.to_dict("records"), strict=True)
        ]
        header = ("capital", "lever", "in both", "agree", "kappa")
        say.data(says, held, "", say.plain_table(header, lines, numbers=header[2:]))
    next_ = "sim record pyongyang_talks", "sim filter --as-of 2024-08"
    say.results(folder, f"pictures in {folder / 'figures'}", *next_)
    simulating.end_with(many.failed)


def _list(listed: "pd.DataFrame", json: bool) -> None:
    if json:
        say.as_json(listed.to_dict("records"))
        return
    listed["weight"] = listed["weight"].map("{:.2f}".format)
    rows = [tuple(row) for row in listed[["month", "recorded", "confidence", "weight"]].to_numpy()]
    say.data(say.plain_table(("month", "recorded", "confidence", "weight"), rows, numbers=["weight"]))
