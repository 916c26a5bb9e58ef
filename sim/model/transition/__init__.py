"""How a month changes the world: the equations, in the order in which they are computed."""

from sim.model.transition.advance import expectations, next_world

__all__ = ["expectations", "next_world"]
