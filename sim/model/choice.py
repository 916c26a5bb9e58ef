"""How a capital picks an option: the better, the likelier, with some inertia (a logit choice).

These functions loop over options and fill the list they are given, so that the compiled engine can use them as
they stand.
"""

from collections.abc import MutableSequence, Sequence
from math import exp, inf

from sim.model.citing import rests_on

INFEASIBLE = -inf


@rests_on("A7", "A17")
def likelihoods(
    utilities: Sequence[float],
    widths: Sequence[float],
    last: int,
    inertia: float,
    precision: float,
    out: MutableSequence[float],
) -> float:
    """Fill ``out`` with each option's likelihood, up to a common factor, and return their sum.

    Parameters
    ----------
    utilities
        One an option; ``INFEASIBLE`` rules it out. At least one must be feasible.
    widths
        How much of the choice an option takes up where nothing is preferred. An option split in two shares
        its width.
    last
        The place of last month's option, which gets the bonus ``inertia``; -1 where there is none.
    precision
        How sharply utility decides, per unit of utility; 0 is chance in proportion to width.
    """
    top = INFEASIBLE
    for i in range(len(utilities)):
        out[i] = utilities[i] + inertia if i == last else utilities[i]
        top = max(top, out[i])
    total = 0.0
    for i in range(len(utilities)):
        out[i] = widths[i] * exp(precision * (out[i] - top))
        total = total + out[i]
    return total


@rests_on("A17")
def pick(likelihood: Sequence[float], total: float, draw: float) -> int:
    """Return the place of the option that a uniform draw on [0, 1) falls on, along the ordered options."""
    reached = 0.0
    chosen = 0
    for i in range(len(likelihood)):
        if likelihood[i] > 0.0:
            reached = reached + likelihood[i]
            chosen = i
            if draw * total < reached:
                break
    return chosen


@rests_on("A7")
def best(utilities: Sequence[float], last: int, inertia: float) -> int:
    """Return the place of the best option, inertia counted; the first of equals (variant V5)."""
    chosen = 0
    top = INFEASIBLE
    for i in range(len(utilities)):
        value = utilities[i] + inertia if i == last else utilities[i]
        if value > top:
            top = value
            chosen = i
    return chosen


@rests_on("A18")
def felt(utility: float, habitual: float, loss_aversion: float) -> float:
    """Return utility with what falls short of the habitual counted more (variant V6; Kahneman and Tversky 1979)."""
    return utility - (loss_aversion - 1.0) * max(0.0, habitual - utility)


@rests_on("A18")
def habit(habitual: float, utility: float, months: float) -> float:
    """Return the habitual utility after another month: an exponential average over that many months."""
    return habitual + (utility - habitual) / months
