"""The specification curve holds every reading of the headline, and the rule's own is what the rule says."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from research import specification
from sim.engine.experiment import Experiment
from sim.inference.parameter_sets import retained_sets
from sim.prediction.treatments import effect, pairs, share_of_pairs
from sim.prediction.verdict_study import HEADLINE, Evidence, Size, begin
from sim.scenario import load
from sim.storage.study_errors import StudyError
from tests.prediction.trials import made_pairs

NAMES = {HEADLINE: ("V0", 1.0), "variant/V4/0.5": ("V4", 0.5)}


@pytest.fixture
def evidence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Evidence:
    """A verdict of three sets whose headline and one variant are made by hand."""
    monkeypatch.setattr(specification, "TREATMENTS", NAMES)
    sets = retained_sets().some(3, 1)
    made, planned = begin(tmp_path / "verdict", Experiment(load("war-ends-any-time"), sets, 1), Size(2, 0))
    assert planned.keys() >= NAMES.keys()
    made.keep(HEADLINE, made_pairs(np.array([0.2, 0.5, 0.9])))
    made.keep("variant/V4/0.5", made_pairs(np.array([0.1, 0.1, 0.2]), up=5.0))
    return made


def test_the_rule_s_own_reading_is_the_rule_s_and_others_are_beside_it(evidence: Evidence) -> None:
    curve = specification.points(evidence, {})
    (own,) = curve[curve["rule"]].to_dict("records")
    headline, weights = evidence.pairs(HEADLINE), evidence.sets.weights
    assert own["share"] == pytest.approx(share_of_pairs(headline, weights).mean)
    assert own["effect"] == pytest.approx(effect(headline, weights).mean)
    assert (own["share low"], own["share high"]) == pytest.approx(share_of_pairs(headline, weights).interval())
    assert set(curve["threshold"]) == {3.0, 5.0, 8.0, 10.0} and set(curve["horizon"]) == {12, 24}
    by_threshold = curve[(curve["variant"] == "V0") & (curve["weights"] == "equal")].groupby("horizon")["share"]
    assert by_threshold.apply(lambda shares: shares.is_monotonic_decreasing).all()
    variant = curve[(curve["variant"] == "V4") & (curve["horizon"] == 24) & (curve["weights"] == "equal")]
    assert variant.set_index("threshold")["share"][[5.0, 8.0]].tolist() == [pytest.approx(0.4 / 3), 0.0]


def test_what_a_verdict_does_not_read_is_simulated_once_and_under_the_same_chance(
    evidence: Evidence, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    late = specification.later(tmp_path / "curve", evidence)
    assert late.keys() == NAMES.keys() and set(specification.points(evidence, late)["horizon"]) == {12, 24, 36}
    again = pairs(begin_treatment(evidence), evidence.experiment.runs_of_every_set(2), (24, 36))
    pd.testing.assert_series_equal(late[HEADLINE]["effect_36"], again["effect_36"])
    monkeypatch.setattr(specification, "pairs", lambda *_: pytest.fail("simulated again"))
    assert specification.later(tmp_path / "curve", evidence).keys() == NAMES.keys()


def begin_treatment(evidence: Evidence) -> specification.Treatment:
    return specification.Treatment(evidence.world)


def test_pairs_of_another_verdict_are_refused_and_other_rules_are_not_simulated(
    evidence: Evidence, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    specification.later(tmp_path / "curve", evidence)
    other, _ = begin(
        tmp_path / "other", Experiment(load("war-ends-any-time"), retained_sets().some(2, 2), 1), Size(2, 0)
    )
    with pytest.raises(StudyError, match="sets_digest"):
        specification.later(tmp_path / "curve", other)
    monkeypatch.setattr(specification, "VERSION", "9.9")
    assert specification.later(tmp_path / "elsewhere", evidence) == {}
    assert specification.later(tmp_path / "curve", evidence).keys() == NAMES.keys()


def test_the_figure_marks_the_rule_and_shows_every_choice(evidence: Evidence) -> None:
    drawn = specification.picture(specification.points(evidence, {}))
    shares, effects, matrix = drawn.axes
    labels = [label.get_text() for label in matrix.get_yticklabels()]
    assert {"threshold 5", "horizon 24", "λ times 0.5", "variant V4", "weights equal"} <= set(labels)
    for axes in (shares, effects):
        assert max(len(line.get_xdata()) for line in axes.lines) == 32  # type: ignore[arg-type]
        assert any(len(line.get_xdata()) == 1 for line in axes.lines)  # type: ignore[arg-type]
