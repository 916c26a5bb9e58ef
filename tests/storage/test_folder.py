"""A study's folder in each state a killed process may leave, and what it says of files that are not its own."""

from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from sim.storage.folder import LOCK, StudyFolder, encode_table
from sim.storage.sealed import SUFFIX
from sim.storage.study_errors import DamageError, StudyError


def begun(folder: Path, **asked: object) -> StudyFolder[Any]:
    """Return a study with three parts, one of them in a folder of its own."""
    beginning = StudyFolder[Any](folder, "sweep", "parts", ("design.parquet",))
    with beginning.lock():
        beginning.begin({"seed": 1, **asked}, {"design.parquet": b"points"})
        for name in ("one", "two", "deep/three"):
            beginning.keep(name, name.encode())
    return beginning


def again(folder: Path) -> StudyFolder[Any]:
    return StudyFolder[Any](folder, "sweep", "parts", ("design.parquet",))


def files(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted((folder / "parts").rglob("*")) if path.is_file()}


@pytest.mark.parametrize("sound", [True, False], ids=["both sound", "one damaged"])
def test_of_a_part_that_stands_twice_tidying_leaves_one_that_is_sound(tmp_path: Path, sound: bool) -> None:
    """A process was killed after it had written a part anew and before it took the old one away."""
    study = begun(tmp_path)
    before = files(tmp_path)
    (old,) = (tmp_path / "parts").glob("two-*")
    held = old.read_bytes()
    study.keep("two", b"another")
    old.write_bytes(held if sound else b"damaged")
    assert len(files(tmp_path)) == 4
    again(tmp_path).tidy()
    assert len(files(tmp_path)) == 3
    assert again(tmp_path).content("two") in ((held, b"another") if sound else (b"another",))
    assert {name: content for name, content in files(tmp_path).items() if not name.startswith("two")} == {
        name: content for name, content in before.items() if not name.startswith("two")
    }


def test_tidying_takes_away_what_was_half_written_and_nothing_else(tmp_path: Path) -> None:
    begun(tmp_path)
    before = files(tmp_path)
    half = [tmp_path / "parts" / "deep" / f"four{SUFFIX}", tmp_path / "parts" / f"five{SUFFIX}"]
    for path in half:
        path.write_bytes(b"half")
    again(tmp_path).tidy()
    assert files(tmp_path) == before


def test_a_part_that_is_not_asked_for_is_told_by_its_file(tmp_path: Path) -> None:
    study = begun(tmp_path)
    study.reject_strays(["one", "two", "deep/three", "never made"])
    with pytest.raises(DamageError, match=r"three-[0-9a-f]{16}\.parquet is no file of this study"):
        study.reject_strays(["one", "two"])


def test_a_table_among_the_parts_that_has_no_digest_in_its_name_is_told(tmp_path: Path) -> None:
    begun(tmp_path)
    (tmp_path / "parts" / "notes.txt").write_text("mine", encoding="utf-8")
    assert again(tmp_path).names() == ["deep/three", "one", "two"], "what is no table is nothing to readers"
    (tmp_path / "parts" / "copy of one.parquet").write_bytes(b"one")
    with pytest.raises(DamageError, match="copy of one"):
        again(tmp_path).names()


def test_clearing_takes_the_parts_and_leaves_what_was_asked(tmp_path: Path) -> None:
    study = begun(tmp_path)
    study.clear()
    assert not files(tmp_path) and not study.names() and not again(tmp_path).names()
    assert again(tmp_path).manifest["seed"] == 1 and (tmp_path / "design.parquet").read_bytes() == b"points"


def test_a_part_of_another_study_or_another_name_is_not_sound(tmp_path: Path) -> None:
    study, other = begun(tmp_path / "a"), begun(tmp_path / "b", model="other")
    assert all(study.verify(name) and other.verify(name) for name in ("one", "two", "deep/three"))
    (mine,), (theirs,) = ((tmp_path / name / "parts").glob("one-*") for name in "ab")
    mine.unlink()
    theirs.rename(mine.with_name(theirs.name))
    back = again(tmp_path / "a")
    assert back.has("one") and not back.verify("one")
    with pytest.raises(DamageError, match="made anew by: sim sweep"):
        back.content("one")
    with pytest.raises(StudyError, match=r"four of .* has not been made yet"):
        back.content("four")


def test_words_of_a_manifest_decide_no_result_and_all_else_does(tmp_path: Path) -> None:
    parts = [set(files(begun(tmp_path / name, **more).folder)) for name, more in
             {"a": {}, "b": {"command": "sim sweep", "question": "why?"}, "c": {"runs": 2}}.items()]  # fmt: skip
    assert parts[0] == parts[1] and not parts[0] & parts[2]


def test_a_question_asked_otherwise_is_another_study_and_its_command_is_no_matter(tmp_path: Path) -> None:
    study = begun(tmp_path, command="sim sweep", runs=2)
    assert study.differs_in({"seed": 1, "runs": 2, "command": "sim other"}) == []
    assert study.differs_in({"seed": 2, "runs": 2, "jobs": 4}) == ["seed", "jobs"]
    assert study.differs_in({"seed": 2, "jobs": 4}, lambda key, was, now: key == "seed") == ["jobs"]
    with pytest.raises(StudyError, match=r"differs in seed, runs\. .*; write elsewhere"):
        study.settle({"seed": 3, "runs": 4}, {}, "write elsewhere", lambda key, was, now: was == now)


def test_a_table_is_put_back_where_the_bytes_are_those_that_were(tmp_path: Path) -> None:
    design = encode_table(pd.DataFrame({"x": [1.0, 2.0]}))
    study = StudyFolder[Any](tmp_path, "sweep", "parts", ("design.parquet",))
    study.begin({"seed": 1}, {"design.parquet": design})
    (tmp_path / "design.parquet").write_bytes(b"damaged")
    study.repair("design.parquet", encode_table(pd.DataFrame({"x": [1.0, 3.0]})))
    with pytest.raises(DamageError, match=r"design\.parquet is not what was written"):
        again(tmp_path).table("design.parquet")
    study.repair("design.parquet", design)
    assert again(tmp_path).table("design.parquet")["x"].tolist() == [1.0, 2.0]


def test_a_folder_that_holds_other_things_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("dear", encoding="utf-8")
    with pytest.raises(StudyError, match=r"holds other things \(letter\.txt\)"), again(tmp_path).lock():
        pass
    assert [path.name for path in tmp_path.iterdir()] == ["letter.txt"]
    (tmp_path / "letter.txt").rename(tmp_path / LOCK)
    (tmp_path / "parts").mkdir()
    with again(tmp_path).lock():
        pass


def test_some_columns_of_a_part_are_read_alone(tmp_path: Path) -> None:
    study = begun(tmp_path)
    study.keep("four", encode_table(pd.DataFrame({"x": [1, 2], "y": [3, 4]}, index=[7, 8])))
    assert study.rows("four").to_dict("list") == {"x": [1, 2], "y": [3, 4]}
    assert study.rows("four", ["y"]).to_dict("list") == {"y": [3, 4]}
    with pytest.raises(DamageError, match="cannot be read as a table"):
        study.rows("one")
