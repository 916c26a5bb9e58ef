"""A small study that the tests of sweeps share: a short war, so that a run is simulated in no time."""

from pathlib import Path

import pandas as pd

from sim.inference.designs import span, values
from sim.report.folders import crate
from sim.scenario import Scenario, load
from sim.studies.specification import Sweep, sweep_by_design
from sim.studies.store import Store


def short_war() -> Scenario:
    """Return a world whose war ends soon: 24 months of peace, and no more."""
    return load("baseline").with_(name="short war", months={"to": "2024-10"}, war={"ends": "2022-09"})


def small(runs: int = 40, seed: int = 3, **more: object) -> Sweep:
    """Return a sweep of twelve points."""
    vary = {"postwar_need": span(0, 1.6, 4), "war.ends": values("2022-06", "2022-09", "never")}
    return sweep_by_design(short_war(), vary, runs=runs, seed=seed, **more)  # type: ignore[arg-type]


FILE = """\
name: a small sweep
scenario: ./short-war.yaml
vary:
  postwar_need: {span: [0, 1.6, 4]}
  war.ends: {values: [2022-06, 2022-09, never]}
runs: 40
seed: 3
"""


def write_file(folder: Path, text: str = FILE) -> Path:
    """Write a sweep file, and the scenario that it varies, into a folder."""
    (folder / "short-war.yaml").write_text(short_war().to_yaml(), encoding="utf-8")
    file = folder / "small.yaml"
    file.write_text(text, encoding="utf-8")
    return file


def content(folder: Path) -> dict[str, bytes]:
    """Return every file of a study, but for those that a command adds for other programs: they say which command."""
    files = {path.relative_to(folder).as_posix(): path for path in folder.rglob("*") if path.is_file()}
    return {name: path.read_bytes() for name, path in files.items() if name not in (crate.CRATE, crate.PACKAGE)}


def outcomes(folder: Path) -> pd.DataFrame:
    """Return all rows of a study, the failed ones too."""
    store = Store(folder)
    parts = [part for r in range(store.layout.rounds) for part in store.layout.parts(r) if store.has(part)]
    return pd.concat([store.rows(part) for part in parts], ignore_index=True)
