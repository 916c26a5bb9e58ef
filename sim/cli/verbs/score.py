"""``sim score``."""

from pathlib import Path
from typing import Annotated

import typer

from sim.cli import options, say
from sim.cli.folders import free_folder
from sim.cli.guard import needs


def verb(
    facts: Annotated[Path, typer.Argument(metavar="FILE", help="Facts: CSV file with the columns id and value.")],
    forecasts: Annotated[
        Path, typer.Option("--forecasts", help="Table of forecasts that `sim forecast` wrote.")
    ] = Path("forecasts.csv"),
    out: options.Out = None,
    overwrite: options.Overwrite = False,
    json: options.AsJson = False,
    quiet: options.Quiet = False,
) -> None:
    """Score forecasts against what happened.

    Gives Brier and log scores of events and the CRPS of numbers, beside persistence, AR(1) and base rates. Lower scores
    are better; a skill above 0 is better than persistence. docs/forecasts.md describes the file of facts.
    """
    from sim.prediction import scoring

    needs("scoringrules")
    folder = free_folder(out or Path("runs", f"score-{facts.stem}"), overwrite, "score")
    table = scoring.read_forecasts(forecasts)
    known = scoring.read_facts(facts, table)
    scored = scoring.score_forecasts(table, known)
    means = scoring.summary(scored)

    from sim.report.figures import trial_figures
    from sim.report.folders import study_folders

    reliable = scoring.reliability(scored)
    source = f"{len(known):,} facts of {facts.name} against {forecasts.name}. Uncalibrated."
    pictures = {"reliability": trial_figures.reliability(reliable, source)} if len(reliable) else {}
    tables = {"scores": scored, "means": means, "reliability": reliable}
    command = say.typed_command("score", facts, forecasts=forecasts)
    study_folders.write_study_folder(folder, "score", command, {"facts": len(known)}, pictures, tables)
    if json:
        plain = means.astype(object).where(means.notna(), None).to_dict("records")
        say.as_json({"facts": len(known), "calibrated": False, "scores": plain, "folder": str(folder)})
    else:
        header = ("about", "score", "forecaster", "questions", "mean", "skill")
        rows = [
            (str(about), str(which), str(who), str(count), f"{mean:.3g}", "-" if skill != skill else f"{skill:+.2f}")
            for about, which, who, count, mean, skill in means[list(header)].to_numpy()
        ]
        say.data(f"{len(known):,} facts of {table['id'].nunique():,} questions. Lower scores are better. Uncalibrated.")
        say.data("", say.plain_table(header, rows, numbers=header[3:]))
    say.results(folder, f"every score in {folder / 'tables'}", "sim forecast --help")
