"""What the page says of the verdict: read from docs/verdict.md, which a study wrote, into a file that travels along.

``python -m sim.web.verdict docs/verdict.md`` writes it. A test fails where the two say different things.
"""

import json
import re
import sys
from importlib.resources import files
from pathlib import Path
from typing import Any

FILE = "verdict.json"
_SAYS = {
    "word": r"^# The verdict: (supported|conditional|not supported)$",
    "release": r"^driftback (\S+), registers ",
    "registers": r"registers `(\w+)`",
    "share": r"In (\d+)% of paired runs",
    "share_low": r"In \d+% of paired runs \((\d+)% to",
    "share_high": r"In \d+% of paired runs \(\d+% to (\d+)%",
    "mean": r"On average it is ([+-]\d+\.\d+)",
    "mean_low": r"95% interval of the mean ([+-]\d+\.\d+) to",
    "mean_high": r"95% interval of the mean [+-]\d+\.\d+ to ([+-]\d+\.\d+)",
    "asked": r"D2 in at least (\d+)% of pairs",
}
_TEXT = ("word", "release", "registers")
_LEFT = r"least is left without (.+?)(?:;|, by the reading|\.$)"


def read(page: str) -> dict[str, Any]:
    """Return the verdict of a page that ``sim verdict`` wrote: word, shares and means; what of the effect is left.

    Raises
    ------
    ValueError
        If the page does not say one of them; the message names it.
    """
    said: dict[str, Any] = {}
    for name, pattern in _SAYS.items():
        found = re.search(pattern, page, re.MULTILINE)
        if not found:
            raise ValueError(f"the verdict does not say its {name}: nothing reads like {pattern}")
        said[name] = found[1] if name in _TEXT else float(found[1])
    left = re.search(_LEFT, page, re.MULTILINE)
    each = re.findall(r"([AC]\d+): (-?\d+)%", left[1]) if left else []
    return said | {"left": [{"id": id, "percent": int(percent)} for id, percent in each]}


def shipped() -> dict[str, Any]:
    """Return the verdict that travels with the program."""
    found: dict[str, Any] = json.loads(files("sim.web").joinpath(FILE).read_text(encoding="utf-8"))
    return found


if __name__ == "__main__":
    told = read(Path(sys.argv[1]).read_text(encoding="utf-8"))
    Path(__file__).with_name(FILE).write_text(json.dumps(told, indent=2) + "\n", encoding="utf-8")
