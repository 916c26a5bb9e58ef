"""Sharpness: every state that enters a choice has its step, and a hairline is found where there is one."""

from types import MappingProxyType

import numpy as np
import pandas as pd
import pytest

from research import choice_sharpness
from research.chances_under_review import OptionChances, option_chances
from research.choice_sharpness import (
    FIRST,
    LAST,
    SEED,
    YEARS,
    _Months,
    changes_of_chance,
    measured_rows,
    set_sharpness,
    sharpness_world,
)
from sim.engine import draws
from sim.engine.plan import plan_of
from sim.inference.parameter_sets import retained_sets
from sim.model.moves import DEAL, LEVER
from sim.registers.fluctuation import fluctuations

STANCE = "pyongyang_toward_beijing"
# Decisions, dates, habits (of variant V6) and what the engine itself puts there.
NO_STATES = {"bundled", "ceiling", "floor", "habit", "linear_economy", "month", "moves", "params", "seen", "war_end",
             "war_start", "without"}  # fmt: skip


def of(values: pd.DataFrame, runs: int = 1, **numbers: float) -> "pd.Series[float]":
    changes = changes_of_chance(values.assign(**numbers), runs, states=["china_flow", "tension"])
    return changes.groupby(["state", "lever"])["change"].median()


@pytest.fixture(scope="module")
def chances() -> OptionChances:
    return option_chances(tuple(plan_of(sharpness_world()).values))


@pytest.fixture(scope="module")
def values() -> pd.DataFrame:
    return retained_sets().some(4, 1).values


def test_every_state_that_enters_a_choice_has_its_step(chances: OptionChances) -> None:
    assert set(measured_rows(chances)) <= set(fluctuations())
    groups = {row.split(".")[0] for row in frozenset.union(*chances.reads.values())}
    assert groups - {"world", "given", "belief"} == NO_STATES


def test_a_state_without_a_step_is_named(chances: OptionChances, monkeypatch: pytest.MonkeyPatch) -> None:
    fewer = MappingProxyType({name: entry for name, entry in fluctuations().items() if name != "tension"})
    monkeypatch.setattr(choice_sharpness, "fluctuations", lambda: fewer)
    with pytest.raises(ValueError, match=r"fluctuations\.yaml: tension .* say by how much"):
        measured_rows(chances)


def test_the_end_of_the_war_is_not_looked_at() -> None:
    assert sharpness_world().war_end is None


def test_the_months_are_those_in_which_these_moves_were_chosen(chances: OptionChances, values: pd.DataFrame) -> None:
    """Where every lever comes up for review, the draw of the month and the chances say what was played."""
    plan = plan_of(sharpness_world()).until(LAST)
    asked = _Months.of(plan, chances, values.assign(review_chance=1.0, review_by_kind=0.0), 1, 0)
    run = np.repeat(np.arange(12 * len(values)), len(YEARS))
    month = np.tile(np.arange(FIRST, LAST, 12), 12 * len(values)) + run % 12
    drawn = draws.uniforms(SEED, run, 1 + month)
    for field, shares in asked.chances({}).items():
        if field not in {lever.field for lever in DEAL}:
            reached = np.cumsum(shares, axis=0)[:-1] <= drawn[:, draws.SLOT[f"choose_{field}"]]
            taken = np.array([option.value for option in LEVER[field].options])[reached.sum(axis=0)]
            assert np.array_equal(taken, asked._moves[field]), field


def test_trade_holds_the_stance_by_grievance_alone_and_the_more_the_stricter_choices_are(values: pd.DataFrame) -> None:
    usual, calm, loose = of(values), of(values, grievance=0.0), of(values, precision=0.1)
    assert usual.idxmax() == ("china_flow", STANCE)
    assert usual["china_flow", STANCE] > 0.25 > 10.0 * calm["china_flow", STANCE]
    assert loose.max() < 0.02


def test_a_set_has_the_same_sharpness_whatever_is_measured_beside_it(values: pd.DataFrame) -> None:
    own = values.set_axis([3, 1, 4, 2])
    whole = set_sharpness(own, states=["china_flow"])
    assert list(whole.index) == [3, 1, 4, 2]
    pd.testing.assert_series_equal(whole, set_sharpness(own, jobs=2, states=["china_flow"]))
    alone = changes_of_chance(values[2:3], first=2, states=["china_flow"])
    assert alone["change"].max() == whole[4] and set(alone["set"]) == {2}
