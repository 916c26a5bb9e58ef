"""The compiled engine's source: every stage of a month, derived from the rules by tracing them.

A month has the order that :mod:`sim.engine.agents` follows step by step:

1. ``expect``: beliefs, the month's drivers and each capital's outlook;
2. ``survey``: what the options of all levers share; then, lever by lever, ``score_<lever>`` once an option and
   ``choose_<lever>``;
3. ``survey_deal``, ``survey_arms``, ``survey_pay``, ``score_deal``, ``choose_deal``: the same for the arms deal,
   seen with this month's moves;
4. ``live``: the world moves on and is measured;
5. ``enjoy``: what each capital grows used to (read by variant V6 only).

``prepare`` computes once a run what only parameters decide.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

from sim.engine.draws import SLOT
from sim.engine.graph import Graph, Node
from sim.engine.plan import GIVEN, LUCK, MEASURES
from sim.model import beliefs, choice, deal, drivers, foresight, goals, outcomes, pace, transition
from sim.model.beliefs import Belief
from sim.model.drivers import DRIVERS, Drivers
from sim.model.moves import BUNDLE_WIDTHS, BUNDLES, CAPITALS, DEAL, LEVERS, MOVE_FIELDS, Lever, Moves, decider
from sim.model.variants import Variant
from sim.model.world import WORLD_FIELDS, World, start

RUN, MONTH, OPTION = 0, 1, 2  # how often a node must be computed: once a run, a month, an option
# The arms deal has three options at once; what only the outer ones decide is computed less often.
ARMS, PAY, TECHNOLOGY = OPTION, OPTION + 1, OPTION + 2
SIDES = ("Moscow", "Pyongyang")
SURVEYS_DEAL = ("survey_deal", "survey_arms", "survey_pay")

@dataclass(frozen=True)
class Layout:
    """Where everything stands in the workspace: the first row of each group of inputs, and single rows."""

    size: int
    rows: dict[str, int]


class Tracing:
    """One tracing of all rules for one structure of the model."""

    def __init__(self, params: tuple[str, ...], variant: Variant) -> None:
        self.variant = variant
        graph = self.graph = Graph()
        self.params = SimpleNamespace(**{name: graph.input(f"params.{name}", RUN) for name in params})
        self.war_start = graph.input("war_start", RUN)
        self.war_end = graph.input("war_end", RUN)
        self.seen = {capital: graph.input(f"seen.{capital}", RUN) for capital in CAPITALS}
        self.month = graph.input("month", MONTH)
        self.given = self._inputs("given", GIVEN, MONTH)
        self.luck = self._inputs("luck", LUCK, MONTH)
        self.world = World(**vars(self._inputs("world", WORLD_FIELDS, MONTH)))
        self.moves = Moves(**vars(self._inputs("moves", MOVE_FIELDS, MONTH)))
        self.beliefs = {
            capital: Belief(**vars(self._inputs(f"belief.{capital}", ("ends", "months"), MONTH))) for capital in CAPITALS
        }
        self.stance = graph.input("stance", MONTH)
        self.habits = self._inputs("habit", CAPITALS, MONTH)
        self.draw = self._inputs("draw", ("review", "choose"), MONTH)
        self.decided = self._inputs("decided", MOVE_FIELDS, MONTH)
        self.bundle = graph.input("bundle", MONTH)
        self.options = [graph.input(f"option.{i}", level) for i, level in enumerate((ARMS, PAY, TECHNOLOGY))]
        self.limits = self._inputs("limit", ("floor", "ceiling"), TECHNOLOGY)
        self.without = self._inputs("without", SIDES, MONTH)
        self.table = [graph.input(f"table.{i}", MONTH) for i in range(len(BUNDLES))]
        self.utilities = self._inputs("utility", ("score", *SIDES), OPTION)
        self.measures = self._inputs("measure", MEASURES, MONTH)

    def _inputs(self, group: str, names: tuple[str, ...], level: int) -> SimpleNamespace:
        return SimpleNamespace(**{name: self.graph.input(f"{group}.{name}", level) for name in names})

    def node(self, function: Any, *args: Any) -> Node:
        """Run a rule that returns one number, which may be known before the run, and return its node."""
        return self.graph.node(self.rule(function, *args))

    def rule(self, function: Any, *args: Any) -> Any:
        """Run a rule on symbols."""
        return self.graph.on_symbols(function)(*args)

    def expect(self) -> None:
        """Trace beliefs, drivers and outlooks."""
        self.pace_month = self.rule(pace.pace, self.params, 1.0)
        self.pace_far = self.rule(pace.pace, self.params, self.params.foresight)
        self.drivers = self.rule(
            drivers.drivers, self.month, self.war_start, self.war_end, self.given, self.luck, self.params
        )
        self.learnt: dict[str, Belief] = {}
        self.outlooks: dict[str, Drivers] = {}
        for capital in CAPITALS:
            at = self.rule(drivers.phase, self.month, self.war_start, self.seen[capital])
            self.learnt[capital] = self.rule(
                beliefs.learn, self.beliefs[capital], at.during, self.given.news, self.params
            )
            self.outlooks[capital] = self.rule(
                beliefs.outlook, capital, self.month, self.war_start, self.seen[capital], self.given,
                self.drivers, self.learnt[capital], self.world, self.params,
            )

    def score(self, capital: str, moves: Moves) -> Node:
        """Trace a capital's utility of the world that it expects from these moves, as it is felt."""
        end = self.rule(
            foresight.look_ahead, self.world, moves, self.params, self.outlooks[capital], self.pace_far
        )
        utility = self.weigh(capital, end, moves)
        return self.node(choice.felt, utility, getattr(self.habits, capital), self.params.loss_aversion)

    def weigh(self, capital: str, world: World, moves: Moves) -> Node:
        """Trace a capital's utility of a world."""
        outlook = self.outlooks[capital]
        terms = [
            self.rule(goal, world, moves, self.params, outlook)
            for goal in goals.goals_of(capital, self.variant).values()
        ]
        weighed_by = self.rule(goals.weights, capital, self.params, outlook)
        return self.node(goals.utility, terms, weighed_by)

    def score_deal(self) -> dict[str, Node]:
        """Trace both sides' utility of a bundle, and its score."""
        moves = self.with_option(*DEAL)
        sides = {side: self.score(side, moves) for side in SIDES}
        score = self.rule(
            deal.nash, *sides.values(), *vars(self.without).values(), self.params.bargaining_moscow
        )
        return {"score": self.node(deal.held, score, self.limits.floor, self.limits.ceiling), **sides}

    def choose(self, widths: tuple[float, ...], values: tuple[float, ...], last: Node) -> Node:
        """Trace the choice among options whose utilities stand in the table."""
        likelihoods = self.rule(
            choice.likelihoods, self.table[: len(values)], widths, values, last, self.params.inertia,
            self.params.precision,
        )  # fmt: skip
        chosen = self.rule(choice.pick, likelihoods, values, self.draw.choose)
        return self.node(choice.reviewed, self.draw.review, self.params.review_chance, chosen, last)

    def choose_lever(self, lever: Lever) -> Node:
        """Trace the choice of one lever."""
        values = tuple(option.value for option in lever.options)
        return self.choose(lever.widths, values, getattr(self.moves, lever.field))

    def only_for_arms(self) -> dict[str, Node]:
        """Trace what becomes of payment and technology where each side sets its own part (V1)."""
        return {
            lever.field: self.node(deal.only_for_arms, getattr(self.decided, lever.field), self.moves.deal_arms)
            for lever in DEAL[1:]
        }

    def with_option(self, *levers: Lever) -> Moves:
        """Return the moves with the option's symbols in place of those of the levers."""
        values = {name: getattr(self.moves, name) for name in MOVE_FIELDS}
        return Moves(**{**values, **{lever.field: self.options[i] for i, lever in enumerate(levers)}})


def _fields(record: Any, names: tuple[str, ...]) -> list[Node]:
    values = [getattr(record, name) for name in names]
    return [value for value in values if isinstance(value, Node) and value.op not in ("input", "constant")]


def source(params: tuple[str, ...], variant: Variant, lanes: int) -> tuple[str, Layout]:
    """Return the source of the kernel for a structure, and the layout of its workspace."""
    t = Tracing(params, variant)
    graph = t.graph
    t.expect()
    scores = {lever.field: t.score(decider(lever), t.with_option(lever)) for lever in LEVERS}
    scores_deal = t.score_deal()
    choices = {lever.field: t.choose_lever(lever) for lever in LEVERS}
    choice_deal = t.choose(BUNDLE_WIDTHS, tuple(float(place) for place in range(len(BUNDLES))), t.bundle)
    only_for_arms = t.only_for_arms()
    lived, measured, stance = _live(t)
    enjoyed = {
        capital: t.node(
            choice.habit, t.month, getattr(t.habits, capital), t.weigh(capital, t.world, t.moves), t.params.habit_months
        )
        for capital in CAPITALS
    }
    felt = {node: None for record in (t.drivers, *t.outlooks.values()) for node in _computed(vars_of(record, DRIVERS))}
    learnt = {
        graph.rows[getattr(t.beliefs[capital], name)]: getattr(t.learnt[capital], name)
        for capital in CAPITALS
        for name in ("ends", "months")
    }

    ends = [*scores.values(), *scores_deal.values(), *choices.values(), choice_deal, *lived.values(), stance,
            *measured.values(), *enjoyed.values(), *felt, *learnt.values()]  # fmt: skip
    once = graph.frontier(ends, RUN) + [node for node in _computed(ends) if node.level == RUN]

    def stored(nodes: Iterable[Node]) -> dict[int, Node]:
        return {graph.store(node): node for node in nodes}

    def rows(group: Any, nodes: dict[str, Node]) -> dict[int, Node]:
        return {graph.rows[getattr(group, name)]: node for name, node in nodes.items()}

    once_rows = stored(once)
    felt_rows = stored(node for node in felt if node.level > RUN)
    known = [*once_rows.values(), *felt_rows.values()]
    survey = stored(node for node in graph.frontier(scores.values(), MONTH) if node not in known)
    surveyed = [*known, *survey.values()]
    surveys_deal = []
    surveyed_deal = known
    for level in (MONTH, ARMS, PAY):
        found = stored(node for node in graph.frontier(scores_deal.values(), level) if node not in surveyed_deal)
        surveys_deal.append((found, surveyed_deal))
        surveyed_deal = [*surveyed_deal, *found.values()]

    def stage(name: str, outputs: dict[int, Node], given: Iterable[Node] = known) -> str:
        return "\n@compiled\n" + graph.function(name, outputs, given, lanes)

    parts = [
        stage("prepare", once_rows | _begin(t), ()),
        stage("expect", felt_rows | learnt, once),
        stage("survey", survey),
        *(stage(f"score_{f}", rows(t.utilities, {"score": node}), surveyed) for f, node in scores.items()),
        *(stage(f"choose_{f}", rows(t.decided, {f: node})) for f, node in choices.items()),
        stage("only_for_arms", rows(t.decided, only_for_arms)),
        *(stage(name, *survey) for name, survey in zip(SURVEYS_DEAL, surveys_deal, strict=True)),
        stage("score_deal", rows(t.utilities, scores_deal), surveyed_deal),
        stage("choose_deal", {graph.rows[t.bundle]: choice_deal}),
        stage("live", rows(t.world, lived) | rows(t.measures, measured) | {graph.rows[t.stance]: stance}),
        stage("enjoy", rows(t.habits, enjoyed)),
    ]
    places = {node.args[0]: row for node, row in graph.rows.items() if node.op == "input"}
    layout = Layout(graph.size, places)
    return "\n".join([_HEAD.format(lanes=lanes), *parts, _driver(layout)]), layout


def _live(t: Tracing) -> tuple[dict[str, Node], dict[str, Node], Node]:
    """Trace the world's month, its measures, and the habitual stance."""
    new = t.rule(transition.advance, t.world, t.world, t.moves, t.params, t.drivers, t.pace_month)
    new = t.rule(transition.expectations, new, t.params)
    stance = t.node(outcomes.habitual_stance, t.month, t.stance, t.moves.pyongyang_toward_beijing, t.params)
    measured = {
        "reengagement": t.node(outcomes.reengagement, new, stance, t.params),
        "relative_alignment": t.node(outcomes.relative_alignment, new, stance, t.params),
        "influence": t.node(outcomes.influence, new),
        "resources": t.node(outcomes.resources, new, t.params),
    }
    return {name: t.graph.node(getattr(new, name)) for name in WORLD_FIELDS}, measured, stance


def _begin(t: Tracing) -> dict[int, Node]:
    """Trace the world and the beliefs of January 2019."""
    rows, first = t.graph.rows, t.rule(start, t.params)
    begin = {rows[getattr(t.world, name)]: t.graph.node(getattr(first, name)) for name in WORLD_FIELDS}
    for capital in CAPITALS:
        prior = t.rule(beliefs.prior, capital, t.params)
        begin[rows[t.beliefs[capital].ends]] = t.graph.node(prior.ends)
        begin[rows[t.beliefs[capital].months]] = t.graph.node(prior.months)
    return begin


def vars_of(record: Any, names: tuple[str, ...]) -> list[Any]:
    """Return the values of a record's fields."""
    return [getattr(record, name) for name in names]


def _computed(values: Iterable[Any]) -> list[Node]:
    """Return those values that are nodes to be computed, not inputs, constants or plain numbers."""
    return [value for value in values if isinstance(value, Node) and value.op not in ("input", "constant")]


_HEAD = """# Derived from the rules under sim/model; never edited.

from math import sqrt

import numpy as np
from numba import njit

LANES = {lanes}
compiled = njit(nogil=True, error_model="numpy")
"""

_DRIVER = """
COUNT = np.array({count})
VALUE = np.array({value})
ALONE = np.array({alone})
REVIEW = np.array({review})
CHOOSE = np.array({choose})
BUNDLE = np.array({bundle_values})
PARTS = np.array({parts})


@compiled
def score(lever, m):
{scores}


@compiled
def choose(lever, m):
{choices}


@compiled
def fill(m, row, value):
    for i in range(LANES):
        m[row * LANES + i] = value


@compiled
def load(m, row, values):
    for i in range(LANES):
        m[row * LANES + i] = values[i]


@compiled
def copy(m, row, source):
    for i in range(LANES):
        m[row * LANES + i] = m[source * LANES + i]


@compiled
def decide(k, m, scripted, draws):
    if scripted >= 0:
        fill(m, {decided} + k, VALUE[k, scripted])
        return
    for o in range(COUNT[k]):
        fill(m, {option}, VALUE[k, o])
        score(k, m)
        copy(m, {table} + o, {utility})
    load(m, {draw}, draws[REVIEW[k]])
    load(m, {draw} + 1, draws[CHOOSE[k]])
    choose(k, m)


@compiled
def offer(b, m, limits):
    # bundles come in the order of arms, payment and technology
    new_arms = b == 0 or BUNDLE[b, 0] != BUNDLE[b - 1, 0]
    if new_arms:
        fill(m, {option}, BUNDLE[b, 0])
        survey_arms(m)
    if new_arms or BUNDLE[b, 1] != BUNDLE[b - 1, 1]:
        fill(m, {option} + 1, BUNDLE[b, 1])
        survey_pay(m)
    fill(m, {option} + 2, BUNDLE[b, 2])
    fill(m, {limit}, limits[b, 0])
    fill(m, {limit} + 1, limits[b, 1])
    score_deal(m)


@compiled
def settle(m, limits, scripted, draws):
    survey_deal(m)
    offer(0, m, limits)
    copy(m, {without}, {utility} + 1)
    copy(m, {without} + 1, {utility} + 2)
    for b in range(BUNDLE.shape[0]):
        offer(b, m, limits)
        copy(m, {table} + b, {utility})
    load(m, {draw}, draws[{review_deal}])
    load(m, {draw} + 1, draws[{choose_deal}])
    if scripted:
        fill(m, {draw}, -1.0)
    choose_deal(m)
    for part in range(PARTS.shape[0]):
        for i in range(LANES):
            m[({moves} + PARTS[part]) * LANES + i] = BUNDLE[int(m[{bundle} * LANES + i]), part]


@njit(nogil=True, error_model="numpy", cache=True)
def simulate(m, given, script, limits, script_deal, luck, draws, first_moves, unilateral, prospect, record, series,
             played):
    levers = COUNT.shape[0]
    for k in range(levers):
        fill(m, {moves} + k, first_moves[k])
    prepare(m)
    for t in range(given.shape[0]):
        fill(m, {month}, float(t))
        for j in range(given.shape[1]):
            fill(m, {given} + j, given[t, j])
        for j in range(luck.shape[1]):
            load(m, {luck} + j, luck[t, j])
        expect(m)
        survey(m)
        for k in range(levers):
            if ALONE[k] or unilateral:
                decide(k, m, script[t, k], draws[t])
            else:
                copy(m, {decided} + k, {moves} + k)
        if unilateral:
            only_for_arms(m)
        for k in range(levers):
            copy(m, {moves} + k, {decided} + k)
        if not unilateral:
            settle(m, limits[t], script_deal[t], draws[t])
        live(m)
        if prospect:
            enjoy(m)
        for i in range(LANES):
            for r in range(record.shape[0]):
                series[i, t, r] = m[record[r] * LANES + i]
            for k in range(played.shape[2]):
                for o in range(COUNT[k]):
                    if m[({moves} + k) * LANES + i] == VALUE[k, o]:
                        played[i, t, k] = o
"""


def _driver(layout: Layout) -> str:
    """Return the source of the loop over months."""
    rows = layout.rows
    most = max(len(lever.options) for lever in LEVERS)

    def dispatch(verb: str) -> str:
        return "\n".join(
            f"    {'if' if k == 0 else 'elif'} lever == {k}:\n        {verb}_{lever.field}(m)"
            for k, lever in enumerate(LEVERS)
        )

    return _DRIVER.format(
        count=[len(lever.options) for lever in LEVERS],
        value=[[*(o.value for o in lever.options), *[-99.0] * (most - len(lever.options))] for lever in LEVERS],
        alone=[lever.capital != "deal" for lever in LEVERS],
        review=[SLOT[f"review_{lever.field}"] for lever in LEVERS],
        choose=[SLOT[f"choose_{lever.field}"] for lever in LEVERS],
        bundle_values=[list(bundle) for bundle in BUNDLES],
        parts=[MOVE_FIELDS.index(lever.field) for lever in DEAL],
        review_deal=SLOT["review_deal"],
        choose_deal=SLOT["choose_deal"],
        scores=dispatch("score"),
        choices=dispatch("choose"),
        month=rows["month"],
        given=rows[f"given.{GIVEN[0]}"],
        luck=rows[f"luck.{LUCK[0]}"],
        moves=rows[f"moves.{MOVE_FIELDS[0]}"],
        decided=rows[f"decided.{MOVE_FIELDS[0]}"],
        draw=rows["draw.review"],
        option=rows["option.0"],
        limit=rows["limit.floor"],
        without=rows[f"without.{SIDES[0]}"],
        table=rows["table.0"],
        utility=rows["utility.score"],
        bundle=rows["bundle"],
    )
