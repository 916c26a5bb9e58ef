"""The months of a study: those of an ensemble at each point, kept and guarded like its outcomes."""

from pathlib import Path

import duckdb
import numpy as np
import pandas as pd
import pytest

import sim
from sim.analysis.rows import STATES
from sim.engine.ensemble import SERIES
from sim.scenario import ScenarioError
from sim.storage.study_errors import DamageError, StudyError
from sim.studies import worker
from sim.studies.layout import AT_ONCE
from sim.studies.store import Store
from sim.studies.study import Study
from sim.studies.sweep_file import load_sweep
from sim.studies.sweep_runner import on_threads, study_progress
from tests.studies.studies import FILE, content, outcomes, short_war, small, write_file

OTHER = next(name for name in SERIES if name not in STATES)  # one that rows are not made of
ASKED = (OTHER, "tension", "beijing_trade")  # ..., one that they are made of, and a lever


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small study with months of two parts and more."""
    folder = tmp_path_factory.mktemp("made") / "study"
    on_threads(small(series=ASKED), folder, jobs=2)
    return folder


def test_months_are_those_of_an_ensemble_at_the_point(made: Path) -> None:
    study = Study(made)
    for point in (0, 5, 11):
        chosen = {name: study.design.loc[point, name] for name in study.design}
        world = short_war().with_(postwar_need=chosen["postwar_need"], war={"ends": chosen["war.ends"]})
        many = sim.ensemble(world, runs=40, seed=3)
        for name in ASKED:
            kept = study.series(name, [point])
            assert kept.index.get_level_values("point").unique().tolist() == [point]
            assert (kept.columns == many.series(name).columns).all()
            assert np.array_equal(kept.to_numpy(), many.series(name).to_numpy())


def test_a_study_is_the_same_run_for_run_with_months_and_without(made: Path, tmp_path: Path) -> None:
    on_threads(small(), tmp_path, jobs=1)
    pd.testing.assert_frame_equal(outcomes(made), outcomes(tmp_path))
    assert not (tmp_path / "months").exists()


def test_any_number_of_threads_writes_the_same_files(made: Path, tmp_path: Path) -> None:
    on_threads(small(series=ASKED), tmp_path, jobs=1)
    assert content(tmp_path) == content(made)


@pytest.mark.parametrize("damage", ["flipped", "gone"])
def test_damaged_months_are_told_and_simulated_again(made: Path, tmp_path: Path, damage: str) -> None:
    for name, held in content(made).items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(held)
    path = sorted((tmp_path / "months").iterdir())[0]
    held = path.read_bytes()
    if damage == "gone":
        path.unlink()
        assert not study_progress(Store(tmp_path)).finished
    else:
        path.write_bytes(held[:900] + bytes([held[900] ^ 1]) + held[901:])
        with pytest.raises(DamageError, match="not what was written"):
            Study(tmp_path).series("tension")
    on_threads(small(series=ASKED), tmp_path, jobs=1)
    assert content(tmp_path) == content(made)


def test_months_of_another_place_are_no_part_of_it(made: Path, tmp_path: Path) -> None:
    for name, held in content(made).items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(held)
    path = sorted((tmp_path / "months").iterdir())[0]
    path.rename(path.with_name("months-000099-0123456789abcdef.parquet"))
    with pytest.raises(DamageError, match="is no file of this study"):
        Study(tmp_path).series("tension")


def test_other_months_are_another_study(made: Path) -> None:
    with pytest.raises(StudyError, match="series is"):
        on_threads(small(series=("tension",)), made, jobs=1)
    with pytest.raises(StudyError, match="series is None"):
        on_threads(small(), made, jobs=1)


def test_overwritten_by_a_study_without_months_none_are_left(tmp_path: Path) -> None:
    on_threads(small(runs=2, series=("tension",)), tmp_path, jobs=1)
    on_threads(small(runs=2), tmp_path, jobs=1, anew=True)
    assert not list((tmp_path / "months").iterdir())
    on_threads(small(runs=2, series=("tension",)), tmp_path, jobs=1, anew=True)
    assert len(Study(tmp_path).series("tension")) == 24


def test_a_run_that_fails_has_no_months(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    once = worker._experiment

    def fails(scenario, runs, points, places):
        if (runs.replicate[places] == 1).any():
            raise ValueError("no such luck")
        return once(scenario, runs, points, places)

    monkeypatch.setattr(worker, "_experiment", fails)
    on_threads(small(runs=3, series=("tension",)), tmp_path, jobs=1)
    runs = Study(tmp_path).series("tension").index.get_level_values("run")
    assert runs.tolist() == [run for run in range(36) if run % 3 != 1]


def test_parts_with_months_stay_small_however_large_the_study() -> None:
    asked = small(runs=1_000_000, series=("tension",))
    assert max(map(len, asked.layout.parts(0))) == AT_ONCE
    assert max(map(len, small(runs=1_000_000).layout.parts(0))) > AT_ONCE


def test_points_that_last_longer_have_more_months(tmp_path: Path) -> None:
    world = short_war().with_(war={"ends": "never"}, months={"from": "2020-01"})
    study = sim.sweep(world, {"months.to": sim.values("2023-12", "2024-06")}, tmp_path, 2, 1, series=["tension"])
    kept = study.series("tension")
    assert kept.shape == (4, 54) and kept.loc[0].isna().sum().sum() == 12 and kept.loc[1].notna().all().all()


def test_one_line_of_sql_reads_them(made: Path) -> None:
    files = f"'{made}/months/*.parquet' join '{made}/design.parquet' using (point)"
    means = duckdb.sql(f"select postwar_need, avg(tension) as mean from {files} group by 1 order by 1").df()
    own = Study(made).series("tension").groupby("point").mean().mean(axis=1)
    assert means["mean"].to_numpy() == pytest.approx(own.to_numpy().reshape(4, 3).mean(axis=1))


def test_what_is_not_kept_is_told(made: Path) -> None:
    with pytest.raises(KeyError, match=r"no months of 'crisis' are kept.*tension"):
        Study(made).series("crisis")


@pytest.mark.parametrize(
    ("written", "says"),
    [
        ("series: tension", "a list of series is wanted"),
        ("series: [tensions]", "nearest  tension"),
        ("series: [beijing_trad]", "nearest  beijing_trade"),
    ],
)
def test_a_broken_list_of_series_is_told_its_line(tmp_path: Path, written: str, says: str) -> None:
    with pytest.raises(ScenarioError, match=says) as caught:
        load_sweep(write_file(tmp_path, FILE + written))
    assert caught.value.problems[0].line == 8


def test_a_file_says_which_months_and_the_command_line_may_say_others(tmp_path: Path) -> None:
    file = write_file(tmp_path, FILE + "series: [tension, tension]")
    assert load_sweep(file).series == ("tension",)
    assert load_sweep(file, series=["influence"]).series == ("influence",)
    with pytest.raises(ValueError, match="did you mean tension"):
        small(series=("tensions",))
