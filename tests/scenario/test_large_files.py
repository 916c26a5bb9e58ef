"""A file that is wrong in every line: answered soon, and not told at length."""

import os
import sys
from pathlib import Path
from types import FrameType
from typing import Any

import pytest

import sim.scenario
from benchmarks.loading import WRONG, refused
from sim.scenario import errors
from sim.scenario.errors import MOST

HERE = os.fspath(Path(sim.scenario.__file__).parent)


def steps(text: str) -> int:
    """Return how many lines of the loader a text takes, each as often as it is run: the same on every machine."""
    count = 0

    def step(frame: FrameType, event: str, _: Any) -> Any:
        nonlocal count
        if not frame.f_code.co_filename.startswith(HERE):
            return None
        count += event == "line"
        return step

    before = sys.gettrace()
    sys.settrace(step)
    try:
        refused(text)
    finally:
        sys.settrace(before)
    return count


@pytest.mark.parametrize("name", WRONG)
def test_four_times_the_lines_are_four_times_the_work(name: str) -> None:
    """Less what any file costs: a loader that looks at each line for each other line takes sixteen times as much."""
    one, two, four = (steps(WRONG[name](count)) for count in (50, 100, 200))
    assert two - one > 1000
    assert four - two < 2 * 1.3 * (two - one)


@pytest.mark.parametrize("name", WRONG)
def test_what_was_meant_is_looked_for_where_it_is_told(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Comparing words costs more than all else. A move and an administration are compared with a few words each."""
    compared = []
    look = errors.get_close_matches

    def close(word: str, known: Any, **how: Any) -> list[str]:
        compared.append(len(known))
        return look(word, known, **how)

    monkeypatch.setattr(errors, "get_close_matches", close)
    refused(WRONG[name](1000))
    assert sum(compared) <= 1000 * 10
    assert len(compared) <= 2 * MOST or max(compared) <= 10


def test_at_most_twenty_problems_are_told_and_the_number_of_the_others() -> None:
    error = refused(WRONG["unknown keys"](1000))
    assert len(error.problems) == 1000
    assert str(error).count("there is no such key here") == MOST == 20
    assert str(error).endswith("\nand 980 more")
    assert "more" not in str(refused(WRONG["unknown keys"](20))).splitlines()[-1]


def test_the_first_that_are_told_say_what_was_meant_wherever_they_stand() -> None:
    lines = [f"mov{number}es: 1" for number in range(40)]
    text = "\n".join([*lines, "months:", *(f" a{number}: 1" for number in range(40))])
    message = str(refused(text))
    assert message.count("nearest  moves") == MOST
