"""States as of a month: the same name means the same states, and the cache holds what was written or nothing."""

import io
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from sim.engine.experiment import Experiment
from sim.engine.sets import Sets
from sim.inference import known_states
from sim.inference.filtering import FilterSettings, filter_states, known_world
from sim.inference.known_states import sets_as_of, states_fingerprint
from sim.inference.parameter_sets import retained_sets
from sim.inference.states import decode_states
from sim.storage.study_errors import DamageError
from tests.inference.filter_recorded import FILE, small_filter

RECORD = "record it: python -m tests.inference.filter_recorded"


def test_the_version_of_the_filter_moves_when_it_does() -> None:
    first, *_ = FILE.read_text(encoding="utf-8").splitlines()
    assert first == f"# {states_fingerprint()}", (
        f"the filter rests on other rules, registers, sets or records: {RECORD}"
    )
    try:
        pd.testing.assert_frame_equal(small_filter(), pd.read_csv(FILE, comment="#"), rtol=1e-6)
    except AssertionError as error:
        pytest.fail(f"raise VERSION in sim/inference/__init__.py, then {RECORD}\n{error}")


# --- The cache


@pytest.fixture(scope="module")
def few() -> Sets:
    return filter_states(
        Experiment(known_world("2020-02"), retained_sets(), 3), FilterSettings(particles=32, states=8)
    ).sets


@pytest.fixture
def cache(few: Sets, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Have states filtered in no time, into a cache of their own, where every look is the first."""
    monkeypatch.setenv("DRIFTBACK_CACHE", str(tmp_path))
    monkeypatch.setattr(known_states, "filter_states", lambda *_: type("Filtered", (), {"sets": few}))
    monkeypatch.setattr(known_states, "_standing", known_states._standing.__wrapped__)
    return tmp_path


def _same(one: Sets, other: Sets) -> bool:
    assert one.states is not None and other.states is not None
    pairs = zip(vars(one.states).values(), vars(other.states).values(), strict=True)
    return one.values.equals(other.values) and all(np.array_equal(*pair) for pair in pairs)


def test_states_are_filtered_once_and_kept(
    cache: Path, few: Sets, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert _same(sets_as_of("2020-02"), few)
    monkeypatch.setattr(known_states, "filter_states", lambda *_: pytest.fail("filtered again"))
    assert _same(sets_as_of("2020-02"), few)
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize("damage", ["cut", "flipped", "emptied"])
def test_a_kept_file_that_is_not_what_was_written_is_made_again_with_a_word(
    cache: Path, few: Sets, damage: str, capsys: pytest.CaptureFixture[str]
) -> None:
    sets_as_of("2020-02")
    (file,) = cache.glob("*.npz")
    held = file.read_bytes()
    half = len(held) // 2
    changed = {"cut": held[:half], "flipped": held[:half] + bytes([held[half] ^ 1]) + held[half + 1 :], "emptied": b""}
    file.write_bytes(changed[damage])
    assert _same(sets_as_of("2020-02"), few)
    assert str(file) in (said := capsys.readouterr().err) and "made again" in said
    assert [(path.name, path.read_bytes()) for path in cache.glob("*.npz")] == [(file.name, held)]


# --- Files of states that hold none

ARRAYS = {"names": np.array(["a"]), "values": np.ones((2, 1)), "months": np.array(1), "memory": np.ones((3, 2)),
          "series": np.ones((2, 1, 1)), "played": np.zeros((2, 1, 1), dtype=np.int8)}  # fmt: skip


def packed(arrays: dict[str, np.ndarray], deflated: bool = False) -> bytes:
    sink = io.BytesIO()
    (np.savez_compressed if deflated else np.savez)(sink, **arrays)
    return sink.getvalue()


def flipped(content: bytes, at: int) -> bytes:
    return content[:at] + bytes([content[at] ^ 0xFF]) + content[at + 1 :]


def of_another_method(content: bytes) -> bytes:
    """Return a zip file that says everywhere that it is packed by a method that there is not."""
    for mark, place in ((b"PK\x03\x04", 8), (b"PK\x01\x02", 10)):
        at = content.find(mark)
        while at >= 0:
            content = content[: at + place] + b"\x63\x00" + content[at + place + 2 :]
            at = content.find(mark, at + 4)
    return content


DEFLATED = packed(ARRAYS | {"names": np.array(["a" * 3_000])}, deflated=True)
NO_STATES = {
    "nothing": b"", "words": b"no states", "half of them": packed(ARRAYS)[:400],
    "another method": of_another_method(DEFLATED),
    "a flipped block": flipped(DEFLATED, DEFLATED.index(b"names.npy") + 30),
    "objects": packed(ARRAYS | {"names": np.array([None])}),
    "more names": packed(ARRAYS | {"names": np.array(["a", "b"])}),
    **{f"no {name}": packed({key: array for key, array in ARRAYS.items() if key != name}) for name in ARRAYS},
}  # fmt: skip


@pytest.mark.parametrize("content", NO_STATES.values(), ids=NO_STATES)
def test_a_file_that_holds_no_states_is_told_as_damaged(content: bytes) -> None:
    whole = decode_states(packed(ARRAYS), Path("states.npz"))
    assert whole.values.to_dict("list") == {"a": [1.0, 1.0]} and whole.states is not None and whole.states.months == 1
    with pytest.raises(DamageError, match=r"states\.npz holds no states"):
        decode_states(content, Path("states.npz"))
