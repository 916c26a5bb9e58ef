"""What the third edition adds: a shortfall that can be told, a border for delegations, meetings, and its variants."""

from dataclasses import replace
from types import SimpleNamespace

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.model import beliefs
from sim.model.deeds import meetings
from sim.model.goals import beijing, pyongyang
from sim.model.pace import pace_over
from sim.model.saturation import goodwill, relax
from sim.model.transition import economy, expectations, flows, next_world
from sim.model.transition.warmth import favour
from sim.registers.record import moves
from sim.registers.register import observed_table
from sim.scenario.values import resolve
from tests import strategies

UNIT = 240.0  # m USD a month
EARNERS = ("workers_in_china", "workers_in_russia", "arms_flow", "russia_flow")


def changed(params: SimpleNamespace, **numbers: float) -> SimpleNamespace:
    return SimpleNamespace(**{**vars(params), **numbers})


@given(strategies.worlds, strategies.params, st.floats(0.0, 1.0), st.floats(0.0, 1.0))
def test_nothing_is_missed_that_lies_within_the_tolerance(world, params, border, survives) -> None:
    enough = replace(world, china_flow=(1.0 - params.tolerance) * world.expected_support)
    assert beliefs.shortfall(enough, border, survives, params) == 0.0
    less = replace(world, china_flow=max(0.0, enough.china_flow - 0.1))
    missed = beliefs.shortfall(less, 1.0, 1.0, changed(params, grievance_gate=0.0))
    assert missed == pytest.approx(enough.china_flow - less.china_flow, abs=1e-12)


def recorded_shortfalls(tolerance: float) -> pd.Series:
    """Return what China's customs figures fell short of by month, in millions of dollars, by the rule."""
    monthly = observed_table("monthly")
    trade = monthly[monthly["series"] == "china_dprk_trade_total"].set_index("month")["value"].sort_index()
    trade = trade[trade.index >= pd.Period("2023-01", "M")]
    params = SimpleNamespace(**resolve({"tolerance": tolerance, "grievance_gate": 0.0}))
    expected, missed = trade.iloc[0] / UNIT, {}
    for month, value in trade.items():
        world = SimpleNamespace(expected_support=expected, china_flow=value / UNIT, arms_flow=1.0)
        missed[month] = UNIT * beliefs.shortfall(world, 1.0, 1.0, params)
        expected = relax(expected, value / UNIT, params.expectation_level)
    return pd.Series(missed)


def test_recorded_dips_are_no_cause_of_slights_before_may_2024() -> None:
    """At the error of customs figures hardly anything is missed in the second half of 2023, .4 million dollars of 180.
    The dip of February 2024 is larger than all others and passes without a slight. May was not published yet."""
    missed = recorded_shortfalls(0.03)
    assert (missed["2023-07":"2023-12"] < 0.5).all()
    assert missed.idxmax() == pd.Period("2024-02", "M") and missed.max() > 60.0
    recorded = moves()
    slights = recorded[(recorded["lever"] == "toward_beijing") & (recorded["option_1"] == "slight")]
    assert not set(missed[missed > 0.0].index.astype(str)) & set(slights["month"].astype(str))


@given(strategies.moves, strategies.params, st.integers(1, 24))
def test_a_meeting_is_spread_over_the_months_of_a_look_ahead(moves, params, months) -> None:
    here, far = pace_over(params, 1.0), pace_over(params, float(months))
    assert meetings(moves, params, here) == moves.beijing_visits
    once, lasting = changed(params, visits_pulse=1.0), changed(params, visits_pulse=0.0)
    assert meetings(moves, once, far) == pytest.approx(moves.beijing_visits / months, abs=1e-12)
    assert meetings(moves, lasting, far) == moves.beijing_visits


@given(strategies.moves, strategies.params, strategies.drivers)
def test_delegations_cross_their_own_border(moves, params, drivers) -> None:
    """Goods are no favour where their border is shut, and meetings none where theirs is."""
    here, meeting = pace_over(params, 1.0), replace(moves, beijing_visits=1.0)
    shut, open_ = replace(drivers, border_visits=0.0), replace(drivers, border_visits=1.0)
    gained = favour(meeting, params, open_, here) - favour(meeting, params, shut, here)
    assert gained == pytest.approx(params.favour_visits, abs=1e-12)
    alone = favour(replace(moves, beijing_visits=0.0), params, open_, here)
    assert favour(meeting, params, shut, here) == pytest.approx(alone, abs=1e-12)


@given(
    strategies.worlds, strategies.moves, strategies.params, strategies.drivers, st.floats(0.0, 0.6), st.floats(0.0, 0.6)
)
def test_the_more_beijing_minds_a_closer_patron_the_less_it_likes_a_world_in_which_there_is_one(
    world, moves, params, drivers, one, other
) -> None:
    low, high = (
        beijing.influence(world, moves, changed(params, patron_rivalry=zeta), drivers) for zeta in sorted((one, other))
    )
    assert high <= low
    if world.warmth_moscow_pyongyang <= world.warmth_beijing_pyongyang:
        assert high == low


@given(strategies.worlds, strategies.moves, strategies.params, strategies.drivers)
def test_a_meeting_is_worth_what_moscow_leads_by_in_v20(world, moves, params, drivers) -> None:
    keen = changed(params, visits_rivalry=0.3)
    gained = beijing.influence(world, replace(moves, beijing_visits=1.0), keen, drivers) - beijing.influence(
        world, replace(moves, beijing_visits=0.0), keen, drivers
    )
    led = max(0.0, goodwill(world.warmth_moscow_pyongyang) - goodwill(world.warmth_beijing_pyongyang))
    assert gained == pytest.approx(0.3 * led, abs=1e-12)


@pytest.mark.parametrize("earner", EARNERS)
@given(world=strategies.worlds, moves=strategies.moves, params=strategies.params, drivers=strategies.drivers)
def test_means_rise_in_each_earner_and_imports_with_them_in_v17(earner, world, moves, params, drivers) -> None:
    here = pace_over(params, 1.0)
    poor, rich = replace(world, **{earner: 0.0}), replace(world, **{earner: 0.4})
    low, high = (economy.means(world, now, moves, params, drivers, here) for now in (poor, rich))
    assert low <= high
    buys = changed(params, import_income=0.3)
    less, more = (
        flows.china_flow(world, replace(world, means=means), moves, buys, drivers, here) for means in (low, high)
    )
    assert less <= more
    usual = flows.china_flow(world, replace(world, means=0.0), moves, buys, drivers, here)
    assert usual == flows.china_flow(world, world, moves, changed(params, import_income=0.0), drivers, here)


@given(strategies.worlds, strategies.moves, strategies.params, strategies.drivers)
def test_capacity_grows_where_the_north_lives_better_than_it_needs_to_in_v18(world, moves, params, drivers) -> None:
    here, grows = pace_over(params, 1.0), changed(params, capacity_gain=0.008)
    gained = economy.capacity(world, world, moves, grows, drivers, here) - world.capacity
    well = economy.livelihood(world, params) - params.capacity_keeps
    if abs(world.capacity) < 0.24:
        assert gained == pytest.approx(0.008 * well, abs=1e-12)
    assert economy.capacity(world, world, moves, params, drivers, here) == world.capacity


@given(strategies.worlds, strategies.moves, strategies.params, strategies.drivers)
def test_only_arms_that_are_made_are_output_in_v19(world, moves, params, drivers) -> None:
    here, counts = pace_over(params, 1.0), changed(params, output_arms=0.03)
    full = replace(world, munitions_stock=1.0)  # nothing to make: what is sold comes out of the store
    same = (economy.economy(full, full, moves, p, drivers, here) for p in (params, counts))
    assert len(set(same)) == 1
    low, high = (economy.economy(world, world, moves, p, drivers, here) for p in (params, counts))
    assert low <= high


def test_pyongyang_gets_used_to_a_line_and_resents_a_turn_beyond_it_in_v16(params) -> None:
    """A year of courting leaves 1 - (11/12)^12 of the way to it; only what is beyond counts."""
    from tests.model.test_by_hand_world import CRISIS, MOVES, WORLD

    world, courting = replace(WORLD, accustomed_west=0.0), replace(MOVES, beijing_toward_west=1.0)
    offended, dares = changed(params, affront=0.5), replace(CRISIS, daring=0.8)

    bowing = replace(courting, pyongyang_toward_beijing=0.3)
    turned, usual = (
        pyongyang.autonomy(replace(world, accustomed_west=used), bowing, offended, dares) for used in (0.0, 1.0)
    )
    assert usual - turned == pytest.approx(0.5 * 1.0 * 0.8 * 1.3, abs=1e-12)
    for _ in range(12):
        world = expectations(world, courting, params)
    assert world.accustomed_west == pytest.approx(1.0 - (11 / 12) ** 12, abs=1e-12)


def test_a_month_of_the_world_sees_the_whole_meeting(params) -> None:
    from tests.model.test_by_hand_world import CRISIS, MOVES, WORLD

    here = pace_over(params, 1.0)
    one, other = (
        next_world(WORLD, WORLD, MOVES, changed(params, visits_pulse=pulse), CRISIS, here) for pulse in (0.0, 1.0)
    )
    assert one == other
