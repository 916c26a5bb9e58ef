"""The Mesa engine is an ordinary Mesa model: seeds, data collector, steps, batch runs."""

import inspect
import random

import mesa
import numpy as np
import pytest

from sim.engine.ensemble import SERIES
from sim.engine.mesa.agents import Capital, Peninsula
from sim.model.capitals import CAPITALS
from sim.model.moves import MOVE_FIELDS
from sim.scenario import ScenarioError, load

SHORT = load("hindcast").with_(months={"to": "2019-06"})


def simulated(**how: object) -> Peninsula:
    model = Peninsula(SHORT, **how)
    model.run_model()
    return model


def states(model: Peninsula) -> list[list[float]]:
    return model.datacollector.get_model_vars_dataframe().to_numpy(float).tolist()


def test_it_is_a_model_of_five_agents() -> None:
    model = Peninsula(SHORT, seed=1)
    assert isinstance(model, mesa.Model)
    assert [agent.name for agent in model.agents] == list(CAPITALS)
    assert all(isinstance(agent, Capital) and isinstance(agent, mesa.Agent) for agent in model.agents)
    assert [agent.name for agent in model.agents.select(lambda agent: agent.name == "Seoul")] == ["Seoul"]


def test_one_seed_is_one_world_and_another_seed_or_run_another() -> None:
    assert states(simulated(seed=4)) == states(simulated(seed=4))
    assert states(simulated(seed=4)) != states(simulated(seed=5))
    assert states(simulated(seed=4)) != states(simulated(seed=4, run=1))


def test_seed_0_is_a_seed() -> None:
    assert simulated(seed=0).seed_used == 0
    assert states(simulated(seed=0)) == states(simulated(seed=0))


def test_rng_is_taken_as_mesa_takes_it() -> None:
    assert states(simulated(rng=4)) == states(simulated(seed=4)) == states(simulated(rng=np.int64(4)))
    assert states(simulated(rng=np.random.default_rng(8))) == states(simulated(rng=np.random.default_rng(8)))


def test_without_a_seed_one_is_drawn_that_makes_the_world_again() -> None:
    one, other = simulated(), simulated()
    assert one.seed_used != other.seed_used
    assert states(simulated(seed=one.seed_used)) == states(one)


def test_the_global_generators_are_neither_read_nor_moved() -> None:
    first = states(simulated(seed=4))
    random.seed(99)
    np.random.seed(99)
    before = random.getstate(), np.random.get_state()[1].tobytes()
    assert states(simulated(seed=4)) == first
    assert (random.getstate(), np.random.get_state()[1].tobytes()) == before


def test_a_step_is_a_month_and_the_model_stops_at_the_horizon() -> None:
    model = Peninsula(SHORT, seed=2)
    for month in range(6):
        assert model.running
        assert model.month == month
        model.step()
    assert not model.running
    model.step()
    assert model.month == 6
    assert len(model.datacollector.get_model_vars_dataframe()) == 6


def test_stepping_and_running_are_the_same() -> None:
    model = Peninsula(SHORT, seed=2)
    while model.running:
        model.step()
    assert states(model) == states(simulated(seed=2))


def test_the_data_collector_reports_model_and_agents() -> None:
    model = simulated(seed=2)
    frame = model.datacollector.get_model_vars_dataframe()
    assert set(frame.columns) == {"month", *SERIES, *MOVE_FIELDS}
    assert frame["month"].tolist() == list(range(6))
    agents = model.datacollector.get_agent_vars_dataframe()
    assert set(agents.columns) == {"capital", "utility", "survives"}
    assert len(agents) == 6 * len(CAPITALS)
    assert set(agents["capital"]) == set(CAPITALS)
    assert agents["utility"].between(0.0, 2.0).all()


def test_chances_of_options_are_the_same_on_every_python() -> None:
    """Up to 3.11 ``sum`` rounds after each number, from 3.12 on it makes up for it: ten tenths were less than one."""
    model = Peninsula(SHORT.with_(parameters={"inertia": 0.0}), seed=1)
    places = tuple(float(place) for place in range(10))
    _, chances, _ = model.choose("beijing_trade", [0.5] * 10, (0.1,) * 10, places, 0.0, 1.0, None)
    assert chances == [0.1] * 10


def test_not_tracing_changes_nothing_but_the_trace() -> None:
    silent = simulated(seed=2, trace=False)
    assert states(silent) == states(simulated(seed=2))
    assert not silent.decisions and not silent.deals


def test_mesas_own_batch_run_varies_parameters_and_runs() -> None:
    # A scenario stands in a list, for Mesa would go through its keys.
    varied = {"scenario": [SHORT], "run": [0, 1], "foresight": [3.0, 8.0], "trace": False}
    takes_rng = "rng" in inspect.signature(mesa.batch_run).parameters  # from 3.5 on, which overrules a seed among them
    rows = mesa.batch_run(
        Peninsula,
        varied if takes_rng else varied | {"seed": 3},
        **({"rng": [3]} if takes_rng else {}),
        max_steps=6,
        data_collection_period=-1,
        display_progress=False,
    )
    tensions = {(row["run"], row["foresight"], row["capital"]): row["tension"] for row in rows}
    assert len(rows) == len(tensions) == 4 * len(CAPITALS)
    for (run, foresight, _), tension in tensions.items():
        alone = simulated(seed=3, run=run, foresight=foresight)
        assert tension == alone.datacollector.get_model_vars_dataframe()["tension"].iloc[-1]
    assert len(set(tensions.values())) == 4


def test_an_unknown_parameter_is_refused_with_the_nearest() -> None:
    with pytest.raises(ScenarioError, match="foresight"):
        Peninsula(SHORT, seed=1, foresigt=3.0)
