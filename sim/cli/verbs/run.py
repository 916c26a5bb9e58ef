"""``sim run``."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sim.cli import options, say, simulating

if TYPE_CHECKING:
    from sim.api import Run


def verb(
    scenario: Annotated[str, typer.Argument(metavar="SCENARIO", help="Name or path of a scenario.")],
    runs: options.Runs = 200,
    seed: options.Seed = None,
    number: Annotated[int, typer.Option("--number", min=0, help="Which run the report describes in full.")] = 0,
    settings: Annotated[
        list[str] | None, typer.Option("--set", help="Set a parameter, as in postwar_need=0.2; may be repeated.")
    ] = None,
    variant: Annotated[str | None, typer.Option("--variant", help="Use a variant of the model, such as V4.")] = None,
    without: Annotated[
        list[str] | None,
        typer.Option("--without", help="Switch a claim or an assumption off, such as C38; may be repeated."),
    ] = None,
    sets: options.Sets = None,
    defaults: options.Defaults = False,
    as_of: options.AsOf = None,
    author: options.Author = None,
    license: options.License = None,
    out: options.Out = None,
    overwrite: options.Overwrite = False,
    jobs: options.Jobs = None,
    full: Annotated[bool, typer.Option("--full", help="Print the tables by year too.")] = False,
    json: options.AsJson = False,
    quiet: options.Quiet = False,
) -> None:
    """Simulate a scenario and write a report.

    Many runs are simulated, each with and without an end of the war, and one of them is described in full.
    """
    if number >= runs:
        raise typer.BadParameter(f"{number} is not among the {runs} runs, 0 to {runs - 1}", param_hint="--number")
    world = simulating.change_scenario(scenario, settings or [], variant, without or [])
    world = simulating.name_owner(world, author, license)
    seed, folder = simulating.prepare_output("run", Path(scenario).stem, seed, out, overwrite)
    command = say.typed_command(
        "run", scenario, seed=seed, runs=runs, number=number, set=settings, without=without, variant=variant,
        sets=sets, defaults=defaults, as_of=as_of, author=author, license=license,
    )  # fmt: skip

    import sim
    from sim.engine.concurrency import default_jobs

    simulating.sets_of([world], sets, seed, defaults, as_of)
    threads = jobs or default_jobs()
    with simulating.work_beside(threads) as begin:
        telling = begin(sim.run, world, seed, number, defaults, sets, as_of)
        simulating.ready_engine()
        # Runs that set out from states have all assumptions in the months before, so none can be taken from them.
        assuming = (lambda: "") if as_of else begin(sim.assumption_share, world, runs, seed, threads, defaults, sets)

        from sim.cli import printing, summary
        from sim.report.folders.run_folders import write_run

        with simulating.bar("runs") as tell:
            many = sim.ensemble(world, runs, seed, threads, defaults, sets, as_of, control=True, tell=tell)
        write_run(folder, telling, many, many.control, command, assuming)
        run, assumed = telling(), assuming()
    if json:
        say.as_json({**summary.run_summary(run, many), "assumed": assumed or None, "folder": str(folder)})
    else:
        say.data(*printing.print_run(run, many, assumed, full))
    other = "war-ends-early" if Path(scenario).stem.casefold() == "baseline" else scenario
    say.results(
        folder,
        "open report.html there in a browser",
        say.typed_command("explain", folder, "Pyongyang", _worth_asking(run)),
        say.typed_command("compare", other, "baseline", seed=seed),
    )
    simulating.end_with(many.failed)


def _worth_asking(run: "Run") -> str:
    """Return a month in which Pyongyang decided something: the first from the war's end on, or from its beginning."""
    from sim.model import months

    since = max(run.scenario.war_start if run.war_end is None else run.war_end, run.scenario.first)
    decided = {decision.month for decision in run.decisions if decision.capital == "Pyongyang"}
    return months.name(min((month for month in decided if month >= since), default=run.scenario.first))
