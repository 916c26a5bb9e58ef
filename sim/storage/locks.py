"""One process at a time: a lock on an open file, which falls away with the process however it ends."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO

_BYTE = 1 << 30  # far behind what a file of locks holds, for Windows lets nobody read a byte that is locked


@contextmanager
def lock_file(file: IO[str]) -> Iterator[bool]:
    """Hold the lock of an open file and yield True, or yield False where another process holds it.

    The kernel's lock where there is one, of the whole file or, on Windows, of one byte that is the same for everybody.
    Where there is none, as in a browser, one process is all there is, and it always holds the lock.
    """
    try:
        import fcntl
    except ImportError:
        with _lock_byte(file.fileno()) as ours:
            yield ours
        return
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        yield False
    else:
        yield True  # closing the file gives the lock back


@contextmanager
def _lock_byte(handle: int) -> Iterator[bool]:
    """Hold the lock of one fixed byte, as Windows has it: of the bytes from the current position on."""
    try:
        import msvcrt
    except ImportError:
        yield True
        return
    os.lseek(handle, _BYTE, os.SEEK_SET)
    try:
        msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined]
    except OSError:
        yield False
        return
    try:
        yield True
    finally:
        os.lseek(handle, _BYTE, os.SEEK_SET)
        msvcrt.locking(handle, msvcrt.LK_UNLCK, 1)  # type: ignore[attr-defined]
