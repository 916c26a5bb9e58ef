"""Pictures of many runs: the fan of a series, and two scenarios with their difference."""

import numpy as np
import pandas as pd

from sim.analysis import units
from sim.analysis.definitions import CAUSAL_POINTS, WITHIN, drift, period
from sim.analysis.pairs import paired_effect
from sim.engine.ensemble import Ensemble, Pair, war_ended
from sim.model import months
from sim.registers.register import observed_table
from sim.report.figures.data import (
    Band,
    Chart,
    Head,
    Line,
    Panel,
    Points,
    band,
    line,
    month_numbers,
    source_of_many,
    war_of,
    years_of,
)
from sim.report.figures.history_figures import points
from sim.report.style import sentence, spoken_month, words

SAMPLES = 3  # single runs drawn over a fan
BEFORE = 12  # months before the war's end with which the picture of the difference begins


def fan(many: Ensemble, name: str = "reengagement", control: Ensemble | None = None) -> Chart:
    """Return the fan of one series over all runs, beside the world without an end where there is one.

    Parameters
    ----------
    control
        The same runs without an end; it is left out where the war does not end anyway.
    """
    frame, said = many.series(name), words(name)
    beside = None if control is None or not war_ended(many).any() else control.series(name).median()
    lines = [line("", frame.iloc[place], "sample", thin=True) for place in range(min(SAMPLES, len(many)))]
    if beside is not None:
        lines.append(line("without an end", beside, "control", broken=True))
    lines.append(line("median", frame.median(), "main"))
    panel = Panel(
        said.title,
        said.unit,
        (many.scenario.first, many.scenario.horizon),
        tuple(lines),
        _bands(frame),
        _observed_over(name),
        war_of(many.scenario, many.war_end),
    )
    title = _fan_title(many, name, None if beside is None else control)
    subtitle = f"{said.title}, {said.unit}. {_bands_in_words(len(many), 'runs')} Grey: single runs."
    source = source_of_many(many) + (" Dots: China's customs." if panel.points else "")
    data = pd.DataFrame({f"{q:.0%}": frame.quantile(q) for q in (0.1, 0.25, 0.5, 0.75, 0.9)})
    if beside is not None:
        data["median without an end"] = beside
    return Chart(Head(title, subtitle, source, _yearly(data["50%"], "The median")), (panel,), data)


def _bands_in_words(count: int, what: str) -> str:
    return f"The dark band covers the middle half of {count:,} {what}, the light one the middle 80%."


def _bands(frame: pd.DataFrame) -> tuple[Band, Band]:
    return (
        band("8 in 10 runs", frame, 0.1, 0.9, "main", faint=True),
        band("half of the runs", frame, 0.25, 0.75, "main"),
    )


def _fan_title(many: Ensemble, name: str, control: Ensemble | None) -> str:
    said = words(name).short
    at = many.war_end + WITHIN
    judged = war_ended(many) & (at < many.states.shape[1])
    if judged.any():
        there = float(np.median(many.array(name)[judged, at[judged]]))
        title = f"{sentence(period())} after the war's end, median {said} is {_number(there)}"
        if control is None:
            return title
        there_still = float(np.median(control.array(name)[judged, at[judged]]))
        return f"{title}; if the war goes on, it is {_number(there_still)}"
    median = many.series(name).median()
    yearly = median.groupby(years_of(median.index)).mean()
    first, last = yearly.index[0], yearly.index[-1]
    return f"{sentence(said)} goes from {_number(yearly[first])} in {first} to {_number(yearly[last])} in {last}"


def difference(many: Ensemble, control: Ensemble) -> Chart:
    """Return how much closer the end brings Pyongyang to Beijing, by months from the end, over runs that can be judged.

    Parameters
    ----------
    control
        The same runs without an end of the war.

    Raises
    ------
    ValueError
        If no run can be judged.
    """
    drifted, gap = drift(many, control), many.array("reengagement") - control.array("reengagement")
    judged = drifted.judged.to_numpy()
    if not judged.any():
        raise ValueError("no run can be judged: the war does not end, or ends too late")
    since = np.arange(-BEFORE, WITHIN + 1)
    places = many.war_end[judged][:, None] + since
    gaps = np.where(places >= 0, gap[judged][np.arange(judged.sum())[:, None], places.clip(0)], 0.0)
    low, lower, upper, high = np.quantile(gaps, (0.1, 0.25, 0.75, 0.9), axis=0)
    months_since = since.astype(np.float64)
    threshold = np.full(len(since), CAUSAL_POINTS)
    panel = Panel(
        "",
        "points, by months from the war's end",
        (-BEFORE, WITHIN + 1),
        (
            Line(f"clearly closer: {CAUSAL_POINTS:g}", months_since, threshold, "control", broken=True),
            Line("mean", months_since, gaps.mean(axis=0), "main"),
        ),
        (
            Band("8 in 10", months_since, low, high, "main", faint=True),
            Band("half of them", months_since, lower, upper, "main"),
        ),
        zero=True,
        since=True,
    )
    closer = 100 * float(drifted.share["D2"])
    where = f"in {closer:.0f} of 100 histories"
    title = f"{sentence(period())} after the war's end, Pyongyang is clearly closer to Beijing {where}"
    head = Head(
        title,
        "The line shows by how many points re-engagement (0 to 100) is higher, on average, than in the same histories "
        f"with the war going on. {_bands_in_words(int(judged.sum()), 'histories')}",
        source_of_many(many),
        f"{sentence(period())} after the end, the mean difference is {gaps[:, -1].mean():+.1f} points; the middle half "
        f"of the histories lies between {lower[-1]:+.1f} and {upper[-1]:+.1f}.",
    )
    data = {"months_from_the_end": since, "mean_effect": gaps.mean(axis=0)}
    return Chart(head, (panel,), pd.DataFrame(data | {"10%": low, "25%": lower, "75%": upper, "90%": high}))


def pair(two: Pair, name: str = "reengagement") -> Chart:
    """Return two scenarios' fans and, below, the difference run by run."""
    said, gap = words(name), two.difference(name)
    one, other = two.one.series(name), two.other.series(name)
    shown = (int(month_numbers(gap.columns)[0]), int(month_numbers(gap.columns)[-1]) + 1)
    spans = war_of(two.one.scenario, two.one.war_end)
    first, second = two.one.scenario.name, two.other.scenario.name
    above = Panel(
        f"{said.title}: the median and half of the runs",
        said.unit,
        shown,
        (line(second, other.median(), "control", broken=True), line(first, one.median(), "main")),
        (band("", other, 0.25, 0.75, "control", faint=True), band("", one, 0.25, 0.75, "main", faint=True)),
        spans=spans,
    )
    below = Panel(
        f"The difference: {first} less {second}, the same run in both",
        "in the same unit",
        shown,
        (line("mean", gap.mean(), "main"),),
        _bands(gap),
        spans=spans,
        zero=True,
    )
    title = _pair_title(two, name)
    data = pd.DataFrame({first: one.median(), second: other.median(), "mean difference": gap.mean()} | {
        f"difference {q:.0%}": gap.quantile(q) for q in (0.1, 0.25, 0.75, 0.9)
    })  # fmt: skip
    head = Head(
        title,
        f"Both use the same random numbers. Shaded: the war, as in “{first}”.",
        source_of_many(two.one, two.other),
        _yearly(gap.mean(), "The mean difference"),
    )
    return Chart(head, (above, below), data)


def _pair_title(two: Pair, name: str) -> str:
    said = words(name).short
    if war_ended(two.one).any() or war_ended(two.other).any():
        effect = paired_effect(two, name)
        when = f"{period()} after the war"
    else:
        last = str(two.difference(name).columns[-1])
        effect, when = paired_effect(two, name, at=last), f"in {spoken_month(months.index(last))}"
    word = f"{_number(effect.mean, signed=True)}" if effect.estimate.clear else "no clear difference"
    return f"{sentence(two.one.scenario.name)} against {two.other.scenario.name}: {word} in {said} {when}"


def _observed_over(name: str) -> tuple[Points, ...]:
    """Return the observed series in the unit of a model series, where there is one."""
    if name != "china_flow":
        return ()
    seen = points(observed_table("monthly"), "china_dprk_trade_total")
    return (Points("observed", seen.months, seen.values / units.MILLION_USD),)


def _yearly(values: pd.Series, what: str) -> str:
    """Return a series in words: its first and last year, and those where it is lowest and highest."""
    by_year = values.groupby(years_of(values.index)).mean()
    first, last = by_year.index[0], by_year.index[-1]
    ends = {by_year.idxmin(): " (lowest)", by_year.idxmax(): " (highest)"}
    shown = [f"{_number(by_year[year])} in {year}{ends.get(year, '')}" for year in sorted({first, last, *ends})]
    return f"{what} is {', '.join(shown)}."


def _number(value: float, signed: bool = False) -> str:
    digits = 0 if abs(value) >= 20 else 1 if abs(value) >= 2 else 2
    return f"{value:{'+' if signed else ''}.{digits}f}"
