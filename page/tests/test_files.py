"""Files that do not belong to the page: missing, cut or foreign, they are refused in words, and nothing is simulated."""

import json
import posixpath
import re
import shutil
from collections.abc import Callable, Iterator
from functools import partial
from itertools import product
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect

from page.tests.conftest import USUAL, served, settled
from page.tests.driver import ARGUMENTS, Quiet, chromium
from sim.web import site_folder

pytestmark = pytest.mark.browser
DAMAGES: dict[str, Callable[[Path], object]] = {
    "missing": Path.unlink,
    "cut": lambda file: file.write_bytes(file.read_bytes()[:-8]),
    "foreign": lambda file: file.write_bytes(bytes([file.read_bytes()[0] ^ 1]) + file.read_bytes()[1:]),
}
SAYS = {"missing": "is missing", "cut": "was cut", "foreign": "was changed"}


@pytest.fixture
def own(folder: Path, tmp_path: Path) -> Path:
    """A copy of the page, to be damaged."""
    return Path(shutil.copytree(folder, tmp_path / "some" / "page"))


@pytest.fixture
def visit(browser: Browser) -> Iterator[Callable[..., Page]]:
    """Return what opens a page that may say of something that it cannot be used."""
    pages: list[Page] = []

    def opened(address: str, **options: object) -> Page:
        page = browser.new_page(**({"service_workers": "block"} | options))  # type: ignore[arg-type]
        page.set_default_timeout(USUAL)
        page.goto(address)
        pages.append(page)
        return page

    yield opened
    for page in pages:
        page.close()


def assert_refused(page: Page, name: str, says: str) -> None:
    alert = page.get_by_role("alert")
    expect(alert).to_contain_text(name)
    expect(alert).to_contain_text(says)


def test_the_world_knows_every_file_that_is_fetched(folder: Path) -> None:
    known = json.loads((folder / "world.json").read_text(encoding="utf-8"))["files"]
    data = {
        path.relative_to(folder).as_posix()
        for path in folder.rglob("*")
        if path.suffix in {".js", ".json", ".wasm", ".bin"}
    }
    assert set(known) == data - {"world.json", "service-worker.js"}
    assert {name: entry["bytes"] for name, entry in known.items()} == {
        name: (folder / name).stat().st_size for name in known
    }


def test_every_module_of_a_view_comes_once_after_what_it_imports(folder: Path) -> None:
    """Else a browser asks for it twice: for itself, and for the module that imports it."""
    waves = json.loads((folder / "world.json").read_text(encoding="utf-8"))["later"]
    first = re.findall(r'rel="modulepreload" href="([^"]+)"', (folder / "index.html").read_text(encoding="utf-8"))
    there = set(first)
    for wave in waves:
        for module in wave:
            imported = re.findall(r'^import .* from "(.+)";$', (folder / module).read_text(encoding="utf-8"), re.M)
            assert {posixpath.normpath(f"{posixpath.dirname(module)}/{path}") for path in imported} <= there
        there.update(wave)
    assert len(there) == len(first) + sum(map(len, waves))
    assert there >= {path.relative_to(folder).as_posix() for part in ("views", "jobs") for path in (folder / part).glob("*.js")}


def test_modules_that_import_one_another_are_named(own: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with (own / "views" / "play-map.js").open("a", encoding="utf-8") as module:
        module.write('\nimport { matter } from "./play.js";\n')
    monkeypatch.setattr(site_folder, "page_folder", lambda: own)
    with pytest.raises(ValueError, match=r"import one another: .*views/play-map.js, views/play.js"):
        site_folder.write_site(tmp_path / "site")


@pytest.mark.parametrize(
    ("name", "damage"),
    [  # what is fetched and what is imported, each damaged in every way; of the others it is known that they are checked
        *product(["sets.bin", "engine/engine.js"], DAMAGES),
        *product(["engine/months.wasm", "facts.json", "worker.js"], ["foreign"]),
    ],
)
def test_the_page_answers_nothing_without_a_file_of_its_own(
    own: Path, visit: Callable[..., Page], name: str, damage: str
) -> None:
    DAMAGES[damage](own / name)
    with served(own) as address:
        page = visit(address)
        assert_refused(page, name, SAYS[damage])
        assert page.locator("main > :not(#first, noscript)").count() == 0, "the study's answer alone stays"


@pytest.mark.parametrize("damage", ["missing", "cut"])
def test_without_its_world_the_page_answers_nothing(own: Path, visit: Callable[..., Page], damage: str) -> None:
    DAMAGES[damage](own / "world.json")
    with served(own) as address:
        assert_refused(visit(address), "world.json", "missing or damaged")


def test_a_world_of_before_is_refused(own: Path, visit: Callable[..., Page]) -> None:
    world = json.loads((own / "world.json").read_text(encoding="utf-8"))
    del world["files"]
    (own / "world.json").write_text(json.dumps(world), encoding="utf-8")
    with served(own) as address:
        assert_refused(visit(address), "world.json", "of another edition")


def test_a_shell_of_another_edition_is_refused(own: Path, visit: Callable[..., Page]) -> None:
    world = json.loads((own / "world.json").read_text(encoding="utf-8"))
    del world["files"]["panel.js"]
    (own / "world.json").write_text(json.dumps(world), encoding="utf-8")
    with served(own) as address:
        assert_refused(visit(address), "panel.js", "of another edition")


def test_no_history_is_told_without_reasons_and_the_rest_works(own: Path, visit: Callable[..., Page]) -> None:
    DAMAGES["foreign"](own / "engine/reasons.wasm")
    with served(own) as address:
        page = visit(f"{address}#/history?run=3")
        assert_refused(page, "engine/reasons.wasm", SAYS["foreign"])
        assert page.locator("#steps h2").count() == 0
        page.goto(f"{address}#/start")
        settled(page)
        assert page.locator("#dots circle").count() == 1000


def test_a_file_that_was_refused_is_not_kept(own: Path, folder: Path, visit: Callable[..., Page]) -> None:
    DAMAGES["cut"](own / "engine/reasons.wasm")
    with served(own) as address:
        page = visit(address, service_workers="allow")
        settled(page)
        page.evaluate("async () => { await navigator.serviceWorker.ready; }")
        page.goto("about:blank")
        page.goto(f"{address}#/history?run=3")
        assert_refused(page, "engine/reasons.wasm", "was cut")
        shutil.copy(folder / "engine/reasons.wasm", own / "engine/reasons.wasm")
        page.reload()
        page.locator("#steps h2").first.wait_for()


WATCH = """() => new MutationObserver(() => {
    if (document.querySelector("#explore[data-state=done]")) globalThis.answered ??= performance.now();
}).observe(document, { attributes: true, subtree: true })"""
LATER = "() => performance.getEntriesByName(new URL('views/play.js', document.baseURI))[0]?.startTime"


def test_what_other_views_need_comes_after_what_was_asked_for(address: str, visit: Callable[..., Page]) -> None:
    page = visit("about:blank")
    page.add_init_script(f"({WATCH})()")
    page.goto(f"{address}#/explore")
    settled(page)
    page.wait_for_function(LATER)
    assert page.evaluate(LATER) >= page.evaluate("() => globalThis.answered")


class Plain(Quiet):
    """A server that sends scripts, or the engine, as plain text."""

    def __init__(self, *given: object, ending: str, **more: object) -> None:
        self.extensions_map = {**Quiet.extensions_map, ending: "text/plain"}
        super().__init__(*given, **more)  # type: ignore[arg-type]


def test_scripts_of_the_wrong_type_leave_the_answer_and_say_what_to_do(folder: Path, visit: Callable[..., Page]) -> None:
    with served(folder, partial(Plain, ending=".js")) as address:
        page = visit(f"{address}#/explore")
        page.evaluate("() => document.getAnimations().forEach((each) => each.finish())")  # as after some seconds
        expect(page.locator("#stuck")).to_contain_text("send .js files as text/javascript")
        expect(page.locator("#stuck")).to_be_visible()
        expect(page.locator("#answer")).to_be_visible()


def test_an_engine_of_the_wrong_type_is_taken_by_its_digest(folder: Path, visit: Callable[..., Page]) -> None:
    with served(folder, partial(Plain, ending=".wasm")) as address:
        page = visit(f"{address}#/explore")
        settled(page)
        expect(page.get_by_role("alert")).to_be_empty()


def test_where_webassembly_is_forbidden_the_reason_is_said(own: Path, visit: Callable[..., Page]) -> None:
    index = own / "index.html"
    text = index.read_text(encoding="utf-8")
    index.write_text(text.replace(" 'wasm-unsafe-eval'", ""), encoding="utf-8")
    with served(own) as address:
        page = visit(address)
        assert_refused(page, "does not let a page run WebAssembly", "allow WebAssembly for this address")
        expect(page.locator("#answer")).to_be_visible()


def test_nobody_waits_for_workers_that_do_not_start(address: str, visit: Callable[..., Page]) -> None:
    page = visit("about:blank")
    page.add_init_script("""globalThis.Worker = class {
        postMessage() { setTimeout(() => this.onerror({ message: "" })); }
    }""")
    page.goto(f"{address}#/explore")
    assert_refused(page, "did not start", "Load the page again")


def test_two_releases_on_one_host_keep_their_own_files(folder: Path, tmp_path: Path, browser: Browser) -> None:
    for release in ("old", "new"):
        shutil.copytree(folder, tmp_path / "some" / release)
    replace_version(tmp_path / "some" / "new" / "service-worker.js", "new")
    with served(tmp_path / "some" / "old") as address:
        host = address.removesuffix("page/")
        page = browser.new_context().new_page()
        for release in ("old", "new", "old"):
            page.goto(f"{host}{release}/")
            page.evaluate("async () => { await navigator.serviceWorker.ready; }")
        replace_version(tmp_path / "some" / "new" / "service-worker.js", "newer")
        page.goto(f"{host}new/")
        page.evaluate("""async () => {
            const { installing, waiting } = await (await navigator.serviceWorker.ready).update();
            const worker = installing ?? waiting;
            if (worker) await new Promise((done) => { worker.onstatechange = () => worker.state === "activated" && done(); });
        }""")
        names = page.evaluate("() => caches.keys()")
        assert sorted(name.split(" ")[1].removeprefix(host) for name in names) == ["new/", "old/"]
        assert any(name.endswith("newer") for name in names)
        page.context.close()


def replace_version(worker: Path, version: str) -> None:
    text = worker.read_text(encoding="utf-8")
    worker.write_text(re.sub(r'const VERSION = "\w+"', f'const VERSION = "{version}"', text), encoding="utf-8")


def test_an_address_that_is_not_secure_is_served_and_guarded_alike(own: Path, browser: Browser) -> None:
    """There the browser has no crypto.subtle."""
    rules = "--host-resolver-rules=MAP class.example 127.0.0.1"
    with served(own) as local:
        insecure = browser.browser_type.launch(executable_path=chromium(), args=[*ARGUMENTS, rules])
        address = f"http://class.example:{urlsplit(local).port}/some/page/"
        page = insecure.new_page()
        page.set_default_timeout(USUAL)
        page.goto(address)
        settled(page)
        assert page.evaluate("() => [isSecureContext, typeof crypto.subtle]") == [False, "undefined"]
        DAMAGES["foreign"](own / "sets.bin")
        page = insecure.new_page()  # another visitor's, who keeps no file yet
        page.goto(address)
        assert_refused(page, "sets.bin", "was changed")
        insecure.close()
