"""The order of a month, written once, as a list of stages.

The Mesa engine steps through it (:mod:`sim.engine.mesa.agents`), the source of the traced engines is put together by it
(:mod:`sim.engine.tracing.month_order`), and the protocol is numbered by it.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class MonthStage:
    """A stage of a month.

    Attributes
    ----------
    name
        Of the method of the Mesa engine that runs it.
    title
        How the protocol calls it.
    """

    name: str
    title: str


MONTH_STAGES = (
    MonthStage("set_drivers", "Drivers"),
    MonthStage("perceive", "Perceive"),
    MonthStage("decide", "Decide"),
    MonthStage("move", "Move"),
    MonthStage("settle", "The arms deal"),
    MonthStage("advance", "The world moves"),
    MonthStage("learn", "Learn from the month"),
    MonthStage("measure", "Measure"),
)
