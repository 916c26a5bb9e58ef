"""Turning points of runs that are made by hand, from both sides of every span of quiet months."""

from collections.abc import Sequence
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from sim.model.moves import LEVER
from sim.report.text import turning_points
from sim.report.text.turning_points import OPEN, SHUT, TurningPoint, starts

FIRST = 24  # the months that are shown begin later than the run


def sentences(arms: Sequence[bool]) -> list[tuple[int, str]]:
    """Return what is said of arms that are sold in some months: the month shown, and how the sentence begins."""
    moves = pd.DataFrame({"deal_arms": np.where(arms, "shells", "none")})
    moves["deal_pay"], moves["deal_technology"] = LEVER["deal_pay"].options[0].name, "none"
    run = SimpleNamespace(moves=moves, scenario=SimpleNamespace(first=FIRST))
    turns = turning_points._arms(run)  # type: ignore[arg-type]
    return [(turn.month - FIRST, turn.text.split(", for ")[0]) for turn in turns]


def sold(*spans: tuple[int, bool]) -> list[bool]:
    return [selling for length, selling in spans for _ in range(length)]


BEGUN, STOPPED_, AGAIN = "the first arms go to Moscow", "arms to Moscow stop", "arms go to Moscow again"


def test_arms_begin_stop_after_half_a_year_without_any_and_go_again() -> None:
    assert sentences(sold((4, False))) == []
    assert sentences(sold((0, False), (2, True))) == [(0, BEGUN)]
    assert sentences(sold((3, False), (2, True), (5, False), (9, True))) == [(3, BEGUN)]
    stopped = [(3, BEGUN), (5, STOPPED_), (11, AGAIN)]
    assert sentences(sold((3, False), (2, True), (6, False), (9, True))) == stopped
    twice = sold((1, True), (9, False), (1, True), (9, False), (1, True))
    assert sentences(twice) == [(0, BEGUN), (1, STOPPED_), (10, AGAIN), (11, STOPPED_), (20, AGAIN)]


@pytest.mark.parametrize(("gap", "text"), [(12, None), (13, "for the first time in 13 months")])
def test_a_telling_move_is_told_when_it_first_comes_and_after_quiet_months(gap: int, text: str | None) -> None:
    names = ["deter", *["slight"] * 2, *["deter"] * (gap - 1), "slight"]
    run = SimpleNamespace(
        moves=pd.DataFrame({"pyongyang_toward_beijing": names}), scenario=SimpleNamespace(first=FIRST)
    )
    sentences = list(turning_points._telling(run, LEVER["pyongyang_toward_beijing"], "slight", 12))  # type: ignore[arg-type]
    first, *later = sentences
    words = turning_points.words_of(LEVER["pyongyang_toward_beijing"], "slight")
    assert first == TurningPoint(FIRST + 1, "move", f"Pyongyang {words}, for the first time")
    assert later == ([TurningPoint(FIRST + 2 + gap, "move", f"Pyongyang {words}, {text}")] if text else [])


def test_what_moscow_gives_is_said_to_be_given_by_moscow() -> None:
    run = SimpleNamespace(moves=pd.DataFrame({"deal_technology": ["sensitive"]}), scenario=SimpleNamespace(first=FIRST))
    (turn,) = turning_points._telling(run, LEVER["deal_technology"], "sensitive", 24)  # type: ignore[arg-type]
    assert turn.text.startswith("Moscow gives ") and turn.month == FIRST
    assert turning_points.did(LEVER["deal_arms"], "none") == ("Pyongyang", "sells no arms")
    assert turning_points.did(LEVER["deal_technology"], "sensitive")[0] == "Moscow"
    assert turning_points.did(LEVER["seoul_north"], "hard")[0] == "Seoul"


def test_a_border_shuts_below_one_edge_and_opens_from_another() -> None:
    border = [1.0, SHUT, SHUT - 0.01, 0.0, OPEN - 0.01, OPEN, 0.2, 0.05, 1.0]
    frame = pd.DataFrame({"border": border, "flood": [1.0, 1.0, 0.0] * 3, "crisis": [0.0] * 8 + [0.1]})
    run = SimpleNamespace(scenario=SimpleNamespace(first=FIRST), drivers=frame)
    turns = list(turning_points._from_outside(run))  # type: ignore[arg-type]
    by_kind = {
        kind: [turn.month - FIRST for turn in turns if turn.kind == kind] for kind in ("border", "flood", "crisis")
    }
    assert by_kind == {"border": [2, 5, 7, 8], "flood": [0, 3, 6], "crisis": [8]}
    assert [turn.text.split()[-1] for turn in turns if turn.kind == "border"] == ["shuts", "again"] * 2


def test_a_condition_starts_where_it_did_not_hold_before() -> None:
    assert starts([True, True, False, True, False, False, True]) == [0, 3, 6]
    assert starts([False, True]) == [1] and starts([]) == []


def test_the_war_and_the_arms_come_before_moves_and_those_before_the_border(monkeypatch: pytest.MonkeyPatch) -> None:
    kinds = ("crisis", "border", "move", "arms", "war", "flood")
    every = tuple(TurningPoint(month, kind, kind) for month, kind in enumerate(kinds))
    monkeypatch.setattr(turning_points, "turns", lambda run: every)
    for most, shown in (
        (2, "arms war"),
        (3, "move arms war"),
        (4, "border move arms war"),
        (9, "crisis border move arms war"),
    ):
        few = turning_points.main_turns(None, most)  # type: ignore[arg-type]
        assert " ".join(turn.kind for turn in few) == shown


@pytest.mark.parametrize(("after", "shown"), [(-1, False), (0, True), (9, True), (10, False)])
def test_a_war_begins_where_its_first_month_is_shown(after: int, shown: bool) -> None:
    start = FIRST + after
    scenario = SimpleNamespace(first=FIRST, war_start=start, horizon=FIRST + 10)
    turns = list(turning_points._war(SimpleNamespace(scenario=scenario, war_end=None)))  # type: ignore[arg-type]
    assert [(turn.month, turn.kind) for turn in turns] == [(start, "war")] * shown
