"""What moves amount to, beyond the value of an option: tests, a treaty sought, restraint of an ally."""

from sim.model.citing import rests_on
from sim.model.moves import LEVER, Moves
from sim.model.pace import Pace
from sim.model.world import Params


def _value(field: str, option: str) -> float:
    return next(listed.value for listed in LEVER[field].options if listed.name == option)


COURTS = _value("pyongyang_toward_moscow", "court")
THREATENS = _value("pyongyang_provoke", "rhetoric")
FIRES = _value("pyongyang_provoke", "missile")


def _beyond(value: float, mark: float) -> float:
    """Return how far a value lies beyond a mark, as a share of the way from there to 1."""
    return max(0.0, value - mark) / (1.0 - mark)


@rests_on("A30")
def treaty_sought(moves: Moves) -> float:
    """Return 1 where Pyongyang seeks a treaty with Moscow, else 0."""
    return _beyond(moves.pyongyang_toward_moscow, COURTS)


@rests_on("A29")
def tests(moves: Moves) -> float:
    """Return how grave the arms tests of the month are: words are none, a nuclear test is 1."""
    return _beyond(moves.pyongyang_provoke, THREATENS)


@rests_on("A29")
def nuclear_test(moves: Moves) -> float:
    """Return 1 in a month of a nuclear test, else 0."""
    return _beyond(moves.pyongyang_provoke, FIRES)


@rests_on("A29")
def condemnation(moves: Moves) -> float:
    """Return how far the UN answers the month's tests; one veto stops it."""
    return tests(moves) * (1.0 - max(0.0, moves.moscow_cover))


@rests_on("A28")
def guardian(moves: Moves) -> float:
    """Return Beijing's conduct as Pyongyang's guardian, as others see it.

    Restraint is credited as far as there is something to restrain; egging on is held against Beijing at once.
    """
    return moves.beijing_leash * max(moves.pyongyang_provoke, -moves.beijing_leash)


@rests_on("A25")
def meetings(moves: Moves, params: Params, pace: Pace) -> float:
    """Return how many meetings of leaders a month sees, over the months of a step.

    A meeting is the act of one month, so a capital that looks months ahead spreads it over them, as far as
    ``visits_pulse`` says; at 0 it takes the meeting to be held in every month.
    """
    return moves.beijing_visits * (1.0 - params.visits_pulse * (1.0 - 1.0 / pace.months))
