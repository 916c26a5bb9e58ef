"""The state of the world: 26 stocks, each with its unit and range."""

from dataclasses import dataclass, fields
from typing import Any

# The numbers that rules read by attribute. Their names stand once, in sim/registers/parameters.yaml,
# so no class here lists them again; the tracer passes symbols where a run passes numbers.
Params = Any


@dataclass(slots=True)
class World:
    """The stocks that a month hands on to the next. Ranges are in :data:`RANGE`.

    Warmths are on the Goldstein scale (-10 hostile to 10 close).
    """

    china_flow: float  # trade, fuel and aid from China; 1 = 240 m USD a month
    workers_in_china: float  # 1 = about 70,000
    workers_in_russia: float  # 1 = about 50,000
    russia_flow: float  # goods from Russia, unit as china_flow
    arms_flow: float  # arms to Russia; 1 = 0.5 m shells a month
    munitions_stock: float  # 1 = the stock before any sale
    economy: float  # real GDP of the North; 2016 = 1
    dependence_on_china: float  # China's share of outside support
    warmth_beijing_pyongyang: float
    warmth_moscow_pyongyang: float
    warmth_beijing_moscow: float
    warmth_beijing_washington: float
    warmth_beijing_seoul: float
    warmth_washington_pyongyang: float
    warmth_seoul_pyongyang: float
    capability: float  # strategic capability of the North
    tension: float  # tension on the peninsula
    allied_buildup: float  # build-up of Washington, Seoul (and Tokyo)
    recognition: float  # de facto recognition of the North as a nuclear state
    sanctions_pressure: float  # effective sanctions on the North
    pact: float  # how far a treaty binds Moscow and Pyongyang
    trust: float  # Pyongyang's trust that talks with Washington bring relief
    expected_support: float  # the level of china_flow that Pyongyang expects
    means: float  # means of payment above the usual, unit as china_flow; read in variant V17 alone
    capacity: float  # output that past livelihood added, as economy; 0 but in variant V18
    accustomed_west: float  # the line of Beijing on the West that Pyongyang is used to, as the lever


WORLD_FIELDS = tuple(field.name for field in fields(World))

_WARMTH = (-10.0, 10.0)
_SHARE = (0.0, 1.0)
RANGE: dict[str, tuple[float, float]] = {
    **{name: _SHARE for name in WORLD_FIELDS},
    **{name: _WARMTH for name in WORLD_FIELDS if name.startswith("warmth_")},
    "china_flow": (0.0, 1.8),
    "russia_flow": (0.0, 0.45),
    "economy": (0.7, 1.1),
    "expected_support": (0.0, 1.8),
    "means": (-1.0, 1.8),
    "capacity": (-0.25, 0.25),
    "accustomed_west": (-1.0, 1.0),
}


def start(params: Params) -> World:
    """Return the world of January 2019, before the first month is simulated."""
    return World(*[getattr(params, f"start_{name}") for name in WORLD_FIELDS])


def copy_world(world: World) -> World:
    """Return a world of its own with the same stocks; :func:`dataclasses.replace` takes four times as long."""
    return World(*[getattr(world, name) for name in WORLD_FIELDS])
