"""A sweep whose workers are jobs of Slurm: ``python slurm_with_dask.py SWEEP FOLDER JOBS [OPTION=VALUE ...]``.

Run it where jobs can be submitted, in ``tmux`` or as a job of its own, with the extra ``cluster`` installed. It stays
open while the sweep runs, for it holds the scheduler and writes the study, and it ends when the sweep is done. Killed
and started again, the study goes on. Options are those of ``dask_jobqueue.SLURMCluster``, such as
``walltime=02:00:00``.
"""

import sys

import sim


def main(sweep: str, folder: str, jobs: int, **options: str) -> None:
    """Simulate a sweep on so many jobs of one core each."""
    from dask_jobqueue import SLURMCluster

    asked = sim.load_sweep(sweep, otherwise=1)
    usual = {"memory": "2GB", "walltime": "02:00:00"}
    with SLURMCluster(cores=1, processes=1, **(usual | options)) as cluster:
        cluster.scale(jobs=jobs)
        study = sim.carry_out(asked, folder, cluster=cluster.scheduler_address)
    print(f"{study.progress.done:,} of {study.progress.total:,} runs are in {folder}")


if __name__ == "__main__":
    sweep, folder, jobs, *options = sys.argv[1:]
    main(sweep, folder, int(jobs), **dict(option.split("=", 1) for option in options))
