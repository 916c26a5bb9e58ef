"""Whatever is in a file, a scenario comes out of it or a ScenarioError, and nothing else."""

from typing import Any

import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.scenario import Scenario, ScenarioError, load, loads, yaml_reading

EXAMPLES = settings().max_examples  # a hundred, or the few of a fast run
GOOD = load("baseline").with_(
    war={"ends": {"uniform": ["2026-01", "2030-12"]}},
    drivers={"border": {"from": "2027-01", "to": "2027-12", "value": 0}},
    postwar_need=0.2,
    without=["C38"],
    moves=[{"capital": "Beijing", "lever": "trade", "option": "trim", "from": "2025-01", "to": "2025-06"}],
)
TEXT = GOOD.to_yaml()
ODD = [
    "", "NO", "1e3", "010", "12:30:45", "2027-06-01", "2027-06", "never", "- ", "{", "}", "[", "]", ": ", "&a ", "*a",
    "!!python/name:os.system ", "\t", "\n", "'", '"', "#", "|", ">", "? ", "<<", "---\n", "...\n", "%", "@", "\x00",
    "\ud800", "\ufeff", "\x85", "9" * 500, "~", "null", ".inf", "-1", "é", "\U0001f600",
]  # fmt: skip


def survives(text: str) -> None:
    try:
        scenario = loads(text, "fuzz.yaml")
    except ScenarioError as error:
        assert error.problems
        assert all(problem.why for problem in error.problems)
        assert all(problem.line is None or problem.line >= 1 for problem in error.problems)
        assert "Traceback" not in str(error)
    else:
        assert isinstance(scenario, Scenario)
        assert loads(scenario.to_yaml()) == scenario
        assert scenario.schedule() and scenario.values()


@settings(max_examples=3 * EXAMPLES, deadline=None)
@given(st.text(max_size=200) | st.text(alphabet=":-{}[]&*!|>'\"#%@,? \n\tab01", max_size=60))
def test_junk_never_crashes(text: str) -> None:
    survives(text)


@settings(max_examples=3 * EXAMPLES, deadline=None)
@given(st.lists(st.tuples(st.integers(0, len(TEXT)), st.integers(0, 12), st.sampled_from(ODD)), min_size=1, max_size=4))
def test_a_damaged_file_never_crashes(damage: list[tuple[int, int, str]]) -> None:
    text = TEXT
    for place, cut, insert in damage:
        text = text[:place] + insert + text[place + cut :]
    survives(text)


VALUES: Any = st.recursive(
    st.sampled_from(ODD[:9]) | st.none() | st.integers() | st.floats() | st.booleans() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["from", "to", "value", "linear", "uniform", "2025-01", "2025-02"]), inner, max_size=3
        )
    ),
    max_leaves=8,
)
PATHS = [
    (), ("months",), ("months", "to"), ("war",), ("war", "ends"), ("war", "starts"), ("drivers",),
    ("drivers", "border"), ("drivers", "news"), ("parameters",), ("parameters", "postwar_need"), ("without",),
    ("variant",), ("extends",), ("moves",), ("moves", 0), ("moves", 0, "option"), ("name",),
]  # fmt: skip


@settings(max_examples=3 * EXAMPLES, deadline=None)
@given(st.sampled_from(PATHS), VALUES)
def test_any_value_at_any_key_never_crashes(path: tuple[str | int, ...], value: Any) -> None:
    data = yaml.safe_load(TEXT)
    here = data
    for part in path[:-1]:
        here = here[part]
    if path:
        here[path[-1]] = value
    else:
        data = value
    survives(yaml.safe_dump(data))


@settings(max_examples=2 * EXAMPLES, deadline=None)
@given(st.sampled_from([path[0] for path in PATHS if path]), VALUES)
def test_any_change_in_python_never_crashes(key: str, value: Any) -> None:
    try:
        GOOD.with_(**{key: value})
    except ScenarioError as error:
        assert str(error).startswith("with_(")


@settings(max_examples=EXAMPLES, deadline=None)
@given(st.tuples(st.integers(0, len(TEXT)), st.sampled_from(ODD)), st.text(max_size=50))
def test_the_parser_that_stands_in_where_there_is_no_c_never_crashes(damage: tuple[int, str], junk: str) -> None:
    kept, yaml_reading._PARSER = yaml_reading._PARSER, yaml.SafeLoader
    try:
        survives(TEXT[: damage[0]] + damage[1] + TEXT[damage[0] :])
        survives(junk)
    finally:
        yaml_reading._PARSER = kept
