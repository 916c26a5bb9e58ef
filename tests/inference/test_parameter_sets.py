"""Which parameter sets an experiment is made over."""

import numpy as np
import pandas as pd
import pytest
from typer.testing import CliRunner

import sim
from sim.cli import app
from sim.engine.experiment import Experiment
from sim.engine.sets import HAND_SET, equally_weighted
from sim.inference import parameter_sets
from sim.inference.matching import draw_prior
from sim.inference.sets_file import Retained
from sim.scenario import ScenarioError, load
from sim.scenario.source import Source


def keep(monkeypatch: pytest.MonkeyPatch, weights: list[float]) -> pd.DataFrame:
    drawn = draw_prior([1], len(weights))
    monkeypatch.setattr(parameter_sets, "shipped_sets", lambda: Retained(drawn, np.array(weights), drawn, {}))
    return drawn


def test_all_retained_sets_stand_with_their_weights(monkeypatch: pytest.MonkeyPatch) -> None:
    drawn = keep(monkeypatch, [0.5, 0.25, 0.25])
    standing = parameter_sets.retained_sets()
    assert standing.values.equals(drawn.reset_index(drop=True)) and standing.weights.tolist() == [0.5, 0.25, 0.25]
    assert standing.source == Source.RETAINED


def test_some_are_drawn_by_weight_and_always_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    drawn = keep(monkeypatch, [0.0, 0.5, 0.5])
    standing = parameter_sets.retained_sets().some(2, seed=4)
    assert standing.values.equals(drawn.iloc[1:].reset_index(drop=True)) and standing.weights.tolist() == [0.5, 0.5]
    assert parameter_sets.retained_sets().some(2, seed=4).values.equals(standing.values)


def test_a_missing_file_is_an_error_that_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    def none() -> Retained:
        raise FileNotFoundError

    monkeypatch.setattr(parameter_sets, "shipped_sets", none)
    for ask in (
        lambda: parameter_sets.retained_sets().some(50, 0),
        lambda: sim.run("baseline", seed=1),
        lambda: sim.ensemble("baseline", 2, 1),
    ):
        with pytest.raises(ScenarioError) as refused:
            ask()
        assert "sim/inference/retained.parquet" in str(refused.value) and "fix" in str(refused.value)
    done = CliRunner().invoke(app, ["run", "baseline", "--seed", "1", "--runs", "2"])
    assert done.exit_code == 3 and "retained.parquet" in done.stderr and "--defaults" in done.stderr
    assert parameter_sets.sets_for(load("baseline"), sets=HAND_SET) is HAND_SET


def test_a_count_beside_the_defaults_is_refused() -> None:
    with pytest.raises(ValueError, match="not for both"):
        sim.ensemble("baseline", runs=1, seed=1, sets=3, defaults=True)
    for command in (["run", "baseline"], ["compare", "baseline", "hindcast"], ["sweep", "end-date"]):
        done = CliRunner().invoke(app, [*command, "--sets", "3", "--defaults"])
        assert done.exit_code == 2 and "not both" in done.stderr


def test_sets_that_break_an_ordering_beside_what_the_scenario_gives_are_left_out() -> None:
    free, bound = load("baseline"), load("baseline").with_(beijing_influence_weight=0.34)
    assert len(parameter_sets.sets_for(free)) == len(parameter_sets.retained_sets())
    left = parameter_sets.sets_for(bound)
    assert 0 < len(left) < len(parameter_sets.retained_sets()) and left.weights.sum() == pytest.approx(1.0)
    assert (left.values["beijing_west_weight"] >= 0.34).all()
    pd.testing.assert_frame_equal(parameter_sets.sets_for(free, bound).values, left.values)  # a pair shares its sets
    for number in range(20):  # a scenario refuses what breaks an ordering
        Experiment(bound, left, runs=range(20)).scenario_of(number)


def test_points_share_the_sets_that_keep_the_orderings_at_all_of_them() -> None:
    points = pd.DataFrame({"beijing_influence_weight": [0.1, 0.3]})
    left = parameter_sets.sets_for(load("baseline"), points=points)
    assert 0 < len(left) < len(parameter_sets.retained_sets()) and (left.values["beijing_west_weight"] >= 0.3).all()
    both = points.assign(beijing_west_weight=[0.2, 0.4])
    assert len(parameter_sets.sets_for(load("baseline"), points=both)) == len(parameter_sets.retained_sets())
    low, sets = points.assign(beijing_west_weight=0.2), parameter_sets.retained_sets()
    assert parameter_sets.admissible(load("baseline"), low, sets).tolist() == [True, False]


def test_one_set_is_called_one() -> None:
    one, two = (equally_weighted(draw_prior([1], count), Source.PRIOR) for count in (1, 2))
    assert (str(one).split(":")[0], str(two).split(":")[0]) == ("1 parameter set", "2 parameter sets")
