"""Which moves, turning points and figures a chronicle tells of which year, on runs that are made by hand."""

from types import SimpleNamespace
from typing import Any

import pandas as pd
import pytest

from sim.analysis import units
from sim.model import months
from sim.model.moves import LEVERS
from sim.report.text import chronicle
from sim.report.text.chronicle import Year
from sim.report.text.turning_points import TurningPoint, did
from sim.scenario.source import Source

FIRST = months.index("2021-11")  # two months of 2021, and five whole years
FLOWS = ("arms_flow", "china_flow", "warmth_beijing_pyongyang", "warmth_moscow_pyongyang", "reengagement")


def run(moves: dict[str, list[str]] | None = None, **series: list[float]) -> Any:
    """Return a run whose levers stand at their second option, but for those that are given year by year."""
    index = pd.period_range("2021-11", "2026-12", freq="M")
    table = pd.DataFrame({lever.field: lever.options[1].name for lever in LEVERS}, index=index)
    for field, taken in (moves or {}).items():
        table[field] = taken
    frame = pd.DataFrame({name: series.get(name, [0.0] * len(index)) for name in FLOWS}, index=index)
    scenario = SimpleNamespace(name="a world", question="", first=FIRST, horizon=FIRST + len(index))
    return SimpleNamespace(moves=table, series=frame, scenario=scenario, war_end=None, number=0, seed=1,
                           source=Source.RETAINED)  # fmt: skip


def spans(*lengths: tuple[int, str]) -> list[str]:
    return [option for length, option in lengths for _ in range(length)]


@pytest.fixture
def turning(monkeypatch: pytest.MonkeyPatch) -> Any:
    return lambda *points: monkeypatch.setattr(chronicle, "turns", lambda run: points)


def named(year: Year) -> list[str]:
    """Return what a year's summary tells: levers with their options."""
    every = [(lever, option.name) for lever in LEVERS for option in lever.options]
    return [f"{lever.field} {option}" for lever, option in every if did(lever, option)[1] in year.summary]


def test_a_year_tells_what_lasted_for_two_thirds_of_it_and_is_new(turning: Any) -> None:
    turning()
    seoul = spans((2, "hard"), (8, "deter"), (4, "hard"), (7, "engage"), (5, "deter"), (12, "deter"), (24, "deter"))
    made = run({
        "seoul_north": seoul,
        "deal_arms": spans((14, "none"), (12, "full"), (36, "none")),
        "deal_pay": spans((2, "nothing"), (12, "low"), (12, "good"), (12, "top"), (24, "low")),
        "deal_technology": spans((26, "none"), (36, "sensitive")),
        "washington_sanction": spans((2, "hold"), (7, "ease"), (53, "hold")),
    })  # fmt: skip
    chronicled = chronicle.years(made)
    assert [year.year for year in chronicled] == [2021, 2022, 2023, 2024, 2025, 2026]
    ordinary = ["beijing_trade trim", "beijing_workers thin", "washington_sanction hold"]
    assert [named(year) for year in chronicled] == [
        [*ordinary, "seoul_north hard"],  # the first year tells what is ordinary
        ["seoul_north deter"],  # eight of twelve months; sanctions are eased in seven
        ["deal_arms full", "deal_pay good"],  # sanctions are held as they were before they were eased for seven months
        ["deal_arms none"],  # no payment or technology where no arms come; Seoul deters again, after seven months
        [*ordinary, "seoul_north deter"],  # but payment, which is for nothing
        [*ordinary, "seoul_north deter"],
    ]
    begins = [year.summary.partition(":")[0] for year in chronicled]
    assert begins == ["At first", *["New this year"] * 3, "As before", "As before"]


def test_a_year_without_anything_that_lasts_names_nothing() -> None:
    none = dict.fromkeys((lever.field for lever in LEVERS), "")
    assert chronicle._summary(none, none, first=False) == chronicle._summary(none, none, first=True)
    assert not named(Year(2021, (), chronicle._summary(none, none, first=True), ""))
    joined = chronicle._joined(LEVERS[:2], none | {"beijing_trade": "trim", "beijing_workers": "keep"})
    assert joined.count("Beijing") == 1 and " and " in joined and joined.endswith(".")


def test_a_verb_is_said_once_of_two_capitals() -> None:
    done = ["is cool to Beijing", "is cool to Moscow", "fires missiles"]
    assert chronicle._merge(done) == ["is cool to Beijing and Moscow", "fires missiles"]
    assert chronicle._merge(done[::2]) == done[::2] and chronicle._merge([]) == []


def test_turning_points_stand_in_their_year_and_floods_among_its_figures(turning: Any) -> None:
    at = [months.index(month) for month in ("2021-12", "2022-01", "2022-07", "2022-08", "2022-12", "2023-01")]
    kinds = ("war", "flood", "flood", "arms", "move", "flood")
    points = [TurningPoint(month, kind, kind) for month, kind in zip(at, kinds, strict=True)]
    turning(*points)
    chronicled = {year.year: year for year in chronicle.years(run())}
    shown = [[point.kind for point in chronicled[year].turns] for year in range(2021, 2024)]
    assert shown == [["war"], ["arms", "move"], []]
    floods = [chronicled[year].figures.partition(" Floods come in ")[2] for year in range(2021, 2024)]
    assert floods == ["", "January 2022 and July 2022.", "January 2023."]
    text = chronicle.chronicle_of(run())
    assert [text.count(f"\n- **{spoken}**: ") for spoken in ("December 2021", "August 2022", "July 2022")] == [1, 1, 0]
    order = [text.index(mark) for mark in ("## 2021", "December 2021", "## 2022", "August 2022", "## 2023", "## 2026")]
    assert order == sorted(order) and "the war does not end" in text and "**" not in text.split("## 2021")[0]


def test_the_figures_of_a_year_are_its_means_and_the_sum_of_its_arms(turning: Any) -> None:
    turning()
    flows = {name: [99.0, 99.0] + [0.0] * 60 for name in FLOWS}
    for place, value in enumerate((1.0, 2.0, 3.0), 2):  # of 2022: three months of twelve
        for name in FLOWS:
            flows[name][place] = value
    for place, million in ((14, 0.05), (26, 0.0499), (38, 0.005), (50, 0.00499)):  # of 2023 to 2026
        flows["arms_flow"][place] = million / units.MILLION_SHELLS
    of = {year.year: year.figures for year in chronicle.years(run(**flows))}
    trade = 6.0 / 12 * units.MILLION_USD
    shells = 6.0 * units.MILLION_SHELLS
    for words in (f" {trade:.0f} million USD", f"{shells:.1f} million shells", " 0 out of 100."):
        assert words in of[2022], words
    assert "0.1 million shells" in of[2023] and all(" hardly any shells" in of[year] for year in (2024, 2025))
    assert [year for year, words in of.items() if " no shells" in words] == [2026]


@pytest.mark.parametrize(("after", "ends"), [(-1, True), (0, False), (1, False)])
def test_a_war_that_ends_after_the_last_month_does_not_end(after: int, ends: bool) -> None:
    made = run()
    made.war_end = made.scenario.horizon + after
    assert ("does not" not in chronicle.war(made)) == ends and ("December 2026" in chronicle.war(made)) == ends


def test_words_of_a_scenario_become_neither_markup_nor_a_link() -> None:
    assert chronicle._plain('<b> & [x] "said"') == '&lt;b&gt; &amp; \\[x] "said"'
