"""The folder of a sweep: its points, and what came of every run, part by part."""

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import pandas as pd
import pyarrow as pa

from sim.analysis.definitions import DEFINITIONS
from sim.storage import sealed
from sim.storage.folder import StudyFolder, arrow_table, encode_table
from sim.storage.sealed import Manifest
from sim.studies.layout import AT_ONCE, Layout, Part
from sim.studies.stopping import UntilAsked

DESIGN, OUTCOMES, MONTHS, FAILURES = "design.parquet", "outcomes", "months", "failures.parquet"
STUDY = (DESIGN, OUTCOMES, MONTHS, FAILURES)  # what a study holds beside its manifest
YES_NO = frozenset(("judged", *(f"{name}{suffix}" for name in DEFINITIONS for suffix in ("", "_without_end"))))
_LARGEST_ONCE = 65_536  # rows of a part of studies whose manifest does not say it
_TYPES = {
    **dict.fromkeys(("run", "point", "replicate", "fingerprint"), pa.int64()),
    **dict.fromkeys(("war_ends", "month", "error"), pa.string()),
    **dict.fromkeys(YES_NO, pa.bool_()),
}


class SweepManifest(Manifest, total=False):
    """What the manifest of a sweep says."""

    name: str
    question: str
    reading: str
    scenario: str
    design: str
    factors: list[str]
    design_digest: str
    points: int
    left_out: int
    runs: int
    step: int
    largest: int
    growing: bool
    until: UntilAsked | None
    seed: int
    sets: int | None
    defaults: bool
    as_of: str | None
    series: list[str] | None
    sets_digest: str
    source: str
    measures: str


@dataclass(frozen=True)
class Store:
    """The folder of a sweep."""

    folder: Path

    @cached_property
    def study(self) -> StudyFolder[SweepManifest]:
        """The folder with its guarantee."""
        return StudyFolder[SweepManifest](self.folder, "sweep", OUTCOMES, (DESIGN,))

    @cached_property
    def months(self) -> StudyFolder[SweepManifest]:
        """The same folder as the place of months."""
        return StudyFolder[SweepManifest](self.folder, "sweep", MONTHS, (DESIGN,))

    @property
    def manifest(self) -> SweepManifest:
        """What was asked."""
        return self.study.manifest

    @cached_property
    def layout(self) -> Layout:
        """How the runs are numbered and cut into parts."""
        asked = self.manifest
        largest = asked.get("largest", AT_ONCE if self.series else _LARGEST_ONCE)
        return Layout(asked["points"], asked["runs"], asked["step"], largest, asked.get("growing", False))

    @property
    def series(self) -> tuple[str, ...]:
        """The states, measures and levers whose months are kept."""
        return tuple(self.manifest.get("series") or ())

    @cached_property
    def design(self) -> pd.DataFrame:
        """A row a point, a column a factor."""
        return self.study.table(DESIGN).set_index("point")

    def begin(self, manifest: dict[str, object], design: pd.DataFrame) -> None:
        """Write down what is asked."""
        (self.folder / OUTCOMES).mkdir(exist_ok=True)
        self.__dict__.pop("months", None)  # it may know the manifest of another study
        self.study.begin(manifest, {DESIGN: encode_points(design)})

    def keep(self, part: Part, content: bytes, months: bytes | None = None) -> None:
        """Put a finished part in its place, with its months where they are kept."""
        if months is not None:
            self._parts[MONTHS].keep(_name(part, MONTHS), months)
        self._parts[OUTCOMES].keep(_name(part), content)

    def has(self, part: Part) -> bool:
        """Say whether a part is in its place, without reading it."""
        return all(folder.has(_name(part, kind)) for kind, folder in self._parts.items())

    def verify(self, part: Part) -> bool:
        """Say whether a part is there and whole."""
        return all(folder.verify(_name(part, kind)) for kind, folder in self._parts.items())

    @property
    def finished(self) -> list[Part]:
        """The parts that are in their place."""
        return [part for part in self.layout.every if self.has(part)]

    def rows(self, part: Part, columns: list[str] | None = None, kind: str = OUTCOMES) -> pd.DataFrame:
        """Return the rows of a part, or its months; see :meth:`sim.storage.folder.StudyFolder.rows`."""
        return self._parts[kind].rows(_name(part, kind), columns)

    @cached_property
    def _parts(self) -> dict[str, StudyFolder[SweepManifest]]:
        """The places of parts, once it is known that none stands there that the sweep does not have."""
        folders = {OUTCOMES: self.study} | ({MONTHS: self.months} if self.series else {})
        for kind, folder in folders.items():
            folder.reject_strays({_name(part, kind) for part in self.layout.every})
        return folders

    def tidy(self) -> None:
        """Remove what a killed process left; see :meth:`sim.storage.folder.StudyFolder.tidy`."""
        for folder in (self.study, self.months):
            folder.tidy()
        for half in sealed.half_written(self.folder / FAILURES):
            half.unlink(missing_ok=True)

    def fail(self, failures: pd.DataFrame) -> None:
        """Write the list of failed runs, or take it away where there are none."""
        if len(failures):
            sealed.put(self.folder / FAILURES, encode_table(failures))
        else:
            (self.folder / FAILURES).unlink(missing_ok=True)

    def clear(self) -> None:
        """Take away what came of the runs; see :meth:`sim.storage.folder.StudyFolder.clear`."""
        for folder in (self.study, self.months):
            folder.clear()
        (self.folder / FAILURES).unlink(missing_ok=True)


def encode_points(points: pd.DataFrame) -> bytes:
    """Return the points as a parquet file with the column ``point``."""
    return encode_table(points.rename_axis("point").reset_index())


def encode_rows(frame: pd.DataFrame) -> bytes:
    """Return rows of runs as a parquet file, typed by column name."""
    schema = pa.schema([(name, _TYPES.get(name, pa.float64())) for name in frame.columns])
    nullable = {pa.bool_(): "boolean", pa.string(): "string"}  # so that pandas reads them so, and not as objects
    kinds = {field.name: nullable[field.type] for field in schema if field.type in nullable}
    return encode_table(arrow_table(frame.astype(kinds), schema, preserve_index=False))


def _name(part: Part, kind: str = OUTCOMES) -> str:
    return f"{'part' if kind == OUTCOMES else kind}-{part.number:06d}"
