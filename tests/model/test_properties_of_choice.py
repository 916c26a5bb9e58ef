"""What must hold of choices, whatever is chosen between: specification, section 9, 17 to 21."""

from math import fsum

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from sim.model.choice import likelihoods, pick
from sim.model.deal import INFEASIBLE, nash
from sim.model.goals import GOALS, weights
from sim.model.moves import LEVER, decider
from tests import strategies
from tests.model.weighing import chances, shares, utilities

CHANCE = 1e-6  # far above rounding, far below what a reader of odds would see

draws = st.floats(0.0, 1.0, exclude_max=True)
precisions = st.floats(*strategies.FREE["precision"])
inertias = st.floats(*strategies.FREE["inertia"])
# Utilities and widths of some options, whose values are their places, and the place of last month's option.
contests = st.lists(st.tuples(st.floats(-1.0, 1.0), st.floats(0.01, 1.0)), min_size=2, max_size=33).flatmap(
    lambda options: st.tuples(
        st.just([utility for utility, _ in options]),
        st.just([width for _, width in options]),
        st.just([float(place) for place in range(len(options))]),
        st.integers(0, len(options) - 1).map(float),
    )
)


@given(contests, inertias)
def test_where_utility_decides_nothing_options_are_taken_in_proportion_to_width(contest, inertia):
    _, widths, _, _ = contest
    for precision in (0.0, 1e-9):
        assert shares(likelihoods(*contest, inertia, precision)) == pytest.approx(shares(widths), abs=CHANCE)


@given(contests, inertias, draws)
def test_where_utility_decides_everything_the_best_option_is_taken(contest, inertia, draw):
    utility, _, values, last = contest
    felt = [plain + inertia * (value == last) for plain, value in zip(utility, values, strict=True)]
    best, second = sorted(felt, reverse=True)[:2]
    assume(best - second > 1e-9)
    assert pick(likelihoods(*contest, inertia, 1e13), values, draw) == felt.index(best)


@given(contests, inertias, precisions, draws)
def test_an_infeasible_option_is_never_taken(contest, inertia, precision, draw):
    utility, widths, values, last = contest
    utility = [INFEASIBLE if place % 2 else plain for place, plain in enumerate(utility)]
    assert pick(likelihoods(utility, widths, values, last, inertia, precision), values, draw) % 2 == 0


@given(contests, inertias, precisions)
def test_options_are_taken_as_often_as_their_chances_say(contest, inertia, precision):
    """Of a thousand evenly spread draws each option gets its share, in the order of the options."""
    _, _, values, _ = contest
    likelihood = likelihoods(*contest, inertia, precision)
    taken = [pick(likelihood, values, (i + 0.5) / 1000) for i in range(1000)]
    assert taken == sorted(taken)
    for value, share in zip(values, shares(likelihood), strict=True):
        assert abs(taken.count(value) - 1000 * share) <= 1.0 + CHANCE


@given(strategies.worlds, strategies.moves, strategies.params, strategies.drivers, strategies.levers, st.data())
def test_a_constant_added_to_a_goal_changes_no_chance(world, moves, params, outlook, lever, data):
    """Not so in variant V6, where the level of utility is itself compared with what the capital is used to."""
    capital = decider(lever)
    added = data.draw(st.sampled_from(GOALS[capital]))
    constant = data.draw(st.floats(-10.0, 10.0))

    def lifted(*situation):
        return added(*situation) + constant

    situation = (capital, lever, world, moves, params, outlook)
    plain = utilities(*situation)
    shifted = utilities(*situation, goals=[lifted if goal is added else goal for goal in GOALS[capital]])
    last = getattr(moves, lever.field)
    assert chances(lever, shifted, last, params) == pytest.approx(chances(lever, plain, last, params), abs=CHANCE)


whole = st.integers(-1000, 1000).map(lambda value: value / 1024.0)


@given(whole, whole, whole, whole, whole, whole, st.floats(0.2, 0.8))
def test_a_constant_added_to_a_sides_utility_changes_no_score_of_a_deal(
    moscow, pyongyang, moscow_without, pyongyang_without, more_for_moscow, more_for_pyongyang, power
):
    """Utilities in whole 1024ths, so that adding is exact: a bundle at the edge of what a side accepts stays there."""
    assume(max(moscow - moscow_without, pyongyang - pyongyang_without) <= 1.0)
    assert nash(
        moscow + more_for_moscow, pyongyang + more_for_pyongyang,
        moscow_without + more_for_moscow, pyongyang_without + more_for_pyongyang, power,
    ) == nash(moscow, pyongyang, moscow_without, pyongyang_without, power)  # fmt: skip


@given(strategies.worlds, strategies.moves, strategies.params, strategies.drivers, strategies.levers, st.data())
def test_what_a_goal_of_no_weight_says_changes_nothing(world, moves, params, outlook, lever, data):
    capital = decider(lever)
    ignored = data.draw(st.integers(0, len(GOALS[capital]) - 1))
    instead = data.draw(st.floats(-10.0, 10.0))
    weighed_by = weights(capital, params)
    weighed_by[ignored] = 0.0
    goals = list(GOALS[capital])
    goals[ignored] = lambda *situation: instead
    situation = (capital, lever, world, moves, params, outlook)
    assert utilities(*situation, goals=goals, weighed_by=weighed_by) == utilities(*situation, weighed_by=weighed_by)


@given(contests, inertias, precisions, st.data())
def test_an_option_split_in_two_is_taken_as_often_as_before(contest, inertia, precision, data):
    """Each half has half the width; where the option is last month's, both halves carry the bonus of inertia."""
    utility, widths, values, last = contest
    split = data.draw(st.integers(0, len(values) - 1))

    def twice(of_options: list[float], half: float) -> list[float]:
        return [*of_options[:split], half, half, *of_options[split + 1 :]]

    halves = shares(
        likelihoods(
            twice(utility, utility[split]), twice(widths, widths[split] / 2.0), twice(values, values[split]),
            last, inertia, precision,
        )
    )  # fmt: skip
    together = [*halves[:split], halves[split] + halves[split + 1], *halves[split + 2 :]]
    assert together == pytest.approx(shares(likelihoods(*contest, inertia, precision)), abs=CHANCE)


@given(strategies.worlds, strategies.moves, strategies.params, strategies.drivers, st.floats(0.0, 1.0))
def test_a_heavier_weight_of_autonomy_never_warms_the_expected_stance_to_beijing(world, moves, params, outlook, more):
    """The weight as loaded, not divided anew. Each further unit of it costs a stance the more the more it defers."""
    lever = LEVER["pyongyang_toward_beijing"]
    autonomy = [goal.__name__ for goal in GOALS["Pyongyang"]].index("autonomy")

    def expected(extra: float) -> float:
        weighed_by = weights("Pyongyang", params)
        weighed_by[autonomy] += extra
        utility = utilities("Pyongyang", lever, world, moves, params, outlook, weighed_by=weighed_by)
        odds = chances(lever, utility, moves.pyongyang_toward_beijing, params)
        return fsum(chance * option.value for chance, option in zip(odds, lever.options, strict=True))

    assert expected(more) <= expected(0.0) + CHANCE
