"""The public names; their results plot themselves, explain themselves and show in notebooks."""

from typing import TYPE_CHECKING

from sim.api.history import claims, evidence, filter, forecast, hindcast, record
from sim.api.simulating import assumption_share, compare, ensemble, experiment, explain, run
from sim.api.studies import carry_out, sensitivity, study, sweep, vary
from sim.api.trials import ablate, falsify, rivals, verdict
from sim.engine.ensemble import Ensemble
from sim.engine.experiment import Experiment
from sim.engine.mesa.single_run import Run
from sim.inference.designs import beta, choices, lognormal, months, normal, prior, span, triangular, uniform, values
from sim.report.showing import Pair
from sim.scenario import load
from sim.studies.study import Study
from sim.studies.sweep_file import load_sweep

if TYPE_CHECKING:
    from sim.inference.peninsula import Peninsula

__all__ = [
    "Ensemble", "Experiment", "Pair", "Peninsula", "Run", "Study", "ablate", "assumption_share", "beta",
    "carry_out", "choices", "claims", "compare", "ensemble", "evidence", "experiment", "explain", "falsify",
    "filter", "forecast", "hindcast", "load", "load_sweep", "lognormal", "months", "normal", "prior", "record",
    "rivals", "run", "sensitivity", "span", "study", "sweep", "triangular", "uniform", "values", "vary", "verdict",
]  # fmt: skip


def __getattr__(name: str) -> object:
    """Import Mesa's model where it is first used: only those who simulate a world pay for Mesa."""
    if name == "Peninsula":
        from sim.inference.peninsula import Peninsula

        return Peninsula
    raise AttributeError(f"module 'sim.api' has no attribute {name!r}")
