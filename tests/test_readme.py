"""The numbers of the README and of the documents beside it are those of the files that they come from."""

import re
from pathlib import Path

import pytest

import sim
from research import verdict_page
from sim.inference.sets_file import shipped_sets
from sim.report.text import answer
from sim.web import read_from_package

ROOT = Path(__file__).parents[1]


def text(name: str) -> str:
    """Return a document on one line, its percentages written as one word."""
    return re.sub(r"(\d) %", r"\1%", " ".join((ROOT / name).read_text(encoding="utf-8").split()))


README, VERDICT, FACTS = text("README.md"), text("docs/verdict.md"), read_from_package("verdict.json")


def in_verdict(pattern: str) -> re.Match[str]:
    """Return what the page of the verdict says, or fail where it says it otherwise."""
    match = re.search(pattern, VERDICT)
    assert match, f"docs/verdict.md has no {pattern!r}"
    return match


def between_marks(mark: str) -> str:
    return README.partition(f"<!-- {mark} -->")[2].partition(f"<!-- /{mark} -->")[0].strip()


def test_the_word_is_that_of_the_verdict() -> None:
    assert between_marks("word") == FACTS["word"]


@pytest.mark.study
def test_the_answer_is_that_of_the_command_that_the_readme_begins_with() -> None:
    many = sim.ensemble("war-ends-early", runs=200, seed=7, control=True)
    said = answer.answer_of_run(many, many.control)
    assert between_marks("answer").startswith(f"**{said}**")
    assert len(said.split()) <= 60
    assumed = sim.assumption_share("war-ends-early", seed=7).splitlines()
    assert [line.strip() for line in between_marks("answer").split(" * ")[1:]] == assumed


def test_the_parameter_sets_are_those_that_ship() -> None:
    kept = f"{len(shipped_sets()):,}"
    assert f"Every result covers the {kept} parameter sets" in README
    for name in ("docs/glossary.md", "docs/hindcast.md", "docs/editions.md"):
        assert re.search(rf"\b{kept}\b", text(name)), name
    asked = in_verdict(r"sim verdict runs/verdict .*?--sets (\d+)")[1]
    assert in_verdict(rf"uses {asked} parameter sets")


def test_what_is_fixed_beforehand_is_said_alike() -> None:
    decision = text("docs/decisions/0008-the-region-of-the-verdict.md")
    assert "The thresholds and the words of the rule were fixed beforehand" in decision
    assert "whose thresholds we fixed beforehand" in re.sub(r"[\[\]]", "", README)
    assert "0008-the-region-of-the-verdict.md" in README


def test_the_verdict_says_which_assumptions_that_carry_it_the_record_supports() -> None:
    page, record = ((ROOT / "docs" / name).read_text(encoding="utf-8") for name in ("verdict.md", "record.md"))
    carriers = re.findall(r"^\* Without .*\((A\d+)\), the end leaves", page, re.MULTILINE)
    assert 1 <= len(carriers) <= 3 and carriers == [one["id"] for one in FACTS["left"]]
    plain = re.sub(r"(instead of [.\d]+ (closer to|further from) it\.) .*", r"\1", page)
    assert verdict_page.add_support(plain, verdict_page.words_on(record)) == page != plain
