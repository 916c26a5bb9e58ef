"""Compile the rules for the next time: ``python -m sim.engine.making``."""

import os
import sys
from typing import IO

from sim.engine.compiled import engine as compiled
from sim.scenario.values import resolve


def main() -> None:
    """Compile, unless another process does."""
    if hasattr(os, "nice"):
        os.nice(19)
    with open(compiled.cache_home() / "making", "w") as mine:
        if _locked(mine):
            compiled.kernel(tuple(resolve({})))


def _locked(file: IO[str]) -> bool:
    """Lock a file, if nobody has; the lock goes with the process."""
    try:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


if __name__ == "__main__":
    main()
