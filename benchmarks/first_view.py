"""What the page fetches, and how soon its first view can be read: on a slow line too, from a server that compresses.

``python -m benchmarks.first_view FOLDER`` of what `sim site` wrote prints requests and kilobytes of a first visit, and
the time until answer and dots were painted, until the engine's own first figure and until the last, on this machine and
on a line of 1.6 Mbit/s and 150 ms. The page stands below a path, as on a host of many pages.
"""

import gzip
import sys
import threading
from collections import Counter
from functools import cache, partial
from http.server import ThreadingHTTPServer
from io import BytesIO
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from page.tests.driver import ARGUMENTS, Quiet, chromium

SLOW = {"offline": False, "latency": 150, "downloadThroughput": 200_000, "uploadThroughput": 90_000}
# View, slow line or not, and whether the service worker may keep what comes.
VISITS = (("", True, "block"), ("", False, "allow"), ("#/explore", False, "block"), ("#/explore", True, "block"))
PLACE = "/driftback/"
FRESH = 600  # seconds for which hosts of static files usually let a browser keep them
# Notes when the frames with the first figure and the last began: who asks again and again takes time from the engine.
NOTE = """window.noted = new Promise((all) => {
    const note = {};
    const painted = (name) => requestAnimationFrame(() => {
        note[name] ??= Math.round(performance.now());
        if (note.settled) all(note);
    });
    new MutationObserver(() => {
        if (["refining", "done"].includes(document.querySelector("#explore")?.dataset.state)) painted("figure");
        if (document.body?.dataset.settled) painted("settled");
    }).observe(document, { attributes: true, subtree: true, attributeFilter: ["data-state", "data-settled"] });
})"""
# Ends when nothing has come for a second: what other views need comes after what was asked for.
REST = """async () => {
    let before = -1;
    for (let now = 0; now !== before; now = performance.getEntriesByType("resource").length) {
        before = now;
        await new Promise((done) => setTimeout(done, 1000));
    }
}"""
PAINTED = "() => performance.getEntriesByName('first-contentful-paint')[0].startTime"


@cache
def packed(file: Path) -> bytes:
    """Return a file as it is sent: compressed once, as hosts do."""
    return gzip.compress(file.read_bytes(), 6) if file.suffix != ".bin" else file.read_bytes()


class Compressing(Quiet):
    """A host of static files."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        """Answer with a file, compressed where that helps."""
        file = Path(self.translate_path(self.path.removeprefix(PLACE)))
        file = file / "index.html" if file.is_dir() else file
        if not self.path.startswith(PLACE) or not file.is_file():
            self.send_error(404)
            return
        body = packed(file)
        self.send_response(200)
        for name, value in {
            "Content-Type": self.guess_type(str(file)), "Content-Length": str(len(body)),
            "Cache-Control": f"max-age={FRESH}",
            **({"Content-Encoding": "gzip"} if file.suffix != ".bin" else {}),
        }.items():  # fmt: skip
            self.send_header(name, value)
        self.end_headers()
        self.copyfile(BytesIO(body), self.wfile)


def visit(browser: Browser, address: str, view: str, slow: bool, worker: str = "block") -> None:
    """Print what a first visit fetches, and when it could be read."""
    context = browser.new_context(service_workers=worker)  # type: ignore[arg-type]
    page = context.new_page()
    page.set_default_timeout(240_000)
    line = context.new_cdp_session(page)
    line.send("Network.enable")
    if slow:
        line.send("Network.emulateNetworkConditions", SLOW)
    page.add_init_script(NOTE)
    page.goto(address + view, wait_until="commit")
    noted, painted = page.evaluate("noted"), page.evaluate(PAINTED)
    figure = f" first figure {noted['figure']} ms," if view else ""
    name = f"{view or '#/start'}{' slow' if slow else ''}"
    print(f"{name}: painted {painted:.0f} ms,{figure} settled {noted['settled']} ms")
    page.evaluate(REST)
    context.close()


def main(folder: Path) -> None:
    """Serve a folder and visit it."""
    asked: Counter[str] = Counter()
    sent: Counter[str] = Counter()

    class Counting(Compressing):
        def copyfile(self, source, outputfile):  # type: ignore[no-untyped-def]
            asked[self.path] += 1
            sent[self.path] += len(source.getvalue())
            super().copyfile(source, outputfile)

    for file in folder.rglob("*.*"):
        packed(file)
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Counting, directory=str(folder)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=chromium(), args=ARGUMENTS)
        for view, slow, worker in VISITS:
            asked.clear()
            sent.clear()
            visit(browser, f"http://127.0.0.1:{server.server_port}{PLACE}", view, slow, worker)
            twice = {path: count for path, count in asked.items() if count > 1}
            size = sum(sent.values()) / 1000
            print(f"  {sum(asked.values())} requests, {size:.0f} kB; more than once: {twice or 'nothing'}")
        browser.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
