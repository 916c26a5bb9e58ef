"""The points of a design as runs: checked before anything is computed."""

import math
import re
from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import TypeVar

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.inference.designs import END, Factor, Levels
from sim.model.moves import LEVERS
from sim.model.variants import VARIANTS
from sim.registers.register import registered_parameters
from sim.scenario import Problem, Scenario, ScenarioError
from sim.scenario.errors import MOST, nearest_word, show_value
from sim.scenario.parts import Drivers, driver_bounds
from sim.scenario.plain_data import LAST, MONTH_SCHEMA, NO_END
from sim.scenario.registered import PRIOR
from sim.scenario.values import ORDERINGS, orderly

Value = TypeVar("Value")
POLICY, MOVES, FREE = "policy", "moves.", "free"  # a policy of the scenario; a lever; a lever that nobody scripts
LEVER_KEYS = tuple(f"{MOVES}{lever.capital}.{lever.name}" for lever in LEVERS)
KEYS = (
    END, "war.starts", "months.to", "variant", POLICY,
    *(f"drivers.{name}" for name in Drivers.model_fields), *LEVER_KEYS,
)  # fmt: skip


def structure(keys: Iterable[str]) -> list[str]:
    """Return the keys that are no parameters: a world of its own for each of their values."""
    return [key for key in keys if key not in registered_parameters()]


def scenario_at(base: Scenario, point: Mapping[str, object]) -> Scenario:
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
        *above, last = [key] if key in registered_parameters() else key.split(".", 2)
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
        why, near = f"{base.name} has no policy of this name", nearest_word(name, base.policies)
        fix = f"write {near}" if near else "name sets of moves under policies"
        allowed = ", ".join(base.policies)
        raise ScenarioError([Problem(why, key=POLICY, value=show_value(name), allowed=allowed, nearest=near, fix=fix)])
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
    entry = registered_parameters().get(key)
    if entry and entry.low is not None and entry.high is not None:
        return factor.bound(entry.low, entry.high)
    _, _, driver = key.partition("drivers.")
    name = driver.partition(".")[0]
    if key.startswith(KEYS) and not driver:
        raise ValueError(f"{key} is no number that can be drawn: give its values")
    # a name that does not exist has no range; :func:`problems` says so
    return factor.bound(*driver_bounds(name) if name in Drivers.model_fields else (-np.inf, np.inf))


def unknown_factor(key: str, suggesting: bool) -> Problem | None:
    """Return what is wrong with the name of a factor; the name that is meant is looked for where it is told."""
    if key in registered_parameters() or key.startswith(KEYS):
        return None
    near = nearest_word(key, (*KEYS, *registered_parameters())) if suggesting else ""
    shown_keys = [*(known for known in KEYS if known not in LEVER_KEYS), "moves.CAPITAL.LEVER"]
    return Problem(
        "nothing of this name can be varied",
        key=key,
        allowed=f"a parameter of the register, {', '.join(shown_keys)} (or drivers.NAME.YYYY-MM and "
        "moves.CAPITAL.LEVER.YYYY-MM, from that month on)",
        nearest=near,
        fix=f"write {near}" if near else "look the name up in the register of parameters",
    )


def problems(base: Scenario, key: str, given: Iterable[object], suggesting: bool = True) -> list[Problem]:
    """Return what is wrong with a factor's name or its values."""
    if unknown := unknown_factor(key, suggesting):
        return [unknown]
    return [problem for _, problem in wrong_values(base, key, given)]


def wrong_values(base: Scenario, key: str, given: Iterable[Value]) -> Iterator[tuple[Value, Problem]]:
    """Yield the values that a factor cannot have, each with what is wrong.

    The orderings among parameters are judged by :func:`keeps_orderings`. Beyond the problems that are told, a
    scenario is not made of what none could say.
    """
    orderings, wrong = tuple(ordering.says for ordering in ORDERINGS), 0
    for value in given:
        if wrong >= MOST and _meaningless(key, value):
            yield (
                value,
                Problem("no scenario can say this", key=key, value=show_value(value), fix="write another value"),
            )
            continue
        try:
            scenario_at(base, {key: value})
        except ScenarioError as error:
            for problem in error.problems:
                if not problem.why.startswith(orderings):
                    wrong += 1
                    yield value, problem


def _meaningless(key: str, value: object) -> bool:
    """Return whether a word is none that could stand at a key, whatever else a scenario says."""
    if not isinstance(value, str) or is_lever(key):
        return False
    if key == "variant":
        return value not in VARIANTS
    if key in (END, "war.starts", "months.to"):
        return value != NO_END and not re.fullmatch(MONTH_SCHEMA["pattern"], value)
    return value != PRIOR


def telling(cells: Iterable[float | str]) -> list[float | str]:
    """Return the values of a column that must be checked: the words, and of the numbers the least and the greatest."""
    distinct = list(dict.fromkeys(cells))
    numbers = {cell for cell in distinct if isinstance(cell, float) and math.isfinite(cell)}
    between = numbers - {min(numbers), max(numbers)} if numbers else numbers
    return [cell for cell in distinct if cell not in between]


def keeps_orderings(
    base: Scenario, points: pd.DataFrame, others: Mapping[str, float] = MappingProxyType({})
) -> NDArray[np.bool_]:
    """Return which points keep the orderings of goals that the article states.

    Parameters
    ----------
    others
        Parameters where neither the point nor the scenario gives any; defaults where these do not either.
    """
    usual = {name: registered_parameters()[name].default for ordering in ORDERINGS for name in ordering.weights}
    varied = {str(name): points[name].to_numpy() for name in points if name in usual}
    return np.broadcast_to(orderly(usual | {**others, **base.fixed, **varied}), len(points))
