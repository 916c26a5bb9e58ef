"""``sim ablate``."""

import shlex
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from sim.cli import options, say, simulating, trial
from sim.cli.folders import vacant

if TYPE_CHECKING:
    from sim.trial.ablation import Loss, Ratio

Kind = Literal["groups", "claims", "assumptions", "readings"]


def verb(
    scenario: trial.World = "war-ends-any-time",
    kind: Annotated[
        Kind, typer.Option("--kind", help="What is taken away: groups of claims, claims, assumptions, readings of ξ.")
    ] = "groups",
    sets: options.Sets = None,
    defaults: options.Defaults = False,
    runs: trial.Pairs = 20,
    seed: options.Seed = None,
    out: options.Out = None,
    overwrite: options.Overwrite = False,
    jobs: options.Jobs = None,
    json: options.AsJson = False,
    quiet: options.Quiet = False,
) -> None:
    """Take claims away, one by one, under the same chance.

    Says by how much the effect of the war's end changes, and by what ratio. With --kind assumptions, how
    much of the effect was assumed.
    """
    from sim.scenario import load

    world, seed = load(scenario), simulating.seeded(seed)
    folder = vacant(out or Path("runs", f"ablate-{kind}-{Path(scenario).stem}-{seed}"), overwrite, "ablate")
    command = ["sim", "ablate", scenario, "--kind", kind, "--seed", str(seed), "--runs", str(runs)]
    command += (["--sets", str(sets)] if sets else []) + ["--defaults"] * defaults
    say.note(f"seed {seed}", quiet)
    parameters = simulating.sets_of([world], sets, seed, defaults, quiet)

    import sim
    from sim.report.folders import common as folders
    from sim.report.text import doubt
    from sim.trial import tables as findings

    simulating.ready_engine(quiet)
    with simulating.bar("treatments", quiet) as tell:
        found = sim.ablate(world, kind, runs, sets, seed, jobs, defaults, tell)
    table = found.table
    said = doubt.of_sets(parameters)
    facts = {"seed": seed, "runs": runs, "sets": len(parameters), "scenario": world.to_yaml(), "uncalibrated": said}
    folders.write(folder, "ablate", shlex.join(command), facts, {str(kind): found.plot()}, {kind: table})
    if json:
        rows = table.astype(object).where(table.notna(), None).reset_index().to_dict("records")
        say.as_json({**facts, "effect": findings.plain(found.effect), "without": rows, "folder": str(folder)})
    else:
        say.data(f"{world.name}: the war's end is worth {found.effect} points of re-engagement.", said, "")
        say.data(*_words(found.losses))
        if kind in ("assumptions", "readings"):
            say.data("", found.meter)
    say.note(f"\nresults: {folder} (picture in {folder / 'figures'})", quiet)
    say.then(quiet, shlex.join(["sim", "run", scenario, "--without", _first(found.losses)]))


def _words(losses: "list[Loss]") -> list[object]:
    rows = [(each.removed.name, *trial.cells(each.change), _ratio(each.ratio), each.removed.says) for each in losses]
    header = ("without", "change", *trial.HEADER[1:], "of the effect", "")
    return ["How the effect changes, the same runs with and without:", say.table(header, rows, numbers=header[1:5])]


def _ratio(found: "Ratio | None") -> str:
    return "-" if found is None else str(found)


def _first(losses: "list[Loss]") -> str:
    """Return an id that can be switched off by hand too."""
    return next((each.removed.without[0] for each in losses if each.removed.without), "C38")
