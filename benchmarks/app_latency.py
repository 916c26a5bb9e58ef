"""How soon the page follows a control, measured in the browser: ``python -m benchmarks.app_latency``.

From the input event of a slider to the frame after the fan of 1,000 paired runs was drawn. It starts a server of its
own and needs Chromium. ``--readers 10`` lets ten readers move at once; ``--minutes 30`` goes on moving and prints the
server's memory every minute. The load of the machine is printed, for a busy machine measures itself.
"""

import argparse
import os
import random
import statistics
import tempfile
import time
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from tests.web.driver import ARGUMENTS, Server, chromium
from tests.web.reader import settled

MOVES = 20
_WATCH = """() => {
    window.took = [];
    let since = null;
    document.addEventListener("input", () => { since = performance.now(); }, true);
    new MutationObserver(() => {
        const fan = document.querySelector("#fan");
        if (since === null || fan.dataset.runs !== "1000") return;
        const start = since;
        since = null;
        requestAnimationFrame(() => setTimeout(() => window.took.push(performance.now() - start)));
    }).observe(document.querySelector("#fan"), {attributes: true, attributeFilter: ["data-state", "data-runs"]});
}"""
# Each slider with the way in which it has room: no value comes twice, so that every run is simulated anew.
SLIDERS = {
    "control-end": "ArrowRight",
    "control-postwar_need": "ArrowRight",
    "control-grievance": "ArrowLeft",
    "control-patrons_together": "ArrowLeft",
}
KEYS = ("ArrowLeft", "ArrowRight", "PageUp", "PageDown")  # as many up as down: at an end nothing would be new


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--readers", type=int, default=1)
    parser.add_argument("--minutes", type=float, default=0.0)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as driver:
        server = Server(Path(folder))
        browser = driver.chromium.launch(executable_path=chromium(), args=ARGUMENTS)
        try:
            pages = [browser.new_page(base_url=server.address) for _ in range(asked.readers)]
            for page in pages:
                page.set_default_timeout(300_000)
                page.goto("/?end=2027-01")
                settled(page)
                page.evaluate(_WATCH)
            if asked.minutes:
                memory(server, pages, asked.minutes)
            else:
                latency(pages)
        finally:
            browser.close()
            server.kill()


def latency(pages: list[Page]) -> None:
    """Print how long changes take, slider by slider."""
    for slider, key in SLIDERS.items():
        took: list[float] = []
        for _ in range(MOVES):
            for page in pages:
                page.locator(f"#{slider}").press(key)
            for page in pages:
                page.wait_for_function("() => window.took.length")
                took += page.evaluate("() => window.took.splice(0)")
            for page in pages:
                settled(page)
        took.sort()
        print(
            f"{slider:26} median {statistics.median(took):5.0f} ms, 90% {took[int(len(took) * 0.9)]:5.0f} ms, "
            f"{len(took)} moves of {len(pages)} readers; load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores",
            flush=True,
        )


def memory(server: Server, pages: list[Page], minutes: float) -> None:
    """Move for some minutes and print the server's memory after each."""
    start = time.monotonic()
    minute = 0
    while minute < minutes:
        for page in pages:
            page.locator(f"#{random.choice(list(SLIDERS))}").press(random.choice(KEYS))
            page.wait_for_timeout(100)
        if time.monotonic() - start > 60 * (minute + 1):
            minute += 1
            drawn = sum(page.evaluate("() => window.took.splice(0).length") for page in pages)
            print(f"minute {minute:3}: {server.memory():,} MB, {drawn:,} fans drawn", flush=True)


if __name__ == "__main__":
    main()
