"""One value says what is simulated: whatever is asked of it, in parts or whole, are the same runs."""

from dataclasses import FrozenInstanceError

import numpy as np
import pandas as pd
import pytest

from sim.engine.ensemble import Ensemble
from sim.engine.experiment import Experiment
from sim.engine.sets import equally_weighted
from sim.engine.war_end import NEVER
from sim.scenario import load
from sim.scenario.source import Source

SHORT = load("baseline").with_(name="short", war={"ends": "2022-09"}, months={"to": "2023-06"})
SETS = equally_weighted(pd.DataFrame({"postwar_need": [0.1, 0.9, 0.5]}), Source.MIXED)
ASKED = Experiment(SHORT, SETS, 5, range(7), jobs=1)


def same(one: Ensemble, other: Ensemble) -> bool:
    return all(np.array_equal(getattr(one, name), getattr(other, name)) for name in ("states", "played", "war_end"))


def test_parts_make_the_whole_and_a_run_is_that_of_its_number() -> None:
    for asked in (ASKED, ASKED.runs_of_every_set(2), ASKED.replace(varied={"noise_sd": np.linspace(0.1, 0.5, 7)})):
        whole = asked.ensemble()
        parts = [part.ensemble() for part in asked.in_parts(3)]
        assert same(Ensemble.concatenate(parts), whole) and len(parts) == -(-len(asked) // 3)
        joined = Experiment.concatenate([part.experiment for part in parts])
        assert all(np.array_equal(joined.parameters[name], values) for name, values in asked.parameters.items())
        assert np.array_equal(asked.run(4).series.to_numpy(), whole.states[4, SHORT.first :])
        assert same(whole.select(np.array([4, 1])), asked.select(np.array([4, 1])).ensemble())


def test_a_control_is_the_same_runs_without_an_end() -> None:
    pair = ASKED.with_control()
    assert same(pair.one, ASKED.ensemble()) and same(pair.other, ASKED.without_war_end().ensemble())
    assert (pair.other.war_end == NEVER).all() and np.array_equal(pair.one.states[:, :44], pair.other.states[:, :44])
    assert same(ASKED.ensemble().control, pair.other)


def test_sets_go_to_runs_by_number_each_as_often_or_in_turn() -> None:
    assert sorted(np.bincount(ASKED.replace(runs=range(300)).set_places)) == [100, 100, 100]
    assert ASKED.runs_of_every_set(2, first=10).set_places.tolist() == [0, 0, 1, 1, 2, 2]
    assert ASKED.runs_of_every_set(2, first=10).numbers.tolist() == list(range(10, 16))
    assert ASKED.runs_of_every_set(2, in_turn=True).set_places.tolist() == [0, 1, 2, 0, 1, 2]
    assert ASKED.runs_of_every_set(2).runs_a_set == 2 and ASKED.set_places.tolist() == SETS.places_of(range(7)).tolist()


def test_what_the_scenario_gives_stands_and_what_is_varied_is_laid_over_it() -> None:
    own = ASKED.replace(scenario=SHORT.with_(postwar_need=0.3))
    assert "postwar_need" not in own.parameters and own.scenario_of(2).values()["postwar_need"] == 0.3
    varied = own.replace(varied={"postwar_need": np.full(7, 1.2)})
    assert varied.scenario_of(2).values()["postwar_need"] == 1.2


def test_it_cannot_be_changed_and_other_questions_are_refused() -> None:
    with pytest.raises(FrozenInstanceError):
        ASKED.seed = 6  # type: ignore[misc]
    with pytest.raises(KeyError, match="run 7 is none of these runs"):
        ASKED.run(7)
    for other in (ASKED.replace(seed=6), ASKED.replace(runs=range(6))):
        with pytest.raises(ValueError, match="give both the same seed and the same runs"):
            ASKED.versus(other)
    for changes in ({"runs": range(3)}, {"varied": {"noise_sd": np.zeros(2)}}):
        with pytest.raises(ValueError, match="have a value a run"):
            ASKED.runs_of_every_set(2).replace(**changes)
