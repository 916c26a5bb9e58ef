"""What a number is drawn from: the distributions that scenarios and sweeps may name.

Each has ends that no draw leaves, and turns a place on [0, 1) into a number by its quantile function: so the same
random number gives the same place of any of them. Numpy and scipy are loaded where something is drawn, for a file is
read without them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

# The families beside uniform, and what their numbers are.
FAMILIES = {
    "normal": ("mean", "standard deviation"),
    "lognormal": ("median", "standard deviation of the logarithm"),
    "triangular": ("lowest", "likeliest", "highest"),
    "beta": ("first exponent", "second exponent"),
}
WITHIN = "within"
AT_LOW = "at_low"  # share of the draws of a uniform distribution that are its lowest number
_LEAST = 0.01  # share of a distribution that has to lie within its ends: with less, they are a mistake
_FIRST_PLACE = 2.0**-54  # half the smallest step of a draw, in place of 0, whose normal quantile is infinite

Correlations = Mapping[str, Mapping[str, float]]


@dataclass(frozen=True)
class Range:
    """All numbers from one to another, each as likely as the next; ``at_low`` of the places fall on the lowest."""

    low: float
    high: float
    at_low: float = 0.0

    @property
    def telling(self) -> tuple[float, ...]:
        """The values that must be right for all to be."""
        return self.low, self.high

    def at(self, places: "NDArray[np.float64]") -> "NDArray[np.float64]":
        """Return the numbers at places on [0, 1)."""
        return self.low + self.inside(places) * (self.high - self.low)

    def inside(self, places: "NDArray[np.float64]") -> "NDArray[np.float64]":
        """Return how far from the lowest number to the highest places on [0, 1) lie, on [0, 1) too."""
        import numpy as np

        return np.maximum(places - self.at_low, 0.0) / (1.0 - self.at_low)

    def bound(self, low: float, high: float) -> "Range":
        """Return itself: its ends are its own."""
        return self

    def share(self, bounds: "NDArray[np.float64]") -> "NDArray[np.float64]":
        """Return what share of the range each bound admits: what is not above it."""
        import numpy as np

        inside = np.clip((bounds - self.low) / (self.high - self.low), 0.0, 1.0)
        return np.where(bounds < self.low, 0.0, self.at_low + (1.0 - self.at_low) * inside)

    def upto(self, bound: float) -> "Range":
        """Return the part of the range that a bound admits."""
        return Range(self.low, min(self.high, bound), self.at_low)

    def written(self) -> Mapping[str, object]:
        """Return it as a file writes it."""
        return {"uniform": [self.low, self.high]} | ({AT_LOW: self.at_low} if self.at_low else {})

    def __str__(self) -> str:
        """Return it in words."""
        exactly = f", and exactly {self.low:g} in {100 * self.at_low:g}% of the draws" if self.at_low else ""
        return f"any number from {self.low:g} to {self.high:g}{exactly}"


@dataclass(frozen=True)
class Prior:
    """Numbers of which some are likelier than others.

    Attributes
    ----------
    family
        One of :data:`FAMILIES`.
    numbers
        Those of the family, in its order.
    within
        The lowest and the highest number that is drawn: normal, lognormal and triangular are cut there, beta is
        stretched between them. None until it is known of what parameter or driver this is; its plausible range then.
    """

    family: str
    numbers: tuple[float, ...]
    within: tuple[float, float] | None = None

    @property
    def low(self) -> float:
        """The lowest number that is drawn."""
        return self._ends[0]

    @property
    def high(self) -> float:
        """The highest."""
        return self._ends[1]

    @property
    def telling(self) -> tuple[float, ...]:
        """The values that must be right for all to be."""
        return self._ends

    def bound(self, low: float, high: float) -> "Prior":
        """Return it with these ends where it has none of its own.

        Raises
        ------
        ValueError
            If hardly anything of it lies within its ends.
        """
        import numpy as np

        prior = replace(self, within=self.within or (low, high))
        with np.errstate(all="ignore"):
            bottom, top = prior._distribution.cdf(prior._ends)
            enough = top - bottom >= _LEAST and np.isfinite(prior.at(np.array([0.01, 0.5, 0.99]))).all()
        if not enough:  # not a number, too
            raise ValueError(f"hardly anything of this {self.family} distribution lies within its ends, {prior._span}")
        return prior

    def at(self, places: "NDArray[np.float64]") -> "NDArray[np.float64]":
        """Return the numbers at places on [0, 1)."""
        import numpy as np

        bottom, top = self._distribution.cdf(self._ends)
        return np.asarray(np.clip(self._distribution.ppf(bottom + places * (top - bottom)), *self._ends), np.float64)

    def written(self) -> Mapping[str, object]:
        """Return it as a file writes it."""
        return {self.family: list(self.numbers), **({WITHIN: list(self.within)} if self.within else {})}

    def __str__(self) -> str:
        """Return it in words."""
        named = zip(FAMILIES[self.family], self.numbers, strict=True)
        numbers = ", ".join(f"{name} {value:g}" for name, value in named)
        return f"{self.family} ({numbers}) within {self._span}"

    @property
    def _span(self) -> str:
        return f"{self.low:g} to {self.high:g}"

    @property
    def _ends(self) -> tuple[float, float]:
        if self.within is None:
            raise ValueError(f"this {self.family} distribution has no ends yet: give within=(lowest, highest)")
        return self.within

    @property
    def _distribution(self) -> Any:
        from scipy import stats

        match self.family:
            case "normal":
                return stats.norm(*self.numbers)
            case "lognormal":
                median, spread = self.numbers
                return stats.lognorm(spread, scale=median)
            case "triangular":
                low, likeliest, high = self.numbers
                return stats.triang((likeliest - low) / (high - low), loc=low, scale=high - low)
        return stats.beta(*self.numbers, loc=self.low, scale=self.high - self.low)


Drawn = Range | Prior


def fault(family: str, numbers: Sequence[float], within: Sequence[float] | None = None) -> str:
    """Return what is wrong with the numbers of a family, in words; nothing where they are right."""
    names = FAMILIES[family]
    if len(numbers) != len(names):
        return f"{len(names)} numbers are wanted ({', '.join(names)})"
    if family == "triangular":
        if not numbers[0] <= numbers[1] <= numbers[2] or not numbers[0] < numbers[2]:
            return "the numbers are not in order (lowest, likeliest, highest)"
    else:
        for name, value in zip(names, numbers, strict=True):
            if name != "mean" and value <= 0:
                return f"the {name} has to be above 0"
    if within is not None and (len(within) != 2 or not all(low < high for low, high in pairwise(within))):
        return f"{WITHIN} wants two numbers, the lowest and the highest"
    return ""


def prior_of(family: str, numbers: Sequence[float], within: Sequence[float] | None = None) -> Prior:
    """Return a prior.

    Parameters
    ----------
    family, numbers
        See :data:`FAMILIES`.
    within
        The lowest and the highest number that is drawn.

    Raises
    ------
    ValueError
        If the numbers are none of the family's.
    """
    if why := fault(family, numbers, within):
        raise ValueError(why)
    ends = None if within is None else (float(within[0]), float(within[1]))
    return Prior(family, tuple(map(float, numbers)), ends)


def correlated_names(correlations: Correlations) -> list[str]:
    """Return the names that correlations are said of, in order."""
    return sorted({name for one, others in correlations.items() for name in (one, *others)})


def correlate(
    places: "Mapping[str, NDArray[np.float64]]", correlations: Correlations
) -> "dict[str, NDArray[np.float64]]":
    """Return places on [0, 1) whose normal quantiles are correlated (a Gaussian copula; Nelsen 2006).

    Of the names that correlations are said of, the first keeps its places, and each other's are mixed with those of
    the names before it. All other places stay as they are.

    Parameters
    ----------
    places
        By name, independent of one another; at least those of all names that correlations are said of.
    correlations
        By name and name, each pair once; see :func:`cholesky_factor`.

    Raises
    ------
    ValueError
        If no numbers can be correlated so.
    """
    import numpy as np
    from scipy.special import ndtr, ndtri

    names = correlated_names(correlations)
    weights = cholesky_factor(correlations)
    normal = [ndtri(np.maximum(places[name], _FIRST_PLACE)) for name in names]
    mixed = {}
    for row, name in enumerate(names[1:], 1):
        # one after the other: a product of matrices may round otherwise for one run than for many
        total = weights[row, 0] * normal[0]
        for column in range(1, row + 1):
            total = total + weights[row, column] * normal[column]
        mixed[name] = ndtr(total)
    return {**places, **mixed}


def cholesky_factor(correlations: Correlations) -> "NDArray[np.float64]":
    """Return the Cholesky factor of a correlation matrix, its rows and columns in the order of the names.

    Raises
    ------
    ValueError
        If no numbers can be correlated so: the matrix is not positive definite.
    """
    import numpy as np

    names = correlated_names(correlations)
    whole = np.eye(len(names))
    for one, others in correlations.items():
        for other, value in others.items():
            first, second = names.index(one), names.index(other)
            whole[first, second] = whole[second, first] = value
    try:
        return np.asarray(np.linalg.cholesky(whole), np.float64)
    except np.linalg.LinAlgError:
        raise ValueError("no numbers can be correlated so: the correlations contradict one another") from None
