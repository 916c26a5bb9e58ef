"""The scenarios that come with the project: each loads, says what it is, and changes what it says."""

from pathlib import Path

import pytest

from sim.model.months import index
from sim.scenario import available, load
from sim.scenario.schema import Scenario

FOLDER = Path(__file__).parents[2] / "scenarios"
NAMES = sorted(path.stem for path in FOLDER.glob("*.yaml"))
BASE = load(FOLDER / "baseline.yaml")
# What each run may differ in from the baseline; months aside.
CHANGES = {
    "baseline": set(),
    "hindcast": {"months simulated to"},
    "war-ends-early": {"war ends"},
    "war-ends-late": {"war ends"},
    "war-ends-any-time": {"war ends"},
    "frozen-conflict": {"war ends", "postwar_need", "restocking_months", "postwar_isolation"},
    "rearmament": {"war ends", "postwar_need", "restocking_months"},
    "sanctions-lifted": {"war ends", "postwar_need", "postwar_isolation"},
    "sanctions-stay-farm-labour": {"war ends", "postwar_need", "postwar_isolation"},
    "moscow-never-buys": {
        "postwar_isolation", "deal: arms from Pyongyang to Moscow", "deal: payment from Moscow",
        "deal: technology from Moscow",
    },
    "moscow-pays-in-sensitive-technology": {"deal: technology from Moscow"},
    "another-supplier": {"alternative_supplier"},
    "peace-talks-news": {"news"},
    "us-china-detente": {"rivalry", "line_washington_beijing"},
    "us-china-trade-war": {"rivalry", "line_washington_beijing"},
    "seoul-reaches-out": {"line_seoul_north", "line_seoul_beijing"},
    "seoul-hard-line": {"line_seoul_north", "line_seoul_beijing"},
    "washington-talks-to-kim": {"line_washington_sanction", "line_washington_posture"},
    "washington-presses-kim": {"line_washington_sanction", "line_washington_posture"},
    "nuclear-test": {"Pyongyang: provocations"},
    "testing-moratorium": {"Pyongyang: provocations"},
    "beijing-bids-against-moscow": {"variant", "patron_rivalry"},
    "patrons-are-no-rivals": {"switched off", "beijing_pyongyang_moscow"},
    "pyongyang-hedges": {"variant", "hedging"},
    "pyongyang-leans-on-moscow": {"Pyongyang: the stance to Beijing", "Pyongyang: the stance to Moscow"},
    "border-closes-again": {"border", "border_visits"},
    "great-flood": {"flood"},
    "beijing-squeezes": {"Beijing: trade and aid for the North", "Beijing: North Korean workers in China"},
    "three-way-bloc": {
        "Beijing: the three-way bloc", "Moscow: cover at the UN", "Pyongyang: the stance to Beijing",
        "Pyongyang: the stance to Moscow",
    },
    "china-economy-recovers": {"need_for_us"},
}  # fmt: skip
# Governments that go the one way or the other, and other runs that a mirror answers.
EITHER_WAY = [
    ("us-china-detente", "us-china-trade-war"),
    ("washington-talks-to-kim", "washington-presses-kim"),
    ("seoul-reaches-out", "seoul-hard-line"),
]
MIRRORS = [
    *EITHER_WAY,
    ("nuclear-test", "testing-moratorium"),
    ("beijing-bids-against-moscow", "patrons-are-no-rivals"),
    ("pyongyang-hedges", "pyongyang-leans-on-moscow"),
]


def world(name: str) -> Scenario:
    return load(FOLDER / f"{name}.yaml")


def test_every_world_that_was_promised_is_there() -> None:
    assert set(CHANGES) == set(NAMES)
    assert len(NAMES) == 30
    assert set(NAMES) <= {name for name, _ in available()}


@pytest.mark.parametrize("name", NAMES)
def test_a_world_says_what_it_asks_and_how_to_read_it(name: str) -> None:
    scenario = world(name)
    assert scenario.question.endswith("?")
    assert scenario.question.count("?") == 1
    assert len(scenario.reading.split()) >= 20
    text = (FOLDER / f"{name}.yaml").read_text(encoding="utf-8")
    assert text.startswith("# yaml-language-server: $schema=../docs/scenario.schema.json\n")


@pytest.mark.parametrize("name", NAMES)
def test_a_world_differs_from_the_baseline_in_what_it_says_and_in_nothing_else(name: str) -> None:
    rows = world(name).difference(BASE)
    assert {key.split(", 20")[0] for key, _, _ in rows} == CHANGES[name]


@pytest.mark.parametrize(("one", "other"), MIRRORS)
def test_worlds_that_mirror_each_other_say_so(one: str, other: str) -> None:
    assert other in world(one).reading
    assert one in world(other).reading


@pytest.mark.parametrize(("one", "other"), EITHER_WAY)
def test_governments_go_either_way_of_the_baseline_in_the_same_months(one: str, other: str) -> None:
    assert CHANGES[one] == CHANGES[other]
    for driver in CHANGES[one]:
        months = zip(*(scenario.schedule()[driver] for scenario in (world(one), BASE, world(other))), strict=True)
        assert all(a < base < b or b < base < a or a == base == b for a, base, b in months)


@pytest.mark.parametrize("name", NAMES)
def test_nothing_is_changed_before_the_articles_month_but_where_the_world_is_about_the_past(name: str) -> None:
    scenario = world(name)
    if name == "moscow-never-buys":
        return
    now = index("2024-09")
    for column, values in scenario.schedule().items():
        assert values[:now] == BASE.schedule()[column][:now]
    assert all(month >= now for script in scenario.scripts().values() for month in script)
    first_end = scenario.war_end[0] if isinstance(scenario.war_end, tuple) else scenario.war_end
    assert first_end is None or first_end >= now


def test_all_worlds_but_the_hindcast_share_the_standard_horizon() -> None:
    assert {name for name in NAMES if world(name).horizon != 168} == {"hindcast"}
    assert world("hindcast").horizon == 68


def test_the_ends_of_the_war_leave_two_years_of_peace_to_look_at() -> None:
    for name in NAMES:
        end = world(name).war_end
        last = end[1] if isinstance(end, tuple) else end
        assert last is None or last + 24 <= world(name).horizon, name


def test_a_world_in_which_moscow_never_buys_scripts_the_whole_deal_to_nothing() -> None:
    scripts = world("moscow-never-buys").scripts()
    assert {field: set(script.values()) for field, script in scripts.items()} == {
        "deal_arms": {0.0}, "deal_pay": {0.0}, "deal_technology": {0.0},
    }  # fmt: skip
    assert {len(script) for script in scripts.values()} == {168}


def test_only_isolation_tells_lifted_sanctions_from_those_that_stay() -> None:
    rows = world("sanctions-lifted").difference(world("sanctions-stay-farm-labour"))
    assert {key for key, _, _ in rows} == {"postwar_isolation"}


def test_the_bloc_makes_three_way_months() -> None:
    scripts = world("three-way-bloc").scripts()
    month = index("2025-01")
    assert scripts["beijing_bloc"][month] == 1.0
    assert scripts["moscow_cover"][month] == 1.0
    assert scripts["pyongyang_toward_moscow"][month] >= 0.6
