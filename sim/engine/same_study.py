"""Studies that go on where they stopped: what a manifest of before says is read as it would be said now."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from types import MappingProxyType
from typing import TypeVar

from sim.engine.provenance import same
from sim.storage import sealed
from sim.storage.folder import StudyFolder

M = TypeVar("M", bound=sealed.Manifest)


def settle_study(
    study: StudyFolder[M],
    asked: Mapping[str, object],
    tables: Mapping[str, bytes] = MappingProxyType({}),
    fix: str = "choose another folder",
) -> None:
    """Begin what is asked, or make sure that it is the study here; see :meth:`sim.storage.folder.StudyFolder.settle`.

    Parameters
    ----------
    study
        The folder, which need not be there yet.
    asked
        What decides the results, by key of the manifest.
    tables
        Files that say what is asked, by name.
    fix
        What to do about another study in the folder.

    Raises
    ------
    StudyError
        If the folder holds another study, or another process works on it.
    """
    study.settle(asked, tables, fix, same)


@contextmanager
def resume_study(study: StudyFolder[M], asked: Mapping[str, object]) -> Iterator[None]:
    """Begin what is asked, or go on with it, and keep other processes off the study until the block ends.

    Parameters
    ----------
    study, asked
        As for :func:`settle_study`.

    Raises
    ------
    StudyError
        As :func:`settle_study`.
    """
    settle_study(study, asked)
    with study.lock():
        study.tidy()
        yield
