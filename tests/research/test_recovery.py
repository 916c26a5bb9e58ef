"""Made-up records of a run: the figures that the real record has, as far off as the chance says."""

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from research.recovery import INTERVALS, measure_run, summary
from sim.inference import measurements
from sim.inference.measurements import MEASURES, WATCHED, Discrepancy
from sim.model import months
from tests.analysis.by_hand import made

BORDER = np.ones(months.index("2021-12") + 1)


def always(value: float) -> SimpleNamespace:
    return SimpleNamespace(standard_normal=lambda: value, uniform=lambda low, high: low)


def test_a_made_up_record_has_the_figures_of_the_real_one_to_its_last_month() -> None:
    truth, exact = made(months=len(BORDER), economy=1.0, china_flow=0.5), Discrepancy(0.5, 0.2, 0.2)
    figures = measure_run(truth, BORDER, dict.fromkeys(MEASURES, exact), always(0.0))  # type: ignore[arg-type]
    real = [figure for name in MEASURES for figure in measurements.series_figures(name) if figure.month < len(BORDER)]
    assert [(figure.series, figure.month, figure.known) for figure in figures] == [
        (figure.series, figure.month, figure.known) for figure in real
    ]
    assert {"trade", "growth", "share"} <= {figure.series for figure in figures}
    assert max(figure.month for figure in figures) == len(BORDER) - 1, "that of the last month is one of them"
    past = {name: list(truth.array(name).T) for name in WATCHED}
    past[measurements.REST] = [np.array([exact.rest[0]])] * len(BORDER)
    for figure in figures:  # without chance, what the run itself has
        assert figure.value == MEASURES[figure.series].of(measurements.until(past, figure.month))[0]


def test_a_made_up_figure_is_off_by_a_gap_that_fades_and_an_error_of_its_own() -> None:
    """By hand, where every draw is one: a gap of 0.2 / 0.6 to begin with, then 0.8 of the last one and 0.2."""
    truth = made(months=len(BORDER), china_flow=0.5, economy=1.0)

    def figures(gap: Discrepancy, draw: float) -> dict[tuple[str, int], float]:
        processes = dict.fromkeys(("trade", "growth", "share"), gap)
        drawn = measure_run(truth, BORDER, processes, always(draw))  # type: ignore[arg-type]
        return {(figure.series, figure.month): figure.value for figure in drawn if figure.series != "share"}

    gaps = [0.2 / 0.6]
    for _ in BORDER[1:]:
        gaps.append(0.8 * gaps[-1] + 0.2)
    own, off = figures(Discrepancy(0.8, 9.0, 0.2), 0.0), figures(Discrepancy(0.8, 9.0, 0.2), 1.0)
    assert own
    for (series, month), value in own.items():
        steps = month // 12 if series == "growth" else month
        assert off[series, month] - value == pytest.approx(gaps[steps] + MEASURES[series].error)


def test_an_interval_holds_the_ranks_up_to_its_ends() -> None:
    table = summary(pd.DataFrame({"trust": [0.25, 0.75, 0.24, 0.76, 0.1, 0.9, 0.09, 0.91, 0.025, 0.02]}))
    assert table.loc["trust", ["50%", "80%", "95%"]].tolist() == pytest.approx([0.2, 0.6, 0.9])
    assert len(INTERVALS) == 3 and 0.0 <= table.loc["trust", "p"] <= 1.0
