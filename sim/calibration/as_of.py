"""States that runs set out from, as of a month: filtered when first asked for and cached, or read from a folder."""

import os
from functools import cache
from hashlib import sha256
from pathlib import Path

import numpy as np
import pandas as pd

from sim.article import vintage
from sim.article.record import moves
from sim.calibration.filtering import Filtered, FilterSettings, filtered, world
from sim.calibration.parameter_sets import Sets, given
from sim.calibration.retained import retained
from sim.engine.blocks import Trunk
from sim.engine.compiled.engine import cache_home
from sim.engine.ensemble import States
from sim.engine.provenance import rules
from sim.scenario.source import Source
from sim.storage.sealed import MANIFEST

NAME = "states.npz"
START = "start.npz"  # of the run that a report tells
SEED = 20240816
SETTINGS = FilterSettings(particles=8_192)
_SOURCES = ("filtering.py", "coding.py", "measurements.py")


def sets_as_of(as_of: str | Path | Filtered) -> Sets:
    """Return parameter sets with the states that the record leaves them in.

    Parameters
    ----------
    as_of
        A month, YYYY-MM, filtered here with a seed of its own; a folder of ``sim filter``; or what ``sim.filter`` gave.

    Raises
    ------
    ValueError
        If it is neither a month of the record nor such a folder.
    """
    if isinstance(as_of, Filtered):
        return as_of.sets
    folder = Path(as_of)
    if (folder / MANIFEST).exists() and (folder / NAME).exists():
        return read(folder / NAME)
    if folder.is_dir():
        raise ValueError(f"{folder} holds no states: no {NAME}. `sim filter --as-of 2024-08 --out FOLDER` makes them")
    return _standing(str(as_of))


@cache
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
    for table in (moves(), retained().sets):
        digest.update(table.to_csv(float_format="%.12g").encode())
    return digest.hexdigest()[:20]


def write(file: Path, sets: Sets) -> None:
    """Write states with their parameter sets."""
    states = sets.states
    assert states is not None
    part = file.with_name(f"{file.name}.part")
    with open(part, "wb") as opened:
        np.savez(opened, names=np.array(list(sets.values)), values=sets.values.to_numpy(), **vars(states))
    part.replace(file)


def write_start(file: Path, start: Trunk) -> None:
    """Write where a run set out from."""
    states = States(start.months, start.memory, start.shared.series, start.shared.played)
    write(file, given(pd.DataFrame(index=range(len(start.memory.T))), Source.FILTERED, states))


def read_start(file: Path) -> Trunk | None:
    """Return where a run set out from; None where there is no such file, for it began in January 2019."""
    states = read(file).states if file.exists() else None
    return None if states is None else states.trunk(np.arange(1))


def read(file: Path) -> Sets:
    """Return the states of a file."""
    with np.load(file) as kept:
        values = pd.DataFrame(kept["values"], columns=kept["names"].tolist())
        states = States(int(kept["months"]), kept["memory"], kept["series"], kept["played"])
    return given(values, Source.FILTERED, states)
