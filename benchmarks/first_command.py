"""What the README's first command costs before anything is compiled, and after: ``python -m benchmarks.first_command``.

Each row runs it in a folder of its own, with caches of its own that are empty at first: by the compiled engine, which
compiles first, by the compiled engine once more, and by the batch engine. Processor seconds are those of the command
and of the processes that it waits for, whatever else the machine does.
"""

import os
import resource
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

COMMAND = ("run", "war-ends-early", "--seed", "7", "--overwrite", "--quiet")
ROWS = (
    ("nothing compiled before", "compiled"),
    ("compiled before", "compiled"),
    ("without a compiler", "batch"),
)


def timed(engine: str, home: Path) -> tuple[float, float]:
    """Return the seconds by the clock, and by the processors, of the command in a folder."""
    caches = {"XDG_CACHE_HOME": str(home), "DRIFTBACK_CACHE": str(home / engine), "MPLCONFIGDIR": str(home / engine)}
    before, begun = resource.getrusage(resource.RUSAGE_CHILDREN), perf_counter()
    subprocess.run(
        [sys.executable, "-m", "sim", *COMMAND],
        env=os.environ | caches | {"DRIFTBACK_ENGINE": engine, "PYTHONPATH": str(Path(__file__).parents[1])},
        cwd=home,
        check=True,
        stdout=subprocess.DEVNULL,
    )
    took, after = perf_counter() - begun, resource.getrusage(resource.RUSAGE_CHILDREN)
    return took, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main() -> None:
    """Print a row for each state of the caches."""
    print(f"{'sim ' + ' '.join(COMMAND[:4]):36}{'seconds':>10}{'of processors':>16}")
    with TemporaryDirectory() as folder:
        for name, engine in ROWS:
            took, worked = timed(engine, Path(folder))
            print(f"{name:36}{took:10.1f}{worked:16.1f}", flush=True)


if __name__ == "__main__":
    main()
