"""The folder of a run and of a comparison: a report to read, and everything behind it as files.

``report.html`` is one file that needs nothing else; pictures stand in it as SVG, in its own colours. Beside it are the
chronicle, the pictures, the tables (tidy, one level each, as parquet and as csv) and a manifest that says how to make
all of it again.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

from sim.analysis.consequences import Consequence, after_end, most_consequential
from sim.analysis.definitions import Drift, drift
from sim.analysis.run_outcomes import outcomes
from sim.engine.compiled import llvm_engine
from sim.engine.ensemble import Ensemble, Pair
from sim.engine.mesa.decisions import Decision
from sim.engine.mesa.single_run import Run
from sim.inference import states
from sim.report.figures import ensemble_figures, history_figures, run_figures
from sim.report.figures.data import Figure
from sim.report.folders import tables
from sim.report.folders.crate import Rights
from sim.report.folders.study_folders import Shown, how_made, write_picture, write_tables
from sim.report.folders.writing import Writing
from sim.report.pages import render
from sim.report.render import svg_pictures
from sim.report.render.plots import draw
from sim.report.text import answer, doubt, explanation
from sim.report.text.at_work import assumed_share, goals_at_work, said
from sim.report.text.chronicle import Year, chronicle_of, years

_SCREEN, _PHONE = 760, 288  # widths of a picture in pixels


def write_run(
    folder: Path,
    simulated: Callable[[], Run],
    many: Ensemble,
    control: Ensemble,
    command: str,
    assumed: Callable[[], str] = str,
) -> None:
    """Write the folder of a run.

    Parameters
    ----------
    simulated
        Gives the world that is told in full, when the pictures of the many are drawn.
    many, control
        Many runs of the same scenario, and the same without an end of the war.
    command
        The command line that makes the folder again.
    assumed
        Gives, when all else is done, how much of the effect was assumed, in a sentence; nothing if not said.
    """
    drifted = drift(many, control)
    writing = Writing(folder, "run")
    figures: dict[str, Figure] = {
        "fan": ensemble_figures.fan(many, control=control),
        "hindcast": history_figures.beside_history(many),
    }
    if drifted.judged.any():
        figures = {"difference": ensemble_figures.difference(many, control), **figures}
    shown = _write_figures(writing, figures)
    run = simulated()
    of_run: dict[str, Figure] = {"story": run_figures.story(run), "capitals": run_figures.capitals(run)}
    shown += _write_figures(writing, of_run)
    figures |= of_run
    write_tables(
        writing,
        tables.run_tables(run)
        | {"runs": outcomes(many, drifted).reset_index()}
        | {name: tables.tidy(figures[name].data) for name in figures if name != "story"},
    )
    writing.path("chronicle.md").write_text(chronicle_of(run), encoding="utf-8")
    page = _run_page(run, many, control, drifted, shown, command, assumed())
    writing.path("report.html").write_text(page, encoding="utf-8")
    if run.start is not None:
        writing.path(states.START).write_bytes(states.written_start(run.start))
    what = {"scenario": run.scenario.to_yaml(), "parameters": run.scenario.values()}
    writing.close(command, _facts(many, run.number) | what, llvm_engine.processor(), _rights(many))


def write_compare(folder: Path, pair: Pair, one: Run, other: Run, command: str) -> None:
    """Write the folder of a comparison.

    Parameters
    ----------
    one, other
        One run of both scenarios, under the same chance.
    command
        The command line that makes the folder again.
    """
    figures: dict[str, Figure] = {
        "pair": ensemble_figures.pair(pair),
        "story-one": run_figures.story(one),
        "story-other": run_figures.story(other),
    }
    writing = Writing(folder, "compare")
    shown = _write_figures(writing, figures)
    effect = answer.effect_of(pair)
    write_tables(writing, {"effect": effect.values.reset_index(), "pair": tables.tidy(figures["pair"].data)})
    for side, run in (("one", one), ("other", other)):
        write_tables(writing, {f"{name}_{side}": table for name, table in tables.run_tables(run).items()})
        writing.path(f"chronicle-{side}.md").write_text(chronicle_of(run), encoding="utf-8")
    page = render(
        "compare.html", how_made(command, doubt.doubt_of_pair(pair)),
        doubt=doubt.at_length(pair.one, pair.other), pair=pair, one=one, other=other,
        answer=answer.answer_of_pair(pair),
        parting=tables.where_runs_part(pair, one, other), differences=one.scenario.difference(other.scenario),
        figures=shown, years=_side_by_side(one, other),
    )  # fmt: skip
    writing.path("report.html").write_text(page, encoding="utf-8")
    scenarios = {"one": one.scenario.to_yaml(), "other": other.scenario.to_yaml()}
    parameters = {"one": one.scenario.values(), "other": other.scenario.values()}
    what = {"scenarios": scenarios, "parameters": parameters}
    writing.close(command, _facts(pair.one, one.number) | what, llvm_engine.processor(), _rights(pair.one))


def _run_page(
    run: Run, many: Ensemble, control: Ensemble, drifted: Drift, shown: list[Shown], command: str, assumed: str
) -> str:
    at_work = goals_at_work(run)
    consequences = sorted(most_consequential(run), key=lambda consequence: not after_end(run, consequence))
    decisions = [(consequence, _account(run, consequence)) for consequence in consequences]
    sources = {source for _, account in decisions for clause in account.clauses for source in clause.sources}
    sources |= {source for goal in at_work for source in goal.sources}
    return render(
        "run.html", how_made(command, doubt.of(many.source)),
        doubt=doubt.at_length(many), meter=assumed, run=run, many=many,
        answer=answer.answer_of_run(many, control), meaning=answer.meaning(), interval=answer.interval(many, control),
        definitions=answer.definitions(drifted) if drifted.judged.any() else [], judged=int(drifted.judged.sum()),
        figures=shown, years=years(run), decisions=decisions, at_work=at_work,
        assumed=assumed_share(run, at_work), said=said(sources),
    )  # fmt: skip


def _account(run: Run, consequence: Consequence) -> explanation.Account:
    if isinstance(consequence.decision, Decision):
        return explanation.account_of(run, consequence.decision)
    return explanation.account_of_deal(run, consequence.decision, consequence.capital)


def _side_by_side(one: Run, other: Run) -> list[tuple[int, Year | None, Year | None]]:
    """Return each year with both runs' story of it, None where a world does not show the year."""
    first, second = ({year.year: year for year in years(run)} for run in (one, other))
    return [(year, first.get(year), second.get(year)) for year in sorted(first | second)]


def _write_figures(writing: Writing, figures: Mapping[str, Figure]) -> list[Shown]:
    shown = []
    for name, figure in figures.items():
        printed = write_picture(writing, name, draw(figure))
        shown.append(replace(printed, drawn=tuple(svg_pictures.draw(figure, width) for width in (_SCREEN, _PHONE))))
    return shown


def _rights(many: Ensemble) -> Rights:
    return Rights(many.scenario.author, many.scenario.license)


def _facts(many: Ensemble, number: int) -> dict[str, object]:
    sets = many.source.name.lower()
    return {"seed": many.seed, "runs": len(many), "number": number, "parameter_sets": sets}
