"""The model beside what was observed: bands of eleven runs that are made by hand, and figures in and out of them."""

import numpy as np
import pandas as pd
import pytest

from sim.engine.ensemble import Ensemble
from sim.engine.war_end import NEVER
from sim.report.figures import history_figures
from sim.report.figures.data import Panel
from tests.analysis.by_hand import made, steps

TRADE, GROWTH, SHARE, SHELLS = (
    "china_dprk_trade_total", "dprk_real_gdp_growth_bok", "china_share_of_dprk_trade_kotra",
    "dprk_shells_to_russia_cumulative",
)  # fmt: skip
MONTHLY = [
    (TRADE, "2018-12", 100.0), (f"{TRADE}__alt_un", "2020-01", 216.5), (TRADE, "2019-02", 216.0),
    (SHELLS, "2023-09", 0.2), (TRADE, "2019-01", 24.0), (f"{TRADE}_of_goods", "2019-05", 100.0),
    (SHELLS, "2024-08", 0.5),
]  # fmt: skip
YEARLY = [
    (GROWTH, 2018, 3.0), (GROWTH, 2019, 3.0), (GROWTH, 2020, 50.0), (GROWTH, 2023, -0.5), (GROWTH, 2024, 0.0),
    (SHARE, 2019, 83.0), (SHARE, 2024, 97.0),
]  # fmt: skip


@pytest.fixture(autouse=True)
def observed(monkeypatch: pytest.MonkeyPatch) -> None:
    monthly = pd.DataFrame(MONTHLY, columns=["series", "month", "value"])
    monthly["month"] = pd.PeriodIndex(monthly["month"], freq="M")
    tables = {"monthly": monthly, "annual": pd.DataFrame(YEARLY, columns=["series", "year", "value"])}
    monkeypatch.setattr(history_figures, "observed_table", tables.__getitem__)


def eleven(months: int = 72, ends: tuple[int, ...] = (NEVER,) * 11) -> Ensemble:
    """Return runs with trade of 0 to 1, an economy that grows by 0 to 100% in 2020 alone, and 0 to 1 of arms."""
    share = np.arange(11) / 10
    grown = [steps((0, 1.0), (12, 1.0 + more), (60, 9.0), months=72)[:months] for more in share]
    trade, economy = share[:, None] * np.ones(months), np.array(grown)
    return made(ends, months, china_flow=trade, arms_flow=trade, economy=economy)


def panels(many: Ensemble) -> dict[str, Panel]:
    return {panel.title.split()[0]: panel for panel in history_figures.beside_history(many).panels}


def test_bands_hold_eight_in_ten_runs_in_the_units_of_what_was_observed() -> None:
    drawn = panels(eleven())
    edges = {name: (panel.bands[0].low, panel.lines[0].values, panel.bands[0].high) for name, panel in drawn.items()}
    trade, growth, share, shells = edges.values()
    for row, value in zip(trade, (24.0, 120.0, 216.0), strict=True):
        assert row == pytest.approx([value] * 68), "240 million USD a month at 1, to August 2024"
    for row, value in zip(growth, (10.0, 50.0, 90.0), strict=True):
        assert row == pytest.approx([value, 0.0, 0.0, 0.0]), "2020 to 2023: the last year is no whole one"
    for row, flow in zip(share, (0.1, 0.5, 0.9), strict=True):
        assert row == pytest.approx([100.0 * flow / (flow + 0.02)] * 6)
    for row, flow in zip(shells, (0.1, 0.5, 0.9), strict=True):
        assert row == pytest.approx(np.arange(1.0, 13.0) * 0.5 * flow), "half a million a month, since September 2023"


def test_years_stand_in_their_middle_and_a_series_that_begins_late_has_months_of_its_own() -> None:
    drawn = panels(eleven())
    trade, growth, share, shells = drawn.values()
    assert trade.lines[0].months.tolist() == list(range(68)) and shells.lines[0].months.tolist() == list(range(56, 68))
    assert growth.lines[0].months.tolist() == [17.5, 29.5, 41.5, 53.5]
    assert share.bands[0].months.tolist() == [5.5, 17.5, 29.5, 41.5, 53.5, 65.5]
    assert [panel.months for panel in drawn.values()] == [(0, 68), (0, 68), (0, 68), (56, 68)]


def test_what_was_observed_from_2019_on_is_shown_in_order_with_rival_figures() -> None:
    trade, growth, share, _ = (panel.points[0] for panel in panels(eleven()).values())
    assert (trade.months.tolist(), trade.values.tolist()) == ([0.0, 1.0, 12.0], [24.0, 216.0, 216.5])
    assert (growth.months.tolist(), growth.values.tolist()) == ([5.5, 17.5, 53.5, 65.5], [3.0, 50.0, -0.5, 0.0])
    assert (share.months.tolist(), share.values.tolist()) == ([5.5, 65.5], [83.0, 97.0])


def test_only_figures_that_a_band_stands_beside_are_counted_and_those_on_its_edge_lie_inside() -> None:
    chart = history_figures.beside_history(eleven())
    assert [history_figures.count_in_band([panel]) for panel in chart.panels] == [(2, 3), (1, 2), (1, 2), (1, 2)]
    assert history_figures.count_in_band(chart.panels) == (5, 9)
    assert chart.head.title.startswith("Only 5 of 9 ")
    rows = chart.data.set_index(["month", "observed"])
    assert rows.loc[("2020-06", 50.0), ["10%", "90%"]].tolist() == pytest.approx([10.0, 90.0])
    assert rows.loc[("2024-08", 0.5), ["10%", "90%"]].tolist() == pytest.approx([0.6, 5.4])
    assert len(rows) == 9 and rows["unit"].nunique() == 4


def test_a_line_at_zero_is_drawn_where_something_falls_below_it() -> None:
    shrinks = made([NEVER], 72, china_flow=1.0, economy=steps((0, 1.0), (12, 0.5), months=72))
    assert [panel.zero for panel in panels(shrinks).values()] == [False, True, False, False]
    assert not any(panel.zero for panel in panels(eleven()).values())


def test_the_months_of_war_are_those_of_all_runs_and_fainter_those_of_some() -> None:
    ended = panels(eleven(ends=(60, 64, *[NEVER] * 9)))["Trade"]
    assert [(span.first, span.last, span.faint) for span in ended.spans] == [(37, 60, False), (60, 68, True)]


@pytest.mark.parametrize(("months", "shown"), [(9, 2), (24, 3), (56, 3), (57, 4)])
def test_a_series_that_the_runs_do_not_reach_is_not_drawn(months: int, shown: int) -> None:
    drawn = panels(eleven(months))
    assert len(drawn) == shown and all(panel.months[1] == months for panel in drawn.values())
