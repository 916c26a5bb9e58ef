"""The folder of a run and of a comparison: a report to read, and everything behind it as files.

``report.html`` is one file that needs nothing else; pictures stand in it as SVG. Beside it are the chronicle, the
pictures, the tables (tidy, one level each, as parquet and as csv) and a manifest that says how to make all of it again.
The manifest says "unfinished" until all else is written, so that a folder cut short is known as ours and as such.
"""

import json
import shutil
from base64 import b64encode
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd
from jinja2 import Environment, PackageLoader, StrictUndefined

from sim.engine import compiled
from sim.engine.ensemble import Ensemble
from sim.engine.run import Run
from sim.engine.trace import Decision
from sim.experiments.compare import Pair
from sim.experiments.drift import Drift, drift
from sim.experiments.provenance import provenance
from sim.experiments.summary import outcomes
from sim.views import answer, charts, doubt, explain, history, plots, tables, worlds
from sim.views.at_work import assumed_share, goals_at_work, said
from sim.views.chronicle import chronicle, years
from sim.views.consequence import Consequence, most_consequential
from sim.views.figures import Figure
from sim.views.page import Picture, png, svg
from sim.views.style import percent, sentence, spoken


@dataclass(frozen=True)
class Shown:
    """A picture as the report shows it: its title, its SVG as a data address, and what is seen in words."""

    title: str
    address: str
    text: str


def write_run(
    folder: Path,
    told: Callable[[], Run],
    many: Ensemble,
    control: Ensemble,
    command: str,
    assumed: Callable[[], str] = str,
) -> None:
    """Write the folder of a run.

    Parameters
    ----------
    told
        Gives the world that is told in full, when the pictures of the many are drawn.
    many, control
        Many worlds of the same scenario, and the same without an end of the war.
    command
        The command line that makes the folder again.
    assumed
        Gives, when all else is done, how much of the effect was assumed, in a sentence; nothing if not said.
    """
    found = drift(many, control)
    figures: dict[str, Figure] = {"fan": charts.fan(many, control=control), "hindcast": history.hindcast(many)}
    _empty(folder)
    fan, hindcast = _write_figures(folder, figures)
    run = told()
    figures |= {"story": worlds.story(run), "capitals": worlds.capitals(run)}
    story, capitals = _write_figures(folder, {name: figures[name] for name in ("story", "capitals")})
    write_tables(
        folder,
        tables.of_world(run)
        | {"runs": outcomes(many, found).reset_index()}
        | {name: tables.tidy(figures[name].data) for name in ("fan", "capitals", "hindcast")},
    )
    (folder / "chronicle.md").write_text(chronicle(run), encoding="utf-8")
    shown = [fan, story, capitals, hindcast]
    page = _run_page(run, many, control, found, shown, command, assumed())
    (folder / "report.html").write_text(page, encoding="utf-8")
    what = {"scenario": run.scenario.to_yaml(), "parameters": run.scenario.values()}
    _write_manifest(folder, "run", command, what, many, run.number)


def write_compare(folder: Path, pair: Pair, one: Run, other: Run, command: str) -> None:
    """Write the folder of a comparison.

    Parameters
    ----------
    one, other
        One world of both scenarios, under the same chance.
    command
        The command line that makes the folder again.
    """
    figures: dict[str, Figure] = {
        "pair": charts.pair(pair),
        "story-one": worlds.story(one),
        "story-other": worlds.story(other),
    }
    _empty(folder)
    shown = _write_figures(folder, figures)
    effect = answer.effect_of(pair)
    write_tables(folder, {"effect": effect.values.reset_index(), "pair": tables.tidy(figures["pair"].data)})
    for side, run in (("one", one), ("other", other)):
        write_tables(folder, {f"{name}_{side}": table for name, table in tables.of_world(run).items()})
        (folder / f"chronicle-{side}.md").write_text(chronicle(run), encoding="utf-8")
    page = templates().get_template("compare.html").render(
        common(command, doubt.of_many(pair.one)),
        doubt=doubt.at_length(pair.one), pair=pair, one=one, other=other, answer=answer.of_pair(pair),
        parting=tables.parting(pair, one, other), differences=one.scenario.difference(other.scenario),
        figures=shown, years=_side_by_side(one, other),
    )  # fmt: skip
    (folder / "report.html").write_text(page, encoding="utf-8")
    scenarios = {"one": one.scenario.to_yaml(), "other": other.scenario.to_yaml()}
    parameters = {"one": one.scenario.values(), "other": other.scenario.values()}
    what = {"scenarios": scenarios, "parameters": parameters}
    _write_manifest(folder, "compare", command, what, pair.one, one.number)


def _run_page(
    run: Run, many: Ensemble, control: Ensemble, found: Drift, shown: list[Shown], command: str, assumed: str
) -> str:
    at_work = goals_at_work(run)
    decisions = [(each, _account(run, each)) for each in most_consequential(run)]
    sources = {source for _, account in decisions for clause in account.clauses for source in clause.sources}
    sources |= {source for each in at_work for source in each.sources}
    return templates().get_template("run.html").render(
        common(command, doubt.of_many(many)),
        doubt=doubt.at_length(many), meter=assumed, run=run, many=many, answer=answer.of_run(many, control),
        definitions=answer.definitions(found) if found.judged.any() else [], judged=int(found.judged.sum()),
        figures=shown, years=years(run), decisions=decisions, at_work=at_work,
        assumed=assumed_share(run, at_work), said=said(sources),
    )  # fmt: skip


def _account(run: Run, found: Consequence) -> explain.Account:
    if isinstance(found.decision, Decision):
        return explain.account_of(run, found.decision)
    return explain.account_of_deal(run, found.decision, found.capital)


def _side_by_side(one: Run, other: Run) -> list[tuple[int, Any, Any]]:
    """Return each year with both worlds' story of it, None where a world does not show the year."""
    first, second = ({year.year: year for year in years(run)} for run in (one, other))
    return [(year, first.get(year), second.get(year)) for year in sorted(first | second)]


def common(command: str, uncalibrated: str) -> dict[str, Any]:
    """Return what every page says: how it was made, and the word about calibration that belongs to it."""
    return {"command": command, "made_by": provenance(), "uncalibrated": uncalibrated}


@cache
def templates() -> Environment:
    """Return the templates of the pages."""
    environment = Environment(
        loader=PackageLoader("sim.views"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"sentence": sentence, "spoken": spoken, "percent": percent}
    return environment


def _empty(folder: Path) -> None:
    """Make room: what an earlier run left in the folders for pictures and tables would be mistaken for this one's."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "manifest.json").write_text('{"kind": "unfinished"}\n', encoding="utf-8")
    for name in ("figures", "tables"):
        shutil.rmtree(folder / name, ignore_errors=True)
        (folder / name).mkdir()


def _write_figures(folder: Path, figures: Mapping[str, Figure]) -> list[Shown]:
    shown = []
    for name, figure in figures.items():
        shown.append(write_picture(folder, name, figure.head.title, plots.draw(figure)))
    return shown


def write_picture(folder: Path, name: str, title: str, picture: Picture) -> Shown:
    """Write a picture as PNG and SVG, and return it as a page shows it."""
    drawn = svg(picture).encode()
    (folder / "figures" / f"{name}.png").write_bytes(png(picture))
    (folder / "figures" / f"{name}.svg").write_bytes(drawn)
    return Shown(title, f"data:image/svg+xml;base64,{b64encode(drawn).decode()}", picture.alt)


def write_tables(folder: Path, found: Mapping[str, pd.DataFrame]) -> None:
    """Write tables as parquet and as csv."""
    for name, table in found.items():
        table.to_parquet(folder / "tables" / f"{name}.parquet", index=False)
        (folder / "tables" / f"{name}.csv").write_text(tables.csv(table, index=False), encoding="utf-8", newline="")


def _write_manifest(
    folder: Path, kind: str, command: str, what: Mapping[str, Any], many: Ensemble, number: int
) -> None:
    manifest = {
        "kind": kind,
        "command": command,
        "calibrated": False,
        "seed": many.seed,
        "runs": len(many),
        "number": number,
        "parameter_sets": "retained" if many.parameters else "defaults",
        **what,
        **provenance(),
        **compiled.processor(),
    }
    (folder / "manifest.json").write_text(json.dumps(manifest, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
