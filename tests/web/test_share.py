"""Share and keep: links, files, scenarios up and down."""

import io
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
from playwright.sync_api import Page, expect

import sim
from sim.report.style import sentence
from sim.scenario import load, loads
from tests.web.reader import settled

pytestmark = pytest.mark.usefixtures("warm")

QUERY = "base=war-ends-early&end=2027-01&grievance=2&seoul=hard&seed=5"


def test_a_link_shows_the_same_in_another_browser(new_page: Callable[..., Page]) -> None:
    one, other = new_page(), new_page(color_scheme="dark")
    one.goto("/")
    settled(one)
    one.get_by_label("Seoul's line on the North").select_option("engage")
    settled(one, "seoul=engage")
    other.goto(one.url)
    settled(other, "seoul=engage")
    assert other.locator("#effect").inner_text() == one.locator("#effect").inner_text()
    assert other.get_by_label("Seoul's line on the North").input_value() == "engage"


def get(address: str, name: str, query: str = QUERY) -> bytes:
    with urllib.request.urlopen(f"{address}/get/{name}?{query}", timeout=120) as answer:
        return answer.read()


def test_the_scenario_file_is_one_that_sim_run_takes(server) -> None:
    scenario = loads(get(server.address, "world.yaml").decode())
    assert scenario.war.ends == "2027-01"
    assert scenario.parameters == {"grievance": 2.0}
    assert scenario.moves[0].option == "hard"


@pytest.mark.parametrize("name", ["story", "capitals-of-one", "fork", "debrief-chart"])
def test_pictures_of_one_world_and_of_a_game_come_as_files_too(server, name: str) -> None:
    played = ".".join(["0312"] * 12)
    query = f"end=2027-01&run=2&fork=beijing_trade%3Asqueeze%3A2024-10%3A12&played={played}"
    assert get(server.address, f"{name}.png", query).startswith(b"\x89PNG")
    assert get(server.address, f"{name}.svg", query).startswith(b"<?xml")
    assert len(pd.read_csv(io.BytesIO(get(server.address, f"{name}.csv", query)))) > 5
    assert b"data = " in get(server.address, f"{name}.py", query)


@pytest.mark.parametrize("name", ["fan", "drifted", "options", "capitals"])
def test_every_picture_comes_as_png_svg_and_csv(server, name: str) -> None:
    assert get(server.address, f"{name}.png").startswith(b"\x89PNG")
    assert get(server.address, f"{name}.svg").startswith(b"<?xml")
    assert len(pd.read_csv(io.BytesIO(get(server.address, f"{name}.csv")))) > 5


def test_the_numbers_of_the_fan_are_those_of_the_public_api(server) -> None:
    table = pd.read_csv(io.BytesIO(get(server.address, "fan.csv")), index_col="month")
    many = sim.ensemble(loads(get(server.address, "world.yaml").decode()), runs=1000, seed=5)
    assert table["50%"].to_numpy() == pytest.approx(many.series("reengagement").median().to_numpy(), rel=1e-12)


@pytest.mark.parametrize(
    ("name", "query", "code"),
    [
        ("fan.csv", "end=never&x=1", 400),
        ("wat.csv", "", 404),
        ("fan.exe", "", 404),
        ("fork.png", "", 404),
        ("debrief-chart.png", "played=0312", 404),
        ("debrief-chart.png", "played=99", 400),
        ("debrief-chart.py", "played=0312.3", 400),
        ("debrief-chart.csv", "base=hindcast", 400),
        ("fork.py", "", 404),
        ("fork.png", "fork=beijing_trade:squeeze:2100-01:12", 400),
        ("fork.csv", "base=hindcast&fork=beijing_trade:squeeze:2024-10:12", 400),
        ("capitals-of-one.png", "base=hindcast&month=2032-12", 400),
        ("capitals.py", "base=hindcast&month=2032-12", 400),
    ],
)
def test_what_cannot_be_given_is_said(server, name: str, query: str, code: int) -> None:
    with pytest.raises(urllib.error.HTTPError) as error:
        get(server.address, name, query)
    assert error.value.code == code
    assert error.value.read().strip()


def test_the_links_on_the_page_carry_its_state(page: Page) -> None:
    page.goto("/?end=2028-01")
    settled(page)
    page.get_by_role("slider", name="When the war ends").press("ArrowRight")
    settled(page, "end=2028-02")
    with page.expect_download() as download:
        page.get_by_role("link", name="Scenario file").click()
    assert loads(Path(download.value.path()).read_text()).war.ends == "2028-02"


def test_a_scenario_file_can_be_opened(page: Page, tmp_path: Path) -> None:
    file = tmp_path / "mine.yaml"
    file.write_text("name: my own world\nextends: three-way-bloc\nwar: {ends: 2028-03}\nparameters: {grievance: 1.5}\n")
    page.goto("/")
    settled(page)
    page.set_input_files("#open", file)
    settled(page, "base=yaml.")
    expect(page.locator("#effect")).to_contain_text("my own world")
    assert page.get_by_role("slider", name="When the war ends").get_attribute("aria-valuetext") == "March 2028"
    assert page.get_by_role("slider", name="How much Kim resents a shortfall (φ)").input_value() == "1.5"
    page.reload()
    settled(page, "base=yaml.")
    expect(page.locator("#effect")).to_contain_text("my own world")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("war: {ends: 2028-13}\n", "broken.yaml:1"),
        ("wra: {ends: 2028-01}\n", "war"),
        ("extends: /etc/hostname.yaml\n", "only scenarios that come with the program"),
        (b"name: caf\xe9 two\n", "not a text file"),
        ("a: " + "x" * 3_000_000, "too many for a scenario"),
        ("", "the file is empty"),
    ],
)
def test_a_file_that_is_no_scenario_is_refused_in_words(
    page: Page, tmp_path: Path, text: str | bytes, said: str
) -> None:
    file = tmp_path / "broken.yaml"
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    page.goto("/?end=2027-01")
    settled(page)
    page.set_input_files("#open", file)
    expect(page.get_by_role("alert")).to_contain_text(said)
    assert "end=2027-01" in page.url


def test_the_report_is_one_page_that_needs_nothing_else(server) -> None:
    report = get(server.address, "report.html").decode()
    assert sentence(load("war-ends-early").name) in report
    assert "Uncalibrated" in report
    assert "http://" not in report.replace("http://www.w3.org", "")
