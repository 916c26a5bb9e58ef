"""The model as Mesa knows it, over the parameter sets that history has not ruled out: the world of ``sim.run``."""

from typing import Any

from sim.engine.experiment import Experiment
from sim.engine.mesa import agents
from sim.engine.sets import HAND_SET
from sim.inference.parameter_sets import sets_for
from sim.scenario import Scenario, load


class Peninsula(agents.Peninsula):
    """Five capitals around the Korean peninsula: ``Peninsula(scenario, seed=7, run=3)`` is what ``sim.run`` runs.

    Parameters
    ----------
    scenario, seed, rng, run, trace, **changes
        See :class:`sim.engine.mesa.agents.Peninsula`.
    sets, defaults
        See :func:`sim.run`.

    Attributes
    ----------
    source
        Where the uncertain numbers come from.

    Examples
    --------
    >>> import sim
    >>> world = sim.Peninsula("war-ends-early", seed=7)
    >>> world.step()
    >>> world.month
    1
    """

    def __init__(
        self,
        scenario: Scenario | str = "baseline",
        seed: int | None = None,
        rng: Any = None,
        run: int = 0,
        trace: bool = True,
        sets: int | None = None,
        defaults: bool = False,
        **changes: float,
    ) -> None:
        asked = load(scenario) if isinstance(scenario, str) else scenario
        world, seed = asked.with_(parameters=changes) if changes else asked, agents.mesa_seed(seed, rng)
        chosen = sets_for(world, sets=HAND_SET if defaults else None).some(sets, seed)
        asked_of = Experiment(world, chosen, seed, range(run, run + 1))
        self.source = asked_of.source
        super().__init__(asked_of.scenario_of(run), seed=seed, run=run, trace=trace)
