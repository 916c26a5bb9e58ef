"""`sim app`: who is let in, and what a stranger's site in the same browser cannot do."""

import http.client
import re
import socket
import struct
import threading
from collections.abc import Iterator
from contextlib import closing
from email.message import Message
from pathlib import Path

import pytest
from typer.testing import CliRunner

from page.tests.driver import Server
from sim.cli import app
from sim.web import host_check, server


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    made = Server(tmp_path_factory.mktemp("app"))
    yield made
    made.kill()
    assert "Traceback" not in made.words(), made.words()
    assert [path.name for path in made.folder.iterdir()] == ["app.log"], "nothing is written where it is started"


def answer(served: Server, path: str, method: str = "GET", **headers: str) -> tuple[int, Message, bytes]:
    """Return what the server says to a request with some headers: the code, its headers, the text."""
    with closing(http.client.HTTPConnection("127.0.0.1", served.port, timeout=60)) as line:
        line.request(method, path, headers=headers)
        with line.getresponse() as response:
            return response.status, response.headers, response.read()


@pytest.mark.parametrize("path", ["/", "/world.json", "/wat"])
def test_a_foreign_host_and_a_foreign_origin_are_refused(served: Server, path: str) -> None:
    mine = f"127.0.0.1:{served.port}"
    usual = 404 if path == "/wat" else 200
    assert answer(served, path)[0] == usual
    assert answer(served, path, Host=f"localhost:{served.port}", Origin=f"http://localhost:{served.port}")[0] == usual
    for headers in (
        {"Host": "evil.example"},
        {"Host": f"evil.example:{served.port}"},
        {"Host": "127.0.0.1.evil.example"},
        {"Host": mine, "Origin": "http://evil.example"},
        {"Host": mine, "Origin": f"http://{mine}.evil.example"},
        {"Host": mine, "Origin": "http://127.0.0.1:1"},
        {"Host": mine, "Origin": "null"},
        {"Host": "192.0.2.7"},  # another machine's, and this one listens to itself alone
    ):
        code, _, said = answer(served, path, **headers)
        assert code == 403, headers
        assert b"its own address" in said


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
    assert host_check.is_own_request(host, asked, None) is let_in


def test_nobody_may_frame_the_page_and_modules_have_their_type(served: Server) -> None:
    _, headers, _ = answer(served, "/")
    assert headers["Content-Security-Policy"] == "frame-ancestors 'none'"
    assert headers["X-Content-Type-Options"] == "nosniff" and "Set-Cookie" not in headers
    assert answer(served, "/app.js")[1]["Content-Type"].startswith("text/javascript")
    assert answer(served, "/engine/months.wasm")[1]["Content-Type"] == "application/wasm"


@pytest.mark.parametrize("path", ["/views/", "/../pyproject.toml", "/%2e%2e/%2e%2e/etc/passwd"])
def test_no_folder_is_listed_and_nothing_beside_the_page_is_given(served: Server, path: str) -> None:
    assert answer(served, path)[0] == 404
    assert answer(served, "/", method="POST")[0] == 501


ADDRESSES = (
    "//[", "http://[/", "/world?[", "/\0", "/%00", "/%ed%a0%80", "/%", "/\xff", f"/{'a' * 5000}", "/..%2f..", "*", "?", "/index.html/",
)  # fmt: skip


@pytest.mark.parametrize("method", ["GET", "HEAD"])
@pytest.mark.parametrize("address", ADDRESSES)
def test_any_address_is_answered(served: Server, address: str, method: str) -> None:
    request = f"{method} {address} HTTP/1.1\r\nHost: 127.0.0.1:{served.port}\r\nConnection: close\r\n\r\n"
    with socket.create_connection(("127.0.0.1", served.port), timeout=60) as line, line.makefile("rb") as said:
        line.sendall(request.encode("latin-1"))
        code = int(said.readline().split()[1])
        said.read()  # to the end: the connection is closed
    assert code in (200, 301, 302, 403, 404)
    assert served.process.poll() is None


@pytest.mark.parametrize(
    "sent", ["", "GET", "GET /world.json HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n\r\n" * 3, "\x16\x03\x01", "x" * 70_000]
)
def test_a_reader_may_go_at_any_time(served: Server, sent: str) -> None:
    """That nothing of it is printed, the server's log says at the end."""
    for _ in range(5):
        with socket.create_connection(("127.0.0.1", served.port), timeout=60) as line:
            line.sendall(sent.format(port=served.port).encode("latin-1"))
            line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))  # closing resets
    assert answer(served, "/")[0] == 200


def test_a_reader_who_says_nothing_more_is_left(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert server.Files.timeout, "nobody waits without end"
    monkeypatch.setattr(server.Files, "timeout", 0.1)
    with server.Server(tmp_path, "127.0.0.1", 0) as made:
        threading.Thread(target=made.serve_forever, daemon=True).start()
        with socket.create_connection(made.server_address, timeout=60) as line:
            line.sendall(b"GET / HTTP/1.1\r\n")
            assert line.recv(1) == b""
        made.shutdown()


@pytest.mark.parametrize(
    "host", ["999.1.1.1", "a..b", "\N{LATIN SMALL LETTER I WITH DIAERESIS}" * 70, "[::1]", "localhost:80"]
)
def test_an_address_that_cannot_be_listened_on_is_said(host: str) -> None:
    done = CliRunner().invoke(app, ["app", "--no-browser", "--host", host])
    assert done.exit_code == 1 and done.stderr.startswith(f"{host} cannot be listened on: ")


def test_addresses_of_the_first_edition_lead_to_where_they_belong_now(served: Server) -> None:
    code, headers, _ = answer(served, "/world?seed=3&run=2")
    assert (code, headers["Location"]) == (302, "/#/history?seed=3&run=2")


@pytest.mark.parametrize(
    ("host", "said"),
    [
        ("127.0.0.1", r"the page is at http://127\.0\.0\.1:\d+/ \(Ctrl-C ends it\)\n"),
        ("0.0.0.0", r"the page is at http://(?!0\.0\.0\.0|127\.)[\w.-]+:\d+/ .*\nWhoever can reach this machine .*\n"),
    ],
)
def test_the_address_is_one_that_those_who_may_come_can_open(
    host: str, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(server.Server, "serve_forever", lambda self: None)
    done = CliRunner().invoke(app, ["app", "--no-browser", "--host", host])
    assert done.exit_code == 0
    assert re.match(said, done.stderr), done.stderr


def test_a_port_that_is_taken_is_said_with_what_to_do() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = CliRunner().invoke(app, ["app", "--no-browser", "--port", str(port)])
    assert done.exit_code == 1 and f"port {port} of 127.0.0.1 is taken" in done.stderr
