"""The turning points of one run: what a reader would underline."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

import pandas as pd

from sim.engine.mesa.single_run import Run
from sim.model.moves import LEVER, Lever

SHUT, OPEN = 0.1, 0.5  # openness below which the border is called shut, and from which it is called open again
STOPPED = 6  # months without arms after which the trade is called stopped

KINDS = ("war", "arms", "move", "border", "crisis")  # of turning points, by how much they say about the question

# Options so telling that they are told whenever they come after as many quiet months.
TELLING = (
    ("beijing_trade", "squeeze", 12),
    ("beijing_workers", "expel", 12),
    ("beijing_bloc", "join", 12),
    ("deal_technology", "sensitive", 24),
    ("pyongyang_toward_beijing", "slight", 12),
    ("pyongyang_toward_moscow", "treaty", 36),
    ("pyongyang_provoke", "nuclear", 12),
)


@dataclass(frozen=True, order=True)
class TurningPoint:
    """One turning point; ``kind`` is war, border, flood, crisis, arms or move."""

    month: int
    kind: str
    text: str


@lru_cache(maxsize=4)  # the pictures and words of a report all ask for them
def turns(run: Run) -> tuple[TurningPoint, ...]:
    """Return the turning points of one run, in order."""
    every = [*_war(run), *_from_outside(run), *_arms(run)]
    for field, option, quiet in TELLING:
        every += _telling(run, LEVER[field], option, quiet)
    return tuple(sorted(every))


def main_turns(run: Run, most: int) -> tuple[TurningPoint, ...]:
    """Return the turning points that matter most to the question, in order, no more than so many.

    The war and the arms come before moves, moves before the border and crises; floods are left out.
    """
    ranked = sorted((turn for turn in turns(run) if turn.kind in KINDS), key=lambda turn: KINDS.index(turn.kind))
    return tuple(sorted(ranked[:most]))


def _war(run: Run) -> Iterator[TurningPoint]:
    if run.scenario.first <= run.scenario.war_start < run.scenario.horizon:
        yield TurningPoint(run.scenario.war_start, "war", "Moscow's war begins")
    if run.war_end is not None and run.scenario.first <= run.war_end < run.scenario.horizon:
        yield TurningPoint(run.war_end, "war", "the war ends")


def _from_outside(run: Run) -> Iterator[TurningPoint]:
    frame, first = run.drivers, run.scenario.first
    border_open = True
    for month, openness in enumerate(frame["border"], first):
        if border_open and openness < SHUT:
            yield TurningPoint(month, "border", "the border with China shuts")
            border_open = False
        elif not border_open and openness >= OPEN:
            yield TurningPoint(month, "border", "the border with China is half open again")
            border_open = True
    for kind, text in (("flood", "a flood"), ("crisis", "a crisis on the peninsula")):
        for month in starts((frame[kind] > 0.0).tolist()):
            yield TurningPoint(first + month, kind, text)


def _arms(run: Run) -> Iterator[TurningPoint]:
    sold = (run.moves["deal_arms"] != "none").tolist()
    stop_said = False
    for month, selling in enumerate(sold):
        before = sold[max(month - STOPPED, 0) : month]
        number = run.scenario.first + month
        if selling and not any(sold[:month]):
            yield TurningPoint(
                number, "arms", f"the first arms go to Moscow, for {moscow_terms(run.moves.iloc[month])}"
            )
        elif selling and stop_said:
            yield TurningPoint(number, "arms", f"arms go to Moscow again, for {moscow_terms(run.moves.iloc[month])}")
        if any(before) and not selling and not any(sold[month : month + STOPPED]) and sold[month - 1]:
            yield TurningPoint(number, "arms", "arms to Moscow stop")
            stop_said = True
        elif selling:
            stop_said = False


def moscow_terms(moves: pd.Series) -> str:
    """Return what Moscow gives for arms in a month, in words; ``moves`` maps levers to options."""
    pay, technology = (words_of(LEVER[field], moves[field]) for field in ("deal_pay", "deal_technology"))
    return f"{pay} and {technology}"


def words_of(lever: Lever, option: str) -> str:
    """Return the plain words for an option given by its name."""
    return next(choice.label for choice in lever.options if choice.name == option)


def did(lever: Lever, option: str) -> tuple[str, str]:
    """Return in words who does what; of the arms deal Pyongyang gives the arms and Moscow all else."""
    words = words_of(lever, option)
    if lever.field == "deal_arms":
        return "Pyongyang", "sells no arms" if option == "none" else f"sells {words}"
    return ("Moscow", f"offers {words}") if lever.capital == "deal" else (lever.capital, words)


def _telling(run: Run, lever: Lever, option: str, quiet: int) -> Iterator[TurningPoint]:
    last = -1
    who = "Moscow gives" if lever.capital == "deal" else lever.capital
    for month, taken in enumerate((run.moves[lever.field] == option).tolist()):
        if not taken:
            continue
        if last < 0 or month - last > quiet:
            since = ", for the first time" if last < 0 else f", for the first time in {month - last} months"
            yield TurningPoint(run.scenario.first + month, "move", f"{who} {words_of(lever, option)}{since}")
        last = month


def starts(true: list[bool]) -> list[int]:
    """Return the places where a condition begins to hold."""
    return [place for place, holds in enumerate(true) if holds and not (place and true[place - 1])]
