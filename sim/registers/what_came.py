"""What came after August 2024, held against the claims that a year can speak to: ``since.yaml``."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from sim.model.moves import LEVER
from sim.registers.register import claims
from sim.registers.register_files import entries, known_only

FOR, AGAINST, SILENT = "for", "against", "silent"


@dataclass(frozen=True, slots=True)
class Came:
    """What a year says of a claim.

    Attributes
    ----------
    claim
        Its id.
    expected, came
        What the claim lets one expect of the year, and what came.
    says
        ``for``, ``against`` or ``silent``.
    sources
        Rows of a vintage: ``events/DATE``, ``annual/SERIES/YEAR``, ``monthly/SERIES/MONTH``, ``moves/CAPITAL/LEVER``.
    asked
        Questions of a sitting that are about the claim.
    lever, options
        A lever that is about it, and the options that would speak for it.
    """

    claim: str
    expected: str
    came: str
    says: str
    sources: tuple[str, ...]
    asked: tuple[str, ...] = ()
    lever: str = ""
    options: tuple[str, ...] = ()


@cache
def came_by_claim() -> Mapping[str, Came]:
    """Return what came by claim.

    Raises
    ------
    ValueError
        If the file is malformed: names the entry and the fix.

    Examples
    --------
    >>> came_by_claim()["C19"].says
    'for'
    """
    return entries("since.yaml", Came, _check)


def count_claims() -> dict[str, int]:
    """Return for how many claims the year speaks, against how many, and about how many it is silent.

    Examples
    --------
    >>> sum(count_claims().values()) == len(came_by_claim())
    True
    """
    return {word: sum(what.says == word for what in came_by_claim().values()) for word in (FOR, AGAINST, SILENT)}


def _check(where: str, came: Came) -> None:
    known_only(where, "claim", [came.claim], claims())
    known_only(where, "word for what it says", [came.says], (FOR, AGAINST, SILENT))
    if came.lever:
        known_only(where, "lever", [came.lever], LEVER)
        known_only(where, "option", came.options, [option.name for option in LEVER[came.lever].options])
