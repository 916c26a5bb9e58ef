"""The folder of a study: whole files or none, damage that is noticed, tables that open in one line."""

import random
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from sim.storage.study_errors import StudyError
from sim.studies.layout import Part
from sim.studies.store import Store, encode_rows
from sim.studies.sweep_runner import on_threads
from tests.studies.studies import small

PART = Part(0, 0, 300)


def _rows() -> pd.DataFrame:
    noise = np.random.default_rng(1).normal(size=300)
    return pd.DataFrame(
        {"run": np.arange(300), "point": np.arange(300) // 100, "effect_of_the_end": noise, "war_ends": "2027-01",
         "fingerprint": np.arange(300) * 7, "error": None}
    )  # fmt: skip


def _kept(folder: Path) -> Store:
    store = Store(folder)
    store.begin({"points": 3, "runs": 200, "step": 200}, pd.DataFrame({"foresight": [1.0, 2.0, 3.0]}))
    store.keep(PART, encode_rows(_rows()))
    return store


def _same(store: Store) -> None:
    """Compare what is stored, bit for bit, with what was kept."""
    assert encode_rows(store.rows(PART)) == encode_rows(_rows())


def test_rows_come_back_as_they_were_kept(tmp_path: Path) -> None:
    store = _kept(tmp_path)
    assert store.verify(PART)
    _same(store)
    assert encode_rows(_rows()) == encode_rows(_rows())
    assert encode_rows(_rows().iloc[:0].astype(_rows().dtypes)) != encode_rows(_rows())


def test_types_do_not_depend_on_what_the_rows_hold() -> None:
    import io

    import pyarrow.parquet as pq

    full, empty = _rows(), _rows().assign(effect_of_the_end=np.nan, war_ends=None)
    schemas = [pq.read_schema(io.BytesIO(encode_rows(frame))).remove_metadata() for frame in (full, empty)]
    assert schemas[0] == schemas[1]


def _file(folder: Path) -> Path:
    (path,) = (folder / "outcomes").iterdir()
    return path


def test_a_missing_or_cut_part_is_not_sound(tmp_path: Path) -> None:
    store = _kept(tmp_path)
    path = _file(tmp_path)
    whole = path.read_bytes()
    assert not store.verify(Part(1, 300, 400))
    for length in (0, 1, 100, len(whole) // 2, len(whole) - 1):
        path.write_bytes(whole[:length])
        assert not store.verify(PART)
    path.write_bytes(whole)
    assert store.verify(PART)
    path.unlink()
    assert not Store(tmp_path).has(PART)
    assert not store.verify(PART)


def test_any_damage_is_noticed(tmp_path: Path) -> None:
    store = _kept(tmp_path)
    path = _file(tmp_path)
    whole, chance = path.read_bytes(), random.Random(5)
    for _ in range(300):
        damaged = bytearray(whole)
        damaged[chance.randrange(len(whole))] ^= 1 << chance.randrange(8)
        path.write_bytes(bytes(damaged))
        assert not store.verify(PART)
    store.keep(PART, encode_rows(_rows()))
    assert _file(tmp_path).read_bytes() == whole


def test_a_part_that_is_mended_takes_the_place_of_the_damaged_one(tmp_path: Path) -> None:
    store = _kept(tmp_path)
    good = _file(tmp_path)
    bad = good.with_name("part-000000-0123456789abcdef.parquet")
    good.rename(bad)
    store = Store(tmp_path)
    assert not store.verify(PART)
    store.keep(PART, encode_rows(_rows()))
    assert _file(tmp_path) == good


def test_a_file_is_there_whole_or_not_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = _kept(tmp_path)

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(StudyError, match=r"part-000001.*no space left on device.*kept before is whole"):
        store.keep(Part(1, 300, 600), encode_rows(_rows()))
    assert _file(tmp_path).name.startswith("part-000000-")
    assert not store.has(Part(1, 300, 600))


def test_two_lockers_exclude_each_other_and_leave_nothing_behind(tmp_path: Path) -> None:
    store = Store(tmp_path)
    other = Store(tmp_path).study
    with store.study.lock(), pytest.raises(StudyError, match="another process is working on"), other.lock():
        pass
    with store.study.lock():
        pass
    assert (tmp_path / "study.lock").read_bytes() == b""


@pytest.mark.parametrize(
    ("manifest", "says"),
    [
        (None, "there is no study in"),
        ("{", "is damaged"),
        ("[]", "is damaged"),
        ('{"kind": "run"}', "not written by sim sweep, but by sim run"),
    ],
)
def test_a_folder_without_a_study_is_told_so(tmp_path: Path, manifest: str | None, says: str) -> None:
    if manifest is not None:
        (tmp_path / "manifest.json").write_text(manifest)
    with pytest.raises(StudyError, match=says):
        _ = Store(tmp_path).manifest


def test_tables_open_in_one_line_each(tmp_path: Path) -> None:
    import duckdb
    import xarray

    on_threads(small(runs=4), tmp_path, jobs=1)
    frame = pd.read_parquet(tmp_path / "outcomes").merge(pd.read_parquet(tmp_path / "design.parquet"), on="point")
    assert len(frame) == 48
    cube = frame.set_index(["postwar_need", "war.ends", "replicate"]).to_xarray()
    assert isinstance(cube, xarray.Dataset)
    assert cube["effect_of_the_end"].shape == (4, 3, 4)
    both = f"'{tmp_path}/outcomes/*.parquet' join '{tmp_path}/design.parquet' using (point)"
    shares = duckdb.sql(f"select postwar_need, avg(D2::int) from {both} group by 1").df()
    means = frame.groupby("postwar_need")["D2"].mean()
    assert shares.set_index("postwar_need").sort_index().iloc[:, 0].tolist() == means.tolist()


def test_whatever_came_true_or_not_is_a_boolean_that_may_be_missing_and_points_are_a_column(tmp_path: Path) -> None:
    import pyarrow.parquet as pq

    on_threads(small(runs=4), tmp_path, jobs=1)
    schema = pq.read_schema(_file(tmp_path))
    yes_no = {name for name in schema.names if schema.field(name).type == "bool"}
    assert yes_no == {"judged", *(f"D{k}" for k in range(1, 6)), *(f"D{k}_without_end" for k in (1, 3, 4, 5))}
    came = pd.read_parquet(_file(tmp_path))["D2"]
    assert came.dtype == "boolean" and came.isna().any() and came.notna().any()
    assert pq.read_schema(tmp_path / "design.parquet").names == ["point", "postwar_need", "war.ends"]
