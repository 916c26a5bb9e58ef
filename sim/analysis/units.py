"""What a 1 of the model is worth in the world, and the words for it: each number stands here alone."""

from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

Numbers = TypeVar("Numbers", float, "NDArray[np.float64]", "pd.Series[float]", "pd.DataFrame")  # of one unit
MILLION_USD = 240.0  # a month, at a china_flow or russia_flow of 1
MILLION_SHELLS = 0.5  # a month, at an arms_flow of 1
WORKERS_IN_CHINA, WORKERS_IN_RUSSIA = 70_000, 50_000  # at 1
SHELLS_SINCE = "2023-09"  # from when delivered shells are counted
KINDS = ("trade", "arms", "workers in China", "workers in Russia")


def growth_percent(now: Numbers, before: Numbers | float) -> Numbers:
    """Return by how many per cent something has grown.

    Parameters
    ----------
    now, before
        Numbers, arrays or frames of one unit.
    """
    return 100.0 * (now / before - 1.0)


def unit(kind: str) -> str:
    """Return in words what a 1 of one of the :data:`KINDS` stands for.

    Parameters
    ----------
    kind
        One of :data:`KINDS`.
    """
    says = {
        "trade": f"{MILLION_USD:g} m USD a month",
        "arms": f"{MILLION_SHELLS:g} m shells a month",
        "workers in China": f"about {WORKERS_IN_CHINA:,}",
        "workers in Russia": f"about {WORKERS_IN_RUSSIA:,}",
    }
    return f"1 = {says[kind]}"
