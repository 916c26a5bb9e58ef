"""Why two of the verdict's three placebos do something: ``python -m research.placebos FOLDER`` makes a row a placebo.

* *End declared, need kept*: Moscow's need and isolation stay, but not what is believed of them. In the war capitals
  fear that the need ends with it; whoever has noticed the end knows that the need lasts. Where nobody ever expects the
  war to end, the effect is zero in every pair: all of it is belief.
* *No deal ever*: nothing is exchanged, but the end still ends Moscow's isolation, by which Moscow weighs its partner,
  its labour and its cover. Where the isolation is held, the effect is zero in every pair: all of it is isolation.

So two do nothing by construction: no deal with isolation held, which the rule has, and need kept without that fear.
The rule keeps the placebos that it was fixed with. 1,000 sets with 5 runs take two minutes of a processor and 350 MB.
"""

import argparse
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd

from sim.analysis.definitions import WITHIN
from sim.engine.experiment import Experiment
from sim.engine.sets import Sets
from sim.prediction.thresholds import TOLERANCE
from sim.prediction.treatments import Treatment, effect, on_trial, pairs
from sim.prediction.verdict_study import ENDS, WORLD, placebos
from sim.scenario import load
from sim.storage import sealed

SEED, RUNS = 41, 5
NEED = "end declared, need kept"
CERTAIN = f"{NEED}, and nobody expects the war to end"


def treatments(sets: Sets) -> dict[str, Treatment]:
    """Return the placebos of the verdict, and the one in which no belief is left to change.

    Parameters
    ----------
    sets
        The parameter sets; the need that is kept is each set's own.
    """
    dated = load(WORLD).with_(war={"ends": ENDS[len(ENDS) // 2]})
    made = placebos(dated, sets)
    kept = made[NEED]
    return made | {CERTAIN: replace(kept, fixed={**kept.fixed, "hazard_ends": 0.0, "restocking_months": np.inf})}


def placebo_table(sets: Sets, runs: int = RUNS, jobs: int = 1) -> pd.DataFrame:
    """Return what each placebo does.

    Parameters
    ----------
    sets, jobs
        As :class:`sim.engine.experiment.Experiment` has them.
    runs
        Pairs of each set.

    Returns
    -------
    frame
        By placebo: ``effect`` (mean, points), ``low`` and ``high`` (its 95% interval), ``largest`` (in any pair),
        ``within`` (the share of the weight of sets whose mean is within the verdict's tolerance).
    """
    rows, asked = {}, Experiment(load(WORLD), sets, SEED, jobs=jobs).runs_of_every_set(runs)
    for name, treatment in treatments(sets).items():
        paired = pairs(treatment, asked)
        estimated, column = effect(paired, sets.weights), f"effect_{WITHIN}"
        low, high = estimated.interval()
        still = paired.groupby("set")[column].mean().abs() <= TOLERANCE
        rows[name] = {"effect": estimated.mean, "low": low, "high": high, "largest": paired[column].abs().max(),
                      "within": float(sets.weights @ still)}  # fmt: skip
    return pd.DataFrame(rows).T.rename_axis("placebo")


def main() -> None:
    """Write the table and print it."""
    parser = argparse.ArgumentParser(prog="python -m research.placebos", description=__doc__.split("\n")[0])
    parser.add_argument("folder", type=Path, help="where the table is written")
    parser.add_argument("--sets", type=int, help="number of retained sets (default: all)")
    parser.add_argument("--jobs", type=int, default=2, help="threads (default: 2)")
    asked = parser.parse_args()
    rows = placebo_table(on_trial().some(asked.sets, SEED), jobs=asked.jobs)
    asked.folder.mkdir(parents=True, exist_ok=True)
    sealed.put(asked.folder / "placebos.csv", rows.to_csv(float_format="%.4f", lineterminator="\n").encode())
    print(rows.to_string(float_format="{:.2f}".format))


if __name__ == "__main__":
    main()
