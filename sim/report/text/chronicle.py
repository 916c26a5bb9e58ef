"""The story of one run, year by year, in words."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from html import escape

import pandas as pd

from sim.analysis import units
from sim.engine.mesa.single_run import Run
from sim.model.months import FIRST_YEAR
from sim.model.moves import DEAL, LEVERS
from sim.report.figures.data import years_of
from sim.report.style import sentence, spoken
from sim.report.text import doubt
from sim.report.text.turning_points import TurningPoint, did, turns

LASTING = 2 / 3  # share of a year's months at one option from which that option is told as the year's


@dataclass(frozen=True)
class Year:
    """A year of one run.

    Attributes
    ----------
    turns
        What happened, in order.
    habits
        What the capitals did for most of the year and did not do for most of the year before.
    figures
        Where the world stood.
    """

    year: int
    turns: tuple[TurningPoint, ...]
    habits: tuple[str, ...]
    figures: str

    @property
    def lead(self) -> str:
        """The words before the habits."""
        return "For most of the year" + (", unlike the year before" if self.year > FIRST_YEAR else "")


def _plain(text: str) -> str:
    """Return words of a scenario as Markdown that is neither HTML nor a link."""
    return escape(text, quote=False).replace("[", "\\[")


def chronicle_of(run: Run) -> str:
    """Tell the story of one run, as Markdown."""
    parts = [f"# {_plain(sentence(run.scenario.name))}: a chronicle"]
    parts += [f"*{_plain(run.scenario.question)}*"] if run.scenario.question else []
    parts.append(f"One run of many (run {run.number}, seed {run.seed}): {war(run)}. {doubt.of_world(run)}")
    for year in years(run):
        parts.append(f"## {year.year}")
        if year.turns:
            parts.append("\n".join(f"- **{spoken(turn.month)}**: {turn.text}." for turn in year.turns))
        if year.habits:
            parts.append(f"{year.lead}: {'; '.join(year.habits)}.")
        parts.append(year.figures)
    return "\n\n".join(parts) + "\n"


def years(run: Run) -> list[Year]:
    """Return the years of one run."""
    all_turns, at = turns(run), years_of(run.moves.index)
    chronicle, before = [], dict.fromkeys((lever.field for lever in LEVERS), "")
    for year in sorted({*at.tolist()}):
        moves = run.moves[at == year]
        usual = {lever.field: _usual(moves[lever.field]) for lever in LEVERS}
        habits = tuple(_habits(usual, before, moves))
        of_year = tuple(turn for turn in all_turns if turn.month // 12 == year - FIRST_YEAR)
        chronicle.append(Year(year, of_year, habits, _figures(run.series[at == year])))
        before = usual
    return chronicle


def war(run: Run) -> str:
    """Return when the war ends in a world, in words."""
    if run.war_end is None or run.war_end >= run.scenario.horizon:
        return "the war does not end"
    return f"the war ends in {spoken(run.war_end)}"


def _usual(taken: pd.Series) -> str:
    """Return the option at which a lever stood for most of some months; nothing where there is none."""
    (option, count), *_ = Counter(taken.tolist()).most_common(1)
    return str(option) if count >= LASTING * len(taken) else ""


def _habits(usual: dict[str, str], before: dict[str, str], moves: pd.DataFrame) -> Iterator[str]:
    for lever in LEVERS:
        now = usual[lever.field]
        void = lever in DEAL[1:] and usual["deal_arms"] in ("", "none")  # nothing is given where no arms come
        if now and now != before[lever.field] and not void:
            count = int((moves[lever.field] == now).sum())
            yield f"{did(lever, now)} ({count} of {len(moves)} months)"


def _figures(series: pd.DataFrame) -> str:
    mean = series.mean()
    shells = series["arms_flow"].sum() * units.MILLION_SHELLS
    sold = f"{shells:.1f} million shells went to Moscow" if shells >= 0.05 else "no shells went to Moscow"
    return (
        f"On average trade with China was {mean['china_flow'] * units.MILLION_USD:.0f} million USD a month, and "
        f"{sold}; "
        f"warmth between Beijing and Pyongyang was {mean['warmth_beijing_pyongyang']:+.1f}, between Moscow and "
        f"Pyongyang {mean['warmth_moscow_pyongyang']:+.1f} (of -10 to 10). Pyongyang's re-engagement with Beijing was "
        f"{mean['reengagement']:.0f} of 100."
    )
