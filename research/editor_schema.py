"""The JSON Schema of scenario files, from which editors complete keys and mark mistakes.

``python -m research.editor_schema`` writes it to docs/scenario.schema.json.
"""

import json
from pathlib import Path

from sim.model.moves import LEVERS
from sim.registers.register import registered_parameters, switches
from sim.scenario.plain_data import MONTH_SCHEMA
from sim.scenario.priors import AT_LOW, FAMILIES, WITHIN
from sim.scenario.registered import PRIOR
from sim.scenario.schema import Scenario

TARGET = Path(__file__).parents[1] / "docs" / "scenario.schema.json"
_DRIVER = """ Written as a number for all months; {from, to, value}, a pulse over what it would be otherwise; \
{from: {uniform: [YYYY-MM, YYYY-MM]}, lasts, value}, a pulse that begins in a month drawn for each run; \
{hazard, from, to, value, lasts}, pulses that begin by chance, value and lasts numbers or what they are drawn from; \
{YYYY-MM: value, ...}, each value held until the next month named and {linear: value} reached in a straight \
line; or a list of these, each laid over the one before."""

_DRAWN = {"$ref": "#/$defs/Drawn"}


def json_schema() -> dict[str, object]:
    """Return the JSON Schema of a scenario file.

    Every key carries its ``role``: ``uncertainty`` (not known), ``lever`` (decided by a capital),
    ``event`` (happens from outside) or ``choice`` (of whoever asks).
    """
    schema = Scenario.model_json_schema()
    schema = {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema, "title": "driftback scenario"}
    parts = schema["$defs"]
    del schema["required"], parts["Drivers"]["required"]  # a parent may say it
    parts["Drivers"]["properties"] = {name: _driver(driver) for name, driver in parts["Drivers"]["properties"].items()}
    for unused in ("Ramp", "Pulse", "Onset", "Shocks"):
        parts.pop(unused, None)
    schema["properties"]["parameters"] |= {"properties": _parameters(), "additionalProperties": False}
    parts["Drawn"] = _drawn()
    schema["properties"]["without"]["items"] = {"enum": sorted(switches(), key=lambda name: (name[0], int(name[1:])))}
    parts["Move"]["anyOf"] = [
        {
            "properties": {
                "capital": {"const": lever.capital},
                "lever": {"const": lever.name, "description": lever.title},
                "option": {"enum": [option.name for option in lever.options]},
            }
        }
        for lever in LEVERS
    ]
    return schema


def _driver(driver: dict[str, object]) -> dict[str, object]:
    """Return the schema of one driver in all the ways in which it may be written."""
    value = {"type": "number", "minimum": driver["minimum"], "maximum": driver["maximum"]}
    said = [] if driver["usual"] is not None else ["value"]
    line = _mapping({"linear": value}, ["linear"])
    pulse = _mapping({"from": MONTH_SCHEMA, "to": MONTH_SCHEMA, "value": value}, ["from", "to", *said])
    lasts = {"type": "integer", "minimum": 1}
    onset = _mapping({"from": {"$ref": "#/$defs/Uniform"}, "lasts": lasts, "value": value}, [*said, "from", "lasts"])
    shocks = _mapping(
        {
            "hazard": {"type": "number", "minimum": 0, "maximum": 1},
            "from": MONTH_SCHEMA,
            "to": MONTH_SCHEMA,
            "value": {"anyOf": [value, _DRAWN]},
            "lasts": {"anyOf": [lasts, _DRAWN]},
        },
        ["hazard", "from", "to", "lasts", *said],
    )
    path = {
        "type": "object",
        "patternProperties": {MONTH_SCHEMA["pattern"]: {"anyOf": [value, line]}},
        "additionalProperties": False,
        "minProperties": 1,
    }
    layer = {"anyOf": [value, pulse, onset, shocks, path]}
    return {
        "role": driver["role"],
        "description": f"{driver['description']}{_DRIVER}",
        "anyOf": [*layer["anyOf"], {"type": "array", "items": layer, "minItems": 1}],
    }


def _mapping(properties: dict[str, object], required: list[str]) -> dict[str, object]:
    return {"type": "object", "properties": properties, "required": required, "additionalProperties": False}


def _parameters() -> dict[str, object]:
    """Return the schema of every parameter: a number, or what it is drawn from."""
    return {
        name: {
            "type": ["number", "object", "string"],
            "minimum": entry.low,
            "maximum": entry.high,
            "pattern": f"^{PRIOR}$",
            "if": {"type": "object"},
            "then": _DRAWN,
            "default": entry.default,
            "description": f"{entry.meaning} [{entry.unit}]",
            "role": "uncertainty",
        }
        for name, entry in registered_parameters().items()
        if entry.low is not None
    }


def _drawn() -> dict[str, object]:
    """Return the schema of what a number may be drawn from."""
    pair = _numbers(2, "lowest, highest")
    families = [
        _mapping({family: _numbers(len(names), ", ".join(names)), WITHIN: pair}, [family])
        for family, names in FAMILIES.items()
    ]
    share = {"type": "number", "minimum": 0, "exclusiveMaximum": 1, "description": "share of draws at the lowest"}
    return {"oneOf": [_mapping({"uniform": pair, AT_LOW: share}, ["uniform"]), *families]}


def _numbers(count: int, description: str) -> dict[str, object]:
    items = {"type": "array", "items": {"type": "number"}, "minItems": count, "maxItems": count}
    return items | {"description": description}


def schema_text() -> str:
    """Return the schema as it stands in docs/."""
    return json.dumps(json_schema(), indent=1, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    TARGET.write_text(schema_text(), encoding="utf-8")
