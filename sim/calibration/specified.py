"""The default set beside the figures that the model was specified with (400 hindcast runs of a prototype).

``python -m sim.calibration.specified RUNS`` prints the table of ``docs/hindcast.md``. A difference beyond a few
hundredths (warmths: .2) would be a misreading of the specification.
"""

import sys

import numpy as np
import pandas as pd

from sim.analysis.patterns import growth, mean, shells
from sim.calibration.hindcast import hindcast
from sim.engine.ensemble import Ensemble, simulate

SEED = 11
YEARS = ("2019", "2020", "2021", "2022", "2023")
LAST_YEARS = (*YEARS, "2024")
PARTS = (*YEARS, "2024 Q1", "2024 May-Aug")
EARLY_LATE = ("2019", "2024 May-Aug")
_SPANS = {
    "2024": ("2024-01", "2024-08"),
    "2024 Q1": ("2024-01", "2024-03"),
    "2024 May-Aug": ("2024-05", "2024-08"),
    "2024 Aug": ("2024-08", "2024-08"),
}

FIGURES: dict[str, dict[str, float]] = {
    "china_flow": dict(zip(LAST_YEARS, (0.95, 0.21, 0.10, 0.30, 0.70, 0.84), strict=True)),
    "growth": dict(zip(YEARS, (-0.2, -2.5, -1.3, 1.2, 2.2), strict=True)),
    "arms_flow": {"2022": 0.02, "2023": 0.44, "2024": 0.83},
    "pyongyang_toward_beijing": dict(zip(PARTS, (-0.07, -0.15, -0.17, 0.10, 0.29, 0.27, -0.04), strict=True)),
    "pyongyang_toward_moscow": dict(zip(PARTS, (0.18, 0.17, 0.17, 0.68, 0.60, 0.54, 0.51), strict=True)),
    "beijing_toward_west": dict(zip(PARTS, (0.27, 0.27, 0.25, 0.30, 0.86, 0.93, 0.93), strict=True)),
    "beijing_trade": dict(zip(PARTS, (0.96, 0.73, 0.74, 0.91, 1.04, 1.07, 1.03), strict=True)),
    "deal_pay": {"2024": 0.90},
    "deal_technology": {"2024": 0.32},
    "warmth_beijing_pyongyang": dict(zip(PARTS, (1.5, 0.3, -0.2, 0.7, 1.2, 1.2, 0.5), strict=True)),
    "warmth_moscow_pyongyang": dict(zip(PARTS, (-0.7, -1.7, -1.8, 1.5, 4.6, 5.6, 5.8), strict=True)),
    "warmth_beijing_washington": dict(zip(PARTS, (-1.3, -1.1, -1.0, -1.0, 0.7, 1.9, 2.2), strict=True)),
    "capability": dict(zip(EARLY_LATE, (0.51, 0.65), strict=True)),
    "tension": dict(zip(EARLY_LATE, (0.39, 0.53), strict=True)),
    "allied_buildup": dict(zip(EARLY_LATE, (0.49, 0.69), strict=True)),
    "sanctions_pressure": dict(zip(EARLY_LATE, (0.69, 0.53), strict=True)),
    "influence": dict(zip(PARTS, (0.73, 0.67, 0.64, 0.68, 0.67, 0.60, 0.56), strict=True)),
    "shells": {"2024 Aug": 4.9},
}


def beside(many: Ensemble) -> pd.DataFrame:
    """Return a row a figure: what was specified, what an ensemble of the default set gives, and its standard error."""
    rows = []
    for name, figures in FIGURES.items():
        for when, figure in figures.items():
            values = _values(many, name, when)
            error = values.std(ddof=1) / np.sqrt(len(values))
            rows.append((name, when, figure, float(values.mean()), float(error)))
    return pd.DataFrame(rows, columns=["series", "when", "specified", "here", "error"])


def _values(many: Ensemble, name: str, when: str) -> np.ndarray:
    if name == "growth":
        return growth(many, when)
    if name == "shells":
        return shells(many, "2024-08")
    return mean(many, name, *_SPANS.get(when, (f"{when}-01", f"{when}-12")))


if __name__ == "__main__":
    table = beside(simulate(hindcast(), int(sys.argv[1]), SEED, 2))
    print(table.to_markdown(index=False, floatfmt=("", "", ".2f", ".2f", ".3f")))
