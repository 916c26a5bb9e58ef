"""What can be said of a share of pairs when nobody knows how the two runs of a pair belong together.

That a run with an end is at least so many points above one without hangs on which two runs are compared. The two
distributions are all that an experiment shows; a *pairing* says more. Fan and Park (2010) review what is known of it.
"""

import numpy as np
from numpy.typing import NDArray

Values = NDArray[np.float64]


def shares_ahead(one: Values, other: Values, points: float) -> dict[str, float]:
    """Return the share of pairs in which ``one`` is at least so many points above ``other``, by pairing.

    Parameters
    ----------
    one, other
        As many runs of each, in any order.
    points
        In the unit of the runs.

    Returns
    -------
    dict
        ``least`` and ``most``: the bounds that no pairing can leave, and that some pairing reaches (Makarov 1982).
        ``alike``: high with high, low with low; ``opposed``: high with low; ``independent``: each with each.
    """
    first, second = np.sort(one), np.sort(other) + points
    count = len(first)
    # How many of each lie below a value; the bounds are found where one of the two steps.
    below = np.searchsorted(first, second, "left") - np.arange(1, count + 1)
    above = np.arange(1, count + 1) - np.searchsorted(second, first, "right")
    return {
        "least": float(max(-below.min(), 0) / count),
        "opposed": float((first >= second[::-1]).mean()),
        "independent": float(np.searchsorted(second, first, "right").mean() / count),
        "alike": float((first >= second).mean()),
        "most": float(1.0 - max(above.max(), 0) / count),
    }
