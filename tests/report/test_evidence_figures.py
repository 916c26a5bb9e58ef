"""What the record says of claims, as rows and lines: on comparisons that are made by hand."""

from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from sim.prediction.model_comparison import (
    ALONE,
    ASSUMED,
    BASE,
    CLAIMS,
    COSTS,
    EARNS,
    IDLE,
    RIVALS,
    SEEMS_TO_EARN,
    UNSEEN,
    VARIED,
)
from sim.prediction.move_forecasters import ALL, BASE_RATE, NAIVE
from sim.report.figures import evidence_figures
from sim.report.figures.data import Chart, Head
from sim.report.figures.estimates import EstimateRow
from sim.report.style import words

MONTHS = 40
ENDS = {  # nats by the last month
    "a rival": (RIVALS, -50.0, UNSEEN), "a variant": (VARIED, 2.0, UNSEEN), "C01": (CLAIMS, -9.0, EARNS),
    "C02": (CLAIMS, 4.0, COSTS), "C03": (CLAIMS, 0.0, IDLE), "C04": (CLAIMS, -4.0, SEEMS_TO_EARN),
    "C05": (CLAIMS, -3.0, UNSEEN), "C06": (CLAIMS, -3.5, UNSEEN), "C07": (CLAIMS, 6.0, UNSEEN),
    "C08": (CLAIMS, 5.0, UNSEEN), "C09": (CLAIMS, -3.25, UNSEEN), "A01": (ASSUMED, 0.0, IDLE),
}  # fmt: skip
COMPARED = pd.DataFrame(
    [{"name": name, "family": family, "says": "what it says", "nats": nats, "error": 2.0, "word": word,
      **dict(zip(ALONE, (nats - 1.0, nats, nats + 3.0), strict=True))}
     for name, (family, nats, word) in ENDS.items()]
).set_index("name")  # fmt: skip


def evidence(name: str) -> np.ndarray:
    """Return log evidence of two seeds by month: it grows evenly to what it is in the end."""
    ends = {BASE: -100.0, **{name: -100.0 + nats for name, (_, nats, _) in ENDS.items()}}
    return np.array([[ends[name] + noise] * MONTHS for noise in (-7.0, 7.0)]) / MONTHS


STUDY: Any = SimpleNamespace(
    evidence=evidence, scores=lambda: None, asked={"particles": 4_096, "seeds": 2, "seed": 5, "as_of": "2022-04"}
)


@pytest.fixture
def chart(monkeypatch: pytest.MonkeyPatch) -> Chart:
    naive = pd.DataFrame({name: np.full(MONTHS, -place) for place, name in enumerate(NAIVE, 1)})
    monkeypatch.setattr(evidence_figures.move_forecasters, "score_gap_by_month", lambda scores: naive)
    monkeypatch.setattr(evidence_figures, "draw", lambda drawn: drawn)
    made: Any = evidence_figures.cumulative(STUDY, COMPARED)
    assert isinstance(made, Chart)
    return made


def test_each_family_has_a_panel_with_a_line_for_each_of_its_contenders_from_the_least_to_the_most(
    chart: Chart,
) -> None:
    naive, rivals, _, claims, assumed = chart.panels
    assert [len(panel.lines) for panel in chart.panels] == [3, 1, 1, 9, 1]
    assert [line.values.tolist() for line in naive.lines] == [[-place] * MONTHS for place in (1, 2, 3)]
    ends = [round(line.values[-1], 6) for line in claims.lines]
    assert ends == [-9.0, -4.0, -3.5, -3.25, -3.0, 0.0, 4.0, 5.0, 6.0]
    assert claims.lines[0].values == pytest.approx(-9.0 * np.arange(1, MONTHS + 1) / MONTHS), "mean over seeds, so far"
    assert [line.role for line in claims.lines] == ["main"] * 6 + ["control"] * 3
    assert all(panel.months == (0, MONTHS) and panel.zero for panel in chart.panels)
    assert all([(span.first, span.last) for span in panel.spans] == [(37, MONTHS)] for panel in chart.panels)
    assert all(line.months.tolist() == list(range(MONTHS)) for panel in chart.panels for line in panel.lines)
    assert rivals.lines[0].values[-1] == pytest.approx(-50.0) and not assumed.lines[0].values.any()


def test_the_three_outermost_lines_on_either_side_have_names_where_they_end_clear_of_zero(chart: Chart) -> None:
    _, rivals, variants, claims, _ = chart.panels
    named = ["C01", "C04", "C06", "", "", "", "C02", "C08", "C07"]
    assert [line.label for line in claims.lines] == named
    assert [line.thin for line in claims.lines] == [not name for name in named]
    assert (rivals.lines[0].label, variants.lines[0].label) == ("a rival", ""), "two nats are no name"


def test_what_is_said_counts_those_that_clearly_earn_their_keep_or_cost(chart: Chart) -> None:
    assert [int(part) for part in chart.head.title.replace(",", "").split() if part.isdecimal()] == [1, 12, 1]
    assert "C01: -9 nats." in chart.head.text and "C02: +4 nats." in chart.head.text
    assert {"4,096", "2", "5,", "2022-04."} <= set(chart.head.source.split())
    assert list(chart.data)[:4] == [*(f"moves: {name}" for name in NAIVE), "a rival"]
    assert chart.data["C07"].iloc[-1] == pytest.approx(6.0)


@pytest.fixture
def rows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(evidence_figures, "ranges", lambda head, rows, unit: (head, rows))


def test_what_is_at_work_is_told_by_how_much_likelier_the_record_is_with_it(rows: None) -> None:
    drawn: Any = evidence_figures.evidence_picture(STUDY, COMPARED, CLAIMS)
    head: Head = drawn[0]
    made: list[EstimateRow] = drawn[1]
    assert [row.label.split(":")[0] for row in made] == ["C01", "C04", "C06", "C09", "C05", "C02", "C08", "C07"]
    first, cost = made[0], made[5]
    assert (first.mean, first.sets_low, first.sets_high, first.strong) == (9.0, 6.0, 10.0, True)
    assert (first.low, first.high) == pytest.approx((9.0 - 3.92, 9.0 + 3.92)), "1.96 errors"
    assert (cost.mean, cost.sets_low, cost.sets_high, cost.strong) == (-4.0, -7.0, -3.0, True)
    assert [row.strong for row in made] == [True, False, False, False, False, True, False, False]
    assert "C01" in head.title and "9 nats less likely" in head.title
    likelier: Any = evidence_figures.evidence_picture(STUDY, COMPARED[COMPARED["nats"] > 0.0], CLAIMS)
    assert "C02" in likelier[0].title and "4 nats likelier" in likelier[0].title


def test_levers_are_told_in_nats_over_the_base_rate_the_best_first(rows: None) -> None:
    table = pd.DataFrame(
        {f"over {BASE_RATE}": [0.1, -0.05, 0.2, 9.0], f"error {BASE_RATE}": [0.05, 0.01, 0.1, 9.0],
         "moves": [10.0, 40.0, 4.0, 54.0]}, index=["beijing_trade", "seoul_north", "deal_arms", ALL],
    )  # fmt: skip
    drawn: Any = evidence_figures.levers_picture(STUDY, table)
    made: list[EstimateRow] = drawn[1]
    assert [(row.label, row.mean, row.strong) for row in made] == [
        (words("beijing_trade").title, 1.0, False), (words("deal_arms").title, 0.8, False),
        (words("seoul_north").title, -2.0, True),
    ]  # fmt: skip
    assert [(row.low, row.high) for row in made] == [
        pytest.approx((1.0 - 0.98, 1.0 + 0.98)), pytest.approx((0.8 - 0.784, 0.8 + 0.784)),
        pytest.approx((-2.0 - 0.784, -2.0 + 0.784)),
    ]  # fmt: skip
    assert all((row.sets_low, row.sets_high) == (row.low, row.high) for row in made)
    assert [int(part) for part in drawn[0].title.split() if part.isdecimal()] == [1, 3]


def test_a_family_of_which_nothing_is_at_work_has_no_picture(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("cumulative", "levers_picture"):
        monkeypatch.setattr(evidence_figures, name, lambda *made: None)
    monkeypatch.setattr(evidence_figures, "evidence_picture", lambda study, compared, family: family)
    assert list(evidence_figures.pictures(STUDY, COMPARED, COMPARED)) == ["cumulative", "levers", CLAIMS]
    working = COMPARED.assign(word=UNSEEN)
    assert list(evidence_figures.pictures(STUDY, working, working))[2:] == [CLAIMS, ASSUMED]
