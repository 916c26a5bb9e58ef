"""One run, simulated by the Mesa engine and kept with every decision."""

from dataclasses import dataclass, field
from functools import cached_property

import pandas as pd

from sim.engine.mesa.decisions import Deal, Decision
from sim.engine.plan import MEASURES
from sim.engine.start_state import StartState
from sim.engine.war_end import NEVER
from sim.model import months
from sim.model.moves import LEVERS, MOVE_FIELDS
from sim.model.world import WORLD_FIELDS
from sim.scenario.schema import Scenario
from sim.scenario.source import Source


def calendar(scenario: Scenario) -> pd.PeriodIndex:
    """Return the months that a scenario reports, from ``months.from`` on.

    Parameters
    ----------
    scenario
        Any.
    """
    return pd.period_range(months.name(scenario.first), months.name(scenario.horizon - 1), freq="M", name="month")


@dataclass(frozen=True, eq=False)
class Run:
    """One run of a scenario.

    Attributes
    ----------
    series
        A row a month, a column a state or a measure of :mod:`sim.model.outcomes`; units as in
        :class:`sim.model.world.World`.
    moves
        A row a month, a column a lever, the names of the options taken.
    war_end
        The first month of peace, in months since 2019-01; None where the war does not end.
    decisions, deals
        What was weighed: see :mod:`sim.engine.mesa.decisions`.
    drivers
        What acted on the world from outside: a row a month, a column a driver of :mod:`sim.model.drivers`.
    source
        Where the uncertain numbers come from.
    start
        Where the run set out from; None: from January 2019.

    Examples
    --------
    >>> import sim
    >>> run = sim.run("war-ends-early", seed=7)
    >>> run.series.shape
    (168, 30)
    """

    scenario: Scenario
    seed: int
    number: int
    series: pd.DataFrame
    moves: pd.DataFrame
    war_end: int | None
    decisions: tuple[Decision, ...]
    deals: tuple[Deal, ...]
    drivers: pd.DataFrame
    source: Source = field(kw_only=True)
    start: StartState | None = field(default=None, kw_only=True)

    @cached_property
    def decided(self) -> dict[tuple[int, str], Decision]:
        """The decisions by month and lever.

        Examples
        --------
        >>> import sim
        >>> run = sim.run("war-ends-early", seed=7)
        >>> run.decided[72, "beijing_trade"].capital
        'Beijing'
        """
        return {(decision.month, decision.lever): decision for decision in self.decisions}


def simulate_run(scenario: Scenario, seed: int, number: int, source: Source, start: StartState | None) -> Run:
    """Simulate one run in the Mesa engine, with every decision.

    Where it sets out from a later month, the months before are shown, but what was weighed in them is not known.

    Parameters
    ----------
    scenario
        With every parameter.
    seed, number
        Of the chance that the run has, and of the run under it.
    source
        Where the parameters come from.
    start
        The state from which it sets out, of this run alone; None where it begins in January 2019.
    """
    from sim.engine.mesa.agents import Peninsula  # here, so that only those who simulate a world pay for Mesa

    model = Peninsula(scenario, seed=seed, run=number)
    if start is not None:
        model.set_out(start.months, start.memory[:, 0])
    model.run_model()
    frame = model.datacollector.get_model_vars_dataframe()
    if start is not None:
        frame = pd.concat([_before(start), frame], ignore_index=True)
    frame = frame.iloc[scenario.first :]
    frame.index = calendar(scenario)
    names = {lever.field: {option.value: option.name for option in lever.options} for lever in LEVERS}
    moves = pd.DataFrame({field: frame[field].map(names[field]) for field in MOVE_FIELDS})
    end = int(model.war_end)
    drivers = pd.DataFrame([model.drivers_in(month) for month in range(scenario.first, scenario.horizon)], frame.index)
    return Run(
        scenario, seed, number, frame[[*WORLD_FIELDS, *MEASURES]].astype(float), moves,
        end if end < NEVER else None, tuple(model.decisions), tuple(model.deals), drivers,
        source=source, start=start,
    )  # fmt: skip


def _before(start: StartState) -> pd.DataFrame:
    """Return the months before a run set out, as those after are told."""
    states = pd.DataFrame(start.series[0], columns=[*WORLD_FIELDS, *MEASURES])
    options = {lever.field: [option.value for option in lever.options] for lever in LEVERS}
    for place, lever in enumerate(LEVERS):
        states[lever.field] = [options[lever.field][played] for played in start.played[0][:, place]]
    return states
