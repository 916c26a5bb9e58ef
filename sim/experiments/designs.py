"""What a sweep varies, and the designs that choose its points."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import product
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.article.register import parameters as register
from sim.article.register import uncertain
from sim.model import months as calendar

Value = float | str
END = "war.ends"


@dataclass(frozen=True)
class Levels:
    """Some values, each as likely as the next where a design draws among them."""

    values: tuple[Value, ...]

    @property
    def telling(self) -> tuple[Value, ...]:
        """The values that must be right for all to be."""
        return self.values

    def at(self, places: NDArray[np.float64]) -> list[Value]:
        """Return the values that places on [0, 1] fall on."""
        return [self.values[min(int(place * len(self.values)), len(self.values) - 1)] for place in places]


@dataclass(frozen=True)
class Range:
    """All numbers from one to another, each as likely as the next."""

    low: float
    high: float

    @property
    def telling(self) -> tuple[Value, ...]:
        """The values that must be right for all to be."""
        return self.low, self.high

    def at(self, places: NDArray[np.float64]) -> list[Value]:
        """Return the values that places on [0, 1] fall on."""
        return (self.low + places * (self.high - self.low)).tolist()


Factor = Levels | Range


def values(*given: Value) -> Levels:
    """Return the values given, numbers or months (also "never", for an end of the war)."""
    if not given:
        raise ValueError("give at least one value")
    return Levels(tuple(given))


def choices(*given: str) -> Levels:
    """Return the names given, such as variants: ``choices("V0", "V4")``."""
    return values(*given)


def span(low: float, high: float, count: int) -> Levels:
    """Return ``count`` numbers at equal distances, both ends included.

    >>> span(0, 1, 3).values
    (0.0, 0.5, 1.0)
    """
    if count < 2:
        raise ValueError("a span has at least its two ends: give a count of 2 or more")
    return Levels(tuple(np.linspace(low, high, count).tolist()))


def months(first: str, last: str, every: int = 1) -> Levels:
    """Return months from one to another, both YYYY-MM.

    >>> months("2027-01", "2028-01", every=6).values
    ('2027-01', '2027-07', '2028-01')
    """
    if every < 1 or calendar.index(last) < calendar.index(first):
        raise ValueError("give the earlier month first, and a step of at least one month")
    return Levels(
        tuple(calendar.name(month) for month in range(calendar.index(first), calendar.index(last) + 1, every))
    )


def uniform(low: float, high: float) -> Range:
    """Return all numbers from one to another, for designs that draw or place their own."""
    if not low < high:
        raise ValueError("give the lower number first")
    return Range(float(low), float(high))


def prior(name: str) -> Range:
    """Return the plausible range of a parameter, as the register has it.

    Raises
    ------
    ValueError
        If the register knows no such parameter, or it is a fixed number.
    """
    entry = register().get(name)
    if entry is None or entry.low is None or entry.high is None:
        raise ValueError(f"{name} has no plausible range in the register of parameters")
    return uniform(entry.low, entry.high)


def priors() -> dict[str, Range]:
    """Return the plausible range of every uncertain parameter."""
    return {name: prior(name) for name in uncertain()}


def factorial(vary: Mapping[str, Factor], points: int | None, seed: int) -> pd.DataFrame:
    """Return every combination of the levels.

    The first factor changes slowest, but the war's end fastest: points that share a world without an end lie together,
    and that world is lived once for all of them.
    """
    endless = [name for name, factor in vary.items() if isinstance(factor, Range)]
    if endless:
        raise ValueError(f"{endless[0]} is a range: a factorial design needs single values (span, values)")
    order = sorted(vary, key=lambda name: name == END)
    levels = [factor.values for factor in map(vary.__getitem__, order) if isinstance(factor, Levels)]
    return pd.DataFrame(list(product(*levels)), columns=order)[list(vary)]


def latin(vary: Mapping[str, Factor], points: int | None, seed: int) -> pd.DataFrame:
    """Return a Latin hypercube (McKay, Beckman and Conover 1979): each factor is covered evenly."""
    from scipy.stats import qmc

    return _placed(vary, qmc.LatinHypercube(len(vary), rng=seed).random(_count(points)))


def sobol(vary: Mapping[str, Factor], points: int | None, seed: int) -> pd.DataFrame:
    """Return Saltelli's points for Sobol's indices of first and total order: ``points`` times (factors + 2)."""
    from SALib.sample import sobol as salib

    base = _count(points)
    if base & (base - 1):
        raise ValueError(f"{base} is no power of two, which a Sobol design needs: give 2, 4, 8, ... 512, 1024")
    return _placed(vary, salib.sample(problem(vary), base, calc_second_order=False, seed=seed))


def morris(vary: Mapping[str, Factor], points: int | None, seed: int) -> pd.DataFrame:
    """Return Morris's trajectories, which change one factor a step: ``points`` times (factors + 1)."""
    from SALib.sample import morris as salib

    return _placed(vary, salib.sample(problem(vary), _count(points), seed=seed))


DESIGNS: dict[str, Callable[[Mapping[str, Factor], int | None, int], pd.DataFrame]] = {
    "factorial": factorial,
    "latin": latin,
    "sobol": sobol,
    "morris": morris,
}
DROPPING = ("factorial", "latin")  # may go without points; the others lose their meaning with any


def problem(vary: Mapping[str, Factor]) -> dict[str, Any]:
    """Return the factors as SALib knows a problem: places on [0, 1], which :meth:`Factor.at` turns into values."""
    return {"num_vars": len(vary), "names": list(vary), "bounds": [[0.0, 1.0]] * len(vary)}


def _count(points: int | None) -> int:
    if points is None or points < 1:
        raise ValueError("this design needs a number of points")
    return points


def _placed(vary: Mapping[str, Factor], places: NDArray[np.float64]) -> pd.DataFrame:
    return pd.DataFrame({name: factor.at(places[:, k]) for k, (name, factor) in enumerate(vary.items())})
