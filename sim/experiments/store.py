"""The folder of a study: what was asked, what came of it, and nothing that a killed process could leave half done.

Every file is written beside and renamed into place. A part that is there is whole, or the digest in its name says
otherwise. There are no clock times in any file: two studies of the same question are the same byte for byte.
"""

import hashlib
import io
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from sim.experiments.layout import Layout, Part

MANIFEST, DESIGN, OUTCOMES, FAILURES, LOCK = (
    "manifest.json", "design.parquet", "outcomes", "failures.parquet", "study.lock",
)  # fmt: skip
_TYPES = {"run": pa.int64(), "point": pa.int64(), "replicate": pa.int64(), "fingerprint": pa.int64(),
          "war_ends": pa.string(), "error": pa.string()}  # fmt: skip
_UNFINISHED = ".unfinished"


class StudyError(Exception):
    """A study cannot be worked on, or not read; the message says what to do."""


@dataclass(frozen=True)
class Store:
    """The folder of a study."""

    folder: Path

    @cached_property
    def manifest(self) -> dict[str, Any]:
        """What was asked, and with what program on what machine.

        Raises
        ------
        StudyError
            If there is no study in the folder, or its manifest is damaged.
        """
        file = self.folder / MANIFEST
        try:
            found: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
            if found["kind"] != "sweep":
                raise StudyError(f"{self.folder} holds results of sim {found['kind']}, not a study of sim sweep")
        except FileNotFoundError:
            raise StudyError(f"there is no study in {self.folder}: no {MANIFEST}") from None
        except (ValueError, TypeError, KeyError):
            raise StudyError(f"{file} is damaged. Begin the study anew, in another folder") from None
        return found

    @cached_property
    def layout(self) -> Layout:
        """How the runs are numbered and cut into parts."""
        return Layout(*(self.manifest[name] for name in ("points", "runs", "step")))

    @cached_property
    def design(self) -> pd.DataFrame:
        """A row a point, a column a factor."""
        return pd.read_parquet(self.folder / DESIGN)

    def exists(self) -> bool:
        """Say whether a study has been begun here."""
        return (self.folder / MANIFEST).is_file()

    def begin(self, manifest: dict[str, Any], design: pd.DataFrame) -> None:
        """Write down what is asked. The manifest comes last: without it no study has begun."""
        (self.folder / OUTCOMES).mkdir(exist_ok=True)
        self._put(self.folder / DESIGN, _bytes(pa.Table.from_pandas(design)))
        self._put(self.folder / MANIFEST, (json.dumps(manifest, indent=2, ensure_ascii=False) + "\n").encode())

    def keep(self, part: Part, content: bytes) -> None:
        """Put a finished part in its place. Its name ends in a digest of what it holds, so that damage is seen."""
        path = self.folder / OUTCOMES / f"part-{part.number:06d}-{_digest(content)}.parquet"
        self._put(path, content)
        old = self._files.get(part.number)
        if old and old != path:
            old.unlink()
        self._files[part.number] = path

    def there(self, part: Part) -> bool:
        """Say whether a part is in its place, without reading it."""
        return part.number in self._files

    def sound(self, part: Part) -> bool:
        """Say whether a part is there and whole: all of it is read and compared with its digest."""
        path = self._files.get(part.number)
        try:
            return path is not None and path.stem.endswith(_digest(path.read_bytes()))
        except OSError:
            return False

    def rows(self, part: Part, columns: list[str] | None = None) -> pd.DataFrame:
        """Return the rows of a part."""
        return pd.read_parquet(self._files[part.number], columns=columns)

    @cached_property
    def _files(self) -> dict[int, Path]:
        """The files of the parts that are there, by number."""
        return {int(path.name.split("-")[1]): path for path in sorted((self.folder / OUTCOMES).glob("part-*.parquet"))}

    def fail(self, failures: pd.DataFrame) -> None:
        """Write the list of failed runs, or take it away where there are none."""
        if len(failures):
            self._put(self.folder / FAILURES, _bytes(pa.Table.from_pandas(failures, preserve_index=False)))
        else:
            (self.folder / FAILURES).unlink(missing_ok=True)

    def clear(self) -> None:
        """Take away the study, and nothing else that is in the folder."""
        (self.folder / MANIFEST).unlink(missing_ok=True)  # first: what is left is no study
        for path in (self.folder / DESIGN, self.folder / FAILURES, *self._files.values()):
            path.unlink(missing_ok=True)

    def tidy(self) -> None:
        """Remove what a killed process left unfinished."""
        for path in [*self.folder.glob(f"*{_UNFINISHED}"), *(self.folder / OUTCOMES).glob(f"*{_UNFINISHED}")]:
            path.unlink()

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Keep other processes off the study. The lock falls away with the process, however it ends.

        Raises
        ------
        StudyError
            If another process works on it, or nothing can be written there.
        """
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            file = open(self.folder / LOCK, "a+", encoding="utf-8")  # noqa: SIM115  # closed below
        except OSError as error:
            raise StudyError(_trouble(self.folder, error)) from None
        with file:
            if not _lock(file):
                raise StudyError(
                    f"another process is working on {self.folder} ({_owner(self.folder)}). "
                    "Wait until it is done, or write elsewhere with --out"
                )
            file.truncate(0)
            file.write(f"process {os.getpid()}")
            file.flush()
            try:
                yield
            finally:
                file.truncate(0)

    def _put(self, path: Path, content: bytes) -> None:
        beside = path.with_name(path.name + _UNFINISHED)
        try:
            with open(beside, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            os.replace(beside, path)
        except OSError as error:
            with suppress(OSError):
                beside.unlink(missing_ok=True)
            raise StudyError(_trouble(path, error)) from None


def encoded(frame: pd.DataFrame) -> bytes:
    """Return rows of runs as a parquet file, typed by column name."""
    columns = {
        name: pa.array(frame[name], type=_TYPES.get(name, pa.float64()), from_pandas=True) for name in frame.columns
    }
    return _bytes(pa.table(columns))


def _bytes(table: pa.Table) -> bytes:
    sink = io.BytesIO()
    pq.write_table(table, sink, compression="zstd")
    return sink.getvalue()


def _digest(content: bytes) -> str:
    return hashlib.blake2b(content, digest_size=8).hexdigest()


def _trouble(path: Path, error: OSError) -> str:
    return (
        f"{path}: {(error.strerror or str(error)).lower()}. What was kept before is whole: "
        "put it right, and the same command goes on from there"
    )


def _owner(folder: Path) -> str:
    try:
        return (folder / LOCK).read_text(encoding="utf-8") or "unknown"
    except OSError:  # a locked file cannot be read on Windows
        return "unknown"


def _lock(file: Any) -> bool:
    """Take the lock, or say that somebody has it."""
    try:
        import fcntl
    except ImportError:
        import msvcrt

        try:
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined]
        except OSError:
            return False
        return True
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
