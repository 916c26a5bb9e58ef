"""One run, as a reader uses it."""

import re

import pytest
from playwright.sync_api import Page, expect

import sim

pytestmark = pytest.mark.usefixtures("warm")

TOLD = "#capitals-of-one[data-month]"


def test_a_world_is_told_with_its_chronicle_and_its_lanes(page: Page) -> None:
    page.goto("/world?end=2027-01&run=3")
    page.wait_for_selector(TOLD)
    expect(page.locator("#world-head")).to_contain_text("Run 3 of “war ends early, changed”, seed 1")
    changed = sim.load("war-ends-early").with_(name="war ends early, changed", war={"ends": "2027-01"})
    run = sim.ensemble(changed, runs=4, seed=1).replay(3)
    assert f"ends at {run.series['reengagement'].iloc[-1]:.0f} of 100" in page.locator("#world-head").inner_text()
    assert page.locator("#chronicle h3").count() == 14
    assert "three-way bloc" in page.locator("#story svg").inner_html()


def test_the_worlds_that_drifted_back_and_that_did_not_are_found(page: Page) -> None:
    found = {}
    for name in ("The median one", "One that drifted back", "One that did not"):
        page.goto("/world?end=2027-01&run=999")
        head = page.locator("#world-head")
        expect(head).to_contain_text("Run 999 of")
        page.get_by_role("button", name=name).click()
        expect(head).to_contain_text(re.compile(r"World (?!999)\d+ of"))
        found[name] = int(re.findall(r"World (\d+) of", head.inner_text())[0])
    world = sim.load("war-ends-early").with_(war={"ends": "2027-01"})
    effect = sim.ensemble(world, runs=1000, seed=1).drift.effect
    assert effect[found["One that drifted back"]] >= 5.0
    assert effect[found["One that did not"]] < 5.0
    assert abs(effect[found["The median one"]] - effect.median()) < 0.5


def test_each_move_of_a_month_has_its_reason_its_rejected_options_and_its_sources(page: Page) -> None:
    page.goto("/world?end=2027-01&month=2024-06")
    page.wait_for_selector(TOLD)
    expect(page.locator("#month-title")).to_contain_text("June 2024")
    for place in range(5):
        page.locator("#why > details > summary").nth(place).click()
    reasons = page.locator("#why").inner_text()
    assert "(taken)" in reasons
    assert re.search(r"\bC\d\d\b", reasons)
    assert re.search(r"\bA\d+\b", reasons)
    page.get_by_role("slider", name="Month").press("ArrowRight")
    page.wait_for_selector('#capitals-of-one[data-month="2024-07"]')
    expect(page.locator("#month-title")).to_contain_text("July 2024")


def test_a_move_can_be_changed_and_the_worlds_compared(page: Page) -> None:
    page.goto("/world?end=2027-01&month=2024-10")
    page.wait_for_selector(TOLD)
    page.get_by_label("Lever").select_option("beijing_trade")
    page.get_by_label("What it does instead").select_option("squeeze")
    page.get_by_role("button", name=re.compile("Simulate it again")).click()
    page.wait_for_selector("#fork[data-fork]")
    expect(page.locator("#forked")).to_contain_text(
        "Beijing squeezes trade with the North for 12 months from October 2024"
    )
    expect(page.locator("#forked")).to_contain_text("The runs part in")
    expect(page).to_have_url(re.compile("fork=beijing_trade%3Asqueeze%3A2024-10%3A12"))
    told = page.locator("#forked").inner_text()
    page.reload()
    page.wait_for_selector("#fork[data-fork]")
    assert page.locator("#forked").inner_text() == told


def test_a_number_that_is_no_world_is_refused(page: Page) -> None:
    page.goto("/world")
    page.wait_for_selector(TOLD)
    page.get_by_label("World number").fill("1000")
    page.keyboard.press("Tab")
    expect(page.get_by_role("alert")).to_contain_text("0 to 999")
