"""What a folder of results says of itself to other programs: an RO-Crate and a data package.

``ro-crate-metadata.json`` (RO-Crate 1.1, profile Process Run Crate 0.5) says which command of which release made which
files. ``datapackage.json`` (Data Package 2.0) says of every table which columns it has, what they mean, and in which
unit. Both are made from the manifest and the files that are there, and are read by nobody here. The crate holds the
only date in a folder, since it has to have one; a study that is shown again keeps its own.
"""

import json
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from sim.analysis.definitions import says
from sim.article.register import parameters as register
from sim.model.moves import LEVER
from sim.report.style import SERIES, words
from sim.storage import sealed
from sim.storage.sealed import MANIFEST

CRATE, PACKAGE = "ro-crate-metadata.json", "datapackage.json"
_PROFILE = "https://w3id.org/ro/wfrun/process/0.5"
_FORMATS = {".json": "application/json", ".html": "text/html", ".md": "text/markdown", ".csv": "text/csv",
            ".png": "image/png", ".svg": "image/svg+xml", ".parquet": "application/vnd.apache.parquet",
            ".yml": "application/yaml"}  # fmt: skip
_PICTURED = "capitals"  # the table behind the picture of the ties, with months in words and arrows by their width
_NUMBER, _MONTHS, _POINTS = "1 (a number)", "months", "points of 100"
# Columns that are neither series nor levers: what they hold, and in which unit.
_COLUMNS = {
    "run": ("number of the run", _NUMBER),
    "point": ("number of the point of the design", _NUMBER),
    "replicate": ("number that, with the seed, fixes the chance of the run", _NUMBER),
    "fingerprint": ("64 bits of all kept states and moves", _NUMBER),
    "arms_total_million_shells": ("arms to Russia in all reported months", "million shells"),
    "russian_goods_total": ("goods from Russia in all reported months", "months of goods at 1"),
    "capability_gained": ("strategic capability gained", "0 to 1"),
    "buildup_last": ("the allied build-up in the last month", "0 to 1"),
    "slights": ("months in which Pyongyang slights Beijing", _MONTHS),
    "months_of_three_way_bloc": ("months of a three-way bloc", _MONTHS),
    "effect_of_the_end": ("re-engagement 24 months after the end less that of the same run without an end", _POINTS),
    "arms": ("part of the arms deal", "value of the option taken"),
    "pay": ("part of the arms deal", "value of the option taken"),
    "technology": ("part of the arms deal", "value of the option taken"),
    "warmth": ("warmth between two capitals", "-10 hostile to 10 close"),
    **dict.fromkeys(
        [f"{_PICTURED}.{name}" for name in ("trade", "workers", "goods", "arms")],
        ("what passes between two capitals", "width of an arrow: 1 = the widest"),
    ),
    "observed": ("what was observed", "as the column unit says"),
    **dict.fromkeys(("utility", "utility_runner_up"), ("utility of the option taken, or of the next best", "0 to 1")),
    "margin": ("utility of the option taken less that of the next best", "0 to 1"),
    **dict.fromkeys(("chance", "draw"), ("chance of the option taken, or the draw that chose it", "0 to 1")),
    **dict.fromkeys(("surplus_moscow", "surplus_pyongyang"), ("utility of the deal less that of none", "0 to 1")),
    "score": ("Nash product of the two surpluses", _NUMBER),
    "need_expected_to_last": ("how much of Moscow's need the capital expects to last", "share"),
}


def described(folder: Path, manifest: Mapping[str, object], names: Iterable[str]) -> dict[str, str]:
    """Return the two files of metadata of a folder by their names.

    Parameters
    ----------
    folder
        Of results, all of them written.
    manifest
        What its manifest says.
    names
        Of the files and folders in it that are its results.
    """
    names = sorted({*names, MANIFEST} - {CRATE, PACKAGE})
    tables = [name for name in names if name.endswith(".parquet")]
    tables += [f"{name}/" for name in names if any((folder / name).glob("*.parquet"))]
    package = {
        "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
        "name": f"driftback-{manifest['kind']}",
        "title": _title(manifest),
        "resources": [_resource(folder, name) for name in sorted(tables)],
    }
    crate = {"@context": "https://w3id.org/ro/crate/1.1/context", "@graph": _graph(folder, manifest, names)}
    metadata = {CRATE: crate} | ({PACKAGE: package} if tables else {})
    return {name: json.dumps(content, indent=1, ensure_ascii=False) + "\n" for name, content in metadata.items()}


def describe(folder: Path, manifest: Mapping[str, object], names: Iterable[str]) -> None:
    """Write the two files into the folder of a study, with the date that they had.

    Parameters
    ----------
    folder, manifest, names
        As for :func:`described`.
    """
    for name, text in described(folder, manifest, [file for file in names if (folder / file).exists()]).items():
        sealed.put(folder / name, text.encode())


def _graph(folder: Path, manifest: Mapping[str, object], names: list[str]) -> list[dict[str, object]]:
    parts = [_part(folder, name) for name in dict.fromkeys(_whole(folder, name) for name in names)]
    ids = [{"@id": part["@id"]} for part in parts]
    command = manifest.get("command") or f"sim {manifest['kind']}"
    program = f"#driftback-{manifest['driftback']}"
    graph: list[dict[str, object]] = [
        {"@id": CRATE, "@type": "CreativeWork", "conformsTo": {"@id": "https://w3id.org/ro/crate/1.1"},
         "about": {"@id": "./"}},
        {"@id": "./", "@type": "Dataset", "name": _title(manifest), "description": f"Made by: {command}",
         "conformsTo": {"@id": _PROFILE}, "datePublished": _date(folder), "hasPart": ids, "mentions": {"@id": "#run"},
         "license": {"@id": "https://spdx.org/licenses/MIT"}},
        {"@id": "https://spdx.org/licenses/MIT", "@type": "CreativeWork", "name": "MIT License",
         "description": "A short and permissive licence."},
        {"@id": _PROFILE, "@type": "CreativeWork", "name": "Process Run Crate", "version": "0.5"},
        {"@id": program, "@type": "SoftwareApplication", "name": "driftback", "softwareVersion": manifest["driftback"],
         "description": "An agent-based simulation of five capitals around the Korean peninsula."},
        {"@id": "#run", "@type": "CreateAction", "name": command, "description": _title(manifest),
         "instrument": {"@id": program}, "result": ids},
    ]  # fmt: skip
    if "seed" in manifest:
        graph[-1]["object"] = {"@id": "#seed"}
        graph.append({"@id": "#seed", "@type": "PropertyValue", "name": "seed", "value": str(manifest["seed"])})
    return graph + parts


def _title(manifest: Mapping[str, object]) -> str:
    return f"Results of sim {manifest['kind']}, driftback {manifest['driftback']}"


def _whole(folder: Path, name: str) -> str:
    """Return what stands for a file in the crate: the folder that it lies in, where there is one."""
    first, *below = Path(name).parts
    return f"{first}/" if below or (folder / name).is_dir() else first


def _part(folder: Path, name: str) -> dict[str, object]:
    if name.endswith("/"):
        return {"@id": name, "@type": "Dataset", "name": name[:-1], "description": f"The files in {name}"}
    kind = _FORMATS.get(Path(name).suffix, "application/octet-stream")
    part: dict[str, object] = {"@id": name, "@type": "File", "name": name, "encodingFormat": kind}
    if name != MANIFEST:  # which is written after this
        part["contentSize"] = str((folder / name).stat().st_size)
    return part


def _date(folder: Path) -> str:
    """Return the day on which a crate was made first."""
    try:
        graph = json.loads((folder / CRATE).read_text(encoding="utf-8"))["@graph"]
        return next(str(entity["datePublished"]) for entity in graph if entity["@id"] == "./")
    except (OSError, ValueError, LookupError, TypeError, StopIteration):
        return datetime.now(UTC).date().isoformat()


def _resource(folder: Path, name: str) -> dict[str, object]:
    """Return a table, or all tables of a folder that have the same columns, as a resource."""
    files = sorted((folder / name).glob("*.parquet")) if name.endswith("/") else [folder / name]
    paths = [file.relative_to(folder).as_posix() for file in files]
    table = Path(name).stem
    fields = [_field(column, table) for column in pq.read_schema(files[0])]
    return {
        "name": name.rstrip("/").removesuffix(".parquet").replace("/", "-").lower(),
        "path": paths if name.endswith("/") else paths[0],
        "format": "parquet",
        "mediatype": _FORMATS[".parquet"],
        "schema": {"fields": fields},
    }


def _field(column: Any, table: str) -> dict[str, str]:
    title, unit = _column(column.name, table)
    kind = "string"
    if pa.types.is_boolean(column.type):
        kind = "boolean"
    elif pa.types.is_integer(column.type) or pa.types.is_floating(column.type):
        kind = "integer" if pa.types.is_integer(column.type) else "number"
    elif column.name == "month" and table != _PICTURED:
        kind = "yearmonth"
    described_field = {"name": column.name, "type": kind, "title": title}
    return described_field | ({"unit": unit} if unit and kind in ("integer", "number") else {})


def _column(name: str, table: str) -> tuple[str, str]:
    """Return what a column holds, and its unit; nothing for a unit that is not known."""
    definition = name.partition("_")[0]
    if known := _COLUMNS.get(f"{table}.{name}") or _COLUMNS.get(name):
        return known
    if table == "pair":  # whose columns bear the names of two scenarios
        return f"re-engagement, {name}", _POINTS
    if name in LEVER:
        return LEVER[name].title, "value of the option taken"
    if definition in says():
        return f"{says()[definition]}: {_rest(name, definition) or 'came true'}", _MONTHS
    if name in register():
        return register()[name].meaning, register()[name].unit
    shown = (series for series in SERIES if name == series or name.startswith(f"{series}_"))
    if series := max(shown, key=len, default=""):
        return ", ".join(filter(None, (words(series).title, _rest(name, series)))), words(series).unit
    if name.endswith("%"):
        return f"{name} quantile of the runs", "of the series that is shown"
    return name.replace("_", " "), ""


def _rest(name: str, head: str) -> str:
    return name.removeprefix(head).strip("_").replace("_", " ")
