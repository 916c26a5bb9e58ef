"""The chance of every option of every lever in given months: the batch engine's stages, with no draw and no next month.

What is asked is one column a month of a run: where it stood when its capitals chose. Columns may differ in anything.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.engine.batch.numpy_source import python_source
from sim.engine.tracing.graph import Node
from sim.engine.tracing.month import Tracing
from sim.engine.tracing.stages import Stage, Stages, divide_into_stages
from sim.model.moves import BUNDLES, DEAL, LEVERS, MOVE_FIELDS, Lever

Rows = Mapping[str, NDArray[np.float64]]  # by name, a number a column
ALONE = tuple(lever for lever in LEVERS if lever not in DEAL)


@dataclass(frozen=True, eq=False)
class OptionChances:
    """What the options of levers have for chances under review.

    Attributes
    ----------
    rows
        The place of every row of the workspace, by its name.
    reads
        By lever, the rows that its chances hang on; the three parts of the arms deal share theirs.
    stages
        The stages of a month, by name.
    """

    rows: dict[str, int]
    reads: Mapping[str, frozenset[str]]
    stages: Mapping[str, Callable[..., None]]

    def prepare(self, known: Rows) -> list[Any]:
        """Return a workspace of columns.

        Parameters
        ----------
        known
            Parameters, the war's months, the month and what is given in it, and all that the rules remember of the
            month before, by the names of the rows. Chance is not read and stands at one half.
        """
        columns = len(next(iter(known.values())))
        workspace: list[Any] = [np.full(columns, 0.5)] * len(self.rows)
        for name, values in known.items():
            workspace[self.rows[name]] = values
        self.stages["prepare"](workspace)
        return workspace

    def of(
        self, workspace: list[Any], changed: Rows, moves: Rows, limits: NDArray[np.float64]
    ) -> dict[str, NDArray[np.float64]]:
        """Return by lever the chances of its options, shape (options, columns).

        Parameters
        ----------
        workspace
            As :meth:`prepare` returns it; it stays as it is.
        changed
            Rows that are other than prepared, such as ``world.china_flow``; levers that read none of them are left out.
            Where there are none, every lever is reckoned.
        moves
            What is played in these months, by field: the arms deal is settled in the light of it.
        limits
            Floor and ceiling of each bundle's score, shape (bundles, 2); see :func:`sim.model.deal.limits`.
        """
        m, run = list(workspace), self.stages
        for name, values in changed.items():
            m[self.rows[name]] = values
        run["expect"](m)
        run["survey"](m)
        chances = {}
        for lever in ALONE:
            if self._read(lever, changed):
                run[f"chances_{lever.field}"](m)
                chances[lever.field] = self._shares(m, "likely", len(lever.options))
        if not self._read(DEAL[0], changed):
            return chances
        for field in set(MOVE_FIELDS) - {lever.field for lever in DEAL}:
            m[self.rows[f"moves.{field}"]] = moves[field]
        run["survey_deal"](m)
        run["limit"](m, 0, limits[0])
        run["score_no_exchange"](m)
        run["score_bundles"](m, limits)
        run["chances_deal"](m)
        bundles = self._shares(m, "support", len(BUNDLES))
        for part, lever in enumerate(DEAL):
            options = [[bundle[part] == option.value for bundle in BUNDLES] for option in lever.options]
            chances[lever.field] = np.array(options, dtype=float) @ bundles
        return chances

    def _read(self, lever: Lever, changed: Rows) -> bool:
        return not changed or not self.reads[lever.field].isdisjoint(changed)

    def _shares(self, m: list[Any], group: str, count: int) -> NDArray[np.float64]:
        likely: NDArray[np.float64] = np.array([m[self.rows[f"{group}.{place}"]] for place in range(count)])
        return np.asarray(likely / likely.sum(axis=0))


@cache
def option_chances(params: tuple[str, ...]) -> OptionChances:
    """Return what reckons the chances of options, for parameters of these names."""
    tracing = Tracing(params)
    traced = divide_into_stages(tracing)
    likely = {lever.field: tracing.likelihoods(lever) for lever in ALONE}
    own = [
        Stage(f"chances_{field}", _rows("likely", nodes), traced[f"decide_{field}"].known)
        for field, nodes in likely.items()
    ]
    own.append(Stage("chances_deal", _rows("support", tracing.deal_likelihoods()), frozenset()))
    scope: dict[str, Any] = {}
    exec(compile(python_source(Stages(traced.graph, (*traced.stages, *own))), "<chances>", "exec"), scope)
    scored = [*tracing.no_exchange().values(), *tracing.score_deal()]
    reads = {field: _inputs(traced, nodes) for field, nodes in likely.items()}
    return OptionChances(traced.rows, reads | {lever.field: _inputs(traced, scored) for lever in DEAL}, scope)


def _rows(group: str, nodes: list[Node]) -> dict[str, Node]:
    return {f"{group}.{place}": node for place, node in enumerate(nodes)}


def _inputs(traced: Stages, nodes: list[Node]) -> frozenset[str]:
    """Return the inputs that nodes are computed from."""
    return frozenset(node.row for node in traced.graph.sort_nodes(nodes, ()) if node.op == "input" and node.row)
