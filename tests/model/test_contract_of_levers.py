"""What every lever owes to the rest: a new one has to meet this too."""

from dataclasses import asdict, replace
from itertools import pairwise
from types import SimpleNamespace

import pytest
from hypothesis import given

from sim.model.capitals import CAPITALS
from sim.model.foresight import look_ahead
from sim.model.goals import GOALS
from sim.model.moves import (
    BUNDLE_WIDTHS,
    BUNDLES,
    DEAL,
    LEVER,
    LEVERS,
    MOVE_FIELDS,
    Moves,
    decider,
    levers_of,
)
from sim.model.pace import pace_over
from sim.scenario.values import resolve
from tests import strategies
from tests.model.influences import read_in

DEFAULTS = SimpleNamespace(**resolve({}))
some_lever = pytest.mark.parametrize("lever", LEVERS, ids=lambda lever: lever.field)


@some_lever
def test_options_are_named_told_in_words_and_ordered(lever):
    options = lever.options
    assert len(options) >= 2
    for names in ([o.name for o in options], [o.label for o in options], [o.value for o in options]):
        assert "" not in names
        assert len(set(names)) == len(names)
    assert all(lower.value < higher.value for lower, higher in pairwise(options))
    assert all(-1.0 <= option.value <= 1.3 for option in options)
    assert lever.title


def test_a_chronicle_can_tell_every_option_of_a_capital_from_every_other():
    said = [(lever.capital, option.label) for lever in LEVERS for option in lever.options]
    assert len(set(said)) == len(said)


@some_lever
def test_widths_are_equal_shares(lever):
    assert lever.widths == pytest.approx([1 / len(lever.options)] * len(lever.options))


@some_lever
def test_an_option_is_found_by_its_value_and_nothing_else_is(lever):
    for place, option in enumerate(lever.options):
        assert lever.index(option.value) == place
        assert lever.label(option.value) == option.label
    with pytest.raises(ValueError, match="not in"):
        lever.index(0.123)


def test_every_move_is_a_lever_and_starts_as_in_january_2019():
    assert tuple(LEVER) == MOVE_FIELDS
    named = {field: LEVER[field].options[LEVER[field].index(value)].name for field, value in asdict(Moves()).items()}
    assert named == {
        "beijing_trade": "normal", "beijing_workers": "keep", "beijing_leash": "silent", "beijing_bloc": "aloof",
        "beijing_visits": "leader", "beijing_toward_west": "routine",
        "deal_arms": "none", "deal_pay": "nothing", "deal_technology": "none",
        "moscow_labour": "half", "moscow_cover": "abstain", "pyongyang_toward_beijing": "court",
        "pyongyang_toward_moscow": "correct", "pyongyang_provoke": "none", "pyongyang_talks": "talk",
        "washington_sanction": "hold", "washington_posture": "steady", "washington_toward_beijing": "compete",
        "seoul_north": "engage", "seoul_toward_beijing": "routine",
    }  # fmt: skip


def test_option_values_are_those_of_the_specification():
    assert {field: [option.value for option in lever.options] for field, lever in LEVER.items()} == {
        "beijing_trade": [0.35, 0.7, 1, 1.3], "beijing_workers": [0, 0.5, 1], "beijing_leash": [-1, 0, 1],
        "beijing_bloc": [0, 0.5, 1], "beijing_visits": [0, 1], "beijing_toward_west": [-1, 0, 1],
        "deal_arms": [0, 0.5, 1], "deal_pay": [0, 0.33, 0.67, 1], "deal_technology": [0, 0.33, 0.67, 1],
        "moscow_labour": [0, 0.5, 1], "moscow_cover": [-1, 0, 1],
        "pyongyang_toward_beijing": [-1, -0.3, 0.3, 1], "pyongyang_toward_moscow": [-0.3, 0.2, 0.6, 1],
        "pyongyang_provoke": [0, 0.33, 0.67, 1], "pyongyang_talks": [0, 0.5, 1],
        "washington_sanction": [-1, 0, 1], "washington_posture": [-1, 0, 1], "washington_toward_beijing": [-1, 0, 1],
        "seoul_north": [-1, 0, 1], "seoul_toward_beijing": [-1, 0, 1],
    }  # fmt: skip


def test_each_lever_is_decided_by_one_capital_and_the_deal_by_two_together():
    alone = [lever for capital in CAPITALS for lever in levers_of(capital)]
    assert sorted(lever.field for lever in (*alone, *DEAL)) == sorted(MOVE_FIELDS)
    assert all(decider(lever) == lever.capital for lever in alone)
    assert {lever.name: decider(lever) for lever in DEAL} == {
        "arms": "Pyongyang", "pay": "Moscow", "technology": "Moscow"
    }  # fmt: skip


def test_the_bundles_are_no_exchange_and_every_way_to_pay_for_arms():
    assert BUNDLES[0] == (0.0, 0.0, 0.0)
    assert list(BUNDLES) == sorted(set(BUNDLES))
    assert len(BUNDLES) == 1 + 2 * 4 * 4
    assert all(arms > 0.0 for arms, _, _ in BUNDLES[1:])
    assert list(BUNDLE_WIDTHS) == pytest.approx([1 / 3] + [1 / 48] * 32)


# Without provocation there is nothing to restrain (A28); while sanctions tighten or arms are tested, nothing to talk
# about (A11, A31).
WORKS_ON = {
    "beijing_leash": {"pyongyang_provoke": 0.67},
    "pyongyang_talks": {"pyongyang_provoke": 0.33, "washington_sanction": 0.0},
}


@some_lever
@given(strategies.worlds, strategies.moves, strategies.drivers)
def test_every_option_of_every_lever_leads_to_a_world_or_a_goal_of_its_own(lever, world, moves, drivers):
    """At the default parameters, with open borders and a Moscow cut off a little, as it always is, and where the lever
    has something to work on: no two options of a lever are the same thing to its decider."""
    open_ = replace(drivers, border=1.0, border_russia=1.0, keep=1.0, isolation=max(drivers.isolation, 0.15))
    moves = replace(moves, **WORKS_ON.get(lever.field, {}))
    expected = set()
    for option in lever.options:
        tried = replace(moves, **{lever.field: option.value})
        ahead = look_ahead(world, tried, DEFAULTS, open_, pace_over(DEFAULTS, DEFAULTS.foresight))
        expected.add(tuple(goal(ahead, tried, DEFAULTS, open_) for goal in GOALS[decider(lever)]))
    assert len(expected) == len(lever.options)


@some_lever
def test_every_lever_moves_a_stock_and_a_goal_of_its_decider(lever):
    assert f"moves.{lever.field}" in read_in("early world.")
    assert f"moves.{lever.field}" in read_in(f"early goals of {decider(lever)}.")
