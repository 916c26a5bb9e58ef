"""The folder of a study, whether of a sweep, a verdict or a history matching: one guarantee for all of them.

* A file is there whole or not at all, and one process works on a study at a time. Killed at any point, the study goes
  on from what is there.
* Whatever is read is what was written for this study and this place, or the reader is told. The digest of a part stands
  in its name, those of the tables that say what is asked in the manifest, that of the manifest in itself. A part's
  digest covers its place and what decides the study's results as well, so that no part of another study passes for one
  of this. All of a file is compared when it is first read, and that is remembered.

There are no clock times in any file: two studies of the same question are the same byte for byte.
"""

import io
import json
import os
import re
import shlex
from collections.abc import Callable, Container, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Generic, TypeVar, cast

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from sim.storage import sealed
from sim.storage.locks import lock_file
from sim.storage.sealed import SUFFIX, digest
from sim.storage.study_errors import DamageError, StudyError

LOCK = "study.lock"
_PART = re.compile(r"(?P<name>.+)-(?P<digest>[0-9a-f]{16})\.(parquet|npz)")
_WORDS = {"command", "name", "question", "reading", "python", "packages", "platform", "files"}  # decide no result
_NO_MATTER = ("command", "driftback")

M = TypeVar("M", bound=sealed.Manifest)
Same = Callable[[str, object, object], bool]  # a key, what the manifest says, what is asked


@dataclass(frozen=True, eq=False)
class StudyFolder(Generic[M]):
    """A folder with a manifest, tables that say what is asked, and parts that are made one by one.

    Attributes
    ----------
    kind
        What makes such studies, as a command: sweep, verdict, matching.
    parts
        The folder of the parts in it.
    tables
        Files beside the manifest that are written before it, and whose digests it holds.
    name
        Of the manifest.
    program
        What goes on with the study, given its folder; ``sim`` and the kind where not said.
    """

    folder: Path
    kind: str
    parts: str
    tables: tuple[str, ...]
    name: str = sealed.MANIFEST
    program: str = ""

    @property
    def again(self) -> str:
        """The command line that goes on with the study."""
        return f"{self.program or f'sim {self.kind}'} {shlex.quote(str(self.folder))}"

    @cached_property
    def manifest(self) -> M:
        """What was asked, and with what program on what machine.

        Raises
        ------
        StudyError
            If there is no study of this kind in the folder; a DamageError if its manifest is not what was written.
        """
        try:
            return cast(M, sealed.read_manifest(self.folder / self.name, self.kind))  # as its digest says
        except FileNotFoundError:
            raise StudyError(f"there is no study in {self.folder}: no {self.name}") from None

    def exists(self) -> bool:
        """Say whether a study has been begun here."""
        return (self.folder / self.name).is_file()

    def differs_in(self, asked: Mapping[str, object], same: Same = lambda key, was, now: was == now) -> list[str]:
        """Return what is asked otherwise than when the study here was begun; by which command or release is no matter.

        Parameters
        ----------
        same
            Says of a key whether what the manifest says means what is asked.
        """
        kept = self.manifest
        return [key for key, value in asked.items() if key not in _NO_MATTER and not same(key, kept.get(key), value)]

    def begin(self, asked: Mapping[str, object], tables: Mapping[str, bytes]) -> None:
        """Write down what is asked. The manifest comes last: without it no study has begun.

        Raises
        ------
        StudyError
            If there are parts of another study.
        """
        manifest = sealed.plain_manifest(
            {"kind": self.kind, **asked, "files": {name: digest(tables[name]) for name in tables}}
        )
        self.__dict__["manifest"] = manifest
        self.__dict__.pop("_identity", None)
        for name, paths in self._there.items():
            if not self.verify(name):
                raise StudyError(f"{paths[0]} stays: it is of a study whose {self.name} is gone. Choose another folder")
        for name, content in tables.items():
            sealed.put(self.folder / name, content)
        sealed.seal(self.folder / self.name, manifest)

    def settle(self, asked: Mapping[str, object], tables: Mapping[str, bytes], fix: str, same: Same) -> None:
        """Begin what is asked, or make sure that it is the study here, and put its tables back.

        Parameters
        ----------
        same
            See :meth:`differs_in`.

        Raises
        ------
        StudyError
            If the folder holds another study, which ``fix`` says what to do about; see :meth:`lock`.
        """
        with self.lock():
            if not self.exists():
                self.begin(asked, tables)
            if other := self.differs_in(asked, same):
                raise StudyError(
                    f"{self.folder} holds another study: it differs in {', '.join(other)}. Its results stay as they "
                    f"are; {fix}"
                )
            for name, content in tables.items():
                self.repair(name, content)

    def table(self, name: str) -> pd.DataFrame:
        """Return a table that says what is asked.

        Raises
        ------
        DamageError
            If it is not what was written.
        """
        path = self.folder / name
        if path not in self._seen and not self._as_begun(path):
            raise DamageError(f"{path} {_WRONG}. Put it back as it was, or begin the study anew in another folder")
        self._seen.add(path)
        return _frame(path)

    def repair(self, name: str, content: bytes) -> None:
        """Put back a table that is not what was written any more, if these are the bytes that were."""
        if digest(content) == self.manifest["files"][name] and not self._as_begun(self.folder / name):
            sealed.put(self.folder / name, content)

    def keep(self, name: str, content: bytes, suffix: str = ".parquet") -> None:
        """Put a finished part in its place; whatever stood there before goes."""
        path = self.folder / self.parts / f"{name}-{self._digest(name, content)}{suffix}"
        sealed.put(path, content)
        for old in set(self._there.get(name, [])) - {path}:
            old.unlink(missing_ok=True)
        self._there[name] = [path]
        self._seen.add(path)

    def has(self, name: str) -> bool:
        """Say whether a part is in its place, without reading it."""
        return name in self._there

    def names(self) -> list[str]:
        """Return the names of the parts that are there."""
        return list(self._there)

    def verify(self, name: str) -> bool:
        """Say whether a part is there and whole: all of it is read and compared with its digest."""
        return self._whole(name) is not None

    def content(self, name: str) -> bytes:
        """Return a part.

        Raises
        ------
        StudyError
            If it has not been made yet; a DamageError if it is not what was written.
        """
        return self._path(name).read_bytes()

    def rows(self, name: str, columns: list[str] | None = None) -> pd.DataFrame:
        """Return a part that is a table, all columns or some; see :meth:`content`."""
        return _frame(self._path(name), columns)

    def reject_strays(self, names: Container[str]) -> None:
        """Make sure that there are no other parts than these, which readers of the whole folder would count.

        Raises
        ------
        DamageError
            Naming the first that is none of them.
        """
        for name, paths in self._there.items():
            if name not in names:
                raise _stray(paths[0])

    def clear(self) -> None:
        """Take away the parts, and nothing else; the manifest stays until that of another study takes its place."""
        for paths in self._there.values():
            for path in paths:
                path.unlink(missing_ok=True)
        self._there.clear()

    def tidy(self) -> None:
        """Remove what a killed process left: files half written, and parts that a better one had replaced."""
        beside = (half for name in (self.name, *self.tables) for half in sealed.half_written(self.folder / name))
        for path in (*beside, *(self.folder / self.parts).rglob(f"*{SUFFIX}")):
            path.unlink(missing_ok=True)
        for name, paths in self._there.items():
            if len(paths) > 1 and (whole := self._whole(name)):
                self.keep(name, whole.read_bytes(), whole.suffix)

    @contextmanager
    def lock(self) -> Iterator[None]:
        """Keep other processes off the study. The lock falls away with the process, however it ends.

        Raises
        ------
        StudyError
            If the folder holds other things than a study, if another process works on it, or if nothing can be written.
        """
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            self._claim()
            sealed.refuse_links(self.folder / LOCK)
            file = open(self.folder / LOCK, "a+", encoding="utf-8")  # noqa: SIM115  # closed below
        except OSError as error:
            raise sealed.trouble(self.folder, error) from None
        with file, lock_file(file) as ours:
            if not ours:
                file.seek(0)
                raise StudyError(
                    f"another process is working on {self.folder} ({file.read() or 'unknown'}). "
                    "Wait until it is done, or write elsewhere with --out"
                )
            file.truncate(0)
            file.write(f"process {os.getpid()}")
            file.flush()
            try:
                yield
            finally:
                file.truncate(0)

    def _claim(self) -> None:
        """Make sure that a folder in which no study has begun holds nothing but what a killed process left."""
        own = {self.folder / name for name in (LOCK, self.parts, *self.tables)}
        own |= {half for name in (self.name, *self.tables) for half in sealed.half_written(self.folder / name)}
        others = {path.name for path in set(self.folder.iterdir()) - own}
        if not self.exists() and others:
            raise StudyError(
                f"{self.folder} holds other things ({min(others)}), and they stay. Choose another folder with --out"
            )

    @cached_property
    def _there(self) -> dict[str, list[Path]]:
        """The files of the parts by name: one each, but where a process was killed as it replaced a part."""
        parts: dict[str, list[Path]] = {}
        place = self.folder / self.parts
        for path in sorted(place.rglob("*")):
            if match := _PART.fullmatch(path.relative_to(place).as_posix()):
                parts.setdefault(match["name"], []).append(path)
            elif path.suffix in (".parquet", ".npz"):
                raise _stray(path)
        return parts

    @cached_property
    def _seen(self) -> set[Path]:
        """The files that have been compared with their digests."""
        return set()

    def _path(self, name: str) -> Path:
        """Return the file of a part, compared with its digest when it is first asked for."""
        if not self.has(name):
            raise StudyError(f"{name} of {self.folder} has not been made yet. Let the study go on: {self.again}")
        if seen := self._seen.intersection(self._there[name]):
            return seen.pop()
        path = self._whole(name)
        if path is None:
            raise DamageError(f"{self._there[name][0]} {_WRONG}. Delete it, and it is made anew by: {self.again}")
        self._seen.add(path)
        return path

    def _whole(self, name: str) -> Path | None:
        for path in self._there.get(name, ()):
            with suppress(OSError):
                if path.stem.endswith(self._digest(name, path.read_bytes())):
                    return path
        return None

    def _as_begun(self, path: Path) -> bool:
        with suppress(OSError):
            return bool(digest(path.read_bytes()) == self.manifest["files"][path.name])
        return False

    def _digest(self, name: str, content: bytes) -> str:
        return digest(self._identity, name.encode(), content)

    @cached_property
    def _identity(self) -> bytes:
        """What decides the study's results."""
        decisive = {key: value for key, value in self.manifest.items() if key not in _WORDS}
        return json.dumps(decisive, sort_keys=True).encode()


def encode_table(table: pa.Table | pd.DataFrame) -> bytes:
    """Return a table as a parquet file; a frame without its index."""
    sink = io.BytesIO()
    whole = arrow_table(table, preserve_index=False) if isinstance(table, pd.DataFrame) else table
    pq.write_table(whole, sink, compression="zstd")
    return sink.getvalue()


def arrow_table(frame: pd.DataFrame, schema: pa.Schema | None = None, preserve_index: bool | None = None) -> pa.Table:
    """Return a frame as Arrow has it; pandas and Arrow, left to themselves, start threads for a long one."""
    return pa.Table.from_pandas(frame, schema, preserve_index, nthreads=1)


def _frame(path: Path, columns: list[str] | None = None) -> pd.DataFrame:
    try:
        with path.open("rb") as file:  # by its path, names such as a=1 of folders above would become columns
            return pd.read_parquet(file, columns=columns)
    except (pa.ArrowException, OSError, ValueError, KeyError) as error:
        raise DamageError(f"{path} cannot be read as a table of this study: {error}") from None


def _stray(path: Path) -> DamageError:
    return DamageError(f"{path} is no file of this study, and readers of the folder would count it. Move it elsewhere")


_WRONG = "is not what was written for this study: it was damaged, changed by hand, or comes from elsewhere"
