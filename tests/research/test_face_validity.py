"""What the page on plausibility counts, on runs made by hand; and what must hold of the shipped defaults."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from research import face_validity
from sim.engine.experiment import Experiment
from sim.engine.war_end import NEVER
from sim.model.capitals import CAPITALS
from sim.model.moves import LEVERS
from sim.scenario import load
from tests.analysis.by_hand import made, steps

PAGE = Path(__file__).parents[2] / "docs" / "plausibility.md"
ONE = (NEVER,)


def test_growth_is_that_of_annual_means_and_2019_is_set_against_the_start() -> None:
    start = load("baseline").values()["start_economy"]
    growth = face_validity.growth(made(ONE, economy=steps((0, start), (12, 1.0), (24, 1.1), (36, 0.99))))
    assert growth.loc[0].tolist() == pytest.approx([0.0, 100 * (1 / start - 1), 10.0, -10.0, 0.0])


def test_the_recorded_share_leaves_out_most_of_what_russia_sends() -> None:
    shares = face_validity.recorded_share(made(ONE, china_flow=0.88, russia_flow=1.0))
    assert shares.loc[0].tolist() == pytest.approx([0.88] * 6)


def test_a_spread_is_the_median_and_the_middle_eighty_per_cent() -> None:
    assert face_validity.spread(np.arange(101.0), 0) == "50 (10 to 90)"


def test_options_are_counted_by_year_and_add_up_to_all_months() -> None:
    half = steps((0, 1.0), (6, -1.0), (12, 0.0))
    frequencies = face_validity.options(made(ONE, seoul_north=half))
    assert frequencies.loc[("Seoul", "north", "engage"), 2019] == 50.0
    assert frequencies.loc[("Seoul", "north", "deter")].tolist() == [0.0] + [100.0] * 5
    assert frequencies.groupby(level=[0, 1]).sum().eq(100.0).all(axis=None)


def test_a_change_is_another_option_than_the_month_before() -> None:
    there_and_back = steps((0, 1.0), (6, -1.0), (12, 1.0), (100, 0.0))
    rates = face_validity.changes(made(ONE, seoul_north=there_and_back))
    assert rates["Seoul / north"] == pytest.approx(100 * 2 / 67)
    assert rates["Seoul / toward_beijing"] == 0.0


def test_a_lever_is_stuck_if_it_never_moves_in_nearly_all_runs() -> None:
    moving = [steps((0, -1.0), (90, 1.0))] * 2 + [steps((0, -1.0))] * 18
    rest = {lever.field: steps((0, lever.options[0].value), (9, lever.options[1].value)) for lever in LEVERS}
    many = made([NEVER] * 20, **rest | {"seoul_north": moving})
    assert face_validity.stuck(many) == []
    assert face_validity.stuck(made([NEVER] * 20, **rest | {"seoul_north": [moving[0], *moving[2:], moving[2]]})) == [
        "seoul_north"
    ]


def test_a_state_is_at_a_bound_after_two_years_there() -> None:
    inside = {name: 0.05 for name in face_validity.WORLD_FIELDS} | {"economy": 0.9}
    two_years = steps((0, 0.5), (10, 1.0), (34, 0.5))
    many = made([NEVER] * 2, **inside | {"tension": [two_years, steps((0, 0.5), (10, 1.0), (33, 0.5))]})
    assert face_validity.at_bound(many) == {"tension": 0.5}


def test_no_lever_is_stuck_over_the_whole_baseline() -> None:
    many = Experiment(load("baseline"), seed=face_validity.SEED, runs=range(face_validity.RUNS)).ensemble()
    assert face_validity.stuck(many) == []


def test_only_what_is_not_yet_sold_or_signed_and_workers_who_are_kept_stay_at_a_bound_in_many_runs() -> None:
    many = Experiment(load("baseline"), seed=face_validity.SEED, runs=range(face_validity.RUNS)).ensemble()
    at_rest = {"arms_flow", "munitions_stock", "pact", "workers_in_china"}
    assert {name for name, share in face_validity.at_bound(many).items() if share > 0.05} == at_rest
    since_2023 = replace(many, states=many.states[:, 48:])  # now arms are sold, and what is signed never reaches 1
    assert set(face_validity.at_bound(since_2023)) == {"pact", "workers_in_china"}
    assert (many.array("pact") < 1.0).all() and (many.array("workers_in_china") > 0.0).all()


def test_every_capital_answers_at_least_two_others() -> None:
    answers: pd.DataFrame = face_validity.reactions(load("hindcast"))
    assert (answers != "").sum(axis=1).loc[list(CAPITALS)].min() >= 2
    assert all(answers.loc[capital, capital] == "" for capital in CAPITALS)


def test_the_page_in_the_manual_is_up_to_date() -> None:
    tables, words, _ = PAGE.read_text(encoding="utf-8").partition("## Our own face-validity check")
    assert words
    assert tables.rstrip() == face_validity.page().rstrip()
