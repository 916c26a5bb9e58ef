"""Tables of a study count parameter sets, not runs, as units; rows come in the order of what they are of."""

from pathlib import Path

import numpy as np
import pytest

from sim.analysis.estimates import Estimate
from sim.prediction import verdict_tables

from .trials import study


def test_the_effect_that_must_be_told_from_nothing_is_told_over_sets(tmp_path: Path) -> None:
    rate = np.repeat([0.0, 1.0], [4, 8])  # a set has it always or never: twelve units, however many runs
    values = verdict_tables.forecasts(study(tmp_path / "study", rate))["value"]
    assert values["T10_pairs"] == pytest.approx(8 / 12)
    means = 8.0 * rate
    half = 2.2010 * means.std(ddof=1) / np.sqrt(12)  # t of 11 degrees of freedom
    assert values["T10_effect"] == pytest.approx(means.mean() - half, abs=1e-3)


def test_each_definition_stands_beside_its_own_share_and_months_without_an_end(tmp_path: Path) -> None:
    """By hand: a quarter of the pairs after 9 months, of the others' runs half after 12; the rest counts as 24."""
    table = verdict_tables.definitions(study(tmp_path / "study", np.full(12, 0.25)))
    for name in ("D1", "D3", "D4", "D5"):
        ended, endless = (0.25, 24 - 0.25 * 15), (0.5, 24 - 0.5 * 12)
        assert table.loc[name, ["mean", "months"]].tolist() == pytest.approx(ended), name
        assert table.loc[name, ["without_an_end", "months_without_an_end"]].tolist() == pytest.approx(endless), name
    assert table.loc["D2", ["mean", "months"]].tolist() == pytest.approx(ended)
    assert table.loc["D2", ["without_an_end", "months_without_an_end"]].isna().all()


def test_an_estimate_as_plain_data_says_what_is_not_known_and_what_its_interval_lacks() -> None:
    said = verdict_tables.plain_estimate(Estimate(2.0, float("nan"), 0.5, 1.0, 3.0, 3, 1.5))
    assert said["mean"] == 2.0 and said["noise"] is said["low"] is said["high"] is None
    assert said["caveat"] == "over 3 parameter sets alone, too few to span what history leaves open"
    assert verdict_tables.plain_estimate(Estimate(2.0, 0.1, 0.5, 1.0, 3.0, 30, 30.0))["caveat"] is None
