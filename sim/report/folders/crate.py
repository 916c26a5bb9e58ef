"""What a folder of results says of itself to other programs: an RO-Crate and a data package.

``ro-crate-metadata.json`` (RO-Crate 1.1, profile Process Run Crate 0.5) says which command of which release made which
files. ``datapackage.json`` (Data Package 2.0) says of every table which columns it has, what they mean, and in which
unit. Both are made from the manifest and the files that are there, and are read by nobody here. The crate holds the
only date in a folder, since it has to have one; a study that is shown again keeps its own.

Whose results these are, and under which licence, is for those who made them to say: where nobody has said it, the crate
has neither author nor publisher nor licence, and the person who ran the program has no name in it.
"""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from sim.analysis.definitions import describe_definitions
from sim.model.moves import LEVER
from sim.registers.register import registered_parameters
from sim.report.style import SERIES, words
from sim.storage import sealed
from sim.storage.sealed import MANIFEST

CRATE, PACKAGE = "ro-crate-metadata.json", "datapackage.json"
# The program has no page of its own yet, and a crate wants an address: a name that is reserved for addresses that lead
# nowhere (RFC 6761) says so. A release that has a page writes it here.
_HOME = "https://driftback.invalid/"
_NOBODY = "whoever ran the command"
_SPDX = "https://spdx.org/licenses/"
_PROFILE = "https://w3id.org/ro/wfrun/process/0.5"
_FORMATS = {".json": "application/json", ".html": "text/html", ".md": "text/markdown", ".csv": "text/csv",
            ".png": "image/png", ".svg": "image/svg+xml", ".parquet": "application/vnd.apache.parquet",
            ".yml": "application/yaml"}  # fmt: skip
_PICTURED = "capitals"  # the table behind the picture of the ties, with months in words and arrows by their width
_NUMBER, _MONTHS, _POINTS = "1 (a number)", "months", "points of 100"
# Columns that are neither series nor levers: what they hold, and in which unit.
_COLUMNS = {
    "months_from_the_end": ("months from the war's end", "months"),
    "mean_effect": ("mean effect of the war's end on re-engagement", _POINTS),
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


@dataclass(frozen=True)
class Rights:
    """Whose results a folder holds.

    Attributes
    ----------
    author
        ``NAME``, or ``NAME, ORGANISATION``, or ``NAME, ORGANISATION, ADDRESS`` of its page; empty where not said.
    license
        An SPDX identifier, such as ``CC-BY-4.0``, or the address of a licence; empty where not said.
    """

    author: str = ""
    license: str = ""


def describe_folder(
    folder: Path, manifest: Mapping[str, object], names: Iterable[str], rights: Rights
) -> dict[str, str]:
    """Return the two files of metadata of a folder by their names.

    Parameters
    ----------
    folder
        Of results, all of them written.
    manifest
        What its manifest says.
    names
        Of the files and folders in it that are its results.
    rights
        Whose results they are.
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
    metadata = {CRATE: _crate(folder, manifest, names, rights)} | ({PACKAGE: package} if tables else {})
    return {name: json.dumps(content, indent=1, ensure_ascii=False) + "\n" for name, content in metadata.items()}


def describe(folder: Path, manifest: Mapping[str, object], names: Iterable[str], rights: Rights) -> None:
    """Write the two files into the folder of a study, with the date that they had, and its author and licence.

    Parameters
    ----------
    folder, manifest, names, rights
        As for :func:`describe_folder`; what ``rights`` does not say stays as the folder has it.
    """
    before = _rights_of(folder)
    rights = Rights(rights.author or before.author, rights.license or before.license)
    for name, text in describe_folder(
        folder, manifest, [file for file in names if (folder / file).exists()], rights
    ).items():
        sealed.put(folder / name, text.encode())


def _crate(folder: Path, manifest: Mapping[str, object], names: list[str], rights: Rights) -> Mapping[str, object]:
    from rocrate.model.contextentity import ContextEntity
    from rocrate.rocrate import ROCrate

    crate = ROCrate(version="1.1")

    def add(id: str, type: str, **properties: object) -> ContextEntity:
        return crate.add(ContextEntity(crate, id, {"@type": type, **properties}))

    parts = [_part(crate, folder, name) for name in dict.fromkeys(_whole(folder, name) for name in names)]
    command = str(manifest.get("command") or f"sim {manifest['kind']}")
    program = f"{_HOME}{manifest['driftback']}"
    author, organization = _author(add, rights.author) if rights.author else (None, None)
    ended = _ended(folder)
    run = add(
        "#run", "CreateAction", name=command, description=_title(manifest), result=parts, endTime=ended,
        agent=author or add("#agent", "Person", name=_NOBODY),
        instrument=add(
            program, "SoftwareApplication", name="driftback", softwareVersion=manifest["driftback"], url=_HOME,
            description="An agent-based simulation of five capitals around the Korean peninsula.",
        ),
    )  # fmt: skip
    if "seed" in manifest:
        run["object"] = add("#seed", "PropertyValue", name="seed", value=str(manifest["seed"]))
    root = crate.root_dataset
    root["name"], root["description"] = _title(manifest), f"Made by: {command}"
    root["datePublished"], root["mentions"] = ended[: len("2024-08-16")], run
    root["conformsTo"] = add(_PROFILE, "CreativeWork", name="Process Run Crate", version="0.5")
    if rights.license:
        root["license"] = add(_license(rights.license), "CreativeWork", name=rights.license,
                              description=f"The licence {rights.license}")  # fmt: skip
    if author:
        root["author"] = author
    if organization:
        root["publisher"] = organization
    content: Mapping[str, object] = crate.metadata.generate()
    return content


def _author(add: Callable[..., Any], written: str) -> tuple[Any, Any]:
    """Return the author and the organisation that a text names."""
    name, organization, address = (*(part.strip() for part in written.split(",", 2)), "", "")[:3]
    if not organization:
        return add("#author", "Person", name=name), None
    known = {"url": address} if address else {}
    group = add(address or "#organisation", "Organization", name=organization, **known)
    return add("#author", "Person", name=name, affiliation=group), group


def _license(written: str) -> str:
    return written if "://" in written else f"{_SPDX}{written}"


def _rights_of(folder: Path) -> Rights:
    """Return the rights that the crate of a folder names."""
    graph = _graph(folder)
    try:
        root = graph["./"]
        author = graph[root["author"]["@id"]] if "author" in root else {}
        group = graph[author["affiliation"]["@id"]] if "affiliation" in author else {}
        parts = [author.get("name", ""), group.get("name", ""), group.get("url", "")]
        license = graph[root["license"]["@id"]]["name"] if "license" in root else ""
        return Rights(", ".join(filter(None, parts)), license)
    except (LookupError, TypeError, AttributeError):
        return Rights()


def _title(manifest: Mapping[str, object]) -> str:
    return f"Results of sim {manifest['kind']}, driftback {manifest['driftback']}"


def _whole(folder: Path, name: str) -> str:
    """Return what stands for a file in the crate: the folder that it lies in, where there is one."""
    first, *below = Path(name).parts
    return f"{first}/" if below or (folder / name).is_dir() else first


def _part(crate: Any, folder: Path, name: str) -> Any:
    if name.endswith("/"):
        properties = {"name": name[:-1], "description": f"The files in {name}"}
        return crate.add_dataset(dest_path=name, properties=properties)
    kind = _FORMATS.get(Path(name).suffix, "application/octet-stream")
    part = {"name": name, "encodingFormat": kind}
    if name != MANIFEST:  # which is written after this
        part["contentSize"] = str((folder / name).stat().st_size)
    return crate.add_file(dest_path=name, properties=part)


def _ended(folder: Path) -> str:
    """Return when what a crate tells of ended: now, or as the crate says that is there."""
    try:
        return str(_graph(folder)["#run"]["endTime"])
    except (LookupError, TypeError):
        return datetime.now(UTC).isoformat(timespec="seconds")


def _graph(folder: Path) -> dict[str, Any]:
    """Return the entities of the crate that is in a folder; none where there is no sound one."""
    try:
        graph = json.loads((folder / CRATE).read_text(encoding="utf-8"))["@graph"]
        return {entity["@id"]: entity for entity in graph}
    except (OSError, ValueError, LookupError, TypeError):
        return {}


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
    title, unit = column_words(column.name, table)
    kind = "string"
    if pa.types.is_boolean(column.type):
        kind = "boolean"
    elif pa.types.is_integer(column.type) or pa.types.is_floating(column.type):
        kind = "integer" if pa.types.is_integer(column.type) else "number"
    elif column.name == "month" and table != _PICTURED:
        kind = "yearmonth"
    described_field = {"name": column.name, "type": kind, "title": title}
    return described_field | ({"unit": unit} if unit and kind in ("integer", "number") else {})


def column_words(name: str, table: str = "") -> tuple[str, str]:
    """Return what a column holds, and its unit; nothing for a unit that is not known."""
    definition = name.partition("_")[0]
    if known := _COLUMNS.get(f"{table}.{name}") or _COLUMNS.get(name):
        return known
    if table == "pair":  # whose columns bear the names of two scenarios
        return f"re-engagement, {name}", _POINTS
    if name in LEVER:
        return LEVER[name].title, "value of the option taken"
    if definition in describe_definitions():
        return f"{describe_definitions()[definition]}: {_rest(name, definition) or 'came true'}", _MONTHS
    if name in registered_parameters():
        return registered_parameters()[name].meaning, registered_parameters()[name].unit
    shown = (series for series in SERIES if name == series or name.startswith(f"{series}_"))
    if series := max(shown, key=len, default=""):
        return ", ".join(filter(None, (words(series).title, _rest(name, series)))), words(series).unit
    if name.endswith("%"):
        return f"{name} quantile of the runs", "of the series that is shown"
    return name.replace("_", " "), ""


def _rest(name: str, head: str) -> str:
    return name.removeprefix(head).strip("_").replace("_", " ")
