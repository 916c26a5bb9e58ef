"""The grammar of drivers: how a scenario says what a driver is in every month.

A driver is a list of layers, each laid over the ones before (and over the parent's): a number for all
months; a path, month by month, each value held until the next month named; a pulse, a value from one
month to another, or for so many months from one that is drawn for each run; or shocks, pulses that begin by
chance, each with a size and a length that may be drawn too.
"""

from collections.abc import Iterator, Mapping
from functools import partial
from itertools import pairwise
from typing import Annotated, Any

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Discriminator,
    Field,
    PlainSerializer,
    Tag,
    field_validator,
    model_validator,
)

from sim.model.months import index, name
from sim.scenario.drawing import Bounds, as_written, read_drawn, read_number
from sim.scenario.errors import Fault, refuse
from sim.scenario.plain_data import FIRST, LAST, Month, Number, Whole, plain_whole
from sim.scenario.priors import Drawn, Range

_HAZARD = Bounds("the chance that a shock begins in a month", 0.0, 1.0)
_LENGTH = Bounds("how many months a shock lasts", 1.0, index(LAST) + 1.0, "months")


def _ordered(first: str, last: str, *at: str | int) -> None:
    if last < first:
        refuse(Fault("the last month lies before the first", at, last, f"{first} or later", fix="exchange them"))


class ScenarioPart(BaseModel):
    """A piece of a scenario: frozen, and strict about its keys."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Period(ScenarioPart):
    """A piece that lasts from one month to another, both included. Subclasses have ``first`` and ``last``."""

    @model_validator(mode="after")
    def _in_order(self) -> "Period":
        _ordered(vars(self)["first"], vars(self)["last"], "to")
        return self

    @property
    def months(self) -> range:
        """The numbers of its months."""
        return range(index(vars(self)["first"]), index(vars(self)["last"]) + 1)


class Pulse(Period):
    """A value from one month to another; elsewhere the driver stays what it was."""

    first: Month = Field(alias="from")
    last: Month = Field(alias="to")
    value: Number = 1.0


class Uniform(ScenarioPart):
    """A month drawn for each run, every month from the first to the last as likely."""

    uniform: tuple[Month, Month]

    @field_validator("uniform", mode="before")
    @classmethod
    def _pair(cls, value: object) -> object:
        if not isinstance(value, list | tuple) or len(value) != 2:
            refuse(Fault("two months are wanted", value=value, fix="write uniform: [2026-01, 2030-12]"))
        return value

    @model_validator(mode="after")
    def _in_order(self) -> "Uniform":
        _ordered(*self.uniform, "uniform", 1)
        return self


def pulse(first: int, lasts: int, value: float) -> Pulse:
    """Return the pulse of so many months from one on, cut where the known months end."""
    last = min(first + lasts - 1, index(LAST))
    return Pulse.model_validate({"from": name(first), "to": name(last), "value": value})


class Onset(ScenarioPart):
    """A pulse that begins in a month drawn for each run."""

    first: Uniform = Field(alias="from")
    lasts: Whole
    value: Number = 1.0


def _lasts(value: object) -> int | Drawn:
    """Return a number of whole months, or what it is drawn from."""
    if not isinstance(value, Mapping | Drawn):
        return plain_whole(value)
    drawn = read_drawn(_LENGTH, value)
    if isinstance(drawn, Range) and (drawn.low != int(drawn.low) or drawn.high != int(drawn.high)):
        refuse(Fault("whole months are wanted", value=value, allowed=_LENGTH.allowed, fix="write uniform: [1, 4]"))
    return drawn


class Shocks(Period):
    """Pulses that begin by chance: in each month in which none of them lasts, with the same hazard."""

    hazard: Annotated[float, BeforeValidator(partial(read_number, _HAZARD))]
    first: Month = Field(alias="from")
    last: Month = Field(alias="to")
    value: Annotated[Any, PlainSerializer(as_written)] = 1.0  # read where the range of the driver is known
    lasts: Annotated[Any, BeforeValidator(_lasts), PlainSerializer(as_written)]


class Ramp(ScenarioPart):
    """A value that is reached in a straight line from the month named before."""

    linear: Number


def _kind_of_value(value: object) -> str:
    return "<line>" if isinstance(value, Mapping | Ramp) else "<number>"


def _kind_of_layer(value: object) -> str:
    if isinstance(value, Pulse | Onset | Shocks):
        return f"<{type(value).__name__.lower()}>"
    if not isinstance(value, Mapping):
        return "<number>"
    if "hazard" in value:
        return "<shocks>"
    if "lasts" in value or isinstance(value.get("from"), Mapping | Uniform):
        return "<onset>"
    return "<pulse>" if {"from", "to", "value"} & set(value) else "<path>"


def _listed(value: object) -> object:
    return value if isinstance(value, list | tuple) else [value]


PathValue = Annotated[
    Annotated[Number, Tag("<number>")] | Annotated[Ramp, Tag("<line>")], Discriminator(_kind_of_value)
]
Path = dict[Month, PathValue]
Layer = Annotated[
    Annotated[Number, Tag("<number>")]
    | Annotated[Pulse, Tag("<pulse>")]
    | Annotated[Onset, Tag("<onset>")]
    | Annotated[Shocks, Tag("<shocks>")]
    | Annotated[Path, Tag("<path>")],
    Discriminator(_kind_of_layer),
]
Layers = Annotated[tuple[Layer, ...], BeforeValidator(_listed)]


def numbers_in(layer: Layer) -> Iterator[tuple[tuple[str, ...], float]]:
    """Yield every number of a layer with the keys that lead to it."""
    if isinstance(layer, Pulse | Onset):
        yield ("value",), layer.value
    elif isinstance(layer, dict):
        for month, value in layer.items():
            yield ((month, "linear"), value.linear) if isinstance(value, Ramp) else ((month,), value)
    elif not isinstance(layer, Shocks):  # whose size may be drawn
        yield (), layer


def path_faults(path: Path, at: tuple[str | int, ...]) -> list[Fault]:
    """Return what is wrong with the order of a path's months."""
    named = list(path)
    if not named:
        return [Fault("the path is empty", at, fix="name at least one month: {2019-01: 1}")]
    why, fix = "the months of a path must follow one another", "put the months in order"
    faults = [
        Fault(why, (*at, later), later, f"a month after {earlier}", fix=fix)
        for earlier, later in pairwise(named)
        if later <= earlier
    ]
    if isinstance(path[named[0]], Ramp):
        why = "a straight line needs a month to start from"
        faults.append(Fault(why, (*at, named[0]), fix="name an earlier month"))
    return faults


def covers_all(layer: object) -> bool:
    """Say whether nothing below a layer can show through."""
    return isinstance(layer, float) or (isinstance(layer, dict) and FIRST in layer)


def driver_by_month(layers: tuple[Layer, ...]) -> list[float]:
    """Return a driver's value in each month that the model knows, from 2019-01 on.

    What each run draws is not in it.
    """
    values = [0.0] * (index(LAST) + 1)
    for layer in layers:
        if isinstance(layer, Pulse):
            for month in layer.months:
                values[month] = layer.value
        elif isinstance(layer, dict):
            _follow(layer, values)
        elif not isinstance(layer, Onset | Shocks):
            values = [layer] * len(values)
    return values


def _follow(path: Path, values: list[float]) -> None:
    """Write a path over the values, from its first month to the end."""
    before, value = 0, 0.0
    for month, entry in path.items():
        here = index(month)
        if isinstance(entry, Ramp):
            step = (entry.linear - value) / (here - before)
            values[before:here] = [value + step * passed for passed in range(here - before)]
            value = entry.linear
        else:
            value = entry
        values[here:] = [value] * (len(values) - here)
        before = here
