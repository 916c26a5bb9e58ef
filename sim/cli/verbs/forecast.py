"""``sim forecast``."""

import os
import shlex
from pathlib import Path
from typing import Annotated

import typer

from sim.cli import options, say, simulating, trial
from sim.cli.guard import Failure

_OURS = b"# made by: sim forecast"  # how a table begins


def verb(
    out: Annotated[Path, typer.Option("--out", "-o", help="The table, a CSV file.")] = Path("forecasts.csv"),
    sets: options.Sets = None,
    defaults: options.Defaults = False,
    runs: trial.Pairs = 20,
    seed: options.Seed = None,
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Replace a table that is there already.")] = False,
    jobs: options.Jobs = None,
    json: options.AsJson = False,
    quiet: options.Quiet = False,
) -> None:
    """Write down what to expect of 2024-09 to 2026-08.

    Monthly trade with China, growth, China's share, and events by half-year, with the war's end drawn from its hazard
    as of August 2024; beside them persistence, AR(1) and base rates. `sim score` scores the table when facts are known.
    """
    if out.exists() and not overwrite:
        raise Failure(f"{out} is there already; nothing was computed. Write elsewhere with --out, or use --overwrite")
    if out.exists() and not (out.is_file() and out.read_bytes().startswith(_OURS)):
        raise Failure(f"{out} is no table of sim forecast, and it stays. Write elsewhere with --out")
    if not out.absolute().parent.is_dir():
        raise Failure(f"there is no folder {out.parent} to write in. Make it, or choose another place with --out")
    seed = simulating.seeded(seed)
    say.note(f"seed {seed}", quiet)

    from sim.engine.provenance import provenance
    from sim.report.text import doubt
    from sim.trial import forecasts as forecast

    parameters = simulating.sets_of([forecast.world(None)], sets, seed, defaults, quiet)
    simulating.ready_engine(quiet)
    table, scenarios = forecast.forecasts(parameters, runs, seed, jobs or os.cpu_count() or 1)
    made, words = provenance(), ["sim", "forecast", "--seed", str(seed), "--runs", str(runs)]
    command = shlex.join(words + (["--sets", str(sets)] if sets else []) + ["--defaults"] * defaults)
    head = [
        f"made by: {command} ({parameters})",
        f"driftback {made['driftback']}, registers {made['registers']}, rules {made['rules']}",
        doubt.of_sets(parameters),
        "the war's end, first month of peace and weight: "
        + "; ".join(f"{peace} {weight:.4f}" for peace, weight in scenarios.to_numpy()),
    ]
    text = "".join(f"# {line}\n" for line in head) + table.to_csv(index=False, float_format="%.6g", lineterminator="\n")
    out.write_text(text, encoding="utf-8", newline="\n")
    events = table[(table["kind"] == "event") & (table["forecaster"] == forecast.MODEL)]
    if json:
        chances = dict(zip(events["id"], events["probability"].astype(float), strict=True))
        say.as_json({"seed": seed, "sets": len(parameters), "calibrated": False, "events": chances, "file": str(out)})
    else:
        rows = [(str(name), f"{100 * chance:.0f}%", str(says)) for name, chance, says in
                events[["id", "probability", "says"]].to_numpy()]  # fmt: skip
        header = ("id", "chance", "what")
        say.data("Events, September 2024 to August 2026:", doubt.of_sets(parameters), "")
        say.data(say.table(header, rows, numbers=["chance"]))
    say.note(f"\nwrote {out}: {table['id'].nunique()} questions, {table['forecaster'].nunique()} forecasters", quiet)
    say.then(quiet, shlex.join(["sim", "score", "facts.csv", "--forecasts", str(out)]))
