"""Whatever is not what was written is told, wherever it is read; and no kill at any write changes what comes out."""

import json
import os
import random
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from typer.testing import CliRunner

from sim.cli import app
from sim.engine.experiment import Experiment
from sim.engine.sets import equally_weighted
from sim.prediction import verdict_study
from sim.prediction.verdict import judge
from sim.prediction.verdict_study import Evidence, Size, begin, simulate_treatments
from sim.scenario.source import Source
from sim.storage import sealed
from sim.storage.folder import StudyFolder
from sim.storage.study_errors import DataError, StudyError
from sim.studies.study import Study
from sim.studies.sweep_runner import on_threads
from tests.prediction.trials import study
from tests.studies.studies import content, short_war, small

SETS = equally_weighted(pd.DataFrame({"postwar_need": [0.1, 0.9]}), Source.PRIOR)


class Killed(BaseException):
    """As by a signal that nothing can catch."""


@pytest.fixture(scope="module")
def swept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("damage") / "sweep"
    on_threads(small(), folder, jobs=1)
    return folder


@pytest.fixture(scope="module")
def judged(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return study(tmp_path_factory.mktemp("damage") / "verdict", np.full(3, 0.8)).folder


def of_sweep(folder: Path) -> str:
    sweep = Study(folder)
    tables = [sweep.outcomes, sweep.design, sweep.grid(), sweep.failures]
    return "\n".join([*(table.to_csv() for table in tables), str(sweep.progress), str(sweep.store.manifest)])


def of_verdict(folder: Path) -> str:
    evidence = Evidence(folder)
    evidence.check()
    tables = [evidence.sets.values, *(evidence.pairs(name) for name in evidence.names()), evidence.fans]
    return "\n".join([*(table.to_csv() for table in tables), str(evidence.asked)])


def flipped(path: Path, chance: random.Random) -> None:
    held = bytearray(path.read_bytes())
    held[chance.randrange(len(held))] ^= 1 << chance.randrange(8)
    path.write_bytes(bytes(held))


@pytest.mark.parametrize(("made", "read"), [("swept", of_sweep), ("judged", of_verdict)], ids=["sweep", "verdict"])
def test_one_flipped_bit_anywhere_is_told_or_changes_nothing(
    made: str, read: Callable[[Path], str], request: pytest.FixtureRequest
) -> None:
    folder, chance, refusals = request.getfixturevalue(made), random.Random(11), 0
    whole, files = read(folder), [path for path in sorted(folder.rglob("*")) if path.is_file() and path.stat().st_size]
    for path in [*files, *chance.choices(files, k=20)][:80]:
        held = path.read_bytes()
        flipped(path, chance)
        try:
            assert read(folder) == whole, path
        except DataError as error:
            refusals += 1
            assert str(folder) in str(error) and any(fix in str(error) for fix in ("anew", "Put", "release"))
        finally:
            path.write_bytes(held)
    assert refusals > len(files) / 2
    assert read(folder) == whole


def _edit(path: Path, change: Callable[[dict], object]) -> None:
    facts = json.loads(path.read_text(encoding="utf-8"))
    change(facts)
    path.write_text(json.dumps(facts, indent=2), encoding="utf-8")


def _first_part(folder: Path) -> Path:
    return min((folder / "outcomes").iterdir())


def _other_design(folder: Path) -> None:
    frame = pd.read_parquet(folder / "design.parquet")
    frame.assign(postwar_need=0.5).to_parquet(folder / "design.parquet")


def _from_another_study(folder: Path) -> None:
    on_threads(small(seed=4), folder.parent / "other", jobs=1)
    _first_part(folder).unlink()
    shutil.copy(_first_part(folder.parent / "other"), folder / "outcomes")


DAMAGE: dict[str, tuple[Callable[[Path], object], str]] = {
    "a part flipped": (lambda folder: flipped(_first_part(folder), random.Random(1)), "part-000000"),
    "a part cut": (lambda folder: os.truncate(_first_part(folder), 100), "part-000000"),
    "a part of another study": (_from_another_study, "part-000000"),
    "a stray table": (
        lambda folder: shutil.copy(_first_part(folder), folder / "outcomes/copy.parquet"),
        "copy.parquet",
    ),
    "a part too many": (
        lambda folder: shutil.copy(_first_part(folder), folder / "outcomes/part-000099-0123456789abcdef.parquet"),
        "part-000099",
    ),
    "a design edited": (_other_design, "design.parquet"),
    "a design gone": (lambda folder: (folder / "design.parquet").unlink(), "design.parquet"),
    "a manifest edited": (lambda folder: _edit(folder / "manifest.json", lambda m: m.update(runs=20)), "manifest.json"),
    "a manifest without a key": (
        lambda folder: _edit(folder / "manifest.json", lambda m: m.pop("measures")),
        "manifest.json",
    ),
    "a manifest cut": (lambda folder: os.truncate(folder / "manifest.json", 50), "manifest.json"),
    "a manifest of the first release": (
        lambda folder: _edit(folder / "manifest.json", lambda m: [m.pop(key) for key in ("digest", "format")]),
        "made by an earlier release (driftback ",
    ),
}


@pytest.mark.parametrize("damage", DAMAGE)
def test_every_reader_of_a_sweep_says_which_file_is_not_what_was_written(
    swept: Path, tmp_path: Path, damage: str
) -> None:
    folder = shutil.copytree(swept, tmp_path / "study")
    make, named = DAMAGE[damage]
    make(folder)
    for words in (("status", str(folder)), ("replay", str(folder), "0"), ("sensitivity", str(folder), "--out", "x")):
        shown = CliRunner().invoke(app, list(words))
        if "a design" in damage and words[0] == "status":
            continue  # it reads no design
        if words[0] == "sensitivity" and shown.exit_code == 1:
            continue  # a factorial design, of which nothing more is read
        assert shown.exit_code == 3, shown.output
        assert named in shown.stderr and "defect" not in shown.stderr and "Traceback" not in shown.output
    for read in (lambda sweep: sweep.outcomes, lambda sweep: sweep.grid(), lambda sweep: sweep.replay(0)):
        with pytest.raises(DataError):
            read(Study(folder))


def test_a_design_that_is_damaged_is_written_again_by_whoever_asks_the_same(swept: Path, tmp_path: Path) -> None:
    folder = shutil.copytree(swept, tmp_path / "study")
    _other_design(folder)
    on_threads(small(), folder, jobs=1)
    assert content(folder) == content(swept)


def test_what_was_read_once_is_not_compared_again(swept: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sweep = Study(swept)
    before = sweep.outcomes
    monkeypatch.setattr(StudyFolder, "_digest", lambda *_: pytest.fail("compared again"))
    for part in sweep.store.layout.parts(0):
        sweep.store.rows(part)
    assert len(before) == 480


def _headline(folder: Path) -> Path:
    return next((folder / "pairs").glob("headline-*"))


def _by_hand(path: Path, folder: Path) -> None:
    frame = pd.read_parquet(_headline(folder))
    frame.assign(D2=9.0, effect_24=50.0).to_parquet(path, index=False)


@pytest.mark.parametrize(
    ("change", "named"),
    [
        (lambda folder: _by_hand(_headline(folder), folder), "headline-"),
        (lambda folder: _by_hand(folder / "pairs/headline.parquet", folder), "headline.parquet"),
        (lambda folder: _edit(folder / "asked.json", lambda asked: asked.update(seed=2)), "asked.json"),
        (lambda folder: flipped(folder / "sets.parquet", random.Random(2)), "sets.parquet"),
        (lambda folder: flipped(next((folder / "pairs/variant/V4").iterdir()), random.Random(2)), "variant/V4"),
    ],
    ids=["headline", "headline beside", "asked", "sets", "variant"],
)
def test_no_verdict_is_given_on_evidence_that_was_changed(
    judged: Path, tmp_path: Path, change: Callable[[Path], object], named: str
) -> None:
    folder = shutil.copytree(judged, tmp_path / "study")
    change(folder)
    shown = CliRunner().invoke(app, ["verdict", str(folder)])
    assert shown.exit_code == 3, shown.output
    assert named in shown.stderr and "Supported" not in shown.stdout and not (folder / "manifest.json").exists()
    with pytest.raises(DataError):
        judge(Evidence(folder))


def test_a_verdict_has_no_word_before_every_treatment_is_simulated(judged: Path, tmp_path: Path) -> None:
    folder = shutil.copytree(judged, tmp_path / "study")
    _headline(folder).unlink()
    with pytest.raises(StudyError, match=r"headline of .* has not been made yet\. Let the study go on: sim verdict"):
        judge(Evidence(folder))


# --- Killed at any write


def _killed_at(write: int, after: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """Kill the process at the write of that number: before the file is in its place, or after."""
    honest, writes = os.replace, iter(range(1, 10_000))

    def replace(source: Path, target: Path) -> None:
        number = next(writes)
        if number != write or after:
            honest(source, target)
        if number == write:
            raise Killed

    monkeypatch.setattr(sealed.os, "replace", replace)


def _made(treatment: object, experiment: Experiment) -> pd.DataFrame:
    return pd.DataFrame({"run": range(len(experiment)), "effect_24": 1.0 * experiment.seed})


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Simulate few treatments, in no time."""
    every = verdict_study.treatments
    wanted = ("headline", "news", "end/", "variant/V4")

    def few(*args: Any) -> dict[str, Any]:
        return {name: one for name, one in every(*args).items() if name.startswith(wanted)}

    monkeypatch.setattr(verdict_study, "treatments", few)
    monkeypatch.setattr(verdict_study, "pairs", _made)
    monkeypatch.setattr(verdict_study, "simulate_all_months", lambda *_: (None, None, None))
    for name in ("month_rows", "fan_quantiles"):
        monkeypatch.setattr(verdict_study, name, lambda *_: pd.DataFrame({"months after the end": [0]}))
    monkeypatch.setattr(verdict_study, "aftermath", lambda *_: {"wooing": 0.0})


def _tried(folder: Path) -> None:
    evidence, planned = begin(folder, Experiment(short_war(), SETS, 3), Size(2, 0), ("2022-08",))
    simulate_treatments(evidence, planned)


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
def test_a_verdict_killed_at_any_write_ends_as_if_nothing_had_happened(
    tmp_path: Path, quick: None, after: bool
) -> None:
    _tried(tmp_path / "whole")
    whole = content(tmp_path / "whole")
    for write in range(1, len(whole)):
        folder = tmp_path / str(write)
        with pytest.MonkeyPatch.context() as patch:
            _killed_at(write, after, patch)
            with pytest.raises(Killed):
                _tried(folder)
        _tried(folder)
        assert content(folder) == whole, write


def test_two_processes_do_not_simulate_one_verdict(tmp_path: Path, quick: None) -> None:
    evidence, planned = begin(tmp_path, Experiment(short_war(), SETS, 3), Size(2, 0), ("2022-08",))
    with evidence.study.lock():
        for work in (lambda: simulate_treatments(Evidence(tmp_path), planned), lambda: _tried(tmp_path)):
            with pytest.raises(StudyError, match="another process is working on"):
                work()


def _replaced(folder: Path) -> StudyFolder:
    """Begin a study of three parts, and write the second of them again, otherwise."""
    beginning = StudyFolder(folder, "sweep", "outcomes", ("design.parquet",))
    with beginning.lock():
        beginning.tidy()
        if not beginning.exists():
            beginning.begin({"seed": 1}, {"design.parquet": b"points"})
        for name, held in (("one", b"1"), ("two", b"2"), ("three/deep", b"3"), ("two", b"other")):
            if not beginning.has(name) or held == b"other" != beginning.content(name):
                beginning.keep(name, held)
    return beginning


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
def test_a_part_that_is_replaced_is_the_one_or_the_other(tmp_path: Path, after: bool) -> None:
    whole = content(_replaced(tmp_path / "whole").folder)
    for write in range(1, 7):
        with pytest.MonkeyPatch.context() as patch:
            _killed_at(write, after, patch)
            with pytest.raises(Killed):
                _replaced(tmp_path / str(write))
        again = _replaced(tmp_path / str(write))
        assert again.content("two") == b"other"
        assert content(again.folder).keys() >= whole.keys()


def test_parts_whose_manifest_is_gone_serve_no_other_study(tmp_path: Path) -> None:
    beginning = _replaced(tmp_path)
    (tmp_path / "manifest.json").unlink()
    other = StudyFolder(beginning.folder, "sweep", "outcomes", ("design.parquet",))
    with pytest.raises(StudyError, match=r"stays: it is of a study whose manifest\.json is gone"):
        other.begin({"seed": 2}, {"design.parquet": b"points"})
    assert len(content(tmp_path)) == 5
