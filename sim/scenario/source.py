"""Where the uncertain numbers of runs come from: every container of results says it, every sentence reads it."""

from collections.abc import Iterable
from enum import StrEnum

from sim.registers.register import uncertain
from sim.scenario.schema import Scenario


class Source(StrEnum):
    """Where uncertain parameters come from; the value says it in words.

    What a scenario gives itself stands beside any of them; it is named only where it leaves nothing open.
    """

    RETAINED = "sets consistent with history up to August 2024"
    FILTERED = "sets and states as the record up to a month leaves them"
    DEFAULTS = "the hand-set defaults alone"
    PRIOR = "draws of the plausible ranges, not held against history"
    SCENARIO = "the numbers that the scenario gives"
    VARIED_RETAINED = "what the design varies and, for all else, sets consistent with history up to August 2024"
    VARIED_FILTERED = "what the design varies and, for all else, sets and states as the record leaves them"
    VARIED_DEFAULTS = "what the design varies and, for all else, the hand-set defaults"
    MIXED = "several sources"


_VARIED = {
    Source.RETAINED: Source.VARIED_RETAINED,
    Source.FILTERED: Source.VARIED_FILTERED,
    Source.DEFAULTS: Source.VARIED_DEFAULTS,
}


def source_of(scenario: Scenario, others: Source, varied: Iterable[str] = ()) -> Source:
    """Return where the uncertain numbers of a scenario's runs come from.

    Parameters
    ----------
    others
        Where those come from that neither the scenario gives nor a design varies.
    varied
        What a design varies; names that are no uncertain parameters do not count.
    """
    open_ = set(uncertain()) - set(varied)
    if not open_:
        return Source.PRIOR
    if not open_ - set(scenario.parameters):
        return Source.SCENARIO if len(open_) == len(uncertain()) else Source.MIXED
    return others if len(open_) == len(uncertain()) else _VARIED.get(others, Source.MIXED)


def together(one: Source, *others: Source) -> Source:
    """Return where the numbers of some containers come from, told as one."""
    return one if {one}.issuperset(others) else Source.MIXED
