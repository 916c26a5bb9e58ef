"""Later facts as a folder of data: all that reads facts reads them, and none that is later than the folder says."""

import os
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

from sim.model import months
from sim.registers import record, vintage
from sim.registers.fact_tables import VintageError
from sim.registers.register import observed_table

from .conftest import Sim

ROOT = Path(__file__).parents[2]
MONTH = "2024-12"
TRADE = "china_dprk_trade_total,{},{},USD million,made up,,made up\n"
MOVE = "{},Pyongyang,toward_beijing,{},high,made up,made up,slight,high,made up,made up\n"


@pytest.fixture
def later(sim: Sim, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a folder of made-up facts, which is read from here on."""
    shown = sim("vintage", "new", MONTH, "later")
    assert shown.exit_code == 0 and "facts up to 2024-12" in shown.stdout and "DRIFTBACK_VINTAGE=later" in shown.stderr
    monkeypatch.setenv(vintage.VARIABLE, "later")
    return Path("later")


def add(folder: Path, table: str, row: str) -> None:
    with (folder / table).open("a", encoding="utf-8") as file:
        file.write(row)


def test_later_facts_stand_after_those_of_the_package(later: Path) -> None:
    before = observed_table("monthly")
    add(later, "monthly.csv", TRADE.format("2024-09", "77.5"))
    after = observed_table("monthly")
    assert len(after) == len(before) + 1 and after["value"].iloc[-1] == 77.5 and vintage.last_month() == MONTH


@pytest.mark.parametrize(
    ("table", "row", "says"),
    [
        ("monthly.csv", TRADE.format("2025-01", "77"), "monthly.csv:2: 2025-01 is later than 2024-12"),
        (
            "annual.csv",
            "dprk_real_gdp_growth_bok,2025,1.0,%,,,\n",
            "annual.csv:2: 2025-01 is later than 2024-12",
        ),
        ("events.csv", "2025-03-02,Seoul,Pyongyang,diplomacy,x,,,\n", "events.csv:2: 2025-03 is later than"),
        ("moves.csv", MOVE.format("2025-02", "slight"), "moves.csv:2: 2025-02 is later than 2024-12"),
        (
            "monthly.csv",
            TRADE.format("2024-04", "77"),
            "monthly.csv:2: china_dprk_trade_total, 2024-04 stands there twice",
        ),
        ("monthly.csv", TRADE.format("2024-09", "many"), "monthly.csv:2: 'many' is no number; write what was measured"),
        ("monthly.csv", TRADE.format("soon", "7"), "monthly.csv:2: no month or year there; write 2026-08"),
        ("monthly.csv", "china_dprk_trade_total,2024-09\n", "monthly.csv:2: more or fewer cells than columns"),
        (
            "moves.csv",
            MOVE.format("2024-09", "angry"),
            "moves.csv:2: unknown option of toward_beijing 'angry'; use one of",
        ),
    ],
)
def test_a_fact_that_cannot_be_used_is_told_with_its_line(later: Path, table: str, row: str, says: str) -> None:
    add(later, table, row)
    with pytest.raises(VintageError) as error:
        if table == "moves.csv":
            record.moves()
        else:
            observed_table(table.removesuffix(".csv"))
    assert f"later/{says}" in str(error.value)


@pytest.mark.parametrize(
    ("table", "row"),
    [
        ("monthly.csv", TRADE.format("2024-12", "77")),
        ("annual.csv", "dprk_real_gdp_growth_bok,2024,1.0,% y/y,,,\n"),
        ("events.csv", "2024-12-31,Seoul,Pyongyang,diplomacy,x,,,\n"),
        ("moves.csv", MOVE.format("2024-12", "slight")),
    ],
)
def test_a_fact_of_the_last_month_is_read(later: Path, table: str, row: str) -> None:
    before = len(vintage.read_table(table, lambda row: ""))
    add(later, table, row)
    assert len(vintage.read_table(table, lambda row: "")) == before + 1


def test_the_facts_of_the_package_pass_the_same_guard(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(vintage, "BASE", "2024-04")
    with pytest.raises(VintageError, match=r"\w+.csv:\d+: 2024-\d\d is later than 2024-04"):
        observed_table("events")


def test_what_is_no_vintage_is_told(sim: Sim, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(vintage.VARIABLE, "nowhere")
    shown = sim("filter", "--as-of", "2024-08")
    assert shown.exit_code == 3 and "sim vintage new 2026-08 FOLDER" in shown.stderr
    with pytest.raises(VintageError, match=r"nowhere is no vintage: there is no nowhere/world\.yaml"):
        vintage.last_month()


def test_a_folder_that_is_there_stays_and_a_month_is_later_than_all_that_is_known(sim: Sim) -> None:
    Path("later").mkdir()
    assert "later is there already, and it stays" in sim("vintage", "new", MONTH, "later").stderr
    assert "2024-08 is not later than 2024-08" in sim("vintage", "new", "2024-08", "other").stderr
    assert "'soon' is not a month" in sim("vintage", "new", "soon", "other").stderr
    assert sim("vintage", "new", MONTH, "deep/other", "--quiet").stderr == ""


def test_filter_and_forecasts_go_on_to_its_month(later: Path) -> None:
    """In processes of their own, as facts are read once."""
    for month, value in (("2024-09", 300.0), ("2024-10", 310.0), ("2024-11", 320.0)):
        add(later, "monthly.csv", TRADE.format(month, value))
    add(later, "moves.csv", MOVE.format("2024-10", "slight"))
    add(later, "moves.csv", "2024-10,Pyongyang,provoke,missile,high,made up,made up,missile,high,made up,made up\n")

    def said(*words: str, known: bool = True) -> "subprocess.CompletedProcess[str]":
        env = os.environ | {"PYTHONPATH": str(ROOT), vintage.VARIABLE: "later" if known else ""}
        command = [sys.executable, "-m", "sim", *words, "--seed", "3"]
        return subprocess.run(command, env=env, capture_output=True, text=True, check=False)

    few = ("filter", "--as-of", MONTH, "--particles", "64", "--out", "known")
    refused = said("filter", "--as-of", "2025-09", known=False)
    assert refused.returncode == 1 and "choose a month from 2020-01 to 2025-08" in refused.stderr
    assert said(*few).returncode == 0
    scores = pd.read_parquet("known/tables/scores.parquet")
    last_months = scores.loc[scores["lever"] == "pyongyang_provoke", "month"].max(), scores["month"].max()
    assert last_months == ("2024-10", MONTH) and Path("known/figures/fans.png").exists(), "silence tells too"
    done = said("forecast", "--as-of", "known", "--to", "2025-06", "--runs", "1")
    assert done.returncode == 0, done.stderr
    table = pd.read_csv("forecasts.csv", comment="#").set_index(["id", "forecaster"])
    assert "trade/2025-01" in table.index and "trade/2024-12" not in table.index
    assert table.loc[("trade/2025-01", "persistence"), "q50"] == pytest.approx(320.0, rel=0.02)
    assert f"vintage {MONTH} " in Path("forecasts.csv").read_text(encoding="utf-8")
    assert months.index(MONTH) == 71


def test_a_command_reads_the_vintage_of_the_package_where_it_is_asked_for_and_the_next_does_not(sim: Sim) -> None:
    later = sim("record", "pyongyang_talks", "--as-of", "2025-08").stdout
    assert "2025-08" in later and "2024-08" in later
    assert "2024-09" not in sim("record", "pyongyang_talks").stdout
    refused = sim("record", "pyongyang_talks", "--as-of", "2025-01")
    assert refused.exit_code == 2 and "2025-08" in refused.stderr


def test_the_environment_may_name_it_and_an_unusable_world_is_3(sim: Sim, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(vintage.VARIABLE, "2025-08")
    assert "2025-08" in sim("record", "pyongyang_talks").stdout
    sim("vintage", "new", MONTH, "later")
    world = Path("later/world.yaml")
    world.write_text(world.read_text(encoding="utf-8").replace(f"to: {MONTH}", "to: " + "[" * 4000), encoding="utf-8")
    monkeypatch.setenv(vintage.VARIABLE, "later")
    shown = sim("filter", "--as-of", MONTH)
    assert shown.exit_code == 3 and "later/world.yaml:" in shown.stderr and "nested too deeply" in shown.stderr
