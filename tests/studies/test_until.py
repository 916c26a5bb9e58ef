"""Sweeps that stop when they know enough: at any size, and begun by an earlier release."""

import tracemalloc
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from sim.analysis import VERSION
from sim.analysis.intervals import student
from sim.engine.provenance import made_by
from sim.studies import specification, stopping, sweep_runner
from sim.studies.layout import Layout, Part
from sim.studies.specification import Sweep, sweep_over_points
from sim.studies.stopping import Until
from sim.studies.store import Store, encode_rows
from sim.studies.study import Study
from sim.studies.sweep_runner import on_threads, study_progress
from sim.studies.worker import simulate_task
from tests.studies.studies import content, outcomes, short_war, small

ENDLESS = Until("effect_of_the_end", 1e-6)  # never known so well


def _begin(folder: Path, asked: Sweep, without: tuple[str, ...] = ()) -> Store:
    """Begin a study of which nothing is simulated, but for some keys of its manifest."""
    folder.mkdir(exist_ok=True)
    store = Store(folder)
    says = asked.asked() | {"measures": VERSION} | made_by()
    store.begin({key: value for key, value in says.items() if key not in without}, asked.points)
    return store


def _keep_noise(store: Store, parts: list[Part], spread: np.ndarray) -> pd.DataFrame:
    """Put parts in their place whose measure is noise, with a spread a point; return their rows."""
    chance, kept = np.random.default_rng(5), []
    for part in parts:
        runs = np.arange(part.first, part.stop)
        point, replicate = store.layout.places(runs)
        effect = 10.0 + spread[point] * chance.normal(size=len(runs))
        frame = pd.DataFrame({"run": runs, "point": point, "replicate": replicate, "effect_of_the_end": effect})
        store.keep(part, encode_rows(frame.assign(error=pd.NA)))
        kept.append(frame)
    return pd.concat(kept)


def _many_points(points: int) -> Sweep:
    varied = pd.DataFrame({"foresight": np.linspace(2.0, 12.0, points)})
    return sweep_over_points(short_war(), varied, runs=2000, seed=1, until=ENDLESS)


def test_few_points_with_very_many_runs_make_hundreds_of_files() -> None:
    layout = sweep_over_points(short_war(), pd.DataFrame({"foresight": range(2, 12)}), runs=10**7, until=ENDLESS).layout
    assert layout.total == 10**8
    assert sum(len(layout.parts(round_)) for round_ in range(layout.rounds)) < 1000


def test_a_look_holds_no_table_of_points_by_parameter_sets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(specification, "ROUND", 1)
    asked = _many_points(30_000)
    assert len(asked.sets) >= 1000
    store = _begin(tmp_path / "study", asked)
    _keep_noise(store, store.layout.parts(0), np.zeros(30_000))
    tracemalloc.start()
    try:
        now = study_progress(Store(tmp_path / "study"))
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert (now.done, now.total) == (30_000, 60_000_000)
    assert peak < 150e6, "the whole table has 240 MB a sum"


def test_without_until_nothing_is_counted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def counting(*_: object) -> None:
        raise AssertionError("a tally is made")

    monkeypatch.setattr(sweep_runner, "Tally", counting)
    assert on_threads(small(runs=3), tmp_path / "study", jobs=1).finished
    assert study_progress(Store(tmp_path / "study")).finished


@pytest.mark.parametrize("cells", [1, 5000, 1 << 20])
def test_a_sweep_stops_at_the_first_look_at_which_every_point_is_known(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, cells: int
) -> None:
    """However many points are looked at together; the widths are those of all the rows at once."""
    monkeypatch.setattr(stopping, "_CELLS", cells)
    asked = small(runs=700, until=Until("effect_of_the_end", 1.6))
    store = _begin(tmp_path / "study", asked)
    spread, rows, stopped = np.linspace(1.0, 8.0, 12), [], False
    while not stopped:
        rows.append(_keep_noise(store, store.layout.parts(len(rows)), spread))
        by_hand = _widest(asked, pd.concat(rows))
        stopped = study_progress(Store(store.folder)).stopped_early
        assert stopped == (by_hand <= 1.6)
    assert 3 < len(rows) < store.layout.rounds - 2


def _widest(asked: Sweep, rows: pd.DataFrame) -> float:
    """Return the widest Student's interval of a point's mean, with parameter sets as the units."""
    owner, widest = asked.sets.places_of(rows["replicate"]), 0.0
    for _, point in rows.assign(owner=owner).groupby("point"):
        by_set = point.groupby("owner")["effect_of_the_end"].agg(["mean", "size"])
        part = by_set["size"] / len(point)
        units = 1.0 / (part**2).sum()
        apart = by_set["mean"] - point["effect_of_the_end"].mean()
        error = np.sqrt((part**2 * apart**2).sum() * units / (units - 1))
        widest = max(widest, 2.0 * student(units - 1.0) * error)
    return widest


def test_a_study_that_was_begun_with_rounds_alike_goes_on_in_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Up to 0.1.0 manifests said neither how long parts may be nor that rounds grow."""
    monkeypatch.setattr(specification, "ROUND", 2)
    asked = small(runs=34, until=ENDLESS, defaults=True)
    store = _begin(tmp_path / "study", asked, without=("largest", "growing"))
    before = Layout(12, 34, 2, 65_536)
    assert store.layout == before
    assert asked.layout.ends.tolist() != before.ends.tolist()
    for part in before.every[:8]:
        store.keep(part, *simulate_task(asked.task(part, before)))
    had = set(content(store.folder))
    assert study_progress(Store(store.folder)).done == 8 * 24
    assert on_threads(asked, store.folder, jobs=1).done == 12 * 34
    assert had <= set(content(store.folder))
    on_threads(asked, tmp_path / "new", jobs=1)
    old, new = (outcomes(folder).set_index(["point", "replicate"]) for folder in (store.folder, tmp_path / "new"))
    pd.testing.assert_frame_equal(old.drop(columns="run").sort_index(), new.drop(columns="run").sort_index())
    assert old["run"].to_dict() != new["run"].to_dict()
    Study(store.folder).replay(400)  # refuses what is not stored so


def test_rounds_grow_by_a_tenth() -> None:
    layout = small(runs=800, until=ENDLESS).layout
    assert layout.ends.tolist() == [*range(50, 501, 50), 550, 605, 665, 731, 800]
