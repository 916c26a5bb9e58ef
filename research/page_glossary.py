"""The terms that the page explains where they stand, as docs/glossary.md has them.

``python -m research.page_glossary docs`` writes ``glossary.json`` of the page. A test compares the two.
"""

import json
import re
import sys
from pathlib import Path

from sim.engine.web import page_folder

_LONGEST = 320  # characters of a tip: whole sentences up to there, the first in any case
# Terms that are everyday words too; on the page they mostly stand as these.
_EVERYDAY = {
    "belief", "capital", "control", "driver", "effect", "fan", "goal", "horizon", "inertia", "judged", "line", "margin",
    "move", "need", "pattern", "precision", "record", "review", "run", "state", "weight", "world",
}  # fmt: skip


def terms(text: str) -> dict[str, str]:
    """Return the terms of a glossary in Markdown, in small letters, with what each means in plain words."""
    entries = {}
    for paragraph in re.split(r"\n\s*\n", text):
        if entry := re.match(r"\*\*(.+?)\.?\*\*(?:, or \*\*.+?\*\*| \([^)]*\))?\.?\s+(.*)", paragraph, re.DOTALL):
            names = entry[1].lower().split(", ")
            for name in names[:1] if re.fullmatch(r"d\d", names[0]) else names:
                entries[name] = _short(_plain(entry[2]))
    return {name: says for name, says in entries.items() if name not in _EVERYDAY}


def _plain(text: str) -> str:
    text = re.sub(r"\s*\(\[[^\]]*\]\([^)]*\)\)", "", text)  # a link in brackets only refers
    text = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", text)
    return " ".join(re.sub(r"\*\*|\*|`", "", text).split())


def _short(text: str) -> str:
    first, *more = re.split(r"(?<=[.)]) (?=[A-Z])", text)
    for sentence in more:
        if len(first) + len(sentence) > _LONGEST:
            break
        first += f" {sentence}"
    return first


if __name__ == "__main__":
    made = terms((Path(sys.argv[1]) / "glossary.md").read_text(encoding="utf-8"))
    page = page_folder() / "glossary.json"
    page.write_text(json.dumps(made, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
