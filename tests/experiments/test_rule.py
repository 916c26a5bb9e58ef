"""The verdict's rule at its edges, on studies and frames made by hand: where each line lies, and what counts."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from sim.experiments.evidence import Evidence
from sim.experiments.verdict import CONDITIONAL, NOT_SUPPORTED, REGION, SUPPORTED, judge

from .trials import study


def test_sixty_per_cent_of_pairs_are_enough_and_less_is_not(tmp_path: Path) -> None:
    assert judge(study(tmp_path / "on the line", np.array([0.6, 0.6]))).word == SUPPORTED
    assert judge(study(tmp_path / "just below", np.array([0.6, 0.55]))).word == NOT_SUPPORTED  # 57.5 %


def test_a_placebo_that_moves_three_sets_in_ten_by_two_points_does_something(tmp_path: Path) -> None:
    """Its mean lies within a point and its interval does not; nor is it within a point in nine sets of ten."""
    found = study(tmp_path / "study", np.full(40, 0.8))
    placebo = found.pairs("placebo/no deal ever")
    assert judge(found).word == SUPPORTED
    found.keep("placebo/no deal ever", placebo.assign(effect_24=np.where(placebo["set"] % 10 < 3, 2.0, 0.3)))
    assert judge(found).word == NOT_SUPPORTED
    found.keep("placebo/no deal ever", placebo.assign(effect_24=np.where(placebo["set"] % 10 < 3, -2.0, -0.3)))
    assert judge(found).word == NOT_SUPPORTED


def in_a_corner(folder: Path) -> tuple[Evidence, np.ndarray]:
    """Return a study that holds in the three sets of ten with the least postwar_need, and which these are."""
    values = pd.DataFrame(np.random.default_rng(2).random((100, 5)), columns=list(REGION))
    inside = (values["postwar_need"].rank(pct=True) <= 0.3).to_numpy()
    return study(folder, np.where(inside, 0.95, 0.0), values=values), inside


@pytest.mark.parametrize(("mass", "word"), [(0.30, CONDITIONAL), (0.05, NOT_SUPPORTED)])
def test_a_region_is_weighed_not_counted(tmp_path: Path, mass: float, word: str) -> None:
    """Thirty sets of a hundred are no fifth where they weigh a twentieth."""
    found, inside = in_a_corner(tmp_path / "study")
    weight = np.where(inside, mass / inside.sum(), (1.0 - mass) / (~inside).sum())
    found.sets.values.assign(weight=weight).to_parquet(tmp_path / "study" / "sets.parquet")
    assert judge(found).word == word
