"""Studies of the record made by hand, so that what they should say is known."""

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa

from sim.prediction.model_comparison import (
    ALONE,
    BASE,
    BOTH,
    FIGURES,
    MOVES,
    Contender,
    RecordStudy,
    contenders,
    open_record_study,
)
from sim.prediction.move_forecasters import BASE_RATE, naive
from sim.storage.folder import encode_table

from ..recording import temporary_folder

AS_OF, HORIZON, SEED = "2020-06", 18, 3


def made(folder: Path, gains: Mapping[str, float], noise: float, over: Mapping[str, float]) -> RecordStudy:
    """Write a study in which every contender has the model's log evidence but for its gain a month.

    Parameters
    ----------
    gains
        By name, nats a month.
    noise
        Of each month and seed, standard deviation.
    over
        By lever, what the model gains over the base rate in each move; 0.1 where not said.
    """
    evidence = open_record_study(
        folder, {"particles": 64, "seeds": 2, "seed": SEED, "as_of": AS_OF}, "sim evidence made"
    )
    chance, base = np.random.default_rng(1), naive(HORIZON)
    moves = base[["month", "lever"]].assign(nats=base[BASE_RATE] + base["lever"].map(over).fillna(0.1))
    with evidence.study.lock():
        for contender in contenders(AS_OF):
            table = _table(contender, gains.get(contender.name, 0.0), noise, moves, chance)
            content = encode_table(pa.Table.from_pandas(table, preserve_index=False))
            evidence.study.keep(f"{contender.family}/{contender.name}", content)
    return RecordStudy(folder)


def made_record() -> RecordStudy:
    """Write a study in which contenders gain from -3 to 3 nats a month, in turn."""
    gains = {contender.name: place % 7 - 3.0 for place, contender in enumerate(contenders(AS_OF))}
    return made(temporary_folder() / "record", gains, 0.5, {"beijing_trade": 0.4, "seoul_north": -0.3})


def _table(
    contender: Contender, gain: float, noise: float, moves: pd.DataFrame, chance: np.random.Generator
) -> pd.DataFrame:
    months = sorted(set(moves["month"]))
    parts = []
    for reading, seeds in ((reading, (SEED, SEED + 1) if reading == BOTH else (SEED,)) for reading in (BOTH, *ALONE)):
        for seed in seeds:
            for lever, worth in ((MOVES, gain), (FIGURES, 0.0)):
                nats = worth - 10.0 + noise * chance.standard_normal(len(months)) * bool(worth)
                parts.append(
                    pd.DataFrame({"month": months, "lever": lever, "nats": nats, "seed": seed, "reading": reading})
                )
            if contender.name == BASE:
                parts.append(moves.assign(seed=seed, reading=reading))
    return pd.concat(parts, ignore_index=True)[["reading", "seed", "month", "lever", "nats"]]
