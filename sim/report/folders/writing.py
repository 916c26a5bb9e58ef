"""Writing a folder of results: it replaces what this program wrote there earlier, and nothing else."""

from collections.abc import Mapping
from pathlib import Path

from sim.engine.provenance import made_by
from sim.report.folders import crate
from sim.storage import sealed
from sim.storage.sealed import MANIFEST, UNFINISHED
from sim.version import __version__

BESIDE = ("asked.json", "sets.parquet", "pairs", "filtered")  # what a study keeps in a folder of results


class Writing:
    """A folder of results while it is written.

    The manifest says "unfinished" until all else is there, so that a folder cut short is known as ours and as such. It
    names every file before it is written, so that whoever replaces the results knows which files these are.
    """

    def __init__(self, folder: Path, kind: str) -> None:
        self.folder, self._kind = folder, kind
        folder.mkdir(parents=True, exist_ok=True)
        sealed.refuse_links(*folder.rglob("*"))
        for half in sealed.half_written(folder / MANIFEST):
            half.unlink(missing_ok=True)
        known = sealed.own_manifest(folder).get("files")
        names = map(str, known) if isinstance(known, list | dict) else ()
        self._files = [name for name in names if _within(folder, name)]
        self._say()
        for name in self._files:
            (folder / name).unlink(missing_ok=True)
        self._files = []

    def path(self, name: str) -> Path:
        """Return where to write a file."""
        if name not in self._files:
            self._files.append(name)
            self._say()
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        return path

    def close(
        self,
        command: str,
        facts: Mapping[str, object],
        machine: Mapping[str, object] | None = None,
        rights: crate.Rights = crate.Rights(),  # noqa: B008  # it is frozen
    ) -> None:
        """Write the metadata and the manifest: the results are finished.

        Parameters
        ----------
        command
            What makes the folder again.
        facts
            What the manifest says of the results.
        machine
            What it says of the machine beside the versions.
        rights
            Whose results they are.
        """
        made = {"kind": self._kind, "command": command, "calibrated": False}
        manifest = {**made, **facts, **made_by(), **(machine or {})}
        beside = [name for name in BESIDE if (self.folder / name).exists()]
        metadata = crate.describe_folder(self.folder, manifest, [*self._files, *beside], rights)
        for name, text in metadata.items():
            self.path(name).write_text(text, encoding="utf-8")
        files = {name: sealed.digest((self.folder / name).read_bytes()) for name in self._files}
        sealed.seal(self.folder / MANIFEST, {**manifest, "files": files})

    def _say(self) -> None:
        said = {"kind": UNFINISHED, "of": self._kind, "driftback": __version__, "files": self._files}
        sealed.seal(self.folder / MANIFEST, said)


def _within(folder: Path, name: str) -> bool:
    """Whether a name is that of a file in the folder: a manifest from elsewhere may say anything."""
    return (folder / name).resolve().is_relative_to(folder.resolve()) and (folder / name).is_file()
