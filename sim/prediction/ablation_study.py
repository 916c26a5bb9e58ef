"""Claims and assumptions on trial: what the effect of the war's end becomes when one, or a group, is taken away.

The world without something is simulated under the chance of the whole one, run by run. To take a claim away is what a
scenario does with ``without: [C38]``: its parameters take their neutral values, and weights are not shared out anew.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import combinations
from math import factorial

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.analysis.definitions import WITHIN
from sim.analysis.estimates import Estimate
from sim.engine.experiment import Experiment
from sim.engine.sets import Sets
from sim.model import months
from sim.model.capitals import CAPITALS
from sim.prediction.treatments import Treatment, change, effect, pairs, pairs_beside
from sim.registers.register import assumptions, claims, switches
from sim.scenario.errors import ScenarioError
from sim.scenario.schema import Scenario

GROUPS: dict[str, tuple[str, ...]] = {
    "the West": ("C01", "C08", "C36", "C37", "C38"),
    "a dependent North": ("C29", "C30", "C31", "C33", "C61"),
    "stability": ("C25", "C27"),
    "the arms race": ("C39",),
    "the war's need": ("C06", "C43", "C56"),
    "payment in technology": ("C04", "C45", "C46"),
    "sanctions and farm labour": ("C58", "C59"),
    "Pyongyang's economy": ("C11", "C35", "C54"),
    "security, patrons, recognition": ("C05", "C55"),
    "expectation and confidence": ("C03", "C47"),
}
READINGS = {"either patron will do": -1.0, "two patrons add up": 0.0, "patrons count only together": 1.0}  # ξ, claim 5
KINDS = ("groups", "claims", "assumptions", "readings")
FEWEST = 8  # parameter sets below which no interval of a ratio is told
NAMED = 3  # assumptions that are told: those without which least of the effect is left
_DRAWS, _SEED = 2_000, 20240816  # of the bootstrap, the same for every ratio

Tell = Callable[[int], object]


@dataclass(frozen=True)
class Removed:
    """Something that is taken away, and how the world is without it.

    Attributes
    ----------
    without
        Ids that are switched off.
    fixed
        Parameters that take another value instead.
    """

    name: str
    says: str
    without: tuple[str, ...] = ()
    fixed: tuple[tuple[str, float], ...] = ()

    def treatment(self, world: Scenario) -> Treatment:
        """Return the world without it."""
        return Treatment(without(world, self.without), dict(self.fixed))


def without(world: Scenario, ids: Iterable[str]) -> Scenario:
    """Return the world with these ids switched off, beside those that are off in it already."""
    off = sorted({*world.without, *ids})
    return world.with_(without=off) if off else world


def switchable(ids: Iterable[str]) -> tuple[str, ...]:
    """Return those of some ids that anything in the model can be switched off with."""
    return tuple(name for name in ids if name in switches())


def ablations(kind: str) -> list[Removed]:
    """Return what can be taken away: the ten ``groups``, each of the ``claims``, ``assumptions``, or ``readings`` of ξ.

    Raises
    ------
    ValueError
        If the kind is none of these.
    """
    if kind == "groups":
        return [Removed(name, f"claims {', '.join(ids)}", switchable(ids)) for name, ids in GROUPS.items()]
    if kind == "claims":
        return [Removed(name, claims()[name].says, (name,)) for name in switchable(claims())]
    if kind == "assumptions":
        return [Removed(name, assumptions()[name].says, (name,)) for name in switchable(assumptions())]
    if kind == "readings":
        return [Removed(name, f"ξ = {value:g}", (), (("patrons_together", value),)) for name, value in READINGS.items()]
    raise ValueError(f"nothing of the kind {kind!r} can be taken away; choose among {', '.join(KINDS)}")


@dataclass(frozen=True)
class Ratio:
    """The effect without something, in units of the effect with it.

    Attributes
    ----------
    low, high
        The 95% interval over parameter sets (percentile bootstrap; Efron 1979); NaN where they are too few.
    """

    value: float
    low: float
    high: float

    def __str__(self) -> str:
        value, low, high = (f"{100 * share:.0f}%" for share in (self.value, self.low, self.high))
        return value if np.isnan(self.low) else f"{value} ({low} to {high})"


@dataclass(frozen=True)
class Loss:
    """What the effect becomes without something.

    Attributes
    ----------
    effect
        Of the war's end, in points of re-engagement, without it.
    change
        Less the effect with it, the same runs in both.
    ratio
        What it becomes in units of the effect with it; None where that cannot be told from nothing.
    """

    removed: Removed
    effect: Estimate
    change: Estimate
    ratio: Ratio | None


def claim_in_words(id: str) -> str:
    """Return a claim or an assumption as it stands in a sentence: in words, and its id after them."""
    kind, says = ("assumption", assumptions()[id].says) if id in assumptions() else ("claim", claims()[id].says)
    first = says.split(". ")[0].rstrip(".")
    return f"the {kind} that {first if first.startswith(CAPITALS) else first[:1].lower() + first[1:]} ({id})"


def ablate(experiment: Experiment, kind: str = "groups", tell: Tell = int) -> tuple[Estimate, list[Loss]]:
    """Take things away one by one.

    Parameters
    ----------
    experiment
        As many runs of every set.
    kind
        See :func:`ablations`.
    tell
        Called with 1 after every treatment.

    Returns
    -------
    effect
        Of the whole world.
    losses
        One a thing taken away, in the register's order.
    """
    world, weights = experiment.scenario, experiment.sets.weights
    whole = pairs(Treatment(world), experiment)
    tell(1)
    losses = []
    for removed in ablations(kind):
        lacking = pairs(removed.treatment(world), experiment)
        losses.append(loss(removed, whole, lacking, weights))
        tell(1)
    return effect(whole, weights), losses


def loss(removed: Removed, whole: pd.DataFrame, lacking: pd.DataFrame, weights: NDArray[np.float64]) -> Loss:
    """Return what is lost, from the pairs with and without it."""
    before, after = effect(whole, weights), effect(lacking, weights)
    one, other = (effect_by_set(frame, len(weights)) for frame in (whole, lacking))
    return Loss(removed, after, change(lacking, whole, weights), ratio(one, other, weights) if before.clear else None)


def ratio(before: NDArray[np.float64], after: NDArray[np.float64], weights: NDArray[np.float64]) -> Ratio:
    """Return the ratio of two weighted means over sets, with its interval.

    Parameters
    ----------
    before, after, weights
        One a set; what is NaN in either does not count.
    """
    known = np.isfinite(before) & np.isfinite(after) & (weights > 0.0)
    one, other = ((weights * effects)[known] for effects in (before, after))
    value, count = float(other.sum() / one.sum()), int(known.sum())
    if count < FEWEST:
        return Ratio(value, np.nan, np.nan)
    drawn = _resampled(count)
    low, high = np.quantile((drawn @ other) / (drawn @ one), (0.025, 0.975))
    return Ratio(value, float(low), float(high))


@cache
def _resampled(count: int) -> NDArray[np.float64]:
    """Return how often each of so many sets is drawn, a row a draw of the bootstrap."""
    return np.random.default_rng(_SEED).multinomial(count, np.full(count, 1.0 / count), _DRAWS).astype(np.float64)


def reported_ablations() -> list[Removed]:
    """Return what every headline answers for: each assumption that can be switched off, and each reading of ξ."""
    return ablations("assumptions") + ablations("readings")


def assumption_share(experiment: Experiment) -> str:
    """Return in sentences what the effect of the end of a scenario's war depends on most.

    Parameters
    ----------
    experiment
        Paired runs, with the sets that an ensemble of so many has, so that both give one effect.
    """
    places, owners = np.unique(experiment.set_places, return_inverse=True)
    weights = np.bincount(owners) / len(owners)
    short, removed = _as_far_as_judged(experiment.scenario), reported_ablations()
    treatments = [Treatment(short), *(taken.treatment(short) for taken in removed)]
    used = Sets(experiment.sets.values.iloc[places].reset_index(drop=True), weights, experiment.sets.source)
    whole, *lacking = pairs_beside(treatments, experiment.replace(sets=used, owners=owners))
    losses = [loss(taken, whole, without, weights) for taken, without in zip(removed, lacking, strict=True)]
    return assumption_share_text(losses)


def _as_far_as_judged(world: Scenario) -> Scenario:
    """Return the world up to the month in which the effect of its end is read, where that is known and can be cut."""
    end = world.war_end
    if not isinstance(end, int) or end + WITHIN + 1 >= world.horizon:
        return world
    try:
        return world.with_(months={"to": months.name(end + WITHIN)})
    except ScenarioError:  # it says something of later months
        return world


def assumption_share_text(losses: list[Loss]) -> str:
    """Return what the effect depends on most, in points: the assumptions without which least of it is left."""
    return "\n".join(_reliance(losses))


def _reliance(losses: list[Loss]) -> list[str]:
    """Return a sentence an assumption, :data:`NAMED` at most; the tables have all of them, with intervals."""
    if any(loss.ratio is None for loss in losses):
        return ["The effect is too close to zero to say which assumptions it depends on."]
    left = {loss.removed.name: loss.ratio.value for loss in losses if loss.ratio and loss.removed.without}
    least = sorted((name for name, share in left.items() if share < 1.0), key=left.__getitem__)[:NAMED]
    by_name = {loss.removed.name: loss for loss in losses}
    needed = [_needed(by_name[name]) for name in least]
    return needed or ["The effect is no smaller without any one of the assumptions."]


def _needed(loss: Loss) -> str:
    effect, whole = loss.effect.mean, loss.effect.mean - loss.change.mean
    left = f"the end leaves Pyongyang {abs(effect):.1f} points {_way(effect)} Beijing"
    return f"Without {claim_in_words(loss.removed.name)}, {left} instead of {abs(whole):.1f} {_way(whole)} it."


def _way(effect: float) -> str:
    return "closer to" if effect >= 0.0 else "further from"


# --- Shapley values over the ten groups


def coalitions(groups: int = len(GROUPS)) -> list[tuple[int, ...]]:
    """Return every set of groups that may be present, from none to all."""
    return [members for size in range(groups + 1) for members in combinations(range(groups), size)]


@cache
def coalition(world: Scenario, present: tuple[int, ...]) -> Treatment:
    """Return the world in which only these groups of claims are present."""
    off = [name for place, ids in enumerate(GROUPS.values()) if place not in present for name in switchable(ids)]
    return Treatment(without(world, off))


def effect_by_set(paired: pd.DataFrame, sets: int) -> NDArray[np.float64]:
    """Return the mean effect of each set, NaN where all its pairs are censored; the worth of a coalition."""
    return paired.groupby("set")[f"effect_{WITHIN}"].mean().reindex(range(sets)).to_numpy(np.float64)


def shapley_values(worth: Mapping[tuple[int, ...], NDArray[np.float64]], groups: int) -> NDArray[np.float64]:
    """Return Shapley values (1953): each group's mean contribution over all orders in which they may join.

    Parameters
    ----------
    worth
        By coalition (the numbers of the groups that are present, in order), the effect, one a parameter set.

    Returns
    -------
    array of shape (groups, sets); over the groups they sum to the worth of all less that of none.
    """
    values = np.zeros((groups, len(worth[()])))
    for present, effect_with_them in worth.items():
        size = len(present)
        for group in range(groups):
            if group not in present:
                weight = factorial(size) * factorial(groups - size - 1) / factorial(groups)
                joined = worth[tuple(sorted((*present, group)))]
                values[group] += weight * (joined - effect_with_them)
    return values


def interactions(worth: Mapping[tuple[int, ...], NDArray[np.float64]], groups: int) -> NDArray[np.float64]:
    """Return Shapley's interaction index (Grabisch and Roubens 1999): what two groups do only together.

    Returns
    -------
    array of shape (groups, groups, sets), zero on the diagonal
    """
    values = np.zeros((groups, groups, len(worth[()])))
    for present, alone in worth.items():
        size = len(present)
        absent = [group for group in range(groups) if group not in present]
        for one, other in combinations(absent, 2):
            weight = factorial(size) * factorial(groups - size - 2) / factorial(groups - 1)
            first, second, both = (worth[tuple(sorted((*present, *more)))] for more in ((one,), (other,), (one, other)))
            values[one, other] += weight * (both - first - second + alone)
            values[other, one] = values[one, other]
    return values
