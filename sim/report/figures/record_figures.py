"""The record of moves beside what runs choose, and what is known as of a month."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from sim.analysis import units
from sim.engine.ensemble import Ensemble
from sim.inference.filtering import LEVELS, Filtered
from sim.model import months
from sim.model.moves import LEVER, LEVERS, levers_of
from sim.registers.record import Cell, cells
from sim.registers.register import observed_table
from sim.registers.vintage import last_month
from sim.report import style
from sim.report.figures.data import (
    Band,
    Chart,
    Head,
    Lane,
    Lanes,
    Line,
    Panel,
    Points,
    Span,
    Stretch,
    source_of_many,
    war_until,
)
from sim.report.figures.history_figures import points
from sim.report.style import percent, words

_STATES = ("china_flow", "arms_flow", "warmth_beijing_pyongyang", "warmth_moscow_pyongyang", "influence", "tension")
_SHOWN = ("pyongyang_toward_beijing", "pyongyang_toward_moscow", "pyongyang_provoke", "beijing_toward_west",
          "washington_toward_beijing", "seoul_north")  # fmt: skip


def lanes(many: Ensemble) -> Lanes:
    """Return what was recorded of every lever, and below it what the runs choose on average."""
    by_lever = _recorded()
    ordered = [lever for capital in style.ORDER for lever in levers_of(capital) if lever.field in by_lever]
    horizon = min(months.index(last_month()) + 1, many.played.shape[1])
    drawn, agreed = [], []
    for lever in ordered:
        group, names = style.GROUP[lever.capital], [option.name for option in lever.options]
        place = [listed.field for listed in LEVERS].index(lever.field)
        played = many.played[:, :horizon, place]
        there = {month: cell for month, cell in by_lever[lever.field].items() if month < horizon}
        agreed += [(played[:, month] == cell.options[0]).mean() for month, cell in there.items()]
        stretches = tuple(_stretches(there, names))
        means = played.mean(axis=0) / (len(names) - 1)
        runs = tuple(Stretch(month, month + 1, "", level) for month, level in enumerate(means.tolist()))
        drawn.append(Lane(group, style.LANE[lever.field], lever.capital, names[0], names[-1], stretches))
        drawn.append(Lane(group, "runs, on average", "outside", "", "", runs))
    title = f"Free runs choose the recorded option in {percent(float(np.mean(agreed)))} of {len(agreed)} cells"
    head = Head(
        title,
        "Upper lane of each lever: what was recorded, where anything was. Lower lane: the mean option of the runs.",
        source_of_many(many),
        "Cells on which the codings differ show the first.",
    )
    data = pd.DataFrame(
        [(cell.lever, months.name(month), LEVER[cell.lever].options[cell.options[0]].name, cell.repeats)
         for by_month in by_lever.values() for month, cell in by_month.items()],
        columns=["lever", "month", "option", "repeats"],
    )  # fmt: skip
    war = (Span(many.scenario.war_start, horizon, "war in Ukraine"),)
    return Lanes(head, (0, horizon), tuple(drawn), war, (), data)


def _recorded() -> Mapping[str, dict[int, Cell]]:
    by_lever: dict[str, dict[int, Cell]] = {}
    for cell in cells():
        by_lever.setdefault(cell.lever, {})[cell.month] = cell
    return by_lever


def _stretches(there: Mapping[int, Cell], names: list[str]) -> list[Stretch]:
    stretches: list[Stretch] = []
    for month, cell in sorted(there.items()):
        place = cell.options[0]
        if stretches and stretches[-1].last == month and stretches[-1].label == names[place]:
            stretches[-1] = Stretch(stretches[-1].first, month + 1, names[place], stretches[-1].level)
        else:
            stretches.append(Stretch(month, month + 1, names[place], place / (len(names) - 1)))
    return stretches


def record_fans(filtered: Filtered) -> Chart:
    """Return what was known of some states and moves month by month, with what was recorded on it."""
    horizon = len(filtered.by_month)
    moved = [name for name in _STATES if filtered.fans.loc[filtered.fans["series"] == name, LEVELS[-1]].max() > 0.0]
    panels = [_state(filtered, name, horizon) for name in moved] + [_lever(filtered, name, horizon) for name in _SHOWN]
    least = f"{filtered.by_month['effective'].min():,.0f} of {filtered.settings.particles:,}"
    title = f"The record to {filtered.as_of}: {filtered.log_evidence:.0f} nats; {least} particles count at least"
    source = (
        f"Driftback: {filtered.settings.particles:,} particles, seed {filtered.seed}, each month as known then. "
        "Uncalibrated."
    )
    head = Head(
        title,
        "Shaded: half, and 9 in 10, of the particles. Dots: what was recorded or measured.",
        source,
        f"The month that cost most: {filtered.costliest}.",
    )
    return Chart(head, tuple(panels), filtered.fans, columns=2)


def _state(filtered: Filtered, name: str, horizon: int) -> Panel:
    said = words(name)
    table = filtered.fans[filtered.fans["series"] == name]
    at = np.arange(horizon, dtype=float)
    scale = units.MILLION_USD if name == "china_flow" else 1.0
    low, half, middle, upper, high = (scale * table[level].to_numpy(float) for level in LEVELS)
    bands = (Band("9 in 10", at, low, high, "main", faint=True), Band("half", at, half, upper, "main"))
    seen = (points(observed_table("monthly"), "china_dprk_trade_total"),) if name == "china_flow" else ()
    unit = "million USD a month" if name == "china_flow" else said.unit
    return Panel(said.title, unit, (0, horizon), (Line("median", at, middle, "main"),), bands, seen, war_until(horizon))


def _lever(filtered: Filtered, name: str, horizon: int) -> Panel:
    values = {option.name: option.value for option in LEVER[name].options}
    table = filtered.shares[filtered.shares["lever"] == name]
    mean = (table["share"] * table["option"].map(values)).groupby(table["month"], sort=False).sum().to_numpy(float)
    at = np.arange(horizon, dtype=float)
    there = {month: cell for month, cell in _recorded().get(name, {}).items() if month < horizon}
    dots = [LEVER[name].options[cell.options[0]].value for cell in there.values()]
    seen = Points("recorded", np.array(list(there), dtype=float), np.array(dots))
    unit = ", ".join(f"{value:g} {option}" for option, value in values.items())
    line = Line("mean", at, mean, "main")
    return Panel(words(name).title, unit, (0, horizon), (line,), (), (seen,), war_until(horizon))
