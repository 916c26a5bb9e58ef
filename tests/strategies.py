"""Anything that the rules may meet: runs, moves, parameters, drivers and levers, for Hypothesis to choose from."""

from types import SimpleNamespace

from hypothesis import strategies as st

from sim.model.drivers import DRIVERS, Drivers
from sim.model.moves import LEVERS, Lever, Moves
from sim.model.world import RANGE, World
from sim.registers.register import registered_parameters
from sim.scenario.values import resolve

# What a driver may be: shares, unless said otherwise.
DRIVER_RANGE = {
    **{name: (-5.0, 5.0) if name.startswith("noise_") else (0.0, 1.0) for name in DRIVERS},
    **{name: (-1.0, 1.0) for name in DRIVERS if name.startswith("line_")},
    "need_for_us": (0.4, 1.4),
    "shortfall": (0.0, 1.8),
}
FREE = {name: (entry.low, entry.high) for name, entry in registered_parameters().items() if entry.low is not None}


def _records(kind: type, ranges: dict[str, tuple[float, float]]) -> st.SearchStrategy:
    return st.builds(kind, **{name: st.floats(*ends) for name, ends in ranges.items()})


worlds: st.SearchStrategy[World] = _records(World, RANGE)
drivers: st.SearchStrategy[Drivers] = _records(Drivers, DRIVER_RANGE)
levers: st.SearchStrategy[Lever] = st.sampled_from(LEVERS)
moves: st.SearchStrategy[Moves] = st.builds(
    Moves, **{lever.field: st.sampled_from([option.value for option in lever.options]) for lever in LEVERS}
)


def _in_order(values: dict[str, float]) -> dict[str, float]:
    """Keep the ordering of claims 1 and 8, which the bounds alone do not: the West before influence."""
    least = min(values["beijing_west_weight"], values["beijing_influence_weight"])
    return values | {"beijing_influence_weight": least}


parameter_values: st.SearchStrategy[dict[str, float]] = st.fixed_dictionaries(
    {name: st.floats(*ends) for name, ends in FREE.items()}
).map(_in_order)
params: st.SearchStrategy[SimpleNamespace] = parameter_values.map(lambda values: SimpleNamespace(**resolve(values)))


@st.composite
def steps_of(draw: st.DrawFn, lever: Lever) -> tuple[float, float]:
    """Draw the values of two options of a lever, the lower first."""
    low = draw(st.integers(0, len(lever.options) - 2))
    high = draw(st.integers(low + 1, len(lever.options) - 1))
    return lever.options[low].value, lever.options[high].value
