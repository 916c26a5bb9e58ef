"""What a run and a comparison showed, in words and small tables."""

import textwrap
from collections.abc import Sequence
from itertools import zip_longest
from typing import TYPE_CHECKING

from sim.cli import say
from sim.cli.summary import MOVES, YEARLY, year_rows
from sim.report.style import list_names, words

if TYPE_CHECKING:
    from rich.table import Table

    from sim.api import Pair, Run
    from sim.report.showing import ShownEnsemble

TURNS = 6  # turning points that the summary of one run names
_WIDTH = 80  # of a line
_YEARS = 14  # in a line of the path
# Definitions in the summary; the report has all five, in full.
_SHOWN = {"D1": "back at its level of 2023", "D2": "clearly closer than if the war goes on"}


def print_run(run: "Run", many: "ShownEnsemble", assumed: str, full: bool) -> list[object]:
    """Return what to print about a run: the answer, what it depends on, one of its runs; with ``full``, year tables."""
    from sim.report.style import sentence
    from sim.report.text import answer, doubt
    from sim.report.text.chronicle import war
    from sim.report.text.turning_points import main_turns

    blocks: list[object] = [sentence(run.scenario.name), *_wrapped(run.scenario.question), ""]
    blocks += _wrapped(answer.answer_of_run(many, many.control))
    blocks += _wrapped(answer.headline_meaning()) if many.drift.judged.any() else []
    blocks += _bulleted(assumed)
    blocks += [*_wrapped(doubt.of(many.source)), ""]
    if many.drift.judged.any():
        header = ("share of histories in which Pyongyang is", "war ends", "war goes on")
        rows = [
            (f"{_SHOWN[name]} ({name})", share, without)
            for name, _, share, without in answer.definition_rows(many.drift)
            if name in _SHOWN
        ]
        blocks += [say.plain_table(header, rows, numbers=header[1:]), ""]
    blocks.append(f"One of these histories (run {run.number}, seed {run.seed}): {war(run)}.")
    for turn in main_turns(run, TURNS):
        blocks += _wrap(f"{_month(turn.month)}  {turn.text}", then=" " * 9)
    blocks += ["", "Re-engagement with Beijing by year, 0 to 100 (mean):", *_path(run, many)]
    return [*blocks, "", *_year_tables(run)] if full else blocks


def _wrapped(text: str) -> list[str]:
    return _wrap(text)


def _bulleted(lines: str) -> list[str]:
    wrapped = (_wrap(line, "* ", "  ") for line in lines.splitlines())
    return [line for lines in wrapped for line in lines]


def _path(run: "Run", many: "ShownEnsemble") -> list[str]:
    """Return the mean of re-engagement by year: over all runs, over those without an end, and of the one run."""
    from sim.report.figures.data import years_of

    means = {
        "war ends": many.series("reengagement").mean(),
        "goes on": many.control.series("reengagement").mean(),
        f"run {run.number}": run.series["reengagement"],
    }
    by_year = {name: values.groupby(years_of(values.index)).mean() for name, values in means.items()}
    years_shown = next(iter(by_year.values())).index
    lines = []
    for first in range(0, len(years_shown), _YEARS):
        part = years_shown[first : first + _YEARS]
        lines.append(" " * 10 + "".join(f"{year:5d}" for year in part))
        lines += [f"{name:10}" + "".join(f"{values[year]:5.0f}" for year in part) for name, values in by_year.items()]
    return lines


def _year_tables(run: "Run") -> list[object]:
    by_year = year_rows(run)
    return [
        f"The years of run {run.number}, on average:",
        _years(by_year, YEARLY),
        "; ".join(f"{words(name).short}: {words(name).unit}" for name in YEARLY),
        "",
        "The moves made most often:",
        _years(by_year, MOVES),
    ]


def print_pair(pair: "Pair", one: "Run", other: "Run") -> list[object]:
    """Return what to print about a comparison: the effect, where two runs part, and their turning points."""
    from sim.report.text import answer, doubt

    return [
        f"{one.scenario.name}, compared with {other.scenario.name}",
        "",
        answer.answer_of_pair(pair),
        doubt.at_length(pair.one, pair.other),
        "",
        _parting(pair, one.number),
        "The turning points that they do not share:",
        _side_by_side(one, other),
    ]


def _turns(run: "Run") -> list[tuple[str, str]]:
    """Return month and words of the turning points."""
    from sim.report.text.turning_points import turns

    return [(_month(turn.month), turn.text) for turn in turns(run)]


def _month(month: int) -> str:
    from sim.model import months

    return months.name(month)


def _years(rows: list[dict[str, object]], names: Sequence[str]) -> "Table":
    def cell(name: str, value: object) -> str:
        return f"{value:.0f}" if name == "reengagement" else f"{value:.2f}" if name in YEARLY else str(value)

    headings = [words(name).short if name in YEARLY else words(name).title for name in names]
    cells = [[str(row["year"]), *(cell(name, row[name]) for name in names)] for row in rows]
    return say.plain_table(["year", *headings], cells, numbers=[] if names == MOVES else headings)


def _parting(pair: "Pair", number: int) -> str:
    from sim.model.moves import LEVER

    parting = pair.first_divergence(number)
    if not parting:
        return f"Run {number} is the same in both."
    levers = [LEVER[field] for field in parting.levers]
    moves = [
        lever.title if lever.capital == "deal" else f"{lever.capital}'s {lever.title.removeprefix('the ')}"
        for lever in levers
    ]
    first = list_names(moves or ["the state of the world, before any move"], "and")
    return f"In run {number} the scenarios diverge in {parting.month}, first in {first}."


def _side_by_side(one: "Run", other: "Run") -> "Table":
    """Return the turning points that the two runs do not share, a row a month and turn."""
    first, second = _turns(one), _turns(other)
    rows = []
    for month in sorted({month for month, _ in set(first) ^ set(second)}):
        mine = [text for at, text in first if at == month and (at, text) not in second]
        theirs = [text for at, text in second if at == month and (at, text) not in first]
        rows += [(month, a, b) for a, b in zip_longest(mine, theirs, fillvalue="")]
    return say.plain_table(("month", one.scenario.name, other.scenario.name), rows)


def _wrap(text: str, first: str = "", then: str = "") -> list[str]:
    """Return a text in lines, with what stands before the first and the others; re-engagement stays whole."""
    return textwrap.wrap(text, _WIDTH, initial_indent=first, subsequent_indent=then, break_on_hyphens=False)
