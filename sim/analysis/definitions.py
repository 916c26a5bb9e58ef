"""Whether Pyongyang drifted back to Beijing: five definitions fixed in advance, reported together.

These are analysis, never rules: nothing under ``sim/model`` reads them. Months are counted from 2019-01; the end of
the war is the first month of peace, and 24 months after it is the month 24 later. Each definition is also read in
the paired world without an end, at the same months, for much of it comes true there too.
"""

from calendar import month_name
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import ArrayLike, NDArray

from sim.engine.ensemble import Ensemble, war_ended
from sim.model import months

WITHIN = 24  # months after the end in which a definition must come true
HELD = 6  # months in a row
CAUSAL_POINTS = 5.0
RELATIVE_POINTS = 10.0
USUAL_SUPPORT = 0.95

RECOVERED = ("2023-01", "2023-12")  # D1 asks for the mean of these months
INFLUENTIAL = ("2023-05", "2023-08")  # and D5 for that of these
TITLES = {
    "D1": "recovery",
    "D2": "causal, the one that decides",
    "D3": "relative",
    "D4": "observables",
    "D5": "influence",
}
DEFINITIONS = tuple(TITLES)

Bools = NDArray[np.bool_]


def describe_definitions() -> dict[str, str]:
    """Return the definitions in words, by name: what each is called, and its rule."""
    return {name: f"{TITLES[name]}: {rule}" for name, rule in describe_rules().items()}


def describe_rules() -> dict[str, str]:
    """Return what each definition asks for, by name."""
    held, within = f"for {number_word(HELD)} months in a row", f"within {WITHIN} months of the end"
    return {
        "D1": f"re-engagement back at its mean of {_span(*RECOVERED)} {held}, {within}",
        "D2": f"{WITHIN} months after the end, re-engagement is at least "
        f"{CAUSAL_POINTS:g} points higher than in the same run with the war going on",
        "D3": f"{held}, {within}, alignment with Beijing rather than Moscow is at least "
        f"{RELATIVE_POINTS:g} points higher than in the year before the end",
        "D4": f"{within}, trade is back at its level of 2019, in the past year Pyongyang has courted "
        "Beijing at least once and never slighted it, and at least as many workers are in China as a year before",
        "D5": f"Beijing's influence back at its mean of {_span(*INFLUENTIAL)} {held}, {within}",
    }


def is_clearly_closer(effect: ArrayLike) -> Bools:
    """Return whether an effect on re-engagement counts as clearly closer to Beijing (D2).

    Parameters
    ----------
    effect
        Re-engagement less that of the same run with the war going on, two years after the end, in points of 100.

    Examples
    --------
    >>> is_clearly_closer([4.9, 5.0]).tolist()
    [False, True]
    """
    return np.asarray(effect) >= CAUSAL_POINTS


def causal_points() -> str:
    """Return in words by how much a run has to lead its control to count as clearly closer (D2)."""
    return f"{CAUSAL_POINTS:g} points"


def period() -> str:
    """Return in words how long after the end the effect is read."""
    years = WITHIN / 12
    if years != int(years):
        return f"{WITHIN} months"
    return "a year" if years == 1 else f"{number_word(int(years))} years"


def number_word(count: int) -> str:
    """Return a small whole number as a word.

    Parameters
    ----------
    count
        From 0; above twelve it is written in digits.
    """
    words = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
    return words[count] if count < len(words) else str(count)


def _span(first: str, last: str) -> str:
    """Return months in words: a whole year as its number, others by name."""
    (year, one), (until, other) = first.split("-"), last.split("-")
    if year == until and (one, other) == ("01", "12"):
        return year
    return f"{month_name[int(one)]} to {month_name[int(other)]} {until}"


@dataclass(frozen=True, eq=False)
class Drift:
    """The five definitions for every run whose war ends; shares are of those that can be judged.

    Attributes
    ----------
    time
        A row a run, a column a definition: months from the end until it came true; NaN where it was not seen to within
        24 months and the horizon. A run that is not judged has times as far as it was watched, but none for D2, which
        month 24 decides.
    control
        The same read in the paired world without an end; D2 is not defined there.
    judged
        Runs whose war ends at least 24 months before the horizon. The others are censored.
    effect
        Re-engagement less that of the world without an end, 24 months after the end; NaN where censored.
    """

    time: pd.DataFrame
    control: pd.DataFrame
    judged: pd.Series
    effect: pd.Series

    @property
    def came_true(self) -> pd.DataFrame:
        """Which definitions came true, for the judged runs alone."""
        return self.time[self.judged].notna()

    @property
    def share(self) -> pd.Series:
        """The share of judged runs in which each definition came true."""
        return self.came_true.mean()


def drift(many: Ensemble, control: Ensemble) -> Drift:
    """Judge an ensemble against its world without an end, run by run.

    Parameters
    ----------
    many
        An ensemble with re-engagement and what the definitions read kept.
    control
        The same runs without an end of the war.
    """
    ended = war_ended(many)
    end = np.where(ended, many.war_end, 0)
    horizon = many.states.shape[1]
    judged = ended & (end + WITHIN < horizon)
    gap = many.array("reengagement") - control.array("reengagement")
    at = np.minimum(end + WITHIN, horizon - 1)
    effect = np.where(judged, gap[np.arange(len(gap)), at], np.nan)
    index = pd.Index(many.runs, name="run")
    time = _times(many, end, ended)
    time["D2"] = np.where(judged & is_clearly_closer(effect), _first_after(is_clearly_closer(gap), end), np.nan)
    return Drift(
        pd.DataFrame(time, index=index)[list(DEFINITIONS)],
        pd.DataFrame(_times(control, end, ended), index=index),
        pd.Series(judged, index=index, name="judged"),
        pd.Series(effect, index=index, name="effect"),
    )


def _times(world: Ensemble, end: NDArray[np.int64], ended: Bools) -> dict[str, NDArray[np.float64]]:
    """Return for D1, D3, D4 and D5 the months from the end until they were seen to come true within 24, else NaN."""
    engaged = world.array("reengagement")
    held = {
        "D1": _held(engaged >= level_before(world)[:, None], HELD),
        "D3": _held(_relative(world.array("relative_alignment"), end), HELD),
        "D4": _observables(world),
        "D5": _held(world.array("influence") >= _mean(world.array("influence"), *INFLUENTIAL), HELD),
    }
    lead = {"D1": HELD, "D3": HELD, "D4": 1, "D5": HELD}
    first_months = {name: _first_after(true, end + lead[name] - 1) + lead[name] - 1 for name, true in held.items()}
    return {name: np.where(ended & (after <= WITHIN), after, np.nan) for name, after in first_months.items()}


def level_before(world: Ensemble) -> NDArray[np.float64]:
    """Return each run's own mean of re-engagement in :data:`RECOVERED`, the level that D1 asks for; NaN where cut off.

    Parameters
    ----------
    world
        An ensemble.
    """
    return _mean(world.array("reengagement"), *RECOVERED)[:, 0]


def _mean(series: NDArray[np.float64], first: str, last: str) -> NDArray[np.float64]:
    seen = series[:, months.index(first) : months.index(last) + 1]
    return seen.mean(axis=1, keepdims=True) if seen.size else np.full((len(series), 1), np.nan)


def _held(true: Bools, run: int) -> Bools:
    """Return where a condition has been true for that many months in a row, this one included."""
    window = sliding_window_view(np.pad(true, ((0, 0), (run - 1, 0))), run, axis=1)
    return np.asarray(window.all(axis=-1))


def _relative(alignment: NDArray[np.float64], end: NDArray[np.int64]) -> Bools:
    place = np.arange(alignment.shape[1])[None, :]
    year_before = (place >= end[:, None] - 12) & (place < end[:, None])
    before = (alignment * year_before).sum(axis=1) / np.maximum(year_before.sum(axis=1), 1)
    return alignment >= before[:, None] + RELATIVE_POINTS


def _observables(world: Ensemble) -> Bools:
    flow, workers = world.array("china_flow"), world.array("workers_in_china")
    stance = world.array("pyongyang_toward_beijing")
    quarter = sliding_window_view(np.pad(flow, ((0, 0), (2, 0)), mode="edge"), 3, axis=1).mean(axis=-1)
    courted = _any_of_last(stance == 1.0, 12)
    slighted = _any_of_last(stance == -1.0, 12)
    year_ago = np.concatenate([np.repeat(workers[:, :1], 12, axis=1), workers], axis=1)[:, : workers.shape[1]]
    return (quarter >= USUAL_SUPPORT) & courted & ~slighted & (workers >= year_ago)


def _any_of_last(true: Bools, run: int) -> Bools:
    window = sliding_window_view(np.pad(true, ((0, 0), (run - 1, 0))), run, axis=1)
    return np.asarray(window.any(axis=-1))


def _first_after(true: Bools, start: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return the months from ``start`` to the first true month at or after it; infinite where there is none."""
    later = true & (np.arange(true.shape[1])[None, :] >= start[:, None])
    return np.where(later.any(axis=1), later.argmax(axis=1) - start, np.inf)
