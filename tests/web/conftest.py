"""The page as a reader meets it: a server of its own, and the system's Chromium."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from tests.web.driver import ARGUMENTS, Server, chromium

READY = 300.0  # seconds that the first picture may take where the rules are compiled first
USUAL = 60_000.0  # milliseconds for anything later
expect.set_options(timeout=USUAL)


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    made = Server(tmp_path_factory.mktemp("app"))
    yield made
    made.kill()
    assert "Traceback" not in made.words(), made.words()
    assert [path.name for path in made.folder.iterdir()] == ["app.log"], "the page writes nothing where it is started"


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as driver:
        made = driver.chromium.launch(executable_path=chromium(), args=ARGUMENTS)
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
