"""Titles, dates and stretches of the pictures of one run, on runs that are made by hand."""

from types import SimpleNamespace
from typing import Any

import pandas as pd
import pytest

from sim.analysis import units
from sim.model import months
from sim.model.moves import LEVER
from sim.report.figures import run_figures
from sim.report.figures.data import Stretch
from sim.scenario.source import Source

FIRST, LENGTH = 24, 40  # the months that are shown begin later than the run
SALES = "From March 2021 on, Pyongyang sends Moscow arms in 3 months in all"
SHOWN = pd.period_range(months.name(FIRST), periods=LENGTH, freq="M")


def run(war_end: int | None = None, joined: int = 0, sold: tuple[int, int] = (0, 0), **series: Any) -> Any:
    """Return a run in which Beijing joins a bloc in so many months, and arms are sold from a month to another."""
    moves = pd.DataFrame({"deal_arms": "none", "beijing_bloc": "none"}, index=SHOWN)
    moves.iloc[:joined, 1] = "join"
    moves.iloc[slice(*sold), 0] = "shells"
    scenario = SimpleNamespace(first=FIRST, horizon=FIRST + LENGTH)
    return SimpleNamespace(moves=moves, series=pd.DataFrame(series, index=SHOWN), scenario=scenario, war_end=war_end)


@pytest.mark.parametrize(("asked", "title"), [
    ({"joined": 11, "sold": (0, 9)}, "Beijing joins the three-way bloc in 28% of months"),
    ({"joined": 10}, "Pyongyang never arms Moscow in this run"),  # a quarter is no more than a quarter
    ({"sold": (2, 5)}, SALES),
    ({"sold": (2, 3)}, "From March 2021 on, Pyongyang sends Moscow arms in 1 month in all"),
    ({"sold": (2, 5), "war_end": FIRST + 4}, f"{SALES}, 1 of them after the war's end"),
    ({"sold": (2, 5), "war_end": FIRST - 3}, f"{SALES}, 3 of them after the war's end"),
    ({"sold": (2, 5), "war_end": FIRST + LENGTH - 1}, f"{SALES}, 0 of them after the war's end"),
    ({"sold": (2, 5), "war_end": FIRST + LENGTH}, SALES),
])  # fmt: skip
def test_a_story_is_named_by_the_bloc_then_by_arms_before_and_after_the_end(asked: dict[str, Any], title: str) -> None:
    assert run_figures._story_title(run(**asked)) == title


def test_a_stretch_lasts_as_long_as_its_value() -> None:
    made = run_figures._stretches(pd.Series([*"aabcc"]), FIRST, lambda value: (value, 0.5))
    assert made == tuple(Stretch(FIRST + low, FIRST + high, label, 0.5) for low, high, label in
                         ((0, 2, "a"), (2, 3, "b"), (3, 5, "c")))  # fmt: skip


def dates(arms: list[float], war_end: int | None) -> list[int]:
    return [month - FIRST for month in run_figures._telling_dates(run(war_end, arms_flow=arms))]


def test_the_dates_that_show_most_are_the_ends_the_most_arms_and_two_years_after_the_war() -> None:
    none, many = [0.05] * LENGTH, [0.0] * 7 + [0.06] + [0.0] * 32
    assert dates(many, None) == [0, 7, 26, 39], "without an end, two thirds on"
    assert dates(many, FIRST + 10) == [0, 7, 24, 39], "half of what is left, where two years are more"
    assert dates(many, FIRST) == [0, 7, 19, 39]
    assert dates(none, None) == [0, (2 * FIRST + FIRST + 39) // 3 - FIRST, 26, 39]
    assert dates(many, FIRST + 27) == [0, 7, 33, 39] and dates(many, FIRST + 28) == [0, 7, 26, 39]
    assert dates(many, FIRST - 1) == [0, 7, 26, 39]


def warmths(**other: tuple[float, float]) -> dict[str, list[float]]:
    """Return warmths that stay at 1, but for some that go in the last month from one number to another."""
    names = [run_figures._warmth(tie) for tie in run_figures._TIES]
    return {name: [other.get(name, (1.0, 1.0))[0]] * (LENGTH - 1) + [other.get(name, (1.0, 1.0))[1]] for name in names}


def test_the_capitals_that_move_most_are_named_and_in_one_month_the_closest() -> None:
    two = warmths(warmth_beijing_seoul=(0.0, -5.0), warmth_moscow_pyongyang=(1.0, 5.0))
    last = FIRST + LENGTH - 1
    title = run_figures._capitals_title(run(**two), FIRST, last)
    assert title == "From January 2021 to April 2024, Beijing and Seoul cool toward each other most"
    closest = run_figures._capitals_title(run(**two), last, last)
    assert closest == "Moscow and Pyongyang are the closest of the capitals in April 2024"
    for now, how in ((5.0, "warm to"), (1.1, "warm to"), (0.9, "cool toward")):
        moved = run(**warmths(warmth_moscow_pyongyang=(1.0, now)))
        title = run_figures._capitals_title(moved, FIRST, last)
        assert title.endswith(f"Moscow and Pyongyang {how} each other most")


def test_flows_are_told_in_units_of_the_world_and_drawn_as_shares_of_the_most_there_can_be() -> None:
    flows = dict(china_flow=0.75, russia_flow=0.3, workers_in_china=0.5, workers_in_russia=0.01, arms_flow=0.5)
    made = run(**{name: [0.0] * 9 + [value] + [0.0] * 30 for name, value in flows.items()}, **warmths())
    snapshot = run_figures._snapshot(made, FIRST + 9)
    assert snapshot.title == "October 2021"
    flow = {shown.label.split()[0] + shown.giver[0]: shown for tie in snapshot.ties for shown in tie.flows}
    most = run_figures.RANGE["china_flow"][1]
    assert {name: shown.size for name, shown in flow.items()} == {
        "tradeB": 0.75 / most, "workersP": 0.01, "goodsM": 0.3 / most, "armsP": 0.5
    }  # fmt: skip
    assert [shown.label for tie in snapshot.ties for shown in tie.flows] == [
        f"trade {0.75 * units.MILLION_USD:.0f} m USD", "workers 35,000", f"goods {0.3 * units.MILLION_USD:.0f} m USD",
        "arms 0.2 m shells", "workers 500",
    ]  # fmt: skip
    assert [(tie.one, tie.other) for tie in snapshot.ties] == list(run_figures._TIES)
    assert [run_figures._round(amount) for amount in (999.0, 1000.0, 34_600.0)] == ["999", "1,000", "35,000"]


def test_a_lane_rises_with_its_lever_and_what_comes_from_outside_stays_within_its_lane() -> None:
    made = run(sold=(2, 5))
    made.moves["deal_arms"] = ["none", "half", "full"] + ["none"] * (LENGTH - 3)
    lane = run_figures._lane(LEVER["deal_arms"], made)
    shown = [(part.first - FIRST, part.last - FIRST, part.label, part.level) for part in lane.stretches]
    assert shown == [
        (0, 1, "none", 0.0), (1, 2, "half", 0.5), (2, 3, "full", 1.0), (3, LENGTH, "none", 0.0),
    ]  # fmt: skip
    assert (lane.low, lane.high, lane.role) == ("none", "full", "deal")
    quiet = [0.0] * (LENGTH - 2)
    values = {"border": [1.2, 1.0, *quiet], "flood": [0.0, 0.3, *quiet], "crisis": [-0.1, 0.7, *quiet]}
    made.drivers = pd.DataFrame(values)
    lanes = run_figures._outside_lanes(made)
    assert [[(part.last - FIRST, part.level) for part in lane.stretches] for lane in lanes] == [
        [(2, 1.0), (LENGTH, 0.0)], [(1, 0.0), (2, 0.3), (LENGTH, 0.0)], [(1, 0.0), (2, 0.7), (LENGTH, 0.0)],
    ]  # fmt: skip


def test_a_network_has_a_row_a_date_and_tie_and_says_each_in_words() -> None:
    flows = dict.fromkeys(("china_flow", "russia_flow", "workers_in_china", "workers_in_russia"), [0.0] * LENGTH)
    made = run(arms_flow=[0.0] * 7 + [0.5] + [0.0] * 32, **flows, **warmths(warmth_moscow_pyongyang=(1.0, -5.0)))
    made.scenario.name, made.number, made.seed, made.source = "a world", 0, 1, Source.RETAINED
    drawn = run_figures.capitals(made)
    months_of = ["January 2021", "August 2021", "March 2023", "April 2024"]
    assert [snapshot.title for snapshot in drawn.snapshots] == months_of
    rows = drawn.data.set_index(["month", "one", "other"])
    assert len(rows) == 4 * len(run_figures._TIES)
    ties = rows["warmth"].xs(("Moscow", "Pyongyang"), level=("one", "other"))
    assert ties.to_dict() == dict(zip(months_of, (1.0, 1.0, 1.0, -5.0), strict=True))
    assert rows.loc[("August 2021", "Moscow", "Pyongyang"), "arms"] == 0.5
    title = drawn.head.title
    assert title.endswith("Moscow and Pyongyang cool toward each other most") and title in drawn.head.alt
    _, august, *_ = drawn.head.text.split(". In this month, ")
    assert august.split(". ")[-1].startswith("August 2021: ") and "are the closest (+1.0)" in august
    assert "Moscow gets 0.2 million shells and sends" in drawn.head.text
    assert drawn.head.text.count("Moscow gets no shells") == 3
