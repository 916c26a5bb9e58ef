"""When the war ends: in which month of each run, and when each capital notices it.

A scenario says it (``war: ends``, :mod:`sim.scenario.war_and_drivers`): a month, months to draw from, or never. Each
run draws its own month here. Forecasts take theirs from what was expected (:mod:`sim.prediction.forecasting`).
"""

import numpy as np
from numpy.typing import NDArray

from sim.engine import draws
from sim.model.capitals import CAPITALS
from sim.scenario.schema import Scenario

NEVER = 1_000_000  # the month of peace in a world whose war does not end


def span_of_end(scenario: Scenario) -> tuple[int, int]:
    """Return the first and the last month that peace can begin in, since 2019-01; both :data:`NEVER` if it does not.

    Parameters
    ----------
    scenario
        Any.
    """
    end = scenario.war_end
    if end is None:
        return NEVER, NEVER
    return (end, end) if isinstance(end, int) else end


def draw_war_end(span: tuple[int, int], once: NDArray[np.float64]) -> NDArray[np.int64]:
    """Return the first month of peace of each run, from its row of once-a-run draws.

    Parameters
    ----------
    span
        See :func:`span_of_end`.
    once
        Draws on [0, 1), shape (runs, slots).

    Returns
    -------
    array of shape (runs,), months since 2019-01
    """
    low, high = span
    return draws.whole(once[:, draws.RUN_SLOT["war_end"]], low, high)


def draw_notice(once: NDArray[np.float64], most: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return after how many months each capital notices the war's end, shape (runs, capitals); Moscow at once.

    Parameters
    ----------
    once
        Draws on [0, 1), shape (runs, slots).
    most
        Months at most, one a run.
    """
    places = [draws.RUN_SLOT[f"notice_{capital.lower()}"] for capital in CAPITALS]
    delay = draws.whole(once[:, places], 0, most.astype(np.int64)[:, None]).astype(float)
    delay[:, CAPITALS.index("Moscow")] = 0.0
    return delay
