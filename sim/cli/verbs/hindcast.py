"""``sim hindcast``."""

import os
import shlex
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sim.cli import options, say, worlds
from sim.cli.folders import vacant

if TYPE_CHECKING:
    import pandas as pd

    from sim.experiments.hindcast import Histories, Scores


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
    """Live 2019 to August 2024 again, beside what was seen.

    The defaults, sets drawn from the prior, and the sets that history does not rule out are lived from January 2019
    without ever being corrected, and held against patterns T1 to T8 and W1 to W13 and the observed series.
    """
    seed = worlds.seeded(seed)
    folder = vacant(out or Path("runs", f"hindcast-{seed}"), overwrite)
    command = ["sim", "hindcast", "--seed", str(seed), "--runs", str(runs), "--sets", str(sets)]
    command += ["--months"] * months
    say.note(f"seed {seed}", quiet)

    from sim.engine.ensemble import ensemble
    from sim.experiments import hindcast
    from sim.views import trial

    world, threads = hindcast.hindcast(), jobs or os.cpu_count() or 1
    worlds.announce_compiling([world], quiet)
    tried = _tried(_parameters(sets, seed), runs, seed, threads, quiet, folder / "months" if months else None)
    fans = {"defaults": ensemble(world, runs, seed, threads)}
    if "retained" in tried:
        fans["retained"] = hindcast.across(world, _parameters(sets, seed)["retained"], 10, seed, threads)
    facts = {"seed": seed, "runs": runs, "sets": {name: len(each.means) for name, each in tried.items()}}
    trial.write(folder, tried, fans, {**facts, "scenario": world.to_yaml()}, shlex.join(command))
    header = ("", "what history showed", *(column.heading for column in trial.columns(tried)))
    if json:
        say.as_json(_facts(tried, facts, folder))
    else:
        say.data(
            "Share of parameter sets in which each pattern holds", "",
            say.table(header, trial.told(tried), numbers=header[2:]), "", _doubt(tried),
        )  # fmt: skip
    say.note(f"\nresults: {folder} (pictures in {folder / 'figures'})", quiet)
    say.then(quiet, "sim run baseline")


def _parameters(sets: int, seed: int) -> "dict[str, pd.DataFrame]":
    """Return the sets on trial: the defaults, draws of the prior, and retained sets, if the package has any."""
    import pandas as pd

    from sim.experiments.matching import prior
    from sim.experiments.retained import drawn, uncertain
    from sim.scenario.values import defaults

    found = {"defaults": pd.DataFrame([defaults({})])[uncertain()], "prior": prior([seed], sets)}
    kept = drawn(sets, seed)
    return found if kept is None else found | {"retained": kept}


def _tried(
    parameters: "dict[str, pd.DataFrame]", runs: int, seed: int, threads: int, quiet: bool, folder: Path | None
) -> "dict[str, Scores]":
    """Try all sets, and keep their months in a folder where there is one."""
    from sim.experiments import hindcast

    if folder:
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
    found: dict[str, Scores] = {}
    with say.progress(quiet) as bars:
        bar = bars.add_task("sets", total=sum(map(len, parameters.values())))
        for name, sets in parameters.items():
            first = runs * sum(len(each.means) for each in found.values())  # no two sets share their chance
            done = 0

            def tell(lived: "Histories", without: "Histories", name: str = name) -> None:
                nonlocal done
                if folder:
                    hindcast.monthly(lived, without, done).to_parquet(folder / f"{name}-{done:05d}.parquet")
                done += len(lived.states)
                bars.advance(bar, len(lived.states))

            found[name] = hindcast.tried(sets, runs, seed, first, threads, tell)
    return found


def _facts(tried: "dict[str, Scores]", facts: dict[str, Any], folder: Path) -> dict[str, Any]:
    from sim.experiments.hindcast import shares

    return {**facts, "calibrated": False, "shares": {name: dict(shares(each)) for name, each in tried.items()},
            "folder": str(folder)}  # fmt: skip


def _doubt(tried: "dict[str, Scores]") -> str:
    missing = "" if "retained" in tried else " The package has no retained sets: python -m sim.experiments.matching."
    return (
        "Uncalibrated. What is given is weak evidence: T4, T5, trade, growth and China's share follow the border "
        "path, T3b the Russian border's; W2, W3, W4, W7 and W11 the dated lines and rivalry, W1 by half the war, "
        f"W10 how many can arrive.{missing}"
    )
