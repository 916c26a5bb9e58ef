"""The map of the effect goes on where it stopped, and says where the sign turns."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from research import effect_map
from sim.engine.sets import Sets
from sim.inference.parameter_sets import retained_sets
from sim.storage.study_errors import StudyError

SMALL = effect_map.Settings(runs=1, filters=(1, 2), particles=8)


@pytest.fixture
def sets(monkeypatch: pytest.MonkeyPatch) -> Sets:
    monkeypatch.setattr(effect_map, "TOLERANCES", (0.0, 0.25))
    monkeypatch.setattr(effect_map, "GRIEVANCES", (2.0, 32.0))
    return retained_sets().some(4, 1)


def test_an_interrupted_map_goes_on_where_it_stopped(
    sets: Sets, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    simulate, asked = effect_map.pairs, []

    def some(*treatment: object) -> pd.DataFrame:
        asked.append(treatment)
        if len(asked) == 3:
            raise KeyboardInterrupt
        return simulate(*treatment)

    whole = effect_map.effect_table(effect_map.measure(tmp_path / "whole", sets, sets, SMALL), sets, sets, SMALL)
    monkeypatch.setattr(effect_map, "pairs", some)
    with pytest.raises(KeyboardInterrupt):
        effect_map.measure(tmp_path / "cut", sets, sets, SMALL)
    again = effect_map.effect_table(effect_map.measure(tmp_path / "cut", sets, sets, SMALL), sets, sets, SMALL)
    pd.testing.assert_frame_equal(whole, again)
    assert len(asked) == len(effect_map.cells()) + 1
    with pytest.raises(StudyError, match="differs"):
        effect_map.measure(tmp_path / "cut", sets, sets, effect_map.Settings(runs=2, filters=(1, 2), particles=8))


def test_a_page_is_made_of_what_was_measured(sets: Sets, tmp_path: Path) -> None:
    every = retained_sets().some(12, 2)
    made = effect_map.measure(tmp_path / "study", every, sets, SMALL)
    rows = effect_map.effect_table(made, every, sets, SMALL)
    assert rows["nats"].notna().sum() == len(effect_map.TOLERANCES) and rows["nats"].dropna().iloc[0] == 0.0
    dots = effect_map.own_effects(made, every, pd.Series(np.linspace(0.05, 0.6, 12)))
    effect_map.publish(tmp_path, rows, dots, SMALL)
    assert (tmp_path / effect_map.PICTURE).is_file() and (tmp_path / effect_map.SECOND_PICTURE).is_file()
    blunt = dots[dots["sharpness"] <= effect_map.SHARP]
    said = effect_map.blunt_headline(dots)
    assert said["sets"] == len(blunt) == 5 and said["effect"] == pytest.approx(blunt["effect"].mean())
    assert effect_map.blunt_headline(dots.assign(sharpness=0.9)) == {"sets": 0}
    page = (tmp_path / effect_map.PAGE).read_text(encoding="utf-8")
    assert f"{rows['effect'][0]:+.1f}" in page


def test_the_sign_turns_where_the_effect_passes_nought() -> None:
    rows = pd.DataFrame({"tolerance": [0.0, 0.1, 0.2], "grievance": [np.nan] * 3, "effect": [3.0, 1.0, -1.0]})
    assert effect_map.turning_point(rows) == pytest.approx(0.15)
    assert np.isnan(effect_map.turning_point(rows.assign(effect=1.0)))
