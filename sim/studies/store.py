"""The folder of a sweep: its points, and what came of every run, part by part."""

import shlex
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa

from sim.analysis.definitions import DEFINITIONS
from sim.storage import sealed
from sim.storage.folder import StudyFolder
from sim.storage.folder import encoded as _file
from sim.studies.layout import Layout, Part

DESIGN, OUTCOMES, FAILURES = "design.parquet", "outcomes", "failures.parquet"
YES_NO = frozenset(("judged", *(f"{name}{suffix}" for name in DEFINITIONS for suffix in ("", "_without_end"))))
_TYPES = {"run": pa.int64(), "point": pa.int64(), "replicate": pa.int64(), "fingerprint": pa.int64(),
          "war_ends": pa.string(), "error": pa.string(), **dict.fromkeys(YES_NO, pa.bool_())}  # fmt: skip


@dataclass(frozen=True)
class Store:
    """The folder of a sweep."""

    folder: Path

    @cached_property
    def study(self) -> StudyFolder:
        """The folder with its guarantee."""
        again = f"sim sweep {shlex.quote(str(self.folder))}"
        return StudyFolder(self.folder, "sweep", OUTCOMES, (DESIGN,), again)

    @property
    def manifest(self) -> dict[str, Any]:
        """What was asked; see :attr:`sim.storage.folder.StudyFolder.manifest`."""
        return self.study.manifest

    @cached_property
    def layout(self) -> Layout:
        """How the runs are numbered and cut into parts."""
        return Layout(*(self.manifest[name] for name in ("points", "runs", "step")))

    @cached_property
    def design(self) -> pd.DataFrame:
        """A row a point, a column a factor."""
        return self.study.table(DESIGN).set_index("point")

    def begin(self, manifest: dict[str, Any], design: pd.DataFrame) -> None:
        """Write down what is asked."""
        (self.folder / OUTCOMES).mkdir(exist_ok=True)
        self.study.begin(manifest, {DESIGN: designed(design)})

    def keep(self, part: Part, content: bytes) -> None:
        """Put a finished part in its place."""
        self._parts.keep(_name(part), content)

    def there(self, part: Part) -> bool:
        """Say whether a part is in its place, without reading it."""
        return self._parts.there(_name(part))

    def sound(self, part: Part) -> bool:
        """Say whether a part is there and whole."""
        return self._parts.sound(_name(part))

    def rows(self, part: Part, columns: list[str] | None = None) -> pd.DataFrame:
        """Return the rows of a part; see :meth:`sim.storage.folder.StudyFolder.rows`."""
        return self._parts.rows(_name(part), columns)

    @cached_property
    def _parts(self) -> StudyFolder:
        """The folder, once it is known that no part stands there that the sweep does not have."""
        self.study.only({_name(part) for round_ in range(self.layout.rounds) for part in self.layout.parts(round_)})
        return self.study

    def fail(self, failures: pd.DataFrame) -> None:
        """Write the list of failed runs, or take it away where there are none."""
        if len(failures):
            sealed.put(self.folder / FAILURES, _file(pa.Table.from_pandas(failures, preserve_index=False)))
        else:
            (self.folder / FAILURES).unlink(missing_ok=True)

    def clear(self) -> None:
        """Take away what came of the runs; see :meth:`sim.storage.folder.StudyFolder.clear`."""
        self.study.clear()
        (self.folder / FAILURES).unlink(missing_ok=True)


def designed(points: pd.DataFrame) -> bytes:
    """Return the points as a parquet file with the column ``point``."""
    return _file(pa.Table.from_pandas(points.rename_axis("point").reset_index(), preserve_index=False))


def encoded(frame: pd.DataFrame) -> bytes:
    """Return rows of runs as a parquet file, typed by column name."""
    schema = pa.schema([(name, _TYPES.get(name, pa.float64())) for name in frame.columns])
    nullable = {pa.bool_(): "boolean", pa.string(): "string"}  # so that pandas reads them so, and not as objects
    kinds = {each.name: nullable[each.type] for each in schema if each.type in nullable}
    return _file(pa.Table.from_pandas(frame.astype(kinds), schema, preserve_index=False))


def _name(part: Part) -> str:
    return f"part-{part.number:06d}"
