"""The lessons in Chromium: what is guessed, how it is scored; the answers are those of Python and of the record."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from page.tests.conftest import settled
from research import lesson_data, teaching
from sim.web import read_from_page

pytestmark = pytest.mark.browser
PASTED = "http://x.org/#/lessons?bets=8.10_3.50\n8.50\nnonsense <img src=x onerror=alert(1)> 8.400 9.1\n8.90"


def bets(page: Page) -> str:
    match = re.search(r"[?&]bets=([\d._]*)", page.url)
    return match[1] if match else ""


def guess(page: Page, *values: int) -> None:
    """Set the sliders, then bet."""
    for place, value in enumerate(values):
        page.locator(f"#guess-{place}").fill(str(value))
    page.locator("#bet").click()


def rows(page: Page) -> list[list[str]]:
    """Return the table of guesses and answers."""
    page.locator("#answer[data-done]").wait_for()
    return [row.locator("td").all_inner_texts() for row in page.locator("#answer tbody tr").all()]


def test_the_shipped_count_is_what_python_counts() -> None:
    assert read_from_page(lesson_data.FILE) == lesson_data.count_lessons()


def test_a_bet_is_scored_by_distance_and_kept_in_the_address(page: Page) -> None:
    page.goto("#/lessons?lesson=8")
    guess(page, 90)
    inside, figures = read_from_page(lesson_data.FILE)["inside"], read_from_page(lesson_data.FILE)["figures"]
    off = abs(90 - 100 * inside / figures)
    expect(page.locator("#points")).to_have_text(f"{round(max(0, 100 - 2 * off))} of 100 points")
    assert rows(page) == [[str(round(0.9 * 56)), str(inside)]]
    assert bets(page) == "8.90"
    page.reload()
    assert rows(page) == [[str(round(0.9 * 56)), str(inside)]]
    page.go_back()
    expect(page.locator("#bet")).to_be_visible()


@pytest.mark.parametrize("seed", [teaching.SEED, 7])
def test_every_answer_is_that_of_the_answer_key(page: Page, seed: int) -> None:
    for number, lesson in enumerate(teaching.lessons(seed), 1):
        middle = ".50" * len(lesson.guesses)
        page.goto(f"#/lessons?lesson={number}&bets={number}{middle}&seed={seed}")
        expect(page.locator("h1")).to_contain_text(lesson.word("title"))
        shown = [float(row[1].replace("\N{MINUS SIGN}", "-").rstrip("%")) for row in rows(page)]
        assert shown == pytest.approx(lesson.values, abs=0.501), lesson.name  # whole in the table, exact in the answer
        assert page.locator("#answer .lead").inner_text() == lesson.word("answer")


def test_the_picture_can_be_dragged(page: Page) -> None:
    page.goto("#/lessons?lesson=3")
    box = page.locator(".picture").bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + box["width"] * 0.55, box["y"] + box["height"] * 0.5)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 0.55, box["y"] + box["height"] * 10 / 210)
    page.mouse.up()
    expect(page.locator("#guess-0")).to_have_value("100")
    page.locator("#guess-0").press("ArrowLeft")
    expect(page.locator("#guess-0")).to_have_value("99")


def test_a_single_run_is_told_before_the_bet(page: Page) -> None:
    page.goto("#/lessons?lesson=5")
    expect(page.locator("#before")).to_contain_text("Run 0:")
    guess(page, 20, 40, 60)
    low, middle, high = (float(row[1].replace("\N{MINUS SIGN}", "-")) for row in rows(page))
    assert low < middle < high


def test_a_class_is_seen_once_one_has_bet_oneself(page: Page) -> None:
    page.goto("#/lessons")
    page.locator("#classroom summary").click()
    page.locator("#paste").fill(
        "http://x.org/#/lessons?bets=8.10_3.50\n8.50\nnonsense <img src=x onerror=alert(1)> 8.400 9.1\n8.90"
    )
    page.locator("#class-show").click()
    expect(page.locator("#class-there")).to_contain_text("3 bettors")
    code = page.locator("#class-code").input_value()
    assert code == "3.50_8.10*8.50*8.90"
    page.get_by_role("link", name="Is the model any good?").click()
    expect(page.locator("#bet")).to_be_visible()
    assert page.locator(".other").count() == 0
    guess(page, 30)
    assert rows(page)[0][2] == "6, 28, 50"
    assert page.locator("circle.other").count() == 3 and page.locator("img").count() == 0
    page.reload()
    assert rows(page)[0][2] == "6, 28, 50"


def test_all_eight_lead_to_an_ending(page: Page) -> None:
    page.goto("#/lessons")
    expect(page.locator(".lessons-list a")).to_have_count(8)
    page.locator(".lessons-list a").first.click()
    for lesson in range(1, 9):
        expect(page.locator("h1")).to_contain_text(f"Lesson {lesson} of 8")
        page.locator("#bet").click()
        page.locator("#answer[data-done]").wait_for()
        page.locator("#next").click()
    page.locator("#ending[data-done]").wait_for()
    scores = [int(score) for score in page.locator("#ending td").all_inner_texts()]
    assert len(scores) == 8
    expect(page.locator("#ending-title")).to_contain_text(f"{round(sum(scores) / 8)} of 100")

MOVED_IN = """async (lesson) => {
    const [{ lessons }, { learn }, { speak }, json] = [...await Promise.all(["views/lessons-list", "world", "strings"].map((name) =>
        import(new URL(`${name}.js`, document.baseURI)))), async (file) => (await fetch(file)).json()];
    learn(await json("world.json"), await json("facts.json"));
    speak(await json("strings/en.json"));
    const worlds = [];
    await lessons()[lesson - 1].answer(async (of, { moved }) => { worlds.push(moved); return [0]; });
    return worlds;
}"""


def test_what_lesson_seven_moves_can_be_moved_in_explore_as_far(page: Page) -> None:
    page.goto("")
    usual, *worlds = page.evaluate(MOVED_IN, 7)
    assert usual == {} and len(worlds) == 4
    for moved, word in zip(worlds, ["assumption", "assumption", "policy", "policy"], strict=True):
        (name, value) = next(iter({**moved.get("parameters", {}), **moved.get("drivers", {})}.items()), (None, None))
        name, value = (moved["moves"][0]["lever"], moved["moves"][0]["option"]) if name is None else (name, value)
        value = value[0]["value"] if isinstance(value, list) else value
        page.goto(f"#/explore?{name}={value}")
        settled(page, f"{name}={value}")
        expect(page.locator("#problems")).to_be_empty()
        assert page.locator(f"#c-{name}-control.moved.{word}").count() == 1


@pytest.mark.parametrize("wrong", ["bets=<img onerror=alert(1)>", "class=1.2;3", "lesson=9"])
def test_a_wrong_address_is_told_in_words(page: Page, wrong: str) -> None:
    page.goto(f"#/lessons?{wrong}")
    expect(page.locator("#problems")).to_contain_text("could not be used")
    assert page.locator("img").count() == 0


@pytest.mark.parametrize("at", ["#/lessons", "#/lessons?lesson=7", "#/lessons?lesson=8&bets=8.20"])
def test_it_fits_a_phone(new_page: Callable[..., Page], at: str) -> None:
    page = new_page(viewport={"width": 320, "height": 640})
    page.goto(at)
    page.locator("#classroom, #bet, #answer[data-done]").first.wait_for()
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
