"""The chances of options are those by which the engines choose."""

import numpy as np

from research.chances_under_review import option_chances
from sim.engine import blocks
from sim.engine.experiment import Experiment
from sim.engine.plan import GIVEN, Plan, Support, plan_of
from sim.engine.start_state import StartState
from sim.engine.war_end import NEVER
from sim.inference.parameter_sets import retained_sets
from sim.model.capitals import CAPITALS
from sim.model.moves import BUNDLES, DEAL, LEVERS, MOVE_FIELDS
from sim.scenario import load

MONTH = 66  # June 2024: arms flow, and all levers are free
WORLD = load("baseline")
PLAN: Plan = plan_of(WORLD).until(MONTH + 1)
RUNS = np.arange(24)
# Every lever comes up for review every month, so that the chance of an option is that under review.
REVIEWED = {name: np.full(len(RUNS), value) for name, value in (("review_chance", 1.0), ("review_by_kind", 0.0))}
OWN = Experiment(WORLD, retained_sets(), runs=RUNS).values | REVIEWED


def columns() -> tuple[dict[str, np.ndarray], dict[str, np.ndarray], np.ndarray]:
    """Return what is known of the month, what was played in it, and all that the runs remember of the month before."""
    series = blocks.simulate(blocks.PlannedRuns(PLAN, 5, RUNS, values=OWN), blocks.REMEMBERED).series
    full = np.ones(len(RUNS))
    known = {f"params.{name}": value * full for name, value in (PLAN.values | OWN).items()}
    known |= {f"seen.{capital}": NEVER * full for capital in CAPITALS} | {"war_end": NEVER * full}
    known |= {"war_start": PLAN.war_start * full, "month": MONTH * full, "linear_economy": 0.0 * full}
    known |= {f"given.{name}": value * full for name, value in zip(GIVEN, PLAN.given[MONTH], strict=True)}
    known |= dict(zip(blocks.REMEMBERED, series[:, MONTH - 1].T, strict=True))
    moves = {name: series[:, MONTH, blocks.REMEMBERED.index(f"moves.{name}")] for name in MOVE_FIELDS}
    return known, moves, series[:, MONTH - 1].T


def test_a_chance_is_how_likely_the_engine_finds_that_this_option_is_taken() -> None:
    known, moves, memory = columns()
    chances = option_chances(tuple(PLAN.values))
    reckoned = chances.of(chances.prepare(known), {}, moves, PLAN.limits[MONTH])
    nothing = blocks.Block.empty(len(RUNS), 0, 1)
    start = StartState(MONTH, memory, nothing.series, nothing.played)
    for place, lever in enumerate(LEVERS):
        for option in range(len(lever.options)):
            support = np.ones((MONTH + 1, len(LEVERS) + 1, len(BUNDLES)))
            if lever in DEAL:
                part, value = DEAL.index(lever), lever.options[option].value
                support[MONTH, -1] = [bundle[part] == value for bundle in BUNDLES]
            else:
                support[MONTH, place] = np.arange(len(BUNDLES)) == option
            row = (f"evidence.{'deal' if lever in DEAL else lever.field}",)
            asked = blocks.PlannedRuns(PLAN, 5, RUNS, OWN, start, Support.of(support))
            seen = blocks.simulate(asked, row)
            np.testing.assert_allclose(reckoned[lever.field][option], seen.series[:, 0, 0], atol=1e-12)
    assert {lever.field for lever in LEVERS} == reckoned.keys()
    assert all(np.ptp(reckoned[field]) > 0.01 for field in ("pyongyang_toward_beijing", "deal_arms", "seoul_north"))


def test_what_a_lever_does_not_read_is_not_reckoned_anew() -> None:
    known, moves, _ = columns()
    chances = option_chances(tuple(PLAN.values))
    workspace = chances.prepare(known)
    expected = {"world.expected_support": known["world.expected_support"] + 0.1}
    again = chances.of(workspace, expected, moves, PLAN.limits[MONTH])
    assert {field for field in again if field.startswith("seoul")} == set()
    usual = chances.of(workspace, {}, moves, PLAN.limits[MONTH])
    same = {"world.expected_support": known["world.expected_support"]}
    unmoved = chances.of(workspace, same, moves, PLAN.limits[MONTH])
    assert all(np.array_equal(values, usual[field]) for field, values in unmoved.items())
    assert (again["pyongyang_toward_beijing"][0] >= usual["pyongyang_toward_beijing"][0] - 1e-12).all()
