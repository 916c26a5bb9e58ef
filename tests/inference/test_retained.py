"""The file of retained sets: what it says of itself, and that it still belongs to the rules and registers."""

import hashlib
import re
from dataclasses import asdict, replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from sim.engine.experiment import Experiment
from sim.engine.sets import equally_weighted
from sim.inference import hindcast, sets_file
from sim.inference.designs import priors
from sim.inference.hindcast import Scores
from sim.inference.matching import Settings, draw_prior, not_ruled_out
from sim.inference.points import keeps_orderings
from sim.inference.sets_file import Retained, read_sets, sets_rest_on, write_sets
from sim.registers.register import registered_parameters
from sim.scenario.source import Source


@pytest.fixture
def some_retained() -> Retained:
    sets = draw_prior([3], 4)
    means = pd.DataFrame({"T1": [0.0, 0.1, 0.2, 0.3]})
    scores = Scores(means, means / 10.0)
    return Retained(sets, np.array([0.1, 0.2, 0.3, 0.4]), scores, {"rests_on": sets_rest_on(), "kept": 4})


def test_a_file_gives_back_what_was_written(some_retained: Retained, tmp_path: Path) -> None:
    write_sets(tmp_path / "some.parquet", some_retained)
    same = read_sets(tmp_path / "some.parquet")
    pd.testing.assert_frame_equal(same.sets, some_retained.sets)
    pd.testing.assert_frame_equal(same.scores.means, some_retained.scores.means)
    pd.testing.assert_frame_equal(same.scores.errors, some_retained.scores.errors)
    assert same.weights.tolist() == some_retained.weights.tolist()
    assert same.made == some_retained.made
    assert same.changed == []


def test_the_sets_that_travel_with_the_package_are_those_that_the_defaults_find() -> None:
    """Whoever matches again without a word looks as far, and stops at the same, as those who made them."""
    made = sets_file.shipped_sets().made
    assert made["settings"] == asdict(Settings())
    assert made["kept"] == len(sets_file.shipped_sets()) >= Settings().wanted


def test_what_has_changed_since_is_named(some_retained: Retained) -> None:
    old = some_retained.made["rests_on"] | {"the rules of the model": "another"}
    assert replace(some_retained, made={"rests_on": old}).changed == ["the rules of the model"]


def test_the_bounds_are_part_of_what_the_sets_rest_on(monkeypatch: pytest.MonkeyPatch) -> None:
    before = sets_rest_on()
    monkeypatch.setattr(sets_file.targets, "bounds", lambda: {})
    assert {key for key, value in sets_rest_on.__wrapped__().items() if value != before[key]} == {
        "the bounds of the patterns and series"
    }


def test_the_shipped_sets_belong_to_the_rules_and_registers_of_today() -> None:
    assert sets_file.shipped_sets().changed == [], "make them anew: python -m sim.inference.matching FOLDER"


def test_the_shipped_sets_are_many_plausible_and_admitted() -> None:
    shipped = sets_file.shipped_sets()
    assert len(shipped) >= 200
    assert shipped.weights.sum() == pytest.approx(1.0)
    for name, factor in priors().items():
        assert shipped.sets[name].between(factor.low, factor.high).all(), name
    assert keeps_orderings(hindcast.free_runs(), shipped.sets).all()


def test_what_was_frozen_is_what_ships() -> None:
    """Each line of docs/frozen.md names a file and its fingerprint."""
    root = Path(__file__).parents[2]
    lines = re.findall(r"\| `([^`]+)`.*`([0-9a-f]{64})` \|", (root / "docs" / "frozen.md").read_text(encoding="utf-8"))
    assert lines
    for name, digest in lines:
        assert hashlib.sha256((root / name).read_bytes()).hexdigest() == digest, name


def test_the_shipped_sets_met_the_rule_on_their_fresh_runs() -> None:
    shipped = sets_file.shipped_sets()
    assert not_ruled_out(shipped.scores, Settings(**shipped.made["settings"])).all()


def test_the_shipped_sets_do_it_again_under_other_chance() -> None:
    """Four sets, 200 runs each: what was measured comes back within the noise of both."""
    shipped = sets_file.shipped_sets()
    some = shipped.sets.iloc[:4]
    asked = Experiment(hindcast.free_runs(), equally_weighted(some, Source.RETAINED), 4242)
    again = hindcast.try_sets(asked.runs_of_every_set(200))
    measured = shipped.scores.means.iloc[:4], shipped.scores.errors.iloc[:4]
    gap = (again.means - measured[0]) / np.hypot(again.errors, measured[1])
    assert gap.abs().max(axis=None) < 5.0
    assert gap.abs().mean(axis=None) < 1.2


def test_places_tell_where_sets_lie_in_their_ranges(some_retained: Retained) -> None:
    entry = registered_parameters()["grievance"]
    assert entry.low is not None and entry.high is not None
    middle = (entry.low + entry.high) / 2
    sets = some_retained.sets.assign(grievance=[middle, entry.high, entry.high, middle])
    table = sets_file.places_in_range(replace(some_retained, sets=sets))
    assert table.loc["grievance", "place"] == pytest.approx(0.75)
    assert (table["place"] - 0.5).abs().is_monotonic_decreasing
    assert table.loc["grievance", "high"] == 36.0
