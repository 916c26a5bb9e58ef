"""``sim hindcast``: what it prints, what it writes, and what each flag changes."""

import json
import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from sim.engine.experiment import Experiment
from sim.engine.sets import equally_weighted
from sim.inference import hindcast, parameter_sets
from sim.inference.matching import draw_prior
from sim.inference.sets_file import Retained
from sim.report.folders import hindcast_folder
from sim.scenario.source import Source

from .conftest import Sim

SMALL = ("hindcast", "--seed", "7", "--runs", "4", "--sets", "3", "--jobs", "1")


@pytest.fixture(autouse=True)
def three_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    """Three sets stand in for those that travel with the package."""
    drawn = draw_prior([99], 3)
    made = Retained(drawn, np.full(3, 1 / 3), hindcast.Scores(pd.DataFrame(), pd.DataFrame()), {})
    monkeypatch.setattr(parameter_sets, "shipped_sets", lambda: made)


@pytest.fixture
def undrawn(monkeypatch: pytest.MonkeyPatch) -> None:
    """Draw nothing: pictures take most of the time, and one test looks at them."""
    for name in ("draw", "pattern_picture", "write_picture"):
        monkeypatch.setattr(hindcast_folder, name, lambda *_: None)


@pytest.mark.usefixtures("undrawn")
def test_the_pattern_matrix_is_printed_for_all_three(sim: Sim) -> None:
    done = sim(*SMALL)
    assert done.exit_code == 0
    head = next(line for line in done.stdout.splitlines() if "what history showed" in line)
    assert "defaults: 1 set " in head
    assert "prior: 3 sets" in head
    assert "retained: 3 sets" in head
    rows = {line.split()[0]: line for line in done.stdout.splitlines() if re.match(r"[TW]\d", line)}
    own = ["T1", "T2a", "T2b", "T2c", "T3", "T3c", "T6", "T6b", "T7", "T7b", "T8", "T8b"]
    own += ["W5", "W6", "W8", "W9", "W12", "W13"]
    given = ["T3b", "T4", "T5", "W1", "W2", "W3", "W4", "W7", "W10", "W11"]
    assert list(rows) == own + given  # what the model is told comes after what is its own
    assert "holds" in rows["T3b"]
    assert "100%" in rows["T3b"]
    assert "Uncalibrated" in done.stdout
    assert "results: " in done.stderr


def test_the_folder_has_pictures_tables_and_a_manifest(sim: Sim) -> None:
    sim(*SMALL, "--out", "here")
    names = {path.relative_to("here").as_posix() for path in Path("here").rglob("*.*")}
    for picture in ("hindcast-defaults", "hindcast-retained", "patterns"):
        assert {f"figures/{picture}.png", f"figures/{picture}.svg"} <= names
    manifest = json.loads(Path("here/manifest.json").read_text(encoding="utf-8"))
    assert manifest["command"] == "sim hindcast --seed 7 --runs 4 --sets 3"
    assert manifest["calibrated"] is False
    numbers = pd.read_parquet("here/tables/numbers.parquet")
    assert numbers.groupby("sets")["set"].nunique().to_dict() == {"defaults": 1, "prior": 3, "retained": 3}
    assert set(pd.read_csv("here/tables/patterns.csv")) == {"pattern", "defaults", "prior", "retained"}
    profile = pd.read_parquet("here/tables/profile.parquet").set_index(["sets", "month"])
    assert len(profile) == 2 * 68
    assert profile.loc[("defaults", "2019-01"), "stance_to_beijing"] == pytest.approx(_stance("2019-01"))
    assert "every parameter is a hand-set default" not in Path("here/figures/hindcast-retained.svg").read_text("utf-8")


def _stance(month: str) -> float:
    many = Experiment(hindcast.free_runs(), seed=7, runs=range(4)).ensemble()
    return float(many.series("pyongyang_toward_beijing")[month].mean())


@pytest.mark.usefixtures("undrawn")
def test_the_stored_numbers_are_those_of_the_sets(sim: Sim) -> None:
    sim(*SMALL, "--out", "here")
    numbers = pd.read_parquet("here/tables/numbers.parquet")
    stored = numbers[(numbers["sets"] == "prior") & (numbers["number"] == "trade 2023")]["mean"]
    asked = Experiment(hindcast.free_runs(), equally_weighted(draw_prior([7], 3), Source.PRIOR), 7)
    again = hindcast.try_sets(asked.runs_of_every_set(4, first=4))  # after the defaults
    assert stored.tolist() == again.means["trade 2023"].tolist()


@pytest.mark.usefixtures("undrawn")
def test_patterns_can_be_measured_anew_from_the_months(sim: Sim) -> None:
    sim(*SMALL, "--out", "here", "--months")
    numbers = pd.read_parquet("here/tables/numbers.parquet").set_index(["sets", "number", "set"])["mean"].sort_index()
    months = pd.concat([pd.read_parquet(file) for file in sorted(Path("here/months").glob("prior-*"))])
    assert months.groupby("set").size().tolist() == [4 * 68] * 3

    late = months[months["month"].between("2023-09", "2024-08")]
    outreach = late["beijing_toward_west"] - late[hindcast.OUTREACH_ALONE]
    assert outreach.groupby(late["set"]).mean().tolist() == pytest.approx(numbers["prior", "T7"].tolist())
    assert (late.groupby("set")["arms_flow"].sum() / 4 / 2).tolist() == pytest.approx(numbers["prior", "T3b"].tolist())
    summer = months[months["month"].between("2024-05", "2024-08")]
    slight = (summer["pyongyang_toward_beijing"] == -1.0).groupby([summer["set"], summer["run"]]).any()
    assert slight.groupby("set").mean().tolist() == numbers["prior", "T2b_slights"].tolist()
    again = json.loads(Path("here/manifest.json").read_text(encoding="utf-8"))["command"]
    assert again.endswith(" --months")


@pytest.mark.usefixtures("undrawn")
def test_json_holds_the_shares(sim: Sim) -> None:
    printed = json.loads(sim(*SMALL, "--json").stdout)
    assert set(printed["shares"]) == {"defaults", "prior", "retained"}
    assert printed["shares"]["prior"]["T3b"] == 1.0
    assert printed["runs"] == 4


def test_without_retained_sets_it_stops_and_says_what_to_do(sim: Sim, monkeypatch: pytest.MonkeyPatch) -> None:
    def none() -> None:
        raise FileNotFoundError

    monkeypatch.setattr(parameter_sets, "shipped_sets", none)
    done = sim(*SMALL)
    assert done.exit_code == 3
    assert "retained.parquet" in done.stderr and "install driftback again" in done.stderr


@pytest.mark.usefixtures("undrawn")
def test_flags_change_what_they_say_and_nothing_else(sim: Sim) -> None:
    base = sim(*SMALL).stdout
    assert sim(*SMALL, "--overwrite", "--jobs", "2").stdout == base
    assert sim(*SMALL, "--overwrite", "--quiet").stderr == ""
    assert "prior: 2 sets" in sim(*SMALL, "--sets", "2", "--out", "two").stdout
    assert json.loads(sim(*SMALL, "--seed", "8", "--json").stdout)["seed"] == 8
    assert json.loads(sim(*SMALL, "--runs", "5", "--out", "five", "--json").stdout)["runs"] == 5


@pytest.mark.usefixtures("undrawn")
def test_nothing_is_overwritten_unasked(sim: Sim) -> None:
    sim(*SMALL, "--out", "here")
    again = sim(*SMALL, "--out", "here")
    assert again.exit_code == 1
    assert "nothing was computed" in again.stderr
