"""A row a run: what became of it, whether Pyongyang drifted back, and a fingerprint of all its months."""

import hashlib

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.analysis.definitions import WITHIN, drift
from sim.analysis.run_outcomes import outcomes
from sim.engine.ensemble import Ensemble, war_ended
from sim.engine.experiment import Experiment
from sim.engine.mesa.single_run import Run
from sim.engine.war_end import NEVER
from sim.model import months
from sim.model.moves import LEVERS
from sim.scenario.plain_data import NO_END

# The states and measures that the columns are made of, and that the fingerprint covers.
STATES = (
    "china_flow",
    "workers_in_china",
    "arms_flow",
    "russia_flow",
    "capability",
    "tension",
    "allied_buildup",
    "reengagement",
    "relative_alignment",
    "influence",
)
AROUND_THE_END = ("reengagement", "influence", "china_flow", "arms_flow")


def rows_of(many: Ensemble, control: Ensemble) -> pd.DataFrame:
    """Return a row a run.

    Parameters
    ----------
    many
        An ensemble with :data:`STATES` kept.
    control
        The same runs in the world without an end; ``many`` itself where it has none.
    """
    with np.errstate(invalid="ignore"):  # of runs that left the finite numbers; they are marked below
        drifted = drift(many, control)
        frame = outcomes(many, drifted).reset_index(drop=True)
    judged = drifted.judged.to_numpy(dtype=bool)
    for suffix, time in (("", drifted.time), ("_without_end", drifted.control)):
        for name in time:
            frame[f"{name}{suffix}"] = np.where(judged, time[name].notna(), np.nan)
    for name in AROUND_THE_END:
        frame[f"{name}_year_before_end"], frame[f"{name}_24_months_after"] = _around_the_end(many, name, judged)
    numbers = [name for name in frame if name != "war_ends"]
    frame = frame.astype(dict.fromkeys(numbers, "float64"))
    broken = ~(np.isfinite(many.states.sum(axis=(1, 2))) & np.isfinite(control.states.sum(axis=(1, 2))))
    frame.loc[broken, numbers] = np.nan
    frame["fingerprint"] = fingerprints(many)
    frame["error"] = pd.Series("a state left the finite numbers", frame.index).where(pd.Series(broken), None)
    return frame


def _around_the_end(
    many: Ensemble, name: str, judged: NDArray[np.bool_]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the mean of the year before the war's end and the value 24 months after it; NaN where there is none."""
    series, month = many.array(name), np.arange(many.states.shape[1])
    end = np.where(war_ended(many), many.war_end, 0)[:, None]
    year = (month >= end - 12) & (month < end)
    before = np.where(war_ended(many), (series * year).sum(axis=1) / np.maximum(year.sum(axis=1), 1), np.nan)
    after = series[np.arange(len(series)), np.minimum(end[:, 0] + WITHIN, series.shape[1] - 1)]
    return before, np.where(judged, after, np.nan)


def fingerprints(many: Ensemble) -> NDArray[np.int64]:
    """Return 64 bits a run that change with any kept state or move in any month reported.

    Parameters
    ----------
    many
        An ensemble with :data:`STATES` kept.

    Returns
    -------
    array of shape (runs,)
    """
    first = many.scenario.first  # a world simulated in the Mesa engine shows no earlier months either
    runs = zip(many.states[:, first:], many.played[:, first:], many.war_end.tolist(), strict=True)
    return np.array([_digest(*run) for run in runs], dtype=np.int64)


def run_fingerprint(run: Run) -> int:
    """Return the fingerprint of a world simulated in the Mesa engine.

    Parameters
    ----------
    run
        A run of the Mesa engine.
    """
    states = run.series[list(STATES)].to_numpy(np.float64)
    places = [
        [names.index(option) for option in run.moves[lever.field]]
        for lever in LEVERS
        for names in [[option.name for option in lever.options]]
    ]
    return _digest(states, np.array(places, dtype=np.int8).T, NEVER if run.war_end is None else run.war_end)


def _digest(states: NDArray[np.float64], played: NDArray[np.int8], war_end: int) -> int:
    positive = states + 0.0  # so that -0.0 and 0.0, which are equal, look the same
    digest = hashlib.blake2b(np.ascontiguousarray(positive).data, digest_size=8)
    digest.update(np.ascontiguousarray(played).data)
    digest.update(months.name(war_end).encode() if war_end < NEVER else NO_END.encode())
    return int.from_bytes(digest.digest(), "little", signed=True)


def failed_row(alone: Experiment, why: str) -> pd.DataFrame:
    """Return the row of a run that could not be simulated: the usual columns, with nothing in them but the reason.

    Parameters
    ----------
    alone
        The run, of a scenario with the numbers of its point.
    why
        The reason, a sentence.
    """
    nothing = np.full((1, alone.scenario.horizon, len(STATES)), np.nan)
    still = np.zeros((1, alone.scenario.horizon, len(LEVERS)), dtype=np.int8)
    many = Ensemble(alone, np.array([NEVER]), nothing, still, STATES)
    return rows_of(many, many).assign(war_ends=None, fingerprint=0, error=why)
