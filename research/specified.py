"""The default set beside the figures that the model was specified with (400 hindcast runs of a prototype).

``python -m research.specified RUNS`` prints the table of ``docs/hindcast.md``. They are of the second
edition, so the rules are set to it. A difference beyond a few hundredths (warmths: .2) would be a misreading of the
specification. The figures stand in ``specified.csv``: means over
spans of months; growth in % a year, for the whole years alone.
"""

import sys
from pathlib import Path

import numpy as np
import pandas as pd

from research.editions import as_second_edition
from sim.analysis.patterns import growth, mean
from sim.engine.ensemble import Ensemble
from sim.engine.experiment import Experiment
from sim.inference.hindcast import free_runs

SEED = 11
SPANS = {
    **{f"{year}": (f"{year}-01", f"{year}-12") for year in range(2019, 2024)},
    "2024": ("2024-01", "2024-08"),
    "2024 Q1": ("2024-01", "2024-03"),
    "2024 May-Aug": ("2024-05", "2024-08"),
}


def compare_with_specified(many: Ensemble) -> pd.DataFrame:
    """Return a row a figure: what was specified, what an ensemble of the default set gives, and its standard error."""
    rows = []
    for row in pd.read_csv(Path(__file__).with_suffix(".csv")).to_dict("records"):
        name = row["series"]
        for when, span in SPANS.items():
            if np.isfinite(row[when]):
                values = growth(many, when) if name == "growth" else mean(many, name, *span)
                error = values.std(ddof=1) / np.sqrt(len(values))
                rows.append((name, when, row[when], float(values.mean()), float(error)))
    return pd.DataFrame(rows, columns=["series", "when", "specified", "here", "error"])


if __name__ == "__main__":
    table = compare_with_specified(
        Experiment(as_second_edition(free_runs()), seed=SEED, runs=range(int(sys.argv[1]))).ensemble()
    )
    print("| series | when | specified | here | ± |\n|---|---|--:|--:|--:|")
    for row in table.itertuples(index=False):
        print(f"| `{row.series}` | {row.when} | {row.specified:.2f} | {row.here:.2f} | {row.error:.3f} |")
