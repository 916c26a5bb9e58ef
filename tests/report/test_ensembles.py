"""What fans, pairs and differences of many runs say, on runs that are made by hand."""

from dataclasses import replace

import numpy as np
import pytest

from sim.analysis.definitions import WITHIN
from sim.analysis.pairs import Pair
from sim.engine.war_end import NEVER
from sim.report.figures import ensemble_figures, history_figures
from sim.report.figures.ensemble_figures import BEFORE
from sim.report.style import words
from tests.analysis.by_hand import made, steps

END = 60


@pytest.mark.parametrize(("value", "said"), [
    (20.0, "20"), (19.96, "20.0"), (2.0, "2.0"), (1.994, "1.99"), (-20.4, "-20"), (-2.04, "-2.0"), (0.0, "0.00"),
])  # fmt: skip
def test_the_smaller_a_number_the_more_of_its_digits_are_said(value: float, said: str) -> None:
    assert ensemble_figures._number(value) == said
    assert ensemble_figures._number(value, signed=True) == (said if value < 0 else f"+{said}")


def test_a_fan_is_named_by_its_median_two_years_after_each_runs_own_end() -> None:
    ended = [END, END + 6, 119 - WITHIN, 120 - WITHIN, NEVER]  # the last two cannot be read two years on
    rows = [steps((0, 1.0), (end + WITHIN, value)) if end < 120 - WITHIN else steps((0, 99.0))
            for end, value in zip(ended, (30.0, 40.0, 70.0, 0.0, 0.0), strict=True)]  # fmt: skip
    many, control = made(ended, reengagement=rows), made([NEVER] * 5, reengagement=25.0)
    short = words("reengagement").short
    title = f"Two years after the war's end, median {short} is 40"
    assert ensemble_figures.fan(many).head.title == title
    assert ensemble_figures.fan(many, control=control).head.title == f"{title}; if the war goes on, it is 25"
    never = made([NEVER] * 2, reengagement=np.linspace(0.0, 119.0, 120))
    assert ensemble_figures.fan(never, control=never).head.title.endswith("goes from 5.5 in 2019 to 114 in 2028")


def test_a_fan_has_its_quantiles_its_first_runs_and_the_world_without_an_end() -> None:
    runs = np.arange(11.0)[:, None] * np.ones(120)
    many, control = made([END] * 11, reengagement=runs), made([NEVER] * 11, reengagement=3.0)
    chart = ensemble_figures.fan(many, control=control)
    (panel,) = chart.panels
    assert [line.label for line in panel.lines] == ["", "", "", "without an end", "median"]
    assert [line.values[0] for line in panel.lines] == [0.0, 1.0, 2.0, 3.0, 5.0]
    assert [line.thin for line in panel.lines] == [True] * 3 + [False] * 2 and panel.lines[3].broken
    assert [(band.low[0], band.high[0], band.faint) for band in panel.bands] == [(1.0, 9.0, True), (2.5, 7.5, False)]
    assert chart.data.iloc[0].tolist() == [1.0, 2.5, 5.0, 7.5, 9.0, 3.0]
    assert panel.months == (0, 120) and not panel.points
    assert "5.0 in 2019" in chart.head.text


def test_observed_trade_stands_over_the_models_in_its_unit() -> None:
    (seen,) = ensemble_figures._observed_over("china_flow")
    monthly = history_figures.points(history_figures.observed_table("monthly"), "china_dprk_trade_total")
    assert seen.values * 240.0 == pytest.approx(monthly.values) and seen.months.tolist() == monthly.months.tolist()
    assert ensemble_figures._observed_over("tension") == ()


def test_a_difference_counts_months_from_each_runs_own_end() -> None:
    ended = (4, END, NEVER)  # of the first, eight of the months before are not simulated
    rows = [steps((0, 5.0), (4, 20.0)), steps((0, 0.0), (END, 10.0)), [0.0] * 120]
    chart = ensemble_figures.difference(made(ended, reengagement=rows), made([NEVER] * 3, reengagement=0.0))
    (panel,) = chart.panels
    (_, mean), (wide, half) = panel.lines, panel.bands
    before = [0.0] * (BEFORE - 4) + [2.5] * 4
    assert mean.values.tolist() == before + [15.0] * (WITHIN + 1) == chart.data["mean_effect"].tolist()
    assert mean.months.tolist() == list(range(-BEFORE, WITHIN + 1)) and panel.months == (-BEFORE, WITHIN + 1)
    assert (half.low[-1], half.high[-1]) == (12.5, 17.5) and (wide.low[-1], wide.high[-1]) == (11.0, 19.0)
    assert "100 of 100 histories" in chart.head.title and "of 2 histories" in chart.head.subtitle
    middle = "the middle half of the histories lies between +12.5 and +17.5."
    assert f"the mean difference is +15.0 points; {middle}" in chart.head.text
    with pytest.raises(ValueError, match="no run can be judged"):
        ensemble_figures.difference(made([NEVER]), made([NEVER]))


def test_a_pair_is_named_by_its_difference_where_that_is_clear() -> None:
    chance = np.random.default_rng(1).standard_normal((40, 1)) * np.ones(120)
    one, other = made([END] * 40, reengagement=60.0 + chance), made([NEVER] * 40, reengagement=50.0)
    chart = ensemble_figures.pair(Pair(one, other))
    assert "two years after the war" in chart.head.title and "+10" in chart.head.title
    alike = ensemble_figures.pair(Pair(made([NEVER] * 40, reengagement=50.0 + chance), other))
    assert "no clear difference" in alike.head.title and "in December 2028" in alike.head.title
    above, below = chart.panels
    assert [line.values[0] for line in above.lines] == pytest.approx([50.0, 60.0 + np.median(chance[:, 0])])
    assert above.lines[0].broken and above.bands[0].high[0] == 50.0 and below.zero and not above.zero
    gap = 10.0 + chance[:, 0]
    assert (below.bands[0].low[0], below.bands[0].high[0]) == pytest.approx(tuple(np.quantile(gap, [0.1, 0.9])))
    assert chart.data["mean difference"].iloc[0] == pytest.approx(gap.mean()) and above.months == (0, 120)


def test_two_scenarios_stand_above_their_difference_run_by_run() -> None:
    """Of eleven runs one has 0 to 100 and the other 10 to 0, so that they differ by -10 to 100."""
    runs = np.arange(11.0)[:, None] * np.ones(120)
    one, other = made([END, 50, *[NEVER] * 9], tension=10.0 * runs), made([NEVER] * 11, tension=runs[::-1])
    other = replace(other, experiment=other.experiment.replace(scenario=other.scenario.with_(name="beside")))
    above, below = (chart := ensemble_figures.pair(Pair(one, other), "tension")).panels
    assert [line.values[7] for line in above.lines] == [5.0, 50.0] and below.lines[0].values[7] == 45.0
    assert [(band.low[7], band.high[7], band.faint) for band in above.bands] == [(2.5, 7.5, True), (25.0, 75.0, True)]
    gaps = [(band.low[7], band.high[7], band.faint) for band in below.bands]
    assert gaps == [(1.0, 89.0, True), (17.5, 72.5, False)]
    assert list(chart.data)[:2] == ["baseline", "beside"]
    assert chart.data.iloc[7].tolist() == [50.0, 5.0, 45.0, 1.0, 17.5, 72.5, 89.0]
    assert list(chart.data)[3:] == ["difference 10%", "difference 25%", "difference 75%", "difference 90%"]
    for panel in (above, below):
        assert panel.months == (0, 120)
        spans = [(span.first, span.last, span.faint) for span in panel.spans]
        assert spans == [(37, 50, False), (50, 120, True)]
    assert "45 in 2019" in chart.head.text
