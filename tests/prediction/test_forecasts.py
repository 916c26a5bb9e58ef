"""Forecasts set out from states, and know nothing later than these."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from sim.engine.blocks import REMEMBERED
from sim.engine.ensemble import SERIES, Ensemble
from sim.engine.experiment import Experiment
from sim.engine.sets import Sets, equally_weighted
from sim.engine.start_state import StartState
from sim.engine.war_end import NEVER
from sim.inference import coding, filtering
from sim.inference.filtering import FilterSettings
from sim.inference.measurements import MEASURES, WATCHED, Discrepancy, Measurements
from sim.inference.parameter_sets import retained_sets
from sim.model import months
from sim.model.moves import LEVER, LEVERS
from sim.prediction import border, forecasting
from sim.prediction.forecasting import FINE, FINELY, LEVELS, MODEL, QUANTILES
from sim.prediction.questions import questions_on
from sim.prediction.references import AUTOREGRESSION, BASE, BORDER, PERSISTENCE, SEASONAL
from sim.scenario import load
from sim.scenario.source import Source

AS_OF, TO = months.index("2020-06"), months.index("2021-12")
AUGUST_2024, LAST = months.index("2024-08"), months.index("2026-08")
ROOT = Path(__file__).parents[2]


def brief() -> Experiment:
    return Experiment(filtering.known_world("2020-06"), retained_sets(), 3)


def futures_of(sets: Sets, runs: int, seed: int = 4, jobs: int | None = None) -> Experiment:
    return Experiment(filtering.recorded_world(), sets, seed, jobs=jobs).runs_of_every_set(runs, in_turn=True)


@pytest.fixture(scope="module")
def sets() -> Sets:
    return filtering.filter_states(brief(), FilterSettings(64)).sets


@pytest.fixture(scope="module")
def processes() -> dict[str, Discrepancy]:
    return filtering.learn_discrepancies(brief())


@pytest.fixture(scope="module")
def table(sets: Sets, processes: dict[str, Discrepancy]) -> pd.DataFrame:
    return forecasting.forecast_tables(futures_of(sets, 2), processes, TO)[0]


def states(count: int, known: int) -> StartState:
    played = np.zeros((count, known, len(LEVERS)), dtype=np.int8)
    return StartState(known, np.zeros((len(REMEMBERED), count)), np.ones((count, known, len(SERIES))), played)


def known_to(month: int, **values: list[float]) -> Sets:
    frame = pd.DataFrame(values)
    return equally_weighted(frame, Source.FILTERED, states(len(frame), month + 1))


# --- What is asked


def test_the_questions_of_the_first_sitting_come_first_in_their_order() -> None:
    first = pd.read_csv(ROOT / "docs" / "forecasts.csv", comment="#")["id"].drop_duplicates().tolist()
    assert [question.id for question in questions_on(AUGUST_2024, LAST)][: len(first)] == first
    longer = [question.id for question in questions_on(AUGUST_2024, months.index("2028-08"))]
    assert longer[: len(first)] == first and len(set(longer)) == len(longer) == 104
    assert {"trade/2028-08", "share/2027", "summit/2028-03", "veto/2024-09", "three-way/2026-09"} <= set(longer)


def test_a_half_year_that_is_not_over_is_not_asked_about() -> None:
    every = questions_on(AUGUST_2024, months.index("2025-08") - 1)
    asked = [question for question in every if question.about == "slight"]
    assert [(question.id, question.last - question.first) for question in asked] == [("slight/2024-09", 5)]


def test_a_half_year_is_asked_about_when_the_last_month_ends_it() -> None:
    for last, count in (("2025-01", 0), ("2025-02", 1), ("2025-07", 1), ("2025-08", 2)):
        asked = [question for question in questions_on(AUGUST_2024, months.index(last)) if question.about == "summit"]
        assert len(asked) == count


def test_a_year_is_asked_about_when_its_december_lies_ahead() -> None:
    for as_of, first in (("2023-11", "growth/2023"), ("2023-12", "growth/2024")):
        asked = questions_on(months.index(as_of), months.index("2024-12"))
        assert next(question.id for question in asked if question.about == "growth") == first
    until = [questions_on(AUGUST_2024, months.index(last)) for last in ("2025-11", "2025-12")]
    assert [sum(question.about == "share" for question in asked) for asked in until] == [1, 2]


# --- What comes from outside


def test_the_war_is_likelier_to_last_the_longer_a_set_expects_it_to() -> None:
    chances = forecasting.chances_of_end(known_to(AUGUST_2024, hazard_months=[12.0, 120.0]), AUGUST_2024, LAST)
    assert chances.shape == (25, 2) and chances.sum(axis=0) == pytest.approx([1.0, 1.0])
    assert chances[-1] == pytest.approx([43 / 67, 151 / 175])  # 31 months fought, 24 to come
    assert (np.diff(chances[:-1], axis=0) < 0).all()
    squared = known_to(AUGUST_2024, hazard_months=[12.0], hazard_ends=[2.0])
    assert forecasting.chances_of_end(squared, AUGUST_2024, LAST)[-1] == pytest.approx((43 / 67) ** 2)


def test_a_war_that_has_not_begun_is_not_foreseen() -> None:
    before = months.index("2022-01")
    assert forecasting.chances_of_end(known_to(before, hazard_months=[12.0]), before, LAST)[-1] == 1.0
    assert forecasting.chances_of_end(known_to(before + 1, hazard_months=[12.0]), before + 1, LAST)[-1] < 1.0
    openness = np.full(LAST + 1, 0.5)
    assert forecasting.world_after(before, LAST, None, openness, openness).war_start == LAST + 1
    assert forecasting.world_after(before + 1, LAST, None, openness, openness).war_start == before + 1


def test_drivers_stay_as_they_are_and_a_flood_passes() -> None:
    openness = np.linspace(0.1, 1.0, LAST + 1)
    world, base = forecasting.world_after(AUGUST_2024, LAST, LAST - 3, openness, openness), load("baseline").schedule()
    assert world.horizon == LAST + 1 and world.war_end == LAST - 3
    ahead = {name: set(values[AUGUST_2024 + 1 :]) for name, values in world.schedule().items() if "border" not in name}
    assert world.schedule()["border_visits"][AUGUST_2024 + 1 :] == pytest.approx(openness[AUGUST_2024 + 1 :])
    assert base["flood"][AUGUST_2024] == 1.0
    assert ahead == {name: {0.0 if name == "flood" else base[name][AUGUST_2024]} for name in ahead}
    assert world.schedule()["border"][AUGUST_2024 + 1 :] == pytest.approx(openness[AUGUST_2024 + 1 :])
    assert world.schedule()["border"][: AUGUST_2024 + 1] == base["border"][: AUGUST_2024 + 1], "what is known stays"
    later = forecasting.world_after(months.index("2021-07"), LAST, None, openness, openness).schedule()
    assert set(later["rivalry"][-60:]) == {0.8}, "of 2022 nothing was known"


def test_a_border_opens_the_less_likely_the_longer_it_was_shut() -> None:
    paths, likely = border.paths(AUGUST_2024, LAST, border.HELD)
    assert likely.sum() == pytest.approx(1.0) and len(paths) == len(likely) == 9
    assert likely[0] == pytest.approx(1 - 56 / 58)  # less than open since January 2020; October is two months ahead
    assert likely[-1] == pytest.approx(56 / (56 + 23))  # the last quarter begins in July 2026
    assert set(paths[-1, AUGUST_2024 + 1 :]) == {0.82}
    october = months.index("2024-10")
    assert paths[0, october : october + 13] == pytest.approx(0.82 + 0.18 * np.arange(13) / 12)
    assert set(paths[0, october + 12 :].round(9)) == {1.0}


@pytest.mark.parametrize(
    ("known", "first"), [("2024-05", "2024-07"), ("2024-06", "2024-07"), ("2024-07", "2024-10"), ("2024-08", "2024-10")]
)
def test_a_border_begins_to_open_with_any_quarter_from_the_next_to_the_last_month(known: str, first: str) -> None:
    as_of, opens = months.index(known), months.index(first)
    paths, _ = border.paths(as_of, opens + 6, border.HELD)
    rises = [int(np.flatnonzero(np.diff(path[opens - 1 :]))[0]) for path in paths[:2]]
    assert rises == [1, 4] and len(paths) == 4, "openness rises in the month after the first of each quarter"


def test_of_the_border_no_quarter_is_known_that_is_not_over() -> None:
    known = load("baseline").schedule()["border"]
    for month, last in (("2021-07", "2021-06"), ("2021-08", "2021-06"), ("2021-09", "2021-09"), ("2024-08", "2024-06")):
        assert border.openness_until(months.index(month)).tolist() == list(known[: months.index(last) + 1])


def test_a_border_that_is_open_stays_so() -> None:
    for recovery in (border.HELD, border.RECOVERY):
        paths, likely = border.paths(months.index("2019-09"), months.index("2020-06"), recovery)
        assert likely.sum() == 1.0 and set(paths[likely > 0.0].ravel()) == {1.0}


def test_a_border_that_has_begun_to_open_goes_on_by_hand() -> None:
    """In August 2024 it is open by .82: after so many months 1 - .18 exp(-t / tau) for four paces, each as likely."""
    paths, likely = border.paths(AUGUST_2024, LAST)
    assert likely.tolist() == [0.25] * 4
    for path, pace in zip(paths, (9.0, 18.0, 36.0), strict=False):
        assert path[AUGUST_2024 + 9] == pytest.approx(1.0 - 0.18 * np.exp(-9.0 / pace))
    held, _ = border.paths(AUGUST_2024, LAST, border.HELD)
    assert paths[3].tolist() == held[-1].tolist(), "at an infinite pace it is today's"
    ahead = paths[:, AUGUST_2024:]
    assert (np.diff(ahead, axis=1) >= 0.0).all() and ahead.min() == 0.82 and ahead.max() < 1.0
    assert (paths[:, : AUGUST_2024 + 1] == held[:, : AUGUST_2024 + 1][:4]).all(), "what is known stays"


@pytest.mark.parametrize(("openness", "waits"), [(0.0, True), (0.049, True), (0.05, False), (0.5, False)])
def test_a_shut_border_waits_and_one_that_has_begun_to_open_does_not(
    openness: float, waits: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(border, "openness_until", lambda as_of: np.array([1.0] * 13 + [openness] * (as_of - 12)))
    now, before = border.paths(40, 64), border.paths(40, 64, border.HELD)
    assert (now[0].shape == before[0].shape and (now[0] == before[0]).all()) == waits


def test_delegations_wait_for_a_border_of_their_own() -> None:
    """Shut out from February 2020 on: 24 months by January 2022, so it ends with the next quarter by 1 - 24 / 27."""
    as_of = months.index("2022-01")
    paths, likely = border.visit_paths(as_of, as_of + 24)
    assert likely.sum() == pytest.approx(1.0) and likely[0] == pytest.approx(1 - 24 / 27)
    april = months.index("2022-04")
    assert set(paths[0, as_of - 23 : april + 1]) == {0.0} and set(paths[0, april + 1 :]) == {1.0}
    assert set(paths[-1, as_of:]) == {0.0} and set(paths[:, : as_of - 23].ravel()) == {1.0}
    for opened in ("2020-01", "2023-07", "2024-08"):
        paths, likely = border.visit_paths(months.index(opened), LAST)
        assert likely.tolist() == [1.0] and set(paths[0, months.index(opened) :]) == {1.0}


# --- Runs


def test_runs_set_out_from_the_states(sets: Sets) -> None:
    many, openness = forecasting.futures(futures_of(sets, 2), TO)
    assert (
        len(many) == len(openness.goods) == len(openness.visits) == 2 * len(sets)
        and many.states.shape[1] == openness.goods.shape[1] == TO + 1
    )
    own = many.runs % len(sets)
    assert sets.states is not None
    for name in WATCHED:
        assert (many.array(name)[:, : AS_OF + 1] == sets.states.series[own][..., SERIES.index(name)]).all()
    for name in ("noise_sd", "grievance"):
        assert (many.parameters[name] == sets.values[name].to_numpy()[own]).all()
    assert len(np.unique(openness.goods, axis=0)) > 1 and sorted(many.runs) == list(range(2 * len(sets)))
    again, _ = forecasting.futures(futures_of(sets, 2, jobs=2), TO)
    assert (again.states == many.states).all()
    other, _ = forecasting.futures(futures_of(sets, 2, 5), TO)
    assert not (other.states == many.states).all()


def test_openness_is_that_of_each_runs_own_world(sets: Sets, monkeypatch: pytest.MonkeyPatch) -> None:
    given_to: dict[int, tuple[float, ...]] = {}

    simulate = Experiment.ensemble

    def noted(asked: Experiment, *kept: tuple[str, ...]) -> Ensemble:
        given_to.update(dict.fromkeys(asked.numbers.tolist(), asked.scenario.schedule()["border"]))
        return simulate(asked, *kept)

    monkeypatch.setattr(Experiment, "ensemble", noted)
    many, openness = forecasting.futures(futures_of(sets, 2), TO)
    for number, row in zip(many.runs.tolist(), openness.goods, strict=True):
        assert row[AS_OF + 1 :] == pytest.approx(given_to[number][AS_OF + 1 :])


def test_what_is_asked_lies_ahead(sets: Sets) -> None:
    with pytest.raises(ValueError, match="a forecast as of 2020-06 is of later months: choose one after it with --to"):
        forecasting.futures(futures_of(sets, 1), AS_OF)
    assert forecasting.futures(futures_of(sets, 1), AS_OF + 1)[0].states.shape[1] == AS_OF + 2, (
        "the next month is later"
    )


@pytest.mark.parametrize(("ends", "over"), [("2024-07", True), ("2024-08", True), ("2024-09", False)])
def test_a_war_that_is_over_is_not_forecast(ends: str, over: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    learnt = load("baseline").with_(war={"ends": ends})
    monkeypatch.setattr(forecasting, "recorded_world", lambda: learnt)
    monkeypatch.setattr(Experiment, "ensemble", lambda asked, *_: still(len(asked)))
    if over:
        with pytest.raises(ValueError, match="the war is over by then"):
            forecasting.futures(futures_of(known_to(AUGUST_2024, hazard_months=[12.0]), 1), LAST)
    else:
        assert len(forecasting.futures(futures_of(known_to(AUGUST_2024, hazard_months=[12.0]), 1), LAST)[0]) == 1


def test_each_run_has_the_peace_that_was_drawn_for_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """From the hazard of its own set, by a stream of its own; what comes after the last month does not come."""
    sets, to, ended = known_to(AUGUST_2024, hazard_months=[1.0, 200.0], hazard_ends=[9.0, 9.0]), AUGUST_2024 + 3, {}

    def noted(asked: Experiment, *_: object) -> Ensemble:
        ended.update(dict.fromkeys(asked.numbers.tolist(), asked.scenario.war_end))
        return still(len(asked), to=to)

    monkeypatch.setattr(Experiment, "ensemble", noted)
    forecasting.futures(futures_of(sets, 100), to)
    chances = np.tile(forecasting.chances_of_end(sets, AUGUST_2024, to), 100)
    peace = forecasting._draw(chances, np.random.default_rng([4, 3])) + AUGUST_2024 + 1
    assert [ended[number] for number in range(200)] == [month if month <= to else None for month in peace.tolist()]
    assert set(ended.values()) == {None, to - 2, to - 1, to}


def test_what_has_no_chance_is_never_drawn_nor_anything_beyond_the_last() -> None:
    class Least:
        def random(self, size: int) -> np.ndarray:
            return np.zeros(size)

    assert forecasting._draw(np.array([[0.0], [1.0]]), Least()).tolist() == [1]  # type: ignore[arg-type]
    rounded = np.full((2, 1000), 0.3)  # chances that do not quite sum to 1, told at large
    assert set(forecasting._draw(rounded, np.random.default_rng(1)).tolist()) == {0, 1}


def test_outcomes_are_drawn_as_likely_as_they_are() -> None:
    chances = np.repeat([[0.2], [0.0], [0.5], [0.3]], 20_000, axis=1)
    drawn = forecasting._draw(chances, np.random.default_rng(1))
    assert np.bincount(drawn, minlength=4) / 20_000 == pytest.approx([0.2, 0.0, 0.5, 0.3], abs=0.01)


def wide(runs: int) -> border.Openness:
    """Return a border that is open to everything."""
    return border.Openness(np.ones((runs, LAST + 1)), np.ones((runs, LAST + 1)))


# --- Figures


def still(runs: int, as_of: int = AUGUST_2024, to: int = LAST) -> Ensemble:
    """Return runs in which nothing ever changes."""
    shape = (runs, to + 1)
    played = np.zeros((*shape, len(LEVERS)), dtype=np.int8)
    sets = equally_weighted(pd.DataFrame(index=range(runs)), Source.FILTERED, states(runs, as_of + 1))
    asked = Experiment(load("baseline"), sets, 1).runs_of_every_set(1)
    return Ensemble(asked, np.full(runs, NEVER), np.full((*shape, len(WATCHED)), 0.5), played, WATCHED)


def test_the_slow_discrepancy_begins_at_nothing_and_calendar_months_are_added() -> None:
    """By hand, of a process without other errors: two steps of .07, of which .98 is kept, about the month's factor."""
    runs, by_month = 40_000, tuple(0.1 * month for month in range(12))
    measured = Measurements(runs, np.ones(12), {"trade": Discrepancy(0.5, 1e-9, 1e-9, 0.07, by_month)}, [])
    measured.past["economy"] = [np.ones(runs)] * 12
    measured._kalman["trade"].variance = 0.0
    figures = measured.draw_figures("trade", still(runs, 11, 13), np.ones((runs, 14)), np.random.default_rng(2))
    logs = np.log(figures[13] / 120.0)
    assert logs.mean() == pytest.approx(0.1, abs=0.01), "the second month is a February"
    assert logs.var() == pytest.approx(0.07**2 * (1 + 0.98**2) + 0.03**2, rel=0.03)


def test_a_figure_goes_on_from_its_discrepancy_with_the_error_of_observation() -> None:
    """By hand: after h months a gap of 1 is kept^h, and its variance that of an autoregression and the error."""
    runs, wide, kept, error = 40_000, 0.3, 0.8, 0.03
    measured = Measurements(runs, np.ones(12), {"trade": Discrepancy(kept, 9.0, wide)}, [])
    measured.past["economy"] = [np.ones(runs)] * 12
    measured._kalman["trade"].mean, measured._kalman["trade"].variance = np.ones(runs), 0.0
    many = still(runs, 11, 13)
    figures = measured.draw_figures("trade", many, np.ones((runs, 14)), np.random.default_rng(2))
    assert list(figures) == [12, 13]
    logs = np.log(figures[13] / 120.0)
    assert logs.mean() == pytest.approx(kept**2, abs=0.01)
    assert logs.var() == pytest.approx(wide**2 * (1 + kept**2) + error**2, rel=0.03)
    shut = measured.draw_figures("trade", many, np.zeros((runs, 14)), np.random.default_rng(2))
    assert np.log(shut[12]).std() == pytest.approx(9.0, rel=0.02)


def test_the_figures_of_a_year_come_once_a_year_in_their_own_unit() -> None:
    processes = {name: Discrepancy(0.0, 1e-9, 1e-9) for name in ("growth", "share")}
    many = still(20_000)
    many.states[:, months.index("2025-01") :, WATCHED.index("economy")] = 0.51
    measured = Measurements(len(many), np.ones(AUGUST_2024 + 1), processes, [])
    measured.past["economy"] = [np.ones(len(many))] * (AUGUST_2024 + 1)
    chance, openness = np.random.default_rng(2), np.ones((len(many), LAST + 1))
    growth, share = (measured.draw_figures(name, many, openness, chance) for name in processes)
    assert list(growth) == list(share) == [months.index("2024-12"), months.index("2025-12")]
    assert [growth[at].mean().round(1) for at in growth] == [0.0, 2.0]
    assert growth[months.index("2025-12")].std() == pytest.approx(0.7, rel=0.03), "the register's error"
    assert np.median(share[months.index("2025-12")]) == pytest.approx(100 * 0.5 / 0.57, abs=0.1)
    assert max(percentages.max() for percentages in share.values()) < 100.0


def test_all_months_that_are_known_are_taken_in_and_none_later(monkeypatch: pytest.MonkeyPatch) -> None:
    many, asked = still(1, AS_OF, TO), []
    many.states[0, :, WATCHED.index("economy")] = np.arange(1, TO + 2)
    monkeypatch.setattr(forecasting, "known_figures", lambda month: asked.append(month) or [])
    monkeypatch.setattr(forecasting, "known_world", lambda month: asked.append(month) or filtering.known_world(month))
    known = forecasting.taken_in(many, dict.fromkeys(MEASURES, Discrepancy(0.0, 0.1, 0.1)))
    assert np.concatenate(known.past["economy"]).tolist() == list(range(1, AS_OF + 2))
    assert asked == ["2020-06", AS_OF]


def test_a_monopoly_begins_at_its_line_and_arms_are_halved_in_their_own_run(monkeypatch: pytest.MonkeyPatch) -> None:
    class Taken:
        def draw_figures(self, name: str, *_: object) -> dict[int, np.ndarray]:
            return {month: np.array([95.0, 94.9]) for month in range(LAST + 1)}

    monkeypatch.setattr(forecasting, "taken_in", lambda many, processes: Taken())
    asked = questions_on(AUGUST_2024, LAST)
    many = still(2)
    many.states[..., WATCHED.index("arms_flow")] = [[1.0], [0.0]]
    many.states[0, months.index("2025-10") :, WATCHED.index("arms_flow")] = 0.5
    answers = forecasting.answer_questions(many, wide(2), asked, {}, np.random.default_rng(1))
    assert answers["monopoly/2025"].tolist() == [1.0, 0.0]
    assert {name: answers[name].tolist() for name in answers if name.startswith("arms-halved")} == {
        "arms-halved/2024-09": [1.0, 0.0]
    }


# --- Events


def act(many: Ensemble, lever: str, option: str, month: str) -> None:
    place = LEVERS.index(LEVER[lever])
    names = [choice.name for choice in LEVER[lever].options]
    many.played[:, months.index(month), place] = names.index(option)


def test_an_event_is_as_likely_as_its_record() -> None:
    many, openness = still(1), np.ones((1, LAST + 1))
    act(many, "pyongyang_toward_beijing", "slight", "2025-03")
    chances = forecasting.acts(many, openness)["slight"][0]
    learnt = coding.estimate_coding()
    chance = learnt.seen["pyongyang_toward_beijing"][0] * (1.0 - learnt.errors["high"]["pyongyang_toward_beijing"])
    assert chances[months.index("2025-03")] == pytest.approx(chance) and 0.8 < chance < 0.95
    assert learnt.chance("pyongyang_provoke", "missile")[2] == pytest.approx(
        1.0 - learnt.errors["high"]["pyongyang_provoke"]
    ), "of provocations every month has a record"


def test_leaders_meet_where_delegations_cross_and_nowhere_else() -> None:
    many, visits = still(1), np.zeros((1, LAST + 1))
    visits[:, months.index("2025-06") :] = 1.0
    for month in ("2025-05", "2025-06"):
        act(many, "pyongyang_toward_beijing", "court", month)
        act(many, "beijing_visits", "leader", month)
    chances = forecasting.acts(many, visits)["summit"][0]
    assert chances[months.index("2025-05")] == 0.0 and chances[months.index("2025-06")] > 0.9


def test_a_three_way_act_takes_three() -> None:
    many = still(1)
    for lever, option in (("beijing_bloc", "join"), ("moscow_cover", "veto"), ("pyongyang_toward_moscow", "court")):
        assert forecasting.acts(many, np.ones((1, LAST + 1)))["three-way"].max() < 0.01
        act(many, lever, option, "2025-05")
    assert forecasting.acts(many, np.ones((1, LAST + 1)))["three-way"][0].argmax() == months.index("2025-05")


def test_answers_are_read_in_their_own_months(monkeypatch: pytest.MonkeyPatch) -> None:
    many = still(2)
    monthly = np.zeros((2, LAST + 1))
    monthly[0, months.index("2025-03")] = monthly[0, months.index("2025-08")] = 0.5
    monthly[0, months.index("2024-08")] = 1.0  # known, and not asked about
    abouts = ("summit", "slight", "three-way", "missile", "veto", "nuclear-test")
    monkeypatch.setattr(forecasting, "acts", lambda many, openness: dict.fromkeys(abouts, monthly))
    asked = questions_on(AUGUST_2024, LAST)
    processes = dict.fromkeys(MEASURES, Discrepancy(0.0, 0.1, 0.1))
    answers = forecasting.answer_questions(many, wide(2), asked, processes, np.random.default_rng(1))
    halves = {question.id: answers[question.id].tolist() for question in asked if question.about == "slight"}
    assert halves == {
        "slight/2024-09": [0.0, 0.0], "slight/2025-03": [0.75, 0.0], "slight/2025-09": [0.0, 0.0],
        "slight/2026-03": [0.0, 0.0],
    }  # fmt: skip
    assert answers["three-way/2024-09"].tolist() == [0.75, 0.0]
    assert ((answers["share/2025"] >= 95.0) == (answers["monopoly/2025"] == 1.0)).all()


def test_arms_are_halved_in_the_run_in_which_they_flowed_and_in_no_other() -> None:
    arms = np.zeros((3, 4))
    arms[0] = (0.1, 0.5, 0.4, 0.25)
    arms[1] = 0.5
    assert forecasting.months_at_half(arms).tolist() == [[False, False, False, True], [False] * 4, [False] * 4]


# --- The table


def test_every_question_has_every_forecaster_that_can_answer(table: pd.DataFrame) -> None:
    asked = table.groupby("id")["forecaster"].agg(set)
    for question in questions_on(AS_OF, TO):
        wanted = {MODEL, PERSISTENCE, BASE} | ({AUTOREGRESSION} if question.kind == "number" else set())
        assert asked[question.id] == wanted | ({SEASONAL, BORDER} if question.about == "trade" else set())
    numbers, events = table[table["kind"] == "number"], table[table["kind"] == "event"]
    assert (FINELY[0], FINELY[1], FINELY[-2], QUANTILES[0], QUANTILES[9], QUANTILES[-1]) == (
        "q01", "q025", "q975", "q05", "q50", "q95",
    )  # fmt: skip
    assert len(FINE) == 23 and set(LEVELS) < set(FINE)
    assert (numbers[list(FINELY)].diff(axis=1).iloc[:, 1:] >= 0).all(axis=None)
    assert events["probability"].between(0, 1).all() and numbers["probability"].isna().all()
    assert table.index.is_unique


def test_nobody_forecasts_negative_trade_or_a_share_above_all(table: pd.DataFrame) -> None:
    least = table.loc[table["id"].str.startswith("trade"), FINELY[0]]
    most = table.loc[table["id"].str.startswith("share"), FINELY[-1]]
    assert len(least) and (least > 0.0).all() and len(most) and (most < 100.0).all()


def test_a_forecast_is_the_quantiles_of_its_runs(sets: Sets, processes: dict[str, Discrepancy]) -> None:
    table = forecasting.forecast_tables(futures_of(sets, 3), processes, AS_OF + 1)[0]
    answers = forecasting.answer_questions(
        *forecasting.futures(futures_of(sets, 3), AS_OF + 1),
        questions_on(AS_OF, AS_OF + 1),
        processes,
        np.random.default_rng([4, 4]),
    )
    mine = table[(table["id"] == "trade/2020-07") & (table["forecaster"] == MODEL)][list(FINELY)].to_numpy()[0]
    assert mine == pytest.approx(np.quantile(answers["trade/2020-07"], FINE))
