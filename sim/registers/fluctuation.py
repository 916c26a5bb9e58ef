"""The register of what states move by from month to month without anybody meaning it."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from sim.registers.register_files import entries, known_only

GROUNDS = ("recorded", "derived", "noise", "none")


@dataclass(frozen=True, slots=True)
class Fluctuation:
    """What a state, or what is given of the world outside, moves by in a month without anybody meaning it.

    Attributes
    ----------
    size
        Root mean square of the month's move, in ``unit``; 0 where nothing but decisions moves it.
    ground
        "recorded": a series of ``sim/registers/observed``. "derived": from the size of another state, by the rule that
        makes one of the other. "noise": the model's own (``python -m research.fluctuations``). "none": nobody has seen
        it move but by decisions.
    """

    name: str
    size: float
    unit: str
    ground: str
    source: str
    why: str


@cache
def fluctuations() -> Mapping[str, Fluctuation]:
    """Return the fluctuations by the name of the state.

    Raises
    ------
    ValueError
        If the register is malformed: names the file, the entry and the fix.

    Examples
    --------
    >>> fluctuations()["china_flow"].ground
    'recorded'
    """
    return entries("fluctuations.yaml", Fluctuation, _check)


def _check(where: str, entry: Fluctuation) -> None:
    known_only(where, "ground", [entry.ground], GROUNDS)
    if entry.size < 0.0:
        raise ValueError(f"{where}: size is {entry.size:g}; write how far it moves, whichever way: 0 or more")
    if (entry.size == 0.0) != (entry.ground == "none"):
        raise ValueError(f"{where}: size 0 and ground none go together; mend one of them")
