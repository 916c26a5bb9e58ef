"""``sim run``."""

import os
import shlex
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sim.cli import options, say, simulating
from sim.cli.folders import vacant

if TYPE_CHECKING:
    from sim.api import Ensemble
    from sim.calibration.parameter_sets import Sets
    from sim.engine.mesa.single_run import Run
    from sim.scenario import Scenario

_SIMULATED = 14  # simulations a run: with the war's end and without, and both again, shorter, for whatever was assumed


def verb(
    scenario: Annotated[str, typer.Argument(metavar="SCENARIO", help="Name or path of a scenario.")],
    runs: options.Runs = 200,
    seed: options.Seed = None,
    number: Annotated[int, typer.Option("--number", min=0, help="The world that is told in full.")] = 0,
    settings: Annotated[
        list[str] | None, typer.Option("--set", help="A number of the model, as in postwar_need=0.2; may be repeated.")
    ] = None,
    variant: Annotated[str | None, typer.Option("--variant", help="The reading of the model, such as V4.")] = None,
    without: Annotated[
        list[str] | None,
        typer.Option("--without", help="A claim or assumption to switch off, such as C38; may be repeated."),
    ] = None,
    sets: options.Sets = None,
    defaults: options.Defaults = False,
    as_of: options.AsOf = None,
    out: options.Out = None,
    overwrite: options.Overwrite = False,
    jobs: options.Jobs = None,
    json: options.AsJson = False,
    quiet: options.Quiet = False,
) -> None:
    """Simulate a scenario and write a report.

    One run is told in full, and many are counted, beside the same runs without an end of the war.
    """
    if number >= runs:
        raise typer.BadParameter(f"{number} is not among the {runs} runs, 0 to {runs - 1}", param_hint="--number")
    world = simulating.changed(scenario, settings or [], variant, without or [])
    seed = simulating.seeded(seed)
    folder = vacant(out or Path("runs", f"{Path(scenario).stem}-{seed}"), overwrite, "run")
    command = ["sim", "run", scenario, "--seed", str(seed), "--runs", str(runs), "--number", str(number)]
    command += [word for setting in settings or [] for word in ("--set", setting)]
    command += [word for source in without or [] for word in ("--without", source)]
    command += ["--variant", variant] if variant else []
    command += (["--sets", str(sets)] if sets else []) + ["--defaults"] * defaults
    command += ["--as-of", as_of] if as_of else []
    say.note(f"seed {seed}", quiet)

    threads = jobs or os.cpu_count() or 1
    own = simulating.sets_of([world], sets, seed, defaults, quiet, as_of)
    with simulating.beside(threads) as begin:
        telling = begin(simulating.whole_run, world, seed, number, own)
        simulating.ready_engine(quiet, _SIMULATED * runs, world.horizon)
        assuming = begin(simulating.assumed, world, runs, seed, own, threads)

        from sim.cli import summary, words
        from sim.report.folders.runs import write_run

        many, control, failed = _many(world, runs, seed, own, threads, quiet)
        write_run(folder, telling, many, control, shlex.join(command), assuming)
        told, assumed = telling(), assuming()
    facts = {**summary.of_run(told, many, control), "assumed": assumed or None, "folder": str(folder)}
    if json:
        say.as_json(facts)
    else:
        say.data(*words.of_run(facts))
    say.note(f"\nresults: {folder} (open report.html there in a browser)", quiet)
    compared = ["war-ends-early" if Path(scenario).stem.casefold() == "baseline" else scenario, "baseline"]
    say.then(
        quiet,
        shlex.join(["sim", "explain", str(folder), "Pyongyang", _worth_asking(told)]),
        shlex.join(["sim", "compare", *compared, "--seed", str(seed)]),
    )
    simulating.end_with(failed, runs)


def _many(
    world: "Scenario", runs: int, seed: int, sets: "Sets", threads: int, quiet: bool
) -> "tuple[Ensemble, Ensemble, list[int]]":
    """Return many runs, the same without an end of the war, and the numbers of those that failed."""
    from sim.calibration.parameter_sets import of_runs, start_of
    from sim.engine.ensemble import simulate, simulate_with_control

    def once(numbers: range) -> tuple[Any, ...]:
        """Simulate some of the runs; and without an end, which are the same runs where the war never ends."""
        asked = (world, numbers, seed, threads, of_runs(sets, numbers, world), sets.source)
        start = start_of(sets, numbers)
        if world.war_end is None:
            return (simulate(*asked, start=start),)
        return simulate_with_control(*asked, start=start)

    lived, failed = simulating.live(runs, quiet, once)
    return lived[0], lived[-1], failed


def _worth_asking(told: "Run") -> str:
    """Return a month in which Pyongyang decided something: the first from the war's end on, or from its beginning."""
    from sim.model import months

    since = max(told.scenario.war_start if told.war_end is None else told.war_end, told.scenario.first)
    decided = {decision.month for decision in told.decisions if decision.capital == "Pyongyang"}
    return months.name(min((month for month in decided if month >= since), default=told.scenario.first))
