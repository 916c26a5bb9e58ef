"""What every goal and its weight owe to the rest: a new one has to meet this too."""

from dataclasses import asdict, replace

import pytest
from hypothesis import given

from sim.model.capitals import CAPITALS
from sim.model.drivers import LINES
from sim.model.foresight import look_ahead
from sim.model.goals import GOALS, goals_of, weights
from sim.model.moves import DEAL, levers_of
from sim.model.pace import pace_over
from sim.model.transition import next_world
from sim.model.variants import VARIANTS
from tests import strategies
from tests.model.influences import reads

some_capital = pytest.mark.parametrize("capital", CAPITALS)


# The least and the most that each goal can be, whatever the world, the moves, the outlook and the parameters.
BOUNDS = {
    "Beijing": {"west": (-0.06, 1.4), "influence": (-0.6, 1), "stability": (0, 1), "calm": (0, 1),
                "cost": (1 - 0.5 * 1.69 - 0.28, 1), "moscow": (0, 1)},
    "Moscow": {"war": (0, 1), "cost": (1 - 0.4625 - 0.0825 - 0.275 - 0.22, 1), "labour": (0, 1), "partner": (0, 1),
               "china": (0, 1), "red_line": (1 - 4 - 0.5 * 4, 1)},
    "Pyongyang": {"economy": (0, 1), "security": (0, 1), "recognition": (-0.34, 1.34),
                  "autonomy": (1 - 0.6 - 36 * 1.8 * 2 - 0.12 - 0.8, 1), "patrons": (0, 1), "stock": (0, 1),
                  "quiet": (0, 1)},
    "Washington": {"threat": (0, 1), "nonproliferation": (0, 1), "squeeze": (0, 1), "china": (0, 1),
                   "deterrence": (0, 1), "line": (1 - 3 * 4 / 2, 1)},
    "Seoul": {"threat": (0, 1), "china": (0, 1), "deterrence": (0, 1), "north": (0, 1), "line": (1 - 2 * 4 / 2, 1)},
}  # fmt: skip


# The driver that says what a government holds right on each of its levers (A24).
HELD = {
    "Washington": {"washington_sanction": "line_washington_sanction", "washington_posture": "line_washington_posture",
                   "washington_toward_beijing": "line_washington_beijing"},
    "Seoul": {"seoul_north": "line_seoul_north", "seoul_toward_beijing": "line_seoul_beijing"},
}  # fmt: skip


@given(strategies.worlds, strategies.moves, strategies.params, strategies.drivers)
def test_every_goal_is_a_finite_number_in_its_range(world, moves, params, drivers):
    for capital in CAPITALS:
        assert list(BOUNDS[capital]) == [goal.__name__ for goal in GOALS[capital]]
        for goal in GOALS[capital]:
            low, high = BOUNDS[capital][goal.__name__]
            assert low - 1e-9 <= goal(world, moves, params, drivers) <= high + 1e-9, (capital, goal.__name__)


@given(strategies.worlds, strategies.moves, strategies.params, strategies.drivers)
def test_goals_look_and_do_not_touch(world, moves, params, drivers):
    """Asked twice they say the same, and leave what they are shown as it was."""
    shown = (world, moves, params, drivers)
    before = [dict(vars(record)) if record is params else asdict(record) for record in shown]
    for goal in (goal for capital in CAPITALS for goal in GOALS[capital]):
        assert goal(*shown) == goal(*shown), goal.__name__
    assert [dict(vars(record)) if record is params else asdict(record) for record in shown] == before


@given(strategies.worlds, strategies.moves, strategies.params, strategies.drivers)
def test_a_month_and_a_look_ahead_leave_the_world_as_it_was(world, moves, params, drivers):
    before = (asdict(world), asdict(moves), asdict(drivers))
    next_world(world, world, moves, params, drivers, pace_over(params, 1.0))
    look_ahead(world, moves, params, drivers, pace_over(params, 6.0))
    assert (asdict(world), asdict(moves), asdict(drivers)) == before


@some_capital
def test_every_goal_can_be_served_by_its_capital_alone_or_by_the_deal(capital):
    """No goal is a constant, and none is out of the capital's reach."""
    own = {f"moves.{lever.field}" for lever in (*levers_of(capital), *DEAL)}
    for goal in GOALS[capital]:
        assert own & reads(f"early goals of {capital}.{goal.__name__}"), goal.__name__


@given(strategies.params)
def test_weights_are_shares_of_one(params):
    """Part of Washington's attention may lie outside the model."""
    for capital in CAPITALS:
        loaded = weights(capital, params)
        assert len(loaded) == len(GOALS[capital])
        assert all(0.0 < weight < 1.0 for weight in loaded)
        assert sum(loaded) <= 1.0 + 1e-9 if capital == "Washington" else sum(loaded) == pytest.approx(1.0)


@given(strategies.worlds, strategies.moves, strategies.params, strategies.drivers)
def test_a_government_holds_a_line_on_each_lever_of_its_own_and_one_that_follows_it_loses_nothing(
    world, moves, params, drivers
):
    for capital, levers in HELD.items():
        (line,) = [goal for goal in GOALS[capital] if goal.__name__ == "line"]
        on_line = replace(drivers, **{driver: getattr(moves, field) for field, driver in levers.items()})
        assert line(world, moves, params, on_line) == 1.0
        for field, driver in levers.items():
            off = replace(on_line, **{driver: getattr(on_line, driver) + 0.5})
            assert line(world, moves, params, off) == pytest.approx(1.0 - 0.5**2 / 2), field
    assert {driver for levers in HELD.values() for driver in levers.values()} == set(LINES)
    assert {capital: set(levers) for capital, levers in HELD.items()} == {
        capital: {lever.field for lever in levers_of(capital)} for capital in HELD
    }


@pytest.mark.parametrize("variant", VARIANTS.values(), ids=VARIANTS)
def test_a_variant_changes_at_most_pyongyangs_economy_goal(variant):
    for capital in CAPITALS:
        names = [goal.__name__ for goal in GOALS[capital]]
        goals = goals_of(capital, variant)
        assert list(goals) == names
        changed = [name for name, goal in zip(names, GOALS[capital], strict=True) if goals[name] is not goal]
        assert changed == (["economy"] if capital == "Pyongyang" and variant.name == "V11" else [])


def test_variants_change_what_the_specification_says():
    assert {name: variant.parameters for name, variant in VARIANTS.items() if variant.parameters} == {
        "V2-1": {"foresight": 1}, "V2-12": {"foresight": 12}, "V4": {"grievance": 0}, "V5": {"precision": 1e9},
        "V6": {"loss_aversion": 2.25}, "V7": {"reciprocity": 0.5},
        "V9-moscow": {"bargaining_moscow": 1}, "V9-pyongyang": {"bargaining_moscow": 0},
        "V10": {"review_chance": 1, "review_chance_line": 1},
        "V13-substitutes": {"patrons_together": -1}, "V13-adds": {"patrons_together": 0},
        "V13-complements": {"patrons_together": 1}, "V14": {"patron_rivalry": 0.3}, "V15": {"hedging": 0.6},
        "V16": {"affront": 0.5}, "V17": {"import_income": 0.3}, "V18": {"capacity_gain": 0.008},
        "V19": {"output_arms": 0.03}, "V20": {"visits_rivalry": 0.3},
    }  # fmt: skip
    assert [name for name, variant in VARIANTS.items() if variant.unilateral] == ["V1"]
    assert [name for name, variant in VARIANTS.items() if variant.linear_economy] == ["V11"]
    assert next(iter(VARIANTS)) == "V0"


@given(strategies.worlds, strategies.moves, strategies.params, strategies.drivers)
def test_the_linear_economy_is_never_below_the_curved_one(world, moves, params, drivers):
    """A tangent of a curve that bends down lies above it."""
    linear, curved = (goals_of("Pyongyang", VARIANTS[name])["economy"] for name in ("V11", "V0"))
    assert linear(world, moves, params, drivers) >= curved(world, moves, params, drivers) - 1e-12
