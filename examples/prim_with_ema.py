"""EMA Workbench drives the model as one of its own, and its PRIM looks for where the end of the war brings little.

``python examples/prim_with_ema.py [EXPERIMENTS]``; it needs the extra "study". Uncalibrated, like everything here.
"""

import sys

from ema_workbench import perform_experiments

import sim
from sim.analysis.boxes import best, peel_boxes  # EMA's PRIM, its boxes in words

UNCERTAIN = {name: sim.prior(name) for name in ("postwar_need", "postwar_isolation", "patrons_together", "grievance")}
LITTLE = 5.0  # points of re-engagement, 24 months after the end


def main(experiments: int) -> None:
    """Run the experiments, and print the box in which the effect of the end is small."""
    model = sim.vary("war-ends-early", UNCERTAIN, runs=32, seed=1).to_ema()
    tried, outcomes = perform_experiments(model, experiments)
    small = outcomes["effect_of_the_end"] < LITTLE
    print(f"the end brings less than {LITTLE:g} points in {small.mean():.0%} of {experiments} experiments")
    box = best(peel_boxes(tried[list(UNCERTAIN)], small))
    print(box.sentence("it does so") if box else "PRIM finds no region in which it does so")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 500)
