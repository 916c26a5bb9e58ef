"""A class together: tables, a teacher, and whoever should not be heard. Real sockets, and Chromium with touch."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from playwright.sync_api import Browser, Page, expect
from typer.testing import CliRunner
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import ClientConnection, connect

import sim.web
from page.tests.driver import free_port
from sim.cli import app
from sim.web.classroom import GUESSES, Classroom, app_of


@pytest.fixture
def room(folder: Path) -> Iterator[Classroom]:
    """A class that is served, on any free port."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        own = f"127.0.0.1:{listening.getsockname()[1]}"
        made = Classroom({own}, f"http://{own}")
        server = uvicorn.Server(uvicorn.Config(app_of(made, folder), log_level="critical"))
        thread = threading.Thread(target=server.run, args=([listening],), daemon=True)
        listening.listen(100)
        thread.start()
        yield made
        server.should_exit = server.force_exit = True
        thread.join()


def opened(room: Classroom, path: str, origin: str | None = None, **headers: str) -> ClientConnection:
    address = room.address.replace("http", "ws")
    return connect(f"{address}/class/{path}", origin=origin, additional_headers=headers)  # type: ignore[arg-type]


@contextmanager
def teaching(room: Classroom) -> Iterator[ClientConnection]:
    with opened(room, f"teacher?key={room.key}") as teacher:
        until(teacher, "room")
        yield teacher


@contextmanager
def sitting(room: Classroom, table: str = "", token: str = "") -> Iterator[tuple[ClientConnection, str]]:
    with opened(room, f"table?room={room.room}&token={token}") as phone:
        welcome = until(phone, "welcome")
        if table:
            say(phone, type="join", table=table)
            until(phone, "table")
        yield phone, welcome["token"]


def say(link: ClientConnection, **message: Any) -> None:
    link.send(json.dumps(message))


def until(link: ClientConnection, kind: str, holds: Callable[[dict[str, Any]], bool] = lambda _: True) -> dict[str, Any]:
    """Return the next message of a kind for which something holds."""
    while True:
        message = json.loads(link.recv(timeout=60))
        if message["type"] == kind and holds(message):
            return dict(message)


def ended(link: ClientConnection) -> int:
    """Return the code with which the other side closes."""
    with suppress(ConnectionClosed):
        while True:
            link.recv(timeout=60)
    assert link.close_code is not None
    return link.close_code


ASK = {"type": "ask", "turn": 0, "tables": {"Beijing": [{"title": "Trade", "options": []}], "Seoul": [{"title": "North", "options": []}]}}


def test_a_table_votes_and_sees_its_own_matters_alone(room: Classroom) -> None:
    with teaching(room) as teacher, sitting(room, "Beijing") as (one, _), sitting(room, "Beijing") as (other, _):
        say(teacher, **ASK)
        assert until(one, "ask")["table"] == ASK["tables"]["Beijing"]
        say(one, type="choose", matter=0, option=2)
        say(other, type="choose", matter=0, option=2)
        found = until(teacher, "tables", lambda message: message["tables"]["Beijing"]["votes"][0] == {"2": 2})
        assert found["tables"]["Beijing"]["here"] == 2 and found["tables"]["Seoul"]["here"] == 0
        assert until(one, "table", lambda message: message["votes"][0] == {"2": 2})["choices"] == {"0": 2}


def test_who_comes_late_or_comes_back_sits_where_the_game_is(room: Classroom) -> None:
    with teaching(room) as teacher:
        say(teacher, **ASK)
        with sitting(room) as (phone, token):
            say(phone, type="join", table="Seoul")
            assert until(phone, "ask", lambda message: message["table"])["table"] == ASK["tables"]["Seoul"]
            say(phone, type="choose", matter=1, option=0)
            until(teacher, "tables", lambda message: message["tables"]["Seoul"]["votes"][1] == {"0": 1})
        until(teacher, "tables", lambda message: message["tables"]["Seoul"]["here"] == 0)
        with sitting(room, token=token) as (phone, again):
            assert again == token
            assert until(phone, "table")["choices"] == {"1": 0}
        say(teacher, type="end")
        with sitting(room, token=token) as (phone, _):
            assert until(phone, "table")["choices"] == {}


def test_bets_reach_the_teacher_as_numbers_alone(room: Classroom) -> None:
    with teaching(room) as teacher, sitting(room, "Moscow") as (phone, token):
        say(teacher, type="bet", question="How many?", low=0, high=100)
        until(phone, "bet")
        say(phone, type="bet", value=37)
        told = until(teacher, "tables", lambda message: message["bets"] == [37.0])
        assert token not in json.dumps(told)


FOREIGN = [
    {"type": "ask", "tables": {}}, {"type": "end"}, {"type": "reveal"}, {"type": "join", "table": "<b>Seoul"},
    {"type": "choose", "matter": 3, "option": 0}, {"type": "choose", "matter": 0, "option": -1},
    {"type": "choose", "matter": "0", "option": 0}, {"type": "bet", "value": "37"}, {"type": "bet", "value": float("nan")},
    {"type": "bet", "value": 1e300}, {"type": "name", "name": "<script>"}, {}, [], "end", 7, None,
]  # fmt: skip


def test_a_phone_says_nothing_but_a_table_an_option_or_a_number(room: Classroom) -> None:
    for message in FOREIGN:
        with sitting(room, "Beijing") as (phone, _):
            phone.send(json.dumps(message))
            assert ended(phone) == 1003, message


def test_what_is_no_message_ends_its_own_connection_alone(room: Classroom) -> None:
    with sitting(room, "Beijing") as (quiet, _):
        for option, sent in enumerate(("{", "[" * 100_000, "x" * 5_000, b"\x00\xff")):
            with sitting(room, "Beijing") as (phone, _):
                phone.send(sent)
                assert ended(phone) in (1003, 1006, 1007, 1008, 1009, 1000), sent[:5]
            say(quiet, type="choose", matter=0, option=option)
            until(quiet, "table", lambda message, own=str(option): message["votes"][0] == {own: 1})


def test_ten_thousand_messages_are_cut_off_and_hold_nobody_up(room: Classroom) -> None:
    with teaching(room) as teacher, sitting(room, "Moscow") as (quiet, _), sitting(room, "Seoul") as (loud, _):
        with suppress(ConnectionClosed):
            for n in range(10_000):
                say(loud, type="choose", matter=0, option=n % 4)
        assert ended(loud) == 1008
        say(quiet, type="choose", matter=0, option=1)
        until(teacher, "tables", lambda message: message["tables"]["Moscow"]["votes"][0] == {"1": 1})


def test_without_the_key_or_the_code_nobody_comes_in(room: Classroom) -> None:
    for path in ("teacher?key=", "teacher?key=wrong", "table?room=AAAAA", "table", "teacher?key=%C3%A9"):
        with pytest.raises(InvalidStatus), opened(room, path):
            pytest.fail(path)


def test_a_room_is_not_found_by_guessing(room: Classroom) -> None:
    for _ in range(GUESSES):
        with pytest.raises(InvalidStatus), opened(room, "table?room=AAAAA"):
            pass
    with pytest.raises(InvalidStatus), opened(room, f"table?room={room.room}"):
        pass
    assert room.knows(room.room, "another address")


@pytest.mark.parametrize(("origin", "host"), [
    ("https://elsewhere.invalid", None), ("http://127.0.0.1:1", None), ("null", None), (None, "elsewhere.invalid"),
])  # fmt: skip
def test_pages_of_others_and_names_of_others_are_refused(room: Classroom, origin: str | None, host: str | None) -> None:
    asked = ["curl", "-s", "-o", os.devnull, "-w", "%{http_code}", *(["-H", f"Host: {host}"] if host else [])]
    asked += ["-H", f"Origin: {origin}"] if origin else []
    assert subprocess.run([*asked, room.address + "/"], capture_output=True, text=True, check=True).stdout == "403"
    if origin:
        with pytest.raises(InvalidStatus), opened(room, f"teacher?key={room.key}", origin=origin):
            pass


def test_a_second_screen_with_the_key_takes_over(room: Classroom) -> None:
    with teaching(room), teaching(room) as second, sitting(room, "Seoul") as (phone, _):
        say(second, **ASK)
        assert until(phone, "ask")["turn"] == 0


def test_without_its_libraries_a_class_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "sim.web.classroom")
    monkeypatch.delattr(sim.web, "classroom")
    monkeypatch.setitem(sys.modules, "starlette.applications", None)
    done = CliRunner().invoke(app, ["app", "--class", "--no-browser"])
    assert done.exit_code == 1 and "-e '.[class]'" in done.stderr


def test_a_machine_that_slept_goes_on_with_whom_it_had(tmp_path: Path) -> None:
    """The address is the one that other machines reach."""
    port = free_port()
    command = [sys.executable, "-u", "-m", "sim", "app", "--class", "--no-browser", "--port", str(port)]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True, cwd=Path(__file__).parents[2]) as program:
        assert program.stderr is not None
        said = [program.stderr.readline() for _ in range(2)]
        key, (address, code) = re.search(r"key=(\S+)", said[0]), re.findall(r"(http://\S+)/phone.html and type (\w+)", said[1])[0]
        assert key is not None
        listens(port)
        screen = connect(f"ws://127.0.0.1:{port}/class/teacher?key={key[1]}")
        with screen as teacher, connect(f"{address.replace('http', 'ws')}/class/table?room={code}") as phone:
            until(phone, "welcome")
            program.send_signal(signal.SIGSTOP)
            say(phone, type="join", table="Seoul")
            program.send_signal(signal.SIGCONT)
            until(teacher, "tables", lambda message: message["tables"]["Seoul"]["here"] == 1)
        program.send_signal(signal.SIGINT)
        assert program.wait(60) == 0
        assert "Traceback" not in program.stderr.read()


def listens(port: int) -> None:
    """Wait until a program listens on a port of this machine."""
    while True:
        with suppress(OSError):
            socket.create_connection(("127.0.0.1", port)).close()
            return


@pytest.fixture
def phone(room: Classroom, browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    page = context.new_page()
    page.goto(f"{room.address}/phone.html?room={room.room}")
    yield page
    context.close()


def test_a_turn_is_played_by_a_table_and_told_to_it(room: Classroom, browser: Browser, phone: Page) -> None:
    phone.tap(".seat-Pyongyang")
    screen = browser.new_context(viewport={"width": 1280, "height": 800}).new_page()
    screen.goto(f"{room.address}/#/class?key={room.key}")
    expect(screen.locator(".class-code")).to_have_text(room.room)
    expect(screen.locator(".class-tables .seat-Pyongyang")).to_contain_text("1 here")
    screen.click("#class-now")
    phone.locator(".options button").nth(1).tap()
    expect(phone.locator("[aria-checked=true]")).to_have_count(1)
    expect(screen.locator(".class-tables .seat-Pyongyang")).to_contain_text("1 of 3")
    screen.click("#class-play")
    expect(phone.locator(".told li").first).to_contain_text("points")
    expect(screen.locator(".class-tables .seat-Pyongyang .points")).to_have_text(re.compile(r"\d+"))
    assert "moves=" in screen.url, "who loads the big screen again goes on"
    phone.reload()
    expect(phone.locator(".told li").first).to_contain_text("points")
    screen.click("#class-end")
    expect(phone.locator("h1")).to_have_text("The game has ended")
    screen.context.close()


def test_bets_are_revealed_by_a_key(room: Classroom, browser: Browser, phone: Page) -> None:
    phone.tap(".seat-Seoul")
    screen = browser.new_context(viewport={"width": 1280, "height": 800}).new_page()
    screen.goto(f"{room.address}/#/class?key={room.key}")
    screen.click("#class-bet")
    phone.locator("input[type=range]").fill("30")
    phone.tap("button.main")
    expect(screen.locator("#class-bets")).to_have_text("1")
    assert not screen.locator("svg.class-bets").count()
    screen.keyboard.press("r")
    expect(screen.locator("svg.class-bets circle")).to_have_count(1)
    screen.context.close()


NETWORK = 'ip link set lo up && ip addr add 10.77.0.1/24 dev lo && ip route add default dev lo && exec "$@"'
IN_ITS_NETWORK = ("unshare", "-rn", "sh", "-c", NETWORK, "sh")


def in_network_of_its_own(*command: str) -> int:
    """Return how a command ends that has a network to itself, in which this machine is 10.77.0.1."""
    try:
        return subprocess.run([*IN_ITS_NETWORK, *command], capture_output=True, check=False).returncode
    except FileNotFoundError:
        return -1


@pytest.mark.skipif(in_network_of_its_own("true") != 0, reason="this system gives no network of one's own")
def test_phones_come_over_a_network() -> None:
    wanted = (test_a_machine_that_slept_goes_on_with_whom_it_had, test_a_turn_is_played_by_a_table_and_told_to_it)
    tests = [f"{__file__}::{test.__name__}" for test in wanted]
    assert in_network_of_its_own(sys.executable, "-m", "pytest", "-q", "-n", "0", "-p", "no:cacheprovider", *tests) == 0
