"""A reader at the page: `sim site` in a folder, on a server of this machine, in the system's Chromium."""

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from sim.web import site
from sim.web.server import Server
from tests.web.driver import ARGUMENTS, chromium

PATIENCE = 300_000.0  # milliseconds that anything may take on a busy machine; no test waits for them to pass


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder: Path = tmp_path_factory.mktemp("site")
    site.write(folder)
    server = Server(folder, "127.0.0.1", 0)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as driver:
        made = driver.chromium.launch(executable_path=chromium(), args=ARGUMENTS)
        yield made
        made.close()


@pytest.fixture
def read(browser: Browser, address: str) -> Iterator[Callable[..., Page]]:
    """Return what opens the page at an address; what it asks of another host, or stumbles over, fails the test."""
    contexts: list[BrowserContext] = []
    strange: list[str] = []

    def opened(at: str, **options: object) -> Page:
        context = browser.new_context(**options)  # type: ignore[arg-type]
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(PATIENCE)
        page.on("pageerror", lambda error: strange.append(str(error)))
        page.on(
            "request",
            lambda request: (
                None if request.url.startswith((address, "data:", "blob:")) else strange.append(request.url)
            ),
        )
        page.goto(address + at)
        return page

    yield opened
    for context in contexts:
        context.close()
    assert strange == []
