"""Taking claims away: by hand and by command the same; Shapley's axioms; the meter of what was assumed."""

from itertools import combinations

import numpy as np
import pandas as pd
import pytest

from sim.article.register import claims, switches
from sim.experiments import ablate
from sim.experiments.arms import Arm, effect, pairs
from sim.experiments.sets import Estimate, given

from .test_arms import SHORT

SETS = given(pd.DataFrame({"postwar_need": [0.1, 0.9], "beijing_west_weight": [0.4, 0.3]}), "made by hand")


def flat(mean: float, error: float = 0.1) -> Estimate:
    return Estimate(mean, error, error, mean, mean)


def test_a_claim_switched_off_by_hand_gives_the_same() -> None:
    whole, losses = ablate.ablate(SHORT, SETS, 6, 7, "claims")
    by_hand = pairs(Arm(SHORT.with_(without=["C38"])), SETS, 6, 7)
    found = next(each for each in losses if each.removed.name == "C38")
    assert found.effect == effect(by_hand, SETS.weights)
    assert found.change.mean == pytest.approx(found.effect.mean - whole.mean)
    assert {each.removed.name for each in losses} == {each for each in switches() if each in claims()}


def test_what_is_off_in_the_scenario_stays_off() -> None:
    assert ablate.without(SHORT.with_(without=["A3"]), ("C38",)).without == ("A3", "C38")


def test_groups_are_those_of_the_specification_and_share_no_claim() -> None:
    every = [claim for ids in ablate.GROUPS.values() for claim in ids]
    assert len(ablate.GROUPS) == 10 and len(every) == len(set(every))
    assert set(every) <= set(claims())
    assert all(ablate.able(ids) for ids in ablate.GROUPS.values())


def test_an_unknown_kind_is_refused() -> None:
    with pytest.raises(ValueError, match="groups, claims, assumptions, readings"):
        ablate.removals("whims")


def test_a_coalition_lacks_all_groups_that_are_absent() -> None:
    world = ablate.coalition(SHORT, [0, 9]).world
    assert not {"C01", "C38", "C03", "C47"} & set(world.without)
    assert {"C29", "C25", "C39", "C06", "C04", "C58", "C59", "C11", "C35", "C05", "C55"} <= set(world.without)
    assert ablate.coalition(SHORT, range(10)).world == SHORT


def game(worth) -> dict[tuple[int, ...], np.ndarray]:
    return {each: np.array([float(worth(set(each)))]) for each in ablate.coalitions(4)}


def test_shapley_values_of_a_sum_are_its_parts_and_nothing_interacts() -> None:
    parts = [1.0, -2.0, 0.0, 5.0]
    found = game(lambda present: sum(parts[each] for each in present))
    assert ablate.shapley(found, 4)[:, 0] == pytest.approx(parts)
    assert ablate.interactions(found, 4) == pytest.approx(0.0)


def test_shapley_values_share_what_needs_two_and_show_that_it_does() -> None:
    found = game(lambda present: 6.0 * ({0, 2} <= present))
    assert ablate.shapley(found, 4)[:, 0] == pytest.approx([3.0, 0.0, 3.0, 0.0])
    both = ablate.interactions(found, 4)[:, :, 0]
    assert both[0, 2] == both[2, 0] == pytest.approx(6.0)
    assert [both[pair] for pair in combinations(range(4), 2) if pair != (0, 2)] == pytest.approx([0.0] * 5)


def test_shapley_values_add_up_for_every_set() -> None:
    chance = np.random.default_rng(1)
    worth = {each: chance.normal(size=3) for each in ablate.coalitions(5)}
    assert ablate.shapley(worth, 5).sum(axis=0) == pytest.approx(worth[(0, 1, 2, 3, 4)] - worth[()])
    assert len(worth) == 32


def test_no_share_survives_of_an_effect_that_is_not_there() -> None:
    whole = pd.DataFrame({"set": 0, "run": range(4), "effect_24": [3.0, -3.0, 2.0, -2.0]})
    removed = ablate.Removed("A3", "", ("A3",))
    found = ablate.loss(removed, whole, whole.assign(effect_24=1.0), np.array([1.0]))
    assert found.survives is None
    assert "cannot be told from nothing" in ablate.meter([found])


def test_the_meter_names_what_takes_most_away() -> None:
    whole = pd.DataFrame({"set": 0, "run": range(4), "effect_24": [9.0, 11.0, 10.0, 10.0]})
    losses = [
        ablate.loss(ablate.Removed(name, "", ids, fixed), whole, whole.assign(effect_24=left), np.array([1.0]))
        for name, ids, fixed, left in [
            ("A3", ("A3",), (), 2.0),
            ("A4", ("A4",), (), 10.0),
            ("either patron will do", (), (("patrons_together", -1.0),), 15.0),
        ]
    ]
    said = ablate.meter(losses)
    assert "least survives 20 % without A3, 100 % without A4" in said and "150 % where either patron will do" in said


def test_every_assumption_of_the_meter_can_be_switched_off() -> None:
    assert set(ablate.METER) <= set(switches())
