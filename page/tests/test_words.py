"""Words: what a term means where it stands, and the page in another language."""

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
ENGLISH, KOREAN = (json.loads((PAGE / "strings" / f"{name}.json").read_text(encoding="utf-8")) for name in ("en", "ko"))
NAMES = r"not yet reviewed|driftback|Driftback|YAML|PNG|SVG|CSV|metadata\.json|sim run|[ACDV]\d+|lever:option:YYYY-MM"
LEFT_IN_ENGLISH = """() => {
    const found = [];
    const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    const own = (each) => !each.closest("[lang=en], script, style, noscript");
    while (texts.nextNode()) if (own(texts.currentNode.parentElement)) found.push(texts.currentNode.data);
    for (const name of ["aria-label", "aria-valuetext", "placeholder", "title", "alt"])
        for (const each of document.querySelectorAll(`[${name}]`)) if (own(each)) found.push(each.getAttribute(name));
    return [document.title, ...found];
}"""
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


def test_another_language_says_all_that_english_says_with_the_same_numbers() -> None:
    assert set(KOREAN) == set(ENGLISH)
    for key, said in KOREAN.items():
        assert sorted(re.findall(r"\{\w+\}", said)) == sorted(re.findall(r"\{\w+\}", ENGLISH[key])), key
    assert "not yet reviewed" in KOREAN["shell.trial"]


def test_another_language_has_all_that_python_says_in_short(folder: Path) -> None:
    world, facts, lessons = (
        json.loads((folder / f"{name}.json").read_text()) for name in ("world", "facts", "lessons")
    )
    said = (
        {title for title, *_ in lessons["pictures"]} | set(facts["definitions"].values()) | set(facts["lanes"].values())
    )
    for lever in world["levers"]:
        said |= {lever["title"], *(option["label"] for option in lever["options"])}
    for series in world["series"].values():
        said |= {series["title"], series["short"], series["unit"]}
    said |= {goal["says"] for goals in world["goals"].values() for goal in goals}
    assert set(json.loads((PAGE / "strings" / "ko-python.json").read_text(encoding="utf-8"))) == said


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
def test_the_language_stands_in_the_address_and_the_trial_says_what_it_is(page: Page) -> None:
    page.goto("#/history?postwar_need=0.2")
    page.locator("#in-ko").click()
    expect(page.locator("#nav")).to_contain_text(KOREAN["shell.trial"])
    assert "lang=ko" in page.url and "postwar_need=0.2" in page.url
    assert page.evaluate("() => document.documentElement.lang") == "ko"
    expect(page.locator("#month-said")).to_have_text("2026년 1월")
    page.locator("#to-explore").click()
    expect(page.locator("h1")).to_have_text(KOREAN["explore.title"])
    expect(page.locator("#fan .tick", has_text="100")).to_be_visible()  # the same axis in every language
    page.locator("#to-lessons").click()
    expect(page.locator("h1")).to_have_text(KOREAN["lessons.title"])
    page.locator("#in-en").click()
    expect(page.locator("#nav")).not_to_contain_text("not yet reviewed")
    assert "lang" not in page.url and "postwar_need=0.2" in page.url


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
        page.locator("#play-report .wire, [data-done]").wait_for()
    else:
        settled(page)
    page.evaluate("() => document.querySelectorAll('details').forEach((each) => { each.open = true; })")
    assert WRONG in page.locator("main").inner_text()
    assert page.locator("img").count() == 0


def english_in(page: Page) -> list[str]:
    return [text for text in page.evaluate(LEFT_IN_ENGLISH) if re.search("[A-Za-z]{2}", re.sub(NAMES, "", text))]


@pytest.mark.browser
@pytest.mark.parametrize("view", ["start", "explore", "history", "play", "game", "end", "lessons", "lesson", "answer"])
def test_no_english_is_left_in_another_language_but_what_is_said_to_be(page: Page, view: str) -> None:
    """What stays English says so itself (`lang="en"`), and the page says which texts these are."""
    turn = "-" * 6
    moves = ".".join([turn] * 8)
    page.goto({
        "start": "#/start?lang=ko",
        "explore": "#/explore?lang=ko&postwar_need=0.2&off=A10&kept=grievance%3D0&beijing_trade=generous&series=tension",
        "history": "#/history?lang=ko&run=5&month=2023-09&fork=beijing_trade:squeeze:2023-09",
        "play": "#/play?lang=ko",
        "game": f"#/play?lang=ko&game=history&moves={turn}.{turn}",
        "end": f"#/play?lang=ko&game=history&seats=Beijing&mission=2&moves={moves}",
        "lessons": "#/lessons?lang=ko&class=1.40.55.20.30.20",
        "lesson": "#/lessons?lang=ko&lesson=5",
        "answer": "#/lessons?lang=ko&lesson=8&bets=8.20&class=8.40",
    }[view])  # fmt: skip
    done = {"play": "#seat-Seoul", "game": "#play-report .wire", "end": "[data-done]", "lessons": "#class-there",
            "lesson": "#before:not(:empty)", "answer": "[data-done]"}  # fmt: skip
    settled(page) if view not in done else page.locator(done[view]).wait_for()
    page.evaluate("() => document.querySelectorAll('details').forEach((each) => { each.open = true; })")
    page.evaluate(
        "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"
    )  # what opens is drawn
    assert english_in(page) == []
