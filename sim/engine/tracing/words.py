"""The generator of draws, run once on symbols: what :func:`sim.engine.draws.philox` does to its words, step by step."""

from dataclasses import dataclass
from typing import Any, Union, cast

from sim.engine import draws

INPUTS = ("pair", "row", "run", "run_high", "seed", "seed_high")  # the counter, and the key


@dataclass(frozen=True)
class Step:
    """One operation on words, or on numbers made of them.

    Attributes
    ----------
    sign
        As Python writes it.
    args
        Names of inputs and of earlier steps, or numbers.
    real
        Whether a number comes out, not a word of 64 bits.
    """

    name: str
    sign: str
    args: tuple[Union["Word", float], Union["Word", float]]
    real: bool


class Word:
    """A word, or a number, that the generator computes: what is done to it is written down."""

    __array_ufunc__ = None  # numpy's own numbers leave it to us

    def __init__(self, steps: list[Step], name: str, real: bool = False) -> None:
        self.steps, self.name, self.real = steps, name, real

    def _with(self, sign: str, other: Any) -> "Word":
        real = self.real or (other.real if isinstance(other, Word) else isinstance(other, float))
        plain = other if isinstance(other, Word | float) else int(other)
        made = Step(f"w{len(self.steps)}", sign, (self, plain), real)
        self.steps.append(made)
        return Word(self.steps, made.name, real)

    def __add__(self, other: Any) -> "Word":
        return self._with("+", other)

    def __mul__(self, other: Any) -> "Word":
        return self._with("*", other)

    __rmul__ = __mul__

    def __and__(self, other: Any) -> "Word":
        return self._with("&", other)

    def __xor__(self, other: Any) -> "Word":
        return self._with("^", other)

    def __rshift__(self, other: Any) -> "Word":
        return self._with(">>", other)


def two_draws() -> tuple[list[Step], tuple[Word, Word]]:
    """Return the steps from a counter and a key (:data:`INPUTS`) to two draws, and those draws."""
    steps: list[Step] = []
    philox, units = cast(Any, draws.philox), cast(Any, draws.units)
    return steps, units(*philox(*(Word(steps, name) for name in INPUTS)))
