"""States that runs set out from, as files."""

import io
import zipfile
import zlib
from pathlib import Path

import numpy as np
import pandas as pd

from sim.engine.experiment import Sets, equally_weighted
from sim.engine.start_state import StartState
from sim.scenario.source import Source
from sim.storage.study_errors import DamageError

NAME = "states.npz"
START = "start.npz"  # of the run that a report tells


def encode_states(sets: Sets) -> bytes:
    """Return states with their parameter sets as an npz file; the same states are the same bytes."""
    states, sink = sets.states, io.BytesIO()
    assert states is not None
    np.savez(sink, names=np.array(list(sets.values)), values=sets.values.to_numpy(), **vars(states))
    return sink.getvalue()


def written_start(start: StartState) -> bytes:
    """Return where a run set out from as an npz file."""
    return encode_states(equally_weighted(pd.DataFrame(index=range(len(start))), Source.FILTERED, start))


def decode_states(content: bytes, file: Path) -> Sets:
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
            states = StartState(int(kept["months"]), kept["memory"], kept["series"], kept["played"])
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, KeyError, NotImplementedError) as error:
        raise DamageError(f"{file} holds no states: {error}. Put it back as it was, or make it anew") from None
    return equally_weighted(values, Source.FILTERED, states)
