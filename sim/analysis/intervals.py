"""Intervals from few independent units: Student's t for means, Wilson's for shares."""

from typing import Any

NORMAL = 1.96  # errors to either side of what is normal and known well, for 95%
LEVEL = 0.95
ROUNDING = 1e-9  # below this an error is that of sums of floating-point numbers


def student(freedom: object, level: float = LEVEL) -> Any:
    """Return how many standard errors the interval of a mean reaches to either side, by its degrees of freedom.

    Parameters
    ----------
    freedom
        Need not be whole: one less than as many units of equal weight as the weighted ones are worth (Kish 1965).
        NaN gives NaN.
    level
        The share of such intervals, 0 to 1, that are to hold the truth.
    """
    from scipy.special import stdtrit

    return stdtrit(freedom, 0.5 + level / 2.0)


def wilson(share: Any, count: Any, errors: Any) -> tuple[Any, Any]:
    """Return the interval of a share (Wilson 1927), which neither leaves 0 to 1 nor vanishes where all units agree.

    Parameters
    ----------
    share
        From 0 to 1; a number or an array.
    count
        How many independent yes-or-no units the share is worth.
    errors
        Standard errors to either side, such as those of :func:`student`.
    """
    shrink = 1.0 + errors**2 / count
    centre = (share + errors**2 / (2.0 * count)) / shrink
    half = errors / shrink * (share * (1.0 - share) / count + errors**2 / (4.0 * count**2)) ** 0.5
    return centre - half, centre + half
