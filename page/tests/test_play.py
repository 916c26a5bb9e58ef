"""The game in Chromium: no click is lost, the address keeps it all, and what it measures is what Python measures."""

import re
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from sim.engine.experiment import Experiment
from sim.engine.mesa.agents import Peninsula
from sim.inference.parameter_sets import retained_sets
from sim.model import goals, months
from sim.model.moves import CAPITALS, LEVER
from sim.registers import register
from sim.scenario import load

STARTS = [0, 12, 36, 38, 44, 54, 60, 64]
pytestmark = pytest.mark.browser


def moves(page: Page) -> list[str]:
    """Return the entries that the address keeps."""
    match = re.search(r"[?&]moves=([-\d.]*)", page.url)
    return match[1].split(".") if match else []


def known(page: Page) -> None:
    """Wait until the cards say what they promise."""
    page.locator(".promise", has_text="As things stand").first.wait_for()


def score(page: Page) -> int:
    page.locator(".debrief[data-done] .score").first.wait_for()
    return int(page.locator(".score").first.inner_text())


@pytest.fixture
def job(page: Page) -> Callable[[str, dict[str, Any]], Any]:
    """Return what asks a job of the game, in the page itself."""
    page.goto("#/play")
    page.locator("#play-history").wait_for()

    def asked(name: str, given: dict[str, Any]) -> Any:
        return page.evaluate(
            """async ([name, given]) => {
              const [jobs, { load }] = await Promise.all([import("./jobs/play.js"), import("./engine/engine.js")]);
              const world = await (await fetch("world.json")).json();
              const sets = new Float64Array(await (await import(new URL("engine/files.js", document.baseURI))).unpacked(await (await fetch("sets.bin")).arrayBuffer()));
              const engine = await load(await (await fetch("engine/months.wasm")).arrayBuffer());
              const found = await jobs[name]({ world, sets, engine }, given);
              return JSON.parse(JSON.stringify(found, (_, each) => (ArrayBuffer.isView(each) ? [...each] : each)));
            }""",
            [name, given],
        )

    return asked


def game(turns: list[dict[str, str]], run: int = 3) -> dict[str, Any]:
    return {"scenario": "baseline", "seed": 5, "run": run, "starts": STARTS, "end": 68, "turns": turns}


ORDERS = [
    {"pyongyang_talks": "talk", "deal_arms": "none"}, {"beijing_trade": "squeeze"}, {}, {"moscow_cover": "veto"},
    {"pyongyang_provoke": "missile", "deal_pay": "top"}, {}, {"seoul_north": "engage"}, {"washington_sanction": "ease"},
]  # fmt: skip


@pytest.fixture(scope="module")
def stepped() -> Peninsula:
    """Return the same game, stepped through by the Mesa engine."""
    spans = zip(STARTS, [*STARTS[1:], 68], strict=True)
    scripted = [
        {
            "capital": LEVER[field].capital,
            "lever": LEVER[field].name,
            "option": option,
            "from": months.name(first),
            "to": months.name(end - 1),
        }
        for turn, (first, end) in zip(ORDERS, spans, strict=True)
        for field, option in turn.items()
    ]
    asked = Experiment(load("baseline").with_(moves=scripted), retained_sets(), 5, range(3, 4))
    model = Peninsula(asked.scenario_of(3), seed=5, run=3)
    had: dict[str, list[tuple[float, tuple[float, ...]]]] = {name: [] for name in CAPITALS}
    for _ in range(68):
        model.step()
        for capital in model.capitals:
            terms, value = capital.judge(model.world, model.moves)
            had[capital.name].append((value, terms))
    model.had = had
    return model


@pytest.mark.parametrize("capital", CAPITALS)
def test_how_a_capital_fares_is_what_the_rules_say(job: Any, stepped: Any, capital: str) -> None:
    replayed = job(
        "replay", {"game": game(ORDERS), "capital": capital, "left": -1, "series": ["tension", "reengagement"]}
    )
    values, terms = zip(*stepped.had[capital], strict=True)
    assert replayed["fared"]["whole"] == pytest.approx(float(np.mean(values)), abs=1e-9)
    assert replayed["fared"]["goals"] == pytest.approx(np.mean(terms, axis=0).tolist(), abs=1e-9)
    collected = stepped.datacollector.model_vars
    assert replayed["reengagement"] == pytest.approx(collected["reengagement"][-68:], abs=1e-9)
    assert replayed["fared"]["series"]["tension"] == pytest.approx(float(np.mean(collected["tension"][-68:])), abs=1e-9)


def test_the_model_in_a_turn_moves_that_capital_alone(job: Any) -> None:
    asked = {"game": game(ORDERS), "capital": "Pyongyang", "series": []}
    as_played, without = (job("replay", asked | {"left": turn}) for turn in (-1, 6))
    assert as_played == without, "in the seventh turn nothing was ordered by Pyongyang"
    assert job("replay", asked | {"left": 0})["fared"]["whole"] != as_played["fared"]["whole"]


def test_governments_differ_in_how_they_weigh_and_in_nothing_else(job: Any) -> None:
    asked = {"game": game([]), "capital": "Seoul", "first": 0, "last": 6, "series": ["tension"]}
    fields = job("field", asked)
    assert len({field["whole"] for field in fields}) > 1
    later = job("field", asked | {"first": 2, "last": 4})
    assert later == fields[2:4], "a part is the same whichever part it is asked with"
    weighs = [
        register.registered_parameters()[goals.weight_name("Seoul", goal.__name__)].default
        for goal in goals.GOALS["Seoul"]
    ]
    assert len(fields[0]["goals"]) == len(weighs)


def test_cards_of_the_deal_belong_to_whoever_hands_over(job: Any) -> None:
    cards = {seat: set(job("turn", {"game": game(ORDERS[:5]), "seats": [seat]})["cards"]) for seat in CAPITALS}
    deals = {seat: sorted(card for card in hand if card.startswith("deal_")) for seat, hand in cards.items()}
    parts = {"Moscow": ["deal_pay", "deal_technology"], "Pyongyang": ["deal_arms"]}
    assert deals == {seat: parts.get(seat, []) for seat in CAPITALS}


def test_what_the_model_mostly_does_are_shares_of_its_months(job: Any) -> None:
    turn = job("turn", {"game": game(ORDERS[:4]), "seats": ["Moscow"]})
    assert set(turn["mostly"]) == {"moscow_labour", "moscow_cover", "deal_pay", "deal_technology"}
    assert all(sum(shares) == pytest.approx(1.0) for shares in turn["mostly"].values())


def test_a_whole_game_of_history(page: Page) -> None:
    page.goto("#/play")
    page.get_by_label("Pyongyang").check()
    page.get_by_label("Beijing").uncheck()
    page.locator("#mission").select_option("2")
    page.locator("#play-history").click()
    for turn in range(8):
        known(page)
        card = page.locator(f"#pyongyang_toward_beijing-{turn % 4}")
        card.check()
        page.locator("#play-turn").click()
        assert moves(page)[turn][0] == str(turn % 4)
        expect(page.locator("#telegram")).to_be_visible()
        expect(page.get_by_text("What really happened")).to_be_visible()
    first = score(page)
    assert 0 <= first <= 100 and len(moves(page)) == 8
    expect(page.get_by_text(re.compile("Mission (done|missed)"))).to_be_visible()
    assert page.locator(".strip circle").count() == 200
    page.reload()
    assert score(page) == first
    page.locator("#play-back").click()
    expect(page.locator("#play-now")).to_contain_text("May 2024 to August 2024")
    assert len(moves(page)) == 7


def test_no_click_is_lost_while_the_page_is_busy(page: Page) -> None:
    page.goto("#/play?game=now&seats=Seoul&future=war-ends-early")
    page.locator("#seoul_north-2").wait_for()
    clicked = ["seoul_north-2", "play-turn", "seoul_north-0", "seoul_toward_beijing-1", "play-turn", "play-turn"]
    page.evaluate("(all) => { for (const id of all) document.getElementById(id).click(); }", clicked)
    assert moves(page) == ["2-", "01", "--"]
    page.locator("#seoul_north-1").check()
    known(page)
    expect(page.locator("#seoul_north-1")).to_be_checked()
    assert "draft=1-" in page.url


@pytest.mark.long
def test_ten_tabs_at_once_play_ten_games(new_page: Callable[..., Page]) -> None:
    first = new_page()
    tabs = [first, *(first.context.new_page() for _ in range(9))]
    for luck, tab in enumerate(tabs, 2):
        tab.goto(f"#/play?game=now&seats=Seoul&luck={luck}")
        tab.locator(f"#seoul_north-{luck % 3}").check()
        tab.locator("#play-turn").click()
    reports = []
    for luck, tab in enumerate(tabs, 2):
        tab.locator("#telegram").wait_for()
        assert moves(tab) == [f"{luck % 3}-"] and f"luck={luck}" in tab.url
        reports.append(tab.locator("#play-report").inner_text())
    assert len(set(reports)) > 5, "each has its own chance"


def test_a_double_click_plays_one_turn(page: Page) -> None:
    page.goto("#/play?game=now&seats=Seoul")
    page.locator("#play-turn").dblclick()
    assert moves(page) == ["--"]


def test_the_device_is_handed_on_before_the_next_seat_sees_its_cards(page: Page) -> None:
    page.goto("#/play?game=history&seats=Moscow.Pyongyang")
    for seat, card in (("Moscow", "moscow_cover-2"), ("Pyongyang", "deal_arms-1")):
        expect(page.locator(".levers")).to_have_count(0)
        page.get_by_role("button", name=f"I am {seat}").click()
        page.locator(f"#{card}").check()
        page.locator("#play-turn").click()
    assert moves(page) == ["-2--", "----1"]
    expect(page.locator("#telegram")).to_be_visible()
    page.locator("#play-back").click()
    expect(page.get_by_role("button", name="I am Pyongyang")).to_be_visible()
    assert moves(page) == ["-2--"]


def test_the_turn_that_cost_most_can_be_replayed(page: Page) -> None:
    page.goto(f"#/play?game=now&seats=Pyongyang&moves={'.'.join(['-----', '--2--', *['-----'] * 4])}")
    mine = score(page)
    rows = [
        row.locator("th, td").all_inner_texts()
        for row in page.locator(".debrief .scroll").first.locator("tbody tr").all()
    ]
    begins, scores = zip(*rows, strict=True)
    dearest = max(map(int, scores))
    assert dearest > mine, "half a year of missiles is dear"
    link = page.locator("#replay-Pyongyang")
    begin = link.inner_text().removeprefix("Replay from ")
    assert scores[begins.index(begin)] == str(dearest)
    link.click()
    expect(page.locator("#play-now")).to_contain_text(f"{begin} to")
    assert moves(page) == ["-----", "--2--"][: begins.index(begin)]


def test_it_is_played_by_keyboard(page: Page) -> None:
    page.goto("#/play")
    page.locator("#play-history").press("Enter")
    page.locator("#beijing_trade--").press("ArrowDown")
    expect(page.locator("#beijing_trade-0")).to_be_focused()
    page.locator("#play-turn").press("Enter")
    expect(page.locator("#play-now")).to_be_focused()
    assert moves(page) == ["0-----"]


@pytest.mark.parametrize(
    "wrong", ["seats=<img onerror=alert(1)>", "moves=<img src=x onerror=alert(1)>", "game=x", "luck=1e9", "mission=9"]
)
def test_a_wrong_address_is_told_in_words(page: Page, wrong: str) -> None:
    page.goto(f"#/play?game=now&{wrong}")
    expect(page.locator("#problems")).to_contain_text("could not be used")
    assert page.locator("img").count() == 0


def test_moves_that_fit_no_seat_are_left_out(page: Page) -> None:
    page.goto("#/play?game=history&seats=Seoul&moves=-1.99.1-")
    expect(page.locator("#play-now")).to_contain_text("January 2020")


@pytest.mark.parametrize(
    "at", ["#/play", "#/play?game=history&seats=Pyongyang&moves=-----", "#/play?game=now&seats=Moscow.Seoul"]
)
def test_it_fits_a_phone_and_fingers(new_page: Callable[..., Page], at: str) -> None:
    page = new_page(viewport={"width": 320, "height": 640})
    page.goto(at)
    page.locator("#play-history, #telegram, #play-ready").first.wait_for()
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    small = page.locator("#main").evaluate(
        """(main) => [...main.querySelectorAll("button, input, select, summary")].filter((each) => {
          const { width, height } = each.getBoundingClientRect();
          return width > 0 && Math.min(width, height) < 24;
        }).map((each) => each.outerHTML.slice(0, 80))"""
    )
    assert small == []


def test_the_debrief_can_be_printed(page: Page) -> None:
    page.goto(f"#/play?game=now&seats=Seoul&moves={'.'.join(['--'] * 6)}")
    score(page)
    page.locator("#play-print").wait_for()
    page.emulate_media(media="print")
    expect(page.locator("#play-end")).to_be_visible()
    for hidden in ("#play-buttons", "#play-print", "#nav"):
        expect(page.locator(hidden)).to_be_hidden()
