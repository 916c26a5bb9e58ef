"""Forecasts for September 2024 to August 2026, written down before anything of it is known.

The model's come from the parameter sets that history has not ruled out, run freely from 2019, the war's end drawn from
each set's own hazard as it stood in August 2024. Three forecasters that know no politics stand beside it.
"""

from statistics import NormalDist

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.analysis import units
from sim.analysis.patterns import growth, share, summit, three_way
from sim.article import record
from sim.article.register import observed
from sim.calibration.hindcast import simulate_sets
from sim.calibration.parameter_sets import Sets
from sim.engine.ensemble import Ensemble
from sim.model import months
from sim.scenario import load
from sim.scenario.schema import Scenario
from sim.scenario.values import defaults
from sim.scenario.words import NO_END

MODEL, PERSISTENCE, AUTOREGRESSION, BASE = "driftback", "persistence", "AR(1)", "base rate"
KNOWN, FIRST, LAST = record.LAST, "2024-09", "2026-08"
AHEAD = months.index(LAST) - months.index(KNOWN)
LEVELS = tuple(round(0.05 * step, 2) for step in range(1, 20))
QUANTILES = tuple(f"q{round(100 * level):02d}" for level in LEVELS)
HALVES = (("2024-09", "2025-02"), ("2025-03", "2025-08"), ("2025-09", "2026-02"), ("2026-03", "2026-08"))
YEARS = ("2024", "2025")
MONOPOLY = 95.0  # %, Beijing's share of recorded trade as in T5
SURE = 0.9  # how sure persistence is that what was last seen comes again

# Months of which sim/article/observed/events.csv tells: meetings of Kim and Xi, and open slights of Beijing.
SUMMITS = ("2018-03", "2018-05", "2018-06", "2019-01", "2019-06")
SLIGHTS = ("2024-05", "2024-06", "2024-08")
_SEEN_FROM = "2018-03"

Question = tuple[str, str, str, str]  # id, kind (number or event), unit, what is asked
Span = tuple[str, str]


def questions() -> list[Question]:
    """Return what is forecast, in the order of the table."""
    found = [(f"trade/{month}", "number", "million USD", f"trade with China in {month}") for month in _months()]
    found += [(f"growth/{year}", "number", "%", f"growth of the Northern economy in {year}") for year in YEARS]
    found += [(f"share/{year}", "number", "%", f"China's share of recorded trade in {year}") for year in YEARS]
    found += [
        (f"monopoly/{year}", "event", "", f"China's share of recorded trade in {year} is at least {MONOPOLY:g}%")
        for year in YEARS
    ]
    found += [(f"summit/{first}", "event", "", f"Kim and Xi meet, {first} to {last}") for first, last in HALVES]
    found += [
        (f"slight/{first}", "event", "", f"Pyongyang slights Beijing openly, {first} to {last}")
        for first, last in HALVES
    ]
    found += [
        (f"three-way/{FIRST}", "event", "", f"Beijing joins a three-way act with Moscow and Pyongyang by {LAST}"),
        (f"arms-halved/{FIRST}", "event", "", f"arms to Russia fall to half of their peak or less by {LAST}"),
    ]
    return found


def forecasts(sets: Sets, runs: int, seed: int, jobs: int = 1) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the table of forecasts, and the weights of the scenarios behind it.

    Returns
    -------
    forecasts
        A row a question and forecaster: ``id``, ``forecaster``, ``kind``, ``unit``, ``says``; ``probability`` of an
        event; ``q05`` to ``q95``, the quantiles of a number.
    scenarios
        A row a first month of peace (``later`` where the war outlasts August 2026), and its ``weight``.
    """
    chances = ends(sets)
    drawn, weights = [], []
    for place, month in enumerate((*_months(), None)):
        drawn.append(answers(simulate_sets(world(month), sets.values, runs, seed, 0, jobs)))
        weights.append(np.repeat(sets.weights * chances[place] / runs, runs))
    mixed = {name: np.concatenate([each[name] for each in drawn]) for name in drawn[0]}
    weight = np.concatenate(weights)
    rows = [_row(question, MODEL, *_spread_or_chance(question, mixed[question[0]], weight)) for question in questions()]
    scenarios = pd.DataFrame({"peace": [*_months(), "later"], "weight": chances @ sets.weights})
    return pd.concat([pd.DataFrame(rows), references()], ignore_index=True), scenarios


def world(month: str | None) -> Scenario:
    """Return the world to August 2026, with peace from a month on, or not at all."""
    return load("baseline").with_(
        name=f"peace from {month}" if month else "no peace yet", months={"to": LAST}, war={"ends": month or NO_END}
    )


def ends(sets: Sets, last: str = LAST) -> NDArray[np.float64]:
    """Return the chance of each first month of peace, and of none until then, as of August 2024.

    The hazard is Gamma-distributed in every set; each month of war makes a long war likelier (Lomax survival).

    Returns
    -------
    array of shape (months from 2024-09 to the last and later, sets); each column sums to 1
    """
    usual = defaults({})
    shape, rate = (
        np.asarray(sets.values.get(name, pd.Series(usual[name], sets.values.index)), dtype=np.float64)
        for name in ("hazard_ends", "hazard_months")
    )
    fought = months.index(KNOWN) - load("baseline").war_start + 1
    ahead = np.arange(months.index(last) - months.index(KNOWN) + 1)[:, None]
    survival = ((rate + fought) / (rate + fought + ahead)) ** shape
    return np.vstack([survival[:-1] - survival[1:], survival[-1:]])


def answers(many: Ensemble) -> dict[str, NDArray[np.float64]]:
    """Return what each run answers to every question, an array a question."""
    trade = units.MILLION_USD * many.array("china_flow")
    slighted = many.array("pyongyang_toward_beijing") == -1.0
    met, joined = summit(many), three_way(many)
    found = {f"trade/{month}": trade[..., months.index(month)] for month in _months()}
    found |= {f"growth/{year}": growth(many, year) for year in YEARS}
    found |= {f"share/{year}": share(many, year) for year in YEARS}
    found |= {f"monopoly/{year}": (found[f"share/{year}"] >= MONOPOLY).astype(float) for year in YEARS}
    for first, last in HALVES:
        found[f"summit/{first}"] = _any(met, first, last)
        found[f"slight/{first}"] = _any(slighted, first, last)
    found[f"three-way/{FIRST}"] = _any(joined, FIRST, LAST)
    arms = many.array("arms_flow")
    halved = arms <= 0.5 * np.maximum.accumulate(arms, axis=-1)
    found[f"arms-halved/{FIRST}"] = _any(halved & (arms.max(axis=-1, keepdims=True) > 0.0), FIRST, LAST)
    return found


# --- Forecasters that know no politics


def references() -> pd.DataFrame:
    """Return the forecasts of persistence, AR(1) and base rates, from what was observed to August 2024 alone."""
    rows = []
    for question in questions():
        asked, kind = question[0].split("/")[0], question[1]
        if kind == "number":
            past, ahead = _past(question[0])
            makers = {PERSISTENCE: persistence, AUTOREGRESSION: autoregression, BASE: climatology}
            rows += [_row(question, name, np.nan, make(past, ahead)) for name, make in makers.items()]
        else:
            hits = _hits(asked)
            rows.append(_row(question, PERSISTENCE, SURE if hits and hits[-1] else 1.0 - SURE, None))
            rows.append(_row(question, BASE, (sum(hits) + 1.0) / (len(hits) + 2.0), None))  # Laplace's rule
    return pd.DataFrame(rows)


def persistence(past: "pd.Series[float]", ahead: int) -> NDArray[np.float64]:
    """Return quantiles about the last figure, as wide as changes over so many periods have been."""
    known = past.dropna()
    change = (past - past.shift(ahead)).dropna()
    if len(change) < 2:
        change = known.diff().dropna() * np.sqrt(ahead)
    centred = np.quantile(change - change.median(), LEVELS)
    return np.asarray(known.iloc[-1] + centred, dtype=np.float64)


def autoregression(past: "pd.Series[float]", ahead: int) -> NDArray[np.float64]:
    """Return quantiles of a first-order autoregression, fitted by least squares to neighbours in time."""
    pair = pd.DataFrame({"now": past, "before": past.shift(1)}).dropna()
    slope, level = np.polyfit(pair["before"], pair["now"], 1)
    rest = pair["now"] - level - slope * pair["before"]
    spread = float(np.sqrt((rest**2).sum() / max(len(pair) - 2, 1)))
    centre, variance = float(past.dropna().iloc[-1]), 0.0
    for _ in range(ahead):
        centre, variance = level + slope * centre, slope**2 * variance + spread**2
    return np.array([NormalDist(centre, float(np.sqrt(variance)) or 1e-9).inv_cdf(level_) for level_ in LEVELS])


def climatology(past: "pd.Series[float]", ahead: int) -> NDArray[np.float64]:
    """Return the quantiles of all that was observed."""
    return np.asarray(np.quantile(past.dropna(), LEVELS), dtype=np.float64)


def _past(question: str) -> tuple["pd.Series[float]", int]:
    """Return the observed series behind a question, without gaps in its index, and how many periods ahead is asked."""
    asked, when = question.split("/")
    table, name = {
        "trade": ("monthly", "china_dprk_trade_total"),
        "growth": ("annual", "dprk_real_gdp_growth_bok"),
        "share": ("annual", "china_share_of_dprk_trade_kotra"),
    }[asked]
    period = "month" if table == "monthly" else "year"
    rows = observed(table)
    rows = rows[rows["series"] == name].drop_duplicates(period)
    places = [_place(str(at)) if period == "month" else int(at) for at in rows[period]]
    past = pd.Series(rows["value"].to_numpy(np.float64), index=places).sort_index()
    last = int(past.index[-1])
    target = _place(when) if period == "month" else int(when)
    return past.reindex(range(int(past.index[0]), last + 1)), target - last


def _hits(asked: str) -> list[bool]:
    """Return whether an event was seen, period by period up to August 2024, in periods as long as those asked about."""
    if asked == "monopoly":
        return [bool(value >= MONOPOLY) for value in _past("share/2024")[0].dropna()]
    seen = {"summit": SUMMITS, "slight": SLIGHTS, "three-way": ()}.get(asked)
    if seen is None:
        return []  # of no earlier arms flow is there a record: both ways are as likely
    length = 6 if asked in ("summit", "slight") else AHEAD
    last, at = _place(KNOWN), {_place(month) for month in seen}
    starts = range(last - length + 1, _place(_SEEN_FROM) - 1, -length)
    return [any(start <= month < start + length for month in at) for start in reversed(starts)]


def _place(month: str) -> int:
    """Return a month as a number; what was observed begins before the model does."""
    return int(pd.Period(month, "M").ordinal)


# --- The table


def _months() -> list[str]:
    return [months.name(month) for month in range(months.index(FIRST), months.index(LAST) + 1)]


def _any(true: NDArray[np.bool_], first: str, last: str) -> NDArray[np.float64]:
    return true[..., months.index(first) : months.index(last) + 1].any(axis=-1).astype(float)


def _spread_or_chance(
    question: Question, values: NDArray[np.float64], weights: NDArray[np.float64]
) -> tuple[float, NDArray[np.float64] | None]:
    if question[1] == "event":
        return float(values @ weights), None
    return np.nan, np.quantile(values, LEVELS, weights=weights, method="inverted_cdf")


def _row(
    question: Question, forecaster: str, probability: float, quantiles: NDArray[np.float64] | None
) -> dict[str, object]:
    name, kind, unit, says = question
    head = {"id": name, "forecaster": forecaster, "kind": kind, "unit": unit, "says": says, "probability": probability}
    spread = [np.nan] * len(LEVELS) if quantiles is None else quantiles
    return head | dict(zip(QUANTILES, spread, strict=True))
