"""What a run and a comparison showed, in words and small tables."""

from collections.abc import Sequence
from itertools import zip_longest
from typing import TYPE_CHECKING

from sim.cli import say
from sim.cli.summary import MOVES, YEARLY, years
from sim.report.style import words

if TYPE_CHECKING:
    from rich.table import Table

    from sim.api import Pair, Run
    from sim.report.showing import ShownEnsemble

MARKS = ("war", "border", "arms", "crisis")  # the turning points that the summary of one run names


def of_run(run: "Run", many: "ShownEnsemble", assumed: str) -> list[object]:
    """Return what to print about a run: the question, the answer with its doubt, and one of its runs."""
    from sim.model import months
    from sim.report.text import answer, doubt

    said = filter(None, (answer.of_run(many, many.control), assumed, doubt.at_length(many)))
    blocks: list[object] = [run.scenario.name, run.scenario.question, "", *said, ""]
    if many.drift.judged.any():
        header = ("", "came true in", "without an end", "drifting back, defined as")
        rows = [(name, share, without, says) for name, says, share, without in answer.definitions(many.drift)]
        blocks += [say.table(header, rows, numbers=header[1:3]), ""]
    ending = "the war does not end" if run.war_end is None else f"the war ends in {months.name(run.war_end)}"
    marks = _turns(run, MARKS)
    by_year = years(run)
    return [
        *blocks,
        f"Run {run.number} of these, seed {run.seed}: {ending}.",
        *([say.table(("month", "what happened"), marks), ""] if marks else []),
        "Its years, on average:",
        _years(by_year, YEARLY),
        "; ".join(f"{words(name).short}: {words(name).unit}" for name in YEARLY),
        "",
        "The moves made most often:",
        _years(by_year, MOVES),
    ]


def of_pair(pair: "Pair", one: "Run", other: "Run") -> list[object]:
    """Return what to print about a comparison: the effect, where two runs part, and their turning points."""
    from sim.report.text import answer, doubt

    return [
        f"{one.scenario.name}, compared with {other.scenario.name}",
        "",
        answer.of_pair(pair),
        doubt.at_length(pair.one, pair.other),
        "",
        _parting(pair, one.number),
        "The turning points that they do not share:",
        _side_by_side(one, other),
    ]


def _turns(run: "Run", kinds: Sequence[str] = ()) -> list[tuple[str, str]]:
    """Return month and words of the turning points of some kinds, of all where none is named."""
    from sim.model import months
    from sim.report.text.turning_points import turns

    return [(months.name(turn.month), turn.text) for turn in turns(run) if not kinds or turn.kind in kinds]


def _years(rows: list[dict[str, object]], names: Sequence[str]) -> "Table":
    def cell(name: str, value: object) -> str:
        return f"{value:.0f}" if name == "reengagement" else f"{value:.2f}" if name in YEARLY else str(value)

    headings = [words(name).short if name in YEARLY else words(name).title for name in names]
    cells = [[str(row["year"]), *(cell(name, row[name]) for name in names)] for row in rows]
    return say.table(["year", *headings], cells, numbers=[] if names == MOVES else headings)


def _parting(pair: "Pair", number: int) -> str:
    from sim.model.moves import LEVER

    parting = pair.first_divergence(number)
    if not parting:
        return f"Run {number} is the same in both."
    levers = [LEVER[field] for field in parting.levers]
    moves = "; ".join(lever.title if lever.capital == "deal" else f"{lever.capital}: {lever.title}" for lever in levers)
    return (
        f"Run {number} parts in {parting.month}. First to differ: {moves or 'the state of the world, before any move'}."
    )


def _side_by_side(one: "Run", other: "Run") -> "Table":
    """Return the turning points that the two runs do not share, a row a month and turn."""
    first, second = _turns(one), _turns(other)
    rows = []
    for month in sorted({month for month, _ in set(first) ^ set(second)}):
        mine = [text for at, text in first if at == month and (at, text) not in second]
        theirs = [text for at, text in second if at == month and (at, text) not in first]
        rows += [(month, a, b) for a, b in zip_longest(mine, theirs, fillvalue="")]
    return say.table(("month", one.scenario.name, other.scenario.name), rows)
