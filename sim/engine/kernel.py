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
from sim.engine.graph import Node
from sim.engine.plan import GIVEN
from sim.engine.tracing import ARMS, MONTH, PAY, RUN, SIDES, Tracing
from sim.model import choice
from sim.model.drivers import DRIVERS
from sim.model.moves import BUNDLE_WIDTHS, BUNDLES, CAPITALS, DEAL, LEVERS, MOVE_FIELDS, decider
from sim.model.variants import Variant

SURVEYS_DEAL = ("survey_deal", "survey_arms", "survey_pay")


@dataclass(frozen=True)
class Layout:
    """Where everything stands in the workspace: the first row of each group of inputs, and single rows."""

    size: int
    rows: dict[str, int]


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
    lived, measured, stance = t.live()
    enjoyed = {
        capital: t.node(
            choice.habit, t.month, getattr(t.habits, capital), t.weigh(capital, t.world, t.moves), t.params.habit_months
        )
        for capital in CAPITALS
    }
    drivers = [getattr(record, name) for record in (t.drivers, *t.outlooks.values()) for name in DRIVERS]
    felt = dict.fromkeys(_computed(drivers))
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
        stage("prepare", once_rows, ()),
        stage("start", t.begin(), ()),
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


def _computed(values: Iterable[Any]) -> list[Node]:
    """Return those values that are nodes to be computed, not inputs, constants or plain numbers."""
    return [value for value in values if isinstance(value, Node) and value.op not in ("input", "constant")]


_HEAD = """# Derived from the rules under sim/model; never edited.

from math import sqrt

import numpy as np
from numba import njit

from sim.engine import draws

LANES = {lanes}
compiled = njit(nogil=True, error_model="numpy")
philox, units = compiled(draws.philox), compiled(draws.units)
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
def decide(k, m, scripted):
    if scripted >= 0:
        fill(m, {decided} + k, VALUE[k, scripted])
        return
    for o in range(COUNT[k]):
        fill(m, {option}, VALUE[k, o])
        score(k, m)
        copy(m, {table} + o, {utility})
    copy(m, {draw}, {chance} + REVIEW[k])
    copy(m, {draw} + 1, {chance} + CHOOSE[k])
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
def settle(m, limits, scripted):
    survey_deal(m)
    offer(0, m, limits)
    copy(m, {without}, {utility} + 1)
    copy(m, {without} + 1, {utility} + 2)
    for b in range(BUNDLE.shape[0]):
        offer(b, m, limits)
        copy(m, {table} + b, {utility})
    copy(m, {draw}, {chance} + {review_deal})
    copy(m, {draw} + 1, {chance} + {choose_deal})
    if scripted:
        fill(m, {draw}, -1.0)
    choose_deal(m)
    for part in range(PARTS.shape[0]):
        for i in range(LANES):
            m[({moves} + PARTS[part]) * LANES + i] = BUNDLE[int(m[{bundle} * LANES + i]), part]


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
        for k in range(levers):
            if ALONE[k] or unilateral:
                decide(k, m, script[t, k])
            else:
                copy(m, {decided} + k, {moves} + k)
        if unilateral:
            only_for_arms(m)
        for k in range(levers):
            copy(m, {moves} + k, {decided} + k)
        if not unilateral:
            settle(m, limits[t], script_deal[t])
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
        chance=rows[f"chance.{draws.SLOTS[0]}"],
        crisis=SLOT["crisis"],
        crisis_before=rows["crisis_before"],
        pairs=draws.PAIRS,
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
