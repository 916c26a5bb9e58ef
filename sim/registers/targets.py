"""The registers of what history looked like: patterns with their bounds, and observed series with their tolerances."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from sim.registers.register import TABLES, claims
from sim.registers.register_files import entries, known_only

ABOUT = ("history", "forecast")


@dataclass(frozen=True, slots=True)
class Bound:
    """A number that is measured on an ensemble, and where it must lie.

    Attributes
    ----------
    pattern
        The pattern it belongs to; a pattern holds where all its numbers do.
    low, high
        The bound, in ``unit``; None where that side is open. ``strict``: the bound itself is not enough.
    discrepancy
        Standard deviation of what the model may miss though its rules are right, in ``unit``.
    sources
        What was seen, with its dates, by 16 August 2024.
    given
        What the number follows from because the model is told so; empty where it is the model's own.
    counted
        Whether the pattern counts where it is said how many hold; the others are shown beside them.
    about
        "history" decides which worlds are kept; a "forecast" never does.
    """

    id: str
    pattern: str
    says: str
    unit: str
    discrepancy: float
    why: str
    claims: tuple[str, ...]
    about: str
    low: float | None = None
    high: float | None = None
    strict: bool = False
    sources: str = ""
    given: str = ""
    counted: bool = True


@dataclass(frozen=True, slots=True)
class Series:
    """An observed series that a world must follow.

    Attributes
    ----------
    at
        The years (YYYY) or months (YYYY-MM) that decide.
    tolerance
        How far the ensemble mean may lie from the figure to count as a match.
    observation, discrepancy
        Standard deviations of the figure itself, and of what the model may miss though its rules are right.
    relative
        Whether these three are shares of the figure instead of the series' unit.
    """

    id: str
    table: str
    series: str
    at: tuple[str, ...]
    says: str
    unit: str
    tolerance: float
    observation: float
    discrepancy: float
    relative: bool
    why: str
    given: str = ""


@cache
def bounds() -> Mapping[str, Bound]:
    """Return the bounds by id, such as T1 or T2b_drop.

    Raises
    ------
    ValueError
        If the register is malformed: names the file, the entry and the fix.
    """
    return entries("patterns.yaml", Bound, _check_bound)


@cache
def target_series() -> Mapping[str, Series]:
    """Return the observed series by id; see :func:`bounds`."""
    return entries("series.yaml", Series, _check_series)


def patterns(about: str = "history") -> dict[str, tuple[str, ...]]:
    """Return the patterns about history (or forecasts), each with the ids of its bounds."""
    bounds_of: dict[str, tuple[str, ...]] = {}
    for bound in bounds().values():
        if bound.about == about:
            bounds_of[bound.pattern] = (*bounds_of.get(bound.pattern, ()), bound.id)
    return bounds_of


def counted_patterns() -> dict[str, tuple[str, ...]]:
    """Return the patterns about history that count, by the letter of their family: T the article's, W the record's."""
    grouped: dict[str, tuple[str, ...]] = {}
    for pattern, ids in patterns().items():
        if all(bounds()[name].counted for name in ids):
            grouped[pattern[0]] = (*grouped.get(pattern[0], ()), pattern)
    return grouped


def follows_from_inputs(pattern: str) -> bool:
    """Return whether all of a pattern follows, in large part, from what the model is told."""
    return all(bound.given for bound in bounds().values() if bound.pattern == pattern)


def _check_bound(where: str, bound: Bound) -> None:
    known_only(where, "claim", bound.claims, claims())
    known_only(where, "word for about", [bound.about], ABOUT)
    if bound.low is None and bound.high is None:
        raise ValueError(f"{where}: give low, high or both; without a bound it cannot fail")
    if bound.low is not None and bound.high is not None and bound.low >= bound.high:
        raise ValueError(f"{where}: low {bound.low} is not below high {bound.high}; mend one of them")
    _positive(where, discrepancy=bound.discrepancy)


def _check_series(where: str, wanted: Series) -> None:
    known_only(where, "table", [wanted.table], TABLES)
    _positive(where, tolerance=wanted.tolerance, observation=wanted.observation, discrepancy=wanted.discrepancy)


def _positive(where: str, **values: float) -> None:
    for name, value in values.items():
        if not value > 0.0:
            raise ValueError(f"{where}: {name} must be above 0, not {value}")
