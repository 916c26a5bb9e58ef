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
    return (warmth + 10.0) / 20.0


def relax(x: float, target: float, rate: float) -> float:
    """Move x toward target by the share ``rate`` of the distance (see :mod:`sim.model.pace`)."""
    return x + rate * (target - x)


def begun(month: float, start: float) -> float:
    """Return 1 from the month ``start`` on, 0 before; both are whole numbers of months."""
    return clip(month - start + 1.0, 0.0, 1.0)


def below(x: float, limit: float) -> float:
    """Return 1 where x lies below the limit, else 0: how a uniform draw becomes an event."""
    return 1.0 if x < limit else 0.0


def blend(share: float, a: float, b: float) -> float:
    """Return a where share is 1, b where it is 0, and the mean weighted by share between."""
    return share * a + (1.0 - share) * b
