"""All chance: every random number is a function of (seed, run, month, slot), and of nothing else.

Worker count, block size, run order, horizon and the presence of other runs change nothing, and two scenarios under
one seed share their noise. The generator is counter-based (Philox; Salmon et al. 2011), keyed by (seed, run); a
month takes a row of 64 places, so that a new slot at the end of the list moves no other.
"""

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from sim.model.drivers import NOISES
from sim.model.moves import CAPITALS, LEVERS

# Append-only: a slot's place is part of every result ever made.
SLOTS = (
    *(f"review_{lever.field}" for lever in LEVERS),
    *(f"choose_{lever.field}" for lever in LEVERS),
    "review_deal",
    "choose_deal",
    *NOISES,
    "flood",
    "crisis",
)
# The same for what is drawn once a run.
RUN_SLOTS = ("war_end", *(f"notice_{capital.lower()}" for capital in CAPITALS))

WIDTH = 64
SLOT = {name: place for place, name in enumerate(SLOTS)}
RUN_SLOT = {name: place for place, name in enumerate(RUN_SLOTS)}
_FIRST_NOISE = SLOT[NOISES[0]]
_HALF_A_STEP = 2.0**-54  # keeps a draw of exactly 0 off the infinite end of the normal


def uniforms(seed: int, run: int, months: int) -> NDArray[np.float64]:
    """Return the uniform draws of one run on [0, 1).

    Returns
    -------
    array of shape (1 + months, 64)
        Row 0 holds what is drawn once a run, row 1 + t the draws of month t.
    """
    bits = np.random.Philox(key=np.array([seed, run], dtype=np.uint64))
    return np.random.Generator(bits).random((1 + months, WIDTH))


def normals(draws: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the standard normal noises that belong to monthly uniform draws, shape (..., 7)."""
    place = slice(_FIRST_NOISE, _FIRST_NOISE + len(NOISES))
    return ndtri(draws[..., place] + _HALF_A_STEP)


def whole(draw: float, low: int, high: int) -> int:
    """Return the whole number between low and high, both included, that a uniform draw falls on."""
    return low + min(int(draw * (high - low + 1)), high - low)
