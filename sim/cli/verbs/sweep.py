"""``sim sweep``."""

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sim.cli import options, say, simulating
from sim.cli.folders import replaceable

if TYPE_CHECKING:
    from sim.studies.specification import Sweep
    from sim.studies.study import Study

_SHOWN = (24, 12)  # rows and columns of a table of means that is printed


def verb(
    file: Annotated[
        str, typer.Argument(help="Name or path of a sweep file; or the folder of a study, to continue it.")
    ],
    runs: Annotated[
        int | None, typer.Option("--runs", min=1, help="Runs at each point (default: as the file says).")
    ] = None,
    seed: options.Seed = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", "-n", help="Estimate runs, time and disk space; simulate nothing.")
    ] = False,
    cluster: Annotated[
        str | None, typer.Option("--cluster", help="Address of a dask scheduler, or `local` to start one here.")
    ] = None,
    series: Annotated[
        list[str] | None,
        typer.Option("--series", help="Keep every month of this state, measure or lever; may be repeated."),
    ] = None,
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
    """Simulate many parameter values, many runs each.

    Writes a study. The same command continues a study that was interrupted, and shows one that is finished.
    """
    import sim
    from sim.engine.concurrency import default_jobs
    from sim.studies.specification import stored_sweep
    from sim.studies.store import Store

    simulating.not_both(sets, defaults, as_of)
    folder = out or (Path(file) if Store(Path(file)).study.exists() else Path("runs", f"sweep-{Path(file).stem}"))
    store = Store(folder)
    begun = store.study.exists()
    if Path(file).is_dir():
        asked = stored_sweep(Store(Path(file)))
    else:
        otherwise = store.manifest["seed"] if begun and not overwrite else None
        asked = sim.load_sweep(file, runs, seed, otherwise, sets, defaults, as_of, series or None)
    asked = replace(asked, scenario=simulating.name_owner(asked.scenario, author, license))
    if dry_run:
        _forecast(asked, jobs or default_jobs(), json)
        return
    if begun and overwrite:
        replaceable(folder, store.study.kind)
    say.note(f"seed {asked.seed}")
    say.note(str(asked.sets))
    study = _simulated(asked, folder, cluster, jobs, overwrite)
    _tell(asked, study, json)


def _simulated(asked: "Sweep", folder: Path, cluster: str | None, jobs: int | None, anew: bool) -> "Study":
    import sim

    simulating.ready_engine()
    failures = 0
    with simulating.going_on(say.typed_command("sweep", folder)), say.progress() as bars:
        bar = bars.add_task("runs", total=asked.layout.total)

        def tell(done: int, failed: int) -> None:
            nonlocal failures
            failures += failed
            words = f"runs, {failures} failed" if failures else "runs"
            bars.update(bar, advance=done, description=words, refresh=True)

        return sim.carry_out(asked, folder, jobs, cluster, anew, tell)


def _tell(asked: "Sweep", study: "Study", json: bool) -> None:
    from sim.report.text import doubt

    folder, now = study.folder, study.progress
    if json:
        say.as_json(
            {"name": asked.name, "question": asked.question, "seed": asked.seed, "points": len(asked.points),
             **vars(now), "calibrated": False, "parameter_sets": asked.source.name.lower(), "folder": str(folder)}
        )  # fmt: skip
    else:
        stopped = f", enough of {now.total:,}" if now.stopped_early else ""
        say.data(asked.name, *[asked.question] * bool(asked.question), "")
        say.data(f"{now.done:,} runs at {len(asked.points):,} points{stopped}; {now.failed:,} failed.")
        say.data(doubt.of(asked.source))
        say.data(*_means(study))
    for line in study.failures["again"][:10] if now.failed else ():
        say.note(f"failed: {line}")
    where = "design.parquet and outcomes/*.parquet; see docs/sweeps.md"
    say.results(folder, where, say.typed_command("replay", folder, 0))
    simulating.end_with(now.failed)


def _means(study: "Study") -> list[object]:
    """Return the table of mean effects, where two factors or fewer make one that fits."""
    from sim.analysis.definitions import WITHIN

    if len(study.design.columns) > 2:
        return []
    grid = study.grid("effect_of_the_end").dropna(how="all")
    if grid.empty or grid.shape[0] > _SHOWN[0] or grid.shape[1] > _SHOWN[1]:
        return []
    factors = [str(factor) for factor in study.design]
    across = [_level(level) for level in grid.columns] if len(factors) == 2 else ["effect"]
    header = (" \\ ".join(factors), *across)
    rows = [(_level(level), *(f"{value:+.1f}" for value in row)) for level, *row in grid.itertuples()]
    after = f"Re-engagement {WITHIN} months after the war's end"
    says = f"{after}, less that of the same runs without an end (mean, of 100):"
    return ["", says, say.plain_table(header, rows, numbers=across)]


def _level(level: object) -> str:
    return f"{level:g}" if isinstance(level, float) else str(level)


def _forecast(asked: "Sweep", jobs: int, json: bool) -> None:
    """Say what a sweep will take, by simulating a few of its runs."""
    from time import perf_counter

    from sim.studies.worker import simulate_task

    simulating.ready_engine()
    part = asked.layout.parts(0)[0]
    simulate_task(asked.task(replace(part, stop=1)))  # gets the engine ready
    some = asked.task(replace(part, stop=min(part.stop, 256)))
    begun = perf_counter()
    size = sum(map(len, filter(None, simulate_task(some)))) / len(some.part)
    seconds = (perf_counter() - begun) / len(some.part) * asked.layout.total / jobs
    facts = {
        "points": len(asked.points),
        "left_out": asked.left_out,
        "parameters": str(asked.sets).removeprefix("parameters: "),
        "duplicates": asked.duplicates,
        "runs_a_point": asked.runs,
        "runs": asked.layout.total,
        "parts": sum(len(asked.layout.parts(round_)) for round_ in range(asked.layout.rounds)),
        "seconds": float(f"{seconds:.2g}"),
        "megabytes": float(f"{(size * asked.layout.total + asked.points.memory_usage().sum()) / 1e6:.2g}"),
    }
    if json:
        say.as_json(facts)
        return
    words = {
        "points": f"{facts['points']:,} ({facts['duplicates']:,} of them repeat others)",
        "left out": f"{facts['left_out']:,} points that break an ordering of goals which the article states",
        "parameters": str(facts["parameters"]),
        "runs": f"{facts['runs']:,}, {asked.runs:,} at each point" + (" at most" if asked.until else ""),
        "time": f"about {_duration(seconds)} on {jobs} threads of this machine",
        "disk": f"about {facts['megabytes']:,} MB in {facts['parts']:,} parts",
    }
    say.data(asked.name, *[asked.question] * bool(asked.question), "", say.plain_table(("", ""), words.items()))


def _duration(seconds: float) -> str:
    for size, unit in ((86400, "days"), (3600, "hours"), (60, "minutes")):
        if seconds >= 2 * size:
            return f"{seconds / size:.0f} {unit}"
    return f"{seconds:.0f} seconds"
