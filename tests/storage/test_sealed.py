"""A file is whole whoever writes it, and however many; what is written into a folder stays in it."""

import multiprocessing
from pathlib import Path
from threading import Barrier

import pandas as pd
import pytest

from sim.storage import folder, sealed
from sim.storage.folder import LOCK, StudyFolder, encode_table
from sim.storage.study_errors import DamageError, StudyError

WRITERS, TIMES = 40, 10


def _write(file: Path, number: int, all_there: Barrier) -> None:
    all_there.wait()
    for _ in range(TIMES):
        sealed.put(file, bytes([number]) * 100_000)


def test_forty_processes_that_write_one_file_leave_one_whole_file(tmp_path: Path) -> None:
    file, context = tmp_path / "states.npz", multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["sim.storage.sealed"])
    all_there = context.Barrier(WRITERS)
    writers = [context.Process(target=_write, args=(file, number, all_there)) for number in range(WRITERS)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert [writer.exitcode for writer in writers] == [0] * WRITERS
    held = file.read_bytes()
    assert held == held[:1] * 100_000
    assert [path.name for path in tmp_path.iterdir()] == [file.name]


def _results(folder: Path) -> dict[str, object]:
    (folder / "states.npz").write_bytes(b"states")
    sealed.seal(folder / sealed.MANIFEST, {"kind": "filter", "files": {"states.npz": sealed.digest(b"states")}})
    return dict(sealed.read_results(folder, "filter"))


def test_a_file_of_results_is_read_as_it_was_written_or_not_at_all(tmp_path: Path) -> None:
    made, file = _results(tmp_path), tmp_path / "states.npz"
    assert sealed.content(tmp_path, made, "states.npz") == b"states"
    assert sealed.content(tmp_path, made, "start.npz") is None, "these results have none"
    file.write_bytes(b"stateS")
    with pytest.raises(DamageError, match=r"states\.npz is not what was written"):
        sealed.content(tmp_path, made, "states.npz")
    file.unlink()
    with pytest.raises(DamageError, match=r"states\.npz is missing"):
        sealed.content(tmp_path, made, "states.npz")


def test_results_of_before_name_their_files_and_no_more(tmp_path: Path) -> None:
    made, file = {"files": ["states.npz"]}, tmp_path / "states.npz"
    file.write_bytes(b"whatever")
    assert sealed.content(tmp_path, made, "states.npz") == b"whatever"
    file.unlink()
    with pytest.raises(DamageError, match=r"states\.npz is missing"):
        sealed.content(tmp_path, made, "states.npz")


def test_a_lock_that_is_a_link_leads_nowhere(tmp_path: Path) -> None:
    letter, study = tmp_path / "letter.txt", tmp_path / "study"
    letter.write_text("dear", encoding="utf-8")
    study.mkdir()
    (study / LOCK).symlink_to(letter)
    with pytest.raises(StudyError, match="is a link"), StudyFolder(study, "sweep", "outcomes", ()).lock():
        pytest.fail("it was locked")
    assert letter.read_text(encoding="utf-8") == "dear"


@pytest.mark.parametrize("content", [b"{", b"[1]", b"3", b"\xff", b"[" * 100_000, b""])
def test_a_manifest_that_cannot_be_read_is_none_and_one_that_is_not_there_is_missing(
    content: bytes, tmp_path: Path
) -> None:
    file = tmp_path / "manifest.json"
    for path in (file, tmp_path / "another" / "manifest.json"):
        with pytest.raises(FileNotFoundError):
            sealed._parsed(path)
    file.write_bytes(content)
    assert sealed._parsed(file) is None
    with pytest.raises(FileNotFoundError):
        sealed._parsed(file / "manifest.json")


def test_a_part_that_is_no_table_or_lacks_a_column_is_damaged(tmp_path: Path) -> None:
    table, words = tmp_path / "part.parquet", tmp_path / "words.parquet"
    table.write_bytes(encode_table(pd.DataFrame({"a": [1.5]})))
    words.write_bytes(b"no table")
    assert folder._frame(table, ["a"]).to_dict("list") == {"a": [1.5]}
    for path, columns in ((words, None), (table, ["b"]), (tmp_path, None), (tmp_path / "none.parquet", None)):
        with pytest.raises(DamageError, match="cannot be read as a table"):
            folder._frame(path, columns)
