"""Which parameter sets an experiment is made over."""

import numpy as np
import pandas as pd
import pytest
from typer.testing import CliRunner

import sim
from sim.calibration import parameter_sets as sets
from sim.calibration.matching import prior
from sim.calibration.retained import Retained
from sim.cli import app
from sim.engine.experiment import Experiment
from sim.scenario import ScenarioError, load
from sim.scenario.source import Source


def keep(monkeypatch: pytest.MonkeyPatch, weights: list[float]) -> pd.DataFrame:
    drawn = prior([1], len(weights))
    monkeypatch.setattr(sets, "shipped_sets", lambda: Retained(drawn, np.array(weights), drawn, {}))
    return drawn


def test_all_retained_sets_stand_with_their_weights(monkeypatch: pytest.MonkeyPatch) -> None:
    drawn = keep(monkeypatch, [0.5, 0.25, 0.25])
    standing = sets.standing()
    assert standing.values.equals(drawn.reset_index(drop=True)) and standing.weights.tolist() == [0.5, 0.25, 0.25]
    assert standing.source == Source.RETAINED


def test_some_are_drawn_by_weight_and_always_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    drawn = keep(monkeypatch, [0.0, 0.5, 0.5])
    standing = sets.standing(2, seed=4)
    assert standing.values.equals(drawn.iloc[1:].reset_index(drop=True)) and standing.weights.tolist() == [0.5, 0.5]
    assert sets.standing(2, seed=4).values.equals(standing.values)


def test_a_missing_file_is_an_error_that_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    def none() -> Retained:
        raise FileNotFoundError

    monkeypatch.setattr(sets, "shipped_sets", none)
    for ask in (lambda: sets.standing(50), lambda: sim.run("baseline", seed=1), lambda: sim.ensemble("baseline", 2, 1)):
        with pytest.raises(ScenarioError) as refused:
            ask()
        assert "sim/calibration/retained.parquet" in str(refused.value) and "fix" in str(refused.value)
    done = CliRunner().invoke(app, ["run", "baseline", "--seed", "1", "--runs", "2"])
    assert done.exit_code == 3 and "retained.parquet" in done.stderr and "--defaults" in done.stderr
    assert sets.over(load("baseline"), defaults=True) is sets.HAND_SET


def test_a_count_beside_the_defaults_is_refused() -> None:
    with pytest.raises(ValueError, match="not for both"):
        sets.over(load("baseline"), count=3, defaults=True)
    for command in (["run", "baseline"], ["compare", "baseline", "hindcast"], ["sweep", "end-date"]):
        done = CliRunner().invoke(app, [*command, "--sets", "3", "--defaults"])
        assert done.exit_code == 2 and "not both" in done.stderr


def test_sets_that_break_an_ordering_beside_what_the_scenario_gives_are_left_out() -> None:
    free, bound = load("baseline"), load("baseline").with_(beijing_influence_weight=0.34)
    assert len(sets.over(free)) == len(sets.standing())
    left = sets.over(bound)
    assert 0 < len(left) < len(sets.standing()) and left.weights.sum() == pytest.approx(1.0)
    assert (left.values["beijing_west_weight"] >= 0.34).all()
    pd.testing.assert_frame_equal(sets.over(free, bound).values, left.values)  # a pair shares its sets
    for number in range(20):  # a scenario refuses what breaks an ordering
        Experiment(bound, left, runs=range(20)).scenario_of(number)


def test_points_share_the_sets_that_keep_the_orderings_at_all_of_them() -> None:
    points = pd.DataFrame({"beijing_influence_weight": [0.1, 0.3]})
    left = sets.over(load("baseline"), points=points)
    assert 0 < len(left) < len(sets.standing()) and (left.values["beijing_west_weight"] >= 0.3).all()
    both = points.assign(beijing_west_weight=[0.2, 0.4])
    assert len(sets.over(load("baseline"), points=both)) == len(sets.standing())
    assert sets.admissible(load("baseline"), points.assign(beijing_west_weight=0.2), False).tolist() == [True, False]


def test_one_set_is_called_one() -> None:
    one, two = (sets.given(prior([1], count), Source.PRIOR) for count in (1, 2))
    assert (str(one).split(":")[0], str(two).split(":")[0]) == ("1 parameter set", "2 parameter sets")
