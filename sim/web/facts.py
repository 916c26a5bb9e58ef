"""What the page says and Python knows: definitions, colours, the verdict, what the retained sets leave."""

import numpy as np

from sim.analysis import definitions, units
from sim.analysis.intervals import student
from sim.engine.sets import Sets
from sim.inference.parameter_sets import retained_sets
from sim.model import months
from sim.model.capitals import CAPITALS
from sim.registers import what_came
from sim.report import style
from sim.web import read_from_package, verdict_file

MATTERS = "matters.json"  # how much each control can matter, made by research.control_effects
LEVELS = (0.0, 0.05, 0.25, 0.5, 0.75, 0.95, 1.0)  # quantiles of the retained sets that a control shows as a band


def page_facts() -> dict[str, object]:
    """Return them; what each key holds stands in page/README.md."""
    return {
        "rules": {
            "within": definitions.WITHIN,
            "held": definitions.HELD,
            "points": definitions.CAUSAL_POINTS,
            "relativePoints": definitions.RELATIVE_POINTS,
            "usualSupport": definitions.USUAL_SUPPORT,
            "recovered": [months.index(month) for month in definitions.RECOVERED],
            "influential": [months.index(month) for month in definitions.INFLUENTIAL],
            "student": student(1.0 / np.linspace(1e-9, 1.0, 1_001)).round(6).tolist(),
        },
        "definitions": {
            name: {"title": definitions.TITLES[name], "rule": rule}
            for name, rule in definitions.describe_rules().items()
        },
        "colours": {name: style.colour(name) for name in (*CAPITALS, "deal")},
        "lanes": dict(style.LANE),
        "verdict": read_from_package(verdict_file.FILE),
        "since": {**what_came.count_claims(), "claims": len(what_came.came_by_claim())},
        "bands": bands(retained_sets()),
        "matters": read_from_package(MATTERS),
        "millionUsd": units.MILLION_USD,
        # Turning points, each with the event it opens with; futures.
        "play": read_from_package("play.json"),
    }


def bands(sets: Sets) -> dict[str, list[float]]:
    """Return what history leaves of each parameter: quantiles of the retained sets, at :data:`LEVELS`."""
    return {
        str(name): np.quantile(values.to_numpy(), LEVELS, weights=sets.weights, method="inverted_cdf").tolist()
        for name, values in sets.values.items()
    }
