"""All chance: every random number is a function of (seed, run, month, slot), and of nothing else.

Worker count, block size, run order, horizon and the presence of other runs change nothing, and two scenarios under
one seed share their noise. The generator is counter-based (Philox 4x32 with ten rounds; Salmon et al. 2011): its key
is the seed; its counter holds the run, the month and a pair of slots. Written in plain arithmetic it serves numpy
arrays here and single lanes in the compiled engine, so both engines draw from the same lines.
"""

import math

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sim.model.saturation import if_below, logarithm

Words = NDArray[np.uint64]  # 32 bits each

# Append-only, and written out: a slot's place is part of every result ever made. What is drawn every month:
SLOTS = (
    "review_beijing_trade", "review_beijing_workers", "review_beijing_leash", "review_beijing_bloc",
    "review_beijing_toward_west", "review_deal_arms", "review_deal_pay", "review_deal_technology",
    "review_moscow_labour", "review_moscow_cover", "review_pyongyang_toward_beijing", "review_pyongyang_toward_moscow",
    "review_pyongyang_provoke", "review_pyongyang_talks", "review_washington_sanction", "review_washington_posture",
    "review_washington_toward_beijing", "review_seoul_north", "review_seoul_toward_beijing", "choose_beijing_trade",
    "choose_beijing_workers", "choose_beijing_leash", "choose_beijing_bloc", "choose_beijing_toward_west",
    "choose_deal_arms", "choose_deal_pay", "choose_deal_technology", "choose_moscow_labour", "choose_moscow_cover",
    "choose_pyongyang_toward_beijing", "choose_pyongyang_toward_moscow", "choose_pyongyang_provoke",
    "choose_pyongyang_talks", "choose_washington_sanction", "choose_washington_posture",
    "choose_washington_toward_beijing", "choose_seoul_north", "choose_seoul_toward_beijing", "review_deal",
    "choose_deal", "noise_beijing_pyongyang", "noise_moscow_pyongyang", "noise_beijing_moscow",
    "noise_beijing_washington", "noise_beijing_seoul", "noise_washington_pyongyang", "noise_seoul_pyongyang", "flood",
    "crisis",
    "review_beijing_visits", "choose_beijing_visits",
)  # fmt: skip
# What is drawn once a run:
RUN_SLOTS = (
    "war_end", "notice_beijing", "notice_moscow", "notice_pyongyang", "notice_washington", "notice_seoul",
)  # fmt: skip

SLOT = {name: place for place, name in enumerate(SLOTS)}
RUN_SLOT = {name: place for place, name in enumerate(RUN_SLOTS)}
PAIRS = (len(SLOTS) + 1) // 2  # one turn of the generator gives two draws
UNUSED = ("unused",) * (2 * PAIRS - len(SLOTS))
ONCE = 0  # the row of what is drawn once a run; month t has row 1 + t

_LOW, _HALF, _SPARE = np.uint64(0xFFFFFFFF), np.uint64(32), np.uint64(11)
_TURN_0, _TURN_1 = np.uint64(0xD2511F53), np.uint64(0xCD9E8D57)
_BUMP_0, _BUMP_1 = np.uint64(0x9E3779B9), np.uint64(0xBB67AE85)


def philox(a: Words, b: Words, c: Words, d: Words, key: Words, key_high: Words) -> tuple[Words, Words, Words, Words]:
    """Return four random 32-bit words for a counter of four words and a key of two, all held in unsigned 64 bits.

    Parameters
    ----------
    a, b, c, d
        The counter: numbers or arrays of 32-bit words.
    key, key_high
        The key.
    """
    for _ in range(10):
        first, second = _TURN_0 * (a & _LOW), _TURN_1 * (c & _LOW)
        a, b, c, d = (second >> _HALF) ^ b ^ key, second & _LOW, (first >> _HALF) ^ d ^ key_high, first & _LOW
        key, key_high = (key + _BUMP_0) & _LOW, (key_high + _BUMP_1) & _LOW
    return a, b, c, d


def units(a: Words, b: Words, c: Words, d: Words) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return four random words as two numbers on [0, 1), of 53 bits each.

    Parameters
    ----------
    a, b, c, d
        32-bit words.
    """
    # multiplied and added rather than shifted together: exact too, and the compiler puts eight lanes into one step
    return (a * 2.0**21 + (b >> _SPARE)) * 2.0**-53, (c * 2.0**21 + (d >> _SPARE)) * 2.0**-53


def split_words(number: ArrayLike) -> tuple[Words, Words]:
    """Return the low and the high 32 bits of whole numbers.

    Parameters
    ----------
    number
        Whole numbers from 0 to 2**64 - 1.
    """
    whole_number = np.asarray(number, dtype=np.uint64)
    return whole_number & _LOW, whole_number >> _HALF


def check_seed(seed: int) -> int:
    """Return a seed that chance can be made from.

    Parameters
    ----------
    seed
        Whatever was said.

    Raises
    ------
    ValueError
        If it is none.
    """
    if isinstance(seed, bool) or not isinstance(seed, int | np.integer) or not 0 <= seed < 2**64:
        raise ValueError(f"seed {seed}: a seed is a whole number from 0 to 2**64 - 1")
    return int(seed)


def uniforms(seed: int, runs: ArrayLike, rows: ArrayLike) -> NDArray[np.float64]:
    """Return uniform draws on [0, 1).

    Parameters
    ----------
    seed
        A whole number from 0.
    runs, rows
        Numbers of runs, and of rows (:data:`ONCE`, or 1 + month); whole numbers or arrays that broadcast.

    Returns
    -------
    array of the broadcast shape and one axis more, with a place for each of :data:`SLOTS` (or :data:`RUN_SLOTS`)

    Raises
    ------
    ValueError
        If the seed is none.
    """
    run, row = np.broadcast_arrays(np.asarray(runs, np.uint64)[..., None], np.asarray(rows, np.uint64)[..., None])
    pairs = np.arange(PAIRS, dtype=np.uint64)
    drawn = np.stack(units(*philox(pairs, row, *split_words(run), *split_words(check_seed(seed)))), axis=-1)
    return drawn.reshape(*drawn.shape[:-2], 2 * PAIRS)


# Coefficients of the normal quantile, highest power first (Wichura 1988, algorithm AS 241, routine PPND16). The first
# of the second row is published as 5226.4952788528545610: the slip stays, for every draw ever made has it. What the
# routine has beyond exp(-25) is left out.
MIDDLE = (
    (2509.0809287301226727, 33430.575583588128105, 67265.770927008700853, 45921.953931549871457,
     13731.693765509461125, 1971.5909503065514427, 133.14166789178437745, 3.387132872796366608),
    (5226.495278852545925, 28729.085735721942674, 39307.89580009271061, 21213.794301586595867,
     5394.1960214247511077, 687.1870074920579083, 42.313330701600911252, 1.0),
)  # fmt: skip
TAIL = (
    (7.7454501427834140764e-4, 0.0227238449892691845833, 0.24178072517745061177, 1.27045825245236838258,
     3.64784832476320460504, 5.7694972214606914055, 4.6303378461565452959, 1.42343711074968357734),
    (1.05075007164441684324e-9, 5.475938084995344946e-4, 0.0151986665636164571966, 0.14810397642748007459,
     0.68976733498510000455, 1.6763848301838038494, 2.05319162663775882187, 1.0),
)  # fmt: skip


def standard_normal(draw: float) -> float:
    """Turn a uniform draw on [0, 1) into a standard normal one.

    Good to 1e-11 wherever a draw can fall.

    Parameters
    ----------
    draw
        On [0, 1).
    """
    away = draw - 0.5
    near = 0.180625 - away * away
    middle = away * _ratio(MIDDLE, near)
    edge = math.sqrt(-logarithm(min(draw, 1.0 - draw)))
    tail = _ratio(TAIL, edge - 1.6)
    return if_below(near, 0.0, if_below(away, 0.0, -tail, tail), middle)


def _ratio(coefficients: tuple[tuple[float, ...], tuple[float, ...]], x: float) -> float:
    above, below = 0.0, 0.0
    for over, under in zip(*coefficients, strict=True):
        above, below = above * x + over, below * x + under
    return above / below


def whole(draw: NDArray[np.float64], low: int | NDArray[np.int64], high: int | NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the whole numbers between low and high, both included, that uniform draws fall on.

    Parameters
    ----------
    draw
        On [0, 1); numbers or arrays.
    low, high
        Whole numbers, of the shape of the draws or one for all.
    """
    steps = np.asarray(high) - low
    return low + np.minimum(np.asarray(draw * (steps + 1)).astype(np.int64), steps)
