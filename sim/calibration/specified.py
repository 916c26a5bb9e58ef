"""The default set beside the figures that the model was specified with (400 hindcast runs of a prototype).

``python -m sim.calibration.specified RUNS`` prints the table of ``docs/hindcast.md``. A difference beyond a few
hundredths (warmths: .2) would be a misreading of the specification.
"""

import sys

import numpy as np
import pandas as pd

from sim.analysis.patterns import growth, mean
from sim.calibration.hindcast import hindcast
from sim.engine.ensemble import Ensemble, simulate

SEED = 11
SPANS = {
    **{f"{year}": (f"{year}-01", f"{year}-12") for year in range(2019, 2024)},
    "2024": ("2024-01", "2024-08"),
    "2024 Q1": ("2024-01", "2024-03"),
    "2024 May-Aug": ("2024-05", "2024-08"),
}
# Means over the spans, in their order; growth in % a year, for the whole years alone.
FIGURES: dict[str, tuple[float, ...]] = {
    "china_flow": (0.80, 0.21, 0.13, 0.35, 0.70, 0.84, 0.85, 0.83),
    "workers_in_china": (0.97, 0.98, 0.99, 0.99, 0.97, 0.95, 0.95, 0.94),
    "workers_in_russia": (0.28, 0.09, 0.01, 0.00, 0.07, 0.19, 0.15, 0.22),
    "russia_flow": (0.00, 0.00, 0.00, 0.00, 0.10, 0.35, 0.34, 0.36),
    "arms_flow": (0.00, 0.00, 0.00, 0.02, 0.44, 0.82, 0.83, 0.81),
    "munitions_stock": (1.00, 1.00, 1.00, 1.00, 0.91, 0.66, 0.73, 0.61),
    "economy": (0.92, 0.89, 0.88, 0.88, 0.92, 0.93, 0.93, 0.93),
    "dependence_on_china": (0.91, 0.88, 0.82, 0.86, 0.80, 0.64, 0.66, 0.63),
    "warmth_beijing_pyongyang": (2.52, 2.60, 2.96, 3.04, 3.06, 2.05, 2.55, 1.61),
    "warmth_moscow_pyongyang": (1.03, 0.85, 0.78, 2.56, 5.37, 6.45, 6.37, 6.51),
    "warmth_beijing_moscow": (5.02, 5.09, 5.20, 5.62, 5.95, 5.97, 5.98, 5.96),
    "warmth_beijing_washington": (-2.05, -3.12, -4.37, -4.15, -4.12, -3.42, -3.75, -3.16),
    "warmth_beijing_seoul": (0.68, 0.44, -0.07, -0.33, -1.46, -1.45, -1.59, -1.33),
    "warmth_washington_pyongyang": (-2.10, -3.78, -4.25, -4.56, -5.28, -5.58, -5.55, -5.60),
    "warmth_seoul_pyongyang": (0.26, -1.36, -2.08, -2.78, -4.60, -5.74, -5.55, -5.88),
    "capability": (0.55, 0.61, 0.64, 0.68, 0.76, 0.81, 0.79, 0.81),
    "tension": (0.45, 0.50, 0.51, 0.57, 0.65, 0.68, 0.68, 0.69),
    "allied_buildup": (0.43, 0.44, 0.45, 0.51, 0.71, 0.82, 0.80, 0.83),
    "recognition": (0.29, 0.27, 0.30, 0.39, 0.56, 0.65, 0.63, 0.66),
    "sanctions_pressure": (0.78, 0.78, 0.73, 0.64, 0.53, 0.51, 0.51, 0.51),
    "pact": (0.00, 0.00, 0.00, 0.00, 0.03, 0.17, 0.14, 0.19),
    "trust": (0.43, 0.20, 0.12, 0.07, 0.04, 0.03, 0.03, 0.03),
    "expected_support": (0.84, 0.37, 0.12, 0.29, 0.63, 0.81, 0.80, 0.83),
    "reengagement": (69.47, 49.99, 48.08, 55.88, 68.87, 71.21, 72.84, 69.76),
    "relative_alignment": (73.16, 73.96, 75.30, 72.20, 62.35, 50.94, 52.81, 49.36),
    "influence": (0.76, 0.74, 0.73, 0.75, 0.72, 0.62, 0.64, 0.60),
    "resources": (1.08, 0.47, 0.40, 0.64, 1.19, 1.64, 1.64, 1.65),
    "growth": (-0.66, -3.43, -0.85, 0.52, 3.64),
    "beijing_trade": (0.82, 0.95, 1.02, 1.07, 1.06, 1.08, 1.09, 1.07),
    "beijing_workers": (0.96, 0.99, 0.99, 0.99, 0.97, 0.94, 0.94, 0.93),
    "beijing_leash": (0.50, 0.65, 0.57, 0.67, 0.78, 0.78, 0.78, 0.77),
    "beijing_bloc": (0.01, 0.03, 0.06, 0.04, 0.01, 0.01, 0.01, 0.01),
    "beijing_visits": (0.19, 0.07, 0.07, 0.07, 0.04, 0.02, 0.03, 0.02),
    "beijing_toward_west": (-0.05, -0.45, -0.60, -0.56, -0.16, 0.57, 0.43, 0.67),
    "deal_arms": (0.00, 0.00, 0.00, 0.14, 0.97, 1.00, 1.00, 1.00),
    "deal_pay": (0.00, 0.00, 0.00, 0.03, 0.61, 0.89, 0.89, 0.89),
    "deal_technology": (0.00, 0.00, 0.00, 0.02, 0.18, 0.20, 0.21, 0.20),
    "moscow_labour": (0.28, 0.10, 0.06, 0.08, 0.32, 0.43, 0.42, 0.45),
    "moscow_cover": (0.00, 0.01, 0.01, 0.66, 0.98, 1.00, 1.00, 1.00),
    "pyongyang_toward_beijing": (0.15, 0.11, 0.09, 0.25, 0.37, 0.14, 0.33, -0.03),
    "pyongyang_toward_moscow": (0.13, 0.08, 0.09, 0.39, 0.53, 0.50, 0.53, 0.48),
    "pyongyang_provoke": (0.39, 0.24, 0.21, 0.42, 0.51, 0.45, 0.46, 0.45),
    "pyongyang_talks": (0.50, 0.29, 0.22, 0.24, 0.25, 0.23, 0.23, 0.23),
    "washington_sanction": (0.25, 0.34, 0.35, 0.25, 0.25, 0.26, 0.26, 0.26),
    "washington_posture": (-0.10, -0.11, -0.02, 0.21, 0.85, 0.90, 0.92, 0.89),
    "washington_toward_beijing": (-0.02, -0.40, -0.34, -0.16, -0.15, -0.03, -0.06, 0.00),
    "seoul_north": (0.97, 0.96, 0.93, 0.38, -0.62, -0.71, -0.73, -0.70),
    "seoul_toward_beijing": (0.55, 0.75, 0.76, 0.49, 0.01, 0.00, 0.00, -0.01),
}


def beside(many: Ensemble) -> pd.DataFrame:
    """Return a row a figure: what was specified, what an ensemble of the default set gives, and its standard error."""
    rows = []
    for name, figures in FIGURES.items():
        for when, figure in zip(SPANS, figures, strict=False):
            values = growth(many, when) if name == "growth" else mean(many, name, *SPANS[when])
            error = values.std(ddof=1) / np.sqrt(len(values))
            rows.append((name, when, figure, float(values.mean()), float(error)))
    return pd.DataFrame(rows, columns=["series", "when", "specified", "here", "error"])


if __name__ == "__main__":
    table = beside(simulate(hindcast(), int(sys.argv[1]), SEED, 2))
    print("| series | when | specified | here | ± |\n|---|---|--:|--:|--:|")
    for row in table.itertuples(index=False):
        print(f"| `{row.series}` | {row.when} | {row.specified:.2f} | {row.here:.2f} | {row.error:.3f} |")
