"""Sharpness: every state that enters a choice has its step, and a hairline is found where there is one."""

from types import MappingProxyType

import pandas as pd
import pytest

from sim.article.fluctuation import fluctuations
from sim.calibration import sharpness as measure
from sim.calibration.parameter_sets import standing
from sim.calibration.sharpness import changes_of_chance, measured_rows, sharpness, world
from sim.engine.batch.chances import option_chances
from sim.engine.plan import plan_of

STANCE = "pyongyang_toward_beijing"
CHANCES = option_chances(tuple(plan_of(world()).values))
# Decisions, dates, habits (of variant V6) and what the engine itself puts there.
NO_STATES = {"bundled", "ceiling", "floor", "habit", "linear_economy", "month", "moves", "params", "seen", "war_end",
             "war_start", "without"}  # fmt: skip


def of(values: pd.DataFrame, runs: int = 1, **numbers: float) -> "pd.Series[float]":
    changes = changes_of_chance(values.assign(**numbers), runs, states=["china_flow", "tension"])
    return changes.groupby(["state", "lever"])["change"].median()


@pytest.fixture(scope="module")
def values() -> pd.DataFrame:
    return standing(4, 1).values


def test_every_state_that_enters_a_choice_has_its_step() -> None:
    assert set(measured_rows(CHANCES)) <= set(fluctuations())
    groups = {row.split(".")[0] for row in frozenset.union(*CHANCES.reads.values())}
    assert groups - {"world", "given", "belief"} == NO_STATES


def test_a_state_without_a_step_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    fewer = MappingProxyType({name: entry for name, entry in fluctuations().items() if name != "tension"})
    monkeypatch.setattr(measure, "fluctuations", lambda: fewer)
    with pytest.raises(ValueError, match=r"fluctuations\.yaml: tension .* say by how much"):
        measured_rows(CHANCES)


def test_the_end_of_the_war_is_not_looked_at() -> None:
    assert world().war_end is None


def test_trade_holds_the_stance_by_grievance_alone_and_the_more_the_stricter_choices_are(values: pd.DataFrame) -> None:
    usual, calm, loose = of(values), of(values, grievance=0.0), of(values, precision=0.1)
    assert usual.idxmax() == ("china_flow", STANCE)
    assert usual["china_flow", STANCE] > 0.25 > 10.0 * calm["china_flow", STANCE]
    assert loose.max() < 0.02


def test_a_set_has_the_same_sharpness_whatever_is_measured_beside_it(values: pd.DataFrame) -> None:
    own = values.set_axis([3, 1, 4, 2])
    whole = sharpness(own, states=["china_flow"])
    assert list(whole.index) == [3, 1, 4, 2]
    pd.testing.assert_series_equal(whole, sharpness(own, jobs=2, states=["china_flow"]))
    alone = changes_of_chance(values[2:3], first=2, states=["china_flow"])
    assert alone["change"].max() == whole[4] and set(alone["set"]) == {2}
