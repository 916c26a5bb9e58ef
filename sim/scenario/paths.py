"""The grammar of drivers: how a scenario says what a driver is in every month.

A driver is a list of layers, each laid over the ones before (and over the parent's): a number for all
months; a path, month by month, each value held until the next month named; or a pulse, a value from one
month to another.
"""

from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Discriminator, Field, Tag, model_validator

from sim.scenario.errors import Fault, refuse
from sim.scenario.words import FIRST, LAST, Month, Number, index


class ScenarioPart(BaseModel):
    """A piece of a scenario: frozen, and strict about its keys."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Period(ScenarioPart):
    """A piece that lasts from one month to another, both included. Subclasses have ``first`` and ``last``."""

    @model_validator(mode="after")
    def _in_order(self) -> "Period":
        first, last = vars(self)["first"], vars(self)["last"]
        if last < first:
            refuse(
                Fault("the last month lies before the first", ("to",), last, f"{first} or later", fix="exchange them")
            )
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


class Ramp(ScenarioPart):
    """A value that is reached in a straight line from the month named before."""

    linear: Number


def _kind_of_value(value: object) -> str:
    return "<line>" if isinstance(value, Mapping | Ramp) else "<number>"


def _kind_of_layer(value: object) -> str:
    if isinstance(value, Pulse):
        return "<pulse>"
    if not isinstance(value, Mapping):
        return "<number>"
    return "<pulse>" if {"from", "to", "value"} & set(value) else "<path>"


def _listed(value: object) -> Any:
    return value if isinstance(value, list | tuple) else [value]


PathValue = Annotated[
    Annotated[Number, Tag("<number>")] | Annotated[Ramp, Tag("<line>")], Discriminator(_kind_of_value)
]
Path = dict[Month, PathValue]
Layer = Annotated[
    Annotated[Number, Tag("<number>")] | Annotated[Pulse, Tag("<pulse>")] | Annotated[Path, Tag("<path>")],
    Discriminator(_kind_of_layer),
]
Layers = Annotated[tuple[Layer, ...], BeforeValidator(_listed)]


def numbers_in(layer: Any) -> Iterator[tuple[tuple[str, ...], float]]:
    """Yield every number of a layer with the keys that lead to it."""
    if isinstance(layer, Pulse):
        yield ("value",), layer.value
    elif isinstance(layer, dict):
        for month, value in layer.items():
            yield ((month, "linear"), value.linear) if isinstance(value, Ramp) else ((month,), value)
    else:
        yield (), layer


def path_faults(path: dict[str, Any], at: tuple[str | int, ...]) -> list[Fault]:
    """Return what is wrong with the order of a path's months."""
    months = list(path)
    if not months:
        return [Fault("the path is empty", at, fix="name at least one month: {2019-01: 1}")]
    faults = [
        Fault(
            "the months of a path must follow one another",
            (*at, later),
            later,
            f"a month after {earlier}",
            fix="put the months in order",
        )
        for earlier, later in pairwise(months)
        if later <= earlier
    ]
    if isinstance(path[months[0]], Ramp):
        faults.append(
            Fault("a straight line needs a month to start from", (*at, months[0]), fix="name an earlier month")
        )
    return faults


def covers_all(layer: object) -> bool:
    """Say whether nothing below a layer can show through."""
    return isinstance(layer, float) or (isinstance(layer, dict) and FIRST in layer)


def monthly(layers: tuple[Any, ...]) -> list[float]:
    """Return a driver's value in each month that the model knows, from 2019-01 on."""
    values = [0.0] * (index(LAST) + 1)
    for layer in layers:
        if isinstance(layer, Pulse):
            for month in layer.months:
                values[month] = layer.value
        elif isinstance(layer, dict):
            _follow(layer, values)
        else:
            values = [layer] * len(values)
    return values


def _follow(path: dict[str, Any], values: list[float]) -> None:
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
