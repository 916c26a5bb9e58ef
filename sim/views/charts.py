"""Pictures of many worlds: the fan of a series, two scenarios and their difference, the model beside what was observed."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.article.register import observed
from sim.engine.ensemble import Ensemble, ends
from sim.experiments.compare import Pair
from sim.experiments.summary import SHELLS_PER_MONTH
from sim.model import months
from sim.views.figures import Band, Chart, Head, Line, Panel, Points, band, line, month_numbers, source_of_many, war_of
from sim.views.style import words
from sim.views.worlds import MILLION_USD

SAMPLES = 3  # single worlds drawn over a fan
AFTER = 24  # months after the war's end at which a fan is read
LAST_OBSERVED = "2024-08"


def fan(many: Ensemble, name: str = "reengagement", control: Ensemble | None = None) -> Chart:
    """Return the fan of one series over all runs, beside the world without an end where there is one.

    Parameters
    ----------
    control
        The same runs without an end; it is left out where the war does not end anyway.
    """
    frame, said = many.series(name), words(name)
    shows_control = control is not None and bool(ends(many).any())
    lines = [line("", frame.iloc[place], "sample", thin=True) for place in range(min(SAMPLES, len(many)))]
    if control is not None and shows_control:
        lines.append(line("without an end", control.series(name).median(), "control", broken=True))
    lines.append(line("median", frame.median(), "main"))
    panel = Panel(
        said.title,
        said.unit,
        (many.scenario.first, many.scenario.horizon),
        tuple(lines),
        (
            band("8 in 10 runs", frame, 0.1, 0.9, "main", faint=True),
            band("half of the runs", frame, 0.25, 0.75, "main"),
        ),
        _observed_over(name),
        war_of(many.scenario, many.war_end),
    )
    title = _fan_title(many, name, control if shows_control else None)
    subtitle = f"{said.title}, {said.unit}. The middle half and the middle eight tenths of {len(many):,} runs, and {SAMPLES} single worlds."
    source = source_of_many(many) + (" Dots: China's customs." if panel.points else "")
    data = pd.DataFrame({f"{q:.0%}": frame.quantile(q) for q in (0.1, 0.25, 0.5, 0.75, 0.9)})
    if control is not None and shows_control:
        data["median without an end"] = control.series(name).median()
    return Chart(Head(title, subtitle, source, f"{title}. {_yearly(data['50%'], 'Median by year')}"), (panel,), data)


def _fan_title(many: Ensemble, name: str, control: Ensemble | None) -> str:
    said = words(name).short
    at = many.war_end + AFTER
    judged = ends(many) & (at < many.states.shape[1])
    if judged.any():
        there = np.median(many.array(name)[judged, at[judged]])
        title = f"Two years after the war, {said} stands at {_number(there)}"
        if control is None:
            return title
        return f"{title}; without an end it would be {_number(np.median(control.array(name)[judged, at[judged]]))}"
    yearly = many.series(name).median().groupby(lambda month: month.year).mean()
    first, last = yearly.iloc[0], yearly.iloc[-1]
    return f"{said[0].upper()}{said[1:]} goes from {_number(first)} in {yearly.index[0]} to {_number(last)} in {yearly.index[-1]}"


def pair(two: Pair, name: str = "reengagement") -> Chart:
    """Return two scenarios' fans and, below, the difference run by run."""
    said, gap = words(name), two.difference(name)
    one, other = two.one.series(name), two.other.series(name)
    shown = (int(month_numbers(gap.columns)[0]), int(month_numbers(gap.columns)[-1]) + 1)
    spans = war_of(two.one.scenario, two.one.war_end)
    first, second = two.one.scenario.name, two.other.scenario.name
    above = Panel(
        f"{said.title}: the median and half of the runs",
        said.unit,
        shown,
        (line(second, other.median(), "control", broken=True), line(first, one.median(), "main")),
        (band("", other, 0.25, 0.75, "control", faint=True), band("", one, 0.25, 0.75, "main", faint=True)),
        spans=spans,
    )
    below = Panel(
        f"The difference: {first} less {second}, the same run in both",
        said.unit,
        shown,
        (line("mean", gap.mean(), "main"),),
        (band("8 in 10 runs", gap, 0.1, 0.9, "main", faint=True), band("half of the runs", gap, 0.25, 0.75, "main")),
        spans=spans,
        zero=True,
    )
    title = _pair_title(two, name)
    data = pd.DataFrame({first: one.median(), second: other.median(), "mean difference": gap.mean()} | {
        f"difference {q:.0%}": gap.quantile(q) for q in (0.1, 0.25, 0.75, 0.9)
    })  # fmt: skip
    head = Head(
        title,
        f"Both scenarios share their chance. Shaded: the war in {first}.",
        source_of_many(two.one, two.other),
        f"{title}. {_yearly(gap.mean(), 'Mean difference by year')}",
    )
    return Chart(head, (above, below), data)


def _pair_title(two: Pair, name: str) -> str:
    said = words(name).short
    if ends(two.one).any() or ends(two.other).any():
        effect = two.effect(name, AFTER)
        when = "two years after the war"
    else:
        last = str(two.difference(name).columns[-1])
        effect, when = two.effect(name, at=last), f"in {last}"
    low, high = effect.interval
    word = "no clear difference" if low <= 0.0 <= high else f"{_number(effect.mean, signed=True)}"
    return f"{two.one.scenario.name} against {two.other.scenario.name}: {word} in {said} {when}"


def hindcast(many: Ensemble) -> Chart:
    """Return the model from 2019 to August 2024 beside what was observed."""
    last = min(months.index(LAST_OBSERVED) + 1, many.states.shape[1])
    time = pd.period_range("2019-01", periods=last, freq="M")
    table = {
        name: pd.DataFrame(many.array(name)[:, :last], columns=time)
        for name in ("china_flow", "russia_flow", "economy", "arms_flow")
    }
    annual, monthly = observed("annual"), observed("monthly")
    trade = table["china_flow"] * MILLION_USD
    spans = war_of(many.scenario, np.minimum(many.war_end, last))
    panels = (
        _panel("Trade with China", "million USD a month", trade, _points(monthly, "china_dprk_trade_total"), spans, last),
        _panel("Growth of the North's economy", "% a year", _growth(table["economy"]), _points(annual, "dprk_real_gdp_growth_bok"), spans, last, zero=True),
        _panel("China's share of recorded trade", "%", _recorded_share(table), _points(annual, "china_share_of_dprk_trade_kotra"), spans, last),
        _panel("Shells to Russia since September 2023", "million, added up", _shells(table["arms_flow"]), _points(monthly, "dprk_shells_to_russia_cumulative"), spans, last),
    )  # fmt: skip
    inside, count = _agreement(panels)
    title = f"{inside} of {count} observed figures lie where 8 in 10 runs are"
    head = Head(
        title,
        "Dots are observed, the line is the median of the runs. Trade and share follow the border path given to the model.",
        source_of_many(many) + " Observed to August 2024: China's customs, Bank of Korea, KOTRA, estimates from Seoul and Washington.",
        title + ". " + " ".join(_panel_in_words(panel) for panel in panels),
    )  # fmt: skip
    return Chart(head, panels, _points_table(panels), columns=2)


def _panel(
    title: str, unit: str, frame: pd.DataFrame, seen: Points, spans: Sequence, last: int, zero: bool = False
) -> Panel:
    at = (
        month_numbers(frame.columns)
        if frame.columns.dtype == "period[M]"
        else np.array([_mid(year) for year in frame.columns])
    )
    low, middle, high = frame.quantile([0.1, 0.5, 0.9]).to_numpy(float)
    return Panel(
        title, unit, (0, last), (Line("median", at, middle, "main"),), (Band("8 in 10 runs", at, low, high, "main", faint=True),),
        (seen,), tuple(spans), zero,
    )  # fmt: skip


def _mid(year: int) -> float:
    return (year - 2019) * 12 + 5.5


def _points(table: pd.DataFrame, series: str) -> Points:
    """Return what was observed from 2019 on, rival figures included."""
    rows = table[table["series"].str.fullmatch(f"{series}(__alt.*)?")]
    if "month" in rows:
        rows = rows[(rows["month"] >= pd.Period("2019-01", "M"))].sort_values("month")
        at = month_numbers(pd.PeriodIndex(rows["month"]))
    else:
        rows = rows[rows["year"] >= 2019]
        at = np.array([_mid(year) for year in rows["year"]])
    return Points("observed", at, rows["value"].to_numpy(float))


def _observed_over(name: str) -> tuple[Points, ...]:
    """Return the observed series in the unit of a model series, where there is one."""
    if name != "china_flow":
        return ()
    seen = _points(observed("monthly"), "china_dprk_trade_total")
    return (Points("observed", seen.months, seen.values / MILLION_USD),)


def _by_year(frame: pd.DataFrame) -> pd.DataFrame:
    return frame.T.groupby(frame.columns.year).mean().T


def _growth(economy: pd.DataFrame) -> pd.DataFrame:
    """Return the growth of the yearly mean, in %; whole years only."""
    whole = economy.loc[:, [month for month in economy.columns if month.year < 2024]]
    return (_by_year(whole).T.pct_change().T * 100.0).iloc[:, 1:]


def _recorded_share(table: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """Return China's share of recorded trade, in %: a tenth of Russia's goods is recorded, and the rest of the world is small."""
    china, russia = _by_year(table["china_flow"]), _by_year(table["russia_flow"])
    return 100.0 * china / (china + 0.1 * russia + 0.02)


def _shells(arms: pd.DataFrame) -> pd.DataFrame:
    since = arms.loc[:, [month for month in arms.columns if month >= pd.Period("2023-09", "M")]]
    return since.cumsum(axis=1) * SHELLS_PER_MONTH


def _agreement(panels: Sequence[Panel]) -> tuple[int, int]:
    """Return how many observed figures lie in the band of their panel, and how many there are to compare."""
    inside, count = 0, 0
    for panel in panels:
        for month, value in _comparable(panel):
            low, high = _at(panel.bands[0], month)
            inside, count = inside + (low <= value <= high), count + 1
    return inside, count


def _comparable(panel: Panel) -> list[tuple[float, float]]:
    seen = panel.points[0]
    return [(m, v) for m, v in zip(seen.months, seen.values, strict=True) if m in panel.bands[0].months]


def _at(area: Band, month: float) -> tuple[float, float]:
    place = int(np.flatnonzero(area.months == month)[0])
    return float(area.low[place]), float(area.high[place])


def _points_table(panels: Sequence[Panel]) -> pd.DataFrame:
    rows = [
        (panel.title, panel.unit, months.name(int(month)), value, *_at(panel.bands[0], month))
        for panel in panels
        for month, value in _comparable(panel)
    ]
    return pd.DataFrame(rows, columns=["series", "unit", "month", "observed", "10%", "90%"])


def _panel_in_words(panel: Panel) -> str:
    inside, count = _agreement([panel])
    return f"{panel.title}: {inside} of {count} observed figures inside the range of 8 in 10 runs."


def _yearly(values: pd.Series, what: str) -> str:
    by_year = values.groupby(values.index.year).mean()
    return f"{what}: " + ", ".join(f"{year} {_number(value)}" for year, value in by_year.items()) + "."


def _number(value: float | NDArray, signed: bool = False) -> str:
    digits = 0 if abs(value) >= 20 else 1 if abs(value) >= 2 else 2
    return f"{value:{'+' if signed else ''}.{digits}f}"
