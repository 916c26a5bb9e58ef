"""States that runs set out from, as of a month: filtered when first asked for and cached, or read from a folder."""

import json
import sys
from contextlib import suppress
from dataclasses import astuple
from hashlib import sha256
from pathlib import Path

import pandas as pd

from sim.engine.compiled.llvm_engine import cache_home
from sim.engine.experiment import Experiment
from sim.engine.provenance import changed_since, decisive
from sim.engine.sets import Sets
from sim.engine.war_end import NEVER
from sim.inference import VERSION, filtering
from sim.inference.filtering import Filtered, FilterSettings, filter_states
from sim.inference.measurements import MEASURES, known_figures
from sim.inference.parameter_sets import retained_sets
from sim.inference.sets_file import shipped_sets
from sim.inference.states import NAME, decode_states, encode_states
from sim.registers import vintage
from sim.registers.fact_tables import CODINGS
from sim.registers.record import cells, moves
from sim.storage.sealed import MANIFEST, content, digest, put, read_results
from sim.storage.study_errors import StudyError

SEED = 20240816
SETTINGS = FilterSettings(particles=8_192)
_CODED = ("month", "capital", "lever", *(f"{what}_{coding}" for coding in CODINGS for what in ("option", "confidence")))


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
    StudyError
        If the folder was made with other rules or registers than those of now; a DamageError if its states or its
        manifest are not what was written.
    """
    if isinstance(as_of, Sets):
        return as_of
    if isinstance(as_of, Filtered):
        return as_of.sets
    folder = Path(as_of)
    if folder.is_dir():
        return _of_folder(folder)
    with vintage.known_to(str(as_of)):
        return _standing(str(as_of))


def _of_folder(folder: Path) -> Sets:
    made = read_results(folder, "filter") if (folder / MANIFEST).exists() else {}
    held = content(folder, made, NAME)
    if held is None:
        raise ValueError(f"{folder} holds no states: no {NAME}. `sim filter --as-of 2024-08 --out FOLDER` makes them")
    if changed := changed_since(made):
        raise StudyError(
            f"{folder} was made when {' and '.join(changed)} were not what they are now, so no run sets out from it.\n"
            f"Make it anew: {made['command']}"
        )
    return decode_states(held, folder / NAME)


@vintage.cache_by_vintage
def _standing(month: str) -> Sets:
    known_world = filtering.known_world(month)  # what is wrong with the month is told before anything else
    name, home = f"as-of-{month}-{states_fingerprint()}", cache_home()
    if sets := _kept(name, home):
        return sets
    sets = filter_states(Experiment(known_world, retained_sets(), SEED), SETTINGS).sets
    held = encode_states(sets)
    put(home / f"{name}-{digest(held)}.npz", held)
    return sets


def _kept(name: str, home: Path) -> Sets | None:
    """Return the states that lie in the cache under a name; None where none do that are what was written."""
    for file in sorted(home.glob(f"{name}-*.npz")):
        with suppress(FileNotFoundError):  # another process takes it away for the same reason
            held = file.read_bytes()
            if file.stem == f"{name}-{digest(held)}":
                return decode_states(held, file)
            print(f"{file} is not what was written: its states are made again", file=sys.stderr)
            file.unlink()
    return None


def states_fingerprint() -> str:
    """Return a name for all that decides the states: numbers and versions, and no text of any source."""
    numbers = [*_record(), _text(shipped_sets().sets)]
    return _named(VERSION, SEED, astuple(SETTINGS), decisive(), vintage.files_digest(), *numbers)


def record_fingerprint() -> str:
    """Return a name for all that decides what the filter makes of parameter sets that are handed to it."""
    return _named(VERSION, decisive(), vintage.files_digest(), *_record())


def _record() -> list[str]:
    """Return what the record says, and how it is read."""
    codings = pd.DataFrame([astuple(cell) for coding in (None, *CODINGS) for cell in cells(coding)])
    figures = pd.DataFrame([(*astuple(figure), MEASURES[figure.series].error) for figure in known_figures(NEVER)])
    return [*map(_text, (moves()[[*_CODED]], codings, figures))]


def _text(table: pd.DataFrame) -> str:
    """Return a table as text that is the same on every system."""
    return table.to_csv(float_format="%.12g")


def _named(*decides: object) -> str:
    return sha256(json.dumps(decides).encode()).hexdigest()[:20]
