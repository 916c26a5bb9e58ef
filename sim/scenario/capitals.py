"""What a scenario says of the capitals: the moves that are scripted."""

from dataclasses import replace
from typing import Annotated

from pydantic import AfterValidator, Field, ValidationInfo, field_validator

from sim.model.moves import CAPITALS, LEVERS, Lever
from sim.scenario.errors import Fault, refuse, unknown
from sim.scenario.paths import Span
from sim.scenario.words import Month, Text


class Move(Span):
    """A scripted move: the capital has no say over this lever in these months."""

    capital: Text
    lever: Text
    option: Text
    first: Month = Field(alias="from")
    last: Month = Field(alias="to")

    @field_validator("capital")
    @classmethod
    def _capital(cls, capital: str) -> str:
        return _known(capital, (*CAPITALS, "deal"), "capital")

    @field_validator("lever")
    @classmethod
    def _lever(cls, lever: str, info: ValidationInfo) -> str:
        capital = info.data.get("capital")
        levers = tuple(each.name for each in LEVERS if each.capital == capital)
        if capital and lever not in levers:
            fault = unknown(lever, levers, f"lever of {capital}")
            owner = next((each.capital for each in LEVERS if each.name == lever), None)
            refuse(replace(fault, fix=f"that lever goes with capital: {owner}") if owner else fault)
        return lever

    @field_validator("option")
    @classmethod
    def _option(cls, option: str, info: ValidationInfo) -> str:
        capital, lever = info.data.get("capital"), info.data.get("lever")
        if capital and lever:
            of = _lever_of(capital, lever)
            _known(option, tuple(each.name for each in of.options), f"option of {capital}'s {lever}")
        return option

    @property
    def of(self) -> Lever:
        """The lever that is moved."""
        return _lever_of(self.capital, self.lever)

    @property
    def option_value(self) -> float:
        """The value of the option in the equations."""
        return next(option.value for option in self.of.options if option.name == self.option)


def _known(word: str, words: tuple[str, ...], what: str) -> str:
    if word not in words:
        refuse(unknown(word, words, what))
    return word


def _lever_of(capital: str, name: str) -> Lever:
    return next(lever for lever in LEVERS if (lever.capital, lever.name) == (capital, name))


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
