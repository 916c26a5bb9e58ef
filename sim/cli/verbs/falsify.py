"""``sim falsify``."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sim.cli import options, say, simulating
from sim.cli.guard import needs

if TYPE_CHECKING:
    from sim.engine.sets import Sets
    from sim.prediction.falsification import Refutation, Turn


def verb(
    scenario: options.World = "war-ends-any-time",
    sets: options.Sets = None,
    runs: options.Pairs = 100,
    seed: options.Seed = None,
    prior: Annotated[
        int, typer.Option("--prior", min=0, help="Search this many draws of the plausible ranges instead.")
    ] = 0,
    out: options.Out = None,
    overwrite: options.Overwrite = False,
    jobs: options.Jobs = None,
    json: options.AsJson = False,
    quiet: options.Quiet = False,
) -> None:
    """Look for a small change that refutes the prediction.

    Starts from several central parameter sets in which the prediction holds and searches for the nearest plausible set
    in which it fails; then the other way round.
    """
    from sim.scenario import load

    needs("ema_workbench")
    world = load(scenario)
    seed, folder = simulating.prepare_output("falsify", f"falsify-{Path(scenario).stem}", seed, out, overwrite)
    command = say.typed_command("falsify", scenario, seed=seed, runs=runs, sets=sets, prior=prior or None)

    import sim
    from sim.engine.concurrency import default_jobs
    from sim.report.figures import trial_figures
    from sim.report.folders import study_folders

    simulating.ready_engine()
    refutation = sim.falsify(world, runs, sets, prior, seed, jobs)
    cases, threads = refutation.cases, jobs or default_jobs()
    say.note(str(cases))
    turns = {name: side[0] for name, side in _sides(refutation).items()}
    history = {name: _patterns(turn, seed, threads) for name, turn in turns.items()}
    tables = {name: turn.changes for name, turn in turns.items()}
    tables["cases"] = cases.values.assign(D2=refutation.rates)
    facts = _facts(refutation, history, seed, runs, cases)
    source = f"scenario {world.name!r}, {len(cases):,} sets, {runs} pairs each, seed {seed}. {facts['uncalibrated']}"
    pictures = {
        name: trial_figures.turn(turn.changes, name, turn.before, turn.after, source) for name, turn in turns.items()
    }
    study_folders.write_study_folder(
        folder, "falsify", command, {**facts, "scenario": world.to_yaml()}, pictures, tables
    )
    if json:
        say.as_json({**facts, "folder": str(folder)})
    else:
        say.data(*_words(refutation, history, cases))
    where = f"pictures in {folder / 'figures'}, all changes in {folder / 'tables'}"
    nearest = (refutation.fails or refutation.holds)[:1]
    settings = [f"{row.parameter}={row.turned:.4g}" for turn in nearest for row in turn.changes.head(3).itertuples()]
    say.results(folder, where, say.typed_command("run", scenario, set=settings, seed=seed))


def _sides(refutation: "Refutation") -> "dict[str, tuple[Turn, ...]]":
    """Return the turns that were found, the nearest first, by what the prediction does after them."""
    return {name: turns for name, turns in (("fails", refutation.fails), ("holds", refutation.holds)) if turns}


def _patterns(turn: "Turn", seed: int, jobs: int) -> tuple[int, int]:
    """Return how many of the patterns of history that count the origin and the turned world show on 200 runs."""
    import pandas as pd

    from sim.engine.experiment import Experiment
    from sim.engine.sets import equally_weighted
    from sim.inference import hindcast
    from sim.scenario.source import Source

    both = equally_weighted(pd.DataFrame([turn.origin, turn.turned]), Source.PRIOR)
    asked = Experiment(hindcast.free_runs(), both, seed, jobs=jobs).runs_of_every_set(200)
    passed = hindcast.try_sets(asked).passed[list(hindcast.COUNTED)].sum(axis=1)
    return int(passed[0]), int(passed[1])


def _facts(
    refutation: "Refutation", history: dict[str, tuple[int, int]], seed: int, runs: int, cases: "Sets"
) -> dict[str, object]:
    from sim.prediction import thresholds
    from sim.report.text import doubt

    def side(name: str, turns: "tuple[Turn, ...]") -> dict[str, object]:
        smallest, *_ = turns
        starts = [{"distance": one.distance, "changes": len(one.changes), "confirmed": one.confirmed} for one in turns]
        return {
            "distance": smallest.distance, "before": smallest.before, "after": smallest.after,
            "confirmed": smallest.confirmed, "patterns": history[name],
            "changes": smallest.changes.to_dict("records"), "starts": starts,
        }  # fmt: skip

    sides = {name: side(name, turns) for name, turns in _sides(refutation).items()}
    return {
        "seed": seed, "runs": runs, "cases": len(cases), "source": cases.source,
        "share_of_cases_in_which_it_holds": float((refutation.rates >= thresholds.PAIRS).mean()),
        "fails": sides.get("fails"), "holds": sides.get("holds"),
        "region": refutation.box.sentence("It fails") if refutation.box else None, "uncalibrated": doubt.of_sets(cases),
    }  # fmt: skip


def _words(refutation: "Refutation", history: dict[str, tuple[int, int]], cases: "Sets") -> list[object]:
    from sim.inference.hindcast import OF_ALL
    from sim.prediction import thresholds
    from sim.report.style import percent
    from sim.report.text import doubt

    holding = (refutation.rates >= thresholds.PAIRS).mean()
    blocks: list[object] = [
        f"The prediction (D2 in at least {percent(thresholds.PAIRS)} of pairs) holds in {percent(holding)} of "
        f"{len(cases):,} cases.",
        doubt.of_sets(cases),
    ]
    for name, turns in _sides(refutation).items():
        turn = turns[0]
        rows = [
            (str(name), f"{origin:.3g}", f"{turned:.3g}", f"{100 * share:+.0f}%")
            for name, origin, turned, share in turn.changes.to_numpy()
        ]
        sure = "" if turn.confirmed else " Fresh runs do not confirm it."
        before, after = history[name]
        changes = "one change turns" if len(rows) == 1 else f"{len(rows)} changes turn"
        blocks += [
            "",
            f"Nearest world found in which it {name}: {changes} D2 from {percent(turn.before)} to "
            f"{percent(turn.after)} of pairs, and patterns of history from {before} to {after} {OF_ALL}.{sure} "
            f"{_starts(turns)}",
            say.plain_table(("parameter", "from", "to", "of its range"), rows, numbers=("from", "to", "of its range")),
        ]  # fmt: skip
    if not _sides(refutation):
        blocks += ["", "All cases come out alike, or too near the line to be told apart: no turn was found."]
    return blocks + (["", refutation.box.sentence("It fails")] if refutation.box else [])


def _starts(turns: "tuple[Turn, ...]") -> str:
    """Return how small the change is; of one start nobody can tell."""
    if len(turns) == 1:
        return "From one start alone, so it need not be a small change."
    sure = [turn for turn in turns if turn.confirmed]
    far = [turn.distance for turn in sure]
    away = f", {min(far):.3f} to {max(far):.3f} of the ranges away (root mean square)" if sure else ""
    changes = ", ".join(str(len(turn.changes)) for turn in turns)
    return (
        f"The smallest change found from {len(turns)} starts, of which fresh runs confirm {len(sure)}{away}; so many "
        f"parameters change: {changes}."
    )
