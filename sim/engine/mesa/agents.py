"""The Mesa engine: five capitals that perceive, score their options and choose, month by month, fully traced.

It steps through :data:`sim.engine.month_stages.MONTH_STAGES`, as the other engines do.
"""

import math
from types import SimpleNamespace
from typing import Any

import mesa
import numpy as np
from numpy.typing import NDArray

from sim.engine import draws
from sim.engine.blocks import REMEMBERED
from sim.engine.mesa.decisions import Bundle, Deal, Decision, Scored
from sim.engine.month_stages import MONTH_STAGES
from sim.engine.move_likelihood import EVIDENCE, JOINT, condition_on_record, log_evidence
from sim.engine.plan import GIVEN, LUCK, MEASURES, Support, luck, plan_of
from sim.engine.scenario_draws import ScenarioDraws
from sim.engine.war_end import draw_notice, draw_war_end
from sim.model import beliefs, choice, deal, outcomes
from sim.model.beliefs import Belief
from sim.model.capitals import CAPITALS
from sim.model.drivers import Drivers, drivers_of, phase
from sim.model.foresight import look_ahead
from sim.model.goals import goals_of, utility, weights
from sim.model.moves import (
    BUNDLE_WIDTHS,
    BUNDLES,
    DEAL,
    LEVERS,
    MOVE_FIELDS,
    Lever,
    Moves,
    decider,
    levers_of,
)
from sim.model.pace import pace_over
from sim.model.transition import expectations, next_world
from sim.model.world import WORLD_FIELDS, World, start
from sim.scenario import load
from sim.scenario.schema import Scenario

_PLACE = {lever.field: place for place, lever in enumerate(LEVERS)}


class Capital(mesa.Agent):
    """A capital: it believes something about the war, has goals, and decides its levers.

    Attributes
    ----------
    name
        One of :data:`sim.model.capitals.CAPITALS`.
    belief, outlook
        What it believes about the war's end, and the drivers that it expects to act.
    habitual
        The utility that it has grown used to (variant V6).
    """

    def __init__(self, model: "Peninsula", name: str) -> None:
        super().__init__(model)
        self.name = name
        self.goals = goals_of(name, model.plan.variant)
        self.levers = levers_of(name)
        if model.plan.variant.unilateral:
            self.levers = tuple(lever for lever in LEVERS if decider(lever) == name)
        self.belief = beliefs.first_belief(name, model.params)
        self.outlook: Drivers
        self.weights = weights(name, model.params)
        self.survives = 1.0
        self.had = 0.0
        self.habitual = 0.0

    def perceive(self) -> None:
        """Learn from another month and form the outlook."""
        m = self.model
        at = phase(float(m.month), m.war_start, m.seen[self.name])
        self.belief = beliefs.learn(self.belief, at.during, m.given.news, m.params)
        self.survives = beliefs.survival(self.belief, at, m.params.foresight, m.params)
        self.outlook = beliefs.outlook(
            self.name, float(m.month), m.war_start, m.war_end, m.seen[self.name], m.given, m.drivers, self.belief,
            m.world, m.params,
        )  # fmt: skip

    def judge(self, world: World, moves: Moves) -> tuple[tuple[float, ...], float]:
        """Return the goals of a world, and their weighted sum."""
        terms = tuple(goal(world, moves, self.model.params, self.outlook) for goal in self.goals.values())
        return terms, utility(terms, self.weights)

    def score(self, moves: Moves) -> tuple[tuple[float, ...], float]:
        """Return the goals of the world that it expects if these moves hold, and the utility as it is felt."""
        m = self.model
        terms, value = self.judge(look_ahead(m.world, moves, m.params, self.outlook, m.pace_far), moves)
        return terms, choice.loss_averse(value, self.habitual, m.params.loss_aversion)

    def decide(self) -> dict[str, float]:
        """Return the value of the option that it takes for each of its levers."""
        return {lever.field: self._decide(lever) for lever in self.levers}

    def _decide(self, lever: Lever) -> float:
        m = self.model
        last: float = getattr(m.moves, lever.field)
        scripted = m.plan.script[m.month, _PLACE[lever.field]]
        if scripted >= 0:
            return lever.options[scripted].value
        review, recorded = (
            choice.review_chance(lever, m.drivers.border, m.params),
            m.recorded_support(_PLACE[lever.field]),
        )
        if recorded is None and not m.draw(f"review_{lever.field}") < review:
            return last
        values = tuple(option.value for option in lever.options)
        scores = [self.score(_with(m.moves, {lever.field: value})) for value in values]
        utilities, draw = [utility for _, utility in scores], m.draw(f"choose_{lever.field}")
        chosen, chances, review = m.choose(lever.field, utilities, lever.widths, values, last, review, recorded)
        if not m.draw(f"review_{lever.field}") < review:
            return last
        if m.tracing:
            options = tuple(Scored(t, u, c) for (t, u), c in zip(scores, chances, strict=True))
            m.decisions.append(
                Decision(m.month, self.name, lever.field, tuple(self.goals), tuple(self.weights), options,
                         lever.index(last), lever.index(chosen), draw, self.belief, self.survives)
            )  # fmt: skip
        return chosen

    def enjoy(self) -> None:
        """Take in what the month has brought, and grow used to it."""
        m = self.model
        _, self.had = self.judge(m.world, m.moves)
        if m.params.loss_aversion != 1.0:  # nobody else reads it
            self.habitual = choice.habit(float(m.month), self.habitual, self.had, m.params.habit_months)


class Peninsula(mesa.Model):
    """Five capitals around the Korean peninsula, with the scenario's own numbers and the hand-set defaults.

    ``sim.Peninsula`` is the same with the parameter set that a run of this number has: the world of ``sim.run``.

    Parameters
    ----------
    scenario
        A scenario, or the name or path of one.
    seed, rng
        The seed that, with ``run``, fixes all chance. ``rng`` may be a whole number or anything that numpy makes a
        generator from. Without either, one is drawn; it stands in ``seed_used``.
    run
        The number of the run; runs of one seed differ.
    trace
        Keep every decision and deal.
    support
        What was recorded of the moves, on which they are conditional.
    **changes
        Parameters of the register, by name, for Mesa's ``batch_run``.
    """

    def __init__(
        self,
        scenario: Scenario | str = "baseline",
        seed: int | None = None,
        rng: object = None,
        run: int = 0,
        trace: bool = True,
        support: Support | None = None,
        **changes: float,
    ) -> None:
        self.seed_used = mesa_seed(seed, rng)
        super().__init__(rng=self.seed_used % 2**32)
        simulated = load(scenario) if isinstance(scenario, str) else scenario
        simulated = simulated.with_(parameters=changes) if changes else simulated
        (own,) = ScenarioDraws(simulated, self.seed_used, [run]).scenarios()
        self.plan = plan_of(own)
        self.horizon = len(self.plan.given)
        self.params = SimpleNamespace(**self.plan.values)
        self.run_number = run
        self.tracing = trace
        self.support = support
        self.evidence: dict[str, float] = {}  # how likely the record of the month was, by lever
        self.decisions: list[Decision] = []
        self.deals: list[Deal] = []
        self._chance(run)
        self.pace_month = pace_over(self.params, 1.0)
        self.pace_far = pace_over(self.params, self.params.foresight)
        self.month = 0
        self.world = start(self.params)
        self.moves = Moves()
        self.stance = 0.0
        self.bundle = 0
        self.drivers: Drivers
        self.decided: dict[str, float] = {}
        self.given: SimpleNamespace
        self.capitals = [Capital(self, name) for name in CAPITALS]
        self.datacollector = mesa.DataCollector(
            model_reporters={
                "month": "month",
                **{name: _reporter("world", name) for name in WORLD_FIELDS},
                **{name: _measure(name) for name in MEASURES},
                **{name: _reporter("moves", name) for name in MOVE_FIELDS},
            },
            agent_reporters={"capital": "name", "utility": "had", "survives": "survives"},
        )

    def _chance(self, run: int) -> None:
        self._draws = draws.uniforms(self.seed_used, run, 1 + np.arange(self.horizon))
        self._luck = luck(self.seed_used, run, self.horizon)
        once = draws.uniforms(self.seed_used, np.array([run]), draws.ONCE)
        self.war_start = float(self.plan.war_start)
        self.war_end = float(draw_war_end(self.plan.war_end, once)[0])
        delays = draw_notice(once, np.array([self.params.notice_months]))[0]
        self.seen = {capital: self.war_end + float(delay) for capital, delay in zip(CAPITALS, delays, strict=True)}

    def set_out(self, months: int, memory: NDArray[np.float64]) -> None:
        """Go on from what the rules remember of another run after some months: :data:`sim.engine.blocks.REMEMBERED`.

        Examples
        --------
        >>> import numpy as np
        >>> import sim
        >>> from sim.engine.blocks import REMEMBERED
        >>> world = sim.Peninsula("war-ends-early", seed=7)
        >>> world.set_out(12, np.zeros(len(REMEMBERED)))
        >>> world.month
        12
        """
        known = dict(zip(REMEMBERED, memory.tolist(), strict=True))
        self.month = months
        self.world = World(**{name: known[f"world.{name}"] for name in WORLD_FIELDS})
        self.moves = Moves(**{name: known[f"moves.{name}"] for name in MOVE_FIELDS})
        self.stance, self.bundle = known["stance"], int(known["bundle"])
        for capital in self.capitals:
            capital.belief = Belief(*(known[f"belief.{capital.name}.{part}"] for part in ("ends", "months")))
            capital.habitual = known[f"habit.{capital.name}"]
        self._luck[months, LUCK.index("crisis_before")] = known["chance.crisis"]

    def draw(self, slot: str) -> float:
        """Return this month's uniform draw for a slot of :data:`sim.engine.draws.SLOTS`.

        Examples
        --------
        >>> import sim
        >>> world = sim.Peninsula("war-ends-early", seed=7)
        >>> round(world.draw("review_deal"), 4)
        0.3055
        """
        return float(self._draws[self.month, draws.SLOT[slot]])

    def drivers_in(self, month: int) -> Drivers:
        """Return what acts on the world from outside in a month, in months since 2019-01.

        Examples
        --------
        >>> import sim
        >>> world = sim.Peninsula("war-ends-early", seed=7)
        >>> world.drivers_in(0).border
        1.0
        """
        given, chance = _named(GIVEN, self.plan.given[month]), _named(LUCK, self._luck[month])
        return drivers_of(float(month), self.war_start, self.war_end, given, chance, self.params)

    def step(self) -> None:
        """Simulate one month.

        Examples
        --------
        >>> import sim
        >>> world = sim.Peninsula("war-ends-early", seed=7)
        >>> world.step()
        >>> world.month
        1
        """
        if self.month >= self.horizon:
            self.running = False
            return
        for stage in MONTH_STAGES:
            getattr(self, stage.name)()
        self.month += 1
        self.running = self.month < self.horizon

    def set_drivers(self) -> None:
        """Take what the scenario gives the month, and draw the rest.

        Examples
        --------
        >>> import sim
        >>> world = sim.Peninsula("war-ends-early", seed=7)
        >>> world.set_drivers()
        >>> world.drivers.border
        1.0
        """
        self.given = _named(GIVEN, self.plan.given[self.month])
        self.drivers = self.drivers_in(self.month)

    def perceive(self) -> None:
        """Let every capital learn from the month of war and form its outlook.

        Examples
        --------
        >>> import sim
        >>> world = sim.Peninsula("war-ends-early", seed=7)
        >>> world.set_drivers()
        >>> world.perceive()
        >>> world.capitals[0].outlook.border
        1.0
        """
        for capital in self.capitals:
            capital.perceive()

    def decide(self) -> None:
        """Let every capital decide its levers, taking all other moves of last month as given.

        Examples
        --------
        >>> import sim
        >>> world = sim.Peninsula("war-ends-early", seed=7)
        >>> world.step()
        >>> world.decide()
        >>> len(world.decided)
        17
        """
        self.evidence = dict.fromkeys(EVIDENCE, 1.0)
        self.decided = {field: value for capital in self.capitals for field, value in capital.decide().items()}

    def move(self) -> None:
        """Make all decided moves at once.

        Examples
        --------
        >>> import sim
        >>> world = sim.Peninsula("war-ends-early", seed=7)
        >>> world.step()
        >>> world.decide()
        >>> world.move()
        >>> world.moves.pyongyang_talks == world.decided["pyongyang_talks"]
        True
        """
        if self.plan.variant.unilateral:
            for lever in DEAL[1:]:
                self.decided[lever.field] = deal.only_for_arms(self.decided[lever.field], self.moves.deal_arms)
        self.moves = _with(self.moves, self.decided)

    def advance(self) -> None:
        """Let the world move on by a month.

        Examples
        --------
        >>> import sim
        >>> world = sim.Peninsula("war-ends-early", seed=7)
        >>> world.step()
        >>> before = world.world
        >>> world.advance()
        >>> world.world == before
        False
        """
        self.world = next_world(self.world, self.world, self.moves, self.params, self.drivers, self.pace_month)

    def learn(self) -> None:
        """Let expectations, trust and the stance that Beijing is used to follow the month.

        Examples
        --------
        >>> import sim
        >>> world = sim.Peninsula("war-ends-early", seed=7)
        >>> world.step()
        >>> before = world.world
        >>> world.learn()
        >>> world.world == before
        False
        """
        self.world = expectations(self.world, self.moves, self.params)
        self.stance = outcomes.habitual_stance(
            float(self.month), self.stance, self.moves.pyongyang_toward_beijing, self.params
        )

    def measure(self) -> None:
        """Measure the month; every capital takes in what it has brought.

        Examples
        --------
        >>> import sim
        >>> world = sim.Peninsula("war-ends-early", seed=7)
        >>> world.step()
        >>> len(world.datacollector.get_model_vars_dataframe())
        1
        """
        for capital in self.capitals:
            capital.enjoy()
        self.datacollector.collect(self)

    def settle(self) -> None:
        """Let Moscow and Pyongyang settle on a bundle of the arms deal.

        Examples
        --------
        >>> import sim
        >>> world = sim.Peninsula("war-ends-early", seed=7)
        >>> world.step()
        >>> world.settle()
        >>> world.bundle  # no arms
        0
        """
        scripted, review = self.plan.scripted_deal[self.month], self.params.review_chance
        recorded = None if scripted else self.recorded_support(len(LEVERS))
        passed_over = recorded is None and not scripted and not self.draw("review_deal") < review
        if self.plan.variant.unilateral or passed_over:
            return
        offers = [_with(self.moves, _parts(bundle)) for bundle in BUNDLES]
        moscow, pyongyang = (
            [capital.score(offer) for offer in offers]
            for capital in self.capitals
            if capital.name in ("Moscow", "Pyongyang")
        )
        scores = [
            deal.scripted_score(
                deal.nash(m[1], p[1], moscow[0][1], pyongyang[0][1], self.params.bargaining_moscow), low, high
            )
            for m, p, (low, high) in zip(moscow, pyongyang, self.plan.limits[self.month].tolist(), strict=True)
        ]
        draw, last = self.draw("choose_deal"), self.bundle
        places = tuple(float(place) for place in range(len(BUNDLES)))
        chosen, chances, review = self.choose(JOINT, scores, BUNDLE_WIDTHS, places, float(last), review, recorded)
        if not (scripted or self.draw("review_deal") < review):
            return
        self.bundle = int(chosen)
        self.moves = _with(self.moves, _parts(BUNDLES[self.bundle]))
        if self.tracing:
            bundles = tuple(
                Bundle(*BUNDLES[i], Scored(*moscow[i], chances[i]), Scored(*pyongyang[i], chances[i]),
                       moscow[i][1] - moscow[0][1], pyongyang[i][1] - pyongyang[0][1], scores[i], chances[i])
                for i in range(len(BUNDLES))
            )  # fmt: skip
            imposed = scores[self.bundle] == deal.IMPOSED
            self.deals.append(Deal(self.month, bundles, last, self.bundle, draw, imposed))

    def recorded_support(self, place: int) -> list[float] | None:
        """Return the support of each option of a lever, or bundle of the deal; None where nothing was recorded.

        Examples
        --------
        >>> import sim
        >>> sim.Peninsula("war-ends-early", seed=7).recorded_support(0) is None
        True
        """
        if self.support is None or not self.support.recorded[self.month, place]:
            return None
        support: list[float] = self.support.support[self.month, place].tolist()
        return support

    @property
    def log_evidence(self) -> float:
        """The log-likelihood of all that was recorded of the month's moves.

        Examples
        --------
        >>> import sim
        >>> world = sim.Peninsula("war-ends-early", seed=7)
        >>> world.step()
        >>> abs(world.log_evidence) < 1e-6  # nothing is recorded of a month that is only simulated
        True
        """
        return log_evidence([self.evidence[name] for name in EVIDENCE])

    def choose(
        self,
        name: str,
        utilities: list[float],
        widths: tuple[float, ...],
        values: tuple[float, ...],
        last: float,
        review: float,
        recorded: list[float] | None,
    ) -> tuple[float, list[float], float]:
        """Return the option taken under review, the chance of each, and that of review, given what was recorded.

        Examples
        --------
        >>> import sim
        >>> world = sim.Peninsula("war-ends-early", seed=7)
        >>> _, chances, review = world.choose("pyongyang_talks", [0.1, 0.2], (1.0, 1.0), (0.0, 1.0), 0.0, 1.0, None)
        >>> chances[0] < chances[1]
        True
        """
        odds = choice.likelihoods(utilities, widths, values, last, self.params.inertia, self.params.precision)
        if recorded is not None:
            odds, self.evidence[name], review = condition_on_record(odds, values, last, review, recorded[: len(values)])
        total = math.fsum(odds)  # the same on every Python: sum() rounds otherwise up to 3.11
        chosen = choice.pick(odds, values, self.draw(f"choose_{name}"))
        return chosen, [odd / total for odd in odds], review


def mesa_seed(seed: int | None, rng: Any) -> int:
    """Return the seed that is given as Mesa takes it, or draw one.

    Raises
    ------
    ValueError
        If it is none that chance can be made from.
    """
    given = seed if seed is not None else rng
    if isinstance(given, int | float | np.number):
        return draws.check_seed(given)  # type: ignore[arg-type]
    return int(np.random.default_rng(given).integers(2**63))


def _named(names: tuple[str, ...], row: NDArray[np.float64]) -> SimpleNamespace:
    return SimpleNamespace(**dict(zip(names, row.tolist(), strict=True)))


def _with(moves: Moves, values: dict[str, float]) -> Moves:
    changed = Moves(*[getattr(moves, name) for name in MOVE_FIELDS])
    for field, value in values.items():
        setattr(changed, field, value)
    return changed


def _parts(bundle: tuple[float, float, float]) -> dict[str, float]:
    return {lever.field: value for lever, value in zip(DEAL, bundle, strict=True)}


def _reporter(record: str, name: str) -> Any:
    return lambda model: getattr(getattr(model, record), name)


def _measure(name: str) -> Any:
    rules = {
        "reengagement": lambda m: outcomes.reengagement(m.world, m.stance, m.params),
        "relative_alignment": lambda m: outcomes.relative_alignment(m.world, m.stance, m.params),
        "influence": lambda m: outcomes.influence(m.world, m.params),
        "resources": lambda m: outcomes.resources(m.world, m.params),
    }
    return rules[name]
