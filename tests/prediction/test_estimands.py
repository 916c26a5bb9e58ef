"""What stands beside the rule: estimands without pairing, other weights, another prior of the end."""

from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from sim.analysis.estimates import effective_sample_size, estimate, temper_weights
from sim.engine.sets import equally_weighted
from sim.model import months
from sim.prediction import estimands, forecasting, verdict_tables
from sim.prediction.estimands import BY_FILTER, EQUAL, HAZARD, LIKELY, TEMPERED, Weighing
from sim.prediction.treatments import share_of_pairs
from sim.prediction.verdict import judge
from sim.prediction.verdict_study import FILTERED, LIKELIHOOD, MANY
from sim.report.text import verdict_text
from sim.report.text.answer import LEADS
from sim.scenario.source import Source

from .trials import RUNS, made_pairs, study


def some(rate: list[float]) -> pd.DataFrame:
    return made_pairs(np.array(rate))


def test_with_the_weights_of_the_rule_the_headline_is_that_of_the_rule() -> None:
    frame, weights = some([0.2, 0.5, 0.9]), np.array([0.5, 0.3, 0.2])
    frame.loc[::7, "judged"] = False
    frame.loc[::7, "effect_24"] = np.nan
    here = Weighing(frame, weights).estimates()
    mean = estimate(frame["effect_24"], frame["set"], weights)
    assert [here["effect"].mean, *here["effect"].interval()] == pytest.approx([mean.mean, *mean.interval()])
    assert here["D2"].mean == pytest.approx(share_of_pairs(frame, weights).mean)
    assert here["D1 without an end"].mean == pytest.approx(share_of_pairs(frame, weights, "D1 without an end").mean)


def test_the_primary_estimand_counts_sets_and_not_pairs() -> None:
    """Eight points in so many pairs of a set: five on average from 62.5% of them."""
    estimates = Weighing(some([0.6, 0.65, 1.0, 0.0]), np.array([0.1, 0.2, 0.3, 0.4])).estimates()
    assert estimates["sets"].mean == pytest.approx(0.5)
    shuffled = some([0.6, 0.65, 1.0, 0.0])
    for name in ("ended", "endless"):  # other runs are paired: neither estimand notices
        shuffled[name] = shuffled.groupby("set")[name].transform(lambda levels: levels.to_numpy()[::-1])
    again = Weighing(shuffled, np.array([0.1, 0.2, 0.3, 0.4])).estimates()
    assert again["regained"].mean == pytest.approx(estimates["regained"].mean)


def test_levels_are_held_against_each_run_s_own_of_2023() -> None:
    frame = some([0.25, 0.25]).assign(endless=[50.0, 45.0] * RUNS)  # 53 where it comes true; the level before is 50
    here = Weighing(frame, np.array([0.5, 0.5])).estimates()
    assert (here["back ended"].mean, here["back endless"].mean) == pytest.approx((0.25, 0.5))
    assert here["regained"].mean == pytest.approx(-0.25)
    assert (here["before"].mean, here["ended"].mean, here["endless"].mean) == pytest.approx((50.0, 47.0, 47.5))


def test_shares_are_told_as_shares_and_levels_as_levels() -> None:
    estimates = Weighing(some([0.2, 0.9]), np.array([0.5, 0.5])).estimates()
    shares = {"sets", "back ended", "back endless", "D1", "D4", "D2", "D1 without an end", "D4 without an end"}
    assert {name for name, said in estimates.items() if said.share} == shares


def test_ends_count_as_often_as_the_hazard_has_them() -> None:
    """Of two sets one expects an end at once, the other hardly any; early ends are worth eight points, late none."""
    sets = equally_weighted(pd.DataFrame({"hazard_ends": [40.0, 0.5], "hazard_months": [10.0, 200.0]}), Source.MIXED)
    first = months.index("2025-01")
    ends = np.tile(np.arange(first, first + 72), 2)
    owners = np.repeat([0, 1], 72)
    frame = pd.DataFrame({"set": owners, "run": range(144), "end": ends, "judged": True})
    frame["effect_24"] = np.where(ends < first + 12, 8.0, 0.0)
    weighing = Weighing(frame, sets.weights, estimands.by_hazard(frame, sets))
    means, weights = weighing.by_set(frame["effect_24"])
    chances = forecasting.chances_of_end(sets, estimands.KNOWN, months.index("2030-12"))[4:-1]
    assert means.to_numpy() == pytest.approx(8.0 * chances[:12].sum(axis=0) / chances.sum(axis=0))
    assert weights == pytest.approx(chances.sum(axis=0) / 2.0)  # a set that has the war end later weighs less
    assert means[0] > 7.0 > 2.0 > means[1]


def test_chances_of_ends_add_up_over_any_span() -> None:
    sets = equally_weighted(pd.DataFrame({"hazard_ends": [1.0, 2.0]}), Source.MIXED)
    short, long = (
        forecasting.chances_of_end(sets, estimands.KNOWN, months.index(last)) for last in ("2026-08", "2030-12")
    )
    assert short.sum(axis=0) == pytest.approx(1.0) and long.sum(axis=0) == pytest.approx(1.0)
    assert long[:24] == pytest.approx(short[:-1]) and long[24:].sum(axis=0) == pytest.approx(short[-1])


def test_ends_before_in_and_after_the_months_of_the_study_are_told_apart() -> None:
    """Of wars that end within a month of the record's last, none is in a study from the second month to the third."""
    known = pd.DataFrame({"hazard_ends": [1.0], "hazard_months": [69.0]})  # 31 months fought
    sets = equally_weighted(known, Source.MIXED)
    ends = pd.DataFrame({"end": [estimands.KNOWN + 2, estimands.KNOWN + 3]})
    evidence = SimpleNamespace(sets=sets, pairs=lambda name, columns: ends[columns])
    before, within, after = estimands.prior_of_end(evidence)  # type: ignore[arg-type]
    assert (before, within, after) == pytest.approx((1 - 100 / 101, 100 / 101 - 100 / 103, 100 / 103))


def test_likelihoods_are_tempered_until_so_many_sets_count() -> None:
    logs, weights = np.linspace(-900.0, -600.0, 100), np.full(100, 0.01)
    assert effective_sample_size(temper_weights(logs, 0.0, weights)[0]) < 1.5
    spread, power = temper_weights(logs, 10.0, weights)
    assert effective_sample_size(spread) == pytest.approx(10.0, abs=1e-3) and spread.sum() == pytest.approx(1.0)
    assert (np.diff(spread) > 0.0).all() and 0.0 < power < 1.0
    alike, _ = temper_weights(np.zeros(100), 10.0, weights)  # nothing to temper
    assert alike == pytest.approx(weights)


def weighed(folder: Path) -> SimpleNamespace:
    """Return a study of which the likelihood prefers sets without an effect, beside a filter that has none at all."""
    whole = study(folder, np.linspace(0.0, 1.0, 40))
    frames = {
        MANY: whole.pairs(MANY), FILTERED: some([0.0] * 9),
        LIKELIHOOD: pd.DataFrame({"log_likelihood": np.linspace(0.0, -400.0, 40)}),
    }  # fmt: skip
    return SimpleNamespace(sets=whole.sets, has=frames.__contains__, pairs=lambda name, columns=None: frames[name])


def test_all_ways_of_weighing_stand_side_by_side_and_fits_are_ranked(tmp_path: Path) -> None:
    evidence = weighed(tmp_path / "study")
    estimates = {name: way.estimates() for name, way in estimands.weighings(evidence).items()}  # type: ignore[arg-type]
    assert list(estimates) == [EQUAL, HAZARD, LIKELY, TEMPERED, BY_FILTER]
    mean = {name: way["effect"].mean for name, way in estimates.items()}
    assert mean[EQUAL] == pytest.approx(4.0, abs=0.3) and mean[BY_FILTER] == 0.0
    assert mean[LIKELY] < mean[TEMPERED] < 1.0
    assert estimates[TEMPERED]["effect"].units == pytest.approx(4.0, abs=1e-3)
    rank, low, high = estimands.likelihood_fit(evidence)  # type: ignore[arg-type]
    assert low < rank < high < -0.9


def test_pairings_are_of_one_set_and_the_rule_s_own_lies_between_the_bounds(tmp_path: Path) -> None:
    shares = estimands.pairings(study(tmp_path / "study", np.repeat([0.0, 1.0], 20)))
    # Sets are all or nothing, so no pairing within a set changes anything; across sets it would.
    assert {name: rate.mean for name, rate in shares.items()} == pytest.approx(dict.fromkeys(shares, 0.5))
    mixed = estimands.pairings(study(tmp_path / "mixed", np.full(40, 0.3)))
    assert all(rate.mean == pytest.approx(0.3, abs=0.02) for rate in mixed.values())  # without an end all are alike


def test_the_page_opens_with_the_answer_and_tells_two_questions_apart(tmp_path: Path) -> None:
    evidence = study(tmp_path / "study", np.full(40, 0.3))
    tables = {
        "definitions": verdict_tables.definitions(evidence), "weighings": verdict_tables.weighings(evidence),
        "pairings": verdict_tables.estimates_table(estimands.pairings(evidence), ""),
        "variants": verdict_tables.variants(evidence),
        "prior": pd.DataFrame([estimands.prior_of_end(evidence)]),
    }  # fmt: skip
    filled = verdict_text.tell_verdict(judge(evidence), tables, evidence.pairs("headline"))
    opening = filled["plainly"]
    assert isinstance(opening, str) and len(opening.split()) <= 60
    assert opening.startswith(LEADS["not supported"]) and "30 of every 100" in opening and "D2" not in opening
    asked = filled["asked"]
    assert isinstance(asked, str) and "at least 60" in asked and "the prediction is not supported" in asked
    _, (levels, regained, *_) = filled["returning"]  # type: ignore[misc]
    assert levels[2] == "45" and regained[1:] == ("30%", "50%") and "(recovery, D1)" in regained[0]
    assert "in only 0% of the parameter sets" in filled["cause"][0]  # type: ignore[index]
    header, rows = filled["variants"]  # type: ignore[misc]
    assert header[0] == "variant" and len(rows) == 22 and all("(V" in row[0] for row in rows)


def test_a_correlation_is_told_by_the_side_on_which_its_interval_lies() -> None:
    for low, high, word in ((-0.1, 0.2, "neither"), (0.1, 0.2, "a larger"), (-0.2, -0.1, "a smaller")):
        assert f"predict {word}" in verdict_text._larger(low, high)
