"""How far a coding of the record can be trusted: the chance of what was recorded, by the option that was taken.

A coding reads option r where the capital took option o with a chance that rests on its lever and on how sure it is.
Both codings err alike and apart from each other, so how often they disagree says how often one errs (a latent class
with two raters; Dawid and Skene 1979). Errors that both share cannot be seen there: results are swept over errors some
times as large (``times``).
"""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.special import expit

from sim.engine.plan import Support
from sim.model import months
from sim.model.moves import BUNDLES, DEAL, LEVER, LEVERS
from sim.registers import vintage
from sim.registers.fact_tables import CODINGS, CONFIDENCE, READ_AS
from sim.registers.record import CLOSED, Cell, cells, moves

# Acts leave a record where they happen, not acting leaves none: a month without a row says something of them.
ACTS = {"beijing_visits": "leader", "pyongyang_toward_beijing": "slight", "moscow_cover": "veto"}
_SPREAD = 1.0  # standard deviation of a lever's log-odds of an error about the mean of all levers: prior, stated
_LEAST = 1e-3  # the least chance of an error: no coding is beyond doubt


@dataclass(frozen=True, eq=False)
class Coding:
    """What was learnt of the codings.

    Attributes
    ----------
    errors
        A row a lever, a column a confidence: the chance that a coding errs.
    mistakes
        By lever, shape (options read, options taken): which other option is read where a coding errs.
    seen
        By lever of :data:`ACTS`: the chance that a month leaves a row, by the option taken.
    """

    errors: pd.DataFrame
    mistakes: dict[str, NDArray[np.float64]]
    seen: dict[str, NDArray[np.float64]]

    def confusion(self, lever: str, confidence: str, times: float = 1.0) -> NDArray[np.float64]:
        """Return the chance of reading an option, by the option taken: shape (read, taken); columns sum to 1."""
        error = min(float(self.errors[confidence][lever]) * times, 0.5)
        confused = error * self.mistakes[lever]
        return np.asarray(confused + (1.0 - error) * np.eye(len(confused)))

    def chance(self, lever: str, act: str) -> NDArray[np.float64]:
        """Return the chance that a month's record tells of an act, by the option taken: a dated act leaves no doubt."""
        read = self.confusion(lever, "high")[[option.name for option in LEVER[lever].options].index(act)]
        return np.asarray(read * self.seen.get(lever, 1.0))

    def support(self, cell: Cell, times: float = 1.0) -> NDArray[np.float64]:
        """Return the chance of a cell by the option taken, to the power of its part of a fact.

        Either of the codings that have it may be the one that is right, so theirs are averaged.
        """
        readings = zip(cell.options, cell.confidence, strict=True)
        chance = np.mean([self.confusion(cell.lever, sure, times)[read] for read, sure in readings], axis=0)
        return np.asarray((chance * self.seen.get(cell.lever, 1.0)) ** (1.0 / cell.repeats))


def record_support(horizon: int, coding: int | None = None, times: float = 1.0) -> Support:
    """Return what the record says of every month, as a likelihood.

    Parameters
    ----------
    horizon
        Months from 2019-01; later ones are not looked at.
    coding
        Only what this coding says; both where not said.
    times
        How many times as large the errors of a coding are taken to be.
    """
    by_lever = np.ones((horizon, len(LEVERS) + 1, len(BUNDLES)))
    places, learnt = {lever.field: place for place, lever in enumerate(LEVERS)}, estimate_coding()
    for lever, seen in learnt.seen.items():
        silent = [month for month in range(horizon) if not out_of_hand(lever, month)]
        by_lever[silent, places[lever], : len(seen)] = 1.0 - seen
    for cell in cells(coding):
        if cell.month < horizon:
            support = learnt.support(cell, times)
            by_lever[cell.month, places[cell.lever], : len(support)] = support
    by_lever[:, len(LEVERS)] = of_bundles(by_lever)
    return Support.of(by_lever)


def of_bundles(by_lever: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the chance of what was recorded of the parts of the deal, by month and bundle."""
    whole = np.ones(by_lever.shape[::2])
    for part, lever in enumerate(DEAL):
        of_bundle = [lever.index(bundle[part]) for bundle in BUNDLES]
        whole *= by_lever[:, LEVERS.index(lever)][:, of_bundle]
    return whole


@vintage.cache_by_vintage
def estimate_coding() -> Coding:
    """Return what the two codings say of themselves."""
    pairs = _pairs()
    errors = _errors(pairs)
    mistakes = {lever.field: _mistakes(lever.field, pairs) for lever in LEVERS}
    return Coding(errors, mistakes, {lever: _seen(lever, act) for lever, act in ACTS.items()})


def _pairs() -> pd.DataFrame:
    """Return the cells that both codings have: lever, places of the options, and confidences."""
    table = moves().dropna(subset=["option_1", "option_2"])
    table["lever"] = table["capital"].str.lower() + "_" + table["lever"]
    table = table[table["lever"].isin(LEVER)]
    for k in CODINGS:
        options = table[f"option_{k}"].replace(READ_AS)
        table[f"place_{k}"] = [
            [option.name for option in LEVER[lever].options].index(option)
            for lever, option in zip(table["lever"], options, strict=True)
        ]
    return table


def _errors(pairs: pd.DataFrame) -> pd.DataFrame:
    """Return the chance of an error by lever and confidence: most likely beside a normal prior on how levers differ."""
    names = [lever.field for lever in LEVERS]
    lever = pairs["lever"].map(names.index).to_numpy()
    sure = [pairs[f"confidence_{k}"].map(CONFIDENCE.index).to_numpy() for k in CODINGS]
    options = np.array([len(choices.options) for choices in LEVERS])[lever]
    apart = (pairs["place_1"] != pairs["place_2"]).to_numpy()

    def chances(theta: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.asarray(expit(theta[: len(CONFIDENCE)] + theta[len(CONFIDENCE) :, None]))

    def misfit(theta: NDArray[np.float64]) -> float:
        one, other = (chances(theta)[lever, certainty] for certainty in sure)
        alike = (1.0 - one) * (1.0 - other) + one * other / (options - 1)
        likelihood = np.where(apart, 1.0 - alike, alike)
        return float(-np.log(likelihood).sum() + (theta[len(CONFIDENCE) :] ** 2).sum() / (2.0 * _SPREAD**2))

    begin = np.concatenate([np.full(len(CONFIDENCE), -3.0), np.zeros(len(names))])
    fitted = minimize(misfit, begin, method="L-BFGS-B").x
    return pd.DataFrame(np.maximum(chances(fitted), _LEAST), names, list(CONFIDENCE))


def _mistakes(lever: str, pairs: pd.DataFrame) -> NDArray[np.float64]:
    """Return which option is read where a coding errs: as often as codings disagree so, and nearer ones before."""
    count = len(LEVER[lever].options)
    places = np.arange(count)
    apart = np.abs(places[:, None] - places)
    weight = np.divide(1.0, apart, out=np.zeros((count, count)), where=apart > 0)
    weight /= weight.sum(axis=0)  # one disagreement more, the likelier the nearer
    for one, other in pairs.loc[pairs["lever"] == lever, ["place_1", "place_2"]].to_numpy():
        if one != other:
            weight[one, other] += 1.0
            weight[other, one] += 1.0
    return np.asarray(weight / weight.sum(axis=0))


def _seen(lever: str, act: str) -> NDArray[np.float64]:
    """Return the chance that a month leaves a row in the record, by the option taken.

    Of an act: caught by one coding and caught again by the other (Lincoln and Petersen; Laplace's rule for few). Of a
    line, which holds between its acts: the share of months with a row, from one row of the act to the next.
    Of the other options: the rows they have, in the months that are left.
    """
    names = [option.name for option in LEVER[lever].options]
    place, there = names.index(act), [cell for cell in cells() if cell.lever == lever]
    acts = [cell for cell in there if place in cell.options]
    if LEVER[lever].line:
        bridged = sum(
            later.month - cell.month - 1
            for cell, later in pairwise(there)
            if place in cell.options and place in later.options
        )
        chance = (len(acts) + 1.0) / (len(acts) + bridged + 2.0)
    else:
        both = sum(len(cell.options) == len(CODINGS) for cell in acts)
        rows = {k: {cell.month for cell in cells(k) if cell.lever == lever} for k in CODINGS}
        only = {k: sum(cell.month in rows[k] for cell in acts) for k in CODINGS}
        missed = [(only[k] - both + 1.0) / (only[k] + 2.0) for k in CODINGS]  # by the other coding
        chance = 1.0 - missed[0] * missed[1]
    asked = sum(not out_of_hand(lever, month) for month in range(months.index(vintage.last_month()) + 1))
    others = (len(there) - len(acts) + 1.0) / (max(asked - len(acts) / chance, 0.0) + 2.0)
    return np.where(np.arange(len(names)) == place, chance, min(others, chance))


def out_of_hand(lever: str, month: int) -> bool:
    """Return whether a lever was out of its capital's hands."""
    first, last = (months.index(name) for name in CLOSED)
    return lever == "beijing_visits" and first <= month <= last
