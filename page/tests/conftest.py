"""The page as a reader meets it: a plain file server, a sub-path, and the system's Chromium."""

import json
import re
import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from page.tests.driver import ARGUMENTS, Quiet, chromium
from sim.web.site_folder import write_site
from sim.web.world_file import WORLD, length_and_digest

# For the scripts of tests: the page's own modules, and the files that its workers read.
TAKE = """
    const take = async (...names) => Object.assign({}, ...await Promise.all(
        names.map((name) => import(new URL(`${name}.js`, document.baseURI)))));
    const json = async (name) => (await fetch(name)).json();
    const context = async () => {
        const { load, learn, unpacked } = await take("engine/engine", "engine/files", "world");
        const bytes = async (name) => (await fetch(name)).arrayBuffer();
        const [world, facts] = [await json("world.json"), await json("facts.json")];
        learn(world, facts);
        const sets = new Float64Array(await unpacked(await bytes("sets.bin")));
        return { facts, sets, engine: await load(await bytes("engine/months.wasm")) };
    };
"""
USUAL = 120_000.0  # milliseconds for anything, on a machine that is busy with other tests
expect.set_options(timeout=USUAL)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the tests of this folder: they need a browser."""
    for item in items:
        if item.path.is_relative_to(Path(__file__).parent):
            item.add_marker("browser")


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("served") / "some" / "page"
    write_site(made)
    return made


@contextmanager
def served(folder: Path, handler: Callable[..., SimpleHTTPRequestHandler] = Quiet) -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(handler, directory=str(folder.parents[1])))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/some/page/"
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="session")
def address(folder: Path) -> Iterator[str]:
    with served(folder) as address:
        yield address


def accept_changes(folder: Path) -> None:
    """Write into the world of a page that its files belong to it as they are now."""
    world = json.loads((folder / WORLD).read_text(encoding="utf-8"))
    world["files"] = {name: length_and_digest(folder / name) for name in world["files"]}
    (folder / WORLD).write_text(json.dumps(world), encoding="utf-8")
    index = folder / "index.html"
    digest = r'(href="([^"]+)" integrity="sha256-)[^"]+'
    links = re.sub(digest, lambda link: link[1] + world["files"][link[2]]["sha256"], index.read_text(encoding="utf-8"))
    index.write_text(links, encoding="utf-8")


@pytest.fixture(scope="session")
def folder_of_fewer_runs(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write the page with half as many runs, for tests that look at all of it but its numbers."""
    copy = Path(shutil.copytree(folder, tmp_path_factory.mktemp("fewer") / "some" / "page"))
    module = copy / "ensembles.js"
    text = module.read_text(encoding="utf-8")
    assert text.count("RUNS = 1000;") == 1
    module.write_text(text.replace("RUNS = 1000;", "RUNS = 512;"), encoding="utf-8")
    accept_changes(copy)
    return copy


@pytest.fixture(scope="session")
def address_of_fewer_runs(folder_of_fewer_runs: Path) -> Iterator[str]:
    with served(folder_of_fewer_runs) as address:
        yield address


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as driver:
        made = driver.chromium.launch(executable_path=chromium(), args=ARGUMENTS)
        yield made
        made.close()


@contextmanager
def watched(browser: Browser, address: str) -> Iterator[Callable[..., Page]]:
    """Return a maker of pages; whatever they asked another host for, or stumbled over, fails the test."""
    contexts: list[BrowserContext] = []
    asked: set[str] = set()
    stumbled: list[str] = []

    def make(**options: object) -> Page:
        options = {"service_workers": "block", "base_url": address, **options}
        context = browser.new_context(**options)  # type: ignore[arg-type]
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(USUAL)
        page.on("request", lambda request: asked.add(request.url.split("/")[2] if "//" in request.url else "data"))
        page.on("pageerror", lambda error: stumbled.append(str(error)))
        page.on("console", lambda said: stumbled.append(said.text) if said.type == "error" else None)
        return page

    yield make
    for context in contexts:
        assert context.cookies() == []
        context.close()
    assert {host for host in asked if not host.startswith("127.0.0.1")} <= {"data", ""}
    assert stumbled == []


@pytest.fixture
def new_page(browser: Browser, address: str) -> Iterator[Callable[..., Page]]:
    with watched(browser, address) as make:
        yield make


@pytest.fixture
def page(new_page: Callable[..., Page]) -> Page:
    return new_page()


def settled(page: Page, *parts: str) -> None:
    """Wait until all pictures show a state whose address has these parts, with all runs."""
    match = "".join(f'[data-settled*="{part}"]' for part in parts)
    page.locator(f'body[data-settled^="#"]{match}').wait_for()


def at_rest(page: Page) -> None:
    """Wait until nothing moves any more: the dots have fallen, the steps have risen."""
    page.evaluate("async () => { await Promise.allSettled(document.getAnimations().map((each) => each.finished)); }")
