"""What a small filter leaves of the record: ``python -m tests.inference.filter_recorded`` keeps it."""

from pathlib import Path

import pandas as pd

from sim.engine.ensemble import SERIES
from sim.engine.experiment import Experiment
from sim.inference.filtering import FilterSettings, filter_states, known_world
from sim.inference.known_states import states_fingerprint
from sim.inference.parameter_sets import retained_sets

FILE = Path(__file__).with_name("filter.csv")  # its first line: what the filter rested on


def small_filter() -> pd.DataFrame:
    """Return a row a month with how the filter fared, then one with where its states stand in the last month."""
    known = filter_states(
        Experiment(known_world("2021-12"), retained_sets(), 3), FilterSettings(particles=512, states=64)
    )
    fared = known.by_month[["effective", "least", "resampled", "sets", "power", "moves", "figures"]].stack()
    assert known.sets.states is not None
    stand = pd.Series(known.sets.states.series[:, -1].mean(axis=0, dtype=float), SERIES)
    stand.index = pd.MultiIndex.from_product([["states"], stand.index])
    return pd.concat([fared, stand]).rename_axis(["month", "of"]).reset_index(name="value")


if __name__ == "__main__":
    text = small_filter().to_csv(index=False, float_format="%.12g")
    FILE.write_text(f"# {states_fingerprint()}\n{text}", encoding="utf-8")
