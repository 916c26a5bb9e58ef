"""``sim compare``."""

from pathlib import Path
from typing import Annotated

import typer

from sim.cli import options, say, simulating


def verb(
    a: Annotated[str, typer.Argument(metavar="A", help="Name or path of a scenario.")],
    b: Annotated[str, typer.Argument(metavar="B", help="The scenario to compare with: effects are A minus B.")],
    runs: options.Runs = 200,
    seed: options.Seed = None,
    sets: options.Sets = None,
    defaults: options.Defaults = False,
    as_of: options.AsOf = None,
    author: options.Author = None,
    license: options.License = None,
    out: options.Out = None,
    overwrite: options.Overwrite = False,
    jobs: options.Jobs = None,
    json: options.AsJson = False,
    quiet: options.Quiet = False,
) -> None:
    """Compare two scenarios with the same random numbers."""
    from sim.scenario import load

    scenarios = simulating.name_owner(load(a), author, license), load(b)
    seed, folder = simulating.prepare_output("compare", f"{Path(a).stem}-against-{Path(b).stem}", seed, out, overwrite)
    command = say.typed_command(
        "compare", a, b, seed=seed, runs=runs, sets=sets, defaults=defaults, as_of=as_of, author=author, license=license
    )

    import sim
    from sim.cli import printing, summary
    from sim.report.folders.run_folders import write_compare

    simulating.sets_of(scenarios, sets, seed, defaults, as_of)
    with simulating.bar("runs") as tell:
        pair = sim.compare(*scenarios, runs, seed, jobs, defaults, sets, as_of, tell)
    one, other = (many.replay(int(many.runs[0])) for many in (pair.one, pair.other))
    write_compare(folder, pair, one, other, command)
    if json:
        say.as_json({**summary.pair_summary(pair, one, other), "folder": str(folder)})
    else:
        say.data(*printing.print_pair(pair, one, other))
    say.results(folder, "open report.html there in a browser", say.typed_command("run", a, seed=seed))
    simulating.end_with(pair.one.failed)
