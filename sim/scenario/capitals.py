"""What a scenario says of the capitals: who governs in them, and the moves that are scripted."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field, model_validator

from sim.model.moves import CAPITALS, LEVERS, Lever
from sim.scenario.errors import Fault, refuse, unknown
from sim.scenario.paths import Span
from sim.scenario.values import weights_of
from sim.scenario.words import FIRST, LAST, Month, Number, Text

ADMINISTRATIONS = ("Washington", "Seoul")
LARGEST_SCALE = 3.0


class Administration(Span):
    """Who governs in Washington or Seoul: a goal counts more, or less, for a time."""

    capital: Literal["Washington", "Seoul"]
    goal: Text
    scale: Number
    first: Month = Field(FIRST, alias="from")
    last: Month = Field(LAST, alias="to")

    @model_validator(mode="before")
    @classmethod
    def _capital(cls, data: Any) -> Any:
        return _check_word(data, "capital", ADMINISTRATIONS, "capital with administrations")

    @model_validator(mode="after")
    def _known(self) -> "Administration":
        goals = tuple(weights_of(self.capital))
        faults = [] if self.goal in goals else [unknown(self.goal, goals, f"goal of {self.capital}", ("goal",))]
        if not 0 <= self.scale <= LARGEST_SCALE:
            allowed = f"0 to {LARGEST_SCALE:g}; 1 changes nothing"
            faults.append(
                Fault(
                    "the scale is outside the range", ("scale",), self.scale, allowed, fix="write a factor such as 1.2"
                )
            )
        if faults:
            refuse(*faults)
        return self


class Move(Span):
    """A scripted move: the capital has no say over this lever in these months."""

    capital: Text
    lever: Text
    option: Text
    first: Month = Field(alias="from")
    last: Month = Field(alias="to")

    @model_validator(mode="after")
    def _known(self) -> "Move":
        capitals = (*CAPITALS, "deal")
        if self.capital not in capitals:
            refuse(unknown(self.capital, capitals, "capital", ("capital",)))
        levers = {lever.name: lever for lever in LEVERS if lever.capital == self.capital}
        if self.lever not in levers:
            fault = unknown(self.lever, tuple(levers), f"lever of {self.capital}", ("lever",))
            owner = next((lever.capital for lever in LEVERS if lever.name == self.lever), None)
            refuse(replace(fault, fix=f"that lever goes with capital: {owner}") if owner else fault)
        options = tuple(option.name for option in levers[self.lever].options)
        if self.option not in options:
            refuse(unknown(self.option, options, f"option of {self.capital}'s {self.lever}", ("option",)))
        return self

    @property
    def of(self) -> Lever:
        """The lever that is moved."""
        return next(lever for lever in LEVERS if (lever.capital, lever.name) == (self.capital, self.lever))

    @property
    def option_value(self) -> float:
        """The value of the option in the equations."""
        return next(option.value for option in self.of.options if option.name == self.option)


def _check_word(data: Any, key: str, words: tuple[str, ...], what: str) -> Any:
    if isinstance(data, Mapping) and isinstance(data.get(key), str) and data[key] not in words:
        refuse(unknown(data[key], words, what, (key,)))
    return data


def _no_clash(moves: tuple[Move, ...]) -> tuple[Move, ...]:
    """Refuse scripts that hold one lever at two options in the same month."""
    faults = []
    for place, move in enumerate(moves):
        for other in moves[:place]:
            same = (move.capital, move.lever) == (other.capital, other.lever)
            if same and move.option != other.option and move.first <= other.last and other.first <= move.last:
                span = f"from {other.first} to {other.last}"
                faults.append(
                    Fault(
                        f"{move.capital}'s {move.lever} is scripted as {other.option} too, {span}",
                        (place,),
                        f"{move.option} from {move.first} to {move.last}",
                        fix="script each month of a lever once",
                    )
                )
    if faults:
        refuse(*faults)
    return moves


Moves = Annotated[tuple[Move, ...], AfterValidator(_no_clash)]
