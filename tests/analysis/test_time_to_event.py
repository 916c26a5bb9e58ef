"""Curves of time to drifting back do not depend on how long pairs could be watched."""

import numpy as np
import pandas as pd
import pytest

from sim.analysis import time_to_event
from sim.analysis.definitions import WITHIN, drift
from sim.analysis.rows import STATES
from sim.analysis.run_outcomes import outcomes
from sim.engine.ensemble import Ensemble
from sim.engine.experiment import Experiment
from sim.model.moves import LEVERS
from sim.prediction.treatments import pair_rows

from .by_hand import made

SETS, RUNS_OF_A_SET, LONG, SHORT = 20, 100, 150, 108
WEIGHTS = np.full(SETS, 1.0 / SETS)
WATCHED = [*(f"D{number}" for number in range(1, 6)), "D1 without an end", "D3 without an end"]


def worlds(months: int) -> tuple[Ensemble, Ensemble]:
    """Return runs whose war ends from month 72 to 107, and their controls, as far as a horizon lets them be seen.

    In each, engagement, influence and alignment step up some months after the end, if ever; so they do later in the
    control. What is seen up to a month is the same whatever the horizon.
    """
    chance, count = np.random.default_rng(4), SETS * RUNS_OF_A_SET
    end = chance.integers(72, SHORT, count)

    def ensemble(delay: np.ndarray, war_end: np.ndarray) -> Ensemble:
        month = np.arange(LONG)
        back = month >= (end + delay)[:, None]
        away = (month >= 60) & ~back
        states = np.zeros((count, LONG, len(STATES)))
        states[:, :, STATES.index("reengagement")] = np.where(away, 40.0, 50.0)
        states[:, :, STATES.index("influence")] = np.where(away, 0.4, 0.6)
        states[:, :, STATES.index("relative_alignment")] = np.where(back, 60.0, 40.0)
        states[:, :, STATES.index("china_flow")] = np.where(back, 1.0, 0.5)
        played = np.zeros((count, LONG, len(LEVERS)), dtype=np.int8)
        stance = [lever.field for lever in LEVERS].index("pyongyang_toward_beijing")
        played[:, :, stance] = LEVERS[stance].index(1.0)
        world = made([72]).scenario
        asked = Experiment(world, seed=1, runs=range(count))
        return Ensemble(asked, war_end, states[:, :months], played[:, :months], STATES)

    delay = chance.exponential(14.0, count).astype(int)
    return ensemble(delay, end), ensemble(delay + chance.integers(1, 20, count), np.full(count, 10_000))


def times_within(months: int) -> pd.DataFrame:
    return pair_rows(*worlds(months)).assign(set=np.repeat(np.arange(SETS), RUNS_OF_A_SET))


def test_curves_are_those_of_a_case_without_censoring() -> None:
    whole, cut = times_within(LONG), times_within(SHORT)
    assert whole["judged"].all() and 0.5 < (~cut["judged"]).mean() < 0.8
    true, seen = (time_to_event.curves(table, WEIGHTS, months) for table, months in ((whole, LONG), (cut, SHORT)))
    assert (true[WATCHED].iloc[-1] < 0.9).all()
    for name in set(WATCHED) - {"D2"}:
        assert (true[name] - seen[name]).abs().max() <= 0.02, name
    judged = whole[cut["judged"]]  # D2 is decided in month 24: it is known of these alone
    assert seen["D2"].to_numpy() == pytest.approx(time_to_event.curves(judged, WEIGHTS, LONG)["D2"].to_numpy())
    means = [time_to_event.restricted_means(table, WEIGHTS, months) for table, months in ((whole, LONG), (cut, SHORT))]
    gaps = (means[0] - means[1])[list(set(WATCHED) - {"D2"})].abs()
    assert gaps.max() <= 0.02 * WITHIN


def test_without_censoring_a_curve_is_the_share_not_back_yet() -> None:
    whole = times_within(LONG)
    curves = time_to_event.curves(whole, WEIGHTS, LONG)
    for name in WATCHED:
        share = [1.0 - (whole[name] <= month).mean() for month in range(WITHIN + 1)]
        assert curves[name].to_numpy() == pytest.approx(share), name


def test_what_a_run_that_is_not_judged_was_seen_to_do_has_a_time_and_counts_in_no_share() -> None:
    many, control = worlds(SHORT)
    seen, whole = drift(many, control), drift(*worlds(LONG))
    room = SHORT - 1 - many.war_end
    for name in ("D1", "D3", "D4", "D5"):
        expected = whole.time[name].where(whole.time[name] <= room)
        pd.testing.assert_series_equal(seen.time[name], expected)
    late = ~seen.judged
    assert seen.time.loc[late, "D1"].notna().any() and seen.time.loc[late, "D2"].isna().all()
    assert len(seen.came_true) == seen.judged.sum()
    pd.testing.assert_series_equal(seen.share, whole.came_true[seen.judged].mean())


def test_a_row_of_a_run_that_is_not_judged_has_no_times() -> None:
    many, control = worlds(SHORT)
    frame = outcomes(many, drift(many, control))
    times = frame[[f"D{number}_after_months" for number in range(1, 6)]]
    assert times[~frame["judged"]].isna().all(axis=None) and times[frame["judged"]].notna().any(axis=None)


def test_a_war_that_never_ends_is_not_watched() -> None:
    table = pd.DataFrame({"set": 0, "end": [60, 10_000], "judged": [True, False], "D1": [3.0, np.nan]})
    assert len(time_to_event.time_to_definition(table, 120, "D1")) == 1
    assert drift(made([10_000]), made([10_000])).time.isna().all(axis=None)


def test_bands_hold_the_curve_and_are_those_of_a_bootstrap_over_sets(monkeypatch: pytest.MonkeyPatch) -> None:
    paired = times_within(SHORT)
    middle, bands = (
        time_to_event.curves(paired, WEIGHTS, SHORT),
        time_to_event.curve_intervals(paired, WEIGHTS, SHORT, seed=3),
    )
    for name in middle:
        low, high = bands[f"{name} low"], bands[f"{name} high"]
        assert (low <= middle[name] + 1e-12).all() and (middle[name] <= high + 1e-12).all()
    # one draw after the other, with lifelines in place of our own arithmetic
    chance, drawn = np.random.default_rng(3), []
    for times in chance.multinomial(SETS, np.full(SETS, 1 / SETS), time_to_event._DRAWS)[:40]:
        kept = paired[times[paired["set"]] > 0]
        drawn.append(time_to_event.curves(kept, WEIGHTS * times, SHORT)["D1"])
    monkeypatch.setattr(time_to_event, "_DRAWS", 40)
    same = time_to_event.curve_intervals(paired, WEIGHTS, SHORT, seed=3)
    expected = np.quantile(np.array(drawn), [0.025, 0.975], axis=0)
    assert same["D1 low"].to_numpy() == pytest.approx(expected[0], abs=1e-9)
    assert same["D1 high"].to_numpy() == pytest.approx(expected[1], abs=1e-9)


def test_one_set_has_no_band_and_sets_that_differ_have_a_wider_one() -> None:
    paired = times_within(LONG)
    assert time_to_event.curve_intervals(paired.assign(set=0), np.ones(1), LONG).isna().all(axis=None)
    swayed = paired.assign(D1=paired["D1"].where(paired["set"] < SETS // 2))  # half of the sets never come back
    narrow, wide = (time_to_event.curve_intervals(frame, WEIGHTS, LONG).loc[WITHIN] for frame in (paired, swayed))
    assert wide["D1 high"] - wide["D1 low"] > 3 * (narrow["D1 high"] - narrow["D1 low"])
