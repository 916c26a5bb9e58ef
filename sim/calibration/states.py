"""States that runs set out from, as files."""

from pathlib import Path

import numpy as np
import pandas as pd

from sim.calibration.parameter_sets import Sets, given
from sim.engine.blocks import Trunk
from sim.engine.ensemble import States
from sim.scenario.source import Source

NAME = "states.npz"
START = "start.npz"  # of the run that a report tells


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
