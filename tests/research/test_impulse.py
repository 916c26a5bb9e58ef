"""What is left of an impulse: the rule on responses made by hand, and that the model keeps it."""

import numpy as np
import pandas as pd
import pytest

from research import impulse
from sim.engine.war_end import NEVER
from sim.model import months
from sim.model.drivers import LINES
from tests.analysis.by_hand import made, steps

TIME = np.arange(144.0)
DEFAULTS = pd.DataFrame(index=[0])
# Hopes that follow slowly and trade that hangs on goodwill, both beyond the ranges of the register, and favours that
# are worth most where they are courted: a loop with a swing, as the first prototype of these rules had one.
# Every shortfall is minded, as in the second edition.
SWINGING = DEFAULTS.assign(
    expectation_level=0.03, goodwill_trade=1.0, goodwill_par=0.77, reception=0.6, tolerance=0.0, visits_pulse=0.0
)


def swing(kept: float, period: float = 64.0) -> np.ndarray:
    """Return a swing that keeps a share of its height from one side to the other."""
    return np.cos(2.0 * np.pi * TIME / period) * kept ** (2.0 * TIME / period)


def pulse(*heights: float, length: int = 12) -> np.ndarray:
    """Return a response that stays for a year at each height, and then at zero."""
    return np.concatenate([np.repeat(heights, length), np.zeros(len(TIME) - length * len(heights))])


# --- The rule


@pytest.mark.parametrize(("response", "times"), [
    (np.exp(-TIME / 20.0), 0),
    (-np.exp(-TIME / 20.0), 0),
    (TIME * np.exp(-TIME / 20.0), 0),  # it rises first
    (np.zeros(144), 0),
    (np.ones(144), 0),
    (pulse(1.0, -0.9), 1),  # a let-down
    (pulse(1.0, 0.05, 0.9), 1),  # the same side again
    (pulse(1.0, 0.15, 0.9), 0),  # never over
    (pulse(1.0, -0.19), 0),  # over, and no new phase
    (pulse(1.0, -0.9, 0.25), 2),
    (pulse(0.25, -1.0, 0.25), 2),  # the peak need not come first
    (pulse(1.0, 0.0, 1.0, 0.0, 1.0), 2),
])  # fmt: skip
def test_a_response_comes_back_as_often_as_a_phase_of_it_begins_anew(response: np.ndarray, times: int) -> None:
    assert impulse.returns(response) == times
    assert impulse.returns(-7.0 * response) == times


@pytest.mark.parametrize("kept", [0.5, 0.7, 0.95, 1.0])
def test_a_swing_that_keeps_half_of_its_height_breaks_the_rule(kept: float) -> None:
    assert impulse.returns(swing(kept)) > impulse.ONCE
    assert impulse.returns(swing(kept, 30.0)) > impulse.ONCE


def test_a_swing_that_dies_at_once_keeps_it() -> None:
    assert impulse.returns(swing(0.3)) <= impulse.ONCE


def test_one_month_is_no_swing_but_a_quarter_is() -> None:
    response = pulse(1.0, -0.5)
    response[60] = 0.59
    assert impulse.returns(response) == 1
    response[60:63] = 0.59
    assert impulse.returns(response) == 2


def test_what_may_be_noise_is_no_return() -> None:
    assert impulse.returns(pulse(1.0, -0.9, 0.5), 0.12) == 2
    assert impulse.returns(pulse(1.0, -0.9, 0.5), 0.13) == 1


def test_gone_is_below_a_share_of_the_peak_to_the_end() -> None:
    assert impulse.months_until_gone(pulse(4.0, 2.0, 1.0), 0.5) == 12
    assert impulse.months_until_gone(pulse(4.0, 2.0, 1.0), 0.4) == 24
    assert impulse.months_until_gone(pulse(4.0, 0.0, -1.0), 0.2) == 36
    assert impulse.months_until_gone(pulse(4.0, 0.0, 1.0), 0.2, 0.3) == 12  # the rest may be noise
    assert impulse.months_until_gone(np.ones(144), 0.5) is None


def test_a_response_moves_by_a_hundredth_of_its_range_that_is_no_noise() -> None:
    def moves(height: float, error: float) -> bool:
        return impulse.Response(pulse(height)[None], np.full((1, 144), error)).moves("warmth_beijing_pyongyang")

    assert moves(0.21, 0.05) and moves(-0.21, 0.05)
    assert not moves(0.19, 0.0) and not moves(0.21, 0.06)


def test_sets_are_read_one_by_one() -> None:
    twice, once = pulse(1.0, -1.0, 1.0), pulse(1.0, -1.0)
    response = impulse.Response(np.array([twice, once, -twice, once]), np.zeros((4, 144)))
    assert response.swinging() == 0.5
    opposed = impulse.Response(np.array([twice, -twice]), np.zeros((2, 144)))  # the mean sees nothing
    assert impulse.returns(opposed.mean) == 0 and opposed.swinging() == 1.0


# --- What is compared


def test_once_the_record_ends_nothing_changes_from_outside_and_no_war_ends() -> None:
    world, before = impulse.held_world(), impulse.load("baseline").schedule()
    for name, values in world.schedule().items():
        assert values[: impulse.HELD] == before[name][: impulse.HELD]
        assert set(values[impulse.HELD :]) == {0.0 if name == "flood" else before[name][impulse.HELD - 1]}
    assert {"border", "rivalry", "need_for_us", *LINES} <= world.schedule().keys()
    assert (impulse.held_runs(DEFAULTS, 3, {}).war_end == NEVER).all()


def test_an_impulse_acts_for_its_year_alone() -> None:
    rest = impulse.held_runs(DEFAULTS, 3, {})
    for changes in impulse.IMPULSES.values():
        many = impulse.held_runs(DEFAULTS, 3, changes)
        assert (many.played[:, : impulse.YEAR.start] == rest.played[:, : impulse.YEAR.start]).all()
        world, before = impulse.held_world().with_(**changes), pd.DataFrame(impulse.held_world().schedule())
        moved = {month for script in world.scripts().values() for month in script}
        changed = (pd.DataFrame(world.schedule()) != before).any(axis=1)
        assert moved | set(np.flatnonzero(changed)) == set(impulse.YEAR)


def test_a_response_is_the_mean_difference_of_each_set_with_its_error() -> None:
    start, length = impulse.YEAR.start, impulse.YEAR.start + 24
    ones = [steps((0, 1.0), (start, rise), months=length) for rise in (2.0, 4.0, 1.0, 1.0)]
    one, other = (made([NEVER] * 4, length, china_flow=rows) for rows in (ones, 1.0))
    response = impulse.responses(one, other, 2)["china_flow"]
    assert response.means.tolist() == [[2.0] * 24, [0.0] * 24]
    assert response.errors.tolist() == [[1.0] * 24, [0.0] * 24]
    assert response.mean.tolist() == [1.0] * 24 and response.error.tolist() == [0.5] * 24


def test_left_alone_is_the_distance_from_the_level_of_the_last_years_and_slights_are_counted() -> None:
    length = impulse.HELD + 60
    stance = steps((0, 1.0), (impulse.HELD + 6, -1.0), (impulse.HELD + 12, -0.3), months=length)
    responses = impulse.distance_from_rest(
        made([NEVER] * 2, length, pyongyang_toward_beijing=stance), 2, [impulse.SLIGHTS, impulse.STANCE]
    )
    assert responses[impulse.SLIGHTS].mean.tolist() == [0.0] * 6 + [1.0] * 6 + [0.0] * 48
    assert responses[impulse.STANCE].mean.tolist() == pytest.approx([1.3] * 6 + [-0.7] * 6 + [0.0] * 48)


# --- The model


def test_at_the_defaults_nothing_comes_back_twice() -> None:
    rest = impulse.held_runs(DEFAULTS, 400, {})
    answers = [
        impulse.responses(impulse.held_runs(DEFAULTS, 400, changes), rest, 400) for changes in impulse.IMPULSES.values()
    ]
    for responses in answers:
        assert responses[impulse.STANCE].moves(impulse.STANCE) and responses[impulse.REENGAGEMENT].moves(
            impulse.REENGAGEMENT
        )
    for responses in [*answers, impulse.distance_from_rest(rest, 400, impulse.SHOWN)]:
        back = {
            name: impulse.returns(answer.mean, answer.error) for name, answer in responses.items() if answer.moves(name)
        }
        assert max(back.values()) <= impulse.ONCE, back
    assert all(
        impulse.months_until_gone(answer.mean, 0.2, answer.error) is not None
        for responses in answers
        for answer in responses.values()
    )


def test_a_model_made_to_swing_is_caught_with_as_many_runs_as_each_set_has() -> None:
    rest = impulse.held_runs(SWINGING, impulse.RUNS, {})
    assert impulse.distance_from_rest(rest, impulse.RUNS, impulse.SHOWN)[impulse.REENGAGEMENT].swinging() == 1.0
    for which in ("slights", "shut border"):
        responses = impulse.responses(
            impulse.held_runs(SWINGING, impulse.RUNS, impulse.IMPULSES[which]), rest, impulse.RUNS
        )
        assert responses[impulse.STANCE].swinging() == responses["expected_support"].swinging() == 1.0


def test_what_settles_slowly_has_its_cause_named() -> None:
    slowness = impulse.slow(impulse.held_runs(DEFAULTS, 1000, {}), DEFAULTS, 1000)
    store, ceiling, arriving = impulse.CAUSES
    assert slowness["munitions_stock"].cause == slowness["arms_flow"].cause == store
    assert slowness["warmth_beijing_pyongyang"].cause == store  # grievance is voiced as far as Moscow buys (A10)
    assert slowness["capability"].cause == ceiling and slowness["capability"].taken == pytest.approx(1.0)
    assert slowness["workers_in_russia"].cause == arriving
    assert slowness["trust"] == (slowness["trust"].months, impulse.OWN["trust"], None)


def test_levels_are_means_of_whole_years() -> None:
    length = months.index(impulse.HORIZON) + 1
    levels = impulse.levels(made([NEVER], length, reengagement=np.arange(float(length))))
    assert list(levels.columns) == [str(year) for year in range(2024, 2038)]
    assert levels.loc[impulse.REENGAGEMENT, "2024"] == 65.5
