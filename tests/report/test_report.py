"""The folders of results: complete, on their own, and true to what was run."""

import json
import re
from html.parser import HTMLParser

import pandas as pd
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import sync_playwright

from page.tests.driver import ARGUMENTS, chromium
from sim import api
from sim.analysis.definitions import drift
from sim.registers.register import registers_digest
from sim.report import cards
from sim.report.folders.run_folders import write_compare, write_run
from sim.report.text import answer
from sim.scenario import loads

# Each picture that is seen: its width, the smallest letters as they appear, and how light words and paper are.
SEEN = """() => [...document.querySelectorAll("figure svg")].filter((each) => each.checkVisibility()).map((each) => {
    const scale = each.getBoundingClientRect().width / each.viewBox.baseVal.width;
    const sizes = [...each.querySelectorAll("text")].map((text) => scale * parseFloat(getComputedStyle(text).fontSize));
    const light = (colour) => Number(/\\d+/.exec(colour)[0]);
    const ink = getComputedStyle(each.querySelector("text")).fill;
    const paper = getComputedStyle(document.body).backgroundColor;
    return [each.getBoundingClientRect().width, Math.min(...sizes), light(ink), light(paper)];
})"""
LOOKS = {
    "light": {"viewport": {"width": 1280, "height": 900}},
    "dark": {"viewport": {"width": 1280, "height": 900}, "color_scheme": "dark"},
    "phone": {"viewport": {"width": 320, "height": 700}},
}
VOID = {"meta", "img", "br", "hr", "link", "input"}
COMMAND = "sim run war-ends-early --seed 7 --runs 60 --number 0"


class Page(HTMLParser):
    """Reads a page, and remembers what is unclosed, what is fetched, and what pictures say."""

    def __init__(self, text):
        super().__init__()
        self.open, self.faults, self.addresses, self.alts, self.ids, self.links = [], [], [], [], [], []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        if tag not in VOID:
            self.open.append(tag)
        self.addresses += [given[name] for name in ("src", "srcset", "data") if name in given]
        if tag == "link":
            self.addresses.append(given.get("href"))
        if tag == "a":
            self.links.append(given["href"])
        if tag in ("img", "svg"):
            self.alts.append(given.get("alt", given.get("aria-label", "")))
        if "id" in given:
            self.ids.append(given["id"])

    def handle_endtag(self, tag):
        if not self.open or self.open.pop() != tag:
            self.faults.append(tag)


@pytest.fixture(scope="session")
def folder(run, many, tmp_path_factory):
    folder = tmp_path_factory.mktemp("results") / "run"
    write_run(folder, lambda: run, many, many.control, COMMAND)
    return folder


@pytest.fixture(scope="session")
def compared(run, other_run, pair, tmp_path_factory):
    folder = tmp_path_factory.mktemp("results") / "pair"
    write_compare(folder, pair, run, other_run, "sim compare war-ends-early moscow-never-buys --seed 7 --runs 60")
    return folder


@pytest.fixture(scope="module")
def open_in():
    """Return what opens an empty page with a look."""
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=chromium(), args=ARGUMENTS)
        yield lambda look: browser.new_page(**LOOKS[look])
        browser.close()


@pytest.fixture(params=["run", "pair"])
def page(request, folder, compared):
    return ((folder if request.param == "run" else compared) / "report.html").read_text(encoding="utf-8")


def test_the_report_is_well_formed(page):
    read = Page(page)
    assert not read.faults and not read.open
    assert len(read.ids) == len(set(read.ids))
    assert {link.removeprefix("#") for link in read.links} <= set(read.ids)


def test_the_report_needs_no_network_and_no_other_file(page):
    assert not Page(page).addresses
    assert "<script" not in page and "@import" not in page and "url(" not in page
    assert not re.search(r"https?://", page)


def test_every_picture_of_the_report_has_a_text_alternative(page):
    screen, phone = Page(page).alts[::2], Page(page).alts[1::2]
    assert screen == phone and len(screen) >= 3
    assert all(len(alt) > 40 for alt in screen) and len(set(screen)) == len(screen)


@pytest.mark.browser
@pytest.mark.parametrize("look", ["light", "dark", "phone"])
def test_axe_finds_nothing_in_the_report_and_its_pictures_are_of_the_pages_colours_and_width(open_in, page, look):
    shown = open_in(look)
    shown.set_content(page)
    assert [(fault["id"], fault["nodes"][0]["target"]) for fault in Axe().run(shown).response["violations"]] == []
    assert shown.evaluate("() => document.documentElement.scrollWidth <= innerWidth")
    seen = shown.evaluate(SEEN)
    assert len(seen) == len(Page(page).alts) / 2
    for width, smallest, ink, paper in seen:
        assert width > 280 and smallest > 9
        assert abs(ink - paper) > 150 and (ink > paper) == (look == "dark")


def test_the_report_reads_on_phones_in_the_dark_and_on_paper(page):
    assert 'name="viewport"' in page and "prefers-color-scheme: dark" in page and "@media print" in page


def test_the_report_says_what_it_answers_with_what_doubt_and_how_to_make_it_again(folder, run):
    page = (folder / "report.html").read_text(encoding="utf-8")
    assert run.scenario.question in page and "Uncalibrated" in page and COMMAND in page
    assert 1 <= page.count('class="decision"') <= 5
    for heading in ("At a glance", "More pictures", "Chronicle", "One history", "Which goals and claims"):
        assert heading in page


def test_the_report_tells_each_definition_with_its_share_and_that_without_an_end(folder, many):
    page = (folder / "report.html").read_text(encoding="utf-8")
    rows = answer.definition_rows(drift(many, many.control))
    assert any(share != without for name, _, share, without in rows if name != "D2")
    for name, _, share, without in rows:
        cells = "".join(f'<td class="number">{cell}</td>' for cell in (share, without))
        assert re.search(rf"<td><b>{name}</b> [^<]+</td>{cells}", page), name


def test_what_a_scenario_says_cannot_become_markup(run, many, tmp_path):
    from dataclasses import replace

    renamed = replace(run, scenario=run.scenario.with_(name="<script>alert(1)</script>", question="a < b & c"))
    write_run(tmp_path / "odd", lambda: renamed, many, many.control, COMMAND)
    page = (tmp_path / "odd" / "report.html").read_text(encoding="utf-8")
    assert "<script" not in page and "a &lt; b &amp; c" in page


def test_a_folder_cut_short_says_so(run, many, tmp_path, monkeypatch):
    def interrupted(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr("sim.report.folders.run_folders.chronicle_of", interrupted)
    with pytest.raises(KeyboardInterrupt):
        write_run(tmp_path / "short", lambda: run, many, many.control, COMMAND)
    assert json.loads((tmp_path / "short" / "manifest.json").read_text(encoding="utf-8"))["kind"] == "unfinished"


def test_the_manifest_says_how_to_make_the_results_again(folder, run):
    made = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    assert (made["kind"], made["seed"], made["number"], made["runs"]) == ("run", 7, 0, 60)
    assert made["command"] == COMMAND and made["calibrated"] is False and made["registers"] == registers_digest()
    assert loads(made["scenario"]) == run.scenario
    assert made["parameters"] == run.scenario.values()


def test_the_tables_hold_what_was_run(folder, run, many):
    tables = {path.stem: pd.read_parquet(path) for path in (folder / "tables").glob("*.parquet")}
    assert set(tables) == {path.stem for path in (folder / "tables").glob("*.csv")}
    assert tables["states"]["reengagement"].tolist() == run.series["reengagement"].tolist()
    assert tables["moves"]["deal_arms"].tolist() == run.moves["deal_arms"].tolist()
    assert len(tables["decisions"]) == len(run.decisions) and len(tables["deals"]) == len(run.deals)
    assert tables["runs"]["run"].tolist() == many.runs.tolist()
    assert tables["fan"]["50%"].tolist() == many.series("reengagement").median().tolist()
    assert tables["states"]["month"].iloc[0] == "2019-01"


def test_csv_and_parquet_say_the_same(folder):
    for name in ("states", "decisions", "runs"):
        read = pd.read_csv(folder / "tables" / f"{name}.csv", keep_default_na=True)
        stored = pd.read_parquet(folder / "tables" / f"{name}.parquet")
        assert read.columns.tolist() == stored.columns.tolist() and len(read) == len(stored)


def test_every_picture_is_there_as_png_and_svg(folder, compared):
    for place in (folder, compared):
        names = {path.stem for path in (place / "figures").iterdir()}
        assert len(names) >= 3
        files = {path.name for path in (place / "figures").iterdir()}
        assert files == {f"{name}.{kind}" for name in names for kind in ("png", "svg")}
    assert (folder / "figures" / "fan.png").read_bytes().startswith(b"\x89PNG")


def test_the_comparison_shows_effect_parting_and_both_chronicles(compared, pair):
    page = (compared / "report.html").read_text(encoding="utf-8")
    assert f"{abs(pair.effect().mean):.1f} points of 100" in page
    assert "In run 0 the scenarios diverge in" in page and "side by side" in page
    assert (compared / "chronicle-one.md").is_file() and (compared / "chronicle-other.md").is_file()
    made = json.loads((compared / "manifest.json").read_text(encoding="utf-8"))
    assert made["kind"] == "compare" and set(made["scenarios"]) == {"one", "other"}


def test_writing_again_makes_the_same_and_leaves_what_somebody_else_put_there(folder, run, many):
    (folder / "tables" / "mine.csv").write_text("by hand")
    before = (folder / "report.html").read_bytes()
    write_run(folder, lambda: run, many, many.control, COMMAND)
    assert (folder / "tables" / "mine.csv").read_text() == "by hand"
    (folder / "tables" / "mine.csv").unlink()
    assert (folder / "report.html").read_bytes() == before


@pytest.mark.parametrize("kind", ["run", "many", "pair"])
def test_results_show_themselves_in_notebooks(kind, request):
    result = request.getfixturevalue(kind)
    card = result._repr_html_()
    read = Page(card)
    assert not read.faults and not read.open and len(read.alts) == 1
    name = {"many": "ensemble"}.get(kind, kind)
    assert "Uncalibrated" in card and card == getattr(cards, name + "_html")(result)


@pytest.mark.parametrize("shown", [{"to": "2019-01"}, {"to": "2019-02"}, {"to": "2020-06"}, {"from": "2032-12"}])
def test_a_world_of_few_months_has_its_report_too(shown, tmp_path):
    scenario = api.load("war-ends-early").with_(months=shown)
    many = api.ensemble(scenario, 4, seed=1)
    write_run(tmp_path, lambda: api.run(scenario, seed=1), many, many.control, COMMAND)
    assert not Page((tmp_path / "report.html").read_text(encoding="utf-8")).faults
