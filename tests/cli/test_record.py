"""The commands on the record: what they print and keep, and runs that set out from there."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from typer.testing import CliRunner

from sim.cli import app
from sim.engine import provenance

from .conftest import SHORT, Sim

FILTER = ("filter", "--as-of", "2020-02", "--particles", "128", "--seed", "3")


def test_the_record_is_listed_and_drawn(sim: Sim, tmp_path: Path) -> None:
    shown = sim("record", "--seed", "3", "--runs", "8", "--out", "drawn", "--jobs", "1")
    assert shown.exit_code == 0, shown.output
    assert "685 are in both codings, which agree on 91% of these" in shown.output
    assert (tmp_path / "drawn/figures/lanes.png").exists()
    assert len(pd.read_parquet(tmp_path / "drawn/tables/cells.parquet")) == 922
    again = sim("record", "--seed", "3", "--runs", "8", "--out", "drawn")
    assert again.exit_code == 1 and "--overwrite" in again.output
    facts = json.loads(
        sim("record", "--seed", "3", "--runs", "8", "--out", "drawn", "--overwrite", "--json", "--quiet").stdout
    )
    assert (facts["both"], facts["cells"], len(facts["levers"])) == (685, 922, 21)


def test_one_lever_is_listed_month_by_month(sim: Sim) -> None:
    shown = sim("record", "pyongyang_talks")
    assert shown.exit_code == 0 and len(shown.stdout.splitlines()) == 69
    cells = json.loads(sim("record", "seoul_north", "--json").stdout)
    assert {"month": "2022-10", "lever": "seoul_north", "recorded": "deter or hard"}.items() <= cells[45].items()
    wrong = sim("record", "talks")
    assert wrong.exit_code == 2 and "pyongyang_talks" in wrong.output


@pytest.fixture(scope="module")
def filter_and_run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Keep a filter, and a run that sets out from it."""
    place = tmp_path_factory.mktemp("as-of")
    (place / "short.yaml").write_text(SHORT, encoding="utf-8")
    for words in (
        (*FILTER, "--out", str(place / "known")),
        ("run", str(place / "short.yaml"), "--seed", "7", "--runs", "4", "--as-of", str(place / "known"),
         "--out", str(place / "told"), "--jobs", "1"),
    ):  # fmt: skip
        assert CliRunner().invoke(app, list(words)).exit_code == 0
    return place


def test_a_filter_is_kept_and_runs_set_out_from_it(sim: Sim, tmp_path: Path) -> None:
    shown = sim(*FILTER, "--out", "known", "--jobs", "2")
    assert shown.exit_code == 0, shown.output
    assert all(word in shown.stdout for word in ("log evidence", "ESS in a set", "parameter sets", "likelihood power"))
    assert "Beware" in shown.stdout, "128 particles are too few, and it says so"
    assert (tmp_path / "known/figures/fans.png").exists()
    assert len(pd.read_parquet(tmp_path / "known/tables/months.parquet")) == 14
    same = sim("run", "short.yaml", "--seed", "7", "--runs", "4", "--as-of", "known")
    assert same.exit_code == 0, same.output
    assert "start from states that the record makes likely" in " ".join(same.output.split())
    why = sim("explain", "runs/short-7", "Pyongyang", "2020-06")
    assert why.exit_code == 0, why.output
    both = sim("compare", "short.yaml", "long.yaml", "--seed", "7", "--runs", "4", "--as-of", "known")
    assert both.exit_code == 0, both.output
    assert "In run 0 the scenarios diverge in 202" in both.output


def _flip(file: Path) -> None:
    held = bytearray(file.read_bytes())
    held[len(held) // 2] ^= 1
    file.write_bytes(held)


def _edit(file: Path) -> None:
    """Write states that are a little other as such a file is written."""
    with np.load(file) as kept:
        arrays = {name: kept[name] for name in kept}
    np.savez(file, **arrays | {"memory": arrays["memory"] + 0.1})


@pytest.mark.parametrize(
    ("change", "says"),
    [(Path.unlink, "missing"), (_flip, "not what was written"), (_edit, "not what was written")],
    ids=["gone", "flipped", "edited"],
)
def test_no_history_is_told_from_a_state_that_is_not_what_was_written(
    sim: Sim, filter_and_run: Path, change: Callable[[Path], object], says: str
) -> None:
    for folder in ("known", "told"):
        shutil.copytree(filter_and_run / folder, folder)
    change(Path("known/states.npz"))
    change(Path("told/start.npz"))
    begun = sim("run", "short.yaml", "--seed", "7", "--runs", "4", "--as-of", "known", "--out", "begun")
    explained = sim("explain", "told", "Pyongyang", "2020-06")
    for shown, file in ((begun, "known/states.npz"), (explained, "told/start.npz")):
        assert shown.exit_code == 3, shown.output
        assert f"{file} is {says}" in shown.stderr and shown.stdout == ""


def test_states_whose_manifest_was_changed_or_that_rest_on_other_rules_are_not_used(
    sim: Sim, filter_and_run: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = ("run", "short.yaml", "--seed", "7", "--runs", "4", "--as-of", "known", "--out", "begun")
    shutil.copytree(filter_and_run / "known", "known")
    with monkeypatch.context() as patch:
        patch.setattr(provenance, "rules_version", lambda: "another")
        shown = sim(*asked)
        assert shown.exit_code == 1 and "the rules of the model" in shown.stderr and "sim filter" in shown.stderr
    manifest = Path("known/manifest.json")
    manifest.write_text(manifest.read_text(encoding="utf-8").replace('"seed": 3', '"seed": 4'), encoding="utf-8")
    shown = sim(*asked)
    assert shown.exit_code == 3 and "manifest.json is not what was written" in shown.stderr


def test_readings_of_the_record_and_seeds_change_what_is_said(sim: Sim) -> None:
    said = {
        words: json.loads(sim(*FILTER, *words, "--json", "--quiet", "--overwrite").stdout)["log_evidence"]
        for words in ((), ("--errors", "3"), ("--coding", "2"))
    }
    assert len(set(said.values())) == 3
    many = json.loads(sim(*FILTER, "--seeds", "2", "--json", "--quiet", "--overwrite").stdout)
    assert many["seeds"] == 2 and many["spread_of_one_seed"] > 0.0


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("filter", "--as-of", "2025-09"), "2020-01 to 2025-08"),
        (("filter", "--as-of", "soon"), "YYYY-MM"),
        (("run", "short.yaml", "--as-of", "2031-01"), "2020-01 to 2025-08"),
        (("run", "short.yaml", "--as-of", "."), "no states.npz"),
        (("run", "short.yaml", "--as-of", "2024-08", "--defaults"), "not both"),
        (("sweep", "postwar-dose", "--as-of", "2024-08", "--defaults"), "not both"),
    ],
)
def test_what_is_wrong_is_said(sim: Sim, words: tuple[str, ...], says: str) -> None:
    shown = sim(*words)
    assert shown.exit_code in (1, 2)
    assert says in shown.output and "Traceback" not in shown.output
