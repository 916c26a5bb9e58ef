"""Whether the first number that Explore shows leans one way: ``python -m benchmarks.first_numbers``.

The first picture has 256 of a thousand pairs. At thirty positions of its controls, drawn with a fixed seed, the share
of pairs that come clearly closer is read when the first picture comes and when the last has come, in a Chromium of the
system. Prints each, the mean distance, and the mean difference with its standard error: without a lean it is near 0.
"""

import tempfile
from pathlib import Path
from statistics import mean, stdev

import numpy as np
from playwright.sync_api import sync_playwright

from page.tests.driver import ARGUMENTS, Server, chromium

POSITIONS, SEED = 30, 20240816
RANGES = {
    "postwar_need": (0, 1.6), "postwar_isolation": (0.15, 1), "patrons_together": (-1, 1), "grievance": (0, 20),
    "tolerance": (0, 0.25), "border": (0, 1), "foresight": (2, 12),
}  # fmt: skip
# Changes the address and returns the share out of 100 in the first picture and in the last.
_MOVE = """async (hash) => {
    const explore = document.querySelector("#explore");
    const number = () => Number(document.querySelector("#effect .big").textContent.match(/in (\\d+)\\s+of/)[1]);
    let first = null;
    const watch = new MutationObserver(() => { if (explore.dataset.state === "refining") first ??= number(); });
    watch.observe(explore, { attributes: true, childList: true, subtree: true, characterData: true });
    location.hash = hash;
    while (document.body.dataset.settled !== hash) await new Promise((done) => setTimeout(done, 5));
    watch.disconnect();
    return [first, number()];
}"""


def main() -> None:
    """Move to each position and print what was shown first and last."""
    chance = np.random.default_rng(SEED)
    off = []
    with tempfile.TemporaryDirectory() as name, sync_playwright() as driver:
        server = Server(Path(name))
        page = driver.chromium.launch(executable_path=chromium(), args=ARGUMENTS).new_page()
        page.set_default_timeout(600_000)
        page.goto(f"{server.address}/#/explore")
        page.locator("body[data-settled^='#']").wait_for()
        for seed in range(1, POSITIONS + 1):  # under one seed all positions have the same luck
            moved = chance.choice(list(RANGES), 2, replace=False)
            asked = "&".join(f"{name}={chance.uniform(*RANGES[name]):.2f}" for name in moved)
            asked += f"&seed={seed}"
            first, last = page.evaluate(_MOVE, f"#/explore?{asked}")
            off.append(first - last)
            print(f"{asked}: first {first}, last {last}", flush=True)
        server.kill()
    error = stdev(off) / POSITIONS**0.5
    print(f"mean distance {mean(map(abs, off)):.1f}, mean difference {mean(off):+.1f} (standard error {error:.1f})")


if __name__ == "__main__":
    main()
