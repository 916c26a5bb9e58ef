"""What a folder says of itself: the crate and the data package keep their schemas, and name what is there."""

import json
from pathlib import Path
from typing import Any

import jsonschema
import pandas as pd
import pytest
from typer.testing import CliRunner

import sim
from sim.cli import app
from sim.report.folders.crate import CRATE, PACKAGE

SCHEMAS = {
    name: json.loads(Path(__file__).with_name(file).read_text(encoding="utf-8"))
    for name, file in ((CRATE, "crate-schema.json"), (PACKAGE, "package-schema.json"))
}
SHORT = sim.load("hindcast").with_(months={"to": "2020-12"})


@pytest.fixture(scope="module", params=["run", "compare", "sweep"])
def folder(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of results of one kind."""
    place = tmp_path_factory.mktemp("crate") / request.param
    if request.param == "sweep":
        vary = {"grievance": sim.values(12.0, 24.0)}
        sim.sweep(SHORT, vary, place, runs=3, seed=1, series=["tension", "beijing_trade"])
        return place
    names = {"run": ["hindcast"], "compare": ["hindcast", "great-flood"]}[request.param]
    words = [request.param, *names, "--runs", "8", "--seed", "7", "--out", str(place), "--quiet"]
    done = CliRunner().invoke(app, words)
    assert done.exit_code == 0, done.output
    return place


def _read(folder: Path, name: str) -> Any:
    return json.loads((folder / name).read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", SCHEMAS)
def test_both_keep_their_schema(folder: Path, name: str) -> None:
    jsonschema.validate(_read(folder, name), SCHEMAS[name])


def test_the_crate_names_all_that_is_there_and_nothing_else(folder: Path) -> None:
    graph = {entity["@id"]: entity for entity in _read(folder, CRATE)["@graph"]}
    parts = {part["@id"] for part in graph["./"]["hasPart"]}
    there = {path.name + "/" * path.is_dir() for path in folder.iterdir()}
    assert parts == there - {CRATE, PACKAGE, "study.lock"}
    assert {part["@id"] for part in graph["#run"]["result"]} == parts <= graph.keys()
    assert graph["#run"]["instrument"]["@id"] in graph
    for name in parts:
        if "contentSize" in graph[name]:
            assert int(graph[name]["contentSize"]) == (folder / name).stat().st_size
    assert graph["#seed"]["value"] in ("1", "7")
    assert graph["#run"]["name"].startswith(f"sim {folder.name}")


def test_every_table_has_its_columns_and_every_number_a_unit(folder: Path) -> None:
    package = _read(folder, PACKAGE)
    paths = [path for table in package["resources"] for path in _paths(table)]
    assert sorted(paths) == sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*.parquet"))
    for table in package["resources"]:
        fields = {field["name"]: field for field in table["schema"]["fields"]}
        for path in _paths(table):
            frame = pd.read_parquet(folder / path)
            assert list(frame) == list(fields)
            for name, field in fields.items():
                if field["type"] in ("number", "integer"):
                    assert field["unit"], (path, name)
                if field["type"] == "yearmonth":
                    assert frame[name].astype(str).str.fullmatch(r"\d{4}-\d{2}").all(), (path, name)


def _paths(resource: dict[str, Any]) -> list[str]:
    return [resource["path"]] if isinstance(resource["path"], str) else resource["path"]


def test_units_are_those_of_the_model(folder: Path) -> None:
    fields = {
        field["name"]: field for table in _read(folder, PACKAGE)["resources"] for field in table["schema"]["fields"]
    }
    units = {"tension": "0 to 1", "china_flow": "1 = 240 m USD a month", "grievance": "1", "slights": "months"}
    seen = {name: fields[name]["unit"] for name in units if name in fields}
    assert len(seen) > 0 and all(units[name] == unit for name, unit in seen.items()), seen


def test_a_study_that_is_shown_again_keeps_its_date(tmp_path: Path) -> None:
    vary = {"grievance": sim.values(12.0, 24.0)}
    sim.sweep(SHORT, vary, tmp_path / "study", runs=2, seed=1)
    path = tmp_path / "study" / CRATE
    written = path.read_text(encoding="utf-8")
    (date,) = (entity["datePublished"] for entity in json.loads(written)["@graph"] if entity["@id"] == "./")
    old = written.replace(date, "2024-08-16")
    path.write_text(old, encoding="utf-8")
    sim.sweep(SHORT, vary, tmp_path / "study", runs=2, seed=1)
    assert path.read_text(encoding="utf-8") == old
    path.write_text("{", encoding="utf-8")
    sim.sweep(SHORT, vary, tmp_path / "study", runs=2, seed=1)
    jsonschema.validate(_read(tmp_path / "study", CRATE), SCHEMAS[CRATE])
