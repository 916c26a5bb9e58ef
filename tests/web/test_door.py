"""Who is let in, what the browser may do with the page, and what a stranger's link cannot do."""

import asyncio
import http.client
import re
from collections.abc import Callable
from contextlib import closing
from email.message import Message

import pytest
from playwright.sync_api import Dialog, Page, expect
from typer.testing import CliRunner

from sim.cli import app
from sim.scenario import load
from sim.web import door, server
from sim.web.state import packed
from tests.web.driver import Server
from tests.web.reader import settled

HELLO = {"Connection": "Upgrade", "Upgrade": "websocket", "Sec-WebSocket-Version": "13",
         "Sec-WebSocket-Key": "x3JJHMbDL1EzLkh9GBhXDw=="}  # fmt: skip
SOCKET = "/_nicegui_ws/socket.io/?EIO=4&transport=websocket"


def answer(server: Server, path: str, **headers: str) -> tuple[int, Message, bytes]:
    """Return what the server says to a request with some headers: the code, its headers, the text."""
    with closing(http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)) as line:
        line.request("GET", path, headers=headers)
        with line.getresponse() as found:
            return found.status, found.headers, b"" if found.status == 101 else found.read()


@pytest.mark.parametrize("path", ["/lessons", "/get/world.yaml", "/_nicegui_ws/socket.io/?EIO=4&transport=polling"])
def test_a_foreign_host_and_a_foreign_origin_are_refused(server: Server, path: str) -> None:
    mine = f"127.0.0.1:{server.port}"
    assert answer(server, path)[0] == 200
    assert answer(server, path, Host=f"localhost:{server.port}", Origin=f"http://localhost:{server.port}")[0] == 200
    for headers in (
        {"Host": "evil.example"},
        {"Host": f"evil.example:{server.port}"},
        {"Host": "127.0.0.1.evil.example"},
        {"Host": mine, "Origin": "http://evil.example"},
        {"Host": mine, "Origin": f"http://{mine}.evil.example"},
        {"Host": mine, "Origin": "http://127.0.0.1:1"},
        {"Host": mine, "Origin": "null"},
        {"Host": "192.0.2.7"},  # another machine's, and this one listens to itself alone
    ):
        code, _, said = answer(server, path, **headers)
        assert code == 403, headers
        assert b"its own address" in said


def test_a_reader_who_leaves_before_the_answer_is_no_error() -> None:
    """What lies between the server and the page reads an answer that nobody waits for any more, and fails without."""
    sent: list[dict] = []

    async def gone(*_: object) -> None: ...

    async def send(message: dict) -> None:
        sent.append(message)

    scope = {"type": "http", "method": "GET", "path": "/", "headers": [(b"host", b"localhost")]}
    asyncio.run(door.Door(gone, "127.0.0.1")(scope, gone, send))
    assert [message["type"] for message in sent] == ["http.response.start", "http.response.body"]
    assert sent[0]["status"] == 499


def test_a_socket_opens_for_the_page_and_for_no_other(server: Server) -> None:
    mine = f"127.0.0.1:{server.port}"
    assert answer(server, SOCKET, Host=mine, Origin=f"http://{mine}", **HELLO)[0] == 101
    assert answer(server, SOCKET, Host=mine, Origin="http://evil.example", **HELLO)[0] == 403
    assert answer(server, SOCKET, Host="evil.example", Origin="http://evil.example", **HELLO)[0] == 403


@pytest.mark.parametrize(
    ("host", "asked", "let_in"),
    [
        ("127.0.0.1", "[::1]:80", True),
        ("0.0.0.0", "192.0.2.7:80", True),
        ("0.0.0.0", "evil.example", False),
        ("lab.example", "lab.example:8000", True),
        ("lab.example", "evil.example", False),
        ("127.0.0.1", "", False),
        ("127.0.0.1", "[", False),
    ],
)
def test_numbers_and_ones_own_names_are_let_in(host: str, asked: str, let_in: bool) -> None:
    assert door.ours(host, asked, None) is let_in


@pytest.mark.parametrize("path", ["/lessons", "/get/world.yaml", "/get/wat.csv"])
def test_the_browser_is_told_what_the_page_may_load_and_that_nobody_may_frame_it(server: Server, path: str) -> None:
    _, headers, _ = answer(server, path)
    policy = headers["Content-Security-Policy"]
    assert {"default-src 'self'", "script-src-attr 'none'", "frame-ancestors 'none'"} <= set(policy.split("; "))
    assert headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.usefixtures("warm")
def test_a_strangers_link_runs_nothing_in_the_readers_browser(new_page: Callable[..., Page]) -> None:
    strange = "=cmd|' /C calc'!A0 <img src=x onerror=alert(1)><b>bold</b> `${alert(2)}`</script>"
    world = load("war-ends-early").with_(name=strange, question=strange, reading=strange, war={"ends": "2027-01"})
    page, dialogs, complaints = new_page(), [], []
    page.on("dialog", lambda dialog: (dialogs.append(dialog.message), Dialog.dismiss(dialog)))
    page.on("console", lambda said: complaints.append(said.text) if "Security Policy" in said.text else None)
    query = f"base={packed(world)}"
    page.goto(f"/?{query}")
    settled(page)
    expect(page.locator("#effect")).to_contain_text(f"“{strange}”")
    page.get_by_role("button", name="Pin this run").click()
    settled(page, "pin=")
    page.goto(f"/world?{query}")
    page.wait_for_selector("#capitals-of-one[data-month]")
    expect(page.locator("#world-head")).to_contain_text(strange)
    page.goto(f"/play?{query}")
    page.wait_for_selector("#play[data-month]")
    page.goto(f"/?{query}&wat<b>=1&base=<img src=x onerror=alert(3)>")
    expect(page.get_by_role("alert")).to_contain_text("<img src=x")
    assert page.locator("img, b:has-text('bold')").count() == 0
    assert dialogs == complaints == []


@pytest.mark.usefixtures("warm")
def test_where_text_is_put_in_as_html_by_mistake_the_policy_still_stops_it(new_page: Callable[..., Page]) -> None:
    page, dialogs = new_page(), []
    page.on("dialog", lambda dialog: (dialogs.append(dialog.message), Dialog.dismiss(dialog)))
    page.goto("/lessons")
    with page.expect_console_message(lambda said: "Security Policy" in said.text):
        page.evaluate("document.body.insertAdjacentHTML('beforeend', '<img src=data:, onerror=alert(1)>')")
    assert dialogs == []


@pytest.mark.parametrize(
    ("host", "said"),
    [
        ("127.0.0.1", r"the page is at http://127\.0\.0\.1:\d+ \(Ctrl-C ends it\)\n$"),
        ("0.0.0.0", r"the page is at http://(?!0\.0\.0\.0|127\.)[\w.-]+:\d+ .*\nWhoever can reach this machine .*\n$"),
    ],
)
def test_the_address_is_one_that_those_who_may_come_can_open(
    host: str, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(server, "serve", lambda host, port, show, ready: ready())
    done = CliRunner().invoke(app, ["app", "--no-browser", "--host", host])
    assert done.exit_code == 0
    assert re.match(said, done.stderr), done.stderr
