"""Forecasters that know no politics, from what was known as of a month alone.

Figures are forecast on the scale of :data:`sim.inference.measurements.MEASURES` (logs of trade, logits of a share),
so none of them says that trade is negative or a share above 100%.
"""

from collections.abc import Iterator, Sequence
from statistics import NormalDist
from typing import TypeAlias

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.inference.measurements import MEASURES
from sim.model import months
from sim.prediction import border
from sim.prediction.questions import EVENT, MONOPOLY, UNITS, Question
from sim.registers import vintage
from sim.registers.record import cells
from sim.registers.register import observed_table

PERSISTENCE, SEASONAL, AUTOREGRESSION, BORDER, BASE = (
    "persistence", "seasonal naive", "AR(1)", "border regression", "base rate"
)  # fmt: skip
SURE = 0.9  # how sure persistence is that what was last seen comes again
YEAR = 12
_ENOUGH = 8  # changes that tell a spread; with fewer, those over fewer periods are taken
_CLOSED = 0.02  # how far a border that is shut is open, in the regression

# Months of which sim/registers/observed/events.csv tells, from March 2018 on: meetings of Kim and Xi, and open slights
# of Beijing. Of a three-way act and of a nuclear test it tells none.
HAPPENED: dict[str, tuple[str, ...]] = {
    "summit": ("2018-03", "2018-05", "2018-06", "2019-01", "2019-06"),
    "slight": ("2024-05", "2024-06", "2024-08"),
    "three-way": (),
    "nuclear-test": (),
}
# As the record of moves tells of them, from January 2019 on.
RECORDED = {
    "summit": ("beijing_visits", "leader"),
    "slight": ("pyongyang_toward_beijing", "slight"),
    "three-way": ("beijing_bloc", "join"),
    "nuclear-test": ("pyongyang_provoke", "nuclear"),
    "missile": ("pyongyang_provoke", "missile"),
    "veto": ("moscow_cover", "veto"),
}
_SEEN_FROM = -10  # 2018-03, in months since 2019-01

Past: TypeAlias = "pd.Series[float]"
Spread = NDArray[np.float64]
Levels = Sequence[float]


def by_forecaster(
    asked: list[Question], levels: Levels, recovery: tuple[float, ...] = border.RECOVERY
) -> Iterator[tuple[Question, str, float | Spread]]:
    """Yield what each forecaster says of each question: a probability, or the quantiles of a figure.

    Parameters
    ----------
    levels
        Of the quantiles.
    recovery
        Paces of a border that has begun to open, as for the model; see :func:`sim.prediction.border.paths`.
    """
    for question in asked:
        if question.kind == EVENT:
            hits = was_seen(question.about, question.as_of, question.last - question.first + 1)
            yield question, PERSISTENCE, SURE if hits and hits[-1] else 1.0 - SURE
            yield question, BASE, (sum(hits) + 1.0) / (len(hits) + 2.0)  # Laplace's rule
            continue
        past, ahead = past_of(question.about, facts_of(question.about, question.as_of), question.last)
        said = {
            PERSISTENCE: persistence(past, ahead, levels),
            AUTOREGRESSION: autoregression(past, ahead, levels),
            BASE: climatology(past, levels),
        }
        if question.about == "trade":
            said |= {
                SEASONAL: seasonal(past, ahead, levels),
                BORDER: border_regression(past, question, levels, recovery),
            }
        for name, spread in said.items():
            yield question, name, MEASURES[question.about].in_unit(spread)


def persistence(past: Past, ahead: int, levels: Levels) -> Spread:
    """Return quantiles about the last figure, as wide as changes over so many periods have been."""
    return np.asarray(past.dropna().iloc[-1] + _changes(past, ahead, levels))


def seasonal(past: Past, ahead: int, levels: Levels) -> Spread:
    """Return quantiles about the last figure of the same calendar month, as wide as changes over so many years."""
    target, known = past.index[-1] + ahead, past.dropna()
    same = known[(target - known.index) % YEAR == 0]
    back = target - same.index[-1] if len(same) else ahead
    return np.asarray((same if len(same) else known).iloc[-1] + _changes(past, int(back), levels))


def autoregression(past: Past, ahead: int, levels: Levels) -> Spread:
    """Return quantiles of a first-order autoregression, fitted by least squares to neighbours in time."""
    pair = pd.DataFrame({"now": past, "before": past.shift(1)}).dropna()
    slope, intercept = np.polyfit(pair["before"], pair["now"], 1)
    rest = pair["now"] - intercept - slope * pair["before"]
    spread = float(np.sqrt((rest**2).sum() / max(len(pair) - 2, 1)))
    centre, variance = float(past.dropna().iloc[-1]), 0.0
    for _ in range(ahead):
        centre, variance = intercept + slope * centre, slope**2 * variance + spread**2
    return _normal(centre, float(np.sqrt(variance)), levels)


def climatology(past: Past, levels: Levels) -> Spread:
    """Return the quantiles of all that was observed."""
    return np.asarray(np.quantile(past.dropna(), levels), dtype=np.float64)


def border_regression(
    past: Past, question: Question, levels: Levels, recovery: tuple[float, ...] = border.RECOVERY
) -> Spread:
    """Return quantiles of the logarithm of trade, regressed on that of the border's openness.

    The border is forecast as for the model, so what the two differ by is politics.
    """
    paths, likely = border.paths(question.as_of, question.last, recovery)
    known = past.dropna().loc[0 : question.as_of]
    openness = np.log(paths + _CLOSED)
    seen = openness[0, known.index]
    slope, intercept = np.polyfit(seen, known, 1) if np.ptp(seen) > 0.0 else (0.0, known.mean())  # it was always open
    rest = known - intercept - slope * seen
    spread = float(np.sqrt((rest**2).sum() / max(len(known) - 2, 1)))
    fine = ((np.arange(200) + 0.5) / 200).tolist()
    values = np.array([_normal(intercept + slope * at, spread, fine) for at in openness[:, question.last]])
    weights = np.repeat(likely / len(fine), len(fine))
    return np.asarray(np.quantile(values.ravel(), levels, weights=weights, method="inverted_cdf"), dtype=np.float64)


def _changes(past: Past, ahead: int, levels: Levels) -> Spread:
    """Return centred quantiles of changes over so many periods, or as many as are known of often enough."""
    changes = [(past - past.shift(periods)).dropna() for periods in range(ahead, 0, -1)]
    change = next((change for change in changes if len(change) >= _ENOUGH), max(changes, key=len))
    return np.asarray(np.quantile(change - change.median(), levels), dtype=np.float64)


def _normal(centre: float, spread: float, levels: Levels) -> Spread:
    return np.array([NormalDist(centre, spread or 1e-9).inv_cdf(level) for level in levels])


# --- What was known


def past_of(about: str, figures: Past, target: int) -> tuple[Past, int]:
    """Return the past behind a question, and how many periods after its last figure the target lies.

    Parameters
    ----------
    figures
        Those that are known; see :func:`facts_of`.
    target
        The last month that is asked about, since 2019-01.

    Returns
    -------
    past
        On the scale of :data:`sim.inference.measurements.MEASURES`, without gaps in its index: months since 2019-01,
        or years.
    ahead
        Periods.
    """
    yearly = MEASURES[about].yearly
    last = int(figures.index[-1])
    past = figures.map(MEASURES[about].seen).reindex(range(int(figures.index[0]), last + 1))
    return past, (months.FIRST_YEAR + target // 12 if yearly else target) - last


def facts_of(about: str, as_of: int) -> Past:
    """Return the figures of a series that were known as of a month, in their unit, by month (since 2019-01) or year.

    A month's figure is known a month later, a year's in the July after it.
    """
    measure = MEASURES[about]
    period = "year" if measure.table == "annual" else "month"
    rows = observed_table(measure.table)
    rows = rows[rows["series"] == measure.series].drop_duplicates(period)
    if period == "year":
        places, known = rows["year"], (rows["year"] - months.FIRST_YEAR) * 12 + 11 + 7
    else:
        places = (rows["month"].dt.year - months.FIRST_YEAR) * 12 + rows["month"].dt.month - 1
        known = places + 1
    figures = pd.Series(rows["value"].to_numpy(np.float64), index=places.to_numpy(np.int64))
    return figures[(known <= as_of).to_numpy()].sort_index()


def was_seen(about: str, as_of: int, length: int) -> list[bool]:
    """Return whether an event was seen, in periods of a length up to a month, the first one first."""
    if about == "monopoly":
        return [bool(value >= MONOPOLY) for value in facts_of("share", as_of)]
    if about == "arms-halved":
        return []  # of no earlier arms flow is there a record: both ways are as likely
    seen, first = months_of(about), _SEEN_FROM if about in HAPPENED else 0
    starts = range(as_of - length + 1, first - 1, -length)
    return [any(start <= month < start + length for month in seen) for start in reversed(starts)]


def months_of(about: str) -> set[int]:
    """Return the months in which an event was seen, since 2019-01."""
    before = {(int(month[:4]) - months.FIRST_YEAR) * 12 + int(month[5:]) - 1 for month in HAPPENED.get(about, ())}
    return before | _recorded(*RECORDED[about])


@vintage.cache_by_vintage
def _recorded(lever: str, option: str) -> set[int]:
    return {cell.month for cell in cells() if cell.lever == lever and cell.agreed == option}


def question_outcomes(asked: list[Question], as_of: int | None = None) -> "pd.Series[float]":
    """Return what came of questions: figures in their unit, 1 or 0 of an event.

    Parameters
    ----------
    as_of
        The last month that is known, since 2019-01; that of the record where not said.
    """
    last, came = months.index(vintage.last_month()) if as_of is None else as_of, {}
    known = {about: facts_of(about, last) for about in UNITS}
    for question in asked:
        about, year = question.about, months.FIRST_YEAR + question.last // 12
        if question.last > last or about == "arms-halved":
            continue
        if about in known or about == "monopoly":
            figures = known["share" if about == "monopoly" else about]
            at = question.last if about == "trade" else year
            if at in figures.index:
                came[question.id] = float(figures[at] >= MONOPOLY) if about == "monopoly" else float(figures[at])
        else:
            came[question.id] = float(any(question.first <= month <= question.last for month in months_of(about)))
    return pd.Series(came, dtype=float)
