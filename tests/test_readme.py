"""The numbers of the README and of the documents beside it are those of the files that they come from."""

import re
from pathlib import Path

from sim.analysis.definitions import CAUSAL_POINTS, period
from sim.calibration.retained import shipped_sets
from sim.report.style import spoken
from sim.scenario import load
from sim.trial.verdict import PAIRS
from sim.web import shipped

ROOT = Path(__file__).parents[1]


def text(name: str) -> str:
    """Return a document on one line, its percentages written as one word."""
    return re.sub(r"(\d) %", r"\1%", " ".join((ROOT / name).read_text(encoding="utf-8").split()))


README, VERDICT, FACTS = text("README.md"), text("docs/verdict.md"), shipped("verdict.json")


def in_verdict(pattern: str) -> re.Match[str]:
    """Return what the page of the verdict says, or fail where it says it otherwise."""
    match = re.search(pattern, VERDICT)
    assert match, f"docs/verdict.md has no {pattern!r}"
    return match


def test_the_verdict_is_that_of_its_study() -> None:
    assert f"the prediction is *{FACTS['word']}*" in README


def test_the_shares_and_the_effect_are_those_of_the_verdict() -> None:
    assert f"only {FACTS['share']}% of paired runs see the {CAUSAL_POINTS:g} points" in README
    assert f"where {FACTS['asked']}% were asked" in README and FACTS["asked"] == 100 * PAIRS
    assert f"from one parameter set to another it is {FACTS['share_low']}% to {FACTS['share_high']}%" in README
    assert f"the war's end is worth {FACTS['mean']:+.1f} points of 100 on average" in README
    assert f"{period().capitalize()} on, the war's end" in README


def test_what_was_assumed_is_that_of_the_verdict() -> None:
    assert len(FACTS["left"]) == 3 and all(assumption["percent"] < 0 for assumption in FACTS["left"])
    assert "it turns round without any one of three assumptions" in README


def test_the_parameter_sets_are_those_that_ship() -> None:
    kept = f"{len(shipped_sets()):,}"
    assert f"Every answer spans the {kept} parameter sets" in README
    for name in ("docs/glossary.md", "docs/hindcast.md", "docs/editions.md"):
        assert re.search(rf"\b{kept}\b", text(name)), name
    asked = in_verdict(r"sim verdict runs/verdict .*?--sets (\d+)")[1]
    assert in_verdict(rf"Over {asked} parameter sets")


def test_the_first_run_is_of_the_world_that_the_readme_says() -> None:
    end = load("war-ends-early").war_end
    assert isinstance(end, int)
    assert f"simulates 200 runs in which the war ends in {spoken(end)}" in README


def test_what_is_fixed_beforehand_is_said_alike() -> None:
    decision = text("docs/decisions/0008-the-region-of-the-verdict.md")
    assert "The thresholds and the words of the rule were fixed beforehand" in decision
    assert "a rule whose thresholds were fixed beforehand" in README
    assert "0008-the-region-of-the-verdict.md" in README
