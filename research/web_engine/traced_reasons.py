"""The months once more, with what every option was worth beside every move: the module that tells one run's reasons."""

from collections.abc import Mapping

from sim.engine.tracing.graph import Node
from sim.engine.tracing.month import MONTH, SIDES, TECHNOLOGIES, Tracing
from sim.engine.tracing.stages import Stage, Stages, divide_into_stages
from sim.model import beliefs, deal, drivers, goals
from sim.model.capitals import CAPITALS
from sim.model.moves import BUNDLES, DEAL, LEVERS, Lever, decider
from sim.model.variants import VARIANTS

GOALS = {capital: tuple(goals.goals_of(capital, VARIANTS["V0"])) for capital in CAPITALS}


class Reasons(Tracing):
    """A tracing that also stores what options are worth, in rows of their own.

    Attributes
    ----------
    beside
        By the name of a stage, the rows that it fills besides, and the nodes to put there.
    """

    def __init__(self, params: tuple[str, ...]) -> None:
        super().__init__(params)
        self.beside: dict[str, dict[str, Node]] = {}

    def keep_reasons(self) -> None:
        """Trace what options are worth, once all rules are traced."""
        self._store("expect", {f"survives.{capital}": self._survives(capital) for capital in CAPITALS})
        for lever in LEVERS:
            self._store(f"decide_{lever.field}", self._of_lever(lever))
        self._store("survey_deal", self._of_bundle("weighed.0", BUNDLES[0]))
        for place, technology in enumerate(DEAL[2].options):
            bundle = (self.bundled.arms, self.bundled.pay, technology.value)
            self._store("score_deal", self._of_bundle(f"considered.{place}", bundle))
        likelihoods = {f"likelihood.{place}": node for place, node in enumerate(self.deal_likelihoods())}
        self._store("choose_deal", {"deal.last": self.bundle} | likelihoods)
        for place in range(1, len(BUNDLES)):
            for name in self._names(f"weighed.{place}"):
                self.graph.input(name, MONTH)

    def value_rows(self) -> dict[str, list[list[int]]]:
        """Return where what a bundle is worth is computed, by technology, and where it stays, by bundle."""
        rows = self.graph.rows
        return {
            "CONSIDERED": [[rows[name] for name in self._names(f"considered.{i}")] for i in range(TECHNOLOGIES)],
            "WEIGHED": [[rows[name] for name in self._names(f"weighed.{i}")] for i in range(len(BUNDLES))],
        }

    def _survives(self, capital: str) -> Node:
        at = self.rule(drivers.phase, self.month, self.war_start, self.seen[capital])
        return self.node(beliefs.survival, self.learnt[capital], at, self.params.foresight, self.params)

    def _of_lever(self, lever: Lever) -> dict[str, Node]:
        capital = decider(lever)
        nodes = {
            f"{lever.field}.review_chance": self.review_chance(lever),
            f"{lever.field}.last": getattr(self.moves, lever.field),
            f"{lever.field}.chosen": self.choose_lever(lever),
        }
        for place, (option, likelihood) in enumerate(zip(lever.options, self.likelihoods(lever), strict=True)):
            here = f"{lever.field}.{place}"
            nodes |= self._worth(here, capital, *self.judge(capital, self.with_options({lever.field: option.value})))
            nodes[f"{here}.likelihood"] = likelihood
        return nodes

    def _of_bundle(self, name: str, bundle: tuple[object, object, object]) -> dict[str, Node]:
        moves = self.with_deal(bundle)
        sides = [self._worth(f"{name}.{side}", side, *self.judge(side, moves)) for side in SIDES]
        return sides[0] | sides[1]

    def _worth(self, name: str, capital: str, terms: list[Node], utility: Node) -> dict[str, Node]:
        named = {f"{name}.{goal}": term for goal, term in zip(GOALS[capital], terms, strict=True)}
        return named | {f"{name}.utility": utility}

    def _names(self, name: str) -> list[str]:
        """Return the rows of what a bundle is worth."""
        return [f"{name}.{side}.{part}" for side in SIDES for part in (*GOALS[side], "utility")]

    def _store(self, stage: str, values: Mapping[str, Node]) -> None:
        for row in values:
            self.graph.input(row, MONTH)
        self.beside.setdefault(stage, {}).update({row: self.graph.node(value) for row, value in values.items()})


def trace_reasons(params: tuple[str, ...]) -> tuple[Stages, dict[str, list[list[int]]]]:
    """Trace all rules and the reasons, and return the stages and what to keep of every bundle."""
    t = Reasons(params)
    made = divide_into_stages(t)
    t.keep_reasons()
    stages = tuple(
        Stage(stage.name, stage.outputs | t.beside.get(stage.name, {}), stage.known) for stage in made.stages
    )
    return Stages(made.graph, stages), t.value_rows()


def layout(traced: Stages) -> dict[str, object]:
    """Return what a page has to know besides to read the reasons."""
    return {
        "rows": traced.rows,
        "goals": GOALS,
        "weights": {capital: [goals.weight_name(capital, goal) for goal in GOALS[capital]] for capital in CAPITALS},
        "deciders": [decider(lever) for lever in LEVERS],
        "sides": SIDES,
        "imposed": deal.IMPOSED,
    }
