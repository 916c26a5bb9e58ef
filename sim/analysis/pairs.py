"""Two scenarios under the same chance: the effect of their difference, run by run."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from sim.analysis.estimates import Estimate, estimate, owners_of
from sim.engine.ensemble import Ensemble, ends, simulate
from sim.model import months
from sim.model.moves import LEVERS
from sim.scenario.schema import Scenario


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


@dataclass(frozen=True)
class Divergence:
    """Where two runs part: the month, the levers moved differently, the states that differ already."""

    month: str
    levers: tuple[str, ...]
    states: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class Pair:
    """Two ensembles that share their chance: ``one`` is compared with ``other``."""

    one: Ensemble
    other: Ensemble

    def difference(self, name: str) -> pd.DataFrame:
        """Return one less other: a row a run, a column a month that both report.

        Parameters
        ----------
        name
            A state, a measure or a lever.

        Raises
        ------
        KeyError
            If there is no such series, or it is not kept.
        """
        first, second = self.one.series(name), self.other.series(name)
        shared = first.columns.intersection(second.columns)
        return first[shared] - second[shared]

    def effect(self, name: str = "reengagement", months_after: int = 24, at: str | None = None) -> Effect:
        """Return the paired effect on a series, some months after the war's end, or in a month.

        Parameters
        ----------
        name
            A state, a measure or a lever; the effect has its unit.
        months_after
            Counted from the first month of peace in the first scenario, or in the second where the war does not
            end in the first.
        at
            A month, YYYY-MM, instead.

        Raises
        ------
        ValueError
            If the war ends in neither and no month is given, or if no run can be judged within the horizon.
        """
        gap = self.one.array(name)[:, : self._shared] - self.other.array(name)[:, : self._shared]
        if at is not None:
            place = np.full(len(gap), months.index(at))
            when = f"in {at}"
        else:
            ending = self.one if ends(self.one).any() else self.other
            if not ends(ending).any():
                raise ValueError("the war ends in neither scenario; say in which month to compare: at='YYYY-MM'")
            place = np.where(ends(ending), ending.war_end + months_after, self._shared)
            when = f"{months_after} months after the war's end"
        judged = place < self._shared
        if not judged.any():
            raise ValueError(f"no run lasts until {when}; the horizon ends in {months.name(self._shared - 1)}")
        values = gap[judged, place[judged]]
        runs = pd.Index(self.one.runs[judged], name="run")
        owners = pd.Series(owners_of(self.one, self.other)[judged], index=runs, name="set")
        return Effect(name, when, pd.Series(values, index=runs, name=name), owners, int((~judged).sum()))

    def first_divergence(self, run: int) -> Divergence | None:
        """Return where the two sides of one run part, by their moves and the series that both keep; None if never.

        Parameters
        ----------
        run
            Its number.

        Raises
        ------
        KeyError
            If there is no such run in both.
        """
        sides = [(side, np.flatnonzero(side.runs == run)) for side in (self.one, self.other)]
        if not all(len(places) for _, places in sides):
            raise KeyError(f"run {run} is not in both ensembles")
        names = [name for name in self.one.kept if name in self.other.kept]
        (moves, states), (others, beside) = (
            (side.played[places[0]], np.stack([side.array(name)[places[0]] for name in names], axis=-1))
            for side, places in sides
        )
        moved, stated = (
            one[: self._shared] != other[: self._shared] for one, other in ((moves, others), (states, beside))
        )
        parted = np.flatnonzero(moved.any(axis=1) | stated.any(axis=1))
        if not len(parted):
            return None
        month = int(parted[0])
        return Divergence(
            months.name(month),
            tuple(LEVERS[place].field for place in np.flatnonzero(moved[month])),
            tuple(names[place] for place in np.flatnonzero(stated[month])),
        )

    @property
    def _shared(self) -> int:
        return min(self.one.states.shape[1], self.other.states.shape[1])


def compare(one: Scenario, other: Scenario, runs: int, seed: int, jobs: int = 1) -> Pair:
    """Simulate two scenarios under the same chance.

    Parameters
    ----------
    one, other
        The scenarios; effects are ``one`` less ``other``.
    runs
        How many, numbered from 0.
    seed
        A whole number from 0.
    jobs
        Threads.
    """
    return Pair(simulate(one, runs, seed, jobs), simulate(other, runs, seed, jobs))
