"""A scenario is a stranger's text: wherever its words are shown they are words, and never a script or a formula."""

import csv
import json
import re
import xml.etree.ElementTree as ET
from html.parser import HTMLParser

import pytest

from sim import api
from sim.report.figures import ensemble_figures, run_figures
from sim.report.folders.run_folders import write_compare, write_run
from sim.report.render import svg_pictures
from sim.report.text import chronicle
from sim.scenario import ScenarioError, load, loads
from sim.scenario.plain_data import LONGEST_NAME, derived_name

FOREIGN = '<img src=x onerror=alert(1)><b>bold</b> [a](javascript:b) $\\frac$ \'""" + `${c}`'
NAME = f"=cmd|' /C calc'!A0 {FOREIGN}"
SHORT = {"war": {"ends": "2022-12"}, "months": {"to": "2024-12"}}
NUMBER = re.compile(r"[-+][\d.]+(e[-+]?\d+)?%?")


@pytest.fixture(scope="module")
def scenario():
    return load("baseline").with_(name=NAME, question=f"Q {FOREIGN}", reading=f"R {FOREIGN}", **SHORT)


@pytest.fixture(scope="module")
def written(scenario, tmp_path_factory):
    """Return the folder of a run and of a comparison, and what shows itself in a notebook."""
    folder = tmp_path_factory.mktemp("foreign")
    many, other = (api.ensemble(world, 8, seed=1) for world in (scenario, scenario.with_(name=f"@{FOREIGN}")))
    run, pair = api.run(scenario, seed=1), api.compare(scenario, other.scenario, 8, seed=1)
    write_run(folder / "run", lambda: run, many, many.control, "sim run", lambda: FOREIGN)
    write_compare(folder / "pair", pair, run, api.run(other.scenario, seed=1), "sim compare")
    for name, shown in (("scenario", scenario), ("run", run), ("many", many), ("pair", pair)):
        (folder / f"{name}.html").write_text(shown._repr_html_(), encoding="utf-8")
    return folder


class Tags(HTMLParser):
    """Remembers every element with its attributes."""

    def __init__(self, text):
        super().__init__()
        self.elements = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))


def harmless(html):
    tags = Tags(html).elements
    assert tags
    assert not [tag for tag, given in tags if tag == "script" or any(name.startswith("on") for name in given)]
    assert not [given for tag, given in tags if tag == "img" and not given["src"].startswith("data:image/")]
    assert "<b>bold" not in html


def test_reports_and_what_shows_itself_in_notebooks(written):
    pages = list(written.rglob("*.html"))
    assert len(pages) == 6
    for page in pages:
        text = page.read_text(encoding="utf-8")
        harmless(text)
        assert "&lt;b&gt;bold" in text


def test_pictures_for_print(written):
    pictures = list(written.rglob("*.svg"))
    assert len(pictures) > 5
    for picture in pictures:
        assert {node.tag.rpartition("}")[2] for node in ET.parse(picture).iter()}.isdisjoint({"img", "b", "script"})
    assert any("bold" in picture.read_text(encoding="utf-8") for picture in pictures)


def test_chronicles(written):
    for file in written.rglob("chronicle*.md"):
        text = file.read_text(encoding="utf-8")
        assert "bold" in text
        assert not re.search(r"<\w|(?<!\\)\[", text)


def test_tables_hold_no_formula(written):
    """A cell that a spreadsheet would compute; the name of a scenario heads a column of the pair."""
    heads = []
    for file in written.rglob("*.csv"):
        with file.open(encoding="utf-8", newline="") as opened:
            rows = list(csv.reader(opened))
        heads += rows[0]
        assert not [
            cell for row in rows for cell in row if re.match(r"[=+\-@\t\r]", cell) and not NUMBER.fullmatch(cell)
        ]
    assert f"'{NAME}" in heads


def test_the_manifest_gives_back_what_was_written(written, scenario):
    manifest = json.loads((written / "run" / "manifest.json").read_text(encoding="utf-8"))
    again = loads(manifest["scenario"])
    assert (again.name, again.question, again.reading) == (scenario.name, scenario.question, scenario.reading)


def test_pictures_of_reports(scenario):
    run, many = api.run(scenario, seed=1), api.ensemble(scenario, 8, seed=1)
    compared = ensemble_figures.pair(api.compare(scenario, scenario.with_(grievance=12.0), 8, seed=1))
    for figure in (run_figures.story(run), run_figures.capitals(run), ensemble_figures.fan(many), compared):
        harmless(svg_pictures.draw(figure))
    assert chronicle.chronicle_of(run)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('name: "\\e[31mred"', "'\\x1b' cannot be printed"),
        ('name: "a\\nb"', "a name of several lines"),
        ('question: "turned \\u202e round"', "'\\u202e' cannot be printed"),
        ('reading: "\\0"', "'\\x00' cannot be printed"),
        (f"name: {'a' * (LONGEST_NAME + 1)}", "a name of 201 characters"),
    ],
)
def test_names_are_printable_text_of_a_line(text, said):
    with pytest.raises(ScenarioError, match=re.escape(said)):
        loads(text)


def test_a_name_of_the_greatest_length_can_still_be_changed():
    longest = loads(f"name: {'a' * LONGEST_NAME}")
    changed = derived_name(longest.name, ", changed")
    assert len(changed) == LONGEST_NAME
    assert changed.endswith("a ..., changed")
    assert loads("name: 평양이 돌아온다").name == "평양이 돌아온다"
