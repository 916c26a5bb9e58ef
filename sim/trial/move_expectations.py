"""What the model expected of every lever, month by month, from the states that a record leaves."""

import pandas as pd

from sim.calibration.parameter_sets import Sets
from sim.model import months
from sim.model.moves import LEVERS
from sim.trial.forecasts import MODEL, futures, known_to

COLUMNS = ("month", "capital", "lever", "option", "forecaster", "probability")


def expected_moves(sets: Sets, to: int, runs: int, seed: int, jobs: int = 1) -> pd.DataFrame:
    """Return the chance of every option of every lever in the months after one that is known.

    Parameters
    ----------
    sets
        With the states that runs set out from.
    to
        The last month, since 2019-01.
    runs
        Of each state.

    Returns
    -------
    frame
        :data:`COLUMNS`, in the words of the rules; the chances of a lever in a month sum to 1.
    """
    many, _ = futures(sets, to, runs, seed, jobs)
    rows = []
    for month in range(known_to(sets) + 1, to + 1):
        for place, lever in enumerate(LEVERS):
            for number, option in enumerate(lever.options):
                share = float((many.played[:, month, place] == number).mean())
                rows.append((months.name(month), lever.capital, lever.name, option.name, MODEL, share))
    return pd.DataFrame(rows, columns=list(COLUMNS))
