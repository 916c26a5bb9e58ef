"""``sim evidence``: what it prints and keeps, and that it goes on where it was stopped."""

import json
from pathlib import Path

import pandas as pd
import pytest

from sim.prediction import model_comparison
from sim.prediction.model_comparison import BASE, FEWER

from .conftest import Sim

FEW = (BASE, FEWER, "random moves", "C05", "C11", "A7", "A14")


@pytest.fixture(autouse=True)
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave some of the contenders, in a record of fourteen months."""
    every = model_comparison.contenders
    monkeypatch.setattr(
        model_comparison, "contenders", lambda as_of: [contender for contender in every(as_of) if contender.name in FEW]
    )


def test_a_study_is_told_kept_and_gone_on_with(sim: Sim, tmp_path: Path) -> None:
    model_comparison.open_record_study(
        tmp_path / "study", {"particles": 32, "seeds": 2, "seed": 3, "as_of": "2020-02"}, "sim evidence study"
    )
    shown = sim("evidence", "study", "--jobs", "1")
    assert shown.exit_code == 0, shown.output
    assert "base rates" in shown.stdout and "Ahead of last month's move in sum" in shown.stdout
    assert "not at work" in shown.stdout and "Beijing" in shown.stdout
    assert (tmp_path / "study/figures/cumulative.png").exists()
    assert len(pd.read_parquet(tmp_path / "study/tables/compared.parquet")) == 5
    parts = {path.name: path.stat().st_mtime_ns for path in (tmp_path / "study/filtered").rglob("*.parquet")}
    assert len(parts) == len(FEW)
    again = json.loads(sim("evidence", "study", "--json", "--quiet").stdout)
    assert {path.name: path.stat().st_mtime_ns for path in (tmp_path / "study/filtered").rglob("*.parquet")} == parts
    assert len(again["answer"]) == 3 and len(again["compared"]) == 5 and again["asked"]["particles"] == 32


def test_another_study_is_refused_in_one_sentence(sim: Sim, tmp_path: Path) -> None:
    model_comparison.open_record_study(tmp_path / "study", {"particles": 32, "seeds": 2, "seed": 3, "as_of": "2020-02"})
    shown = sim("evidence", "study", "--particles", "64")
    assert shown.exit_code == 1
    assert "differs in particles" in shown.output and "Traceback" not in shown.output
