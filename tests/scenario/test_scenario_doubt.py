"""Scenarios that leave something to each run: what may be written, what is told, and how it is said in words."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator
from typer.testing import CliRunner

from research.editor_schema import json_schema
from sim.cli import app
from sim.registers.register import registered_parameters
from sim.scenario import ScenarioError, load, loads, registered
from sim.scenario.describe import doubt
from sim.scenario.priors import Range

TEXT = """\
name: unsure
question: What then?
war: {ends: {uniform: [2026-01, 2029-12]}}
parameters: {postwar_need: {uniform: [0.1, .6]}, postwar_isolation: prior, grievance: 20}
drivers:
  crisis: {from: {uniform: [2027-01, 2029-12]}, lasts: 3}
  border: [{from: {uniform: [2027-01, 2027-06]}, lasts: 1, value: 0}, {2028-01: 1}]
"""

SHOCKS = {
    "hazard": 0.02, "from": "2025-01", "to": "2032-12",
    "value": {"uniform": [0.3, 1.0]}, "lasts": {"triangular": [1, 2, 6]},
}  # fmt: skip


def test_shocks_come_back_from_their_own_text_and_are_said_in_words() -> None:
    base = load("baseline")
    usual = {key: said for key, said in SHOCKS.items() if key != "value"} | {"lasts": 1}
    for layer in (SHOCKS, usual):
        scenario = base.with_(drivers={"flood": layer})
        assert loads(scenario.to_yaml()) == scenario == scenario.with_(name=scenario.name)
    assert doubt(scenario) == [
        "flood, 1 for 1 month, beginning in any month from 2025-01 to 2032-12, each with chance 0.02"
    ]
    drawn = base.with_(drivers={"flood": SHOCKS})
    (said,) = doubt(drawn)
    assert "any number from 0.3 to 1" in said and "triangular" in said and "chance 0.02" in said
    assert [row[1:] for row in drawn.difference(base)] == [(said.removeprefix("flood, "), "none")]
    assert drawn.schedule() == base.schedule()


def test_what_is_drawn_and_what_is_given_are_told_apart() -> None:
    scenario = loads(TEXT)
    low, high = registered_parameters()["postwar_isolation"].low, registered_parameters()["postwar_isolation"].high
    assert scenario.drawn == {"postwar_need": Range(0.1, 0.6), "postwar_isolation": Range(low, high)}
    assert scenario.fixed == {"grievance": 20.0}
    assert {key: event.first.uniform for key, event in scenario.events.items()} == {
        ("border", 1): ("2027-01", "2027-06"), ("crisis", 1): ("2027-01", "2029-12"),
    }  # fmt: skip
    assert scenario.values()["postwar_need"] == load("baseline").values()["postwar_need"]
    assert scenario.schedule()["crisis"] == load("baseline").schedule()["crisis"]


def test_it_comes_back_from_its_own_text_and_from_python() -> None:
    scenario = loads(TEXT)
    assert loads(scenario.to_yaml()) == scenario
    assert scenario.with_(name="unsure") == scenario
    made = load("baseline").with_(postwar_need={"uniform": [0.1, 0.6]}, postwar_isolation="prior")
    assert made.drawn == scenario.drawn
    assert made.with_(postwar_need=0.3).drawn.keys() == {"postwar_isolation"}
    assert hash(made) != hash(made.with_(postwar_need={"uniform": [0.1, 0.7]}))


def test_a_prior_with_draws_at_its_low_end_comes_back_from_its_own_text() -> None:
    base, prior = load("baseline"), Range(0.1, 0.6, at_low=0.25)
    made = base.with_(postwar_need=prior)
    assert made.drawn == {"postwar_need": prior} == loads(made.to_yaml()).drawn
    written = {"uniform": [0.1, 0.6], "at_low": 0.25}
    assert base.with_(postwar_need=written) == made != base.with_(postwar_need={"uniform": [0.1, 0.6]})
    Draft202012Validator(json_schema()).validate({"extends": "baseline", "parameters": {"postwar_need": written}})
    (said,) = doubt(made)
    assert "25%" in said and "0.1" in said


def test_the_prior_of_the_register_has_its_draws_at_the_low_end(monkeypatch: pytest.MonkeyPatch) -> None:
    entry = replace(registered_parameters()["postwar_need"], at_low=0.1)
    monkeypatch.setattr(registered, "registered_parameters", lambda: {**registered_parameters(), "postwar_need": entry})
    made = load("baseline").with_(postwar_need="prior")
    assert made.drawn == {"postwar_need": Range(entry.low, entry.high, 0.1)}


def test_a_child_gives_a_number_to_what_its_parent_draws(tmp_path: Path) -> None:
    (tmp_path / "parent.yaml").write_text(TEXT)
    child = tmp_path / "child.yaml"
    child.write_text("extends: parent\nparameters: {postwar_need: 0.3}\ndrivers: {crisis: 0}")
    assert load(child).drawn.keys() == {"postwar_isolation"}
    assert list(load(child).events) == [("border", 1)]


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        ("parameters:\n  postwar_need: {uniform: [0.6, 0.1]}", 2, ["postwar_need.uniform #2", "exchange them"]),
        ("parameters: {postwar_need: {uniform: [0.1]}}", 1, ["postwar_need", "write {uniform: [0, 1.6]}", "prior"]),
        ("parameters: {postwar_need: {uniform: [0.1, 0.2], at_low: 1}}", 1, ["postwar_need.at_low", "below 1", "0.1"]),
        ("parameters: {postwar_need: {uniform: [0.1, 0.2], at_low: x}}", 1, ["postwar_need.at_low", "a number"]),
        ("parameters: {postwar_need: {at_low: 0.1}}", 1, ["postwar_need", "write {uniform: [0, 1.6]}"]),
        ("parameters: {postwar_need: {uniform: 0.1}}", 1, ["postwar_need", "what it is drawn from"]),
        ("parameters: {postwar_need: {unifrm: [0.1, 0.2]}}", 1, ["postwar_need", "write {uniform: [0, 1.6]}"]),
        ("parameters: {postwar_need: {uniform: [0.1, 9]}}", 1, ["uniform #2", "9 is outside", "write 1.6"]),
        ("parameters: {postwar_need: {uniform: [low, 1,5]}}", 1, ["postwar_need", "what it is drawn from"]),
        ("parameters: {postwar_need: {uniform: [low, 1]}}", 1, ["uniform #1", "a number is wanted", "0 to 1.6"]),
        ("parameters: {postwar_need: [0.1, 0.2]}", 1, ["postwar_need", "write {uniform: [0.1, 0.2]}"]),
        ("parameters: {postwar_need: {normal: [0.4]}}", 1, ["postwar_need.normal", "2 numbers", "write normal: [mean"]),
        ("parameters: {postwar_need: {normal: 0.4}}", 1, ["postwar_need.normal", "a list of numbers"]),
        ("parameters: {postwar_need: {normal: [0.4, x]}}", 1, ["normal #2", "a number"]),
        ("parameters: {postwar_need: {normal: [0.4, -1]}}", 1, ["normal", "standard deviation has to be above 0"]),
        ("parameters: {postwar_need: {normal: [99, 1]}}", 1, ["hardly anything", "0 to 1.6"]),
        ("parameters: {postwar_need: {lognormal: [0, 1]}}", 1, ["median has to be above 0"]),
        ("parameters: {postwar_need: {lognormal: [99, 0.01]}}", 1, ["hardly anything"]),
        ("parameters: {postwar_need: {triangular: [0.5, 0.2, 0.9]}}", 1, ["not in order"]),
        ("parameters: {postwar_need: {triangular: [0.5, 0.7, 9]}}", 1, ["triangular #3", "9 is outside"]),
        ("parameters: {postwar_need: {beta: [1, 0]}}", 1, ["second exponent has to be above 0"]),
        ("parameters: {postwar_need: {beta: [1e308, 1e308]}}", 1, ["hardly anything"]),
        ("parameters:\n  postwar_need: {beta: [2, 2], within: [0.9, 0.1]}", 2, ["need.within", "two numbers"]),
        ("parameters: {postwar_need: {beta: [2, 2], within: [0.1, 9]}}", 1, ["within #2", "9 is outside"]),
        ("parameters: {postwar_need: {beta: [2, 2], normal: [1, 1]}}", 1, ["no such key"]),
        ("parameters: {beijing_west_weight: {normal: [1, 1]}}", 1, ["a drawn weight could break it"]),
        ("correlations: [postwar_need]", 1, ["correlations", "write correlations: {"]),
        ("correlations: {postwar_need: 0.5}", 1, ["correlations.postwar_need", "write correlations: {"]),
        ("correlations: {postwar_ned: {grievance: 0.5}}", 1, ["postwar_ned", "write postwar_need"]),
        ("correlations:\n  postwar_need:\n    griefance: 0.5", 3, ["griefance", "write grievance"]),
        ("correlations: {postwar_need: {grievance: 1}}", 1, ["need.grievance", "above -1 and below 1"]),
        ("correlations: {postwar_need: {postwar_need: 0.5}}", 1, ["with itself"]),
        ("correlations: {beijing_west_weight: {grievance: 0.5}}", 1, ["no parameter that can be drawn"]),
        (
            "correlations:\n  postwar_need: {grievance: 0.5}\n  grievance: {postwar_need: 0.5}",
            3,
            ["grievance.postwar_need", "said twice"],
        ),
        (
            "correlations:\n  postwar_need: {grievance: 0.9, foresight: 0.9}\n  grievance: {foresight: -0.9}",
            1,
            ["correlations", "contradict one another"],
        ),
        ("parameters: {hazard_ends: prior}", 1, ["hazard_ends", "a fixed number"]),
        ("parameters: {postwar_ned: prior}", 1, ["postwar_ned", "write postwar_need"]),
        ("parameters: {beijing_west_weight: prior}", 1, ["beijing_west_weight", "a drawn weight could break it"]),
        ("drivers:\n  crisis: {from: {uniform: [2027-01, 2026-01]}, lasts: 3}", 2, ["from.uniform #2", "exchange"]),
        ("drivers: {crisis: {from: {uniform: [2027-01, 2028-01]}}}", 1, ["lasts", "a key is missing"]),
        ("drivers: {crisis: {from: {uniform: [2027-01, 2028-01]}, to: 2028-02, lasts: 2}}", 1, ["to", "no such key"]),
        ("drivers: {crisis: {from: {uniform: [2027-01, 2028-01]}, lasts: 0}}", 1, ["lasts", "number of months"]),
        ("drivers: {crisis: {from: {uniform: [2027-01, 2028-01]}, lasts: 1.5}}", 1, ["lasts", "number of months"]),
        ("drivers: {crisis: {from: 2027-01, lasts: 2}}", 1, ["crisis.from", "wanted"]),
        ("drivers: {crisis: {from: {unifrm: [2027-01, 2028-01]}, lasts: 2}}", 1, ["from", "uniform"]),
        ("drivers:\n  flood: {hazard: 1.2, from: 2025-01, to: 2026-01, lasts: 2}", 2, ["flood.hazard", "write 1"]),
        ("drivers: {flood: {hazard: -1, from: 2025-01, to: 2026-01, lasts: 2}}", 1, ["flood.hazard", "write 0"]),
        ("drivers: {flood: {hazard: x, from: 2025-01, to: 2026-01, lasts: 2}}", 1, ["flood.hazard", "0 to 1"]),
        ("drivers: {flood: {hazard: 0.1, from: 2025-01, to: 2026-01, lasts: 0}}", 1, ["flood.lasts", "1 to 324"]),
        (
            "drivers: {flood: {hazard: 0.1, from: 2025-01, to: 2026-01, lasts: {uniform: [0, 4]}}}",
            1,
            ["flood.lasts.uniform #1", "0 is outside", "1 to 324", "write 1"],
        ),
        (
            "drivers: {flood: {hazard: 0.1, from: 2025-01, to: 2026-01, lasts: {uniform: [1, 2.5]}}}",
            1,
            ["flood.lasts", "whole months", "uniform: [1, 4]"],
        ),
        ("drivers: {flood: {hazard: 0.1, from: 2026-01, to: 2025-01, lasts: 2}}", 1, ["flood.to", "exchange them"]),
        ("drivers: {flood: {hazard: 0.1, from: 2025-01, to: 2026-01, lasts: 2, value: 7}}", 1, ["value", "7 is out"]),
        (
            "drivers:\n  flood:\n  - 0\n  - hazard: 0.1\n    from: 2025-01\n    to: 2026-01\n    lasts: 2\n"
            "    value: {uniform: [0, 3]}",
            8,
            ["value.uniform #2", "3 is outside", "0 to 1", "write 1"],
        ),
        ("drivers: {border: {hazard: 0.1, from: 2025-01, to: 2026-01, lasts: 2}}", 1, ["border", "needs a value"]),
        ("drivers: {flood: {hazard: 0.1, from: 2025-01, lasts: 2}}", 1, ["flood.to", "a key is missing"]),
        ("drivers: {flood: {hazard: 0.1, from: 2025-01, to: 2026-01}}", 1, ["flood.lasts", "a key is missing"]),
        ("drivers: {flood: {hazzard: 0.1, from: 2025-01, to: 2026-01}}", 1, ["hazzard", "write hazard"]),
        ("drivers: {border: {from: {uniform: [2027-01, 2028-01]}, lasts: 2}}", 1, ["border", "needs a value"]),
        ("drivers: {border: {from: {uniform: [2027-01, 2028-01]}, lasts: 2, value: 7}}", 1, ["7 is outside"]),
    ],
)
def test_a_broken_doubt_is_told_with_its_line(tmp_path: Path, text: str, line: int, says: list[str]) -> None:
    file = tmp_path / "mine.yaml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(ScenarioError) as caught:
        load(file)
    message = str(caught.value)
    assert {problem.line for problem in caught.value.problems} == {line}, message
    for word in says:
        assert word in message


def test_it_is_said_in_words() -> None:
    scenario = loads(TEXT)
    assert doubt(load("baseline")) == []
    assert doubt(scenario) == [
        "the war's end, any month from 2026-01 to 2029-12",
        "postwar_need, any number from 0.1 to 0.6",
        "postwar_isolation, any number from 0.15 to 1",
        "border, 0 for 1 month, beginning in any month from 2027-01 to 2027-06",
        "crisis, 1 for 3 months, beginning in any month from 2027-01 to 2029-12",
    ]
    difference = {key: (this, other) for key, this, other in scenario.difference(load("baseline"))}
    assert difference["postwar_need"] == ("any number from 0.1 to 0.6", "0.4")
    assert difference["crisis, pulse 2"][1] == "none"
    assert scenario.difference(scenario) == []
    assert "any number from 0.1 to 0.6" in scenario._repr_html_()


def test_the_command_that_checks_says_what_is_drawn(tmp_path: Path) -> None:
    file = tmp_path / "mine.yaml"
    file.write_text(TEXT, encoding="utf-8")
    shown = CliRunner().invoke(app, ["check", str(file), "-q"])
    assert shown.exit_code == 0 and "drawn for each run: the war's end" in shown.stdout
    assert "drawn" not in CliRunner().invoke(app, ["check", "baseline", "-q"]).stdout
    (checked,) = json.loads(CliRunner().invoke(app, ["check", str(file), "--json"]).stdout)
    assert len(checked["drawn"]) == 5


def test_an_editor_knows_what_may_be_drawn() -> None:
    validator = Draft202012Validator(json_schema())
    window = {"uniform": ["2027-01", "2028-01"]}
    good = {
        "parameters": {
            "postwar_need": {"uniform": [0.1, 0.6]},
            "postwar_isolation": {"beta": [2, 3], "within": [0.2, 0.9]},
            "grievance": "prior",
            "foresight": 4,
            "tension_gain": {"triangular": [4, 5, 6]},
        },
        "correlations": {"postwar_need": {"postwar_isolation": 0.5}},
        "drivers": {
            "crisis": [{"from": window, "lasts": 3}, SHOCKS],
            "border": {"from": window, "lasts": 3, "value": 0},
        },
    }
    assert [error.message for error in validator.iter_errors(good)] == []
    for bad in (
        {"parameters": {"postwar_need": "priro"}},
        {"parameters": {"postwar_need": {"uniform": [0.1]}}},
        {"parameters": {"postwar_need": {}}},
        {"parameters": {"postwar_need": {"normal": [0.1]}}},
        {"parameters": {"postwar_need": {"normal": [0.1, 0.2], "uniform": [0.1, 0.2]}}},
        {"correlations": {"postwar_need": 0.5}},
        {"drivers": {"border": {"from": window, "lasts": 3}}},
        {"drivers": {"crisis": {"from": window}}},
        {"drivers": {"crisis": {"from": window, "lasts": 0}}},
        {"drivers": {"crisis": SHOCKS | {"hazard": 2}}},
        {"drivers": {"crisis": SHOCKS | {"lasts": 0}}},
        {"drivers": {"crisis": SHOCKS | {"value": {"uniform": [1]}}}},
        {"drivers": {"border": {key: said for key, said in SHOCKS.items() if key != "value"}}},
    ):
        assert list(validator.iter_errors(bad)), bad


PRIORS = """\
parameters:
  postwar_need: {normal: [0.4, 0.2]}
  postwar_isolation: {beta: [2, 3], within: [0.2, 0.9]}
  grievance: {lognormal: [20, 0.3]}
  tension_gain: {triangular: [4, 5, 6]}
correlations: {postwar_need: {postwar_isolation: 0.7}}
"""


def test_priors_come_back_from_their_own_text_and_are_said_in_words(tmp_path: Path) -> None:
    scenario = loads(PRIORS)
    assert loads(scenario.to_yaml()) == scenario == scenario.with_(name=scenario.name)
    assert doubt(scenario) == [
        "postwar_need, normal (mean 0.4, standard deviation 0.2) within 0 to 1.6",
        "postwar_isolation, beta (first exponent 2, second exponent 3) within 0.2 to 0.9",
        "grievance, lognormal (median 20, standard deviation of the logarithm 0.3) within 2 to 36",
        "tension_gain, triangular (lowest 4, likeliest 5, highest 6) within 3.75 to 6.25",
        "postwar_isolation and postwar_need, correlated 0.7",
    ]
    other = scenario.with_(correlations={"postwar_need": {"postwar_isolation": 0.2}})
    assert scenario.difference(other) == [("postwar_isolation and postwar_need", "correlated 0.7", "correlated 0.2")]
    assert "no effect: postwar_need is not drawn" in doubt(scenario.with_(postwar_need=0.3))[-1]
    (tmp_path / "parent.yaml").write_text(PRIORS)
    (tmp_path / "child.yaml").write_text("extends: parent\ncorrelations: {grievance: {postwar_need: -0.1}}")
    assert load(tmp_path / "child.yaml").correlations.keys() == {"postwar_need", "grievance"}
