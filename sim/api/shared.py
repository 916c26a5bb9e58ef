"""How the public functions read what they are given: scenario, seed, parameter sets, threads."""

import secrets
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from sim.engine.concurrency import default_jobs
from sim.engine.draws import check_seed
from sim.engine.sets import HAND_SET, Sets
from sim.inference.parameter_sets import sets_for
from sim.scenario import Scenario, load

if TYPE_CHECKING:
    from sim.inference.filtering import Filtered

    AsOf = str | Path | Filtered | Sets

Tell = Callable[[int, int], object]  # hears how much is done, and of how much


def scenario_of(scenario: Scenario | str | Path) -> Scenario:
    """Return a scenario, or the one of this name or path."""
    return scenario if isinstance(scenario, Scenario) else load(scenario)


def seed_of(seed: int | None) -> int:
    """Return the seed; without one, one is drawn and printed."""
    if seed is None:
        seed = secrets.randbelow(2**32)
        print(f"seed {seed}", file=sys.stderr)
    return check_seed(seed)


def threads_of(jobs: int | None) -> int:
    """Return so many threads; as many as are of use here where not said."""
    return jobs or default_jobs()


def sets_over(
    scenarios: Sequence[Scenario], sets: int | Sets | None, seed: int, defaults: bool, as_of: "AsOf | None" = None
) -> Sets:
    """Return the parameter sets of runs, with the states that they set out from where some are asked for."""
    if isinstance(sets, Sets):
        if defaults or as_of is not None:
            raise ValueError("give parameter sets, or ask for the hand-set defaults or states, not both")
        return sets_for(*scenarios, sets=sets)
    if as_of is None:
        return sets_for(*scenarios, sets=HAND_SET if defaults else None).some(sets, seed)
    if defaults:
        raise ValueError("ask for states as of a month or for the hand-set defaults, not both")
    from sim.inference.known_states import sets_as_of

    return sets_for(*scenarios, sets=sets_as_of(as_of)).some(sets, seed)


def count_calls(tell: Tell | None, total: int) -> Callable[[int], object]:
    """Return what hears of one more, and tells how many that makes."""
    done = iter(range(1, total + 1))
    return lambda more: tell(next(done), total) if tell else None
