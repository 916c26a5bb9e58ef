"""The page as a reader meets it: a server of its own, and the system's Chromium."""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

READY = 300.0  # seconds that the first picture may take where the rules are compiled first
USUAL = 60_000.0  # milliseconds for anything later


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


class Server:
    """`sim app` in a process of its own."""

    def __init__(self, folder: Path, port: int | None = None) -> None:
        self.folder, self.port = folder, port or free_port()
        self.address = f"http://127.0.0.1:{self.port}"
        self.start()

    def start(self) -> None:
        root = Path(__file__).parents[2]
        environment = {key: value for key, value in os.environ.items() if not key.startswith("PYTEST")}
        environment["PYTHONPATH"] = os.pathsep.join([str(root), environment.get("PYTHONPATH", "")])
        command = [sys.executable, "-m", "sim", "app", "--no-browser", "--port", str(self.port)]
        self.log = (self.folder / "app.log").open("ab")
        self.process = subprocess.Popen(command, cwd=self.folder, env=environment, stdout=self.log, stderr=self.log)
        end = time.monotonic() + 60
        while time.monotonic() < end:
            try:
                urllib.request.urlopen(self.address + "/lessons", timeout=5).close()
                return
            except OSError:
                assert self.process.poll() is None, self.words()
                time.sleep(0.2)
        raise AssertionError(f"the server did not start: {self.words()}")

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()
        self.log.close()

    def words(self) -> str:
        return (self.folder / "app.log").read_text()

    def memory(self) -> int:
        """Return the megabytes held, from the kernel's own account."""
        for line in Path(f"/proc/{self.process.pid}/status").read_text().splitlines():
            if line.startswith("VmRSS"):
                return int(line.split()[1]) // 1024
        raise AssertionError("no account of memory")


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    made = Server(tmp_path_factory.mktemp("app"))
    yield made
    made.kill()
    assert "Traceback" not in made.words(), made.words()
    assert [path.name for path in made.folder.iterdir()] == ["app.log"], "the page writes nothing where it is started"


def chromium() -> str:
    for name in ("chromium", "chromium-browser", "google-chrome", "chrome"):
        if path := shutil.which(name):
            return path
    raise pytest.fail.Exception(
        "these tests drive a real browser, and there is no Chromium: on Debian and Ubuntu, apt-get install chromium"
    )


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as driver:
        made = driver.chromium.launch(executable_path=chromium(), args=["--no-sandbox", "--disable-gpu"])
        yield made
        made.close()


@pytest.fixture
def new_page(browser: Browser, server: Server) -> Iterator[Callable[..., Page]]:
    """Return a maker of pages; whatever they asked another host for, or stumbled over, fails the test."""
    contexts: list[BrowserContext] = []
    asked: set[str] = set()
    stumbled: list[str] = []

    def make(**options: object) -> Page:
        context = browser.new_context(**options, base_url=server.address)  # type: ignore[arg-type]
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(USUAL)
        page.on("request", lambda request: asked.add(request.url.split("/")[2] if "//" in request.url else "data"))
        page.on("pageerror", lambda error: stumbled.append(str(error)))
        return page

    yield make
    for context in contexts:
        context.close()
    assert asked <= {server.address.removeprefix("http://"), "data"}
    assert stumbled == []


@pytest.fixture
def page(new_page: Callable[..., Page]) -> Page:
    return new_page()


@pytest.fixture(scope="session")
def warm(server: Server, browser: Browser) -> None:
    """See the first picture drawn, whatever has to be compiled for it."""
    page = browser.new_page(base_url=server.address)
    page.goto("/")
    page.wait_for_selector("#capitals[data-state]", timeout=READY * 1000)
    page.close()
