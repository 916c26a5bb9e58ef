"""Sweeps: the right runs, the same for any number of threads, enough of them and no more."""

import json
import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from typer.testing import CliRunner

import sim
from sim.analysis.estimates import estimate
from sim.cli import app
from sim.engine import blocks
from sim.inference.designs import priors
from sim.inference.points import scenario_at
from sim.storage.study_errors import StudyError
from sim.studies import specification
from sim.studies.stopping import Tally, Until
from sim.studies.store import Store
from sim.studies.sweep_runner import on_threads, study_progress
from tests.studies.studies import FILE, content, outcomes, short_war, small, write_file


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small study."""
    folder = tmp_path_factory.mktemp("made") / "study"
    assert on_threads(small(), folder, jobs=2).finished
    return folder


def _command(*words: str) -> object:
    return CliRunner().invoke(app, [*words])


def test_any_number_of_threads_writes_the_same_bytes(made: Path, tmp_path: Path) -> None:
    on_threads(small(), tmp_path / "one", jobs=1)
    on_threads(small(), tmp_path / "five", jobs=5)
    assert content(tmp_path / "one") == content(tmp_path / "five") == content(made)
    assert len([name for name in content(made) if name.startswith("outcomes/")]) > 1


def test_each_row_is_the_run_that_the_point_and_the_replicate_say(made: Path) -> None:
    rows, design = outcomes(made), Store(made).design
    for point in (0, 4, 10, 11):
        alone = sim.ensemble(scenario_at(short_war(), design.loc[point].to_dict()), runs=40, seed=3)
        here = rows[rows["point"] == point].set_index("replicate")
        assert here.index.tolist() == list(range(40))
        for name in ("reengagement_last_year", "effect_of_the_end", "slights", "tension_mean", "D1_after_months"):
            expected = alone.outcomes[name].to_numpy(dtype=float)
            np.testing.assert_array_equal(here[name].to_numpy(), expected, err_msg=f"{name} at {point}")
        judged = alone.drift.judged.to_numpy()
        for name in ("D1", "D2", "D3", "D4", "D5"):
            truth = np.where(judged, alone.drift.time[name].notna(), np.nan)
            np.testing.assert_array_equal(here[name].to_numpy(float, na_value=np.nan), truth)
            if name != "D2":
                truth = np.where(judged, alone.drift.control[name].notna(), np.nan)
                np.testing.assert_array_equal(here[f"{name}_without_end"].to_numpy(float, na_value=np.nan), truth)


def test_a_series_that_there_is_not_is_named_with_the_nearest() -> None:
    points = pd.DataFrame({"foresight": [5.0]})
    with pytest.raises(ValueError, match=r"no series 'reengagment'.*reengagement"):
        specification.sweep_over_points(short_war(), points, series=("tension", "reengagment", "nonsense"))
    assert specification.sweep_over_points(short_war(), points, series=("tension",)).series == ("tension",)


def test_values_around_the_end_are_those_of_the_series(made: Path) -> None:
    here = outcomes(made).query("point == 1").set_index("replicate")
    many = sim.ensemble(scenario_at(short_war(), Store(made).design.loc[1].to_dict()), runs=40, seed=3)
    engaged, end = many.array("reengagement"), 44  # 2022-09
    np.testing.assert_array_equal(here["reengagement_24_months_after"], engaged[:, end + 24])
    np.testing.assert_allclose(here["reengagement_year_before_end"], engaged[:, end - 12 : end].mean(axis=1))


def test_replicates_differ_and_are_paired_across_points(made: Path) -> None:
    rows = outcomes(made)
    one = rows[rows["point"] == 0]
    assert one["fingerprint"].nunique() == len(one)
    same = pd.DataFrame({"foresight": [5.0, 5.0, 7.0]})
    twice = specification.sweep_over_points(short_war(), same, runs=5, seed=3)
    on_threads(twice, made.parent / "twice", jobs=1)
    prints = outcomes(made.parent / "twice").pivot(index="replicate", columns="point", values="fingerprint")
    assert (prints[0] == prints[1]).all()
    assert (prints[0] != prints[2]).all()


def test_worlds_that_differ_in_more_than_numbers_share_a_part(tmp_path: Path) -> None:
    points = pd.DataFrame(
        {
            "variant": ["V0", "V4", "V0", "V6"],
            "drivers.news.2022-01": [0.0, 0.0, 1.0, 1.0],
            "foresight": [2.0, 3.0, 4.0, 5.0],
        }
    )
    on_threads(specification.sweep_over_points(short_war(), points, runs=6, seed=1), tmp_path / "study", jobs=1)
    for point in range(4):
        many = sim.ensemble(scenario_at(short_war(), points.loc[point].to_dict()), runs=6, seed=1)
        here = outcomes(tmp_path / "study").query("point == @point")
        np.testing.assert_array_equal(here["effect_of_the_end"], many.outcomes["effect_of_the_end"])


def test_ends_of_the_war_share_the_world_without_an_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sizes = []
    engine = blocks.simulate

    def counting(runs, record):
        sizes.append(len(runs))
        return engine(runs, record)

    monkeypatch.setattr(blocks, "simulate", counting)
    vary = {"war.ends": sim.values("2022-06", "2022-07", "2022-08", "2022-09")}
    on_threads(specification.sweep_by_design(short_war(), vary, runs=20, seed=1), tmp_path / "study", jobs=1)
    assert sum(sizes) == 4 * 20 + 20


def test_a_study_stops_when_it_knows_enough(tmp_path: Path) -> None:
    from scipy.stats import t

    asked = small(runs=400, until=Until("effect_of_the_end", 4.0), defaults=True)
    done = on_threads(asked, tmp_path / "study", jobs=2)
    assert done.stopped_early
    assert done.done < done.total
    rows = outcomes(tmp_path / "study")
    assert rows.groupby("point").size().nunique() == 1
    effects = rows.dropna(subset=["effect_of_the_end"]).groupby("point")["effect_of_the_end"]
    errors = effects.std() / np.sqrt(effects.size())
    assert (2 * t.ppf(0.975, effects.size() - 1) * errors <= 4.0).all()
    fewer = rows[rows["replicate"] < rows["replicate"].max() + 1 - 50].dropna(subset=["effect_of_the_end"])
    if len(fewer):
        before = fewer.groupby("point")["effect_of_the_end"]
        errors = before.std() / np.sqrt(before.size())
        assert (2 * t.ppf(0.975, before.size() - 1) * errors > 4.0).any()
    assert study_progress(Store(tmp_path / "study")) == done
    assert on_threads(asked, tmp_path / "study", jobs=1) == done


def test_intervals_of_shares_are_wilsons() -> None:
    from scipy.stats import binomtest

    tally = Tally(range(3))
    came_true = [1.0] * 50 + [1.0, 0.0, np.nan, 1.0, 1.0] * 10
    tally.add(pd.DataFrame({"point": [0] * 50 + [1] * 50, "D2": came_true}), "D2")
    for point, (true, runs) in enumerate([(50, 50), (30, 40)]):
        low, high = binomtest(true, runs).proportion_ci(method="wilson")
        assert tally.widths("D2")[point] == pytest.approx(high - low)
    assert np.isnan(tally.widths("D2")[2])
    assert tally.enough(Until("D2", 0.3))
    assert not tally.enough(Until("D2", 0.1))


@pytest.mark.parametrize("measure", ["D2", "effect_of_the_end"])
def test_runs_that_share_a_parameter_set_are_one_unit_of_an_interval(measure: str) -> None:
    chance = np.random.default_rng(3)
    owners = np.repeat(np.arange(9), 40)
    truth = chance.normal(0.0, 2.0, 9)[owners] + chance.normal(0.0, 1.0, 360)
    values = pd.Series((truth > 0).astype(float) if measure == "D2" else truth)
    tally, alone = Tally(range(2), 9), Tally(range(2))
    for few in np.array_split(np.arange(360), 4):
        frame = pd.DataFrame({"point": 1, measure: values[few]})
        tally.add(frame, measure, owners[few])
        alone.add(frame, measure)
    low, high = estimate(values, pd.Series(owners), np.full(9, 1 / 9), share=measure == "D2").interval()
    assert tally.widths(measure)[1] == pytest.approx(high - low)
    assert tally.widths(measure)[1] > 2 * alone.widths(measure)[1]
    assert np.isnan(tally.widths(measure)[0])


def test_a_sweep_counts_its_parameter_sets_as_the_units() -> None:
    assert small(runs=3000).units == len(small(runs=3000).sets) < 3000
    assert small(runs=400, defaults=True).units is None
    assert specification.sweep_by_design(short_war(), priors(), design="latin", points=2, runs=3).units is None


def test_the_public_verb_returns_a_study(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    study = sim.sweep(short_war(), {"foresight": sim.span(2, 12, 3), "war.ends": sim.values("2022-06", "2022-09")},
                      out=tmp_path / "study", runs=10, jobs=1)  # fmt: skip
    assert study.outcomes.index.tolist() == list(range(60))
    assert study.grid().shape == (3, 2)
    assert study.grid("D2").loc[2.0, "2022-06"] == study.outcomes.query("point == 0")["D2"].mean()
    assert study.failures.empty
    assert study.progress.finished
    assert "Uncalibrated" in study._repr_html_()
    again = sim.sweep(short_war(), {"foresight": sim.span(2, 12, 3), "war.ends": sim.values("2022-06", "2022-09")},
                      out=tmp_path / "study", runs=10)  # fmt: skip
    pd.testing.assert_frame_equal(again.outcomes, study.outcomes)
    assert capsys.readouterr().err.count("seed") == 1  # the study keeps its seed
    table = sim.sweep(short_war(), pd.DataFrame({"foresight": [2.0, 9.0]}), out=tmp_path / "table", runs=3, seed=1)
    assert table.grid().shape == (2, 1)
    with pytest.raises(StudyError, match="points"):
        sim.sweep(short_war(), {"foresight": sim.span(2, 12, 4)}, out=tmp_path / "study", runs=10)
    with pytest.raises(ValueError, match="3 factors"):
        sim.sweep(short_war(), pd.DataFrame({"foresight": [2.0], "noise_sd": [1.0], "precision": [200.0]}),
                  out=tmp_path / "three", runs=2, seed=1).grid()  # fmt: skip


def test_a_dry_run_says_what_a_sweep_takes_and_computes_no_study(tmp_path: Path) -> None:
    (tmp_path / "points.csv").write_text("foresight\n2\n5\n2\n")
    file = write_file(tmp_path, "scenario: ./short-war.yaml\nvary: points.csv\nruns: 20\nseed: 1\n")
    result = _command("sweep", str(file), "--dry-run", "--json", "--out", str(tmp_path / "study"))
    said = json.loads(result.stdout)
    assert (said["points"], said["runs"], said["duplicates"], said["runs_a_point"]) == (3, 60, 1, 20)
    assert said["seconds"] > 0
    assert said["megabytes"] > 0
    assert not (tmp_path / "study").exists()
    assert "about" in _command("sweep", str(file), "--dry-run").stdout


def test_the_command_goes_on_shows_and_replaces(tmp_path: Path) -> None:
    file, out = write_file(tmp_path), str(tmp_path / "study")
    first = _command("sweep", str(file), "--out", out, "--runs", "4")
    assert first.exit_code == 0, first.output
    assert "48 runs at 12 points" in first.stdout
    assert "Uncalibrated" in first.stdout
    kept = content(Path(out))
    assert _command("sweep", out, "-q").exit_code == 0
    assert content(Path(out)) == kept
    refused = _command("sweep", str(file), "--out", out, "--runs", "5")
    assert refused.exit_code == 1
    assert "runs is 5, was 4" in refused.stderr
    assert content(Path(out)) == kept
    assert _command("sweep", str(file), "--out", out, "--runs", "5", "--overwrite", "--jobs", "1").exit_code == 0
    assert len(outcomes(Path(out))) == 60
    facts = json.loads(_command("sweep", out, "--json", "-q").stdout)
    assert (facts["done"], facts["failed"], facts["calibrated"]) == (60, 0, False)
    assert _command("sweep", str(file), "--out", str(tmp_path / "seeded"), "--runs", "2", "--seed", "8").exit_code == 0
    assert Store(tmp_path / "seeded").manifest["seed"] == 8


def test_status_says_what_remains(tmp_path: Path) -> None:
    folder = tmp_path / "study"
    on_threads(small(), folder, jobs=1)
    parts = sorted((folder / "outcomes").iterdir())
    parts[1].unlink()
    facts = json.loads(_command("status", str(folder), "--json").stdout)
    assert (facts["done"], facts["total"], facts["finished"]) == (480 - 224, 480, False)
    said = _command("status", str(folder))
    assert "256 of 480 runs" in said.stdout
    assert "remain" in said.stdout
    assert f"sim sweep {folder}" in said.stderr
    assert _command("status", str(tmp_path)).exit_code == 1


def test_a_broken_file_ends_with_code_3(tmp_path: Path) -> None:
    result = _command("sweep", str(write_file(tmp_path, FILE.replace("seed", "sed"))))
    assert result.exit_code == 3
    assert "write seed" in result.stderr
    assert _command("sweep", "no-such-sweep").exit_code == 3


def test_the_manual_lists_the_columns_of_outcomes(tmp_path: Path) -> None:
    manual = (Path(__file__).parents[2] / "docs" / "sweeps.md").read_text(encoding="utf-8")
    rows = manual.split("| columns of a row |")[1].split("\n\n")[0].splitlines()[2:]
    listed = [name for row in rows for name in re.findall("`([^`]+)`", row.split("|")[1])]
    world = sim.load("hindcast").with_(months={"to": "2019-12"})
    study = sim.sweep(world, {"grievance": sim.values(12.0)}, tmp_path / "study", runs=1, seed=1)
    assert sorted(listed) == sorted([*study.outcomes.reset_index().drop(columns="grievance"), "error"])
