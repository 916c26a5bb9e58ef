"""How a capital weighs the options of a lever, put together from the rules for the tests of choice."""

from collections.abc import Sequence
from dataclasses import replace
from types import SimpleNamespace

from sim.model.choice import likelihoods
from sim.model.drivers import Drivers
from sim.model.foresight import look_ahead
from sim.model.goals import GOALS, Goal, utility, weights
from sim.model.moves import Lever, Moves
from sim.model.pace import pace_over
from sim.model.world import World


def utilities(
    capital: str,
    lever: Lever,
    world: World,
    moves: Moves,
    params: SimpleNamespace,
    outlook: Drivers,
    goals: Sequence[Goal] | None = None,
    weighed_by: Sequence[float] | None = None,
) -> list[float]:
    """Return a capital's utility of each option of a lever; goals and weights are its own unless given."""
    far = pace_over(params, params.foresight)
    found = []
    for option in lever.options:
        tried = replace(moves, **{lever.field: option.value})
        ahead = look_ahead(world, tried, params, outlook, far)
        terms = [goal(ahead, tried, params, outlook) for goal in goals or GOALS[capital]]
        found.append(utility(terms, weighed_by or weights(capital, params)))
    return found


def shares(likelihood: Sequence[float]) -> list[float]:
    """Return likelihoods as chances."""
    return [each / sum(likelihood) for each in likelihood]


def chances(lever: Lever, values: Sequence[float], last: float, params: SimpleNamespace) -> list[float]:
    """Return the chance of each option of a lever, given its utilities and last month's value."""
    options = [option.value for option in lever.options]
    return shares(likelihoods(values, lever.widths, options, last, params.inertia, params.precision))
