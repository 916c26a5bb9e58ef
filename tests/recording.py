"""What a pass through a package gives, number by number, beside what was recorded of it.

A record is a CSV file, a row a number; a long row of numbers is recorded by its sums. Of sentences the numbers are
kept and the words that say which way something goes, and no other.
"""

import atexit
import re
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import fields, is_dataclass
from enum import Enum
from io import StringIO
from pathlib import Path
from typing import Any
from zlib import crc32

import numpy as np
import pandas as pd
import pytest

FEW = 3  # numbers are recorded one by one
PLAIN = (bool, int, float, str)
# Which way: what a threshold or a sign decides, however it is said.
_WAYS = (
    "yes|more|less|above|below|closer|further|luck|higher|lower|raised|lowered|raises|lowers|rises|falls|"
    "larger|smaller|better|worse|likelier|warm|cool|reached|missed|clear|clearly|almost|perhaps"
)
_KEPT = re.compile(rf"[-+]?\d+(?:[.,]\d+)*|\b(?:{_WAYS})\b", re.IGNORECASE)


def temporary_folder() -> Path:
    """Return a folder that lasts as long as the process, for what is made once and read by many tests."""
    folder = Path(tempfile.mkdtemp())
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


def flatten(name: str, value: Any) -> Iterator[tuple[str, object]]:
    """Yield every number, name and yes or no in a value, each with its place."""
    if isinstance(value, Enum):
        yield name, value.name
    elif isinstance(value, pd.DataFrame):
        for place, column in enumerate(value):
            yield from flatten(f"{name}[{column}]", value.iloc[:, place].to_numpy())
        yield from flatten(f"{name}[]", value.index.to_numpy())
    elif isinstance(value, pd.Series):
        yield from flatten(name, value.to_numpy())
        yield from flatten(f"{name}[]", value.index.to_numpy())
    elif isinstance(value, np.ndarray) and value.dtype.kind in "biuf":
        yield from _sums(name, value.astype(float).ravel(), value.shape)
    elif is_dataclass(value) and not isinstance(value, type):
        for field in fields(value):
            yield from flatten(f"{name}.{field.name}", getattr(value, field.name))
    elif isinstance(value, Mapping):
        for key, inner in value.items():
            yield from flatten(f"{name}/{key}", inner)
    elif isinstance(value, Sequence | np.ndarray) and not isinstance(value, str):
        if len(value) > FEW and all(inner is None or isinstance(inner, PLAIN) for inner in value):
            numbers = [inner for inner in value if isinstance(inner, bool | int | float)]
            words = ",".join(_without_words(inner) for inner in value if isinstance(inner, str))
            yield from flatten(name, np.array(numbers, dtype=float)) if numbers else ()
            yield f"{name} words", crc32(words.encode())
        elif len(value) > FEW and (table := _table(value)) is not None:
            yield from flatten(name, table)
        else:
            yield f"{name}#", len(value)
            for place, inner in enumerate(value):
                yield from flatten(f"{name}/{place}", inner)
    elif isinstance(value, bool | np.bool_ | int | float | np.number):
        yield name, float(value)
    else:
        yield name, _without_words(str(value))


def _without_words(text: str) -> str:
    """Return a name as it is, and of a sentence the numbers in it and which way it goes."""
    return text if " " not in text else " ".join(_KEPT.findall(text)).lower()


def _table(rows: Sequence[Any]) -> dict[str, list[Any]] | None:
    """Return rows of plain values that are as long as each other, or of records of one kind, as columns."""
    if all(is_dataclass(row) and type(row) is type(rows[0]) for row in rows):
        return {field.name: [getattr(row, field.name) for row in rows] for field in fields(rows[0])}
    if all(isinstance(row, tuple) and len(row) == len(rows[0]) for row in rows):
        return {str(place): list(column) for place, column in enumerate(zip(*rows, strict=True))}
    return None


def _sums(name: str, values: np.ndarray, shape: tuple[int, ...]) -> Iterator[tuple[str, object]]:
    yield f"{name}#", "x".join(map(str, shape))
    if len(values) <= FEW:
        for place, value in enumerate(values):
            yield f"{name}/{place}", float(value)
        return
    finite = np.isfinite(values)
    known = np.where(finite, values, 0.0)
    if not finite.all():
        yield f"{name} known", float(finite.sum())
    yield f"{name} sum", float(known.sum())
    yield f"{name} in order", float(known @ np.linspace(0.5, 1.5, len(known)) ** 2)


def written(passes: Mapping[str, Any]) -> str:
    """Return a record: what passes give, by their names."""
    rows = [(place, number) for name, value in passes.items() for place, number in flatten(name, value)]
    texts = [f"{number:.12g}" if isinstance(number, float) else str(number) for _, number in rows]
    return pd.DataFrame({"place": [place for place, _ in rows], "value": texts}).to_csv(index=False)


def record_anew(passes: Mapping[str, Callable[[], Any]], file: Path) -> None:
    """Write the record of a file of tests from its passes as they are now."""
    file.write_text(written({name: run() for name, run in passes.items()}), encoding="utf-8")


def check(passes: Mapping[str, Any], file: Path, command: str) -> None:
    """Fail where a pass gives something else than what is recorded, and say where."""
    now, kept = (pd.read_csv(text, dtype=str, keep_default_na=False) for text in (StringIO(written(passes)), file))
    again = f"if that is meant, record it anew: {command}"
    names = set(passes)
    kept = kept[kept["place"].str.split(r"[#.\[/ ]", n=1, regex=True).str[0].isin(names)]
    assert now["place"].tolist() == kept["place"].tolist(), again
    for place, one, other in zip(now["place"], now["value"], kept["value"], strict=True):
        assert one == other or _near(one, other), f"{place}: {one}, recorded {other}; {again}"


def _near(one: str, other: str) -> bool:
    try:
        return bool(float(one) == pytest.approx(float(other), rel=1e-9, abs=1e-12))
    except ValueError:
        return False
