"""Parameter sets, and which of them a run gets."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from sim.engine.start_state import StartState
from sim.scenario.source import Source

_GOLDEN = (5.0**0.5 - 1.0) / 2.0


@dataclass(frozen=True, eq=False)
class Sets:
    """Parameter sets.

    Attributes
    ----------
    values
        A row a set, numbered from 0; a column a parameter.
    weights
        One a set; they sum to 1.
    source
        Where they come from.
    states
        Where runs with these sets set out from, one a set; from January 2019 where there are none.
    """

    values: pd.DataFrame
    weights: NDArray[np.float64]
    source: Source
    states: StartState | None = None

    def __len__(self) -> int:
        return len(self.values)

    def __str__(self) -> str:
        """Return in words which they are."""
        many = "1 parameter set" if len(self) == 1 else f"{len(self):,} parameter sets"
        said = f"parameters: {self.source}" if self.values.columns.empty else f"{many}: {self.source}"
        return said.replace("sets: sets ", "sets ")

    def places_of(self, numbers: ArrayLike) -> NDArray[np.int64]:
        """Return which of the sets the runs of these numbers have.

        Any many runs in a row are spread over all sets evenly, by weight (a Weyl sequence with the golden ratio).

        Parameters
        ----------
        numbers
            Of the runs.
        """
        steps = (0.5 + np.asarray(numbers, dtype=np.float64) * _GOLDEN) % 1.0
        places = np.searchsorted(np.cumsum(self.weights), steps)
        return np.minimum(places, len(self) - 1)  # the weights may sum to a little less than 1

    def some(self, count: int | None, seed: int) -> "Sets":
        """Return so many of them, drawn by their weights with a seed; all where not said or where there are fewer.

        Parameters
        ----------
        count
            How many.
        seed
            Of the draw, which has nothing to do with the chance of runs.

        Raises
        ------
        ValueError
            If a number of the hand-set defaults is asked for, which are no draws.
        """
        if count is not None and self.values.columns.empty:
            raise ValueError("ask for a number of parameter sets or for the hand-set defaults, not for both")
        if count is None or count >= len(self):
            return self
        chosen = np.sort(np.random.default_rng(seed).choice(len(self), count, replace=False, p=self.weights))
        return equally_weighted(self.values.iloc[chosen], self.source, self.states and self.states.select(chosen))


def equally_weighted(values: pd.DataFrame, source: Source, states: StartState | None = None) -> Sets:
    """Return sets that count alike.

    Parameters
    ----------
    values
        A row a set, a column a parameter; there may be no rows.
    source
        Where they come from.
    states
        Where runs with these sets set out from, one a set.
    """
    weights = np.full(len(values), 1.0 / max(len(values), 1))  # there may be none
    return Sets(values.reset_index(drop=True).astype("float64"), weights, source, states)


HAND_SET = equally_weighted(pd.DataFrame(index=[0]), Source.DEFAULTS)  # gives nothing: the register's defaults stand
