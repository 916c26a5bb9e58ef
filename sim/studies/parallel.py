"""The five capitals as agents of PettingZoo: each chooses its own levers, or leaves them to the rules.

It needs the extra ``study``. Moscow and Pyongyang settle the arms deal between themselves by the rules, whoever plays.
"""

from collections.abc import Mapping
from functools import cache

import numpy as np
from gymnasium import spaces
from numpy.typing import NDArray
from pettingzoo import ParallelEnv

from sim.engine import blocks
from sim.inference.peninsula import Peninsula
from sim.model import months
from sim.model.capitals import CAPITALS
from sim.model.drivers import phase
from sim.model.moves import LEVERS, MOVE_FIELDS, levers_of
from sim.model.world import WORLD_FIELDS
from sim.scenario import Scenario, load

BY_THE_RULES = 0  # what a lever is left to; option k of a lever is k + 1
# What a capital sees of the month that begins.
OBSERVED = ("month", "war", "expects_end", "expects_months", *WORLD_FIELDS, *MOVE_FIELDS)
Seen = dict[str, NDArray[np.float64]]  # by agent
Infos = dict[str, dict[str, object]]
_PLACE = {lever.field: place for place, lever in enumerate(LEVERS)}


class Capitals(ParallelEnv[str, NDArray[np.float64], NDArray[np.int64]]):
    """The world of a run, in which each capital's moves can be chosen from outside, month by month.

    An observation is the row :data:`OBSERVED`: months since 2019-01, whether the capital takes the war to go on (1 or
    0), its two beliefs about the war's end, all states, and the option values of last month's moves. An action has a
    place for each of the capital's own levers, in the order of :func:`sim.model.moves.levers_of`: 0 leaves it to the
    rules, k + 1 takes option k. The reward is the capital's own utility in the month, the weighted sum of its goals
    as the rules have it. Moves that the scenario scripts stand. All agents are truncated together after its last month.

    Parameters
    ----------
    scenario
        A scenario, or the name or path of one.
    begins
        The first month that is played, YYYY-MM; those before are simulated by the rules.
    sets, defaults
        As for :func:`sim.run`.
    """

    metadata = {"name": "driftback_capitals_v0", "render_modes": []}  # noqa: RUF012  # PettingZoo's own way

    def __init__(
        self,
        scenario: Scenario | str = "baseline",
        begins: str = "2019-01",
        sets: int | None = None,
        defaults: bool = False,
    ) -> None:
        self.scenario = load(scenario) if isinstance(scenario, str) else scenario
        self.first = months.index(begins)
        if not 0 <= self.first < self.scenario.horizon:
            raise ValueError(f"{begins} is no month of {self.scenario.name}: begin in one that it has")
        self.possible_agents = list(CAPITALS)
        self.agents: list[str] = []
        self._sets, self._defaults = sets, defaults
        self._seed, self._run = 0, -1
        self.model: Peninsula

    @cache  # noqa: B019  # as PettingZoo asks: the same object each time
    def observation_space(self, agent: str) -> spaces.Box:
        """Return what :data:`OBSERVED` can hold."""
        return spaces.Box(-np.inf, np.inf, (len(OBSERVED),), np.float64)

    @cache  # noqa: B019
    def action_space(self, agent: str) -> spaces.MultiDiscrete:
        """Return one choice a lever: to leave it to the rules, or an option."""
        return spaces.MultiDiscrete([1 + len(lever.options) for lever in levers_of(agent)])

    def reset(self, seed: int | None = None, options: Mapping[str, int] | None = None) -> tuple[Seen, Infos]:
        """Begin a run and return what each capital sees.

        Parameters
        ----------
        seed
            The seed that with the number of the run fixes all chance; the last one where not said, 0 at first.
        options
            ``{"run": 3}``: the number of the run, else 0 with a new seed and the next one without.
        """
        self._run = (options or {}).get("run", self._run + 1 if seed is None else 0)
        self._seed = self._seed if seed is None else seed
        self.model = Peninsula(self.scenario, self._seed, None, self._run, False, self._sets, self._defaults)
        if self.first:
            before = self.model.plan.until(self.first)
            block = blocks.simulate(blocks.PlannedRuns(before, self._seed, np.array([self._run])), blocks.REMEMBERED)
            self.model.set_out(self.first, block.series[0, -1])
        self.agents = list(CAPITALS)
        return self._seen(), {agent: {} for agent in self.agents}

    def step(
        self, actions: Mapping[str, NDArray[np.int64]]
    ) -> tuple[Seen, dict[str, float], dict[str, bool], dict[str, bool], Infos]:
        """Simulate a month and return what each capital sees, its utility, and whether the run is over.

        Parameters
        ----------
        actions
            By capital; one that is missing leaves all its levers to the rules.
        """
        script = self.model.plan.script[self.model.month]
        for agent, action in actions.items():
            for lever, choice in zip(levers_of(agent), action, strict=True):
                if choice != BY_THE_RULES and script[_PLACE[lever.field]] < 0:
                    script[_PLACE[lever.field]] = choice - 1
        self.model.step()
        over, acted = self.model.month >= self.model.horizon, list(self.agents)
        rewards = {capital.name: float(capital.had) for capital in self.model.capitals}
        seen = self._seen()
        self.agents = [] if over else acted
        ends = dict.fromkeys(acted, False), dict.fromkeys(acted, over)
        return seen, rewards, *ends, {agent: {} for agent in acted}

    def _seen(self) -> Seen:
        model, seen = self.model, {}
        shared = [getattr(model.world, name) for name in WORLD_FIELDS]
        shared += [getattr(model.moves, name) for name in MOVE_FIELDS]
        for capital in model.capitals:
            during = phase(float(model.month), model.war_start, model.seen[capital.name]).during
            belief = capital.belief
            seen[capital.name] = np.array([model.month, during, belief.ends, belief.months, *shared], np.float64)
        return seen
