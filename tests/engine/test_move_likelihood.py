"""Moves given a record: by the rule of Bayes, the same in all engines to the last bit; the plain moves without one."""

from dataclasses import replace

import numpy as np
import pytest

from sim.engine import batch, blocks
from sim.engine.blocks import REMEMBERED
from sim.engine.compiled import llvm_engine
from sim.engine.mesa.agents import Peninsula
from sim.engine.move_likelihood import condition_on_record
from sim.engine.plan import Support, plan_of
from sim.model.moves import BUNDLES, LEVERS, Moves
from sim.scenario import load
from sim.scenario.values import resolve

BRIEF = load("hindcast").with_(months={"to": "2020-06"})
RECORD = ("log_evidence", *REMEMBERED)
OPTIONS = (-1.0, 0.0, 1.0)


def recorded(months: int, seed: int) -> Support:
    """Return a made-up record of two levers in three."""
    chance = np.random.default_rng(seed)
    support = chance.uniform(0.001, 1.0, (months, len(LEVERS) + 1, len(BUNDLES)))
    support[chance.random(support.shape[:2]) < 1 / 3] = 1.0
    return Support.of(support)


@pytest.mark.parametrize("variant", ["V0", "V1", "V6"])
def test_the_engines_agree_on_moves_and_likelihood_to_the_last_bit(variant: str) -> None:
    world = BRIEF.with_(variant=variant)
    made, support = plan_of(world), recorded(BRIEF.horizon, 1)
    one, other = (
        blocks.simulate(blocks.PlannedRuns(made, 3, np.arange(70), support=support, engine=engine), RECORD)
        for engine in (llvm_engine.kernel, batch.month_loop)
    )
    assert one.series.tobytes() == other.series.tobytes()
    assert one.played.tobytes() == other.played.tobytes()
    model, stepped = Peninsula(world, seed=3, run=41, trace=False, support=support), []
    while model.month < model.horizon:
        model.step()
        stepped.append((model.log_evidence, model.world.tension, model.stance))
    places = [RECORD.index(name) for name in ("log_evidence", "world.tension", "stance")]
    assert one.series[41][:, places].tolist() == [list(month) for month in stepped]
    assert len(set(one.series[:, -1, 0])) > 60, "runs that differ make a record differently likely"


def test_a_record_that_says_nothing_leaves_every_bit_as_it_was() -> None:
    made, nothing = plan_of(BRIEF), Support.empty(BRIEF.horizon)
    asked = replace(nothing, recorded=np.ones_like(nothing.recorded))  # asked all the same
    plain = blocks.simulate(blocks.PlannedRuns(made, 5, np.arange(20)), REMEMBERED)
    beside = blocks.simulate(blocks.PlannedRuns(made, 5, np.arange(20), support=asked), RECORD)
    assert np.array_equal(plain.series, beside.series[..., 1:])
    assert np.abs(beside.series[..., 0]).max() < 1e-11


def test_a_record_without_doubt_is_what_the_runs_do() -> None:
    support = np.ones((BRIEF.horizon, len(LEVERS) + 1, len(BUNDLES)))
    support[4:9, 0] = 1e-9
    support[4:9, 0, 2] = 1.0
    certain = blocks.simulate(blocks.PlannedRuns(plan_of(BRIEF), 5, np.arange(64), support=Support.of(support)), RECORD)
    assert (certain.played[:, 4:9, 0] == 2).all()
    assert (certain.played[:, 10:, 0] != 2).any()


def test_months_one_by_one_are_months_in_a_row() -> None:
    made, support = plan_of(BRIEF), recorded(BRIEF.horizon, 2)
    whole = blocks.simulate(blocks.PlannedRuns(made, 3, np.arange(70), support=support), RECORD)
    asked = blocks.PlannedRuns(made, 3, np.arange(70), support=support, jobs=2)
    steps = blocks.Steps(asked, RECORD[:1])
    for month in range(BRIEF.horizon):
        series, played = steps.step()
        assert np.array_equal(series[0], whole.series[:, month, 0])
        assert np.array_equal(steps.memory, whole.series[:, month, 1:].T)
        assert np.array_equal(played, whole.played[:, month])


@pytest.mark.parametrize("last", OPTIONS)
def test_the_choice_given_a_record_is_bayes_rule(last: float) -> None:
    odds, review, support = [0.2, 1.0, 0.4], 0.3, [0.05, 0.4, 0.9]
    plain = np.array(odds) / sum(odds) * review + (1.0 - review) * (np.array(OPTIONS) == last)
    joint = plain * support
    left, evidence, again = condition_on_record(odds, OPTIONS, last, review, support)
    posterior = np.array(left) / sum(left) * again + (1.0 - again) * (np.array(OPTIONS) == last)
    assert evidence == pytest.approx(joint.sum(), abs=1e-15)
    assert posterior == pytest.approx(joint / joint.sum(), abs=1e-15)


def test_runs_take_the_options_as_often_as_bayes_rule_says() -> None:
    """Of the lever that is decided last, in the first month, in which all runs stand in the same place."""
    (*_, lever), runs, review = LEVERS, 20_000, 0.4
    support = np.ones((1, len(LEVERS) + 1, len(BUNDLES)))
    support[0, len(LEVERS) - 1, :3] = (0.1, 0.3, 0.9)
    made = replace(plan_of(BRIEF).until(1), values=resolve({"review_chance_line": review}))
    rows = (f"evidence.{lever.field}", *(f"likely.{place}" for place in range(3)))
    many = blocks.simulate(blocks.PlannedRuns(made, 1, np.arange(runs), support=Support.of(support)), rows)
    odds = many.series[0, 0, 1:]
    stays = np.array([option.value for option in lever.options]) == getattr(Moves(), lever.field)
    joint = (review * odds / odds.sum() + (1.0 - review) * stays) * support[0, len(LEVERS) - 1, :3]
    shares = np.bincount(many.played[:, 0, -1], minlength=3) / runs
    assert many.series[:, 0, 0] == pytest.approx(joint.sum(), rel=1e-12)
    assert np.abs(shares - joint / joint.sum()).max() < 4 * 0.5 / np.sqrt(runs)
