"""What a sweep varies, and the designs that choose its points."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from itertools import product
from types import MappingProxyType

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.model.months import index, name
from sim.registers.register import registered_parameters, uncertain
from sim.scenario.priors import Correlations, Drawn, Prior, Range, correlate, correlated_names, prior_of
from sim.scenario.values import ORDERINGS, defaults, orderly

Value = float | str
Numbers = Mapping[str, float]  # what a scenario gives itself of the parameters; the register has the others
END = "war.ends"
_FINE = 4097  # places at which a range is measured that an ordering cuts
_DRAWN = 100  # times as many trajectories as are wanted, until enough of them keep the orderings


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

    def share(self, bounds: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return what share of the values each bound admits: those that are not above it."""
        return (np.array(self.values, dtype=float) <= bounds[:, None]).mean(axis=1)

    def upto(self, bound: float) -> "Levels":
        """Return the values that a bound admits."""
        return Levels(tuple(value for value in self.values if float(value) <= bound))


Factor = Levels | Drawn


def values(*given: Value) -> Levels:
    """Return the values given, numbers or months (also "never", for an end of the war).

    Examples
    --------
    >>> import sim
    >>> sim.values("2025-01", "2026-01", "never")
    Levels(values=('2025-01', '2026-01', 'never'))
    """
    if not given:
        raise ValueError("give at least one value")
    return Levels(tuple(given))


def choices(*given: str) -> Levels:
    """Return the names given, such as variants: ``choices("V0", "V4")``.

    Examples
    --------
    >>> import sim
    >>> sim.choices("V0", "V4")
    Levels(values=('V0', 'V4'))
    """
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
    begin, end = index(first), index(last)
    if every < 1 or end < begin:
        raise ValueError("give the earlier month first, and a step of at least one month")
    return Levels(tuple(name(month) for month in range(begin, end + 1, every)))


def uniform(low: float, high: float) -> Range:
    """Return all numbers from one to another, for designs that draw or place their own.

    Examples
    --------
    >>> import sim
    >>> sim.uniform(0, 1)
    Range(low=0.0, high=1.0, at_low=0.0)
    """
    if not low < high:
        raise ValueError("give the lower number first")
    return Range(float(low), float(high))


def normal(mean: float, sd: float, within: tuple[float, float] | None = None) -> Prior:
    """Return normally distributed numbers, for designs that draw or place their own.

    Parameters
    ----------
    mean, sd
        Before the distribution is cut.
    within
        The lowest and the highest number; the plausible range of what is varied where not said.

    Raises
    ------
    ValueError
        If the numbers make no distribution.

    Examples
    --------
    >>> normal(0.4, 0.1, within=(0.2, 0.6)).at(0.5).item()
    0.4
    """
    return prior_of("normal", (mean, sd), within)


def lognormal(median: float, sigma: float, within: tuple[float, float] | None = None) -> Prior:
    """Return numbers whose logarithm is normal; see :func:`normal`.

    Parameters
    ----------
    median
        Before the distribution is cut.
    sigma
        The standard deviation of the natural logarithm.
    within
        As for :func:`normal`.

    Examples
    --------
    >>> import sim
    >>> sim.lognormal(1.0, 0.5)
    Prior(family='lognormal', numbers=(1.0, 0.5), within=None)
    """
    return prior_of("lognormal", (median, sigma), within)


def triangular(low: float, likeliest: float, high: float, within: tuple[float, float] | None = None) -> Prior:
    """Return numbers whose density rises in a straight line to the likeliest and falls in one; see :func:`normal`.

    Parameters
    ----------
    low, likeliest, high
        In this order.
    within
        As for :func:`normal`.

    Examples
    --------
    >>> import sim
    >>> sim.triangular(0, 1, 4)
    Prior(family='triangular', numbers=(0.0, 1.0, 4.0), within=None)
    """
    return prior_of("triangular", (low, likeliest, high), within)


def beta(a: float, b: float, within: tuple[float, float] | None = None) -> Prior:
    """Return numbers of a beta distribution stretched between its ends; see :func:`normal`.

    Parameters
    ----------
    a, b
        Its two exponents, above 0: the mean lies at a / (a + b) of the way from end to end.
    within
        Its ends; the plausible range of what is varied where not said.

    Examples
    --------
    >>> import sim
    >>> sim.beta(2, 5)
    Prior(family='beta', numbers=(2.0, 5.0), within=None)
    """
    return prior_of("beta", (a, b), within)


def prior(name: str) -> Range:
    """Return the plausible range of a parameter, as the register has it.

    Raises
    ------
    ValueError
        If the register knows no such parameter, or it is a fixed number.

    Examples
    --------
    >>> import sim
    >>> sim.prior("postwar_need")
    Range(low=0.0, high=1.6, at_low=0.0)
    """
    entry = registered_parameters().get(name)
    if entry is None or entry.low is None or entry.high is None:
        raise ValueError(f"{name} has no plausible range in the register of parameters")
    return Range(entry.low, entry.high, entry.at_low)


def priors() -> dict[str, Range]:
    """Return the plausible range of every uncertain parameter."""
    return {name: prior(name) for name in uncertain()}


def scale_to_unit(sets: pd.DataFrame) -> NDArray[np.float64]:
    """Return parameter sets with every plausible range made 0 to 1; columns that have none are left out."""
    ranges = priors()
    names = [str(name) for name in sets if name in ranges]
    low, high = np.array([(ranges[name].low, ranges[name].high) for name in names]).T
    return np.asarray((sets[names].to_numpy(np.float64) - low) / (high - low))


def factorial(
    vary: Mapping[str, Factor],
    points: int | None,
    seed: int,
    usual: Numbers | None = None,
    correlations: Correlations = MappingProxyType({}),
) -> pd.DataFrame:
    """Return every combination of the levels.

    The first factor changes slowest, but the war's end fastest: points that share a world without an end lie together,
    and that world is simulated once for all of them.
    """
    for key, factor in vary.items():
        if not isinstance(factor, Levels):
            raise ValueError(f"{key} is a range: a factorial design needs single values (span, values)")
    order = sorted(vary, key=lambda name: name == END)
    levels = [factor.values for factor in map(vary.__getitem__, order) if isinstance(factor, Levels)]
    return pd.DataFrame(list(product(*levels)), columns=order)[list(vary)]


def latin(
    vary: Mapping[str, Factor],
    points: int | None,
    seed: int,
    usual: Numbers | None = None,
    correlations: Correlations = MappingProxyType({}),
) -> pd.DataFrame:
    """Return a Latin hypercube (McKay, Beckman and Conover 1979): each factor is covered evenly.

    Factors that are correlated are so by a Gaussian copula; of those, one alone is covered as evenly as without.
    """
    from scipy.stats import qmc

    places = qmc.LatinHypercube(len(vary), rng=seed).random(_count(points))
    if together := _among(correlations, vary):
        mixed = correlate(dict(zip(vary, places.T, strict=True)), together)
        places = np.column_stack([mixed[name] for name in vary])
    return _placed(vary, places, usual)


def sobol(
    vary: Mapping[str, Factor],
    points: int | None,
    seed: int,
    usual: Numbers | None = None,
    correlations: Correlations = MappingProxyType({}),
) -> pd.DataFrame:
    """Return Saltelli's points for Sobol's indices of first and total order: ``points`` times (factors + 2)."""
    from SALib.sample import sobol as salib

    _refuse_correlated(vary, correlations)
    base = _count(points)
    if base & (base - 1):
        raise ValueError(f"{base} is no power of two, which a Sobol design needs: give 2, 4, 8, ... 512, 1024")
    return _placed(vary, salib.sample(problem(vary), base, calc_second_order=False, seed=seed), usual)


def morris(
    vary: Mapping[str, Factor],
    points: int | None,
    seed: int,
    usual: Numbers | None = None,
    correlations: Correlations = MappingProxyType({}),
) -> pd.DataFrame:
    """Return Morris's trajectories, which change one factor a step: ``points`` times (factors + 1).

    Trajectories that leave what the article's orderings admit are passed over, whole, and others drawn in their place.
    """
    from SALib.sample import morris as salib

    _refuse_correlated(vary, correlations)
    count, step, numbers, kept = _count(points), len(vary) + 1, defaults(usual or {}), []
    for drawn in range(_DRAWN):
        fresh = int(np.random.SeedSequence([seed, drawn]).generate_state(1)[0]) if drawn else seed
        some = _at(vary, salib.sample(problem(vary), count, seed=fresh))
        keeps = np.broadcast_to(orderly({**numbers, **{str(name): some[name].to_numpy() for name in some}}), len(some))
        kept.append(some[keeps.reshape(-1, step).all(axis=1).repeat(step)])
        if sum(map(len, kept)) >= count * step:
            return pd.concat(kept, ignore_index=True).head(count * step)
    raise ValueError("hardly a trajectory keeps the orderings that the article states: change the weights' ranges")


def _among(correlations: Correlations, vary: Mapping[str, Factor]) -> Correlations:
    """Return the correlations among the factors that are drawn."""
    drawn = {name for name, factor in vary.items() if not isinstance(factor, Levels)}
    among = {
        one: {other: value for other, value in others.items() if other in drawn}
        for one, others in correlations.items()
        if one in drawn
    }
    return {one: others for one, others in among.items() if others}


def _refuse_correlated(vary: Mapping[str, Factor], correlations: Correlations) -> None:
    if together := _among(correlations, vary):
        raise ValueError(
            f"{' and '.join(correlated_names(together)[:2])} are correlated, and the indices of this design take "
            "factors that are not: choose latin, or leave the correlation out"
        )


Design = Callable[[Mapping[str, Factor], int | None, int, Numbers | None, Correlations], pd.DataFrame]
DESIGNS: dict[str, Design] = {
    "factorial": factorial,
    "latin": latin,
    "sobol": sobol,
    "morris": morris,
}
DROPPING = ("factorial",)  # goes without the combinations that break an ordering; the others have as many as asked


def problem(names: Iterable[str]) -> dict[str, object]:
    """Return factors as SALib knows a problem: places on [0, 1], which :meth:`Factor.at` turns into values."""
    named = list(names)
    return {"num_vars": len(named), "names": named, "bounds": [[0.0, 1.0]] * len(named)}


def _count(points: int | None) -> int:
    if points is None or points < 1:
        raise ValueError("this design needs a number of points")
    return points


def _at(vary: Mapping[str, Factor], places: NDArray[np.float64]) -> pd.DataFrame:
    return pd.DataFrame({name: factor.at(places[:, k]) for k, (name, factor) in enumerate(vary.items())})


def _placed(vary: Mapping[str, Factor], places: NDArray[np.float64], usual: Numbers | None) -> pd.DataFrame:
    """Return points at places of the unit cube, all of them in what the article's orderings admit.

    Factors that an ordering ties have their places in what is admitted (Rosenblatt 1952): the larger among its own
    values, each weighed by how much of the smaller it admits, then the smaller among those. So even places become
    points that are even there.
    """
    placed, numbers, middle = _at(vary, places), defaults(usual or {}), np.full(len(places), 0.5)
    for ordering in ORDERINGS:
        if len(ordering.larger) > 1:  # never broken within the plausible ranges
            continue
        above, below = ordering.weights
        larger, smaller = (_even(name, vary.get(name, Levels((numbers[name],)))) for name in (above, below))
        if min(map(float, larger.telling)) >= max(map(float, smaller.telling)):
            continue
        first, second = (places[:, list(vary).index(name)] if name in vary else middle for name in (above, below))
        bounds = _larger(larger, smaller, first)
        if above in vary:
            placed[above] = bounds
        if below in vary:
            pairs = zip(bounds.tolist(), second, strict=True)
            placed[below] = [smaller.upto(bound).at(np.array([place]))[0] for bound, place in pairs]
    return placed


def _even(name: str, factor: Factor) -> Levels | Range:
    """Return a factor that an ordering ties, which is a range or single values."""
    if isinstance(factor, Prior):
        raise ValueError(f"{name}: a weight that the article orders takes uniform, prior or single values")
    return factor


def _larger(larger: Levels | Range, smaller: Levels | Range, places: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return values of a factor at places among its own, each weighed by the share of the smaller one it admits."""
    if isinstance(larger, Levels):
        grid = np.array(larger.values, dtype=float)
    else:
        grid = np.linspace(larger.low, larger.high, _FINE)
    share = smaller.share(grid)
    if not share.any():
        raise ValueError("every point breaks an ordering that the article states: change the ranges of the weights")
    grid, share = grid[share > 0.0], share[share > 0.0]
    if isinstance(larger, Levels):
        reached = np.cumsum(share) / share.sum()
        return grid[np.minimum(np.searchsorted(reached, places, side="right"), len(grid) - 1)]
    reached = np.concatenate([[0.0], np.cumsum(share[1:] + share[:-1])])
    return np.interp(places * reached[-1], reached, grid)
