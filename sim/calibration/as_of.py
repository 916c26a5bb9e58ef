"""States that runs set out from, as of a month: filtered when first asked for and cached, or read from a folder."""

import os
from hashlib import sha256
from pathlib import Path

from sim.article import vintage
from sim.article.record import moves
from sim.calibration.filtering import Filtered, FilterSettings, filtered, world
from sim.calibration.parameter_sets import Sets
from sim.calibration.retained import shipped_sets
from sim.calibration.states import NAME, read, write
from sim.engine.compiled.engine import cache_home
from sim.engine.provenance import rules
from sim.storage.sealed import MANIFEST

SEED = 20240816
SETTINGS = FilterSettings(particles=8_192)
_SOURCES = ("filtering.py", "coding.py", "measurements.py")


def sets_as_of(as_of: str | Path | Filtered | Sets) -> Sets:
    """Return parameter sets with the states that the record leaves them in.

    Parameters
    ----------
    as_of
        A month, YYYY-MM, filtered here with a seed of its own; a folder of ``sim filter``; what ``sim.filter`` gave, or
        its sets.

    Raises
    ------
    ValueError
        If it is neither a month of the record nor such a folder.
    """
    if isinstance(as_of, Sets):
        return as_of
    if isinstance(as_of, Filtered):
        return as_of.sets
    folder = Path(as_of)
    if (folder / MANIFEST).exists() and (folder / NAME).exists():
        return read(folder / NAME)
    if folder.is_dir():
        raise ValueError(f"{folder} holds no states: no {NAME}. `sim filter --as-of 2024-08 --out FOLDER` makes them")
    with vintage.known_to(str(as_of)):
        return _standing(str(as_of))


@vintage.cache_by_vintage
def _standing(month: str) -> Sets:
    world(month)  # what is wrong with the month is told before anything else
    file = cache_home() / f"as-of-{month}-{fingerprint()}.npz"
    if not file.exists():
        write(file, filtered(month, SEED, SETTINGS, os.cpu_count() or 1).sets)
    return read(file)


def fingerprint() -> str:
    """Return a name for all that the states rest on."""
    digest = sha256(f"{rules()}{vintage.digest()}".encode())
    for name in _SOURCES:
        digest.update(Path(__file__).with_name(name).read_bytes())
    for table in (moves(), shipped_sets().sets):
        digest.update(table.to_csv(float_format="%.12g").encode())
    return digest.hexdigest()[:20]
