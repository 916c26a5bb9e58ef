"""How much each control of the page can matter: what the war's end does along its range, measured beforehand.

``python -m research.control_effects`` writes ``matters.json`` (some minutes): the thousand pairs that the page shows,
for every place on a control and every claim and assumption that can be switched off, counted as the page counts.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import TypedDict

import numpy as np

import sim.web
from sim.analysis.definitions import CAUSAL_POINTS
from sim.engine.web.modules import shipped_fingerprint
from sim.model import months
from sim.model.moves import LEVER
from sim.registers.register import registered_parameters, switches
from sim.scenario import Scenario, load
from sim.scenario.plain_data import LAST
from sim.scenario.war_and_drivers import driver_bounds
from sim.web import read_from_page
from sim.web.facts import MATTERS
from sim.web.first_pairs import pairs_of

PLACES = 5  # on a control's range


class Control(TypedDict, total=False):
    """What the page lets move."""

    name: str
    kind: str  # end, lever, talks, parameter or driver
    last: str  # of an end, YYYY-MM


class Group(TypedDict):
    """Controls that stand together."""

    name: str
    controls: list[Control]


# All of them, the scenario that they move, and the month from which they do: "from" is a word of Python.
Controls = TypedDict("Controls", {"base": str, "from": str, "groups": list[Group]})


def controls() -> Controls:
    """Return what the page lets move, from page/controls.json."""
    given: Controls = read_from_page("controls.json")
    return given


def control_values(control: Control) -> list[float | str]:
    """Return the values of a control that are tried: places on its range, or its options."""
    name, kind = control["name"], control["kind"]
    if kind == "lever":
        return [option.name for option in LEVER[name].options]
    if kind == "talks":
        return []
    if kind == "end":
        first, last = months.index("2025-01"), months.index(control["last"])
        return [months.name(int(month)) for month in np.linspace(first, last, PLACES)]
    low, high = _range(name) if kind == "parameter" else driver_bounds(name)
    return [round(float(value), 6) for value in np.linspace(low, high, PLACES)]


def _range(name: str) -> tuple[float, float]:
    known = registered_parameters()[name]
    assert known.low is not None and known.high is not None
    return known.low, known.high


def move_control(base: Scenario, control: Control, value: float | str, first: str) -> Scenario:
    """Return a scenario with one control at a value, as the page has it; ``first`` is the month from which it holds."""
    name, kind = control["name"], control["kind"]
    changes: dict[str, dict[str, object]] = {
        "end": {"war": {"ends": value}},
        "parameter": {"parameters": {name: value}},
        "driver": {"drivers": {name: {first: value}}},
    }
    if kind == "lever":
        lever = LEVER[name]
        move = {"capital": lever.capital, "lever": lever.name, "option": value, "from": first, "to": LAST}
        return base.with_(moves=[move])
    return base.with_(**changes[kind])


def measure_controls() -> dict[str, object]:
    """Simulate and return all of it: mean effect and share of D2, by control and value, and by what is switched off."""
    given, base = controls(), load(controls()["base"])

    def worth(world: Scenario) -> dict[str, float]:
        _, effect = pairs_of(world)
        return {"mean": round(effect.mean, 2), "share": round(float((effect.values >= CAUSAL_POINTS).mean()), 3)}

    def along(control: Control) -> Iterator[dict[str, object]]:
        for value in control_values(control):
            yield {"value": value, **worth(move_control(base, control, value, given["from"]))}

    return {
        "fingerprint": shipped_fingerprint(),
        "whole": worth(base),
        "controls": {entry["name"]: list(along(entry)) for group in given["groups"] for entry in group["controls"]},
        "without": {id: worth(base.with_(without=[*base.without, id])) for id in switches()},
    }


if __name__ == "__main__":
    text = json.dumps(measure_controls(), indent=1)
    (Path(sim.web.__file__).parent / MATTERS).write_text(text + "\n", encoding="utf-8")
