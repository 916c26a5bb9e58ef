"""What may go wrong with a study, and that it does no harm."""

import json
import multiprocessing
import os
import random
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
from typer.testing import CliRunner

from sim.cli import app
from sim.engine import blocks, provenance
from sim.engine.experiment import Experiment
from sim.inference.designs import span
from sim.storage.study_errors import StudyError
from sim.studies import sweep_runner, worker
from sim.studies.specification import Sweep, sweep_by_design
from sim.studies.store import Store
from sim.studies.study import Study
from sim.studies.sweep_runner import on_threads, study_progress
from tests.signals import hears_ctrl_c
from tests.studies.studies import FILE, content, outcomes, short_war, small, write_file

KILLS = 20


def _parts(folder: Path) -> list[Path]:
    return sorted((folder / "outcomes").glob("part-*.parquet"))


def _many_parts() -> Sweep:
    """Return a sweep of 40 parts, each simulated in no time: few months, and no world without an end beside them."""
    world = short_war().with_(months={"to": "2023-12"}, war={"ends": "never"})
    return sweep_by_design(world, {"postwar_need": span(0, 1.6, 80)}, runs=128, seed=5)


def _wait_for(condition, seconds: float = 120.0) -> None:
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until, "nothing happened"
        time.sleep(0.002)


@pytest.mark.long
@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="there is no SIGKILL here")
def test_killed_twenty_times_a_study_ends_as_if_nothing_had_happened(tmp_path: Path) -> None:
    asked = _many_parts()
    on_threads(asked, tmp_path / "undisturbed", jobs=2)
    chance, context = random.Random(9), multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["pandas", "sim.studies.sweep_runner"])
    killed = 0
    while killed < KILLS:
        had = len(_parts(tmp_path / "killed"))
        process = context.Process(target=on_threads, args=(asked, tmp_path / "killed", 2))
        process.start()
        more = chance.choice((0, 0, 1, 1, 2))
        _wait_for(lambda: len(_parts(tmp_path / "killed")) >= had + more or not process.is_alive())  # noqa: B023
        time.sleep(chance.uniform(0.0, 0.05))
        process.kill()
        process.join()
        killed += process.exitcode == -signal.SIGKILL
        assert process.exitcode == -signal.SIGKILL, "the study was done before it had been killed often enough"
    assert not study_progress(Store(tmp_path / "killed")).finished
    assert on_threads(asked, tmp_path / "killed", jobs=2).finished
    assert content(tmp_path / "killed") == content(tmp_path / "undisturbed")


def test_what_a_killed_process_left_half_written_is_removed(tmp_path: Path) -> None:
    on_threads(small(), tmp_path / "study", jobs=1)
    whole = content(tmp_path / "study")
    (tmp_path / "study" / "outcomes" / "part-000001-0.parquet.unfinished").write_bytes(b"PAR1 and no more")
    (tmp_path / "study" / "manifest.json.unfinished").write_bytes(b"{")
    on_threads(small(), tmp_path / "study", jobs=1)
    assert content(tmp_path / "study") == whole


def test_killed_before_the_manifest_a_study_begins_anew(tmp_path: Path) -> None:
    on_threads(small(), tmp_path / "study", jobs=1)
    whole = content(tmp_path / "study")
    (tmp_path / "study" / "manifest.json").unlink()
    on_threads(small(), tmp_path / "study", jobs=1)
    assert content(tmp_path / "study") == whole


@pytest.mark.parametrize("damage", ["cut", "flipped", "emptied", "gone", "renamed"])
def test_a_damaged_part_is_simulated_again(tmp_path: Path, damage: str) -> None:
    on_threads(small(), tmp_path / "study", jobs=1)
    whole = content(tmp_path / "study")
    path = _parts(tmp_path / "study")[1]
    held = path.read_bytes()
    match damage:
        case "cut":
            path.write_bytes(held[: len(held) // 2])
        case "flipped":
            path.write_bytes(held[:900] + bytes([held[900] ^ 1]) + held[901:])
        case "emptied":
            path.write_bytes(b"")
        case "gone":
            path.unlink()
        case "renamed":
            path.rename(path.with_name("part-000001-ffffffffffffffff.parquet"))
    on_threads(small(), tmp_path / "study", jobs=1)
    assert content(tmp_path / "study") == whole


def test_on_a_full_disk_what_is_there_stays_and_the_study_goes_on_later(tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(disk)]
    if os.name != "posix" or subprocess.run(mount, capture_output=True).returncode:
        pytest.skip("no small disk can be mounted here")
    try:
        with pytest.raises(StudyError, match=r"no space left on device.*kept before is whole"):
            on_threads(small(), disk / "study", jobs=1)
        assert len(_parts(disk / "study")) < 2
        assert not list(disk.rglob("*.unfinished"))
        subprocess.run(["mount", "-o", "remount,size=4m", str(disk)], check=True)
        on_threads(small(), disk / "study", jobs=1)
        on_threads(small(), tmp_path / "undisturbed", jobs=1)
        assert content(disk / "study") == content(tmp_path / "undisturbed")
    finally:
        subprocess.run(["umount", str(disk)], check=True)


def test_a_folder_that_cannot_be_written_to_is_told_in_one_message(tmp_path: Path) -> None:
    file = write_file(tmp_path)
    shut = tmp_path / "shut"
    shut.mkdir()
    shut.chmod(0o555)
    if os.access(shut, os.W_OK):  # the administrator may write anywhere, but not below a file
        shut = Path("/proc/version")
        if not shut.exists():
            pytest.skip("everything can be written to here")
    result = CliRunner().invoke(app, ["sweep", str(file), "--out", str(shut / "study")])
    assert result.exit_code == 1
    assert str(shut) in result.stderr
    assert "Traceback" not in result.stderr


def test_a_folder_with_other_things_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "thesis.tex").write_text("years of work")
    with pytest.raises(StudyError, match=r"holds other things \(thesis.tex\)"):
        on_threads(small(), tmp_path, jobs=1)
    assert (tmp_path / "thesis.tex").read_text() == "years of work"


def _changes() -> dict[str, tuple]:
    warmer = short_war().with_(drivers={"border": 1.0})
    later = sweep_by_design(warmer, {"postwar_need": span(0, 1.6, 4)}, runs=5)
    return {
        "the scenario has changed": (later,),
        "seed is 4": (small(runs=5, seed=4),),
        "runs is 6": (small(runs=6),),
    }


@pytest.mark.parametrize("says", sorted(_changes()))
def test_another_question_under_an_old_study_is_refused(tmp_path: Path, says: str) -> None:
    on_threads(small(runs=5), tmp_path / "study", jobs=1)
    whole = content(tmp_path / "study")
    with pytest.raises(StudyError, match=says):
        on_threads(*_changes()[says], tmp_path / "study", jobs=1)
    assert content(tmp_path / "study") == whole


@pytest.mark.parametrize(
    ("module", "name", "other", "says"),
    [
        (provenance, "registers_digest", lambda: "another digest", "the registers"),
        (provenance, "rules_version", lambda: "another version", "the rules of the model"),
        (sweep_runner, "VERSION", "another version", "the measures"),
    ],
    ids=["registers", "rules", "measures"],
)
def test_other_rules_under_an_old_study_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, module: object, name: str, other: object, says: str
) -> None:
    on_threads(small(runs=5), tmp_path / "study", jobs=1)
    whole = content(tmp_path / "study")
    monkeypatch.setattr(module, name, other)
    with pytest.raises(StudyError, match=says):
        on_threads(small(runs=5), tmp_path / "study", jobs=1)
    assert content(tmp_path / "study") == whole


def test_a_study_begun_before_goes_on_as_it_was_begun(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """By its old words, which stay in its manifest: a part made now is a part of that study."""
    with monkeypatch.context() as patch:
        patch.setattr(provenance, "registers_digest", lambda: "of the registers' text")
        patch.setattr(sweep_runner, "VERSION", "of sources")
        on_threads(small(), tmp_path / "study", jobs=1)
    whole = content(tmp_path / "study")
    measures = {"of sources": sweep_runner.VERSION}
    table = {"registers": {"of the registers' text": provenance.registers_digest()}, "measures": measures}
    monkeypatch.setattr(provenance, "_CARRIED_OVER", table)
    part = _parts(tmp_path / "study")[1]
    part.unlink()
    assert on_threads(small(), tmp_path / "study", jobs=1).finished
    assert content(tmp_path / "study") == whole and part.exists()
    assert Study(tmp_path / "study").replay(3)


def test_a_study_goes_on_when_its_scenario_is_better_worded(tmp_path: Path) -> None:
    on_threads(small(), tmp_path / "study", jobs=1)
    whole = content(tmp_path / "study")
    _parts(tmp_path / "study")[1].unlink()
    reworded = replace(small(), scenario=short_war().with_(name="a brief war", question="Does it matter?"))
    assert on_threads(reworded, tmp_path / "study", jobs=1).finished
    assert content(tmp_path / "study") == whole


def test_a_worker_with_other_rules_computes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = small(runs=2)
    part = asked.task(asked.layout.parts(0)[0])
    monkeypatch.setattr(worker, "VERSION", "another")
    with pytest.raises(StudyError, match="a worker has other rules, registers or measures"):
        worker.simulate_task(part)


def test_a_second_process_is_kept_off(tmp_path: Path) -> None:
    asked = _many_parts()
    process = multiprocessing.get_context("forkserver").Process(target=on_threads, args=(asked, tmp_path, 1))
    process.start()
    try:
        _wait_for(lambda: _parts(tmp_path))
        with pytest.raises(StudyError, match=f"another process is working on .*process {process.pid}"):
            on_threads(asked, tmp_path, jobs=1)
        assert not study_progress(Store(tmp_path)).finished
    finally:
        process.kill()
        process.join()
    on_threads(asked, tmp_path, jobs=2)
    assert study_progress(Store(tmp_path)).finished


@pytest.mark.skipif(os.name != "posix", reason="Ctrl-C cannot be sent to a process here")
def test_interrupted_a_study_keeps_what_it_has_and_ends_with_code_130(tmp_path: Path) -> None:
    text = FILE.replace("span: [0, 1.6, 4]", "span: [0, 1.6, 30]").replace("runs: 40", "runs: 2000")
    command = [sys.executable, "-m", "sim", "sweep", str(write_file(tmp_path, text)), "--out", str(tmp_path / "study")]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True, preexec_fn=hears_ctrl_c)
    _wait_for(lambda: _parts(tmp_path / "study"))
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=60)
    assert process.returncode == 130, said
    assert "what is finished is kept" in said
    assert "Traceback" not in said
    now = study_progress(Store(tmp_path / "study"))
    assert 0 < now.done < now.total
    assert not list(tmp_path.rglob("*.unfinished"))


def test_a_run_that_fails_is_recorded_and_takes_no_other_with_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    on_threads(small(), tmp_path / "sound", jobs=1)

    def failing(simulate):
        def wrapped(asked, *more):
            need, (end, _) = asked.varied["postwar_need"], asked.plan.war_end
            if ((need > 1.5) & (asked.numbers == 7)).any() and end == 44:
                raise ZeroDivisionError("a rule divided by nothing")
            return simulate(asked, *more)

        return wrapped

    for name in ("ensemble", "with_control"):  # where the points of a part share their end, and where not
        monkeypatch.setattr(Experiment, name, failing(getattr(Experiment, name)))
    file, out = write_file(tmp_path), tmp_path / "study"
    result = CliRunner().invoke(app, ["sweep", str(file), "--out", str(out), "--jobs", "2"])
    assert result.exit_code == 4, result.output
    assert f"failed: sim replay {out} 407" in result.stderr
    failures = Study(out).failures
    assert failures[["run", "point", "replicate"]].to_numpy().tolist() == [[407, 10, 7]]
    assert failures["error"].tolist() == ["ZeroDivisionError: a rule divided by nothing"]
    assert failures["again"].tolist() == [f"sim replay {out.as_posix()} 407"]
    partial, sound = outcomes(out).set_index("run"), outcomes(tmp_path / "sound").set_index("run")
    pd.testing.assert_frame_equal(partial.drop(index=407), sound.drop(index=407))
    assert 407 not in Study(out).outcomes.index
    assert CliRunner().invoke(app, ["sweep", str(out), "-q"]).exit_code == 4
    assert json.loads(CliRunner().invoke(app, ["status", str(out), "--json"]).stdout)["failed"] == 1


def test_a_run_whose_states_leave_the_numbers_has_failed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    simulate = blocks.simulate

    def broken(runs, record):
        block = simulate(runs, record)
        block.series[runs.numbers == 3, 50:, 0] = float("nan")
        return block

    monkeypatch.setattr(blocks, "simulate", broken)
    assert on_threads(small(runs=5), tmp_path / "study", jobs=1).failed == 12
    rows_ = outcomes(tmp_path / "study")
    assert rows_[rows_["replicate"] == 3]["error"].eq("a state left the finite numbers").all()
    assert rows_[rows_["replicate"] == 3]["tension_mean"].isna().all()
    assert rows_[rows_["replicate"] != 3]["error"].isna().all()


def test_trouble_of_the_machine_is_not_blamed_on_a_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def starved(*_: object) -> None:
        raise MemoryError

    monkeypatch.setattr(Experiment, "ensemble", starved)
    with pytest.raises(MemoryError):
        on_threads(small(runs=5), tmp_path / "study", jobs=1)
    monkeypatch.undo()
    assert on_threads(small(runs=5), tmp_path / "study", jobs=1).failed == 0


def test_a_clock_that_jumps_changes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    on_threads(small(runs=5), tmp_path / "sound", jobs=1)
    jumps = random.Random(1)
    monkeypatch.setattr(time, "time", lambda: jumps.uniform(-1e9, 4e9))
    monkeypatch.setattr(time, "time_ns", lambda: jumps.randrange(4 * 10**18))
    file = write_file(tmp_path, FILE.replace("runs: 40", "runs: 5"))
    assert CliRunner().invoke(app, ["sweep", str(file), "--out", str(tmp_path / "study")]).exit_code == 0
    for path in (tmp_path / "study").rglob("*"):
        os.utime(path, (0, jumps.randrange(2**33)))
    assert CliRunner().invoke(app, ["sweep", str(file), "--out", str(tmp_path / "study")]).exit_code == 0
    ours, sound = content(tmp_path / "study"), content(tmp_path / "sound")
    assert {name: ours[name] for name in ours if name != "manifest.json"} == {
        name: sound[name] for name in sound if name != "manifest.json"
    }
