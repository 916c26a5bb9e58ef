"""``sim filter``."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sim.cli import options, say, simulating

if TYPE_CHECKING:
    from sim.inference.filtering import Filtered


def verb(
    as_of: Annotated[str, typer.Option("--as-of", help="Last month of the record to read, YYYY-MM.")] = "2024-08",
    particles: Annotated[
        int,
        typer.Option("--particles", min=2, max=1_048_576, help="Number of runs in all, 128 for each parameter set."),
    ] = 65_536,
    seed: options.Seed = None,
    seeds: Annotated[
        int, typer.Option("--seeds", min=1, max=100, help="Repeat it with this many seeds, to estimate the error.")
    ] = 1,
    errors: Annotated[
        float,
        typer.Option("--errors", min=0.1, max=10.0, help="Multiply the assumed errors of the codings by this."),
    ] = 1.0,
    coding: Annotated[
        int | None, typer.Option("--coding", min=1, max=2, help="Use the first or the second coding alone.")
    ] = None,
    out: options.Out = None,
    overwrite: options.Overwrite = False,
    jobs: options.Jobs = None,
    json: options.AsJson = False,
    quiet: options.Quiet = False,
) -> None:
    """Estimate the state of the world in a month from the record.

    Simulates many runs of many parameter sets and weighs them by the record, month by month. Keeps their states: `sim
    run`, `compare` and `sweep` start from them with --as-of FOLDER.
    """
    simulating.read_facts_to(as_of)
    seed, folder = simulating.prepare_output("filter", f"filter-{as_of}", seed, out, overwrite)
    other = f"{errors:g}" if errors != 1.0 else None
    command = say.typed_command("filter", as_of=as_of, particles=particles, seed=seed, errors=other, coding=coding)

    import sim
    from sim.cli.guard import Failure
    from sim.inference.filtering import known_world

    try:
        horizon = known_world(as_of).horizon
    except ValueError as error:
        raise Failure(str(error)) from None
    simulating.ready_engine()
    with say.progress() as bars:
        bar = bars.add_task("months", total=horizon * seeds)
        tell = lambda months: bars.update(bar, advance=months, refresh=True)  # noqa: E731
        filters = [sim.filter(as_of, particles, seed + turn, jobs, errors, coding, tell) for turn in range(seeds)]

    from sim.report.folders.record_folder import write_filter

    write_filter(folder, filters[0], command)
    facts = _facts(filters, folder)
    if json:
        say.as_json(facts)
    else:
        _tell(filters[0], facts)
    again = say.typed_command("run", "baseline", as_of=folder, seed=seed)
    say.results(folder, f"pictures in {folder / 'figures'}", again)


def _facts(filters: "list[Filtered]", folder: Path) -> dict[str, object]:
    import numpy as np

    first, every = filters[0], [one.log_evidence for one in filters]
    months = first.by_month
    return {
        "as_of": first.as_of,
        "seed": first.seed,
        "particles": first.settings.particles,
        "log_evidence": float(np.mean(every)),
        "spread_of_one_seed": float(np.std(every, ddof=1)) if len(every) > 1 else None,
        "seeds": len(every),
        "sets": len(first.by_set),
        "effective_sets": float(months["sets"].iloc[-1]),
        "power": float(months["power"].iloc[-1]),
        "smallest_effective_size": float(months["least"].min()),
        "costliest_month": first.costliest,
        "cost": float(months["log_evidence"].min()),
        "moves": len(first.scores),
        "nats_a_move": float(first.scores["score"].mean()),
        "warning": first.warning or None,
        "calibrated": False,
        "folder": str(folder),
    }


def _tell(first: "Filtered", facts: dict[str, object]) -> None:
    from sim.report.text import doubt

    spread = facts["spread_of_one_seed"]
    error = f", of one seed +- {spread:.1f} ({facts['seeds']} seeds)" if spread is not None else ", of one seed"
    runs = first.settings.shape[1]
    rows = [
        ("log evidence", f"{facts['log_evidence']:.1f} nats{error}"),
        ("moves", f"{facts['nats_a_move']:.3f} nats a move, one month ahead, over {facts['moves']:,}"),
        ("parameter sets", f"{facts['effective_sets']:,.0f} effective ones of {facts['sets']:,}, weighed with "
                           f"{facts['power']:.1%} of the record"),
        ("effective size", f"{facts['smallest_effective_size']:.0f} of {runs} runs of a set, at least"),
        ("costliest month", f"{facts['costliest_month']}, {facts['cost']:.1f} nats"),
    ]  # fmt: skip
    say.data(f"The record to {first.as_of}", doubt.FILTERED, "", say.plain_table(("", ""), rows), "")
    if first.warning:
        say.data(f"Beware: {first.warning}.", "")
    table = first.by_month
    lines = [
        (str(month), f"{row['effective']:,.0f}", f"{row['sets']:,.0f}", f"{row['power']:.1%}", f"{row['moves']:.1f}",
         f"{row['figures']:.1f}")
        for month, row in table.to_dict("index").items()
    ]  # fmt: skip
    header = ("month", "ESS in a set", "ESS of sets", "likelihood power", "moves (nats)", "figures (nats)")
    say.data(say.plain_table(header, lines, numbers=header[1:]))
