"""Addresses, controls, and the lines that make a world again."""

import asyncio
import base64
import re
import threading
import zlib
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.model.moves import LEVER
from sim.scenario import ScenarioError, load, loads
from sim.scenario.errors import listed
from sim.web import lines
from sim.web.controls import CONTROL, CONTROLS, Choice, Slider, Switches
from sim.web.state import _PARSERS, State, World, asked, packed, read, read_yaml

MOVED = {
    **{each.name: each.low for each in CONTROLS if isinstance(each, Slider)},
    **{each.name: list(each.options)[1] for each in CONTROLS if isinstance(each, Choice)},
    **{each.name: "A4,C38" for each in CONTROLS if isinstance(each, Switches)},
}


@pytest.mark.parametrize("name", MOVED)
def test_every_control_changes_the_scenario_that_is_run(name: str) -> None:
    base = World("war-ends-early")
    assert base.set(name, MOVED[name]).scenario().difference(base.scenario())


@pytest.mark.parametrize("name", MOVED)
def test_every_control_is_kept_by_the_address(name: str) -> None:
    state = State(world=World().set(name, MOVED[name]), pin=World("hindcast").set("grievance", 1.0), seed=9, month=80)
    assert read(state.query()) == (state, [])


def test_controls_show_what_the_scenario_says() -> None:
    early = load("war-ends-early")
    shown = {each.name: each.shown(each.read(early)) for each in CONTROLS if isinstance(each, Slider)}
    assert shown["end"] == "January 2025"
    assert shown["foresight"].startswith("5")
    never = next(each for each in CONTROLS if each.name == "end")
    assert never.shown(never.read(load("baseline"))) == "the war does not end"  # type: ignore[union-attr]


# Keys that mean something, and words that some of them know, so that addresses get past the first look at them.
KEYS = ("base", "pin", *CONTROL, *_PARSERS)
WORDS = st.sampled_from(
    ["never", "war-ends-early", "three-way-bloc", "yaml.AAAA", packed(load("hindcast")), "A4,C38", "-1", "1e9", "nan",
     "inf", "2027-01", "2040-13", "12", "0.5", "0312.0312", "beijing_trade:squeeze:2024-10:12", "base=baseline&end=zzz",
     *LEVER, *(option for each in CONTROLS if isinstance(each, Choice) for option in each.options)]
)  # fmt: skip
ADDRESSES = st.lists(st.tuples(st.sampled_from(KEYS), WORDS | st.text(max_size=20)), max_size=6).map(urlencode)


@given(ADDRESSES | st.text(max_size=80))
def test_no_address_breaks_the_page(query: str) -> None:
    state, problems = read(query)
    for world in (state.world, state.pin):
        world.scenario()
    assert all(problems), "each problem is said in words"
    assert read(state.query()) == (state, []), "what was understood is an address without problems"


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("end=2050-01", "is not between"),
        ("end=nan", "is not between"),
        ("postwar_need=much", "is no number"),
        ("base=war-ends-erly", "war-ends-early"),
        ("base=../../etc/passwd", "no scenario of this name"),
        ("base=yaml.AAAA", "damaged"),
        ("seed=-1", "whole number"),
        ("month=2040-01", "after 2032-12"),
        ("series=china-flow", "series: 'china-flow' is not known; write china_flow"),
        ("series=economy", "series: 'economy' is not known"),
        ("capital=Pyonyang", "write Pyongyang"),
        ("seoul=soft", "is none of"),
        ("off=C99", "can be switched off"),
        ("fork=a:b:c:d", "no change of a move"),
        ("played=12x", "played: '12x' cannot be read"),
        ("wat=1", "means nothing here"),
        ("base=hindcast&month=2027-01", "month: 2027-01 lies after 2024-08, where this run ends"),
        ("base=hindcast&fork=beijing_trade:squeeze:2024-10:12", "fork: 2024-10 lies after 2024-08"),
        ("fork=beijing_trade:squeeze:2100-01:12", "fork: 2100-01 lies after 2032-12"),
        ("base=moscow-never-buys&fork=deal_arms:full:2024-10:12", "scripted as none too"),
    ],
)
def test_what_an_address_says_wrongly_is_said_and_the_rest_is_kept(query: str, said: str) -> None:
    state, problems = read(query + "&grievance=1")
    assert len(problems) == 1
    assert said in problems[0]
    assert state.world.get("grievance") == 1.0


def test_a_whole_scenario_fits_into_an_address() -> None:
    scenario = load("three-way-bloc").with_(name="mine", postwar_need=1.0)
    world = World(packed(scenario))
    assert world.scenario() == scenario
    assert read(State(world=world).query()) == (State(world=world), [])


def test_what_is_packed_can_be_unpacked_and_is_bounded() -> None:
    bomb = base64.urlsafe_b64encode(zlib.compress(b"name: " + b"a" * 10_000_000, 9)).decode().rstrip("=")
    assert len(bomb) > 12_000
    for word in ("yaml." + bomb, "yaml." + bomb[:11_000], "yaml." + packed_text(b"a: 1\n" * 20_000)):
        state, problems = read(f"base={word}")
        assert len(problems) == 1 and "too l" in problems[0]
        assert state == State()
    with pytest.raises(ValueError, match="too long for the page"):  # no link that the page itself would refuse
        packed(load("baseline").with_(question="a" * 100_000))


def packed_text(text: bytes) -> str:
    return base64.urlsafe_b64encode(zlib.compress(text, 9)).decode().rstrip("=")


def test_an_address_is_read_beside_the_loop_that_answers_everybody(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sim.web.state.read", lambda query: threading.current_thread())
    with ThreadPoolExecutor(1) as pool:
        reading, loop = pool.submit(lambda: (asyncio.run(asked("")), threading.current_thread())).result()
    assert reading is not loop
    app = Path(lines.__file__).parent
    texts = [path.read_text(encoding="utf-8") for path in app.glob("*.py")]
    assert sum(text.count("await asked(request.url.query)") for text in texts) == 5
    assert not [text for text in texts if re.search(r"\bread\(request", text)]


def test_of_many_problems_twenty_are_told() -> None:
    _, problems = read("&".join(f"a{number}=1" for number in range(1000)))
    assert len(problems) == 1000
    assert len(listed(problems).splitlines()) == 21


def test_a_strangers_scenario_cannot_read_files_of_the_server(tmp_path) -> None:
    secret = tmp_path / "secret.yaml"
    secret.write_text("name: secret\n")
    with pytest.raises(ScenarioError, match="only scenarios that come with the program"):
        read_yaml(f"extends: {secret}\n", "upload.yaml")


def test_the_scenario_file_of_a_world_is_that_world() -> None:
    world = World().set("end", 96.0).set("how", "talks").set("washington", "confront")
    assert loads(world.scenario().to_yaml()) == world.scenario()


@pytest.mark.parametrize("base", ["war-ends-early", packed(load("three-way-bloc"))])
def test_the_python_lines_make_the_same_worlds(base: str) -> None:
    state = State(
        world=World(base).set("grievance", 1.0).set("seoul", "hard"), pin=World("baseline").set("border", 0.0)
    )
    code = lines.all_lines(state).split("many, pin =")[0]
    made: dict = {}
    exec(code, made)
    assert made["world"] == state.world.scenario()
    assert made["pinned"] == state.pin.scenario()
    assert (made["runs"], made["seed"]) == (1000, 1)
