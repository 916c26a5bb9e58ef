"""What must not matter does not: threads, blocks, order, the presence of other runs, and the horizon."""

import numpy as np
import pytest

from sim.engine.compiled import LANES
from sim.engine.ensemble import Ensemble, ensemble
from sim.engine.run import run
from sim.scenario import load

SCENARIO = load("war-ends-any-time").with_(months={"to": "2026-12"})
RUNS = 3 * LANES + 5
MANY = ensemble(SCENARIO, RUNS, seed=11)


def same(one: Ensemble, other: Ensemble, rows: slice | list[int] = slice(None), months: int | None = None) -> bool:
    """Whether one ensemble is the rows and first months of another, to the last bit."""
    return all(
        np.array_equal(getattr(one, name), getattr(other, name)[rows][:, :months]) for name in ("states", "played")
    ) and np.array_equal(one.war_end, other.war_end[rows])


def test_the_runs_differ_so_that_mixing_them_up_would_show() -> None:
    assert len(np.unique(MANY.states.sum(axis=(1, 2)))) == RUNS
    assert len(np.unique(MANY.war_end)) > 20


@pytest.mark.parametrize("jobs", [2, 3, 8])
def test_the_number_of_threads_changes_nothing(jobs: int) -> None:
    assert same(ensemble(SCENARIO, RUNS, seed=11, jobs=jobs), MANY)


@pytest.mark.parametrize(
    "numbers",
    [[RUNS - 1], [3], [LANES], list(range(LANES - 3, LANES + 9)), list(range(RUNS))[::-1], [7, 40, 7, 0]],
    ids=["the last alone", "one alone", "the first of a block", "across blocks", "backwards", "one twice"],
)
def test_which_other_runs_are_lived_and_in_which_order_changes_nothing(numbers: list[int]) -> None:
    assert same(ensemble(SCENARIO, numbers, seed=11), MANY, rows=numbers)


def test_a_shorter_horizon_is_the_beginning_of_a_longer_one() -> None:
    shorter = ensemble(SCENARIO.with_(months={"to": "2024-08"}), RUNS, seed=11)
    assert same(shorter, MANY, months=68)


def test_a_shorter_horizon_is_the_beginning_of_a_longer_one_in_mesa_too() -> None:
    longer = run(SCENARIO.with_(months={"to": "2024-08"}), seed=11, number=2)
    shorter = run(SCENARIO.with_(months={"to": "2021-03"}), seed=11, number=2)
    assert shorter.series.equals(longer.series[:27])
    assert shorter.moves.equals(longer.moves[:27])
    assert list(shorter.decisions) == [decision for decision in longer.decisions if decision.month < 27]


def test_the_first_month_reported_changes_what_is_shown_and_not_what_is_lived() -> None:
    later = ensemble(SCENARIO.with_(months={"from": "2023-01"}), 4, seed=11)
    assert same(later, MANY, rows=slice(4))
    assert list(map(str, later.series("tension").columns[:2])) == ["2023-01", "2023-02"]
    assert np.array_equal(later.series("tension"), MANY.series("tension").iloc[:4, 48:])


def test_a_change_in_a_month_changes_nothing_before_it() -> None:
    move = {"capital": "Beijing", "lever": "bloc", "option": "join", "from": "2023-05", "to": "2023-05"}
    moved = ensemble(SCENARIO.with_(moves=[move]), RUNS, seed=11)
    month = 52
    assert np.array_equal(moved.states[:, :month], MANY.states[:, :month])
    assert (moved.states[:, month] != MANY.states[:, month]).any(axis=1).mean() > 0.9


def test_a_change_that_changes_nothing_gives_the_same_bits() -> None:
    named = SCENARIO.with_(name="the same under another name", postwar_need=SCENARIO.values()["postwar_need"])
    assert same(ensemble(named, RUNS, seed=11), MANY)


def test_an_ensemble_of_no_runs_is_empty() -> None:
    assert len(ensemble(SCENARIO, 0, seed=11)) == 0


def test_a_run_of_an_ensemble_replays_in_mesa() -> None:
    replayed = ensemble(SCENARIO.with_(months={"to": "2023-12"}), [38, 39], seed=11).replay(39)
    assert np.array_equal(replayed.series.to_numpy(), MANY.states[39, :60])
    with pytest.raises(KeyError, match=f"run {RUNS} is not in this ensemble"):
        MANY.replay(RUNS)
