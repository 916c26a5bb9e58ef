"""The HTML report of one run among many, and of a comparison."""

from sim.analysis.consequences import Consequence, after_end, most_consequential
from sim.analysis.definitions import Drift
from sim.engine.ensemble import Ensemble, Pair
from sim.engine.mesa.decisions import Decision
from sim.engine.mesa.single_run import Run
from sim.registers.register import assumptions
from sim.report.folders import tables
from sim.report.folders.study_folders import Shown, how_made
from sim.report.templating import render
from sim.report.text import answer, doubt, explanation
from sim.report.text.at_work import assumed_share, goals_at_work, in_our_words
from sim.report.text.chronicle import Year, years

SEEN = 0.05  # points from which a change of policy is shown: less is nothing to a tenth
LEAST = 0.005  # share in what tipped the choices from which a goal is shown


def report_of_run(
    run: Run, many: Ensemble, control: Ensemble, drifted: Drift, shown: list[Shown], command: str, assumed: str
) -> str:
    """Return the report of a run.

    Parameters
    ----------
    many
        The runs that it is one of.
    control
        The same without an end of the war.
    drifted
        In which of them Pyongyang drifts back.
    shown
        The pictures, in order.
    command
        The command line that makes the folder again.
    assumed
        How much of the answer is assumed, in words.
    """
    at_work = goals_at_work(run)
    shown_goals = [goal for goal in at_work if goal.share >= LEAST]
    felt = [consequence for consequence in most_consequential(run) if abs(consequence.effect) >= SEEN]
    consequences = sorted(felt, key=lambda consequence: not after_end(run, consequence))
    decisions = [(consequence, _account(run, consequence)) for consequence in consequences]
    sources = {source for _, account in decisions for source in account.sources}
    sources |= {source for goal in shown_goals for source in goal.sources}
    sources |= {id for id in assumptions() if f"({id})" in assumed}
    return render(
        "run.html", how_made(command, doubt.of(many.source)),
        doubt=doubt.at_length(many), on_assumptions=answer.ON_ASSUMPTIONS, meter=assumed, run=run, many=many,
        answer=answer.answer_of_run(many, control), meaning=answer.headline_meaning(),
        interval=answer.interval(many, control),
        definitions=answer.definition_rows(drifted) if drifted.judged.any() else [], judged=int(drifted.judged.sum()),
        figures=shown, years=years(run), decisions=decisions, drawing=explanation.DRAWING,
        reasons=explanation.main_reasons, at_work=shown_goals,
        assumed=assumed_share(run, at_work), said=in_our_words(sources),
    )  # fmt: skip


def report_of_comparison(pair: Pair, one: Run, other: Run, shown: list[Shown], command: str) -> str:
    """Return the report of a comparison.

    Parameters
    ----------
    one, other
        One run of both scenarios, under the same chance.
    shown
        The pictures, in order.
    command
        The command line that makes the folder again.
    """
    return render(
        "compare.html", how_made(command, doubt.doubt_of_pair(pair)),
        doubt=doubt.at_length(pair.one, pair.other), pair=pair, one=one, other=other,
        answer=answer.answer_of_pair(pair),
        parting=tables.where_runs_part(pair, one, other), differences=one.scenario.difference(other.scenario),
        figures=shown, years=_side_by_side(one, other),
    )  # fmt: skip


def _account(run: Run, consequence: Consequence) -> explanation.Account:
    if isinstance(consequence.decision, Decision):
        return explanation.account_of(run, consequence.decision)
    return explanation.account_of_deal(run, consequence.decision, consequence.capital)


def _side_by_side(one: Run, other: Run) -> list[tuple[int, Year | None, Year | None]]:
    """Return each year with both runs' story of it, None where a world does not show the year."""
    first, second = ({year.year: year for year in years(run)} for run in (one, other))
    return [(year, first.get(year), second.get(year)) for year in sorted(first | second)]
