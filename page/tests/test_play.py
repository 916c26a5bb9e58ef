"""The game in Chromium: its points are those of the rules, its cards keep what they say, and the address holds it all."""

import re
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Page, expect
from scipy.stats import spearmanr

from page.tests.conftest import TAKE
from sim.engine.experiment import Experiment
from sim.engine.mesa.agents import Peninsula
from sim.inference.parameter_sets import retained_sets
from sim.model import months
from sim.model.capitals import CAPITALS
from sim.model.moves import LEVERS
from sim.scenario import load

STARTS = [0, 12, 36, 38, 44, 54, 60, 64]
SIZES = {"phone": (390, 844), "tablet": (1024, 700), "wide": (1280, 800)}
PYONGYANG = "#/play?game=history&seats=Pyongyang"
pytestmark = pytest.mark.browser


def moves(page: Page) -> list[str]:
    """Return the entries that the address keeps."""
    match = re.search(r"[?&]moves=([-\d.]*)", page.url)
    return match[1].split(".") if match else []


def draft(page: Page) -> str:
    match = re.search(r"[?&]draft=([-\d.]*)", page.url)
    return match[1] if match else ""


def play_turn(page: Page, card: int = 0) -> None:
    """Choose a card of every matter of a turn."""
    matters = len(page.locator(".matter").inner_text()) and int(page.locator(".matter").inner_text().split()[-1])
    for place in range(1, matters + 1):
        page.locator(".matter", has_text=f"Matter {place}").wait_for()
        page.locator(f"#card-{card}").click()
    page.locator("#play-next").wait_for()


def score(page: Page) -> str:
    return page.locator(".debrief .score").first.inner_text()


@pytest.fixture
def job(page: Page) -> Callable[[str, dict[str, Any]], Any]:
    """Return what asks a job of the game, in the page itself."""
    page.goto("#/play")
    page.locator("#play-history").wait_for()

    def asked(name: str, given: dict[str, Any]) -> Any:
        return page.evaluate(
            f"""async ([name, given]) => {{
              {TAKE}"""
            + """
              const jobs = await take("jobs/play");
              const found = await jobs[name](await context(), given);
              return JSON.parse(JSON.stringify(found, (_, each) => (ArrayBuffer.isView(each) ? [...each] : each)));
            }""",
            [name, given],
        )

    return asked


def game(turns: list[dict[str, str]], seats: list[str], run: int = 3, **more: Any) -> dict[str, Any]:
    return {"scenario": "baseline", "seed": 5, "run": run, "starts": STARTS, "end": 68, "turns": turns, "seats": seats, **more}


ORDERS = [{"pyongyang_talks": "talk", "deal_arms": "none"}, {"pyongyang_provoke": "missile"}, {}, {}, {"pyongyang_talks": "refuse"}, {}, {}, {}]


def stepped(moves: list[dict[str, str]]) -> dict[str, tuple[list[float], list[tuple[float, ...]]]]:
    """Return what every month was worth to each capital, and its goals, as the Mesa engine steps through them."""
    asked = Experiment(load("baseline").with_(moves=moves), retained_sets(), 5, range(3, 4))
    model = Peninsula(asked.scenario_of(3), seed=5, run=3)
    had: dict[str, tuple[list[float], list[tuple[float, ...]]]] = {name: ([], []) for name in CAPITALS}
    for _ in range(68):
        model.step()
        for capital in model.capitals:
            terms, value = capital.judge(model.world, model.moves)
            had[capital.name][0].append(value)
            had[capital.name][1].append(terms)
    return had


def test_points_and_gauges_are_what_the_rules_say(job: Any) -> None:
    found = job("turn", {"game": game(ORDERS, ["Pyongyang"])})
    played = np.array(found["played"]).reshape(68, -1)
    spans = [*zip(STARTS, [*STARTS[1:], 68], strict=True)]
    scripted = [
        {"capital": lever.capital, "lever": lever.name, "option": lever.options[played[first, place]].name, "from": months.name(first), "to": months.name(end - 1)}
        for place, lever in enumerate(LEVERS) if lever.capital == "Pyongyang" or lever.field == "deal_arms" for first, end in spans
    ]  # fmt: skip
    ordered = {(each["lever"], each["from"]): each["option"] for each in scripted}
    assert ordered["talks", "2019-01"] == "talk" and ordered["talks", months.name(44)] == "refuse"
    assert ordered["provoke", months.name(64)] == "missile", "what is ordered once stands until the end"
    mine, without = stepped(scripted), stepped([])
    points = {name: 1000 * (np.mean(mine[name][0]) - np.mean(without[name][0])) for name in CAPITALS}
    assert found["points"] == pytest.approx(points, abs=1e-6)
    for place, gauge in enumerate(found["gauges"]["Pyongyang"]):
        now, before, other = (np.mean([terms[place] for terms in each[first:last]]) for each, first, last in (
            (mine["Pyongyang"][1], 64, 68), (mine["Pyongyang"][1], 60, 64), (without["Pyongyang"][1], 64, 68)))  # fmt: skip
        assert gauge == pytest.approx({"now": now, "before": before, "without": other}, abs=1e-9)


def test_the_price_of_a_difference_is_the_game_without_it(job: Any) -> None:
    found = job("ending", {"game": game(ORDERS, ["Pyongyang"]), "seat": "Pyongyang"})
    fields = {each["field"]: each for each in found["differences"]}
    assert {"pyongyang_talks", "pyongyang_provoke"} <= set(fields)
    assert all(set(each["points"]) == set(CAPITALS) and each["mine"] != each["theirs"] for each in fields.values())
    options = [option.name for option in next(lever for lever in LEVERS if lever.field == "pyongyang_provoke").options]
    assert options[fields["pyongyang_provoke"]["mine"]] == "missile"
    untouched = job("ending", {"game": game([], []), "seat": "Pyongyang"})
    assert untouched["differences"] == [] and set(untouched["points"].values()) == {0}


def test_cards_of_the_deal_belong_to_whoever_hands_over(job: Any) -> None:
    stands = {seat: job("hand", {"game": game([], [seat]), "seat": seat, "orders": {}, "matters": None})["stands"] for seat in CAPITALS}
    deals = {seat: sorted(field for field in each if field.startswith("deal_")) for seat, each in stands.items()}
    parts = {"Moscow": ["deal_pay", "deal_technology"], "Pyongyang": ["deal_arms"]}
    assert deals == {seat: parts.get(seat, []) for seat in CAPITALS}


def test_cards_bring_what_they_say(job: Any) -> None:
    said, brought = [], []
    for run in range(3, 7):
        hand = job("hand", {"game": game([], ["Pyongyang"], run), "seat": "Pyongyang", "orders": {}, "matters": None})
        points = lambda orders: job("turn", {"game": game([orders, *[{}] * 7], ["Pyongyang"], run)})["points"]["Pyongyang"]  # noqa: B023, E731
        still = points({})
        for field, cards in hand["cards"].items():
            assert cards[hand["stands"][field]]["gain"] == 0
            options = [option.name for option in next(lever for lever in LEVERS if lever.field == field).options]
            said += [card["gain"] for card in cards]
            brought += [points({field: option}) - still for option in options]
    assert spearmanr(said, brought).statistic > 0.5


def test_a_whole_game_of_history(page: Page) -> None:
    page.goto("#/play")
    page.locator("#play-history").wait_for()
    page.get_by_label("Pyongyang").check()
    page.locator("#play-history").click()
    labels = {option["label"] for lever in page.evaluate("fetch('world.json').then((found) => found.json())")["levers"] for option in lever["options"]}
    for turn in range(8):
        page.locator(".matter", has_text="Matter 1").wait_for()
        expect(page.locator(".gauges li")).to_have_count(7)
        play_turn(page, turn % 2)
        assert len(moves(page)) == turn + 1
        for line in page.locator(".wire li").all():
            words = line.evaluate("(li) => li.querySelector('span').textContent")
            assert words in labels, "no term of an earlier turn is left in a line"
            assert line.locator("b").inner_text() != "Pyongyang"
        page.locator("#play-next").click()
    mine = score(page)
    assert mine == page.locator("#play-score").inner_text()
    assert page.locator(".differences li").count() and page.locator(".differences").first.locator(".costs").first.locator("li").count() == 5
    page.reload()
    assert score(page) == mine
    page.locator("#play-watch").click()
    for turn in range(1, 9):
        expect(page.locator(".turn")).to_contain_text(f"Turn {turn} of 8")
        page.locator("#play-next").click()
    assert score(page) == mine and len(moves(page)) == 8
    page.goto(page.locator("#play-link").input_value())
    expect(page.locator("#play-bar")).to_contain_text(f"beat {mine.replace('−', '-').lstrip('+')}")
    expect(page.locator(".matter")).to_contain_text("Matter 1")


def test_a_card_is_taken_back_by_the_button_of_the_page_and_by_that_of_the_browser(page: Page) -> None:
    page.goto(PYONGYANG)
    page.locator("#card-1").click()
    page.locator(".matter", has_text="Matter 2").wait_for()
    first = draft(page)
    page.locator("#card-0").click()
    page.locator(".matter", has_text="Matter 3").wait_for()
    page.locator("#play-back").click()
    expect(page.locator(".matter")).to_contain_text("Matter 2")
    page.reload()
    expect(page.locator(".matter")).to_contain_text("Matter 2")
    assert len(draft(page)) == len(first) and draft(page).count("-") == 4
    page.go_back()
    page.go_back()
    expect(page.locator(".matter")).to_contain_text("Matter 2")
    page.go_back()
    expect(page.locator(".matter")).to_contain_text("Matter 1")


def test_a_double_click_plays_one_card(page: Page) -> None:
    page.goto(PYONGYANG)
    page.locator("#card-1").dblclick()
    expect(page.locator(".matter")).to_contain_text("Matter 2")
    assert moves(page) == []


def test_the_device_is_handed_on_before_the_next_seat_sees_its_cards(page: Page) -> None:
    page.goto("#/play?game=history&seats=Moscow.Seoul")
    for seat, matters in (("Moscow", 3), ("Seoul", 2)):
        expect(page.locator(".move")).to_have_count(0)
        page.get_by_role("button", name=f"I am {seat}").click()
        for place in range(1, matters + 1):
            page.locator(".matter", has_text=f"Matter {place}").wait_for()
            page.locator("#card-0").click()
    page.locator("#play-next").wait_for()
    assert len(moves(page)) == 2
    page.locator("#play-back").click()
    expect(page.get_by_role("button", name="I am Seoul")).to_be_visible()


def test_it_is_played_by_keyboard(page: Page) -> None:
    page.goto("#/play?seats=Seoul")
    page.locator("#play-history").press("Enter")
    expect(page.locator("#play-now")).to_be_focused()
    page.locator("#card-0").press("Enter")
    expect(page.locator("#play-matter")).to_be_focused()
    page.locator("#card-1").press("Enter")
    expect(page.locator("#play-now")).to_be_focused()
    assert len(moves(page)) == 1


@pytest.mark.parametrize(
    "wrong", ["seats=<img onerror=alert(1)>", "moves=<img src=x onerror=alert(1)>", "game=x", "luck=1e9", "beat=many", "watch=100"]
)
def test_a_wrong_address_is_told_in_words(page: Page, wrong: str) -> None:
    page.goto(f"#/play?game=now&{wrong}")
    expect(page.locator("#problems")).to_contain_text("could not be used")
    assert page.locator("img").count() == 0


def test_moves_that_fit_no_seat_are_left_out(page: Page) -> None:
    page.goto("#/play?game=history&seats=Seoul&moves=-1.99.1-")
    expect(page.locator("#play-now")).to_contain_text("January 2020")


@pytest.mark.parametrize("size", SIZES)
def test_the_first_card_is_on_the_first_screen_and_all_fits_fingers(new_page: Callable[..., Page], size: str) -> None:
    width, height = SIZES[size]
    page = new_page(viewport={"width": width, "height": height})
    for at in ("#/play", PYONGYANG, f"{PYONGYANG}&moves={'.'.join(['-----'] * 8)}"):
        page.goto(at)
        page.locator("#play-history, #card-0, #play-beat").first.wait_for()
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        small = page.locator("#main").evaluate(
            """(main) => [...main.querySelectorAll("button:not(.term), label, select, summary, .button")].filter((each) => {
              const { width, height } = each.getBoundingClientRect();
              return width > 0 && Math.min(width, height) < 44 && each.htmlFor !== "future" && each.htmlFor !== "luck";
            }).map((each) => each.outerHTML.slice(0, 80))"""
        )
        assert small == []
        card = page.locator("#card-0")
        if card.count():
            box = card.bounding_box()
            assert box is not None and box["y"] + box["height"] <= height
            page.mouse.wheel(0, 2000)
            assert page.locator("#play-bar").evaluate("(bar) => Math.abs(bar.getBoundingClientRect().top)") <= height


@pytest.mark.parametrize("width", [320, 390])
def test_no_name_of_a_goal_is_cut_on_a_phone(new_page: Callable[..., Page], width: int) -> None:
    page = new_page(viewport={"width": width, "height": 640})
    for seat in CAPITALS:
        page.goto(f"#/play?game=history&seats={seat}")
        page.locator(f"#play-bar.{seat} .gauges li").first.wait_for()
        assert page.locator(".gauges .goal").evaluate_all("(all) => all.filter((each) => each.scrollWidth > each.clientWidth).map((each) => each.textContent)") == []


@pytest.mark.parametrize("motion", ["reduce", "no-preference"])
def test_the_answers_move_only_for_who_wants_motion(new_page: Callable[..., Page], motion: str) -> None:
    page = new_page(reduced_motion=motion)
    page.goto(f"{PYONGYANG}&moves=-----.-----&watch=2")
    page.locator(".wire li").first.wait_for()
    moving = page.locator(".play-map .arc path").first.evaluate("(path) => getComputedStyle(path).animationName")
    assert moving == ("none" if motion == "reduce" else "draw")


def test_the_end_can_be_printed(page: Page) -> None:
    page.goto(f"#/play?game=now&seats=Seoul&moves={'.'.join(['--'] * 6)}")
    score(page)
    page.emulate_media(media="print")
    expect(page.locator(".debrief")).to_be_visible()
    for hidden in ("#play-buttons", "#play-print", "#nav"):
        expect(page.locator(hidden)).to_be_hidden()
