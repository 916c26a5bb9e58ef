"""The words about calibration that stand beside whatever is shown: they read where the numbers come from."""

import numpy as np

from sim.analysis.estimates import effective_sample_size, owners_of, sets_caveat, small_sample_note
from sim.engine.ensemble import Ensemble, Pair
from sim.engine.mesa.single_run import Run
from sim.engine.sets import Sets
from sim.scenario.source import Source, together

OPEN = "Uncalibrated: results cover many parameter sets, all consistent with history to August 2024."
FILTERED = "Uncalibrated: runs start from states that the record makes likely under the model's own rules."
_ONE_SET = "Uncalibrated: this run uses one of the parameter sets consistent with history to August 2024."
_UNMEASURED = (
    "Uncalibrated: nobody has measured the model's parameters, the numbers that say how strong each influence is. So "
    "we did not pick one best set of them; results cover many sets, all consistent with history to August 2024."
)
_READ = "so read the shapes and not the numbers."
_SAYS = {
    Source.RETAINED: OPEN,
    Source.FILTERED: FILTERED,
    Source.DEFAULTS: f"Uncalibrated: every parameter is a hand-set default, {_READ}",
    Source.PRIOR: f"Uncalibrated: every parameter is drawn from its range and not checked against history, {_READ}",
    Source.SCENARIO: f"Uncalibrated: the scenario itself gives every parameter, {_READ}",
    Source.VARIED_RETAINED: (
        "Uncalibrated: we did not check what the design varies against history; all else covers "
        "parameter sets consistent with history to August 2024."
    ),
    Source.VARIED_FILTERED: f"{FILTERED} We did not check what the design varies against the record.",
    Source.VARIED_DEFAULTS: f"Uncalibrated: what the design does not vary is a hand-set default, {_READ}",
    Source.MIXED: f"Uncalibrated: the parameters come from several sources, {_READ}",
}
_NOISE = "the noise between runs"
_NOT_IN_IT = "It does not cover other readings of the article."


def of(source: Source) -> str:
    """Return the words for what was simulated over numbers from one source."""
    return _SAYS[source]


def doubt_of_run(run: Run) -> str:
    """Return the words for one run."""
    return _ONE_SET if run.source == Source.RETAINED else of(run.source)


def of_many(*many: Ensemble) -> str:
    """Return the words for an ensemble, or for some that are set side by side."""
    return of(together(*(ensemble.source for ensemble in many)))


def doubt_of_pair(pair: Pair) -> str:
    """Return the words for two ensembles set side by side."""
    return of_many(pair.one, pair.other)


def of_sets(sets: Sets) -> str:
    """Return the words for what was simulated over some sets, and of its intervals where the sets are few."""
    said, caveat = of(Source(sets.source)), sets_caveat(sets)
    return f"{said} Intervals of means are {caveat}." if caveat else said


def at_length(*many: Ensemble) -> str:
    """Return what the interval of an effect holds, and what it does not: of an ensemble, or of two side by side."""
    source = together(*(ensemble.source for ensemble in many))
    runs = np.bincount(owners_of(*many))
    caveat = small_sample_note(len(runs), effective_sample_size(runs))
    if source != Source.RETAINED:
        return f"{of(source)} The interval {f'is {caveat}' if caveat else f'covers {_NOISE}'}. {_NOT_IN_IT}"
    holds = f"is {caveat}" if caveat else f"covers both {_NOISE} and the differences between sets"
    return f"{_UNMEASURED} Each run uses one of these sets, so the interval {holds}. {_NOT_IN_IT}"
