"""One history: what the war's end does in it, told as causes. What the page says is simulated again by the engine of Python."""

import json
import re
from collections.abc import Callable

import numpy as np
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from page.tests.conftest import settled
from sim.analysis.definitions import CAUSAL_POINTS, WITHIN
from sim.engine.ensemble import Pair
from sim.engine.experiment import Experiment
from sim.inference.parameter_sets import sets_for
from sim.model.moves import LEVER
from sim.report.style import spoken_month
from sim.scenario import loads
from sim.web import first_pairs, read_from_package

pytestmark = pytest.mark.browser
FIRST = read_from_package(first_pairs.FILE)
EFFECTS = dict(zip(FIRST["runs"], FIRST["effects"], strict=True))
CLOSER, NOTHING, FURTHER = 186, 25, 2  # histories of each kind
SIZES = [(320, 844), (390, 844), (1024, 700), (1280, 800)]
SMALL = """() => [...document.querySelectorAll("#others :is(button, input), .forkbar :is(button, select)")]
    .filter((each) => { const { width, height } = each.getBoundingClientRect(); return Math.min(width, height) < 44; }).map(({ id }) => id)"""


def shown(page: Page) -> int:
    """Return which history is shown."""
    return int(re.search(r"History (\d+)", page.locator("h1").inner_text())[1])  # type: ignore[index]


def open_history(page: Page, run: int) -> None:
    page.goto(f"#/history?run={run}")
    expect(page.locator("h1")).to_contain_text(f"History {run}:")


def pair_of(run: int, kept: tuple[str, ...], held: Pair | None = None) -> Pair:
    """Simulate a history with its control; levers ``kept`` are moved as without the end, from the end on."""
    lines = ["extends: war-ends-any-time"]
    if held is not None:
        end = int(held.one.war_end[0])
        lines.append("moves:")
        for field in kept:
            names = held.other.moves(field)
            lever = LEVER[field].name
            capital = LEVER[field].capital
            lines += [
                f"  - {{capital: {capital}, lever: {lever}, option: {json.dumps(names[month].iloc[0])}, from: {month}, to: {month}}}"
                for month in names.columns[end : end + WITHIN + 1]
            ]
    scenario = loads("\n".join(lines) + "\n")
    return Experiment(scenario, sets_for(scenario), first_pairs.SEED, [run]).with_control(("reengagement",))


def effect_of(pair: Pair) -> float:
    at = int(pair.one.war_end[0]) + WITHIN
    return float(pair.one.array("reengagement")[0, at] - pair.other.array("reengagement")[0, at])


def points(said: str) -> float:
    return float(said.replace("\N{MINUS SIGN}", "-"))


def test_it_opens_on_a_history_in_which_the_end_matters_and_names_it_so(page: Page) -> None:
    page.goto("#/history")
    expect(page.locator("#step-1")).to_be_visible()
    effect = EFFECTS[shown(page)]
    assert shown(page) == FIRST["opens"] and effect >= CAUSAL_POINTS
    expect(page.locator("h1")).to_contain_text(f"{effect:.0f} points closer")
    expect(page.locator("#steps > li").last).to_contain_text(f"{effect:+.1f} points")
    names = [step.get_attribute("data-name") for step in page.locator("#steps > li").all()]
    assert names[0] == "deal_arms" and "beijing_trade" in names and len(names) <= 6


def test_others_come_by_the_size_of_the_end_s_effect_and_by_the_keyboard(page: Page) -> None:
    open_history(page, CLOSER)
    kinds: dict[str, Callable[[float], bool]] = {
        "further": lambda effect: effect <= -CAUSAL_POINTS, "nothing": lambda effect: abs(effect) < 0.5,
        "closer": lambda effect: effect >= CAUSAL_POINTS,
    }  # fmt: skip
    seen = {CLOSER}
    for kind in [*kinds, *kinds]:
        before = page.locator("h1").inner_text()
        page.locator(f"#pick-{kind}").press("Enter")
        expect(page.locator("h1")).not_to_have_text(before)
        assert kinds[kind](EFFECTS[shown(page)])
        assert shown(page) not in seen
        seen.add(shown(page))
        expect(page.locator(f"#pick-{kind}")).to_be_focused()


@pytest.mark.parametrize("kind", ["closer", "further"])
def test_a_history_close_to_the_bound_is_of_the_pile_in_which_start_shows_it(page: Page, kind: str) -> None:
    sign = 1 if kind == "closer" else -1
    alike = [run for run, effect in EFFECTS.items() if sign * effect >= CAUSAL_POINTS]
    close = [run for run in alike if sign * EFFECTS[run] < CAUSAL_POINTS + 0.05]  # a tenth does not tell them from others
    assert close
    for run in close:
        open_history(page, run - 1)
        page.locator(f"#pick-{kind}").press("Enter")
        expect(page.locator("h1")).to_contain_text(f"History {run}:")
        expect(page.locator("#share")).to_contain_text(f"{round(len(alike) / 10)} ")


@pytest.mark.parametrize("run", [CLOSER, FURTHER])
def test_what_a_move_makes_and_what_it_rests_on_is_what_python_simulates_without_it(page: Page, run: int) -> None:
    open_history(page, run)
    pair = pair_of(run, ())
    effect, deal = effect_of(pair), tuple(field for field in LEVER if field.startswith("deal_"))
    assert effect == pytest.approx(EFFECTS[run], abs=1e-5)
    steps = {step.get_attribute("data-name"): step for step in page.locator("#steps > li").all()}
    order = list(steps)
    held = {name: pair_of(run, deal if name == "deal_arms" else (name,), pair) for name in order if name in LEVER}
    assert len(held) == 4
    for name, without in held.items():
        said = re.search(r"would bring (\S+) points, not (\S+)\.", steps[name].inner_text())
        assert said is not None
        assert points(said[1]) == pytest.approx(effect_of(without), abs=0.051)
        assert points(said[2]) == pytest.approx(effect, abs=0.051)
    for name in [name for name in held if name != "deal_arms"]:
        mine, other = (side.moves(name).iloc[0] for side in pair)
        month = int(np.flatnonzero((mine != other).to_numpy())[0])
        expect(steps[name].locator(".when")).to_contain_text(spoken_month(month))
        because = steps[name].locator(".because")
        before = [cause for cause in order[: order.index(name)] if cause in held]
        causes = [cause for cause in before if held[cause].one.moves(name).iloc[0, month] == other.iloc[month]]
        if causes:
            expect(because).to_contain_text(f"step {order.index(causes[-1]) + 1}:")
        else:
            expect(because).to_have_count(0)


def test_where_the_end_changes_nothing_no_move_is_told_and_the_reason_is(page: Page) -> None:
    open_history(page, NOTHING)
    assert abs(EFFECTS[NOTHING]) < 0.05
    names = [step.get_attribute("data-name") for step in page.locator("#steps > li").all()]
    assert names == ["deal_arms", "moscow", "pyongyang_toward_beijing", "outcome"]
    expect(page.locator("#steps")).to_contain_text("The arms trade with Moscow goes on")
    expect(page.locator("#step-3 .because")).to_have_count(0)
    assert "in 100" in page.locator("#step-3").inner_text()


def test_what_was_recorded_stands_beside_a_decision_about_the_same_thing_alone(page: Page) -> None:
    page.goto("#/history?run=3&month=2023-10")
    settled(page)
    page.locator("#all-decisions summary").click()
    beside = page.locator("#weighed h3:has(+ .on-record)")
    expect(beside.first).to_be_visible()
    assert beside.count() < page.locator("#weighed h3").count()
    expect(page.locator("#weighed h3", has_text="The arms deal").locator("+ .on-record")).to_contain_text(
        "October 2023"
    )


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("run", [CLOSER, NOTHING])
def test_it_fits_every_screen_and_everyone(new_page: Callable[..., Page], size: tuple[int, int], run: int) -> None:
    page = new_page(viewport={"width": size[0], "height": size[1]}, reduced_motion="reduce")
    open_history(page, run)
    settled(page)
    box = page.locator("#step-1 h2").bounding_box()
    assert box is not None and box["y"] < size[1]  # the first step can be seen at once
    assert page.evaluate("() => document.documentElement.scrollWidth <= innerWidth")
    assert page.evaluate(SMALL) == []
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        assert [each["id"] for each in Axe().run(page).response["violations"]] == []
