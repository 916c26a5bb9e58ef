"""What must hold of whole runs: specification, section 9, 14 to 16.

The compiled engine simulates them, for it simulates a hundred in seconds; that it simulates the same worlds as the Mesa
engine, to the last bit, is tested beside it.
"""

from itertools import pairwise
from typing import Any

import numpy as np
from hypothesis import assume, given
from hypothesis import strategies as st

from sim.engine.ensemble import Ensemble
from sim.engine.experiment import Experiment, equally_weighted
from sim.inference.matching import draw_prior
from sim.model.months import name
from sim.model.moves import LEVERS
from sim.scenario import load
from sim.scenario.schema import Scenario
from sim.scenario.source import Source
from tests import strategies

seeds = st.integers(0, 2**32)
runs = st.integers(0, 2**20)
MONTHS = 48  # to the end of 2022: the war, and the deal, under way
WORLD = load("baseline").with_(months={"to": name(MONTHS - 1)})


def simulated(scenario: Scenario, seed: int, *numbers: int) -> Ensemble:
    return Experiment(scenario, seed=seed, runs=np.array(numbers), jobs=1).ensemble()


def same(one: Ensemble, other: Ensemble, months: int | None = None) -> bool:
    """Say whether two ensembles are equal to the last bit, up to a month."""
    return np.array_equal(one.states[:, :months], other.states[:, :months]) and np.array_equal(
        one.played[:, :months], other.played[:, :months]
    )


def scripted(many: Ensemble, levers: tuple[Any, ...]) -> list[dict[str, str]]:
    """Return the script that has these levers do, in every month, what they did in the only run."""
    return [
        {"capital": lever.capital, "lever": lever.name, "option": lever.options[place].name,
         "from": name(month), "to": name(month)}
        for lever in levers
        for month, place in enumerate(many.played[0, :, LEVERS.index(lever)].tolist())
    ]  # fmt: skip


@given(seeds, runs, st.sampled_from([lever for lever in LEVERS if lever.capital != "deal"]))
def test_a_script_of_what_happened_anyway_changes_nothing(seed, run, lever):
    world = WORLD.with_(months={"to": "2019-12"})
    free = simulated(world, seed, run)
    assert same(free, simulated(world.with_(moves=scripted(free, (lever,))), seed, run))


@given(seeds, runs)
def test_a_script_of_the_deal_as_it_was_struck_anyway_changes_nothing(seed, run):
    """All three parts of it: a part alone leaves the others free to be bargained over anew."""
    world = WORLD.with_(months={"to": "2022-12"})
    free = simulated(world, seed, run)
    deal = tuple(lever for lever in LEVERS if lever.capital == "deal")
    assert same(free, simulated(world.with_(moves=scripted(free, deal)), seed, run))


def changes(month: str) -> list[dict[str, Any]]:
    """Return changes of a world, each from one month on."""
    later = {"from": month, "to": "2045-12"}
    return [
        *({"drivers": {driver: {**later, "value": value}}} for driver, value in (
            ("border", 0.05), ("border_russia", 0.05), ("need_for_us", 0.4), ("sanctions_nominal", 0.1),
            ("news", 1.0), ("alternative_supplier", 1.0), ("flood", 1.0), ("crisis", 1.0), ("rivalry", 0.0),
            ("line_washington_beijing", 1.0), ("line_washington_sanction", -1.0), ("line_washington_posture", 1.0),
            ("line_seoul_north", -1.0), ("line_seoul_beijing", 1.0),
        )),
        *({"moves": [{"capital": lever.capital, "lever": lever.name, "option": option.name, **later}]}
          for lever in LEVERS for option in (lever.options[0], lever.options[-1])),
    ]  # fmt: skip


@given(seeds, runs, st.integers(1, MONTHS - 1), st.data())
def test_what_changes_from_a_month_on_changes_nothing_before_it(seed, run, month, data):
    """Nobody foresees scheduled changes."""
    change = data.draw(st.sampled_from(changes(name(month))))
    assert same(simulated(WORLD, seed, run), simulated(WORLD.with_(**change), seed, run), month)


@given(seeds, runs, st.integers(WORLD.war_start + 1, MONTHS - 1))
def test_an_end_of_the_war_changes_nothing_before_it(seed, run, month):
    assert same(simulated(WORLD, seed, run), simulated(WORLD.with_(war={"ends": name(month)}), seed, run), month)


def test_each_of_these_changes_does_change_what_follows():
    """So that the two properties above are not empty."""
    base = simulated(WORLD, 7, *range(20))
    for change in [*changes("2022-03"), {"war": {"ends": "2022-03"}}]:
        assert not same(base, simulated(WORLD.with_(**change), 7, *range(20))), change


NEVER_BUYS = load("moscow-never-buys")


@given(seeds, runs, st.integers(WORLD.war_start + 1, 100), strategies.parameter_values)
def test_where_moscow_never_buys_and_stays_isolated_the_wars_end_changes_nothing_at_all(seed, run, month, values):
    """Whatever the parameters, as long as isolation after the war is that of the war, and however the stores empty."""
    world = NEVER_BUYS.with_(months={"to": name(119)}, parameters={**values, "postwar_isolation": 1.0})
    ended = simulated(world.with_(war={"ends": name(month)}), seed, run)
    assert ended.war_end[0] == month
    assert same(simulated(world, seed, run), ended)


@given(seeds, st.integers(WORLD.war_start + 1, 100))
def test_where_isolation_is_not_held_the_wars_end_does_change_things(seed, month):
    """So that the placebo above is not empty: the same world, but Moscow's isolation ends with the war."""
    world = NEVER_BUYS.with_(months={"to": name(119)}, postwar_isolation=0.15)
    assert not same(
        simulated(world, seed, *range(8)), simulated(world.with_(war={"ends": name(month)}), seed, *range(8))
    )


@given(seeds, st.lists(runs, min_size=2, max_size=40, unique=True), st.data())
def test_a_run_is_the_same_in_any_company_order_or_number_of_threads(seed, numbers, data):
    world = WORLD.with_(months={"to": "2019-12"})
    threads = data.draw(st.integers(1, 4))
    together = Experiment(world, seed=seed, runs=np.array(numbers), jobs=threads).ensemble()
    mixed = data.draw(st.permutations(numbers))
    again = simulated(world, seed, *mixed)
    order = [mixed.index(number) for number in numbers]
    assert np.array_equal(together.states, again.states[order])
    assert np.array_equal(together.played, again.played[order])

    cuts = sorted({0, data.draw(st.integers(0, len(numbers))), len(numbers)})
    parts = [simulated(world, seed, *numbers[start:end]) for start, end in pairwise(cuts)]
    assert np.array_equal(together.states, np.concatenate([part.states for part in parts]))


@given(seeds, runs, st.integers(1, MONTHS))
def test_a_shorter_horizon_is_the_beginning_of_a_longer_one(seed, run, months):
    short = simulated(WORLD.with_(months={"to": name(months - 1)}), seed, run)
    assert short.states.shape[1] == months
    assert same(simulated(WORLD, seed, run), short, months)


@given(seeds, seeds, runs, runs)
def test_other_seeds_and_other_runs_are_other_worlds(seed, other_seed, run, other_run):
    """So that the properties above are not empty: chance is keyed by both."""
    assume(seed != other_seed and run != other_run)
    world = WORLD.with_(months={"to": "2019-01"})
    assert not same(simulated(world, seed, run), simulated(world, other_seed, run))
    assert not same(simulated(world, seed, run), simulated(world, seed, other_run))


def test_every_option_of_every_lever_is_taken_in_some_world():
    """In some month of 400 worlds of the baseline, each with numbers of its own from the plausible ranges: no option is
    out of reach. At the defaults the most sensitive technology is."""
    sets = equally_weighted(draw_prior([7], 400), Source.PRIOR)
    played = Experiment(load("baseline"), sets, 7).runs_of_every_set(1).ensemble().played
    for place, lever in enumerate(LEVERS):
        assert np.unique(played[:, :, place]).tolist() == list(range(len(lever.options))), lever.field
