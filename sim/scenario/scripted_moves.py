"""What a scenario says of the capitals: the moves that are scripted."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Annotated

from pydantic import (
    Field,
    ValidationError,
    ValidationInfo,
    ValidatorFunctionWrapHandler,
    WrapValidator,
    field_validator,
)
from pydantic_core import ErrorDetails, InitErrorDetails, PydanticCustomError

from sim.model.capitals import CAPITALS
from sim.model.moves import LEVERS, Lever
from sim.scenario.errors import Fault, refusal, refuse, unknown_word
from sim.scenario.paths import Period
from sim.scenario.plain_data import Month, Text


class Move(Period):
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
        levers = tuple(listed.name for listed in LEVERS if listed.capital == capital)
        if capital and lever not in levers:
            fault = unknown_word(lever, levers, f"lever of {capital}")
            owner = next((listed.capital for listed in LEVERS if listed.name == lever), None)
            refuse(replace(fault, fix=f"that lever goes with capital: {owner}") if owner else fault)
        return lever

    @field_validator("option")
    @classmethod
    def _option(cls, option: str, info: ValidationInfo) -> str:
        capital, lever = info.data.get("capital"), info.data.get("lever")
        if capital and lever:
            options = tuple(choice.name for choice in _lever_of(capital, lever).options)
            _known(option, options, f"option of {capital}'s {lever}")
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
        refuse(unknown_word(word, words, what))
    return word


def _lever_of(capital: str, name: str) -> Lever:
    return next(lever for lever in LEVERS if (lever.capital, lever.name) == (capital, name))


def _no_clash(given: object, handler: ValidatorFunctionWrapHandler) -> tuple[Move, ...]:
    """Refuse scripts that hold one lever at two options in the same month, told with all that is wrong otherwise."""
    try:
        moves: tuple[Move, ...] = handler(given)
    except ValidationError as error:
        errors = error.errors(include_url=False)
        both = [_again(fault) for fault in errors]
        wrong = {fault["loc"][0] for fault in errors if fault["loc"]}
        if wrong and isinstance(given, Iterable) and (faults := _clashes(_sound(given, wrong))):
            both.append(InitErrorDetails(type=refusal(*faults), loc=(), input=given))
        raise ValidationError.from_exception_data(error.title, both) from None
    if faults := _clashes(list(enumerate(moves))):
        refuse(*faults)
    return moves


def _sound(given: Iterable[object], wrong: set[int | str]) -> list[tuple[int, Move]]:
    """Return the moves that nothing is wrong with by themselves, and their places."""
    return [(place, Move.model_validate(written)) for place, written in enumerate(given) if place not in wrong]


def _again(fault: ErrorDetails) -> InitErrorDetails:
    """Return an error as it can be raised again; what this package refuses is no error of pydantic's own."""
    own = fault["type"] == "faults"
    kind = PydanticCustomError("faults", fault["msg"], fault["ctx"]) if own else fault["type"]
    return InitErrorDetails(type=kind, loc=fault["loc"], input=fault["input"], ctx=fault.get("ctx", {}))


def _clashes(moves: list[tuple[int, Move]]) -> list[Fault]:
    """Return where moves, with their places, hold one lever at two options."""
    faults = []
    scripted: dict[tuple[str, str, int], dict[str, Move]] = {}  # by lever and month: the first move of each option
    for place, move in moves:
        others: dict[str, Move] = {}
        for month in move.months:
            held = scripted.setdefault((move.capital, move.lever, month), {})
            others |= {option: other for option, other in held.items() if option not in others}
            held.setdefault(move.option, move)
        for other in (other for option, other in others.items() if option != move.option):
            why = f"{move.capital}'s {move.lever} is scripted as {other.option} too, from {other.first} to {other.last}"
            written = f"{move.option} from {move.first} to {move.last}"
            faults.append(Fault(why, (place,), written, fix="script each month of a lever once"))
    return faults


Moves = Annotated[tuple[Move, ...], WrapValidator(_no_clash)]
Policies = dict[Text, Moves]
