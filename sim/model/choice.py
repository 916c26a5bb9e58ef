"""How a capital picks an option: the better, the likelier, with some inertia (a logit choice)."""

from collections.abc import Sequence

from sim.model.citing import rests_on
from sim.model.moves import Lever
from sim.model.saturation import below, blend, equal, exponential, if_below
from sim.model.world import Params


@rests_on("A7", "A17")
def likelihoods(
    utilities: Sequence[float],
    widths: Sequence[float],
    values: Sequence[float],
    last: float,
    inertia: float,
    precision: float,
) -> list[float]:
    """Return each option's likelihood, up to a common factor.

    Parameters
    ----------
    utilities
        One an option.
    widths
        How much of the choice an option takes up where nothing is preferred. An option split in two shares
        its width.
    values, last
        The options' values, and last month's, which gets the bonus ``inertia``.
    precision
        How sharply utility decides, per unit of utility; 0 is chance in proportion to width.
    """
    favoured = [utility + inertia * equal(value, last) for utility, value in zip(utilities, values, strict=True)]
    top = favoured[0]
    for utility in favoured[1:]:
        top = max(top, utility)
    return [width * exponential(precision * (utility - top)) for width, utility in zip(widths, favoured, strict=True)]


@rests_on("A17")
def pick(likelihood: Sequence[float], values: Sequence[float], draw: float) -> float:
    """Return the value of the option that a uniform draw on [0, 1) falls on, along the ordered options."""
    total = 0.0
    for share in likelihood:
        total = total + share
    reached = 0.0
    chosen = values[0]
    for share, following in zip(likelihood[:-1], values[1:], strict=True):
        reached = reached + share
        chosen = if_below(draw * total, reached, chosen, following)
    return chosen


@rests_on("A7", "A33")
def review_chance(lever: Lever, border: float, params: Params) -> float:
    """Return the chance that a lever comes up for review this month: lines of policy seldom, acts often.

    What would cross the border between China and the North is reviewed only as far as that is open.
    """
    if lever.line:
        return blend(params.review_by_kind, params.review_chance_line, params.review_chance)
    if lever.crosses:
        return params.review_chance * blend(params.review_by_kind, border, 1.0)
    return params.review_chance


@rests_on("A7")
def option_after_review(draw: float, chance: float, chosen: float, last: float) -> float:
    """Return the option chosen where the lever comes up for review this month, else last month's."""
    return if_below(draw, chance, chosen, last)


@rests_on("A18")
def loss_averse(utility: float, habitual: float, loss_aversion: float) -> float:
    """Return utility with what falls short of the habitual counted more (variant V6; Kahneman and Tversky 1979)."""
    return utility - (loss_aversion - 1.0) * max(0.0, habitual - utility)


@rests_on("A18")
def habit(month: float, habitual: float, utility: float, months: float) -> float:
    """Return the habitual utility after another month: an exponential average, from month 0 on."""
    return blend(below(month, 1.0), utility, habitual + (utility - habitual) / months)
