"""States that runs set out from, as files."""

import io
import zipfile
import zlib
from pathlib import Path

import numpy as np
import pandas as pd

from sim.calibration.parameter_sets import Sets, given
from sim.engine.blocks import Trunk
from sim.engine.ensemble import States
from sim.scenario.source import Source
from sim.storage.errors import DamageError

NAME = "states.npz"
START = "start.npz"  # of the run that a report tells


def written(sets: Sets) -> bytes:
    """Return states with their parameter sets as an npz file; the same states are the same bytes."""
    states, sink = sets.states, io.BytesIO()
    assert states is not None
    np.savez(sink, names=np.array(list(sets.values)), values=sets.values.to_numpy(), **vars(states))
    return sink.getvalue()


def written_start(start: Trunk) -> bytes:
    """Return where a run set out from as an npz file."""
    states = States(start.months, start.memory, start.shared.series, start.shared.played)
    return written(given(pd.DataFrame(index=range(len(start.memory.T))), Source.FILTERED, states))


def read(content: bytes, file: Path) -> Sets:
    """Return the states of an npz file.

    Parameters
    ----------
    file
        What its bytes were read from.

    Raises
    ------
    DamageError
        If it is no such file.
    """
    try:
        with np.load(io.BytesIO(content), allow_pickle=False) as kept:
            values = pd.DataFrame(kept["values"], columns=kept["names"].tolist())
            states = States(int(kept["months"]), kept["memory"], kept["series"], kept["played"])
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, KeyError, NotImplementedError) as error:
        raise DamageError(f"{file} holds no states: {error}. Put it back as it was, or make it anew") from None
    return given(values, Source.FILTERED, states)


def read_start(content: bytes, file: Path) -> Trunk:
    """Return where a run set out from; see :func:`read`."""
    states = read(content, file).states
    assert states is not None
    return states.trunk(np.arange(1))
