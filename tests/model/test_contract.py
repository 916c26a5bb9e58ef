"""What every lever, goal, stock and parameter owes to the rest: the contract that a new one has to meet too."""

from dataclasses import asdict, fields, replace
from itertools import pairwise
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.article.register import parameters as register
from sim.engine.plan import notices
from sim.model import choice, deal
from sim.model.drivers import DRIVERS, SCALES
from sim.model.foresight import look_ahead
from sim.model.goals import GOALS, goals_of, weights
from sim.model.moves import (
    BUNDLE_WIDTHS,
    BUNDLES,
    CAPITALS,
    DEAL,
    LEVER,
    LEVERS,
    MOVE_FIELDS,
    Moves,
    decider,
    levers_of,
)
from sim.model.pace import PACED, pace
from sim.model.transition import advance
from sim.model.variants import VARIANTS
from sim.model.world import RANGE, WORLD_FIELDS, World, start
from sim.scenario.values import resolve
from tests import strategies as some
from tests.model.links import links

DEFAULTS = SimpleNamespace(**resolve({}))
some_lever = pytest.mark.parametrize("lever", LEVERS, ids=lambda lever: lever.field)
some_capital = pytest.mark.parametrize("capital", CAPITALS)


def reads(output: str) -> set[str]:
    """Return the inputs that an output is read from."""
    return {source for source, target in links() if target == output}


def read_in(*groups: str) -> set[str]:
    """Return the inputs that move something in one of these groups of outputs."""
    return {source for source, target in links() if any(group in target for group in groups)}


def read_by_name(name: str) -> set[str]:
    """Return the outputs that a parameter moves."""
    return {target for source, target in links() if source == f"params.{name}"}


# --- Levers


@some_lever
def test_options_are_named_told_in_words_and_ordered(lever):
    options = lever.options
    assert len(options) >= 3
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
        "beijing_toward_west": "routine", "deal_arms": "none", "deal_pay": "nothing", "deal_technology": "none",
        "moscow_labour": "half", "moscow_cover": "abstain", "pyongyang_toward_beijing": "court",
        "pyongyang_toward_moscow": "correct", "pyongyang_provoke": "none", "pyongyang_talks": "talk",
        "washington_sanction": "hold", "washington_posture": "steady", "washington_toward_beijing": "compete",
        "seoul_north": "engage", "seoul_toward_beijing": "routine",
    }  # fmt: skip


def test_option_values_are_those_of_the_specification():
    assert {field: [option.value for option in lever.options] for field, lever in LEVER.items()} == {
        "beijing_trade": [0.35, 0.7, 1, 1.3], "beijing_workers": [0, 0.5, 1], "beijing_leash": [-1, 0, 1],
        "beijing_bloc": [-1, 0, 0.5, 1], "beijing_toward_west": [-1, 0, 1],
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


@some_lever
@given(some.worlds, some.moves, some.drivers)
def test_every_option_of_every_lever_leads_to_a_world_or_a_goal_of_its_own(lever, world, moves, drivers):
    """At the default parameters, with open borders: no two options of a lever are the same thing to its decider."""
    open_ = replace(drivers, border=1.0, border_russia=1.0, keep=1.0)
    expected = set()
    for option in lever.options:
        tried = replace(moves, **{lever.field: option.value})
        ahead = look_ahead(world, tried, DEFAULTS, open_, pace(DEFAULTS, DEFAULTS.foresight))
        expected.add(tuple(goal(ahead, tried, DEFAULTS, open_) for goal in GOALS[decider(lever)]))
    assert len(expected) == len(lever.options)


@some_lever
def test_every_lever_moves_a_stock_and_a_goal_of_its_decider(lever):
    assert f"moves.{lever.field}" in read_in("early world.")
    assert f"moves.{lever.field}" in read_in(f"early goals of {decider(lever)}.")


# --- Goals

# The least and the most that each goal can be, whatever the world, the moves, the outlook and the parameters.
BOUNDS = {
    "Beijing": {"west": (-0.06, 1.4), "influence": (0, 1), "stability": (0, 1), "calm": (0, 1),
                "cost": (1 - 0.5 * 1.69 - 0.28, 1), "moscow": (0, 1)},
    "Moscow": {"war": (0, 1), "cost": (1 - 0.4625 - 0.0825 - 0.275 - 0.1875, 1), "labour": (0, 1), "partner": (0, 1),
               "china": (0, 1), "red_line": (1 - 1.825 - 0.375, 1)},
    "Pyongyang": {"economy": (0, 1), "security": (0, 1), "recognition": (0, 1),
                  "autonomy": (1 - 0.6 - 4 * 1.8 * 2 - 0.16, 1), "patrons": (0, 1), "stock": (0, 1), "quiet": (0, 1)},
    "Washington": {"threat": (0, 1), "nonproliferation": (0, 1), "squeeze": (0, 1),
                   "china": (0.065 * (1 - 1.6**2 / 2), 0.5 + 0.065), "deterrence": (0, 1), "cost": (1 - 0.875, 1)},
    "Seoul": {"threat": (0, 1), "china": (-0.1175, 1), "deterrence": (0, 1), "north": (0, 1)},
}  # fmt: skip


@some_capital
@given(some.worlds, some.moves, some.params, some.drivers)
def test_every_goal_is_a_finite_number_in_its_range(capital, world, moves, params, drivers):
    assert list(BOUNDS[capital]) == [goal.__name__ for goal in GOALS[capital]]
    for goal in GOALS[capital]:
        low, high = BOUNDS[capital][goal.__name__]
        assert low - 1e-9 <= goal(world, moves, params, drivers) <= high + 1e-9, goal.__name__


@some_capital
@given(some.worlds, some.moves, some.params, some.drivers)
def test_goals_look_and_do_not_touch(capital, world, moves, params, drivers):
    """Asked twice they say the same, and leave what they are shown as it was."""
    shown = (world, moves, params, drivers)
    before = [dict(vars(each)) if each is params else asdict(each) for each in shown]
    for goal in GOALS[capital]:
        assert goal(*shown) == goal(*shown)
    assert [dict(vars(each)) if each is params else asdict(each) for each in shown] == before


@given(some.worlds, some.moves, some.params, some.drivers)
def test_a_month_and_a_look_ahead_leave_the_world_as_it_was(world, moves, params, drivers):
    before = (asdict(world), asdict(moves), asdict(drivers))
    advance(world, world, moves, params, drivers, pace(params, 1.0))
    look_ahead(world, moves, params, drivers, pace(params, 6.0))
    assert (asdict(world), asdict(moves), asdict(drivers)) == before


@some_capital
def test_every_goal_can_be_served_by_its_capital_alone_or_by_the_deal(capital):
    """No goal is a constant, and none is out of the capital's reach."""
    own = {f"moves.{lever.field}" for lever in (*levers_of(capital), *DEAL)}
    for goal in GOALS[capital]:
        assert own & reads(f"early goals of {capital}.{goal.__name__}"), goal.__name__


@some_capital
@given(some.params, some.drivers)
def test_weights_are_shares_of_one(capital, params, drivers):
    """As loaded; an administration scales them afterwards, in Washington and Seoul alone. Part of Washington's
    attention may lie outside the model."""
    at_rest = replace(drivers, **dict.fromkeys(SCALES, 1.0))
    loaded = weights(capital, params, at_rest)
    assert len(loaded) == len(GOALS[capital])
    assert all(0.0 < weight < 1.0 for weight in loaded)
    assert sum(loaded) <= 1.0 + 1e-9 if capital == "Washington" else sum(loaded) == pytest.approx(1.0)

    scaled = weights(capital, params, drivers)
    for goal, weight, now in zip(GOALS[capital], loaded, scaled, strict=True):
        assert now == weight * getattr(drivers, f"scale_{capital.lower()}_{goal.__name__}", 1.0)


def test_administrations_scale_each_goal_of_washington_and_seoul_and_no_other():
    assert set(SCALES) == {
        f"scale_{capital.lower()}_{goal.__name__}" for capital in ("Washington", "Seoul") for goal in GOALS[capital]
    }


@pytest.mark.parametrize("variant", VARIANTS.values(), ids=VARIANTS)
def test_a_variant_changes_at_most_pyongyangs_economy_goal(variant):
    for capital in CAPITALS:
        names = [goal.__name__ for goal in GOALS[capital]]
        goals = goals_of(capital, variant)
        assert list(goals) == names
        changed = [name for name, goal in zip(names, GOALS[capital], strict=True) if goals[name] is not goal]
        assert changed == (["economy"] if capital == "Pyongyang" and variant.name == "V11" else [])


@given(some.worlds, some.moves, some.params, some.drivers)
def test_the_linear_economy_is_never_below_the_curved_one(world, moves, params, drivers):
    """A tangent of a curve that bends down lies above it."""
    linear, curved = (goals_of("Pyongyang", VARIANTS[name])["economy"] for name in ("V11", "V0"))
    assert linear(world, moves, params, drivers) >= curved(world, moves, params, drivers) - 1e-12


# --- Stocks, drivers, parameters

# Stocks that nobody's utility reads, and why.
ONLY_MEASURED = {"economy": "real GDP is compared with the record; what capitals want is resources"}


@pytest.mark.parametrize("stock", WORLD_FIELDS)
def test_every_stock_is_wanted_or_leads_to_what_is(stock):
    wanted = {source.removeprefix("world.") for source in read_in(" goals of ")}
    leads_to = {t.removeprefix("expected.") for s, t in links() if s == f"world.{stock}" and t.startswith("expected.")}
    assert (stock in wanted or bool(wanted & (leads_to - {stock}))) != (stock in ONLY_MEASURED)


@pytest.mark.parametrize("stock", WORLD_FIELDS)
def test_every_stock_begins_inside_its_range_and_is_moved_by_something_else(stock):
    low, high = RANGE[stock]
    assert low <= getattr(start(DEFAULTS), stock) <= high
    own = {f"world.{stock}", f"params.start_{stock}"}
    assert {s for s, t in links() if t in (f"early world.{stock}", f"expected.{stock}")} - own


def test_a_pace_exists_for_each_stock_that_is_drawn_to_a_target():
    """The others are added to: munitions, capability; and what Pyongyang expects, once a month."""
    added_to = {"munitions_stock", "capability", "expected_support", "expected_growth"}
    assert set(PACED) == set(WORLD_FIELDS) - added_to
    assert {field.name for field in fields(World)} == set(RANGE)


@pytest.mark.parametrize("driver", [name for name in DRIVERS if name not in ("keep", "shortfall")])
def test_every_driver_reaches_a_stock_or_a_goal(driver):
    """Keep and shortfall are beliefs, not drivers of the scenario: what they are read from is."""
    here = {"need": "params.need_at_start", "isolation": "params.isolation_before"}
    source = here.get(driver, f"luck.{driver}" if driver.startswith("noise_") else f"given.{driver}")
    assert source in read_in(" world.", " goals of ", " utility.")


@pytest.mark.parametrize("belief", ["belief.ends", "belief.months", "given.news"])
def test_beliefs_about_the_war_reach_what_is_expected(belief):
    assert belief in read_in(" outlook of ", " belief.")
    assert belief.startswith("given") or belief in read_in(" goals of Pyongyang.")


def chances(**changes: float) -> list[float]:
    """Return the likelihoods of three options under changed parameters of choice."""
    p = DEFAULTS.__dict__ | changes
    return choice.likelihoods([0.5, 0.51, 0.505], (1 / 3,) * 3, (0.0, 1.0, 2.0), 0.0, p["inertia"], p["precision"])


# What is read only where a choice is made, or by the engine, and what shows it at a low and at a high value.
OF_CHOICE = {
    "inertia": lambda value: chances(inertia=value),
    "precision": lambda value: chances(precision=value),
    "review_chance": lambda value: choice.reviewed(0.6, value, 1.0, 0.0),
    "bargaining_moscow": lambda value: deal.nash(0.7, 0.6, 0.5, 0.5, value),
    "loss_aversion": lambda value: choice.felt(0.5, 0.6, value),
    "habit_months": lambda value: choice.habit(3.0, 0.5, 0.6, value),
    "notice_months": lambda value: notices(np.full((1, 64), 0.99), np.array([value])).tolist(),
}


@pytest.mark.parametrize("name", register())
def test_every_parameter_has_an_effect(name):
    if name in OF_CHOICE:
        entry = register()[name]
        low, high = (entry.low, entry.high) if entry.low is not None else (entry.default, entry.default + 1.0)
        assert OF_CHOICE[name](low) != OF_CHOICE[name](high)
    else:
        assert read_by_name(name), f"nothing moves with {name}"


def test_measures_of_drifting_back_steer_nobody():
    """What re-engagement is measured by (A20) is read by no stock, no goal and no belief."""
    for name in ("stance_memory", "reengagement_support", "reengagement_share"):
        assert all(target.startswith("measures.") for target in read_by_name(name)), name


def test_reengagement_is_free_of_moscow():
    """It must not rise by arithmetic when Moscow leaves (section 8)."""
    read = reads("measures.reengagement")
    assert not {source for source in read if "moscow" in source or "russia" in source or "arms" in source}
    assert {"world.china_flow", "world.workers_in_china", "world.warmth_beijing_pyongyang"} <= read


def test_nobody_foresees_floods_crises_or_chance():
    """Nothing that befalls this month reaches an outlook."""
    unforeseen = {"given.flood", "given.crisis", *(s for s, _ in links() if s.startswith("luck."))}
    assert not unforeseen & read_in(" outlook of ", " ahead of ", " goals of ")


def test_only_pyongyang_minds_a_shortfall_and_doubts_moscows_deliveries():
    for capital in CAPITALS:
        doubted = reads(f"late outlook of {capital}.keep") | reads(f"late outlook of {capital}.shortfall")
        assert bool(doubted) == (capital == "Pyongyang")


@given(st.floats(1.5, 60.0), st.integers(1, 24))
def test_a_jump_goes_as_far_as_as_many_months(tau, months):
    """Toward a target that stays where it is, one jump is the same as the months one by one."""
    params = SimpleNamespace(**{f"tau_{name}": tau for name in PACED})
    left, month = 1.0, pace(params, 1.0).tension
    for _ in range(months):
        left -= month * left
    assert 1.0 - pace(params, float(months)).tension == pytest.approx(left, abs=1e-12)
