"""One process at a time: a lock on an open file, which falls away with the process however it ends."""

from typing import IO


def taken(file: IO[str]) -> bool:
    """Take the lock of an open file and return True, or return False where another process has it."""
    try:
        import fcntl
    except ImportError:
        import msvcrt

        try:
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined]
        except OSError:
            return False
        return True
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
