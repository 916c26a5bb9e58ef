"""Scenarios in plain words: how two differ, and a table for notebooks."""

from collections.abc import Sequence
from itertools import groupby
from typing import TYPE_CHECKING

from sim.model import months
from sim.model.moves import LEVERS, Lever
from sim.scenario.paths import Shocks
from sim.scenario.plain_data import NO_END
from sim.scenario.priors import Drawn

if TYPE_CHECKING:
    from sim.scenario.schema import Scenario

Row = tuple[str, str, str]


def describe_difference(this: "Scenario", other: "Scenario") -> list[Row]:
    """Return rows of key, this, other for everything that a run would see differently.

    Months are compared as far as both scenarios last.
    """
    pairs = [
        ("months reported from", this.months.first, other.months.first),
        ("months simulated to", this.months.last, other.months.last),
        ("war starts", this.war.starts, other.war.starts),
        ("war ends", end_of_war(this), end_of_war(other)),
        ("variant", *(f"{s.variant.name}, {s.variant.title}" for s in (this, other))),
        ("switched off", *(", ".join(s.without) or "nothing" for s in (this, other))),
    ]
    rows = [(key, a, b) for key, a, b in pairs if a != b]
    values, other_values = this.values() | this.drawn, other.values() | other.drawn
    rows += [
        (name, _number(value), _number(other_values[name]))
        for name, value in values.items()
        if value != other_values[name]
    ]
    together, others_together = _correlations(this), _correlations(other)
    rows += [
        (pair, a, b)
        for pair in {**together, **others_together}
        if (a := together.get(pair, "not correlated")) != (b := others_together.get(pair, "not correlated"))
    ]
    begins, other_begins = _events(this), _events(other)
    rows += [
        (f"{name}, pulse {place + 1}", a, b)
        for name, place in {**this.events, **other.events}
        if (a := begins.get((name, place), "none")) != (b := other_begins.get((name, place), "none"))
    ]
    schedule, other_schedule = this.schedule(), other.schedule()
    for name, series in schedule.items():
        rows += _changed(name, series, other_schedule[name])
    length = min(this.horizon, other.horizon)
    scripts, others = this.scripts(), other.scripts()
    for lever in LEVERS:
        of_lever = (moves.get(lever.field, {}) for moves in (scripts, others))
        mine, theirs = ([options.get(month) for month in range(length)] for options in of_lever)
        rows += _scripted(lever, mine, theirs)
    return rows


def end_of_war(scenario: "Scenario") -> str:
    """Return when the war ends, in words."""
    match scenario.war_end:
        case None:
            return NO_END
        case (first, last):
            return f"any month from {months.name(first)} to {months.name(last)}"
        case month:
            return months.name(month)


def doubt(scenario: "Scenario") -> list[str]:
    """Return what each run draws for itself, in words; nothing where all runs have the same."""
    drawn = [f"the war's end, {end_of_war(scenario)}"] if isinstance(scenario.war_end, tuple) else []
    drawn += [f"{name}, {prior}" for name, prior in scenario.drawn.items()]
    drawn += [f"{pair}, {words}" for pair, words in _correlations(scenario).items()]
    return drawn + [f"{name}, {words}" for (name, _), words in _events(scenario).items()]


def _number(value: float | Drawn) -> str:
    return f"{value:.4g}" if isinstance(value, float) else str(value)


def _correlations(scenario: "Scenario") -> dict[str, str]:
    """Return in words what is correlated, by the pair of names."""
    words = {}
    for one, others in scenario.correlations.items():
        for other, value in others.items():
            still = [name for name in (one, other) if name not in scenario.drawn]
            words[" and ".join(sorted((one, other)))] = f"correlated {value:g}" + "".join(
                f" (no effect: {name} is not drawn)" for name in still[:1]
            )
    return words


def _events(scenario: "Scenario") -> dict[tuple[str, int], str]:
    """Return in words what begins in months that each run draws, by driver and layer."""
    events = {}
    for key, event in scenario.events.items():
        if isinstance(event, Shocks):
            first, last, chance = event.first, event.last, f", each with chance {event.hazard:g}"
        else:
            (first, last), chance = event.first.uniform, ""
        size = event.value if isinstance(event.value, Drawn) else f"{event.value:g}"
        lasts = "1 month" if event.lasts == 1 else f"{event.lasts} months"
        events[key] = f"{size} for {lasts}, beginning in any month from {first} to {last}{chance}"
    return events


def html(scenario: "Scenario") -> str:
    """Return a small table for notebooks."""
    from jinja2 import Environment, PackageLoader

    moves = [
        f"{move.of.label(move.option_value)} ({move.capital}, {move.first} to {move.last})" for move in scenario.moves
    ]
    rows = [
        ("question", scenario.question),
        ("how to read it", scenario.reading),
        ("months", f"{scenario.months.first} to {scenario.months.last}"),
        ("war", f"from {scenario.war.starts}; ends: {end_of_war(scenario)}"),
        ("parameters", ", ".join(f"{name} = {value:g}" for name, value in scenario.fixed.items())),
        ("drawn for each run", "; ".join(doubt(scenario))),
        ("switched off", ", ".join(scenario.without)),
        ("variant", f"{scenario.variant.name}, {scenario.variant.title}"),
        ("scripted", "; ".join(moves)),
    ]
    templates = Environment(loader=PackageLoader("sim.scenario"), autoescape=True)
    return templates.get_template("scenario.html").render(name=scenario.name, rows=rows)


def _changed(name: str, mine: Sequence[float], theirs: Sequence[float]) -> list[Row]:
    """Return a row for each unbroken stretch of months in which two monthly series differ."""
    length = min(len(mine), len(theirs))
    rows = []
    for differs, group in groupby(range(length), lambda month: mine[month] != theirs[month]):
        if differs:
            stretch = list(group)
            a, b = ([series[month] for month in stretch] for series in (mine, theirs))
            rows.append((f"{name}, {_during(stretch)}", _span(a), _span(b)))
    return rows


def _scripted(lever: Lever, mine: Sequence[float | None], theirs: Sequence[float | None]) -> list[Row]:
    """Return a row for each stretch of months in which one scenario scripts a lever differently."""

    def words(value: float | None) -> str:
        return "free to choose" if value is None else lever.label(value)

    return [
        (f"{lever.capital}: {lever.title}, {_during(list(group))}", words(a), words(b))
        for (a, b), group in groupby(range(len(mine)), lambda month: (mine[month], theirs[month]))
        if a != b
    ]


def _during(stretch: Sequence[int]) -> str:
    return f"{months.name(stretch[0])} to {months.name(stretch[-1])}"


def _span(values: Sequence[float]) -> str:
    low, high = min(values), max(values)
    return f"{low:g}" if low == high else f"{values[0]:g} to {values[-1]:g} (between {low:g} and {high:g})"
