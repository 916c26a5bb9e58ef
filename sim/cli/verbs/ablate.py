"""``sim ablate``."""

import math
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from sim.cli import options, say, simulating

if TYPE_CHECKING:
    from sim.analysis.estimates import Estimate
    from sim.prediction.ablation_study import Loss

Kind = Literal["groups", "claims", "assumptions", "readings"]


def verb(
    scenario: options.World = "war-ends-any-time",
    kind: Annotated[
        Kind,
        typer.Option("--kind", help="What to switch off: groups of claims, claims, assumptions, or readings of ξ."),
    ] = "groups",
    sets: options.Sets = None,
    defaults: options.Defaults = False,
    runs: options.Pairs = 20,
    seed: options.Seed = None,
    out: options.Out = None,
    overwrite: options.Overwrite = False,
    jobs: options.Jobs = None,
    json: options.AsJson = False,
    quiet: options.Quiet = False,
) -> None:
    """Switch claims off one by one, with the same random numbers.

    Shows how the effect of the war's end changes without each one. --kind assumptions shows which assumptions the
    effect depends on.
    """
    from sim.scenario import load

    world = load(scenario)
    seed, folder = simulating.prepare_output("ablate", f"ablate-{kind}-{Path(scenario).stem}", seed, out, overwrite)
    command = say.typed_command("ablate", scenario, kind=kind, seed=seed, runs=runs, sets=sets, defaults=defaults)
    parameters = simulating.sets_of([world], sets, seed, defaults)

    import sim
    from sim.prediction import verdict_tables
    from sim.report.folders import study_folders
    from sim.report.text import doubt

    with simulating.bar("treatments") as tell:
        ablation = sim.ablate(world, kind, runs, sets, seed, jobs, defaults, tell)
    table = ablation.table
    said = doubt.of_sets(parameters)
    facts = {"seed": seed, "runs": runs, "sets": len(parameters), "scenario": world.to_yaml(), "uncalibrated": said}
    study_folders.write_study_folder(folder, "ablate", command, facts, {str(kind): ablation.plot()}, {kind: table})
    if json:
        effect, rows = verdict_tables.plain_estimate(ablation.effect), say.records(table)
        say.as_json({**facts, "effect": effect, "without": rows, "folder": str(folder)})
    else:
        say.data(f"{world.name}: the war's end is worth {ablation.effect} points of re-engagement.", said, "")
        say.data(*_words(ablation.losses))
        if kind in ("assumptions", "readings"):
            say.data("", ablation.meter)
    again = next((loss.removed.without[0] for loss in ablation.losses if loss.removed.without), "C38")
    say.results(folder, f"picture in {folder / 'figures'}", say.typed_command("run", scenario, without=again))


def _words(losses: "list[Loss]") -> list[object]:
    rows = [(loss.removed.name, *_cells(loss.change), str(loss.ratio or "-"), loss.removed.says) for loss in losses]
    header = ("without", "change", "95% interval", "middle 90% of sets", "of the effect", "")
    return [
        "How the effect changes, the same runs with and without:",
        say.plain_table(header, rows, numbers=header[1:5]),
    ]


def _cells(estimated: "Estimate") -> tuple[str, str, str]:
    """Return an estimate as three cells: mean, its 95% interval, the spread across sets."""
    low, high = estimated.interval()
    interval = "not known" if math.isnan(low) else f"{low:+.1f} to {high:+.1f}"
    return f"{estimated.mean:+.1f}", interval, f"{estimated.low:+.1f} to {estimated.high:+.1f}"
