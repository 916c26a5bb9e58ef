"""Which parameter sets an experiment is made over."""

import numpy as np
import pandas as pd
import pytest

from sim.experiments import sets
from sim.experiments.matching import prior
from sim.experiments.retained import Retained, uncertain
from sim.scenario.values import defaults


def keep(monkeypatch: pytest.MonkeyPatch, weights: list[float]) -> pd.DataFrame:
    drawn = prior([1], len(weights))
    monkeypatch.setattr(sets, "retained", lambda: Retained(drawn, np.array(weights), drawn, {}))
    return drawn


def test_all_retained_sets_stand_with_their_weights(monkeypatch: pytest.MonkeyPatch) -> None:
    drawn = keep(monkeypatch, [0.5, 0.25, 0.25])
    found = sets.standing()
    assert found.values.equals(drawn.reset_index(drop=True)) and found.weights.tolist() == [0.5, 0.25, 0.25]
    assert found.source == sets.RETAINED


def test_some_are_drawn_by_weight_and_always_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    drawn = keep(monkeypatch, [0.0, 0.5, 0.5])
    found = sets.standing(2, seed=4)
    assert found.values.equals(drawn.iloc[1:].reset_index(drop=True)) and found.weights.tolist() == [0.5, 0.5]
    assert sets.standing(2, seed=4).values.equals(found.values)


def test_the_defaults_stand_alone_where_none_are_retained(monkeypatch: pytest.MonkeyPatch) -> None:
    def none() -> Retained:
        raise FileNotFoundError

    monkeypatch.setattr(sets, "retained", none)
    found = sets.standing(50)
    assert len(found) == 1 and found.source == sets.DEFAULTS
    assert found.values.iloc[0].to_dict() == pytest.approx({name: defaults({})[name] for name in uncertain()})
