"""What a folder says of itself: the crate and the data package keep their schemas, and name what is there."""

import json
import re
import subprocess
from pathlib import Path
from typing import Any

import jsonschema
import pandas as pd
import pyarrow as pa
import pytest
from typer.testing import CliRunner

import sim
from sim.analysis.definitions import describe_definitions
from sim.cli import app
from sim.model.moves import LEVER
from sim.registers.register import registered_parameters
from sim.report.folders import crate
from sim.report.folders.crate import CRATE, PACKAGE
from sim.report.style import SERIES

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
        assert graph[name]["name"] == name.removesuffix("/")
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


RIGHTS = ["--author", "Ada Lovelace, Analytical Society, https://analytical.invalid", "--license", "CC-BY-4.0"]


def test_nobody_owns_results_that_nobody_has_named(folder: Path) -> None:
    graph = {entity["@id"]: entity for entity in _read(folder, CRATE)["@graph"]}
    assert not {"author", "publisher", "license"} & graph["./"].keys()
    assert "MIT" not in json.dumps(graph)
    assert graph[graph["#run"]["agent"]["@id"]]["@type"] == "Person"
    assert graph["#run"]["endTime"].startswith(graph["./"]["datePublished"])


@pytest.mark.parametrize("verb", ["run", "sweep"])
def test_author_and_licence_are_those_that_the_command_or_the_file_names(tmp_path: Path, verb: str) -> None:
    keys = 'author: "Ada Lovelace, Analytical Society, https://analytical.invalid"\nlicense: CC-BY-4.0\n'
    mine, sweep = tmp_path / "mine.yaml", tmp_path / "sweep.yaml"
    mine.write_text("extends: hindcast\nmonths: {to: 2020-12}\n", encoding="utf-8")
    sweep.write_text("scenario: ./mine.yaml\nvary: {grievance: {values: [12]}}\n", encoding="utf-8")
    name = {"run": mine, "sweep": sweep}[verb]

    def rights(out: Path, *more: str) -> list[str]:
        words = [verb, str(name), "--runs", "2", "--seed", "7", "--out", str(out), "--quiet", *more]
        done = CliRunner().invoke(app, words)
        assert done.exit_code == 0, done.output
        graph = {entity["@id"]: entity for entity in _read(out, CRATE)["@graph"]}
        author = graph[graph["./"]["author"]["@id"]]
        assert graph["#run"]["agent"]["@id"] == author["@id"]
        assert author["affiliation"] == graph["./"]["publisher"]
        group = graph[author["affiliation"]["@id"]]
        return [author["name"], group["name"], group["url"], graph["./"]["license"]["@id"]]

    expected = ["Ada Lovelace", "Analytical Society", "https://analytical.invalid"]
    expected.append("https://spdx.org/licenses/CC-BY-4.0")
    assert rights(tmp_path / "by-option", *RIGHTS) == expected
    name.write_text(keys + name.read_text(encoding="utf-8"), encoding="utf-8")
    other = rights(tmp_path / "by-key", "--license", "https://licence.invalid/")
    assert other == [*expected[:3], "https://licence.invalid/"]
    manifest = json.loads((tmp_path / "by-key" / "manifest.json").read_text(encoding="utf-8"))
    assert "Ada" not in str(manifest.get("scenario"))


def test_a_study_keeps_its_author_and_may_get_one_later(tmp_path: Path) -> None:
    vary = {"grievance": sim.values(12.0)}
    sim.sweep(SHORT, vary, tmp_path / "study", runs=2, seed=1)
    sim.sweep(SHORT.with_(author="Ada", license="CC0-1.0"), vary, tmp_path / "study", runs=2, seed=1)
    owned = (tmp_path / "study" / CRATE).read_bytes()
    assert b"CC0-1.0" in owned and b"Ada" in owned
    sim.sweep(SHORT, vary, tmp_path / "study", runs=2, seed=1)
    assert (tmp_path / "study" / CRATE).read_bytes() == owned


@pytest.mark.parametrize("words", [["--license", "all mine"], ["--license", "<script>"], ["--author", ""]])
def test_what_is_no_author_or_licence_is_refused(tmp_path: Path, words: list[str]) -> None:
    done = CliRunner().invoke(app, ["run", "hindcast", "--runs", "2", *words, "--out", str(tmp_path / "never")])
    assert done.exit_code == 3 and f"on the command line: {words[0][2:]}: " in done.stderr
    assert not (tmp_path / "never").exists()


@pytest.mark.long
def test_the_validator_misses_nothing_that_is_recommended_but_author_and_licence_where_nobody_named_them(
    folder: Path, tmp_path: Path
) -> None:
    """The validator wants other releases of libraries: the script gives it an environment of its own."""
    check = Path(__file__).parents[2] / "scripts" / "check-crate"
    owned = subprocess.run([check], capture_output=True, text=True)
    assert (owned.returncode, owned.stdout) == (0, ""), owned.stderr
    nobody = subprocess.run([check, folder], capture_output=True, text=True)
    missing = [line for line in nobody.stdout.splitlines() if line.startswith(("ro-crate", "process"))]
    assert nobody.returncode == 1 and len(missing) == 4, nobody.stdout + nobody.stderr
    assert all(any(word in line for word in ("author", "publisher", "license")) for line in missing)


def test_a_study_that_is_shown_again_keeps_its_date(tmp_path: Path) -> None:
    vary = {"grievance": sim.values(12.0, 24.0)}
    sim.sweep(SHORT, vary, tmp_path / "study", runs=2, seed=1)
    path = tmp_path / "study" / CRATE
    written = path.read_text(encoding="utf-8")
    (date,) = (entity["datePublished"] for entity in json.loads(written)["@graph"] if entity["@id"] == "./")
    old = re.sub(f"{date}T[0-9:]{{8}}", "2024-08-16T12:00:00", written).replace(date, "2024-08-16")
    path.write_text(old, encoding="utf-8")
    sim.sweep(SHORT, vary, tmp_path / "study", runs=2, seed=1)
    assert path.read_text(encoding="utf-8") == old
    path.write_text("{", encoding="utf-8")
    sim.sweep(SHORT, vary, tmp_path / "study", runs=2, seed=1)
    jsonschema.validate(_read(tmp_path / "study", CRATE), SCHEMAS[CRATE])


@pytest.mark.parametrize(("name", "table", "title", "unit"), [
    ("run", "", "number of the run", "1 (a number)"),
    ("slights", "runs", "months in which Pyongyang slights Beijing", "months"),
    ("trade", "capitals", "what passes between two capitals", "width of an arrow: 1 = the widest"),
    ("trade", "", "trade", ""),
    ("war ends early", "pair", "re-engagement, war ends early", "points of 100"), ("some_thing", "", "some thing", ""),
    ("beijing_trade", "", LEVER["beijing_trade"].title, "value of the option taken"),
    ("D2", "", f"{describe_definitions()['D2']}: came true", "months"),
    ("D2_without_end", "", f"{describe_definitions()['D2']}: without end", "months"),
    ("postwar_need", "", registered_parameters()["postwar_need"].meaning, registered_parameters()["postwar_need"].unit),
    ("tension", "", SERIES["tension"].title, "0 to 1"),
    ("tension_last_year", "", f"{SERIES['tension'].title}, last year", "0 to 1"),
    ("capability_gained", "", "strategic capability gained", "0 to 1"),
    ("10%", "fan", "10% quantile of the runs", "of the series that is shown"),
])  # fmt: skip
def test_a_column_is_said_by_its_table_then_by_lever_definition_parameter_or_series(
    name: str, table: str, title: str, unit: str
) -> None:
    assert crate.column_words(name, table) == (title, unit)


@pytest.mark.parametrize(("name", "kind", "table", "typed", "unit"), [
    ("tension", pa.float64(), "", "number", "0 to 1"), ("run", pa.int8(), "", "integer", "1 (a number)"),
    ("D2", pa.bool_(), "", "boolean", None), ("month", pa.string(), "states", "yearmonth", None),
    ("month", pa.string(), "capitals", "string", None), ("tension", pa.string(), "", "string", None),
    ("month", pa.int64(), "", "integer", None),
])  # fmt: skip
def test_a_column_has_the_type_of_its_values_and_numbers_their_unit(
    name: str, kind: Any, table: str, typed: str, unit: str | None
) -> None:
    said = crate._field(pa.field(name, kind), table)
    assert (said["name"], said["type"], said.get("unit")) == (name, typed, unit)


@pytest.mark.parametrize(("author", "known"), [
    ("", []), ("Ada", ["Ada"]), ("Ada , Society", ["Ada", "Society"]),
    ("Ada, Society, https://a.invalid/b,c", ["Ada", "Society", "https://a.invalid/b,c"]),
])  # fmt: skip
def test_rights_are_read_from_a_crate_as_they_were_written(author: str, known: list[str], tmp_path: Path) -> None:
    (tmp_path / "manifest.json").write_text("{}", encoding="utf-8")
    made = {"kind": "run", "driftback": "1.0"}
    for licence in ("", "CC-BY-4.0", "https://licence.invalid/"):
        crate.describe(tmp_path, made, ["manifest.json", "not there"], crate.Rights(author, licence))
        assert crate._rights_of(tmp_path) == crate.Rights(", ".join(known), licence)
        (tmp_path / CRATE).unlink()
    crate.describe(tmp_path, made, ["manifest.json"], crate.Rights(author, "CC0-1.0"))
    crate.describe(tmp_path, made, ["manifest.json"], crate.Rights("", "CC-BY-4.0"))
    assert crate._rights_of(tmp_path) == crate.Rights(", ".join(known), "CC-BY-4.0"), "what is not said stays"
    (tmp_path / CRATE).write_text('{"@graph": [{"@id": "./", "author": 3}]}', encoding="utf-8")
    assert crate._rights_of(tmp_path) == crate.Rights()
