"""The parameter sets that history has not ruled out, as a file: ``sim/calibration/retained.parquet``."""

import hashlib
import json
import tokenize
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from functools import cache
from importlib.resources import as_file, files
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.article import register, targets
from sim.article.register import uncertain
from sim.calibration.hindcast import Scores

NAME = "retained.parquet"
RENEWED = "renewed.json"  # see sim.calibration.renewal
WEIGHT = "weight"
_MODEL = Path(__file__).parents[1] / "model"


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
    made: dict[str, Any]

    def __len__(self) -> int:
        return len(self.sets)

    @property
    def changed(self) -> list[str]:
        """What has changed since they were made, in words; then they must be made anew.

        What was shown to do the same (:mod:`sim.calibration.renewal`) has not changed.
        """
        now, kept_by, renewed = rests_on(), self.made["rests_on"], renewal()
        alike = renewed["to"] if renewed["from"] == kept_by else kept_by
        return [words for words, digest in kept_by.items() if now.get(words) not in (digest, alike[words])]


@cache
def retained() -> Retained:
    """Return the retained sets that travel with the package.

    Raises
    ------
    FileNotFoundError
        If the package has none.
    """
    with as_file(files("sim.calibration").joinpath(NAME)) as path:
        return read(path)


@cache
def renewal() -> dict[str, Any]:
    """Return which later fingerprints were shown to do what those did that kept the sets: ``from`` and ``to``."""
    text = files("sim.calibration").joinpath(RENEWED).read_text(encoding="utf-8")
    found: dict[str, Any] = json.loads(text)
    return found


def read(path: Path) -> Retained:
    """Return the retained sets of a file."""
    frame = pd.read_parquet(path)
    names = uncertain()
    made, frame.attrs = frame.attrs["made"], {}  # pandas would copy them with every column that is read
    weights = frame[WEIGHT].to_numpy(np.float64)
    return Retained(frame[names], weights / weights.sum(), Scores.of(frame), made)


def write(path: Path, found: Retained) -> None:
    """Write retained sets to a file."""
    frame = found.sets.assign(**{WEIGHT: found.weights}).join(found.scores.frame())
    frame.attrs["made"] = found.made
    frame.to_parquet(path)


@cache
def rests_on() -> dict[str, str]:
    """Return, for each thing that decides which sets are kept, its SHA-256; the same on every system.

    Of the registers only the numbers count, and of the sources only the code: a better wording changes nothing.
    """
    numbers = {name: (entry.default, entry.low, entry.high) for name, entry in register.parameters().items()}
    bounds = {
        name: (each.low, each.high, each.strict, each.discrepancy, each.counted)
        for name, each in targets.bounds().items()
    }
    series = {name: {**asdict(each), "says": "", "why": "", "given": ""} for name, each in targets.series().items()}
    sources = sorted(_MODEL.rglob("*.py"))
    rules = "\0".join(map(code, sources))
    return {
        "the ranges of the parameters": _sha(json.dumps(numbers)),
        "the bounds of the patterns and series": _sha(json.dumps([bounds, series])),
        "the rules of the model": _sha(rules),
    }


def code(source: Path) -> str:
    """Return a source's tokens without comments, docstrings and line breaks within a statement."""
    found, opening = [], True  # whether a statement may begin here
    for kind, text in _tokens(source):
        if kind in (tokenize.COMMENT, tokenize.NL):
            continue
        structure = kind in (tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT)
        if not (opening and kind == tokenize.STRING):  # else a docstring
            found.append(tokenize.tok_name[kind] if structure else text)
        opening = structure
    return " ".join(found)


def _tokens(source: Path) -> Iterator[tuple[int, str]]:
    """Yield each token's kind and text, an f-string whole: Python cuts it up since 3.12, and no hash may show it."""
    with tokenize.open(source) as file:
        lines = file.readlines()
    depth, start = 0, (0, 0)
    for token in tokenize.generate_tokens(iter(lines).__next__):
        name = tokenize.tok_name[token.type]
        depth += (name == "FSTRING_START") - (name == "FSTRING_END")
        if name == "FSTRING_START" and depth == 1:
            start = token.start
        elif name == "FSTRING_END" and depth == 0:
            yield tokenize.STRING, _between(lines, start, token.end)
        elif depth == 0:
            yield token.type, token.string


def _between(lines: list[str], start: tuple[int, int], end: tuple[int, int]) -> str:
    """Return the text from one place to another; rows count from 1, columns from 0."""
    piece = lines[start[0] - 1 : end[0]]
    piece[-1] = piece[-1][: end[1]]
    piece[0] = piece[0][start[1] :]
    return "".join(piece)


def _sha(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def places(found: Retained) -> pd.DataFrame:
    """Return for each parameter where the sets lie in its range, 0 low to 1 high; what history leaves alone is at .5.

    Returns
    -------
    frame
        The columns ``place`` (mean), ``low`` and ``high`` (nine of ten sets, in the parameter's unit), furthest from
        the middle first.
    """
    bounds = {name: (entry.low, entry.high) for name, entry in register.parameters().items() if name in found.sets}
    low, high = (pd.Series({name: each[side] for name, each in bounds.items()}, dtype=float) for side in (0, 1))
    place = ((found.sets - low) / (high - low)).mean()
    ends = found.sets.quantile([0.05, 0.95])
    table = pd.DataFrame({"place": place, "low": ends.loc[0.05], "high": ends.loc[0.95]})
    return table.sort_values("place", key=lambda column: -(column - 0.5).abs())


if __name__ == "__main__":
    shipped = retained()
    print(f"{len(shipped)} sets. Patterns missed, by number of sets:")
    print((~shipped.scores.passed).value_counts().to_string())
    print(places(shipped).round(2).to_string())
