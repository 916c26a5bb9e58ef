"""The effect of the difference between two scenarios under the same chance, run by run."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from sim.analysis.definitions import WITHIN
from sim.analysis.estimates import Estimate, estimate, owners_of
from sim.engine.ensemble import Pair, war_ended
from sim.model import months


@dataclass(frozen=True, eq=False)
class Effect:
    """A paired effect.

    Attributes
    ----------
    values
        One a run: the first scenario less the second.
    owners
        The number of each run's parameter set.
    censored
        Runs that could not be judged within the horizon.
    """

    name: str
    when: str
    values: pd.Series
    owners: pd.Series
    censored: int

    @cached_property
    def estimate(self) -> Estimate:
        """The mean over runs, each counting alike, with parameter sets as the units that its interval rests on."""
        return estimate(self.values, self.owners, np.bincount(self.owners) / len(self.owners))

    @property
    def mean(self) -> float:
        """The mean over runs."""
        return self.estimate.mean

    @property
    def interval(self) -> tuple[float, float]:
        """The 95% interval of the mean; with one parameter set it holds run-to-run noise alone."""
        return self.estimate.interval()

    def __str__(self) -> str:
        doubt = f"{self.estimate.interval_words('+.2f')}, {len(self.values)} runs"
        return f"{self.name} {self.when}: {self.mean:+.2f} ({doubt})"


def paired_effect(pair: Pair, name: str = "reengagement", months_after: int = WITHIN, at: str | None = None) -> Effect:
    """Return the paired effect on a series, some months after the war's end, or in a month.

    Parameters
    ----------
    pair
        The two ensembles.
    name
        A state, a measure or a lever; the effect has its unit.
    months_after
        Counted from the first month of peace in the first scenario, or in the second where the war does not end in the
        first.
    at
        A month, YYYY-MM, instead.

    Raises
    ------
    ValueError
        If the war ends in neither and no month is given, or if no run can be judged within the horizon.
    """
    one, other, shared = pair.one, pair.other, pair.shared_months
    gap = one.array(name)[:, :shared] - other.array(name)[:, :shared]
    if at is not None:
        place = np.full(len(gap), months.index(at))
        when = f"in {at}"
    else:
        ending = one if war_ended(one).any() else other
        if not war_ended(ending).any():
            raise ValueError("the war ends in neither scenario; say in which month to compare: at='YYYY-MM'")
        place = np.where(war_ended(ending), ending.war_end + months_after, shared)
        when = f"{months_after} months after the war's end"
    judged = place < shared
    if not judged.any():
        raise ValueError(f"no run lasts until {when}; the horizon ends in {months.name(shared - 1)}")
    values = gap[judged, place[judged]]
    runs = pd.Index(one.runs[judged], name="run")
    owners = pd.Series(owners_of(one, other)[judged], index=runs, name="set")
    return Effect(name, when, pd.Series(values, index=runs, name=name), owners, int((~judged).sum()))
