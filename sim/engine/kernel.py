"""The compiled engine's source: every stage of a month, derived from the rules by tracing them.

A month has the order that :mod:`sim.engine.agents` follows step by step:

1. ``expect``: beliefs, the month's drivers and each capital's outlook;
2. ``survey``: what all options of a lever share; then ``score_<lever>``, once an option, and the choices;
3. ``survey_deal``, ``score_deal``: the same for the bundles of the arms deal, seen with this month's moves;
4. ``live``: the world moves on and is measured;
5. ``enjoy``: what each capital has had (read by variant V6 only).

``prepare`` computes once a run what only parameters decide.
"""

from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

from sim.engine.deciding import DIALS
from sim.engine.graph import Graph, Node
from sim.engine.plan import GIVEN, LUCK, MEASURES
from sim.model import beliefs, drivers, foresight, goals, outcomes, pace, transition
from sim.model.beliefs import Belief
from sim.model.drivers import DRIVERS, Drivers
from sim.model.moves import BUNDLES, CAPITALS, DEAL, LEVERS, MOVE_FIELDS, Lever, Moves, decider
from sim.model.variants import Variant
from sim.model.world import WORLD_FIELDS, World, start

RUN, MONTH, OPTION = 0, 1, 2  # how often a node must be computed

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
        self.options = [graph.input(f"option.{i}", OPTION) for i in range(len(DEAL))]
        self.utility_row = graph.store(graph.input("utility", OPTION))
        self.measure_rows = {name: graph.store(graph.input(f"measure.{name}", MONTH)) for name in MEASURES}
        self.had_rows = {capital: graph.store(graph.input(f"had.{capital}", MONTH)) for capital in CAPITALS}

    def _inputs(self, group: str, names: tuple[str, ...], level: int) -> SimpleNamespace:
        return SimpleNamespace(**{name: self.graph.input(f"{group}.{name}", level) for name in names})

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
        """Trace a capital's utility of the world that it expects from these moves."""
        outlook = self.outlooks[capital]
        end = self.rule(foresight.look_ahead, self.world, moves, self.params, outlook, self.pace_far)
        return self.weigh(capital, end, moves)

    def weigh(self, capital: str, world: World, moves: Moves) -> Node:
        """Trace a capital's utility of a world."""
        outlook = self.outlooks[capital]
        terms = [
            self.rule(goal, world, moves, self.params, outlook)
            for goal in goals.goals_of(capital, self.variant).values()
        ]
        weighed_by = self.rule(goals.weights, capital, self.params, outlook)
        return self.graph.node(self.rule(goals.utility, terms, weighed_by))

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
    deals = {capital: t.score(capital, t.with_option(*DEAL)) for capital in ("Moscow", "Pyongyang")}
    new = t.rule(transition.advance, t.world, t.world, t.moves, t.params, t.drivers, t.pace_month)
    new = t.rule(transition.expectations, new, t.params)
    stance = t.rule(outcomes.habitual_stance, t.month, t.stance, t.moves.pyongyang_toward_beijing, t.params)
    measures = {
        "reengagement": t.rule(outcomes.reengagement, new, stance, t.params),
        "relative_alignment": t.rule(outcomes.relative_alignment, new, stance, t.params),
        "influence": t.rule(outcomes.influence, new),
        "resources": t.rule(outcomes.resources, new, t.params),
    }
    had = {capital: t.weigh(capital, t.world, t.moves) for capital in CAPITALS}

    felt = {node: None for record in (t.drivers, *t.outlooks.values()) for node in _fields(record, DRIVERS)}
    learnt = {
        graph.rows[getattr(t.beliefs[capital], name)]: getattr(t.learnt[capital], name)
        for capital in CAPITALS
        for name in ("ends", "months")
    }
    lived = {graph.rows[getattr(t.world, name)]: getattr(new, name) for name in WORLD_FIELDS}
    measured = {t.measure_rows[name]: node for name, node in measures.items()}
    enjoyed = {t.had_rows[capital]: node for capital, node in had.items()}

    ends = [*scores.values(), *deals.values(), *lived.values(), stance, *measured.values(), *enjoyed.values(), *felt,
            *learnt.values()]
    once = graph.frontier(ends, RUN)
    once += [node for node in ends if node.level == RUN and node.op not in ("input", "constant")]
    begin = {graph.rows[getattr(t.world, name)]: graph.node(value)
             for name, value in zip(WORLD_FIELDS, _fields_of(t.rule(start, t.params)), strict=True)}
    for capital in CAPITALS:
        first = t.rule(beliefs.prior, capital, t.params)
        begin[graph.rows[t.beliefs[capital].ends]] = graph.node(first.ends)
        begin[graph.rows[t.beliefs[capital].months]] = graph.node(first.months)

    def stored(nodes: Any) -> dict[int, Node]:
        return {graph.store(node): node for node in nodes}

    once_rows = stored(once)
    felt_rows = stored(node for node in felt if node.level > RUN)
    known = [*once_rows.values(), *felt_rows.values()]
    survey = stored(node for node in graph.frontier(scores.values(), MONTH) if node not in known)
    survey_deal = stored(node for node in graph.frontier(deals.values(), MONTH) if node not in known)

    parts = [
        _stage(graph, "prepare", once_rows | begin, (), lanes),
        _stage(graph, "expect", felt_rows | learnt, once, lanes),
        _stage(graph, "survey", survey, known, lanes),
        *(_stage(graph, f"score_{field}", {t.utility_row: node}, [*known, *survey.values()], lanes)
          for field, node in scores.items()),
        _stage(graph, "survey_deal", survey_deal, known, lanes),
        *(_stage(graph, f"score_deal_{capital.lower()}", {t.utility_row: node},
                         [*known, *survey_deal.values()], lanes) for capital, node in deals.items()),
        _stage(graph, "live", lived | measured | {graph.rows[t.stance]: stance}, known, lanes),
        _stage(graph, "enjoy", enjoyed, known, lanes),
    ]
    rows = {node.args[0]: row for node, row in graph.rows.items() if node.op == "input"}
    layout = Layout(graph.size, rows)
    return "\n\n".join([_HEAD.format(lanes=lanes), *parts, _driver(layout, lanes)]), layout


def _stage(graph: Graph, name: str, outputs: dict[int, Node], known: Any, lanes: int) -> str:
    return "\n@compiled\n" + graph.function(name, outputs, known, lanes)


def _fields_of(world: World) -> list[Any]:
    return [getattr(world, name) for name in WORLD_FIELDS]


_HEAD = """# Derived from the rules under sim/model; never edited.

from math import exp, isnan, sqrt

import numpy as np
from numba import njit

from sim.engine.deciding import BUNDLE, COUNT, MOST, PARTS, REVIEW, VALUE, compiled, decide, habit, settle

LANES = {lanes}
"""

_DRIVER = """
@compiled
def score(lever, m):
{dispatch}


@compiled
def fill(m, row, value):
    for i in range(LANES):
        m[row * LANES + i] = value


@compiled
def show(moves, m):
    for k in range(moves.shape[0]):
        for i in range(LANES):
            m[({moves} + k) * LANES + i] = VALUE[k, moves[k, i]]


@njit(nogil=True, error_model="numpy", cache=True)
def simulate(m, given, script, script_places, luck, draws, dials, unilateral, argmax, prospect, first_moves, record,
             series, played):
    months = given.shape[0]
    moves = np.empty((COUNT.shape[0], LANES), np.int64)
    decided = np.empty_like(moves)
    bundle = np.zeros(LANES, np.int64)
    table = np.empty((MOST, LANES))
    deals = np.empty((2, BUNDLE.shape[0], LANES))
    habits = np.zeros(({capitals}, LANES))
    for k in range(moves.shape[0]):
        moves[k, :] = first_moves[k]
    show(moves, m)
    prepare(m)
    for t in range(months):
        fill(m, {month}, float(t))
        for j in range(given.shape[1]):
            fill(m, {given} + j, given[t, j])
        for i in range(LANES):
            for j in range(luck.shape[2]):
                m[({luck} + j) * LANES + i] = luck[i, t, j]
        expect(m)
        survey(m)
        decided[:, :] = moves
        for k in range(moves.shape[0]):
            if DECIDER[k] < 0 and not unilateral:
                continue
            for o in range(COUNT[k]):
                fill(m, {option}, VALUE[k, o])
                score(k, m)
                for i in range(LANES):
                    table[o, i] = m[{utility} * LANES + i]
            decide(k, table, habits[abs(DECIDER[k]) - 1], script_places[t, k], draws[:, t + 1], dials, argmax,
                   prospect, decided[k])
        if unilateral:
            for i in range(LANES):
                if moves[PARTS[0], i] == 0:
                    decided[PARTS[1], i] = 0
                    decided[PARTS[2], i] = 0
        moves[:, :] = decided
        show(moves, m)
        if not unilateral:
            survey_deal(m)
            for b in range(BUNDLE.shape[0]):
                for part in range(PARTS.shape[0]):
                    fill(m, {option} + part, BUNDLE[b, part])
                score_deal_moscow(m)
                for i in range(LANES):
                    deals[0, b, i] = m[{utility} * LANES + i]
                score_deal_pyongyang(m)
                for i in range(LANES):
                    deals[1, b, i] = m[{utility} * LANES + i]
            settle(deals[0], deals[1], habits, script[t, PARTS[0]:PARTS[0] + 3], draws[:, t + 1], dials, argmax,
                   prospect, bundle)
            for i in range(LANES):
                for part in range(PARTS.shape[0]):
                    moves[PARTS[part], i] = BUNDLE_PLACE[bundle[i], part]
            show(moves, m)
        live(m)
        if prospect:
            enjoy(m)
            for c in range({capitals}):
                for i in range(LANES):
                    had = m[({had} + c) * LANES + i]
                    habits[c, i] = had if t == 0 else habit(habits[c, i], had, dials[{habit_months}, i])
        for i in range(LANES):
            for r in range(record.shape[0]):
                series[i, t, r] = m[record[r] * LANES + i]
            for k in range(moves.shape[0]):
                played[i, t, k] = moves[k, i]
"""


def _driver(layout: Layout, lanes: int) -> str:
    """Return the source of the loop over months."""
    rows = layout.rows
    dispatch = [f"    {'if' if k == 0 else 'elif'} lever == {k}:\n        score_{lever.field}(m)"
                for k, lever in enumerate(LEVERS)]
    # The deciding capital, counted from 1; negative where it decides alone in variant V1 only.
    deciders = [(1 + CAPITALS.index(decider(lever))) * (-1 if lever.capital == "deal" else 1) for lever in LEVERS]
    places = [[DEAL[part].index(value) for part, value in enumerate(bundle)] for bundle in BUNDLES]
    tables = f"DECIDER = np.array({deciders})\nBUNDLE_PLACE = np.array({places})\n"
    return tables + _DRIVER.format(
        dispatch="\n".join(dispatch),
        lanes=lanes,
        capitals=len(CAPITALS),
        month=rows["month"],
        given=rows[f"given.{GIVEN[0]}"],
        luck=rows[f"luck.{LUCK[0]}"],
        moves=rows[f"moves.{MOVE_FIELDS[0]}"],
        option=rows["option.0"],
        utility=rows["utility"],
        had=rows[f"had.{CAPITALS[0]}"],
        habit_months=DIALS.index("habit_months"),
    )
