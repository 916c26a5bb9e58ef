"""What results show of themselves in a notebook: a few facts, and the picture that says most."""

from base64 import b64encode
from collections.abc import Sequence

from markupsafe import Markup

from sim.engine.ensemble import Ensemble, Pair
from sim.engine.mesa.single_run import Run
from sim.report.figures import ensemble_figures
from sim.report.figures.run_figures import story
from sim.report.render.plots import draw
from sim.report.render.sheet import Picture, png
from sim.report.templating import render
from sim.report.text import answer, doubt
from sim.report.text.chronicle import war
from sim.report.text.turning_points import turns
from sim.studies.study import Study

_NO_CONTROL = "{} To see what the war's end changes, ask for .control: it simulates the same runs without an end."


def run_html(result: Run) -> str:
    """Return one run as HTML."""
    shown, choices = result.scenario.months, len(result.decisions) + len(result.deals)
    facts = [
        ("world", f"run {result.number}, seed {result.seed}; {shown.first} to {shown.last}; {war(result)}"),
        ("in it", f"{len(turns(result))} turning points, {choices:,} choices weighed"),
        ("go on with", ".plot()  .chronicle()  .why('Pyongyang', '2024-06')  .series  .moves"),
    ]
    title, question = result.scenario.name, result.scenario.question
    return card_html(title, question, facts, draw(story(result)), doubt.doubt_of_run(result))


def ensemble_html(many: Ensemble) -> str:
    """Return many runs of one scenario as HTML; what the war's end brings, where its control is at hand.

    Showing simulates nothing.
    """
    control = many.control_at_hand
    facts = [
        (
            "answer",
            _NO_CONTROL.format(answer.reengagement_levels(many))
            if control is None
            else answer.answer_of_run(many, control),
        ),
        ("runs", f"{len(many):,} runs, seed {many.seed}"),
        ("go on with", ".plot('tension')  .outcomes  .series('reengagement')  .replay(0)"),
    ]
    title, question = many.scenario.name, many.scenario.question
    return card_html(title, question, facts, draw(ensemble_figures.fan(many, control=control)), doubt.of(many.source))


def pair_html(two: Pair) -> str:
    """Return a comparison as HTML."""
    facts = [
        ("answer", answer.answer_of_pair(two)),
        ("runs", f"{len(two.one):,} runs of each, seed {two.one.seed}"),
        ("go on with", ".plot('tension')  .effect('reengagement', months_after=24)  .first_divergence(run=0)"),
    ]
    title = f"{two.one.scenario.name}, against {two.other.scenario.name}"
    picture, note = draw(ensemble_figures.pair(two)), doubt.doubt_of_pair(two)
    return card_html(title, two.one.scenario.question, facts, picture, note)


def study_html(shown: Study) -> str:
    """Return a sweep as HTML."""
    now, points = shown.progress, len(shown.design)
    failed = f", {now.failed:,} failed" if now.failed else ""
    stands = f"{now.done:,} of {now.total:,} runs at {points:,} points{failed}. Uncalibrated: over {shown.source}."
    design = Markup(shown.design.head().to_html())
    return render("study.html", name=shown.store.manifest["name"], stands=stands, design=design)


def card_html(title: str, question: str, facts: Sequence[tuple[str, str]], picture: Picture, note: str) -> str:
    """Return a result as HTML: its facts by name, its picture, and where its numbers come from."""
    address = b64encode(png(picture)).decode()
    said = {"title": title, "question": question, "facts": facts, "note": note}
    return render("card.html", said, address=address, alt=picture.alt)
