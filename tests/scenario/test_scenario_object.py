"""What the engines and the users ask of a scenario."""

from itertools import pairwise

import numpy as np
import pytest

from sim.model.capitals import CAPITALS
from sim.model.months import index
from sim.model.moves import LEVER
from sim.model.variants import VARIANTS
from sim.prediction.border import paths
from sim.registers.register import registered_parameters
from sim.scenario import Scenario, ScenarioError, load, loads, war_and_drivers
from sim.scenario.values import ORDERINGS, resolve, weights_of

BASE = load("baseline")


def at(scenario: Scenario, name: str, *months: str) -> list[float]:
    column = scenario.schedule()[name]
    return [column[index(month)] for month in months]


def refusal(**changes: object) -> str:
    with pytest.raises(ScenarioError) as caught:
        BASE.with_(**changes)
    return str(caught.value)


# --- What the baseline says, month by month


def test_the_border_follows_the_observed_closure_and_reopening() -> None:
    months = [
        "2019-01",
        "2019-12",
        "2020-01",
        "2020-02",
        "2020-03",
        "2020-04",
        "2020-09",
        "2020-12",
        "2021-07",
        "2022-12",
    ]
    assert at(BASE, "border", *months) == [1, 1, 0.7, 0, 0, 0.29, 0.14, 0, 0.24, 0.58]
    assert at(BASE, "border", "2023-01", "2023-12", "2024-08") == [0.62, 0.82, 0.82]


def test_later_the_border_is_the_mean_of_the_paths_that_forecasts_draw() -> None:
    foreseen, likely = paths(index("2024-08"), index("2032-12"))
    assert BASE.schedule()["border"] == pytest.approx(likely @ foreseen, abs=0.01)  # the file rounds to hundredths


def test_the_other_drivers_change_when_they_should() -> None:
    assert at(BASE, "border_russia", "2020-01", "2020-02", "2022-10", "2022-11", "2023-07", "2023-08") == [
        1,
        0,
        0,
        0.3,
        0.3,
        1,
    ]
    assert at(BASE, "need_for_us", "2022-12", "2023-01", "2032-12") == [0.8, 1.1, 1.1]
    assert at(BASE, "flood", "2024-06", "2024-07", "2024-08", "2024-09") == [0, 1, 1, 0]
    bounds = ("2020-07", "2020-08", "2020-09", "2020-10", "2022-04", "2022-05", "2022-08", "2022-09")
    disasters = at(BASE, "flood", *bounds)
    assert disasters == [0, 1, 1, 0, 0, 1, 1, 0]
    assert set(BASE.schedule()["sanctions_nominal"]) == {0.9}
    assert {sum(BASE.schedule()[name]) for name in ("news", "alternative_supplier", "crisis")} == {0.0}


def test_governments_hold_their_lines_by_date_and_the_last_known_goes_on() -> None:
    """Nobody knew in August 2024 who would govern later."""
    dated = {
        "rivalry": {"2019-01": 0.6, "2020-03": 0.9, "2021-02": 0.8, "2022-08": 1.0, "2023-11": 0.7},
        "line_washington_beijing": {"2019-01": -0.4, "2020-03": -0.8, "2021-02": -0.5, "2023-11": -0.2},
        "line_washington_sanction": {"2019-01": 0.3, "2021-02": 0.2},
        "line_washington_posture": {"2019-01": -0.6, "2021-02": -0.3, "2022-08": 0.6},
        "line_seoul_north": {"2019-01": 0.8, "2022-06": -0.6},
        "line_seoul_beijing": {"2019-01": 0.2, "2022-06": -0.5},
    }
    for name, path in dated.items():
        assert at(BASE, name, *path) == list(path.values())
        values = BASE.schedule()[name]
        assert sum(one != other for one, other in pairwise(values)) == len(path) - 1, name
        assert values[-1] == list(path.values())[-1]


def test_a_schedule_has_a_column_for_each_driver_and_a_value_for_each_month() -> None:
    schedule = BASE.schedule()
    assert set(schedule) == {
        "border", "border_visits", "border_russia", "need_for_us", "sanctions_nominal", "news",
        "alternative_supplier", "flood", "crisis", "rivalry",
        "line_washington_beijing", "line_washington_sanction", "line_washington_posture",
        "line_seoul_north", "line_seoul_beijing",
    }  # fmt: skip
    assert {len(column) for column in schedule.values()} == {BASE.horizon} == {168}


def test_the_horizon_is_counted_from_january_2019_and_the_report_may_begin_later() -> None:
    late = BASE.with_(months={"from": "2024-01", "to": "2036-12"})
    assert (late.first, late.horizon, len(late.schedule()["border"])) == (60, 216, 216)
    assert late.schedule()["border"][:168] == BASE.schedule()["border"]


# --- Drivers


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        (0.5, [0.5, 0.5, 0.5, 0.5]),
        ({"from": "2027-02", "to": "2027-02", "value": 0}, [1, 0, 1, 1]),
        (
            [{"from": "2027-02", "to": "2027-03", "value": 0}, {"from": "2027-03", "to": "2027-03", "value": 0.4}],
            [1, 0, 0.4, 1],
        ),
        ({"2027-02": 0.2}, [1, 0.2, 0.2, 0.2]),
        ({"2027-01": 0.2, "2027-03": {"linear": 0.6}}, [0.2, 0.4, 0.6, 0.6]),
        ({"2027-01": 0.2, "2027-02": {"linear": 0.4}, "2027-04": {"linear": 0}}, [0.2, 0.4, 0.2, 0]),
        ([0.3, {"from": "2027-03", "to": "2027-04", "value": 1.2}], [0.3, 0.3, 1.2, 1.2]),
    ],
)  # fmt: skip
def test_a_driver_is_laid_over_what_it_was(written: object, expected: list[float]) -> None:
    scenario = BASE.with_(drivers={"border_russia": written})
    now = at(scenario, "border_russia", "2027-01", "2027-02", "2027-03", "2027-04")
    assert now == pytest.approx(expected, abs=1e-15)
    if written != 0.5 and not isinstance(written, list):
        assert at(scenario, "border_russia", "2020-02", "2026-12") == [0, 1]


def test_a_pulse_of_an_event_is_full_where_nothing_is_said() -> None:
    scenario = BASE.with_(
        drivers={"flood": {"from": "2027-07", "to": "2027-08"}, "news": {"from": "2027-07", "to": "2027-07"}}
    )
    assert at(scenario, "flood", "2024-07", "2027-06", "2027-07", "2027-08", "2027-09") == [1, 0, 1, 1, 0]
    assert at(scenario, "news", "2027-07", "2027-08") == [1, 0]


# --- The war


def test_the_war_ends_never_or_in_a_month_or_by_a_draw() -> None:
    assert (BASE.war_start, BASE.war_end) == (37, None)
    assert BASE.with_(war={"ends": "2027-06"}).war_end == 101
    assert BASE.with_(war={"ends": {"uniform": ["2026-01", "2030-12"]}}).war_end == (84, 143)
    assert BASE.with_(war={"ends": {"uniform": ["2026-01", "2026-02"]}}).with_(war={"ends": "never"}).war_end is None


# --- Parameters


def test_values_hold_every_parameter_of_the_register_as_a_float() -> None:
    values = BASE.values()
    assert set(values) == set(registered_parameters())
    assert {type(value) for value in values.values()} == {float}
    assert values["postwar_need"] == registered_parameters()["postwar_need"].default
    assert BASE.with_(postwar_need=0.2).values()["postwar_need"] == 0.2


def test_each_capitals_weights_sum_to_one() -> None:
    values = BASE.with_(pyongyang_economy_weight=0.5, seoul_north_weight=0.2).values()
    for capital in ("Beijing", "Moscow", "Pyongyang", "Seoul"):
        assert sum(values[name] for name in weights_of(capital).values()) == pytest.approx(1, abs=1e-12), capital
    assert {capital for capital in CAPITALS if weights_of(capital)} == set(CAPITALS)


def test_washingtons_weights_are_divided_only_where_they_exceed_one_together() -> None:
    names = list(weights_of("Washington").values())
    assert sum(BASE.values()[name] for name in names) == pytest.approx(
        sum(registered_parameters()[name].default for name in names)
    )
    high = BASE.with_(parameters={name: registered_parameters()[name].high for name in names})
    assert sum(high.parameters.values()) > 1
    assert sum(high.values()[name] for name in names) == pytest.approx(1, abs=1e-12)


def test_switching_off_leaves_the_other_weights_as_they_were() -> None:
    off = BASE.with_(without=["A3"]).values()
    changed = {name for name, value in BASE.values().items() if off[name] != value}
    assert changed == {
        name
        for name, entry in registered_parameters().items()
        if "A3" in _off(entry) and entry.neutral not in (None, entry.default)
    }
    assert off["pyongyang_economy_weight"] == BASE.values()["pyongyang_economy_weight"]


def _off(entry: object) -> tuple[str, ...]:
    return entry.claims if entry.off_without is None else entry.off_without  # type: ignore[attr-defined]


def test_a_variants_values_come_last() -> None:
    assert BASE.with_(variant="V4", grievance=30).values()["grievance"] == 0
    assert BASE.with_(variant="V2-12").values()["foresight"] == 12
    assert BASE.with_(variant="V5").variant is VARIANTS["V5"]


def test_arrays_resolve_to_the_same_bits_as_numbers() -> None:
    rng = np.random.default_rng(5)
    entries = {name: entry for name, entry in registered_parameters().items() if entry.low is not None}
    arrays = {name: rng.uniform(entry.low, entry.high, 50) for name, entry in entries.items()}
    together = resolve(arrays, ["C38"], VARIANTS["V4"])
    for run in range(50):
        alone = resolve({name: float(column[run]) for name, column in arrays.items()}, ["C38"], VARIANTS["V4"])
        for name, value in alone.items():
            assert np.broadcast_to(together[name], 50)[run] == value, name
    sums = sum(arrays[name] for name in weights_of("Washington").values())
    assert (sums > 1).any() and (sums < 1).any()  # both sides of Washington's rule were tried


def test_the_articles_orderings_hold_for_the_defaults_and_are_enforced() -> None:
    values = {name: entry.default for name, entry in registered_parameters().items()}
    assert all(ordering.margin(values) >= 0 for ordering in ORDERINGS)
    assert "beijing_west_weight must be at least beijing_influence_weight" in refusal(beijing_west_weight=0.15)
    assert BASE.with_(beijing_west_weight=0.15, beijing_influence_weight=0.15).parameters["beijing_west_weight"] == 0.15


# --- Scripts


def script(capital: str, lever: str, option: str, first: str, last: str) -> dict[str, str]:
    return {"capital": capital, "lever": lever, "option": option, "from": first, "to": last}


def test_scripts_give_an_options_value_for_each_month_within_the_horizon() -> None:
    scenario = BASE.with_(
        moves=[
            script("Beijing", "trade", "squeeze", "2025-01", "2025-03"),
            script("deal", "arms", "none", "2032-11", "2045-12"),
            script("Pyongyang", "toward_beijing", "slight", "2025-01", "2025-01"),
            script("Washington", "toward_beijing", "engage", "2025-01", "2025-01"),
        ]
    )
    assert scenario.scripts() == {
        "beijing_trade": {72: 0.35, 73: 0.35, 74: 0.35},
        "deal_arms": {166: 0.0, 167: 0.0},
        "pyongyang_toward_beijing": {72: -1.0},
        "washington_toward_beijing": {72: 1.0},
    }


@pytest.mark.parametrize("field", LEVER)
def test_every_option_of_every_lever_can_be_scripted(field: str) -> None:
    lever = LEVER[field]
    for option in lever.options:
        scenario = BASE.with_(moves=[script(lever.capital, lever.name, option.name, "2025-01", "2025-01")])
        assert scenario.scripts() == {field: {72: option.value}}


def test_the_same_script_twice_is_no_clash_but_two_options_are() -> None:
    once = script("Beijing", "trade", "trim", "2025-01", "2025-06")
    assert len(BASE.with_(moves=[once]).with_(moves=[once]).moves) == 2
    assert "scripted as trim too" in refusal(moves=[once, once | {"option": "squeeze", "from": "2025-06"}])
    BASE.with_(moves=[once, once | {"option": "squeeze", "from": "2025-07", "to": "2025-08"}])


# --- with_


def test_with_gives_what_a_file_that_extends_it_gives() -> None:
    file = loads(
        """
name: mine
question: What if?
war: {ends: {uniform: [2026-01, 2027-12]}}
months: {to: 2030-12}
drivers: {border: {from: 2027-01, to: 2027-12, value: 0}, alternative_supplier: 0.5, line_seoul_north: {2025-01: 1}}
parameters: {postwar_need: 0.2, restocking_months: 1e1}
without: [C38]
variant: V4
moves: [{capital: Beijing, lever: trade, option: squeeze, from: 2025-01, to: 2025-06}]
"""
    )
    made = BASE.with_(
        name="mine",
        question="What if?",
        war={"ends": {"uniform": ("2026-01", "2027-12")}},
        months={"to": "2030-12"},
        drivers={
            "border": {"from": "2027-01", "to": "2027-12", "value": 0},
            "alternative_supplier": 0.5,
            "line_seoul_north": {"2025-01": 1},
        },
        parameters={"postwar_need": 0.2},
        restocking_months=10,
        without=["C38"],
        variant="V4",
        moves=[script("Beijing", "trade", "squeeze", "2025-01", "2025-06")],
    )
    assert made.with_(reading=BASE.reading) == file.with_(reading=BASE.reading)
    assert hash(made) == hash(file.with_(reading=BASE.reading))
    assert made.difference(file) == []
    assert made != BASE


def test_with_changes_nothing_else_and_leaves_the_first_alone() -> None:
    before = BASE.to_yaml()
    changed = BASE.with_(drivers={"border": 0.5}).with_(war={"ends": "2027-06"})
    assert (changed.name, changed.question, changed.path) == (BASE.name, BASE.question, None)
    assert changed.overrides == {"war": {"ends": "2027-06"}}
    assert BASE.to_yaml() == before
    assert BASE.with_() == BASE


def test_a_scenario_cannot_be_changed_in_place() -> None:
    with pytest.raises(ValueError, match="frozen"):
        BASE.name = "other"


def test_with_takes_numbers_of_numpy() -> None:
    assert BASE.with_(postwar_need=np.float64(0.2), foresight=np.int64(6)) == BASE.with_(postwar_need=0.2, foresight=6)


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"postwar_ned": 1}, ["with_(postwar_ned=...)", "neither a key", "nearest  postwar_need"]),
        ({"postwar_need": 9}, ["with_(postwar_need=...)", "parameters.postwar_need", "0 to 1.6"]),
        ({"postwar_need": True}, ["parameters.postwar_need", "a number is wanted"]),
        ({"postwar_need": float("nan")}, ["parameters.postwar_need", "not finite"]),
        ({"postwar_need": 10**400}, ["parameters.postwar_need", "not finite"]),
        ({"parameters": 5, "postwar_need": 0.2}, ["parameters", "names with numbers"]),
        ({"war": {"ends": 2027}}, ["war.ends", "write 2027-01"]),
        ({"war": "2027-06"}, ["war", "keys with values"]),
        ({"drivers": {"bordr": 1}}, ["drivers.bordr", "nearest  border"]),
        ({"without": "C38"}, ["without", "a list of ids"]),
        ({"variant": "V99"}, ["variant", "V99"]),
        ({"extends": "baseline"}, ["extends", "neither a key"]),
        ({"administrations": []}, ["administrations", "under drivers write", "line_seoul_north"]),
        ({"moves": [{"capital": "Bejing"}]}, ["moves #1.lever", "missing"]),
    ],
)
def test_with_names_the_keyword(changes: dict[str, object], says: list[str]) -> None:
    text = refusal(**changes)
    assert all(part in text for part in says), text
    assert text.startswith("with_(")


def test_a_date_object_is_met_with_how_to_write_it() -> None:
    import datetime

    assert "write 2027-06" in refusal(war={"ends": datetime.date(2027, 6, 1)})


BOUNDS = {"border": (0.0, 1.2), "border_visits": (0.0, 1.2), "border_russia": (0.0, 1.2), "need_for_us": (0.4, 1.4)}
USUAL = {"news": 1.0, "flood": 1.0, "crisis": 1.0}  # of a pulse that names no value


@pytest.mark.parametrize("name", war_and_drivers.Drivers.model_fields)
def test_a_driver_is_a_share_or_a_line_unless_said_otherwise_and_few_have_a_usual_pulse(name: str) -> None:
    low, high = BOUNDS.get(name, (-1.0, 1.0) if name.startswith("line_") else (0.0, 1.0))
    assert war_and_drivers.driver_bounds(name) == (low, high)
    assert war_and_drivers.driver_entry(name)["usual"] == USUAL.get(name)
    for value, fits in ((low, True), (high, True), (low - 0.01, False), (high + 0.01, False)):
        if fits:
            driven = load("baseline").with_(drivers={name: value}).schedule()[name]
            assert set(driven) == {value}
        else:
            with pytest.raises(ScenarioError, match="outside the range"):
                load("baseline").with_(drivers={name: value})
