"""The story of one run, year by year, in words."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape
from itertools import takewhile
from operator import eq

import pandas as pd

from sim.analysis import units
from sim.engine.mesa.single_run import Run
from sim.model.months import FIRST_YEAR
from sim.model.moves import DEAL, LEVERS, Lever
from sim.report.figures.data import years_of
from sim.report.style import list_names, sentence, spoken_month
from sim.report.text import doubt
from sim.report.text.turning_points import TurningPoint, did, turns

ORDINARY = ("beijing_trade", "beijing_workers", "washington_sanction", "seoul_north")  # named where nothing is new
LASTING = 2 / 3  # share of a year's months at one option from which that option is told as the year's


@dataclass(frozen=True)
class Year:
    """A year of one run.

    Attributes
    ----------
    turns
        What happened, in order; floods are in the figures.
    summary
        What the capitals did for most of the year and had not done for most of a year since they did otherwise.
    figures
        Where things stood.
    """

    year: int
    turns: tuple[TurningPoint, ...]
    summary: str
    figures: str


def _plain(text: str) -> str:
    """Return words of a scenario as Markdown that is neither HTML nor a link."""
    return escape(text, quote=False).replace("[", "\\[")


def chronicle_of(run: Run) -> str:
    """Tell the story of one run, as Markdown."""
    parts = [f"# {_plain(sentence(run.scenario.name))}: a chronicle"]
    parts += [f"*{_plain(run.scenario.question)}*"] if run.scenario.question else []
    parts.append(f"One run of many (run {run.number}, seed {run.seed}): {war(run)}. {doubt.doubt_of_run(run)}")
    for year in years(run):
        parts.append(f"## {year.year}")
        if year.turns:
            parts.append("\n".join(f"- **{spoken_month(turn.month)}**: {turn.text}." for turn in year.turns))
        parts += filter(None, (year.summary, year.figures))
    return "\n\n".join(parts) + "\n"


def years(run: Run) -> list[Year]:
    """Return the years of one run."""
    all_turns, at = turns(run), years_of(run.moves.index)
    chronicle: list[Year] = []
    before = dict.fromkeys((lever.field for lever in LEVERS), "")
    for year in sorted({*at.tolist()}):
        moves = run.moves[at == year]
        usual = {lever.field: _usual(moves[lever.field]) for lever in LEVERS}
        of_year = [turn for turn in all_turns if turn.month // 12 == year - FIRST_YEAR]
        floods = [spoken_month(turn.month) for turn in of_year if turn.kind == "flood"]
        shown = tuple(turn for turn in of_year if turn.kind != "flood")
        summary = _summary(usual, before, first=not chronicle)
        chronicle.append(Year(year, shown, summary, _figures(run.series[at == year], floods)))
        before |= {field: option for field, option in usual.items() if option}
    return chronicle


def war(run: Run) -> str:
    """Return when the war ends in a world, in words."""
    if run.war_end is None or run.war_end >= run.scenario.horizon:
        return "the war does not end"
    return f"the war ends in {spoken_month(run.war_end)}"


def _usual(taken: pd.Series) -> str:
    """Return the option at which a lever stood for most of some months; nothing where there is none."""
    (option, count), *_ = Counter(taken.tolist()).most_common(1)
    return str(option) if count >= LASTING * len(taken) else ""


def _summary(usual: dict[str, str], before: dict[str, str], first: bool) -> str:
    """Return what is new in a year; of the first year, and of one in which nothing is, what is ordinary.

    A year in which a lever stood at no option for long changes nothing: what it came from is told once, not again.
    """
    new = [lever for lever in LEVERS if usual[lever.field] not in ("", before[lever.field])]
    if usual["deal_arms"] in ("", "none"):  # nothing is given where no arms come
        new = [lever for lever in new if lever not in DEAL[1:]]
    if first or not new:
        named = [lever for lever in LEVERS if lever.field in ORDINARY and usual[lever.field]]
        return f"{'At first' if first else 'As before'}: {_joined(named, usual)}" if named else "Nothing new lasts."
    return f"New this year: {_joined(new, usual)}"


def _joined(levers: Iterable[Lever], usual: dict[str, str]) -> str:
    """Return what levers stand at, in one sentence, each capital named once."""
    by_capital: dict[str, list[str]] = {}
    for lever in levers:
        who, does = did(lever, usual[lever.field])
        by_capital.setdefault(who, []).append(does)
    return "; ".join(f"{who} {list_names(_merge(does), 'and')}" for who, does in by_capital.items()) + "."


def _merge(does: Sequence[str]) -> list[str]:
    """Return what a capital does, each verb said once: it is cool to Beijing and Moscow."""
    merged: list[str] = []
    for words in (one.split() for one in does):
        before = merged[-1].split() if merged else []
        same = sum(takewhile(bool, map(eq, before, words)))
        if same:
            merged[-1] += f" and {' '.join(words[same:])}"
        else:
            merged.append(" ".join(words))
    return merged


def _figures(series: pd.DataFrame, floods: Sequence[str]) -> str:
    mean = series.mean()
    shells = series["arms_flow"].sum() * units.MILLION_SHELLS
    sold = f"{shells:.1f} million" if shells >= 0.05 else "hardly any" if shells >= 0.005 else "no"
    return (
        f"Trade with China averages {mean['china_flow'] * units.MILLION_USD:.0f} million USD a month; over the year, "
        f"{sold} shells go to Moscow. Pyongyang's re-engagement with Beijing averages {mean['reengagement']:.0f} out "
        "of 100."
        + (f" Floods come in {list_names(floods, 'and')}." if floods else "")
    )
