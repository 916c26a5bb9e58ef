"""Compile the rules for the next time: ``python -m sim.engine.making``."""

import os
from contextlib import suppress
from pathlib import Path

from sim.engine.compiled import engine as compiled
from sim.scenario.values import resolve
from sim.storage.locks import taken


def main() -> None:
    """Compile, unless another process does."""
    _step_back()
    with open(compiled.cache_home() / "making", "w") as mine:
        if taken(mine):
            compiled.kernel(tuple(resolve({})))


def _step_back() -> None:
    """Leave the processors to everybody else."""
    if hasattr(os, "nice"):
        os.nice(19)
    with suppress(OSError):  # Linux may weigh whole sessions against one another, and this process has its own
        Path("/proc/self/autogroup").write_text("19", encoding="utf-8")


if __name__ == "__main__":
    main()
