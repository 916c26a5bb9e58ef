"""How far each stock moves toward its target, in one month or in one jump over a capital's foresight."""

from dataclasses import dataclass, fields

from sim.model.citing import rests_on
from sim.model.world import Params


@dataclass(slots=True)
class Pace:
    """The share of the distance to its target that each stock covers in ``months`` months."""

    months: float
    china_flow: float
    workers_in_china: float
    workers_in_russia: float
    russia_flow: float
    arms_flow: float
    economy: float
    means: float
    dependence_on_china: float
    warmth_beijing_pyongyang: float
    warmth_moscow_pyongyang: float
    warmth_beijing_moscow: float
    warmth_beijing_washington: float
    warmth_beijing_seoul: float
    warmth_washington_pyongyang: float
    warmth_seoul_pyongyang: float
    tension: float
    allied_buildup: float
    recognition: float
    sanctions_pressure: float


PACED = tuple(field.name for field in fields(Pace))[1:]


@rests_on("A13")
def pace_over(params: Params, months: float) -> Pace:
    """Return the rates for a step of that many months.

    A stock with the time constant tau covers 1/tau of the distance in a month, so after m months
    (1 - 1/tau) ** m of it is left: a month and a jump are one function.
    """
    return Pace(months, *[1.0 - (1.0 - 1.0 / getattr(params, f"tau_{name}")) ** months for name in PACED])
