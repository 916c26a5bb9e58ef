"""How a month changes the world: the equations, in the order in which they are computed."""

from sim.model.transition.step import advance, expectations

__all__ = ["advance", "expectations"]
