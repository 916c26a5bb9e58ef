"""All rules of a month, run once on symbols: what each capital scores, chooses and lives, as graphs of operations."""

from itertools import pairwise
from types import SimpleNamespace
from typing import Any

from sim.engine import draws, move_likelihood
from sim.engine.move_likelihood import EVIDENCE, JOINT
from sim.engine.plan import GIVEN, MEASURES
from sim.engine.tracing.graph import Graph, Node
from sim.model import beliefs, choice, deal, drivers, foresight, goals, outcomes, pace, transition
from sim.model.beliefs import Belief
from sim.model.capitals import CAPITALS
from sim.model.drivers import NOISES, Drivers
from sim.model.moves import BUNDLE_WIDTHS, BUNDLES, DEAL, LEVERS, MOVE_FIELDS, Lever, Moves, decider
from sim.model.variants import Variant
from sim.model.world import WORLD_FIELDS, World, start

RUN, MONTH, OPTION = 0, 1, 2  # how often a node must be computed: once a run, a month, an option
# A bundle has three options at once. What arms alone decide is computed once for all payments.
ARMS, PAY = OPTION, OPTION + 1
SIDES = ("Moscow", "Pyongyang")
TECHNOLOGIES = len(DEAL[2].options)
MOST_OPTIONS = max(len(lever.options) for lever in LEVERS)
_PLACES = tuple(float(place) for place in range(len(BUNDLES)))
# The goals of both are traced into one kernel, so that there is one; a run says which it reads.
CURVED, LINEAR = Variant("", ""), Variant("", "", linear_economy=True)


class Tracing:
    """One tracing of all rules, in every variant."""

    def __init__(self, params: tuple[str, ...]) -> None:
        graph = self.graph = Graph()
        self.params = SimpleNamespace(**{name: graph.input(f"params.{name}", RUN) for name in params})
        self.linear_economy = graph.input("linear_economy", RUN)
        self.war_start = graph.input("war_start", RUN)
        self.war_end = graph.input("war_end", RUN)
        self.seen = {capital: graph.input(f"seen.{capital}", RUN) for capital in CAPITALS}
        self.month = graph.input("month", MONTH)
        self.given = self._inputs("given", GIVEN, MONTH)
        self.chance = self._inputs("chance", (*draws.SLOTS, *draws.UNUSED), MONTH)
        self.crisis_before = graph.input("crisis_before", MONTH)
        self.world = World(**vars(self._inputs("world", WORLD_FIELDS, MONTH)))
        self.moves = Moves(**vars(self._inputs("moves", MOVE_FIELDS, MONTH)))
        self.beliefs = {
            name: Belief(**vars(self._inputs(f"belief.{name}", ("ends", "months"), MONTH))) for name in CAPITALS
        }
        self.stance = graph.input("stance", MONTH)
        self.habits = self._inputs("habit", CAPITALS, MONTH)
        self.decided = self._inputs("decided", MOVE_FIELDS, MONTH)
        self.bundle = graph.input("bundle", MONTH)
        self.bundled = SimpleNamespace(arms=graph.input("bundled.arms", ARMS), pay=graph.input("bundled.pay", PAY))
        self.without = self._inputs("without", SIDES, MONTH)
        self.floors = [graph.input(f"floor.{i}", PAY) for i in range(TECHNOLOGIES)]
        self.ceilings = [graph.input(f"ceiling.{i}", PAY) for i in range(TECHNOLOGIES)]
        self.offered = [graph.input(f"offered.{i}", PAY) for i in range(TECHNOLOGIES)]
        self.table = [graph.input(f"table.{i}", MONTH) for i in range(len(BUNDLES))]
        self.measures = self._inputs("measure", MEASURES, MONTH)
        self.likely = [graph.input(f"likely.{i}", MONTH) for i in range(MOST_OPTIONS)]
        self.support = [graph.input(f"support.{i}", MONTH) for i in range(len(BUNDLES))]
        self.evidence = self._inputs("evidence", EVIDENCE, MONTH)
        self.log_evidence = graph.input("log_evidence", MONTH)

    def _inputs(self, group: str, names: tuple[str, ...], level: int) -> SimpleNamespace:
        return SimpleNamespace(**{name: self.graph.input(f"{group}.{name}", level) for name in names})

    def node(self, function: object, *args: object) -> Node:
        """Run a rule that returns one number, which may be known before the run, and return its node."""
        return self.graph.node(self.rule(function, *args))

    def rule(self, function: Any, *args: Any) -> Any:
        """Run a rule on symbols."""
        return self.graph.on_symbols(function)(*args)

    def expect(self) -> None:
        """Trace beliefs, drivers and outlooks."""
        self.pace_month = self.rule(pace.pace_over, self.params, 1.0)
        self.pace_far = self.rule(pace.pace_over, self.params, self.params.foresight)
        noises = {name: self.node(draws.standard_normal, getattr(self.chance, name)) for name in NOISES}
        luck = SimpleNamespace(
            **noises, flood=self.chance.flood, crisis=self.chance.crisis, crisis_before=self.crisis_before
        )
        self.drivers = self.rule(
            drivers.drivers_of, self.month, self.war_start, self.war_end, self.given, luck, self.params
        )
        self.learnt: dict[str, Belief] = {}
        self.outlooks: dict[str, Drivers] = {}
        for capital in CAPITALS:
            at = self.rule(drivers.phase, self.month, self.war_start, self.seen[capital])
            self.learnt[capital] = self.rule(
                beliefs.learn, self.beliefs[capital], at.during, self.given.news, self.params
            )
            self.outlooks[capital] = self.rule(
                beliefs.outlook,
                capital,
                self.month,
                self.war_start,
                self.war_end,
                self.seen[capital],
                self.given,
                self.drivers,
                self.learnt[capital],
                self.world,
                self.params,
            )

    def score(self, capital: str, moves: Moves) -> Node:
        """Trace a capital's utility of the world that it expects from these moves, as it is felt."""
        return self.judge(capital, moves)[1]

    def judge(self, capital: str, moves: Moves) -> tuple[list[Node], Node]:
        """Trace the goals of the world that a capital expects from these moves, and its utility as it is felt."""
        end = self.rule(foresight.look_ahead, self.world, moves, self.params, self.outlooks[capital], self.pace_far)
        utility = self.weigh(capital, end, moves)
        felt = self.node(choice.loss_averse, utility, getattr(self.habits, capital), self.params.loss_aversion)
        return self.terms(capital, end, moves), felt

    def weigh(self, capital: str, world: World, moves: Moves) -> Node:
        """Trace a capital's utility of a world."""
        weighed_by = self.rule(goals.weights, capital, self.params)
        return self.node(goals.utility, self.terms(capital, world, moves), weighed_by)

    def terms(self, capital: str, world: World, moves: Moves) -> list[Node]:
        """Trace a capital's goals of a world."""
        outlook = self.outlooks[capital]
        curved, linear = (
            [self.node(goal, world, moves, self.params, outlook) for goal in goals.goals_of(capital, variant).values()]
            for variant in (CURVED, LINEAR)
        )
        if_below = self.graph.symbolic("if_below")
        return [
            one if one is other else self.graph.node(if_below(self.linear_economy, 0.5, one, other))
            for one, other in zip(curved, linear, strict=True)
        ]

    def scores(self, lever: Lever) -> list[Node]:
        """Trace the utility of every option of a lever, in the order of the options.

        One of them is last month's, the same number for all levers of a capital: it is not computed again.
        """
        capital, values = decider(lever), [option.value for option in lever.options]
        last = self.graph.at(OPTION, getattr(self.moves, lever.field))
        if_below = self.graph.symbolic("if_below")
        standing = self.score(capital, self.moves)
        # the n-th of the others is the n-th option if that lies below last month's, else the one after it
        others = [
            self.score(capital, self.with_options({lever.field: if_below(low, last, low, high)}))
            for low, high in pairwise(values)
        ]
        return [
            self.graph.node(if_below(value, last, below, if_below(last, value, above, standing)))
            for value, below, above in zip(values, [*others, standing], [standing, *others], strict=True)
        ]

    def no_exchange(self) -> dict[str, Node]:
        """Trace both sides' utility of no exchange."""
        return {side: self.score(side, self.with_deal(BUNDLES[0])) for side in SIDES}

    def score_no_exchange(self) -> Node:
        """Trace the score of no exchange, whose utilities are known."""
        return self._scored(vars(self.without), 0)

    def score_deal(self) -> list[Node]:
        """Trace the score of a bundle of arms and payment with each technology."""
        scores = []
        for place, technology in enumerate(DEAL[2].options):
            moves = self.with_deal((self.bundled.arms, self.bundled.pay, technology.value))
            scores.append(self._scored({side: self.score(side, moves) for side in SIDES}, place))
        return scores

    def _scored(self, sides: dict[str, Node], place: int) -> Node:
        score = self.rule(deal.nash, *sides.values(), *vars(self.without).values(), self.params.bargaining_moscow)
        return self.node(deal.scripted_score, score, self.floors[place], self.ceilings[place])

    def likelihoods(self, lever: Lever) -> list[Node]:
        """Trace the likelihoods of a lever's options under review, up to a common factor, in their order."""
        return self._likelihoods(self.scores(lever), lever.widths, _values(lever), getattr(self.moves, lever.field))

    def review_chance(self, lever: Lever) -> Node:
        """Trace the chance that a lever comes up for review."""
        return self.node(choice.review_chance, lever, self.drivers.border, self.params)

    def choose_lever(self, lever: Lever) -> Node:
        """Trace the choice of one lever."""
        last = getattr(self.moves, lever.field)
        return self._choose(lever.field, self.likelihoods(lever), _values(lever), last, self.review_chance(lever))

    def condition_lever(self, lever: Lever) -> dict[str, Node]:
        """Trace the choice of one lever, whose likelihoods are known, given what was recorded of it."""
        likely, last = self.likely[: len(lever.options)], getattr(self.moves, lever.field)
        chosen, evidence = self._condition(lever.field, likely, _values(lever), last, self.review_chance(lever))
        return {f"decided.{lever.field}": chosen, f"evidence.{lever.field}": evidence}

    def choose_deal(self) -> Node:
        """Trace the choice among bundles whose scores stand in the table: the place of one."""
        return self._choose(JOINT, self.deal_likelihoods(), _PLACES, self.bundle, self.params.review_chance)

    def condition_deal(self) -> dict[str, Node]:
        """Trace the choice among bundles given what was recorded of the deal."""
        likely, review = self.deal_likelihoods(), self.params.review_chance
        chosen, evidence = self._condition(JOINT, likely, _PLACES, self.bundle, review)
        return {"bundle": chosen, f"evidence.{JOINT}": evidence}

    def add_evidence(self) -> Node:
        """Trace the log-likelihood of all that was recorded of the month's moves."""
        return self.node(move_likelihood.log_evidence, list(vars(self.evidence).values()))

    def deal_likelihoods(self) -> list[Node]:
        """Trace the likelihood of every bundle."""
        return self._likelihoods(self.table, BUNDLE_WIDTHS, _PLACES, self.bundle)

    def _likelihoods(
        self, utilities: list[Node], widths: tuple[float, ...], values: tuple[float, ...], last: Node
    ) -> list[Node]:
        params = self.params
        likely = self.rule(choice.likelihoods, utilities, widths, values, last, params.inertia, params.precision)
        return [self.graph.node(likelihood) for likelihood in likely]

    def _choose(self, name: str, likely: list[Node], values: tuple[float, ...], last: Node, chance: Node) -> Node:
        review, choose = (getattr(self.chance, f"{verb}_{name}") for verb in ("review", "choose"))
        chosen = self.rule(choice.pick, likely, values, choose)
        return self.node(choice.option_after_review, review, chance, chosen, last)

    def _condition(
        self, name: str, odds: list[Node], values: tuple[float, ...], last: Node, chance: Node
    ) -> tuple[Node, Node]:
        support = self.support[: len(values)]
        left, evidence, review = self.rule(move_likelihood.condition_on_record, odds, values, last, chance, support)
        return self._choose(name, left, values, last, review), self.graph.node(evidence)

    def only_for_arms(self) -> dict[str, Node]:
        """Trace what becomes of payment and technology where each side sets its own part (V1)."""
        return {
            lever.field: self.node(deal.only_for_arms, getattr(self.decided, lever.field), self.moves.deal_arms)
            for lever in DEAL[1:]
        }

    def with_options(self, options: dict[str, object]) -> Moves:
        """Return the moves with these in place of their own."""
        return Moves(**{**{name: getattr(self.moves, name) for name in MOVE_FIELDS}, **options})

    def with_deal(self, bundle: tuple[object, object, object]) -> Moves:
        """Return the moves with this bundle of the arms deal."""
        return self.with_options({lever.field: part for lever, part in zip(DEAL, bundle, strict=True)})

    def move_on(self) -> tuple[dict[str, Node], dict[str, Node], Node]:
        """Trace the world's month, its measures, and the habitual stance."""
        new = self.rule(
            transition.next_world, self.world, self.world, self.moves, self.params, self.drivers, self.pace_month
        )
        new = self.rule(transition.expectations, new, self.moves, self.params)
        stance = self.node(
            outcomes.habitual_stance, self.month, self.stance, self.moves.pyongyang_toward_beijing, self.params
        )
        measured = {
            "reengagement": self.node(outcomes.reengagement, new, stance, self.params),
            "relative_alignment": self.node(outcomes.relative_alignment, new, stance, self.params),
            "influence": self.node(outcomes.influence, new, self.params),
            "resources": self.node(outcomes.resources, new, self.params),
        }
        return {name: self.graph.node(getattr(new, name)) for name in WORLD_FIELDS}, measured, stance

    def begin(self) -> dict[str, Node]:
        """Trace the world and the beliefs of January 2019: the name of a row, and what it then holds."""
        first = self.rule(start, self.params)
        priors = {capital: self.rule(beliefs.first_belief, capital, self.params) for capital in CAPITALS}
        values = [(getattr(self.world, name), getattr(first, name)) for name in WORLD_FIELDS]
        values += [
            (getattr(self.beliefs[capital], name), getattr(prior, name))
            for capital, prior in priors.items()
            for name in ("ends", "months")
        ]
        return {place.row: self.graph.node(value) for place, value in values}


def _values(lever: Lever) -> tuple[float, ...]:
    return tuple(option.value for option in lever.options)
