"""Words: what a term means where it stands, and texts that stay texts."""

import json
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from page.tests.conftest import accept_changes, served, settled
from research import page_glossary

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "page"
TERMS = json.loads((PAGE / "glossary.json").read_text(encoding="utf-8"))


@pytest.fixture
def address(address_of_fewer_runs: str) -> str:
    return address_of_fewer_runs


def test_the_terms_of_the_page_are_those_of_the_glossary() -> None:
    terms = page_glossary.terms((ROOT / "docs" / "glossary.md").read_text(encoding="utf-8"))
    assert terms == TERMS, "make them anew: python -m research.page_glossary docs"
    assert terms["retained set"].startswith("A set of values for all uncertain parameters that history")
    assert terms["d2"].startswith("24 months after the war's end") and "causal" not in terms
    assert terms["world without an end"].startswith("The same runs") and "run" not in terms
    assert not [says for says in terms.values() if re.search(r"[*`\]]|\w_\w+\(", says) or len(says) > 400]


@pytest.mark.browser
def test_a_term_is_explained_by_keyboard_pointer_and_touch(page: Page) -> None:
    page.goto("#/lessons")
    term, tip = page.locator("#term-seed"), page.locator("#tip")
    term.focus()
    expect(tip).to_have_text(TERMS["seed"])
    assert term.get_attribute("aria-describedby") == "tip"
    assert [violation["id"] for violation in Axe().run(page).response["violations"]] == []
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
def test_a_sentence_that_changes_leaves_nothing_of_its_marked_terms(page: Page) -> None:
    page.goto("#/explore")
    settled(page)
    expect(page.locator("#effect-more .term")).not_to_have_count(0)
    page.locator("#series").select_option("china_flow")
    settled(page, "series=china_flow")
    changed = page.inner_text("#effect-more")
    page.reload()
    settled(page, "series=china_flow")
    assert page.inner_text("#effect-more") == changed


WRONG = "<img src=x onerror=alert(1)>"


@pytest.fixture(scope="module")
def spoiled(folder_of_fewer_runs: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Serve a page in which every sentence, label, event and source brings an element with it."""
    copy = Path(shutil.copytree(folder_of_fewer_runs, tmp_path_factory.mktemp("spoiled") / "some" / "page"))
    whole = {"all", "claims", "assumptions", "definitions", "lanes"}
    texts = {*whole, "label", "title", "short", "unit", "says", "event", "source", "pictures"}

    def spoil(value: Any, key: str) -> Any:
        if isinstance(value, dict):
            return {name: spoil(part, key if key in whole else name) for name, part in value.items()}
        if isinstance(value, list):
            return [spoil(part, key) for part in value]
        return f"{value} {WRONG}" if isinstance(value, str) and key in texts else value

    for name, key in {
        **dict.fromkeys(("world", "facts", "lessons"), ""),
        "strings/en": "all",
        "glossary": "all",
    }.items():
        file = copy / f"{name}.json"
        file.write_text(json.dumps(spoil(json.loads(file.read_text(encoding="utf-8")), key)), encoding="utf-8")
    accept_changes(copy)
    with served(copy) as address:
        yield address


@pytest.mark.browser
@pytest.mark.parametrize(
    "view",
    ["start", "explore?off=A10", "history?run=5", "play?game=history&moves=------", "lessons?lesson=8&bets=8.20"],
)
def test_whatever_a_text_holds_is_shown_as_text(new_page: Callable[..., Page], spoiled: str, view: str) -> None:
    page = new_page(base_url=spoiled)
    page.on("dialog", lambda dialog: pytest.fail(f"a text was run: {dialog.message}"))
    page.goto(f"#/{view}")
    if view.startswith(("play", "lessons")):
        page.locator(".wire, [data-done]").wait_for()
    else:
        settled(page)
    page.evaluate("() => document.querySelectorAll('details').forEach((each) => { each.open = true; })")
    assert WRONG in page.locator("main").inner_text()
    assert page.locator("img").count() == 0
