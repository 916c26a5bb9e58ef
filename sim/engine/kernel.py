"""The compiled engine's source: every stage of a month, derived from the rules by tracing them.

A month has the order that :mod:`sim.engine.agents` follows step by step:

1. ``expect``: beliefs, the month's drivers and each capital's outlook;
2. ``survey``: what the options of all levers share; then, lever by lever, ``score_<lever>`` once an option and
   ``choose_<lever>``;
3. ``survey_deal``, ``survey_arms``, ``survey_pay``, ``score_deal``, ``choose_deal``: the same for the arms deal,
   seen with this month's moves;
4. ``live``: the world moves on and is measured;
5. ``enjoy``: what each capital grows used to (read by variant V6 only).

``prepare`` computes once a run what only parameters and the war's months decide; ``start`` sets the world of January
2019.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sim.engine import draws
from sim.engine.draws import SLOT
from sim.engine.graph import Node, distinct
from sim.engine.plan import GIVEN
from sim.engine.tracing import ARMS, MONTH, RUN, Tracing
from sim.model import choice
from sim.model.drivers import DRIVERS
from sim.model.moves import BUNDLES, CAPITALS, DEAL, LEVERS, MOVE_FIELDS, Lever


@dataclass(frozen=True)
class Layout:
    """Where everything stands in the workspace: the first row of each group of inputs, and single rows."""

    size: int
    rows: dict[str, int]


def source(params: tuple[str, ...], lanes: int) -> tuple[str, Layout]:
    """Return the source of the kernel, and the layout of its workspace."""
    t = Tracing(params)
    graph = t.graph
    t.expect()
    decided = {lever.field: t.choose_lever(lever) for lever in LEVERS}
    nothing = t.no_exchange()
    offered = t.score_deal()
    settled = [t.score_no_exchange(), t.choose_deal(), *t.only_for_arms().values()]
    lived, measured, stance = t.live()
    enjoyed = {
        capital: t.node(
            choice.habit, t.month, getattr(t.habits, capital), t.weigh(capital, t.world, t.moves), t.params.habit_months
        )
        for capital in CAPITALS
    }
    drivers = [getattr(record, name) for record in (t.drivers, *t.outlooks.values()) for name in DRIVERS]
    felt = distinct(_computed(drivers))
    learnt = {
        graph.store(getattr(t.beliefs[capital], name)): getattr(t.learnt[capital], name)
        for capital in CAPITALS
        for name in ("ends", "months")
    }

    ends = [*decided.values(), *nothing.values(), *offered, *settled, *lived.values(), stance, *measured.values(),
            *enjoyed.values(), *felt, *learnt.values()]  # fmt: skip
    once = graph.frontier(ends, RUN) + [node for node in _computed(ends) if node.level == RUN]

    def stored(nodes: Iterable[Node]) -> dict[int, Node]:
        return {graph.store(node): node for node in nodes}

    def rows(group: Any, nodes: dict[str, Node]) -> dict[int, Node]:
        return {graph.store(getattr(group, name)): node for name, node in nodes.items()}

    once_rows = stored(once)
    felt_rows = stored(node for node in felt if node.level > RUN)
    known = [*once_rows.values(), *felt_rows.values()]
    shared = (node for lever in LEVERS for node in graph.frontier(t.scores(lever), MONTH))
    survey = stored(_beyond(shared, known))
    survey_deal = stored(_beyond(graph.frontier(offered, MONTH), known))
    survey_deal |= rows(t.without, nothing)
    surveyed_deal = [*known, *survey_deal.values()]
    survey_arms = stored(_beyond(graph.frontier(offered, ARMS), surveyed_deal))

    def stage(name: str, outputs: dict[int, Node], given: Iterable[Node] = known) -> str:
        return "\n@compiled\n" + graph.function(name, outputs, given, lanes)

    parts = [
        stage("prepare", once_rows, ()),
        stage("start", t.begin(), ()),
        stage("expect", felt_rows | learnt, once),
        stage("survey", survey),
        *(stage(f"decide_{f}", rows(t.decided, {f: node}), [*known, *survey.values()]) for f, node in decided.items()),
        stage("only_for_arms", rows(t.decided, t.only_for_arms())),
        stage("survey_deal", survey_deal),
        stage("survey_arms", survey_arms, surveyed_deal),
        stage("score_no_exchange", {graph.store(t.table[0]): t.score_no_exchange()}),
        stage("score_deal", dict(zip(map(graph.store, t.offered), offered, strict=True)),
              [*surveyed_deal, *survey_arms.values()]),
        stage("choose_deal", {graph.store(t.bundle): t.choose_deal()}),
        stage("live", rows(t.world, lived) | rows(t.measures, measured) | {graph.store(t.stance): stance}),
        stage("enjoy", rows(t.habits, enjoyed)),
    ]
    layout = Layout(graph.size, graph.inputs)
    return "\n".join([_HEAD.format(lanes=lanes), *parts, _driver(layout)]), layout


def _beyond(nodes: Iterable[Node], known: Iterable[Node]) -> list[Node]:
    """Return the nodes that are not known."""
    there = {node.place for node in known}
    return [node for node in nodes if node.place not in there]


def _computed(values: Iterable[Any]) -> list[Node]:
    """Return those values that are nodes to be computed, not inputs, constants or plain numbers."""
    return [value for value in values if isinstance(value, Node) and value.op not in ("input", "constant")]


_HEAD = """# Derived from the rules under sim/model; never edited.

from math import sqrt

import numpy as np
from numba import njit

from sim.engine import draws
from sim.engine.branchless import if_below

LANES = {lanes}
compiled = njit(nogil=True, error_model="numpy")
philox, units = compiled(draws.philox), compiled(draws.units)
"""

_DRIVER = """
COUNT = np.array({count})
VALUE = np.array({value})
ARMS = {arms}
PAY = {pay}
BUNDLE = np.array({bundle_values})
PARTS = np.array({parts})


@compiled
def fill(m, row, value):
    for i in range(LANES):
        m[row * LANES + i] = value


@compiled
def two_draws(a, b, c, d, key, key_high):  # one call in the loop; with two, the compiler leaves the lanes apart
    return units(*philox(a, b, c, d, key, key_high))


@compiled
def roll(m, row, seed, seed_high, run, run_high):
    # the draws of a month, for the runs in these lanes
    for pair in range({pairs}):
        for i in range(LANES):
            one, other = two_draws(np.uint64(pair), np.uint64(row), run[i], run_high[i], seed, seed_high)
            m[({chance} + 2 * pair) * LANES + i] = one
            m[({chance} + 2 * pair + 1) * LANES + i] = other


@compiled
def copy(m, row, source):
    for i in range(LANES):
        m[row * LANES + i] = m[source * LANES + i]


@compiled
def limit(m, place, held):
    fill(m, {floor} + place, held[0])
    fill(m, {ceiling} + place, held[1])


@njit(nogil=True, error_model="numpy", cache=True)
def begin(m, first_moves):
    for k in range(COUNT.shape[0]):
        fill(m, {moves} + k, first_moves[k])
    fill(m, {chance} + {crisis}, 1.0)
    start(m)


@njit(nogil=True, error_model="numpy", cache=True)
def simulate(m, first, last, given, script, limits, script_deal, seed, seed_high, run, run_high, unilateral, prospect,
             record, series, played):
    levers = COUNT.shape[0]
    prepare(m)
    for t in range(first, last):
        fill(m, {month}, float(t))
        for j in range(given.shape[1]):
            fill(m, {given} + j, given[t, j])
        copy(m, {crisis_before}, {chance} + {crisis})
        roll(m, t + 1, seed, seed_high, run, run_high)
        expect(m)
        survey(m)
{decisions}
        if unilateral:
            only_for_arms(m)
        for k in range(levers):
            copy(m, {moves} + k, {decided} + k)
        if not unilateral:
            survey_deal(m)
            limit(m, 0, limits[t, 0])
            score_no_exchange(m)
            bundle = 1  # bundles come in the order of arms, payment and technology
            for arms in ARMS:
                fill(m, {bundled_arms}, arms)
                survey_arms(m)
                for pay in PAY:
                    fill(m, {bundled_pay}, pay)
                    for place in range({technologies}):
                        limit(m, place, limits[t, bundle + place])
                    score_deal(m)
                    for place in range({technologies}):
                        copy(m, {table} + bundle + place, {offered} + place)
                    bundle += {technologies}
            if script_deal[t]:
                fill(m, {review_deal}, -1.0)
            choose_deal(m)
            for part in range(PARTS.shape[0]):
                for i in range(LANES):
                    m[({moves} + PARTS[part]) * LANES + i] = BUNDLE[int(m[{bundle} * LANES + i]), part]
        live(m)
        if prospect:
            enjoy(m)
        for i in range(LANES):
            for r in range(record.shape[0]):
                series[r, i, t - first] = m[record[r] * LANES + i]
            for k in range(played.shape[2]):
                place = 0
                for o in range(1, COUNT[k]):  # options rise
                    if m[({moves} + k) * LANES + i] >= VALUE[k, o]:
                        place = o
                played[i, t - first, k] = place
"""


def _driver(layout: Layout) -> str:
    """Return the source of the loop over months."""
    rows = layout.rows
    most = max(len(lever.options) for lever in LEVERS)

    arms, pay, technology = DEAL
    return _DRIVER.format(
        count=[len(lever.options) for lever in LEVERS],
        value=[[*(o.value for o in lever.options), *[-99.0] * (most - len(lever.options))] for lever in LEVERS],
        arms=tuple(option.value for option in arms.options[1:]),
        pay=tuple(option.value for option in pay.options),
        technologies=len(technology.options),
        bundle_values=[list(bundle) for bundle in BUNDLES],
        parts=[MOVE_FIELDS.index(lever.field) for lever in DEAL],
        decisions="\n".join(_decision(k, lever, rows) for k, lever in enumerate(LEVERS)),
        month=rows["month"],
        given=rows[f"given.{GIVEN[0]}"],
        chance=rows[f"chance.{draws.SLOTS[0]}"],
        crisis=SLOT["crisis"],
        crisis_before=rows["crisis_before"],
        pairs=draws.PAIRS,
        moves=rows[f"moves.{MOVE_FIELDS[0]}"],
        decided=rows[f"decided.{MOVE_FIELDS[0]}"],
        review_deal=rows["chance.review_deal"],
        floor=rows["floor.0"],
        ceiling=rows["ceiling.0"],
        bundled_arms=rows["bundled.arms"],
        bundled_pay=rows["bundled.pay"],
        offered=rows["offered.0"],
        table=rows["table.0"],
        bundle=rows["bundle"],
    )


def _decision(k: int, lever: Lever, rows: dict[str, int]) -> str:
    """Return the source by which a lever is decided in a month."""
    decided, last = (f"{rows[f'{group}.{lever.field}']}" for group in ("decided", "moves"))
    lines = [
        f"if script[t, {k}] >= 0:",
        f"    fill(m, {decided}, VALUE[{k}, script[t, {k}]])",
        "else:",
        f"    decide_{lever.field}(m)",
    ]
    if lever in DEAL:  # settled together, but for V1
        lines = ["if not unilateral:", f"    copy(m, {decided}, {last})", "el" + lines[0], *lines[1:]]
    return "\n".join(f"        {line}" for line in lines)
