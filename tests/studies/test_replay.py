"""Any run of a study simulates again in the Mesa engine, checked against what was stored."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from typer.testing import CliRunner

import sim
from sim.analysis import rows
from sim.cli import app
from sim.engine import provenance
from sim.engine.experiment import Experiment
from sim.engine.mesa.agents import Peninsula
from sim.scenario import load
from sim.storage.study_errors import StudyError
from sim.studies.store import Store, encode_rows
from sim.studies.study import Study
from sim.studies.sweep_runner import on_threads
from tests.studies.studies import outcomes, short_war, small


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small study."""
    folder = tmp_path_factory.mktemp("made") / "study"
    on_threads(small(), folder, jobs=2)
    return folder


def test_replayed_runs_are_those_stored(made: Path) -> None:
    study, stored = sim.study(made), outcomes(made).set_index("run")
    for number in (0, 77, 200, 479):
        run = study.replay(number)
        row, point = stored.loc[number], study.design.loc[stored.loc[number, "point"]]
        assert run.number == row["replicate"]
        assert run.scenario.values()["postwar_need"] == point["postwar_need"]
        assert run.scenario.war.ends == point["war.ends"]
        assert row["tension_mean"] == pytest.approx(run.series["tension"].mean(), rel=1e-12)
        assert row["slights"] == (run.moves["pyongyang_toward_beijing"] == "slight").sum()
        assert len(run.decisions) > 100
        assert len(run.deals) > 10


def test_the_fingerprint_sees_every_kept_state_every_move_and_the_end() -> None:
    many = Experiment(short_war(), seed=3, runs=range(2)).ensemble(rows.STATES)
    before = rows.fingerprints(many)
    assert before[0] != before[1]
    for place in range(len(rows.STATES)):
        states = many.states.copy()
        states[0, 31, place] = np.nextafter(states[0, 31, place], 9.0)
        after = rows.fingerprints(replace(many, states=states))
        assert (after != before).tolist() == [True, False]
    played = many.played.copy()
    played[1, 69, 4] += 1
    after = rows.fingerprints(replace(many, played=played))
    assert (after != before).tolist() == [False, True]
    after = rows.fingerprints(replace(many, war_end=many.war_end + 1))
    assert (after != before).all()


def test_a_stored_outcome_that_was_tampered_with_is_noticed(tmp_path: Path) -> None:
    on_threads(small(runs=3), tmp_path, jobs=1)
    store = Store(tmp_path)
    (part,) = store.layout.parts(0)
    frame = store.rows(part)
    frame.loc[5, "fingerprint"] += 1
    store.keep(part, encode_rows(frame))
    with pytest.raises(StudyError, match="run 5, simulated again, is not what"):
        Study(tmp_path).replay(5)
    assert Study(tmp_path).replay(4).number == 1


def test_a_run_that_cannot_be_replayed_is_told_why(made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(StudyError, match="which has the runs 0 to 479"):
        Study(made).replay(480)
    on_threads(small(), tmp_path, jobs=1)
    sorted((tmp_path / "outcomes").iterdir())[0].unlink()
    with pytest.raises(StudyError, match="has not been simulated yet"):
        Study(tmp_path).replay(3)
    monkeypatch.setattr(provenance, "rules_version", lambda: "others")
    with pytest.raises(StudyError, match="the rules of the model are not what they were"):
        Study(made).replay(3)


def test_a_replay_simulates_each_month_of_the_world_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What that takes in seconds says more of the machine: ``python -m benchmarks.engines`` prints it."""
    world = load("war-ends-early").with_(months={"to": "2026-01"})
    study = sim.sweep(world, pd.DataFrame({"war.ends": ["2025-01"]}), out=tmp_path, runs=2, seed=1, jobs=1)
    stepped, once = [], Peninsula.step
    monkeypatch.setattr(Peninsula, "step", lambda model: (stepped.append(model.month), once(model)))
    study.replay(1)
    assert stepped == list(range(world.horizon))


def test_the_command_tells_the_run_and_its_reasons(made: Path) -> None:
    def command(*words: str):
        return CliRunner().invoke(app, ["replay", str(made), *words])

    shown = command("77")
    assert shown.exit_code == 0, shown.output
    assert "chronicle" in shown.stdout
    assert "the same, month by month" in shown.stderr
    trace = json.loads(command("77", "--json", "-q").stdout)
    assert len(trace["series"]["tension"]) == len(trace["months"]) == 70
    assert trace["decisions"][0]["options"][0]["terms"]
    assert trace["calibrated"] is False
    month = next(d for d in Study(made).replay(77).decisions if d.capital == "Pyongyang").month
    why = command("77", "--why", "pyongyang", "--month", f"{2019 + month // 12}-{month % 12 + 1:02d}")
    assert "Pyongyang" in why.stdout
    assert command("77", "--why", "Pyongyang").exit_code == 2
    assert command("480").exit_code == 1
