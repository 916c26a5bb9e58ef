"""The model as other programs see it: a function of uncertain numbers, for EMA Workbench and for SALib."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from io import BytesIO
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.inference.designs import Factor, Levels
from sim.inference.points import POLICY, bound, is_lever
from sim.scenario import Scenario
from sim.scenario.priors import Drawn, Range
from sim.scenario.source import Source, source_of
from sim.studies import specification
from sim.studies.worker import PartFiles, simulate_task

# Columns of a run that are no outcome of it.
_LABELS = ("run", "point", "replicate", "fingerprint", "war_ends", "error")
_BY_MONTH = "_by_month"  # so that a series is told from the outcome of its name


@dataclass(frozen=True, eq=False)
class Varied:
    """A scenario and what is uncertain about it.

    Attributes
    ----------
    vary
        By name, what may differ: see :func:`sim.sweep`.
    runs, seed
        How many runs are simulated at each point, under the same chance at every point.
    sets, defaults
        What does not vary is simulated over so many retained sets (all where not said), or has the hand-set defaults.
    series
        States, measures and levers that EMA gets month by month, beside the outcomes.
    """

    scenario: Scenario
    vary: Mapping[str, Factor]
    runs: int = 20
    seed: int = 0
    sets: int | None = None
    defaults: bool = False
    series: Sequence[str] = ()

    @property
    def source(self) -> Source:
        """Where the uncertain numbers of its runs come from."""
        return source_of(self.scenario, Source.DEFAULTS if self.defaults else Source.RETAINED, self.vary)

    def outcomes(self, points: pd.DataFrame) -> pd.DataFrame:
        """Return the mean over the runs of every outcome of a sweep, a row a point.

        Parameters
        ----------
        points
            A row a point, a column for each of the names varied.
        """
        return self._means(self._simulated(points))

    def months(self, points: pd.DataFrame) -> pd.DataFrame:
        """Return the mean over the runs of every one of :attr:`series`: a row a point and month reported.

        Parameters
        ----------
        points
            As for :meth:`outcomes`.
        """
        return self._months(self._simulated(points))

    def _simulated(self, points: pd.DataFrame) -> list[PartFiles]:
        asked = specification.sweep_over_points(
            self.scenario, points[list(self.vary)], self.runs, self.seed, sets=self.sets, defaults=self.defaults,
            series=self.series,
        )  # fmt: skip
        return [simulate_task(asked.task(part)) for part in asked.layout.parts(0)]

    def _means(self, parts: list[PartFiles]) -> pd.DataFrame:
        rows = pd.concat(pd.read_parquet(BytesIO(part.outcomes)) for part in parts).groupby("point")
        return rows.mean(numeric_only=True).drop(columns=list(_LABELS), errors="ignore")

    def _months(self, parts: list[PartFiles]) -> pd.DataFrame:
        rows = pd.concat(pd.read_parquet(BytesIO(part.months)) for part in parts if part.months)
        return rows.groupby(["point", "month"])[list(self.series)].mean()

    def to_salib(self) -> dict[str, object]:
        """Return the problem as SALib states it; names and bounds in the model's own units.

        Raises
        ------
        ValueError
            If something varies by steps, or is likelier here than there: SALib draws from ranges (:func:`sim.uniform`,
            :func:`sim.prior`).
        """
        stepped = [name for name, factor in self.vary.items() if not isinstance(factor, Range) or factor.at_low]
        if stepped:
            raise ValueError(f"{', '.join(stepped)}: SALib draws from ranges; give sim.uniform or sim.prior")
        bounds = [[factor.low, factor.high] for factor in self.vary.values() if isinstance(factor, Range)]
        return {"num_vars": len(bounds), "names": list(self.vary), "bounds": bounds}

    def of_sample(self, sample: NDArray[np.float64], outcome: str) -> NDArray[np.float64]:
        """Return one outcome for each row of a sample that SALib drew."""
        return self.outcomes(pd.DataFrame(sample, columns=list(self.vary)))[outcome].to_numpy()

    def to_ema(self) -> Any:
        """Return the model for EMA Workbench.

        What a capital decides (``moves.CAPITAL.LEVER`` and ``policy``) becomes its levers, all else that varies its
        uncertainties. Means over the runs become its outcomes, and each of :attr:`series` an outcome over time, called
        ``NAME_by_month``. EMA's names are Python names: ``war.ends`` is called ``war_ends`` there, and
        ``policy``, which is a word of EMA's own, ``policy_``. An outcome that no
        run of a point can tell (no run can be judged within the horizon) is NaN.

        Raises
        ------
        ValueError
            If series are asked for while their length varies.
        """
        from ema_workbench import Model, ScalarOutcome, TimeSeriesOutcome

        if self.series and "months.to" in self.vary:
            raise ValueError("months.to varies, and EMA wants series of one length: leave out one of them")
        model = Model("driftback", function=self._of_ema)
        parameters = {name: _of_factor(alias, name, self.vary[name]) for alias, name in self._aliases.items()}
        model.uncertainties = [parameter for name, parameter in parameters.items() if not is_lever(name)]
        model.levers = [parameter for name, parameter in parameters.items() if is_lever(name)]
        first = pd.DataFrame({name: bound(name, factor).at(np.array([0.5])) for name, factor in self.vary.items()})
        scalars = [ScalarOutcome(name) for name in self.outcomes(first)]
        model.outcomes = [*scalars, *(TimeSeriesOutcome(f"{name}{_BY_MONTH}") for name in self.series)]
        return model

    @cached_property
    def _aliases(self) -> dict[str, str]:
        return {re.sub(r"\W", "_", name) + "_" * (name == POLICY): name for name in self.vary}

    def _of_ema(self, **values: object) -> dict[str, object]:
        parts = self._simulated(pd.DataFrame({self._aliases[alias]: [value] for alias, value in values.items()}))
        numbers = self._means(parts).astype("float64")  # yes and no too, which may be missing
        series = self._months(parts) if self.series else pd.DataFrame()
        return {str(name): float(value) for name, value in numbers.iloc[0].items()} | {
            f"{name}{_BY_MONTH}": series[name].to_numpy() for name in self.series
        }


def _of_factor(alias: str, name: str, factor: Factor) -> Any:
    """Return a factor as a parameter of EMA Workbench."""
    from ema_workbench import CategoricalParameter, RealParameter
    from scipy.stats import rv_continuous

    if isinstance(factor, Levels):
        return CategoricalParameter(alias, factor.values)
    if isinstance(factor, Range) and not factor.at_low:
        return RealParameter(alias, factor.low, factor.high)
    prior = bound(name, factor)
    assert isinstance(prior, Drawn)

    class Distribution(rv_continuous):
        """The distribution as SciPy knows one; EMA asks for its quantiles alone."""

        def _ppf(self, places: NDArray[np.float64]) -> NDArray[np.float64]:
            return np.asarray(prior.at(places))

    return RealParameter.from_dist(alias, Distribution(a=prior.low, b=prior.high, name=alias)())
