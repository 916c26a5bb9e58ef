"""One process at a time works on a study, on systems that these tests do not run on too."""

import os
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from sim.storage.study_errors import StudyError
from sim.studies.store import Store


def _windows_locks() -> SimpleNamespace:
    """Return locks as Windows has them: of bytes from the current position on, and of the handle that took them."""
    held: dict[tuple[int, int], int] = {}

    def locking(handle: int, mode: int, count: int) -> None:
        place = os.lseek(handle, 0, os.SEEK_CUR)
        for byte in range(place, place + count):
            owner = held.get((os.fstat(handle).st_ino, byte))
            if mode == windows.LK_UNLCK and owner == handle:
                del held[os.fstat(handle).st_ino, byte]
            elif mode == windows.LK_NBLCK and owner is None:
                held[os.fstat(handle).st_ino, byte] = handle
            else:
                raise PermissionError(13, "Permission denied")

    windows = SimpleNamespace(LK_NBLCK=2, LK_UNLCK=0, locking=locking, held=held)
    return windows


@pytest.fixture
def windows(monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    """A system without ``fcntl``, whose ``msvcrt`` locks bytes."""
    locks = _windows_locks()
    monkeypatch.setitem(sys.modules, "fcntl", None)
    monkeypatch.setitem(sys.modules, "msvcrt", locks)
    return locks


def test_on_windows_a_second_locker_is_kept_off(tmp_path: Path, windows: SimpleNamespace) -> None:
    other = Store(tmp_path).study
    with Store(tmp_path).study.lock():
        with pytest.raises(StudyError, match=f"another process is working on .*process {os.getpid()}"), other.lock():
            pass
        (place,) = [byte for _, byte in windows.held]
        assert place > (tmp_path / "study.lock").stat().st_size, "nobody may read what is locked"
    with other.lock():
        pass
    assert not windows.held
    assert (tmp_path / "study.lock").read_bytes() == b""


def test_on_windows_a_lock_falls_away_where_the_work_fails(tmp_path: Path, windows: SimpleNamespace) -> None:
    with pytest.raises(ZeroDivisionError), Store(tmp_path).study.lock():
        raise ZeroDivisionError
    assert not windows.held


def test_where_one_process_is_all_there_is_nothing_is_locked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "fcntl", None)
    monkeypatch.setitem(sys.modules, "msvcrt", None)
    with Store(tmp_path).study.lock():
        assert (tmp_path / "study.lock").read_text() == f"process {os.getpid()}"
    assert (tmp_path / "study.lock").read_bytes() == b""
