"""The recipes for Slurm, against a scheduler that processes of this machine play: no Slurm is here."""

import os
import runpy
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

import sim
from sim.studies.sweep_file import load_sweep
from sim.studies.sweep_runner import on_threads
from tests.studies.studies import content, write_file

EXAMPLES = Path(__file__).parents[2] / "examples"
FILE = "scenario: ./short-war.yaml\nvary:\n  postwar_need: {span: [0, 1.6, 5]}\nruns: 8\nseed: 5\n"
# sbatch copies the script, whose file may be gone as soon as sbatch has answered, starts the copy and says its number,
# which is that of the process; scancel ends it.
PLAYED = {
    "sbatch": '#!/bin/sh\ncp "$1" "$0.job.$$"\n'
    'setsid sh "$0.job.$$" >"$0.log.$$" 2>&1 &\necho "Submitted batch job $!"\n',
    "scancel": '#!/bin/sh\nfor job in "$@"; do kill -TERM -- "-$job"; done\n',
}


def test_a_script_stays_open_until_its_jobs_have_done_the_sweep(tmp_path: Path) -> None:
    pytest.importorskip("dask_jobqueue")
    for name, text in PLAYED.items():
        (tmp_path / name).write_text(text)
        (tmp_path / name).chmod(0o755)
    file = write_file(tmp_path, FILE)
    place = os.environ | {"PATH": f"{tmp_path}:{os.environ['PATH']}", "PYTHONPATH": str(EXAMPLES.parent)}
    words = (sys.executable, EXAMPLES / "slurm_with_dask.py", file, tmp_path / "study", "2", "interface=lo")
    done = subprocess.run(words, env=place, cwd=tmp_path, capture_output=True, text=True, timeout=900)
    assert done.returncode == 0, done.stderr + "".join(log.read_text() for log in tmp_path.glob("sbatch.log*"))
    assert "40 of 40 runs" in done.stdout
    assert len(list(tmp_path.glob("sbatch.log.*"))) == 2
    on_threads(load_sweep(file), tmp_path / "alone", jobs=1)
    assert content(tmp_path / "study") == content(tmp_path / "alone")


def test_an_array_of_tasks_is_read_as_one_study(tmp_path: Path) -> None:
    file, recipe = str(write_file(tmp_path, FILE)), runpy.run_path(str(EXAMPLES / "slurm_array.py"))
    for task in range(3):
        recipe["main"](file, str(tmp_path / "array"), task, 3)
    together = recipe["read"](file, str(tmp_path / "array")).reset_index(drop=True)
    alone = sim.carry_out(load_sweep(file), tmp_path / "alone", jobs=1).outcomes
    alone = alone.sort_values(["point", "replicate"]).reset_index(drop=True)
    pd.testing.assert_frame_equal(together[list(alone)], alone, check_dtype=False)
    with pytest.raises(SystemExit, match="until waits for all points"):
        recipe["main"](str(write_file(tmp_path, FILE + "until: {D2: 9}\n")), str(tmp_path / "never"), 0, 2)
