"""The decisions of one run that mattered most for Pyongyang and Beijing, found by simulating the world again.

What counts as consequential is defined, not felt. Of all decisions by which a lever left the option it stood at, the
two dozen are looked at that ended the longest standing. The run is simulated again for each, under the same chance and
with the old option kept for another year. A decision is as consequential as that changes the mean of Pyongyang's
re-engagement with Beijing over the two years from then on. It is a finding about this one run: small causes can
have large effects in it that other chance would undo.
"""

from dataclasses import dataclass, replace

import numpy as np

from sim.engine import blocks
from sim.engine.blocks import REMEMBERED, PlannedRuns
from sim.engine.ensemble import SERIES
from sim.engine.mesa.decisions import Deal, Decision
from sim.engine.mesa.single_run import Run
from sim.engine.plan import Plan, plan_of
from sim.engine.start_state import StartState
from sim.model.capitals import CAPITALS
from sim.model.deal import limits
from sim.model.moves import BUNDLES, DEAL, LEVER, LEVERS, levers_of

LOOKED_AT, SHOWN = 24, 5
KEPT = 12  # months for which the old option is kept
COUNTED = 24  # months over which the difference is averaged
_RECORD = ("measure.reengagement",)


@dataclass(frozen=True)
class Consequence:
    """A decision, for how many months the option it left had stood, and what came of leaving it.

    Attributes
    ----------
    effect
        Points of re-engagement (0 to 100): the world as it was less the world in which the old option was kept.
    """

    decision: Decision | Deal
    stood: int
    effect: float

    @property
    def capital(self) -> str:
        """Who decided; of the arms deal, Pyongyang's side is told."""
        return self.decision.capital if isinstance(self.decision, Decision) else "Pyongyang"


def most_consequential(run: Run) -> list[Consequence]:
    """Return the decisions that changed most, :data:`SHOWN` at most, in order of time; first those after the war's end.

    Parameters
    ----------
    run
        One run with every decision.
    """
    made, numbers = plan_of(run.scenario), np.array([run.number])
    as_it_was = blocks.simulate(PlannedRuns(made, run.seed, numbers, start=_start(run)), (*_RECORD, *REMEMBERED))
    consequences = []
    for decision, stood in _departures(run)[:LOOKED_AT]:
        until = decision.month + COUNTED
        first = run.start is not None and decision.month == run.start.months  # before it nothing was remembered
        parted = _start(run) if first else as_it_was.state_after(decision.month)
        record = (*_RECORD, *REMEMBERED) if first else _RECORD
        changed = PlannedRuns(_kept(made, decision).until(until), run.seed, numbers, start=parted)
        other = blocks.simulate(changed, record)
        apart = as_it_was.series[0, :until, 0] - other.series[0, :, 0]
        consequences.append(Consequence(decision, stood, float(apart[decision.month :].mean())))
    consequences.sort(key=lambda consequence: (not after_end(run, consequence), -abs(consequence.effect)))
    return sorted(consequences[:SHOWN], key=lambda consequence: consequence.decision.month)


def after_end(run: Run, consequence: Consequence) -> bool:
    """Return whether a decision fell into the months after the war's end over which effects are counted.

    Parameters
    ----------
    run
        A run that was traced.
    consequence
        Of one of its decisions.
    """
    return run.war_end is not None and run.war_end <= consequence.decision.month < run.war_end + COUNTED


def _start(run: Run) -> StartState | None:
    """Return where a run set out from, with what is read of the months before."""
    if run.start is None:
        return None
    series = np.zeros((*run.start.played.shape[:2], len(_RECORD) + len(REMEMBERED)))
    series[..., 0] = run.start.series[..., SERIES.index("reengagement")]
    return replace(run.start, series=series)


def _departures(run: Run) -> list[tuple[Decision | Deal, int]]:
    """Return the decisions by which a lever left its option, with the months it had stood there, the longest first."""
    deals: dict[int, Decision | Deal] = {deal.month: deal for deal in run.deals}
    departures = []
    for lever in (*DEAL[:1], *(lever for capital in CAPITALS for lever in levers_of(capital))):
        taken, since = run.moves[lever.field].tolist(), 0
        for place in range(1, len(taken)):
            if taken[place] == taken[place - 1]:
                continue
            month = run.scenario.first + place
            decision = run.decided.get((month, lever.field)) or (deals.get(month) if lever in DEAL else None)
            if decision is not None:
                departures.append((decision, place - since))
            since = place
    return sorted(departures, key=lambda departure: -departure[1])


def _kept(made: Plan, decision: Decision | Deal) -> Plan:
    """Return the plan with the option left kept from the decision on, where no script says otherwise."""
    months = slice(decision.month, decision.month + KEPT)
    if isinstance(decision, Decision):
        script = made.script.copy()
        lever = script[months, LEVERS.index(LEVER[decision.lever])]
        lever[lever < 0] = decision.last
        return replace(made, script=script)
    held, scripted = made.limits.copy(), made.scripted_deal.copy()
    held[months][~scripted[months]] = np.array(limits(BUNDLES, BUNDLES[decision.last]))
    scripted[months] = True
    return replace(made, limits=held, scripted_deal=scripted)
