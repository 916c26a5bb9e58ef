"""The model beside what was observed, January 2019 to August 2024."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.analysis import units
from sim.analysis.patterns import recorded_trade
from sim.engine.ensemble import Ensemble
from sim.model import months
from sim.registers.record import LAST
from sim.registers.register import observed_table
from sim.report.figures.data import (
    Band,
    Chart,
    Head,
    Line,
    Panel,
    Points,
    month_numbers,
    source_of_many,
    war_of,
    years_of,
)
from sim.report.style import spoken_month

WHOLE_YEARS = 2023  # the last year that is observed from end to end


def beside_history(many: Ensemble) -> Chart:
    """Return trade, growth, China's share and shells beside the observed figures, as far as the runs last."""
    last = min(months.index(LAST) + 1, many.states.shape[1])
    time = pd.period_range("2019-01", periods=last, freq="M")

    def table(name: str) -> pd.DataFrame:
        return pd.DataFrame(many.array(name)[:, :last], columns=time)

    china, russia = table("china_flow"), table("russia_flow")
    drawn = (
        ("Trade with China", "million USD a month", china * units.MILLION_USD, "monthly", "china_dprk_trade_total"),
        ("Growth of the North's economy", "% a year", _growth(table("economy")), "annual", "dprk_real_gdp_growth_bok"),
        ("China's share of recorded trade", "%", _share(china, russia), "annual", "china_share_of_dprk_trade_kotra"),
        (
            "Shells to Russia", f"million since {spoken_month(months.index(units.SHELLS_SINCE))}",
            _shells(table("arms_flow")), "monthly", "dprk_shells_to_russia_cumulative",
        ),
    )  # fmt: skip
    spans = war_of(many.scenario, np.minimum(many.war_end, last))
    panels = tuple(
        Panel(
            title, unit, _shown(frame, last), *_fan(frame), (points(observed_table(kind), series),), spans,
            zero=bool(frame.to_numpy().min() < 0.0),
        )
        for title, unit, frame, kind, series in drawn
        if frame.size
    )  # fmt: skip
    inside, count = count_in_band(panels)
    few = "Only " if inside < 0.8 * count else ""
    title = f"{few}{inside} of {count} observed figures lie inside the model's 80% ranges; about four in five should"
    sources = "Observed to August 2024: China's customs, Bank of Korea, KOTRA, estimates from Seoul and Washington."
    head = Head(
        title,
        "Dots show observations. We tell the model when the border is open, so a good fit to trade would prove little. "
        "Parameter sets that are consistent with history pass our tests on it; they need not match every figure.",
        f"{source_of_many(many)} {sources}",
        " ".join(_in_words(panel) for panel in panels),
    )
    return Chart(head, panels, _table(panels), columns=2)


def points(table: pd.DataFrame, series: str) -> Points:
    """Return an observed series from 2019 on, rival figures included; yearly figures stand in mid-year."""
    rows = table[table["series"].str.fullmatch(f"{series}(__alt.*)?")]
    if "month" in rows:
        rows = rows[rows["month"] >= pd.Period("2019-01", "M")].sort_values("month")
        at = month_numbers(pd.PeriodIndex(rows["month"]))
    else:
        rows = rows[rows["year"] >= months.FIRST_YEAR]
        at = _mid_year(rows["year"])
    return Points("observed", at, rows["value"].to_numpy(float))


def count_in_band(panels: Sequence[Panel]) -> tuple[int, int]:
    """Return how many observed figures lie in the band of their panel, and how many there are to compare."""
    inside = [low <= value <= high for panel in panels for _, value, low, high in _compared(panel)]
    return sum(inside), len(inside)


def _mid_year(year: pd.Series | pd.Index) -> NDArray[np.float64]:
    return (np.asarray(year, dtype=float) - months.FIRST_YEAR) * 12 + 5.5


def _by_year(frame: pd.DataFrame) -> pd.DataFrame:
    return frame.T.groupby(years_of(frame.columns)).mean().T


def _growth(economy: pd.DataFrame) -> pd.DataFrame:
    """Return the growth of the yearly mean, in %, for whole years."""
    whole = economy.T[years_of(economy.columns) <= WHOLE_YEARS].T
    yearly = _by_year(whole).T
    return units.growth_percent(yearly, yearly.shift()).T.iloc[:, 1:]


def _share(china: pd.DataFrame, russia: pd.DataFrame) -> pd.DataFrame:
    """Return China's share in %: a tenth of Russia's goods is recorded, and the rest of the world is small."""
    china, russia = _by_year(china), _by_year(russia)
    return 100.0 * china / recorded_trade(china, russia)


def _shells(arms: pd.DataFrame) -> pd.DataFrame:
    return arms.T[month_numbers(arms.columns) >= months.index(units.SHELLS_SINCE)].cumsum().T * units.MILLION_SHELLS


def _months_of(frame: pd.DataFrame) -> NDArray[np.float64]:
    return month_numbers(frame.columns) if isinstance(frame.columns, pd.PeriodIndex) else _mid_year(frame.columns)


def _shown(frame: pd.DataFrame, last: int) -> tuple[int, int]:
    """Return the months to show: all of them, or those of a series that begins late."""
    first = int(_months_of(frame)[0])
    return (first if first > 24 else 0), last


def _fan(frame: pd.DataFrame) -> tuple[tuple[Line], tuple[Band]]:
    low, middle, high = frame.quantile([0.1, 0.5, 0.9]).to_numpy(float)
    at = _months_of(frame)
    return (Line("median", at, middle, "main"),), (Band("8 in 10 runs", at, low, high, "main", faint=True),)


def _compared(panel: Panel) -> list[tuple[float, float, float, float]]:
    """Return month, observed figure, and the edges of the band, wherever there are all of them."""
    area, seen = panel.bands[0], panel.points[0]
    edges = {month: (low, high) for month, low, high in zip(area.months, area.low, area.high, strict=True)}
    return [
        (month, value, *edges[month]) for month, value in zip(seen.months, seen.values, strict=True) if month in edges
    ]


def _table(panels: Sequence[Panel]) -> pd.DataFrame:
    rows = [
        (panel.title, panel.unit, months.name(int(month)), value, low, high)
        for panel in panels
        for month, value, low, high in _compared(panel)
    ]
    return pd.DataFrame(rows, columns=["series", "unit", "month", "observed", "10%", "90%"])


def _in_words(panel: Panel) -> str:
    inside, count = count_in_band([panel])
    return f"{panel.title}: {inside} of {count} observed figures {'lies' if inside == 1 else 'lie'} in the 80% range."
