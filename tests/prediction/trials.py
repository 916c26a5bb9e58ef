"""Studies made by hand, so that the verdict that should come out is known."""

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from sim.engine.experiment import Experiment
from sim.engine.sets import equally_weighted
from sim.inference.matching import draw_prior
from sim.model.variants import VARIANTS
from sim.prediction.ablation_study import KINDS, ablations, coalitions
from sim.prediction.verdict import EXACT, REGION
from sim.prediction.verdict_study import (
    DOSES,
    ENDS,
    FANS,
    HEADLINE,
    MANY,
    NEWS,
    REGIMES,
    VARIED,
    Evidence,
    Size,
    begin,
    coalition_name,
    simulate_treatments,
)
from sim.scenario import load
from sim.scenario.source import Source

from ..recording import temporary_folder

RUNS = 20


def made_pairs(rate: np.ndarray, up: float = 8.0, down: float = 0.0, seed: int = 0) -> pd.DataFrame:
    """Return pairs of which a share, one a set, comes out at ``up`` points (D2 true) and the rest at ``down``."""
    chance = np.random.default_rng(seed)
    owners = np.repeat(np.arange(len(rate)), RUNS)
    true = (np.tile(np.arange(RUNS), len(rate)) + chance.random(len(owners))) / RUNS < rate[owners]
    effect = np.where(true, up, down)
    frame = {"run": np.arange(len(owners)), "set": owners, "end": 80 + owners % 40, "judged": True, "wooing": 0.01}
    frame |= {f"effect_{lag}": effect * lag / 24 for lag in (6, 12, 18, 24)}
    frame |= {name: np.where(true, 9.0, np.nan) for name in ("D1", "D2", "D3", "D4", "D5")}
    frame |= {"before": 50.0, "ended": 45.0 + effect, "endless": 45.0}
    frame |= {f"{name} without an end": np.where(owners % 2 == 0, 12.0, np.nan) for name in ("D1", "D3", "D4", "D5")}
    return pd.DataFrame(frame)


def simulated(sets: int, runs: int) -> Evidence:
    """Simulate a study of draws of the prior with so many paired runs each; coalitions are left out."""
    few = Experiment(load("war-ends-any-time"), equally_weighted(draw_prior([4], sets), Source.PRIOR), 5)
    evidence, planned = begin(temporary_folder() / "study", few, Size(runs, 0), command="by hand")
    simulate_treatments(evidence, planned)
    return evidence


def study(
    folder: Path, rate: np.ndarray, flipped: int = 0, placebo: float = 0.0, exact: float = 0.0,
    values: pd.DataFrame | None = None, pictures: bool = False,
) -> Evidence:  # fmt: skip
    """Write a study whose headline holds at these rates, one a set.

    Parameters
    ----------
    flipped
        How many variants give the effect the other sign.
    placebo, exact
        What the placebos do, in points.
    pictures
        Whether the treatments are there that no rule reads.
    """
    chance = np.random.default_rng(1)
    frame = values if values is not None else pd.DataFrame(chance.random((len(rate), 5)), columns=list(REGION))
    size = Size(RUNS, RUNS * pictures)
    asked = Experiment(load("war-ends-any-time"), equally_weighted(frame, Source.MIXED), 1)
    evidence, _ = begin(folder, asked, size, command="by hand")
    whole, opposite = made_pairs(rate), made_pairs(np.maximum(rate, 0.3), up=-8.0)
    treatments: dict[str, Any] = {HEADLINE: whole, MANY: whole}
    turned = list(VARIANTS)[1 : flipped + 1]
    treatments |= {name: opposite if variant in turned else whole for name, (variant, _) in VARIED.items()}
    for name, done in ((EXACT, exact), ("end declared, need kept", placebo), ("no deal ever", placebo)):
        treatments[f"placebo/{name}"] = made_pairs(np.ones(len(rate)), up=done)
    if pictures:
        treatments |= {f"end/{end}": whole for end in ENDS} | {NEWS: made_pairs(0.0 * rate)}
        treatments |= {name: made_pairs(rate * (1 - need / 1.6)) for name, (need, _) in DOSES.items()}
        treatments |= dict.fromkeys(REGIMES, whole)
        treatments |= {
            f"coalition/{coalition_name(members)}": made_pairs(rate * len(members) / 10) for members in coalitions()
        }
    for kind in KINDS if pictures else ("assumptions", "readings"):
        for removed in ablations(kind):
            treatments[f"without/{removed.name}"] = made_pairs(0.5 * rate)
    for name, pairs in treatments.items():
        evidence.keep(name, pairs)
    months = pd.Index(range(-24, 25), name="months after the end")
    level = {"ended 10": 40, "ended 50": 50, "ended 90": 60, "endless 10": 38, "endless 50": 45, "endless 90": 55,
             "gap 10": -2, "gap 50": 5, "gap 90": 12, "gap mean": 5}  # fmt: skip
    after = np.clip(np.arange(-24, 25), 0, None) / 24
    fan = pd.DataFrame({name: value * (after if "gap" in name else 1) for name, value in level.items()}, index=months)
    evidence.keep(FANS, fan.reset_index())
    return evidence
