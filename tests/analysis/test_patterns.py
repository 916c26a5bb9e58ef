"""Each pattern on runs made by hand, where the number that it must give is known."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from sim.analysis import patterns as p
from sim.inference.hindcast import measure_history, observed_figures
from sim.model import months
from sim.model.moves import LEVER, Moves
from sim.registers.register import claims
from sim.registers.targets import bounds, patterns

MONTHS = months.index("2024-08") + 1
REST = {
    "china_flow": 0.95, "workers_in_russia": 0.2, "russia_flow": 0.02, "arms_flow": 0.0, "economy": 0.925,
    "influence": 0.7, "warmth_beijing_moscow": 5.0, "warmth_beijing_washington": -2.0, "warmth_beijing_seoul": 1.0,
}  # fmt: skip


@dataclass
class Made:
    """A world in which nothing happens but what is written into it."""

    runs: int = 1
    arrays: dict[str, NDArray[np.float64]] = field(default_factory=dict)

    def array(self, name: str) -> NDArray[np.float64]:
        if name not in self.arrays:
            still = getattr(Moves(), name) if name in LEVER else REST[name]
            self.arrays[name] = np.full((self.runs, MONTHS), still, dtype=float)
        return self.arrays[name]

    def put(self, name: str, first: str, last: str, value: Any, run: int | slice = slice(None)) -> "Made":
        self.array(name)[run, months.index(first) : months.index(last) + 1] = value
        return self


def only(values: NDArray[Any]) -> float:
    return float(np.asarray(values).mean())


# --- T1 and T6: months in which several levers meet


def meeting(month: str) -> Made:
    world = Made().put("beijing_bloc", month, month, 1.0).put("moscow_cover", month, month, 1.0)
    return world.put("pyongyang_toward_moscow", month, month, 0.6)


@pytest.mark.parametrize(("month", "there"), [("2023-12", False), ("2024-01", True), ("2024-08", True)])
def test_a_three_way_month_counts_from_january_to_august_2024(month: str, there: bool) -> None:
    assert p.t1(meeting(month)).tolist() == [there]


@pytest.mark.parametrize(
    ("lever", "value"),
    [("beijing_bloc", 0.5), ("moscow_cover", 0.0), ("pyongyang_toward_moscow", 0.2)],
)
def test_three_levers_must_meet_for_a_three_way_month(lever: str, value: float) -> None:
    assert not p.t1(meeting("2024-03").put(lever, "2024-03", "2024-03", value)).any()


def test_a_treaty_is_more_than_courting_in_a_three_way_month() -> None:
    assert p.t1(meeting("2024-03").put("pyongyang_toward_moscow", "2024-03", "2024-03", 1.0)).all()


@pytest.mark.parametrize(("month", "there"), [("2022-12", False), ("2023-01", True), ("2024-08", True)])
def test_a_month_of_a_summit_counts_from_2023_on(month: str, there: bool) -> None:
    world = Made().put("pyongyang_toward_beijing", "2019-01", "2024-08", 0.3)
    assert p.t6(world.put("pyongyang_toward_beijing", month, month, 1.0)).tolist() == [there]


def test_there_is_no_summit_where_beijing_sends_envoys_however_much_it_is_courted() -> None:
    assert not p.t6(Made().put("beijing_visits", "2023-01", "2024-08", 0.0)).any()


# --- Stances


def test_the_friendly_start_of_2024_is_held_against_the_mean_of_2023() -> None:
    world = Made().put("pyongyang_toward_beijing", "2023-01", "2023-12", [1.0, *[-0.3] * 10, 0.3])
    world.put("pyongyang_toward_beijing", "2024-01", "2024-03", [0.3, 0.3, -1.0])
    assert only(p.t2a(world)) == pytest.approx(-0.4 / 3 - (1.3 - 3.0) / 12)


def test_the_cooling_is_the_first_quarter_less_may_to_august() -> None:
    world = Made().put("pyongyang_toward_beijing", "2024-01", "2024-03", 0.3)
    world.put("pyongyang_toward_beijing", "2024-04", "2024-04", 1.0)
    world.put("pyongyang_toward_beijing", "2024-05", "2024-08", [0.3, -0.3, -0.3, -1.0])
    assert only(p.t2b_drop(world)) == pytest.approx(0.3 + 1.3 / 4)


@pytest.mark.parametrize(("month", "there"), [("2024-04", False), ("2024-05", True), ("2024-08", True)])
def test_a_slight_counts_from_may_to_august_2024(month: str, there: bool) -> None:
    assert p.t2b_slights(Made().put("pyongyang_toward_beijing", month, month, -1.0)).tolist() == [there]


def test_coolness_is_no_slight() -> None:
    world = Made().put("pyongyang_toward_beijing", "2023-01", "2024-08", -0.3)
    assert not p.t2b_slights(world).any()
    assert np.isnan(p.t7b(world)).all()


def test_treaty_months_of_the_last_year_are_held_against_twice_those_before_the_war() -> None:
    world = Made().put("pyongyang_toward_moscow", "2019-01", "2019-09", 1.0)  # 9 of 36
    world.put("pyongyang_toward_moscow", "2022-01", "2023-08", 1.0)  # counts on neither side
    world.put("pyongyang_toward_moscow", "2023-09", "2024-06", 1.0)  # 10 of 12
    assert only(p.t3(world)) == pytest.approx(10 / 12 - 2 * 9 / 36)


def test_the_stance_to_moscow_is_that_of_the_first_half_of_2024() -> None:
    world = Made().put("pyongyang_toward_moscow", "2024-01", "2024-06", 0.6)
    assert only(p.t3c(world.put("pyongyang_toward_moscow", "2024-06", "2024-06", -0.3))) == pytest.approx(2.7 / 6)


# --- Series


def test_shells_are_counted_from_september_2023() -> None:
    world = Made().put("arms_flow", "2022-01", "2024-08", 1.0)
    assert only(p.t3b(world)) == 6.0
    block = Made(2, {"arms_flow": np.stack([world.array("arms_flow"), np.zeros((1, MONTHS))])})  # of two sets
    assert p.t3b(block).tolist() == [[6.0], [0.0]]
    assert only(p.shells(world, "2023-11")) == 1.5


def test_trade_is_the_sum_of_a_year_in_million_dollars() -> None:
    assert only(p.trade(Made().put("china_flow", "2023-01", "2023-06", 0.0), "2023")) == pytest.approx(6 * 240 * 0.95)


def test_growth_is_of_the_mean_of_the_year_and_2019_against_the_start() -> None:
    world = Made().put("economy", "2020-01", "2020-12", 0.925 * 0.96).put("economy", "2019-01", "2019-12", 0.925)
    assert only(p.growth(world, "2019")) == pytest.approx(0.0, abs=1e-9)
    assert only(p.growth(world, "2020")) == pytest.approx(-4.0)
    assert only(p.growth(world, "2021")) == pytest.approx(100 * (1 / 0.96 - 1))


def test_a_tenth_of_russian_goods_is_recorded() -> None:
    world = Made().put("china_flow", "2023-01", "2023-12", 0.7).put("russia_flow", "2023-01", "2023-12", 0.3)
    assert only(p.share(world, "2023")) == pytest.approx(100 * 0.7 / 0.75)


def test_growth_of_2021_and_2022_is_averaged() -> None:
    world = Made().put("economy", "2021-01", "2021-12", 0.925 * 1.02)
    world.put("economy", "2022-01", "2022-12", 0.925 * 1.02 * 1.01)
    assert only(p.t4_2021_22(world)) == pytest.approx(1.5)


# --- Beijing


def test_influence_is_held_against_a_year_before() -> None:
    assert p.t6b(Made().put("influence", "2024-08", "2024-08", 0.6).put("influence", "2023-07", "2023-07", 0.5)).all()
    assert not p.t6b(Made().put("influence", "2024-07", "2024-07", 0.6)).any()


def test_outreach_is_held_against_the_same_run_without_a_deal() -> None:
    world = Made(2).put("beijing_toward_west", "2023-09", "2024-08", 1.0)
    alone = Made(2).put("beijing_toward_west", "2023-09", "2024-02", 1.0, run=0)
    assert p.t7(world, alone).tolist() == [0.5, 1.0]


def slighted(answer: str | None) -> Made:
    """Ten runs; in the first, Pyongyang slights Beijing once, in June 2023."""
    world = Made(10).put("pyongyang_toward_beijing", "2023-06", "2023-06", -1.0, run=0)
    return world.put("beijing_workers", answer, "2024-08", 0.5, run=0) if answer else world


@pytest.mark.parametrize(("answer", "after"), [("2023-06", 0.0), ("2023-07", 1.0), ("2023-09", 1.0), ("2023-10", 0.0)])
def test_workers_sent_home_answer_a_slight_within_three_months_after_it(answer: str, after: float) -> None:
    others = 3 / 169 if after == 0.0 else 2 / 169  # 17 months of ten runs, less the slight; three look onto the answer
    assert only(p.t7b(slighted(answer))) == pytest.approx(after - others)


def test_probabilities_around_slights_are_over_all_months_of_all_runs() -> None:
    world = Made(2).put("pyongyang_toward_beijing", "2023-02", "2023-04", -1.0, run=0)  # three slights, all answered
    world.put("beijing_workers", "2023-05", "2024-08", 0.5, run=0)
    world.put("pyongyang_toward_beijing", "2024-01", "2024-01", -1.0, run=1)  # one slight, not answered
    assert p.t7b(world).tolist() == pytest.approx([3 / 4 + 3 / 8, 3 / 4 - 3 / 8])  # all answers are of the first run


def test_nothing_is_answered_where_nobody_is_slighted() -> None:
    assert np.isnan(p.t7b(Made(3))).all()


def test_the_error_of_the_answers_is_that_of_many_ensembles() -> None:
    rng = np.random.default_rng(4)

    def drawn(sets: int, runs: int) -> Made:
        shape = (sets, runs, MONTHS)
        stance = np.where(rng.random(shape) < 0.2, -1.0, 0.3)
        after = np.zeros(shape, dtype=bool)
        after[..., 1:] = (stance == -1.0)[..., :-1]
        workers = np.where(rng.random(shape) < np.where(after, 0.6, 0.3), 0.5, 1.0)
        return Made(runs, {"pyongyang_toward_beijing": stance, "beijing_workers": workers})

    values = p.t7b(drawn(2_000, 20))
    error = (values.std(axis=-1, ddof=1) / np.sqrt(20)).mean()
    assert error == pytest.approx(values.mean(axis=-1).std(), rel=0.1)


@pytest.mark.parametrize(("last", "there"), [("2023-07", False), ("2023-08", True)])
def test_a_squeeze_is_long_from_the_fourth_month_on(last: str, there: bool) -> None:
    assert p.t8(Made().put("beijing_trade", "2023-05", last, 0.35)).tolist() == [there]


def test_trimming_is_no_squeeze_and_2022_does_not_count() -> None:
    assert not p.t8(Made().put("beijing_trade", "2023-01", "2024-08", 0.7)).any()
    assert not p.t8(Made().put("beijing_trade", "2022-01", "2023-03", 0.35)).any()


# --- Beside those that count


def test_beijing_answers_in_kind_where_it_trades_no_less_in_early_2024() -> None:
    world = Made().put("beijing_trade", "2023-01", "2023-12", 1.0).put("beijing_trade", "2023-01", "2023-06", 0.7)
    assert only(p.t2c(world.put("beijing_trade", "2024-01", "2024-03", [1.3, 1.0, 0.7]))) == pytest.approx(1.0 - 0.85)


@pytest.mark.parametrize(("month", "there"), [("2022-01", False), ("2022-02", True), ("2024-08", True)])
def test_a_rupture_is_a_slight_and_a_squeeze_in_one_month_of_war(month: str, there: bool) -> None:
    world = Made().put("beijing_trade", month, month, 0.35)
    assert not p.t8b(world).any()
    assert p.t8b(world.put("pyongyang_toward_beijing", month, month, -1.0)).tolist() == [there]


# --- The other dyads

ALL, BEFORE = ("2019-01", "2024-08"), ("2019-01", "2021-12")
ELSEWHERE = 99.0  # what a series holds in months that do not count


@pytest.mark.parametrize(
    ("name", "series", "early", "late"),
    [
        ("W1", "warmth_beijing_moscow", ("2019-01", "2019-12"), ("2022-03", "2024-08")),
        ("W3", "warmth_beijing_seoul", BEFORE, ("2022-06", "2024-08")),
        ("W4", "washington_posture", BEFORE, ("2022-08", "2024-08")),
    ],
)
def test_a_later_mean_is_held_against_an_earlier_one(name: str, series: str, early: Any, late: Any) -> None:
    world = Made().put(series, *ALL, ELSEWHERE).put(series, *early, 2.0).put(series, *late, 5.0)
    assert only(p.PATTERNS[name](world)) == pytest.approx(3.0)


@pytest.mark.parametrize(
    ("name", "series", "months"),
    [
        ("W2", "warmth_beijing_washington", ("2019-01", "2023-10")),
        ("W10", "workers_in_russia", ("2024-01", "2024-08")),
    ],
)
def test_a_mean_is_of_its_months(name: str, series: str, months: Any) -> None:
    world = Made().put(series, *ALL, ELSEWHERE).put(series, *months, 0.3)
    assert only(p.PATTERNS[name](world)) == pytest.approx(0.3)


@pytest.mark.parametrize(
    ("name", "lever", "option", "other", "span"),
    [
        ("W7", "washington_sanction", "ease", "tighten", ("2021-02", "2024-08")),
        ("W8", "pyongyang_toward_beijing", "slight", "correct", ("2019-01", "2024-04")),
        ("W11_engage", "seoul_north", "engage", "deter", BEFORE),
        ("W12_join", "beijing_bloc", "join", "aloof", ALL),
        ("W12_egg", "beijing_leash", "egg on", "restrain", ALL),
    ],
)
def test_a_share_is_of_the_months_in_which_an_option_is_taken(
    name: str, lever: str, option: str, other: str, span: Any
) -> None:
    """Two months of its span, and all months around it, which do not count."""
    value = {choice.name: choice.value for choice in LEVER[lever].options}
    first, last = span
    world = Made().put(lever, *ALL, value[option]).put(lever, first, last, value[other])
    world.put(lever, first, first, value[option]).put(lever, last, last, value[option])
    assert only(p.PATTERNS[name](world)) == pytest.approx(2 / (months.index(last) - months.index(first) + 1))


def test_seoul_is_firm_where_it_does_not_engage() -> None:
    world = Made().put("seoul_north", *ALL, 1.0).put("seoul_north", "2022-06", "2024-08", -1.0)
    assert only(p.PATTERNS["W11_firm"](world.put("seoul_north", "2024-08", "2024-08", 1.0))) == pytest.approx(26 / 27)
    assert only(p.PATTERNS["W11_firm"](world.put("seoul_north", "2024-07", "2024-07", 0.0))) == pytest.approx(26 / 27)


def test_months_of_missiles_are_counted_a_year_and_a_nuclear_test_is_one_but_talk_is_none() -> None:
    world = Made().put("pyongyang_provoke", "2022-01", "2022-06", 0.33)
    world.put("pyongyang_provoke", "2022-01", "2022-03", 0.67).put("pyongyang_provoke", "2022-12", "2022-12", 1.0)
    world.put("pyongyang_provoke", "2020-01", "2020-01", 0.67).put("pyongyang_provoke", "2021-12", "2021-12", 1.0)
    world.put("pyongyang_provoke", "2019-12", "2019-12", 0.67).put("pyongyang_provoke", "2023-01", "2023-01", 0.67)
    assert only(p.w5(world)) == pytest.approx(4.0 - 1.0)


def test_talks_of_early_2019_are_held_against_those_since_2021_and_probing_is_none() -> None:
    world = Made().put("pyongyang_talks", "2019-01", "2024-08", 0.5)
    world.put("pyongyang_talks", "2019-01", "2019-03", 1.0).put("pyongyang_talks", "2019-07", "2020-12", 1.0)
    world.put("pyongyang_talks", "2019-04", "2019-04", 0.0).put("pyongyang_talks", "2024-08", "2024-08", 1.0)
    assert only(p.w6(world)) == pytest.approx(3 / 6 - 1 / 44)


@pytest.mark.parametrize(
    ("name", "lever", "enough", "less", "month", "late"),
    [
        ("W9", "pyongyang_toward_moscow", 1.0, 0.6, "2021-12", "2022-01"),
        ("W13", "pyongyang_provoke", 1.0, 0.67, "2024-08", None),
    ],
)
def test_one_month_is_enough(name: str, lever: str, enough: float, less: float, month: str, late: str | None) -> None:
    assert not p.PATTERNS[name](Made()).any() and not p.PATTERNS[name](Made().put(lever, *ALL, less)).any()
    assert p.PATTERNS[name](Made().put(lever, month, month, enough)).all()
    assert late is None or not p.PATTERNS[name](Made().put(lever, late, late, enough)).any()


# --- After the war


def test_waning_is_held_against_the_last_year_of_war() -> None:
    arms = np.zeros((2, 60))
    arms[:, 11:25] = 0.8  # a month more on either side
    arms[0, 42], arms[1, 41] = 0.2, 0.2
    assert p.t9(arms, np.array([24, 24])).tolist() == [pytest.approx(0.25), 0.0]
    assert np.isnan(p.t9(np.zeros((1, 60)), np.array([24]))).all()


def test_an_alliance_counts_in_the_five_years_from_the_end() -> None:
    ends = np.array([months.index("2024-03")])
    assert p.t11(meeting("2024-03"), ends).all()
    assert not p.t11(meeting("2024-02"), ends).any()
    assert not p.t11(meeting("2024-08"), np.array([months.index("2024-08") - 60])).any()
    assert p.t11(meeting("2024-08"), np.array([months.index("2024-08") - 59])).all()


# --- The registers


def test_every_bound_about_history_is_measured_and_nothing_else() -> None:
    history = {name for name, bound in bounds().items() if bound.about == "history"}
    assert history == set(p.PATTERNS) | set(p.PAIRED)
    assert set(measure_history(Made(2), Made(2), runs=2).means) == history | set(observed_figures())


def test_patterns_cite_only_what_the_model_may_not() -> None:
    cited = {claim for bound in bounds().values() for claim in bound.claims}
    assert any(claims()[claim].barred for claim in cited)
    of_the_article = ["T1", "T2a", "T2b", "T2c", "T3", "T3b", "T3c", "T4", "T5", "T6", "T6b", "T7", "T7b", "T8", "T8b"]
    assert list(patterns()) == of_the_article + [f"W{number}" for number in range(1, 14)]
    assert list(patterns("forecast")) == ["T9", "T10", "T11"]
