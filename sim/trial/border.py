"""The border with China is forecast, not given: held where it was until it opens, and when that is, is drawn.

A border that has been less than open for T months stays so for another t with the chance T / (T + t): the longer it has
lasted, the longer it will. Nothing else is taken to be known of it. It begins to open in the first month of a quarter,
and is open after :data:`OPENING` months, as the baseline has it for 2025. That it closes again is not foreseen.
"""

import numpy as np
from numpy.typing import NDArray

from sim.calibration.filtering import history

OPENING = 12


def paths(as_of: int, to: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the paths that the border may take, and how likely each is.

    Parameters
    ----------
    as_of, to
        The last month that is known (March 2019 or later), and a later one, the last that is asked about, since
        2019-01.

    Returns
    -------
    paths
        Openness, shape (paths, months from 2019-01); on the last of them it does not begin to open.
    likely
        One a path; they sum to 1.
    """
    known = held(as_of)
    lasted = as_of - max(month for month, openness in enumerate(known) if openness >= 1.0)
    quarters = np.arange(as_of + 3 - as_of % 3, to + 1, 3)
    left = np.concatenate([[1.0], lasted / (lasted + quarters - as_of)])
    likely = np.append(left[:-1] - left[1:], left[-1])
    begun = np.append(quarters, to)[:, None]
    ahead = np.arange(to + 1)
    before = np.pad(known, (0, to + 1 - len(known)), mode="edge")
    return before + (1.0 - known[-1]) * np.clip((ahead - begun) / OPENING, 0.0, 1.0), likely


def held(as_of: int) -> NDArray[np.float64]:
    """Return how far the border was open to the last quarter that is over, for its path is known by the quarter."""
    return np.array(history().schedule()["border"][: 3 * ((as_of + 1) // 3)])
