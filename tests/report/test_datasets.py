"""Ensembles and studies as datasets of xarray: the numbers that are kept, with their long names and units."""

import sys
from pathlib import Path

import numpy as np
import pytest
import xarray

import sim
from sim.model.moves import LEVERS
from sim.registers.register import registered_parameters
from sim.report.showing import ShownEnsemble, ShownStudy
from sim.report.style import words

SHORT = sim.load("war-ends-early").with_(months={"to": "2027-02"})


@pytest.fixture(scope="module")
def many() -> ShownEnsemble:
    return sim.ensemble(SHORT, runs=5, seed=7, jobs=1)


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> ShownStudy:
    vary = {"postwar_need": sim.values(0.1, 0.4), "war.ends": sim.values("2025-01", "never")}
    return sim.sweep(SHORT, vary, tmp_path_factory.mktemp("made") / "study", runs=3, seed=7, jobs=1, series=["tension"])


def described(dataset: xarray.Dataset) -> None:
    """Every variable says what it is, and in which unit; months are times, whose unit xarray writes."""
    for name, variable in dataset.variables.items():
        assert variable.attrs["long_name"], name
        assert name == "month" or variable.attrs["units"], name


def test_an_ensemble_has_all_series_levers_and_parameters(many: ShownEnsemble) -> None:
    made = many.to_xarray()
    described(made)
    assert dict(made.sizes) == {"run": 5, "month": len(many.series("tension").columns)}
    for name in (*many.kept, *(lever.field for lever in LEVERS)):
        assert np.array_equal(made[name], many.series(name)), name
        assert made[name].dims == ("run", "month")
    assert set(many.parameters) <= set(made.data_vars)
    assert np.array_equal(made["postwar_need"], many.parameters["postwar_need"])
    assert np.array_equal(made["war_end"], many.war_end)
    assert np.array_equal(made["run"], many.runs)
    assert str(made["month"].values[0])[:7] == str(many.series("tension").columns[0])


def test_words_are_those_of_the_registers(many: ShownEnsemble) -> None:
    made, entry = many.to_xarray(), registered_parameters()["postwar_need"]
    assert made["china_flow"].attrs == {"long_name": words("china_flow").title, "units": words("china_flow").unit}
    assert made["postwar_need"].attrs == {"long_name": entry.meaning, "units": entry.unit}


def test_a_war_that_does_not_end_has_no_month_of_peace() -> None:
    still = sim.ensemble("hindcast", runs=2, seed=7, jobs=1).to_xarray()
    assert np.isnan(still["war_end"]).all()


def test_a_study_has_each_outcome_at_its_point_and_replicate(study: ShownStudy) -> None:
    made = study.to_xarray()
    described(made)
    assert dict(made.sizes) == {"point": 4, "replicate": 3, "month": len(study.series("tension").columns)}
    for run, row in study.outcomes.iterrows():
        place = {"point": row["point"], "replicate": row["replicate"]}
        here = made.sel(place)
        assert here["run"] == run
        assert here["war_ends"] == row["war_ends"]
        assert here["tension_mean"] == row["tension_mean"]
        assert (here["postwar_need"], here["war.ends"]) == (row["postwar_need"], row["war.ends"])
        assert np.array_equal(here["tension"], study.series("tension").loc[row["point"], run])
    true = study.outcomes["D1"].dropna()
    assert float(made["D1"].sum()) == true.sum()
    assert int(made["D1"].notnull().sum()) == len(true)


def test_a_dataset_is_written_and_read_as_it_is(many: ShownEnsemble, study: ShownStudy, tmp_path: Path) -> None:
    for name, made in (("many", many.to_xarray()), ("study", study.to_xarray())):
        made.to_netcdf(tmp_path / f"{name}.nc", engine="scipy")
        with xarray.open_dataset(tmp_path / f"{name}.nc", engine="scipy") as read:
            assert read["tension"].equals(made["tension"])


def test_without_xarray_the_message_says_how_to_get_it(many: ShownEnsemble, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "xarray", None)
    with pytest.raises(ImportError, match=r"needs xarray.*pip install 'driftback\[study\]'"):
        many.to_xarray()
