"""What the world brings: the war and the need it makes, borders, floods, crises, chance."""

from dataclasses import dataclass, fields
from typing import Any, NamedTuple

from sim.model.citing import rests_on
from sim.model.saturation import below, clip, exponential, has_begun
from sim.model.world import Params


class Phase(NamedTuple):
    """Where a month stands to the war: exactly one of the three is 1, the others are 0."""

    before: float
    during: float
    after: float


@dataclass(slots=True)
class Drivers:
    """What acts on the world in one month, or what a capital expects to act on it (its outlook)."""

    border: float  # openness of the Chinese border for goods, 0 to 1
    border_visits: float  # and for delegations
    border_russia: float
    need: float  # Moscow's need of foreign arms
    isolation: float  # how far Moscow is cut off from the advanced economies, 0 to 1
    need_for_us: float  # Beijing's need of American investment
    sanctions_nominal: float
    flood: float  # 1 in a month of flood
    crisis: float  # added to provocation
    keep: float  # share of Moscow's deliveries that is believed to last
    shortfall: float  # support that Pyongyang misses and dares to resent
    daring: float  # how far Pyongyang dares to show discontent, 0 to 1
    spillover: float  # how much warmth between Beijing and Seoul carries over to Washington
    rivalry: float  # of Washington and Beijing over what lies outside this model, 0 to 1
    line_washington_beijing: float  # what an administration holds right, as a value of the lever's options
    line_washington_sanction: float
    line_washington_posture: float
    line_seoul_north: float
    line_seoul_beijing: float
    noise_beijing_pyongyang: float  # added to the target of a warmth
    noise_moscow_pyongyang: float
    noise_beijing_moscow: float
    noise_beijing_washington: float
    noise_beijing_seoul: float
    noise_washington_pyongyang: float
    noise_seoul_pyongyang: float


DRIVERS = tuple(field.name for field in fields(Drivers))
NOISES = tuple(name for name in DRIVERS if name.startswith("noise_"))
LINES = tuple(name for name in DRIVERS if name.startswith("line_"))


@rests_on("C42")
def phase(month: float, war_start: float, war_end: float) -> Phase:
    """Place a month before, in or after the war; ``war_end`` is the first month of peace."""
    started = has_begun(month, war_start)
    ended = has_begun(month, war_end)
    return Phase(1.0 - started, started * (1.0 - ended), ended)


@rests_on("C06", "C43", "C57")
def need_of_arms(
    month: float, war_start: float, war_end: float, at: Phase, alternative_supplier: float, params: Params
) -> float:
    """Return Moscow's need of foreign arms.

    It climbs as the war outlasts what was planned for, eases as Moscow's own industry and others catch up,
    and falls after the war to what refilling the stores asks for.
    """
    climbed = clip(params.need_at_start + params.need_rise * (month - war_start) / params.need_rise_months, 0.0, 1.0)
    eased = params.need_relief * clip((month - params.need_relief_from) / params.need_relief_months, 0.0, 1.0)
    in_war = climbed * (1.0 - eased)
    in_peace = params.postwar_need * 0.5 * still_restocking(max(month - war_end, 0.0), params)
    return (at.during * in_war + at.after * in_peace) * (1.0 - alternative_supplier)


@rests_on("C57")
def still_restocking(months: float, params: Params) -> float:
    """Return the share of the post-war need that is left after that many months."""
    return exponential(-months / params.restocking_months)


@rests_on("C06", "C58")
def isolation(at: Phase, params: Params) -> float:
    """Return how far Moscow is cut off: a little before the war, wholly in it, as the scenario says after."""
    return at.before * params.isolation_before + at.during + at.after * params.postwar_isolation


@rests_on("C12", "C36", "C38", "C50", "A24", "A26", "A37")
def drivers_of(month: float, war_start: float, war_end: float, given: Any, luck: Any, params: Params) -> Drivers:
    """Return what acts on the world in this month.

    Parameters
    ----------
    month, war_start, war_end
        Months since 2019-01.
    given
        The scenario's row for this month: the fields of ``Scenario.schedule()``.
    luck
        This month's keyed draws: ``noise_*`` standard normal, ``flood``, ``crisis`` and ``crisis_before``
        (last month's) uniform on [0, 1).
    """
    at = phase(month, war_start, war_end)
    return Drivers(
        border=given.border,
        border_visits=given.border_visits,
        border_russia=given.border_russia,
        need=need_of_arms(month, war_start, war_end, at, given.alternative_supplier, params),
        isolation=isolation(at, params),
        need_for_us=given.need_for_us,
        sanctions_nominal=given.sanctions_nominal,
        flood=max(given.flood, below(luck.flood, params.flood_chance)),
        crisis=max(given.crisis, below(min(luck.crisis, luck.crisis_before), params.crisis_chance)),
        keep=1.0,
        shortfall=0.0,
        daring=0.0,
        spillover=params.seoul_spillover * params.spillover_real,
        rivalry=given.rivalry,
        **{name: params.noise_sd * getattr(luck, name) for name in NOISES},
        **{name: getattr(given, name) for name in LINES},
    )
