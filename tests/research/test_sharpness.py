"""The table of sharpness goes on where it stopped, and keeps what it says of other editions."""

from pathlib import Path

import pandas as pd
import pytest

from research import sharpness
from sim.engine.sets import Sets
from sim.inference.parameter_sets import retained_sets
from sim.storage.study_errors import StudyError


@pytest.fixture(scope="module")
def sets() -> Sets:
    return retained_sets().some(6, 1)


@pytest.fixture(scope="module")
def changes(sets: Sets, tmp_path_factory: pytest.TempPathFactory) -> pd.DataFrame:
    return sharpness.measure_sharpness(tmp_path_factory.mktemp("whole"), sets, runs=1)


def test_an_interrupted_study_goes_on_where_it_stopped(
    sets: Sets, changes: pd.DataFrame, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    measure, starts = sharpness.changes_of_chance, []

    def some(values: pd.DataFrame, runs: int, first: int) -> pd.DataFrame:
        starts.append(first)
        if len(starts) == 2:
            raise KeyboardInterrupt
        return measure(values, runs, first)

    monkeypatch.setattr(sharpness, "changes_of_chance", some)
    with pytest.raises(KeyboardInterrupt):
        sharpness.measure_sharpness(tmp_path, sets, runs=1)
    pd.testing.assert_frame_equal(sharpness.measure_sharpness(tmp_path, sets, runs=1), changes)
    assert starts == [0, 4, 4]
    with pytest.raises(StudyError, match="differs in runs"):
        sharpness.measure_sharpness(tmp_path, sets, runs=2)


def test_trade_s_hold_on_the_stance_is_the_sharpest_of_the_second_edition(changes: pd.DataFrame) -> None:
    summary = sharpness.sharpness_table(changes)
    assert summary.loc[0, ["state", "lever"]].tolist() == ["any", "any"]
    assert summary.loc[1, ["state", "lever"]].tolist() == ["china_flow", "pyongyang_toward_beijing"]
    assert summary["median"][0] >= summary["median"][1] > summary["median"][2:].max()
    assert sharpness.name_sharp_pairs(summary)["state"].tolist() == ["china_flow"]


def test_what_the_table_says_of_another_edition_stays(changes: pd.DataFrame, tmp_path: Path) -> None:
    for edition in ("1.5", "2.0", "2.0"):
        sharpness.publish(tmp_path, sharpness.sharpness_table(changes, edition))
    written = pd.read_csv(tmp_path / sharpness.TABLE, dtype={"edition": str})
    assert written["edition"].value_counts().nunique() == 1 and list(written["edition"].unique()) == ["1.5", "2.0"]
    page = (tmp_path / sharpness.PAGE).read_text(encoding="utf-8")
    for edition in ("1.5", "2.0"):
        assert f"## Rules {edition}" in page and sharpness.PICTURE.format(edition) in page
        assert (tmp_path / sharpness.PICTURE.format(edition)).is_file()
