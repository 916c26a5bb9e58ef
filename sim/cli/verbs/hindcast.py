"""``sim hindcast``."""

import os
import shlex
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sim.cli import options, say, simulating
from sim.cli.folders import vacant

if TYPE_CHECKING:
    import pandas as pd

    from sim.calibration.hindcast import Scores
    from sim.engine.ensemble import Ensemble

_DOUBT = (
    "Uncalibrated. What is given is weak evidence: T4, T5, trade, growth and China's share follow the border path, "
    "T3b the Russian border's; W2, W3, W4, W7 and W11 the dated lines and rivalry, W1 by half the war, "
    "W10 how many can arrive."
)


def verb(
    runs: Annotated[
        int, typer.Option("--runs", min=2, max=10_000, help="Runs of each set; below 200, T2a and T2b are noise.")
    ] = 200,
    sets: Annotated[
        int, typer.Option("--sets", min=1, max=10_000, help="Sets to draw from the prior and from those retained.")
    ] = 100,
    months: Annotated[
        bool, typer.Option("--months", help="Keep every month of every run too, some 4 kB a run, to measure them anew.")
    ] = False,
    seed: options.Seed = None,
    out: options.Out = None,
    overwrite: options.Overwrite = False,
    jobs: options.Jobs = None,
    json: options.AsJson = False,
    quiet: options.Quiet = False,
) -> None:
    """Simulate 2019 to August 2024 again, beside what was seen.

    The defaults, sets drawn from the prior, and the sets that history does not rule out are simulated from January 2019
    without ever being corrected, and held against patterns T1 to T8 and W1 to W13 and the observed series.
    """
    seed = simulating.seeded(seed)
    folder = vacant(out or Path("runs", f"hindcast-{seed}"), overwrite, "hindcast")
    command = ["sim", "hindcast", "--seed", str(seed), "--runs", str(runs), "--sets", str(sets)]
    command += ["--months"] * months
    say.note(f"seed {seed}", quiet)

    from sim.calibration import hindcast
    from sim.engine.ensemble import SERIES, simulate
    from sim.report.folders import hindcast as trial
    from sim.report.folders.writing import Writing
    from sim.scenario.source import Source

    writing = Writing(folder, "hindcast") if months else None
    world, threads = hindcast.hindcast(), jobs or os.cpu_count() or 1
    simulating.ready_engine(quiet)
    tried = _tried(_parameters(sets, seed), runs, seed, threads, quiet, writing.path if writing else None)
    fans = {"defaults": simulate(world, runs, seed, threads)}
    fans["retained"] = hindcast.simulate_sets(
        world, _parameters(sets, seed)["retained"], 10, seed, 0, threads, Source.RETAINED, SERIES
    )
    facts = {"seed": seed, "runs": runs, "sets": {name: len(each.means) for name, each in tried.items()}}
    said = {**facts, "scenario": world.to_yaml()}
    trial.write(writing or Writing(folder, "hindcast"), tried, fans, said, shlex.join(command))
    header = ("", "what history showed", *(column.heading for column in trial.columns(tried)))
    if json:
        say.as_json(_facts(tried, facts, folder))
    else:
        say.data(
            "Share of parameter sets in which each pattern holds", "",
            say.table(header, trial.rows(tried), numbers=header[2:]), "", _DOUBT,
        )  # fmt: skip
    say.note(f"\nresults: {folder} (pictures in {folder / 'figures'})", quiet)
    say.then(quiet, "sim run baseline")


def _parameters(sets: int, seed: int) -> "dict[str, pd.DataFrame]":
    """Return the sets on trial: the defaults, draws of the prior, and retained sets."""
    import pandas as pd

    from sim.article.register import uncertain
    from sim.calibration.matching import prior
    from sim.scenario.values import defaults
    from sim.trial.treatments import on_trial

    usual = pd.DataFrame([defaults({})])[uncertain()]
    return {"defaults": usual, "prior": prior([seed], sets), "retained": on_trial(sets, seed).values}


def _tried(
    parameters: "dict[str, pd.DataFrame]", runs: int, seed: int, threads: int, quiet: bool,
    place: Callable[[str], Path] | None,
) -> "dict[str, Scores]":  # fmt: skip
    """Try all sets, and keep their months where there is a place for files."""
    from sim.calibration import hindcast

    found: dict[str, Scores] = {}
    with say.progress(quiet) as bars:
        bar = bars.add_task("sets", total=sum(map(len, parameters.values())))
        for name, sets in parameters.items():
            first = runs * sum(len(each.means) for each in found.values())  # no two sets share their chance
            done = 0

            def tell(many: "Ensemble", without: "Ensemble", number: int, name: str = name) -> None:
                nonlocal done
                if place:
                    months = hindcast.monthly(many, without, number, done)
                    months.to_parquet(place(f"months/{name}-{done:05d}.parquet"))
                done += number
                bars.advance(bar, number)

            found[name] = hindcast.tried(sets, runs, seed, first, threads, tell)
    return found


def _facts(tried: "dict[str, Scores]", facts: dict[str, Any], folder: Path) -> dict[str, Any]:
    from sim.calibration.hindcast import shares

    return {**facts, "calibrated": False, "shares": {name: dict(shares(each)) for name, each in tried.items()},
            "folder": str(folder)}  # fmt: skip
