"""The page of background has only facts of the project's own registers, and none after August 2025."""

import re
from pathlib import Path

import pandas as pd

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "docs" / "background.md").read_text(encoding="utf-8")
FOLDERS = (ROOT / "sim/registers/observed", ROOT / "sim/registers/vintages/2025-08")
EVENTS = pd.concat([pd.read_csv(folder / "events.csv", dtype=str) for folder in FOLDERS])
DATED = re.findall(r"^(?:\| |\* \*\*)((?:\d+ )?(?:\w+ )?20\d\d)(?: \||\.\*\*)", PAGE, re.M)


def day(words: str) -> str:
    """Return a date in the registers' form, from words such as 5 May 2024 or May 2024."""
    form = "%Y-%m-%d" if words[0].isdigit() else "%Y-%m"
    return pd.to_datetime(words).strftime(form)


def test_every_source_is_one_of_the_registers() -> None:
    known = " ".join(EVENTS["address"].dropna()).split()
    links = re.findall(r"\]\((https?://[^)]+)\)", PAGE)
    assert len(links) > 15
    assert not [link for link in links if link not in known]


def test_every_date_is_one_of_the_registers() -> None:
    known = set(EVENTS["date"]) | {"2024-08-16"}  # the article's own
    assert len(DATED) > 15
    assert not [words for words in DATED if day(words) not in known]
    assert max(map(day, DATED)) <= "2025-08-31"
