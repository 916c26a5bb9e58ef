"""What a picture is made of: lines, bands, names at their right ends, months of war; and that nobody changes it."""

from dataclasses import FrozenInstanceError, fields, replace

import numpy as np
import pandas as pd
import pytest

from sim.engine.sets import HAND_SET
from sim.engine.war_end import NEVER
from sim.report.figures import data
from sim.report.figures.data import (
    Band,
    Chart,
    Flow,
    Head,
    Lane,
    Lanes,
    Line,
    Mark,
    Network,
    Panel,
    Points,
    Snapshot,
    Span,
    Stretch,
    Tie,
)
from sim.report.text import doubt
from sim.scenario import load
from sim.scenario.source import Source
from tests.analysis.by_hand import made

MONTHS = pd.period_range("2019-11", periods=3, freq="M")
AT = np.arange(3.0)
HEAD = Head("title", "subtitle", "source", "text")
LINE, BAND, POINTS = Line("a", AT, AT, "main"), Band("b", AT, AT, AT + 2.0, "main"), Points("c", AT, AT * 3.0)
PANEL = Panel("title", "unit", (0, 3), (LINE,), (BAND,), (POINTS,))
FRAME = pd.DataFrame({"x": AT})
PARTS = [
    HEAD, Span(0, 1, "war"), Mark(0, "end"), LINE, BAND, POINTS, PANEL, Chart(HEAD, (PANEL,), FRAME),
    Stretch(0, 1, "none", 0.0), Lane("group", "title", "role", "low", "high", ()),
    Lanes(HEAD, (0, 3), (), (), (), FRAME), Flow("Moscow", "Beijing", "goods", 0.5), Tie("Moscow", "Beijing", 1.0),
    Snapshot("title", ()), Network(HEAD, (), FRAME),
]  # fmt: skip


@pytest.mark.parametrize("part", PARTS, ids=lambda part: type(part).__name__)
def test_what_a_picture_says_cannot_be_changed_and_what_holds_numbers_is_itself_alone(part: object) -> None:
    with pytest.raises(FrozenInstanceError):
        setattr(part, fields(part)[0].name, None)  # type: ignore[arg-type]
    alone = isinstance(part, Line | Band | Points | Panel | Chart | Lanes | Network)
    assert len({part, replace(part)}) == 1 + alone  # type: ignore[type-var]


def test_a_part_is_plain_where_nothing_else_is_said() -> None:
    panel = Panel("title", "unit", (0, 3))
    assert (panel.lines, panel.bands, panel.points, panel.spans) == ((), (), (), ())
    assert not (panel.zero or panel.since or LINE.broken or LINE.thin or BAND.faint or Span(0, 1, "").faint)
    assert Chart(HEAD, (), FRAME).columns == 1 and POINTS.role == "observed"


def test_months_and_years_are_those_of_an_index() -> None:
    assert data.month_numbers(MONTHS).tolist() == [10.0, 11.0, 12.0]
    assert data.years_of(MONTHS).tolist() == [2019, 2019, 2020]


def test_a_line_goes_through_a_series_and_a_band_between_two_quantiles_of_the_rows() -> None:
    line = data.line("name", pd.Series([3.0, 1.0, 2.0], MONTHS), "control", thin=True)
    assert (line.months.tolist(), line.values.tolist()) == ([10.0, 11.0, 12.0], [3.0, 1.0, 2.0])
    assert (line.label, line.role, line.broken, line.thin) == ("name", "control", False, True)
    rows = pd.DataFrame(np.arange(5.0)[:, None] * [1.0, 2.0, 3.0], columns=MONTHS)
    band = data.band("name", rows, 0.25, 0.75, "main")
    assert band.low.tolist() == [1.0, 2.0, 3.0] and band.high.tolist() == [3.0, 6.0, 9.0]
    assert band.months.tolist() == [10.0, 11.0, 12.0] and not band.faint


def test_names_stand_at_the_last_known_value_and_that_of_a_band_in_its_middle_unless_it_is_faint() -> None:
    shown = data.labels(replace(PANEL, bands=(BAND, replace(BAND, label="d", faint=True), replace(BAND, label=""))))
    assert [(height, label) for height, label, _ in shown] == [(2.0, "a"), (3.0, "b"), (4.0, "d"), (6.0, "c")]
    assert shown[0][2] is LINE
    gone = replace(LINE, values=np.array([1.0, 5.0, np.nan]))
    assert data.labels(Panel("", "", (0, 3), (gone, replace(LINE, values=np.full(3, np.nan)))))[0][0] == 5.0


@pytest.mark.parametrize(("ends", "spans"), [
    ([60, 60], [(37, 60, False)]), ([50, 60], [(37, 50, False), (50, 60, True)]), ([NEVER], [(37, 120, False)]),
    ([50, NEVER], [(37, 50, False), (50, 120, True)]), ([30, 50], [(37, 50, True)]), ([30, 37], []),
])  # fmt: skip
def test_the_war_is_shaded_where_it_is_in_all_runs_and_fainter_where_in_some(
    ends: list[int], spans: list[tuple[int, int, bool]]
) -> None:
    many = made(ends)
    shaded = data.war_of(many.scenario, many.war_end)
    assert [(span.first, span.last, span.faint) for span in shaded] == spans
    later = load("baseline").with_(months={"from": "2022-06", "to": "2028-12"})
    assert [span.first for span in data.war_of(later, [60, 60])] == [41], "from the first month that is shown"


@pytest.mark.parametrize(("until", "spans"), [(36, []), (37, []), (38, [(37, 38)]), (68, [(37, 68)])])
def test_the_war_of_the_record_is_shaded_up_to_a_month(until: int, spans: list[tuple[int, int]]) -> None:
    assert [(span.first, span.last) for span in data.war_until(until)] == spans


def test_a_source_tells_scenarios_runs_and_seed() -> None:
    many = made([60] * 1_200)
    assert "1,200 runs, seed 1" in data.source_of_many(many) and " and " not in data.source_of_many(many).split(",")[0]
    assert "1,200 runs each, seed 1" in data.source_of_many(many, many)
    sets = replace(HAND_SET, source=Source.RETAINED)
    other = replace(many, experiment=many.experiment.replace(sets=sets))
    sources = {(many, many): Source.DEFAULTS, (other, other): Source.RETAINED, (many, other): Source.MIXED}
    for pair, source in sources.items():
        assert data.source_of_many(*pair).endswith(doubt.of(source))
