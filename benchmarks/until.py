"""What it costs to look whether a large sweep knows enough: ``python -m benchmarks.until [POINTS] [RUNS]``.

The parts are synthetic: columns as in a study's own, noise as the measure. The last point is never known well, so that
each look reads all that there is; looks of a study that goes on mostly end at one of the first points. What
simulating the same rows takes is extrapolated from a thousand of them. A process of its own looks, and compares all
parts with their digests each time, as one that goes on with a study does once. Processor seconds, one core.
"""

import resource
import sys
import tempfile
from concurrent.futures import ProcessPoolExecutor
from io import BytesIO
from multiprocessing import get_context
from pathlib import Path
from time import process_time

import numpy as np
import pandas as pd

from sim.scenario import load
from sim.studies import runner
from sim.studies.layout import Part
from sim.studies.specification import Sweep, stored_sweep, sweep_over_points
from sim.studies.stopping import Until
from sim.studies.store import Store, encode_rows
from sim.studies.worker import simulate_task

MEASURE, SAMPLE, NEVER = "effect_of_the_end", 1024, 100.0


def main() -> None:
    """Write synthetic parts, look after each round, and print what it took beside the run itself."""
    points, runs = (int(word) for word in [*sys.argv[1:], 100_000, 200][:2])
    varied = pd.DataFrame({"foresight": np.linspace(2.0, 12.0, points)})
    asked = sweep_over_points(load("baseline"), varied, runs=runs + 1, seed=1, until=Until(MEASURE, NEVER))
    row, seconds = _simulate_some(asked)
    print(f"{points:,} points x {len(asked.sets):,} parameter sets; a row takes {1e3 * seconds:.2f} ms to simulate")
    with tempfile.TemporaryDirectory() as folder, ProcessPoolExecutor(1, get_context("spawn")) as alone:
        store = Store(Path(folder))
        store.begin(asked.asked(), asked.points)
        looked = 0.0
        for round_ in range(store.layout.rounds - 1):
            for part in store.layout.parts(round_):
                store.keep(part, _noise(store, part, row, points - 1))
            took, megabytes = alone.submit(look, Path(folder), round_).result()
            looked += took
            rows = points * int(store.layout.ends[round_])
            print(f"after {rows:12,} rows: a look takes {took:6.2f} s, all looks {looked / rows / seconds:.3%} of the "
                  f"run; at most {megabytes} MB")  # fmt: skip


def look(folder: Path, round_: int) -> tuple[float, int]:
    """Look at all rounds up to one; return the processor seconds, and the megabytes the process has held at most."""
    store = Store(folder)
    asked = stored_sweep(store)
    _ = asked.sets
    begun = process_time()
    assert not runner._enough(store, asked, round_)
    return process_time() - begun, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def _simulate_some(asked: Sweep) -> tuple[pd.DataFrame, float]:
    """Return one row of a study, and the processor seconds that each of many takes."""
    part = Part(0, 0, SAMPLE)
    simulate_task(asked.task(Part(0, 0, 1)))  # gets the engine ready
    begun = process_time()
    files = simulate_task(asked.task(part))
    return pd.read_parquet(BytesIO(files.outcomes)).head(1), (process_time() - begun) / SAMPLE


def _noise(store: Store, part: Part, row: pd.DataFrame, wide: int) -> bytes:
    """Return a part whose measure is noise, and at one point much of it; all else is one row again and again."""
    runs = np.arange(part.first, part.stop)
    point, replicate = store.layout.places(runs)
    noise = np.random.default_rng(part.number).normal(size=len(runs)) * np.where(point == wide, 1e6, 1.0)
    rows = row.loc[np.zeros(len(runs), dtype=int)].reset_index(drop=True)
    return encode_rows(rows.assign(run=runs, point=point, replicate=replicate, **{MEASURE: noise}))


if __name__ == "__main__":
    main()
