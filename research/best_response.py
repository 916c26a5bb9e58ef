"""Does the drift back survive when one capital plays its best response? The others go on by the rules.

By the rules a capital weighs one lever at a time, some months ahead, and errs. Here it may instead hold any of its
levers at an option from the end of the war on, for two years, and takes what serves its own goals best over these
months. The search goes lever by lever from the rules on, and keeps an option that beats what was held by twice the
standard error of the paired difference; a second round may take back what the first has kept. What is found is tried on
runs that the search has not seen.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from types import SimpleNamespace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.analysis.definitions import CAUSAL_POINTS, WITHIN
from sim.analysis.estimates import Estimate, estimate
from sim.engine import blocks, draws
from sim.engine.concurrency import process_pool
from sim.engine.ensemble import Ensemble
from sim.engine.experiment import Experiment
from sim.engine.plan import GIVEN, LUCK, Plan, luck
from sim.engine.sets import Sets
from sim.engine.war_end import draw_notice
from sim.inference.hindcast import script_lever
from sim.inference.parameter_sets import sets_for
from sim.model import months
from sim.model.beliefs import Belief, outlook
from sim.model.capitals import CAPITALS
from sim.model.drivers import drivers_of
from sim.model.goals import goals_of, utility, weights
from sim.model.moves import LEVER, MOVE_FIELDS, Lever, Moves, levers_of
from sim.model.world import WORLD_FIELDS, World
from sim.scenario import Scenario, load

SEED, ROUNDS, SURE = 23, 2, 2.0  # the last: standard errors by which an option has to be better
SEARCHED, HELD_OUT, JUDGED = (range(first, first + runs) for first, runs in ((0, 64), (100, 256), (1000, 2048)))
Held = dict[str, int]  # by lever the place of the option that is held


@dataclass(frozen=True)
class BestResponse:
    """What a capital holds after the war's end, and what comes of it.

    Attributes
    ----------
    held
        By lever the place of the option; levers that are not in it are left to the rules.
    tried
        How many ways of holding levers the search has compared.
    gain
        What the capital's mean monthly utility gains, in hundredths, on runs that the search has not seen.
    effect, share
        Re-engagement 24 months after the end less that of the same run without an end, by the rules, in points; and in
        how many such pairs it is clearly more.
    change
        What the effect differs by from that of the rules.
    own
        The effect of the end where the capital holds the same in the world without an end too.
    """

    capital: str
    held: Held
    tried: int
    gain: Estimate
    effect: Estimate
    share: Estimate
    change: Estimate
    own: Estimate


def played_world() -> Scenario:
    """Return the world that is played: its war ends early, and it lasts until the effect is read."""
    early = load("war-ends-early")
    return early.with_(months={"to": months.name(months.index(str(early.war.ends)) + WITHIN)})


def best_responses(jobs: int = 1) -> tuple[Estimate, Estimate, list[BestResponse]]:
    """Return effect and share by the rules, and the best response of each capital.

    Parameters
    ----------
    jobs
        Processes; the result is the same for any number.
    """
    played, sets = played_world(), sets_for(played_world())
    with process_pool(jobs) as pool:
        searches = list(pool.map(partial(_searched, played), CAPITALS))
    rules, control = levels_after(played, sets)
    effect = rules - control
    replies = []
    for capital, held, tried, gains in searches:
        moved, moved_control = levels_after(holding(played, held), sets)
        reached = moved - control
        replies.append(
            BestResponse(
                capital, held, tried, estimate_over_sets(sets, gains, HELD_OUT),
                estimate_over_sets(sets, reached), _share(sets, reached),
                estimate_over_sets(sets, reached - effect), estimate_over_sets(sets, moved - moved_control),
            )
        )  # fmt: skip
    return estimate_over_sets(sets, effect), _share(sets, effect), replies


def holding(played: Scenario, held: Mapping[str, int]) -> Scenario:
    """Return a world whose levers are held from the war's end on, whether or not it ends.

    Parameters
    ----------
    played
        A world with a dated end.
    held
        By lever the place of the option.
    """
    span, levers = (str(played.war.ends), played.months.last), {LEVER[field]: place for field, place in held.items()}
    return played.with_(
        moves=[script_lever(lever, lever.options[place].name, *span) for lever, place in levers.items()]
    )


def utilities(
    played: Scenario, capital: str, held: Mapping[str, int], runs: range, seed: int = SEED
) -> NDArray[np.float64]:
    """Return a capital's mean monthly utility from the war's end on if it holds these options, one a run.

    It is what the capital earns in :class:`sim.studies.parallel.Capitals`, reckoned from runs of the compiled engine.

    Parameters
    ----------
    played, held
        As for :func:`holding`.
    capital
        Who holds them.
    runs, seed
        Numbers of runs, and the seed of their chance.
    """
    asked = Experiment(holding(played, held), sets_for(played), seed, runs)
    made, own = asked.plan, asked.values
    block = blocks.simulate(asked.planned_runs, blocks.REMEMBERED)
    earned = []
    for place, run in enumerate(runs):
        params = SimpleNamespace(**made.values | {name: float(values[place]) for name, values in own.items()})
        earned.append(_earned(made, params, capital, seed, run, block.series[place]))
    return np.array(earned)


def _earned(
    made: Plan, params: SimpleNamespace, capital: str, seed: int, run: int, months_: NDArray[np.float64]
) -> float:
    """Return the mean utility of a capital from the war's end on, from what the rules remember of each month."""
    horizon, (end, _) = len(months_), made.war_end
    once = draws.uniforms(seed, np.array([run]), draws.ONCE)
    seen = end + float(draw_notice(once, np.array([params.notice_months]))[0, CAPITALS.index(capital)])
    chance, weight = luck(seed, run, horizon), weights(capital, params)
    goals, start = goals_of(capital, made.variant).values(), float(made.war_start)
    earned = []
    for month in range(end, horizon):
        now, before = (dict(zip(blocks.REMEMBERED, months_[at].tolist(), strict=True)) for at in (month, month - 1))
        given, drawn = _named(GIVEN, made.given[month]), _named(LUCK, chance[month])
        at_work = drivers_of(float(month), start, float(end), given, drawn, params)
        belief = Belief(now[f"belief.{capital}.ends"], now[f"belief.{capital}.months"])
        expected = outlook(
            capital, float(month), start, float(end), seen, given, at_work, belief, _world(before), params
        )
        moves = Moves(**{name: now[f"moves.{name}"] for name in MOVE_FIELDS})
        earned.append(utility(tuple(goal(_world(now), moves, params, expected) for goal in goals), weight))
    return float(np.mean(earned))


def _world(remembered: Mapping[str, float]) -> World:
    return World(**{name: remembered[f"world.{name}"] for name in WORLD_FIELDS})


def _named(names: tuple[str, ...], row: NDArray[np.float64]) -> SimpleNamespace:
    return SimpleNamespace(**dict(zip(names, row.tolist(), strict=True)))


def search(
    played: Scenario, capital: str, runs: range = SEARCHED, seed: int = SEED, start: Mapping[str, int] | None = None
) -> tuple[Held, int]:
    """Return what serves a capital best among what it can hold, and how many ways were compared.

    Parameters
    ----------
    played, capital, runs, seed
        As for :func:`utilities`.
    start
        What the capital holds as the search begins; nothing where not said.
    """
    held: Held = dict(start or {})
    known: dict[tuple[tuple[str, int], ...], NDArray[np.float64]] = {}

    def of(tried: Held) -> NDArray[np.float64]:
        key = tuple(sorted(tried.items()))
        if key not in known:
            known[key] = utilities(played, capital, tried, runs, seed)
        return known[key]

    for _ in range(ROUNDS):
        before = dict(held)
        for lever in levers_of(capital):
            best = max(ways_of_holding(held, lever), key=lambda tried: float(of(tried).mean()))
            gain = of(best) - of(held)
            if gain.mean() > SURE * gain.std(ddof=1) / np.sqrt(len(gain)):
                held = best
        if held == before:
            break
    return held, len(known)


def ways_of_holding(held: Mapping[str, int], lever: Lever) -> list[Held]:
    """Return what can be held that differs in one lever at most: it is left to the rules, or held at any option.

    Parameters
    ----------
    held
        By lever the place of the option.
    lever
        The one that may differ.
    """
    rest = {field: place for field, place in held.items() if field != lever.field}
    return [rest, *({**rest, lever.field: place} for place in range(len(lever.options)))]


def _searched(played: Scenario, capital: str) -> tuple[str, Held, int, NDArray[np.float64]]:
    held, tried = search(played, capital)
    gains = utilities(played, capital, held, HELD_OUT) - utilities(played, capital, {}, HELD_OUT)
    return capital, held, tried, 100.0 * gains


def levels_after(
    played: Scenario, sets: Sets, seed: int = SEED, runs: range = JUDGED
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return re-engagement in the last month of runs, with the war's end and without it.

    Parameters
    ----------
    played
        A world with a dated end.
    sets
        The parameter sets of the runs.
    seed, runs
        What fixes their chance, and their numbers.
    """
    both = Experiment(played, sets, seed, runs, jobs=1).with_control(("reengagement",))
    return _after(both.one), _after(both.other)


def _after(many: Ensemble) -> NDArray[np.float64]:
    return many.array("reengagement")[:, -1]


def estimate_over_sets(sets: Sets, values: NDArray[np.float64], runs: range = JUDGED, share: bool = False) -> Estimate:
    """Return the estimate from a number a run.

    Parameters
    ----------
    sets
        The parameter sets of the runs.
    values
        One a run.
    runs
        Their numbers.
    share
        Whether the values are 1 where something came true and 0 where it did not.
    """
    owners = pd.Series(sets.places_of(np.array(runs)))
    return estimate(pd.Series(values), owners, sets.weights, share)


def _share(sets: Sets, effect: NDArray[np.float64]) -> Estimate:
    return estimate_over_sets(sets, (effect >= CAUSAL_POINTS).astype(float), share=True)
