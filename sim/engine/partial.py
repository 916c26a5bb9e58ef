"""Ensembles that keep some of the series alone: a sweep and the page need few, and many runs fit into memory."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from sim.engine.runs import SERIES, Ensemble
from sim.model.world import WORLD_FIELDS


class Partial(Ensemble):
    """Runs of which only the series of :attr:`kept` were recorded; their states hold these, in this order."""

    def array(self, name: str) -> NDArray[np.float64]:
        """Return one of the series kept, or the option values of a lever, for all months: shape (runs, months).

        Raises
        ------
        KeyError
            If there is no such series, or it is not kept.
        """
        if name in SERIES and name not in self.kept:
            raise KeyError(f"no series {name!r} is kept here; kept are {', '.join(self.kept)}, and all levers")
        return super().array(name)


def recorded(names: Sequence[str]) -> tuple[str, ...]:
    """Return the rows of the workspace that hold these states and measures."""
    return tuple(f"{'world' if name in WORLD_FIELDS else 'measure'}.{name}" for name in names)
