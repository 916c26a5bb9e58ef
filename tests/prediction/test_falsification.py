"""The nearest world that turns the outcome is found where it is known to lie."""

from dataclasses import FrozenInstanceError, replace

import numpy as np
import pandas as pd
import pytest

from sim.engine.experiment import Experiment
from sim.engine.sets import Sets, equally_weighted
from sim.inference.designs import scale_to_unit
from sim.prediction import falsification
from sim.prediction.falsification import STARTS, Refutation, distance, find_turns, rate
from sim.scenario.source import Source
from sim.scenario.values import ORDERINGS

from .test_treatments import SHORT

NAMES = ("postwar_need", "foresight", "patrons_together", "keep_after")


def cases(count: int = 400) -> Sets:
    draws = np.random.default_rng(0).random((count, 4))
    frame = pd.DataFrame(draws * [1.6, 10.0, 2.0, 1.0] + [0.0, 2.0, -1.0, 0.0], columns=list(NAMES))
    return equally_weighted(frame, Source.MIXED)


def asked(values: pd.DataFrame) -> np.ndarray:
    """Hold unless two of four numbers are high together."""
    return np.where((values["postwar_need"] > 0.8) & (values["foresight"] > 7.0), 0.1, 0.9)


@pytest.fixture(scope="module")
def refutation() -> Refutation:
    return find_turns(cases(), asked, asked, asked, runs=1000)


def test_only_what_the_turn_needs_is_changed_and_no_more_than_it_needs(refutation: Refutation) -> None:
    turn = refutation.fails[0]
    assert turn.confirmed and turn.holds
    assert set(turn.changes["parameter"]) <= {"postwar_need", "foresight"}
    assert asked(turn.turned.to_frame().T)[0] == 0.1 and asked(turn.origin.to_frame().T)[0] == 0.9
    for row in turn.changes.itertuples():
        edge = {"postwar_need": 0.8, "foresight": 7.0}[str(row.parameter)]
        step = (row.turned - row.origin) / 64
        others = turn.turned.copy()
        others[row.parameter] = row.turned - 4 * step
        assert row.origin <= edge < row.turned or abs(row.turned - edge) < 64 * step, row
    nearer = turn.origin + 0.9 * (turn.turned - turn.origin)
    assert turn.distance == pytest.approx(distance(turn.origin.to_frame().T, turn.turned.to_frame().T)[0])
    assert asked(nearer.to_frame().T)[0] == 0.9


def test_the_other_way_round_too(refutation: Refutation) -> None:
    turn = refutation.holds[0]
    assert not turn.holds and turn.confirmed
    assert (turn.before, turn.after) == (0.1, 0.9)
    assert len(turn.changes) == 1  # to lower one of the two suffices


def test_the_region_is_told(refutation: Refutation) -> None:
    assert refutation.box is not None and set(refutation.box.limits) == {"postwar_need", "foresight"}


def test_several_starts_are_tried_and_the_smallest_change_that_is_confirmed_comes_first(refutation: Refutation) -> None:
    for turns in (refutation.fails, refutation.holds):
        assert len(turns) == STARTS == len({tuple(turn.origin) for turn in turns})
        far = [turn.distance for turn in turns]
        assert all(turn.confirmed for turn in turns) and far == sorted(far) and far[0] < far[-1]
    nearest = refutation.fails[0].turned.to_frame().T
    doubted = find_turns(  # fresh runs deny the smallest change alone
        cases(), asked, asked, lambda values: np.where(distance(values, nearest) < 1e-9, 0.9, asked(values)), runs=1000
    )
    assert [turn.confirmed for turn in doubted.fails] == [True] * (STARTS - 1) + [False]
    assert doubted.fails[-1].distance == pytest.approx(refutation.fails[0].distance)


def test_where_all_come_out_alike_there_is_no_turn() -> None:
    refutation = find_turns(cases(), lambda values: np.full(len(values), 0.9), asked, asked, runs=100)
    assert refutation.fails == refutation.holds == () and refutation.box is None


def test_what_fresh_runs_deny_is_not_confirmed() -> None:
    refutation = find_turns(cases(), asked, asked, lambda values: np.full(len(values), 0.9), runs=100)
    assert refutation.fails and not any(turn.confirmed for turn in refutation.fails)


def test_cases_that_chance_may_have_turned_do_not_count() -> None:
    refutation = find_turns(cases(), lambda values: np.where(asked(values) > 0.5, 0.9, 0.55), asked, asked, runs=100)
    assert not refutation.fails


def test_orderings_hold_in_every_world_that_is_tried() -> None:
    # To take back the change of the West alone would leave influence above it.
    weights = {"beijing_west_weight": [0.18, 0.33], "beijing_influence_weight": [0.15, 0.32]}
    seen: list[pd.DataFrame] = []

    def low_influence(values: pd.DataFrame) -> np.ndarray:
        seen.append(values)
        return np.where(values["beijing_influence_weight"] > 0.22, 0.0, 1.0)

    worlds = equally_weighted(pd.DataFrame(weights), Source.MIXED)
    refutation = find_turns(worlds, low_influence, low_influence, low_influence, runs=1000)
    assert (ORDERINGS[0].margin(pd.concat(seen)) >= -1e-12).all()
    (turn,) = refutation.fails  # there is one world in which it holds
    assert turn.confirmed and set(turn.changes["parameter"]) == set(weights)


@pytest.mark.parametrize(("needed", "tried"), [
    # What is taken back in each world that is tried, the smallest change first: d, c, b, a.
    ("a", ["dc", "dcba", "dcb", "dcba"]),
    ("d", ["dc", "d", "c", "cb", "cba"]),
    ("", ["dc", "dcba"]),
    ("cb", ["dc", "d", "dc", "db", "da"]),
    ("dcba", ["dc", "d", "c", "b", "a"]),
])  # fmt: skip
def test_changes_are_taken_back_by_halves_and_one_by_one_where_some_are_needed(needed: str, tried: list[str]) -> None:
    names = dict(zip("dcba", ("postwar_need", "foresight", "patrons_together", "keep_after"), strict=True))
    origin = pd.DataFrame([dict.fromkeys(names.values(), 0.0) | {"foresight": 2.0, "patrons_together": -1.0}])
    ranges = {"d": 1.6, "c": 10.0, "b": 2.0, "a": 1.0}
    changes = {names[name]: ranges[name] * share for name, share in zip("dcba", (0.1, 0.2, 0.3, 0.4), strict=True)}
    other = origin + pd.Series(changes)
    seen: list[str] = []

    def turned(values: pd.DataFrame) -> bool:
        back = "".join(name for name in "dcba" if values[names[name]].iloc[0] == origin[names[name]].iloc[0])
        seen.append(back)
        return not set(needed) & set(back)

    fewest = falsification._fewest(origin, other, turned)
    left = {name for name in "abcd" if fewest[names[name]].iloc[0] != origin[names[name]].iloc[0]}
    assert left == set(needed) and seen == tried


@pytest.mark.parametrize(("needed", "tried"), [("a", ["c", "cb", "cba"]), ("", ["c", "cb", "cba"])])
def test_of_three_changes_the_first_half_is_one(needed: str, tried: list[str]) -> None:
    names = {"c": "postwar_need", "b": "patrons_together", "a": "keep_after"}
    origin = pd.DataFrame([{"postwar_need": 0.0, "patrons_together": -1.0, "keep_after": 0.0}])
    other = origin + pd.Series({"postwar_need": 0.16, "patrons_together": 0.4, "keep_after": 0.3})
    seen: list[str] = []

    def turned(values: pd.DataFrame) -> bool:
        seen.append("".join(name for name in names if values[names[name]].iloc[0] == origin[names[name]].iloc[0]))
        return not set(needed) & set(seen[-1])

    falsification._fewest(origin, other, turned)
    assert seen == tried


def test_a_turn_is_brought_as_near_as_a_64th_of_the_way() -> None:
    """The line turns at 0.3 of the way: of 64 steps, 20 are the first beyond it."""
    origin, other = pd.DataFrame({"foresight": [2.0]}), pd.DataFrame({"foresight": [12.0]})
    near = falsification._between(origin, other, lambda values: values["foresight"].iloc[0] > 5.0)
    assert near["foresight"].tolist() == [2.0 + 10.0 * 20 / 64]
    far = falsification._between(origin, other, lambda values: values["foresight"].iloc[0] >= 12.0)
    assert far["foresight"].tolist() == [12.0]


def test_changes_are_shares_of_their_ranges_the_largest_first() -> None:
    origin = pd.DataFrame({"postwar_need": [0.8], "foresight": [4.0], "keep_after": [0.5], "patrons_together": [0.0]})
    turn = pd.DataFrame({"postwar_need": [1.2], "foresight": [4.0], "keep_after": [0.4], "patrons_together": [-1.0]})
    table = falsification._changes(origin, turn)
    assert table["parameter"].tolist() == ["patrons_together", "postwar_need", "keep_after"]
    assert table["share_of_range"].tolist() == pytest.approx([-0.5, 0.25, -0.1])
    assert table["origin"].tolist() == [0.0, 0.8, 0.5] and table["turned"].tolist() == [-1.0, 1.2, 0.4]
    assert distance(origin, turn) == pytest.approx([np.sqrt((0.25 + 0.0625 + 0.01) / 4)])


@pytest.mark.parametrize(("low", "high", "clear"), [
    # Of 100 runs two standard errors are 0.1: what holds is clear from 0.7 on, and what fails below 0.5.
    (0.2, 0.7, True), (0.2, 0.69, False), (0.49, 0.95, True), (0.5, 0.95, False),
])  # fmt: skip
def test_a_case_counts_where_it_is_clear_of_the_line_by_two_standard_errors(
    low: float, high: float, clear: bool
) -> None:
    some = cases(40)

    def judged(values: pd.DataFrame) -> np.ndarray:
        return np.where(values["postwar_need"] > 0.8, high, low)

    turns = find_turns(some, judged, asked, asked, runs=100)
    assert set(judged(some.values)) == {low, high}
    assert bool(turns.fails) == bool(turns.holds) == clear


def test_what_was_found_cannot_be_changed_and_is_itself_alone(refutation: Refutation) -> None:
    with pytest.raises(FrozenInstanceError):
        refutation.fails = ()  # type: ignore[misc]
    with pytest.raises(FrozenInstanceError):
        refutation.fails[0].confirmed = False  # type: ignore[misc]
    assert len({refutation, replace(refutation)}) == 2


def test_ranges_are_made_one() -> None:
    frame = pd.DataFrame({"postwar_need": [0.0, 1.6], "foresight": [2.0, 12.0]})
    assert scale_to_unit(frame).tolist() == [[0.0, 0.0], [1.0, 1.0]]


def test_a_set_is_judged_by_its_own_runs() -> None:
    sets = pd.DataFrame({"postwar_need": [0.0, 1.6]})
    judged = rate(Experiment(SHORT, seed=3), 8)
    both = judged(sets)
    assert len(both) == 2 and ((both >= 0) & (both <= 1)).all()
    assert judged(sets.iloc[[0]])[0] == both[0]


@pytest.mark.parametrize("changed", [1, 2, 3, 4])
def test_what_a_turn_does_not_need_is_taken_back_however_few_changes_there_are(changed: int) -> None:
    """The first of the numbers alone turns the outcome."""
    origin = pd.DataFrame([[0.1, 5.0, 0.0, 0.2]], columns=list(NAMES))
    other = origin.copy()
    other.iloc[0, :changed] = [0.9, 9.0, 0.5, 0.4][:changed]
    least = falsification._fewest(origin, other, lambda values: bool(values["postwar_need"].iloc[0] > 0.5))
    assert least.iloc[0].tolist() == [0.9, 5.0, 0.0, 0.2]
