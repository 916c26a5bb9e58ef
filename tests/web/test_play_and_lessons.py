"""A capital to play, and lessons, as a reader uses them."""

import json
import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from sim.web.lessons import LESSONS

pytestmark = pytest.mark.usefixtures("warm")


def at(page: Page, month: int) -> None:
    page.wait_for_selector(f'#play[data-month="{month}"]')


def test_a_turn_is_played_with_a_hint_and_taken_back(page: Page) -> None:
    page.goto("/play")
    at(page, 68)
    expect(page.locator("#turn-title")).to_contain_text("September 2024 to November 2024: what does Pyongyang do?")
    page.get_by_role("button", name="Hint").click()
    expect(page.locator("#hints")).to_contain_text("What the model would weigh")
    assert page.locator("#hints h3").count() == 5
    page.get_by_label("The stance to Beijing").select_option(label="Courts Beijing")
    page.get_by_role("button", name="Play this turn").click()
    at(page, 71)
    expect(page).to_have_url(re.compile(r"played=3\d\d\d"))
    page.get_by_role("button", name="Take the last turn back").click()
    at(page, 68)


def test_after_a_year_there_is_regret_and_after_three_a_debrief(page: Page) -> None:
    page.goto("/play?played=" + ".".join(["3031"] * 11))
    at(page, 101)
    expect(page.locator("#regret tbody tr")).to_have_count(2)
    page.get_by_role("button", name="Play this turn").click()
    at(page, 104)
    expect(page.locator("#regret tbody tr")).to_have_count(3)
    page.wait_for_selector("#debrief-chart[data-over]")
    expect(page.locator("#debrief")).to_contain_text(re.compile("mean utility .* in the model's"))
    assert "yours" in page.locator("#debrief-chart svg").inner_html()


def test_a_game_is_saved_and_loaded(page: Page) -> None:
    page.goto("/play?capital=Seoul&step=1&played=11.12")
    at(page, 70)
    with page.expect_download() as download:
        page.get_by_role("link", name="Save the game").click()
    saved = Path(download.value.path())
    assert "capital=Seoul" in json.loads(saved.read_text())["game"]
    page.goto("/play")
    at(page, 68)
    page.set_input_files("#load", {"name": "game.json", "mimeType": "application/json", "buffer": saved.read_bytes()})
    at(page, 70)
    expect(page).to_have_url(re.compile(r"played=11\.12"))
    page.set_input_files("#load", {"name": "x.json", "mimeType": "application/json", "buffer": b"{"})
    expect(page.get_by_role("alert")).to_contain_text("means nothing here")


def test_moves_of_another_capital_in_the_address_are_refused(page: Page) -> None:
    page.goto("/play?capital=Seoul&played=3031")
    expect(page.get_by_role("alert")).to_contain_text("not those of Seoul")


@pytest.mark.parametrize("number", range(len(LESSONS)))
def test_a_lesson_asks_first_then_lives_and_scores(page: Page, number: int) -> None:
    page.goto("/lessons")
    expect(page.locator(f"#reveal-{number}")).to_be_empty()
    button = page.locator(f"#bet-{number}")
    button.click()
    expect(page.locator(f"#reveal-{number}")).to_contain_text("Choose an answer first")
    page.locator(f"input[name=bet-{number}]").first.check()
    button.click()
    page.wait_for_selector(f"#reveal-{number} a")
    told = page.locator(f"#reveal-{number}").inner_text()
    right = "Your bet was right." in told
    assert right or "it is “" in told
    expect(page.locator("#score")).to_contain_text(f"{int(right)} of 1 bets right, 4 lessons to go")
    expect(page).to_have_url(re.compile(f"bets={number}0"))
    page.reload()
    page.wait_for_selector(f"#reveal-{number} a")
    assert page.locator(f"#reveal-{number}").inner_text() == told
