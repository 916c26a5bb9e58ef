"""A scenario file taken in: what the page has of it, and what it says of the rest; the loader's words are the measure."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from sim.scenario import loads
from sim.scenario.errors import ScenarioError
from sim.scenario.loading import available, find

pytestmark = pytest.mark.browser
HEAD = "extends: war-ends-any-time\n"
HAND_WRITTEN = """\
name: By hand   # and with comments
extends: war-ends-any-time
war:
  ends: 2027-01
parameters:
  postwar_need: 2e-1
drivers:
  border: {2024-09: .4}
  news: {from: 2026-01, to: 2026-12, value: 1}
without:
  - A10
  - "C38"
moves:
  - capital: Beijing
    lever: trade
    option: squeeze
    from: 2024-09
    to: 2032-12
"""
WRONG = """\
zzqq: <img src=x onerror=alert(1)>
constructor: 1
__proto__: 1
war: {zzqq: 1}
drivers:
  border: {2024-09: 9}
  rivalry: {2024-09: high}
  news: {soon: 1}
  zzqq: 1
parameters:
  zzqq: 1
  toString: 1
  postwar_need: 9
  foresight: far
without: [zzqq, constructor]
moves:
  - {capital: zzqq, lever: trade, option: trim, from: 2024-09, to: 2032-12}
  - {capital: Beijing, lever: zzqq, option: trim, from: 2024-09, to: 2032-12}
  - {capital: Beijing, lever: trade, option: zzqq, from: 2024-09, to: 2032-12}
  - {capital: Beijing, lever: trade, from: 2024-09, to: 2032-12}
"""
WRONG_BY_ITSELF = [
    "war: {ends: soon}", "war: {ends: 2020-01}", "war: 1", "war: {ends: 2027-01}\nwar: {}", "without: A10", "moves: 1", "parameters: [1]",
    "war: &x {}", "war: !!map {}", "name: x\nwar: *x",
]  # fmt: skip
ALONE = ["- 1", "", "# nothing\n", "#" * 270_000]
TWICE = """\
moves:
  - {capital: Beijing, lever: trade, option: trim, from: 2024-09, to: 2032-12}
  - {capital: Beijing, lever: trade, option: squeeze, from: 2024-09, to: 2032-12}
"""


def of_the_loader(text: str) -> str:
    """Return what the loader says, without the word as written, which stands in the file."""
    with pytest.raises(ScenarioError) as refused:
        loads(text, "mine.yaml")
    return re.sub(r"\n    (written|nearest) .*", "", "\n".join(map(str, refused.value.problems)))


@pytest.fixture
def taken(page: Page) -> Callable[[str], dict[str, Any]]:
    """Return what takes in a text, in the page itself."""
    page.goto("#/lessons")
    page.locator("main h1").wait_for()

    def take(text: str) -> dict[str, Any]:
        script = "async (text) => (await import('./upload.js')).takenIn(text, 'mine.yaml')"
        return page.evaluate(script, text)  # type: ignore[no-any-return]

    return take


def test_a_file_becomes_the_address_and_goes_out_again(page: Page) -> None:
    page.goto("#/explore?rivalry=0.5")
    page.locator("#upload").set_input_files({"name": "mine.yaml", "mimeType": "", "buffer": HAND_WRITTEN.encode()})
    expect(page.locator("#kept-said")).to_contain_text("mine.yaml is taken in")
    for part in (
        "end=2027-01",
        "talks=yes",
        "postwar_need=0.2",
        "beijing_trade=squeeze",
        "border=0.4",
        "off=A10%2CC38",
    ):
        assert part in page.url
    assert "rivalry" not in page.url
    expect(page.locator("#upload-said")).to_be_empty()
    with page.expect_download() as file:
        page.locator("#scenario").click()
    again = loads(Path(file.value.path()).read_text(encoding="utf-8"))
    assert again.with_(name="By hand") == loads(HAND_WRITTEN)


def test_what_is_wrong_is_said_as_the_loader_says_it_and_the_rest_taken_in(page: Page) -> None:
    page.goto("#/explore")
    text = HEAD + WRONG + "name: fine\n"
    page.locator("#upload").set_input_files({"name": "mine.yaml", "mimeType": "", "buffer": text.encode()})
    expect(page.locator("#upload-said")).to_contain_text("the rest was taken in")
    assert "\n".join(page.locator("#upload-said pre").all_text_contents()) == of_the_loader(text)
    assert page.locator("img").count() == 0


def test_each_thing_that_stops_the_reading_is_said_as_the_loader_says_it(taken: Any) -> None:
    for text in [HEAD + wrong for wrong in [*WRONG_BY_ITSELF, TWICE]] + ALONE:
        assert "\n".join(taken(text)["problems"]) == of_the_loader(text), text[:80]
    broken = taken(HEAD + "war: [")
    assert broken["state"] is None and "mine.yaml:2: this is not YAML: " in broken["problems"][0]


def test_what_needs_python_says_so(taken: Any) -> None:
    text = HEAD + "months: {to: 2040-12}\nvariant: V1\nwar: {ends: 2035-01}\nparameters: {habit_months: 3}\n"
    reading = taken(text + "drivers: {flood: {2025-08: 1}}\nmoves: []\nwithout: [A1]\n")
    keys = [
        re.fullmatch(r"mine.yaml:(\d): (\S+): the page cannot show this; .*", problem)
        for problem in reading["problems"]
    ]
    said = [(int(place[1]), place[2]) for place in keys if place]
    assert said == [
        (2, "months"),
        (3, "variant"),
        (4, "war.ends"),
        (5, "parameters.habit_months"),
        (6, "drivers.flood"),
    ]
    drawn = "parameters:\n  postwar_need: {uniform: [0.1, 0.6]}\n  foresight: prior\n"
    drawn += "drivers: {border: {from: {uniform: [2027-01, 2029-12]}, lasts: 3, value: 0},\n"
    drawn += "  flood: {hazard: 0.1, from: 2027-01, to: 2029-12, lasts: {uniform: [1, 4]}},\n"
    drawn += "  news: {hazard: 0.1, from: 2026-09, to: 2027-02, value: 1, lasts: 1}}\n"
    loads(HEAD + drawn)  # the loader takes it
    places = [problem.split(": the page cannot show this")[0] for problem in taken(HEAD + drawn)["problems"]]
    names = (
        "3: parameters.postwar_need",
        "4: parameters.foresight",
        "5: drivers.border",
        "6: drivers.flood",
        "7: drivers.news",
    )
    assert places == [f"mine.yaml:{name}" for name in names]
    assert taken("name: on the baseline")["problems"] == [
        "mine.yaml: extends: the page cannot show this; it needs Python (sim run)"
    ]


DRAWN = {
    "parameters.postwar_need": "parameters: {postwar_need: {normal: [0.4, 0.1], within: [0.3, 0.6]}}",
    "parameters.grievance": "parameters: {grievance: {uniform: [12, 20], at_low: 0.1}}",
    "parameters.foresight": "parameters: {foresight: prior}",
    "drivers.border": "drivers: {border: {from: {uniform: [2027-01, 2029-12]}, lasts: 3, value: 0}}",
    "drivers.rivalry": "drivers: {rivalry: {hazard: 0.1, from: 2027-01, to: 2029-12, value: {uniform: [0, 1]}, lasts: 2}}",
}


@pytest.mark.parametrize("key", DRAWN)
def test_a_person_reads_what_of_a_file_each_run_draws_and_the_page_cannot_show(page: Page, key: str) -> None:
    text = f"{HEAD}{DRAWN[key]}\nwar: {{ends: 2027-01}}\n"
    loads(text)  # the loader takes it
    page.goto("#/explore")
    page.locator("#upload").set_input_files({"name": "mine.yaml", "mimeType": "", "buffer": text.encode()})
    expect(page.locator("#upload-said")).to_be_visible()
    expect(page.locator("#upload-said")).to_contain_text("the rest was taken in")
    said = page.locator("#upload-said pre").all_text_contents()
    assert said == [f"mine.yaml:2: {key}: the page cannot show this; it needs Python (sim run)"]
    assert "end=2027-01" in page.url and key.split(".")[1] not in page.url


def test_every_scenario_that_travels_with_the_program_can_be_read(taken: Any) -> None:
    for name, _ in available():
        reading = taken(find(name).read_text(encoding="utf-8"))
        assert reading["state"] is not None, name
        assert [problem for problem in reading["problems"] if "it needs Python" not in problem] == [], name
