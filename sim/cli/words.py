"""What a run and a comparison showed, in words and small tables."""

from collections.abc import Sequence
from itertools import zip_longest
from typing import TYPE_CHECKING

from sim.cli import say
from sim.cli.summary import MOVES, YEARLY, Defined, PairFacts, RunFacts
from sim.report.style import percent, words

if TYPE_CHECKING:
    from rich.table import Table

MARKS = ("war", "border", "arms", "crisis")  # the turning points that the summary of one run names


def of_run(facts: RunFacts) -> list[object]:
    """Return what to print about a run: the question, the answer with its doubt, and one of its runs."""
    world = facts["world"]
    said = filter(None, (facts["answer"], facts["assumed"], facts["doubt"]))
    blocks: list[object] = [facts["scenario"], facts["question"], "", *said, ""]
    if facts["definitions"]:
        blocks += [_definitions(facts["definitions"]), ""]
    ending = f"the war ends in {world['war_ends']}" if world["war_ends"] else "the war does not end"
    marks = [(turn["month"], turn["text"]) for turn in world["turns"] if turn["kind"] in MARKS]
    return [
        *blocks,
        f"Run {world['number']} of these, seed {facts['seed']}: {ending}.",
        *([say.table(("month", "what happened"), marks), ""] if marks else []),
        "Its years, on average:",
        _years(world["years"], YEARLY),
        _units(YEARLY),
        "",
        "The moves made most often:",
        _years(world["years"], MOVES),
    ]


def of_pair(facts: PairFacts) -> list[object]:
    """Return what to print about a comparison: the effect, where two runs part, and their turning points."""
    one, other = facts["one"], facts["other"]
    return [
        f"{one}, compared with {other}",
        "",
        facts["answer"],
        facts["doubt"],
        "",
        _parting(facts),
        "The turning points that they do not share:",
        _side_by_side(facts),
    ]


def _definitions(definitions: dict[str, Defined]) -> "Table":
    rows = [
        (name, percent(found["share"]), _share(found["share_without_an_end"]), found["says"])
        for name, found in definitions.items()
    ]
    header = ("", "came true in", "without an end", "drifting back, defined as")
    return say.table(header, rows, numbers=header[1:3])


def _share(value: float | None) -> str:
    return "not defined" if value is None else percent(value)


def _years(years: list[dict[str, object]], names: Sequence[str]) -> "Table":
    def cell(name: str, value: object) -> str:
        return f"{value:.0f}" if name == "reengagement" else f"{value:.2f}" if name in YEARLY else str(value)

    rows = [[str(row["year"]), *(cell(name, row[name]) for name in names)] for row in years]
    headings = [words(name).short if name in YEARLY else words(name).title for name in names]
    return say.table(["year", *headings], rows, numbers=[] if names == MOVES else headings)


def _units(names: Sequence[str]) -> str:
    return "; ".join(f"{words(name).short}: {words(name).unit}" for name in names)


def _parting(facts: PairFacts) -> str:
    number, parting = facts["worlds"][0]["number"], facts["first_divergence"]
    if not parting:
        return f"Run {number} is the same in both."
    moves = "; ".join(map(_lever, parting["levers"])) or "the state of the world, before any move"
    return f"Run {number} parts in {parting['month']}. First to differ: {moves}."


def _lever(field: str) -> str:
    from sim.model.moves import LEVER

    lever = LEVER[field]
    return lever.title if lever.capital == "deal" else f"{lever.capital}: {lever.title}"


def _side_by_side(facts: PairFacts) -> "Table":
    """Return the turning points that the two runs do not share, a row a month and turn."""
    one, other = ([(turn["month"], turn["text"]) for turn in world["turns"]] for world in facts["worlds"])
    rows = []
    for month in sorted({month for month, _ in set(one) ^ set(other)}):
        mine = [text for each, text in one if each == month and (each, text) not in other]
        theirs = [text for each, text in other if each == month and (each, text) not in one]
        rows += [(month, a, b) for a, b in zip_longest(mine, theirs, fillvalue="")]
    return say.table(("month", facts["one"], facts["other"]), rows)
