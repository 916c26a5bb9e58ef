"""The points of a design as runs: checked before anything is computed."""

from collections.abc import Iterable, Mapping
from types import MappingProxyType

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.article.register import parameters as register
from sim.calibration.designs import END, Factor, Levels
from sim.model.moves import LEVERS
from sim.scenario import Problem, Scenario, ScenarioError
from sim.scenario.errors import nearest, shown
from sim.scenario.parts import Drivers, driver_bounds
from sim.scenario.values import ORDERINGS, orderly
from sim.scenario.words import LAST

POLICY, MOVES, FREE = "policy", "moves.", "free"  # a policy of the scenario; a lever; a lever that nobody scripts
LEVER_KEYS = tuple(f"{MOVES}{lever.capital}.{lever.name}" for lever in LEVERS)
KEYS = (
    END, "war.starts", "months.to", "variant", POLICY,
    *(f"drivers.{name}" for name in Drivers.model_fields), *LEVER_KEYS,
)  # fmt: skip


def structure(keys: Iterable[str]) -> list[str]:
    """Return the keys that are no parameters: a world of its own for each of their values."""
    return [key for key in keys if key not in register()]


def world(base: Scenario, point: Mapping[str, object]) -> Scenario:
    """Return the scenario of one point: each key says what a scenario file would say there.

    Parameters
    ----------
    point
        Keys are names of parameters, or paths such as ``war.ends``, ``drivers.need_for_us.2025-01``,
        ``moves.Beijing.trade`` (an option, or ``free``; from 2025-01 on: ``moves.Beijing.trade.2025-01``), and
        ``policy``, the name of a set of moves of the scenario.

    Raises
    ------
    ScenarioError
        If a key or a value is none that a scenario may have.
    """
    changes: dict[str, object] = {}
    moves: list[object] = []
    for key, value in point.items():
        if is_lever(key):
            moves += _policy(base, value) if key == POLICY else _script(base, key, value)
            continue
        *above, last = [key] if key in register() else key.split(".", 2)
        inner = changes
        for name in above:
            below = inner.setdefault(name, {})
            assert isinstance(below, dict), f"{name} has no keys below it"
            inner = below
        inner[last] = value
    return base.with_(**changes, **({"moves": moves} if moves else {}))


def is_lever(key: str) -> bool:
    """Say whether what a key varies is decided by a capital."""
    return key == POLICY or key.startswith(MOVES)


def _script(base: Scenario, key: str, option: object) -> list[object]:
    """Return the moves that hold a lever at an option, from the first month reported or the key's to the end."""
    capital, lever, *since = key.removeprefix(MOVES).split(".", 2)
    if option == FREE:
        return []
    first = since[0] if since else base.months.first
    return [{"capital": capital, "lever": lever, "option": option, "from": first, "to": LAST}]


def _policy(base: Scenario, name: object) -> list[object]:
    """Return the moves of a policy of the scenario."""
    if name not in base.policies:
        why, near = f"{base.name} has no policy of this name", nearest(name, base.policies)
        fix = f"write {near}" if near else "name sets of moves under policies"
        allowed = ", ".join(base.policies)
        raise ScenarioError([Problem(why, key=POLICY, value=shown(name), allowed=allowed, nearest=near, fix=fix)])
    return [move.model_dump(by_alias=True) for move in base.policies[str(name)]]


def bound(key: str, factor: Factor) -> Factor:
    """Return a factor with the ends of what it varies, where it is drawn and has none of its own.

    Raises
    ------
    ValueError
        If hardly anything of it lies within its ends, or no number is varied.
    """
    if isinstance(factor, Levels):
        return factor
    entry = register().get(key)
    if entry and entry.low is not None and entry.high is not None:
        return factor.bound(entry.low, entry.high)
    _, _, driver = key.partition("drivers.")
    name = driver.partition(".")[0]
    if key.startswith(KEYS) and not driver:
        raise ValueError(f"{key} is no number that can be drawn: give its values")
    # a name that does not exist has no range; :func:`problems` says so
    return factor.bound(*driver_bounds(name) if name in Drivers.model_fields else (-np.inf, np.inf))


def problems(base: Scenario, key: str, given: Iterable[object]) -> list[Problem]:
    """Return what is wrong with a factor's values; the orderings among parameters are judged by :func:`admitted`."""
    if key not in register() and not key.startswith(KEYS):
        near = nearest(key, (*KEYS, *register()))
        shown_keys = [*(known for known in KEYS if known not in LEVER_KEYS), "moves.CAPITAL.LEVER"]
        return [
            Problem(
                "nothing of this name can be varied",
                key=key,
                allowed=f"a parameter of the register, {', '.join(shown_keys)} (or drivers.NAME.YYYY-MM and "
                "moves.CAPITAL.LEVER.YYYY-MM, from that month on)",
                nearest=near,
                fix=f"write {near}" if near else "look the name up in the register of parameters",
            )
        ]
    wrong: list[Problem] = []
    for value in given:
        try:
            world(base, {key: value})
        except ScenarioError as error:
            said = tuple(ordering.says for ordering in ORDERINGS)
            wrong += [problem for problem in error.problems if not problem.why.startswith(said)]
    return wrong


def telling(cells: Iterable[float | str]) -> set[float | str]:
    """Return the values of a column that must be checked: of numbers, the least and the greatest."""
    distinct = set(cells)
    numbers = [cell for cell in distinct if isinstance(cell, float)]
    return {min(numbers), max(numbers)} if len(numbers) == len(distinct) else distinct


def admitted(
    base: Scenario, points: pd.DataFrame, others: Mapping[str, float] = MappingProxyType({})
) -> NDArray[np.bool_]:
    """Return which points keep the orderings of goals that the article states.

    Parameters
    ----------
    others
        Parameters where neither the point nor the scenario gives any; defaults where these do not either.
    """
    usual = {name: register()[name].default for ordering in ORDERINGS for name in ordering.weights}
    varied = {str(name): points[name].to_numpy() for name in points if name in usual}
    return np.broadcast_to(orderly(usual | {**others, **base.fixed, **varied}), len(points))
