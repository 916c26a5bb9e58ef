"""Everyone: no finding of axe, the keyboard alone, words beside every picture, dark, narrow and enlarged."""

from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.web.reader import settled

pytestmark = pytest.mark.usefixtures("warm")

PAGES = {
    "/?end=2027-01": "#capitals[data-state]",
    "/world?end=2027-01": "#capitals-of-one[data-month]",
    "/play?played=3031": "#play[data-month]",
    "/lessons": "#lessons",
}
LOOKS = {
    "light": {"viewport": {"width": 1280, "height": 900}},
    "dark": {"viewport": {"width": 1280, "height": 900}, "color_scheme": "dark"},
    "phone": {"viewport": {"width": 390, "height": 800}, "has_touch": True},
}


@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize("address", PAGES)
def test_axe_finds_nothing_and_nothing_overflows(new_page: Callable[..., Page], address: str, look: str) -> None:
    page = new_page(**LOOKS[look])
    page.goto(address)
    page.wait_for_selector(PAGES[address])
    found = Axe().run(page).response["violations"]
    assert [(each["id"], each["impact"], each["nodes"][0]["target"]) for each in found] == []
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_at_twice_the_size_nothing_is_cut_off(new_page: Callable[..., Page]) -> None:
    page = new_page(viewport={"width": 640, "height": 450}, device_scale_factor=2)
    page.goto("/?end=2027-01")
    settled(page)
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


@pytest.mark.parametrize("address", PAGES)
def test_the_keyboard_reaches_everything_that_can_be_used(page: Page, address: str) -> None:
    page.goto(address)
    page.wait_for_selector(PAGES[address])
    usable = page.evaluate(
        """() => {
            const all = [...document.querySelectorAll("a[href], button, input, select, summary")];
            const closed = "details:not([open]) > :not(summary)";
            const shown = (each) => each.checkVisibility({checkVisibilityCSS: true}) && !each.closest(closed);
            const seen = all.filter(shown);
            seen.forEach((each, place) => { each.dataset.place = place; });
            return seen.filter((each) => each.type !== "radio").length;
        }"""
    )
    reached = set()
    for _ in range(3 * usable):
        page.keyboard.press("Tab")
        place = page.evaluate(
            "document.activeElement.type === 'radio' ? null : document.activeElement.dataset.place ?? null"
        )
        if place is not None:
            reached.add(place)
    assert len(reached) == usable


def test_every_picture_has_its_content_in_words_and_its_numbers_in_a_table(page: Page) -> None:
    page.goto("/?end=2027-01")
    settled(page)
    for name in ("fan", "drifted", "options", "capitals"):
        card = page.locator(f"#{name}")
        assert len(card.locator("svg[role=img]").get_attribute("aria-label") or "") > 40
        card.locator("summary", has_text="The numbers as a table").click()
        assert card.locator("table").last.locator("tbody tr").count() > 5


def test_the_whole_of_explore_works_without_a_mouse(page: Page) -> None:
    page.goto("/?end=2027-01")
    settled(page)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "To the content"
    page.get_by_role("button", name="Pin this run").focus()
    page.keyboard.press("Enter")
    settled(page, "pin=")
    slider = page.get_by_role("slider", name="Moscow's need of arms after the war")
    slider.focus()
    page.keyboard.press("PageUp")
    page.keyboard.press("ArrowLeft")
    settled(page, "postwar_need=")
    assert slider.get_attribute("aria-valuetext")
