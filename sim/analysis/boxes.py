"""Where in parameter space something holds: PRIM (Friedman and Fisher 1999) in words, with coverage and density."""

import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

LEAST = 0.05  # share of cases that a box must keep
PEEL = 0.1  # share of cases peeled at a time


@dataclass(frozen=True)
class Box:
    """A region bounded by a few parameters.

    Attributes
    ----------
    limits
        By parameter, lowest and highest value; infinite on a side that is open.
    coverage
        Of all cases in which it holds, the share inside.
    density
        Of the cases inside, the share in which it holds.
    mass
        Of all cases, the share inside.
    """

    limits: Mapping[str, tuple[float, float]]
    coverage: float
    density: float
    mass: float

    def inside(self, values: pd.DataFrame) -> NDArray[np.bool_]:
        """Return which rows lie in the region.

        Parameters
        ----------
        values
            A row a case, a column a parameter; those of :attr:`limits` at least.

        Returns
        -------
        array of shape (cases,)
        """
        keep = np.ones(len(values), dtype=bool)
        for name, (low, high) in self.limits.items():
            keep &= values[name].between(low, high).to_numpy()
        return keep

    @property
    def words(self) -> str:
        """The region in words."""
        return " and ".join(_limit(name, *edges) for name, edges in self.limits.items()) or "anywhere"

    def sentence(self, what: str) -> str:
        """Return what PRIM found as a sentence; ``what`` is what holds.

        Parameters
        ----------
        what
            What holds, as the sentence begins: "It fails".
        """
        return (
            f"{what} in {100 * self.density:.0f}% of the runs with {self.words} (density); these are "
            f"{100 * self.coverage:.0f}% of all in which it does (coverage) and {100 * self.mass:.0f}% of all runs."
        )


def peel_boxes(
    values: pd.DataFrame, holds: NDArray[np.bool_] | NDArray[np.float64], least: float = LEAST, peel: float = PEEL
) -> list[Box]:
    """Return PRIM's boxes, from the whole space to the smallest.

    Parameters
    ----------
    values
        A row a case, a column a parameter.
    holds
        One a case: whether it holds, or how often.
    least
        Share of cases, 0 to 1, that a box must keep.
    peel
        Share of cases, 0 to 1, peeled at a time.

    Returns
    -------
    list
        Empty where it holds nowhere or everywhere: there is nothing to tell apart.
    """
    if holds.min() == holds.max():
        return []
    varied = values.loc[:, values.nunique() > 1]
    with warnings.catch_warnings():  # of parts of the workbench that are not used here
        warnings.simplefilter("ignore")
        searched = _prim(holds.dtype == bool)(varied, holds, peel_alpha=peel, mass_min=least).find_box()
    whole = searched.box_lims[0]
    return [_box(varied, holds, limits, whole) for limits in searched.box_lims]


def _prim(binary: bool) -> Any:
    """Return the workbench's PRIM, for what holds or not, or for how often it does."""
    from ema_workbench.analysis import prim
    from ema_workbench.analysis.scenario_discovery_util import RuleInductionType

    if hasattr(prim, "RegressionPrim"):  # from release 3 on
        return prim.Prim if binary else prim.RegressionPrim
    mode = RuleInductionType.BINARY if binary else RuleInductionType.REGRESSION
    return partial(prim.Prim, threshold=0.0, mode=mode)  # all boxes are wanted, from no density on


def best(candidates: Sequence[Box]) -> Box | None:
    """Return the box that tells best where it holds from where it does not, None where there is none.

    That is by coverage less the share of all other cases that lie inside (Youden 1950): the whole space is worth
    nothing, however often it holds there.

    Parameters
    ----------
    candidates
        What :func:`boxes` gives: the whole space first.
    """
    if not candidates:
        return None
    rate = candidates[0].density  # the first box is the whole
    worth = [box.coverage - box.mass * (1.0 - box.density) / (1.0 - rate) for box in candidates]
    return candidates[int(np.argmax(worth))]


def _box(values: pd.DataFrame, holds: NDArray[np.float64 | np.bool_], limits: pd.DataFrame, whole: pd.DataFrame) -> Box:
    edges = {}
    for name in values:
        low, high = (float(limits[name].iloc[end]) for end in (0, 1))
        least, most = (float(whole[name].iloc[end]) for end in (0, 1))
        if low > least or high < most:
            edges[str(name)] = (low if low > least else -np.inf, high if high < most else np.inf)
    box = Box(edges, 0.0, 0.0, 0.0)
    inside = box.inside(values)
    hits = float(holds[inside].sum())
    return Box(edges, hits / float(holds.sum()), hits / int(inside.sum()), float(inside.mean()))


def _limit(name: str, low: float, high: float) -> str:
    if np.isinf(low):
        return f"{name} up to {high:.3g}"
    return f"{name} from {low:.3g}" if np.isinf(high) else f"{name} from {low:.3g} to {high:.3g}"
