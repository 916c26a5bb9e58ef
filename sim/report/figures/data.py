"""What a picture shows, as plain data: drawn for print by :mod:`sim.report.render.plots`, and by any other renderer.

Months are numbers since 2019-01 throughout; a renderer writes them as years. Colours are named by the part they play
(:func:`sim.report.style.colour`), never given. Every picture says in words what is seen (``text``) and carries the
numbers behind it (``data``), for those who cannot see it or want to check it.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from sim.engine.ensemble import Ensemble
from sim.engine.mesa.single_run import Run
from sim.model.months import FIRST_YEAR
from sim.report.text import doubt
from sim.scenario import Scenario, load


@dataclass(frozen=True)
class Head:
    """What stands around a picture: title, subtitle, source line, and what it shows beyond its title, in words."""

    title: str
    subtitle: str
    source: str
    text: str

    @property
    def alt(self) -> str:
        """What stands for the picture where it is not seen."""
        return f"{self.title}. {self.text}"


@dataclass(frozen=True)
class Span:
    """A shaded stretch of months, ``last`` not included; a faint one where it holds in some runs only."""

    first: int
    last: int
    label: str
    faint: bool = False


@dataclass(frozen=True)
class Mark:
    """Something that happened in a month."""

    month: int
    label: str


@dataclass(frozen=True, eq=False)
class Line:
    """A line with its label; a broken one where it must stay apart without colour."""

    label: str
    months: NDArray[np.float64]
    values: NDArray[np.float64]
    role: str
    broken: bool = False
    thin: bool = False


@dataclass(frozen=True, eq=False)
class Band:
    """A shaded range with its label."""

    label: str
    months: NDArray[np.float64]
    low: NDArray[np.float64]
    high: NDArray[np.float64]
    role: str
    faint: bool = False


@dataclass(frozen=True, eq=False)
class Points:
    """What was observed."""

    label: str
    months: NDArray[np.float64]
    values: NDArray[np.float64]
    role: str = "observed"


@dataclass(frozen=True, eq=False)
class Panel:
    """One pair of axes.

    Attributes
    ----------
    zero
        Whether a line at zero belongs to the picture.
    since
        Whether months are counted from an event and not from 2019-01.
    """

    title: str
    unit: str
    months: tuple[int, int]
    lines: tuple[Line, ...] = ()
    bands: tuple[Band, ...] = ()
    points: tuple[Points, ...] = ()
    spans: tuple[Span, ...] = ()
    zero: bool = False
    since: bool = False


@dataclass(frozen=True, eq=False)
class Chart:
    """Panels that share a head, in one or more columns."""

    head: Head
    panels: tuple[Panel, ...]
    data: pd.DataFrame
    columns: int = 1


@dataclass(frozen=True)
class Stretch:
    """Months in which a lever stood at one option, ``last`` not included; ``level`` runs from 0 lowest to 1 highest."""

    first: int
    last: int
    label: str
    level: float


@dataclass(frozen=True)
class Lane:
    """One row of the story of a world; ``low`` and ``high`` name the ends of its scale."""

    group: str
    title: str
    role: str
    low: str
    high: str
    stretches: tuple[Stretch, ...]


@dataclass(frozen=True, eq=False)
class Lanes:
    """The story of one run, a lane per lever."""

    head: Head
    months: tuple[int, int]
    lanes: tuple[Lane, ...]
    spans: tuple[Span, ...]
    marks: tuple[Mark, ...]
    data: pd.DataFrame


@dataclass(frozen=True)
class Flow:
    """Something that goes from one capital to another; ``size`` is its share of the most there can be."""

    giver: str
    taker: str
    label: str
    size: float


@dataclass(frozen=True)
class Tie:
    """The warmth between two capitals (-10 to 10) and what flows between them."""

    one: str
    other: str
    warmth: float
    flows: tuple[Flow, ...] = ()


@dataclass(frozen=True)
class Snapshot:
    """The ties between the five capitals in one month."""

    title: str
    ties: tuple[Tie, ...]


@dataclass(frozen=True, eq=False)
class Network:
    """The five capitals at chosen dates."""

    head: Head
    snapshots: tuple[Snapshot, ...]
    data: pd.DataFrame


Figure = Chart | Lanes | Network


def month_numbers(index: pd.Index) -> NDArray[np.float64]:
    """Return months since 2019-01 of an index of months."""
    at = pd.PeriodIndex(index)
    return np.asarray((at.year - FIRST_YEAR) * 12 + at.month - 1, dtype=float)


def years_of(index: pd.Index) -> NDArray[np.int64]:
    """Return the years of an index of months."""
    return np.asarray(pd.PeriodIndex(index).year)


def line(label: str, values: pd.Series, role: str, broken: bool = False, thin: bool = False) -> Line:
    """Return a line through a series indexed by month."""
    return Line(label, month_numbers(values.index), values.to_numpy(float), role, broken, thin)


def band(label: str, frame: pd.DataFrame, low: float, high: float, role: str, faint: bool = False) -> Band:
    """Return the range between two quantiles over the rows of a frame with a column a month."""
    edges = frame.quantile([low, high]).to_numpy(float)
    return Band(label, month_numbers(frame.columns), edges[0], edges[1], role, faint)


def labels(panel: Panel) -> list[tuple[float, str, Line | Band | Points]]:
    """Return what is named in a panel: the value at its right end, its words, and itself."""
    labelled: list[tuple[float, str, Line | Band | Points]] = []
    labelled += [(_last(line.values), line.label, line) for line in panel.lines]
    for area in panel.bands:
        high = _last(area.high)
        labelled.append((high if area.faint else (high + _last(area.low)) / 2, area.label, area))
    labelled += [(_last(seen.values), seen.label, seen) for seen in panel.points]
    return [place for place in labelled if place[1]]


def _last(values: NDArray[np.float64]) -> float:
    known = values[np.isfinite(values)]
    return float(known[-1]) if len(known) else 0.0


def war_until(month: int) -> tuple[Span, ...]:
    """Return the months of war before a month, in the world of the record."""
    first = load("hindcast").war_start
    return (Span(first, month, "war in Ukraine"),) if first < month else ()


def source_of_run(run: Run) -> str:
    """Return the source line of a picture of one run."""
    world = f"scenario {run.scenario.name!r}, one run (run {run.number}, seed {run.seed})"
    return f"Driftback: {world}. {doubt.doubt_of_run(run)}"


def source_of_many(*many: Ensemble) -> str:
    """Return the source line of a picture of ensembles that share their seed."""
    names = " and ".join(repr(ensemble.scenario.name) for ensemble in many)
    runs = f"{len(many[0]):,} runs{' each' if len(many) > 1 else ''}"
    return f"Driftback: scenario {names}, {runs}, seed {many[0].seed}. {doubt.of_many(*many)}"


def war_of(scenario: Scenario, ends: ArrayLike) -> tuple[Span, ...]:
    """Return the months of war: those of every run, and fainter those of some runs only.

    Parameters
    ----------
    ends
        First months of peace; ``NEVER`` where the war does not end.
    """
    first = max(scenario.war_start, scenario.first)
    earliest, latest = (int(min(edge, scenario.horizon)) for edge in np.quantile(np.asarray(ends, float), (0.0, 1.0)))
    spans = [(first, earliest, "war in Ukraine", False), (max(first, earliest), latest, "war in some runs", True)]
    return tuple(Span(*span) for span in spans if span[0] < span[1])
