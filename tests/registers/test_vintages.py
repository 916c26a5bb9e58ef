"""The vintages that travel with the package: who reads them, what is known when, and what they never touch."""

import re

import numpy as np
import pandas as pd
import pytest

from sim.engine.experiment import Experiment
from sim.engine.sets import equally_weighted
from sim.inference import coding, filtering, hindcast, measurements, sets_file
from sim.inference.matching import draw_prior
from sim.inference.measurements import MEASURES
from sim.model import months
from sim.prediction.questions import questions_on
from sim.prediction.references import question_outcomes
from sim.registers import record, register, vintage
from sim.registers.fact_tables import MONTHLY, package_vintages
from sim.registers.register import observed_table
from sim.registers.vintage import known_to
from sim.scenario.source import Source

YEAR = "2025-08"
INDEX = months.index(YEAR)


def test_a_later_month_reads_the_vintage_of_the_package_and_an_earlier_one_does_not() -> None:
    assert vintage.last_month() == vintage.BASE and vintage.folder() is None
    for month in ("2024-08", "2019-01", "soon", "known"):
        with known_to(month):
            assert vintage.last_month() == vintage.BASE
    for month in ("2024-09", YEAR, "2031-01"):
        with known_to(month):
            assert vintage.last_month() == YEAR
            with known_to("2023-01"):
                assert vintage.last_month() == YEAR, "an earlier month within keeps what is read"
    assert vintage.last_month() == vintage.BASE


def test_the_environment_names_a_vintage_of_the_package(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(vintage.VARIABLE, YEAR)
    assert vintage.last_month() == YEAR and record.moves()["month"].max() == YEAR


def test_what_was_read_under_one_vintage_is_not_kept_for_another() -> None:
    without = len(record.cells()), len(measurements.series_figures("trade")), coding.estimate_coding().errors
    with known_to(YEAR):
        later = len(record.cells()), len(measurements.series_figures("trade")), coding.estimate_coding().errors
    assert later[0] > without[0] and later[1] > without[1] and not later[2].equals(without[2])
    assert (len(record.cells()), len(measurements.series_figures("trade"))) == without[:2]


@pytest.mark.parametrize(
    ("name", "month", "known"),
    [("trade", "2025-05", "2025-06"), ("trade", "2024-12", "2025-01"), ("growth", "2024-12", "2025-07"),
     ("share", "2024-12", "2025-07")],
)  # fmt: skip
def test_a_month_is_known_from_the_next_on_and_a_year_from_the_july_after_it(name: str, month: str, known: str) -> None:
    with known_to(YEAR):
        there = {
            at: {
                (figure.series, months.name(figure.month))
                for figure in measurements.known_figures(months.index(known) + at)
            }
            for at in (-1, 0)
        }
    assert (name, month) in there[0] and (name, month) not in there[-1]


def test_ranges_bounds_and_matching_read_no_vintage(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where a vintage is named that is none, whoever reads it fails; the matching does not."""
    rests, figures = sets_file.sets_rest_on(), dict(hindcast.observed_figures())
    sets = draw_prior([1], 2)
    asked = Experiment(hindcast.free_runs(), equally_weighted(sets, Source.PRIOR), 1).runs_of_every_set(2)
    usual = hindcast.try_sets(asked)
    monkeypatch.setenv(vintage.VARIABLE, "nowhere")
    for cached in (register.registers_digest, sets_file.sets_rest_on, hindcast.observed_figures, hindcast.target):
        cached.cache_clear()
    with pytest.raises(vintage.VintageError):
        observed_table("annual")
    tried = hindcast.try_sets(asked)
    assert sets_file.sets_rest_on() == rests and dict(hindcast.observed_figures()) == figures
    pd.testing.assert_frame_equal(tried.frame(), usual.frame())
    pd.testing.assert_frame_equal(tried.implausibility, usual.implausibility)


def test_the_digest_of_the_registers_is_the_same_with_a_vintage(monkeypatch: pytest.MonkeyPatch) -> None:
    register.registers_digest.cache_clear()
    before = register.registers_digest()
    register.registers_digest.cache_clear()
    monkeypatch.setenv(vintage.VARIABLE, YEAR)
    assert register.registers_digest() == before and vintage.files_digest() != ""


def test_the_fingerprint_of_a_vintage_does_not_move_with_the_ends_of_lines(
    tmp_path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copy = tmp_path / "year"
    copy.mkdir()
    for file in package_vintages()[YEAR].iterdir():
        (copy / file.name).write_bytes(file.read_bytes().replace(b"\n", b"\r\n"))
    monkeypatch.setenv(vintage.VARIABLE, str(copy))
    windows = vintage.files_digest()
    monkeypatch.setenv(vintage.VARIABLE, YEAR)
    assert vintage.files_digest() == windows


def test_the_border_is_worked_back_from_customs_on_the_scale_of_2023() -> None:
    with known_to(YEAR):
        border = filtering.recorded_world().schedule()["border"]
        monthly, annual = observed_table("monthly"), observed_table("annual")
    trade = monthly[monthly["series"] == "china_dprk_trade_total"].set_index("month")["value"]
    parts = annual.set_index(["series", "year"])["value"]
    an_open_border = parts["china_dprk_trade_total", 2023] / 12.0 / np.mean(border[48:60])
    exports = monthly.set_index(["series", "month"])["value"]["china_exports_to_dprk", pd.Period("2024-08")]
    note = re.search(r"imports (\d+)", annual.set_index(["series", "year"])["note"][
        "china_dprk_trade_partial_year_jan_jul", 2024])  # fmt: skip
    assert note is not None
    august = exports + float(note[1]) / 7.0
    half = parts["china_dprk_trade_partial_year_jan_jun", 2024]
    november = (
        parts["china_dprk_trade_partial_year_jan_nov", 2024] - half
        - trade[["2024-07", "2024-09", "2024-10"]].sum() - august
    )  # fmt: skip
    june = trade[["2025-04", "2025-05"]].mean()
    quarters = {
        "2024-09": trade["2024-09"],
        "2024-10": (trade[["2024-10", "2024-12"]].sum() + november) / 3.0,
        "2025-01": (parts["china_dprk_trade_partial_year_jan_jun", 2025] - 3.0 * june) / 3.0,
        "2025-04": june,
    }
    for month, mean in quarters.items():
        assert border[months.index(month)] == pytest.approx(mean / an_open_border, abs=0.005), month
    assert border[: months.index("2024-09")] == hindcast.free_runs().schedule()["border"], "the past stays as it was"
    assert border[INDEX] == border[months.index("2025-04")], "a quarter that is not over is held"


def test_the_world_scripts_no_move_and_the_war_goes_on() -> None:
    with known_to(YEAR):
        world = filtering.recorded_world()
    assert world.moves == hindcast.free_runs().moves and world.war_end is None and world.horizon == INDEX + 1


def test_nothing_is_later_than_august_2025() -> None:
    with known_to(YEAR):
        assert observed_table("events")["date"].max() <= "2025-08-31" and record.moves()["month"].max() == YEAR
        assert (
            observed_table("monthly")["month"].max() <= pd.Period(YEAR)
            and observed_table("annual")["year"].max() <= 2025
        )


def test_the_second_sitting_has_nineteen_answers() -> None:
    with known_to(YEAR):
        came = question_outcomes(questions_on(months.index("2024-08"), months.index("2028-08")))
    assert len(came) == 19
    assert came["trade/2025-03"] == 238.2 and came["growth/2024"] == 3.7 and came["share/2024"] == 98.0
    events = {"monopoly/2024": 1, "summit/2024-09": 0, "summit/2025-03": 0, "slight/2024-09": 0, "slight/2025-03": 0,
              "missile/2024-09": 1, "missile/2025-03": 1, "nuclear-test/2024-09": 0, "nuclear-test/2025-03": 0,
              "veto/2024-09": 1, "veto/2025-03": 1}  # fmt: skip
    assert came[list(events)].to_dict() == events


def test_the_codings_agree_as_far_as_their_rows_do() -> None:
    """Counted here from the rows, by hand."""
    with known_to(YEAR):
        moves, (both, share) = record.moves(), record.overall()
    earlier = moves["month"] <= vintage.BASE
    later = moves[~earlier].dropna(subset=["option_1", "option_2"])
    alike = sum(row["option_1"] == row["option_2"] for row in later.to_dict("records"))
    before, agreed = record.overall()
    assert (len(moves[~earlier]), len(later)) == (206, 187)
    assert both == before + 187 and share * both == pytest.approx(agreed * before + alike)


def test_every_series_that_is_measured_has_the_units_of_the_package() -> None:
    monthly = {measure.series for measure in MEASURES.values() if f"{measure.table}.csv" == MONTHLY}
    with known_to(YEAR):
        table = observed_table("monthly")
    assert (table[table["series"].isin(monthly)].groupby("series")["unit"].nunique() == 1).all()
