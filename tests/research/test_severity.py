"""How often the verdict's rule errs: worlds whose effect is known, trials counted once, rates with intervals."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from research import severity
from research.severity import Trials, World
from sim.engine.sets import Sets, equally_weighted
from sim.inference.parameter_sets import retained_sets
from sim.prediction.thresholds import NOT_SUPPORTED, SUPPORTED
from sim.scenario.source import Source
from tests.prediction.trials import made_pairs

KINDS = {kind.name: kind for kind in severity.worlds()}


def test_where_nothing_is_left_of_the_end_the_rule_finds_nothing() -> None:
    row = severity.trial(KINDS["no deal, isolation held"], retained_sets().some(3, 1), 2, 1)
    assert (row["word"], row["effect"], row["share"]) == (NOT_SUPPORTED, 0.0, 0.0)
    assert row["no deal, isolation held"] is True


@pytest.mark.parametrize("name", severity.NEUTRAL)
def test_a_theory_that_knows_no_interests_sees_no_effect_to_speak_of(name: str) -> None:
    row = severity.trial(KINDS[name], retained_sets().some(2, 1), 1, 1)
    assert abs(row["effect"]) < 1.0  # type: ignore[arg-type]


def test_points_that_are_added_are_read_by_every_part_of_the_rule() -> None:
    still = made_pairs(np.zeros(3))
    for points, led in ((4.9, False), (5.0, True)):
        raised = severity._raised(still, points)
        assert (raised["effect_24"] == points).all() and (raised["D2"].notna() == led).all()
    assert severity._raised(still.assign(judged=False), 9.0)["D2"].isna().all()


def test_sets_of_a_size_are_those_whose_own_effect_lies_nearest() -> None:
    whole = equally_weighted(pd.DataFrame({"grievance": np.arange(40.0)}), Source.MIXED)
    chosen = severity.near(whole, np.arange(40.0)[::-1], 10.2)  # the set with grievance 29 has an effect of 10 points
    assert chosen.values["grievance"].tolist() == [27.0, 28.0, 29.0, 30.0]


def made_up(kind: World, sets: Sets, runs: int, seed: int) -> dict[str, object]:
    word = SUPPORTED if kind.added and seed % 2 else NOT_SUPPORTED
    return {"word": word, "effect": kind.added, "share": 0.0, "agreeing": 1.0, "all but placebos": True, "still": True}


def test_trials_are_made_once_and_their_rates_have_intervals(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def stopped(kind: World, *rest: object) -> dict[str, object]:
        asked.append(kind.name)
        if len(asked) == 4:
            raise KeyboardInterrupt
        return made_up(kind, *rest)  # type: ignore[arg-type]

    kinds = [World("still", "nothing"), World("moved", "much", added=5.0)]
    size = Trials(trials=4, sets=2, runs=1, effect_runs=1)
    monkeypatch.setattr(severity, "trial", stopped)
    with pytest.raises(KeyboardInterrupt):
        severity.measure_trials(tmp_path, size, retained_sets().some(3, 1), kinds)
    rates = severity.error_rates(severity.measure_trials(tmp_path, size, retained_sets().some(3, 1), kinds))
    assert len(asked) == 4 + 5
    assert rates["trials"].tolist() == [4.0, 4.0] and rates["effect"].tolist() == [0.0, 5.0]
    assert rates[SUPPORTED].tolist() == [0.0, 0.5]
    assert (rates[f"{SUPPORTED} low"] <= rates[SUPPORTED]).all()
    assert "cannot tell" in severity.answer(rates), "four trials, of which two are right"
    rates.loc["moved", [SUPPORTED, f"{SUPPORTED} low"]] = 1.0, 0.9
    assert "cannot tell" not in severity.answer(rates)
    assert rates.loc["still", f"{SUPPORTED} high"] > 0.3, "of four trials a rate of zero is hardly known"
