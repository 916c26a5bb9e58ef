"""From the register's defaults to the numbers that a run uses."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import reduce
from operator import and_
from typing import TYPE_CHECKING, Any, TypeVar

from sim.model.capitals import CAPITALS
from sim.model.variants import VARIANTS, Variant
from sim.registers.register import neutralise, registered_parameters

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

N = TypeVar("N", float, "float | NDArray[np.float64]")  # a number; or an array of one shape for all


@dataclass(frozen=True, slots=True)
class Ordering:
    """Goals whose order the article states: some weights, summed, are at least another."""

    larger: tuple[str, ...]
    smaller: str
    claims: tuple[str, ...]

    @property
    def says(self) -> str:
        """The ordering in words."""
        return f"{' + '.join(self.larger)} must be at least {self.smaller}"

    @property
    def weights(self) -> tuple[str, ...]:
        """The weights in it."""
        return *self.larger, self.smaller

    def margin(self, values: Mapping[str, N]) -> N:
        """Return by how much values, numbers or arrays, keep it: below zero where they break it."""
        first, *others = self.larger
        total = values[first]
        for name in others:
            total = total + values[name]
        return total - values[self.smaller]


ORDERINGS = (Ordering(("beijing_west_weight",), "beijing_influence_weight", ("C01", "C08")),)


def weights_of(capital: str) -> dict[str, str]:
    """Return the goals of a capital with the names of their weights in the register."""
    prefix, suffix = f"{capital.lower()}_", "_weight"
    return {
        name.removeprefix(prefix).removesuffix(suffix): name
        for name in registered_parameters()
        if name.startswith(prefix) and name.endswith(suffix)
    }


def defaults(parameters: Mapping[str, N]) -> dict[str, float | N]:
    """Return every number of the register, those given in place of their defaults."""
    return {name: float(entry.default) for name, entry in registered_parameters().items()} | dict(parameters)


def orderly(values: "Mapping[str, float | NDArray[np.float64]]") -> "bool | NDArray[np.bool_]":
    """Return whether values, numbers or arrays, keep every ordering of goals that the article states."""
    return reduce(and_, (ordering.margin(values) >= 0.0 for ordering in ORDERINGS))


def resolve(
    parameters: Mapping[str, N], without: Iterable[str] = (), variant: Variant = VARIANTS["V0"]
) -> dict[str, float | N]:
    """Return every parameter of the model, ready for the equations.

    A capital's weights are divided by their sum before anything is switched off, so that what is
    switched off leaves the other goals as they were. Washington's attention may lie in part outside
    the model: its weights are divided only where they exceed 1 together.

    Parameters
    ----------
    parameters
        Values that replace the register's defaults: numbers, or arrays of one shape (a value a run).
    without
        Ids of claims and assumptions that are switched off.
    variant
        The reading of the model; its values come last.

    Returns
    -------
    dict
        Name to number, or array. Arrays hold to the last bit what each run would get alone.
    """
    values = defaults(parameters)
    for capital in CAPITALS:
        names = weights_of(capital).values()
        total: Any = 0.0
        for name in names:  # one after the other: sum() of numbers and of arrays may round differently
            total = total + values[name]
        if capital == "Washington":
            above = total > 1.0
            total = total * above + 1.0 * (total <= 1.0)
        values |= {name: values[name] / total for name in names}
    values = {**neutralise(values, without), **variant.parameters}
    return {name: float(value) if isinstance(value, int) else value for name, value in values.items()}
