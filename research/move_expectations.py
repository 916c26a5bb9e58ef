"""What the model expected of every lever, month by month, from the states that a record leaves."""

import pandas as pd

from sim.engine.experiment import Experiment
from sim.model import months
from sim.model.moves import LEVERS
from sim.prediction.forecasting import MODEL, futures, last_known_month

COLUMNS = ("month", "capital", "lever", "option", "forecaster", "probability")


def expected_moves(experiment: Experiment, to: int) -> pd.DataFrame:
    """Return the chance of every option of every lever in the months after one that is known.

    Parameters
    ----------
    experiment
        As for :func:`sim.prediction.forecasting.forecast_tables`.
    to
        The last month, since 2019-01.

    Returns
    -------
    frame
        :data:`COLUMNS`, in the words of the rules; the chances of a lever in a month sum to 1.
    """
    many, _ = futures(experiment, to)
    rows = []
    for month in range(last_known_month(experiment.sets) + 1, to + 1):
        for place, lever in enumerate(LEVERS):
            for number, option in enumerate(lever.options):
                share = float((many.played[:, month, place] == number).mean())
                rows.append((months.name(month), lever.capital, lever.name, option.name, MODEL, share))
    return pd.DataFrame(rows, columns=list(COLUMNS))
