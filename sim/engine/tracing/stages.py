"""The stages of a month, derived from the rules by tracing them: what each computes, from which rows into which.

``prepare`` computes once a run what only parameters and the war's months decide; ``start`` sets the world of January
2019. In which order a month runs the others is written in :mod:`sim.engine.tracing.month_order`.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from sim.engine.tracing.graph import Graph, Node, distinct
from sim.engine.tracing.month import ARMS, MONTH, RUN, Tracing
from sim.model import choice
from sim.model.capitals import CAPITALS
from sim.model.drivers import DRIVERS
from sim.model.moves import LEVERS, Lever


@dataclass(frozen=True)
class Stage:
    """A part of a month.

    Attributes
    ----------
    outputs
        The name of a row, and the node to put there.
    known
        The places of nodes whose rows have been filled by stages before it.
    """

    name: str
    outputs: dict[str, Node]
    known: frozenset[int]

    def sort_nodes(self, graph: Graph) -> list[Node]:
        """Return all nodes that it reads or computes, each after what it is computed from."""
        return graph.sort_nodes(self.outputs.values(), self.known)

    def read(self, node: Node) -> str | None:
        """Return the name of the row that a node is read from; None where it is computed."""
        return node.row if node.op == "input" or node.place in self.known else None


@dataclass(frozen=True)
class Stages:
    """All stages, and the graph that their nodes belong to."""

    graph: Graph
    stages: tuple[Stage, ...]

    @property
    def rows(self) -> dict[str, int]:
        """The place of every row of the workspace, by its name."""
        return self.graph.rows

    def __getitem__(self, name: str) -> Stage:
        return next(stage for stage in self.stages if stage.name == name)


def trace(params: tuple[str, ...]) -> Stages:
    """Trace all rules for these parameters, in this order."""
    return divide_into_stages(Tracing(params))


def divide_into_stages(t: Tracing) -> Stages:
    """Return the stages of a tracing of all rules."""
    graph = t.graph
    t.expect()
    decided = [t.choose_lever(lever) for lever in LEVERS]
    nothing = t.no_exchange()
    offered = t.score_deal()
    settled = [t.score_no_exchange(), t.choose_deal(), *t.only_for_arms().values()]
    ended, measured, stance = t.move_on()
    enjoyed = {
        capital: t.node(
            choice.habit, t.month, getattr(t.habits, capital), t.weigh(capital, t.world, t.moves), t.params.habit_months
        )
        for capital in CAPITALS
    }
    drivers = [getattr(record, name) for record in (t.drivers, *t.outlooks.values()) for name in DRIVERS]
    felt = distinct(_computed(drivers))
    learnt = {
        f"belief.{capital}.{name}": getattr(t.learnt[capital], name)
        for capital in CAPITALS
        for name in ("ends", "months")
    }

    ends = [*decided, *nothing.values(), *offered, *settled, *ended.values(), stance, *measured.values(),
            *enjoyed.values(), *felt, *learnt.values()]  # fmt: skip
    once = graph.frontier(ends, RUN) + [node for node in _computed(ends) if node.level == RUN]

    def stored(stage: str, nodes: Iterable[Node]) -> dict[str, Node]:
        return {graph.store(node, f"{stage}.{number}"): node for number, node in enumerate(nodes)}

    once_rows = stored("prepare", distinct(once))
    felt_rows = stored("expect", (node for node in felt if node.level > RUN))
    known = [*once_rows.values(), *felt_rows.values()]
    shared = distinct(node for lever in LEVERS for node in graph.frontier(t.scores(lever), MONTH))
    survey = stored("survey", _beyond(shared, known))
    surveyed = [*known, *survey.values()]
    survey_deal = stored("survey_deal", _beyond(graph.frontier(offered, MONTH), known))
    survey_deal |= _rows("without", nothing)
    surveyed_deal = [*known, *survey_deal.values()]
    survey_arms = stored("survey_arms", _beyond(graph.frontier(offered, ARMS), surveyed_deal))

    def stage(name: str, outputs: dict[str, Node], given: Iterable[Node] = known) -> Stage:
        return Stage(name, outputs, frozenset(node.place for node in given))

    return Stages(graph, (
        stage("prepare", once_rows, ()),
        stage("start", t.begin(), ()),
        stage("expect", felt_rows | learnt, once),
        stage("survey", survey),
        *(part for lever in LEVERS for part in (
            stage(f"decide_{lever.field}", _decided(t, lever), surveyed),
            stage(f"condition_{lever.field}", t.condition_lever(lever)),
        )),
        stage("only_for_arms", _rows("decided", t.only_for_arms())),
        stage("survey_deal", survey_deal),
        stage("survey_arms", survey_arms, surveyed_deal),
        stage("score_no_exchange", {"table.0": t.score_no_exchange()}),
        stage("score_deal", {f"offered.{place}": node for place, node in enumerate(offered)},
              [*surveyed_deal, *survey_arms.values()]),
        stage("choose_deal", {"bundle": t.choose_deal()}),
        stage("condition_deal", t.condition_deal()),
        stage("add_evidence", {"log_evidence": t.add_evidence()}, ()),
        stage("live", _rows("world", ended) | _rows("measure", measured) | {"stance": stance}),
        stage("enjoy", _rows("habit", enjoyed)),
    ))  # fmt: skip


def _decided(t: Tracing, lever: Lever) -> dict[str, Node]:
    """Return what deciding a lever computes: the option taken, and the likelihoods, which a record may still weigh."""
    odds = {f"likely.{place}": node for place, node in enumerate(t.likelihoods(lever))}
    return {f"decided.{lever.field}": t.choose_lever(lever), **odds}


def _rows(group: str, nodes: dict[str, Node]) -> dict[str, Node]:
    return {f"{group}.{name}": node for name, node in nodes.items()}


def _beyond(nodes: Iterable[Node], known: Iterable[Node]) -> list[Node]:
    """Return the nodes that are not known."""
    there = {node.place for node in known}
    return [node for node in nodes if node.place not in there]


def _computed(values: Iterable[object]) -> list[Node]:
    """Return those values that are nodes to be computed, not inputs, constants or plain numbers."""
    return [value for value in values if isinstance(value, Node) and value.op not in ("input", "constant")]
