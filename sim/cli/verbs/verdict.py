"""``sim verdict``."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sim.cli import options, say, simulating
from sim.cli.guard import needs

if TYPE_CHECKING:
    from sim.prediction.verdict import Verdict
    from sim.prediction.verdict_study import Evidence


def verb(
    folder: Annotated[
        Path | None, typer.Argument(metavar="FOLDER", help="Folder of the study; an unfinished study continues.")
    ] = None,
    scenario: Annotated[
        str | None, typer.Option("--scenario", help="Scenario in which the war ends (default: war-ends-any-time).")
    ] = None,
    sets: options.Sets = None,
    runs: Annotated[
        int | None,
        typer.Option("--runs", min=2, max=10_000, help="Paired runs for each set and treatment (default: 20)."),
    ] = None,
    coalitions: Annotated[
        int | None,
        typer.Option(
            "--coalitions",
            min=0,
            help="Paired runs for each set and each of 1,024 combinations of claims (default: 2).",
        ),
    ] = None,
    seed: options.Seed = None,
    jobs: options.Jobs = None,
    json: options.AsJson = False,
    quiet: options.Quiet = False,
) -> None:
    """Judge the prediction by a rule fixed beforehand.

    Simulates experiments E1 to E6 over the retained parameter sets, then applies a rule whose thresholds we fixed
    beforehand. The same command, or its folder alone, continues a study that was interrupted.
    """
    needs("ema_workbench", "lifelines")
    import sim
    from sim.prediction import verdict_study
    from sim.prediction.treatments import on_trial
    from sim.scenario import load

    place = folder or Path("runs", "verdict")
    begun = verdict_study.Evidence(place)
    if going := begun.study.exists():
        said = begun.asked["seed"] if seed is None else seed
    else:
        seed = said = simulating.draw_seed(seed)
    if sets is not None or not going:
        say.note(str(on_trial().some(sets, said)))
    say.note(f"seed {said}")
    pairs = runs or verdict_study.Size.runs
    fewer = verdict_study.Size.coalition_runs if coalitions is None else coalitions
    asked = scenario or verdict_study.WORLD
    command = say.typed_command("verdict", place, scenario=asked, seed=said, runs=pairs, coalitions=fewer, sets=sets)
    world = load(scenario) if scenario else None
    simulating.ready_engine()
    with simulating.going_on(say.typed_command("verdict", place)), simulating.bar("treatments") as tell:
        judged = sim.verdict(place, world, runs, sets, coalitions, seed, jobs, tell, command)
    _tell(judged.study, judged.verdict, json)
    say.results(place, "open report.html there in a browser", say.typed_command("falsify", seed=said))


def _tell(study: "Evidence", judged: "Verdict", json: bool) -> None:
    from sim.analysis.definitions import describe_definitions
    from sim.prediction import verdict
    from sim.prediction.verdict_study import HEADLINE
    from sim.report.folders import verdict_folder
    from sim.report.style import percent
    from sim.report.text import answer, doubt, verdict_text

    every = verdict_folder.write_verdict(study, judged, study.asked["command"])
    if json:
        say.as_json({**verdict_folder.facts(study, judged), "folder": str(study.folder)})
        return
    rows = [
        (str(name), percent(row["mean"]), "-" if row["without_an_end"] != row["without_an_end"] else
         percent(row["without_an_end"]), describe_definitions()[str(name)])
        for name, row in every["definitions"].iterrows()
    ]  # fmt: skip
    header = ("", "met, war ends", "met, war goes on", "drifting back, defined as")
    said = [verdict_text.plainly(judged, study.pairs(HEADLINE)), verdict_text.rule_in_words(judged)]
    asked, returning = verdict_text.tabulate_return(every)
    say.data(*said, answer.headline_meaning(), "", verdict.assumption_shares(study), "")
    say.data(verdict_folder.spread(judged, every), "")
    say.data(say.plain_table(asked, returning, numbers=asked[1:]), "", *verdict_text.tell_cause(every))
    say.data(verdict_folder.condition(judged), doubt.of_sets(study.sets), "")
    say.data(say.plain_table(header, rows, numbers=header[1:3]), "")
    say.data(verdict_folder.NOTHING, *verdict_folder.failures(judged, every["forecasts"]))
    say.data(*filter(None, [verdict_folder.opposite(judged)]))
    half, twice = judged.words[0.5], judged.words[2.0]
    say.data("", f"With half the model's precision (λ) the verdict is {half}, with twice that precision {twice}.")
