"""The verdict that stands in the docs and travels with the page: both come from the folder of a study.

``python -m research.verdict_page FOLDER docs`` puts its page and its pictures there, and its facts into the package. A
test fails where the page and the facts say different things.
"""

import json
import re
import sys
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
from sim.report.style import list_names, percent
from sim.storage.sealed import MANIFEST
from sim.web.verdict_file import DEPENDS, FILE

PAGE, PICTURES = "verdict.md", "images/verdict"
MAP, BY_SET = "effect-map.csv", "effect-by-set.csv"
RECORD = "record"  # with DEPENDS, what stands between marks


_SUPPORTS = {
    EARNS: "supports", SEEMS_TO_EARN: "seems to support",
    UNSEEN: "says nothing clear about", IDLE: "says nothing clear about",
    COSTS: "speaks against", SEEMS_TO_COST: "seems to speak against",
}  # fmt: skip
_MEANS = {
    "supports": "what they did is less likely without {}",
    "seems to support": "what they did is less likely without {}, but the difference may be due to chance",
    "speaks against": "what they did is likelier without {}",
    "seems to speak against": "what they did is likelier without {}, but the difference may be due to chance",
    "says nothing clear about": "what they did is about as likely without {}",
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


def depends(docs: Path) -> str:
    """Return on what the answer depends, from the tables of the map of the effect; nothing where there are none."""
    if not (docs / MAP).exists():
        return ""
    cells, sets = pd.read_csv(docs / MAP), pd.read_csv(docs / BY_SET)
    alone = cells[cells["grievance"].isna() & cells["tolerance"].notna()].sort_values("tolerance")
    first, last = (alone.iloc[place] for place in (0, -1))
    said = (
        f"The effect depends on how easily Pyongyang takes offence. It is {first['effect']:+.1f} points if Pyongyang "
        f"resents every missing dollar, and {last['effect']:+.1f} if it overlooks shortfalls of up to "
        f"{percent(last['tolerance'])} of what it expects."
    )
    blunt = sets[sets["sharpness"] <= SHARP]
    if blunt.empty:
        return said
    mean, share = (np.average(blunt[name], weights=blunt["weight"]) for name in ("effect", "D2"))
    return (
        f"{said}\n\nIn {percent(len(blunt) / len(sets))} of the parameter sets, capitals react only to "
        "differences that, in our judgement, a real government would notice. With only these sets, the "
        f"effect is {mean:+.1f} points, and the end leaves Pyongyang clearly closer in {100 * share:.0f} of 100 "
        "histories."
    )


def supported(docs: Path, assumptions: list[str]) -> str:
    """Return which of some assumptions the record supports, from its page; nothing where there is none.

    Parameters
    ----------
    assumptions
        Ids, in the order in which the page of the verdict names them.
    """
    page = docs / record_page.PAGE
    if not page.exists() or not assumptions:
        return ""
    words = words_on(page.read_text(encoding="utf-8"))
    return of_assumptions({id: words[id] for id in assumptions})


def words_on(page: str) -> dict[str, str]:
    """Return what the page on the record says of each claim and assumption that can be taken out, by id.

    >>> words_on("| A5, A6 | +1.0 | costs | Arms leave the store. |")
    {'A5': 'costs', 'A6': 'costs'}
    """
    ids, said = r"[AC]\d+(?:, [AC]\d+)*", "|".join(WORDS)
    rows = re.findall(rf"^\| ({ids}) \|.*\| ({said}) \|", page, re.MULTILINE)
    return {id: word for names, word in rows for id in names.split(", ")}


def of_assumptions(words: dict[str, str]) -> str:
    """Return which of some assumptions the record supports, where the page has just named them.

    Parameters
    ----------
    words
        What the record says of each, by id, as in :func:`words_on`.
    """
    groups: dict[str, list[str]] = {}
    ordinals = dict(zip(words, ("first", "second", "third", "fourth", "fifth"), strict=False))
    for id, word in words.items():
        groups.setdefault(_SUPPORTS[word], []).append(id)
    subject = f"Of these assumptions, the [record]({record_page.PAGE}) of what the capitals did up to August 2024"
    sentences = []
    for verb, why in _MEANS.items():
        if verb in groups:
            without = why.format("it" if len(groups[verb]) == 1 else "them")
            which = [f"the {ordinals[id]} ({id})" for id in groups[verb]]
            sentences.append(f"{subject} {verb} {list_names(which, 'and')}: {without}.")
            subject = "It"
    return " ".join(sentences)


def publish(study: Path, docs: Path) -> dict[str, Any]:
    """Put the page and the pictures of a study into the docs, and return its facts."""
    (docs / PICTURES).mkdir(parents=True, exist_ok=True)
    for picture in (study / "figures").glob("*.png"):
        copy(picture, docs / PICTURES)
    page = (study / PAGE).read_text(encoding="utf-8").replace("](figures/", f"]({PICTURES}/")
    said, published = depends(docs), facts(json.loads((study / MANIFEST).read_text(encoding="utf-8")))
    page = between_marks(page, DEPENDS, f"\n{said}\n")
    page = between_marks(page, RECORD, f"\n{supported(docs, [one['id'] for one in published['left']])}\n")
    (docs / PAGE).write_text(page, encoding="utf-8")
    return published | {DEPENDS: said}


if __name__ == "__main__":
    published, package = publish(*map(Path, sys.argv[1:3])), Path(sim.web.__file__).parent
    (package / FILE).write_text(json.dumps(published, indent=2) + "\n", encoding="utf-8")
