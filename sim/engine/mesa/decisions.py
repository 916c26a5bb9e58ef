"""What a run remembers of every choice: the options with their goals, the odds, the draw, the margin."""

from dataclasses import dataclass

from sim.model.beliefs import Belief
from sim.model.moves import LEVER


@dataclass(frozen=True, slots=True)
class Scored:
    """One option as its capital saw it: the goals of the world it expected, their weighted sum, the chance."""

    terms: tuple[float, ...]
    utility: float
    chance: float


@dataclass(frozen=True, slots=True)
class Decision:
    """One lever under review in one month.

    Attributes
    ----------
    month
        Months since 2019-01.
    lever
        Field of :class:`sim.model.moves.Moves`.
    goals, weights
        Names and weights of the capital's goals this month, in the order of ``Scored.terms``.
    last, chosen
        Places of last month's option and of the one taken.
    draw
        The uniform draw that picked it.
    survives
        The share of Moscow's need that the capital believes will be left at the end of its foresight.
    """

    month: int
    capital: str
    lever: str
    goals: tuple[str, ...]
    weights: tuple[float, ...]
    options: tuple[Scored, ...]
    last: int
    chosen: int
    draw: float
    belief: Belief
    survives: float

    @property
    def runner_up(self) -> int:
        """The place of the best option that was not taken."""
        others = [place for place in range(len(self.options)) if place != self.chosen]
        return max(others, key=lambda place: self.options[place].utility)

    @property
    def margin(self) -> float:
        """Utility of the option taken less that of the runner-up; below 0 where chance overruled it."""
        return self.options[self.chosen].utility - self.options[self.runner_up].utility

    @property
    def label(self) -> str:
        """The option taken, in plain words."""
        return LEVER[self.lever].options[self.chosen].label


@dataclass(frozen=True, slots=True)
class Bundle:
    """One bundle of the arms deal as both sides saw it: surplus over no exchange, joint score, chance."""

    arms: float
    pay: float
    technology: float
    moscow: Scored
    pyongyang: Scored
    surplus_moscow: float
    surplus_pyongyang: float
    score: float
    chance: float

    @property
    def feasible(self) -> bool:
        """Whether neither side would rather have no exchange."""
        return self.surplus_moscow >= 0.0 and self.surplus_pyongyang >= 0.0


@dataclass(frozen=True, slots=True)
class Deal:
    """The arms deal under review in one month."""

    month: int
    bundles: tuple[Bundle, ...]
    last: int
    chosen: int
    draw: float
    imposed: bool
