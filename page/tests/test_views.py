"""What a reader does: sees the answer, moves what is doubted, looks into one history, takes things along."""

import csv
import json
import re
import warnings
from collections.abc import Callable
from pathlib import Path
from urllib.parse import unquote
from xml.etree import ElementTree

import numpy as np
import pytest
from playwright.sync_api import Dialog, Page, expect

import sim
from page.tests.conftest import TAKE, at_rest, settled
from sim.engine.plan import plan_of
from sim.engine.web.modules import shipped_fingerprint
from sim.model import months
from sim.registers.what_came import count_claims
from sim.report.style import spoken_month
from sim.scenario import loads
from sim.web import first_pairs, read_from_package
from sim.web.facts import MATTERS

pytestmark = pytest.mark.browser
STRANGE = "<img src=x onerror=alert(1)><b>bold</b>${alert(2)}"
MOVED = "end=2027-01&talks=yes&postwar_need=0.2&beijing_trade=squeeze&border=0.4&off=A10,C38&seed=5"


def count(page: Page) -> int:
    return int(re.search(r"(\d+) of 100", page.locator("#effect").inner_text())[1])  # type: ignore[index]


def slid(page: Page, name: str, key: str) -> None:
    """Move a slider as a keyboard does."""
    page.locator(f"#{name}").focus()
    page.keyboard.press(key)


def test_start_answers_the_question_with_a_thousand_dots(page: Page) -> None:
    page.goto("")
    settled(page)
    expect(page).to_have_title("Start · Driftback")
    clear = page.locator("#dots .clear circle").count()
    assert page.locator("#dots circle").count() == 1000
    expect(page.locator("#answer")).to_contain_text(f"In {round(clear / 10)} of every 100")
    verdict = json.loads(Path(sim.__file__).with_name("web").joinpath("verdict.json").read_text())
    expect(page.locator(".verdict")).to_contain_text(verdict["word"])
    came = count_claims()
    expect(page.locator("#since")).to_contain_text(f"it spoke for {came['for']}, against {came['against']}")
    expect(page.get_by_text("This is no forecast: nobody has measured these numbers.")).to_be_visible()
    page.get_by_role("link", name="Try it").first.click()
    dropped = verdict["left"][0]["id"]
    settled(page, f"off={dropped}")
    expect(page.locator("#chips")).to_contain_text(f"without {dropped}")


def test_a_move_changes_address_and_answer_and_back_undoes_it(page: Page) -> None:
    page.goto("#/explore")
    settled(page)
    page.locator("#others > summary").click()
    before = page.locator("#effect").inner_text()
    slid(page, "c-postwar_need", "Home")
    settled(page, "postwar_need=0")
    assert page.locator("#effect").inner_text() != before
    expect(page.locator("#c-postwar_need-fit")).to_contain_text("At the edge")
    expect(page.locator("#effect-more")).not_to_contain_text("Moved: policies")
    page.go_back()
    page.locator("body[data-settled='#/explore']").wait_for()
    assert page.locator("#effect").inner_text() == before and "Moved:" not in page.inner_text("#effect-more")
    page.go_forward()
    settled(page, "postwar_need=0")
    page.locator("#c-postwar_need-reset").click()
    page.locator("body[data-settled='#/explore']").wait_for()
    assert page.evaluate("() => document.activeElement.id") == "c-postwar_need"


def test_zero_crossed_by_an_assumption_is_not_taken_for_something_that_can_be_done(page: Page) -> None:
    for moved, crossed_by in (
        ("grievance_gate=0", "assumptions alone. This shows what the answer rests on"),
        ("border=0", "policies alone"),
    ):
        page.goto("about:blank")
        page.goto(f"#/explore?{moved}")
        expect(page.locator("#effect-more")).to_contain_text(f"Moved: {crossed_by}")  # from the first picture on
        low = re.search(r"interval (\S+) to", page.inner_text("#effect-more"))[1]  # type: ignore[index]
        assert float(low.replace("\N{MINUS SIGN}", "-")) < 0


def test_the_latest_of_many_moves_wins(page: Page) -> None:
    page.goto("#/explore?foresight=5")
    page.locator("#others > summary").click()
    for _ in range(6):
        slid(page, "c-foresight", "ArrowRight")
    settled(page, "foresight=8")
    assert page.evaluate("() => document.activeElement.id") == "c-foresight"
    after_all = page.locator("#effect").inner_text()
    page.goto("about:blank")
    page.goto("#/explore?foresight=8")
    settled(page, "foresight=8")
    assert page.locator("#effect").inner_text() == after_all


def test_a_drag_shows_at_once_its_value_and_that_the_numbers_are_old(page: Page) -> None:
    page.goto("#/explore")
    settled(page)
    shown = page.evaluate("""() => {
        const slider = document.querySelector("#c-border");
        slider.value = "0.3";
        slider.dispatchEvent(new Event("input", { bubbles: true }));
        return [document.querySelector("#explore").dataset.state, document.querySelector("#c-border-value").textContent];
    }""")
    assert shown == ["old", "0.3"], "within the same task, before anything is simulated"
    settled(page, "border=0.3")
    assert page.locator("#explore").get_attribute("data-state") == "done"


def test_all_sentences_follow_the_measure(page: Page) -> None:
    page.goto("#/explore?series=china_flow")
    settled(page, "series=china_flow")
    expect(page.locator("#effect")).to_contain_text("trade with China is higher")
    expect(page.locator("#fan-title")).to_contain_text("Trade, fuel and aid from China")
    assert page.locator("#fan svg .observed").count() > 20
    assert "clearly closer" not in page.locator(".stage").inner_text()


def test_a_comparison_of_ones_own_names_what_differs(page: Page) -> None:
    page.goto("#/explore")
    settled(page)
    page.locator("#keepworld").click()
    expect(page.locator("#own-said")).to_contain_text("Move something")
    page.locator("#others > summary").click()
    slid(page, "c-postwar_need", "Home")
    settled(page, "postwar_need=0")
    expect(page.locator("#own-said")).to_contain_text("differ: Moscow's need of arms after the war.")
    first = page.locator("#own-said").inner_text()
    assert f"({count(page)} of 100 " in first


def test_a_comparison_follows_the_measure_and_its_unit(page: Page) -> None:
    page.goto("#/explore?series=china_flow&kept=border%3D0.4")
    settled(page, "series=china_flow")
    said = page.locator("#own-said")
    expect(said).to_contain_text("changes trade with China by")
    expect(said).to_contain_text(f"({count(page)} of 100 higher)")
    expect(said).to_contain_text("(1 = 240 m USD a month) (95% interval")


def test_what_is_said_beside_a_control_is_counted_as_the_answer_is(page: Page) -> None:
    matters = read_from_package(MATTERS)
    assert matters["whole"]["share"] == round(read_from_package(first_pairs.FILE)["clear"], 3)
    row = matters["controls"]["postwar_need"][-1]
    page.goto(f"#/explore?postwar_need={row['value']}")
    settled(page, "postwar_need=")
    assert count(page) == pytest.approx(100 * row["share"], abs=0.51)
    shares = [round(100 * each["share"]) for each in matters["controls"]["postwar_need"]]
    expect(page.locator("#c-postwar_need-control .spark")).to_contain_text(f"{min(shares)} to {max(shares)} of 100")


def test_both_ends_of_a_range_that_history_leaves_are_inside_it(page: Page) -> None:
    page.goto("#/explore")
    settled(page)
    said = page.locator(".control .value").evaluate_all("(all) => all.map((each) => [each.id.slice(2, -6), each.textContent])")
    ranges = {name: re.search(r"history leaves (\S+) to (\S+)", words) for name, words in said}
    ends = [(name, end) for name, found in ranges.items() if found for end in found.groups()]
    assert len(ends) > 10
    for name, end in ends:
        value = end.replace("\N{MINUS SIGN}", "-")
        page.evaluate("(hash) => { location.hash = hash; }", f"#/explore?{name}={value}")
        assert page.locator(f"#c-{name}-fit").get_attribute("class") == "fit within", (name, value)


def test_levels_stand_beside_the_share(page: Page) -> None:
    page.goto("#/explore?beijing_trade=generous")
    settled(page, "beijing_trade")
    levels = re.match(r"(\S+) with peace, (\S+) without", page.inner_text("#effect .levels"))
    mean = re.search(r"mean (\S+) points", page.inner_text("#effect-more"))
    assert levels is not None and mean is not None
    gap = float(levels[1]) - float(levels[2])
    assert gap == pytest.approx(float(mean[1].replace("\N{MINUS SIGN}", "-")), abs=1.06)


def test_the_scenario_file_is_the_world_that_the_page_simulates(page: Page) -> None:
    page.goto(f"#/explore?{MOVED}")
    settled(page)
    with page.expect_download() as file:
        page.locator("#scenario").click()
    made = loads(Path(file.value.path()).read_text(encoding="utf-8"))
    plan = page.evaluate(
        f"""async () => {{
            {TAKE}"""
        + """
            const { planned, resolve, movedOf, base, read } = await take("engine/plan", "controls", "address");
            const world = await json("world.json"), moved = movedOf(read(location.hash, ["explore"]).state);
            const plan = planned(world, world.scenarios[base()], moved);
            return { given: [...plan.given], script: [...plan.script], warEnd: plan.warEnd,
                values: resolve(world, world.scenarios[base()], moved) };
        }"""
    )
    wanted = plan_of(made)
    assert plan["given"] == wanted.given.ravel().tolist() and plan["script"] == wanted.script.ravel().tolist()
    assert plan["warEnd"] == list(wanted.war_end)
    assert {name: pytest.approx(plan["values"][name]) for name in wanted.values} == dict(wanted.values)


def test_a_file_that_the_page_wrote_is_taken_back_and_no_other(page: Page) -> None:
    page.goto(f"#/explore?{MOVED}")
    settled(page)
    with page.expect_download() as file:
        page.locator("#scenario").click()
    written = Path(file.value.path()).read_bytes()
    moved = page.url
    page.goto("#/explore?rivalry=0.5")
    page.locator("#back").set_input_files({"name": "mine.yaml", "mimeType": "", "buffer": b"extends: baseline\nwar: {}\n"})
    expect(page.locator("#kept-said")).to_contain_text("sim run mine.yaml")
    assert page.url.endswith("rivalry=0.5")
    page.locator("#back").set_input_files({"name": "scenario.yaml", "mimeType": "", "buffer": written})
    page.wait_for_url(lambda url: unquote(url) == unquote(moved))


def test_the_python_lines_make_the_numbers_of_the_picture(page: Page) -> None:
    page.goto(f"#/explore?{MOVED}")
    settled(page)
    page.locator("#fan summary").click()
    with page.expect_download() as lines:
        page.locator("#fan").get_by_role("button", name="Python lines").click()
    with page.expect_download() as numbers:
        page.locator("#fan").get_by_role("button", name="CSV").click()
    made: dict = {}
    exec(Path(lines.value.path()).read_text(encoding="utf-8"), made)
    rows = list(csv.reader(Path(numbers.value.path()).read_text(encoding="utf-8").splitlines()))[1:]
    shown = np.array([[float(cell) for cell in row[1:]] for row in rows])
    wanted = made["data"].to_numpy()
    assert [row[0] for row in rows] == [months.name(month) for month in range(len(rows))]
    for level in range(5):
        np.testing.assert_allclose(shown[:, 2 * level], wanted[:, level], atol=0.0051)
        np.testing.assert_allclose(shown[:, 2 * level + 1], wanted[:, 5 + level], atol=0.0051)
    assert python_of(page)["share"] == pytest.approx(count(page) / 100, abs=0.0051)


def python_of(page: Page, changed: Callable[[str], str] = str) -> dict:
    """Run the Python lines of what is shown."""
    with page.expect_download() as lines:
        page.locator("#python").click()
    made: dict = {}
    exec(changed(Path(lines.value.path()).read_text(encoding="utf-8")), made)
    return made


def test_the_python_lines_follow_the_measure_and_warn_where_the_release_or_the_rules_differ(page: Page) -> None:
    page.goto("#/explore?series=china_flow&end=2027-01")
    settled(page, "series=china_flow")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        made = python_of(page)
    assert made["share"] == pytest.approx(count(page) / 100, abs=0.0051)
    said = re.search(r"typical pair (\S+), mean (\S+) \(1 = 240", page.inner_text("#effect-more"))
    assert said is not None
    assert [float(each.replace("\N{MINUS SIGN}", "-")) for each in said.groups()] == pytest.approx(
        [made["typical"], made["mean"]], abs=0.0051
    )
    for ours in (sim.__version__, shipped_fingerprint()):
        with pytest.warns(UserWarning, match="other numbers"):
            python_of(page, lambda lines, ours=ours: lines.replace(ours, "9.9"))


@pytest.mark.parametrize("kind", ["PNG", "SVG"])
def test_a_picture_can_be_kept(page: Page, kind: str) -> None:
    page.goto("#/explore")
    settled(page)
    page.locator("#difference summary").click()
    with page.expect_download() as file:
        page.locator("#difference").get_by_role("button", name=kind).click()
    data = Path(file.value.path()).read_bytes()
    assert data.startswith(b"\x89PNG" if kind == "PNG" else b"<svg") and len(data) > 3000
    assert page.locator("#difference .drawing svg").count() == 1
    if kind == "PNG":
        return
    assert b"fill=" in data and b"class=" not in data
    words = " ".join(ElementTree.fromstring(data).itertext())
    legend = page.locator("#difference .key span").all_inner_texts()
    for said in (page.inner_text("#difference-title"), *legend, "0 (none) to 100 (full)", sim.__version__, shipped_fingerprint()[:12]):
        assert said in words, said


def test_a_picture_says_what_its_numbers_are(page: Page) -> None:
    page.goto("#/history?run=3")
    page.locator("#timeline summary").click()
    with page.expect_download() as file:
        page.locator("#timeline").get_by_role("button", name="metadata.json").click()
    metadata = json.loads(Path(file.value.path()).read_text(encoding="utf-8"))
    assert metadata["title"] == page.locator("#timeline-title").inner_text()
    assert metadata["columns"] == ["month", "with the end", "without"]
    assert "0" in metadata["definition"] and "100" in metadata["definition"] and metadata["unit"]
    assert metadata["source"]["driftback"] == sim.__version__ and metadata["source"]["address"] == page.url
    assert metadata["source"]["rules"] == shipped_fingerprint()


def test_readings_come_by_pointer_and_by_keyboard(page: Page) -> None:
    page.goto("#/explore")
    settled(page)
    page.locator("#fan svg").hover(position={"x": 200, "y": 60})
    by_pointer = page.locator("#fan-said").inner_text()
    slid(page, "fan-month", "Home")
    expect(page.locator("#fan-said")).to_contain_text("January 2019")
    assert by_pointer != page.locator("#fan-said").inner_text()


def test_a_fork_parts_where_it_says(page: Page) -> None:
    page.goto("#/history?run=3&month=2026-01")
    settled(page)
    page.locator("#fork-lever").select_option("beijing_trade")
    page.locator("#fork-option").select_option("squeeze")
    page.locator("#fork").click()
    settled(page, "fork=")
    expect(page.locator("#forked")).to_contain_text(
        "Beijing squeezes trade with the North for 12 months from January 2026 on"
    )
    assert page.locator("#timeline svg .middle.fork").count() == 1
    page.locator("#timeline summary").click()
    rows = page.locator("#timeline tbody tr").all_inner_texts()
    gaps = {row.split("\t")[0]: float(row.split("\t")[3]) - float(row.split("\t")[1]) for row in rows}
    peak = max(gaps, key=lambda month: abs(gaps[month]))
    said = re.search(r"differs most in (.+?), by (\S+) points, and by (\S+) at the end", page.inner_text("#forked"))
    assert said is not None and said[1] == spoken_month(months.index(peak))
    for number, gap in ((said[2], gaps[peak]), (said[3], [*gaps.values()][-1])):
        assert float(number.replace("\N{MINUS SIGN}", "-")) == pytest.approx(gap, abs=0.061)
    page.locator("#all-decisions summary").click()
    expect(page.locator("#weighed")).to_contain_text("taken")
    page.locator("#unfork").click()
    expect(page.locator("#forked")).to_be_empty()


def test_what_an_address_cannot_mean_is_said_and_the_rest_kept(new_page: Callable[..., Page]) -> None:
    page, dialogs = new_page(), []
    page.on("dialog", lambda dialog: (dialogs.append(dialog.message), Dialog.dismiss(dialog)))
    strange = STRANGE.replace("<", "%3C").replace(">", "%3E")
    page.goto(
        f"#/explore?{strange}=1&seed={strange}&beijing_trade={strange}&end=2060-01&off={strange}&postwar_need=0.2"
    )
    settled(page, "postwar_need=0.2")
    said = page.get_by_role("alert")
    expect(said).to_contain_text("<img src=x onerror=alert(1)>")
    expect(said).to_contain_text("First month of peace")
    assert said.locator("li").count() == 5
    assert page.locator("img, main b:has-text('bold')").count() == 0
    page.goto(f"#/{strange}")
    expect(said).to_contain_text("There is no part")
    assert dialogs == []


def test_an_address_of_the_first_edition_still_leads_to_explore(page: Page) -> None:
    page.goto("?postwar_need=0.2&base=war-ends-early")
    settled(page, "postwar_need=0.2")
    expect(page.get_by_role("alert")).to_contain_text("“base” means nothing here")


def test_three_piles_make_a_hundred_and_a_dot_leads_to_its_history(page: Page) -> None:
    page.goto("#/start")
    settled(page)
    shares = [int(share) for share in page.locator("#piles b").all_inner_texts()]
    assert len(shares) == 3 and sum(shares) == 100
    assert f"In {shares[2]} of every 100" in page.inner_text("#answer")
    opens = page.locator("#dots").get_attribute("data-opens")  # of its history the address says nothing
    at_rest(page)
    dot = page.locator(f"#dots circle:not([data-run='{opens}'])").last
    run, box = dot.get_attribute("data-run"), dot.bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] + 1)  # beside it: a finger is larger than a dot
    expect(page).to_have_url(re.compile(rf"run={run}$"))
    expect(page.locator("figure.picture h2").first).to_contain_text(f"History {run}:")
