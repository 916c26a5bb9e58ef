"""What every stock, driver and parameter owes to the rest: a new one has to meet this too."""

from dataclasses import fields
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.engine.war_end import draw_notice
from sim.model import choice, deal
from sim.model.capitals import CAPITALS
from sim.model.drivers import DRIVERS
from sim.model.moves import LEVERS
from sim.model.pace import PACED, pace_over
from sim.model.world import RANGE, WORLD_FIELDS, World, start
from sim.registers.register import registered_parameters
from sim.scenario.values import resolve
from tests.model.influences import links, moved_by, read_in, reads

DEFAULTS = SimpleNamespace(**resolve({}))


# Stocks that nobody's utility reads, and why.
ONLY_MEASURED = {
    "economy": "real GDP is compared with the record; what capitals want is resources",
    "capacity": "it adds to real GDP alone",
}
# Stocks and parameters that are read in a variant alone.
IN_VARIANTS = {"means": "V17", "means_par": "V17", "capacity_keeps": "V18", "accustomed_west": "V16"}


@pytest.mark.parametrize("stock", WORLD_FIELDS)
def test_every_stock_is_wanted_or_leads_to_what_is(stock):
    in_variant = IN_VARIANTS.get(stock, "V0")
    every = links(in_variant)
    wanted = {source.removeprefix("world.") for source in read_in(" goals of ", variant=in_variant)}
    leads_to = {t.removeprefix("expected.") for s, t in every if s == f"world.{stock}" and t.startswith("expected.")}
    assert (stock in wanted or bool(wanted & (leads_to - {stock}))) != (stock in ONLY_MEASURED)


def test_ranges_are_those_of_the_specification():
    odd = {
        "china_flow": (0, 1.8), "russia_flow": (0, 0.45), "economy": (0.7, 1.1), "expected_support": (0, 1.8),
        "means": (-1, 1.8), "capacity": (-0.25, 0.25), "accustomed_west": (-1, 1),
    }  # fmt: skip
    for stock, ends in RANGE.items():
        assert ends == odd.get(stock, (-10, 10) if stock.startswith("warmth_") else (0, 1)), stock


@pytest.mark.parametrize("stock", WORLD_FIELDS)
def test_every_stock_begins_inside_its_range_and_is_moved_by_something_else(stock):
    low, high = RANGE[stock]
    assert low <= getattr(start(DEFAULTS), stock) <= high
    own = {f"world.{stock}", f"params.start_{stock}"}
    assert {s for s, t in links() if t in (f"early world.{stock}", f"expected.{stock}")} - own


def test_a_pace_exists_for_each_stock_that_is_drawn_to_a_target():
    """The others are added to: munitions, capability, capacity; signed: the pact; and learnt once a month."""
    added_to = {"munitions_stock", "capability", "capacity", "pact", "trust", "expected_support", "accustomed_west"}
    assert set(PACED) == set(WORLD_FIELDS) - added_to
    assert {field.name for field in fields(World)} == set(RANGE)


BELIEVED = ("keep", "shortfall", "daring", "spillover")


@pytest.mark.parametrize("driver", [name for name in DRIVERS if name not in BELIEVED])
def test_every_driver_reaches_a_stock_or_a_goal(driver):
    """Keep, shortfall, daring and spillover are beliefs, not drivers of the scenario: what they are read from is."""
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


def chances_of_review(**changes: float) -> list[float]:
    """Return the chance of review of every lever at a border half open, under changed parameters."""
    changed = SimpleNamespace(**DEFAULTS.__dict__ | changes)
    return [choice.review_chance(lever, 0.5, changed) for lever in LEVERS]


# What is read only where a choice is made, or by the engine, and what shows it at a low and at a high value.
OF_CHOICE = {
    "inertia": lambda value: chances(inertia=value),
    "precision": lambda value: chances(precision=value),
    "review_chance": lambda value: chances_of_review(review_chance=value),
    "review_chance_line": lambda value: chances_of_review(review_chance_line=value),
    "review_by_kind": lambda value: chances_of_review(review_by_kind=value),
    "bargaining_moscow": lambda value: deal.nash(0.7, 0.6, 0.5, 0.5, value),
    "loss_aversion": lambda value: choice.loss_averse(0.5, 0.6, value),
    "habit_months": lambda value: choice.habit(3.0, 0.5, 0.6, value),
    "notice_months": lambda value: draw_notice(np.full((1, 64), 0.99), np.array([value])).tolist(),
}


@pytest.mark.parametrize("name", registered_parameters())
def test_every_parameter_has_an_effect(name):
    if name in OF_CHOICE:
        entry = registered_parameters()[name]
        low, high = (entry.low, entry.high) if entry.low is not None else (entry.default, entry.default + 1.0)
        assert OF_CHOICE[name](low) != OF_CHOICE[name](high)
    else:
        assert moved_by(name, IN_VARIANTS.get(name, "V0")), f"nothing moves with {name}"


def test_measures_of_drifting_back_steer_nobody():
    """What re-engagement is measured by (A20) is read by no stock, no goal and no belief."""
    for name in ("stance_memory", "reengagement_support", "reengagement_share"):
        assert all(target.startswith("measures.") for target in moved_by(name)), name


def test_only_beijing_believes_in_the_whole_spillover():
    for capital in CAPITALS:
        real = "params.spillover_real" in reads(f"late outlook of {capital}.spillover")
        assert real != (capital == "Beijing")


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
    left, month = 1.0, pace_over(params, 1.0).tension
    for _ in range(months):
        left -= month * left
    assert 1.0 - pace_over(params, float(months)).tension == pytest.approx(left, abs=1e-12)
