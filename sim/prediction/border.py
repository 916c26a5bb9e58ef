"""The border with China is forecast, not given.

A border that has begun to open (:data:`BEGUN` or more) goes on opening: what is still shut of it shrinks at a pace that
nobody knows, so each of :data:`RECOVERY` is as likely. One that is shut waits: after T months it stays so for another t
with the chance T / (T + t), for the longer it has lasted, the longer it will. It begins to open in the first month of a
quarter, and is open after :data:`OPENING` months. That a border closes again is not foreseen.

Delegations wait so too while they are shut out, and cross from the month in which their border opens.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.inference.filtering import recorded_world
from sim.model import months
from sim.registers.record import CLOSED

OPENING = 12
BEGUN = 0.05  # the least openness of a border that has begun to open
RECOVERY = (9.0, 18.0, 36.0, np.inf)  # months in which what is shut falls to 1 / e of it; infinite: it stays as it is
HELD: tuple[float, ...] = ()  # as in the second sitting, in which every border waits

Values = NDArray[np.float64]


class Openness(NamedTuple):
    """How far the border is open to goods, and whether to delegations: shape (runs, months from 2019-01)."""

    goods: Values
    visits: Values


def paths(as_of: int, to: int, recovery: tuple[float, ...] = RECOVERY) -> tuple[Values, Values]:
    """Return the paths that the border for goods may take, and how likely each is.

    Parameters
    ----------
    as_of, to
        The last month that is known (March 2019 or later), and a later one, the last that is asked about, since
        2019-01.
    recovery
        Paces of a border that has begun to open, in months, one as likely as another; :data:`HELD` makes it wait.

    Returns
    -------
    paths
        Openness, shape (paths, months from 2019-01).
    likely
        One a path; they sum to 1.
    """
    known = openness_until(as_of)
    before = np.pad(known, (0, to + 1 - len(known)), mode="edge")
    if known[-1] >= BEGUN and recovery:
        shut = np.exp(-np.maximum(np.arange(to + 1) - as_of, 0) / np.array(recovery)[:, None])
        return np.where(np.arange(to + 1) <= as_of, before, 1.0 - (1.0 - known[-1]) * shut), _alike(len(recovery))
    lasted = as_of - max(month for month, openness in enumerate(known) if openness >= 1.0)
    begun, likely = _waits(as_of, to, lasted)
    return before + (1.0 - known[-1]) * np.clip((np.arange(to + 1) - begun) / OPENING, 0.0, 1.0), likely


def visit_paths(as_of: int, to: int) -> tuple[Values, Values]:
    """Return the paths of the border for delegations, 0 or 1, and how likely each is; see :func:`paths`."""
    first, last = (months.index(name) for name in CLOSED)
    ahead = np.arange(to + 1)
    known = np.where((first <= ahead) & (ahead <= min(last, as_of)), 0.0, 1.0)
    if known[as_of]:
        return known[None], np.ones(1)
    begun, likely = _waits(as_of, to, as_of - first + 1)
    return np.where(ahead <= as_of, known, ahead > begun).astype(np.float64), likely


def _waits(as_of: int, to: int, lasted: int) -> tuple[NDArray[np.int64], Values]:
    """Return the months in which a shut border begins to open, one a row, and how likely each is.

    The last of them is the last month that is asked about: until then it does not begin.
    """
    quarters = np.arange(as_of + 3 - as_of % 3, to + 1, 3)
    left = np.concatenate([[1.0], lasted / (lasted + quarters - as_of)])
    return np.append(quarters, to)[:, None], np.append(left[:-1] - left[1:], left[-1])


def _alike(count: int) -> Values:
    return np.full(count, 1.0 / count)


def openness_until(as_of: int) -> NDArray[np.float64]:
    """Return how far the border was open to the last quarter that is over, for its path is known by the quarter."""
    return np.array(recorded_world().schedule()["border"][: 3 * ((as_of + 1) // 3)])
