"""With every number of the third edition off, runs are those that the second edition made, bit for bit."""

import csv
import hashlib
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from research.editions import as_second_edition, second_edition_sets
from sim.engine import batch, blocks, ensemble
from sim.engine.experiment import Experiment
from sim.engine.sets import HAND_SET, Sets
from sim.model.world import WORLD_FIELDS
from sim.scenario import Scenario, load

RUNS, SEED = range(12), 20240816
NEW = ("means", "capacity", "accustomed_west")  # stocks that the second edition did not have
KEPT = tuple(name for name in ensemble.SERIES if name not in NEW)
with Path(__file__).with_name("second-edition.csv").open(encoding="utf-8", newline="") as file:
    RECORDED = {(row["scenario"], row["sets"]): row["sha256"] for row in csv.DictReader(file)}


def sets_of(which: str) -> Sets:
    return HAND_SET if which == "defaults" else second_edition_sets().some(12, seed=1)


def digest(scenario: Scenario, sets: Sets) -> str:
    many = Experiment(scenario, sets, SEED, RUNS, jobs=1).ensemble()
    sha = hashlib.sha256()
    for name in KEPT:
        sha.update(np.ascontiguousarray(many.array(name)).tobytes())
    return sha.hexdigest()


@pytest.mark.parametrize("scenario, which", RECORDED)
def test_with_every_new_number_off_runs_are_those_of_the_second_edition(scenario: str, which: str) -> None:
    assert digest(as_second_edition(load(scenario)), sets_of(which)) == RECORDED[scenario, which]


@pytest.mark.parametrize("name, value", [("tolerance", 0.03), ("visits_pulse", 1.0), ("patron_rivalry", 0.3)])
def test_with_any_of_them_on_they_are_not(name: str, value: float) -> None:
    sets = sets_of("retained")
    on = replace(sets, values=sets.values.assign(**{name: value}))
    world = as_second_edition(load("hindcast"))
    without = [given for given in world.parameters if given != name]
    world = world.model_copy(update={"parameters": {given: world.parameters[given] for given in without}})
    assert digest(world, on) != RECORDED["hindcast", "retained"]


def test_with_a_border_for_delegations_they_are_not() -> None:
    shut = {"2019-01": 1, "2020-02": 0, "2023-07": 1}
    on = as_second_edition(load("hindcast")).with_(drivers={"border_visits": shut})
    assert digest(on, sets_of("retained")) != RECORDED["hindcast", "retained"]


def test_the_other_engines_agree_with_the_second_edition_too() -> None:
    asked = Experiment(as_second_edition(load("hindcast")), sets_of("retained"), SEED, RUNS)
    rows = tuple(f"world.{name}" for name in WORLD_FIELDS)
    compiled, by_numpy = (
        blocks.simulate(replace(asked.planned_runs, engine=engine), rows) for engine in (None, batch.month_loop)
    )
    assert np.array_equal(compiled.series, by_numpy.series)
    alone = asked.run(3)
    for place, name in enumerate(WORLD_FIELDS):
        assert alone.series[name].tolist() == compiled.series[3, :, place].tolist()
