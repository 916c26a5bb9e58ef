"""What a move on the page costs: where a thousand paired runs spend processor seconds, and when their pictures come.

``python -m benchmarks.page_moves`` moves an uncertain number, which changes every month, and a driver, which changes
those after the record alone, some times each in a Chromium of the system, and prints the median of each. Processor
seconds are those of the threads of the page: the workers' (the engine, and what they do around it), the page's own
(what comes across, and drawing), and all others' (compiling, collecting garbage, painting).
"""

import argparse
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright

from page.tests.conftest import TAKE
from page.tests.driver import ARGUMENTS, Server, chromium

MOVES = {
    "all months": ("foresight", [4, 5, 6, 7, 8, 9]),
    "after the record": ("border", [0.1, 0.2, 0.3, 0.5, 0.6, 0.7]),
}
_COLUMNS = ("marked", "first", "whole", "engine", "judging", "crossing", "drawing", "others")
# Changes the address and says when the old numbers were marked as old, when the first picture came, and the last.
_MOVE = """async (hash) => {
    const begun = performance.now();
    const seconds = () => (performance.now() - begun) / 1000;
    let [marked, first] = [0, 0];
    const old = new MutationObserver(() => { marked ||= seconds(); });
    old.observe(document.querySelector("#explore"), { attributes: true, attributeFilter: ["data-state"] });
    const pictured = new MutationObserver(() => { first ||= seconds(); });
    const drawing = document.querySelector("#difference .drawing");
    pictured.observe(drawing, { childList: true, attributes: true, subtree: true });
    location.hash = hash;
    while (document.body.dataset.settled !== hash) await new Promise((done) => setTimeout(done, 5));
    for (const observer of [old, pictured]) observer.disconnect();
    return { marked, first, whole: seconds() };
}"""
# What of a worker's time the engine takes, and the seconds in which all that it found is written and read again.
_PARTS = (
    """async ([moved, runs]) => {"""
    + TAKE
    + """
    const [{ pairs }, with_] = [await take("jobs/pairs"), await context()];
    const { wasm } = with_.engine;
    let [inside, all, crossing] = [0, 0, 0];
    const timed = (act) => {
        const begun = performance.now();
        const found = act();
        return [performance.now() - begun, found];
    };
    with_.engine.wasm = { ...wasm, simulate: (...asked) => { inside += timed(() => wasm.simulate(...asked))[0]; } };
    for (const one of [{}, moved]) {
        [inside, all, crossing] = [0, 0, 0];
        for (let part = 0; part * 32 < runs; part++) {
            const [took, found] = timed(() => pairs(with_, {
                scenario: "war-ends-any-time", moved: one, seed: 1, among: [0, runs], part, series: "reengagement",
                lever: "pyongyang_toward_beijing" }));
            all += took;
            crossing += timed(() => structuredClone(found))[0] / 1000;
        }
    }
    return { engine: inside / all, crossing };
}"""
)
_ASKED = {
    "foresight": {"parameters": {"foresight": 9}},
    "border": {"drivers": {"border": [{"from": 68, "value": 0.5}]}},
}


def spent(browser: Browser) -> dict[str, float]:
    """Return the processor seconds of the page's threads so far: workers, its own, and others'."""
    session = browser.new_browser_cdp_session()
    processes = session.send("SystemInfo.getProcessInfo")["processInfo"]
    session.detach()
    seconds_of = dict.fromkeys(("workers", "page", "others"), 0.0)
    for process in (entry["id"] for entry in processes if entry["type"] != "browser"):
        for thread in Path(f"/proc/{process}/task").iterdir():
            seconds = int((thread / "schedstat").read_text().split()[0]) / 1e9
            name = (thread / "comm").read_text()
            own = "page" if int(thread.name) == process and renders(process) else "others"
            seconds_of["workers" if name.startswith("DedicatedWorker") else own] += seconds
    return seconds_of


def renders(process: int) -> bool:
    """Return whether a process is one that shows pages."""
    return b"--type=renderer" in Path(f"/proc/{process}/cmdline").read_bytes()


@contextmanager
def opened() -> Iterator[tuple[Browser, Page]]:
    """Open the page where it is explored, and wait for its pictures."""
    with tempfile.TemporaryDirectory() as name, sync_playwright() as driver:
        server = Server(Path(name))
        browser = driver.chromium.launch(executable_path=chromium(), args=ARGUMENTS)
        page = browser.new_context(service_workers="block").new_page()
        page.set_default_timeout(600_000)
        page.goto(f"{server.address}/#/explore")
        page.locator("body[data-settled^='#']").wait_for()
        yield browser, page
        browser.close()
        server.kill()


def measured(browser: Browser, page: Page, control: str, value: float) -> dict[str, float]:
    """Return when the pictures of a move came, and what it cost."""
    before = spent(browser)
    came: dict[str, float] = page.evaluate(_MOVE, f"#/explore?{control}={value}")
    after = spent(browser)
    return came | {name: after[name] - before[name] for name in after}


def row(browser: Browser, page: Page, control: str, values: list[float]) -> dict[str, float]:
    """Return the medians of some moves of a control, the first of which is left out."""
    moves = [measured(browser, page, control, value) for value in values][1:]
    medians = {name: median(move[name] for move in moves) for name in moves[0]}
    parts: dict[str, Any] = page.evaluate(_PARTS, [_ASKED[control], 1000])
    return medians | {
        "engine": medians["workers"] * parts["engine"],
        "judging": medians["workers"] * (1 - parts["engine"]),
        "crossing": parts["crossing"],
        "drawing": medians["page"] - parts["crossing"],
    }


def main() -> None:
    """Print a row a kind of move."""
    asked = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    asked.add_argument("--turns", type=int, default=1)
    turns = asked.parse_args().turns
    print(f"{'seconds':18}{'clock':>26}{'processors':>54}{'in all':>10}")
    print(f"{'':18}" + "".join(f"{name:>10}" for name in _COLUMNS))
    for _ in range(turns):
        with opened() as (browser, page):
            for kind, (control, values) in MOVES.items():
                measured = row(browser, page, control, values)
                shown = [*(measured[name] for name in _COLUMNS), sum(measured[name] for name in _COLUMNS[3:])]
                print(f"{kind:18}" + "".join(f"{seconds:10.2f}" for seconds in shown), flush=True)


if __name__ == "__main__":
    main()
