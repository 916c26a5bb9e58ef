"""The record beside runs and particles, by hand: stretches of a lever, shares of runs, what was known of a state."""

from types import SimpleNamespace
from typing import Any

import pandas as pd
import pytest

from sim.engine.war_end import NEVER
from sim.inference.filtering import LEVELS
from sim.model.moves import LEVER
from sim.registers.record import Cell
from sim.report.figures import record_figures
from sim.report.figures.data import Chart, Lanes, Panel
from sim.report.figures.record_figures import _stretches
from sim.report.style import words
from tests.analysis.by_hand import made, steps

NAMES = ["none", "half", "full"]


@pytest.mark.parametrize(("options", "spans"), [
    ({}, []),
    ({5: 0}, [(5, 6, "none", 0.0)]),
    ({5: 1, 6: 1, 7: 1}, [(5, 8, "half", 0.5)]),
    ({5: 1, 6: 2, 7: 2, 8: 1}, [(5, 6, "half", 0.5), (6, 8, "full", 1.0), (8, 9, "half", 0.5)]),
    ({5: 2, 7: 2}, [(5, 6, "full", 1.0), (7, 8, "full", 1.0)]),
])  # fmt: skip
def test_months_that_follow_each_other_with_one_option_are_one_stretch(
    options: dict[int, int], spans: list[tuple[int, int, str, float]]
) -> None:
    there = {month: SimpleNamespace(options=(option,)) for month, option in options.items()}
    made = _stretches(there, NAMES)  # type: ignore[arg-type]
    assert [(span.first, span.last, span.label, span.level) for span in made] == spans


CELLS = [  # the codings differ on the third, so the first of them is shown
    Cell(2, "seoul_north", (2, 2), ("high", "high"), 1),
    Cell(3, "beijing_trade", (1,), ("low",), 4),
    Cell(4, "beijing_trade", (3, 0), ("low", "low"), 1),
    Cell(39, "seoul_north", (0,), ("high",), 2),
    Cell(40, "seoul_north", (0,), ("high",), 1),
]
MONTHS = 40


@pytest.fixture
def recorded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(record_figures, "cells", lambda: CELLS)


@pytest.fixture
def lanes(recorded: None) -> Lanes:
    """Return four runs of forty months: all of Beijing's trim until month 4, three of Seoul's are soft at first."""
    trade = [steps((0, 0.7), (4, value), months=MONTHS) for value in (0.35, 0.7, 1.3, 1.3)]
    seoul = [steps((0, value), (39, -1.0), months=MONTHS) for value in (1.0, 1.0, 1.0, 0.0)]
    return record_figures.lanes(made([NEVER] * 4, MONTHS, beijing_trade=trade, seoul_north=seoul))


def test_each_lever_has_what_was_recorded_and_below_it_the_mean_option_of_the_runs(lanes: Lanes) -> None:
    trade, runs_of_trade, seoul, runs_of_seoul = lanes.lanes
    assert [(lane.group, lane.role, lane.low, lane.high) for lane in (trade, seoul)] == [
        ("Beijing", "Beijing", "squeeze", "generous"), ("Seoul", "Seoul", "hard", "engage"),
    ]  # fmt: skip
    spans = [[(span.first, span.last, span.label, span.level) for span in lane.stretches] for lane in (trade, seoul)]
    assert spans[0] == [(3, 4, "trim", 1 / 3), (4, 5, "generous", 1.0)]
    assert spans[1] == [(2, 3, "engage", 1.0), (39, 40, "hard", 0.0)], "what lies beyond the runs is not shown"
    levels = [[span.level for span in lane.stretches] for lane in (runs_of_trade, runs_of_seoul)]
    assert levels[0] == pytest.approx([1 / 3] * 4 + [(0 + 1 + 3 + 3) / 4 / 3] * 36)
    assert levels[1] == pytest.approx([(2 + 2 + 2 + 1) / 4 / 2] * 39 + [0.0])
    assert [(span.first, span.last) for span in runs_of_trade.stretches] == [(place, place + 1) for place in range(40)]
    assert (runs_of_trade.group, runs_of_seoul.group, runs_of_trade.role) == ("Beijing", "Seoul", "outside")


def test_runs_agree_with_the_record_where_they_took_the_recorded_option(lanes: Lanes) -> None:
    """All of Beijing's in one cell and half in the other, three of four of Seoul's and all of them: 81 of 100."""
    assert {"81%", "4"} <= set(lanes.head.title.split())
    assert lanes.months == (0, 40) and [(span.first, span.last) for span in lanes.spans] == [(37, 40)]
    assert lanes.data.to_numpy().tolist() == [
        ["seoul_north", "2019-03", "engage", 1], ["seoul_north", "2022-04", "hard", 2],
        ["seoul_north", "2022-05", "hard", 1], ["beijing_trade", "2019-04", "trim", 4],
        ["beijing_trade", "2019-05", "generous", 1],
    ]  # fmt: skip


def fans_of(monkeypatch: pytest.MonkeyPatch) -> Chart:
    """Return what was known in forty months: trade at levels of 0.1 to 0.5, tension at ten times that, no influence."""
    monkeypatch.setattr(record_figures, "observed_table", lambda kind: pd.DataFrame({
        "series": ["china_dprk_trade_total"], "month": pd.PeriodIndex(["2019-03"], freq="M"), "value": [60.0],
    }))  # fmt: skip
    known = pd.DataFrame([
        {"series": name, "month": month} | {level: times * place for place, level in enumerate(LEVELS, 1)}
        for name, times in (("tension", 1.0), ("china_flow", 0.1), ("influence", 0.0)) for month in range(MONTHS)
    ])  # fmt: skip
    shares = pd.DataFrame([
        {"lever": lever, "month": month, "option": option, "share": share}
        for lever, options in {
            **{name: {LEVER[name].options[0].name: 1.0} for name in record_figures._SHOWN},
            "pyongyang_provoke": {"none": 0.5, "missile": 0.25, "nuclear": 0.25},
            "seoul_north": {"hard": 0.5, "deter": 0.25, "engage": 0.25},
        }.items() for month in range(MONTHS) for option, share in options.items()
    ])  # fmt: skip
    by_month = pd.DataFrame({"effective": [900.0, 12.4] * 20})
    filtered: Any = SimpleNamespace(
        by_month=by_month, fans=known, shares=shares, as_of="2022-04", seed=3, log_evidence=-52.4, costliest="2020-01",
        settings=SimpleNamespace(particles=2_048),
    )  # fmt: skip
    return record_figures.record_fans(filtered)


@pytest.fixture
def known(recorded: None, monkeypatch: pytest.MonkeyPatch) -> dict[str, Panel]:
    return {panel.title: panel for panel in fans_of(monkeypatch).panels}


def test_trade_is_told_in_dollars_beside_what_was_observed_and_other_states_in_their_own_unit(
    known: dict[str, Panel],
) -> None:
    trade, tension = known[words("china_flow").title], known[words("tension").title]
    assert (trade.unit, tension.unit) == ("million USD a month", "0 to 1")
    for panel, unit in ((trade, 24.0), (tension, 1.0)):
        wide, half = panel.bands
        edges = [wide.low, half.low, panel.lines[0].values, half.high, wide.high]
        assert [row.tolist() for row in edges] == [pytest.approx([unit * place] * MONTHS) for place in range(1, 6)]
        assert (wide.faint, half.faint) == (True, False) and panel.months == (0, MONTHS)
        assert panel.lines[0].months.tolist() == list(range(MONTHS))
        assert [(span.first, span.last) for span in panel.spans] == [(37, MONTHS)]
    assert [(seen.months.tolist(), seen.values.tolist()) for seen in trade.points] == [([2.0], [60.0])]
    assert tension.points == () and words("influence").title not in known, "what was nothing in all months"


def test_a_lever_is_told_by_the_mean_value_of_its_options_beside_the_recorded_ones(known: dict[str, Panel]) -> None:
    seoul, provoked = known[words("seoul_north").title], known[words("pyongyang_provoke").title]
    assert seoul.lines[0].values == pytest.approx([-0.25] * MONTHS)
    assert provoked.lines[0].values == pytest.approx([0.25 * 0.67 + 0.25] * MONTHS)
    assert (seoul.points[0].months.tolist(), seoul.points[0].values.tolist()) == ([2.0, 39.0], [1.0, -1.0])
    assert len(provoked.points[0].months) == 0 and seoul.months == (0, MONTHS)
    assert seoul.unit == "-1 hard, 0 deter, 1 engage"
    assert list(known) == [words(name).title for name in ("china_flow", "tension", *record_figures._SHOWN)]


def test_a_filter_is_named_by_its_evidence_and_the_fewest_particles_that_count(
    recorded: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    head = fans_of(monkeypatch).head
    assert {"2022-04:", "-52", "12", "2,048"} <= set(head.title.split()) and "2020-01" in head.text
