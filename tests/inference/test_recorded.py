"""What history says of a few sets, and all designs of a few factors, as they were recorded; and doubt worked by hand.

``python -m tests.inference.test_recorded`` records them anew. The filter has a record of its own.
"""

from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.analysis.estimates import effective_sample_size
from sim.engine.experiment import Experiment
from sim.engine.sets import equally_weighted
from sim.engine.war_end import NEVER
from sim.inference import coding, designs, emulator, filtering, hindcast, matching, measurements
from sim.inference.filtering import FEWEST, Filtered
from sim.inference.matching import Settings, draw_prior
from sim.inference.parameter_sets import retained_sets
from sim.model import months
from sim.scenario.source import Source

from ..recording import check, record_anew

FILE = Path(__file__).with_name("recorded.csv")
COMMAND = "python -m tests.inference.test_recorded"


def history_pass() -> dict[str, Any]:
    """Return how four draws of the prior fare on history, with six runs each and the same without a deal."""
    asked = Experiment(hindcast.free_runs(), equally_weighted(draw_prior([3], 4), Source.PRIOR), 2)
    scores = hindcast.try_sets(asked.runs_of_every_set(6))
    return {
        "scores": scores, "implausible": scores.implausibility, "met": scores.met, "passed": scores.passed,
        "misses": hindcast.expected_misses(scores.means, scores.errors), "shares": hindcast.pattern_shares(scores),
        "conflicts": hindcast.conflicts(scores),
        "few": [hindcast.few_missed(scores.passed, most) for most in (0, 8, 20)],
        "survive": [matching.survives(scores, Settings(cut=cut, misses=9), 2.0) for cut in (3.0, 50.0, 500.0)],
        "left": matching.not_ruled_out(scores, Settings(cut=500.0, misses=12)), "observed": hindcast.observed_figures(),
    }  # fmt: skip


def designs_pass() -> dict[str, Any]:
    """Return the points of every design over a range, single values, a prior and what an ordering ties."""
    ranges = {"postwar_need": designs.uniform(0.0, 1.6), "beijing_west_weight": designs.uniform(0.1, 0.4),
              "beijing_influence_weight": designs.uniform(0.1, 0.4)}  # fmt: skip
    levels = {"postwar_need": designs.Levels((0.1, 0.8)), "foresight": designs.Levels((2.0, 5.0, 12.0))}
    made = {name: design(levels if name == "factorial" else ranges, None if name == "factorial" else 8, 3)
            for name, design in designs.DESIGNS.items()}  # fmt: skip
    return {"designs": made, "prior": draw_prior([1, 2], 9)}


def record_pass() -> dict[str, Any]:
    """Return what the record holds, how codings err, and how figures stand to runs."""
    asked = Experiment(filtering.known_world("2020-06"), retained_sets(), 3)
    learnt = filtering.learn_discrepancies(asked)
    return {
        "figures": measurements.known_figures(NEVER), "some": measurements.known_figures(months.index("2021-01")),
        "processes": learnt, "table": measurements.error_table(learnt), "coding": coding.estimate_coding(),
        "support": coding.record_support(40), "second": coding.record_support(40, 1, 2.0),
        "border": filtering.border_of(filtering.recorded_world()),
    }  # fmt: skip


PASSES: dict[str, Callable[[], Any]] = {"history": history_pass, "designs": designs_pass, "record": record_pass}


@pytest.mark.parametrize("name", PASSES)
def test_every_number_of_a_small_pass_is_the_recorded_one(name: str) -> None:
    check({name: PASSES[name]()}, FILE, COMMAND)


def test_the_doubt_of_an_emulator_is_its_error_beyond_that_of_the_runs_and_at_least_a_tenth_of_it() -> None:
    """Of the first number 1.0 is missed and the runs err by 0.6; of the second 0.2, and the runs err by 0.5."""
    means = np.array([[3.0, 1.0], [-3.0, -1.0], [3.0, 1.0], [-3.0, -1.0]], dtype=np.float32)
    guessed = means + np.array([1.0, 0.2], dtype=np.float32)
    error, explained = emulator._doubt(guessed, means, np.full((4, 2), [0.6, 0.5], dtype=np.float32))
    own = np.array([1.0 - 0.36, 0.04 / 10.0])
    assert error == pytest.approx(np.sqrt(own), rel=1e-5)
    assert explained == pytest.approx(1.0 - own / (np.array([9.0, 1.0]) - [0.36, 0.25]), rel=1e-5)


def test_sets_count_for_more_the_smaller_their_error() -> None:
    weights = emulator._weights(np.array([[1.0, 1.0], [0.5, 0.5], [1.0, np.nan]]))
    assert weights == pytest.approx(np.array([1.0, 4.0, 1.0]) / 2.0)


@given(st.lists(st.floats(0.01, 100.0), min_size=1, max_size=30), st.floats(0.1, 50.0))
def test_what_sets_are_worth_is_the_same_in_any_unit_and_order(weights: list[float], times: float) -> None:
    worth = effective_sample_size(np.array(weights))
    assert effective_sample_size(times * np.array(weights[::-1])) == pytest.approx(worth)
    assert 1.0 - 1e-9 <= worth <= len(weights) + 1e-9
    assert effective_sample_size(np.full(7, times)) == pytest.approx(7.0)


@pytest.mark.parametrize(("sets", "power", "warned"), [
    (FEWEST, 1.0, (False, False)), (0.99 * FEWEST, 1.0, (False, False)), (0.98 * FEWEST, 1.0, (True, False)),
    (FEWEST, 0.999, (False, True)), (1.0, 0.5, (True, True)),
])  # fmt: skip
def test_a_filter_warns_of_few_sets_and_of_a_record_that_weighs_less_than_its_whole_weight(
    sets: float, power: float, warned: tuple[bool, bool]
) -> None:
    said: Any = SimpleNamespace(by_month=pd.DataFrame({"sets": [1.0, sets], "power": [0.1, power]}), by_set=[0] * 8)
    warning = Filtered.warning.fget(said)  # type: ignore[attr-defined]
    assert ("stand behind it" in warning, "of its weight" in warning) == warned


if __name__ == "__main__":
    record_anew(PASSES, FILE)
