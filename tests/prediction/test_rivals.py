"""Rival theories live in the same run and are scored alike."""

import numpy as np
import pandas as pd
import pytest

from sim.engine.ensemble import Ensemble
from sim.engine.experiment import Experiment
from sim.engine.sets import equally_weighted
from sim.inference import hindcast
from sim.model.moves import LEVERS, Moves
from sim.prediction import rivals
from sim.prediction.rivals import Theory, landscape, theories
from sim.scenario import Scenario
from sim.scenario.source import Source
from sim.scenario.values import defaults

from .test_treatments import SHORT

SETS = equally_weighted(pd.DataFrame({"postwar_need": [0.4]}), Source.MIXED)
NAMED = {theory.name: theory for theory in theories()}


@pytest.fixture(scope="module")
def table() -> pd.DataFrame:
    return rivals.rivals_table(Experiment(SHORT, SETS, 5).runs_of_every_set(12))


def test_all_theories_are_scored_on_all_patterns(table: pd.DataFrame) -> None:
    rivals = ["persistence", "random moves", "two blocs", "expected utility", "reciprocity norm"]
    assert list(table.index) == ["the article", *rivals]
    assert table.notna().all(axis=None)
    assert set(hindcast.COUNTED) <= set(table)
    counted = table[list(hindcast.COUNTED)].sum(axis=1)
    assert table[hindcast.OF_ALL].to_numpy() == pytest.approx(counted.to_numpy())


def test_the_article_is_scored_as_the_hindcast_scores_it() -> None:
    values = pd.DataFrame([defaults({})])[["postwar_need"]]
    asked = Experiment(hindcast.free_runs(), equally_weighted(values, Source.MIXED), 5).runs_of_every_set(12)
    mine = rivals.simulate_history(NAMED["the article"], asked)
    other = hindcast.try_sets(asked)
    pd.testing.assert_frame_equal(mine.means, other.means)


def simulated_by(name: str) -> Ensemble:
    theory = NAMED[name]
    return simulated(theory, theory.world(hindcast.free_runs()), 20)


def simulated(theory: Theory, world: Scenario, runs: int) -> Ensemble:
    sets = equally_weighted(SETS.values.assign(**dict(theory.fixed)), Source.MIXED)
    return Experiment(world, sets, 5).runs_of_every_set(runs).ensemble()


def test_persistence_never_moves() -> None:
    histories = simulated_by("persistence")
    for lever in LEVERS:
        assert (histories.array(lever.field) == getattr(Moves(), lever.field)).all(), lever.field


def test_random_moves_take_all_options_alike() -> None:
    histories = simulated_by("random moves")
    places = histories.played[..., [lever.field for lever in LEVERS].index("pyongyang_toward_beijing")]
    assert np.bincount(places.ravel(), minlength=4) / places.size == pytest.approx([0.25] * 4, abs=0.04)


def test_two_blocs_stand_as_everybody_would_say_and_play_so() -> None:
    assert landscape() == {"Beijing", "Moscow", "Pyongyang"}
    histories = simulated_by("two blocs")
    assert (histories.array("beijing_bloc") == 1.0).all() and (histories.array("deal_arms") == 1.0).all()
    assert (histories.array("washington_sanction") == 1.0).all() and (histories.array("seoul_north") == -1.0).all()


def test_the_least_energy_is_the_least() -> None:
    propensity = {frozenset(("Beijing", "Moscow")): 5.0, frozenset(("Beijing", "Seoul")): -5.0}
    together, apart = frozenset({"Beijing", "Moscow"}), frozenset({"Beijing", "Seoul"})
    assert rivals.energy(together, propensity) < 0 < rivals.energy(apart, propensity)


def test_without_a_deal_nothing_is_sold_whatever_the_theory() -> None:
    for theory in theories():
        world = theory.world(hindcast.free_runs(), without_deal=True)
        histories = simulated(theory, world, 2)
        assert (histories.array("deal_arms") == 0.0).all(), theory.name


def test_a_scenarios_own_moves_are_kept() -> None:
    move = {"capital": "Beijing", "lever": "leash", "option": "restrain", "from": "2019-01", "to": "2019-12"}
    world = Theory("two blocs", {"beijing_trade": "trim"}).world(SHORT.with_(moves=[move]))
    assert [move.lever for move in world.moves] == ["leash", "trade"]
