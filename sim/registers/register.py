"""The registers: what the article claims, what is assumed beside it, every number of the model, what was observed."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING, TypeVar

from sim.model.capitals import CAPITALS
from sim.registers import vintage
from sim.registers.register_files import entries, known_only, nearest_hint

if TYPE_CHECKING:
    import pandas as pd

ROLES = {
    "I": "an interest",
    "M": "a mechanism",
    "X": "context",
    "P": "a pattern",
    "D": "derived from other claims",
    "F": "a forecast",
}
CODED = frozenset("IMX")  # the roles that may enter the model; the others are for tests and analysis alone
BASES = ("stated", "inferred", "assumed")
KINDS = ("uncertainty", "fixed")
TABLES = ("annual", "monthly", "events")
N = TypeVar("N")


@dataclass(frozen=True, slots=True)
class Claim:
    """One claim of the article. Exactly one of ``enters_as`` and ``not_modelled`` has words in it."""

    id: str
    paragraph: int  # 1 is the first body paragraph, 0 the line under the headline
    says: str
    roles: tuple[str, ...]
    capitals: tuple[str, ...]
    enters_as: str = ""
    not_modelled: str = ""
    uncertain: bool = False

    @property
    def barred(self) -> bool:
        """Whether the model may not cite the claim: it is a pattern, derived, or a forecast, and nothing else."""
        return CODED.isdisjoint(self.roles)


@dataclass(frozen=True, slots=True)
class Assumption:
    """Something the model says where the article is silent."""

    id: str
    says: str
    why: str
    enters_as: str
    extends: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Parameter:
    """A number of the model, with its plausible range and what it rests on.

    Attributes
    ----------
    neutral
        The value at which what the parameter stands for falls away; None where it cannot be switched off.
    claims
        Ids of the claims and assumptions that it rests on.
    off_without
        The ids of which any one, switched off, sets the parameter to ``neutral``; all of ``claims`` where None.
    at_low
        Share of the prior that lies exactly at ``low``; the rest is uniform.
    edition_2
        Its value under the second edition of the rules; None where that edition has the same default.
    """

    name: str
    default: float
    unit: str
    meaning: str
    claims: tuple[str, ...]
    basis: str
    kind: str
    low: float | None = None
    high: float | None = None
    neutral: float | None = None
    off_without: tuple[str, ...] | None = None
    symbol: str = ""
    at_low: float = 0.0
    edition_2: float | None = None


@cache
def claims() -> Mapping[str, Claim]:
    """Return the claims of the article by id, C01 to C63.

    Raises
    ------
    ValueError
        If the register is malformed: names the file, the entry and the fix.
    """
    return entries("claims.yaml", Claim, _check_claim)


@cache
def assumptions() -> Mapping[str, Assumption]:
    """Return the assumptions by id, A1 onward; see :func:`claims`."""
    return entries(
        "assumptions.yaml", Assumption, lambda where, made: known_only(where, "claim", made.extends, claims())
    )


@cache
def registered_parameters() -> Mapping[str, Parameter]:
    """Return the parameters of the model by name; see :func:`claims`."""
    return entries("parameters.yaml", Parameter, _check_parameter)


def uncertain() -> list[str]:
    """Return the names of the uncertain parameters."""
    return [name for name, entry in registered_parameters().items() if entry.kind == "uncertainty"]


@cache
def switches() -> Mapping[str, tuple[str, ...]]:
    """Return, for each id that can be switched off, the names of the parameters that it switches."""
    names: dict[str, tuple[str, ...]] = {}
    for name, parameter in registered_parameters().items():
        if parameter.neutral is not None:
            for source in _off_without(parameter):
                names[source] = (*names.get(source, ()), name)
    return MappingProxyType(names)


def neutralise(values: Mapping[str, N], without: Iterable[str]) -> dict[str, N | float]:
    """Return the values with every parameter at neutral that one of the ids in ``without`` switches off.

    Parameters
    ----------
    values
        Parameter values by name: numbers, or arrays with an entry for each set.
    without
        Ids of claims and assumptions.

    Raises
    ------
    ValueError
        If an id does not exist, or nothing in the model can be switched off with it.
    """
    result: dict[str, N | float] = dict(values)
    for source in without:
        for name in _switched_by(source):
            neutral = registered_parameters()[name].neutral
            if name in result and neutral is not None:
                result[name] = neutral
    return result


@cache
def registers_digest() -> str:
    """Return the SHA-256 of what the registers decide of any run, in hexadecimal; the same on every system.

    The parameters' numbers in their order, from which draws are made, and what each id switches off. Words, sources
    and units decide nothing.
    """
    numbers = {
        name: [entry.kind, entry.default, entry.low, entry.high, entry.neutral]
        for name, entry in registered_parameters().items()
    }
    switched = sorted((source, sorted(names)) for source, names in switches().items())
    return hashlib.sha256(json.dumps([numbers, switched]).encode()).hexdigest()


def short_digest() -> str:
    """Return the first twelve digits of :func:`registers_digest`, for people to read."""
    return registers_digest()[:12]


def observed_table(table: str, later: bool = True) -> "pd.DataFrame":
    """Return what was observed up to 2024-08-16, and what a vintage adds (:mod:`sim.registers.vintage`).

    Parameters
    ----------
    table
        "annual" (``year`` is an integer), "monthly" (``month`` is a monthly period) or "events" (``date`` is text,
        a day or a month; ``month`` is its monthly period).
    later
        Whether what a vintage adds is read too.

    Raises
    ------
    ValueError
        If there is no such table.
    """
    import pandas as pd

    known_only("observed", "table", [table], TABLES)
    frame = vintage.read_table(f"{table}.csv", later)
    if table == "monthly":
        frame["month"] = pd.PeriodIndex(frame["month"], freq="M")
    elif table == "events":
        frame.insert(1, "month", pd.PeriodIndex(frame["date"].str.slice(0, 7), freq="M"))
    return frame


def _off_without(parameter: Parameter) -> tuple[str, ...]:
    return parameter.claims if parameter.off_without is None else parameter.off_without


def _switched_by(source: str) -> tuple[str, ...]:
    """Return the parameters that an id switches off, or say why there are none."""
    if source in switches():
        return switches()[source]
    if source not in _sources():
        raise ValueError(f"{source} is neither a claim nor an assumption{nearest_hint(source, _sources())}")
    claim = claims().get(source)
    if claim is None:
        reason = "no parameter that rests on this assumption has a neutral value"
    elif claim.barred:
        roles = " and ".join(ROLES[role] for role in claim.roles)
        reason = f"it is {roles}, and that is looked for in the results, never coded"
    elif claim.not_modelled:
        reason = claim.not_modelled
    else:
        reason = "no parameter that rests on this claim has a neutral value"
    able = ", ".join(sorted(switches(), key=lambda name: (name[0], int(name[1:]))))
    raise ValueError(f"nothing in the model switches off with {source}: {reason}. What can be switched off: {able}")


@cache
def _sources() -> Mapping[str, Claim | Assumption]:
    return {**claims(), **assumptions()}


def _check_claim(where: str, claim: Claim) -> None:
    known_only(where, "role", claim.roles, ROLES)
    known_only(where, "capital", claim.capitals, CAPITALS)
    if bool(claim.enters_as) == bool(claim.not_modelled):
        raise ValueError(f"{where}: give either enters_as or not_modelled, and not both")


def _check_parameter(where: str, parameter: Parameter) -> None:
    known_only(where, "basis", [parameter.basis], BASES)
    known_only(where, "kind", [parameter.kind], KINDS)
    known_only(where, "claim or assumption", (*parameter.claims, *_off_without(parameter)), _sources())
    low, high = parameter.low, parameter.high
    if (low is None) != (high is None):
        raise ValueError(f"{where}: give both low and high, or neither")
    if low is None and parameter.kind == "uncertainty":
        raise ValueError(f"{where}: an uncertainty needs low and high; add them or make it fixed")
    if not 0.0 <= parameter.at_low < 1.0:
        raise ValueError(f"{where}: at_low is a share of the prior, from 0 to below 1, not {parameter.at_low}")
    if low is not None and high is not None and not low <= parameter.default <= high:
        raise ValueError(f"{where}: the default {parameter.default} lies outside {low} to {high}; mend one of them")
