"""Each parameter set has its own likelihood of the record: no worse for company, less noisy for more particles."""

import numpy as np
import pandas as pd
import pytest

from sim.calibration.filtering import FilterSettings, filtered
from sim.calibration.likelihood import _resampled, of_record
from sim.calibration.parameter_sets import given, standing
from sim.scenario.source import Source

AS_OF = "2020-03"


def test_sets_that_differ_are_told_apart_and_company_changes_nothing_but_chance() -> None:
    """Of three sets the second is the first, and the capitals of the third choose almost at random."""
    values = standing(1, 3).values
    sets = given(pd.concat([values, values, values.assign(precision=1.0)]), Source.MIXED)
    found = np.mean([of_record(sets, 256, seed, 2, AS_OF) for seed in range(4)], axis=0)
    assert found[0] == pytest.approx(found[1], abs=2.0)
    assert abs(found[0] - found[2]) > 5.0


def test_it_is_what_the_filter_says_where_all_particles_have_one_set(monkeypatch: pytest.MonkeyPatch) -> None:
    one = standing(1, 3)
    monkeypatch.setattr("sim.calibration.filtering.standing", lambda: one)
    monkeypatch.setattr("sim.calibration.likelihood.standing", lambda: one)
    monkeypatch.setattr("sim.calibration.filtering.Particles.move", lambda *_, **__: None)
    whole = [filtered(AS_OF, seed, FilterSettings(512), 2).log_evidence for seed in range(4)]
    alone = [float(of_record(one, 512, seed, 2, AS_OF)[0]) for seed in range(4)]
    error = (np.var(whole, ddof=1) / 4 + np.var(alone, ddof=1) / 4) ** 0.5
    assert np.mean(whole) == pytest.approx(np.mean(alone), abs=3.0 * error + 0.1)


def test_particles_are_resampled_among_those_of_their_own_set_where_few_count() -> None:
    shares = np.array([[0.25] * 4, [0.97, 0.01, 0.01, 0.01]])
    weights = np.log(shares)
    parents = _resampled(weights, np.random.default_rng(1)).reshape(2, 4)
    assert parents[0].tolist() == [0, 1, 2, 3] and weights[0] == pytest.approx(np.log(0.25))
    assert set(parents[1]) <= {4, 5, 6, 7} and (parents[1] == 4).sum() >= 3
    assert weights[1] == pytest.approx(np.log(0.25))
