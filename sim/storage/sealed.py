"""Files that are there whole or not at all, and that say so when they are not what was written.

A manifest holds a digest of itself. Digests show damage and changes by hand; they are no signatures.
"""

import glob
import hashlib
import json
import os
import secrets
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import TypedDict, cast

from sim.storage.study_errors import DamageError, StudyError

MANIFEST, UNFINISHED = "manifest.json", "unfinished"
SUFFIX = f".{UNFINISHED}"
_SEAL = "digest"
_FORMAT = {"format": 2}  # of the first, nothing was sealed


class Manifest(TypedDict, total=False):
    """What a manifest says of any results; each kind has keys of its own beside these."""

    kind: str
    command: str
    files: dict[str, str]  # digest by name
    driftback: str
    registers: str
    rules: str
    vintage: str
    platform: str
    packages: dict[str, str]


class RunManifest(Manifest, total=False):
    """What the manifest of a run says."""

    scenario: str  # YAML, with all numbers that the run had of its own
    seed: int
    number: int
    parameter_sets: str


def digest(*parts: bytes) -> str:
    """Return 64 bits that change with any bit of the parts, and with where one ends and the next begins."""
    made = hashlib.blake2b(digest_size=8)
    for part in parts:
        made.update(len(part).to_bytes(8, "little"))
        made.update(part)
    return made.hexdigest()


def put(path: Path, content: bytes) -> None:
    """Write a file beside and rename it into place, so that it is whole whenever the process or the power ends.

    Any number of processes may write the same file at once: each writes beside under a name of its own.

    Raises
    ------
    StudyError
        If nothing can be written there.
    """
    beside = path.with_name(f"{path.name}.{secrets.token_hex(8)}{SUFFIX}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with open(beside, "xb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.replace(beside, path)
    except OSError as error:
        with suppress(OSError):
            beside.unlink(missing_ok=True)
        raise trouble(path, error) from None


def half_written(path: Path) -> Iterator[Path]:
    """Yield what killed processes left half written beside a file."""
    yield from path.parent.glob(f"{glob.escape(path.name)}*{SUFFIX}")


def trouble(path: Path, error: OSError) -> StudyError:
    """Return what to say when the machine refuses to write."""
    return StudyError(
        f"{path}: {(error.strerror or str(error)).lower()}. What was kept before is whole: "
        "put it right, and the same command goes on from there"
    )


def seal(path: Path, manifest: Mapping[str, object]) -> None:
    """Write a manifest with its own digest."""
    whole = plain_manifest({**manifest, **_FORMAT})
    put(path, (json.dumps({**whole, _SEAL: _seal(whole)}, indent=2, ensure_ascii=False) + "\n").encode())


def plain_manifest(manifest: Mapping[str, object]) -> dict[str, object]:
    """Return a manifest as it will be read: keys are words, tuples are lists."""
    copied: dict[str, object] = json.loads(json.dumps(manifest))
    return copied


def read_manifest(path: Path, kind: str) -> dict[str, object]:
    """Return the manifest of results of some kind, as it was written.

    Raises
    ------
    FileNotFoundError
        If there is none.
    DamageError
        If it is not what was written, or if nothing can be checked because an earlier release wrote it.
    StudyError
        If the results are of another kind.
    """
    manifest = _parsed(path)
    if manifest is None:
        raise DamageError(f"{path} is damaged: it is no manifest any more. {_ANEW}")
    if _SEAL in manifest or _FORMAT.keys() <= manifest.keys():
        if manifest.pop(_SEAL, None) != _seal(manifest):
            raise DamageError(f"{path} is not what was written: it was damaged, or changed by hand. {_ANEW}")
    elif manifest.get("kind") == kind:
        raise DamageError(
            f"{path.parent} was made by an earlier release (driftback {manifest.get('driftback', 'unknown')}), "
            "which kept no digests: nothing in it can be checked. "
            "Read it with that release, or make it anew in another folder"
        )
    if manifest.get("kind") == UNFINISHED:
        raise StudyError(f"{path.parent} was cut short while it was written. Make it anew, with --overwrite")
    if manifest.get("kind") != kind:
        raise StudyError(f"{path.parent} was not written by sim {kind}, but by sim {manifest.get('kind')}")
    return {key: value for key, value in manifest.items() if key not in _FORMAT}


def read_results(folder: Path, kind: str) -> RunManifest:
    """Return what a folder of results of some kind says of itself.

    Raises
    ------
    DamageError
        If it is not what was written.
    StudyError
        If it holds no results, or those of another kind.
    """
    try:
        return cast(RunManifest, read_manifest(folder / MANIFEST, kind))  # its digest says that it is what was written
    except FileNotFoundError:
        raise StudyError(f"there are no results in {folder}: no {MANIFEST}.{_elsewhere(folder)}") from None


def content(folder: Path, manifest: Mapping[str, object], name: str) -> bytes | None:
    """Return a file of results as it was written; None where the results have no file of this name.

    Parameters
    ----------
    manifest
        Of the folder, as :func:`read_results` gives it.

    Raises
    ------
    DamageError
        If the results have the file and it is gone, or is not what was written.
    """
    files, path = manifest.get("files"), folder / name
    if not isinstance(files, dict | list) or name not in files:
        return None
    try:
        held = path.read_bytes()
    except FileNotFoundError:
        raise DamageError(f"{path} is missing, and these results have one. {_ANEW}") from None
    if isinstance(files, dict) and digest(held) != files[name]:  # up to 0.1.0 results only named their files
        raise DamageError(f"{path} is not what was written: it was damaged, or changed by hand. {_ANEW}")
    return held


def refuse_links(*paths: Path) -> None:
    """Make sure that what is written to these paths stays there.

    Raises
    ------
    StudyError
        Naming the first link among them.
    """
    for path in paths:
        if path.is_symlink():
            raise StudyError(
                f"{path} is a link, and what it leads to would be written over; nothing was. "
                "Remove the link, or write elsewhere with --out"
            )


def _elsewhere(folder: Path) -> str:
    """Return where there are results: beside the folder, or below runs."""
    for place in (folder.parent, Path("runs")):
        known = sorted(str(file.parent) for file in place.glob(f"*/{MANIFEST}") if file.parent != folder)
        if known:
            return f" There are some in {', '.join(known[:5])}" + ", ..." * (len(known) > 5)
    return " `sim run baseline` makes some"


def own_manifest(folder: Path) -> dict[str, object]:
    """Return what the manifest of a folder says if this program wrote it, in this release or an earlier one.

    Returns
    -------
    dict
        Without ``files`` where these are not certain; empty where the folder is somebody else's.
    """
    try:
        manifest = _parsed(folder / MANIFEST) or {}
    except FileNotFoundError:
        return {}
    first_release = {"kind": UNFINISHED}
    if not {"kind", "driftback"} <= manifest.keys() and manifest != first_release:
        return {}
    if manifest.pop(_SEAL, None) != _seal(manifest):
        manifest.pop("files", None)
    return manifest


def _parsed(path: Path) -> dict[str, object] | None:
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except (FileNotFoundError, NotADirectoryError):
        raise FileNotFoundError(path) from None
    except (ValueError, RecursionError):
        return None
    return content if isinstance(content, dict) else None


def _seal(manifest: Mapping[str, object]) -> str:
    return digest(json.dumps(manifest, ensure_ascii=True, sort_keys=True).encode())


_ANEW = "Put back the file as it was, or make the results anew in another folder"
