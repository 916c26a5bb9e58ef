"""``sim evidence``."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sim.cli import options, say, simulating

if TYPE_CHECKING:
    from sim.report.folders.evidence_folder import Findings


def verb(
    folder: Annotated[
        Path | None, typer.Argument(metavar="FOLDER", help="Folder of the study; an unfinished study continues.")
    ] = None,
    particles: Annotated[
        int | None, typer.Option("--particles", min=8, max=1_048_576, help="Particles of each filter (default: 4,096).")
    ] = None,
    seeds: Annotated[
        int | None,
        typer.Option("--seeds", min=2, max=100, help="Filters of each model, to estimate the error (default: 4)."),
    ] = None,
    seed: options.Seed = None,
    jobs: options.Jobs = None,
    json: options.AsJson = False,
    quiet: options.Quiet = False,
) -> None:
    """Test each claim against the recorded moves.

    Filters the record with the model, its rivals, its variants, and the model without each claim and assumption.
    Compares the predicted moves of each capital with forecasters that know no politics. The same command continues a
    study that was interrupted.
    """
    import sim
    from sim.prediction.model_comparison import RecordStudy
    from sim.report.folders.evidence_folder import write_evidence

    place = folder or Path("runs", "evidence")
    begun = RecordStudy(place)
    if begun.study.exists():
        said = begun.asked["seed"] if seed is None else seed
    else:
        seed = said = simulating.draw_seed(seed)
    command = say.typed_command("evidence", place, particles=particles, seeds=seeds, seed=seed)
    say.note(f"seed {said}")
    simulating.ready_engine()
    with simulating.going_on(say.typed_command("evidence", place)), simulating.bar("filters") as tell:
        findings = sim.evidence(place, particles, seeds, seed, jobs, tell, command)
    write_evidence(findings)
    _tell(findings, json)
    say.results(place, f"pictures in {place / 'figures'}", "sim filter --as-of 2024-08 --seeds 4")


def _tell(findings: "Findings", json: bool) -> None:
    from sim.report.text import on_record

    capitals, compared = findings.capitals, findings.compared
    said = on_record.answer(capitals, compared)
    if json:
        tables = {name: say.records(table) for name, table in findings.tables.items()}
        say.as_json({"answer": said, "aims": on_record.aims(capitals), "asked": findings.study.asked, **tables})
        return
    say.data(*said, "", on_record.politics(capitals, compared), "", *on_record.aims(capitals), "")
    for table in (on_record.nats_table(capitals), on_record.evidence_table(compared)):
        rows = [tuple(map(str, row)) for row in table.to_numpy()]
        header = [str(name) for name in table]
        say.data(say.plain_table(header, rows, numbers=header[1:-1]), "")
