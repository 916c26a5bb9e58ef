"""A single run in the batch engine: its rows are numbers, not columns. An array of one costs as much as one of fifty.

The stages are the same; what they call is given in a form for numbers, with the same bits.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.engine.draws import philox, units

Rows = list[Any]


def bind_scalar_stages(stages: dict[str, Any], columns: dict[str, Any]) -> None:
    """Make stages work on numbers.

    Parameters
    ----------
    stages, columns
        The names of the module, read twice: of these stages, and of those that work on columns.
    """
    constants = {name: value[()] for name, value in stages.items() if isinstance(value, np.ndarray) and not value.ndim}
    pairs = np.arange(columns["PAIRS"], dtype=np.uint64)[:, None]
    chance, month, bundle = (columns[name] for name in ("CHANCE", "month", "bundle"))
    read, scored = (*columns["READ_BY_BUNDLES"], month), [int(row) for row in columns["TABLE"][1:]]

    def fill(m: Rows, row: int, value: float) -> None:
        m[row] = np.float64(value)

    def fill_runs(m: Rows, row: int, values: NDArray[np.float64]) -> None:
        m[row] = values[0]

    def roll(m: Rows, row: int, seed: Any, seed_high: Any, run: Any, run_high: Any) -> None:
        both = units(*philox(pairs, np.array([row], dtype=np.uint64), run, run_high, seed, seed_high))
        m[chance : chance + 2 * len(pairs)] = np.stack(both, axis=1).ravel()

    def score_bundles(m: Rows, limits: NDArray[np.float64]) -> None:
        wide = {row: np.full(1, m[row]) for row in read}
        columns["score_bundles"](wide, limits)
        for row in scored:
            m[row] = wide[row][0]

    def take_bundle(m: Rows, row: int, part: int) -> None:
        m[row] = columns["BUNDLE"][int(m[bundle]), part]

    stages |= constants | {
        "where": lambda true, one, other: one if true else other,
        "maximum": lambda x, least: least if x < least else x,
        "minimum": lambda x, most: most if most < x else x,
        "power": lambda x, exponent: np.float64(columns["plain_power"](x, exponent)),
        "fill": fill, "fill_runs": fill_runs, "roll": roll, "score_bundles": score_bundles, "take_bundle": take_bundle,
    }  # fmt: skip
