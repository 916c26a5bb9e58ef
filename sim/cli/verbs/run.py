"""``sim run``."""

import os
import shlex
from pathlib import Path
from typing import Annotated

import typer

from sim.cli import options, say, worlds
from sim.cli.folders import vacant
from sim.cli.guard import SOME_FAILED


def verb(
    scenario: Annotated[str, typer.Argument(help="Name or path of a scenario.")],
    runs: options.Runs = 200,
    seed: options.Seed = None,
    number: Annotated[int, typer.Option("--number", min=0, help="The world that is told in full.")] = 0,
    settings: Annotated[list[str] | None, typer.Option("--set", help="A number of the model: postwar_need=0.2.")] = None,
    variant: Annotated[str | None, typer.Option("--variant", help="The reading of the model, such as V4.")] = None,
    without: Annotated[list[str] | None, typer.Option("--without", help="A claim to switch off, such as C38.")] = None,
    out: options.Out = None,
    overwrite: options.Overwrite = False,
    jobs: options.Jobs = None,
    json: options.AsJson = False,
    quiet: options.Quiet = False,
) -> None:
    """Live a scenario: one world told in full, and many beside it.

    The folder of results holds a report, the chronicle, figures, tables, and what reproduces them.
    """
    if number >= runs:
        raise typer.BadParameter(f"{number} is not among the {runs} worlds, 0 to {runs - 1}", param_hint="--number")
    world = worlds.changed(scenario, settings or [], variant, without or [])
    seed = worlds.seeded(seed)
    folder = vacant(out or Path("runs", f"{worlds.slug(scenario)}-{seed}"), overwrite)
    say.note(f"seed {seed}", quiet)

    from sim import api
    from sim.cli import summary, words
    from sim.engine.ensemble import ensemble
    from sim.experiments.drift import no_end
    from sim.views.report import write_run

    def once(numbers: range) -> tuple[Any, ...]:
        """Live some worlds, and the same without an end where there is one."""
        some = ensemble(world, numbers, seed, threads)
        return (some,) if world.war_end is None else (some, no_end(some, threads))

    threads = jobs or os.cpu_count() or 1
    worlds.announce_compiling([world], quiet)
    lived, failed = worlds.live(runs, quiet, once)
    many, control = lived[0], lived[-1]
    told = api.run(world, seed, number)
    write_run(folder, told, many, control, _command(scenario, seed, runs, number, settings, variant, without))
    facts = {**summary.of_run(told, many, control), "folder": str(folder)}
    if json:
        say.as_json(facts)
    else:
        say.data(*words.of_run(facts))
    _after(scenario, folder, seed, quiet)
    worlds.end_with(failed, runs)
