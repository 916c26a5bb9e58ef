"""A number stands in one place: change it, and every sentence that tells of it follows."""

import ast
import re
from pathlib import Path

import pytest

from sim.analysis import definitions, units
from sim.analysis.patterns import t3b
from sim.prediction import verdict
from sim.registers.register import registered_parameters
from sim.report import style
from sim.report.text import answer
from sim.scenario import load
from sim.scenario.plain_data import NO_END
from tests.analysis.by_hand import made

DOCS = Path(__file__).parents[2] / "docs"


def answered() -> str:
    """Return the answer for a world whose war ends."""
    return answer.answer_of_run(made(war_end=[60]), made())


def test_the_sentences_of_the_definitions_follow_their_thresholds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(definitions, "CAUSAL_POINTS", 7.0)
    monkeypatch.setattr(definitions, "RELATIVE_POINTS", 13.0)
    monkeypatch.setattr(definitions, "HELD", 4)
    monkeypatch.setattr(definitions, "WITHIN", 30)
    monkeypatch.setattr(definitions, "RECOVERED", ("2022-01", "2022-12"))
    monkeypatch.setattr(definitions, "INFLUENTIAL", ("2023-02", "2023-06"))
    says = definitions.describe_definitions()
    assert "its mean of 2022 for four months in a row, within 30 months" in says["D1"]
    assert "at least 7 points" in says["D2"] and "30 months after" in says["D2"]
    assert "13 points" in says["D3"] and "four months" in says["D3"]
    assert "within 30 months" in says["D4"]
    assert "February to June 2023 for four months" in says["D5"]
    assert (
        "clearly closer to Beijing 30 months later" in answered() and "at least 7 points" in answer.headline_meaning()
    )
    assert answer.definition_rows(definitions.drift(made(war_end=[60]), made()))[1][1] == says["D2"]
    monkeypatch.setattr(definitions, "WITHIN", 36)
    assert "three years later" in answered()


def test_the_sentences_of_the_verdict_follow_its_thresholds(monkeypatch: pytest.MonkeyPatch) -> None:
    before = set(_parts())
    monkeypatch.setattr(verdict, "PAIRS", 0.7)
    monkeypatch.setattr(verdict, "AGREEING", 0.9)
    after = set(_parts())
    assert any(re.search(r"at least 70 ?% of histories", part) for part in after)
    assert any(re.search(r"at least 90 ?% of variants", part) for part in after)
    assert len(before & after) == 1


def _parts() -> list[str]:
    from sim.analysis.estimates import Estimate

    some = Estimate(0.5, 0.0, 0.0, 0.0, 1.0, 9, 9.0, True)
    return list(verdict.Test(some, some, {"V1": True}, ()).met)


def test_the_sentences_of_units_follow_the_conversions(monkeypatch: pytest.MonkeyPatch) -> None:
    assert style.words("arms_flow").unit == "1 = 0.5 m shells a month"
    sold = made(war_end=[60], arms_flow=1.0)
    before = t3b(sold)[0]
    monkeypatch.setattr(units, "MILLION_SHELLS", 0.25)
    monkeypatch.setattr(units, "MILLION_USD", 300.0)
    monkeypatch.setattr(units, "WORKERS_IN_RUSSIA", 15_000)
    assert style.words("arms_flow").unit == "1 = 0.25 m shells a month"
    assert style.words("china_flow").unit == style.words("expected_support").unit == "1 = 300 m USD a month"
    assert style.words("workers_in_russia").unit == "1 = about 15,000"
    assert t3b(sold)[0] == before / 2


def test_the_register_and_the_glossary_speak_of_the_same_units_and_thresholds() -> None:
    written = {entry.unit for entry in registered_parameters().values() if "USD" in entry.unit}
    assert written == {f"{units.MILLION_USD:g} m USD a month"}
    glossary = " ".join((DOCS / "glossary.md").read_text(encoding="utf-8").split())
    assert f"1 is {units.MILLION_USD:g} million US dollars a month" in glossary
    assert units.MILLION_SHELLS == 0.5 and "1 is half a million shells a month" in glossary
    held, within = definitions.number_word(definitions.HELD), definitions.WITHIN
    for sentence in (
        f"back at its mean of 2023 for {held} months in a row, within {within} months of the war's end",
        f"{within} months after the war's end, re-engagement is at least {definitions.CAUSAL_POINTS:g} points above",
        f"{definitions.RELATIVE_POINTS:g} points above its mean of the year before the end, for {held} months in a row",
        f"back at its mean of May to August 2023 for {held} months in a row, within {within} months",
    ):
        assert sentence in glossary


def test_a_war_without_an_end_is_written_and_told_by_one_word() -> None:
    assert load("baseline").war.ends == NO_END
    sources = (DOCS.parent / "sim").rglob("*.py")
    nodes = ((path.name, node) for path in sources for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))))
    written = [name for name, node in nodes if isinstance(node, ast.Constant) and node.value == NO_END]
    assert written == ["plain_data.py"]
