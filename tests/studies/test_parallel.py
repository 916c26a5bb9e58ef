"""The capitals as agents of PettingZoo: its own tests pass, and left to the rules a run is the run it always was."""

import warnings

import numpy as np
import pytest
from pettingzoo.test import parallel_api_test, parallel_seed_test

import sim
from research import best_response
from sim.model.capitals import CAPITALS
from sim.model.moves import LEVERS, levers_of
from sim.scenario import load
from sim.studies.parallel import BY_THE_RULES, OBSERVED, Capitals

SHORT = load("hindcast").with_(months={"to": "2020-12"})


def _played(game: Capitals, seed: int, run: int, actions: dict[str, np.ndarray]) -> tuple[np.ndarray, list[dict]]:
    """Return the last observation of Beijing and the rewards of all months."""
    game.reset(seed, {"run": run})
    rewards = []
    while game.agents:
        seen, earned, *_ = game.step(actions)
        rewards.append(earned)
    return seen["Beijing"], rewards


@pytest.mark.filterwarnings("ignore")  # PettingZoo warns of what its own test makes of our spaces
def test_pettingzoo_finds_nothing_wrong() -> None:
    parallel_api_test(Capitals(SHORT, begins="2020-07"), num_cycles=12)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        parallel_seed_test(lambda: Capitals(SHORT, begins="2020-07"), num_cycles=6)


def test_left_to_the_rules_a_run_is_that_of_an_ensemble() -> None:
    many = sim.ensemble(SHORT, runs=4, seed=3)
    for begins in ("2019-01", "2020-03"):
        seen, rewards = _played(Capitals(SHORT, begins=begins), 3, 2, {})
        for name in ("tension", "china_flow", "pact"):
            assert seen[OBSERVED.index(name)] == many.array(name)[2, -1]
        assert len(rewards) == SHORT.horizon - (0 if begins == "2019-01" else 14)
    zeros = {agent: np.full(len(levers_of(agent)), BY_THE_RULES) for agent in CAPITALS}
    again, _ = _played(Capitals(SHORT, begins="2020-03"), 3, 2, zeros)
    assert np.array_equal(again, seen)


def test_a_lever_that_is_held_is_a_scripted_move() -> None:
    held = {"beijing_trade": 0, "beijing_bloc": 2}
    moves = [
        {"capital": "Beijing", "lever": lever.name, "option": lever.options[held[lever.field]].name,
         "from": "2020-03", "to": "2020-12"}
        for lever in LEVERS if lever.field in held
    ]  # fmt: skip
    many = sim.ensemble(SHORT.with_(moves=moves), runs=4, seed=3)
    action = np.array([held.get(lever.field, -1) + 1 for lever in levers_of("Beijing")])
    seen, _ = _played(Capitals(SHORT, begins="2020-03"), 3, 1, {"Beijing": action})
    for name in ("tension", "china_flow", "warmth_beijing_pyongyang"):
        assert seen[OBSERVED.index(name)] == many.array(name)[1, -1]
    assert seen[OBSERVED.index("beijing_trade")] == many.array("beijing_trade")[1, -1]


def test_the_reward_is_the_utility_of_the_month() -> None:
    model = sim.Peninsula(SHORT, seed=3, run=2)
    for _ in range(5):
        model.step()
    had = {capital.name: capital.had for capital in model.capitals}
    _, rewards = _played(Capitals(SHORT), 3, 2, {})
    assert rewards[4] == had


def test_what_the_scenario_scripts_stands() -> None:
    move = {"capital": "Beijing", "lever": "trade", "option": "squeeze", "from": "2019-01", "to": "2020-12"}
    action = np.array([4] + [0] * (len(levers_of("Beijing")) - 1))
    seen, _ = _played(Capitals(SHORT.with_(moves=[move]), begins="2020-06"), 3, 0, {"Beijing": action})
    free, _ = _played(Capitals(SHORT, begins="2020-06"), 3, 0, {"Beijing": action})
    place = OBSERVED.index("beijing_trade")
    squeeze, *_, generous = (option.value for option in LEVERS[0].options)
    assert (seen[place], free[place]) == (squeeze, generous)


def test_seeds_and_runs_fix_all_chance_and_the_next_run_is_another() -> None:
    game = Capitals(SHORT, begins="2020-06")
    first, second = (_played(game, 3, run, {})[0] for run in (0, 1))
    assert not np.array_equal(first, second)
    game.reset(3)
    game.reset()
    while game.agents:
        seen, *_ = game.step({})
    assert np.array_equal(seen["Beijing"], second)


def test_a_month_outside_the_scenario_is_refused() -> None:
    with pytest.raises(ValueError, match="2031-01 is no month of"):
        Capitals(SHORT, begins="2031-01")


def test_the_search_finds_what_pays(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where one option pays, one costs, and one pays in one run of four, the first is held and nothing else."""

    def paid(played, capital, held, runs, seed):
        utilities = np.full(len(runs), 0.5)
        utilities += 0.2 * (held.get("moscow_cover") == 1) - 0.2 * (held.get("moscow_cover") == 2)
        luck = np.where(np.arange(len(runs)) % 4 == 0, np.linspace(-0.7, 1.3, len(runs)), 0.0)
        return utilities + (held.get("moscow_labour") == 0) * 0.4 * luck

    monkeypatch.setattr(best_response, "utilities", paid)
    held, tried = best_response.search(SHORT, "Moscow", range(16))
    assert held == {"moscow_cover": 1}
    assert tried >= 7


def test_what_is_held_is_held_from_the_end_on_whether_or_not_it_comes() -> None:
    world = best_response.played_world()
    held = best_response.holding(world, {"moscow_cover": 0})
    scripts = held.scripts()["moscow_cover"]
    assert (min(scripts), max(scripts)) == (world.war_end, world.horizon - 1)
    assert world.horizon - 1 == world.war_end + 24
    assert held.with_(war={"ends": "never"}).scripts() == held.scripts()


def test_utilities_of_the_study_are_what_is_earned_in_the_game() -> None:
    world, held = best_response.played_world(), {"pyongyang_provoke": 2, "pyongyang_talks": 0}
    action = np.array([held.get(lever.field, -1) + 1 for lever in levers_of("Pyongyang")])
    game = Capitals(world, begins=str(world.war.ends))
    utilities = best_response.utilities(world, "Pyongyang", held, range(5, 7))
    for place, run in enumerate(range(5, 7)):
        _, rewards = _played(game, best_response.SEED, run, {"Pyongyang": action})
        assert utilities[place] == np.mean([reward["Pyongyang"] for reward in rewards])
