"""What each capital wants, and how it weighs it: utility is the weighted sum of its goals."""

from collections.abc import Callable, Sequence

from sim.model.citing import rests_on
from sim.model.goals import beijing, moscow, pyongyang, seoul, washington
from sim.model.variants import Variant
from sim.model.world import Params

Goal = Callable[..., float]

GOALS: dict[str, tuple[Goal, ...]] = {
    "Beijing": beijing.GOALS,
    "Moscow": moscow.GOALS,
    "Pyongyang": pyongyang.GOALS,
    "Washington": washington.GOALS,
    "Seoul": seoul.GOALS,
}


def goals_of(capital: str, variant: Variant) -> dict[str, Goal]:
    """Return a capital's goals by name, as the variant reads them."""
    goals = {goal.__name__: goal for goal in GOALS[capital]}
    if capital == "Pyongyang" and variant.linear_economy:
        goals["economy"] = pyongyang.economy_linear
    return goals


def weight_name(capital: str, goal: str) -> str:
    """Return the register's name of the weight of a goal."""
    return f"{capital.lower()}_{goal}_weight"


@rests_on("A1", "A2", "C54", "C55")
def weights(capital: str, params: Params) -> list[float]:
    """Return the weights of a capital's goals, in the order of its goals: the same in every month."""
    return [getattr(params, weight_name(capital, goal.__name__)) for goal in GOALS[capital]]


@rests_on("A17")
def utility(terms: Sequence[float], weighed_by: Sequence[float]) -> float:
    """Return the weighted sum of the goals."""
    total = 0.0
    for term, weight in zip(terms, weighed_by, strict=True):
        total = total + weight * term
    return total
