"""Everyone: no finding of axe, the keyboard alone, words and a table beside every picture, dark, narrow, targets."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from page.tests.conftest import at_rest, settled, watched

pytestmark = pytest.mark.browser
VIEWS = ["#/start", "#/explore?postwar_need=0.2&off=A10", "#/history?run=3", "#/play", "#/lessons"]
SIMULATING = VIEWS[:3]
PHONE, WIDE = (320, 700), (1280, 900)
TOUCHED = {"viewport": {"width": PHONE[0], "height": PHONE[1]}, "has_touch": True}
UNDER_WAY = {
    "#/play?game=history&moves=------": ".wire", "#/play?game=now&seats=Seoul.Moscow": "#play-ready", "#/lessons?lesson=5": "#bet",
    "#/lessons?lesson=7&bets=7.60.20.50.30&class=7.10.20.30.40": "#answer[data-done]",
    f"#/play?game=history&seats=Beijing&moves={'.'.join(['------'] * 8)}": "#play-beat", "#/start?bet=ask": "#guess", "#/class": "#class pre",
    "#/history?run=186&fork=beijing_trade:squeeze:2022-06": "#unfork",
}  # fmt: skip
HELD = "() => document.activeElement.type === 'radio' ? null : document.activeElement.dataset.place ?? null"
MIDDLE = "() => getComputedStyle(document.querySelector('#difference svg .middle')).stroke"
IN_SIGHT = """() => {
    const [strip, dots] = ["#effect", "#effect .hundred"].map((each) => document.querySelector(each).getBoundingClientRect());
    return strip.top >= 0 && strip.bottom < innerHeight / 2 && dots.height > 20 && dots.bottom <= strip.bottom;
}"""
LARGE = """() => [...document.querySelectorAll("main button, main select, main input, nav a, summary")]
    .filter((each) => each.checkVisibility() && !each.closest("details:not([open]) > :not(summary)"))
    .map((each) => [each.id || each.textContent, each.getBoundingClientRect()])
    .filter(([, { width, height }]) => width < 24 || height < 24).map(([name]) => name)"""
MOVING = """() => [...document.querySelectorAll("body *")].filter((each) => {
    const { transitionDuration, animationName } = getComputedStyle(each);
    return parseFloat(transitionDuration) > 0 || !["none", "late"].includes(animationName);
}).map((each) => each.outerHTML.slice(0, 80))"""
FITS = "() => document.documentElement.scrollWidth <= innerWidth"
STUCK = """() => [...document.querySelectorAll("body *")].filter((each) => each.checkVisibility()
    && ["fixed", "sticky"].includes(getComputedStyle(each).position)).length"""
DRAWN = "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"
# All that is folded, and the bar that is there while runs are simulated.
UNFOLD = """(open) => {
    document.querySelectorAll("details.others").forEach((each) => { each.open = open; });
    document.querySelector("#progress").hidden = !open;
}"""


@pytest.fixture(scope="module")
def address(address_of_fewer_runs: str) -> str:
    return address_of_fewer_runs


@pytest.fixture(scope="module", params=[*VIEWS, *UNDER_WAY])
def view(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def opened(view: str, browser: Browser, address: str) -> Iterator[Page]:
    """Open each view once, on a phone; the tests make of it what each looks at, and leave it as it was."""
    with watched(browser, address) as make:
        page = make(**TOUCHED)
        page.goto(view)
        settled(page) if view in SIMULATING else page.locator(UNDER_WAY.get(view, "body[data-view] main h1")).wait_for()
        yield page


@contextmanager
def resized(page: Page, width: int, height: int) -> Iterator[None]:
    usual = page.viewport_size
    page.set_viewport_size({"width": width, "height": height})
    page.evaluate(DRAWN)
    try:
        yield
    finally:
        page.set_viewport_size(usual)  # type: ignore[arg-type]
        page.emulate_media(media="null", color_scheme="null", reduced_motion="null", forced_colors="null")


def test_axe_finds_nothing_nothing_overflows_and_targets_are_large(opened: Page, view: str) -> None:
    opened.evaluate(UNFOLD, True)
    for width, height in (PHONE, WIDE) if view in VIEWS else (PHONE,):
        with resized(opened, width, height):
            at_rest(opened)
            for scheme in ("light", "dark"):
                opened.emulate_media(color_scheme=scheme)
                violations = Axe().run(opened).response["violations"]
                assert [(each["id"], each["impact"], each["nodes"][0]["target"]) for each in violations] == []
            assert opened.evaluate(FITS)
            assert opened.evaluate(LARGE) == []
    opened.evaluate(UNFOLD, False)


def test_with_forced_colours_and_at_twice_the_size_nothing_is_cut_off(opened: Page, view: str) -> None:
    with resized(opened, 640, 450):
        opened.emulate_media(forced_colors="active")
        if "explore" in view:
            assert opened.evaluate(MIDDLE) != "none"
        assert opened.evaluate(FITS)


def test_nothing_moves_for_who_wants_no_motion(opened: Page, view: str) -> None:
    """But the words that a page has not started, which come late."""
    with resized(opened, *PHONE):
        opened.emulate_media(reduced_motion="reduce")
        assert opened.evaluate(MOVING) == []
        opened.emulate_media(reduced_motion="no-preference")
        assert not view.endswith("start") or opened.evaluate(MOVING) != []


def test_a_printed_view_is_as_wide_as_its_paper_and_has_no_buttons_over_its_words(opened: Page) -> None:
    with resized(opened, 718, 1000):
        opened.emulate_media(media="print", color_scheme="dark")
        assert opened.evaluate(FITS)
        assert opened.evaluate(STUCK) == 0
        assert opened.locator("header nav").is_hidden()


def test_a_turn_is_played_and_a_bet_is_placed_with_the_keyboard_alone(page: Page) -> None:
    def tab_to(wanted: str) -> None:
        for _ in range(120):
            page.keyboard.press("Tab")
            if page.evaluate("(wanted) => document.activeElement.matches(wanted)", wanted):
                return
        raise AssertionError(f"the keyboard does not reach {wanted}")

    page.goto("#/play")
    page.locator("#play-now-game").wait_for()
    tab_to("#play-history")
    page.keyboard.press("Enter")
    expect(page.locator("#play-now")).to_be_focused()
    for matter in (1, 2, 3):
        page.locator(".matter", has_text=f"Matter {matter}").wait_for()
        tab_to("#card-0")
        page.keyboard.press("Enter")
    tab_to("#play-next")
    page.goto("#/lessons?lesson=8")
    tab_to("#guess-0")
    page.keyboard.press("ArrowLeft")
    tab_to("#bet")
    page.keyboard.press("Enter")
    page.locator("#answer[data-done]").wait_for()
    assert "bets=8.49" in page.url


@pytest.mark.parametrize("view", SIMULATING)
def test_the_keyboard_reaches_everything_that_can_be_used(page: Page, view: str) -> None:
    page.goto(view)
    settled(page)
    usable = page.evaluate(
        """() => {
            const all = [...document.querySelectorAll("a[href], button, input, select, summary")];
            const closed = "details:not([open]) > :not(summary)";
            const shown = (each) => each.checkVisibility({ checkVisibilityCSS: true }) && !each.closest(closed);
            const seen = all.filter(shown);
            seen.forEach((each, place) => { each.dataset.place = place; });
            return seen.filter((each) => each.type !== "radio").length;
        }"""
    )
    reached = set()
    for _ in range(2 * usable + 10):
        page.keyboard.press("Tab")
        place = page.evaluate(HELD)
        if place is not None:
            reached.add(place)
    assert len(reached) == usable > 10


@pytest.mark.parametrize(
    ("view", "pictures"), [(VIEWS[0], ["dots"]), (VIEWS[1], ["difference", "fan"]), (VIEWS[2], ["timeline"])]
)
def test_every_picture_has_its_content_in_words_and_its_numbers_in_a_table(
    page: Page, view: str, pictures: list[str]
) -> None:
    page.goto(view)
    settled(page)
    for name in pictures:
        card = page.locator(f"#{name}")
        assert len(card.locator("svg[role=img]").get_attribute("aria-label") or "") > 60
        card.locator("summary").click()
        expect(card.locator("tbody tr").nth(40)).to_be_attached()
    for svg in page.locator("svg:not([aria-hidden])").all():
        assert len(svg.get_attribute("aria-label") or "") > 15


@pytest.mark.parametrize(("width", "height"), [(1280, 800), (1024, 700)])
def test_the_wheel_brings_the_end_of_the_panel_into_sight(
    new_page: Callable[..., Page], width: int, height: int
) -> None:
    page = new_page(viewport={"width": width, "height": height}, reduced_motion="reduce")
    page.goto("#/explore")
    settled(page)
    end = page.locator("#others > summary")
    box = page.locator(".panel .control").first.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 20, box["y"] + 20)
    page.mouse.wheel(0, 5000)
    page.wait_for_function("() => document.querySelector('.side').scrollTop > 0")
    at = end.bounding_box()
    assert at is not None and at["y"] + at["height"] <= height


def test_a_finger_opens_the_dot_that_it_means(new_page: Callable[..., Page]) -> None:
    page = new_page(**TOUCHED)
    page.goto("#/start")
    settled(page)
    at_rest(page)
    last = page.locator("#dots .clear circle").last
    last.evaluate("(dot) => dot.scrollIntoView({ block: 'center', behavior: 'instant' })")
    box, run = last.bounding_box(), last.get_attribute("data-run")
    assert box is not None and box["width"] < 24
    page.touchscreen.tap(box["x"] + box["width"] / 2 + 6, box["y"] - 6)
    expect(page.locator("h1")).to_contain_text(f"History {run}:")


def test_the_focus_goes_on_where_what_had_it_is_gone(page: Page) -> None:
    page.goto("#/explore?postwar_need=0.2&off=A10")
    page.locator("#chip-postwar_need").press("Enter")
    expect(page.locator("#chip-off-A10")).to_be_focused()
    page.locator("#chip-off-A10").press("Enter")
    expect(page.locator("#series")).to_be_focused()
    page.goto("#/play?game=now&seats=Seoul")
    page.locator("#play-leave").press("Enter")
    expect(page.locator("#main")).to_be_focused()


@pytest.mark.parametrize(("width", "height"), [(1280, 800), (1024, 700), (390, 844), (320, 640)])
def test_the_answer_and_its_dots_stay_in_sight_while_controls_are_moved(
    new_page: Callable[..., Page], width: int, height: int
) -> None:
    page = new_page(viewport={"width": width, "height": height})
    page.goto(VIEWS[1])
    settled(page)
    page.locator("#others > summary").click()
    for control in page.locator(".panel input[type=range]").all()[::4]:
        control.evaluate("(control) => control.scrollIntoView({ block: 'nearest', behavior: 'instant' })")
        assert page.evaluate(IN_SIGHT), control.get_attribute("id")


def test_going_to_another_view_moves_the_focus_and_names_the_page(page: Page) -> None:
    page.goto("#/start")
    settled(page)
    page.locator(".door", has_text="Explore").click()  # far down
    settled(page, "explore")
    assert page.evaluate("() => [document.activeElement.id, scrollY]") == ["main", 0]
    assert page.title() == "Explore · Driftback"
    page.keyboard.press("Tab")
    assert page.evaluate("() => document.activeElement.closest('main') !== null")
