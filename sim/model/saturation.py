"""Bounded curves, all algebraic: they are read billions of times when capitals look ahead."""

import math


def clip(x: float, low: float, high: float) -> float:
    """Return x held within [low, high]."""
    return min(max(x, low), high)


def sigmoid(x: float) -> float:
    """Map any number into (0, 1), with slope 1/4 at 0."""
    return 0.5 * (1.0 + x / math.sqrt(4.0 + x * x))


def goldstein(x: float) -> float:
    """Bend a sum of influences onto the Goldstein scale of warmth, (-10, 10)."""
    return 10.0 * x / math.sqrt(16.0 + x * x)


def goodwill(warmth: float) -> float:
    """Return warmth (-10 to 10) as a share from 0, hostile, to 1, as close as can be."""
    return 0.5 + 0.05 * warmth


def relax(x: float, target: float, rate: float) -> float:
    """Move x toward target by the share ``rate`` of the distance (see :mod:`sim.model.pace`)."""
    return x + rate * (target - x)


def has_begun(month: float, start: float) -> float:
    """Return 1 from the month ``start`` on, 0 before; both are whole numbers of months."""
    return clip(month - start + 1.0, 0.0, 1.0)


def if_below(x: float, limit: float, yes: float, no: float) -> float:
    """Return ``yes`` where x lies below the limit, else ``no``: the one way in which a rule branches."""
    return yes if x < limit else no


def below(x: float, limit: float) -> float:
    """Return 1 where x lies below the limit, else 0: how a uniform draw becomes an event."""
    return if_below(x, limit, 1.0, 0.0)


def equal(x: float, y: float) -> float:
    """Return 1 where two numbers are the same, else 0."""
    return if_below(x, y, 0.0, if_below(y, x, 0.0, 1.0))


def blend(share: float, a: float, b: float) -> float:
    """Return a where share is 1, b where it is 0, and the mean weighted by share between."""
    return share * a + (1.0 - share) * b


# The processor's own exponential and logarithm differ from one machine and one library to the next, and stop a
# compiler from working on several runs at once. These two are made of plain arithmetic, good to about 1e-11.

_HALVINGS = 10
_LN_2 = 0.6931471805599453
_LN_ROOT_HALF = -0.34657359027997264
_ROOT_HALF = 0.7071067811865476
_SMALLEST = 2.0**-60


def exponential(x: float) -> float:
    """Return e to the power of x, for x at most 0; exactly 0 far below -745."""
    y = max(x, -1000.0) / 2.0**_HALVINGS
    series = 1.0
    for term in range(7, 0, -1):
        series = 1.0 + y * (1.0 / term) * series
    for _ in range(_HALVINGS):
        series = series * series
    return series


def logarithm(x: float) -> float:
    """Return the natural logarithm of x, for x from 0 to 1; below 2**-60 that of 2**-60."""
    scaled = max(x, _SMALLEST)
    exponent = 0.0
    for doublings in (32, 16, 8, 4, 2, 1):
        limit = 2.0**-doublings
        exponent = if_below(scaled, limit, exponent - doublings, exponent)
        scaled = if_below(scaled, limit, scaled * 2.0**doublings, scaled)
    z = (scaled - _ROOT_HALF) / (scaled + _ROOT_HALF)
    series = 0.0
    for power_of_z in range(15, 0, -2):
        series = series * (z * z) + 1.0 / power_of_z
    return exponent * _LN_2 + (_LN_ROOT_HALF + 2.0 * z * series)


def power(x: float, exponent: float) -> float:
    """Return x, from 0 to 1, to the power of a number from 0 up."""
    return exponential(exponent * logarithm(x))
