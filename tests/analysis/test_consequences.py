"""Decisions that left a long-standing option, and the world in which the old option is kept: worked by hand."""

from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from sim.analysis import consequences
from sim.analysis.consequences import COUNTED, KEPT, LOOKED_AT, SHOWN, Consequence, most_consequential
from sim.engine.mesa.decisions import Decision
from sim.engine.plan import plan_of
from sim.model.deal import FREE, IMPOSED, INFEASIBLE
from sim.model.moves import BUNDLES, LEVERS
from sim.scenario import load

PLACE = [lever.field for lever in LEVERS].index("seoul_north")
HARD, DETER, ENGAGE = range(3)  # places of Seoul's options


def decision(month: int, last: int = HARD, lever: str = "seoul_north") -> Any:
    return Decision(month, lever.split("_")[0].title(), lever, (), (), (), last, ENGAGE, 0.5, None, 0.5)  # type: ignore[arg-type]


def deal(month: int, last: int) -> Any:
    return SimpleNamespace(month=month, last=last)


def test_the_option_that_was_left_is_kept_for_a_year_from_the_decision_on() -> None:
    made = plan_of(load("baseline"))
    kept = consequences._kept(made, decision(30, DETER))
    assert kept.script[30:42, PLACE].tolist() == [DETER] * 12 and KEPT == 12
    others = kept.script.copy()
    others[30:42, PLACE] = made.script[30:42, PLACE]
    assert np.array_equal(others, made.script), "no other month and no other lever"
    assert (made.script[:, PLACE] < 0).all(), "the plan itself stays"


def test_what_a_script_says_stays_as_it_says() -> None:
    move = {"capital": "Seoul", "lever": "north", "option": "engage", "from": "2021-09", "to": "2021-10"}
    kept = consequences._kept(plan_of(load("baseline").with_(moves=[move])), decision(30, HARD))
    assert kept.script[30:42, PLACE].tolist() == [HARD] * 2 + [ENGAGE] * 2 + [HARD] * 8


def test_a_deal_that_was_left_is_kept_too_where_no_part_of_it_is_scripted() -> None:
    move = {"capital": "deal", "lever": "arms", "option": "none", "from": "2021-09", "to": "2021-09"}
    made = plan_of(load("baseline").with_(moves=[move]))
    kept = consequences._kept(made, deal(30, 5))
    assert kept.limits[30].tolist() == [[IMPOSED, FREE] if place == 5 else [INFEASIBLE] * 2
                                        for place in range(len(BUNDLES))]  # fmt: skip
    assert np.array_equal(kept.limits[31], kept.limits[30]) and np.array_equal(kept.limits[41], kept.limits[30])
    for month in (29, 32, 42):
        assert np.array_equal(kept.limits[month], made.limits[month]), "before, where it is scripted, and a year on"
    assert kept.scripted_deal.nonzero()[0].tolist() == list(range(30, 42))
    assert made.scripted_deal.nonzero()[0].tolist() == [32] and np.array_equal(kept.script, made.script)


def run(moves: list[str], decided: list[int], deals: tuple[Any, ...] = (), **more: Any) -> Any:
    """Return a run from month 24 on in which Seoul takes these options, and decided so in these months."""
    frame = pd.DataFrame({lever.field: [lever.options[0].name] * len(moves) for lever in LEVERS})
    frame["seoul_north"] = moves
    by_month = {(month, "seoul_north"): decision(month) for month in decided}
    world = SimpleNamespace(first=24)
    return SimpleNamespace(**{"moves": frame, "decided": by_month, "deals": deals, "scenario": world, "war_end": None,
                              "start": None, **more})  # fmt: skip


def test_a_departure_counts_the_months_for_which_the_option_had_stood_and_the_longest_comes_first() -> None:
    moves = ["hard"] * 3 + ["deter"] * 5 + ["hard"] * 2 + ["engage"]
    departures = consequences._departures(run(moves, [24, 27, 32, 34, 28]))  # nothing stood before the first month
    assert [(left.month, stood) for left, stood in departures] == [(32, 5), (27, 3), (34, 2)]
    scripted = consequences._departures(run(moves, [27, 34]))
    assert [(left.month, stood) for left, stood in scripted] == [(27, 3), (34, 2)], "who decided nothing left nothing"


def test_a_deal_is_left_where_arms_change() -> None:
    made = run(["hard"] * 6, [], (deal(26, 0), deal(28, 3), deal(29, 0)))
    made.moves["deal_arms"] = ["none"] * 4 + ["full"] * 2
    made.moves["deal_pay"] = ["food", "oil"] * 3
    assert [(left.month, stood) for left, stood in consequences._departures(made)] == [(28, 4)]


@pytest.mark.parametrize(("after", "counts"), [(-1, False), (0, True), (COUNTED - 1, True), (COUNTED, False)])
def test_two_years_from_the_wars_end_on_are_after_it(after: int, counts: bool) -> None:
    consequence = Consequence(decision(60 + after), 3, 1.0)
    assert consequences.after_end(run([], [], war_end=60), consequence) == counts
    assert not consequences.after_end(run([], []), consequence)


def test_a_deal_is_told_as_pyongyangs() -> None:
    assert Consequence(decision(60), 1, 0.0).capital == "Seoul"
    assert Consequence(deal(60, 3), 1, 0.0).capital == "Pyongyang"


def test_those_after_the_wars_end_come_first_then_the_largest_and_are_told_in_order_of_time(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """In each other world re-engagement is lower from the decision on, by what its month says, for two years."""
    lowered = {30: 1.0, 31: -9.0, 32: 2.0, 33: 8.0, 34: -7.0, 35: 3.0, 36: 6.0, 60: 0.5}
    departures = [(decision(month), 99 - month) for month in lowered]
    departures += [(decision(40), 1)] * (LOOKED_AT - len(departures)) + [(decision(50), 0)]
    asked: list[int] = []

    class Simulated:
        def __init__(self, values: np.ndarray) -> None:
            self.series = values[None, :, None]

        def state_after(self, month: int) -> int:
            return month

    def simulate(runs: Any, kept: tuple[str, ...]) -> Simulated:
        if runs.start is None:
            return Simulated(np.full(120, 50.0))
        asked.append(runs.start)
        values = np.full(runs.plan, 50.0)
        values[runs.start :] -= lowered.get(runs.start, 0.0)
        return Simulated(values)

    monkeypatch.setattr(consequences, "_departures", lambda run: departures)
    monkeypatch.setattr(consequences, "plan_of", lambda scenario: None)
    monkeypatch.setattr(consequences, "_kept", lambda plan, left: SimpleNamespace(until=lambda month: month))
    monkeypatch.setattr(consequences.blocks, "simulate", simulate)
    made = run([], [], seed=1, number=0, war_end=59)
    few = most_consequential(made)
    assert [(one.decision.month, one.effect, one.stood) for one in few] == [
        (31, -9.0, 68), (33, 8.0, 66), (34, -7.0, 65), (36, 6.0, 63), (60, 0.5, 39),
    ]  # fmt: skip
    assert len(few) == SHOWN and len(asked) == LOOKED_AT and 50 not in asked
    made.war_end = None
    assert [one.decision.month for one in most_consequential(made)] == [31, 33, 34, 35, 36]
