"""A capital in a reader's hands: three years of its moves against the model, and what the model would have done.

Everything is simulated again from January 2019 with the moves taken so far, under the same chance; so a game is its
moves, an address keeps it, and the model's own choice is compared with the same luck.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from sim.calibration.parameter_sets import of_run, over
from sim.engine.mesa.agents import Capital, Peninsula
from sim.engine.mesa.decisions import Decision
from sim.engine.mesa.single_run import Run
from sim.model import months
from sim.model.moves import LEVERS, Lever, levers_of
from sim.scenario import Scenario
from sim.scenario.source import Source, source_of
from sim.web.controls import FROM
from sim.web.state import State

LENGTH = 36  # months of a game
START = months.index(FROM)
_SHOWN = (
    "reengagement",
    "china_flow",
    "arms_flow",
    "economy",
    "tension",
    "warmth_beijing_pyongyang",
    "warmth_moscow_pyongyang",
)


@dataclass(frozen=True)
class Game:
    """A game: a world, a capital, and the turns played, each the places of the options taken."""

    scenario: Scenario
    seed: int
    run: int
    capital: str
    step: int
    turns: tuple[tuple[int, ...], ...]
    source: Source

    @property
    def levers(self) -> tuple[Lever, ...]:
        """The levers of the capital; the arms deal is settled by the model."""
        return levers_of(self.capital)

    @property
    def month(self) -> int:
        """The month to be played next."""
        return START + self.step * len(self.turns)

    @property
    def over(self) -> bool:
        """Whether all turns were played."""
        return self.step * len(self.turns) >= LENGTH

    @property
    def year_over(self) -> int:
        """The number of years played to their end."""
        return self.step * len(self.turns) // 12


def of(state: State) -> Game:
    """Return the game of an address.

    Raises
    ------
    ValueError
        If the moves are not those of the capital.
    """
    levers = levers_of(state.capital)
    turns = tuple(tuple(int(digit) for digit in turn) for turn in state.played.split(".") if turn)
    sets = over(state.world.scenario())
    scenario = of_run(state.world.scenario(), state.run, sets)
    for turn in turns:
        fits = len(turn) == len(levers) and all(
            place < len(lever.options) for place, lever in zip(turn, levers, strict=False)
        )
        if not fits:
            raise ValueError(f"the moves in this address are not those of {state.capital}")
    if scenario.horizon < START + LENGTH:
        raise ValueError(f"this run ends in {months.name(scenario.horizon - 1)}, too soon for a game of three years")
    return Game(
        scenario, state.seed, state.run, state.capital, state.step, turns[: LENGTH // state.step],
        source_of(state.world.scenario(), sets.source),
    )  # fmt: skip


@dataclass(frozen=True, eq=False)
class Lived:
    """What a game brought: a row a month of the world, of all moves, and of the capital's utility."""

    model: Peninsula
    world: pd.DataFrame
    utility: pd.Series

    def mean_utility(self, first: int, last: int) -> float:
        """Return the capital's mean utility from one month to before another."""
        return float(self.utility.loc[first : last - 1].mean())


def live(game: Game, until: int, free_from: int | None = None, free_to: int | None = None) -> Lived:
    """Simulate a game's world up to a month, which is not simulated.

    Parameters
    ----------
    free_from, free_to
        Months in which the model chooses for the capital: from one to before the other (all later ones where not said).
    """
    model = Peninsula(game.scenario, seed=game.seed, run=game.run)
    for number, turn in enumerate(game.turns):
        for month in range(START + number * game.step, START + (number + 1) * game.step):
            if free_from is not None and free_from <= month < (free_to or until):
                continue
            for place, lever in zip(turn, game.levers, strict=True):
                model.plan.script[month, LEVERS.index(lever)] = place
    rows, utility = [], {}
    capital = _capital(model, game.capital)
    while model.month < until:
        month = model.month
        model.step()
        measured = model.datacollector.model_vars
        rows.append({name: measured[name][-1] for name in _SHOWN})
        utility[month] = capital.had
    return Lived(model, pd.DataFrame(rows), pd.Series(utility))


def hint(game: Game) -> list[Decision]:
    """Return how the model would weigh every lever of the capital in the month to be played."""
    model = live(game, game.month).model
    model.params.review_chance, model.params.review_by_kind = 1.0, 0.0  # so that every lever is weighed
    model.step()
    return [each for each in model.decisions if each.month == game.month and each.capital == game.capital]


def regret(game: Game, year: int) -> tuple[float, float]:
    """Return the capital's mean utility in a year of the game, and had the model chosen in that year."""
    first, last = START + 12 * (year - 1), START + 12 * year
    return live(game, last).mean_utility(first, last), live(game, last, first, last).mean_utility(first, last)


def ended(game: Game) -> tuple[Lived, Lived]:
    """Return the reader's world and the model's, up to the month that would be played next."""
    return live(game, game.month), live(game, game.month, START)


def debrief(mine: Lived, free: Lived) -> pd.DataFrame:
    """Return re-engagement in the reader's world and in the model's: from two years before the game, a row a month."""
    last, first = START + LENGTH, START - 24
    index = pd.period_range("2019-01", periods=last, freq="M")[first:].rename("month")
    both = {"yours": mine, "the model's": free}
    return pd.DataFrame({name: each.world["reengagement"].to_numpy()[first:last] for name, each in both.items()}, index)


def as_run(game: Game) -> Run:
    """Return what explanations ask of a run: the scenario and its chance."""
    empty: Any = pd.DataFrame()
    return Run(game.scenario, game.seed, game.run, empty, empty, None, (), (), source=game.source)


def moves_now(lived: Lived) -> dict[str, str]:
    """Return what every lever stands at, in words."""
    return {lever.field: lever.label(getattr(lived.model.moves, lever.field)) for lever in LEVERS}


def places_now(lived: Lived, levers: Sequence[Lever]) -> tuple[int, ...]:
    """Return the places of the options at which some levers stand."""
    return tuple(lever.index(getattr(lived.model.moves, lever.field)) for lever in levers)


def _capital(model: Peninsula, name: str) -> Capital:
    return next(capital for capital in model.capitals if capital.name == name)
