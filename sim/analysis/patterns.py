"""The patterns of history, each as one function of an ensemble's months.

A *world* is anything with ``array(name)`` that gives a state, a measure or the option values of a lever, months from
2019-01 along the last axis and runs along the one before; a block of parameter sets has one axis more in front. Each
function returns one value a run, whose mean over the runs is the number that the register bounds
(:func:`sim.registers.targets.bounds`), and whose spread gives the standard error of that number.
"""

from collections.abc import Callable
from typing import Any, Protocol

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from sim.analysis import units
from sim.model import months
from sim.model.moves import LEVER
from sim.registers.record import LAST
from sim.registers.register import registered_parameters

RUSSIA_RECORDED, REST_OF_WORLD = 0.1, 0.02  # recorded share of Russian goods; other trade, in units of china_flow
SINCE = units.SHELLS_SINCE  # from when shells are counted, and the last year before the article begins
SQUEEZE = LEVER["beijing_trade"].options[0].value
MISSILE = LEVER["pyongyang_provoke"].options[2].value

Values = NDArray[Any]  # (..., runs)


class HasSeries(Protocol):
    """Months of runs; see the module."""

    def array(self, name: str) -> NDArray[np.float64]:
        """Return a state, a measure or the option values of a lever, shape (..., runs, months).

        Parameters
        ----------
        name
            Of the state, measure or lever.
        """
        ...


def window(world: HasSeries, name: str, first: str, last: str) -> NDArray[np.float64]:
    """Return the months from first to last, both included.

    Parameters
    ----------
    world
        Anything with ``array(name)``; see the module.
    name
        A state, a measure or a lever.
    first, last
        Months, YYYY-MM, both included.
    """
    return world.array(name)[..., months.index(first) : months.index(last) + 1]


def mean(world: HasSeries, name: str, first: str, last: str) -> Values:
    """Return the mean over the months from first to last, one a run.

    Parameters
    ----------
    world, name, first, last
        As for :func:`window`.
    """
    return np.asarray(window(world, name, first, last).mean(axis=-1))


# --- Numbers that are observed as series too


def trade(world: HasSeries, year: str) -> Values:
    """Return trade with China in a year, million USD.

    Parameters
    ----------
    world
        Anything with ``array(name)``; see the module.
    year
        YYYY.
    """
    return 12.0 * units.MILLION_USD * mean(world, "china_flow", f"{year}-01", f"{year}-12")


def growth(world: HasSeries, year: str) -> Values:
    """Return growth of the Northern economy on the mean of the year before, in %; 2019 against the start.

    Parameters
    ----------
    world, year
        As for :func:`trade`.
    """
    now = mean(world, "economy", f"{year}-01", f"{year}-12")
    if int(year) == months.FIRST_YEAR:
        return np.asarray(units.growth_percent(now, registered_parameters()["start_economy"].default))
    before = f"{int(year) - 1}"
    return np.asarray(units.growth_percent(now, mean(world, "economy", f"{before}-01", f"{before}-12")))


def recorded_trade(
    china: units.Numbers, russia: units.Numbers, rest: units.Numbers | float = REST_OF_WORLD
) -> units.Numbers:
    """Return all recorded trade of the North, from the flows of China and Russia (numbers, arrays or frames).

    Parameters
    ----------
    china, russia
        Flows of goods, 1 as in 2019.
    rest
        Trade with the rest of the world, in the same unit.
    """
    return china + RUSSIA_RECORDED * russia + rest


def share(world: HasSeries, year: str) -> Values:
    """Return China's share of recorded trade in a year, in %; arms and barter go mostly unrecorded.

    Parameters
    ----------
    world, year
        As for :func:`trade`.
    """
    china = mean(world, "china_flow", f"{year}-01", f"{year}-12")
    russia = mean(world, "russia_flow", f"{year}-01", f"{year}-12")
    return 100.0 * china / recorded_trade(china, russia)


def shells(world: HasSeries, month: str) -> Values:
    """Return the shells delivered from September 2023 to the end of a month, million.

    Parameters
    ----------
    world
        Anything with ``array(name)``; see the module.
    month
        YYYY-MM, included.
    """
    return units.MILLION_SHELLS * window(world, "arms_flow", SINCE, month).sum(axis=-1)


SERIES: dict[str, Callable[[HasSeries, str], Values]] = {
    "trade": trade,
    "growth": growth,
    "share": share,
    "shells": shells,
}


# --- The patterns


def three_way(world: HasSeries) -> NDArray[np.bool_]:
    """Return the months in which Beijing joins the bloc, Moscow vetoes, and Pyongyang courts Moscow or more."""
    joins = world.array("beijing_bloc") == 1.0
    return joins & (world.array("moscow_cover") == 1.0) & (world.array("pyongyang_toward_moscow") >= 0.6)


def summit(world: HasSeries) -> NDArray[np.bool_]:
    """Return the months in which Pyongyang courts Beijing and Beijing offers a meeting of leaders."""
    return (world.array("pyongyang_toward_beijing") == 1.0) & (world.array("beijing_visits") == 1.0)


def rupture(world: HasSeries) -> NDArray[np.bool_]:
    """Return the months in which Pyongyang slights Beijing and Beijing squeezes trade: both at their worst."""
    return (world.array("beijing_trade") == SQUEEZE) & (world.array("pyongyang_toward_beijing") == -1.0)


def _span(true: NDArray[np.bool_], first: str, last: str) -> NDArray[np.bool_]:
    return true[..., months.index(first) : months.index(last) + 1]


def _any(true: NDArray[np.bool_]) -> NDArray[np.bool_]:
    return np.asarray(true.any(axis=-1))


def t1(world: HasSeries) -> Values:
    """Return whether there is a three-way month from January to August 2024."""
    return _any(_span(three_way(world), "2024-01", LAST))


def t2a(world: HasSeries) -> Values:
    """Return the stance to Beijing in 2024 Q1 less its mean of 2023."""
    stance = "pyongyang_toward_beijing"
    return mean(world, stance, "2024-01", "2024-03") - mean(world, stance, "2023-01", "2023-12")


def t2c(world: HasSeries) -> Values:
    """Return Beijing's trade option in 2024 Q1 less its mean of 2023."""
    return mean(world, "beijing_trade", "2024-01", "2024-03") - mean(world, "beijing_trade", "2023-01", "2023-12")


def t2b_drop(world: HasSeries) -> Values:
    """Return how far the stance to Beijing falls from 2024 Q1 to May to August."""
    stance = "pyongyang_toward_beijing"
    return mean(world, stance, "2024-01", "2024-03") - mean(world, stance, "2024-05", LAST)


def t2b_slights(world: HasSeries) -> Values:
    """Return whether there is a slight from May to August 2024."""
    return _any(window(world, "pyongyang_toward_beijing", "2024-05", LAST) == -1.0)


def t3(world: HasSeries) -> Values:
    """Return the rate of treaty months in 2023-09 to 2024-08 less twice that of 2019-01 to 2021-12."""
    treaty = world.array("pyongyang_toward_moscow") == 1.0
    late, early = _span(treaty, SINCE, LAST), _span(treaty, "2019-01", "2021-12")
    return np.asarray(late.mean(axis=-1) - 2.0 * early.mean(axis=-1))


def t3b(world: HasSeries) -> Values:
    """Return million shells delivered from September 2023 to August 2024."""
    return shells(world, LAST)


def t3c(world: HasSeries) -> Values:
    """Return the stance to Moscow in the first half of 2024."""
    return mean(world, "pyongyang_toward_moscow", "2024-01", "2024-06")


def t4_2021_22(world: HasSeries) -> Values:
    """Return the mean growth of 2021 and 2022, in %."""
    return (growth(world, "2021") + growth(world, "2022")) / 2.0


def t6(world: HasSeries) -> Values:
    """Return whether there is a month of a summit of Kim and Xi from January 2023 to August 2024."""
    return _any(_span(summit(world), "2023-01", LAST))


def t6b(world: HasSeries) -> Values:
    """Return whether Beijing's influence is lower in August 2024 than a year before."""
    influence = world.array("influence")
    return influence[..., months.index(LAST)] < influence[..., months.index("2023-08")]


def t7(world: HasSeries, without_deal: HasSeries) -> Values:
    """Return Beijing's outreach to the West 2023-09 to 2024-08 less that of the same run without an arms deal."""
    outreach = "beijing_toward_west"
    return mean(world, outreach, SINCE, LAST) - mean(without_deal, outreach, SINCE, LAST)


def t7b(world: HasSeries) -> Values:
    """Return values whose mean is P(workers are sent home within three months of a slight) less that of other months.

    Both probabilities are over all months and runs from January 2023 to August 2024, as far as three months follow.
    The spread of the values is that of the difference (the ratio estimator, linearised). NaN where no run has a slight.
    """
    workers = window(world, "beijing_workers", "2023-01", LAST)
    sent_home = np.diff(workers, axis=-1) < 0.0
    answered = _any(sliding_window_view(sent_home, 3, axis=-1))
    slight = window(world, "pyongyang_toward_beijing", "2023-01", LAST)[..., :-3] == -1.0
    return _pooled(answered, slight) - _pooled(answered, ~slight)


def _pooled(hit: NDArray[np.bool_], at: NDArray[np.bool_]) -> Values:
    """Return values, one a run, whose mean is the share of hits among all the months in ``at`` of all runs."""
    count = at.sum(axis=-1)
    with np.errstate(invalid="ignore", divide="ignore"):
        pooled = (hit & at).sum(axis=(-2, -1)) / count.sum(axis=-1)
        share = np.asarray(pooled)[..., None]
        return share + ((hit & at).sum(axis=-1) - share * count) / np.asarray(count.mean(axis=-1))[..., None]


def t8(world: HasSeries) -> Values:
    """Return whether Beijing squeezes trade for more than three months running from January 2023 to August 2024."""
    squeezed = window(world, "beijing_trade", "2023-01", LAST) == SQUEEZE
    return _any(np.asarray(sliding_window_view(squeezed, 4, axis=-1).all(axis=-1)))


def t8b(world: HasSeries) -> Values:
    """Return whether Pyongyang and Beijing break in the war: any rupture from February 2022 to August 2024."""
    return _any(_span(rupture(world), "2022-02", LAST))


# --- The other dyads


def share_of(world: HasSeries, lever: str, value: float, first: str, last: str) -> Values:
    """Return the share of months in which a lever stands at a value, one a run.

    Parameters
    ----------
    world
        Anything with ``array(name)``; see the module.
    lever
        Its field in the moves.
    value
        Of the option.
    first, last
        Months, YYYY-MM, both included.
    """
    return np.asarray((window(world, lever, first, last) == value).mean(axis=-1))


def w1(world: HasSeries) -> Values:
    """Return the warmth of Beijing and Moscow in the war less that of 2019."""
    warmth = "warmth_beijing_moscow"
    return mean(world, warmth, "2022-03", LAST) - mean(world, warmth, "2019-01", "2019-12")


def w2(world: HasSeries) -> Values:
    """Return the warmth of Beijing and Washington to October 2023, before the thaw of that November."""
    return mean(world, "warmth_beijing_washington", "2019-01", "2023-10")


def w3(world: HasSeries) -> Values:
    """Return the warmth of Beijing and Seoul since June 2022 less that of 2019 to 2021."""
    warmth = "warmth_beijing_seoul"
    return mean(world, warmth, "2022-06", LAST) - mean(world, warmth, "2019-01", "2021-12")


def w4(world: HasSeries) -> Values:
    """Return Washington's posture since August 2022 less that of 2019 to 2021."""
    posture = "washington_posture"
    return mean(world, posture, "2022-08", LAST) - mean(world, posture, "2019-01", "2021-12")


def w5(world: HasSeries) -> Values:
    """Return how many months a year of missiles or worse 2022 has beyond 2020 and 2021."""

    def months_a_year(first: str, last: str) -> Values:
        return 12.0 * np.asarray((window(world, "pyongyang_provoke", first, last) >= MISSILE).mean(axis=-1))

    return months_a_year("2022-01", "2022-12") - months_a_year("2020-01", "2021-12")


def w6(world: HasSeries) -> Values:
    """Return the share of months of talks in the first half of 2019 less that since 2021."""
    early, late = ("2019-01", "2019-06"), ("2021-01", LAST)
    return share_of(world, "pyongyang_talks", 1.0, *early) - share_of(world, "pyongyang_talks", 1.0, *late)


def w9(world: HasSeries) -> Values:
    """Return whether there is a treaty month from 2019 to 2021."""
    return _any(window(world, "pyongyang_toward_moscow", "2019-01", "2021-12") == 1.0)


def w13(world: HasSeries) -> Values:
    """Return whether there is a nuclear test."""
    return _any(window(world, "pyongyang_provoke", "2019-01", LAST) == 1.0)


PATTERNS: dict[str, Callable[[HasSeries], Values]] = {
    "T1": t1,
    "T2a": t2a,
    "T2b_drop": t2b_drop,
    "T2b_slights": t2b_slights,
    "T2c": t2c,
    "T3": t3,
    "T3b": t3b,
    "T3c": t3c,
    "T4_2020": lambda world: growth(world, "2020"),
    "T4_2021_22": t4_2021_22,
    "T4_2023": lambda world: growth(world, "2023"),
    "T5": lambda world: share(world, "2023"),
    "T6": t6,
    "T6b": t6b,
    "T7b": t7b,
    "T8": t8,
    "T8b": t8b,
    "W1": w1,
    "W2": w2,
    "W3": w3,
    "W4": w4,
    "W5": w5,
    "W6": w6,
    "W7": lambda world: share_of(world, "washington_sanction", -1.0, "2021-02", LAST),
    "W8": lambda world: share_of(world, "pyongyang_toward_beijing", -1.0, "2019-01", "2024-04"),
    "W9": w9,
    "W10": lambda world: mean(world, "workers_in_russia", "2024-01", LAST),
    "W11_engage": lambda world: share_of(world, "seoul_north", 1.0, "2019-01", "2021-12"),
    "W11_firm": lambda world: 1.0 - share_of(world, "seoul_north", 1.0, "2022-06", LAST),
    "W12_join": lambda world: share_of(world, "beijing_bloc", 1.0, "2019-01", LAST),
    "W12_egg": lambda world: share_of(world, "beijing_leash", -1.0, "2019-01", LAST),
    "W13": w13,
}
PAIRED: dict[str, Callable[[HasSeries, HasSeries], Values]] = {"T7": t7}  # beside the same runs without an arms deal


# --- Patterns about what comes after the war; nothing that keeps or drops a world may read them


def t9(arms_flow: NDArray[np.float64], end: NDArray[np.int64]) -> Values:
    """Return the arms flow 18 months after the war's end as a share of its mean over the last year of war.

    Parameters
    ----------
    arms_flow
        Shape (runs, months).
    end
        Each run's first month of peace, at least 12 months from the first month and 18 from the last. The register
        bounds the median over the runs. NaN where nothing was sold in the last year of war.
    """
    month, at = np.arange(arms_flow.shape[1]), end[:, None]
    last_year = (month >= at - 12) & (month < at)
    before = (arms_flow * last_year).sum(axis=1) / 12.0
    after = arms_flow[np.arange(len(end)), end + 18]
    return np.divide(after, before, out=np.full(len(end), np.nan), where=before > 0.0)


def t11(world: HasSeries, end: NDArray[np.int64]) -> Values:
    """Return whether there is a three-way month in the five years from the war's end, one a run.

    Parameters
    ----------
    world
        Anything with ``array(name)``; see the module.
    end
        Each run's first month of peace, in months since 2019-01, at least 60 from the last.
    """
    joined = three_way(world)
    month, at = np.arange(joined.shape[1]), end[:, None]
    return _any(joined & (month >= at) & (month < at + 60))
