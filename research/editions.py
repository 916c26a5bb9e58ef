"""Earlier editions of the rules, as settings of today's."""

from typing import Any

from sim.engine.sets import Sets
from sim.inference.sets_file import SECOND_EDITION, shipped_sets
from sim.registers.register import registered_parameters
from sim.scenario import Scenario, load
from sim.scenario.source import Source

# The second edition let the border open over 2025, whatever its forecasts said.
_OPENED = {"2024-12": 0.82, "2025-12": {"linear": 1.0}}
SECOND = {name: entry.edition_2 for name, entry in registered_parameters().items() if entry.edition_2 is not None}


def as_second_edition(scenario: Scenario) -> Scenario:
    """Return a scenario in which the rules do what those of the second edition did, bit for bit.

    Delegations cross the border as goods do, it opens over 2025, no shortfall is too small to be noticed, a meeting
    lasts as long as it is offered, and Beijing does not mind that Moscow is the closer patron.

    Examples
    --------
    >>> from sim.scenario import load
    >>> as_second_edition(load("baseline")).values()["tolerance"]
    0.0
    """
    usual, own = (_border(known) for known in (load("baseline"), scenario))
    until_2024 = {month: value for month, value in usual[0].items() if month < "2024-08"}
    layers = [until_2024 | _OPENED if layer == usual[0] else layer for layer in own]
    earlier = scenario.with_(drivers={"border": layers}, parameters=SECOND)
    return earlier.model_copy(update={"drivers": earlier.drivers.model_copy(update={"border_visits": ()})})


def _border(scenario: Scenario) -> list[Any]:
    """Return what a scenario says of the border, as a file would."""
    layers: list[Any] = scenario.model_dump(mode="json", by_alias=True)["drivers"]["border"]
    return layers


def second_edition_sets() -> Sets:
    """Return the sets that history left under the second edition, for :func:`as_second_edition`.

    Examples
    --------
    >>> len(second_edition_sets().some(3, seed=1))
    3
    """
    kept = shipped_sets(SECOND_EDITION)
    return Sets(kept.sets.reset_index(drop=True), kept.weights, Source.RETAINED)
