"""The model as other programs see it: a function of uncertain numbers, for EMA Workbench and for SALib."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from io import BytesIO
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.calibration.designs import Factor, Levels
from sim.scenario import Scenario
from sim.scenario.source import Source, source_of
from sim.studies import specification as sweep
from sim.studies.worker import simulated

# Columns of a run that are no outcome of it.
_LABELS = ("run", "point", "replicate", "fingerprint", "war_ends", "error")


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
    """

    scenario: Scenario
    vary: Mapping[str, Factor]
    runs: int = 20
    seed: int = 0
    sets: int | None = None
    defaults: bool = False

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
        asked = sweep.given(
            self.scenario, points[list(self.vary)], self.runs, self.seed, sets=self.sets, defaults=self.defaults
        )
        parts = [pd.read_parquet(BytesIO(simulated(asked.task(part)).outcomes)) for part in asked.layout.parts(0)]
        rows = pd.concat(parts).groupby("point")
        return rows.mean(numeric_only=True).drop(columns=list(_LABELS), errors="ignore")

    def to_salib(self) -> dict[str, object]:
        """Return the problem as SALib states it; names and bounds in the model's own units.

        Raises
        ------
        ValueError
            If something varies by steps: SALib draws from ranges (:func:`sim.uniform`, :func:`sim.prior`).
        """
        stepped = [name for name, factor in self.vary.items() if isinstance(factor, Levels)]
        if stepped:
            raise ValueError(f"{', '.join(stepped)}: SALib draws from ranges; give sim.uniform or sim.prior")
        bounds = [[factor.low, factor.high] for factor in self.vary.values() if not isinstance(factor, Levels)]
        return {"num_vars": len(bounds), "names": list(self.vary), "bounds": bounds}

    def of_sample(self, sample: NDArray[np.float64], outcome: str) -> NDArray[np.float64]:
        """Return one outcome for each row of a sample that SALib drew."""
        return self.outcomes(pd.DataFrame(sample, columns=list(self.vary)))[outcome].to_numpy()

    def to_ema(self) -> Any:
        """Return the model for EMA Workbench, with what varies as its uncertainties.

        EMA's names are Python names: ``war.ends`` is called ``war_ends`` there. An outcome that no run of a point can
        tell (no run can be judged within the horizon) is NaN.
        """
        from ema_workbench import CategoricalParameter, Model, RealParameter, ScalarOutcome

        model = Model("driftback", function=self._of_ema)
        model.uncertainties = [
            CategoricalParameter(alias, factor.values)
            if isinstance(factor, Levels)
            else RealParameter(alias, factor.low, factor.high)
            for alias, factor in zip(self._aliases, self.vary.values(), strict=True)
        ]
        first = pd.DataFrame({name: factor.at(np.array([0.5])) for name, factor in self.vary.items()})
        model.outcomes = [ScalarOutcome(name) for name in self.outcomes(first)]
        return model

    @cached_property
    def _aliases(self) -> dict[str, str]:
        return {re.sub(r"\W", "_", name): name for name in self.vary}

    def _of_ema(self, **values: object) -> dict[str, float]:
        point = pd.DataFrame({self._aliases[alias]: [value] for alias, value in values.items()})
        numbers = self.outcomes(point).astype("float64")  # yes and no too, which may be missing
        return {str(name): float(value) for name, value in numbers.iloc[0].items()}
