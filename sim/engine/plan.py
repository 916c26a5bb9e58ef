"""A scenario as the engines read it: plain arrays, month by month."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from sim.engine import draws
from sim.engine.war_end import span_of_end
from sim.model.deal import limits
from sim.model.drivers import LINES, NOISES
from sim.model.moves import BUNDLES, DEAL, LEVER, LEVERS
from sim.model.variants import Variant
from sim.scenario.schema import Scenario

GIVEN = (
    "border",
    "border_visits",
    "border_russia",
    "need_for_us",
    "sanctions_nominal",
    "news",
    "alternative_supplier",
    "flood",
    "crisis",
    "rivalry",
    *LINES,
)
LUCK = (*NOISES, "flood", "crisis", "crisis_before")
MEASURES = ("reengagement", "relative_alignment", "influence", "resources")


@dataclass(frozen=True)
class Plan:
    """What the engines need of a scenario.

    Attributes
    ----------
    given
        Shape (months, fields of :data:`GIVEN`); with an axis more where runs are given their own, a place a run.
    script
        Shape (months, levers): places of scripted options, -1 where the capitals are free.
    limits
        Shape (months, bundles, 2): floor and ceiling of each bundle's score, see :func:`sim.model.deal.limits`.
    scripted_deal
        Shape (months,): whether any part of the arms deal is scripted.
    war_start
        Month since 2019-01.
    war_end
        First and last month that the first month of peace is drawn from; see :func:`sim.engine.war_end.span_of_end`.
    values
        Every parameter of the register.
    """

    given: NDArray[np.float64]
    script: NDArray[np.int64]
    limits: NDArray[np.float64]
    scripted_deal: NDArray[np.bool_]
    war_start: int
    war_end: tuple[int, int]
    variant: Variant
    values: dict[str, float]

    def until(self, month: int) -> "Plan":
        """Return the plan of the months before this one.

        Parameters
        ----------
        month
            In months since 2019-01; not included.
        """
        return replace(self, **{name: getattr(self, name)[:month] for name in _MONTHLY})

    def with_drivers(self, drivers: Mapping[str, NDArray[np.float64]]) -> "Plan":
        """Return the plan of runs that have drivers of their own.

        Parameters
        ----------
        drivers
            By name, shape (months, runs); where there are none, the plan is returned as it is.
        """
        if not drivers:
            return self
        runs = next(iter(drivers.values())).shape[1]
        given = np.repeat(self.given[:, :, None], runs, axis=2)
        for name, values in drivers.items():
            given[:, GIVEN.index(name)] = values
        return replace(self, given=given)


@dataclass(frozen=True)
class Support:
    """What was recorded of the moves of months, as a likelihood (:mod:`sim.engine.move_likelihood`).

    Attributes
    ----------
    recorded
        Shape (months, levers and the deal as a whole): of what anything was recorded.
    support
        Shape (months, levers and the deal, bundles): the chance of that record, by the option or bundle taken.
    """

    recorded: NDArray[np.bool_]
    support: NDArray[np.float64]

    @classmethod
    def of(cls, support: NDArray[np.float64]) -> "Support":
        """Return what a likelihood says: of a lever all whose options have a support of 1, nothing.

        Parameters
        ----------
        support
            As :attr:`support`.
        """
        return cls((support != 1.0).any(axis=2), support)

    @classmethod
    def empty(cls, months: int) -> "Support":
        """Return that nothing was recorded.

        Parameters
        ----------
        months
            Of so many months.
        """
        return cls.of(np.ones((months, len(LEVERS) + 1, len(BUNDLES))))


_MONTHLY = ("given", "script", "limits", "scripted_deal")


def plan_of(scenario: Scenario) -> Plan:
    """Return a scenario's plan.

    Parameters
    ----------
    scenario
        Any.
    """
    schedule = scenario.schedule()
    scripts = scenario.scripts()
    script = np.full((scenario.horizon, len(LEVERS)), -1, dtype=np.int64)
    for field, by_month in scripts.items():
        for month, value in by_month.items():
            script[month, LEVERS.index(LEVER[field])] = LEVER[field].index(value)
    arms, pay, technology = (scripts.get(lever.field, {}) for lever in DEAL)
    parts = [(arms.get(month), pay.get(month), technology.get(month)) for month in range(scenario.horizon)]
    held = {part: limits(BUNDLES, part) for part in set(parts)}
    return Plan(
        given=np.column_stack([schedule[name] for name in GIVEN]).astype(float),
        script=script,
        limits=np.array([held[part] for part in parts]),
        scripted_deal=np.array([any(value is not None for value in part) for part in parts]),
        war_start=scenario.war_start,
        war_end=span_of_end(scenario),
        variant=scenario.variant,
        values=scenario.values(),
    )


def shared_months(one: Plan, other: Plan) -> int:
    """Return in how many first months the same runs are the same in two plans, as far as can be told beforehand.

    Parameters
    ----------
    one, other
        Plans of two scenarios.
    """
    if (one.variant, one.war_start, one.values) != (other.variant, other.war_start, other.values):
        return 0
    shared = min(len(one.given), len(other.given))
    if one.war_end != other.war_end:
        shared = min(shared, one.war_end[0], other.war_end[0])
    for name in _MONTHLY:
        first, second = (getattr(plan, name).reshape(len(plan.given), -1)[:shared] for plan in (one, other))
        shared = min([shared, *np.flatnonzero((first != second).any(axis=1))[:1].tolist()])
    return shared


def luck(seed: int, run: int, months: int) -> NDArray[np.float64]:
    """Return the monthly chance that the rules read, shape (months, fields of :data:`LUCK`).

    Parameters
    ----------
    seed, run
        What fixes all chance.
    months
        How many, from 2019-01.
    """
    monthly = draws.uniforms(seed, run, 1 + np.arange(months))
    noises = [[draws.standard_normal(u) for u in monthly[:, draws.SLOT[name]].tolist()] for name in NOISES]
    flood, crisis = (monthly[:, draws.SLOT[name]] for name in ("flood", "crisis"))
    return np.column_stack([*noises, flood, crisis, np.concatenate([[1.0], crisis[:-1]])])
