"""What every measure says of months made by hand: ``python -m tests.analysis.measures`` records it for a new version.

Most series are drawn on coarse steps, so that many months stand exactly at a bound, and hold for a quarter, so that
conditions last. No rule is run: another edition of the rules changes nothing here.
"""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd

from sim.analysis import VERSION
from sim.analysis.rows import STATES, fingerprints, rows_of
from sim.engine.ensemble import Ensemble
from sim.engine.war_end import NEVER
from sim.model.moves import LEVER
from sim.prediction.treatments import aftermath, fan_quantiles, pair_rows
from tests.analysis.by_hand import made

FOLDER = Path(__file__).with_name(f"measures-{VERSION}")
RUNS, MONTHS = 120, 120
_STEPS = {
    "china_flow": [0.5, 0.955, 1.0, 1.0, 1.0],
    "workers_in_china": [0.5, 1.0, 1.0, 1.0],
    "reengagement": [55.0, 60.0, 65.0, 67.5, 70.0],
    "relative_alignment": [-5.0, 0.0, 5.0, 9.5, 10.0],
    "influence": [40.0, 45.0, 50.0],
}
_LEVERS = ("pyongyang_toward_beijing", "pyongyang_toward_moscow", "beijing_bloc", "beijing_trade", "moscow_cover")


def tables() -> dict[str, pd.DataFrame]:
    """Return what is measured of the months, by the name of the file that keeps it."""
    many, control = _both()
    rows = rows_of(many, control).drop(columns="fingerprint")
    few = replace(many, played=many.played[:, :, :3])  # however many levers there are
    weights = np.arange(1.0, RUNS + 1.0)
    return {
        "rows": rows.assign(fingerprint=fingerprints(few)),
        "pairs": pair_rows(many, control),
        "fans": fan_quantiles(many, control, weights / weights.sum()).reset_index(),
        "aftermath": pd.DataFrame([aftermath(many)]),
    }


def written(table: pd.DataFrame) -> str:
    """Return a table as it is kept: without the last digits, which differ between processors."""
    return table.to_csv(index=False, float_format="%.12g")


def _both() -> tuple[Ensemble, Ensemble]:
    """Return runs whose war ends, of which some end too late to be judged and some not at all, and their controls."""
    chance = np.random.default_rng(1)
    ends = chance.choice([55, 66, 84, 95, 96, 102, 110, NEVER], RUNS)
    before = np.arange(MONTHS) < np.minimum(ends, MONTHS)[:, None]

    def drawn(values: list[float], held: int) -> np.ndarray:
        return np.repeat(chance.choice(values, (RUNS, MONTHS // held)), held, axis=1)

    def series() -> dict[str, np.ndarray]:
        own = {name: drawn(_STEPS[name], 3) if name in _STEPS else drawn([0.0, 0.25, 0.5, 1.0], 1) for name in STATES}
        own["relative_alignment"][::2] *= ~before[::2]  # so that a year's mean is a step too
        own |= {name: drawn([option.value for option in LEVER[name].options], 3) for name in _LEVERS}
        return own | {"pyongyang_toward_beijing": drawn([-1.0, -0.3, 0.3, 0.3, 1.0], 10)}  # rarely courted or slighted

    ended, endless = series(), series()
    endless = {name: np.where(before, ended[name], values) for name, values in endless.items()}
    return _kept(made(ends.tolist(), MONTHS, **ended)), _kept(made([NEVER] * RUNS, MONTHS, **endless))


def _kept(many: Ensemble) -> Ensemble:
    return replace(many, states=np.stack([many.array(name) for name in STATES], axis=-1), kept=STATES)


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    for name, table in tables().items():
        (FOLDER / f"{name}.csv").write_text(written(table), encoding="utf-8")
