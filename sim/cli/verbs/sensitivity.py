"""``sim sensitivity``."""

import math
from pathlib import Path
from typing import Annotated

import typer

from sim.cli import options, say
from sim.cli.folders import free_folder
from sim.cli.guard import needs


def verb(
    study: Annotated[Path, typer.Argument(metavar="FOLDER", help="Folder of a sweep with a Morris or Sobol design.")],
    out: options.Out = None,
    overwrite: options.Overwrite = False,
    json: options.AsJson = False,
    quiet: options.Quiet = False,
) -> None:
    """Show which parameters move the effect most.

    Reads a finished sweep, such as that of `sim sweep sensitivity-morris`, and prints Morris or Sobol indices with
    their intervals. Parameters whose intervals overlap share a rank.
    """
    import sim

    needs("SALib")
    folder = free_folder(out or Path("runs", f"sensitivity-{study.name}"), overwrite, "sensitivity")
    analysed = sim.sensitivity(study)
    table, noise = analysed.indices, analysed.noise_share
    asked = analysed.study.store.manifest

    from sim.report.folders import study_folders
    from sim.report.text import doubt

    said = doubt.of(analysed.study.source)
    facts = {"study": str(study), "design": asked["design"], "seed": asked["seed"], "uncalibrated": said}
    facts["noise_share"] = None if math.isnan(noise) else noise
    command = say.typed_command("sensitivity", study)
    named = table.rename_axis("parameter")
    study_folders.write_study_folder(
        folder, "sensitivity", command, facts, {"indices": analysed.plot()}, {"indices": named}
    )
    if json:
        say.as_json({**facts, "indices": named.reset_index().to_dict("records"), "folder": str(folder)})
    else:
        numbers = [str(name) for name in table if name != "rank"]
        rows = [
            (str(row["rank"]), str(name), *(f"{row[number]:.2f}" for number in numbers))
            for name, row in table.head(20).astype(object).iterrows()
        ]
        header = ("rank", "number", *numbers)
        say.data(asked["name"], said, _noise(noise), "", say.plain_table(header, rows, numbers=numbers))
    say.results(folder, f"picture in {folder / 'figures'}", "sim falsify")


def _noise(share: float) -> str:
    """Return what of the indices may be noise."""
    from sim.prediction.sensitivity import DUMMY
    from sim.report.style import percent

    if math.isnan(share):
        return "With so few runs a point nothing tells how much of the indices is noise."
    return (
        f"Noise between runs is {percent(share)} of the variance between points. What is not above “{DUMMY}”, a number "
        "that moves nothing, cannot be told from nothing."
    )
