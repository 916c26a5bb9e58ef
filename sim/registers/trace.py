"""The trace between the article and the model, both ways: what each claim became, and what each rule rests on.

``python -m sim.registers.trace > docs/claims.md`` writes the table for people to read.
"""

import inspect
from collections.abc import Mapping
from functools import cache
from importlib import import_module
from pkgutil import walk_packages
from types import MappingProxyType
from typing import NamedTuple

import sim.model
from sim.registers.register import ROLES, assumptions, claims, registered_parameters


class Row(NamedTuple):
    """One claim or assumption, and everything in the model that cites it; assumptions have no roles, claims no why."""

    id: str
    roles: tuple[str, ...]
    says: str
    why: str
    enters_as: str
    parameters: tuple[str, ...]
    rules: tuple[str, ...]


@cache
def rules() -> Mapping[str, tuple[str, ...]]:
    """Return the ids that each rule of the model rests on.

    A rule is a function under ``sim.model`` that was marked with ``rests_on``. Its name is its place below
    ``sim.model``, such as ``goals.beijing.west``.
    """
    cited = {}
    for module in walk_packages(sim.model.__path__, "sim.model."):
        for name, rule in inspect.getmembers(import_module(module.name), inspect.isfunction):
            if rule.__module__ == module.name and hasattr(rule, "rests_on"):
                cited[f"{module.name.removeprefix('sim.model.')}.{name}"] = rule.rests_on
    return MappingProxyType(cited)


def trace_table() -> list[Row]:
    """Return a row for each claim, then for each assumption."""
    stated = [
        _row(claim.id, claim.roles, claim.says, "", claim.enters_as or f"not modelled: {claim.not_modelled}")
        for claim in claims().values()
    ]
    assumed = [_row(entry.id, (), entry.says, entry.why, entry.enters_as) for entry in assumptions().values()]
    return stated + assumed


def claims_table() -> str:
    """Return the table as the page ``docs/claims.md``."""
    rows = trace_table()
    roles = "\n".join(f"* **{letter}**: {words}" for letter, words in ROLES.items())
    stated, assumed = ("\n".join(_line(row) for row in rows if bool(row.roles) == claim) for claim in (True, False))
    return f"""# Claims and assumptions

What the article claims, what is assumed beside it, and what each became in the model. This page is made by
`python -m sim.registers.trace > docs/claims.md` from `sim/registers/*.yaml` and from what the rules under
`sim/model` cite.

## The article's claims

The article is Victoria Herczegh, "Why China Shuns the Russia-North Korea Alliance", 16 August 2024. Every claim is
in our words; no sentence of it is copied. The works that assumptions name are in the [bibliography](bibliography.md).

Roles:

{roles}

Patterns, derived claims and forecasts are never coded. They are what the results are compared with, so nothing in the
model cites them. Rules are named by their place below `sim/model`.

| id | roles | says | enters as | rules | parameters |
|---|---|---|---|---|---|
{stated}

## Assumptions

Where the article is silent and the model must say something all the same.

| id | says | why, and whose idea | enters as | rules | parameters |
|---|---|---|---|---|---|
{assumed}
"""


def _row(source: str, roles: tuple[str, ...], says: str, why: str, enters_as: str) -> Row:
    citing_parameters = tuple(name for name, parameter in registered_parameters().items() if source in parameter.claims)
    citing_rules = tuple(name for name, sources in rules().items() if source in sources)
    return Row(source, roles, says, why, enters_as, citing_parameters, citing_rules)


def _line(row: Row) -> str:
    roles = [", ".join(row.roles)] if row.roles else []
    why = [] if row.roles else [row.why]
    citing = (", ".join(f"`{name}`" for name in names) for names in (row.rules, row.parameters))
    return f"| {' | '.join([row.id, *roles, row.says, *why, row.enters_as, *citing])} |"


if __name__ == "__main__":
    print(claims_table(), end="")
