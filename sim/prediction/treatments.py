"""Treatments: a scenario simulated under many parameter sets, each run beside the same run without an end."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.analysis.definitions import DEFINITIONS, WITHIN, drift, level_before
from sim.analysis.estimates import Estimate, estimate
from sim.analysis.patterns import t9, t11
from sim.analysis.rows import STATES
from sim.engine.concurrency import thread_pool
from sim.engine.ensemble import Ensemble
from sim.engine.experiment import Experiment, pairs_with_control, without_war_end
from sim.engine.sets import Sets
from sim.inference.parameter_sets import retained_sets
from sim.model import months
from sim.model.moves import LEVERS
from sim.scenario.errors import ScenarioError
from sim.scenario.schema import Scenario
from sim.scenario.values import defaults

LAGS = (6, 12, 18, 24)  # months after the end at which the effect is read; the last is the definition's own
_AT_ONCE = 1024  # runs held in memory with all their months, by each thread
_BESIDE = 8192  # and by all threads together, where they are of several treatments


@dataclass(frozen=True, eq=False)
class Treatment:
    """A world, and what is changed in every parameter set.

    Attributes
    ----------
    fixed
        Parameters that take this value in every set, or a value a set.
    times
        Parameters that are multiplied; one that the sets do not have, from what the world has.
    counted_from
        In a world whose war goes on while there is news of peace: the month (YYYY-MM) that is treated as an end when
        effects are read; the world beside it then has no news either.
    """

    world: Scenario
    fixed: Mapping[str, float | NDArray[np.float64]] = field(default_factory=dict)
    times: Mapping[str, float] = field(default_factory=dict)
    counted_from: str | None = None

    def apply(self, values: pd.DataFrame) -> pd.DataFrame:
        """Return parameter sets as this treatment has them; numbers that the world's own file gives stand."""
        if drawn := self.world.drawn.keys() & self.times:
            name = min(drawn)
            raise ValueError(f"{self.world.name} draws {name} for each run, which is multiplied here: give it a number")
        usual = defaults(self.world.fixed)
        values = values.drop(columns=[name for name in values if name in self.world.parameters])
        scaled = {name: values.get(name, usual[name]) * factor for name, factor in self.times.items()}
        return values.assign(**dict(self.fixed), **scaled)

    def treat(self, experiment: Experiment) -> Experiment:
        """Return the runs of an experiment as this treatment has them."""
        values, own = self.apply(experiment.sets.values), (*self.fixed, *self.times)
        varied = {name: values[name].to_numpy(np.float64)[experiment.set_places] for name in own}
        return experiment.replace(scenario=self.world, varied=varied)


def on_trial(instead: str = "") -> Sets:
    """Return the retained sets, where no hand-set defaults can be had in their place.

    Parameters
    ----------
    instead
        What can be done where the package has none, beside installing it again.

    Raises
    ------
    ScenarioError
        If the package has none.
    """
    try:
        return retained_sets()
    except ScenarioError as error:
        fix = f"install driftback again{instead}"
        raise ScenarioError(replace(problem, fix=fix) for problem in error.problems) from None


def pairs(treatment: Treatment, experiment: Experiment, lags: Sequence[int] = LAGS) -> pd.DataFrame:
    """Simulate every set a number of times, with the war's end and without.

    Run k of set s has the number s · runs + k in every treatment: those with as many runs a set share their chance.

    Parameters
    ----------
    treatment
        What is simulated in place of the experiment's own scenario.
    experiment
        As many runs of every set (:meth:`sim.engine.experiment.Experiment.runs_of_every_set`).
    lags
        Months after the end at which the effect is read.

    Returns
    -------
    frame
        A row a paired run: ``set``, ``run``, ``end`` (months since 2019-01), ``judged`` (not censored),
        ``effect_6`` to ``effect_24`` (re-engagement less that of the same run without an end, so many months after),
        ``D1`` to ``D5`` (months until it was seen to come true, else NaN), the same ``without an end``,
        ``wooing`` (Beijing's trade over the two years from the end less that without an end), and levels of
        re-engagement: ``before`` (D1's, the mean of 2023), ``ended`` and ``endless`` (two years after the end, with and
        without it).
    """
    treated = treatment.treat(experiment)

    def some(part: Experiment) -> pd.DataFrame:
        if treatment.counted_from is None:
            many, control = part.with_control(STATES)
        else:
            quiet = part.replace(scenario=without_war_end(treatment.world).with_(drivers={"news": 0}))
            talked, control = part.versus(quiet, STATES)
            many = replace(talked, war_end=np.full(len(part), months.index(treatment.counted_from)))
        return pair_rows(many, control, lags).assign(set=part.set_places)

    first, *others = treated.replace(jobs=1).in_parts(_AT_ONCE)
    parts = [some(first)]  # compiles, or loads what was compiled, before threads set out
    with thread_pool(experiment.threads) as pool:
        parts += pool.map(some, others)
    return pd.concat(parts, ignore_index=True)


def pairs_beside(treatments: Sequence[Treatment], experiment: Experiment) -> list[pd.DataFrame]:
    """Simulate treatments that differ in nothing but parameters all at once, and return the :func:`pairs` of each."""
    parts: list[list[pd.DataFrame]] = [[] for _ in treatments]
    for some in experiment.in_parts(max(_BESIDE // len(treatments), 1)):
        both = pairs_with_control([treatment.treat(some) for treatment in treatments], STATES)
        for part, pair in zip(parts, both, strict=True):
            part.append(pair_rows(pair.one, pair.other).assign(set=some.set_places))
    return [pd.concat(part, ignore_index=True) for part in parts]


def pair_rows(many: Ensemble, control: Ensemble, lags: Sequence[int] = LAGS) -> pd.DataFrame:
    """Return a row a paired run; see :func:`pairs`."""
    drifted = drift(many, control)
    judged = drifted.judged.to_numpy(dtype=bool)
    gap = many.array("reengagement") - control.array("reengagement")
    horizon, row = gap.shape[1], np.arange(len(gap))

    def after(series: NDArray[np.float64], lag: int) -> NDArray[np.float64]:
        at = many.war_end + lag
        return np.where(at < horizon, series[row, np.minimum(at, horizon - 1)], np.nan)

    frame = {"run": many.runs, "end": many.war_end, "judged": judged}
    frame |= {f"effect_{lag}": after(gap, lag) for lag in lags}
    frame |= {name: drifted.time[name].to_numpy() for name in DEFINITIONS}
    frame |= {f"{name} without an end": drifted.control[name].to_numpy() for name in drifted.control}
    trade = many.array("beijing_trade") - control.array("beijing_trade")
    month, end = np.arange(horizon), many.war_end[:, None]
    two_years = (month >= end) & (month < end + WITHIN)
    frame["wooing"] = np.where(judged, (trade * two_years).sum(axis=1) / WITHIN, np.nan)
    frame["before"] = level_before(many)
    levels = (("ended", many), ("endless", control))
    frame |= {name: after(world.array("reengagement"), WITHIN) for name, world in levels}
    return pd.DataFrame(frame)


def simulate_all_months(treatment: Treatment, experiment: Experiment) -> tuple[Ensemble, Ensemble, NDArray[np.float64]]:
    """Simulate every set a few times with all months kept: with the end, without, and the weight of each run."""
    many, control = treatment.treat(experiment).replace(jobs=1).with_control(STATES)
    return many, control, experiment.sets.weights[experiment.set_places] / experiment.runs_a_set


def month_rows(many: Ensemble) -> pd.DataFrame:
    """Return all months of all runs: ``run``, ``month``, ``end``, the states that are kept, and the levers' values."""
    horizon = many.states.shape[1]
    names = (*STATES, *(lever.field for lever in LEVERS))
    columns = {name: many.array(name).astype(np.float32).ravel() for name in names}
    months_ = [months.name(month) for month in range(horizon)]
    head = {"run": np.repeat(many.runs, horizon), "month": np.tile(months_, len(many.runs))}
    return pd.DataFrame(head | {"end": np.repeat(many.war_end, horizon)} | columns)


def fan_quantiles(many: Ensemble, control: Ensemble, weights: NDArray[np.float64]) -> pd.DataFrame:
    """Return re-engagement around the end, over all runs that can be watched for two years either side.

    Returns
    -------
    frame
        A row a month from 24 before the end to 24 after; the 10%, 50% and 90% quantiles with the end (``ended 10``
        to ``ended 90``), without (``endless``), and of the difference run by run (``gap``), whose mean is ``gap mean``.
    """
    fits = (many.war_end >= WITHIN) & (many.war_end + WITHIN < many.states.shape[1])
    span = np.arange(-WITHIN, WITHIN + 1)
    at = many.war_end[fits][:, None] + span
    ended, endless = (np.take_along_axis(side.array("reengagement")[fits], at, axis=1) for side in (many, control))
    share_ = weights[fits]
    frame: dict[str, NDArray[np.float64]] = {}
    for name, series in {"ended": ended, "endless": endless, "gap": ended - endless}.items():
        edges = np.quantile(series, (0.1, 0.5, 0.9), axis=0, weights=share_, method="inverted_cdf")
        frame |= {f"{name} {label}": edge for label, edge in zip((10, 50, 90), edges, strict=True)}
    frame["gap mean"] = share_ @ (ended - endless) / share_.sum()
    return pd.DataFrame(frame, index=pd.Index(span, name="months after the end"))


def aftermath(many: Ensemble) -> dict[str, float]:
    """Return the numbers of T9 and T11, over the runs whose war can be watched long enough: five years for T11."""

    def some(after: int) -> Ensemble:
        return many.select((many.war_end >= 12) & (many.war_end + after <= many.states.shape[1]))

    waning, later = some(19), some(60)
    measures = {}
    left = t9(waning.array("arms_flow"), waning.war_end)
    if np.isfinite(left).any():
        measures["T9"] = float(np.nanmedian(left))
    if len(later.runs):
        measures["T11"] = float(t11(later, later.war_end).mean())
    return measures


def effect(paired: pd.DataFrame, weights: NDArray[np.float64], lag: int = WITHIN) -> Estimate:
    """Return the mean effect of the war's end."""
    return estimate(paired[f"effect_{lag}"], paired["set"], weights)


def share_of_pairs(paired: pd.DataFrame, weights: NDArray[np.float64], name: str = "D2") -> Estimate:
    """Return the share of judged pairs in which a definition came true (``D1``, or ``D1 without an end``)."""
    came = paired[name].notna().astype("float64").where(paired["judged"].astype(bool))
    return estimate(came, paired["set"], weights, share=True)


def change(one: pd.DataFrame, other: pd.DataFrame, weights: NDArray[np.float64]) -> Estimate:
    """Return by how much the effect differs between two treatments that share their chance: ``one`` less ``other``."""
    column = f"effect_{WITHIN}"
    both = one.merge(other, on=["set", "run"], suffixes=("", " other"), validate="one_to_one")
    return estimate(both[column] - both[f"{column} other"], both["set"], weights)
