"""The JSON Schema for editors, and how quickly scenarios load."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator

from research.editor_schema import TARGET, json_schema, schema_text
from sim.model.moves import LEVERS
from sim.registers.register import registered_parameters
from sim.scenario import ScenarioError, load, loads
from sim.scenario.schema import keys_at

ROOT = Path(__file__).parents[2]
ROLES = {"uncertainty", "lever", "event", "choice"}


def test_the_schema_in_docs_is_up_to_date() -> None:
    assert TARGET.read_text(encoding="utf-8") == schema_text(), "run python -m research.editor_schema"


def test_every_key_has_a_role() -> None:
    schema = json_schema()
    for key, entry in schema["properties"].items():
        if key in ("months", "war", "drivers"):
            entry = schema["$defs"][entry["$ref"].rsplit("/", 1)[1]]
            assert entry["properties"]
            for inner, part in entry["properties"].items():
                assert part["role"] in ROLES, f"{key}.{inner}"
                assert part["description"]
        else:
            assert entry["role"] in ROLES, key
            assert entry["description"]
    assert {entry["role"] for entry in schema["properties"]["parameters"]["properties"].values()} == {"uncertainty"}


def test_an_editor_knows_every_key_option_and_range() -> None:
    schema = json_schema()
    assert set(schema["properties"]) == set(keys_at(()))
    assert "required" not in schema
    parameters = schema["properties"]["parameters"]["properties"]
    assert set(parameters) == {name for name, entry in registered_parameters().items() if entry.low is not None}
    assert (parameters["postwar_need"]["minimum"], parameters["postwar_need"]["maximum"]) == (0, 1.6)
    assert len(schema["$defs"]["Move"]["anyOf"]) == len(LEVERS)
    assert schema["additionalProperties"] is False
    dangling = [ref for ref in _refs(schema) if ref.rsplit("/", 1)[1] not in schema["$defs"]]
    assert not dangling


def _refs(node: Any) -> list[str]:
    if isinstance(node, dict):
        own = [node["$ref"]] if "$ref" in node else []
        return own + [ref for value in node.values() for ref in _refs(value)]
    return [ref for value in node for ref in _refs(value)] if isinstance(node, list) else []


@pytest.mark.parametrize(("text", "gone"), [
    ("administrations: 1", True), ("war: {administrations: 1}", False), ("drivers: {administrations: 1}", False),
])  # fmt: skip
def test_a_key_that_scenarios_had_once_is_told_with_what_replaces_it_where_it_stood(text: str, gone: bool) -> None:
    with pytest.raises(ScenarioError) as caught:
        loads(text)
    (problem,) = caught.value.problems
    assert ("any more" in problem.why, "line_seoul_north" in problem.fix) == (gone, gone)
    with pytest.raises(ScenarioError) as of_keyword:
        load("baseline").with_(administrations=1)
    assert "line_seoul_north" in of_keyword.value.problems[0].fix


def test_the_manual_names_every_key_and_its_examples_load() -> None:
    from sim.scenario import loads

    manual = (ROOT / "docs" / "scenarios.md").read_text(encoding="utf-8")
    for path in ((), ("months",), ("war",), ("drivers",), ("moves", 0), ("drivers", "x", 0)):
        for key in keys_at(path):
            assert f"`{key}`" in manual, key
    examples = [block.split("```")[0] for block in manual.split("```yaml\n")[1:]]
    assert len(examples) >= 2
    for example in examples:
        loads(example)


def test_loading_needs_no_numpy() -> None:
    """How many seconds it takes is printed by ``python -m benchmarks.loading``."""
    code = "import sys, sim.scenario; sim.scenario.load('border-closes-again'); print('numpy' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"


def numbers(data: Any) -> Any:
    """Read numbers as an editor does; months stay text."""
    if isinstance(data, dict):
        return {key: numbers(value) for key, value in data.items()}
    if isinstance(data, list):
        return [numbers(value) for value in data]
    return float(data) if data.removeprefix("-").replace(".", "", 1).isdecimal() else data


def test_an_editor_marks_no_shipped_file() -> None:
    validator = Draft202012Validator(json_schema())
    paths = sorted((ROOT / "scenarios").glob("*.yaml"))
    assert paths
    for path in paths:
        data = numbers(yaml.load(path.read_text(encoding="utf-8"), yaml.BaseLoader))
        assert [error.json_path for error in validator.iter_errors(data)] == [], path


def test_an_editor_marks_what_loading_refuses() -> None:
    good = {"name": "a", "drivers": {"border": [{"2025-01": 0.5, "2025-06": {"linear": 1}}]}, "without": ["C38"]}
    bad: list[dict[str, Any]] = [
        {"parametres": {}},
        {"parameters": {"postwar_need": 9}},
        {"parameters": {"hazard_ends": 2}},
        {"war": {"ends": "nevr"}},
        {"war": {"end": "2027-06"}},
        {"drivers": {"border": 3}},
        {"drivers": {"border": {"from": "2027-01", "to": "2027-12"}}},
        {"drivers": {"flood": {"2027": 1}}},
        {"without": ["C02"]},
        {"variant": "V99"},
        {"moves": [{"capital": "Beijing", "lever": "arms", "option": "none", "from": "2025-01", "to": "2025-02"}]},
        {"administrations": [{"capital": "Seoul", "goal": "north", "scale": 1}]},
        {"drivers": {"line_seoul_north": -1.5}},
        {"moves": [{"capital": "Beijing", "lever": "bloc", "option": "shun", "from": "2025-01", "to": "2025-02"}]},
    ]
    validator = Draft202012Validator(json_schema())
    assert list(validator.iter_errors(good)) == []
    for case in bad:
        assert list(validator.iter_errors(case)), case
