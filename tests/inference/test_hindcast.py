"""Parameter sets before history: how they are simulated, what counts as met, and how implausible a miss is."""

import numpy as np
import pandas as pd
import pytest

from research.editions import as_second_edition
from research.specified import compare_with_specified
from sim.engine.ensemble import Ensemble
from sim.engine.experiment import Experiment
from sim.engine.sets import equally_weighted
from sim.inference import hindcast
from sim.inference.matching import draw_prior
from sim.registers.targets import bounds, follows_from_inputs, patterns, target_series
from sim.report.folders import hindcast_folder
from sim.scenario import Scenario
from sim.scenario.source import Source
from sim.scenario.values import defaults


@pytest.fixture(scope="module")
def sets() -> pd.DataFrame:
    return draw_prior([5], 3)


def inside(name: str) -> float:
    """Return a number that meets a target, well within."""
    low, high, _ = hindcast.target(name)
    return {(True, True): (low + high) / 2, (True, False): low + 1, (False, True): high - 1}[
        (bool(np.isfinite(low)), bool(np.isfinite(high)))
    ]


@pytest.fixture
def good() -> pd.DataFrame:
    return pd.DataFrame([{name: inside(name) for name in (*(_history()), *hindcast.observed_figures())}])


def _history() -> list[str]:
    return [name for name, bound in bounds().items() if bound.about == "history"]


def runs_of(sets: pd.DataFrame, runs: int, first: int = 0, world: Scenario | None = None) -> Experiment:
    asked = Experiment(world or hindcast.free_runs(), equally_weighted(sets, Source.PRIOR), 9, jobs=1)
    return asked.runs_of_every_set(runs, first)


def test_a_block_of_sets_simulates_what_each_set_simulates_alone(sets: pd.DataFrame) -> None:
    world = hindcast.free_runs()
    together = runs_of(sets, 4, 100, world).ensemble(hindcast.KEPT)
    alone = runs_of(sets.iloc[[2]], 4, 108, world).ensemble(hindcast.KEPT)
    assert (together.played[8:] == alone.played).all()
    assert (together.states[8:] == alone.states).all()
    assert (together.states[:4] != together.states[4:8]).any()


def test_a_set_is_the_scenario_with_its_parameters(sets: pd.DataFrame) -> None:
    world = hindcast.free_runs()
    one = world.with_(name="one set", parameters=sets.iloc[1].to_dict())
    many = runs_of(sets, 5, 0, world).ensemble(hindcast.KEPT)
    same = Experiment(one, seed=9, runs=range(5, 10)).ensemble()
    for name in (*hindcast.KEPT, "pyongyang_toward_beijing", "deal_arms"):
        assert (many.array(name)[5:10] == same.array(name)).all(), name


def test_moscow_never_buys_in_the_world_without_a_deal(sets: pd.DataFrame) -> None:
    alone = runs_of(sets, 2, 0, hindcast.without_deal(hindcast.free_runs())).ensemble(hindcast.KEPT)
    assert not alone.array("arms_flow").any()
    assert runs_of(sets, 2).ensemble(hindcast.KEPT).array("arms_flow").any()


def test_trying_sets_in_pieces_changes_nothing(sets: pd.DataFrame, monkeypatch: pytest.MonkeyPatch) -> None:
    parts: list[tuple[int, int]] = []

    def tell(many: Ensemble, without: Ensemble, first: int, number: int) -> None:
        assert len(many) == len(without) == 3 * number
        parts.append((first, number))

    whole = hindcast.try_sets(runs_of(sets, 3, 50), tell)
    monkeypatch.setattr(hindcast, "_AT_ONCE", 1)
    pieces = hindcast.try_sets(runs_of(sets, 3, 50), tell)
    assert parts == [(0, 3), (0, 1), (1, 1), (2, 1)]
    pd.testing.assert_frame_equal(whole.means, pieces.means)
    pd.testing.assert_frame_equal(whole.errors, pieces.errors)


def test_no_sets_are_tried_too(sets: pd.DataFrame) -> None:
    assert len(hindcast.try_sets(runs_of(sets.iloc[:0], 3)).means) == 0


def test_an_ensemble_is_measured_like_one_set() -> None:
    many = Experiment(hindcast.free_runs(), seed=9, runs=range(30)).ensemble()
    block = runs_of(pd.DataFrame([defaults({})])[["grievance"]], 30).ensemble(hindcast.KEPT)
    pd.testing.assert_frame_equal(hindcast.measure_history(many).means, hindcast.measure_history(block).means)


def test_a_share_of_runs_that_all_agree_is_not_known_exactly() -> None:
    mean, error = hindcast._mean_and_error(np.zeros((1, 8), dtype=bool))
    assert mean[0] == 0.0
    assert error[0] == pytest.approx(np.sqrt(0.1 * 0.9 / 8))


def test_everything_is_met_where_every_number_lies_within(good: pd.DataFrame) -> None:
    assert hindcast.within_bounds(good).all(axis=None)
    assert (hindcast.Scores(good, good * 0.0).implausibility == 0.0).all(axis=None)
    assert hindcast.pattern_shares(hindcast.Scores(good, good * 0.0)).eq(1.0).all()


@pytest.mark.parametrize("name", _history())
def test_each_bound_holds_up_to_its_edge_and_no_further(name: str, good: pd.DataFrame) -> None:
    bound = bounds()[name]
    for edge, out in ((bound.low, -1e-9), (bound.high, 1e-9)):
        if edge is not None:
            assert hindcast.within_bounds(good.assign(**{name: edge}))[name].item() is not bound.strict
            assert not hindcast.within_bounds(good.assign(**{name: edge + out}))[name].item()
            assert not hindcast.Scores(good.assign(**{name: edge + out}), good).passed[bound.pattern].item()


def test_implausibility_counts_standard_deviations_outside_the_bound(good: pd.DataFrame) -> None:
    none = good * 0.0
    edge = bounds()["T1"].high
    assert edge is not None
    off = good.assign(T1=edge + 2 * bounds()["T1"].discrepancy)
    assert hindcast.Scores(off, none).implausibility["T1"].item() == pytest.approx(2.0)
    noisy = none.assign(T1=bounds()["T1"].discrepancy)
    assert hindcast.Scores(off, noisy).implausibility["T1"].item() == pytest.approx(2.0 / np.sqrt(2))
    assert hindcast.Scores(good.assign(T7b=np.nan), none).implausibility["T7b"].item() == np.inf


def test_a_relative_tolerance_is_a_share_of_the_figure(good: pd.DataFrame) -> None:
    figure, trade = hindcast.observed_figures()["trade 2021"], target_series()["trade"]
    assert figure == 318.04
    spread = figure * np.hypot(trade.observation, trade.discrepancy)
    off = good.assign(**{"trade 2021": figure + 2 * spread})
    assert hindcast.Scores(off, good * 0.0).implausibility["trade 2021"].item() == pytest.approx(2.0)
    assert hindcast.within_bounds(good.assign(**{"trade 2021": figure * 1.24}))["trade 2021"].item()
    assert not hindcast.within_bounds(good.assign(**{"trade 2021": figure * 1.26}))["trade 2021"].item()


def test_likely_misses_are_counted_in_parts(good: pd.DataFrame) -> None:
    sure = good * 0.0 + 1e-6
    assert hindcast.expected_misses(good, sure)["T"].item() == pytest.approx(0.0)
    edge = {name: bounds()[name].high for name in ("T1", "W13")}
    assert hindcast.expected_misses(good.assign(T1=edge["T1"], T8=1.0), sure)["T"].item() == pytest.approx(1.5)
    assert hindcast.expected_misses(good.assign(T7b=np.nan), sure)["T"].item() == pytest.approx(1.0)
    assert hindcast.expected_misses(good.assign(T3b=99.0), sure)["T"].item() == pytest.approx(0.0)
    two = good.assign(T2b_drop=0.15, T2b_slights=0.50)  # both halves of one pattern at their edge
    assert hindcast.expected_misses(two, sure)["T"].item() == pytest.approx(0.75)
    misses = hindcast.expected_misses(good.assign(T1=1.0, W9=1.0, W13=edge["W13"]), sure)  # of each family by itself
    assert misses.iloc[0].to_dict() == pytest.approx({"T": 1.0, "W": 1.5})


def test_only_what_was_seen_by_august_2024_is_compared() -> None:
    assert all(name.split()[1] <= "2024-08" for name in hindcast.observed_figures())
    assert hindcast.free_runs().horizon == 68


def test_one_of_twelve_and_one_of_thirteen_may_fail_and_those_beside_do_not_count(good: pd.DataFrame) -> None:
    def shares(**off: float) -> "pd.Series[float]":
        return hindcast.pattern_shares(hindcast.Scores(good.assign(**off), good * 0.0))

    beside = {"T2c": -9.0, "T3b": 99.0, "T8b": 1.0}
    assert (hindcast.MOST, hindcast.ALL) == ("11 T and 12 W", "all 25")
    assert shares(**beside)[[hindcast.MOST, hindcast.ALL, *beside]].tolist() == [1.0, 1.0, 0.0, 0.0, 0.0]
    one = shares(T1=1.0)
    assert (one[hindcast.MOST], one[hindcast.ALL], one["T1"]) == (1.0, 0.0, 0.0)
    assert shares(T1=1.0, W13=1.0)[hindcast.MOST] == 1.0
    assert shares(T1=1.0, T8=1.0)[hindcast.MOST] == shares(W9=1.0, W13=1.0)[hindcast.MOST] == 0.0
    assert shares(W11_engage=0.0, W11_firm=0.0)[hindcast.MOST] == 1.0  # two numbers of one pattern


def test_what_is_given_is_shown_after_what_is_the_models_own(good: pd.DataFrame) -> None:
    order = [name for name in hindcast.pattern_shares(hindcast.Scores(good, good * 0.0)).index if name in patterns()]
    assert sorted(order) == sorted(patterns())
    assert [follows_from_inputs(name) for name in order] == sorted(follows_from_inputs(name) for name in order)


def test_patterns_that_exclude_each_other_conflict(good: pd.DataFrame) -> None:
    means = pd.concat([good.assign(T1=1.0), good.assign(T8=1.0)], ignore_index=True)
    conflicts = hindcast.conflicts(hindcast.Scores(means, means * 0.0))
    assert conflicts.loc[0, ["one", "other"]].tolist() == ["T1", "T8"]
    assert conflicts.loc[0, "together"] == pytest.approx(-1.0)


def test_conflicts_are_told_of_more_than_one_set(good: pd.DataFrame) -> None:
    means = pd.concat([good.assign(T1=1.0), good.assign(T8=1.0)], ignore_index=True)
    one, two = hindcast.Scores(good, good * 0.0), hindcast.Scores(means, means * 0.0)
    assert "conflicts" not in hindcast_folder.tables({"defaults": one})
    assert set(hindcast_folder.tables({"defaults": one, "prior": two})["conflicts"]["sets"]) == {"prior"}


MEASURED_TO_100 = ("reengagement", "relative_alignment")


def test_the_default_set_is_what_was_specified() -> None:
    """It was specified for the second edition. Means of 400 runs within a few hundredths, warmths within .2, growth
    within .1 (percentage points), what is measured on a scale to 100 within a point. The draws are others than the
    prototype's, so noise is in it twice."""
    many = Experiment(as_second_edition(hindcast.free_runs()), seed=11, runs=range(400)).ensemble()
    table = compare_with_specified(many).set_index(["series", "when"])
    gap = (table["here"] - table["specified"]).abs()
    series = gap.index.get_level_values("series")
    warm, growth, scale = series.str.startswith("warmth"), series == "growth", series.isin(MEASURED_TO_100)
    assert gap[warm].max() <= 0.2
    assert gap[growth].max() <= 0.1
    assert gap[scale].max() <= 1.0
    assert gap[~warm & ~growth & ~scale].max() <= 0.075
