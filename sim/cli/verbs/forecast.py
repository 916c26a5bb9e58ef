"""``sim forecast``."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sim.cli import options, say, simulating
from sim.cli.folders import free_folder
from sim.cli.guard import Failure

if TYPE_CHECKING:
    import pandas as pd

_OURS = b"# made by: sim forecast"  # how a table begins


def verb(
    out: Annotated[Path, typer.Option("--out", "-o", help="CSV file to write.")] = Path("forecasts.csv"),
    as_of: Annotated[
        str, typer.Option("--as-of", help="Last known month, YYYY-MM, or a folder of sim filter.")
    ] = "2024-08",
    to: Annotated[str, typer.Option("--to", help="Last month to forecast, YYYY-MM.")] = "2028-08",
    runs: Annotated[int, typer.Option("--runs", min=1, max=1_000, help="Runs from each state.")] = 8,
    moves: Annotated[
        Path | None,
        typer.Option("--moves", help="Also write the probability of every move, 24 months ahead, to this CSV file."),
    ] = None,
    past: Annotated[
        Path | None, typer.Option("--past", help="Forecasts as of earlier months, to recalibrate the model.")
    ] = None,
    hub: Annotated[
        Path | None, typer.Option("--hub", help="Also write them as a folder for a forecast hub (hubverse).")
    ] = None,
    seed: options.Seed = None,
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Replace existing files.")] = False,
    jobs: options.Jobs = None,
    json: options.AsJson = False,
    quiet: options.Quiet = False,
) -> None:
    """Forecast what follows a month that is known.

    Starts from the states that the record makes likely and draws when the war ends and the border opens. Forecasts
    monthly trade with China, growth, China's share and recorded events, beside forecasters that know no politics. `sim
    score` scores the table when facts are known.
    """
    for file, option in ((out, "--out"), (moves, "--moves")):
        if file:
            _free(file, option, overwrite)
    if hub:
        free_folder(hub, overwrite, "forecast")
    seed = simulating.draw_seed(seed)
    say.note(f"seed {seed}")

    import sim
    from sim.engine.provenance import made_by
    from sim.inference import known_states
    from sim.model import months
    from sim.prediction import forecasting
    from sim.report.text import doubt
    from sim.storage.sealed import read_results

    sets = simulating.states(as_of, [])
    assert sets is not None
    known = months.name(forecasting.last_known_month(sets))
    try:
        table = sim.forecast(sets, to, runs, seed, jobs, past)
    except ValueError as error:
        raise Failure(str(error)) from None
    made = made_by()
    command = say.typed_command("forecast", as_of=as_of, to=to, runs=runs, seed=seed, past=past)
    filter_ = f"sim filter --as-of {known} --particles {known_states.SETTINGS.particles} --seed {known_states.SEED}"
    peace = forecasting.chances_of_end(sets, months.index(known), months.index(to)).mean(axis=1)
    names = [*map(months.name, range(months.index(known) + 1, months.index(to) + 1)), "later"]
    head = [
        f"made by: {command}",
        f"states: {read_results(Path(as_of), 'filter')['command'] if Path(as_of).is_dir() else filter_} ({sets})",
        ", ".join(f"{name} {made[name]}" for name in ("driftback", "registers", "rules", "vintage") if name in made),
        doubt.of_sets(sets),
        "the war's end, first month of peace and weight: "
        + "; ".join(f"{name} {weight:.4f}" for name, weight in zip(names, peace, strict=True)),
    ]
    shown = table.drop(columns=[name for name in forecasting.FINELY if name not in forecasting.QUANTILES])
    _write(out, head, shown)
    if moves:
        _write(moves, head, table.attrs["moves"])
    if hub:
        from sim.prediction.questions import questions_on
        from sim.report.folders.hub import write_hub

        write_hub(hub, table, questions_on(months.index(known), months.index(to)), command)
    events = table[(table["kind"] == "event") & (table["forecaster"] == forecasting.MODEL)]
    if json:
        chances = dict(zip(events["id"], events["probability"].astype(float), strict=True))
        say.as_json({
            "seed": seed, "as_of": known, "sets": len(sets), "calibrated": False, "events": chances, "file": str(out),
            "hub": hub and str(hub),
        })  # fmt: skip
    else:
        rows = [(str(name), f"{100 * chance:.0f}%", str(says)) for name, chance, says in
                events[["id", "probability", "says"]].to_numpy()]  # fmt: skip
        header = ("id", "chance", "what")
        say.data(f"Events, {names[0]} to {to}, as the record would report them:", doubt.of_sets(sets), "")
        say.data(say.plain_table(header, rows, numbers=["chance"]))
    say.note(f"\nwrote {out}: {table['id'].nunique()} questions, {table['forecaster'].nunique()} forecasters")
    if moves:
        say.note(f"and the chance of every move: {moves}")
    if hub:
        say.note(f"and a hub's folder: {hub}")
    say.say_next(say.typed_command("score", "facts.csv", forecasts=out))


def _free(file: Path, option: str, overwrite: bool) -> None:
    """Make sure that a table can be written, and that nothing else is lost by it."""
    if file.exists() and not overwrite:
        raise Failure(
            f"{file} is there already; nothing was computed. Write elsewhere with {option}, or use --overwrite"
        )
    if file.exists() and not (file.is_file() and file.read_bytes().startswith(_OURS)):
        raise Failure(f"{file} is no table of sim forecast, and it stays. Write elsewhere with {option}")
    if not file.absolute().parent.is_dir():
        raise Failure(f"there is no folder {file.parent} to write in. Make it, or choose another place with {option}")


def _write(file: Path, head: list[str], table: "pd.DataFrame") -> None:
    text = "".join(f"# {line}\n" for line in head) + table.to_csv(index=False, float_format="%.6g", lineterminator="\n")
    file.write_text(text, encoding="utf-8", newline="\n")
