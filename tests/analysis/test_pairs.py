"""Paired comparison: effects worked by hand, where runs part, and a world in which the war's end is nothing."""

import math
from collections.abc import Sequence
from dataclasses import FrozenInstanceError, replace

import numpy as np
import pandas as pd
import pytest

from sim.analysis.pairs import Effect
from sim.api import Pair
from sim.engine.ensemble import Divergence, Ensemble
from sim.engine.experiment import Experiment
from sim.engine.war_end import NEVER
from sim.scenario import load
from tests.analysis.by_hand import made, steps

NEVER_BUYS = load("moscow-never-buys")


def effect(*values: float, owners: Sequence[int] | None = None) -> Effect:
    return Effect("reengagement", "in 2026-01", pd.Series(values), pd.Series(owners or [0] * len(values)), 0)


def test_mean_and_interval_of_five_runs_of_one_set() -> None:
    five = effect(1.0, 2.0, 3.0, 4.0, 5.0)  # standard deviation 1.5811, standard error .7071, t of 4 degrees 2.7764
    assert five.mean == 3.0
    assert five.interval == pytest.approx((3.0 - 1.9632, 3.0 + 1.9632), abs=1e-4)
    assert str(five) == (
        "reengagement in 2026-01: +3.00 (95% interval of the mean: +1.04 to +4.96, run-to-run noise alone, with "
        "one parameter set, 5 runs)"
    )


def test_runs_that_share_a_set_are_no_units_of_their_own() -> None:
    values = [float(owner) for owner in range(10) for _ in range(100)]
    mean_effect = effect(*values, owners=[owner for owner in range(10) for _ in range(100)])
    assert mean_effect.mean == pytest.approx(4.5)
    half = 2.2622 * np.arange(10).std(ddof=1) / np.sqrt(10)  # t of 9 degrees of freedom, not of 999
    assert mean_effect.interval == pytest.approx((4.5 - half, 4.5 + half), abs=1e-3)


def test_every_run_counts_alike_however_many_its_set_has() -> None:
    assert effect(1.0, 1.0, 1.0, 5.0, owners=[0, 0, 0, 1]).mean == 2.0


def test_one_run_has_no_interval_and_equal_values_one_of_no_width() -> None:
    assert all(math.isnan(end) for end in effect(2.0).interval)
    assert "too few runs or parameter sets for an interval" in str(effect(2.0))
    assert effect(2.0, 2.0, 2.0).interval == (2.0, 2.0)


def test_a_pair_knows_which_set_each_run_has() -> None:
    own = {"foresight": np.array([4.0, 5.0, 4.0]), "precision": np.array([200.0, 200.0, 200.0])}

    def having(many: Ensemble, **own: np.ndarray) -> Ensemble:
        return replace(many, experiment=many.experiment.replace(varied=own))

    one, other = (having(many, **own) for many in (PAIR.one, PAIR.other))
    assert Pair(one, other).effect("tension", at="2027-01").owners.tolist() == [0, 1, 0]
    assert Pair(one, other).effect("tension").owners.tolist() == [0, 1]  # the third run is censored
    differing = having(other, precision=np.array([200.0, 200.0, 300.0]))
    assert Pair(one, differing).effect("tension", at="2027-01").owners.tolist() == [0, 1, 2]
    assert PAIR.effect("tension", at="2027-01").owners.tolist() == [0, 0, 0]


def test_two_runs_have_an_interval() -> None:
    low, high = effect(1.0, 3.0).interval
    assert low < 1.0 and high > 3.0


def test_what_was_found_cannot_be_changed_and_is_itself_alone() -> None:
    """Tables are not compared by their numbers: two effects with the same are two."""
    measured = effect(1.0, 2.0)
    for record, name in ((measured, "when"), (Divergence("2021-07", (), ()), "month"), (PAIR, "one")):
        with pytest.raises(FrozenInstanceError):
            setattr(record, name, "")
    assert len({measured, effect(1.0, 2.0)}) == 2
    assert len({PAIR, Pair(PAIR.one, PAIR.other)}) == 2


PAIR = Pair(
    made([72, 80, 100], tension=[steps((96, 0.5)), steps((104, 0.25)), steps((0, 0.9))]),
    made([NEVER] * 3, tension=0.125),
)


PAIR = Pair(
    made([72, 80, 100], tension=[steps((96, 0.5)), steps((104, 0.25)), steps((0, 0.9))]),
    made([NEVER] * 3, tension=0.125),
)


def test_an_effect_is_read_so_many_months_after_each_runs_own_end() -> None:
    after_two_years = PAIR.effect("tension", months_after=24)
    assert after_two_years.values.tolist() == [0.375, 0.125]
    assert after_two_years.values.index.tolist() == [0, 1]
    assert after_two_years.censored == 1
    assert PAIR.effect("tension", months_after=23).values.tolist() == [-0.125, -0.125]
    assert PAIR.effect("tension", months_after=19).censored == 0
    assert PAIR.effect("tension").values.equals(after_two_years.values), "two years where nothing is said"


def test_a_run_that_is_a_month_too_short_is_censored() -> None:
    just, late = Pair(made([95]), made([NEVER])), Pair(made([95, 96]), made([NEVER] * 2))  # 120 months, the last is 119
    assert just.effect("tension").censored == 0
    assert late.effect("tension").censored == 1 and late.effect("tension").values.index.tolist() == [0]


def test_an_effect_may_be_read_in_a_month_instead() -> None:
    in_a_month = PAIR.effect("tension", at="2027-01")
    assert in_a_month.values.tolist() == [0.375, -0.125, 0.775]
    assert (in_a_month.censored, in_a_month.when) == (0, "in 2027-01")


def test_the_end_is_that_of_the_second_world_where_the_first_has_none() -> None:
    turned = Pair(PAIR.other, PAIR.one)
    assert turned.effect("tension").values.tolist() == [-0.375, -0.125]


def test_an_effect_that_cannot_be_read_says_why() -> None:
    with pytest.raises(ValueError, match="the war ends in neither scenario; say in which month"):
        Pair(PAIR.other, PAIR.other).effect("tension")
    with pytest.raises(ValueError, match=r"no run lasts until .* the horizon ends in 2028-12"):
        PAIR.effect("tension", months_after=60)
    with pytest.raises(KeyError, match="did you mean tension"):
        PAIR.effect("tensoin")


def test_the_difference_is_one_less_other_in_the_months_that_both_have() -> None:
    longer, shorter = made([NEVER], tension=0.5), made([NEVER], months=60, tension=0.25)
    gap = Pair(longer, shorter).difference("tension")
    assert gap.shape == (1, 60)
    assert (gap == 0.25).all(axis=None)


def test_worlds_part_in_the_first_month_in_which_anything_differs() -> None:
    still = steps((0, -1.0))
    one = made([NEVER] * 4, tension=[steps(), steps((30, 0.1)), steps((30, 0.1)), steps((30, 0.1))], seoul_north=[
        still, steps((0, -1.0), (30, 1.0)), steps((0, -1.0), (20, 0.0)), still,
    ])  # fmt: skip
    pair = Pair(one, made([NEVER] * 4))
    assert pair.first_divergence(0) is None
    assert pair.first_divergence(1) == Divergence("2021-07", ("seoul_north",), ("tension",))
    assert pair.first_divergence(2) == Divergence("2020-09", ("seoul_north",), ())
    assert pair.first_divergence(3) == Divergence("2021-07", (), ("tension",))


def test_a_world_never_parts_from_itself() -> None:
    scenario = load("war-ends-early").with_(months={"to": "2025-12"})
    asked = Experiment(scenario, seed=3, runs=range(20))
    pair = Pair(*asked.versus(asked))
    assert all(pair.first_divergence(run) is None for run in range(20))
    assert pair.effect("tension", months_after=6).interval == (0.0, 0.0)


@pytest.mark.compiled
@pytest.mark.parametrize("end", ["2024-10", "2025-01", "2028-06"])
def test_where_moscow_never_buys_and_isolation_is_held_the_end_of_the_war_changes_nothing(end: str) -> None:
    still = Experiment(NEVER_BUYS, seed=9, runs=range(50))
    pair = Pair(*still.replace(scenario=NEVER_BUYS.with_(war={"ends": end})).versus(still))
    assert all(pair.first_divergence(run) is None for run in range(50))
    assert not pair.effect("reengagement", months_after=24).values.any()


@pytest.mark.compiled
def test_where_moscow_buys_the_same_end_does_change_things() -> None:
    base = Experiment(load("baseline"), seed=9, runs=range(50))
    ended = base.scenario.with_(war={"ends": "2025-01"}, postwar_isolation=1.0)
    pair = Pair(*base.replace(scenario=ended).versus(base))
    parted = [pair.first_divergence(run) for run in range(50)]
    assert all(divergence is not None and divergence.month >= "2025-01" for divergence in parted)
    assert np.count_nonzero(pair.effect("reengagement", months_after=24).values) == 50
