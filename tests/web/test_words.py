"""Words: what a term means where it stands, and the page in another language."""

import json
import re
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from sim.web import glossary

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "sim" / "web" / "page"
ENGLISH, KOREAN = (json.loads((PAGE / "strings" / f"{name}.json").read_text(encoding="utf-8")) for name in ("en", "ko"))
TERMS = json.loads((PAGE / "glossary.json").read_text(encoding="utf-8"))


def test_the_terms_of_the_page_are_those_of_the_glossary() -> None:
    found = glossary.terms((ROOT / "docs" / "glossary.md").read_text(encoding="utf-8"))
    assert found == TERMS, "make them anew: python -m sim.web.glossary docs"
    assert found["retained set"].startswith("A set of values for all uncertain parameters that history")
    assert found["d2"].startswith("24 months after the war's end") and "causal" not in found
    assert found["world without an end"].startswith("The same runs") and "run" not in found
    assert not [says for says in found.values() if re.search(r"[*`\]]|\w_\w+\(", says) or len(says) > 400]


def test_another_language_says_what_english_says_with_the_same_numbers() -> None:
    assert set(KOREAN) <= set(ENGLISH)
    for key, said in KOREAN.items():
        assert sorted(re.findall(r"\{\w+\}", said)) == sorted(re.findall(r"\{\w+\}", ENGLISH[key])), key
    assert "not yet reviewed" in KOREAN["shell.trial"]


@pytest.mark.browser
def test_a_term_is_explained_by_keyboard_pointer_and_touch(page: Page) -> None:
    page.goto("#/lessons")
    term, tip = page.locator("#term-seed"), page.locator("#tip")
    term.focus()
    expect(tip).to_have_text(TERMS["seed"])
    assert term.get_attribute("aria-describedby") == "tip"
    assert [each["id"] for each in Axe().run(page).response["violations"]] == []
    page.keyboard.press("Escape")
    expect(tip).to_be_hidden()
    expect(term).to_be_focused()
    page.locator("h1").click()
    term.hover()
    expect(tip).to_be_visible()
    tip.hover()
    expect(tip).to_be_visible()
    page.locator("h1").hover()
    expect(tip).to_be_hidden()
    term.dispatch_event("click")
    expect(tip).to_be_visible()


@pytest.mark.browser
def test_a_term_is_marked_once_and_again_where_its_words_are_new(page: Page) -> None:
    page.goto("#/lessons?lesson=4")
    expect(page.locator(".term")).to_have_text(["re-engagement"])
    assert page.locator(".lead").inner_text().count("re-engagement") == 2
    page.locator("p a", has_text="Lesson before").click()
    expect(page.locator(".term")).to_have_count(0)
    page.go_back()
    expect(page.locator(".term")).to_have_text(["re-engagement"])


@pytest.mark.browser
def test_the_language_stands_in_the_address_and_the_trial_says_what_it_is(page: Page) -> None:
    page.goto("#/history?postwar_need=0.2")
    page.locator("#in-ko").click()
    expect(page.locator("#nav")).to_contain_text(KOREAN["shell.trial"])
    assert "lang=ko" in page.url and "postwar_need=0.2" in page.url
    assert page.evaluate("() => document.documentElement.lang") == "ko"
    expect(page.locator("#month-said")).to_have_text("2026년 1월")
    page.locator("#to-explore").click()
    expect(page.locator("h1")).to_have_text(KOREAN["explore.title"])
    page.locator("#to-lessons").click()
    expect(page.locator("h1")).to_have_text(ENGLISH["lessons.title"])  # not translated yet
    page.locator("#in-en").click()
    expect(page.locator("#nav")).not_to_contain_text("not yet reviewed")
    assert "lang" not in page.url and "postwar_need=0.2" in page.url
