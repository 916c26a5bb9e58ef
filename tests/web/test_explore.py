"""Explore, as a reader uses it."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.web.reader import settled

pytestmark = pytest.mark.usefixtures("warm")

DRAWN = "#capitals[data-state]"


def test_a_thousand_worlds_come_by_themselves_and_the_effect_has_its_interval(page: Page) -> None:
    page.goto("/")
    settled(page)
    expect(page.locator("#effect")).to_contain_text(re.compile(r"95% interval of the mean .* 1,000 paired runs"))
    assumed = re.compile(r"effect.*assum.*319 paired runs|Of the effect, .* 319 paired runs")
    expect(page.locator("#assumed")).to_contain_text(assumed)
    expect(page.get_by_text("Uncalibrated").first).to_be_visible()
    assert page.locator("#drifted tbody tr").count() >= 5
    expect(page.locator("#drifted tbody tr").first).to_contain_text("causal (primary)")


def test_the_arrow_keys_move_the_end_of_the_war_and_everything_follows(page: Page) -> None:
    page.goto("/?end=2027-01")
    settled(page)
    before = page.locator("#effect").inner_text()
    slider = page.get_by_role("slider", name="When the war ends")
    slider.focus()
    page.keyboard.press("ArrowRight")
    settled(page, "end=2027-02")
    assert slider.get_attribute("aria-valuetext") == "February 2027"
    assert page.locator("#effect").inner_text() != before
    page.keyboard.press("End")
    settled(page, "end=never")
    expect(page.locator("#drifted")).to_contain_text("No world can be judged")


def test_the_fan_before_the_change_stays_as_a_ghost(page: Page) -> None:
    page.goto("/?end=2027-01")
    settled(page)
    assert "before the change" not in page.locator("#fan svg").inner_html()
    expect(page.locator("#assumed")).to_contain_text("paired runs")  # so the picture has stood
    page.get_by_role("slider", name="When the war ends").press("ArrowRight")
    settled(page, "end=2027-02")
    assert "before the change" in page.locator("#fan svg").inner_html()


def test_the_latest_input_wins_over_a_long_drag(page: Page) -> None:
    page.goto("/?end=2026-01")
    settled(page)
    slider = page.get_by_role("slider", name="When the war ends")
    slider.focus()
    for _ in range(24):
        page.keyboard.press("ArrowRight")
    settled(page, "end=2028-01")
    assert slider.input_value() == "108"


def test_a_pinned_world_is_what_others_are_compared_with(page: Page) -> None:
    page.goto("/?end=2027-01")
    settled(page)
    page.get_by_role("button", name="Pin this run").click()
    settled(page, "pin=")
    expect(page.locator("#effect")).to_contain_text("None at all")
    page.get_by_role("button", name="Pin the baseline").click()
    settled(page)
    expect(page.locator("#effect")).to_contain_text("“baseline”")


def test_every_control_says_whether_it_is_an_assumption_or_a_policy(page: Page) -> None:
    page.goto("/")
    controls = page.locator(".control")
    expect(controls).to_have_count(13)
    kinds = controls.locator(".kind").all_inner_texts()
    assert set(kinds) == {"Assumption", "Policy"}
    for place in range(12):
        field = controls.nth(place).locator("input, select").first
        kind = field.get_attribute("aria-describedby").split()[0]  # type: ignore[union-attr]
        assert page.locator(f"#{kind}").inner_text() == kinds[place]


def test_another_scenario_puts_the_controls_where_it_has_them(page: Page) -> None:
    page.goto("/?grievance=0")
    settled(page)
    page.get_by_label("Start from the scenario").select_option("sanctions-lifted")
    settled(page, "base=sanctions-lifted")
    assert "grievance" not in page.url
    assert page.get_by_role("slider", name="Sanctions on Moscow after the war").input_value() == "0.15"
    assert page.get_by_role("slider", name="When the war ends").get_attribute("aria-valuetext") == "January 2026"


def test_a_claim_switched_off_changes_the_worlds(page: Page) -> None:
    page.goto("/?end=2027-01")
    settled(page)
    before = page.locator("#effect").inner_text()
    page.get_by_text("Claims and assumptions switched off").click()
    page.get_by_role("checkbox", name=re.compile("^C47:")).uncheck()
    settled(page, "off=C47")
    assert page.locator("#effect").inner_text() != before


def test_what_is_shown_can_be_chosen(page: Page) -> None:
    page.goto("/")
    settled(page)
    page.get_by_label("Shown").select_option("china_flow")
    settled(page, "series=china_flow")
    assert page.locator("#fan circle").count() > 20  # China's customs
    page.get_by_label("Lever").select_option("beijing_bloc")
    settled(page, "lever=beijing_bloc")
    expect(page.locator("#options svg")).to_have_attribute("aria-label", re.compile("three-way bloc"))
    page.get_by_role("slider", name="Month").press("Home")
    settled(page, "month=2019-01")
    expect(page.locator("#capitals svg")).to_contain_text("January 2019")


@pytest.mark.parametrize("query", ["end=zzz", "base=nothing", "base=yaml.x", "wat=1", "seed=-3", "pin=base%3Dnothing"])
def test_a_bad_address_is_said_and_the_rest_is_shown(page: Page, query: str) -> None:
    page.goto(f"/?{query}")
    page.wait_for_selector(DRAWN)
    assert page.get_by_role("alert").inner_text().strip()


def test_the_page_can_be_left_and_found_again(page: Page) -> None:
    page.goto("/?end=2027-01")
    settled(page)
    page.get_by_role("link", name="One run").click()
    page.wait_for_selector("#capitals-of-one[data-month]")
    assert "end=2027-01" in page.url
    page.go_back()
    settled(page, "end=2027-01")
    page.get_by_role("slider", name="When the war ends").press("ArrowRight")
    page.reload()
    page.wait_for_selector(DRAWN)
