"""Robust: many readers, a server that dies, and the command itself."""

import os
import socket
import subprocess
import sys
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from sim.cli import app
from tests.web.driver import Server
from tests.web.reader import settled

pytestmark = pytest.mark.usefixtures("warm")

READERS = 10


def test_ten_readers_move_at_once_and_each_gets_what_they_asked_for(new_page: Callable[..., Page]) -> None:
    pages = [new_page() for _ in range(READERS)]
    for page in pages:
        page.goto("/?end=2027-01")
    for page in pages:
        settled(page)
    for number, page in enumerate(pages):
        page.get_by_role("slider", name="When the war ends").focus()
        for _ in range(number + 1):
            page.keyboard.press("ArrowRight")
    for number, page in enumerate(pages):
        settled(page, f"end=2027-{number + 2:02d}")  # how soon is measured by benchmarks/app_latency.py


def test_a_server_that_dies_is_noticed_and_the_page_recovers(browser: Browser, tmp_path: Path) -> None:
    server = Server(tmp_path)
    page = browser.new_page(base_url=server.address)
    page.set_default_timeout(60_000)
    try:
        page.goto("/?end=2027-01")
        settled(page)
        page.get_by_role("slider", name="When the war ends").press("ArrowRight")
        settled(page, "end=2027-02")
        server.kill()
        expect(page.get_by_text("Connection lost")).to_be_visible()
        server.start()
        expect(page.get_by_text("Connection lost")).to_be_hidden()
        settled(page, "end=2027-02")
        page.get_by_role("slider", name="When the war ends").press("ArrowRight")
        settled(page, "end=2027-03")
    finally:
        page.close()
        server.kill()


def test_the_server_listens_to_this_machine_alone(server: Server) -> None:
    name = socket.gethostbyname(socket.gethostname())
    if name.startswith("127."):
        name = "0.0.0.1"  # no other address to try: nothing can be listening there either
    with socket.socket() as other:
        other.settimeout(2)
        assert other.connect_ex((name, server.port)) != 0


def test_a_taken_port_is_said_in_words(server: Server) -> None:
    command = [sys.executable, "-m", "sim", "app", "--no-browser", "--port", str(server.port)]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run(command, capture_output=True, text=True, env=environment, timeout=120)
    assert done.returncode == 1
    assert f"port {server.port} of 127.0.0.1 is taken" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_missing_extra_is_said_in_words(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(SystemExit) as end:
        app(["app", "--no-browser"], prog_name="sim")
    assert end.value.code == 1
    assert "pip install 'driftback[app]'" in capsys.readouterr().err


def test_memory_does_not_grow_with_moves(page: Page, server: Server) -> None:
    page.goto("/?seed=100")
    settled(page)

    def draw(seeds: Iterable[int]) -> None:
        """Take other chances: each time the world, the pinned one and the one without an end are simulated anew."""
        for seed in seeds:
            page.get_by_role("button", name="Other chance").click()
            settled(page, f"seed={seed}")

    draw(range(101, 106))  # from here on each run that comes lets another go
    before = server.memory()
    draw(range(106, 116))
    lived = 3 * 10 * 22  # megabytes
    assert server.memory() - before < lived / 5
