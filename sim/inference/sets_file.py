"""The parameter sets that history has not ruled out, as a file: ``sim/inference/retained.parquet``."""

import hashlib
import json
from dataclasses import asdict, dataclass
from functools import cache
from importlib.resources import as_file, files
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.engine.provenance import same
from sim.inference.designs import scale_to_unit
from sim.inference.hindcast import Scores
from sim.model import VERSION
from sim.registers import register, targets
from sim.registers.register import uncertain

NAME = "retained.parquet"
SECOND_EDITION = "retained-second.parquet"
WEIGHT = "weight"


@dataclass(frozen=True, eq=False)
class Retained:
    """Parameter sets that history has not ruled out.

    Attributes
    ----------
    sets
        A row a set, a column an uncertain parameter of the register.
    weights
        One a set; they sum to 1.
    scores
        What was measured on fresh runs when the sets were kept.
    made
        How they were made: command, seed, rule, counts, and the fingerprints of what they rest on.
    """

    sets: pd.DataFrame
    weights: NDArray[np.float64]
    scores: Scores
    made: dict[str, object]

    def __len__(self) -> int:
        return len(self.sets)

    @property
    def changed(self) -> list[str]:
        """What has changed since they were made, in words; then they must be made anew."""
        now, then = sets_rest_on(), self.made["rests_on"]
        assert isinstance(then, dict)
        return [words for words, digest in then.items() if not same(words, digest, now.get(words))]


@cache
def shipped_sets(name: str = NAME) -> Retained:
    """Return the retained sets that travel with the package.

    Parameters
    ----------
    name
        Of the file; :data:`SECOND_EDITION` has those of the second edition of the rules.

    Raises
    ------
    FileNotFoundError
        If the package has none.
    """
    with as_file(files("sim.inference").joinpath(name)) as path:
        return read_sets(path)


def read_sets(path: Path) -> Retained:
    """Return the retained sets of a file."""
    frame = pd.read_parquet(path)
    names = [name for name in uncertain() if name in frame]  # an earlier edition had fewer
    made, frame.attrs = frame.attrs["made"], {}  # pandas would copy them with every column that is read
    weights = frame[WEIGHT].to_numpy(np.float64)
    return Retained(frame[names], weights / weights.sum(), Scores.of(frame), made)


def write_sets(path: Path, kept: Retained) -> None:
    """Write retained sets to a file."""
    frame = kept.sets.assign(**{WEIGHT: kept.weights}).join(kept.scores.frame())
    frame.attrs["made"] = kept.made
    frame.to_parquet(path)


@cache
def sets_rest_on() -> dict[str, str]:
    """Return, for each thing that decides which sets are kept, its SHA-256 or version; the same on every system.

    Of the registers only the numbers count: a better wording changes nothing.
    """
    numbers = {
        name: (entry.default, entry.low, entry.high, entry.at_low)
        for name, entry in register.registered_parameters().items()
    }
    bounds = {
        name: (bound.low, bound.high, bound.strict, bound.discrepancy, bound.counted)
        for name, bound in targets.bounds().items()
    }
    series = {
        name: {**asdict(wanted), "says": "", "why": "", "given": ""} for name, wanted in targets.target_series().items()
    }
    return {
        "the ranges of the parameters": _sha(json.dumps(numbers)),
        "the bounds of the patterns and series": _sha(json.dumps([bounds, series])),
        "the rules of the model": VERSION,
    }


def _sha(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def places_in_range(kept: Retained) -> pd.DataFrame:
    """Return for each parameter where the sets lie in its range, 0 low to 1 high; what history leaves alone is at .5.

    Returns
    -------
    frame
        The columns ``place`` (mean), ``low`` and ``high`` (nine of ten sets, in the parameter's unit), furthest from
        the middle first.
    """
    ends = kept.sets.quantile([0.05, 0.95])
    table = pd.DataFrame(
        {"place": scale_to_unit(kept.sets).mean(axis=0), "low": ends.loc[0.05], "high": ends.loc[0.95]}
    )
    return table.sort_values("place", key=lambda column: -(column - 0.5).abs())


if __name__ == "__main__":
    shipped = shipped_sets()
    print(f"{len(shipped)} sets. Patterns missed, by number of sets:")
    print((~shipped.scores.passed).value_counts().to_string())
    print(places_in_range(shipped).round(2).to_string())
