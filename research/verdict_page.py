"""The verdict that stands in the docs and travels with the page: both come from the folder of a study.

``python -m research.verdict_page FOLDER docs`` puts its page and its pictures there, and its facts into the package. A
test fails where the page and the facts say different things.
"""

import json
import re
import sys
from collections.abc import Mapping
from pathlib import Path
from shutil import copy
from typing import Any, TypedDict

import numpy as np
import pandas as pd

import sim.web
from research import record_page
from research.choice_sharpness import SHARP
from research.pages import between_marks
from sim.prediction.ablation_study import NAMED
from sim.prediction.model_comparison import COSTS, EARNS, IDLE, SEEMS_TO_COST, SEEMS_TO_EARN, UNSEEN, WORDS
from sim.report.style import percent
from sim.storage.sealed import MANIFEST
from sim.web.verdict_file import DEPENDS, FILE

PAGE, PICTURES = "verdict.md", "images/verdict"
MAP, BY_SET = "effect-map.csv", "effect-by-set.csv"


_SUPPORTS = {
    EARNS: "supports", SEEMS_TO_EARN: "seems to support",
    UNSEEN: "says nothing clear about", IDLE: "says nothing clear about",
    COSTS: "speaks against", SEEMS_TO_COST: "seems to speak against",
}  # fmt: skip
_LIKELY = {
    "supports": "less likely without it",
    "seems to support": "less likely without it, but the difference may be due to chance",
    "speaks against": "likelier without it",
    "seems to speak against": "likelier without it, but the difference may be due to chance",
    "says nothing clear about": "about as likely without it",
}


class Effect(TypedDict):
    """A mean with its interval."""

    mean: float
    low: float
    high: float


class Judged(TypedDict):
    """What the manifest of a verdict says, as far as the page shows it."""

    verdict: str
    driftback: str
    registers: str
    d2: float
    d2_asked: float
    d2_of_sets: tuple[float, float]
    effect: Effect
    agreeing: float
    ratios: dict[str, list[float]]  # what is left of the effect, by what is taken away


def facts(manifest: Judged) -> dict[str, Any]:
    """Return a study's verdict as the page shows it: word, shares in percent, means, what is left of the effect."""
    effect, (low, high) = manifest["effect"], manifest["d2_of_sets"]
    left = sorted((ratio[0], id) for id, ratio in manifest["ratios"].items() if ratio and id[0] == "A")
    percents = {"share": manifest["d2"], "share_low": low, "share_high": high, "asked": manifest["d2_asked"]}
    return {
        "word": manifest["verdict"],
        "release": manifest["driftback"],
        "registers": manifest["registers"][:12],
        **{name: round(100 * share) for name, share in percents.items()},
        "mean": round(effect["mean"], 1),
        "mean_low": round(effect["low"], 1),
        "mean_high": round(effect["high"], 1),
        "agreeing": round(100 * manifest["agreeing"]),
        "left": [{"id": id, "percent": round(100 * share)} for share, id in left[:NAMED] if share < 1.0],
    }


def depends(docs: Path, verdict: Mapping[str, Any]) -> str:
    """Return on what the answer depends, from the tables of the map of the effect; nothing where there are none.

    Parameters
    ----------
    verdict
        Its facts, of which the mean effect and the share of D2 are named beside.
    """
    if not (docs / MAP).exists():
        return ""
    cells, sets = pd.read_csv(docs / MAP), pd.read_csv(docs / BY_SET)
    alone = cells[cells["grievance"].isna() & cells["tolerance"].notna()].sort_values("tolerance")
    first, last = (alone.iloc[place] for place in (0, -1))
    quarter = "a quarter" if last["tolerance"] == 0.25 else percent(last["tolerance"])
    said = (
        f"Over all dates for the end of the war, the effect is {verdict['mean']:+.1f} points on average. It depends on "
        f"how easily Pyongyang takes offence: {first['effect']:+.1f} points if Pyongyang resents every missing dollar, "
        f"{last['effect']:+.1f} if it overlooks a shortfall of up to {quarter} of what it expects."
    )
    blunt = sets[sets["sharpness"] <= SHARP]
    if blunt.empty:
        return said
    mean = np.average(blunt["effect"], weights=blunt["weight"])
    return (
        f"{said}\n\nIn {percent(len(blunt) / len(sets))} of the parameter sets, capitals ignore a difference between "
        "two options if, in our judgement, no real government would notice it. With only these sets, the effect is "
        f"{mean:+.1f} points instead of {verdict['mean']:+.1f}."
    )


def words_on(page: str) -> dict[str, str]:
    """Return what the page on the record says of each claim and assumption that can be taken out, by id.

    >>> words_on("| A5, A6 | +1.0 | costs | Arms leave the store. |")
    {'A5': 'costs', 'A6': 'costs'}
    """
    ids, said = r"[AC]\d+(?:, [AC]\d+)*", "|".join(WORDS)
    rows = re.findall(rf"^\| ({ids}) \|.*\| ({said}) \|", page, re.MULTILINE)
    return {id: word for names, word in rows for id in names.split(", ")}


def tell_support(word: str) -> str:
    """Return what the record says of an assumption that the page has just named.

    Parameters
    ----------
    word
        The word for it on the page of the record, as in :func:`words_on`.
    """
    verb = _SUPPORTS[word]
    did = f"what the capitals did up to August 2024 is {_LIKELY[verb]}"
    return f"The [record]({record_page.PAGE}) {verb} this assumption: {did}."


def add_support(page: str, words: dict[str, str]) -> str:
    """Return the page of a verdict with what the record says behind each assumption that the effect depends on.

    Parameters
    ----------
    words
        What the record says of each claim and assumption, by id.
    """
    named = r"^\* Without .*\((A\d+)\), the end leaves .*$"
    return re.sub(named, lambda line: f"{line[0]} {tell_support(words[line[1]])}", page, flags=re.MULTILINE)


def publish(study: Path, docs: Path) -> dict[str, Any]:
    """Put the page and the pictures of a study into the docs, and return its facts."""
    (docs / PICTURES).mkdir(parents=True, exist_ok=True)
    for picture in (study / "figures").glob("*.png"):
        copy(picture, docs / PICTURES)
    page = (study / PAGE).read_text(encoding="utf-8").replace("](figures/", f"]({PICTURES}/")
    published = facts(json.loads((study / MANIFEST).read_text(encoding="utf-8")))
    said = depends(docs, published)
    page = between_marks(page, DEPENDS, f"\n{said}\n")
    if (docs / record_page.PAGE).exists():
        page = add_support(page, words_on((docs / record_page.PAGE).read_text(encoding="utf-8")))
    (docs / PAGE).write_text(page, encoding="utf-8")
    return published | {DEPENDS: said}


if __name__ == "__main__":
    published, package = publish(*map(Path, sys.argv[1:3])), Path(sim.web.__file__).parent
    (package / FILE).write_text(json.dumps(published, indent=2) + "\n", encoding="utf-8")
