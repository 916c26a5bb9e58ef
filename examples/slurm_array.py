"""A sweep as an array job of Slurm, without Dask: each task simulates a share of the points into a study of its own.

``sbatch --array=0-19 --wrap "python slurm_array.py SWEEP FOLDER"`` simulates it, and
``python slurm_array.py SWEEP FOLDER read`` reads all studies as one table. A task that was killed goes on when its
number is submitted again. The sweep file has to say its seed, for all points share one, and no ``until``, for no task
sees the points of the others.
"""

import os
import sys
from pathlib import Path

import pandas as pd

import sim


def main(sweep: str, folder: str, task: int, tasks: int) -> None:
    """Simulate every ``tasks``-th point of a sweep, beginning with number ``task``."""
    asked = sim.load_sweep(sweep)
    if asked.until:
        raise SystemExit(f"{sweep}: until waits for all points, and a task has some of them. Leave it out")
    points = asked.points.iloc[task::tasks]
    if len(points):
        out = Path(folder, f"{task:04d}")
        sim.sweep(asked.scenario, points, out, asked.runs, asked.seed, series=asked.series, jobs=1)


def read(sweep: str, folder: str) -> pd.DataFrame:
    """Return the outcomes of all studies in a folder as one table; ``point`` is that of the whole design."""
    studies = sorted(path for path in Path(folder).iterdir() if path.name.isdecimal())
    missing = [path.name for path in studies if not sim.study(path).progress.finished]
    if missing:
        print(f"not finished: {', '.join(missing)}", file=sys.stderr)
    whole = pd.concat([sim.study(path).outcomes for path in studies])
    design = sim.load_sweep(sweep).points.reset_index()
    return whole.drop(columns="point").merge(design, on=list(design.columns[1:])).sort_values(["point", "replicate"])


if __name__ == "__main__":
    if sys.argv[3:] == ["read"]:
        print(read(*sys.argv[1:3]).groupby("point")["effect_of_the_end"].describe())
    else:
        main(*sys.argv[1:3], int(os.environ["SLURM_ARRAY_TASK_ID"]), int(os.environ["SLURM_ARRAY_TASK_COUNT"]))
