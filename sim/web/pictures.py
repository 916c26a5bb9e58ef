"""What the page shows of many runs, as the plain data of :mod:`sim.report.figures.data`."""

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.analysis.definitions import WITHIN, Drift, period
from sim.analysis.pairs import Pair
from sim.engine.ensemble import Ensemble, ends
from sim.engine.mesa.single_run import Run, calendar
from sim.model import months
from sim.model.moves import LEVER
from sim.report.figures.data import (
    Band,
    Chart,
    Head,
    Line,
    Network,
    Panel,
    source_of_many,
    source_of_run,
    war_of,
    war_of_run,
)
from sim.report.figures.ensembles import _observed_over as observed_over
from sim.report.figures.single_run import capitals
from sim.report.style import percent, sentence, spoken, words
from sim.report.text import answer

QUANTILES = (0.1, 0.25, 0.5, 0.75, 0.9)
_ROLES = ("main", "control", "Pyongyang", "deal")  # of the options of a lever, with broken lines for every other

# How the definitions are drawn, the primary one first: label, colour, whether broken.
_PART = {
    "D2": ("D2 (primary)", "main", False),
    "D1": ("D1", "control", False),
    "D3": ("D3", "Pyongyang", True),
    "D4": ("D4", "Seoul", False),
    "D5": ("D5", "deal", True),
}


@dataclass(frozen=True, eq=False)
class Quantiles:
    """The quantiles of a series over runs, a row each of :data:`QUANTILES`, for every month from 2019-01."""

    runs: int
    values: NDArray[np.float64]

    @property
    def median(self) -> NDArray[np.float64]:
        """The median of every month."""
        return self.values[2]


def quantiles(many: Ensemble, name: str) -> Quantiles:
    """Return the quantiles of a series."""
    by_month = np.ascontiguousarray(many.array(name).T)
    return Quantiles(len(many), np.quantile(by_month, QUANTILES, axis=1))


def fan(
    many: Ensemble, found: Quantiles, pin: Ensemble, pinned_fan: Quantiles, name: str, ghost: Quantiles | None
) -> Chart:
    """Return the fan of a series: the world at hand, the pinned one's median, and the fan before the last change.

    Parameters
    ----------
    found, pinned_fan
        The quantiles of the world at hand, and of the pinned one.
    ghost
        The fan before the last change, if there was one.
    """
    said, first = words(name), many.scenario.first
    at = np.arange(many.scenario.horizon, dtype=float)
    pinned = pinned_fan.median
    bands = [Band("8 in 10 runs", at, found.values[0], found.values[4], "main", faint=True),
             Band("half of the runs", at, found.values[1], found.values[3], "main")]  # fmt: skip
    lines = []
    if ghost is not None:
        before = np.arange(len(ghost.median), dtype=float)
        bands.insert(0, Band("", before, ghost.values[0], ghost.values[4], "ghost", faint=True))
        lines.append(Line("before the change", before, ghost.median, "ghost", broken=True, thin=True))
    lines.append(Line("pinned world", np.arange(len(pinned), dtype=float), pinned, "control", broken=True))
    lines.append(Line("median", at, found.median, "main"))
    panel = Panel(said.title, said.unit, (first, many.scenario.horizon), tuple(lines), tuple(bands),
                  observed_over(name), war_of(many.scenario, many.war_end))  # fmt: skip
    data = pd.DataFrame(
        {f"{share:.0%}": row[first:] for share, row in zip(QUANTILES, found.values, strict=True)},
        index=calendar(many.scenario),
    )
    data["pinned median"] = pd.Series(pinned[pin.scenario.first :], index=calendar(pin.scenario)).reindex(data.index)
    title = f"{said.title}: median {_number(found.median[-1])} at the end, {_number(pinned[-1])} in the pinned world"
    yearly = ", ".join(f"{year} {_number(value)}" for year, value in _by_year(found.median, first))
    subtitle = f"{said.title}, {said.unit}. Shaded: half, and 8 in 10, of {len(many):,} runs."
    text = f"{title}. Median by year: {yearly}."
    return Chart(Head(title, subtitle, source_of_many(many, pin), text), (panel,), data)


def drifted(many: Ensemble, found: Drift) -> Chart:
    """Return the share of runs in which each definition has come true, by months since the war's end.

    Where no world can be judged there is no panel, and the title says so.
    """
    judged = int(found.judged.sum())
    index = pd.Index(range(WITHIN + 1), name="months after the end")
    if not judged:
        title = f"No world can be judged: the war does not end, or ends less than {period()} before the last month"
        data = pd.DataFrame(np.nan, index=index, columns=list(_PART))
        return Chart(Head(title, "", source_of_many(many), title + "."), (), data)
    times = found.time[found.judged]
    data = pd.DataFrame({name: [(times[name] <= month).mean() for month in index] for name in _PART}, index=index)
    lines = tuple(
        Line(label, index.to_numpy(float), data[name].to_numpy() * 100, role, broken=broken, thin=name != "D2")
        for name, (label, role, broken) in _PART.items()
    )
    panel = Panel("Drifted back", "% of runs, by months after the war", (0, WITHIN + 1), lines, since=True)
    shares = ", ".join(f"{name} {percent(found.share[name])}" for name in _PART)
    title = f"Drifted back within {WITHIN} months, of {judged:,} runs: {shares}"
    return Chart(Head(title, "Five definitions, fixed beforehand.", source_of_many(many), title + "."), (panel,), data)


def options(many: Ensemble, lever: str) -> Chart:
    """Return the share of runs that stand at each option of a lever, month by month."""
    known, first = LEVER[lever], many.scenario.first
    taken = many.played[:, first:, list(LEVER).index(lever)]
    shares = {option.name: (taken == place).mean(axis=0) for place, option in enumerate(known.options)}
    at = np.arange(first, many.scenario.horizon, dtype=float)
    lines = tuple(
        Line(name, at, share * 100, role, broken=place % 2 == 1)
        for place, (role, (name, share)) in enumerate(zip(_ROLES, shares.items(), strict=False))
    )
    who = "Moscow and Pyongyang" if known.capital == "deal" else known.capital
    top = max(shares, key=lambda name: shares[name][-1])
    title = f"{who}, {known.title}: “{top}” in {percent(shares[top][-1])} of runs at the end"
    panel = Panel(
        f"{who}: {known.title}",
        "% of runs",
        (first, many.scenario.horizon),
        lines,
        spans=war_of(many.scenario, many.war_end),
    )
    by_year = [
        f"{name}: " + ", ".join(f"{y} {percent(v)}" for y, v in _by_year(s, first, at_first=True))
        for name, s in shares.items()
    ]
    text = f"{title}. Share of runs by year. " + "; ".join(by_year) + "."
    return Chart(Head(title, "Share of runs at each option.", source_of_many(many), text), (panel,),
                 pd.DataFrame(shares, index=calendar(many.scenario)))  # fmt: skip


def network(many: Ensemble, month: int, names: tuple[str, ...]) -> Network:
    """Return the five capitals in a month, every number the median over the runs.

    Parameters
    ----------
    names
        The series that the ensemble keeps.
    """
    month = min(max(month, many.scenario.first), many.scenario.horizon - 1)
    medians = pd.DataFrame(
        {name: np.median(many.array(name)[:, month], axis=0).reshape(1) for name in names},
        index=calendar(many.scenario)[:1],
    )
    rows = pd.concat([medians] * (month - many.scenario.first + 1))
    typical = Run(many.scenario, many.seed, 0, rows, pd.DataFrame(), None, (), (), source=many.source)
    drawn = capitals(typical, [months.name(month)])
    head = replace(
        drawn.head,
        title=f"The capitals in {spoken(month)}, median of {len(many):,} runs",
        source=source_of_many(many),
    )
    data = pd.DataFrame({"median": medians.iloc[0]})
    return replace(drawn, head=head, data=data.rename_axis("series"))


def two_worlds(one: Run, other: Run, name: str = "reengagement") -> Chart:
    """Return a series of one run beside that of its fork."""
    said = words(name)
    at = np.arange(one.scenario.first, one.scenario.horizon, dtype=float)
    mine, theirs = one.series[name], other.series[name]
    lines = (
        Line("as it was", at, mine.to_numpy(), "control", broken=True),
        Line("after the change", at, theirs.to_numpy(), "main"),
    )
    panel = Panel(said.title, said.unit, (one.scenario.first, one.scenario.horizon), lines, spans=war_of_run(one))
    gap = float((theirs - mine).mean())
    title = (
        f"{said.title}: on average {gap:+.1f} over all months after the change"
        if gap
        else f"{said.title}: no difference"
    )
    return Chart(
        Head(title, "", source_of_run(one), title + "."),
        (panel,),
        pd.DataFrame({"as it was": mine, "after the change": theirs}),
    )


def definitions(found: Drift) -> pd.DataFrame:
    """Return a row for each definition of drifting back, in words."""
    columns = ["definition", "what it asks", "share of runs", "share without an end"]
    rows = answer.definitions(found)
    return pd.DataFrame(sorted(rows, key=lambda row: row[0] != "D2"), columns=columns)


def effect(many: Ensemble, pin: Ensemble) -> str:
    """Return the effect of the difference between two runs with its interval, in one sentence."""
    return answer.of_pair(Pair(many, pin))


def end_effect(many: Ensemble, control: Ensemble) -> str:
    """Return what the war's end brings about, in words."""
    return answer.of_run(many, control) if ends(many).any() else sentence("the war does not end in these runs.")


def _by_year(values: NDArray[np.float64], first: int, at_first: bool = False) -> list[tuple[int, float]]:
    start = 0 if at_first else first
    return [
        (2019 + (first + place - start) // 12, float(values[place : place + 12].mean()))
        for place in range(start, len(values), 12)
    ]


def _number(value: float) -> str:
    return f"{value:.0f}" if abs(value) >= 20 else f"{value:.1f}" if abs(value) >= 2 else f"{value:.2f}"
