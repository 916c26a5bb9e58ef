"""Rival theories in one table: the same run, patterns and scores, but other reasons for what capitals do.

* ``the article``: the rules of this model.
* ``persistence``: every capital goes on for ever with its move of January 2019.
* ``random moves``: every option is as likely as any other.
* ``two blocs``: who stands with whom is the division into two blocs of least energy (Axelrod and Bennett 1993); towards
  its own bloc a capital takes its friendliest options, towards the other its least friendly.
* ``expected utility``: each capital always takes its best option, every month, without habit or grievance.
* ``reciprocity norm``: the article's rules, and Beijing gives less the more Pyongyang slights it (V7).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import product

import numpy as np
import pandas as pd

from sim.engine.experiment import Experiment
from sim.engine.sets import Sets, equally_weighted
from sim.inference import hindcast
from sim.inference.hindcast import COUNTED, OF_ALL, Scores, script_lever
from sim.model import months
from sim.model.capitals import CAPITALS
from sim.model.moves import DEAL, LEVER, LEVERS, Moves
from sim.prediction.treatments import Treatment, effect, pairs, share_of_pairs
from sim.registers.register import registered_parameters
from sim.scenario.plain_data import derived_name
from sim.scenario.schema import Scenario

# Sizes and propensities of the landscape: a judgement of ours, as in the original, on the scale of warmth (-10 to 10).
SIZES = {"Beijing": 0.8, "Moscow": 0.4, "Pyongyang": 0.1, "Washington": 1.0, "Seoul": 0.3}
UNSEEN = {("Moscow", "Washington"): -6.0, ("Moscow", "Seoul"): -1.0, ("Washington", "Seoul"): 9.0}
# Whom a lever is friendly to; its highest option is the friendliest, but for those named in HOSTILE.
TOWARDS = {
    "beijing_trade": "Pyongyang",
    "beijing_workers": "Pyongyang",
    "beijing_bloc": "Moscow",
    "beijing_visits": "Pyongyang",
    "beijing_toward_west": "Washington",
    "moscow_labour": "Pyongyang",
    "moscow_cover": "Pyongyang",
    "pyongyang_toward_beijing": "Beijing",
    "pyongyang_toward_moscow": "Moscow",
    "pyongyang_provoke": "Seoul",
    "pyongyang_talks": "Washington",
    "washington_sanction": "Pyongyang",
    "washington_posture": "Pyongyang",
    "washington_toward_beijing": "Beijing",
    "seoul_north": "Pyongyang",
    "seoul_toward_beijing": "Beijing",
}
BLIND = "random moves"
INDIFFERENT = 0.01  # λ at which utilities, of order one, move no choice; what is infeasible stays so
HOSTILE = ("pyongyang_provoke", "washington_sanction", "washington_posture")


@dataclass(frozen=True)
class Theory:
    """Other reasons for moves.

    Attributes
    ----------
    moves
        Options that are played throughout, by lever.
    fixed
        Parameters that take this value in every set.
    """

    name: str
    moves: Mapping[str, str] = field(default_factory=dict)
    fixed: Mapping[str, float] = field(default_factory=dict)
    variant: str = "V0"

    def world(self, base: Scenario, without_deal: bool = False) -> Scenario:
        """Return a scenario as this theory has it, its own scripted moves kept; without any arms deal where asked."""
        nothing = {lever.field: lever.options[0].name for lever in DEAL} if without_deal else {}
        span = (months.name(0), base.months.last)
        played = [script_lever(LEVER[name], option, *span) for name, option in {**self.moves, **nothing}.items()]
        variant = {} if self.variant == "V0" else {"variant": self.variant}
        return base.with_(name=derived_name(base.name, f": {self.name}"), moves=played, **variant)


def theories() -> list[Theory]:
    """Return the article's rules and their rivals."""
    still = {lever.field: lever.options[lever.index(getattr(Moves(), lever.field))].name for lever in LEVERS}
    rational = {"inertia": 0.0, "review_chance": 1.0, "review_chance_line": 1.0, "grievance": 0.0}
    return [
        Theory("the article"),
        Theory("persistence", still),
        Theory(BLIND, fixed={"precision": INDIFFERENT, "inertia": 0.0}),
        Theory("two blocs", landscape_moves()),
        Theory("expected utility", fixed=rational, variant="V5"),
        Theory("reciprocity norm", variant="V7"),
    ]


def rivals_table(experiment: Experiment) -> pd.DataFrame:
    """Return a row a theory: how it does on history, and what it says of the prediction.

    Parameters
    ----------
    experiment
        As many runs of every set.

    Returns
    -------
    frame
        By theory: each pattern (share of sets in which it holds), ``of 25`` (mean number that do), ``series``
        (share of observed figures matched), ``misfit`` (mean implausibility of all numbers, those of no
        measure counted as ten), ``D2`` (share of pairs) and ``effect`` (points, with ``effect_error``).
    """
    rows, sets = {}, experiment.sets
    for theory in theories():
        scores = simulate_history(theory, experiment)
        paired = pairs(Treatment(theory.world(experiment.scenario), dict(theory.fixed)), experiment)
        said = effect(paired, sets.weights)
        rows[theory.name] = {
            **_judged(scores, sets),
            "D2": share_of_pairs(paired, sets.weights).mean,
            "effect": said.mean,
            "effect_error": said.error,
        }
    return pd.DataFrame(rows).T.rename_axis("theory")


def simulate_history(theory: Theory, experiment: Experiment) -> Scores:
    """Simulate 2019 to August 2024 as a theory has it, with and without an arms deal, and measure everything."""
    values, base = experiment.sets.values.assign(**dict(theory.fixed)), hindcast.free_runs()
    asked = experiment.replace(scenario=theory.world(base), sets=equally_weighted(values, experiment.sets.source))
    many, alone = asked.versus(asked.replace(scenario=theory.world(base, without_deal=True)), hindcast.KEPT)
    return hindcast.measure_history(many, alone, experiment.runs_a_set)


def _judged(scores: Scores, sets: Sets) -> dict[str, float]:
    passed, weights = scores.passed, sets.weights
    series = [name for name in scores.means if name in hindcast.observed_figures()]
    return {
        **{str(name): float(weights @ passed[name]) for name in passed},
        OF_ALL: float(weights @ passed[list(COUNTED)].sum(axis=1)),
        "series": float(weights @ scores.met[series].mean(axis=1)),
        "misfit": float(weights @ scores.implausibility.clip(upper=10.0).mean(axis=1)),
    }


def landscape() -> frozenset[str]:
    """Return the bloc with Beijing in it, of the two with the least energy: -Σ size·size·propensity over allies.

    Propensities are the model's warmths of January 2019, and :data:`UNSEEN` where it has none.
    """
    propensity = {frozenset(pair): value for pair, value in UNSEEN.items()}
    for one, other in product(CAPITALS, repeat=2):
        name = f"start_warmth_{one.lower()}_{other.lower()}"
        if name in registered_parameters():
            propensity[frozenset((one, other))] = registered_parameters()[name].default
    rest = [capital for capital in CAPITALS if capital != "Beijing"]
    blocs = [
        frozenset({"Beijing", *(capital for capital, ally in zip(rest, sides, strict=True) if ally)})
        for sides in product((False, True), repeat=len(rest))
    ]
    return min(blocs, key=lambda bloc: energy(bloc, propensity))


def energy(bloc: frozenset[str], propensity: Mapping[frozenset[str], float]) -> float:
    """Return the energy of a division into a bloc and all others: distance counts 1 across and 0 within."""
    across = [pair for pair in propensity if len(pair & bloc) == 1]
    return float(sum(np.prod([SIZES[capital] for capital in pair]) * propensity[pair] for pair in across))


def landscape_moves() -> dict[str, str]:
    """Return the options that follow from the two blocs."""
    bloc = landscape()
    played = {}
    for lever in LEVERS:
        towards = TOWARDS.get(lever.field)
        owner = "Moscow" if lever.capital == "deal" else lever.capital
        if towards is None and lever.capital != "deal":
            continue  # Beijing's leash is not about who stands with whom
        allied = (owner in bloc) == ((towards or "Pyongyang") in bloc)
        high = allied != (lever.field in HOSTILE)
        played[lever.field] = lever.options[-1 if high else 0].name
    return played
